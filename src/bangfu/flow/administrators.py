"""行政人员包班级: every class has exactly one administrator, shared out evenly among those who lead (P5-05)."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bangfu.engine.bond import Child, Helper
from bangfu.engine.part import Range
from bangfu.engine.plan import PairingRule
from bangfu.flow import cover, school
from bangfu.flow.cover import Proposed, Unfit, may_decide
from bangfu.records.models import RoleGrant, SchoolClass, Staff
from bangfu.records.models.places import entry_year_of_grade

ROLE = "class_administrator"
LEADING = (
    "principal", "vice_principal", "union_chair", "grade_supervisor", "moral_education", "committee_member",
    "aid_officer", "station_keeper",
)  # fmt: skip
RULE = PairingRule(
    key="class_administrator", title="行政人员包班级", roles=LEADING, within="school", per_case=Range(min=1, max=1),
    per_helper=Range(min=0, max=60), prefer=("keep", "even_load", "child_choice"), source="P5-05",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """A class and its administrator, if it has one."""

    school_class: SchoolClass
    label: str
    grant: UUID | None = None
    staff: UUID | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Leader:
    """Somebody who may be an administrator of classes: how many they have, which grades they supervise."""

    id: UUID
    name: str
    taken: int
    entry_years: frozenset[int]
    teaches: frozenset[UUID]


def standing(by) -> tuple[Line, ...]:
    """This function will list the classes in order, each with its administrator."""
    held = _held(by)
    return tuple(
        Line(one, one.label_on(by.day), *held.get(one.pk, (None, None, "")))
        for one in SchoolClass.objects.filter(school=by.school_id).in_order()
        if 1 <= one.grade_on(by.day) <= 9
    )


def _held(by) -> dict[UUID, tuple]:
    at_work = Staff.objects.filter(school=by.school_id).at_work_on(by.day)
    rows = RoleGrant.objects.filter(staff__in=at_work, role=ROLE, valid_to__isnull=True)
    found = rows.values_list("school_class_id", "pk", "staff_id", "staff__name")
    return {class_id: (pk, staff_id, name) for class_id, pk, staff_id, name in found}


def leaders(by) -> tuple[Leader, ...]:
    """This function will list who may be asked, in the order of names, with how many classes each has."""
    people = Staff.objects.filter(school=by.school_id).at_work_on(by.day)
    grants = RoleGrant.objects.filter(staff__in=people, valid_to__isnull=True, valid_from__lte=by.day)
    taken = Counter(staff for _pk, staff, _name in _held(by).values())
    years, teaches, names = {}, {}, {}
    columns = ("staff_id", "staff__name", "role", "grade", "school_class_id")
    for pk, name, role, grade, class_id in grants.order_by("staff__sort_key").values_list(*columns):
        if role in LEADING:
            names[pk] = name
        if role == "grade_supervisor" and grade:
            years.setdefault(pk, set()).add(entry_year_of_grade(grade, by.day))
        if role == "homeroom_teacher":
            teaches.setdefault(pk, set()).add(class_id)
    return tuple(
        Leader(pk, name, taken[pk], frozenset(years.get(pk, ())), frozenset(teaches.get(pk, ())))
        for pk, name in names.items()
    )


def propose(*, by) -> tuple[Proposed, ...]:
    """This function will propose an administrator for each class without one: evenly, the grade's own leader first."""
    may_decide(by)
    bare = [line for line in standing(by) if line.grant is None]
    people = leaders(by)
    classes = [
        Child(
            id=line.school_class.pk, class_id=None, name=line.label,
            places={"grade": line.school_class.entry_year}, chosen=frozenset(_of_grade(people, line)),
            excluded=frozenset(one.id for one in people if line.school_class.pk in one.teaches),
        )
        for line in bare
    ]  # fmt: skip
    helpers = [
        Helper(
            id=one.id, name=one.name, least=0, most=60, taken=one.taken,
            roles={place: frozenset(LEADING) for place in (one.id, *one.entry_years)},
        )
        for one in people
    ]  # fmt: skip
    return cover.ask(RULE, classes, helpers, _why)


def _of_grade(people, line: Line):
    return (one.id for one in people if line.school_class.entry_year in one.entry_years)


def _why(school_class: Child, leader: Helper) -> str:
    of_grade = leader.id in school_class.chosen
    return cover.joined(
        ("包这个年级" if of_grade else "", f"已经包 {leader.taken} 个班" if leader.taken else "")
    )


@transaction.atomic
def assign(*, chosen, by) -> list[RoleGrant]:
    """This function will give classes their administrators: `chosen` are (SchoolClass, Staff); the one before ends."""
    may_decide(by)
    people = {one.id: one for one in leaders(by)}
    made = []
    for school_class, staff in chosen:
        one = people.get(staff.pk)
        if one is None:
            raise Unfit(f"{staff.name}不是行政人员，不能包班。先在“人员和岗位”里给岗位，或换一位。")
        if school_class.pk in one.teaches:
            raise Unfit(f"{staff.name}是这个班的班主任，包班的行政人员请换一位。")
        post = school.Post(ROLE, school_class)
        made.append(school.grant(staff=staff, post=post, valid_from=by.day, by=by))
    return made
