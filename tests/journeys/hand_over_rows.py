"""One row of everything a change of helpers names in an address, for the outsider's journey."""

from datetime import date

from bangfu.flow import clock
from bangfu.records.models import Handover, HandoverPair, Leave, Pairing
from tests.cast import DAY

WITH_IDS = {
    "handover": ["handover"],
    "pupil_helpers": ["pupil"],
    "leave_deputy": ["leave"],
}
WITHOUT_IDS = ("rearrange", "pair_notes", "pair_history")


def rows(cast) -> dict:
    """Return a change that gave a pupil to the attached teacher, and a leave without anybody standing in."""
    former = Pairing.objects.filter(state="confirmed", helper=cast.homeroom).first()
    change = Handover.objects.create(
        school=cast.school, plan_key="weekly_support", kind="helper", staff=cast.homeroom, why="leaves", on=DAY,
        changed=1, bound=1, is_proven=True, by=cast.principal, at=clock.now(),
    )  # fmt: skip
    HandoverPair.objects.create(handover=change, former=former)
    leave = Leave.objects.create(
        staff=cast.homeroom, starts_on=date(2026, 10, 20), ends_on=date(2026, 10, 22), by=cast.principal
    )
    return {"handover": change, "leave": leave}
