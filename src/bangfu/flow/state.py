"""The state of every duty kept beside the facts, so that what is due can be read in one query. A cache (ADR 0013).

The schedule works it out; triggers mark it stale whenever something behind it changes (records/stale.py). It is made
anew with each record, each night, and by whoever reads it first. `audit` holds every cell against the schedule.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

import bangfu
from bangfu.engine.case import Act
from bangfu.engine.expectation import Expectation
from bangfu.engine.standing import Standing, State, matches, standing
from bangfu.flow import adopt, schedule
from bangfu.flow.acts import acts_in
from bangfu.flow.agenda import LOOKBACK
from bangfu.records import kept
from bangfu.records.models import AdoptedPlan, Case, DutyState, Enrolment, KeptLedger, Pairing, School

HORIZON = timedelta(days=35)  # how far ahead it is seen when something turns
DAY = timedelta(days=1)
NEVER = (date.max, date.max)
AT_ONCE = 200  # cases in one transaction: a night never holds up a teacher for long
MADE_BY = bangfu.__version__


class Cell(NamedTuple):
    """One duty of a case in one window, as it is kept."""

    duty_key: str
    period: str
    opens_on: date
    due_on: date
    times: int
    count: int
    done_on: date | None
    state: str
    asks: str


class Due(NamedTuple):
    """What waits for a child: a cell that is open, or over and can still be added to."""

    pupil_id: UUID
    case_id: UUID
    plan_key: str
    duty_key: str
    period: str
    opens_on: date
    due_on: date
    times: int
    count: int
    state: str


@dataclass(slots=True)
class Worked:
    """What a case's ledger is on a day: its cells, and the last day through which they hold."""

    cells: tuple[Cell, ...] = ()
    until: date = date.max


@dataclass(slots=True)
class Audit:
    """What was held against the schedule; `wrong` are (case id, kept cell or None, true cell or None)."""

    cases: int = 0
    cells: int = 0
    stale: int = 0  # to be made anew before anybody reads them: no fault
    wrong: list[tuple[UUID, Cell | None, Cell | None]] = field(default_factory=list)


def work_out(school: School, cases: QuerySet[Case], day: date) -> dict[UUID, Worked]:
    """This function will ask the schedule for these cases as today's list does, and see when time alone changes it."""
    rows = {pk: (key, opened, closed) for pk, key, opened, closed in cases.values_list(*CASE)}
    found = {pk: Worked(until=day + HORIZON) for pk in rows}
    asked = schedule.Asked(school, day - LOOKBACK, day + HORIZON, day)
    for plan in adopt.plans_in_force(school, day):
        mine = [pk for pk, (key, *_) in rows.items() if key == plan.key]
        if mine:
            some = Case.objects.filter(pk__in=mine).open_on(day)
            for pk, dossier in schedule.ledger(plan, some, asked).items():
                found[pk] = _worked(dossier.standings, day)
    for pk, some in _turns(school, rows).items():
        found[pk].until = min([found[pk].until, *(on - DAY for on in some if on > day)])
    return found


CASE = ("id", "plan_key", "opened_on", "closed_on")


def _worked(standings: Iterable[Standing], day: date) -> Worked:
    cells, until = {}, day + HORIZON
    for s in standings:
        e = s.expectation
        for turn in (e.opens_on, e.due_on + DAY, e.due_on + LOOKBACK + DAY):
            if turn > day:
                until = min(until, turn - DAY)
        if e.opens_on <= day:
            cell = Cell(*e[2:7], s.count, s.done_on, str(s.state), _asks(e[7:]))
            cells.setdefault((e.duty_key, e.period), cell)
    return Worked(tuple(cells.values()), until)


@lru_cache(maxsize=4096)
def _asks(tail: tuple) -> str:
    """What an expectation asks beside its window, without the words of its title."""
    named = dict(zip(Expectation._fields[7:], tail, strict=True))
    return json.dumps({k: v for k, v in named.items() if k not in WORDS}, ensure_ascii=False, sort_keys=True)


WORDS = {"title": "", "period_title": ""}


def _expectation(case_id: UUID, cell: Cell) -> Expectation:
    return Expectation("", case_id, *cell[:5], **_asked(cell.asks), **WORDS)


@lru_cache(maxsize=4096)
def _asked(asks: str) -> dict:
    told = json.loads(asks)
    return {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}


