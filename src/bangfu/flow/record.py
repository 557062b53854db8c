"""Writing down what was done: once, for several children and several duties, safe to send twice, never edited.

About children, or about a class or the whole school, never both: what is said of a class names no child of it. All
plans ask for it (P9-03, P9-15, P9-21, P9-24). A record counts for the day it happened; later versions amend it.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, places, schedule, state
from bangfu.flow import company as companies
from bangfu.flow.acts import act_of
from bangfu.flow.company import Company
from bangfu.records import audit, near
from bangfu.records.insert import insert
from bangfu.records.models import Evidence, EvidencePupil, Pupil, SchoolClass
from bangfu.records.models.places import school_year_of
from bangfu.records.turn import writing

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
    written_at: datetime | None = None  # on a device that was away; else now

    @property
    def is_of_place(self) -> bool:
        """Whether it is about a class or the school."""
        return self.school_class is not None or self.whole_school


@dataclass(frozen=True, slots=True)
class Draft:
    """What is about to be stored: an entry that was checked, the children, and which record it changes, if any."""

    entry: Entry
    pupils: tuple[Pupil, ...]
    amends: Evidence | None = None
    is_withdrawn: bool = False


def add(*, entry: Entry, pupils=(), by) -> Evidence:
    """This function will store one record about these children (Pupil rows `by` may care for), or a class or school.

    Sent twice with the same id, it is stored once. Raises NothingSaid, NobodyChosen, NotThere, WrongDay,
    OneOrTheOther, NotYourPlace, NotOfPlace, SayWithWhom.
    """
    try:
        return _store([_checked(entry, pupils, by)], by)[0]
    except (Refusal, IntegrityError):  # it was sent before, or the other of two simultaneous sends won
        known = Evidence.objects.filter(pk=entry.id).first()
        if known is None:
            raise
        return _same(known, by)


def add_many(*, entries: Iterable[tuple[Entry, Sequence[Pupil]]], by) -> list[Evidence | Refusal]:
    """This function will store what a device kept while it was away, in one transaction: an answer for each, in order.

    What `add` would refuse is answered with the refusal and hinders no other; sent twice, it is stored once.
    """
    entries = list(entries)
    known = Evidence.objects.in_bulk([entry.id for entry, _ in entries])
    answers: dict[UUID, Evidence | Refusal | None] = {}
    drafts: list[Draft] = []
    for entry, pupils in entries:
        if entry.id in answers:
            continue
        try:
            answers[entry.id] = _same(known[entry.id], by) if entry.id in known else None
            if entry.id not in known:
                drafts.append(_checked(entry, pupils, by))
        except Refusal as refusal:
            answers[entry.id] = refusal
    try:
        answers |= {one.pk: one for one in _store(drafts, by)}
    except IntegrityError:  # one of them came another way meanwhile: each by itself then
        for draft in drafts:
            try:
                answers[draft.entry.id] = add(entry=draft.entry, pupils=draft.pupils, by=by)
            except Refusal as refusal:
                answers[draft.entry.id] = refusal
    return [answers[entry.id] for entry, _ in entries]


def _checked(entry: Entry, pupils, by) -> Draft:
    pupils = tuple({pupil.pk: pupil for pupil in pupils}.values())
    _check(entry, pupils, by)
    _check_place(entry, pupils, by)
    companies.check(entry.company, entry.activities, pupils, by)
    return Draft(entry, pupils)


def _same(known: Evidence, by) -> Evidence:
    if known.author_id != by.staff.pk:
        raise SomebodyElses
    return known


def amend(*, evidence: Evidence, entry: Entry, by) -> Evidence:
    """This function will add a corrected version of a record; the earlier one stays and is shown as such."""
    _own(evidence, by)
    pupils = tuple(Pupil.objects.filter(evidence__evidence=evidence))
    entry = replace(entry, school_class=evidence.school_class, whole_school=evidence.whole_school)
    _check(entry, pupils, by)
    _check_place(entry, pupils, by, as_before=frozenset(evidence.activities))
    if not companies.at_home().isdisjoint(entry.activities):
        entry = replace(entry, company=entry.company or companies.of(evidence.pk))
    companies.check(entry.company, entry.activities, pupils, by)
    try:
        return _store([Draft(entry, pupils, evidence)], by)[0]
    except IntegrityError as cause:
        raise AlreadyChanged from cause


def withdraw(*, evidence: Evidence, by) -> Evidence:
    """This function will take a record back (撤销): a last version is added that counts for nothing."""
    _own(evidence, by)
    about = {"school_class": evidence.school_class, "whole_school": evidence.whole_school}
    entry = Entry(tuple(evidence.activities), evidence.happened_on, **about)
    pupils = tuple(Pupil.objects.filter(evidence__evidence=evidence))
    try:
        with transaction.atomic():
            last = _store([Draft(entry, pupils, evidence, is_withdrawn=True)], by)[0]
            audit.log("record.withdraw", by=by.staff, at=clock.now(), subject=evidence)
            return last
    except IntegrityError as cause:
        raise AlreadyChanged from cause


def withdraw_latest(*, evidence: Evidence, by) -> None:
    """This function will take a record back as it stands now, however often it was corrected; twice is once."""
    while later := Evidence.objects.filter(amends=evidence).first():
        evidence = later
    if not evidence.is_withdrawn:
        withdraw(evidence=evidence, by=by)


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


def _store(drafts: Sequence[Draft], by) -> list[Evidence]:
    """All of them or none: the records, who they are about, the trail, and what is due now."""
    if not drafts:
        return []
    now, then = clock.now(), _Then(drafts, by)
    pupils = {pupil.pk for draft in drafts for pupil in draft.pupils}
    with writing():
        days = None if any(draft.amends for draft in drafts) else (then.first, then.last)
        held = state.hold(school=by.school, pupils=sorted(pupils), day=by.day, days=days)
        records = [_evidence(draft, by, then, now) for draft in drafts]
        both = list(zip(drafts, records, strict=True))
        about = [
            EvidencePupil(
                evidence_id=record.pk,
                pupil_id=pupil.pk,
                happened_on=record.happened_on,
                roles=sorted(then.roles(pupil.pk, record.happened_on)),
            )
            for draft, record in both
            for pupil in draft.pupils
        ]
        about.sort(key=lambda row: row.pupil_id)  # two at once take the same way round
        insert(records, about, [event for draft, record in both for event in _events(draft, record, by, now)])
        for draft, record in both:
            if not companies.at_home().isdisjoint(draft.entry.activities):
                companies.store(record, draft.entry.company)
        state.settle(held, _acts(records, about))
    return records


def _acts(records: Iterable[Evidence], about: Iterable[EvidencePupil]) -> dict[UUID, list]:
    """What was just written, as the engine's acts: {pupil id: [(act, events)]}."""
    by_id, found = {record.pk: record for record in records}, {}
    for row in about:
        found.setdefault(row.pupil_id, []).append(act_of(by_id[row.evidence_id], row.roles))
    return found


