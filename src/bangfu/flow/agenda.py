"""What falls to one viewer today: duties of all plans in force, as rows in reading order, and 没做成 with its undo.

A row is one sitting: duties one record can meet stand together, whichever plans they are of, and children of one
household too. Nothing is stored; the number of queries does not grow with children or plans. P9-03, P9-15, P9-16,
P9-23, P9-37, P9-40 meet people here.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bangfu.engine.calendar import Calendar
from bangfu.engine.expectation import Expectation
from bangfu.engine.overlap import Ask, sittings
from bangfu.engine.plan import Plan
from bangfu.engine.standing import Standing, State
from bangfu.flow import adopt, appointments, excuse, history, places, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.flow.hand_over import HandIn, class_rows, hand_ins, written_today
from bangfu.records.models import Appointment, Case, Decision, Enrolment, Leave, Pairing, Waiver
from bangfu.records.models.people import standing_in

LOOKBACK = timedelta(days=35)  # a month that is over can still be added to, until it is sealed
RECENT = timedelta(days=7)  # 几天内补记不用说明
SOON = timedelta(days=31)  # what closes later than that need not stand in the way
WAITING = (State.open, State.can_still_be_added)
DAY = timedelta(days=1)


class NotWaiting(excuse.NotYours):
    sentence = "这件事已经做过、说明过，或者不归您管。刷新一下就能看到最新的情况。"


@dataclass(frozen=True, slots=True)
class Child:
    """A child on a row."""

    id: UUID
    name: str
    case_id: UUID


@dataclass(frozen=True, slots=True)
class Row:
    """One sitting: what, for whom, within which days. `order` is class order.

    `kind` is case, decision, survey or place: what a class or the school is owed, `place` being (class | school, id).
    """

    kind: str
    plans: tuple[str, ...]  # short titles, the first one's duty closes first
    duties: tuple[str, ...]
    titles: tuple[str, ...]
    activity: str
    accepts: frozenset[str]
    period: str
    opens_on: date
    due_on: date
    minutes: int
    children: tuple[Child, ...]
    class_of: tuple[int, int]  # entry year, class number
    household: str = ""
    order: tuple = ()
    cells: tuple[str, ...] = ()  # what 没做成 would set aside: only what closes together
    place: tuple[str, UUID | None] = ("", None)
    label: str = ""
    is_bulk: bool = False  # may be confirmed for everybody at once, those named excepted
    because: tuple[
        tuple[Plan, Standing], ...
    ] = ()  # for each plan: what closes first of it, and whose clause it is

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(child.name for child in self.children)


@dataclass(slots=True)
class Agenda:
    """A viewer's day. `helped` are the children the viewer answers for; `closing` names duties by record id."""

    day: date
    calendar: Calendar
    plans: tuple[Plan, ...]
    today: list[Row] = field(default_factory=list)
    week: list[Row] = field(default_factory=list)
    later: list[Row] = field(default_factory=list)  # open, with more than a month to go
    late: list[Row] = field(default_factory=list)
    older: list[Row] = field(default_factory=list)
    month: list[HandIn] = field(default_factory=list)
    done: list[tuple] = field(default_factory=list)  # the last records of today
    done_count: int = 0
    helped: list[schedule.Dossier] = field(default_factory=list)
    closing: dict[UUID, dict[str, None]] = field(default_factory=dict)
    is_fresh: bool = False  # helps somebody, and nothing has been written about any of them yet
    stands_in: str = ""  # who looks after my children while I am on leave
    in_place: dict[UUID, str] = field(default_factory=dict)  # who looks after this one case in these days
    appointed: dict[str, Appointment] = field(default_factory=dict)  # what I put on a day, by cell

    @property
    def minutes(self) -> int:
        return sum(row.minutes for row in self.today)

    def on_a_day(self, row: Row) -> Appointment | None:
        """This function will give the day and hour I put a row on, if I did."""
        return next((self.appointed[cell] for cell in row.cells if cell in self.appointed), None)

    @property
    def waits(self) -> bool:
        """Whether anything at all waits on this page."""
        return bool(self.today or self.week or self.later or self.late or self.older or self.month)


