"""A change of one field arrives late: does it simply stand, or has somebody else changed the field meanwhile?

In: the change with the value its writer had before their eyes, and what stands now. Out: what to do. Values are
compared as tokens, so that nothing private comes here; one that came back counts as never changed. Different fields
never meet, so they always merge.
"""

from enum import StrEnum
from typing import NamedTuple


class Change(NamedTuple):
    """One write: from which value, to which, by which device, in that device's own order."""

    base: str
    value: str
    device: object
    seq: int


class Told(NamedTuple):
    """This device's latest write of this field before: its number, from what to what, and whether it still waits."""

    latest: int = -1
    base: str | None = None
    value: str | None = None
    waits: bool = False


class Answer(StrEnum):
    """What becomes of a change."""

    take = "take"  # nobody else changed it since: it stands
    same = "same"  # it stands already, whoever wrote it
    past = "past"  # the same device wrote a later one, which came first
    follow = "follow"  # the device goes on with its own value that waits
    conflict = "conflict"  # two people, two values, neither saw the other's


def merge(change: Change, stands: str, told: Told = Told()) -> Answer:  # noqa: B008 - a frozen value
    """This function will say what becomes of a change; one device's own chain is never a conflict with itself."""
    if change.device is not None and change.seq <= told.latest:
        return Answer.past
    if change.value == stands:
        return Answer.same
    if stands == change.base:  # nobody has touched what its writer saw
        return Answer.take
    if stands == told.value and change.base == told.base:  # written by this device, which has not looked since
        return Answer.take
    return Answer.follow if told.waits else Answer.conflict
