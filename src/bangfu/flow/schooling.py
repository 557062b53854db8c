"""Everybody at school? The monthly nil-or-list report, and the figures plans ask for, with everyone ever counted in (R82).

A month nobody confirmed stays visible; "nobody" is said, never left to be guessed (P0-02, P0-05, P0-07, P0-17).
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from bangfu.engine import schooling as rules
from bangfu.engine.period import Period
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, catchment, clock, dropout, places, record
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import (
    Case,
    DropoutFile,
    DropoutStep,
    Pupil,
    RollCall,
    SchoolClass,
    SchoolingReport,
)

CONFIRM = ("principal", "vice_principal")
TRACED = ("transferred", "graduated", "finished", "abroad", "deceased", "suspended", "moved")


class NotToConfirm(Refusal):
    sentence = "月报由校长或分管副校长确认。学籍管理员可以先看一遍、打印出来。"


class NoSuchMonth(Refusal):
    sentence = "这个月不用报，或者还没有到。"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the school year: its report if confirmed; late once the month is over and nobody has confirmed."""

    period: Period
    key: str
    report: SchoolingReport | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """Everyone a plan ever helped for a reason: how many are here, traced elsewhere, out of school, not traced."""

    plan: str
    title: str
    ever: int
    here: int
    traced: int
    gone: int
    because_poor: int
    untraced: tuple[tuple[UUID, str], ...]

    @property
    def going_on(self) -> int:
        """How many go on with their schooling, here or elsewhere."""
        return self.here + self.traced


def months(viewer) -> list[Month]:
    """This function will list the months of the school year so far, the newest first; one query."""
    calendar, day = calendar_for(viewer.school), viewer.day
    term = calendar.term_on(day) or max(
        (t for t in calendar.terms if t.starts_on <= day), default=None, key=_start
    )
    if term is None:
        return []
    first = min(t.starts_on for t in calendar.terms if t.school_year == term.school_year)
    periods = [p for p in calendar.periods("month") if first <= p.opens_on <= day]
    rows = {
        row.month: row
        for row in SchoolingReport.objects.filter(school_id=viewer.school_id).select_related("confirmed_by")
    }
    found = []
    for period in reversed(periods):
        row = rows.get(date.fromisoformat(f"{period.key}-01"))
        found.append(Month(period, period.key, row, row is None and period.due_on < day))
    return found


def _start(term):
    return term.starts_on


def compiled(viewer, period: Period, seen: catchment.Compared | None = None) -> dict:
    """This function will put a month's report together: figures and ids of open files, no names.

    `seen` are the comparisons, if somebody has just made them.
    """
    last = min(period.due_on, viewer.day)
    files = DropoutFile.objects.filter(school_id=viewer.school_id)
    open_now = [
        {"file": str(pk), "state": state}
        for pk, state in files.open().order_by("opened_at").values_list("pk", "state")
    ]
    steps = DropoutStep.objects.filter(
        file__school_id=viewer.school_id, on__gte=period.opens_on, on__lte=last
    )
    seen = seen or catchment.compared(viewer)
    calls = RollCall.objects.standing().filter(
        school_id=viewer.school_id, day__gte=period.opens_on, day__lte=last
    )
    looked = len(set(calls.values_list("school_class", "day")))
    classes = SchoolClass.objects.filter(
        school_id=viewer.school_id, enrolments__valid_to__isnull=True
    ).distinct()
    days = len(calendar_for(viewer.school).school_days(period.opens_on, last))
    return {
        "month": period.key,
        "roll": Pupil.objects.filter(school_id=viewer.school_id).on_roll(last).count(),
        "suspected": sum(one["state"] == "suspected_dropout" for one in open_now),
        "dropout": sum(one["state"] in ("dropout", "persuaded") for one in open_now),
        "opened": steps.filter(state="suspected_dropout").count(),
        "returned": steps.filter(state="returned").count(),
        "closed": steps.filter(state="closed").count(),
        "away": len(seen.away),
        "differences": seen.open,
        "of_age": seen.of_age,
        "enrolled": seen.enrolled,
        "looked": looked,
        "to_look": classes.count() * days,
        "files": open_now,
    }


def is_nil(content: dict) -> bool:
    """This function will say whether a report says "nobody": no child of ours is, or may be, out of school."""
    return not any(one["state"] in rules.GONE for one in content["files"])


@transaction.atomic
def confirm(*, month: str, by) -> SchoolingReport:
    """This function will confirm a month's report as it stands now, once; raises NotToConfirm, NoSuchMonth."""
    if not by.holds(*CONFIRM):
        raise NotToConfirm
    one = next((one for one in months(by) if one.key == month), None)
    if one is None:
        raise NoSuchMonth
    if one.report:
        return one.report
    content, now = compiled(by, one.period), clock.now()
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    row = SchoolingReport.objects.create(
        school_id=by.school_id, month=date.fromisoformat(f"{month}-01"), content=content, digest=digest,
        confirmed_by=by.staff, confirmed_at=now,
    )  # fmt: skip
    audit.log("schooling.confirm", by=by.staff, at=now, subject=row, changes={"month": [None, month]})
    _close_duty(one.period, content, by)
    return row


def _close_duty(period: Period, content: dict, by) -> None:
    """Where a plan asks for the month's report, this was it: recorded once."""
    place, on = places.place_of(by, None), min(by.day, period.due_on)
    if "enrolment_report" in places.kinds(by, place, on):
        state = ["都在校"] if is_nil(content) else ["有没来的"]
        entry = record.Entry(("enrolment_report",), on, answers={"state": state}, whole_school=True)
        record.add(entry=entry, by=by)


def kept(viewer) -> list[Kept]:
    """This function will count, for each plan that asks, what became of everyone it ever helped for that reason."""
    found = []
    for plan in adopt.plans_in_force(viewer.school, viewer.day):
        asked = [one for one in plan.indicators if one.formula in ("completion_rate", "dropouts")]
        for wanted in {tuple(sorted(one.for_)): one for one in reversed(asked)}.values():
            cases = Case.objects.filter(school_id=viewer.school_id, plan_key=plan.key)
            if wanted.for_:
                cases = cases.filter(category__in=wanted.for_)
            found.append(_kept(plan, wanted.title, set(cases.values_list("pupil_id", flat=True)), viewer.day))
    return found


def _kept(plan, title: str, pupil_ids: set[UUID], day: date) -> Kept:
    files: dict[UUID, DropoutFile] = {}
    for file in DropoutFile.objects.filter(pupil__in=pupil_ids).order_by("opened_at"):
        files[file.pupil_id] = file
    here = traced = gone = because_poor = 0
    untraced = []
    rows = Pupil.objects.filter(pk__in=pupil_ids).order_by("sort_key")
    for pk, name, left_on, because in rows.values_list("pk", "name", "left_on", "left_because"):
        file = files.get(pk)
        if file and file.state in rules.GONE:
            gone += 1
            because_poor += file.reason == "poverty" and file.state != "suspected_dropout"
        elif left_on is None or left_on > day:
            here += 1
        elif because in TRACED or (file and file.state == "closed"):
            traced += 1
        else:
            untraced.append((pk, name))
    return Kept(plan.short_title, title, len(pupil_ids), here, traced, gone, because_poor, tuple(untraced))


def may_look(viewer) -> bool:
    """This function will say whether the page of the whole school is the viewer's to read."""
    return dropout.keeps(viewer) or viewer.is_leader
