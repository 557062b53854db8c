"""A helper's month and term as they stand in the records: compiled for hand-in, seal and summary. It only reads.

In: plan, helper, period. Out: plain content whose digest can be compared (P9-10, P9-21, P9-39, P9-41).
"""

import hashlib
import json
from collections import Counter, defaultdict
from datetime import date
from uuid import UUID

from django.db.models import Q

from bangfu.engine.case import Spell
from bangfu.engine.period import Period, Term, month_end
from bangfu.engine.plan import Plan
from bangfu.engine.standing import State
from bangfu.flow import history, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, Evidence, EvidencePupil, MonthSheet, Pairing, SheetCase, Staff
from bangfu.records.models.places import class_label


def month_period(school, day: date) -> Period | None:
    """This function will give the month (as duties count it) that a day belongs to, or None out of term."""
    return next((p for p in calendar_for(school).periods("month") if p.opens_on <= day <= p.due_on), None)


def period_of_key(school, key: str) -> Period | None:
    """This function will give the month period with this key (2026-10), or None."""
    return next((p for p in calendar_for(school).periods("month") if p.key == key), None)


def first_day(period: Period) -> date:
    """This function will give the first day of the month that names the period."""
    return date.fromisoformat(f"{period.key}-01")


def hand_in_due(plan: Plan, school, period: Period) -> date | None:
    """This function will give the day by which the month's records are handed in, or None if the plan asks for none."""
    owed = history.owed_by_helper(plan, school, school.pk, Spell(period.opens_on, period.due_on))
    return next((e.due_on for e in owed if "hand_in" in e.accepts and e.period == period.key), None)


def cases_of(helper: Staff, plan: Plan, opens_on: date, due_on: date):
    """This function will give the cases a helper answered for between two days (a queryset)."""
    held = Pairing.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=opens_on),
        helper=helper,
        state__in=("confirmed", "ended"),
        valid_from__lte=due_on,
    )
    return Case.objects.filter(plan_key=plan.key, pk__in=held.values("case"))


def compile_sheet(*, plan: Plan, helper: Staff, school, period: Period, day: date) -> dict:
    """This function will compile a helper's month from records: {"children": [{name, duties, records}], …}.

    The duties are those of the plan's version in force when the month opened, and what a later one added in it.
    Pure reading: the same records give the same content, so its digest can be compared.
    """
    cases = cases_of(helper, plan, period.opens_on, period.due_on)
    found = schedule.ledger(plan, cases, schedule.Asked(school, period.opens_on, period.due_on, day))
    ordered = sorted(found.values(), key=lambda d: (-d.entry_year, d.class_number, d.sort_key))
    records = _records({d.pupil_id for d in ordered}, period)
    return {
        "plan": plan.key,
        "month": period.key,
        "title": period.title,
        "children": [_line(dossier, period, records.get(dossier.pupil_id, [])) for dossier in ordered],
    }


def _line(dossier, period: Period, records: list[dict]) -> dict:
    by_duty: dict[str, list] = {}
    for s in dossier.standings:
        if "helper" in s.expectation.who and period.opens_on <= s.expectation.due_on <= period.due_on:
            by_duty.setdefault(s.expectation.duty_key, []).append(s)
    duties = []
    for key, some in by_duty.items():
        done = [s for s in some if s.state in (State.done, State.done_recorded_late)]
        missing = [s for s in some if s.state in (State.open, State.can_still_be_added, State.not_done)]
        duties.append(
            {
                "key": key,
                "title": some[0].expectation.title,
                "done": len(done),
                "excused": sum(s.state is State.excused for s in some),
                "missing": [s.expectation.period_title for s in missing],
                "of": len(some),
            }
        )
    return {
        "case": str(dossier.case_id),
        "pupil": str(dossier.pupil_id),
        "name": dossier.name,
        "class": class_label(dossier.entry_year, dossier.class_number, period.opens_on),
        "entry_year": dossier.entry_year,
        "duties": duties,
        "records": records,
        "enough": all(not d["missing"] for d in duties),
    }


def _records(pupil_ids, period: Period) -> dict:
    rows = (
        Evidence.objects.current()
        .filter(about__pupil__in=pupil_ids, happened_on__gte=period.opens_on, happened_on__lte=period.due_on)
        .order_by("happened_on", "written_at", "id")
        .values_list(
            "about__pupil_id", "id", "happened_on", "written_at", "activities", "author__name", "note", "answers",
            "bright_spot", "reflection",
        )
    )  # fmt: skip
    found: dict = {}
    for pupil, pk, on, written_at, activities, author, note, answers, bright, reflection in rows:
        found.setdefault(pupil, []).append(
            {
                "id": str(pk), "on": str(on), "written_on": str(schedule.local_day(written_at)),
                "activities": sorted(activities), "by": author, "note": note, "answers": answers,
                "bright_spot": bright, "reflection": reflection,
            }
        )  # fmt: skip
    return found


def digest_of(content: dict) -> str:
    """This function will give the SHA-256 of a compiled sheet, the same for the same content."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def later_records(sheets) -> dict[UUID, int]:
    """This function will count, per sheet, the records of its month written down after it was sealed or handed in.

    The supervisor's own month-end talks are no later records. Two queries, however many sheets.
    """
    sheets = {sheet.pk: sheet for sheet in sheets}
    about = defaultdict(set)
    for sheet, pupil in SheetCase.objects.filter(sheet__in=sheets).values_list("sheet_id", "case__pupil_id"):
        about[pupil].add(sheet)
    if not about:
        return {}
    spans = {pk: span(sheet) for pk, sheet in sheets.items()}
    rows = EvidencePupil.objects.filter(
        pupil__in=about,
        happened_on__gte=min(first for first, _ in spans.values()),
        happened_on__lte=max(last for _, last in spans.values()),
        evidence__written_at__gt=min(sheet.handed_in_at for sheet in sheets.values()),
        evidence__amended_by__isnull=True,
        evidence__is_withdrawn=False,
    ).values_list("pupil_id", "evidence_id", "happened_on", "evidence__written_at", "evidence__activities")
    found: dict[UUID, set] = defaultdict(set)
    for pupil, evidence, on, written_at, activities in rows:
        if set(activities) == {"interview"}:
            continue
        for pk in about[pupil]:
            since = sheets[pk].sealed_at or sheets[pk].handed_in_at
            if spans[pk][0] <= on <= spans[pk][1] and written_at > since:
                found[pk].add(evidence)
    return {pk: len(some) for pk, some in found.items()}


def span(sheet: MonthSheet) -> tuple[date, date]:
    """This function will give the first and last day a sheet is about; a short month belongs to its neighbour."""
    period = period_of_key(sheet.school, f"{sheet.month:%Y-%m}")
    return (period.opens_on, period.due_on) if period else (sheet.month, month_end(sheet.month))


def term_figures(*, plan: Plan, helper: Staff, term: Term) -> dict:
    """This function will count a helper's term: {"children": 2, "records": 31, "activities": {"talk": 12, …}}."""
    cases = cases_of(helper, plan, term.starts_on, term.ends_on)
    pupils = set(cases.values_list("pupil_id", flat=True))
    rows = Evidence.objects.current().filter(
        author=helper, about__pupil__in=pupils, happened_on__gte=term.starts_on, happened_on__lte=term.ends_on
    )
    records = dict(rows.values_list("pk", "activities"))
    counted = Counter(activity for activities in records.values() for activity in activities)
    return {"children": len(pupils), "records": len(records), "activities": dict(sorted(counted.items()))}
