"""What is owed to whom: rows in, the engine's expectations and standings out. Nothing is generated or stored.

Every list, page, sheet and paper asks here, so they agree by construction. Exceptions (waivers, leave, absence)
are the only things written.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from bangfu.engine.calendar import Calendar
from bangfu.engine.case import CaseView, Spell
from bangfu.engine.expectation import Expectation
from bangfu.engine.plan import Plan
from bangfu.engine.standing import Standing, standings
from bangfu.engine.version import owed_over
from bangfu.engine.window import windows
from bangfu.flow import circumstances, history, known
from bangfu.flow.acts import acts_about, decisions_on
from bangfu.flow.almanac import calendar_for, stops_for
from bangfu.records.models import (
    Absence,
    Case,
    EvidencePupil,
    Leave,
    Pairing,
    School,
    SheetCase,
    Waiver,
)
from bangfu.records.valid import valid_on

DAY = timedelta(days=1)


@dataclass(slots=True)
class Dossier:
    """One case with what the engine needs and what a page shows of it."""

    view: CaseView
    name: str
    sort_key: str
    school_class_id: UUID | None
    entry_year: int
    class_number: int
    seat_no: int | None
    household_key: str
    plan_key: str
    helpers: dict[UUID, str] = field(default_factory=dict)  # who helps now: staff id → name
    deputies: frozenset = frozenset()
    standings: tuple[Standing, ...] = ()
    only: frozenset[str] | None = None  # roles whose duties alone are asked for

    @property
    def case_id(self):
        return self.view.case_id

    @property
    def pupil_id(self):
        return self.view.pupil_id


CASE_COLUMNS = (
    "id", "pupil_id", "category", "opened_on", "closed_on", "pupil__name", "pupil__sort_key", "pupil__joined_on",
    "pupil__left_on", "pupil__household_key", "pupil__enrolments__school_class_id",
    "pupil__enrolments__school_class__entry_year", "pupil__enrolments__school_class__number",
    "pupil__enrolments__seat_no", "plan_key",
)  # fmt: skip


def dossiers(cases: QuerySet[Case], *, day: date) -> dict[UUID, Dossier]:
    """This function will read cases with class, helpers, leave and absences: {case id: Dossier}, four queries."""
    enrolled = valid_on(day, of="pupil__enrolments")
    found = {
        row[0]: row for row in cases.filter(enrolled | Q(pupil__left_on__lte=day)).values_list(*CASE_COLUMNS)
    }
    pairs = _pairs(found.keys())
    leaves = _leaves({helper for rows in pairs.values() for helper, *_ in rows})
    absences = _absences({row[1] for row in found.values()})
    return {
        case_id: _dossier(row, pairs.get(case_id, ()), leaves, absences.get(row[1], ()), day)
        for case_id, row in found.items()
    }


def _dossier(row, pairs, leaves, absences, day: date) -> Dossier:
    case_id, pupil_id, category, opened_on, closed_on, name, sort_key, joined_on, left_on, household = row[
        :10
    ]
    now = {helper: who for helper, who, first, last in pairs if first <= day and (last is None or day < last)}
    # Whoever helped in a window pauses it by being away, also once somebody else helps.
    away = [
        Spell(max(first, starts), min(last, until - DAY) if until else last)
        for helper, _, starts, until in pairs
        for first, last, deputy, _of in leaves.get(helper, ())
        if deputy is None and starts <= last and (until is None or first < until)
    ]
    view = CaseView(
        case_id=case_id,
        pupil_id=pupil_id,
        opened_on=opened_on,
        category=category,
        closed_on=closed_on,
        joined_on=joined_on,
        left_on=left_on,
        pauses=tuple(absences),
        helper_pauses=tuple(away),
        helped=tuple(Spell(first, last - DAY if last else None) for _, _, first, last in pairs),
        events=circumstances.absences(absences),
    )
    deputies = frozenset(
        d
        for helper in now
        for first, last, d, of in leaves.get(helper, ())
        if d and first <= day <= last and of in (None, case_id)
    )
    return Dossier(
        view, name, sort_key, row[10], row[11] or 0, row[12] or 0, row[13], household, row[14], now, deputies
    )


def _pairs(case_ids) -> dict[UUID, list[tuple]]:
    rows = Pairing.objects.filter(
        case__in=case_ids, state__in=("confirmed", "ended"), valid_from__isnull=False
    )
    found = defaultdict(list)
    for case_id, helper, name, first, last in rows.values_list(
        "case_id", "helper_id", "helper__name", "valid_from", "valid_to"
    ):
        found[case_id].append((helper, name, first, last))
    return found


def _leaves(helper_ids) -> dict[UUID, list[tuple]]:
    found = defaultdict(list)
    rows = Leave.objects.filter(staff__in=helper_ids)
    for helper, *told in rows.values_list("staff_id", "starts_on", "ends_on", "deputy_id", "case_id"):
        found[helper].append(tuple(told))
    return found


def _absences(pupil_ids) -> dict[UUID, list[Spell]]:
    found = defaultdict(list)
    for pupil, first, last in Absence.objects.filter(pupil__in=pupil_ids).values_list(
        "pupil_id", "starts_on", "ends_on"
    ):
        found[pupil].append(Spell(first, last))
    return found


def last_heard(pupil_ids, day: date) -> dict[UUID, date]:
    """This function will give the last day anything was recorded about each child up to a day, one query."""
    rows = EvidencePupil.objects.filter(
        pupil__in=pupil_ids,
        happened_on__lte=day,
        evidence__amended_by__isnull=True,
        evidence__is_withdrawn=False,
    )
    return dict(rows.values("pupil_id").annotate(last=Max("happened_on")).values_list("pupil_id", "last"))


def local_day(moment) -> date:
    """This function will give the calendar day of a moment in the school's time zone."""
    return timezone.localdate(moment)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which days are asked about (both included), in which school, and the day from which they are seen."""

    school: School
    opens_on: date
    due_on: date
    day: date


def ledger(plan: Plan, cases: QuerySet[Case], asked: Asked) -> dict[UUID, Dossier]:
    """This function will judge every duty of these cases whose window touches the days: {case id: Dossier}."""
    found = dossiers(cases, day=asked.day)
    judge((plan,), found, asked)
    return found


def judge(plans: Iterable[Plan], found: dict[UUID, Dossier], asked: Asked) -> None:
    """This function will fill the standings of dossiers already read, by the versions then in force; five more queries.

    One more where a plan asks for facts about the child. Dossiers of other plans are left as they are.
    """
    calendar, named = calendar_for(asked.school), month_of_sheet(calendar_for(asked.school))
    over = {plan.key: history.reigns_of(plan, asked.school) for plan in plans}
    mine = {case_id: d for case_id, d in found.items() if d.plan_key in over}
    pupils = {d.pupil_id for d in mine.values()}
    wanted = frozenset().union(*map(history.facts_asked, over.values()))
    facts = known.statements(pupils, wanted=wanted) if wanted else {}
    reach = [_reach(one, calendar, asked) for one in over.values()]
    acts = acts_about(
        pupils, since=min(r[0] for r in reach), until=max(r[1] for r in reach)
    ) if reach else {}  # fmt: skip
    decided, waived, sealed_months = decisions_on(mine.keys()), _waivers(mine.keys()), _sealed(mine.keys())
    parts: dict[tuple, history.Reigns] = {}
    rests = stops_for(asked.school)
    for case_id, dossier in mine.items():
        if stops := rests.get(dossier.plan_key, ()) + rests.get(case_id, ()):
            dossier.view = replace(dossier.view, stops=stops)
        told = acts.get(dossier.pupil_id, ())
        dossier.view = circumstances.with_events(dossier.view, told)
        if facts:
            dossier.view = replace(dossier.view, facts=facts.get(dossier.pupil_id, {}))
        part = (dossier.plan_key, dossier.only)
        if part not in parts:
            parts[part] = history.parts(over[dossier.plan_key], dossier.only)
        owed = owed_over(parts[part], dossier.view, calendar, (asked.opens_on, asked.due_on))
        months = sealed_months.get(case_id, frozenset())
        dossier.standings = standings(
            owed,
            [*(act for act, _ in told), *decided.get(case_id, ())],
            day=asked.day,
            waivers=waived.get(case_id),
            sealed=(lambda e, months=months: named(e.due_on) in months) if months else None,
        )


def _reach(over: history.Reigns, calendar: Calendar, asked: Asked) -> tuple[date, date]:
    """From when to when records count: a window that began earlier or ends later counts what happened in it."""
    margin = timedelta(days=45)
    since, until = [asked.opens_on - margin], [asked.due_on + margin]
    since += [t.starts_on for t in calendar.terms if t.starts_on <= asked.due_on <= t.ends_on]
    for duty in (d for plan, _ in over for d in plan.duties if d.per == "case"):
        some = [
            w for w in windows(duty, calendar) if w.opens_on <= asked.due_on and w.due_on >= asked.opens_on
        ]
        since += [some[0].opens_on] if some else []
        until += [some[-1].due_on] if some else []
        if duty.on:  # an event opens its window later; four days hold one of school but for vacations
            days = duty.on.after * {"day": 1, "workday": 2}.get(duty.on.unit, 4) + duty.on.days
            since.append(asked.opens_on - timedelta(days=days) - 2 * margin)
        elif duty.once:
            days = duty.once.n * {"day": 1, "teaching_week": 7}.get(duty.once.unit, 2)
            since.append(asked.opens_on - timedelta(days=days) - margin)
    return min(since), max(until)


def _waivers(case_ids) -> dict[UUID, dict[tuple, str]]:
    found = defaultdict(dict)
    for case_id, plan_key, duty, period, reason in Waiver.objects.filter(
        case__in=case_ids, withdrawn_at__isnull=True
    ).values_list("case_id", "case__plan_key", "duty_key", "period", "reason"):
        found[case_id][(plan_key, case_id, duty, period)] = reason
    return found


def month_of_sheet(calendar) -> Callable[[date], date]:
    """This function will give the month on whose sheet a day stands.

    A short month is handed in, and sealed, with its neighbour: 4 March may stand on February's sheet.
    """
    months = {}
    for period in calendar.periods("month"):
        at = period.opens_on.replace(day=1)
        while at <= period.due_on:
            months[at] = date.fromisoformat(f"{period.key}-01")
            at = (at + timedelta(days=32)).replace(day=1)
    return lambda day: months.get(day.replace(day=1), day.replace(day=1))


def _sealed(case_ids) -> dict[UUID, frozenset[date]]:
    found = defaultdict(set)
    for case_id, month in SheetCase.objects.filter(case__in=case_ids, sheet__state="sealed").values_list(
        "case_id", "sheet__month"
    ):
        found[case_id].add(month)
    return {case_id: frozenset(months) for case_id, months in found.items()}


def roles_towards(
    viewer, *, school_class_id, entry_year: int, helper_ids=(), deputy_ids=()
) -> frozenset[str]:
    """This function will say what a staff member is to a child on the viewer's day: helper, homeroom_teacher, …"""
    roles = {g.role for g in viewer.grants if g.school_class_id == school_class_id and school_class_id}
    roles |= {g.role for g in viewer.grants if g.school_class_id is None and g.grade is None}
    if entry_year in viewer.entry_years_as("grade_supervisor"):
        roles.add("grade_supervisor")
    if entry_year in viewer.entry_years_as("grade_head"):
        roles.add("grade_head")
    if viewer.staff.pk in helper_ids:
        roles.add("helper")
    if viewer.staff.pk in deputy_ids:
        roles |= {"deputy", "helper"}
    return frozenset(roles)


def towards(viewer, dossier: Dossier) -> frozenset[str]:
    """This function will say what the viewer is to the child of a dossier."""
    return roles_towards(
        viewer,
        school_class_id=dossier.school_class_id,
        entry_year=dossier.entry_year,
        helper_ids=dossier.helpers,
        deputy_ids=dossier.deputies,
    )


def is_mine(viewer, dossier: Dossier, expectation: Expectation) -> bool:
    """This function will say whether a duty falls to the viewer: helpers first, the others only if none helps."""
    return falls_to(towards(viewer, dossier), dossier, expectation)


def falls_to(roles: frozenset[str], dossier: Dossier, expectation: Expectation) -> bool:
    """This function will say the same of somebody who is these roles to the child (`towards`)."""
    if "helper" in expectation.who and dossier.helpers:
        return "helper" in roles
    return not roles.isdisjoint(expectation.who)
