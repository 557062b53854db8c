"""Who stands in while somebody is away: those who may, whom the children know first, each with a reason.

A deputy is never somebody a child is to avoid, and never away in the same days. Duties and sight are the deputy's only
for those days (schedule, Pupil.cared_for_by).
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import Avoidance, Case, Enrolment, Leave, Pairing, RoleGrant, Staff
from bangfu.records.valid import valid_on

KEEPERS = ("principal", "vice_principal", "system_admin", "grade_supervisor")
TEACHING = ("homeroom_teacher", "class_attached_teacher", "subject_teacher")


class NotThisDeputy(Refusal):
    """Somebody who cannot stand in: a child is to avoid them, or they are away themselves."""


class NobodyChosen(Refusal):
    sentence = "先选一位代管的老师。"


class NotYours(Refusal):
    sentence = "别人的请假由校长、包级领导或系统管理员来安排。"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may stand in: how many of the children they teach already, and how many they help now."""

    id: UUID
    name: str
    knows: int
    has: int
    reason: str


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A leave, now or soon, with pupils and nobody standing in; `candidates` best first."""

    id: UUID
    staff_id: UUID
    name: str
    starts_on: date
    ends_on: date
    children: int
    candidates: tuple[Candidate, ...]


def candidates(*, staff: Staff, first: date, last: date) -> tuple[Candidate, ...]:
    """This function will list who may stand in for somebody, whom most of the children know first; five queries."""
    pupils = _pupils(staff, first, last)
    classes = Counter(
        Enrolment.objects.on(first).filter(pupil__in=pupils).values_list("school_class_id", flat=True)
    )
    taught = defaultdict(set)
    grants = RoleGrant.objects.filter(
        valid_on(first), school_class__in=classes,
        role__in=TEACHING,
    )  # fmt: skip
    for person, class_id in grants.values_list("staff_id", "school_class_id"):
        taught[person].add(class_id)
    barred = _barred(pupils, first) | _away(staff, first, last)
    load = Counter(
        Pairing.objects.in_force(first)
        .filter(helper__school=staff.school_id)
        .values_list("helper_id", flat=True)
    )
    found = []
    for person in Staff.objects.filter(school=staff.school_id).at_work_on(first).exclude(pk=staff.pk):
        knows = sum(classes[one] for one in taught[person.pk])
        if person.pk not in barred and (knows or load[person.pk]):
            found.append(
                Candidate(person.pk, person.name, knows, load[person.pk], _reason(knows, load[person.pk]))
            )
    return tuple(sorted(found, key=lambda one: (-one.knows, one.has, one.name)))


def _reason(knows: int, has: int) -> str:
    return "、".join([*([f"教其中 {knows} 名"] if knows else []), f"目前带 {has} 名"])


def _pupils(staff: Staff, first: date, last: date) -> set[UUID]:
    rows = Pairing.objects.filter(
        helper=staff, state="confirmed", valid_to__isnull=True, valid_from__lte=last
    )
    return set(rows.values_list("case__pupil_id", flat=True))


def _barred(pupils, day: date) -> set[UUID]:
    return set(Avoidance.objects.on(day).filter(pupil__in=pupils).values_list("staff_id", flat=True))


def _away(staff: Staff, first: date, last: date) -> set[UUID]:
    rows = Leave.objects.away().filter(staff__school=staff.school_id, starts_on__lte=last, ends_on__gte=first)
    return set(rows.values_list("staff_id", flat=True))


def check(*, staff: Staff, deputy: Staff, first: date, last: date, pupils=None) -> None:
    """This function will refuse a deputy who may not stand in (NotThisDeputy), for all children or for these (ids)."""
    if deputy.pk == staff.pk:
        raise NotThisDeputy("代管的老师要换一位，不能是本人。")
    if deputy.left_on and deputy.left_on <= last:
        raise NotThisDeputy(f"{deputy.name}那时已经不在学校了，请换一位。")
    if deputy.pk in _away(staff, first, last):
        raise NotThisDeputy(f"{deputy.name}那几天自己也请假，请换一位。")
    if deputy.pk in _barred(_pupils(staff, first, last) if pupils is None else pupils, first):
        raise NotThisDeputy(f"其中有学生要回避{deputy.name}，请换一位。")


def uncovered(viewer) -> tuple[Uncovered, ...]:
    """This function will list leaves, now or soon, of people with pupils and without a deputy: the own, or all for keepers."""
    rows = Leave.objects.away().filter(
        staff__school=viewer.school_id,
        ends_on__gte=viewer.day,
        deputy__isnull=True,
        staff__left_on__isnull=True,
    )
    if not viewer.holds(*KEEPERS):
        rows = rows.filter(staff=viewer.staff)
    found = []
    for row in rows.select_related("staff").order_by("starts_on", "staff__sort_key"):
        pupils = _pupils(row.staff, row.starts_on, row.ends_on)
        if pupils:
            may = candidates(staff=row.staff, first=max(row.starts_on, viewer.day), last=row.ends_on)
            found.append(
                Uncovered(
                    row.pk, row.staff_id, row.staff.name, row.starts_on, row.ends_on, len(pupils), may[:6]
                )
            )
    return tuple(found)


def leaves(viewer) -> QuerySet:
    """This function will give the leaves of the viewer's school; whose deputy one may name, `name_deputy` says."""
    return Leave.objects.visible_to(viewer).select_related("staff", "deputy", "case__pupil")


