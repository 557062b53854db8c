"""突发困难: three taps at the door, then it waits with whoever can help until somebody answers (P10-51).

Somebody goes there within two workdays; a visit written down afterwards counts as that. What is urgent is helped
first, papers follow. It never waits for a photo, and nothing of it stands in a child's file.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, homes, sent
from bangfu.flow.almanac import calendar_for
from bangfu.flow.homes import Home
from bangfu.flow.household_visits import NotYourRound, within_reach
from bangfu.flow.schedule import local_day
from bangfu.records import audit
from bangfu.records.models import Hardship, Household, HouseholdVisit

WITHIN = 2  # workdays
OLDEST = timedelta(days=60)
WORDS = {"illness": "生病", "disaster": "灾害", "accident": "意外", "job_loss": "失业", "other": "其他"}
ANSWERS = {"referred": "已转去救助", "settled": "已经解决"}
ANSWERERS = ("principal", "vice_principal", "aid_officer")


class WhatHappened(Refusal):
    sentence = "请点一下是什么事：生病、灾害、意外、失业或其他。"


class WrongDay(Refusal):
    sentence = "请选今天或最近两个月里的一天。"


class NotAnswerer(Refusal):
    sentence = "转去救助、怎么解决的，由校长、副校长、资助专干或这一户的责任人来写。"


class AlreadyAnswered(Refusal):
    sentence = "这件事刚刚已经有人答复了。刷新一下就能看到。"


class SayWhat(Refusal):
    sentence = "请写一句：转给了谁，或者怎么解决的。"


class SomebodyElses(Refusal):
    sentence = "这件事是别人报的，只有本人能撤回。"


@dataclass(frozen=True, slots=True)
class Report:
    """What came over which home. `id` is made by the client; `written_at` on a device that was away, else now."""

    household: Household
    kind: str
    happened_on: date
    note: str = ""
    id: UUID = field(default_factory=uuid4)
    written_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits: the home, whether somebody has gone there since, by when somebody should."""

    row: Hardship
    home: Home
    is_seen: bool


def words() -> list[list[str]]:
    """This function will give what may have happened, as a page or a phone draws it."""
    return [[key, title] for key, title in WORDS.items()]


def due_from(school, day: date) -> date:
    """This function will give the second workday after a day."""
    calendar = calendar_for(school)
    for _ in range(WITHIN):
        day = calendar.next_workday(day + timedelta(days=1))
    return day


def write(*, id: UUID, body, by, at: datetime | None = None) -> tuple[Hardship, list[str]]:
    """This function will store what a form or a phone sends. Safe to send twice.

    `at` is when a phone that was away says it was written; one that lies before it happened is not believed.
    """
    day = sent.a_day(body, "on", by.day)
    household = within_reach(by, day).filter(pk=sent.an_id(body, "household")).first()
    if household is None:
        raise NotYourRound
    at = at if at and local_day(at) >= day else None
    report = Report(household, sent.one(body, "kind"), day, sent.one(body, "note", 1000), id, at)
    return flag(report=report, by=by), []


def flag(*, report: Report, by) -> Hardship:
    """This function will note that something hard has come over a home; raises NotYourRound, WhatHappened, WrongDay."""
    known = Hardship.objects.filter(pk=report.id).first()
    if known is not None:
        return _same(known, by)
    if not within_reach(by, report.happened_on).filter(pk=report.household.pk).exists():
        raise NotYourRound
    if report.kind not in Hardship.KINDS:
        raise WhatHappened
    if not by.day - OLDEST <= report.happened_on <= by.day:
        raise WrongDay
    row = Hardship(
        id=report.id, school=by.school, household=report.household, author=by.staff, kind=report.kind,
        happened_on=report.happened_on, written_at=report.written_at or clock.now(),
        due_on=due_from(by.school, by.day),
    )  # fmt: skip
    row.note = report.note.strip() or None
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            audit.log("hardship.flag", by=by.staff, at=clock.now(), subject=row)
    except IntegrityError:
        return _same(Hardship.objects.get(pk=report.id), by)
    return row


def _same(known: Hardship, by) -> Hardship:
    if known.author_id != by.staff.pk:
        raise SomebodyElses
    return known


@transaction.atomic
def take_back(*, row: Hardship, by) -> None:
    """This function will take back what was flagged by mistake, while nobody has answered."""
    _same(row, by)
    _close(row, "withdrawn", "", by, "hardship.take_back")


@transaction.atomic
def answer(*, row: Hardship, outcome: str, said: str, by) -> None:
    """This function will say what was done: referred to relief, or settled; with one sentence. Raises AlreadyAnswered."""
    if outcome not in ANSWERS:
        raise SayWhat
    if not may_answer(row.household, by):
        raise NotAnswerer
    if not said.strip():
        raise SayWhat
    _close(row, outcome, said, by, "hardship.answer")


def may_answer(household: Household, by) -> bool:
    """This function will say whether somebody may answer for a home: the leaders' office, or who answers for it."""
    mine = household.helpers.in_force(by.day).filter(staff=by.staff)
    return by.holds(*ANSWERERS) or mine.exists()


def _close(row: Hardship, state: str, said: str, by, verb: str) -> None:
    fresh = Hardship.objects.select_for_update().get(pk=row.pk)
    if fresh.state != "open":
        raise AlreadyAnswered
    fresh.state, fresh.answered_by, fresh.answered_at = state, by.staff, clock.now()
    fresh.answer = said.strip()[:500] or None
    fresh.save(update_fields=["state", "answered_by", "answered_at", "answer"])
    audit.log(verb, by=by.staff, at=clock.now(), subject=fresh, changes={"state": ["open", state]})


def waiting(by) -> list[Waiting]:
    """This function will list what still waits on the viewer's round, what should be seen first on top."""
    since = HouseholdVisit.objects.filter(
        household=OuterRef("household"), is_withdrawn=False, written_at__gt=OuterRef("written_at"),
        happened_on__gte=OuterRef("happened_on"),
    )  # fmt: skip
    rows = Hardship.objects.visible_to(by).open().annotate(is_seen=Exists(since))
    rows = list(rows.select_related("household__village", "author").order_by("due_on", "written_at"))
    every = homes.homes_of(by, Household.objects.filter(pk__in=[one.household_id for one in rows]))
    return [Waiting(one, every[one.household_id], one.is_seen) for one in rows]


def count(by) -> int:
    """This function will count what waits on the viewer's round; one query."""
    return Hardship.objects.visible_to(by).open().count()
