"""The state kept beside the facts is what the schedule says, whatever was done, through whichever door, on any day."""

import random
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bangfu.engine.expectation import Expectation
from bangfu.flow import adopt, agenda, clock, excuse, record, schedule, state
from bangfu.flow.record import Entry
from bangfu.records import stale
from bangfu.records.models import (
    Absence,
    AdoptedPlan,
    Case,
    DayOverride,
    Decision,
    DutyState,
    Enrolment,
    Evidence,
    EvidencePupil,
    FactStatement,
    KeptLedger,
    Leave,
    MonthSheet,
    Pairing,
    Pupil,
    SheetCase,
    Term,
    Waiver,
)
from tests import factories
from tests.cast import DAY

WEEK = timedelta(days=7)


def told_by_schedule(cast, day):
    """What today's list is made of, for the whole school."""
    found = set()
    for plan in adopt.plans_in_force(cast.school, day):
        cases = Case.objects.filter(school=cast.school, plan_key=plan.key).open_on(day)
        asked = schedule.Asked(cast.school, day - agenda.LOOKBACK, day, day)
        for dossier in schedule.ledger(plan, cases, asked).values():
            for s in dossier.standings:
                if s.state in agenda.WAITING:
                    e = s.expectation
                    row = state.Due(
                        dossier.pupil_id, dossier.case_id, plan.key, *e[2:7], s.count, str(s.state)
                    )
                    found.add(row)
    return found


def told_by_state(cast, day, pupils=None):
    pupils = (
        Pupil.objects.filter(school=cast.school).values_list("pk", flat=True) if pupils is None else pupils
    )
    rows = state.due_today(school=cast.school, pupils=pupils, day=day)
    assert len(rows) == len(set(rows))
    return set(rows)


def write(cast, activities=("talk",), at=0, on=DAY, **more):
    entry = Entry(activities, on, **more)
    return record.add(entry=entry, pupils=cast.pupils[at : at + 1], by=cast.viewer(cast.homeroom))


def is_fresh(case) -> bool:
    return KeptLedger.objects.fresh_on(DAY, state.MADE_BY).filter(pk=case.pk).exists()


@pytest.fixture
def case(cast):
    case = cast.case(0)
    state.refresh(school=cast.school, day=DAY)
    assert is_fresh(case) and DutyState.objects.filter(kept=case.pk).exists()
    return case


def test_a_case_is_born_with_a_kept_ledger_that_is_stale(cast):
    case = cast.case(0)
    assert KeptLedger.objects.get(pk=case.pk).is_stale
    Case.objects.bulk_create(
        [Case(school=cast.school, pupil=cast.pupils[1], plan_key="weekly_support", opened_on=DAY)]
    )
    assert KeptLedger.objects.count() == 2


def test_what_is_due_is_what_the_schedule_says(cast, case):
    due = told_by_state(cast, DAY)
    assert due == told_by_schedule(cast, DAY)
    assert len(due) > 3


def test_reading_what_is_due_is_one_query(cast, case):
    cast.case(1)
    state.refresh(school=cast.school, day=DAY)
    pupils = [pupil.pk for pupil in cast.pupils]
    with CaptureQueriesContext(connection) as asked:
        assert state.due_today(school=cast.school, pupils=pupils, day=DAY)
    assert len(asked) == 1


def test_another_schools_children_are_passed_over(cast, case):
    other = factories.case(cast.stranger, helper=cast.outsider)
    state.refresh(school=other.school, day=DAY)
    both = [cast.pupils[0].pk, cast.stranger.pk]
    assert told_by_state(cast, DAY, both) == told_by_state(cast, DAY) != set()


def test_a_record_leaves_the_state_fresh_and_right(cast, case):
    before = told_by_state(cast, DAY)
    evidence = write(cast, ("talk", "tutoring"))
    assert is_fresh(case)
    after = told_by_state(cast, DAY)
    assert after == told_by_schedule(cast, DAY) and len(after) < len(before)
    by = cast.viewer(cast.homeroom)
    moved = record.amend(evidence=evidence, entry=Entry(("talk",), DAY - WEEK), by=by)
    assert is_fresh(case) and told_by_state(cast, DAY) == told_by_schedule(cast, DAY)
    record.withdraw(evidence=moved, by=by)
    assert is_fresh(case) and told_by_state(cast, DAY) == before


