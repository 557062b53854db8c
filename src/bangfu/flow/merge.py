"""Changing one field of a profile, from a page or from a phone that was away: what meets is kept twice and decided.

In: a value with the token of what its writer saw. Out: it stands, or both values wait for a person. One device's own
later word replaces its earlier one; two devices that never saw each other are never settled by a clock.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction

from bangfu.engine.merging import Answer, Change, Told, merge
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import FieldConflict, FieldVersion, Guardian, Pupil
from bangfu.records.seal import SealedText, blind

LONGEST = {"phone": 20, "name": 40, "relation": 20, "work_place": 80, "address": 200}
OF_PUPIL, OF_GUARDIAN = ("phone", "address"), ("phone", "name", "relation", "work_place")
KEEPERS = ("roll_officer", "system_admin")


class NoSuchField(Refusal):
    sentence = "这一项不在这里改。请打开学生的页面看一看。"


class NotReadable(Refusal):
    sentence = "电话没有看懂。请只写数字，可以有区号和短横线。"


class TooLong(Refusal):
    """The value is longer than its column."""


class NotYourChild(Refusal):
    sentence = "这名学生现在不由您带。需要改联系方式，请告诉班主任。"


class AlreadyChosen(Refusal):
    sentence = "这一项刚刚有人定过了。刷新一下就能看到。"


@dataclass(frozen=True, slots=True)
class Wish:
    """A value for one field of a child or a guardian, and the token (`version_of`) its writer had before their eyes."""

    pupil: Pupil
    field: str
    base: str
    value: str
    guardian: Guardian | None = None
    device: UUID | None = None
    seq: int = 0
    made_at: datetime | None = None
    id: UUID | None = None

    @property
    def row(self):
        return self.guardian or self.pupil


def version_of(row, field: str) -> str:
    """This function will give the token of what a field holds now; "" where it holds nothing."""
    return _token(field, text_of(row, field))


def text_of(row, field: str) -> str:
    """This function will give a field as text, opening its seal."""
    value = getattr(row, field)
    return value.reveal() if hasattr(value, "reveal") else value or ""


def _token(field: str, text: str) -> str:
    words = f"field\0{field}\0{text}".encode()
    return hmac.new(settings.BLIND_KEY, words, hashlib.sha256).hexdigest()[:16] if text else ""


def is_as_before(wish: Wish) -> bool:
    """This function will say whether a form gives a field back as it showed it: nobody meant to change it."""
    return _token(wish.field, wish.value.strip()) == wish.base


def may_change(pupil: Pupil, by) -> bool:
    """This function will say whether `by` keeps this child's contacts: who cares for the child, and the roll's officer."""
    mine = Pupil.objects.visible_to(by).filter(pk=pupil.pk)
    return (mine if by.holds(*KEEPERS) else mine.cared_for_by(by)).exists()


def change(*, wish: Wish, by, held: bool = False) -> Answer:
    """This function will write a field, or keep the value beside what stands (conflict) until a person decides.

    `held` keeps it aside whatever stands: its writer no longer looks after the child. Raises NoSuchField,
    NotReadable, TooLong, NotYourChild.
    """
    text = _readable(wish)
    if not held and not may_change(wish.pupil, by):
        raise NotYourChild
    with transaction.atomic():
        row = type(wish.row).objects.select_for_update().get(pk=wish.row.pk)
        about = {"pupil": wish.pupil, "guardian": wish.guardian, "field": wish.field}
        stands = text_of(row, wish.field)
        written = FieldVersion.objects.filter(**about).order_by("-id")
        waiting = FieldConflict.objects.open().filter(**about, device=wish.device, by=by.staff).first()
        asked = Change(wish.base, _token(wish.field, text), wish.device, wish.seq)
        answer = merge(asked, _token(wish.field, stands), _told(written, wish, waiting))
        if held and answer is Answer.take:
            answer = Answer.follow if waiting else Answer.conflict
        if answer is not Answer.past:
            _note(about, asked, by, is_standing=answer in (Answer.take, Answer.same))
        if answer is Answer.take:
            _write(row, wish.field, text, by)
        if answer in (Answer.take, Answer.same) and waiting:
            _close(waiting, "standing", by)
        if answer is Answer.follow:
            waiting.value, waiting.seq = text, wish.seq
            waiting.save(update_fields=["value", "seq"])
        if answer is Answer.conflict:
            _keep_both(about, wish, text, "not_yours" if held else "changed", by)
        return answer


def _readable(wish: Wish) -> str:
    text = wish.value.strip()
    if wish.field not in (OF_GUARDIAN if wish.guardian else OF_PUPIL):
        raise NoSuchField
    if len(text) > LONGEST[wish.field]:
        raise TooLong(f"写得太长了，最多 {LONGEST[wish.field]} 字。")
    if wish.field == "phone" and text and not (text.strip("+").replace("-", "").replace(" ", "").isdecimal()):
        raise NotReadable
    if wish.field == "name" and not text:
        raise NoSuchField("姓名不能空着。")
    return text


def _told(written, wish: Wish, waiting) -> Told:
    if wish.device is None:
        return Told(waits=waiting is not None)
    own = written.filter(device=wish.device).order_by("-seq").values_list("seq", "base", "token").first()
    return Told(*(own or (-1, None, None)), waiting is not None)


def _note(about: dict, asked: Change, by, *, is_standing: bool) -> None:
    FieldVersion.objects.create(
        **about, base=asked.base[:16], token=asked.value, device=asked.device, seq=asked.seq, by=by.staff, at=clock.now(),
        is_standing=is_standing,
    )  # fmt: skip


def _write(row, field: str, text: str, by) -> None:
    before = getattr(row, field)
    columns = [field]
    if isinstance(row._meta.get_field(field), SealedText):
        setattr(row, field, text or None)
        if field == "phone" and isinstance(row, Guardian):
            row.phone_index = blind(text, "guardian_phone") if text else ""
            columns.append("phone_index")
    else:
        setattr(row, field, text)
    row.save(update_fields=columns)
    changes = {field: [audit.plain(before), audit.plain(getattr(row, field))]}
    audit.log("profile.change", by=by.staff, at=clock.now(), subject=row, changes=changes)


def _keep_both(about: dict, wish: Wish, text: str, reason: str, by) -> None:
    now = clock.now()
    kept = FieldConflict(
        id=wish.id or uuid4(), **about, value=text or None, device=wish.device, seq=wish.seq, by=by.staff,
        made_at=wish.made_at, arrived_at=now, reason=reason,
    )  # fmt: skip
    kept.save(force_insert=True)
    audit.log("profile.conflict", by=by.staff, at=now, subject=kept, changes={"field": [None, wish.field]})


def choose(*, conflict: FieldConflict, chosen: str, by) -> None:
    """This function will settle a conflict: "sent" writes the value that waited, "standing" leaves what stands."""
    with transaction.atomic():
        one = FieldConflict.objects.select_for_update().get(pk=conflict.pk)
        if one.chosen:
            raise AlreadyChosen
        if chosen not in ("sent", "standing") or not may_change(one.pupil, by):
            raise NotYourChild
        row = one.guardian or one.pupil
        row = type(row).objects.select_for_update().get(pk=row.pk)
        text = one.value.reveal() if one.value else ""
        if chosen == "sent" and text_of(row, one.field) != text:
            _write(row, one.field, text, by)
            about = {"pupil": one.pupil, "guardian": one.guardian, "field": one.field}
            _note(about, Change("", _token(one.field, text), None, 0), by, is_standing=True)
        _close(one, chosen, by)
        changes = {"chosen": [None, chosen], "field": [None, one.field]}
        audit.log("profile.choose", by=by.staff, at=clock.now(), subject=one, changes=changes)


def _close(one: FieldConflict, chosen: str, by) -> None:
    one.chosen, one.decided_by, one.decided_at = chosen, by.staff, clock.now()
    one.save(update_fields=["chosen", "decided_by", "decided_at"])


def conflicts(viewer) -> list[FieldConflict]:
    """This function will give what waits for a choice between two values, about children the viewer may change."""
    rows = FieldConflict.objects.visible_to(viewer).open().select_related("pupil", "guardian", "by")
    return list(rows.order_by("arrived_at"))


def last_writer(one: FieldConflict) -> tuple[str, datetime] | None:
    """This function will say who wrote what stands beside a conflict, and when; None if it came with the roll."""
    row = one.guardian or one.pupil
    written = FieldVersion.objects.filter(
        pupil=one.pupil, guardian=one.guardian, field=one.field, is_standing=True
    )
    last = written.order_by("-id").values_list("token", "by__name", "at").first()
    return last[1:] if last and last[0] == version_of(row, one.field) else None
