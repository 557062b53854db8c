"""What the pages of the month read: my months, who has handed in, who was drawn. Rows as values; it writes nothing.

P9-37 to P9-39 ask for it. Names of sheets stand in class order; nothing here counts or compares people.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from bangfu.engine.period import Period
from bangfu.engine.plan import Plan
from bangfu.flow import adopt, review, sheet
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import MonthSheet, Pairing, SpotCheck, TermSummary
from bangfu.records.models.places import class_label
from bangfu.records.valid import valid_on

MOST_MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One of my months in one plan: until when it is handed in, and the sheet if it was."""

    plan: Plan
    period: Period
    due_on: date | None
    sheet: MonthSheet | None


@dataclass(frozen=True, slots=True)
class Owed:
    """One helper's month as the supervisor sees it: whose, of which classes, how many children, the sheet if any."""

    name: str
    classes: tuple[str, ...]
    children: int
    sheet: MonthSheet | None
    later: int = 0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A drawn child with the talk if it took place."""

    check: SpotCheck
    name: str
    pupil_id: UUID
    class_label: str
    helper: str


def begun(school, day: date) -> list[Period]:
    """This function will list the months that have begun, newest first."""
    return [p for p in reversed(calendar_for(school).periods("month")) if p.opens_on <= day]


def mine(viewer, only: Period | None = None) -> list[Month]:
    """This function will list my months with children, newest first, or only one of them; three queries."""
    spells = defaultdict(list)
    for plan_key, first, last in Pairing.objects.filter(
        helper=viewer.staff, state__in=("confirmed", "ended"), valid_from__isnull=False
    ).values_list("case__plan_key", "valid_from", "valid_to"):
        spells[plan_key].append((first, last))
    sheets = {
        (row.plan_key, row.month): row
        for row in MonthSheet.objects.filter(helper=viewer.staff).select_related("asked_by", "sealed_by")
    }
    found = []
    for period in [only] if only else begun(viewer.school, viewer.day)[:MOST_MONTHS]:
        for plan in adopt.plans_in_force(viewer.school, min(viewer.day, period.due_on)):
            handed = sheets.get((plan.key, sheet.first_day(period)))
            due_on = sheet.hand_in_due(plan, viewer.school, period)
            helped = any(_touch(period, *spell) for spell in spells[plan.key])
            if handed or (helped and due_on):
                found.append(Month(plan, period, due_on, handed))
    return found


def waiting(viewer, keys) -> list[Month]:
    """This function will list those of my months with these keys (2026-10) that wait: not handed in, or asked about."""
    periods = [period for period in begun(viewer.school, viewer.day) if period.key in keys]
    some = [one for period in periods for one in mine(viewer, period)]
    return [one for one in some if one.sheet is None or one.sheet.state == "asked"]


def _touch(period: Period, first: date, last: date | None) -> bool:
    return first <= period.due_on and (last is None or last > period.opens_on)


def summaries(viewer) -> dict[tuple[str, str], TermSummary]:
    """This function will give my summaries by plan and term."""
    return {(row.plan_key, row.term_key): row for row in TermSummary.objects.filter(helper=viewer.staff)}


def to_check(viewer, plan: Plan, period: Period) -> list[Owed]:
    """This function will list the helpers' months the viewer may look at, in class order; four queries."""
    on = min(viewer.day, period.due_on)
    rows = Pairing.objects.in_force(on).filter(
        valid_on(on, of="case__pupil__enrolments"),
        case__school=viewer.school_id,
        case__plan_key=plan.key,
    )
    if not viewer.is_leader:
        rows = rows.filter(case__pupil__enrolments__school_class__entry_year__in=viewer.entry_years)
    people: dict[UUID, tuple[str, str, set, set]] = {}
    for helper, name, key, case_id, year, number in rows.values_list(
        "helper_id", "helper__name", "helper__sort_key", "case_id",
        "case__pupil__enrolments__school_class__entry_year", "case__pupil__enrolments__school_class__number",
    ):  # fmt: skip
        _, _, places, cases = people.setdefault(helper, (name, key, set(), set()))
        places.add((-year, number))
        cases.add(case_id)
    sheets = {
        row.helper_id: row
        for row in MonthSheet.objects.visible_to(viewer)
        .filter(plan_key=plan.key, month=sheet.first_day(period))
        .select_related("school", "helper")
        .defer("content")
        if row.helper_id in people or row.helper_id != viewer.staff.pk
    }
    later = sheet.later_records(sheets.values())
    ordered = sorted(people.items(), key=lambda item: (sorted(item[1][2]), item[1][1]))
    found = [
        Owed(
            name,
            tuple(class_label(-year, number, on) for year, number in sorted(places)),
            len(cases),
            sheets.get(helper),
            later.get(sheets[helper].pk, 0) if helper in sheets else 0,
        )
        for helper, (name, _, places, cases) in ordered
    ]
    # Whoever handed the children over since then still has a sheet; it stands below.
    return found + [
        Owed(row.helper.name, (), row.cases.count(), row, later.get(row.pk, 0))
        for helper, row in sheets.items()
        if helper not in people
    ]


def sheets_to_check(viewer, period: Period) -> list[MonthSheet]:
    """This function will give the month's sheets the viewer may ask about, draw from and seal; never the own one."""
    if not viewer.holds(*review.CHECKERS):
        return []
    rows = MonthSheet.objects.visible_to(viewer).filter(month=sheet.first_day(period))
    if not viewer.holds("principal", "vice_principal"):
        rows = rows.filter(cases__entry_year__in=viewer.entry_years_as("grade_supervisor"))
    return list(rows.exclude(helper=viewer.staff).distinct())


def drawn(viewer, period: Period | None = None, pk: UUID | None = None) -> list[Drawn]:
    """This function will list the drawn children of a month (or the one) that the viewer talks with; one query."""
    if not viewer.holds(*review.CHECKERS):
        return []
    rows = SpotCheck.objects.filter(sheet__school=viewer.school_id).exclude(sheet__helper=viewer.staff)
    if not viewer.holds("principal", "vice_principal"):
        years = viewer.entry_years_as("grade_supervisor")
        rows = rows.filter(sheet__cases__entry_year__in=years).distinct()
    rows = rows.filter(sheet__month=sheet.first_day(period)) if period else rows.filter(pk=pk)
    rows = rows.select_related("case__pupil", "sheet__helper", "sheet__school", "evidence", "checked_by")
    found = [
        Drawn(row, row.case.pupil.name, row.case.pupil_id, label, row.sheet.helper.name)
        for row in rows
        for label in [_class_on_sheet(row)]
    ]
    return sorted(found, key=lambda one: (one.check.drawn_at, one.class_label, one.check.case.pupil.sort_key))


def _class_on_sheet(check: SpotCheck) -> str:
    line = on_sheet(check)
    return line["class"] if line else ""


def on_sheet(check: SpotCheck) -> dict | None:
    """This function will give the drawn child's line of the sheet as it was handed in: duties and records."""
    lines = check.sheet.content.get("children", ())
    return next((line for line in lines if line["case"] == str(check.case_id)), None)
