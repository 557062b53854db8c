"""今日待办: what falls to whom, in windows; 没做成 and back; few queries; a light page."""

import gzip
import html
import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bangfu.flow import agenda, record
from bangfu.records.models import Event, Leave, Pupil, Survey, Waiver
from tests import factories
from tests.cast import DAY

FRIDAY = date(2026, 10, 16)


def sign(client, staff):
    client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")
    return client


def talk(cast, at=0, *, by=None, on=DAY, kinds=("talk",)):
    viewer = cast.viewer(by or cast.homeroom, on)
    return record.add(entry=record.Entry(kinds, on), pupils=[cast.pupils[at]], by=viewer)


def test_a_helper_sees_this_week_and_this_month_as_windows_and_never_red(cast, client):
    cast.case(0)
    page = sign(client, cast.homeroom).get("/").content.decode()
    assert "每周谈心、每周辅导" in page and "10月12日—18日" in page
    assert "每月联系家长" in page and "10月1日—31日" in page
    assert "今天没有要做的。" in page and "pill bad" not in page


def test_on_the_last_school_day_of_the_week_it_is_for_today(cast, client, settings):
    cast.case(0)
    settings.DAY = FRIDAY
    page = sign(client, cast.homeroom).get("/").content.decode()
    assert "今天有 1 件事，约 20 分钟。" in page and "今天内" in page


def test_what_one_sitting_meets_stands_on_one_row(cast):
    cast.case(0)
    rows = agenda.agenda(cast.viewer(cast.homeroom)).week
    weekly = [row for row in rows if row.period.endswith("W07")]
    assert len(weekly) == 1 and set(weekly[0].duties) == {"talk", "tutoring", "pupil_report"}


def test_a_talk_leaves_the_tutoring_and_both_leave_nothing(cast):
    cast.case(0)
    talk(cast)
    rows = [row for row in agenda.agenda(cast.viewer(cast.homeroom)).week if row.period.endswith("W07")]
    assert [row.duties for row in rows] == [("tutoring",)]
    talk(cast, kinds=("tutoring",))
    assert not [row for row in agenda.agenda(cast.viewer(cast.homeroom)).week if row.period.endswith("W07")]


def test_brothers_and_sisters_share_the_row_of_what_is_done_with_the_family(cast):
    cast.case(0)
    cast.case(1)
    Pupil.objects.filter(pk__in=[cast.pupils[0].pk, cast.pupils[1].pk]).update(household_key="one roof")
    found = agenda.agenda(cast.viewer(cast.homeroom))
    together = [row for row in found.week if "guardian_contact" in row.accepts]
    assert [len(row.children) for row in together] == [2]
    talks = [row for row in found.week if row.activity == "talk"]
    assert [len(row.children) for row in talks] == [1, 1]


def test_the_class_survey_waits_with_its_day_until_it_is_done(cast, client, settings):
    settings.DAY = date(2026, 9, 20)
    row = next(
        row
        for row in agenda.agenda(cast.viewer(cast.homeroom, date(2026, 9, 20))).week
        if row.kind == "survey"
    )
    assert row.due_on == date(2026, 10, 8)  # the first school day after National Day
    Survey.objects.create(
        school_class=cast.class_two, plan_key="weekly_support", term_key="2026-2027-1",
        finished_on=date(2026, 9, 18), finished_by=cast.homeroom,
    )  # fmt: skip
    assert not [
        r for r in agenda.agenda(cast.viewer(cast.homeroom, date(2026, 9, 20))).week if r.kind == "survey"
    ]


def test_a_child_who_joins_after_the_survey_is_looked_at_within_45_days(cast):
    Survey.objects.create(
        school_class=cast.class_two, plan_key="weekly_support", term_key="2026-2027-1",
        finished_on=date(2026, 9, 18), finished_by=cast.homeroom,
    )  # fmt: skip
    factories.pupil(cast.class_two, "新来的", joined_on=date(2026, 10, 12))
    rows = [row for row in agenda.agenda(cast.viewer(cast.homeroom)).week if row.kind == "survey"]
    assert [row.names for row in rows] == [("新来的",)]
    assert rows[0].opens_on == date(2026, 10, 12) and rows[0].due_on >= date(2026, 11, 26)


def test_the_supervisor_interviews_in_the_last_workdays_of_the_month(cast):
    cast.case(0)
    before = agenda.agenda(cast.viewer(cast.supervisor))
    assert not [row for row in before.week + before.today if "interview" in row.duties]
    found = agenda.agenda(cast.viewer(cast.supervisor, date(2026, 10, 28)))
    assert [row for row in found.week + found.today if "interview" in row.duties]


def test_the_month_is_handed_in_by_the_30th_and_says_what_is_missing(cast):
    cast.case(0)
    month = {one.period: one for one in agenda.agenda(cast.viewer(cast.homeroom)).month}
    assert month["2026-10"].due_on == date(2026, 10, 30)
    titles = [title for title, _n in month["2026-10"].missing]
    assert titles == ["每周谈心", "每周辅导", "每月联系家长"]  # 学生说说这一周 comes with the talk


