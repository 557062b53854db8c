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
from bangfu.flow.solve_search import Model

GIVEN = 1_000  # one rule given way, beside how mild it is


def relax(made: Grid, chosen: np.ndarray, seconds: float) -> list[GiveWay]:
    """This function will name the smallest set of rules to relax, given the best that can be had without."""
    problem, pairs = made.problem, made.pairs(chosen)
    squeezes = matching_way.squeezes(problem, pairs)
    place = {child.id: at for at, child in enumerate(made.children)}
    facts = {place[child.id]: squeeze.sentence for squeeze in squeezes for child in squeeze.children}
    if not facts:
        return []
    bent = matching_way.bends(problem, sorted(facts))
    wide = _widened(made, bent)
    if "a_local_in_each_group" in problem.rule.hard or problem.rule.seats:
        more = _whole(made, wide, _counted(made, wide, bent), seconds)
        return [] if more is None else _named(made, wide, bent, (more, facts))
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
    for child, one in enumerate(made.children):
        if got[child] < made.need[child]:
            alone = child in facts and not (wide.child == child).any()
            ways.append(
                matching_way.nobody(problem, one, facts[child]) if alone else matching_way.group(problem, one)
            )
    return ways


def _whole(made: Grid, wide: Grid, counted: tuple, seconds: float) -> np.ndarray | None:
    """The same where a team has to come together, a local child or each seat in it: exact, by CP-SAT, not by a flow."""
    from ortools.sat.python import cp_model

    (given, mild, room), asked = counted, Model(wide)
    model, steps = asked.model, []
    for helper, mine in asked.of_helper.items():
        more = model.new_int_var(0, max(0, len(mine) - int(room[helper])), "")
        model.add(more >= sum(asked.switch[at] for at in mine) - int(room[helper]))
        most = model.new_int_var(0, max(0, len(mine) - int(room[helper])), "")
        model.add(most >= more - 1)  # two places from one adult are less mild than one from each of two
        steps.append(GIVEN * more + most)
    steps += [(GIVEN * int(given[at]) + int(mild[at])) * one for at, one in asked.switch.items()]
    left = len(asked.served) - sum(asked.served)
    model.minimize(GIVEN * GIVEN * left + sum(steps))
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = 1
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = max(0.1, seconds)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([solver.boolean_value(asked.switch[at]) for at in range(wide.child.size)], bool)


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
