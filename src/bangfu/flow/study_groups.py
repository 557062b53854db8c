"""Study groups of one class: each newcomer with somebody from here, a few classmates together, nobody in two (P8-20, P8-25).

The groups are the solver's children, the classmates its helpers; each who was given a place × each companion is a pair.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from math import ceil
from uuid import UUID

from bangfu.engine.bond import Child
from bangfu.engine.matching_problem import Problem
from bangfu.engine.part import Range
from bangfu.flow import adopt, solve
from bangfu.flow.peer_match import Asked, Pair, rows_of
from bangfu.records.models import PeerPair, SchoolClass, StudyGroup

Slots = dict[
    UUID | int, list[UUID]
]  # a standing group by its id or a new one by its place → who is given a place


def choose(found: Asked) -> dict[UUID | int, set[Pair]]:
    """This function will fill standing groups that are too small and make new ones: {group id or a number: new pairs}."""
    standing = _standing(found)
    best: dict[UUID | int, set[Pair]] = {}
    for slots in _ways(found, standing):
        new, is_whole = _filled(found, standing, slots)
        if is_whole:
            return new
        best = max(best, new, key=lambda one: len({pupil for some in one.values() for pupil, _ in some}))
    return best


def _filled(found: Asked, standing, slots: Slots) -> tuple[dict[UUID | int, set[Pair]], bool]:
    companions = {slot: {partner for _pupil, partner in standing.get(slot, ())} for slot in slots}
    elsewhere = {
        partner for slot, pairs in standing.items() if slot not in slots for _pupil, partner in pairs
    }
    placed = {pupil for pupil, _partner in found.held} | {pk for some in slots.values() for pk in some}
    helpers = tuple(
        replace(helper, most=1, taken=0)
        for pk, helper in sorted(found.helpers.items(), key=lambda item: str(item[0]))
        if pk not in elsewhere and pk not in placed
    )
    children = tuple(_as_child(found, slot, members) for slot, members in slots.items())
    pins = frozenset((str(slot), one) for slot, some in companions.items() for one in some)
    update = {
        "per_helper": Range(min=0, max=1),
        "hard": tuple(word for word in found.rule.hard if word not in ("consent", "child_chooses")),
        "prefer": ("child_choice", "even_load"),
        "per_case": Range(min=found.need, max=max(found.need, found.rule.per_case.max)),
    }
    rule = found.rule.model_copy(update=update)
    answer = solve.best(Problem(rule, children, helpers, pins, adopt.shelf().commons.facts))
    left = set(answer.left_out)
    new: dict[UUID | int, set[Pair]] = {}
    for slot, members in slots.items():
        mine = (
            {helper for name, helper in answer.pairs if name == str(slot)} if str(slot) not in left else set()
        )
        pairs = {(pupil, one) for pupil in members for one in mine} - set(found.held)
        if pairs:
            new[slot] = pairs
    return new, not left


def _standing(found: Asked) -> dict[UUID, set[Pair]]:
    rows = rows_of(found.school_class.school, found.helpers, found.day).filter(
        plan_key=found.plan.key, kind=found.rule.key, group__isnull=False
    )
    groups = defaultdict(set)
    for group, pupil, partner in rows.values_list("group_id", "pupil_id", "partner_id"):
        if (pupil, partner) in found.held:
            groups[group].add((pupil, partner))
    return dict(groups)


def _ways(found: Asked, standing: dict[UUID, set[Pair]]) -> Iterator[Slots]:
    """Groups to fill: standing ones with somebody waiting, and new ones, as many as there are companions for, then fewer."""
    slots: Slots = {}
    for group, pairs in sorted(standing.items(), key=lambda item: str(item[0])):
        members = sorted({pupil for pupil, _partner in pairs}, key=str)
        if any(found.waits(pupil) for pupil in members):
            slots[group] = members
    inside = {pupil for pairs in standing.values() for pupil, _partner in pairs}
    new = [pupil for pupil in found.children if found.waits(pupil) and pupil not in inside]
    able = [
        pk
        for pk in found.helpers
        if pk not in new and any(not found.why_not(pupil, pk) for pupil in new) and not found.taken[pk]
    ]
    here = (
        [pk for pk in able if found.helpers[pk].local] if "a_local_in_each_group" in found.rule.hard else able
    )
    count = min(len(new), len(able) // found.need, len(here))
    fewest = ceil(len(new) / found.rule.per_helper.max)
    for many in range(max(count, fewest), max(fewest, 1) - 1, -1) if count else ():
        yield slots | {at: new[at::many] for at in range(many)}
    if slots and not count:
        yield slots


def _as_child(found: Asked, slot: UUID | int, members: list[UUID]) -> Child:
    """A group asks for whom its members ask, and leaves out whoever one of them may not be with."""
    mine = [found.children[pupil] for pupil in members if pupil in found.children]
    barred = {pk for pupil in members for pk in found.helpers if found.why_not(pupil, pk)}
    return Child(
        id=str(slot), class_id=found.school_class.pk, name="小组", category=mine[0].category if mine else "",
        chosen=frozenset(one for child in mine for one in child.chosen), excluded=frozenset(barred),
        consent=True, facts=mine[0].facts if mine else {},
    )  # fmt: skip


def next_number(school_class: SchoolClass, day) -> int:
    """This function will give the first number no group of the class has now."""
    over = PeerPair.objects.filter(group__school_class=school_class, state__in=("proposed", "confirmed"))
    taken = set(
        over.exclude(pk__in=over.filter(valid_to__lte=day).values("pk")).values_list(
            "group__number", flat=True
        )
    )
    return next(at for at in range(1, len(taken) + 2) if at not in taken)


def made(school_class: SchoolClass, by) -> StudyGroup:
    """This function will store a new group under the next number of the class."""
    number = next_number(school_class, by.day)
    return StudyGroup.objects.create(
        school_id=by.school_id, school_class=school_class, number=number, made_on=by.day, made_by=by.staff
    )
