"""The month as it is handed in: compiled from records, looked at, drawn from, asked about, sealed, amended.

P9-10, P9-23, P9-37 to P9-39 ask for it. The teacher confirms what is already there; the supervisor talks with a few
children; after the seal every change is visible.
"""

import hashlib
import json
import random
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from bangfu.engine.case import Spell
from bangfu.engine.duty import expected_for_helper
from bangfu.engine.period import Period
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.engine.standing import State
from bangfu.flow import clock, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import Case, Evidence, MonthSheet, SheetAmendment, SheetCase, SpotCheck, Staff

CHECKERS = ("grade_supervisor", "principal", "vice_principal")


class NothingToHandIn(Refusal):
    sentence = "这个月没有要交的记录。"


class AlreadyHandedIn(Refusal):
    """Handed in before; nothing was changed."""


class AlreadySealed(Refusal):
    sentence = "这个月已经封存。要补充的内容请用「补记说明」，会单独留痕。"


class NotYourGrade(Refusal):
    sentence = "这份月记录由本年级的包级领导来看。"


class SayMore(Refusal):
    """Something is missing in what the checker wrote."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What a supervisor found when talking with a drawn child."""

    outcome: str
    fulfilment: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    note: str = ""


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
    owed = expected_for_helper(plan, school.pk, calendar_for(school), Spell(period.opens_on, period.due_on))
    return next((e.due_on for e in owed if "hand_in" in e.accepts and e.period == period.key), None)


def cases_of(helper: Staff, plan: Plan, period: Period):
    """This function will give the cases a helper answered for in a month (a queryset)."""
    return (
        Case.objects.filter(
            plan_key=plan.key,
            pairings__helper=helper,
            pairings__state__in=("confirmed", "ended"),
            pairings__valid_from__lte=period.due_on,
        )
        .exclude(pairings__valid_to__lte=period.opens_on)
        .distinct()
    )


def compile_sheet(*, plan: Plan, helper: Staff, school, period: Period, day: date) -> dict:
    """This function will compile a helper's month from records: {"children": [{name, duties, records}], …}.

    Pure reading: the same records give the same content, so its digest can be compared.
    """
    found = schedule.ledger(
        plan, cases_of(helper, plan, period), school, opens_on=period.opens_on, due_on=period.due_on, day=day
    )
    ordered = sorted(found.values(), key=lambda d: (-d.entry_year, d.class_number, d.sort_key))
    records = _records({d.pupil_id for d in ordered}, period)
    return {
        "plan": plan.key,
        "month": period.key,
        "title": period.title,
        "children": [_line(dossier, plan, period, records.get(dossier.pupil_id, [])) for dossier in ordered],
    }


