"""The month handed in within two taps, asked about, sealed and explained; others meet 404."""

import re
from datetime import date

import pytest

from bangfu.flow import adopt, record, review
from bangfu.records.models import MonthSheet, SheetAmendment, TermSummary
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY

OCTOBER = "/handin/2026-10"
PLAN = {"plan": "weekly_support"}


@pytest.fixture
def month(cast):
    """The homeroom teacher helps two children, the attached teacher one; some of it is recorded."""
    for at, helper in enumerate((cast.homeroom, cast.homeroom, cast.attached)):
        cast.case(at, helper=helper, opened_on=date(2026, 10, 5))
    for day in (date(2026, 10, 8), date(2026, 10, 12)):
        entry = record.Entry(("talk", "tutoring"), day, note="聊到同桌")
        record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.homeroom, day))
    entry = record.Entry(("guardian_contact",), date(2026, 10, 13))
    record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.homeroom))
    return cast


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def hand_in(cast, who="homeroom"):
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    period = review.period_of_key(cast.school, "2026-10")
    return review.hand_in(plan=plan, period=period, by=cast.viewer(getattr(cast, who)))


def test_the_sheet_is_there_already_and_one_button_hands_it_in(signed_in, month):
    client = signed_in(month.homeroom)
    page = text(client.get("/handin"))  # tap 1, from today
    assert "够了" in page and "还差" in page
    assert "第6周" in page and "聊到同桌" in page
    assert page.count(">交上去</button>") == 1
    answer = client.post(OCTOBER, PLAN, follow=True)  # tap 2
    assert "交好了" in text(answer)
    assert MonthSheet.objects.get().helper == month.homeroom
    again = client.post(OCTOBER, PLAN)
    assert again.status_code == 422
    assert "10月15日已经交过了" in text(again)
    assert "交上去</button>" not in text(client.get("/handin"))


def test_a_question_is_answered_on_the_same_page(signed_in, month):
    sheet = hand_in(month)
    asked = signed_in(month.supervisor).post(
        f"{OCTOBER}/sheets/{sheet.pk}", {"question": "第6周怎么没有记"}, follow=True
    )
    assert "已请补一句" in text(asked)
    client = signed_in(month.homeroom)
    assert "第6周怎么没有记" in text(client.get("/handin"))
    assert client.post(OCTOBER, PLAN).status_code == 422
    client.post(OCTOBER, {**PLAN, "remark": "那周孩子请假"})
    assert MonthSheet.objects.get().state == "handed_in"
    assert "那周孩子请假" in text(signed_in(month.supervisor).get(f"{OCTOBER}/sheets/{sheet.pk}"))


def test_the_supervisor_sees_who_has_and_who_has_not_and_seals_all(signed_in, month):
    hand_in(month)
    client = signed_in(month.supervisor)
    page = text(client.get(f"{OCTOBER}/sheets"))
    assert page.index("李秋月") < page.index("还没有") < page.index("赵志远")
    assert "%" not in re.sub(r"<[^>]*>", "", page)
    sealed = client.post(f"{OCTOBER}/seal", follow=True)
    assert "封存了 1 份" in text(sealed)
    assert "没有可以封存的" in text(client.post(f"{OCTOBER}/seal", follow=True))


def test_after_the_seal_later_records_are_counted_and_explained(signed_in, month):
    sheet = hand_in(month)
    review.seal(sheet=sheet, by=month.viewer(month.supervisor))
    entry = record.Entry(("talk",), date(2026, 10, 14))
    record.add(entry=entry, pupils=[month.pupils[1]], by=month.viewer(month.homeroom))
    assert "封存后补记 1 条" in text(signed_in(month.supervisor).get(f"{OCTOBER}/sheets"))
    client = signed_in(month.homeroom)
    page = text(client.get(OCTOBER))
    assert "封存后补记 1 条" in page and "补记说明" in page
    client.post(f"{OCTOBER}/note", {**PLAN, "note": "14日的谈心忘了记"})
    assert SheetAmendment.objects.get().by == month.homeroom
    assert "14日的谈心忘了记" in text(client.get(OCTOBER))
    assert "说明里请写一句" in text(client.post(f"{OCTOBER}/note", {**PLAN, "note": " "}, follow=True))


def test_vacation_and_nobody_to_help_are_said_calmly(signed_in, cast, settings):
    assert "这个月没有您要交的记录" in text(signed_in(cast.attached).get("/handin"))
    settings.DAY = date(2026, 8, 10)
    assert "现在是假期" in text(signed_in(cast.attached).get("/handin"))


