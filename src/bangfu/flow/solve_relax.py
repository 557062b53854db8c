"""The fewest rules that would have to give way so that everybody is paired, by the same flow with bendable arcs in it.

Each place beyond a cap, each pair in spite of a place, a role or an earlier no counts one; own children never do.
"""

from collections import Counter
from dataclasses import replace

import numpy as np

from bangfu.engine import matching_way
from bangfu.engine.matching import GiveWay
from bangfu.engine.matching_price import is_whole, teams
from bangfu.flow import solve_flow
from bangfu.flow.solve_flow import Grid


def relax(made: Grid, chosen: np.ndarray) -> list[GiveWay]:
    """This function will name the smallest set of rules to relax, given the best that can be had without."""
    problem, pairs = made.problem, made.pairs(chosen)
    squeezes = matching_way.squeezes(problem, pairs)
    place = {child.id: at for at, child in enumerate(made.children)}
    facts = {place[child.id]: squeeze.sentence for squeeze in squeezes for child in squeeze.children}
    if not facts:
        return []
    bent = matching_way.bends(problem, sorted(facts))
    wide = _widened(made, bent)
    more = solve_flow.least(wide, *_counted(made, wide, bent))
    return _named(made, wide, bent, (more, facts))


def _widened(made: Grid, bent: dict) -> Grid:
    """The same school with the bendable pairs and, for everybody, room for all who could come."""
    pairs = np.array(list(bent) or np.zeros((0, 2)), np.int64).reshape(-1, 2)
    child, helper = np.append(made.child, pairs[:, 0]), np.append(made.helper, pairs[:, 1])
    nothing = np.zeros(len(bent), bool)
    missing = int(made.need.sum())
    return replace(
        made,
        child=child,
        helper=helper,
        unfit=np.append(made.unfit, np.zeros(len(bent), np.int64)),
        is_kept=np.append(made.is_kept, nothing),
        is_pinned=np.append(made.is_pinned, nothing),
        room=np.minimum(np.bincount(helper, minlength=made.room.size), made.room + missing),
        most=np.maximum(made.need, np.bincount(made.child[made.is_pinned], minlength=made.need.size)),
    )


def _counted(made: Grid, wide: Grid, bent: dict) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """What each pair and each place counts as a rule given way, and how mild it is beside others."""
    given = np.append(np.zeros(made.child.size, np.int64), np.ones(len(bent), np.int64))
    mild = np.zeros(wide.child.size, np.int64)
    for at, ((child, helper), kind) in enumerate(bent.items(), made.child.size):
        near = made.children[child].places.get("grade") in made.helpers[helper].roles
        mild[at] = 2 * matching_way.COST[kind] - (kind == "place" and near)
    return given, mild, made.room


def _named(made: Grid, wide: Grid, bent: dict, found: tuple[np.ndarray, dict]) -> list[GiveWay]:
    (more, facts), problem = found, made.problem
    kinds = list(bent.items())
    ways = []
    for at in np.flatnonzero(more[made.child.size :]).tolist():
        (child, helper), kind = kinds[at]
        one = made.children[child]
        ways.append(matching_way.pair(problem, one, made.helpers[helper], kind, facts[child]))
    counts = np.bincount(wide.helper[more], minlength=made.room.size)
    for helper in np.flatnonzero(counts > made.room).tolist():
        taken = wide.child[more & (wide.helper == helper)].tolist()
        fact = next((facts[child] for child in taken if child in facts), "别的老师要有人接手")
        ways.append(matching_way.cap(problem, made.helpers[helper], int(counts[helper] - made.room[helper]), fact))
    got = Counter(wide.child[more].tolist())
    for child in (at for at in facts if got[at] < made.need[at]):
        ways.append(matching_way.nobody(problem, made.children[child], facts[child]))
    return ways


def short(made: Grid, pairs: tuple) -> list[GiveWay]:
    """This function will name what the search could not bring together, and minimums a refusing plan insists on."""
    problem = made.problem
    held, counts = teams(problem, pairs), Counter(helper for _, helper in pairs)
    ways = [
        matching_way.group(problem, child)
        for child in made.children
        if not is_whole(problem, child, held[child.id])
    ]
    if problem.rule.short == "refuse":
        missing = [(helper, helper.least - helper.taken - counts[helper.id]) for helper in made.helpers]
        ways += [matching_way.floor(problem, helper, by) for helper, by in missing if by > 0]
    return ways