def _line(dossier, plan: Plan, period: Period, records: list[dict]) -> dict:
    from bangfu.records.models.places import class_label

    duties = []
    for duty in plan.duties:
        some = [s for s in dossier.standings if s.expectation.duty_key == duty.key and "helper" in duty.who]
        some = [s for s in some if period.opens_on <= s.expectation.due_on <= period.due_on]
        if not some:
            continue
        done = [s for s in some if s.state in (State.done, State.done_recorded_late)]
        missing = [s for s in some if s.state in (State.open, State.can_still_be_added, State.not_done)]
        duties.append(
            {
                "key": duty.key,
                "title": duty.title,
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


@transaction.atomic
def hand_in(*, plan: Plan, period: Period, by, remark: str = "") -> MonthSheet:
    """This function will hand in the month of `by` as compiled now. Raises NothingToHandIn, AlreadyHandedIn.

    Asked for a sentence (请补一句), handing in again answers it and renews the content.
    """
    content = compile_sheet(plan=plan, helper=by.staff, school=by.school, period=period, day=by.day)
    if not content["children"]:
        raise NothingToHandIn
    sheet = (
        MonthSheet.objects.select_for_update()
        .filter(plan_key=plan.key, helper=by.staff, month=first_day(period))
        .first()
    )
    if sheet is not None and sheet.state != "asked":
        when = schedule.local_day(sheet.handed_in_at)
        raise AlreadyHandedIn(f"{period.title}的记录 {when.month}月{when.day}日已经交过了，不用再交。")
    due = hand_in_due(plan, by.school, period)
    sheet = sheet or MonthSheet(school=by.school, plan_key=plan.key, helper=by.staff, month=first_day(period))
    sheet.content, sheet.digest, sheet.state = content, digest_of(content), "handed_in"
    sheet.remark = "\n".join(part for part in (sheet.remark, remark.strip()) if part)[:500]
    sheet.handed_in_at, sheet.handed_in_by = clock.now(), by.staff
    sheet.is_late = due is not None and by.day > due
    sheet.save()
    sheet.cases.all().delete()
    SheetCase.objects.bulk_create(
        SheetCase(sheet=sheet, case_id=line["case"], entry_year=line["entry_year"])
        for line in content["children"]
    )
    audit.log(
        "review.hand_in", by=by.staff, at=clock.now(), subject=sheet, changes={"digest": [None, sheet.digest]}
    )
    return sheet


def _may_check(sheet: MonthSheet, by) -> None:
    years = set(sheet.cases.values_list("entry_year", flat=True))
    if not by.holds("principal", "vice_principal") and not years & by.entry_years_as("grade_supervisor"):
        raise NotYourGrade


@transaction.atomic
def ask(*, sheet: MonthSheet, question: str, by) -> MonthSheet:
    """This function will ask the helper for one more sentence (请补一句：…); nothing is ever "returned"."""
    _may_check(sheet, by)
    if sheet.state == "sealed":
        raise AlreadySealed
    if not question.strip():
        raise SayMore("想请老师补哪一句？写几个字就好。")
    sheet.question, sheet.state, sheet.asked_at, sheet.asked_by = (
        question.strip(),
        "asked",
        clock.now(),
        by.staff,
    )
    sheet.save(update_fields=["question", "state", "asked_at", "asked_by"])
    audit.log("review.ask", by=by.staff, at=clock.now(), subject=sheet)
    return sheet


@transaction.atomic
def draw(*, sheets, count: int, by, seed: str = "") -> list[SpotCheck]:
    """This function will draw `count` children from the sheets of a month by a seed that is shown and kept.

    The same seed and sheets give the same draw. Children already drawn this month are not drawn again.
    """
    sheets = sorted(sheets, key=lambda sheet: str(sheet.pk))
    for sheet in sheets:
        _may_check(sheet, by)
    drawn = set(SpotCheck.objects.filter(sheet__in=sheets).values_list("case_id", flat=True))
    rows = SheetCase.objects.filter(sheet__in=sheets).exclude(case__in=drawn).order_by("case_id")
    pool = list(rows.values_list("sheet_id", "case_id"))
    if not pool:
        raise SayMore("这个月交上来的学生都已经抽到过了。")
    seed = seed or f"{by.day:%Y%m%d}-{len(drawn)}"
    chosen = random.Random(seed).sample(pool, min(count, len(pool)))  # noqa: S311 - a shown draw, not a secret
    checks = [
        SpotCheck(sheet_id=sheet, case_id=case, seed=seed, drawn_by=by.staff, drawn_at=clock.now())
        for sheet, case in chosen
    ]
    SpotCheck.objects.bulk_create(checks)
    for check in checks:
        audit.log("review.draw", by=by.staff, at=clock.now(), subject=check, changes={"seed": [None, seed]})
    return checks


@transaction.atomic
def check(*, spot_check: SpotCheck, finding: Finding, evidence: Evidence | None, by) -> SpotCheck:
    """This function will note what the talk with a drawn child showed; `evidence` is the talk's own record."""
    _may_check(spot_check.sheet, by)
    if finding.outcome not in SpotCheck.OUTCOMES:
        raise SayMore("请选一个：和记录对得上，或有出入。")
    spot_check.outcome, spot_check.fulfilment = finding.outcome, finding.fulfilment
    spot_check.answers, spot_check.note = dict(finding.answers), finding.note.strip()
    spot_check.checked_by, spot_check.checked_at, spot_check.evidence = by.staff, clock.now(), evidence
    spot_check.save()
    audit.log(
        "review.check",
        by=by.staff,
        at=clock.now(),
        subject=spot_check,
        changes={"outcome": [None, finding.outcome]},
    )
    return spot_check


@transaction.atomic
def seal(*, sheet: MonthSheet, by) -> MonthSheet:
    """This function will seal a handed-in month; done twice it stays as it was. Later changes are amendments."""
    _may_check(sheet, by)
    if sheet.state == "sealed":
        return sheet
    sheet.state, sheet.sealed_at, sheet.sealed_by = "sealed", clock.now(), by.staff
    sheet.save(update_fields=["state", "sealed_at", "sealed_by"])
    audit.log(
        "review.seal", by=by.staff, at=clock.now(), subject=sheet, changes={"digest": [None, sheet.digest]}
    )
    return sheet


@transaction.atomic
def amend(*, sheet: MonthSheet, plan: Plan, note: str, by) -> SheetAmendment:
    """This function will add a visible amendment to a sealed month: the sheet as it compiles now, and why."""
    if sheet.helper_id != by.staff.pk:
        _may_check(sheet, by)
    if not note.strip():
        raise SayMore("补记说明里请写一句：补了什么、为什么。")
    period = period_of_key(by.school, f"{sheet.month:%Y-%m}")
    if period is None:
        raise NothingToHandIn
    content = compile_sheet(plan=plan, helper=sheet.helper, school=by.school, period=period, day=by.day)
    before = sheet.amendments.order_by("-at").values_list("digest_after", flat=True).first() or sheet.digest
    amendment = SheetAmendment.objects.create(
        sheet=sheet, note=note.strip(), content=content, digest_before=before, digest_after=digest_of(content),
        by=by.staff, at=clock.now(),
    )  # fmt: skip
    audit.log(
        "review.amend",
        by=by.staff,
        at=clock.now(),
        subject=sheet,
        changes={"digest": [before, amendment.digest_after]},
    )
    return amendment


def later_records(sheet: MonthSheet) -> int:
    """This function will count records of the month written down after the seal."""
    if sheet.sealed_at is None:
        return 0
    end = (sheet.month + timedelta(days=32)).replace(day=1)
    pupils = sheet.cases.values("case__pupil")
    return (
        Evidence.objects.current()
        .filter(
            about__pupil__in=pupils,
            happened_on__gte=sheet.month,
            happened_on__lt=end,
            written_at__gt=sheet.sealed_at,
        )
        .distinct()
        .count()
    )
