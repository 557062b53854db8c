"""A file exported on a phone comes to school by hand: whose it is, what is in it, who may bring it in.

Its items go the way of everything a phone sends (flow.sync), in the name of whoever wrote them.
"""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings

from bangfu.engine.refusal import Refusal
from bangfu.exchange import outbox_file
from bangfu.exchange.outbox_file import Opened
from bangfu.flow import carry, clock
from bangfu.records import audit
from bangfu.records.access import Viewer, viewer_of
from bangfu.records.models import Evidence, Staff, SyncItem

BRINGERS = ("principal", "vice_principal", "roll_officer", "system_admin")


class NotYours(Refusal):
    sentence = "这个文件是别的老师导出的。请本人来传，或者交给校长、副校长、学籍管理员，在“待看的记录”里收下。"


@dataclass(frozen=True, slots=True)
class Brought:
    """An opened file: its writer as a viewer, and how many of each kind are new or known already."""

    opened: Opened
    author: Viewer
    kinds: dict[str, int]
    known: int


def look(*, content: bytes, by) -> Brought:
    """This function will open a file and count, writing nothing. Raises NotAnOutbox, OtherSchool, NotYours."""
    opened = outbox_file.read(content, _keys)
    author = Staff.objects.select_related("school").filter(pk=opened.staff, school_id=by.school_id).first()
    if author is None:
        raise outbox_file.OtherSchool
    if author.pk != by.staff.pk and not by.holds(*BRINGERS):
        raise NotYours
    ids = [UUID(str(item["id"])) for item in opened.items]
    known = set(SyncItem.objects.filter(pk__in=ids).values_list("pk", flat=True))
    known |= set(Evidence.objects.filter(pk__in=ids).values_list("pk", flat=True))
    kinds = Counter(str(item.get("kind", "")) for item in opened.items)
    return Brought(opened, viewer_of(author, by.day), dict(kinds), len(known))


def brought(*, seen: Brought, states: dict[str, int], by) -> None:
    """This function will note that a file was brought in, by whom, and what became of its items."""
    audit.log(
        "sync.load", by=by.staff, at=clock.now(), subject=seen.author.staff,
        changes={"items": [None, len(seen.opened.items)], "became": [None, states]},
    )  # fmt: skip


def _keys(staff: UUID, device: UUID) -> list[bytes]:
    """The keys of every seal the school still has, the present one first: an old phone may hold an older one."""
    ids = sorted(settings.SEAL_KEYS, key=lambda key_id: key_id != settings.SEAL_KEY)
    return [carry.key_of(staff_id=staff, device=device, key_id=key_id)[1] for key_id in ids]
