"""The month as it is handed in: compiled from records, looked at, drawn from, asked about, sealed, amended.

P9-10, P9-23, P9-37 to P9-39 ask for it. The teacher confirms what is already there; the supervisor talks with a few
children; after the seal every change is visible.
"""

import random
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from bangfu.engine.period import Period
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, record, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.flow.sheet import (
    compile_sheet,
    digest_of,
    first_day,
    hand_in_due,
    month_period,
    period_of_key,
    term_figures,
)  # fmt: skip
from bangfu.records import audit
from bangfu.records.models import Evidence, MonthSheet, SheetAmendment, SheetCase, SpotCheck, TermSummary

# What a page needs to speak of a month comes along, so that callers know one door.
__all__ = [
    "CHECKERS", "Finding", "amend", "ask", "check", "compile_sheet", "draw", "hand_in", "hand_in_due",
    "month_period", "period_of_key", "seal", "seal_all", "summarise",
]  # fmt: skip
CHECKERS = ("grade_supervisor", "principal", "vice_principal")


class NothingToHandIn(Refusal):
    sentence = "这个月没有要交的记录。"


class AlreadyHandedIn(Refusal):
    """Handed in before; nothing was changed."""


class AlreadySealed(Refusal):
    sentence = "这个月已经封存。要补充的内容请用“补记说明”，会单独留痕。"


class NotYourGrade(Refusal):
    sentence = "这份月记录由本年级的包级领导来看。"


class OwnSheet(Refusal):
    sentence = "自己的月记录不能由自己来看，请校长或另一位包级领导来看。"


class NotYet(Refusal):
    """The month has not begun, or it is not sealed."""


class AlreadyChecked(Refusal):
    sentence = "这名学生的谈话已经记好了。要补充的话，可以另记一条。"


class SayMore(Refusal):
    """Something is missing in what was written, or it is longer than its paper."""


def _words(text: str, most: int, ask_for: str = "") -> str:
    """Text as it will be kept; too long or (if asked for) missing text gets a sentence, never a cut."""
    text = text.strip()
    if ask_for and not text:
        raise SayMore(ask_for)
    if len(text) > most:
        raise SayMore(f"最多写 {most} 个字，现在有 {len(text)} 个字。请删短一点再交。")
    return text


@dataclass(frozen=True, slots=True)
class Finding:
    """What a supervisor found when talking with a drawn child; `id` is made by the client for the record."""

    outcome: str
    fulfilment: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    note: str = ""
    talked_on: date | None = None
    id: UUID = field(default_factory=uuid4)


@transaction.atomic
def hand_in(*, plan: Plan, period: Period, by, remark: str = "", on: date | None = None) -> MonthSheet:
    """This function will hand in the month of `by` as compiled now. Raises NothingToHandIn, AlreadyHandedIn.

    Asked for a sentence (请补一句), handing in again answers it and renews the content; it stays as early as it was.
    `on` is the day it was handed in on a phone without a network: in time then is in time.
    """
    if by.day < period.opens_on:
        raise NotYet(f"{period.title}还没有到，{period.opens_on.month}月{period.opens_on.day}日以后再交。")
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
    if sheet is None:
        due = hand_in_due(plan, by.school, period)
        sheet = MonthSheet(school=by.school, plan_key=plan.key, helper=by.staff, month=first_day(period))
        sheet.handed_in_at, sheet.handed_in_by = clock.now(), by.staff
        sheet.is_late = due is not None and (on or by.day) > due
    else:
        _words(remark, 500, f"请补一句：{sheet.question}")
    sheet.content, sheet.digest, sheet.state = content, digest_of(content), "handed_in"
    sheet.remark = _words("\n".join(part for part in (sheet.remark, remark.strip()) if part), 500)
    try:
        with transaction.atomic():
            sheet.save()
    except IntegrityError as cause:
        raise AlreadyHandedIn(f"{period.title}的记录刚刚已经交过了，不用再交。") from cause
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
    if (
        not may_check(set(sheet.cases.values_list("entry_year", flat=True)), by)
        or sheet.school_id != by.school_id
    ):
        raise NotYourGrade
    if sheet.helper_id == by.staff.pk:
        raise OwnSheet


def may_check(entry_years: set[int], by) -> bool:
    """This function will say whether somebody looks at the months of these grades: the head, or their supervisor."""
    return by.holds("principal", "vice_principal") or bool(
        entry_years & by.entry_years_as("grade_supervisor")
    )


@transaction.atomic
def ask(*, sheet: MonthSheet, question: str, by) -> MonthSheet:
    """This function will ask the helper for one more sentence (请补一句：…); nothing is ever "returned"."""
    _may_check(sheet, by)
    if sheet.state == "sealed":
        raise AlreadySealed
    sheet.question = _words(question, 200, "想请老师补哪一句？写几个字就好。")
    sheet.state, sheet.asked_at, sheet.asked_by = "asked", clock.now(), by.staff
    sheet.save(update_fields=["question", "state", "asked_at", "asked_by"])
    audit.log("review.ask", by=by.staff, at=clock.now(), subject=sheet)
    return sheet


def lots(pool: list, count: int, seed: str) -> list:
    """This function will draw from a sorted pool by a seed; anybody who repeats it gets the same."""
    return random.Random(seed).sample(pool, min(max(count, 1), len(pool)))  # a shown draw, not a secret


