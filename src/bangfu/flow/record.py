"""Writing down what was done: once, for several children and several duties, safe to send twice, never edited.

About children, or about a class or the whole school, never both: what is said of a class names no child of it. All
plans ask for it (P9-03, P9-15, P9-21, P9-24). A record counts for the day it happened; later versions amend it.
"""

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, places, schedule, state
from bangfu.flow import company as companies
from bangfu.flow.company import Company
from bangfu.records import audit
from bangfu.records.models import (
    Enrolment,
    Evidence,
    EvidencePupil,
    Leave,
    Pairing,
    Pupil,
    SchoolClass,
)
from bangfu.records.models.places import school_year_of

OLDEST = timedelta(days=366)


class NothingSaid(Refusal):
    sentence = "还没有选做了什么。请点一下谈心、辅导或别的，再保存。"


class NobodyChosen(Refusal):
    sentence = "还没有选学生。请先点学生的名字，再保存。"


class OneOrTheOther(Refusal):
    sentence = "学生的事和全班、全校的事请分开记，一条只记一样。"


class NotYourPlace(Refusal):
    sentence = "这个班的事请这个班的老师或包级领导来记。"


class NotOfPlace(Refusal):
    sentence = "这件事是和学生一起做的，不是全班或全校的。请选学生再记。"


class NotThere(Refusal):
    """The child or the class was not at the school on that day."""


class WrongDay(Refusal):
    """The day lies in the future or far in the past."""


class SomebodyElses(Refusal):
    sentence = "这条是别的老师记的，只有本人能改。可以另记一条补充。"


class AlreadyChanged(Refusal):
    sentence = "这条记录刚刚已经改过了。请刷新后看最新的内容。"


@dataclass(frozen=True, slots=True)
class Entry:
    """What a form says: kinds of activity, the day, and answers. `id` is made by the client.

    `school_class` or `whole_school` stand in the place of children.
    """

    activities: tuple[str, ...]
    happened_on: date
    id: UUID = field(default_factory=uuid4)
    happened_at: time | None = None
    answers: dict = field(default_factory=dict)
    minutes: int | None = None
    note: str = ""
    bright_spot: str = ""
    reflection: str = ""
    school_class: SchoolClass | None = None
    whole_school: bool = False
    company: Company | None = None  # who went along to a child's home

    @property
    def is_of_place(self) -> bool:
        """Whether it is about a class or the school."""
        return self.school_class is not None or self.whole_school


def add(*, entry: Entry, pupils=(), by) -> Evidence:
    """This function will store one record about these children (Pupil rows `by` may care for), or a class or school.

    Sent twice with the same id, it is stored once. Raises NothingSaid, NobodyChosen, NotThere, WrongDay,
    OneOrTheOther, NotYourPlace, NotOfPlace, SayWithWhom.
    """
    known = Evidence.objects.filter(pk=entry.id).first()
    if known is not None:
        return _same(known, by)
    pupils = list({pupil.pk: pupil for pupil in pupils}.values())
    _check(entry, pupils, by)
    _check_place(entry, pupils, by)
    companies.check(entry.company, entry.activities, pupils, by)
    try:
        with transaction.atomic():
            return _store(entry, pupils, by, amends=None)
    except IntegrityError:
        known = Evidence.objects.filter(pk=entry.id).first()  # the other of two simultaneous sends won
        if known is None:
            raise
        return _same(known, by)


def _same(known: Evidence, by) -> Evidence:
    if known.author_id != by.staff.pk:
        raise SomebodyElses
    return known


def amend(*, evidence: Evidence, entry: Entry, by) -> Evidence:
    """This function will add a corrected version of a record; the earlier one stays and is shown as such."""
    _own(evidence, by)
    pupils = list(Pupil.objects.filter(evidence__evidence=evidence))
    entry = replace(entry, school_class=evidence.school_class, whole_school=evidence.whole_school)
    _check(entry, pupils, by)
    _check_place(entry, pupils, by, as_before=frozenset(evidence.activities))
    if not companies.at_home().isdisjoint(entry.activities):
        entry = replace(entry, company=entry.company or companies.of(evidence.pk))
    companies.check(entry.company, entry.activities, pupils, by)
    try:
        with transaction.atomic():
            return _store(entry, pupils, by, amends=evidence)
    except IntegrityError as cause:
        raise AlreadyChanged from cause


def withdraw(*, evidence: Evidence, by) -> Evidence:
    """This function will take a record back (撤销): a last version is added that counts for nothing."""
    _own(evidence, by)
    about = {"school_class": evidence.school_class, "whole_school": evidence.whole_school}
    entry = Entry(tuple(evidence.activities), evidence.happened_on, **about)
    pupils = list(Pupil.objects.filter(evidence__evidence=evidence))
    try:
        with transaction.atomic():
            last = _store(entry, pupils, by, amends=evidence, is_withdrawn=True)
            audit.log("record.withdraw", by=by.staff, at=clock.now(), subject=evidence)
            return last
    except IntegrityError as cause:
        raise AlreadyChanged from cause


def _own(evidence: Evidence, by) -> None:
    if evidence.author_id != by.staff.pk:
        raise SomebodyElses
    if Evidence.objects.filter(amends=evidence).exists():
        raise AlreadyChanged