def agenda(viewer, plans: tuple[Plan, ...] | None = None) -> Agenda:
    """This function will work out a viewer's day; about eleven queries and up to three a plan that asks for papers."""
    plans = adopt.plans_in_force(viewer.school, viewer.day) if plans is None else plans
    found = Agenda(viewer.day, calendar_for(viewer.school), plans)
    mine = judged(plans, viewer)
    rows = _case_rows(plans, mine, viewer) + _place_rows(plans, viewer, found.calendar)
    for plan in plans:
        of_plan = [d for d in mine.values() if d.plan_key == plan.key]
        helping = [d for d in of_plan if "helper" in schedule.towards(viewer, d)]
        found.helped += [d for d in helping if d.pupil_id not in {one.pupil_id for one in found.helped}]
        rows += class_rows(plan, viewer, found.calendar, Row, Child)
        found.month += hand_ins(plan, viewer, found.calendar, helping)
    found.is_fresh = bool(found.helped) and not any(s.acts for d in mine.values() for s in d.standings)
    _note_closing(found, mine)
    found.appointed = appointments.of(viewer) if found.helped else {}
    _sort_in(found, _surveys_once(rows))
    found.done_count, found.done = written_today(viewer)
    _note_stand_ins(found, viewer)
    return found


def judged(plans: tuple[Plan, ...], viewer) -> dict[UUID, schedule.Dossier]:
    """This function will judge every case of these plans in which something may fall to the viewer: {case id: Dossier}."""
    falls = Q(pk__in=())
    for plan in plans:
        falls |= Q(plan_key=plan.key) & _falls_to(plan, viewer)
    cases = Case.objects.filter(falls, school_id=viewer.school_id)
    found = schedule.dossiers(cases.open_on(viewer.day), day=viewer.day)
    for dossier in found.values():  # whose helper I am not: only what my other roles may owe
        roles = schedule.towards(viewer, dossier)
        if "helper" not in roles:
            dossier.only = roles
    opens_on = viewer.day - LOOKBACK
    schedule.judge(plans, found, schedule.Asked(viewer.school, opens_on, viewer.day, viewer.day))
    return found


def _falls_to(plan: Plan, viewer) -> Q:
    """Cases the viewer may owe something to: helped or stood in for, of my class, my grade, or of the whole school."""
    asked = {role for duty in plan.duties if duty.per == "case" for role in duty.who}
    if any(g.role in asked and not g.school_class_id and g.grade is None for g in viewer.grants):
        return Q()
    day = viewer.day
    pairs = Pairing.objects.in_force(day).filter(Q(helper=viewer.staff) | standing_in(viewer))
    found = Q(pk__in=pairs.values("case"))
    classes, years = viewer.class_ids_as(*asked), viewer.entry_years_as(*asked)
    if classes or years:
        enrolled = Enrolment.objects.on(day).filter(
            Q(school_class__in=classes) | Q(school_class__entry_year__in=years)
        )
        found |= Q(pupil__in=enrolled.values("pupil"))
    return found


def _case_rows(plans: tuple[Plan, ...], mine: dict[UUID, schedule.Dossier], viewer) -> list[Row]:
    by_key = {plan.key: plan for plan in plans}
    over = {plan.key: history.reigns_of(plan, viewer.school) for plan in plans}
    waiting = [
        (dossier, standing)
        for dossier in mine.values()
        for roles in [schedule.towards(viewer, dossier)]
        for standing in dossier.standings
        if standing.state in WAITING and schedule.falls_to(roles, dossier, standing.expectation)
    ]
    decided = _decided(waiting)
    asks: dict[tuple, list[Ask]] = {}
    rows = []
    for dossier, standing in waiting:
        e, plan = standing.expectation, by_key[dossier.plan_key]
        duty = history.duty_of(over[plan.key], e)
        # What is over and what still runs are never one sitting: the first would hide the days of the second.
        ask = Ask(e._replace(times=1), duty.together, duty.bulk, (plan, dossier, duty, standing))
        if "decision" not in e.accepts:
            asks.setdefault((dossier.pupil_id, standing.state), []).append(ask)
        elif (e.subject_id, e.period) not in decided:
            rows.append(_row([ask], viewer.day))
    for some in asks.values():
        rows += [_row(sitting.asks, viewer.day) for sitting in sittings(some)]
    return _by_household(rows)


def _decided(waiting) -> set[tuple]:
    cases = {d.case_id for d, s in waiting if "decision" in s.expectation.accepts}
    return set(Decision.objects.filter(case__in=cases).values_list("case_id", "term_key")) if cases else set()


