"""The page of papers: what each person is offered, files that arrive, refusals in a sentence, submitting and filing."""

from urllib.parse import unquote

import pytest

from bangfu.records.models import Event, Filing, Nomination
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY

TERM = "2026-2027-1"
BAND = {"plan": "weekly_support", "register": "band_list", "term": TERM, "band": "mid"}
RECORDS = {"plan": "weekly_support", "register": "support_record", "term": TERM, "month": "2026-10"}


@pytest.fixture
def helped(cast):
    """Two children of 三（2）班 are helped, one of 三（1）班."""
    cast.first, cast.second = cast.case(0), cast.case(1, helper=cast.attached)
    cast.third = factories.case(cast.others[0], helper=cast.neighbour, by=cast.neighbour)
    return cast


def test_the_page_offers_the_papers_of_the_plan_under_neutral_names(signed_in, helped):
    page = signed_in(helped.supervisor).get("/reports").content.decode()
    for title in ("情况一览表", "情况记录表", "结对一览表", "月检查表", "学期总结"):
        assert f">{title}</h2>" in page
    assert "中年级" in page
    assert "低年级" not in page  # nobody there is helped
    assert not any(label in page for label in ("待优生", "学困生", "待优"))


def test_a_teacher_chooses_among_the_children_of_the_own_class(signed_in, helped):
    page = signed_in(helped.homeroom).get("/reports").content.decode()
    assert "三（2）班 陈小满" in page
    assert "石头" not in page


def test_a_teacher_is_offered_the_own_summary_only(signed_in, helped):
    page = signed_in(helped.homeroom).get("/reports").content.decode()
    assert "学期总结" in page
    assert "赵志远" not in page
    asked = {"plan": "weekly_support", "register": "term_summary", "term": TERM, "form": "docx"}
    answer = signed_in(helped.homeroom).post("/reports/print", asked | {"helper": str(helped.attached.pk)})
    assert answer.status_code == 302


@pytest.mark.parametrize("who", ["officer", "outsider"])
def test_who_sees_no_helped_child_reads_a_kind_sentence(signed_in, helped, who):
    page = signed_in(getattr(helped, who)).get("/reports")
    assert page.status_code == 200
    assert "陈小满" not in page.content.decode()
    assert "/reports/print" not in page.content.decode()


def test_a_term_before_the_plan_says_so(signed_in, helped):
    helped.school.plans.update(valid_from="2026-09-01")
    page = signed_in(helped.principal).get("/reports?term=2025-2026-2").content.decode()
    assert "这学期没有启用方案" in page


@pytest.mark.parametrize(("form", "start"), [("xlsx", b"PK"), ("docx", b"PK")])
def test_a_file_arrives_with_a_chinese_name_and_is_not_kept_on_the_way(signed_in, helped, form, start):
    answer = signed_in(helped.supervisor).post("/reports/print", BAND | {"form": form})
    assert answer.status_code == 200
    assert answer.content.startswith(start)
    said = answer["Content-Disposition"]
    assert unquote(said.split("UTF-8''")[1]) == f"情况一览表_中年级_2026秋.{form}"
    assert f'filename="report.{form}"' in said
    assert "no-store" in answer["Cache-Control"]
    assert Event.objects.get(verb="report.export").by == helped.supervisor


@pytest.mark.parametrize(
    "change",
    [{"form": "pdf"}, {"term": ""}, {"band": "sky"}, {"register": "x"}, {"month": "2031-01"}, {"plan": ""}],
)
def test_a_paper_that_is_not_there_returns_with_a_sentence(signed_in, helped, change):
    client = signed_in(helped.supervisor)
    answer = client.post("/reports/print", BAND | {"form": "xlsx"} | change, follow=True)
    assert "请回到“表册”重新选一次" in answer.content.decode() or answer.redirect_chain[-1][0] == "/"
    assert not Event.objects.filter(verb="report.export").exists()


def test_another_classes_child_gives_no_file(signed_in, helped):
    for child in (str(helped.first.pk), "nonsense"):
        answer = signed_in(helped.neighbour).post("/reports/print", RECORDS | {"form": "docx", "case": child})
        assert answer.status_code == 302


def test_a_file_is_only_given_to_a_form(signed_in, helped):
    client = signed_in(helped.supervisor)
    for address in ("print", "certificates", "submit", "file"):
        assert client.get(f"/reports/{address}").status_code == 405


def test_a_band_is_submitted_by_the_grade_head_and_filed_by_the_supervisor(signed_in, helped):
    head = factories.staff(helped.school, "周岚", "zhou", ("grade_head", 3))
    page = signed_in(head).get("/reports").content.decode()
    assert "正在收" in page
    assert "交上去：中年级" in page
    assert "备案：中年级" not in page
    signed_in(head).post("/reports/submit", BAND)
    assert "已交上去" in signed_in(helped.homeroom).get("/reports").content.decode()
    page = signed_in(helped.supervisor).get("/reports").content.decode()
    assert "备案：中年级" in page
    signed_in(helped.supervisor).post("/reports/file", BAND)
    assert Filing.objects.get().state == "filed"
    assert "10月15日已备案" in signed_in(head).get("/reports").content.decode()


def test_a_teacher_cannot_submit_for_the_grade(signed_in, helped):
    signed_in(helped.homeroom).post("/reports/submit", BAND)
    assert not Filing.objects.exists()


def test_certificates_come_once_an_award_is_approved(signed_in, helped):
    client = signed_in(helped.principal)
    assert "奖状" not in client.get("/reports").content.decode()
    assert client.post("/reports/certificates", {"term": TERM}).status_code == 302
    Nomination.objects.create(
        school=helped.school,
        pupil=helped.pupils[0],
        award_key="five_star",
        term_key=TERM,
        because="敢举手了",
        nominated_by=helped.homeroom,
        nominated_on=DAY,
        state="approved",
        decided_by=helped.principal,
        decided_on=DAY,
    )
    assert "表彰名单" in client.get("/reports").content.decode()
    answer = client.post("/reports/certificates", {"term": TERM})
    assert unquote(answer["Content-Disposition"]).endswith("奖状_陈小满.docx")


def test_the_page_asks_the_database_a_bounded_number_of_times(
    signed_in, helped, django_assert_max_num_queries
):
    client = signed_in(helped.principal)
    client.get("/reports")
    with django_assert_max_num_queries(14):
        client.get("/reports")


@pytest.mark.browser
def test_the_page_is_accessible_and_fits_a_phone(enter, page, phone, helped):
    for window in (page, phone):
        enter(window, helped.supervisor, then="/reports")
        assert violations(window) == []
        assert spill(window) == 0


@pytest.mark.browser
def test_one_press_downloads_the_file(enter, page, helped):
    enter(page, helped.supervisor, then="/reports")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="中年级，Excel 文件").click()
    assert waiting.value.suggested_filename == "情况一览表_中年级_2026秋.xlsx"