def test_the_termly_decision_waits_in_the_last_workdays_of_the_term(cast):
    cast.case(0)
    found = agenda.agenda(cast.viewer(cast.homeroom, date(2027, 1, 20)))
    assert [row.kind for row in found.week + found.today if "decision" in row.duties] == ["decision"]


def test_what_could_not_be_done_goes_with_a_reason_and_comes_back_with_undo(cast, client):
    cast.case(0)
    sign(client, cast.homeroom)
    row = next(row for row in agenda.agenda(cast.viewer(cast.homeroom)).week if row.activity == "talk")
    posted = {"cell": list(row.cells), "reason": "child_away"}
    answer = client.post("/duties/not-possible", posted, follow=True)
    assert "已记为没做成" in answer.content.decode()
    assert Waiver.objects.filter(withdrawn_at__isnull=True).count() == 3
    assert Event.objects.filter(verb="schedule.waive").count() == 3
    undo = re.search(r'action="(/duties/taken-up[^"]+)"', answer.content.decode())[1]
    client.post(html.unescape(undo))
    assert not Waiver.objects.filter(withdrawn_at__isnull=True).exists()


def test_nobody_sets_aside_what_is_not_theirs(cast, client):
    cast.case(0)
    row = next(row for row in agenda.agenda(cast.viewer(cast.homeroom)).week if row.activity == "talk")
    posted = {"cell": list(row.cells), "reason": "too_much"}
    for who in ("neighbour", "outsider", "officer", "principal"):
        client.logout()
        sign(client, getattr(cast, who)).post("/duties/not-possible", posted)
    assert not Waiver.objects.exists()


def test_a_helper_on_leave_reads_who_stands_in_and_the_deputy_gets_the_rows(cast, client):
    cast.case(0)
    Leave.objects.create(
        staff=cast.homeroom, starts_on=DAY, ends_on=DAY + timedelta(days=3), deputy=cast.neighbour
    )
    assert "由孙丽老师代管" in sign(client, cast.homeroom).get("/").content.decode()
    rows = agenda.agenda(cast.viewer(cast.neighbour)).week
    assert [row.names for row in rows if row.activity == "talk"] == [("陈小满",)]
    client.logout()
    child = cast.pupils[0].pk
    assert sign(client, cast.neighbour).get(f"/record/new?pupil={child}&duty=talk").status_code == 200


@pytest.mark.parametrize(
    ("who", "day", "words"),
    [
        ("principal", DAY, "没有等您亲自做的事。"),
        ("attached", date(2026, 9, 2), "摸底"),
        ("officer", DAY, "还没有和您结对的学生。"),
        ("homeroom", date(2027, 2, 10), "寒假中，待办已暂停"),
        ("homeroom", date(2026, 10, 2), "今天放假"),
    ],
)
def test_calm_days_say_so_in_one_sentence(cast, client, settings, who, day, words):
    settings.DAY = day
    assert words in sign(client, getattr(cast, who)).get("/").content.decode()


def test_the_page_needs_a_bounded_number_of_queries_whatever_the_class_and_stays_light(cast, client):
    sign(client, cast.homeroom)
    cast.case(0)
    client.get("/")  # the calendar is read once a process
    with CaptureQueriesContext(connection) as few:
        client.get("/")
    for at in range(1, 6):
        cast.case(at)
        talk(cast, at, on=DAY - timedelta(days=3))
    with CaptureQueriesContext(connection) as many:
        page = client.get("/")
    assert len(many) <= len(few) <= 21, [q["sql"][:80] for q in many]
    assert len(gzip.compress(page.content)) < 15_000


def test_of_a_day_with_many_records_the_last_ones_are_listed_and_all_are_counted(cast, client):
    sign(client, cast.homeroom)
    cast.case(0)
    pupil, by = cast.pupils[0], cast.viewer(cast.homeroom)
    entries = [(record.Entry(("talk",), DAY, note=f"第{at}次"), [pupil]) for at in range(23)]
    record.add_many(entries=entries, by=by)
    page = client.get("/").content.decode()
    assert "今天已完成 23 件" in page and "这里列出最近 20 件。" in page
    assert page.count('class="who" href="/record/') == 20


def test_nobody_of_another_class_is_on_the_page(cast, client):
    cast.case(0)
    for who in ("neighbour", "outsider"):
        client.logout()
        assert "陈小满" not in sign(client, getattr(cast, who)).get("/").content.decode()


def test_several_at_once_are_of_one_kind_the_usual_first_and_each_kind_can_be_chosen(cast, client):
    cast.case(0), cast.case(1)
    me = sign(client, cast.homeroom)
    assert 'href="/record/new?several"' in me.get("/").content.decode()
    usual = me.get("/record/new?several").content.decode()
    ticked = re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', usual)
    assert ticked == ["talk"], "the kind they wait for; nobody is named before somebody taps"
    names = re.findall(r'name="pupil" value="([^"]*)"', usual)
    assert names == [str(cast.pupils[1].pk), str(cast.pupils[0].pk)]
    assert "?several=guardian_contact" in usual
    other = me.get("/record/new?several=guardian_contact").content.decode()
    assert re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', other) == ["guardian_contact"]
