"""The board: a true first sentence, at most five things with a way to the solution, weeks by class, by scope."""

import re
from datetime import date, timedelta

import pytest

from bangfu.flow import adopt, award, excuse, overview, record, review
from bangfu.records.models import Leave, Survey
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def surveyed(cast):
    for one in (cast.class_one, cast.class_two):
        Survey.objects.create(
            school_class=one, plan_key="weekly_support", term_key="2026-2027-1", finished_on=date(2026, 9, 20)
        )
    return cast


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def talk(cast, pupil, *days, by=None):
    for day in days:
        entry = record.Entry(("talk", "tutoring"), day)
        record.add(entry=entry, pupils=[pupil], by=cast.viewer(by or cast.homeroom, day))


def test_when_everybody_is_helped_the_first_sentence_says_so(signed_in, surveyed):
    surveyed.case(0, opened_on=date(2026, 10, 9))
    talk(surveyed, surveyed.pupils[0], DAY - timedelta(days=2))
    page = text(signed_in(surveyed.principal).get("/board"))
    assert "这周每个该有人管的孩子都有人管。" in page
    assert "没有需要您过问的事" in page
    assert "1 / 1" in page


def test_a_child_without_someone_comes_first_with_a_way_to_the_solution(signed_in, surveyed):
    surveyed.case(0)
    factories.case(surveyed.pupils[1], by=surveyed.homeroom)
    page = text(signed_in(surveyed.principal).get("/board"))
    assert "这周有 1 个孩子还没有人管。" in page
    assert page.index("罗天佑") < page.index("陈小满")
    assert 'href="/pairing">配一位老师' in page
    assert "1 / 2" in page


def test_the_class_teacher_is_sent_to_the_file_not_to_pairing(signed_in, surveyed):
    factories.case(surveyed.pupils[1], by=surveyed.homeroom)
    page = text(signed_in(surveyed.homeroom).get("/board"))
    assert f"/pupils/{surveyed.pupils[1].pk}" in page
    assert "配一位老师" not in page


def test_a_long_leave_without_deputy_leaves_the_child_alone_and_a_short_one_does_not(surveyed):
    surveyed.case(0, opened_on=date(2026, 10, 9))
    leave = Leave.objects.create(staff=surveyed.homeroom, starts_on=DAY, ends_on=DAY + timedelta(days=2))
    by = surveyed.viewer(surveyed.principal)
    assert overview.board(by).helped == 1
    Leave.objects.filter(pk=leave.pk).update(ends_on=DAY + timedelta(days=20))
    board = overview.board(by)
    assert board.helped == 0
    assert [matter.kind for matter in board.matters] == ["away"]
    Leave.objects.filter(pk=leave.pk).update(deputy=surveyed.attached)
    assert overview.board(by).helped == 1


def test_two_school_weeks_are_counted_in_school_days(surveyed):
    surveyed.case(0), surveyed.case(1)
    talk(surveyed, surveyed.pupils[0], date(2026, 9, 30))  # before the holiday: nine school days ago
    board = overview.board(surveyed.viewer(surveyed.principal))
    assert [m.name for m in board.matters if m.kind == "quiet"] == ["罗天佑"]
    assert board.quiet == 1


def test_weeks_print_what_is_not_done_and_all_done_is_zero(surveyed):
    surveyed.case(0)
    talk(surveyed, surveyed.pupils[0], date(2026, 9, 8), date(2026, 9, 15), date(2026, 10, 8))
    board = overview.board(surveyed.viewer(surveyed.principal))
    assert [line.label for line in board.lines] == ["三（1）班", "三（2）班"]
    assert all(cell is None for cell in board.lines[0].cells)
    weeks = dict(zip([week.title for week in board.weeks], board.lines[1].cells, strict=True))
    assert weeks["第2周"] == (0, 3)
    assert weeks["第4周"] == (3, 3)
    assert weeks["第6周"] == (0, 3)
    assert "第7周" not in weeks  # not over yet


def test_an_excused_week_is_not_owed(surveyed):

    case = surveyed.case(0)
    for duty in ("talk", "tutoring", "pupil_report"):
        missed = excuse.Missed(duty, "2026-2027-1/W04", "child_away")
        excuse.waive(case=case, missed=missed, by=surveyed.viewer(surveyed.homeroom))
    board = overview.board(surveyed.viewer(surveyed.principal))
    weeks = dict(zip([week.title for week in board.weeks], board.lines[1].cells, strict=True))
    assert weeks["第4周"] is None


