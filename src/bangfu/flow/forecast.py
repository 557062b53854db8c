"""What plans would cost each teacher a week, before they start: minutes done together and one by one, staff order.

The plan studio asks for it: the price is seen while a plan can still be changed (R55, weekly_minutes_cap).
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from heapq import heapreplace
from uuid import UUID

from bangfu.engine.cadence import Duty
from bangfu.engine.load import WEEKS
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
    memory: dict[object, tuple[float, float]] = {}
    for pk, taken in shares.items():
        same = tuple((id(plan), share.children, tuple(sorted(share.duties.items()))) for plan, share in taken)
        if same not in memory:  # teachers of like classes have like weeks
            memory[same] = _minutes(taken)
        found[pk].merged, found[pk].literal = memory[same]
    return list(found.values()), left


def minutes_of_child(plans: Iterable[tuple[Plan, str]]) -> int:
    """This function will say how many minutes a week one child asks of its helper by these plans, done together.

    Each plan comes with the child's category there: some duties are for one category only.
    """
    taken = []
    for plan, category in plans:
        mine = [one for one in plan.duties if one.per == "case" and (not one.for_ or category in one.for_)]
        taken.append((plan.model_copy(update={"duties": tuple(mine)}), Share(children=1)))
    return round(_minutes(taken)[0])


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
        heaps: dict[tuple[UUID, ...], list] = {}
        for class_id, count in crowd.children.items():
            circle = tuple(dict.fromkeys(pk for role in rule.roles for pk in here.of(role, class_id)))
            heap = heaps.setdefault(circle, [(0, at, pk) for at, pk in enumerate(circle)])
            wanted = count * rule.per_case.max
            over += wanted - sum(_takes_one(heap, taken, rule.per_helper.max) for _child in range(wanted))
        for pk, count in taken.items():
            found[pk].children = max(found[pk].children, count)
    for duty in crowd.plan.duties:
        if duty.times and duty.minutes and duty.every and HELPERS.isdisjoint(duty.who):
            _spread(duty, crowd, here, found)
    return found, over


def _takes_one(heap: list, taken: dict[UUID, int], most: int) -> bool:
    """The one with the fewest takes another, unless even that one is full."""
    while heap:
        count, at, pk = heap[0]
        if taken[pk] != count:  # took one in another class meanwhile
            heapreplace(heap, (taken[pk], at, pk))
            continue
        if count >= most:
            return False
        taken[pk] += 1
        heapreplace(heap, (count + 1, at, pk))
        return True
    return False


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


@dataclass(slots=True)
class Sitting:
    """Acts that are done together: what the record is, the longest of them, minutes a week so far."""

    activities: set[str]
    words: set[tuple[str, str]]
    longest: int
    minutes: float


def _minutes(taken: list[tuple[Plan, Share]]) -> tuple[float, float]:
    """Minutes a week together and one by one. The most frequent duty opens a sitting; what it meets, joins it."""
    acts = []
    for plan, share in taken:
        for duty in plan.duties:
            if duty.every and duty.times and duty.minutes and (often := _often(duty, share)):
                acts.append((often, duty, (plan.key, duty.together)))
    acts.sort(key=lambda act: (-act[0], -act[1].minutes, act[1].key))
    sittings: list[Sitting] = []
    for often, duty, word in acts:
        mine = next((one for one in sittings if _joins(duty, word, one)), None)
        if mine is None:
            sittings.append(
                Sitting({duty.accepts[0]}, {word} if word[1] else set(), duty.minutes, often * duty.minutes)
            )
            continue
        mine.minutes += often * max(0, duty.minutes - mine.longest)
        mine.longest = max(mine.longest, duty.minutes)
        mine.words |= {word} if word[1] else set()
        if mine.activities.isdisjoint(duty.accepts):
            mine.activities.add(duty.accepts[0])
    literal = sum(often * duty.minutes for often, duty, _word in acts)
    return round(sum(one.minutes for one in sittings), 1), round(literal, 1)


def _joins(duty: Duty, word: tuple[str, str], sitting: Sitting) -> bool:
    return not sitting.activities.isdisjoint(duty.accepts) or (bool(word[1]) and word in sitting.words)


def _often(duty: Duty, share: Share) -> float:
    """How many acts a week fall to somebody."""
    every = duty.every
    if every is None:
        return 0.0
    if HELPERS.isdisjoint(duty.who):
        times = share.duties.get(duty.key, 0)
    else:
        times = share.children if duty.per == "case" else min(share.children, 1)
    return times * duty.times * duty.sample / (WEEKS[every.unit] * every.n)