def _evidence(draft: Draft, by, then: "_Then", now) -> Evidence:
    entry, amends = draft.entry, draft.amends
    is_same_day = amends and not draft.is_withdrawn and amends.happened_on == entry.happened_on
    return Evidence(
        id=entry.id,
        school_id=by.school_id,
        author=by.staff,
        happened_on=entry.happened_on,
        happened_at=entry.happened_at,
        written_at=amends.written_at if is_same_day else entry.written_at or now,
        activities=list(entry.activities),
        answers=entry.answers,
        minutes=entry.minutes,
        note=entry.note.strip(),
        bright_spot=entry.bright_spot.strip(),
        reflection=entry.reflection.strip(),
        amends=amends,
        is_withdrawn=draft.is_withdrawn,
        school_class=entry.school_class,
        whole_school=entry.whole_school,
        roles=sorted(_roles_at(entry, then.viewer(entry.happened_on))),
    )


def _events(draft: Draft, record: Evidence, by, now: datetime) -> list[audit.Event]:
    if draft.is_withdrawn:
        return []
    verb = "record.amend" if draft.amends else "record.add"
    changes = {"activities": [draft.amends.activities if draft.amends else None, record.activities]}
    found = []
    for pupil_id in [pupil.pk for pupil in draft.pupils] or [None]:
        event = audit.event(verb, by=by.staff, at=now, subject=record, changes=changes)
        event.pupil_id = pupil_id
        found.append(event)
    return found


