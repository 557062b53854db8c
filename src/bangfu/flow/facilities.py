"""The places a plan counts on: what it asks of each, what is there, what is still missing, and what came and went.

留守儿童爱心之家, 校园帮扶站, 心理咨询室 (P0-18, P0-28, P1-06). Nobody is named: what a child got stands in its own record.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import F

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, publicity
from bangfu.records import audit
from bangfu.records.models import Facility, Staff, Thing, ThingMove

DECIDERS = ("principal", "vice_principal")
SAME = {"left_behind_home": "home_of_love"}  # two plans' words for one room
COMES = {"got": 1, "brought_back": 1, "given_out": -1, "used_up": -1}
LATER = ("募集的钱",)  # money has its own book, which is not open yet
MOST_MOVES = 30


class NotKeeper(Refusal):
    sentence = "场所由校长、副校长来建；平时由管理人来写。"


class NoName(Refusal):
    sentence = "请写这个场所叫什么。"


class Known(Refusal):
    sentence = "已经有一个同名的场所了。"


class NoNumber(Refusal):
    sentence = "请写是什么、几件（1 到 9999）、哪天。"


class NotEnough(Refusal):
    """There are fewer than are to be given out; the sentence says how many."""


@dataclass(frozen=True, slots=True)
class Place:
    """What is written of a place."""

    name: str
    key: str = ""
    room: str = ""
    hours: str = ""
    booking: str = ""
    keeper: Staff | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """Things that came or went; `id` is the form's, so that a second tap changes nothing."""

    name: str
    how_many: int
    why: str
    on: date
    words: str = ""
    id: UUID = field(default_factory=uuid4)


@dataclass(slots=True)
class Asked:
    """What the plans in force ask of one kind of place."""

    key: str
    title: str
    has: list[str] = field(default_factory=list)
    keeper: set[str] = field(default_factory=set)
    plans: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """A place as it stands, or one that is asked for and not there yet (`place` None)."""

    place: Facility | None
    asked: Asked | None
    things: tuple[Thing, ...] = ()
    moves: tuple[ThingMove, ...] = ()
    lacking: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    may_keep: bool = False


def asked_for(viewer) -> dict[str, Asked]:
    """This function will gather what the plans in force ask for, by kind of place."""
    found: dict[str, Asked] = {}
    for plan in adopt.plans_in_force(viewer.school, viewer.day):
        for one in plan.facilities:
            key = SAME.get(one.key, one.key)
            row = found.setdefault(key, Asked(key, one.title))
            row.has += [word for word in one.has if word not in row.has]
            row.keeper |= set(one.keeper)
            row.plans.append(plan.short_title)
    return found


def standing(viewer) -> list[Line]:
    """This function will list the school's places, those asked for first; four queries."""
    asked, lines = asked_for(viewer), []
    rows = list(Facility.objects.visible_to(viewer).open_on(viewer.day).select_related("keeper"))
    things, moves = _inside(viewer, rows)
    for row in rows:
        asks = asked.get(row.key)
        may = keeps(row, viewer)
        lacking, later = _lacking(row, asks, things[row.pk], viewer.day)
        lines.append(
            Line(row, asks, tuple(things[row.pk]), tuple(moves[row.pk]) if may else (), lacking, later, may)
        )
    there = {row.key for row in rows}
    lines += [Line(None, one, lacking=tuple(one.has)) for key, one in asked.items() if key not in there]
    return sorted(lines, key=lambda one: (one.asked is None, one.asked.key if one.asked else one.place.name))


def _inside(viewer, rows):
    things, moves = defaultdict(list), defaultdict(list)
    for one in Thing.objects.visible_to(viewer).filter(facility__in=rows):
        things[one.facility_id].append(one)
    found = ThingMove.objects.filter(thing__facility__in=rows).select_related("thing", "by")
    for one in found[: MOST_MOVES * max(1, len(rows))]:
        if len(moves[one.thing.facility_id]) < MOST_MOVES:
            moves[one.thing.facility_id].append(one)
    return things, moves


