"""亲子视频: a day and an hour for a child and its parents, the room at school given once, then held or not reached.

Whom a plan owes a call (P0-19) comes in from the duties; what goes out is an ordinary record, so a call closes what
it closes in every plan. A meeting's address is the school's own and says nothing of anybody.
"""

import secrets
from dataclasses import dataclass
from datetime import date, time, timedelta
from urllib.parse import urlsplit
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, record
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import CallSetting, Pupil, VideoCall

ACTIVITY = "video_call"
KEEPERS = ("principal", "vice_principal", "system_admin")
AHEAD = timedelta(days=60)
# What came of it, as the form of the record says.
SAID = {
    "held": "通上了",
    "unreached": "约了，没通上",
    "calls_often": "孩子自己常通话",
    "parents_home": "父母已在家",
    "not_now": "问过了，这个月先不通",
}
MADE = ("held", "unreached")


class NotYours(Refusal):
    sentence = "这名学生不在您的班级或结对里，请由班主任来约。"


class NotKeeper(Refusal):
    sentence = "视频用什么、在哪里，由校长、副校长或系统管理员来定。"


class NotSet(Refusal):
    """An address, a place or the hours do not fit; the sentence says which."""


class WrongTime(Refusal):
    """The day or the hour can't be; the sentence says why."""


class Taken(Refusal):
    sentence = "这个时间已经约给别的孩子了。请换一个时间。"


class AlreadyTold(Refusal):
    sentence = "这次视频刚刚已经记过了。刷新一下就能看到。"


@dataclass(frozen=True, slots=True)
class Way:
    """How this school calls: `way` is one of CallSetting.WAYS, `slots` the hours of the room on school days."""

    way: str = "phone"
    address: str = ""
    place: str = ""
    slots: tuple[time, ...] = ()
    minutes: int = 20


@dataclass(frozen=True, slots=True)
class Wish:
    """A call to put on a day: `place` empty for at home; `link` only where this one has an address of its own."""

    on: date
    at: time
    place: str = ""
    with_whom: str = ""
    link: str = ""


def way_of(school) -> Way:
    """This function will say how a school makes its calls; a school that never said does it by phone."""
    row = CallSetting.objects.filter(school=school).first()
    if row is None:
        return Way()
    return Way(
        row.way, row.address, row.place, tuple(time.fromisoformat(one) for one in row.slots), row.minutes
    )


@transaction.atomic
def configure(*, way: Way, by) -> None:
    """This function will set how the school calls, from the next call on. Raises NotKeeper, NotSet."""
    if not by.holds(*KEEPERS):
        raise NotKeeper
    if way.way not in CallSetting.WAYS:
        raise NotSet("请选一种视频的办法。")
    address = "" if way.way == "phone" else _safe(way.address)
    if way.way != "phone" and not address:
        raise NotSet("请写上完整的网址，以 https:// 开头。")
    if way.way == "room_server" and not {"?", "#"}.isdisjoint(address):  # a room's number goes behind it
        raise NotSet("自己的视频服务器，请只写网址到最后一个斜杠为止，不带问号后面的部分。")
    if not 5 <= way.minutes <= 60:
        raise NotSet("一次视频请定在 5 到 60 分钟之间。")
    slots = sorted(set(way.slots))
    close = [b for a, b in zip(slots, slots[1:], strict=False) if _minute(b) - _minute(a) < way.minutes]
    if close:
        raise NotSet(f"{close[0]:%H:%M}和前一个时间挨得太近，一次要 {way.minutes} 分钟。")
    if slots and not way.place.strip():
        raise NotSet("写了时间，也请写在哪个房间。")
    values = {"way": way.way, "address": address, "place": way.place.strip()[:40], "minutes": way.minutes,
              "slots": [f"{one:%H:%M}" for one in slots], "by": by.staff, "at": clock.now()}  # fmt: skip
    before = CallSetting.objects.filter(school=by.school_id).values(*values).first() or {}
    row, _is_new = CallSetting.objects.update_or_create(school=by.school, defaults=values)
    keys = ("way", "place", "slots", "minutes")
    changes = audit.changed({key: before.get(key) for key in keys}, {key: values[key] for key in keys})
    audit.log("calls.configure", by=by.staff, at=clock.now(), subject=row, changes=changes)


def _safe(text: str) -> str:
    """An https address without a name and a password in it; else nothing."""
    text = text.strip()
    try:
        parts = urlsplit(text)
    except ValueError:  # a full-width slash, a bracket that is never closed
        return ""
    is_plain = parts.scheme == "https" and parts.hostname and not (parts.username or parts.password)
    return text if is_plain and not any(mark.isspace() for mark in text) and len(text) <= 200 else ""


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def free_slots(by, on: date) -> list[time]:
    """This function will list the hours at which the room at school is still free on a day."""
    way = way_of(by.school)
    if not way.slots or not calendar_for(by.school).is_school_day(on):
        return []
    given = VideoCall.objects.filter(
        school=by.school_id, place=way.place, on=on, state__in=("arranged", "held")
    )
    gone = set(given.values_list("at", flat=True))
    return [one for one in way.slots if one not in gone]


def _still_free(by, on: date) -> str:
    free = "、".join(f"{one:%H:%M}" for one in free_slots(by, on))
    return Taken.sentence + (f"那天还空着：{free}。" if free else "那天都约满了，换一天也可以。")


def timetable(by, since: date, until: date) -> list[VideoCall]:
    """This function will give the calls put on these days that the viewer may see, by day and hour."""
    rows = VideoCall.objects.visible_to(by).filter(on__range=(since, until)).exclude(state="cancelled")
    return list(rows.select_related("pupil", "by").order_by("on", "at", "pupil__sort_key"))


