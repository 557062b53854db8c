"""What phones sent and a person should look at first: keep it as the record of that day, hand it on, or leave it out.

In: items held whole (flow.sync). The author stays who wrote it, and never decides alone; every step is in the trail.
"""

from dataclasses import dataclass

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, record
from bangfu.flow.record import Entry
from bangfu.flow.sync_item import read_words
from bangfu.records import audit
from bangfu.records.access import viewer_of
from bangfu.records.models import Evidence, Pairing, Pupil, Staff, SyncItem


class NotWaiting(Refusal):
    sentence = "这一条刚刚有人看过、定过了。"


class NotYours(Refusal):
    sentence = "自己写的，请另一位老师或领导来定。"


class WhoHelps(Refusal):
    sentence = "请选现在带这名学生的一位老师。"


class SayWhy(Refusal):
    sentence = "请写一句为什么不记，方便以后查。"


@dataclass(frozen=True, slots=True)
class Held:
    """An item that waits, opened for whoever may decide: what it says, about whom, and who helps that child now."""

    item: SyncItem
    entry: Entry
    pupils: tuple[Pupil, ...]
    helpers: tuple[Staff, ...]


def waiting(viewer) -> list[Held]:
    """This function will give what waits for this viewer, oldest first; what one wrote oneself another one decides."""
    rows = SyncItem.objects.visible_to(viewer).waiting().exclude(author=viewer.staff)
    rows = list(rows.select_related("author", "pupil", "handed_to").order_by("arrived_at", "seq", "pk"))
    read = {row.pk: read_words(row.content.reveal()) for row in rows}
    pupils = Pupil.objects.in_bulk({pk for _entry, some in read.values() for pk in some})
    helpers: dict = {}
    pairs = Pairing.objects.in_force(viewer.day).filter(case__pupil__in=[row.pupil_id for row in rows])
    for one in pairs.select_related("helper", "case").order_by("helper__sort_key"):
        helpers.setdefault(one.case.pupil_id, {})[one.helper_id] = one.helper
    return [
        Held(
            row,
            read[row.pk][0],
            tuple(pupils[pk] for pk in read[row.pk][1] if pk in pupils),
            tuple(one for pk, one in helpers.get(row.pupil_id, {}).items() if pk != row.author_id),
        )
        for row in rows
    ]


def _locked(item: SyncItem, by) -> SyncItem:
    row = SyncItem.objects.visible_to(by).select_for_update().filter(pk=item.pk).first()
    if row is None or row.state != "review":
        raise NotWaiting
    if row.author_id == by.staff.pk:
        raise NotYours
    return row


@transaction.atomic
def keep(*, item: SyncItem, by) -> Evidence:
    """This function will store what was held as the record of that day, in its author's name."""
    row = _locked(item, by)
    entry, ids = read_words(row.content.reveal())
    author = viewer_of(Staff.objects.select_related("school").get(pk=row.author_id), by.day)
    pupils = list(Pupil.objects.filter(pk__in=ids, school_id=by.school_id))
    told = record.add(entry=entry, pupils=pupils, by=author)
    _decided(row, "kept", by)
    row.content = None
    row.save(update_fields=["state", "decided_by", "decided_at", "content"])
    audit.log("sync.keep", by=by.staff, at=clock.now(), subject=row)
    return told


@transaction.atomic
def hand(*, item: SyncItem, to: Staff, by) -> None:
    """This function will ask who helps the child now to look at it; it stays here until somebody decides."""
    row = _locked(item, by)
    helps = Pairing.objects.in_force(by.day).filter(case__pupil=row.pupil_id, helper=to)
    if to.pk == row.author_id or not helps.exists():
        raise WhoHelps
    row.handed_to = to
    row.save(update_fields=["handed_to"])
    audit.log("sync.hand", by=by.staff, at=clock.now(), subject=row, changes={"to": [None, str(to.pk)]})


@transaction.atomic
def drop(*, item: SyncItem, because: str, by) -> None:
    """This function will leave it out of the records, with a reason; its words stay sealed in the trail of its author."""
    row = _locked(item, by)
    if not because.strip():
        raise SayWhy
    row.because = because.strip()[:200]
    _decided(row, "dropped", by)
    row.save(update_fields=["state", "decided_by", "decided_at", "because"])
    audit.log("sync.drop", by=by.staff, at=clock.now(), subject=row)


def _decided(row: SyncItem, state: str, by) -> None:
    row.state, row.decided_by, row.decided_at = state, by.staff, clock.now()
