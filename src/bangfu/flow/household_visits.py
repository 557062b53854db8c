"""A visit to a home, written once: a row of the home, and the same visit in the files of children the visitor helps.

So whoever goes round the village and also helps a child there closes that child's duties with the same taps; whoever
only goes round writes nothing into a child's file. Safe to send twice; taken back, never edited.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from bangfu.engine import form as engine
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, agenda, clock, company, record, sent
from bangfu.flow.company import Company
from bangfu.flow.schedule import local_day
from bangfu.records import audit
from bangfu.records.models import Household, HouseholdVisit, Pupil
from bangfu.records.models.rounds import homes_within_reach

KIND = "home_survey"
FOLLOWS = ("情况有变", "要再帮一项")  # what the form offers as 接下来, where something is to follow


class NotYourRound(Refusal):
    sentence = "这一户现在不由您走访。需要的话，请校长或资助专干看一下。"


class SomebodyElses(Refusal):
    sentence = "这次走访是别人记的，只有本人能撤回。可以另记一次。"


class Unclear(Refusal):
    """Something that was tapped is not of the form; the sentence names it."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visit says. `id` is made by the client; `written_at` on a device that was away, else now."""

    household: Household
    happened_on: date
    id: UUID = field(default_factory=uuid4)
    answers: dict = field(default_factory=dict)
    minutes: int | None = None
    note: str = ""
    company: Company | None = None
    written_at: datetime | None = None


def asked() -> dict:
    """This function will give what a visit asks, as values a page or a phone draws: groups of chips and minutes."""
    spec = adopt.shelf().commons.forms[KIND]
    return {
        "title": spec.title,
        "hint": spec.note_hint,
        "groups": [
            {"name": g.key, "legend": g.title, "choices": [[o, o] for o in g.options], "many": g.many}
            for g in spec.groups
        ],
        "minutes": [[str(one), str(one)] for one in spec.minutes],
    }


def read(*, id: UUID, body, by) -> Visit:
    """This function will read what a form or a phone sends. Raises NotYourRound, Unclear."""
    spec = adopt.shelf().commons.forms[KIND]
    day = sent.a_day(body, "on", by.day)
    household = within_reach(by, day).filter(pk=sent.an_id(body, "household")).first()
    if household is None:
        raise NotYourRound
    answers = {
        g.key: picked if g.many else picked[0] for g in spec.groups if (picked := sent.many(body, g.key))
    }
    minutes = sent.one(body, "minutes")
    faults = engine.check(spec, answers | ({"minutes": minutes} if minutes else {}))
    if faults:
        raise Unclear(f"{faults[0].what}。{faults[0].hint}")
    return Visit(
        household=household,
        happened_on=day,
        id=id,
        answers=answers,
        minutes=int(minutes) if minutes else None,
        note=sent.one(body, "note", engine.LONGEST),
        company=Company.read(body),
    )


def within_reach(by, day: date):
    """This function will give the homes whose card somebody may open now or might open on a day gone by.

    A visit made while one still went there counts, also where it arrives after the round was handed on.
    """
    now = homes_within_reach(by)
    return now | homes_within_reach(by.on(day)) if day < by.day else now


def write(*, id: UUID, body, by, at: datetime | None = None) -> tuple[HouseholdVisit, list[str]]:
    """This function will store what a form or a phone sends and say which duties it closes. Safe to send twice.

    `at` is when a phone that was away says it was written; one that lies before the visit is not believed.
    """
    visit = read(id=id, body=body, by=by)
    if at and local_day(at) >= visit.happened_on:
        visit = replace(visit, written_at=at)
    row = add(visit=visit, by=by)
    return row, list(agenda.agenda(by).closing.get(row.evidence_id, ())) if row.evidence_id else []


