"""Whom to phone: a child's family, its class teacher, and the heads of the school when a child is in danger.

In: the children a sheet is about. Out: who can be called, without the number. A number is opened one at a time, and
opening it is an event in the trail.
"""

from dataclasses import dataclass
from uuid import UUID

from bangfu.flow import clock, look
from bangfu.records import audit
from bangfu.records.models import Guardian, RoleGrant, Staff
from bangfu.records.models.care_danger import HEADS

MOST = 6  # more than anybody calls in a minute


@dataclass(frozen=True, slots=True)
class Callee:
    """Somebody who can be called about a child; `kind` is guardian or leader, who has a `role` of HEADS."""

    kind: str
    id: UUID
    pupil_id: UUID
    name: str
    role: str = ""


def numbers(viewer, pupils) -> list[Callee]:
    """This function will list who can be called about these children, the families first, then the heads."""
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
    heads = [(role, one) for role, one in leaders(viewer) if one.phone]
    return found + [Callee("leader", one.pk, first, one.name, role) for role, one in heads]


def leaders(viewer) -> list[tuple[str, Staff]]:
    """This function will list whom to call at once when a child is in danger: the principal, then the vice principals.

    One answer for the sheet, the alarm and what a phone takes along; nobody is told to call oneself.
    """
    here = Staff.objects.visible_to(viewer).exclude(pk=viewer.staff.pk)
    found = {}
    for role in HEADS:
        for one in here.holding([role], viewer.day).order_by("sort_key"):
            found.setdefault(one.pk, (role, one))
    return list(found.values())


def class_teachers(class_ids, day) -> dict[UUID, Staff]:
    """This function will give who is class teacher of these classes on a day and at work: {class id: Staff}."""
    grants = RoleGrant.objects.on(day).filter(
        role="homeroom_teacher",
        school_class__in=class_ids, staff__in=Staff.objects.at_work_on(day),
    )  # fmt: skip
    return {one.school_class_id: one.staff for one in grants.select_related("staff").order_by("valid_from")}


def dial(*, kind: str, id: UUID, pupil_id: UUID, by) -> str:
    """This function will open one number, to call, and log who did; raises DoesNotExist where it is not theirs to call.

    The principal's is opened only about a child one may see.
    """
    if kind == "guardian":
        return look.reveal(guardian_id=id, pupil_id=pupil_id, by=by)
    leader = next((one for _role, one in leaders(by) if one.pk == id and look.head(by, pupil_id)), None)
    if leader is None:
        raise Staff.DoesNotExist
    audit.log(
        "account.reveal", by=by.staff, at=clock.now(), subject=leader, changes={"phone": [None, "shown"]}
    )
    return leader.phone.reveal() if leader.phone else ""