def _roles_at(entry: Entry, by) -> frozenset[str]:
    if not entry.is_of_place:
        return frozenset()
    return places.roles_towards(by, places.place_of(by, entry.school_class))


class _Then:
    """What the author was to each child on each of some days; one query for all of them."""

    def __init__(self, drafts: Sequence[Draft], by) -> None:
        days = {draft.entry.happened_on for draft in drafts}
        self.first, self.last = min(days), max(days)
        self._viewers = {day: by.on(day) for day in days}
        self._spells: dict[UUID, list[near.Spell]] = {}
        pupils = {pupil.pk: pupil for draft in drafts for pupil in draft.pupils}
        asked = (by.staff.pk, self.first, self.last)
        for spell in _known(pupils.values(), asked) or near.spells(sorted(pupils), *asked):
            self._spells.setdefault(spell.pupil_id, []).append(spell)
        self._roles: dict[tuple[UUID, date], frozenset[str]] = {}

    def viewer(self, day: date):
        return self._viewers[day]

    def roles(self, pupil_id: UUID, day: date) -> frozenset[str]:
        key = pupil_id, day
        if key not in self._roles:
            self._roles[key] = _roles_by(self._spells.get(pupil_id, ()), self._viewers[day])
        return self._roles[key]


def _known(pupils: Iterable[Pupil], asked: tuple) -> list[near.Spell]:
    """What `cared_for` has just read of these children; nothing where it read something else."""
    told = [getattr(pupil, "beside", None) for pupil in pupils]
    is_the_same = bool(told) and all(one is not None and one == told[0] and one[0] == asked for one in told)
    return told[0][1] if is_the_same else []


def roles_on(pupils, *, by) -> dict[UUID, frozenset[str]]:
    """This function will say what the author was to each child on `by.day`; one query."""
    spells: dict[UUID, list[near.Spell]] = {pupil.pk: [] for pupil in pupils}
    for spell in near.spells(list(spells), by.staff.pk, by.day, by.day):
        spells[spell.pupil_id].append(spell)
    return {pk: _roles_by(some, by) for pk, some in spells.items()}


def cared_for(pupil_ids: Collection[UUID], *, by) -> list[Pupil] | None:
    """This function will give the children somebody plainly stands beside today, in order of names; else None.

    Whoever helps, stands in, or minds their class: one short query. None says nothing yet: leaders and others a
    plan names are told by `Pupil.objects.cared_for_by`.
    """
    ids, classes, years = set(pupil_ids), by.minded_class_ids, by.entry_years
    found, spells = near.children(list(ids), by.staff.pk, by.day)
    beside = {
        spell.pupil_id
        for spell in spells
        if spell.is_on(by.day)
        and (spell.kind != "class" or spell.school_class_id in classes or spell.entry_year in years)
    }
    for child in found:
        child.beside = (by.staff.pk, by.day, by.day), spells
    is_plain = (
        bool(ids) and beside.issuperset(ids) and all(child.school_id == by.school_id for child in found)
    )
    return found if is_plain else None


def _roles_by(spells: Iterable[near.Spell], by) -> frozenset[str]:
    found = [spell for spell in spells if spell.is_on(by.day)]
    of_class = next((spell for spell in found if spell.kind == "class"), None)
    return schedule.roles_towards(
        by,
        school_class_id=of_class.school_class_id if of_class else None,
        entry_year=of_class.entry_year if of_class else 0,
        helper_ids=[by.staff.pk for spell in found if spell.kind == "helper"],
        deputy_ids=[by.staff.pk for spell in found if spell.kind == "deputy"],
    )