@transaction.atomic
def arrange(*, pupil: Pupil, wish: Wish, by) -> VideoCall:
    """This function will put a child's call on a day and an hour; one it already had is moved there.

    Raises NotYours, WrongTime, Taken.
    """
    if not Pupil.objects.cared_for_by(by).filter(pk=pupil.pk).exists():
        raise NotYours
    way = way_of(by.school)
    _check(wish, way, by)
    before = VideoCall.objects.select_for_update().filter(pupil=pupil, state="arranged").first()
    if before is not None:
        VideoCall.objects.filter(pk=before.pk).update(state="cancelled")
    row = VideoCall(
        school=by.school, pupil=pupil, place=wish.place, on=wish.on, at=wish.at, minutes=way.minutes,
        with_whom=wish.with_whom.strip()[:20], by=by.staff, arranged_at=clock.now(),
    )  # fmt: skip
    row.link = _link(way, wish) or None
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as cause:
        raise Taken(_still_free(by, wish.on)) from cause
    was = before and f"{before.on} {before.at:%H:%M}"
    changes = {"when": [was, f"{wish.on} {wish.at:%H:%M}"]}
    audit.log("calls.arrange", by=by.staff, at=clock.now(), subject=row, changes=changes)
    return row


def _check(wish: Wish, way: Way, by) -> None:
    if not by.day <= wish.on <= by.day + AHEAD:
        raise WrongTime("请约今天到两个月以内的一天。")
    if not wish.place:
        return
    if wish.place != way.place or wish.at not in way.slots:
        raise WrongTime("请从列出的时间里选一个；不在学校的话，选“在家里”。")
    if not calendar_for(by.school).is_school_day(wish.on):
        raise WrongTime(f"{wish.on.month}月{wish.on.day}日不上课。请换一天，或者约在家里。")


def _link(way: Way, wish: Wish) -> str:
    """The meeting's address: one of its own, else the school's, else a room nobody can guess that names nobody."""
    if wish.link.strip():
        if not (own := _safe(wish.link)):
            raise NotSet("视频的网址没有看懂，请完整地贴上，以 https:// 开头。")
        return own
    if way.way == "room_server":
        return f"{way.address.rstrip('/')}/{secrets.token_hex(16)}"
    return way.address


@transaction.atomic
def tell(*, call: VideoCall, outcome: str, by) -> VideoCall:
    """This function will record what came of a call that was put on a day: held, or not reached. Raises AlreadyTold.

    The record stands in the child's file like any other and closes the duties that ask for one.
    """
    if outcome not in MADE:
        raise WrongTime("请选“通上了”或“没通上”。")
    row = VideoCall.objects.select_for_update().get(pk=call.pk)
    if row.state != "arranged":
        raise AlreadyTold
    on = min(row.on, by.day)
    row.evidence = _record(row.pupil, outcome, (on, row.at if on == row.on else None), by)
    row.state = outcome
    row.save(update_fields=["evidence", "state"])
    audit.log(
        "calls.tell", by=by.staff, at=clock.now(), subject=row, changes={"state": ["arranged", outcome]}
    )
    return row


def tell_without(*, pupil: Pupil, outcome: str, by, id: UUID | None = None):
    """This function will record a call that nobody had put on a day, or why none is needed; sent twice, stored once."""
    if outcome not in SAID:
        raise WrongTime("请选一种情况。")
    if not Pupil.objects.cared_for_by(by).filter(pk=pupil.pk).exists():
        raise NotYours
    return _record(pupil, outcome, (by.day, None), by, id)


def _record(pupil: Pupil, outcome: str, when: tuple[date, time | None], by, id: UUID | None = None):
    on, at = when
    entry = record.Entry(
        (ACTIVITY,), on, id=id or uuid4(), happened_at=at, answers={"result": SAID[outcome]},
        minutes=10 if outcome == "held" else None,
    )  # fmt: skip
    return record.add(entry=entry, pupils=[pupil], by=by)


@transaction.atomic
def take_back(*, call: VideoCall, by) -> VideoCall:
    """This function will undo what was told of a call: the record counts for nothing, the call is ahead again."""
    row = VideoCall.objects.select_for_update().get(pk=call.pk)
    if row.state not in MADE:
        return row
    record.withdraw_latest(evidence=row.evidence, by=by)
    before, row.state, row.evidence = row.state, "arranged", None
    try:
        with transaction.atomic():
            row.save(update_fields=["evidence", "state"])
    except IntegrityError as cause:
        raise Taken("这名学生又约了一次，先看一下那一次。") from cause
    audit.log(
        "calls.take_back", by=by.staff, at=clock.now(), subject=row, changes={"state": [before, "arranged"]}
    )
    return row


@transaction.atomic
def cancel(*, call: VideoCall, by) -> None:
    """This function will take a call off its day; the hour is free again."""
    if VideoCall.objects.filter(pk=call.pk, state="arranged").update(state="cancelled"):
        audit.log(
            "calls.cancel",
            by=by.staff,
            at=clock.now(),
            subject=call,
            changes={"state": ["arranged", "cancelled"]},
        )


def ahead(by, pupil_ids) -> dict[UUID, VideoCall]:
    """This function will give the call each of these children has ahead: {pupil id: VideoCall}."""
    rows = VideoCall.objects.visible_to(by).filter(pupil__in=pupil_ids, state="arranged")
    return {one.pupil_id: one for one in rows}