def _row(asks: list[Ask], day: date) -> Row:
    _plan, dossier, duty, _standing = asks[0].of
    first = asks[0].expectation
    said: dict[str, Expectation] = {}
    for ask in asks:  # 「学生说说这一周」 is met by the talk: one activity is named once
        said.setdefault(ask.expectation.accepts[0], ask.expectation)
    closing = [ask.expectation for ask in asks if ask.expectation.due_on == first.due_on]
    return Row(
        kind="decision" if "decision" in first.accepts else "case",
        plans=tuple(dict.fromkeys(ask.of[0].short_title for ask in asks)),
        duties=tuple(ask.expectation.duty_key for ask in asks),
        titles=tuple(e.title for e in said.values()),
        activity=duty.form or first.accepts[0],
        accepts=frozenset(a for ask in asks for a in ask.expectation.accepts),
        period=first.period,
        opens_on=max(ask.expectation.opens_on for ask in asks),
        due_on=first.due_on,
        minutes=max(ask.expectation.minutes for ask in asks),
        children=(Child(dossier.pupil_id, dossier.name, dossier.case_id),),
        class_of=(dossier.entry_year, dossier.class_number),
        household=dossier.household_key,
        order=(-dossier.entry_year, dossier.class_number, dossier.seat_no or 999, dossier.sort_key),
        cells=tuple(f"{e.subject_id} {e.duty_key} {e.period}" for e in closing),
        is_bulk=len(said) == 1 and all(ask.bulk for ask in asks),
        because=_because((ask.of[0], ask.of[3]) for ask in asks),
    )


def _because(asked: Iterable[tuple[Plan, Standing]]) -> tuple[tuple[Plan, Standing], ...]:
    found: dict[str, tuple[Plan, Standing]] = {}
    for plan, standing in asked:
        found.setdefault(plan.key, (plan, standing))
    return tuple(found.values())


def _place_rows(plans: tuple[Plan, ...], viewer, calendar: Calendar) -> list[Row]:
    """What a class or the school is owed: one row for what one record meets, whichever plans ask for it."""
    asks: dict[tuple, list[Ask]] = {}
    for row in places.rows(viewer, plans, calendar):
        if row.waits and row.is_first:
            e = row.standing.expectation
            duty = history.duty_of(history.reigns_of(row.plan, viewer.school), e)
            ask = Ask(e._replace(times=1), duty.together, duty.bulk, row)
            asks.setdefault((row.id, row.standing.state), []).append(ask)
    return [_place_row(sitting.asks) for some in asks.values() for sitting in sittings(some)]


def _place_row(asks: list[Ask]) -> Row:
    of, first = asks[0].of, asks[0].expectation
    said = {ask.expectation.accepts[0]: ask.expectation.title for ask in reversed(asks)}
    return Row(
        kind="place",
        plans=tuple(dict.fromkeys(ask.of.plan.short_title for ask in asks)),
        duties=tuple(ask.expectation.duty_key for ask in asks),
        titles=tuple(reversed(said.values())),
        activity=of.activity,
        accepts=frozenset(a for ask in asks for a in ask.expectation.accepts),
        period=first.period,
        opens_on=max(ask.expectation.opens_on for ask in asks),
        due_on=first.due_on,
        minutes=max(ask.expectation.minutes for ask in asks),
        children=(),
        class_of=(0, 0),
        order=of.order,
        place=(of.kind, of.id),
        label=of.label,
        because=_because((ask.of.plan, ask.of.standing) for ask in asks),
    )


def _surveys_once(rows: list[Row]) -> list[Row]:
    """A class is looked at once, for all plans that ask for it."""
    found: dict[tuple, Row] = {}
    for row in sorted(rows, key=lambda row: row.due_on):
        key = (row.class_of, row.children) if row.kind == "survey" else (id(row),)
        known = found.get(key)
        plans = known.plans + row.plans if known else row.plans
        found[key] = replace(known or row, plans=tuple(dict.fromkeys(plans)))
    return list(found.values())


def _by_household(rows: list[Row]) -> list[Row]:
    """Brothers and sisters: what is done with the family stands on one row, one visit closes it for all."""
    found: dict[tuple, Row] = {}
    for row in sorted(rows, key=lambda row: row.order):
        family = row.household if row.household and "guardian_contact" in row.accepts else row.children[0].id
        key = (family, row.duties, row.opens_on, row.due_on)
        known = found.get(key)
        if known:
            both = known.children + tuple(
                c for c in row.children if c.id not in {k.id for k in known.children}
            )
            row = replace(known, children=both, cells=known.cells + row.cells)
        found[key] = row
    return list(found.values())