def test_sheets_not_in_after_their_day_and_waiting_nominations_are_asked_about(surveyed, settings):
    surveyed.case(0)
    talk(surveyed, surveyed.pupils[0], *(date(2026, 9, 8) + timedelta(days=n) for n in range(4)))
    plan = adopt.plans_in_force(surveyed.school, DAY)[0]
    award.nominate(
        plan=plan, award_key="five_star", pupil=surveyed.pupils[0], because="坚持把作业写完",
        by=surveyed.viewer(surveyed.homeroom),
    )  # fmt: skip
    settings.DAY = date(2026, 11, 4)
    board = overview.board(surveyed.viewer(surveyed.principal, settings.DAY))
    kinds = {matter.kind: matter for matter in board.matters}
    assert kinds["sheets"].subject == "2026-10"
    assert kinds["nominations"].count == 1
    assert board.handed == (0, 1)
    period = review.period_of_key(surveyed.school, "2026-10")
    review.hand_in(plan=plan, period=period, by=surveyed.viewer(surveyed.homeroom, settings.DAY))
    board = overview.board(surveyed.viewer(surveyed.principal, settings.DAY))
    assert "sheets" not in {matter.kind for matter in board.matters}


def test_classes_that_have_not_looked_round_yet_are_one_line(cast, settings):
    settings.DAY = date(2026, 10, 20)
    board = overview.board(cast.viewer(cast.principal, settings.DAY))
    (matter,) = [m for m in board.matters if m.kind == "survey"]
    assert matter.count == 2
    assert matter.name == "三（1）班、三（2）班"


def test_no_more_than_five_things_and_a_way_to_the_rest(signed_in, surveyed):
    for at in range(6):
        factories.case(surveyed.pupils[at], by=surveyed.homeroom)
    client = signed_in(surveyed.principal)
    page = text(client.get("/board"))
    assert page.count("还没有人管<") == 5
    assert "还有 1 件" in page
    assert text(client.get("/board?all=1")).count("还没有人管<") == 6


@pytest.mark.parametrize(
    ("who", "scope", "names"),
    [
        ("principal", "school", {"三（1）班", "三（2）班"}),
        ("supervisor", "grade", {"三（1）班", "三（2）班"}),
        ("homeroom", "class", {"三（2）班"}),
        ("neighbour", "class", {"三（1）班"}),
        ("outsider", "school", {"三（1）班"}),
    ],
)
def test_everybody_sees_their_own_scope(surveyed, who, scope, names):
    surveyed.case(0)
    board = overview.board(surveyed.viewer(getattr(surveyed, who)))
    assert (board.scope, set(board.places)) == (scope, names)
    assert board.cases == (0 if who in ("neighbour", "outsider") else 1)
    assert (board.handed is None) == (scope == "class")


def test_the_board_names_no_stranger_and_is_not_for_the_office(signed_in, surveyed):
    factories.case(surveyed.pupils[0], by=surveyed.homeroom)
    for who in (surveyed.neighbour, surveyed.outsider):
        assert "陈小满" not in text(signed_in(who).get("/board?all=1"))
    answer = signed_in(surveyed.officer).get("/board")
    assert answer.status_code == 403
    assert "看板给" in text(answer)


def test_nothing_on_the_board_is_a_percentage_or_a_place(signed_in, surveyed):
    surveyed.case(0), surveyed.case(1, helper=surveyed.attached)
    words = re.sub(r"<[^>]*>", "", text(signed_in(surveyed.principal).get("/board")))
    assert not re.search(r"%|排名|第一名|最差|最好", words)


def test_vacation_is_calm(signed_in, surveyed, settings):
    surveyed.case(0)
    settings.DAY = date(2027, 2, 10)
    page = text(signed_in(surveyed.principal).get("/board"))
    assert "假期中" in page and "两周没有记录" not in page


def test_more_children_cost_no_more_queries(signed_in, surveyed, django_assert_max_num_queries):
    client = signed_in(surveyed.principal)
    for number in range(20):
        pupil = factories.pupil(surveyed.class_one, f"学生{number}")
        factories.case(pupil, helper=surveyed.neighbour if number % 2 else None, by=surveyed.neighbour)
    with django_assert_max_num_queries(21):
        assert client.get("/board").status_code == 200


@pytest.mark.browser
@pytest.mark.parametrize("who", ["principal", "homeroom"])
def test_the_board_is_accessible_on_desk_and_phone(enter, surveyed, page, phone, who):
    surveyed.case(0)
    factories.case(surveyed.pupils[1], by=surveyed.homeroom)
    for window in (page, phone):
        enter(window, getattr(surveyed, who), then="/board")
        window.click("text=看表格")
        assert violations(window) == []
        assert spill(window) == 0