def test_a_plain_record_costs_four_queries_more_and_touches_only_its_own_windows(cast, case, monkeypatch):
    def never(*_):
        raise AssertionError("everything was worked out again")

    monkeypatch.setattr(state, "_make_anew", never)
    before = dict(DutyState.objects.values_list("pk", "state"))
    with CaptureQueriesContext(connection) as asked:
        write(cast, ("talk",))
    mine = [q["sql"] for q in asked if "keptledger" in q["sql"] or "dutystate" in q["sql"]]
    assert len(mine) == 3 + (connection.vendor == "postgresql")  # which locks them beforehand
    after = dict(DutyState.objects.values_list("pk", "state"))
    changed = {pk for pk in after if after[pk] != before[pk]}
    assert set(DutyState.objects.filter(pk__in=changed).values_list("state", flat=True)) == {"done"}
    monkeypatch.undo()
    assert is_fresh(case) and told_by_state(cast, DAY) == told_by_schedule(cast, DAY)


def test_a_record_that_tells_of_an_event_opens_the_windows_that_hang_on_it(cast, case):
    before = DutyState.objects.count()
    write(cast, ("guardian_contact",), answers={"outcome": "uncooperative"})
    assert is_fresh(case) and DutyState.objects.count() > before
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY)


def test_a_record_about_a_child_whose_ledger_is_stale_leaves_it_to_the_reader(cast, case):
    Absence.objects.create(pupil=case.pupil, starts_on=DAY, ends_on=DAY)
    write(cast)
    assert not is_fresh(case)
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY)


def test_the_children_beside_are_left_alone(cast, case):
    other = cast.case(1)
    state.refresh(school=cast.school, day=DAY)
    kept = list(DutyState.objects.filter(kept=other.pk).order_by("pk").values_list("pk", flat=True))
    write(cast)
    assert list(DutyState.objects.filter(kept=other.pk).order_by("pk").values_list("pk", flat=True)) == kept


def test_a_record_that_is_refused_changes_nothing(cast, case, monkeypatch):
    before = list(DutyState.objects.order_by("pk").values())

    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr(state, "settle", broken)
    with pytest.raises(ZeroDivisionError):
        write(cast)
    assert not Evidence.objects.exists()
    assert list(DutyState.objects.order_by("pk").values()) == before


def sheet(cast, case):
    return MonthSheet.objects.create(
        school=cast.school, plan_key=case.plan_key, helper=cast.homeroom, month=date(2026, 9, 1), content={},
        digest="", handed_in_at=clock.now(), handed_in_by=cast.homeroom,
    )  # fmt: skip


# Every door through which something a ledger is worked out from can change, straight at the table.
def _evidence(cast, case, **more):
    return Evidence.objects.create(
        id=uuid4(), school=cast.school, author=cast.homeroom, happened_on=DAY, written_at=clock.now(),
        activities=["talk"], **more,
    )  # fmt: skip


DOORS = {
    "an absence": lambda cast, case: Absence.objects.bulk_create(
        [Absence(pupil=case.pupil, starts_on=DAY, ends_on=DAY)]
    ),
    "a leave": lambda cast, case: Leave.objects.create(staff=cast.homeroom, starts_on=DAY, ends_on=DAY),
    "a waiver": lambda cast, case: Waiver.objects.create(
        case=case, duty_key="talk", period="x", reason="other", by=cast.homeroom, at=clock.now()
    ),
    "a decision": lambda cast, case: Decision.objects.create(
        case=case, term_key="2026-2027-1", outcome="continue", by=cast.homeroom, on=DAY
    ),
    "a new pair": lambda cast, case: Pairing.objects.filter(case=case).update(valid_to=DAY, state="ended"),
    "a pair gone": lambda cast, case: Pairing.objects.filter(case=case).update(valid_to=date(2026, 10, 5), state="ended"),
    "another class": lambda cast, case: Enrolment.objects.filter(pupil=case.pupil).update(valid_to=DAY),
    "leaving": lambda cast, case: Pupil.objects.filter(pk=case.pupil_id).update(left_on=DAY),
    "a case closed": lambda cast, case: Case.objects.filter(pk=case.pk).update(closed_on=DAY),
    "a plan stopped": lambda cast, case: AdoptedPlan.objects.filter(school=cast.school).update(valid_to=DAY),
    "a term moved": lambda cast, case: Term.objects.filter(key="2026-2027-1").update(starts_on=DAY),
    "a day off": lambda cast, case: DayOverride.objects.create(
        school=cast.school, day=DAY, is_school_day=False
    ),
    "a fact": lambda cast, case: FactStatement.objects.create(
        pupil=case.pupil, source="survey", stated_on=DAY, known_at=clock.now(), values={}
    ),
    "a record loaded": lambda cast, case: EvidencePupil.objects.bulk_create(
        [EvidencePupil(evidence=_evidence(cast, case), pupil=case.pupil, happened_on=DAY, roles=["helper"])]
    ),
    "a sheet sealed": lambda cast, case: (
        SheetCase.objects.create(sheet=sheet(cast, case), case=case, entry_year=2024),
        state.refresh(school=cast.school, day=DAY),
        MonthSheet.objects.update(state="sealed", sealed_at=clock.now(), sealed_by=cast.homeroom),
    ),
    "a calendar read anew": lambda cast, case: type(cast.school).objects.update(calendar_version=9),
}