def add(*, visit: Visit, by) -> HouseholdVisit:
    """This function will store a visit, and the record of those of its children whom the visitor helps.

    Raises NotYourRound, SomebodyElses, and what a record raises: WrongDay, NotThere, SayWithWhom.
    """
    known = HouseholdVisit.objects.filter(pk=visit.id).first()
    if known is not None:
        return _same(known, by)
    if not within_reach(by, visit.happened_on).filter(pk=visit.household.pk).exists():
        raise NotYourRound
    pupils = children(visit.household, visit.happened_on)
    _check_day(visit.happened_on, by)
    company.check(visit.company, (KIND,), pupils, by)
    try:
        with transaction.atomic():
            return _store(visit, pupils, by)
    except IntegrityError:
        known = HouseholdVisit.objects.filter(pk=visit.id).first()  # the other of two simultaneous sends won
        if known is None:
            raise
        return _same(known, by)


def _same(known: HouseholdVisit, by) -> HouseholdVisit:
    if known.author_id != by.staff.pk:
        raise SomebodyElses
    return known


def children(household: Household, day: date) -> list[Pupil]:
    """This function will give the children of a home who were at the school on a day."""
    rows = Pupil.objects.filter(school=household.school_id, household_key=household.key).on_roll(day)
    return list(rows.order_by("sort_key"))


def _check_day(day: date, by) -> None:
    if day > by.day:
        raise record.WrongDay(f"{day.month}月{day.day}日还没有到。请选今天或以前的日子。")
    if day < by.day - record.OLDEST:
        raise record.WrongDay(f"{day:%Y年}{day.month}月{day.day}日太久了，请核对一下日期。")


def _store(visit: Visit, pupils: list[Pupil], by) -> HouseholdVisit:
    mine = set(
        Pupil.objects.cared_for_by(by).filter(pk__in=[one.pk for one in pupils]).values_list("pk", flat=True)
    )
    helped, evidence = [one for one in pupils if one.pk in mine], None
    if helped:
        spec = adopt.shelf().commons.forms[KIND]
        evidence = record.add(
            entry=record.Entry(
                tuple(sorted(engine.activities(spec))), visit.happened_on, id=visit.id, answers=visit.answers,
                minutes=visit.minutes, note=visit.note, company=visit.company, written_at=visit.written_at,
            ),
            pupils=helped,
            by=by,
        )  # fmt: skip
    went = (visit.company or Company()).cleaned()
    row = HouseholdVisit(
        id=visit.id, household=visit.household, author=by.staff, happened_on=visit.happened_on,
        written_at=visit.written_at or clock.now(), answers=visit.answers, minutes=visit.minutes,
        with_staff_id=went.staff_id, with_other=went.other, alone_because=went.alone_because, evidence=evidence,
    )  # fmt: skip
    row.note = visit.note.strip() or None
    row.save(force_insert=True)
    audit.log("rounds.visit", by=by.staff, at=clock.now(), subject=row)
    return row


@transaction.atomic
def withdraw(*, visit: HouseholdVisit, by) -> None:
    """This function will take a visit back, with the record it made. Raises SomebodyElses."""
    _same(visit, by)
    if HouseholdVisit.objects.filter(pk=visit.pk, is_withdrawn=False).update(is_withdrawn=True):
        if visit.evidence is not None:
            record.withdraw_latest(evidence=visit.evidence, by=by)
        audit.log("rounds.withdraw", by=by.staff, at=clock.now(), subject=visit)


def follow_ups(household_ids) -> dict[UUID, str]:
    """This function will say for each home what the last visit said comes next, where something does."""
    rows = HouseholdVisit.objects.filter(household__in=household_ids, is_withdrawn=False)
    last = dict(rows.order_by("happened_on", "written_at").values_list("household_id", "answers"))
    return {pk: said["next"] for pk, said in last.items() if said.get("next") in FOLLOWS}


def said(visit: HouseholdVisit) -> str:
    """This function will say the tapped answers of a visit in one line: 母亲、祖辈 · 看病 · 要再帮一项."""
    parts = []
    for group in adopt.shelf().commons.forms[KIND].groups:
        given = visit.answers.get(group.key) or []
        parts.append("、".join([given] if isinstance(given, str) else given))
    return " · ".join(part for part in parts if part)