def _check(entry: Entry, pupils, by) -> None:
    if not entry.activities:
        raise NothingSaid
    if not (pupils or entry.is_of_place):
        raise NobodyChosen
    day = entry.happened_on
    if day > by.day:
        raise WrongDay(f"{day.month}月{day.day}日还没有到。请选今天或以前的日子。")
    if day < by.day - OLDEST:
        raise WrongDay(f"{day:%Y年}{day.month}月{day.day}日太久了，请核对一下日期。")
    for pupil in pupils:
        if pupil.left_on and day >= pupil.left_on:
            left = pupil.left_on
            raise NotThere(
                f"{pupil.name}在{left.month}月{left.day}日已经离校，之后不再记录。"
                f"离校前做的可以补记，请把日期改到{left.month}月{left.day}日之前。"
            )
        if day < pupil.joined_on:
            joined = pupil.joined_on
            raise NotThere(f"{pupil.name}在{joined.month}月{joined.day}日才来校。请把日期改到那天或以后。")


def _check_place(entry: Entry, pupils, by, as_before: frozenset[str] = frozenset()) -> None:
    """Who may, and what: nothing where the record is about children. What a record said before may stay in it."""
    if not entry.is_of_place:
        return
    if pupils or (entry.school_class is not None and entry.whole_school):
        raise OneOrTheOther
    of, day = entry.school_class, entry.happened_on
    if of is not None and of.school_id != by.school_id:
        raise NotYourPlace
    if of is not None and school_year_of(day) < of.entry_year:
        raise NotThere(f"那时还没有这个班。请把日期改到{of.entry_year}年8月或以后。")
    if not as_before.isdisjoint(entry.activities):
        return
    allowed = places.kinds(by, places.place_of(by, of), day)
    if allowed.isdisjoint(entry.activities):
        if of is None:
            raise NotYourPlace("全校的这件事不由您来记。需要的话，请校长或分管的老师来记。")
        raise NotOfPlace if allowed else NotYourPlace


def _store(entry: Entry, pupils, by, *, amends: Evidence | None, is_withdrawn: bool = False) -> Evidence:
    now, then = clock.now(), by.on(entry.happened_on)
    evidence = Evidence(
        id=entry.id,
        school_id=by.school_id,
        author=by.staff,
        happened_on=entry.happened_on,
        happened_at=entry.happened_at,
        written_at=amends.written_at
        if amends and not is_withdrawn and amends.happened_on == entry.happened_on
        else now,
        activities=list(entry.activities),
        answers=entry.answers,
        minutes=entry.minutes,
        note=entry.note.strip(),
        bright_spot=entry.bright_spot.strip(),
        reflection=entry.reflection.strip(),
        amends=amends,
        is_withdrawn=is_withdrawn,
        school_class=entry.school_class,
        whole_school=entry.whole_school,
        roles=sorted(_roles_at(entry, then)),
    )
    on = None if amends else entry.happened_on
    held = state.hold(school=by.school, pupils=[pupil.pk for pupil in pupils], day=by.day, on=on)
    evidence.save()
    if not companies.at_home().isdisjoint(entry.activities):
        companies.store(evidence, entry.company)
    roles = roles_on(pupils, by=then)
    EvidencePupil.objects.bulk_create(
        EvidencePupil(
            evidence=evidence, pupil=pupil, happened_on=entry.happened_on, roles=sorted(roles[pupil.pk])
        )
        for pupil in sorted(pupils, key=lambda pupil: pupil.pk)  # two at once take the same way round
    )
    if not is_withdrawn:
        verb = "record.amend" if amends else "record.add"
        changes = {"activities": [amends.activities if amends else None, evidence.activities]}
        about = [pupil.pk for pupil in pupils] or [None]
        entries = [audit.event(verb, by=by.staff, at=now, subject=evidence, changes=changes) for _ in about]
        for event, pupil_id in zip(entries, about, strict=True):
            event.pupil_id = pupil_id
        audit.store(entries)
    state.settle(held, evidence.pk)
    return evidence


def _roles_at(entry: Entry, by) -> frozenset[str]:
    if not entry.is_of_place:
        return frozenset()
    return places.roles_towards(by, places.place_of(by, entry.school_class))


def roles_on(pupils, *, by) -> dict[UUID, frozenset[str]]:
    """This function will say what the author was to each child on `by.day`; two queries."""
    ids = [pupil.pk for pupil in pupils]
    where = {
        pupil: (class_id, entry_year)
        for pupil, class_id, entry_year in Enrolment.objects.on(by.day)
        .filter(pupil__in=ids)
        .values_list("pupil_id", "school_class_id", "school_class__entry_year")
    }
    helpers: dict[UUID, set] = {pk: set() for pk in ids}
    for pupil, helper in Pairing.objects.filter(
        case__pupil__in=ids, state__in=("confirmed", "ended"), valid_from__lte=by.day
    ).exclude(valid_to__lte=by.day).values_list("case__pupil_id", "helper_id"):  # fmt: skip
        helpers[pupil].add(helper)
    deputies = _deputies({h for some in helpers.values() for h in some}, by.day)
    return {
        pk: schedule.roles_towards(
            by,
            school_class_id=where.get(pk, (None, 0))[0],
            entry_year=where.get(pk, (None, 0))[1],
            helper_ids=helpers[pk],
            deputy_ids={deputies[h] for h in helpers[pk] if h in deputies},
        )
        for pk in ids
    }


def _deputies(helper_ids, day: date) -> dict[UUID, UUID]:
    if not helper_ids:
        return {}
    rows = Leave.objects.filter(
        staff__in=helper_ids, starts_on__lte=day, ends_on__gte=day, deputy__isnull=False
    )
    return dict(rows.values_list("staff_id", "deputy_id"))