def test_who_only_checks_goes_straight_to_the_sheets(signed_in, month):
    answer = signed_in(month.principal).get("/handin")
    assert answer.headers["Location"] == f"{OCTOBER}/sheets"


@pytest.mark.parametrize("key", ["2026-07", "2026-12", "nonsense", "2026-13"])
def test_a_month_out_of_term_or_yet_to_come_is_not_there(signed_in, month, key):
    client = signed_in(month.homeroom)
    assert client.get(f"/handin/{key}").status_code == 404
    assert client.post(f"/handin/{key}", PLAN).status_code == 404


def test_a_month_left_behind_is_shown_before_the_month_now(signed_in, cast):
    cast.case(0)
    page = text(signed_in(cast.homeroom).get("/handin"))
    assert "9月的记录" in page and "现在交也可以" in page
    signed_in(cast.homeroom).post("/handin/2026-09", PLAN)
    assert MonthSheet.objects.get().is_late
    assert "10月的记录" in text(signed_in(cast.homeroom).get("/handin"))


def test_a_plan_that_is_not_in_force_is_not_there(signed_in, month):
    assert signed_in(month.homeroom).post(OCTOBER, {"plan": "other"}).status_code == 404


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_others_meet_404_and_change_nothing(signed_in, month, who):
    sheet = hand_in(month)
    client = signed_in(getattr(month, who))
    assert client.get(f"{OCTOBER}/sheets/{sheet.pk}").status_code == 404
    assert client.post(f"{OCTOBER}/sheets/{sheet.pk}", {"question": "?"}).status_code == 404
    assert client.post(f"{OCTOBER}/seal", {"sheet": str(sheet.pk)}).status_code == 404
    assert client.post(f"{OCTOBER}/note", {**PLAN, "note": "?"}).status_code == 404
    for page in ("/handin", OCTOBER, f"{OCTOBER}/sheets"):
        answer = client.get(page, follow=True)
        assert "陈小满" not in text(answer) and "李秋月" not in text(answer)
    assert MonthSheet.objects.get().state == "handed_in"


def test_a_colleague_reads_the_own_sheet_only(signed_in, month):
    sheet = hand_in(month)
    client = signed_in(month.attached)
    assert client.get(f"{OCTOBER}/sheets/{sheet.pk}").status_code == 404
    assert "陈小满" not in text(client.get("/handin"))


def test_the_union_chair_reads_and_does_not_seal(signed_in, month):
    sheet = hand_in(month)
    chair = factories.staff(month.school, "周正", "zhou", ("union_chair", None))
    client = signed_in(chair)
    page = text(client.get(f"{OCTOBER}/sheets/{sheet.pk}"))
    assert "陈小满" in page and "封存这份" not in page
    assert client.post(f"{OCTOBER}/sheets/{sheet.pk}", {"question": "?"}).status_code == 422
    assert client.post(f"{OCTOBER}/seal", {"sheet": str(sheet.pk)}).status_code == 404


def test_the_summary_has_its_figures_and_keeps_a_few_sentences(signed_in, month):
    client = signed_in(month.homeroom)
    page = text(client.get("/handin/summary/2026-2027-1"))
    assert "谈心" in page and "2 次" in page
    client.post("/handin/summary/2026-2027-1", {**PLAN, "text": "每周坐一会儿最有用"})
    assert TermSummary.objects.get().figures["children"] == 2
    too_long = client.post("/handin/summary/2026-2027-1", {**PLAN, "text": "长" * 301})
    assert too_long.status_code == 422
    assert "长" * 301 in text(too_long)  # what was typed is still there
    assert signed_in(month.officer).get("/handin/summary/2026-2027-1").status_code == 404


def test_the_list_of_sheets_costs_the_same_for_more_helpers(signed_in, month, django_assert_max_num_queries):
    client = signed_in(month.principal)
    for name in "甲乙丙丁戊己":
        helper = factories.staff(month.school, name)
        child = factories.pupil(month.class_one, f"学生{name}")
        factories.case(child, helper=helper, by=month.neighbour)
    with django_assert_max_num_queries(14):
        assert client.get(f"{OCTOBER}/sheets").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/handin", f"{OCTOBER}/sheets", "sheet", "/handin/summary/2026-2027-1"])
def test_every_page_of_the_month_is_accessible_on_a_phone(enter, month, phone, path):
    sheet = hand_in(month, "attached")
    who = month.homeroom if "sheet" not in path else month.supervisor
    enter(phone, who, then=f"{OCTOBER}/sheets/{sheet.pk}" if path == "sheet" else path)
    assert violations(phone) == []
    assert spill(phone) == 0
