"""Calling the roll: everybody is here, or these are away; who looked at which class, and taking a call back.

A class nobody looked at is never "nobody absent". Spells of absence (what pauses duties) follow the marks (P0-17, F25).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from uuid import UUID, uuid5

from django.db import transaction

from bangfu.engine.attendance import Seen, spells
from bangfu.engine.case import Spell
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, record
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import Absence, AbsenceMark, Enrolment, Evidence, Pupil, RollCall, SchoolClass
from bangfu.records.models.attendance import CAUSES
from bangfu.records.models.dropouts import KEEPERS

# What a cause is called on the form that records a call.
WHY = {"ill": "生病", "at_home": "家里有事", "road": "路不通", "unwilling": "不想来", "unreached": "还不知道"}
BACK = timedelta(days=7)  # a forgotten roll call can be added for a week


class NotYourClass(Refusal):
    sentence = "这个班的点名由班主任、包班教师或学校领导来做。"


class NoSchool(Refusal):
    """There is no school on that day, or it has not come yet."""


class NotInClass(Refusal):
    sentence = "名单刚刚变了，有学生已经不在这个班。请刷新后再点。"


class TakenBack(Refusal):
    sentence = "这次点名已经撤回了。需要的话，请再点一次。"


@dataclass(frozen=True, slots=True)
class Away:
    """One child who is not there, as far as is known: a cause of CAUSES, who was called, when, what they said."""

    pupil_id: UUID
    cause: str = ""
    called_whom: str = ""
    called_at: time | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class Mate:
    """A child of the class on the page: away now, since when, and what the last mark says."""

    id: UUID
    name: str
    words: str  # for the search: name, pinyin, initials, seat
    seat_no: int | None
    is_away: bool = False
    since: date | None = None
    mark: AbsenceMark | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A class on a day: its size, and its roll call, if somebody looked. `away` counts marks."""

    id: UUID
    label: str
    size: int
    call: RollCall | None
    away: int


def may_call(viewer, school_class: SchoolClass) -> bool:
    """This function will say whether the viewer may call the roll of a class."""
    if school_class.school_id != viewer.school_id:
        return False
    return viewer.is_leader or viewer.holds(*KEEPERS) or school_class.pk in viewer.minded_class_ids


def classes(viewer, day: date) -> list[Looked]:
    """This function will list the classes the viewer may call, in class order, with who has been looked at; three queries."""
    rows = [c for c in SchoolClass.objects.visible_to(viewer).in_order() if may_call(viewer, c)]
    sizes: dict[UUID, int] = defaultdict(int)
    for school_class in (
        Enrolment.objects.on(day).filter(school_class__in=rows).values_list("school_class", flat=True)
    ):
        sizes[school_class] += 1
    calls: dict[UUID, list[RollCall]] = defaultdict(list)
    for call in RollCall.objects.standing().filter(school_class__in=rows, day=day).prefetch_related("marks"):
        calls[call.school_class_id].append(call)
    found = []
    for row in rows:
        mine = sorted(calls[row.pk], key=lambda call: call.at)
        away = len({mark.pupil_id for mark in mine[-1].marks.all()}) if mine else 0
        if sizes[row.pk]:
            found.append(Looked(row.pk, row.label_on(day), sizes[row.pk], mine[-1] if mine else None, away))
    return found


def mates(school_class: SchoolClass, day: date, session: str = "day") -> tuple[list[Mate], RollCall | None]:
    """This function will give the children of a class on a day, in seat order, and the roll call, if there is one.

    Before the call, whoever is still away from earlier days is away already.
    """
    call = _call(school_class, day, session)
    marks = {mark.pupil_id: mark for mark in call.marks.all()} if call else {}
    rows = Enrolment.objects.on(day).filter(school_class=school_class).select_related("pupil")
    rows = sorted(rows, key=lambda row: (row.seat_no or 999, row.pupil.sort_key, str(row.pupil_id)))
    since = covering([row.pupil_id for row in rows], day)
    found = []
    for row in rows:
        pupil, pk = row.pupil, row.pupil_id
        words = f"{pupil.name} {pupil.sort_key} {pupil.sort_key.replace(' ', '')} {pupil.initials}"
        is_away = pk in marks if call else pk in since
        first = since[pk].opens_on if pk in since and is_away else None
        found.append(
            Mate(pk, pupil.name, f"{words} {row.seat_no or ''}", row.seat_no, is_away, first, marks.get(pk))
        )
    return found, call


