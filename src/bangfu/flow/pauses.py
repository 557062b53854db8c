"""Suspending a plan, or one child's help in it: dated, with its reason; nothing is owed in those days, then it goes on.

What was recorded stays, records are welcome meanwhile, and a child whose help rests is still among those nobody
mentioned. The schedule reads what is written here (almanac.stops_for), also for what is owed to classes and the school.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, pair
from bangfu.flow.almanac import stops_for
from bangfu.records import audit
from bangfu.records.models import Case, School, Suspension

DECIDERS = ("principal", "vice_principal")
BACK = timedelta(days=31)  # so far back it may be written down afterwards
DAY = timedelta(days=1)


class NotDecider(Refusal):
    sentence = "整份方案由校长或副校长来暂停，一名学生的也可以由包级领导来暂停。"


class SayWhy(Refusal):
    sentence = "请写一句为什么暂停，以后看得明白。"


class WrongDays(Refusal):
    """Days that can't be: an end before the start, or a start long ago."""


class TooLate(Refusal):
    sentence = "这是前些天写的，那些天已经按暂停算了。请点“继续”，从今天起接着做。"


class Resting(Refusal):
    sentence = "已经在暂停了，没有写到哪天。请先点“继续”，再重新写。"


@dataclass(frozen=True, slots=True)
class Rest:
    """From which day to which (both included, no end: until further notice), and why."""

    starts_on: date
    ends_on: date | None
    because: str


@dataclass(frozen=True, slots=True)
class Line:
    """One suspension as a page says it."""

    row: Suspension
    plan: str
    child: str
    may_end: bool
    has_begun: bool = True


def may_suspend(by, case: Case | None) -> bool:
    """This function will say whether somebody decides that a plan (no case) or a child's help in it rests."""
    if case is None or by.school_id != case.school_id:
        return case is None and by.holds(*DECIDERS)
    return by.holds(*DECIDERS) or (
        by.holds(*pair.DECIDERS) and pair.decided_by(by).filter(pk=case.pk).exists()
    )


@transaction.atomic
def suspend(*, plan_key: str, rest: Rest, by, case: Case | None = None) -> Suspension:
    """This function will let a plan, or one child's help in it, rest. Raises NotDecider, SayWhy, WrongDays, Resting."""
    if not may_suspend(by, case):
        raise NotDecider
    because = rest.because.strip()[:200]
    if not because:
        raise SayWhy
    if rest.ends_on is not None and rest.ends_on < rest.starts_on:
        raise WrongDays("最后一天在第一天之前，请换一下。")
    if rest.starts_on < by.day - BACK:
        raise WrongDays("从一个月以前开始的，请从最近一个月里选一天。")
    School.objects.select_for_update(no_key=True).get(pk=by.school_id)  # two taps at once take turns
    of = {"school": by.school, "plan_key": plan_key, "case": case}
    said = {"starts_on": rest.starts_on, "ends_on": rest.ends_on, "because": because}
    same = Suspension.objects.filter(**of, **said).first()
    if same is not None:
        return same
    try:
        with transaction.atomic():
            row = Suspension.objects.create(**of, **said, by=by.staff, at=clock.now())
    except IntegrityError as cause:
        raise Resting from cause
    _log("schedule.suspend", row, by, [None, f"{rest.starts_on}—{rest.ends_on or ''} {because}"])
    return row


@transaction.atomic
def take_back(*, suspension: Suspension, by) -> None:
    """This function will undo a suspension on the day it was written: its days owe again. Raises NotDecider, TooLate."""
    row = Suspension.objects.select_for_update().filter(pk=suspension.pk).first()
    if row is None:
        return
    if not may_suspend(by, row.case):
        raise NotDecider
    if timezone.localdate(row.at) < by.day:
        raise TooLate
    _log("schedule.suspend_back", row, by, [f"{row.starts_on}—{row.ends_on or ''}", None])
    row.delete()


@transaction.atomic
def go_on(*, suspension: Suspension, by) -> None:
    """This function will go on with it from today: the days before stay excused; one that never began is gone."""
    row = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if not may_suspend(by, row.case):
        raise NotDecider
    if row.ends_on is not None and row.ends_on < by.day:
        return
    before = f"{row.starts_on}—{row.ends_on or ''}"
    if row.starts_on >= by.day:
        _log("schedule.go_on", row, by, [before, None])
        row.delete()
        return
    row.ends_on, row.ended_by = by.day - DAY, by.staff
    row.save(update_fields=["ends_on", "ended_by"])
    _log("schedule.go_on", row, by, [before, f"{row.starts_on}—{row.ends_on}"])


def _log(verb: str, row: Suspension, by, days: list) -> None:
    School.objects.filter(pk=by.school_id).update(calendar_version=F("calendar_version") + 1)
    by.school.refresh_from_db(fields=["calendar_version"])
    subject = row.case or by.school
    audit.log(verb, by=by.staff, at=clock.now(), subject=subject, changes={row.plan_key: days})


def running(viewer) -> list[Line]:
    """This function will list what rests now or will, plans first; of single children those the viewer may see."""
    titles = {key: plan.short_title for key, plan in adopt.latest_plans(viewer.school).items()}
    rows = Suspension.objects.visible_to(viewer).running(viewer.day).select_related("case__pupil")
    found = [
        Line(
            row,
            titles.get(row.plan_key, ""),
            row.case.pupil.name if row.case else "",
            may_suspend(viewer, row.case),
            row.starts_on < viewer.day,
        )
        for row in rows.order_by("starts_on", "pk")
    ]
    return sorted(found, key=lambda line: bool(line.child))


def of_plans(viewer) -> list[Line]:
    """This function will list the whole plans that rest now or will; no query while none ever did."""
    return [line for line in running(viewer) if not line.child] if stops_for(viewer.school) else []


def of_child(viewer, pupil_id) -> list[Line]:
    """This function will list what rests now or will for one child whose file the viewer may open: plans and single."""
    if not stops_for(viewer.school):
        return []
    cases = Case.objects.filter(pupil=pupil_id).open_on(viewer.day)
    keys = set(cases.values_list("plan_key", flat=True))
    lines = running(viewer) if keys else []
    return [
        line
        for line in lines
        if line.row.plan_key in keys and (line.row.case is None or line.row.case.pupil_id == pupil_id)
    ]


def cases_to_suspend(by, pupil_id=None):
    """This function will give the open cases whose help the viewer may let rest, of one child if asked."""
    cases = pair.decided_by(by) if by.holds(*pair.DECIDERS) else Case.objects.none()
    return cases.filter(pupil=pupil_id) if pupil_id else cases
