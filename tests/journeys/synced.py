"""What phones left to be decided, as an address names it, for the outsider's journey."""

from uuid import uuid4

from bangfu.flow import merge, sync
from bangfu.flow.record import Entry
from bangfu.records.models import FieldConflict, SyncItem
from tests.cast import DAY

WITH_IDS = {
    "family_contacts": ["pupil"],
    "held_kept": ["held"],
    "held_handed": ["held"],
    "held_dropped": ["held"],
    "conflict_chosen": ["conflict"],
}
FOR_PROGRAMS = ("carry", "carry_key", "sync")  # these say 401 themselves
WITHOUT_IDS = ("inbox", "inbox_file", *FOR_PROGRAMS)


def rows(cast) -> dict:
    """Return a talk held for a look, and two values of one phone."""
    pupil, guardian = cast.pupils[0], cast.pupils[0].guardians.get()
    entry = Entry(("talk",), DAY, id=uuid4(), note="聊了看图说话")
    item = sync.Item(entry.id, "record", uuid4(), {}, 1, None, entry, "", (pupil.pk,))
    sync.take(items=[item], by=cast.viewer(cast.neighbour))
    wish = merge.Wish(pupil, "phone", "other", "13900000000", guardian, uuid4(), 1)
    merge.change(wish=wish, by=cast.viewer(cast.attached))
    return {"held": SyncItem.objects.get(), "conflict": FieldConflict.objects.get()}
