"""Two people at once, and the same tap twice: real threads on the real database."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from django.db import connections

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, excuse, pair, pauses, record, review, sheet, sponsors
from bangfu.flow.record import Entry
from bangfu.records.models import (
    Absence,
    Evidence,
    Leave,
    MonthSheet,
    Pairing,
    Sponsor,
    Suspension,
)
from tests import cast as people
from tests import factories
from tests.cast import DAY


@pytest.fixture
def cast(transactional_db, settings):
    settings.DAY = DAY
    return people.build()


def at_once(*acts):
    """Runs the acts in threads that start together; gives what each returned or the refusal it raised."""
    start = Barrier(len(acts))

    def run(act):
        try:
            start.wait(timeout=20)
            return act()
        except Refusal as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [done.result(timeout=90) for done in [pool.submit(run, act) for act in acts]]


def test_one_record_sent_eight_times_together_is_stored_once(cast):
    by, entry = cast.viewer(cast.homeroom), Entry(("talk",), DAY, note="课间聊了几句")
    done = at_once(*[lambda: record.add(entry=entry, pupils=cast.pupils[:1], by=by)] * 8)
    assert {one.pk for one in done} == {entry.id}
    assert Evidence.objects.count() == 1


def test_eight_different_records_together_are_all_kept(cast):
    by = cast.viewer(cast.homeroom)
    at_once(
        *[lambda: record.add(entry=Entry(("talk",), DAY), pupils=cast.pupils[:1], by=by) for _ in range(8)]
    )
    assert Evidence.objects.count() == 8


def test_two_leaders_cannot_fill_a_helper_beyond_the_cap_together(cast):
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    factories.case(cast.pupils[5], helper=cast.homeroom)
    rows = [
        Pairing.objects.create(
            case=factories.case(child), helper=cast.homeroom, reason="手工", proposed_on=DAY
        )
        for child in cast.pupils[:2]
    ]
    leaders = [cast.viewer(cast.principal), cast.viewer(cast.supervisor)]
    done = at_once(
        *[
            lambda row=row, by=by: pair.confirm(pairings=[row], plan=plan, by=by)
            for row, by in zip(rows, leaders, strict=True)
        ]
    )
    assert sorted(isinstance(one, pair.HelperFull) for one in done) == [False, True]
    assert Pairing.objects.in_force(DAY).filter(helper=cast.homeroom).count() == 2


def test_the_same_sponsor_written_by_two_together_stands_once(cast):
    by = cast.viewer(cast.officer)

    def welcome():
        row = Sponsor(name="张大哥", kind="person", places=1, promised_on=DAY)
        return sponsors.welcome(sponsor=row, phone="10012345678", by=by)

    done = at_once(*[welcome] * 4)
    assert sum(isinstance(one, sponsors.KnownAlready) for one in done) == 3
    assert Sponsor.objects.count() == 1


def test_a_leave_an_absence_and_a_pause_tapped_twice_stand_once(cast):
    by, head = cast.viewer(cast.homeroom), cast.viewer(cast.principal)
    days = {"starts_on": DAY, "ends_on": DAY}
    at_once(*[lambda: excuse.take_leave(staff=cast.homeroom, by=by, **days)] * 4)
    at_once(*[lambda: excuse.note_absence(pupil=cast.pupils[0], by=by, **days)] * 4)
    rest = pauses.Rest(DAY, DAY, "运动会")
    at_once(*[lambda: pauses.suspend(plan_key="weekly_support", rest=rest, by=head)] * 4)
    assert (Leave.objects.count(), Absence.objects.count(), Suspension.objects.count()) == (1, 1, 1)


def test_the_month_handed_in_twice_together_stands_once(cast):
    cast.case(0)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    by = cast.viewer(cast.homeroom, date(2026, 10, 30))
    period = sheet.month_period(cast.school, date(2026, 10, 30))
    done = at_once(*[lambda: review.hand_in(plan=plan, period=period, by=by)] * 3)
    assert MonthSheet.objects.count() == 1
    assert sum(isinstance(one, review.AlreadyHandedIn) for one in done) == 2
