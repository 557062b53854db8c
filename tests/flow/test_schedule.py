"""What is owed, from rows: windows, spells, leave, waivers, seals, and one record for many duties."""

from datetime import date, timedelta

import pytest

from bangfu.engine.standing import State
from bangfu.flow import adopt, deputies, excuse, identify, record, schedule
from bangfu.flow.almanac import calendar_for, national_days, term_title, usual_terms
from bangfu.flow.record import Entry
from bangfu.records.models import Absence, Case, Leave, Pupil, School
from tests import factories
from tests.cast import DAY

MONDAY = date(2026, 10, 12)
SUNDAY = date(2026, 10, 18)


def ledger(cast, opens_on=MONDAY, due_on=SUNDAY, day=DAY):
    plan = adopt.plans_in_force(cast.school, day)[0]
    return schedule.ledger(plan, Case.objects.all(), schedule.Asked(cast.school, opens_on, due_on, day))


def states(cast, duty: str, **window) -> list[State]:
    return [
        s.state
        for d in ledger(cast, **window).values()
        for s in d.standings
        if s.expectation.duty_key == duty
    ]


def test_one_sitting_recorded_once_is_talk_and_tutoring(cast):
    cast.case(0)
    assert states(cast, "talk") == [State.open]
    record.add(entry=Entry(("talk", "tutoring"), DAY), pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    assert states(cast, "talk") == [State.done]
    assert states(cast, "tutoring") == [State.done]


def test_a_record_by_somebody_who_does_not_help_the_child_does_not_count(cast):
    cast.case(0, helper=cast.attached)
    record.add(entry=Entry(("talk",), DAY), pupils=cast.pupils[:1], by=cast.viewer(cast.principal))
    assert states(cast, "talk") == [State.open]


def test_late_entry_is_credited_to_its_day_and_marked(cast):
    cast.case(0)
    last_week = DAY - timedelta(days=7)
    record.add(entry=Entry(("talk",), last_week), pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    window = {"opens_on": MONDAY - timedelta(days=7), "due_on": MONDAY - timedelta(days=1)}
    assert states(cast, "talk", **window) == [State.done_recorded_late]


def test_a_child_who_joins_on_the_twentieth_owes_nothing_before(cast):
    factories.case(
        factories.pupil(cast.class_two, "新来的", joined_on=date(2026, 10, 20)), opened_on=date(2026, 10, 1)
    )
    case = Case.objects.get()
    factories.pair(case, cast.homeroom, valid_from=date(2026, 10, 1))
    window = {"opens_on": date(2026, 10, 1), "due_on": date(2026, 10, 31), "day": date(2026, 10, 31)}
    owed = [s.expectation for s in ledger(cast, **window)[case.pk].standings]
    assert owed
    assert min(e.opens_on for e in owed) == date(2026, 10, 20)


def test_nothing_is_owed_in_vacation(cast):
    cast.case(0, opened_on=date(2026, 3, 20))
    window = {"opens_on": date(2026, 7, 20), "due_on": date(2026, 8, 31), "day": date(2026, 8, 31)}
    assert [d.standings for d in ledger(cast, **window).values()] == [()]


def test_absence_of_the_child_and_leave_without_a_deputy_suspend(cast):
    cast.case(0), cast.case(1, helper=cast.attached)
    Absence.objects.create(pupil=cast.pupils[0], starts_on=MONDAY, ends_on=SUNDAY)
    Leave.objects.create(staff=cast.attached, starts_on=MONDAY, ends_on=SUNDAY)
    assert states(cast, "talk") == [State.excused, State.excused]
    Leave.objects.update(deputy=cast.homeroom)
    assert sorted(states(cast, "talk")) == [State.excused, State.open]


def test_a_waiver_with_a_reason_excuses_and_can_be_taken_back(cast):
    case = cast.case(0)
    period = next(
        s.expectation.period for s in ledger(cast)[case.pk].standings if s.expectation.duty_key == "talk"
    )
    by = cast.viewer(cast.homeroom)
    waiver = excuse.waive(case=case, missed=excuse.Missed("talk", period, "child_away"), by=by)
    assert states(cast, "talk") == [State.excused]
    with pytest.raises(excuse.AlreadyWaived):
        excuse.waive(case=case, missed=excuse.Missed("talk", period, "child_away"), by=by)
    excuse.unwaive(waiver=waiver, by=by)
    assert states(cast, "talk") == [State.open]


def test_duties_fall_to_the_helper_and_to_others_only_when_nobody_helps(cast):
    cast.case(0, helper=cast.attached)
    dossier = next(iter(ledger(cast).values()))
    contact = next(s.expectation for s in dossier.standings if s.expectation.duty_key == "guardian_contact")
    assert schedule.is_mine(cast.viewer(cast.attached), dossier, contact)
    assert not schedule.is_mine(cast.viewer(cast.homeroom), dossier, contact)
    assert not schedule.is_mine(cast.viewer(cast.neighbour), dossier, contact)


def test_a_guardian_who_does_not_cooperate_brings_the_supervisor_in(cast):
    cast.case(0)
    entry = Entry(("guardian_contact",), DAY, answers={"outcome": "uncooperative"})
    record.add(entry=entry, pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    window = {"opens_on": DAY, "due_on": DAY + timedelta(days=14)}
    assert states(cast, "guardian_follow_up", **window) == [State.open]


def test_the_decision_of_the_term_closes_its_duty(cast):
    case = cast.case(0)
    window = {"opens_on": date(2026, 9, 1), "due_on": date(2027, 1, 22)}
    assert states(cast, "decision", **window) == [State.not_yet_open]
    by = cast.viewer(cast.homeroom)
    identify.decide(case=case, term_key="2026-2027-1", outcome="continue", by=by)
    assert states(cast, "decision", **window) == [State.done]


def test_reading_the_ledger_takes_the_same_number_of_queries_for_one_child_and_for_six(
    cast, django_assert_max_num_queries
):
    for at in range(6):
        cast.case(at)
    ledger(cast)
    with django_assert_max_num_queries(10):
        ledger(cast)


def test_unknown_years_are_provisional_and_never_raise(cast):
    assert national_days(2026)[2] is False
    assert national_days(2060)[2] is True
    days = calendar_for(cast.school)
    assert not days.is_school_day(date(2026, 10, 1))
    assert days.is_school_day(date(2026, 10, 10))  # a Saturday worked for National Day


def test_a_new_school_gets_the_usual_terms():
    (first, autumn, winter), (second, spring, summer) = usual_terms(2026)
    assert (first, second) == ("2026-2027-1", "2026-2027-2")
    assert autumn == date(2026, 9, 1)
    assert winter < spring < summer
    assert spring.weekday() == 0
    assert term_title(second) == "2026—2027学年第二学期"


def test_a_child_who_left_keeps_the_history_and_owes_nothing_more(cast):
    cast.case(0)
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(left_on=date(2026, 10, 1))
    assert [d.standings for d in ledger(cast).values()] == [()]
    assert School.objects.count() == 2


def test_leave_and_absence_are_noted_by_whom_they_concern(cast):
    me, other = cast.viewer(cast.homeroom), cast.viewer(cast.neighbour)
    with pytest.raises(excuse.NotYours):
        excuse.take_leave(staff=cast.homeroom, starts_on=MONDAY, ends_on=SUNDAY, by=other)
    with pytest.raises(deputies.NotThisDeputy, match="换一位"):
        excuse.take_leave(
            staff=cast.homeroom, starts_on=MONDAY, ends_on=SUNDAY, by=me, deputy=cast.homeroom
        )
    with pytest.raises(excuse.NotYours):
        excuse.note_absence(pupil=cast.pupils[0], starts_on=MONDAY, ends_on=SUNDAY, by=other)
    excuse.take_leave(staff=cast.homeroom, starts_on=MONDAY, ends_on=SUNDAY, by=me, deputy=cast.attached)
    excuse.note_absence(pupil=cast.pupils[0], starts_on=MONDAY, ends_on=SUNDAY, by=me)
    assert Leave.objects.count() == Absence.objects.count() == 1
