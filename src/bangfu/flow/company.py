"""Who goes along to a girl's home: two grown-ups, or one sentence why somebody went alone. Asked, never blocking.

Our safety default (requirements §2.2), for the child and for whoever visits; the principal may switch it off, a plan
with `two_adults_for_a_girl` keeps it for its children. Before a visit it says who could come along.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, sent
from bangfu.records import audit
from bangfu.records.models import (
    Avoidance,
    Case,
    Enrolment,
    Evidence,
    Leave,
    Pairing,
    Pupil,
    RoleGrant,
    School,
    Staff,
    VisitCompany,
)
from bangfu.records.models.places import entry_year_of_grade
from bangfu.records.valid import valid_on

GIRL = "2"
OTHER, ALONE = "other", "alone"  # what is tapped where nobody of the school came
RULE = "two_adults_for_a_girl"
MOST = 5  # names to tap
NEAR = ("homeroom_teacher", "class_attached_teacher", "subject_teacher", "class_administrator")
ABOVE = (
    "grade_supervisor",
    "grade_head",
    "station_keeper",
    "moral_education",
    "union_chair",
    "vice_principal",
)
SAID = {"together": "上次也一起去", "helper": "也帮着这名学生"}


class SayWithWhom(Refusal):
    sentence = "去女生家，两位大人一起。请点一下和谁一起去的；一个人去了，写一句为什么就可以。"


class NotPrincipal(Refusal):
    sentence = "这一项由校长定。"


class NotHere(Refusal):
    sentence = "一起去的老师没有找到。请重新选一位，或写下名字。"


@dataclass(frozen=True, slots=True)
class Company:
    """Who went along: somebody of the school, another grown-up by name, or nobody and why."""

    staff_id: UUID | None = None
    other: str = ""
    alone_because: str = ""

    def __bool__(self) -> bool:
        return bool(self.staff_id or self.other.strip() or self.alone_because.strip())

    @classmethod
    def read(cls, body: sent.Body, prefix: str = "") -> "Company | None":
        """This method will read who went along from what a form or a phone sends; None where nothing was tapped."""
        tapped = sent.one(body, f"{prefix}company")
        said = sent.one(body, f"{prefix}company_said")
        other, alone = (said if tapped == way else "" for way in (OTHER, ALONE))
        return cls(sent.an_id(body, f"{prefix}company"), other, alone).cleaned() if tapped else None

    def cleaned(self) -> "Company":
        """This method will give one of the three, as long as it may be: a name of the school goes before other words."""
        other = "" if self.staff_id else self.other.strip()[:40]
        alone = "" if self.staff_id or other else self.alone_because.strip()[:200]
        return Company(self.staff_id, other, alone)


@dataclass(frozen=True, slots=True)
class Mate:
    """Somebody who could come along, and why just this one."""

    id: UUID
    name: str
    why: str


@lru_cache(maxsize=1)
def at_home() -> frozenset[str]:
    """This function will name the activities done in a child's home, as the forms say."""
    return frozenset(key for key, form in adopt.shelf().commons.forms.items() if form.at_home)


def is_asked(activities: Iterable[str], pupils: Iterable[Pupil], by) -> bool:
    """This function will say whether a record of these activities has to say who went along."""
    return not at_home().isdisjoint(activities) and is_for(pupils, by)


def is_for(pupils: Iterable[Pupil], by) -> bool:
    """This function will say whether a visit to one of these children's homes is one for two."""
    girls = [pupil.pk for pupil in pupils if pupil.sex == GIRL]
    if not girls or by.school.girls_visited_by_two:
        return bool(girls)
    asking = [
        plan.key
        for plan in adopt.plans_in_force(by.school, by.day)
        if any(RULE in rule.hard for rule in plan.pairings)
    ]
    return bool(asking) and (
        Case.objects.open_on(by.day).filter(pupil__in=girls, plan_key__in=asking).exists()
    )


def check(company: Company | None, activities, pupils, by) -> None:
    """This function will refuse, in one calm sentence, a visit to a girl's home that doesn't say who went along.

    Raises SayWithWhom, NotHere.
    """
    if company and company.staff_id:
        here = Staff.objects.filter(pk=company.staff_id, school_id=by.school_id)
        if company.staff_id == by.staff.pk or not here.exists():
            raise NotHere
    if not company and is_asked(activities, pupils, by):
        raise SayWithWhom


def store(evidence: Evidence, company: Company | None) -> None:
    """This function will keep who went along beside a new record."""
    if company:
        VisitCompany.objects.create(evidence=evidence, **asdict(company.cleaned()))


