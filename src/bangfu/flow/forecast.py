"""What plans would cost each teacher a week, before they start: minutes done together and one by one, staff order.

The plan studio asks for it: the price is seen while a plan can still be changed (R55, weekly_minutes_cap).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bangfu.engine.cadence import Duty
from bangfu.engine.load import WEEKS
from bangfu.engine.overlap import same
from bangfu.engine.plan import Plan
from bangfu.flow import adopt
from bangfu.records.models import RoleGrant, SchoolClass, Staff
from bangfu.records.models.places import entry_year_of_grade

HELPERS = frozenset({"helper", "deputy"})
CAP = "weekly_minutes_cap"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A plan and how many children of each class it would take."""

    plan: Plan
    children: Mapping[UUID, int]


@dataclass(slots=True)
class Week:
    """One teacher's week: children helped, minutes when done together, minutes one by one."""

    staff_id: UUID
    name: str
    children: int = 0
    merged: float = 0.0
    literal: float = 0.0


@dataclass(slots=True)
class Share:
    """How much of one plan falls to one teacher: children helped, and the plan's other duties by how many."""

    children: int = 0
    duties: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class People:
    """Who works where on a day: holders by (role, class id or None), every class, every teacher in order."""

    staff: Mapping[UUID, str]
    holders: Mapping[tuple[str, UUID | None], tuple[UUID, ...]]
    classes: tuple[UUID, ...]

    def of(self, role: str, class_id: UUID) -> tuple[UUID, ...]:
        """This function will name who holds a role for a class, or for the whole school."""
        return self.holders.get((role, class_id), ()) or self.holders.get((role, None), ())


def people(school, day) -> People:
    """This function will read who holds which role where; three queries, whatever the size of the school."""
    classes = list(SchoolClass.objects.filter(school=school).in_order())
    grades = {entry_year_of_grade(grade, day): grade for grade in range(1, 10)}
    of_grade: dict[int, list[UUID]] = defaultdict(list)
    for one in classes:
        if one.entry_year in grades:
            of_grade[grades[one.entry_year]].append(one.pk)
    holders: dict[tuple[str, UUID | None], list[UUID]] = defaultdict(list)
    rows = RoleGrant.objects.filter(staff__school=school).order_by("staff__sort_key", "staff_id")
    for grant in rows:
        if grant.is_valid_on(day):
            spots = of_grade[grant.grade] if grant.grade else [grant.school_class_id]
            for spot in spots:
                holders[grant.role, spot].append(grant.staff_id)
    here = Staff.objects.filter(school=school).exclude(left_on__lte=day).order_by("sort_key", "pk")
    staff = dict(here.values_list("pk", "name"))
    holders["staff", None] = list(staff)
    in_order = tuple(one for grade in sorted(of_grade) for one in of_grade[grade])
    return People(staff, {k: tuple(dict.fromkeys(v)) for k, v in holders.items()}, in_order)


def weeks(crowds: Iterable[Crowd], here: People) -> tuple[list[Week], int]:
    """This function will give each teacher's week under all these plans at once, and how many children nobody has room for."""
    crowds = list(crowds)
    found = {pk: Week(pk, name) for pk, name in here.staff.items()}
    left = 0
    shares: dict[UUID, list[tuple[Plan, Share]]] = defaultdict(list)
    for crowd in crowds:
        mine, over = _shares(crowd, here)
        left += over
        for pk, share in mine.items():
            if pk in found:
                shares[pk].append((crowd.plan, share))
                found[pk].children = max(found[pk].children, share.children)
    bonds = _bonds([crowd.plan for crowd in crowds])
    for pk, taken in shares.items():
        found[pk].merged, found[pk].literal = _minutes(taken, bonds)
    return list(found.values()), left