def covering(pupil_ids: Iterable[UUID], day: date) -> dict[UUID, Spell]:
    """This function will give the spell of absence each child is in on a day, said or seen; one query."""
    rows = Absence.objects.filter(pupil__in=list(pupil_ids), starts_on__lte=day).exclude(ends_on__lt=day)
    found: dict[UUID, Spell] = {}
    for pupil, first, last in rows.order_by("-starts_on").values_list("pupil_id", "starts_on", "ends_on"):
        found[pupil] = Spell(first, last)
    return found


@transaction.atomic
def call(*, school_class: SchoolClass, day: date, away: Iterable[Away], by, session: str = "day") -> RollCall:
    """This function will note who was away when the class was looked at; everybody else was here.

    Called again for the same session, it says what is right now. Raises NotYourClass, NoSchool, NotInClass.
    """
    _check(school_class, day, by)
    wanted = {one.pupil_id: one for one in away}
    here = set(Enrolment.objects.on(day).filter(school_class=school_class).values_list("pupil_id", flat=True))
    if not wanted.keys() <= here:
        raise NotInClass
    now = clock.now()
    row, is_new = RollCall.objects.get_or_create(
        school_class=school_class, day=day, session=session, taken_back_at=None,
        defaults={"school_id": by.school_id, "by": by.staff, "at": now},
    )  # fmt: skip
    marks = {mark.pupil_id: mark for mark in row.marks.all()}
    before = sorted(str(pupil) for pupil in marks)
    for pupil_id, mark in marks.items():
        if pupil_id not in wanted:
            mark.delete()
    for pupil_id, one in wanted.items():
        _mark(row, marks.get(pupil_id), one, by, now)
    rebuild(here, by=by.staff)
    _uncut(row)  # called again: somebody may be away after all
    _cut_short(row, here - wanted.keys())
    after = sorted(str(pupil) for pupil in wanted)
    if is_new or before != after:
        audit.log(
            "attendance.call", by=by.staff, at=now, subject=row, changes={"away": [None if is_new else before, after]}
        )  # fmt: skip
    return row


def _check(school_class: SchoolClass, day: date, by) -> None:
    if not may_call(by, school_class):
        raise NotYourClass
    if day > by.day:
        raise NoSchool(f"{day.month}月{day.day}日还没有到。请选今天或以前的日子。")
    if day < by.day - BACK:
        raise NoSchool("一星期以前的点名不再补。要更正，请在学生的记录里写一笔。")
    if not calendar_for(by.school).is_school_day(day):
        raise NoSchool(f"{day.month}月{day.day}日不上学，不用点名。校历不对的话，请在设置里改。")


def _mark(row: RollCall, mark: AbsenceMark | None, one: Away, by, now) -> None:
    cause = one.cause if one.cause in CAUSES else ""
    if mark is None:
        mark = AbsenceMark(roll_call=row, pupil_id=one.pupil_id, day=row.day)
    elif not (cause or one.called_whom or one.called_at or one.said):
        return  # still away; what was known stays
    mark.cause, mark.is_explained = cause or mark.cause, CAUSES[cause or mark.cause]
    mark.called_whom = one.called_whom[:20] or mark.called_whom
    was_called = mark.called_at is not None
    mark.called_at = one.called_at or mark.called_at
    mark.said = one.said.strip()[:200] or mark.said
    mark.by, mark.at = by.staff, now
    mark.save()
    if mark.called_at and not was_called:
        _note_call(mark, by)


def _note_call(mark: AbsenceMark, by) -> None:
    """A call noted here is a record like any other, so that no plan asks for it again; twice the same is once."""
    entry = record.Entry(
        ("absence_follow_up",),
        mark.day,
        id=uuid5(mark.pupil_id, f"absence call {mark.day}"),
        happened_at=mark.called_at,
        answers={"step": "call", "by": "电话"} | ({"why": WHY[mark.cause]} if mark.cause in WHY else {}),
    )
    if not Evidence.objects.filter(pk=entry.id).exists():
        record.add(entry=entry, pupils=[mark.pupil], by=by)


@transaction.atomic
def explain(*, mark: AbsenceMark, one: Away, by) -> AbsenceMark:
    """This function will add what was found out about one child's absence; raises NotYourClass, TakenBack."""
    row = mark.roll_call
    if not may_call(by, row.school_class):
        raise NotYourClass
    if row.taken_back_at:
        raise TakenBack
    before, now = mark.cause, clock.now()
    _mark(row, mark, one, by, now)
    changes = {"cause": [before, mark.cause]}
    audit.log("attendance.explain", by=by.staff, at=now, subject=mark, changes=changes)
    return mark