def of(evidence_id: UUID) -> Company | None:
    """This function will give who went along on a recorded visit."""
    row = VisitCompany.objects.filter(evidence=evidence_id).first()
    return row and Company(row.staff_id, row.other, row.alone_because)


def told(evidence_id: UUID) -> tuple[str, str]:
    """This function will name who went along on a recorded visit, or say why nobody did: (name, why)."""
    rows = VisitCompany.objects.filter(evidence=evidence_id)
    name, other, why = rows.values_list("staff__name", "other", "alone_because").first() or ("", "", "")
    return name or other or "", why


def mates(pupil_ids: Iterable[UUID], by, chosen: UUID | None = None) -> list[Mate]:
    """This function will say who could come along, the best first: who came before, who helps, who teaches, who leads.

    With a woman first where the visitor is not one; nobody who is away that day or is to keep apart. Five queries.
    `chosen` was written down before and stays the first.
    """
    ids = list(pupil_ids)
    why: dict[UUID, str] = {chosen: SAID["together"]} if chosen else {}
    for found in (_came_before(ids, by), _helping(ids, by), _posts(ids, by)):
        for staff_id, words in found:
            why.setdefault(staff_id, words)
    away = Leave.objects.away().filter(starts_on__lte=by.day, ends_on__gte=by.day).values("staff")
    apart = Avoidance.objects.on(by.day).filter(pupil__in=ids)
    rows = Staff.objects.at_work_on(by.day).filter(pk__in=why, school_id=by.school_id).exclude(pk=by.staff.pk)
    rows = rows.exclude(pk__in=away).exclude(pk__in=apart.values("staff"))
    known = {pk: (name, sex) for pk, name, sex in rows.values_list("pk", "name", "sex")}
    order = [staff_id for staff_id in why if staff_id in known]
    if not _is_woman(by.staff.sex):  # the sort is stable: else as found
        order.sort(key=lambda staff_id: (staff_id != chosen, not _is_woman(known[staff_id][1])))
    return [Mate(staff_id, known[staff_id][0], why[staff_id]) for staff_id in order[:MOST]]


def _is_woman(sex: str) -> bool:
    return sex in (GIRL, "女")


def _came_before(pupil_ids, by) -> list[tuple[UUID, str]]:
    rows = VisitCompany.objects.filter(evidence__about__pupil__in=pupil_ids, evidence__amended_by=None)
    mine = rows.filter(evidence__author=by.staff, staff__isnull=False).order_by("-evidence__happened_on")
    return [(staff_id, SAID["together"]) for staff_id in mine.values_list("staff_id", flat=True)[:MOST]]


def _helping(pupil_ids, by) -> list[tuple[UUID, str]]:
    rows = Pairing.objects.in_force(by.day).filter(case__pupil__in=pupil_ids).order_by("valid_from", "id")
    return [(staff_id, SAID["helper"]) for staff_id in rows.values_list("helper_id", flat=True)]


def _posts(pupil_ids, by) -> list[tuple[UUID, str]]:
    where = Enrolment.objects.on(by.day).filter(pupil__in=pupil_ids)
    classes = dict(where.values_list("school_class_id", "school_class__entry_year"))
    grants = RoleGrant.objects.filter(valid_on(by.day), staff__school_id=by.school_id)
    grants = grants.filter(Q(role__in=NEAR, school_class__in=classes) | Q(role__in=ABOVE))
    titles, found = adopt.shelf().commons.labels.role, []
    for staff_id, role, grade in grants.order_by("valid_from", "id").values_list("staff_id", "role", "grade"):
        if grade is None or entry_year_of_grade(grade, by.day) in classes.values():
            found.append(((*NEAR, *ABOVE).index(role), staff_id, titles.get(role, role)))
    return [(staff_id, title) for _, staff_id, title in sorted(found, key=lambda one: one[0])]


@transaction.atomic
def switch(*, is_on: bool, by) -> None:
    """This function will switch the school's default for visits to girls' homes; raises NotPrincipal."""
    if not by.holds("principal"):
        raise NotPrincipal
    if (
        School.objects.filter(pk=by.school_id)
        .exclude(girls_visited_by_two=is_on)
        .update(girls_visited_by_two=is_on)
    ):
        changes = {"girls_visited_by_two": [not is_on, is_on]}
        audit.log("company.switch", by=by.staff, at=clock.now(), subject=by.school, changes=changes)