@transaction.atomic
def draw(*, sheets, count: int, by, seed: str = "") -> list[SpotCheck]:
    """This function will draw `count` children from the sheets of a month by a seed that is shown and kept.

    The same seed and sheets give the same draw. Children already drawn this month are not drawn again.
    """
    sheets = sorted(sheets, key=lambda sheet: str(sheet.pk))
    for sheet in sheets:
        _may_check(sheet, by)
    drawn = set(SpotCheck.objects.filter(sheet__in=sheets).values_list("case_id", flat=True))
    rows = SheetCase.objects.filter(sheet__in=sheets).exclude(case__in=drawn)
    rows = rows.exclude(case__pupil__left_on__lte=by.day).order_by("case_id")
    pool = list(rows.values_list("sheet_id", "case_id"))
    if not pool:
        raise SayMore(
            "这个月交上来的学生都已经抽到过了。" if sheets else "还没有老师交这个月的记录，交上来以后再抽。"
        )
    seed = seed or f"{by.day:%Y%m%d}-{len(drawn)}"
    chosen = lots(pool, count, seed)
    checks = [
        SpotCheck(sheet_id=sheet, case_id=case, seed=seed, drawn_by=by.staff, drawn_at=clock.now())
        for sheet, case in chosen
    ]
    SpotCheck.objects.bulk_create(checks)
    for check in checks:
        audit.log("review.draw", by=by.staff, at=clock.now(), subject=check, changes={"seed": [None, seed]})
    return checks


@transaction.atomic
def check(*, spot_check: SpotCheck, finding: Finding, by, evidence: Evidence | None = None) -> SpotCheck:
    """This function will note what the talk with a drawn child showed, and keep the talk as one record.

    The record (月末谈话) says only that they talked; what the child said stays with the spot check. `evidence` is
    given if the talk was recorded before. Sent twice it is kept once; raises AlreadyChecked, SayMore.
    """
    _may_check(spot_check.sheet, by)
    if finding.outcome not in SpotCheck.OUTCOMES:
        raise SayMore("请选一个：和记录对得上，或有出入。")
    if finding.fulfilment not in ("", *SpotCheck.FULFILMENTS):
        raise SayMore("落实情况请选一个：落实、部分落实或没有落实。")
    if spot_check.checked_at is not None:
        if spot_check.evidence_id == finding.id:
            return spot_check
        raise AlreadyChecked
    spot_check.note = _words(finding.note, 300)
    if evidence is None:
        entry = record.Entry(("interview",), finding.talked_on or by.day, id=finding.id)
        evidence = record.add(entry=entry, pupils=[spot_check.case.pupil], by=by)
    spot_check.outcome, spot_check.fulfilment = finding.outcome, finding.fulfilment
    spot_check.answers, spot_check.evidence = dict(finding.answers), evidence
    spot_check.checked_by, spot_check.checked_at = by.staff, clock.now()
    spot_check.save()
    changes = {"outcome": [None, finding.outcome]}
    audit.log("review.check", by=by.staff, at=clock.now(), subject=spot_check, changes=changes)
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
def seal_all(*, sheets, by) -> int:
    """This function will seal the sheets that wait for nothing (an open question waits) and say how many it sealed."""
    ready = [sheet for sheet in sheets if sheet.state == "handed_in" and sheet.helper_id != by.staff.pk]
    for sheet in ready:
        seal(sheet=sheet, by=by)
    return len(ready)


@transaction.atomic
def amend(*, sheet: MonthSheet, plan: Plan, note: str, by) -> SheetAmendment:
    """This function will add a visible amendment to a sealed month: the sheet as it compiles now, and why."""
    if sheet.helper_id != by.staff.pk:
        _may_check(sheet, by)
    note = _words(note, 300, "补记说明里请写一句：补了什么、为什么。")
    if sheet.state != "sealed":
        raise NotYet("这个月还没有封存，直接记就可以，不用写补记说明。")
    period = period_of_key(by.school, f"{sheet.month:%Y-%m}")
    if period is None:
        raise NothingToHandIn
    content = compile_sheet(plan=plan, helper=sheet.helper, school=by.school, period=period, day=by.day)
    before = sheet.amendments.order_by("-at").values_list("digest_after", flat=True).first() or sheet.digest
    amendment = SheetAmendment.objects.create(
        sheet=sheet, note=note, content=content, digest_before=before, digest_after=digest_of(content),
        by=by.staff, at=clock.now(),
    )  # fmt: skip
    changes = {"digest": [before, amendment.digest_after]}
    audit.log("review.amend", by=by.staff, at=clock.now(), subject=sheet, changes=changes)
    return amendment


@transaction.atomic
def summarise(*, plan: Plan, term_key: str, text: str, by) -> TermSummary:
    """This function will keep the helper's term in a few sentences (≤ 300 characters) beside the counted figures.

    Written again, the words and figures are renewed. Raises NothingToHandIn for a term without children.
    """
    term = next((term for term in calendar_for(by.school).terms if term.key == term_key), None)
    figures = term_figures(plan=plan, helper=by.staff, term=term) if term else {}
    if not figures.get("children"):
        raise NothingToHandIn("这个学期没有和您结对的学生，不用写总结。")
    text = _words(text, 300, "总结写一两句就好：哪样有用，哪样不合适。")
    before = TermSummary.objects.filter(plan_key=plan.key, helper=by.staff, term_key=term_key).first()
    summary, _ = TermSummary.objects.update_or_create(
        plan_key=plan.key,
        helper=by.staff,
        term_key=term_key,
        defaults={"school": by.school, "text": text, "figures": figures, "at": clock.now()},
    )
    changes = {"text": [before.text if before else None, text]}
    audit.log("review.summary", by=by.staff, at=clock.now(), subject=summary, changes=changes)
    return summary