def _turns(school: School, rows: dict[UUID, tuple]) -> dict[UUID, set[date]]:
    """Days on which a case, its class, its pairing or its plan begins or ends, whatever the windows say."""
    found = {pk: {on for on in days if on} for pk, (_, *days) in rows.items()}
    enrolled = Enrolment.objects.filter(pupil__cases__in=rows)
    for ends in (
        enrolled.values_list(
            "pupil__cases", "valid_from", "valid_to", "pupil__joined_on", "pupil__left_on"
        ),
        Pairing.objects.filter(case__in=rows).values_list("case", "valid_from", "valid_to"),
    ):  # fmt: skip
        for pk, *days in ends:
            found.get(pk, set()).update(on for on in days if on)
    versions = AdoptedPlan.objects.filter(school=school).values_list("key", "valid_from", "valid_to")
    of_plan: dict[str, set[date]] = {}
    for key, *days in versions:
        of_plan.setdefault(key, set()).update(on for on in days if on)
    for pk, (key, *_) in rows.items():
        found[pk] |= of_plan.get(key, set())
    return found


def refresh(*, school: School, day: date, pupils=None) -> int:
    """This function will make anew what is stale or has turned by a day; gives how many cases it was.

    `pupils` (ids or a query) narrows it. The rows are locked before anything is read, so that a change made
    meanwhile waits, and marks them stale again.
    """
    bare = Case.objects.filter(school=school, kept__isnull=True)  # none, unless somebody deleted them by hand
    KeptLedger.objects.bulk_create((KeptLedger(case=case) for case in bare), ignore_conflicts=True)
    worn = KeptLedger.objects.filter(case__school=school).worn_on(day, MADE_BY)
    if pupils is not None:
        worn = worn.filter(case__pupil__in=pupils)
    ids = sorted(worn.values_list("pk", flat=True))
    for at in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            _make_anew(school, ids[at : at + AT_ONCE], day)
    return len(ids)


@dataclass(slots=True)
class Held:
    """The kept state of some children, locked just before something is written about them.

    `cells` are those a record of these days may change, of the ledgers that are fresh: {case id: [(number, cell)]}.
    """

    school: School
    day: date
    days: (
        tuple[date, date] | None
    )  # None: an earlier record is taken back or amended, all is worked out again
    pupil_of: dict[UUID, UUID] = field(default_factory=dict)
    cells: dict[UUID, list[tuple[int, Cell]]] = field(default_factory=dict)


def hold(*, school: School, pupils: Iterable[UUID], day: date, days: tuple[date, date] | None) -> Held:
    """This function will lock the ledgers of children about whom something of these days is to be written; one query."""
    held, pupils = Held(school, day, days), list(pupils)
    kept.lock(pupils)
    for pk, pupil, number, *cell in kept.around(school.pk, pupils, (day, MADE_BY), days or NEVER):
        held.pupil_of[pk] = pupil
        some = held.cells.setdefault(pk, [])
        if number is not None:
            some.append((number, Cell(*cell)))
    return held


def settle(held: Held, written: Mapping[UUID, Sequence[tuple[Act, tuple[str, ...]]]]) -> None:
    """This function will bring the held cells up to date with what was just written: {pupil id: [(act, events)]}.

    A new record can only add to the windows it counts for; the engine judges those again by all acts in them. What
    tells of an event may open other windows: that child is worked out again. Stale ledgers stay stale.
    """
    anew: list[UUID] = []
    touched: dict[UUID, list[tuple[int, Cell]]] = {}
    for pk, some in held.cells.items():
        new = written.get(held.pupil_of[pk], ())
        mine = [one for one in some if any(matches(_expectation(pk, one[1]), act) for act, _ in new)]
        if held.days is None or any(events for _, events in new) or any(_is_decided(one[1]) for one in mine):
            anew.append(pk)
        elif mine:
            touched[pk] = mine
    for (count, done_on, reached), numbers in _changes(held, touched).items():
        kept.reach(numbers, count, done_on, reached)
    if anew:
        _make_anew(held.school, sorted(anew), held.day)
    kept.settled(held.pupil_of.keys() - anew)