def _lacking(row: Facility, asks: Asked | None, things, day) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a plan asks for and nobody wrote down yet, and what waits for a book that is not open."""
    keeper = row.keeper is not None and (row.keeper.left_on is None or row.keeper.left_on > day)
    there = {
        "房间": bool(row.room), "开放时间": bool(row.hours), "怎么预约": bool(row.booking), "管理人": keeper,
        "领用登记": True, "物品": any(one.how_many for one in things),
    }  # fmt: skip
    there |= {one.name: bool(one.how_many) for one in things if one.name not in there}
    wanted = [*asks.has] if asks else []
    if asks and asks.keeper and "管理人" not in wanted:
        wanted.append("管理人")
    return (
        tuple(word for word in wanted if word not in LATER and not there.get(word)),
        tuple(word for word in wanted if word in LATER),
    )


def keeps(row: Facility, by) -> bool:
    """This function will say whether this viewer may write about the place: its keeper, or who decides."""
    return by.holds(*DECIDERS) or row.keeper_id == by.staff.pk


@transaction.atomic
def open_place(*, place: Place, by) -> Facility:
    """This function will open a place. Raises NotKeeper, NoName, Known."""
    if not by.holds(*DECIDERS):
        raise NotKeeper
    row = Facility(school=by.school, opened_on=by.day, decided_by=by.staff)
    return _write(row, place, "facility.open", by)


@transaction.atomic
def change(*, facility: Facility, place: Place, by) -> Facility:
    """This function will change what is written of a place; who keeps it is for those who decide. Raises NotKeeper."""
    if not keeps(facility, by):
        raise NotKeeper
    if place.keeper != facility.keeper and not by.holds(*DECIDERS):
        raise NotKeeper
    return _write(facility, place, "facility.change", by)


COLUMNS = ("key", "name", "room", "hours", "booking", "keeper_id")


def _write(row: Facility, place: Place, verb: str, by) -> Facility:
    if not place.name.strip():
        raise NoName
    before = {name: getattr(row, name) for name in COLUMNS}
    row.name, row.key = place.name.strip()[:40], SAME.get(place.key, place.key)[:40]
    row.room, row.hours, row.booking = (
        one.strip() for one in (place.room[:60], place.hours[:80], place.booking[:80])
    )
    row.keeper = place.keeper
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as cause:
        raise Known from cause
    after = {name: getattr(row, name) for name in COLUMNS}
    audit.log(verb, by=by.staff, at=clock.now(), subject=row, changes=audit.changed(before, after))
    return row


@transaction.atomic
def close(*, facility: Facility, by) -> None:
    """This function will close a place from today; what came and went stays. Raises NotKeeper."""
    if not by.holds(*DECIDERS):
        raise NotKeeper
    if Facility.objects.filter(pk=facility.pk, closed_on__isnull=True).update(closed_on=by.day):
        audit.log("facility.close", by=by.staff, at=clock.now(), subject=facility)


@transaction.atomic
def move(*, facility: Facility, moved: Moved, by) -> ThingMove:
    """This function will write down what came or went (领用登记). Raises NotKeeper, NoNumber, NotEnough, NamesSomebody."""
    if not keeps(facility, by):
        raise NotKeeper
    name, words = moved.name.strip()[:40], moved.words.strip()[:100]
    if not name or not 1 <= moved.how_many <= 9999 or moved.why not in COMES or moved.on > by.day:
        raise NoNumber
    if publicity.names_somebody(words + name, by.school):
        raise publicity.NamesSomebody("这里不写给了谁。给孩子的，在“记一笔”里记物质帮助。")
    if known := ThingMove.objects.filter(pk=moved.id, thing__facility=facility).first():
        return known
    thing, _new = Thing.objects.get_or_create(facility=facility, name=name)
    by_how_many = COMES[moved.why] * moved.how_many
    enough = Thing.objects.filter(pk=thing.pk, how_many__gte=-by_how_many)
    if not enough.update(how_many=F("how_many") + by_how_many):
        thing.refresh_from_db()
        raise NotEnough(f"{name}现在有 {thing.how_many} 件，不够 {moved.how_many} 件。")
    row = ThingMove.objects.create(
        id=moved.id, thing=thing, change=by_how_many, why=moved.why, words=words, on=moved.on, by=by.staff,
        at=clock.now(),
    )  # fmt: skip
    audit.log(
        "facility.move",
        by=by.staff,
        at=clock.now(),
        subject=facility,
        changes={"change": [None, by_how_many]},
    )
    return row
