"""Whom to phone: a child's family, and the principal when a child is in danger. A number is opened one at a time.

In: the children a sheet is about. Out: who can be called, without the number; opening one is an event in the trail.
"""

from dataclasses import dataclass
from uuid import UUID

from bangfu.flow import clock, look
from bangfu.records import audit
from bangfu.records.models import Guardian, Staff

MOST = 6  # more than anybody calls in a minute


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who can be called about a child; `kind` is guardian or leader."""

    kind: str
    id: UUID
    pupil_id: UUID
    name: str


def numbers(viewer, pupils) -> list[Callee]:
    """This function will list who can be called about these children, the families first, then the principal."""
    pupils = {pupil.pk: pupil for pupil in pupils}
    if not pupils:
        return []
    rows = Guardian.objects.filter(pupil__in=pupils).order_by("pupil__sort_key", "position")
    found = [
        Callee(
            "guardian",
            one.pk,
            one.pupil_id,
            f"{pupils[one.pupil_id].name} {one.relation or one.name}".strip(),
        )
        for one in rows.only("id", "pupil_id", "relation", "name", "phone")
        if one.phone
    ][: MOST - 1]
    first = next(iter(pupils))
    return found + [Callee("leader", one.pk, first, one.name) for one in _principals(viewer) if one.phone]


def _principals(viewer):
    return Staff.objects.visible_to(viewer).holding(["principal"], viewer.day).order_by("sort_key")[:1]


def dial(*, kind: str, id: UUID, pupil_id: UUID, by) -> str:
    """This function will open one number, to call, and log who did; raises DoesNotExist where it is not theirs to call.

    The principal's is opened only about a child one may see.
    """
    if kind == "guardian":
        return look.reveal(guardian_id=id, pupil_id=pupil_id, by=by)
    leader = next((one for one in _principals(by) if one.pk == id and look.head(by, pupil_id)), None)
    if leader is None:
        raise Staff.DoesNotExist
    audit.log(
        "account.reveal", by=by.staff, at=clock.now(), subject=leader, changes={"phone": [None, "shown"]}
    )
    return leader.phone.reveal() if leader.phone else ""
