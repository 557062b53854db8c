"""A plan or one child's help rests: nothing is owed in those days, nothing is missing, and it goes on by itself."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from bangfu.engine.standing import State
from bangfu.flow import adopt, agenda, overview, pauses, places, review, schedule, sheet, state
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, Event, Suspension
from tests import factories
from tests.cast import DAY

MONDAY, SUNDAY = date(2026, 10, 12), date(2026, 10, 18)
FROM = DAY - timedelta(days=4)


def standings(cast, first=MONDAY, last=SUNDAY, day=DAY):
    cast.school.refresh_from_db()  # as every request reads it
    plan = adopt.plans_in_force(cast.school, day)[0]
    asked = schedule.Asked(cast.school, first, last, day)
    return {
        (dossier.name, s.expectation.duty_key): s
        for dossier in schedule.ledger(plan, Case.objects.all(), asked).values()
        for s in dossier.standings
    }


def rest(cast, *, case=None, first=FROM, last=None, because="流感停课", by=None):
    return pauses.suspend(
        plan_key="weekly_support", case=case, rest=pauses.Rest(first, last, because),
        by=cast.viewer(by or cast.principal),
    )  # fmt: skip


def test_while_a_plan_rests_nothing_is_owed_and_the_reason_is_said(cast):
    cast.case(0)
    assert standings(cast)["陈小满", "talk"].state is State.open
    rest(cast)
    found = standings(cast)["陈小满", "talk"]
    assert (found.state, found.reason) == (State.excused, "帮扶暂停")
    assert {row.period for row in agenda.agenda(cast.viewer(cast.homeroom)).week} == {
        "2026-10"
    }  # had school days before


def test_a_week_with_one_school_day_left_is_still_owed(cast):
    cast.case(0)
    rest(cast, first=MONDAY, last=date(2026, 10, 15))
    assert standings(cast)["陈小满", "talk"].state is State.open


def test_one_childs_help_rests_and_the_others_go_on(cast):
    first = cast.case(0)
    cast.case(1)
    rest(cast, case=first, because="住院", by=cast.supervisor)
    found = standings(cast)
    assert found["陈小满", "talk"].state is State.excused
    assert found["罗天佑", "talk"].state is State.open


def test_a_suspension_written_by_mistake_is_undone_and_its_days_are_owed_again(cast):
    cast.case(0)
    row = rest(cast)
    pauses.take_back(suspension=row, by=cast.viewer(cast.principal))
    pauses.take_back(suspension=row, by=cast.viewer(cast.principal))  # tapped twice
    assert not Suspension.objects.exists()
    assert standings(cast)["陈小满", "talk"].state is State.open
    assert Event.objects.filter(verb="schedule.suspend_back").count() == 1


def test_only_who_decides_undoes_it_and_only_on_the_day_it_was_written(cast):
    row = rest(cast)
    with pytest.raises(pauses.NotDecider):
        pauses.take_back(suspension=row, by=cast.viewer(cast.homeroom))
    Suspension.objects.filter(pk=row.pk).update(at=row.at - timedelta(days=1))
    with pytest.raises(pauses.TooLate):
        pauses.take_back(suspension=row, by=cast.viewer(cast.principal))
    assert Suspension.objects.exists()


def test_going_on_leaves_the_days_before_excused_and_owes_from_today(cast):
    cast.case(0)
    row = rest(cast, first=date(2026, 9, 28))
    pauses.go_on(suspension=row, by=cast.viewer(cast.principal))
    row.refresh_from_db()
    assert (row.ends_on, row.ended_by) == (DAY - timedelta(days=1), cast.principal)
    assert standings(cast)["陈小满", "talk"].state is State.open
    before = standings(cast, date(2026, 9, 28), date(2026, 9, 29))
    assert before["陈小满", "talk"].state is State.excused


def test_one_that_never_began_is_gone_when_it_is_taken_back_and_the_trail_knows(cast):
    row = rest(cast, first=DAY + timedelta(days=7))
    pauses.go_on(suspension=row, by=cast.viewer(cast.principal))
    assert not Suspension.objects.exists()
    assert (
        list(
            Event.objects.filter(verb__in=("schedule.suspend", "schedule.go_on")).values_list(
                "verb", flat=True
            )
        )[-1]
        == "schedule.go_on"
    )


@pytest.mark.parametrize("who", ["homeroom", "attached", "officer"])
def test_only_those_who_decide_let_something_rest(cast, who):
    case = cast.case(0)
    with pytest.raises(pauses.NotDecider):
        rest(cast, by=getattr(cast, who))
    with pytest.raises(pauses.NotDecider):
        rest(cast, case=case, by=getattr(cast, who))
    assert not Suspension.objects.exists()


def test_a_principal_of_another_school_lets_no_child_here_rest(cast):
    case = cast.case(0)
    with pytest.raises(pauses.NotDecider):
        rest(cast, case=case, by=cast.outsider)


def test_the_supervisor_lets_a_childs_help_rest_but_not_a_plan(cast):
    case = cast.case(0)
    with pytest.raises(pauses.NotDecider):
        rest(cast, by=cast.supervisor)
    assert rest(cast, case=case, by=cast.supervisor).case == case


def test_without_a_reason_or_with_wrong_days_nothing_rests(cast):
    with pytest.raises(pauses.SayWhy):
        rest(cast, because="  ")
    with pytest.raises(pauses.WrongDays):
        rest(cast, first=DAY, last=DAY - timedelta(days=1))
    with pytest.raises(pauses.WrongDays):
        rest(cast, first=DAY - timedelta(days=90))
    rest(cast)
    with pytest.raises(pauses.Resting):
        rest(cast, first=DAY, because="又一次")
    with pytest.raises(IntegrityError), transaction.atomic():
        Suspension.objects.create(
            school=cast.school, plan_key="weekly_support", starts_on=DAY, because="", by=cast.principal, at="2026-10-15T08:00Z",
        )  # fmt: skip


def test_the_kept_state_follows_by_itself(cast):
    case = cast.case(0)
    state.refresh(school=cast.school, day=DAY)

    def this_week():
        due = state.due_today(school=cast.school, pupils=[case.pupil_id], day=DAY)
        return [one.duty_key for one in due if one.opens_on == MONDAY]

    assert "talk" in this_week()
    row = rest(cast)
    cast.school.refresh_from_db()
    assert not this_week()
    pauses.go_on(suspension=row, by=cast.viewer(cast.principal))
    cast.school.refresh_from_db()
    assert "talk" in this_week()
    assert not state.audit(school=cast.school, day=DAY).wrong


def test_no_month_is_asked_for_that_rested_whole_and_the_board_does_not_miss_the_child(cast):
    cast.case(0)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    october = review.period_of_key(cast.school, "2026-10")
    assert sheet.hand_in_due(plan, cast.school, october)
    factories.case(cast.pupils[1])  # nobody helps this one
    assert "unhelped" in {one.kind for one in overview.board(cast.viewer(cast.principal)).matters}
    rest(cast, first=date(2026, 9, 25), last=date(2026, 11, 1))
    cast.school.refresh_from_db()
    assert sheet.hand_in_due(plan, cast.school, october) is None
    assert "unhelped" not in {one.kind for one in overview.board(cast.viewer(cast.principal)).matters}


def test_what_the_school_owes_rests_with_the_plan(cast):
    viewer = cast.viewer(cast.principal)
    plans = adopt.plans_in_force(cast.school, DAY)

    def waiting():
        return [
            row
            for row in places.rows(cast.viewer(cast.principal), plans, calendar_for(cast.school))
            if row.waits
        ]

    before = waiting()
    rest(cast, first=date(2026, 9, 15), last=date(2027, 1, 31))
    viewer.school.refresh_from_db()
    assert len(waiting()) <= len(before)
    assert all(row.standing.expectation.opens_on < date(2026, 9, 15) for row in waiting())


def test_of_a_child_only_those_who_see_the_case_are_told(cast):
    case = cast.case(0)
    rest(cast, case=case, because="住院")
    assert [line.child for line in pauses.running(cast.viewer(cast.homeroom))] == ["陈小满"]
    assert pauses.running(cast.viewer(cast.neighbour)) == []
    assert [line.may_end for line in pauses.of_child(cast.viewer(cast.supervisor), case.pupil_id)] == [True]