def _sort_in(found: Agenda, rows: list[Row]) -> None:
    at_school = found.calendar.is_school_day(found.day)
    for row in sorted(rows, key=lambda row: row.order):
        if row.due_on < found.day:
            (found.late if row.due_on >= found.day - RECENT else found.older).append(row)
        elif at_school and not found.calendar.has_school_day(found.day + DAY, row.due_on):
            found.today.append(row)
        else:
            is_soon = row.kind == "survey" or row.due_on <= found.day + SOON
            (found.week if is_soon else found.later).append(row)
    for group in (found.today, found.week, found.later, found.late, found.older):
        group[:] = neighbours(group)
    if found.appointed:
        _put_on_their_days(found)


def _put_on_their_days(found: Agenda) -> None:
    """What I put on today comes to today; what has an hour comes first, by its hour."""
    for group in (found.week, found.later):
        now = [row for row in group if (kept := found.on_a_day(row)) and kept.on == found.day]
        found.today += now
        group[:] = [row for row in group if row not in now]
    hours = {id(row): kept.at for row in found.today if (kept := found.on_a_day(row)) and kept.at}
    found.today.sort(key=lambda row: (id(row) not in hours, str(hours.get(id(row), ""))))


def neighbours(rows: list[Row]) -> list[Row]:
    """This function will sort by closing day and keep rows of one child and one household next to each other."""
    homes: dict[object, list[Row]] = {}
    for row in rows:
        homes.setdefault(
            row.household or (row.children[0].id if row.children else row.place[1] or row.class_of), []
        ).append(row)
    ordered = sorted(homes.values(), key=lambda some: (min(row.due_on for row in some), some[0].order))
    return [row for some in ordered for row in sorted(some, key=lambda row: (row.due_on, row.order))]


def _note_closing(found: Agenda, mine: dict[UUID, schedule.Dossier]) -> None:
    for dossier in mine.values():
        for s in dossier.standings:
            if s.state in (State.done, State.done_recorded_late):
                for act in s.acts[: s.expectation.times]:
                    found.closing.setdefault(act, {})[s.expectation.title] = None


def _note_stand_ins(found: Agenda, viewer) -> None:
    """Who stands in for me today: for all my children while I am away, or for one of them; one query, if anybody does."""
    if not any(viewer.staff.pk in dossier.helpers and dossier.deputies for dossier in found.helped):
        return
    rows = Leave.objects.filter(
        staff=viewer.staff, deputy__isnull=False, starts_on__lte=viewer.day, ends_on__gte=viewer.day
    ).order_by("deputy__sort_key")
    told = list(rows.values_list("case_id", "deputy__name"))
    found.stands_in = "、".join(dict.fromkeys(name for case_id, name in told if case_id is None))
    found.in_place = {case_id: name for case_id, name in told if case_id}


@transaction.atomic
def set_aside(*, cells, reason: str, by) -> list[Waiver]:
    """This function will note 没做成 with one reason for a row's cells; raises NotWaiting when none of them waits."""
    wanted, found = set(cells), []
    for case_id, dossier in judged(adopt.plans_in_force(by.school, by.day), by).items():
        missed = {
            (s.expectation.duty_key, s.expectation.period)
            for s in dossier.standings
            if "{1} {2} {3}".format(*s.expectation.identity) in wanted
            and s.state in WAITING
            and schedule.is_mine(by, dossier, s.expectation)
        }
        case = Case.objects.get(pk=case_id) if missed else None
        found += [
            excuse.waive(case=case, missed=excuse.Missed(key, period, reason), by=by)
            for key, period in sorted(missed)
        ]
    if not found:
        raise NotWaiting
    return found


@transaction.atomic
def take_up_again(*, waiver_ids, by) -> int:
    """This function will undo 没做成, for what `by` noted; gives how many came back."""
    rows = list(Waiver.objects.filter(pk__in=waiver_ids, by=by.staff, withdrawn_at__isnull=True))
    for waiver in rows:
        excuse.unwaive(waiver=waiver, by=by)
    return len(rows)