@transaction.atomic
def take_back(*, roll_call: RollCall, by) -> None:
    """This function will take a roll call back: nobody has looked, and the spells are what they were."""
    if not may_call(by, roll_call.school_class):
        raise NotYourClass
    now = clock.now()
    if not RollCall.objects.filter(pk=roll_call.pk, taken_back_at=None).update(taken_back_at=now):
        raise TakenBack
    _uncut(roll_call)
    pupils = Enrolment.objects.on(roll_call.day).filter(school_class=roll_call.school_class_id)
    rebuild(set(pupils.values_list("pupil_id", flat=True)), by=by.staff)
    audit.log("attendance.take_back", by=by.staff, at=now, subject=roll_call)


def rebuild(pupil_ids: Iterable[UUID], *, by) -> None:
    """This function will make these children's seen spells what their roll calls say, touching only rows that differ."""
    pupil_ids = list(pupil_ids)
    seen = _seen(pupil_ids)
    rows: dict[UUID, dict[date, Absence]] = defaultdict(dict)
    for row in Absence.objects.filter(pupil__in=pupil_ids, is_seen=True):
        rows[row.pupil_id][row.starts_on] = row
    for pupil_id in seen.keys() | rows.keys():
        wanted = {spell.opens_on: spell.due_on for spell in spells(seen.get(pupil_id, ()))}
        for starts_on, row in rows[pupil_id].items():
            if starts_on not in wanted:
                row.delete()
            elif row.ends_on != wanted[starts_on]:
                Absence.objects.filter(pk=row.pk).update(ends_on=wanted[starts_on])
        Absence.objects.bulk_create(
            Absence(pupil_id=pupil_id, starts_on=first, ends_on=last, is_seen=True, by=by)
            for first, last in wanted.items()
            if first not in rows[pupil_id]
        )


def _seen(pupil_ids: list[UUID]) -> Mapping[UUID, list[Seen]]:
    """Every look at those of these children who ever were away: by the roll calls of the class each was in that day."""
    marks = AbsenceMark.objects.filter(pupil__in=pupil_ids, roll_call__taken_back_at=None)
    away = set(marks.values_list("roll_call_id", "pupil_id"))
    spans: dict[UUID, list[tuple]] = defaultdict(list)
    for pupil, school_class, first, last in Enrolment.objects.filter(
        pupil__in={pupil for _, pupil in away}
    ).values_list("pupil_id", "school_class_id", "valid_from", "valid_to"):
        spans[school_class].append((pupil, first, last))
    calls = RollCall.objects.standing().filter(school_class__in=list(spans))
    found: dict[UUID, list[Seen]] = defaultdict(list)
    for pk, school_class, day, session in calls.values_list("pk", "school_class_id", "day", "session"):
        for pupil, first, last in spans[school_class]:
            if first <= day and (last is None or day < last):
                found[pupil].append(Seen(day, session, (pk, pupil) in away))
    return found


def _cut_short(row: RollCall, present: set[UUID]) -> None:
    """A child seen at school is no longer away, whatever was said in advance; `cut` lets a call taken back undo it."""
    said = Absence.objects.filter(pupil__in=present, is_seen=False, starts_on__lt=row.day)
    cut = {str(absence.pk): absence.ends_on and str(absence.ends_on) for absence in said.exclude(ends_on__lt=row.day)}
    if cut:
        row.cut = cut | row.cut
        row.save(update_fields=["cut"])
        said.exclude(ends_on__lt=row.day).update(ends_on=row.day - timedelta(days=1))


def _uncut(row: RollCall) -> None:
    for pk, ends_on in row.cut.items():
        Absence.objects.filter(pk=pk).update(ends_on=ends_on and date.fromisoformat(ends_on))


def _call(school_class: SchoolClass, day: date, session: str) -> RollCall | None:
    calls = RollCall.objects.standing().filter(school_class=school_class, day=day, session=session)
    return calls.select_related("by").prefetch_related("marks").first()


def pupil_of(viewer, pupil_id: UUID) -> Pupil | None:
    """This function will give a child whose absence is the viewer's to follow: of their class, or anybody's for keepers."""
    seen = Pupil.objects.visible_to(viewer) if viewer.holds(*KEEPERS) else Pupil.objects.cared_for_by(viewer)
    return seen.filter(pk=pupil_id).first()