def cap(plans: Iterable[Plan], day) -> int:
    """This function will give the school's most minutes a week: a plan may set it, the common value otherwise."""
    set_here = [one for plan in plans for one in plan.parameters if one.key == CAP]
    known = [*set_here, adopt.shelf().commons.parameters.get(CAP)]
    values = [one.value_on(day) for one in known if one is not None]
    return int(min((value for value in values if value), default=90))


def _shares(crowd: Crowd, here: People) -> tuple[dict[UUID, Share], int]:
    found: dict[UUID, Share] = defaultdict(Share)
    over = 0
    for rule in crowd.plan.pairings:
        if rule.kind != "adult":
            continue
        taken: dict[UUID, int] = defaultdict(int)
        for class_id, count in crowd.children.items():
            circle = tuple(dict.fromkeys(pk for role in rule.roles for pk in here.of(role, class_id)))
            for _child in range(count * rule.per_case.max):
                free = [pk for pk in circle if taken[pk] < rule.per_helper.max]
                if not free:
                    over += 1
                    continue
                taken[min(free, key=lambda pk: (taken[pk], circle.index(pk)))] += 1
        for pk, count in taken.items():
            found[pk].children = max(found[pk].children, count)
    for duty in crowd.plan.duties:
        if duty.times and duty.minutes and duty.every and HELPERS.isdisjoint(duty.who):
            _spread(duty, crowd, here, found)
    return found, over


def _spread(duty: Duty, crowd: Crowd, here: People, found: dict[UUID, Share]) -> None:
    """A duty that is not the helper's falls to those who hold its first role that anybody holds."""
    for class_id in here.classes:
        circle = next((held for role in duty.who if (held := here.of(role, class_id))), ())
        times = {"case": crowd.children.get(class_id, 0), "class": 1}.get(duty.per, 0)
        for pk in circle if times else ():
            found[pk].duties[duty.key] = found[pk].duties.get(duty.key, 0) + times / len(circle)
    if duty.per not in ("case", "class"):
        everywhere = (
            pk
            for role in duty.who
            for spot in (None, *here.classes)
            for pk in here.holders.get((role, spot), ())
        )
        for pk in dict.fromkeys(everywhere):
            found[pk].duties[duty.key] = 1


def _weekly(duty: Duty) -> float:
    every = duty.every
    return duty.times * duty.minutes * duty.sample / (WEEKS[every.unit] * every.n) if every else 0.0


def _minutes(taken: list[tuple[Plan, Share]], bonds: Mapping[tuple[str, str], int]) -> tuple[float, float]:
    together: dict[object, float] = {}
    literal = 0.0
    for plan, share in taken:
        for duty in plan.duties:
            if not (duty.every and duty.times and duty.minutes):
                continue
            if HELPERS.isdisjoint(duty.who):
                times = share.duties.get(duty.key, 0)
            else:
                times = share.children if duty.per == "case" else min(share.children, 1)
            minutes = _weekly(duty) * times
            literal += minutes
            group = bonds.get((plan.key, duty.key), (plan.key, duty.key))
            together[group] = max(together.get(group, 0.0), minutes)
    return round(sum(together.values()), 1), round(literal, 1)


def _bonds(plans: list[Plan]) -> dict[tuple[str, str], int]:
    """Duties that one sitting meets bear one number: the same word `together`, or one record for two plans."""
    parent: dict[tuple[str, str], tuple[str, str]] = {}

    def top(one):
        while parent.setdefault(one, one) != one:
            one = parent[one]
        return one

    for at, plan in enumerate(plans):
        by_word: dict[str, tuple[str, str]] = {}
        for duty in plan.duties:
            mine = (plan.key, duty.key)
            parent[top(mine)] = top(by_word.setdefault(duty.together, mine)) if duty.together else top(mine)
        for other in plans[at + 1 :]:
            for pair in same(plan, other):
                parent[top((other.key, pair.other.key))] = top((plan.key, pair.duty.key))
    numbers = {root: n for n, root in enumerate(dict.fromkeys(top(one) for one in list(parent)))}
    return {one: numbers[top(one)] for one in list(parent)}