def near(viewer) -> list[Leave]:
    """This function will list leaves now or soon: the viewer's own and those they stand in for; one query."""
    rows = leaves(viewer).filter(Q(staff=viewer.staff) | Q(deputy=viewer.staff), ends_on__gte=viewer.day)
    return list(rows.order_by("starts_on", "staff__sort_key", "pk"))


@transaction.atomic
def ask_in_place(*, case: Case, deputy: Staff, first: date, last: date, by) -> Leave:
    """This function will ask somebody to look after one child for some days, of the one who helps it (请人代).

    Asked again for the same days, it is the one asked last. Raises NotYours, NotThisDeputy.
    """
    if not Pairing.objects.in_force(by.day).filter(case=case, helper=by.staff).exists():
        raise NotYours("只有帮扶这名学生的老师，才能请别人代这几天。")
    if last < first or last < by.day:
        raise NotYours("最后一天在第一天之前，请换一下。")
    check(staff=by.staff, deputy=deputy, first=first, last=last, pupils={case.pupil_id})
    Staff.objects.select_for_update(no_key=True).get(pk=by.staff.pk)  # two taps at once take turns
    days = {"staff": by.staff, "case": case, "starts_on": first, "ends_on": last}
    row, is_new = Leave.objects.get_or_create(**days, defaults={"deputy": deputy, "by": by.staff})
    before = None if is_new else str(row.deputy_id)
    if before != str(deputy.pk):
        row.deputy = deputy
        row.save(update_fields=["deputy"])
        changes = {"in_place": [before, str(deputy.pk)], "days": [None, f"{first}—{last}"]}
        audit.log("schedule.leave", by=by.staff, at=clock.now(), subject=case, changes=changes)
    return row


@transaction.atomic
def name_deputy(*, leave: Leave, deputy: Staff, by) -> Leave:
    """This function will say who stands in during a leave that is written down already. Raises NotYours, NotThisDeputy."""
    if leave.staff_id != by.staff.pk and not by.holds(*KEEPERS):
        raise NotYours
    check(staff=leave.staff, deputy=deputy, first=leave.starts_on, last=leave.ends_on)
    if leave.deputy_id != deputy.pk:
        before, leave.deputy = leave.deputy_id, deputy
        leave.save(update_fields=["deputy"])
        changes = {"deputy": [audit.plain(before), str(deputy.pk)]}
        audit.log("schedule.leave", by=by.staff, at=clock.now(), subject=leave.staff, changes=changes)
    return leave
