"""Who may not be paired with whom, in any plan: own child, a relative, a conflict, or asked for; noted by people.

An own child is noticed from the guardians' telephone and name, and stands only when a person has said so.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit, limits
from bangfu.records.models import (
    Avoidance,
    Case,
    Guardian,
    Household,
    HouseholdHelper,
    Leave,
    Pairing,
    Pupil,
    Staff,
)
from bangfu.records.seal import blind

DECIDERS = ("principal", "vice_principal", "grade_supervisor")
OWN = ("own_child", "relative", "conflict")  # what one may say about oneself
BECAUSE = "要回避"


class NotYourWord(Refusal):
    sentence = "要回避谁，由包级领导或校长来写；和自己有关的，本人也可以写。"


@dataclass(frozen=True, slots=True)
class Suspected:
    """A pupil who may be a teacher's own child: nobody has said yes or no yet. `by_phone`: the numbers are the same."""

    pupil: Pupil
    staff: Staff
    by_phone: bool

    @property
    def sentence(self) -> str:
        """This property will ask the question."""
        same = "电话相同" if self.by_phone else "同名"
        return f"{self.pupil.name}的家长和{self.staff.name}老师{same}，是自己的孩子吗？"


@transaction.atomic
def avoid(*, pupil: Pupil, staff: Staff, why: str, by, note: str = "") -> Avoidance:
    """This function will note that a grown-up may not be paired with a child from today; a pair ends, standing in too.

    Said again it stays as it is. Raises NotYourWord.
    """
    _may_say(pupil, staff, why, by)
    if why not in Avoidance.WHY:
        raise NotYourWord("请选一个回避的原因。")
    row = Avoidance.objects.filter(pupil=pupil, staff=staff, valid_to__isnull=True).first()
    if row is not None:
        return row
    with limits.calm():
        row = Avoidance.objects.create(
            pupil=pupil, staff=staff, why=why, note=note.strip()[:300], valid_from=by.day, by=by.staff
        )
    between = Pairing.objects.filter(case__pupil=pupil, helper=staff, valid_to__isnull=True)
    between.filter(state="proposed").delete()
    between.filter(state="confirmed").update(state="ended", valid_to=by.day, ended_because=BECAUSE)
    homes = Household.objects.filter(school=pupil.school_id, key=pupil.household_key).exclude(key="")
    posts = HouseholdHelper.objects.filter(household__in=homes, staff=staff, valid_to__isnull=True)
    posts.update(valid_to=by.day, ended_because=BECAUSE)
    _stand_in_no_more(pupil, staff, by)
    audit.log("pair.avoid", by=by.staff, at=clock.now(), subject=row, changes={"why": [None, why]})
    return row


def _stand_in_no_more(pupil: Pupil, staff: Staff, by) -> None:
    """Whoever stands in for the child's helper is asked for anew from today; the days before stay as they were."""
    helpers = Pairing.objects.in_force(by.day).filter(case__pupil=pupil).values("helper")
    asked = Leave.objects.filter(deputy=staff, staff__in=helpers, ends_on__gte=by.day)
    for leave in asked.filter(Q(case__isnull=True) | Q(case__pupil=pupil)):
        if leave.case_id and leave.starts_on >= by.day:
            leave.delete()  # asked for this one child only
            continue
        if leave.starts_on < by.day:
            if not leave.case_id:
                Leave.objects.create(staff=leave.staff, starts_on=by.day, ends_on=leave.ends_on, by=by.staff)
            leave.ends_on = by.day - timedelta(days=1)
        else:
            leave.deputy = None
        leave.save(update_fields=["ends_on", "deputy"])


@transaction.atomic
def lift(*, avoidance: Avoidance, by) -> Avoidance:
    """This function will end an avoidance from today; it stays written that it was."""
    _may_decide(avoidance.pupil, by)
    if avoidance.valid_to is None:
        avoidance.valid_to = max(by.day, avoidance.valid_from)
        avoidance.save(update_fields=["valid_to"])
        changes = {"valid_to": [None, str(avoidance.valid_to)]}
        audit.log("pair.avoid_no_more", by=by.staff, at=clock.now(), subject=avoidance, changes=changes)
    return avoidance


@transaction.atomic
def not_related(*, pupil: Pupil, staff: Staff, by) -> Avoidance:
    """This function will note that a suspected own child is none, so that nobody asks again."""
    _may_decide(pupil, by)
    said = {"pupil": pupil, "staff": staff, "why": "own_child"}
    return Avoidance.objects.filter(**said).order_by("valid_from").last() or Avoidance.objects.create(
        **said, valid_from=by.day, valid_to=by.day, by=by.staff
    )


def suspected(by) -> list[Suspected]:
    """This function will list pupils with a case whose guardian has a teacher's telephone or name, not yet answered."""
    staff = {one.pk: one for one in Staff.objects.visible_to(by).at_work_on(by.day)}
    names = defaultdict(set)
    for one in staff.values():
        names[one.name].add(one.pk)
    near = _mine(by)
    phones = own_by_phone(near.values("pk"), by.school, by.day)
    answered = set(Avoidance.objects.filter(staff__in=staff).values_list("pupil_id", "staff_id"))
    kin = (
        Guardian.objects.filter(pupil__in=near)
        .select_related("pupil")
        .order_by("pupil__sort_key", "position")
    )
    found: dict[tuple[UUID, UUID], Suspected] = {}
    for row in kin:
        same = phones[row.pupil_id]
        for pk in sorted(same | names.get(row.name, set()), key=lambda pk: staff[pk].sort_key):
            if (row.pupil_id, pk) not in answered:
                found.setdefault((row.pupil_id, pk), Suspected(row.pupil, staff[pk], pk in same))
    return list(found.values())


def own_by_phone(pupils, school, day) -> dict[UUID, set[UUID]]:
    """This function will say whose guardian has a teacher's telephone: never proposed, unless a person said it is none."""
    phones, found = defaultdict(set), defaultdict(set)
    for one in Staff.objects.filter(school=school).at_work_on(day).only("phone"):
        if one.phone:
            phones[blind(one.phone.reveal(), "guardian_phone")].add(one.pk)
    said_no = Avoidance.objects.filter(pupil__in=pupils, why="own_child", valid_to__isnull=False)
    none = set(said_no.values_list("pupil_id", "staff_id"))
    rows = Guardian.objects.filter(pupil__in=pupils, phone_index__in=list(phones))
    for pupil, index in rows.values_list("pupil_id", "phone_index"):
        found[pupil] |= {staff for staff in phones[index] if (pupil, staff) not in none}
    return found


def _mine(by) -> QuerySet[Pupil]:
    if not by.holds(*DECIDERS):
        return Pupil.objects.none()
    cases = Case.objects.filter(school_id=by.school_id).open_on(by.day)
    return Pupil.objects.cared_for_by(by).filter(cases__in=cases).distinct()


def _may_say(pupil: Pupil, staff: Staff, why: str, by) -> None:
    if staff.pk == by.staff.pk and why in OWN and pupil.school_id == by.school_id:
        return
    _may_decide(pupil, by)
    if staff.school_id != by.school_id:
        raise NotYourWord


def _may_decide(pupil: Pupil, by) -> None:
    here = Pupil.objects.cared_for_by(by).filter(pk=pupil.pk)
    if not by.holds(*DECIDERS) or not here.exists():
        raise NotYourWord