@pytest.mark.parametrize("door", DOORS)
def test_whatever_changes_behind_it_makes_it_stale(cast, case, door):
    DOORS[door](cast, case)
    assert not is_fresh(case)
    cast.school.refresh_from_db()
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY)
    state.refresh(school=cast.school, day=DAY)
    assert is_fresh(case) and not state.audit(school=cast.school, day=DAY).wrong


def test_a_later_version_of_a_record_is_seen_by_those_the_earlier_was_about(cast, case):
    first = _evidence(cast, case)
    EvidencePupil.objects.create(evidence=first, pupil=case.pupil, happened_on=DAY, roles=["helper"])
    state.refresh(school=cast.school, day=DAY)
    _evidence(cast, case, amends=first, is_withdrawn=True)  # about nobody any more
    assert not is_fresh(case)


def test_a_childs_new_name_or_seat_of_another_child_wears_nothing(cast, case):
    Pupil.objects.filter(pk=case.pupil_id).update(name="陈满满", sort_key="chen")
    Enrolment.objects.filter(pupil=cast.pupils[3]).update(seat_no=40)
    Absence.objects.create(pupil=cast.pupils[2], starts_on=DAY, ends_on=DAY)
    assert is_fresh(case)


def test_the_next_day_of_a_quiet_week_needs_nothing_and_the_next_week_does(cast, case):
    friday, monday = DAY + timedelta(days=1), DAY + timedelta(days=4)
    assert state.refresh(school=cast.school, day=friday) == 0
    assert told_by_state(cast, friday) == told_by_schedule(cast, friday)
    assert state.refresh(school=cast.school, day=monday) == 1
    assert told_by_state(cast, monday) == told_by_schedule(cast, monday)


def test_every_day_of_a_term_reads_as_the_schedule_says(cast, case):
    cast.case(1, helper=cast.attached, opened_on=date(2026, 9, 20))
    Absence.objects.create(pupil=cast.pupils[1], starts_on=DAY - WEEK, ends_on=DAY + WEEK)
    Pairing.objects.filter(case=case).update(valid_to=date(2026, 11, 18))
    factories.pair(case, cast.attached, valid_from=date(2026, 11, 20))
    Enrolment.objects.filter(pupil=cast.pupils[1]).update(valid_to=date(2026, 12, 9))
    turned = 0
    for number in range(150):
        day = date(2026, 9, 5) + timedelta(days=number)
        turned += state.refresh(school=cast.school, day=day)
        assert told_by_state(cast, day) == told_by_schedule(cast, day), day
        assert not state.audit(school=cast.school, day=day).wrong
    assert turned < 2 * 150  # most nights look at few


def histories(cast, chance, day):
    """One random thing done by a verb."""
    pupil = chance.choice(cast.pupils[:4])
    staff = chance.choice([cast.homeroom, cast.attached, cast.supervisor])
    by = cast.viewer(staff, day)
    open_cases = list(Case.objects.open_on(day).order_by("pk"))
    match chance.randrange(8):
        case 0 | 1 | 2:
            some = chance.sample(["talk", "tutoring", "guardian_contact", "interview"], chance.randint(1, 2))
            on = max(day - timedelta(days=chance.randrange(20)), date(2026, 9, 1))
            outcome = {"outcome": "uncooperative"} if chance.random() < 0.2 else {}
            record.add(entry=Entry(tuple(some), on, answers=outcome), pupils=[pupil], by=by)
        case 3:
            found = Evidence.objects.current().filter(author=staff).order_by("pk").first()
            if found:
                record.withdraw(evidence=found, by=by)
        case 4:
            found = Evidence.objects.current().filter(author=staff).order_by("-happened_on", "pk").first()
            if found:
                record.amend(evidence=found, entry=Entry(("talk",), found.happened_on), by=by)
        case 5 if cast.homeroom == staff:
            last = day + timedelta(days=chance.randrange(9))
            excuse.note_absence(pupil=pupil, starts_on=day, ends_on=last, by=by)
        case 6:
            excuse.take_leave(
                staff=staff, starts_on=day, ends_on=day + timedelta(days=chance.randrange(6)), by=by,
                deputy=cast.supervisor if staff != cast.supervisor and chance.random() < 0.5 else None,
            )  # fmt: skip
        case 7 if open_cases:
            due = state.due_today(school=cast.school, pupils=[pupil.pk], day=day)
            if due:
                one = chance.choice(due)
                missed = excuse.Missed(one.duty_key, one.period, "nobody_home")
                excuse.waive(case=Case.objects.get(pk=one.case_id), missed=missed, by=by)


