"""改到哪天, 请人代, and a leave taken back: what moves on the day's list, and what never does."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, transaction

from bangfu.engine.standing import State
from bangfu.flow import adopt, agenda, appointments, avoidance, deputies, excuse, record, schedule
from bangfu.records.models import Appointment, Case, Event, Leave, Pupil
from tests.cast import DAY

FRIDAY = DAY + timedelta(days=1)
MONDAY = date(2026, 10, 12)


def list_of(cast, who=None, day=DAY):
    return agenda.agenda(cast.viewer(who or cast.homeroom, day))


def talk(found):
    return next(row for row in found.today + found.week if "talk" in row.duties)


def talk_state(cast, case, day=DAY):
    plan = adopt.plans_in_force(cast.school, day)[0]
    asked = schedule.Asked(cast.school, MONDAY, MONDAY + timedelta(days=6), day)
    found = schedule.ledger(plan, Case.objects.filter(pk=case.pk), asked)
    return next(s.state for s in found[case.pk].standings if s.expectation.duty_key == "talk")


def stand_in(cast, case, *, deputy=None, first=DAY, last=FRIDAY, by=None):
    return deputies.ask_in_place(
        case=case, deputy=deputy or cast.attached, first=first, last=last, by=cast.viewer(by or cast.homeroom)
    )


def test_what_is_put_on_a_day_stands_there_and_nothing_owed_changes(cast):
    case = cast.case(0)
    viewer = cast.viewer(cast.homeroom)
    appointments.appoint(row=talk(list_of(cast)), on=DAY, at=time(10, 5), by=viewer)
    found = list_of(cast)
    assert [row.names for row in found.today] == [("陈小满",)]
    assert found.on_a_day(found.today[0]).at == time(10, 5)
    assert talk_state(cast, case) is State.open
    appointments.cancel(row=found.today[0], by=viewer)
    assert not list_of(cast).today and not Appointment.objects.exists()


def test_what_has_an_hour_comes_first_by_its_hour(cast):
    for at in range(3):
        cast.case(at)
    viewer = cast.viewer(cast.homeroom, FRIDAY)
    rows = {row.names[0]: row for row in list_of(cast, day=FRIDAY).today}
    appointments.appoint(row=rows["杨朵朵"], on=FRIDAY, at=time(8, 30), by=viewer)
    appointments.appoint(row=rows["罗天佑"], on=FRIDAY, at=time(16, 0), by=viewer)
    assert [row.names[0] for row in list_of(cast, day=FRIDAY).today] == ["杨朵朵", "罗天佑", "陈小满"]


@pytest.mark.parametrize("on", [DAY - timedelta(days=1), date(2026, 10, 19)])
def test_a_day_outside_its_time_is_refused_calmly_and_nothing_is_kept(cast, on):
    cast.case(0)
    with pytest.raises(appointments.NotInTime, match="10月18日以前"):
        appointments.appoint(row=talk(list_of(cast)), on=on, by=cast.viewer(cast.homeroom))
    assert not Appointment.objects.exists()


def test_a_day_said_again_is_the_one_that_holds_and_only_ones_own(cast):
    cast.case(0)
    row = talk(list_of(cast))
    for on in (DAY, FRIDAY):
        appointments.appoint(row=row, on=on, by=cast.viewer(cast.homeroom))
    assert {one.on for one in Appointment.objects.all()} == {FRIDAY}
    assert not appointments.of(cast.viewer(cast.attached))


def test_somebody_asked_for_one_child_sees_that_child_only_and_what_they_record_counts(cast):
    case, _other = cast.case(0), cast.case(1)
    stand_in(cast, case, deputy=cast.neighbour)
    viewer = cast.viewer(cast.neighbour)
    seen = set(Pupil.objects.cared_for_by(viewer).values_list("name", flat=True))
    assert "陈小满" in seen and "罗天佑" not in seen
    assert {row.names for row in list_of(cast, cast.neighbour).week if "talk" in row.duties} == {("陈小满",)}
    record.add(entry=record.Entry(("talk",), DAY), pupils=cast.pupils[:1], by=viewer)
    assert talk_state(cast, case) is State.done


def test_whoever_asked_keeps_the_child_and_is_told_and_is_not_away(cast):
    case = cast.case(0)
    stand_in(cast, case)
    found = list_of(cast)
    assert found.in_place == {case.pk: "赵志远"} and found.stands_in == ""
    assert talk(found).names == ("陈小满",)
    deputies.check(
        staff=cast.attached, deputy=cast.homeroom, first=DAY, last=FRIDAY
    )  # so may stand in for others


def test_after_the_days_the_child_is_not_seen_any_more(cast):
    stand_in(cast, cast.case(0), deputy=cast.neighbour)
    after = cast.viewer(cast.neighbour, FRIDAY + timedelta(days=1))
    assert not Pupil.objects.cared_for_by(after).filter(name="陈小满").exists()


def test_only_the_one_who_helps_asks_and_never_somebody_to_be_avoided(cast):
    case = cast.case(0)
    with pytest.raises(deputies.NotYours):
        stand_in(cast, case, by=cast.attached, deputy=cast.neighbour)
    avoidance.avoid(
        pupil=cast.pupils[0], staff=cast.neighbour, why="relative", by=cast.viewer(cast.principal)
    )
    with pytest.raises(deputies.NotThisDeputy):
        stand_in(cast, case, deputy=cast.neighbour)
    assert not Leave.objects.exists()


def test_an_avoidance_written_later_ends_standing_in_for_that_child(cast):
    stand_in(cast, cast.case(0), deputy=cast.neighbour)
    avoidance.avoid(
        pupil=cast.pupils[0], staff=cast.neighbour, why="relative", by=cast.viewer(cast.principal)
    )
    assert not Leave.objects.exists()


def test_for_one_child_nobody_is_left_unnamed_by_any_door(cast):
    case = cast.case(0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Leave.objects.create(staff=cast.homeroom, starts_on=DAY, ends_on=DAY, case=case)


def test_whoever_was_asked_may_say_that_it_does_not_suit_and_nobody_else(cast):
    row = stand_in(cast, cast.case(0))
    with pytest.raises(excuse.NotYours):
        excuse.take_back(leave=row, by=cast.viewer(cast.neighbour))
    excuse.take_back(leave=row, by=cast.viewer(cast.attached))
    assert not Leave.objects.exists()


def test_a_leave_entered_by_mistake_is_taken_back_and_its_days_owe_again(cast):
    case = cast.case(0)
    viewer = cast.viewer(cast.homeroom)
    row = excuse.take_leave(
        staff=cast.homeroom, starts_on=MONDAY, ends_on=MONDAY + timedelta(days=6), by=viewer
    )
    assert talk_state(cast, case) is State.excused
    excuse.take_back(leave=row, by=viewer)
    assert talk_state(cast, case) is State.open
    event = Event.objects.filter(verb="schedule.leave_back").get()
    assert event.changes == {"leave": ["2026-10-12—2026-10-18", None]}


def test_back_early_the_days_before_stay_excused_and_the_rest_is_owed(cast):
    case = cast.case(0)
    viewer = cast.viewer(cast.homeroom)
    row = excuse.take_leave(staff=cast.homeroom, starts_on=MONDAY, ends_on=date(2026, 10, 30), by=viewer)
    excuse.come_back(leave=row, by=viewer)
    row.refresh_from_db()
    assert row.ends_on == DAY - timedelta(days=1)
    assert talk_state(cast, case) is State.open
    excuse.come_back(leave=row, by=viewer)
    row.refresh_from_db()
    assert row.ends_on == DAY - timedelta(days=1)


def test_a_leave_that_has_not_begun_is_gone_when_somebody_does_not_go(cast):
    viewer = cast.viewer(cast.homeroom)
    row = excuse.take_leave(staff=cast.homeroom, starts_on=FRIDAY, ends_on=FRIDAY, by=viewer)
    excuse.come_back(leave=row, by=viewer)
    assert not Leave.objects.exists()


def test_nobody_takes_back_somebody_elses_leave_but_those_who_keep_the_school(cast):
    row = excuse.take_leave(staff=cast.homeroom, starts_on=DAY, ends_on=FRIDAY, by=cast.viewer(cast.homeroom))
    with pytest.raises(excuse.NotYours):
        excuse.take_back(leave=row, by=cast.viewer(cast.attached))
    excuse.take_back(leave=row, by=cast.viewer(cast.principal))
    assert not Leave.objects.exists()