def _changes(held: Held, touched: dict[UUID, list[tuple[int, Cell]]]) -> dict[tuple, list[int]]:
    """What the engine says of some cells by all acts in their windows, where it says something else than is kept."""
    found: dict[tuple, list[int]] = {}
    cells = [cell for some in touched.values() for _, cell in some]
    if not cells:
        return found
    span = min(cell.opens_on for cell in cells), max(cell.due_on for cell in cells)
    told = acts_in(kept.done(list({held.pupil_of[pk] for pk in touched}), *span))
    for pk, some in touched.items():
        acts = sorted((act for act, _ in told[held.pupil_of[pk]]), key=_by_day)
        for number, cell in some:
            change = _judged_again(pk, cell, acts, held.day)
            if change != (cell.count, cell.done_on, cell.state):
                found.setdefault(change, []).append(number)
    return found


_by_day = attrgetter("on", "recorded_on", "id")


def _is_decided(cell: Cell) -> bool:
    """Decisions are no records: acts_about does not know them."""
    return '"decision"' in cell.asks


def _judged_again(case_id: UUID, cell: Cell, acts: list[Act], day: date) -> tuple:
    """With more acts than before: what was excused or sealed still is, unless it is done now."""
    waiver = cell.state if cell.state == State.excused else None
    e = _expectation(case_id, cell)
    s = standing(e, acts, day=day, waiver=waiver, sealed=cell.state == State.not_done)
    return s.count, s.done_on, str(s.state)


def _make_anew(school: School, ids: list[UUID], day: date) -> None:
    list(KeptLedger.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    worked = work_out(school, Case.objects.filter(pk__in=ids), day)
    have = {(pk, cell): number for number, pk, cell in _kept(worked)}
    want = {(pk, cell): None for pk, one in worked.items() for cell in one.cells}
    gone = [number for key, number in have.items() if key not in want]
    if gone:
        DutyState.objects.filter(pk__in=gone).delete()
    DutyState.objects.bulk_create(
        (DutyState(kept_id=pk, **cell._asdict()) for pk, cell in want if (pk, cell) not in have),
        batch_size=500,
    )
    by_until: dict[date, list[UUID]] = {}
    for pk, one in worked.items():
        by_until.setdefault(one.until, []).append(pk)
    for until, some in by_until.items():
        KeptLedger.objects.filter(pk__in=some).update(since=day, until=until, is_stale=False, made_by=MADE_BY)


def _kept(case_ids: Iterable[UUID]) -> Iterator[tuple[int, UUID, Cell]]:
    rows = DutyState.objects.filter(kept__in=case_ids).values_list("pk", "kept_id", *Cell._fields)
    for number, pk, *cell in rows:
        yield number, pk, Cell(*cell)


def due_today(*, school: School, pupils: Iterable[UUID], day: date) -> list[Due]:
    """This function will give what waits for these children (ids), in order of due days; one query.

    Only if something changed since, it is made anew first and read again.
    """
    pupils = list(pupils)
    found = kept.waiting(school.pk, pupils, (day, MADE_BY))
    if found is None:
        refresh(school=school, day=day, pupils=pupils)
        found = kept.waiting(school.pk, pupils, (day, MADE_BY))
    return list(map(Due._make, found or ()))


def rebuild(*, school: School, day: date) -> int:
    """This function will forget everything kept for a school and make it anew."""
    KeptLedger.objects.filter(case__school=school).update(is_stale=True)
    return refresh(school=school, day=day)


def audit(*, school: School, day: date) -> Audit:
    """This function will hold every cell that claims to be fresh against the schedule, worked out from the facts."""
    found = Audit()
    mine = KeptLedger.objects.filter(case__school=school)
    found.stale = mine.worn_on(day, MADE_BY).count()
    ids = sorted(mine.fresh_on(day, MADE_BY).values_list("pk", flat=True))
    for at in range(0, len(ids), AT_ONCE):
        with transaction.atomic():
            _hold_against(found, school, ids[at : at + AT_ONCE], day)
    return found


def _hold_against(found: Audit, school: School, ids: list[UUID], day: date) -> None:
    worked = work_out(school, Case.objects.filter(pk__in=ids), day)
    stored: dict[UUID, dict[tuple, Cell]] = {pk: {} for pk in ids}
    for _, pk, cell in _kept(ids):
        stored[pk][cell[:2]] = cell
    for pk, have in stored.items():
        want = {cell[:2]: cell for cell in worked[pk].cells}
        for key in have.keys() | want.keys():
            found.cells += 1
            if have.get(key) != want.get(key):
                found.wrong.append((pk, have.get(key), want.get(key)))
    found.cases += len(ids)
