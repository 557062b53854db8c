"""What two phones left for a person to decide: a talk about a child who has another helper since, a number known twice.

In: the town with its pairs. Out: one held record and one field with two values, both in the first class.
"""

from datetime import timedelta
from uuid import UUID

from bangfu.demo.people import Town, afternoon
from bangfu.flow import merge, sync
from bangfu.flow.record import Entry
from bangfu.records.access import viewer_of
from bangfu.records.models import Guardian

PHONES = (UUID(int=0x0B), UUID(int=0x0C))
NUMBERS = ("10000000021", "10000000086")  # no numbers of anybody


def leave(town: Town) -> None:
    """This function will let two phones arrive late."""
    here, *_others, far = town.homeroom  # the class of the first log-in, and another one
    child, guest = town.pupils[here][0], town.homeroom[far]
    day = town.today - timedelta(days=1)
    note = "上周路上碰到，聊了聊新座位，他说喜欢坐窗边。"
    entry = Entry(("talk",), day, id=UUID(int=0x0D), note=note, answers={"about": ["学习"]})
    item = sync.Item(entry.id, "record", PHONES[0], {"note": note}, 1, afternoon(day), entry, "", (child.pk,))
    sync.take(items=[item], by=viewer_of(guest, town.today))
    guardian = Guardian.objects.filter(pupil__in=town.pupils[here][1:], phone__isnull=False).first()
    if guardian is None:
        return
    base = merge.version_of(guardian, "phone")
    people = (town.homeroom[here], town.attached[here])
    for device, number, staff in zip(PHONES, NUMBERS, people, strict=True):
        wish = merge.Wish(guardian.pupil, "phone", base, number, guardian, device, 1, afternoon(day))
        merge.change(wish=wish, by=viewer_of(staff, town.today))