@pytest.mark.parametrize("seed", range(6))
def test_random_histories_through_the_verbs_read_as_the_schedule_says(cast, settings, seed):
    chance = random.Random(seed)
    for at, helper in enumerate([cast.homeroom, cast.attached, cast.homeroom, cast.attached]):
        cast.case(at, helper=helper, opened_on=date(2026, 9, 7) + timedelta(days=at))
    day = date(2026, 9, 20)
    for _ in range(25):
        day += timedelta(days=chance.choice([0, 0, 1, 3]))
        settings.DAY = day
        histories(cast, chance, day)
        assert told_by_state(cast, day) == told_by_schedule(cast, day)
    found = state.audit(school=cast.school, day=day)
    assert not found.wrong and found.cells > 40


def test_an_audit_finds_a_cell_that_was_spoilt_lost_or_made_up(cast, case):
    cells = DutyState.objects.filter(kept=case.pk).order_by("pk")
    lost, spoilt = cells[0], cells[1]
    DutyState.objects.filter(pk=spoilt.pk).update(count=spoilt.count + 1)
    DutyState.objects.filter(pk=lost.pk).delete()
    DutyState.objects.create(
        kept_id=case.pk,
        duty_key="nothing",
        period="x",
        opens_on=DAY,
        due_on=DAY,
        times=1,
        count=0,
        state="open",
        asks="{}",
    )
    wrong = state.audit(school=cast.school, day=DAY).wrong
    assert sorted((bool(kept), bool(true)) for _, kept, true in wrong) == [
        (False, True),
        (True, False),
        (True, True),
    ]
    assert state.rebuild(school=cast.school, day=DAY) == 1
    assert not state.audit(school=cast.school, day=DAY).wrong


def test_what_another_version_of_the_program_kept_is_made_anew(cast, case, monkeypatch):
    monkeypatch.setattr(state, "MADE_BY", "99.0")
    assert state.refresh(school=cast.school, day=DAY) == 1


def test_the_triggers_can_be_laid_twice_and_cases_without_a_ledger_get_one(cast, case):
    KeptLedger.objects.all().delete()
    stale.install()
    stale.install()
    assert KeptLedger.objects.get(pk=case.pk).is_stale


def test_migrating_lays_the_triggers_that_a_rebuilt_table_lost(cast, case):
    stale.remove()
    Absence.objects.create(pupil=case.pupil, starts_on=DAY, ends_on=DAY)
    assert is_fresh(case)  # nobody watches: that is why they are laid again
    call_command("migrate", verbosity=0, interactive=False)
    Absence.objects.create(pupil=case.pupil, starts_on=DAY, ends_on=DAY)
    assert not is_fresh(case)


def test_a_ledger_deleted_by_hand_is_made_anew(cast, case):
    KeptLedger.objects.all().delete()
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY) != set()


def test_a_late_record_of_a_sealed_month_is_shown_as_it_is(cast, case):
    SheetCase.objects.create(sheet=sheet(cast, case), case=case, entry_year=2024)
    moment = timezone.now()
    MonthSheet.objects.update(state="sealed", sealed_at=moment, sealed_by=cast.homeroom)
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY)
    assert {due.state for due in told_by_state(cast, DAY)} <= {"open", "can_still_be_added"}
    assert DutyState.objects.filter(kept=case.pk, state="not_done").exists()


def test_a_cell_keeps_everything_the_engine_needs_to_judge_it_again():
    e = Expectation(
        "plan", "case", "talk@helper", "2026-10", DAY, DAY, 2, ("helper", "deputy"), ("talk",), 10, "谈心", "10月",
        "帮扶教师请假", 2, "lessons", 10,
    )  # fmt: skip
    cell = state.Cell(*e[2:7], 0, None, "open", state._asks(e[7:]))
    assert state._expectation("case", cell) == e._replace(plan_key="", title="", period_title="")
