"""How many could be paired at all, and whether an answer is the best: own searches, nothing of the solver's.

In: a problem, or arcs as arrays. Out: the most children who can be paired (augmenting paths; scipy's HiGHS where a
child needs several helpers), and a certificate: no exchange of children along any cycle makes any level better.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np

from bangfu.bench.pair_check import may, needed, room
from bangfu.bench.pair_county import County
from bangfu.engine.matching import Problem

LEVELS = ("left_out", "below_minimum", "changed", "uneven", "unfit")
FAR = np.int64(1) << 60


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """One school in numbers: who may take whom, places, and whom each child had (-1 for none).

    `even` says whether an even load is asked for, before fit.
    """

    child: np.ndarray
    helper: np.ndarray
    fit: np.ndarray
    former: np.ndarray
    least: np.ndarray
    most: np.ndarray
    taken: np.ndarray
    pinned: np.ndarray  # children whom people gave somebody: never left out for others
    even: bool = True


def plain_of(problem: Problem, also: frozenset = frozenset()) -> Plain:
    """This function will write a problem with one helper a child as numbers; pins leave a child one arc.

    `also` are pairs to be allowed whatever stands against them.
    """
    at = {helper.id: n for n, helper in enumerate(problem.helpers)}
    pinned = dict(problem.pins)
    arcs = [
        (n, at[helper.id])
        for n, child in enumerate(problem.children)
        for helper in problem.helpers
        if (
            pinned[child.id] == helper.id
            if child.id in pinned
            else (child.id, helper.id) in also or may(problem.rule, child, helper)
        )
    ]
    child, helper = (np.array(one, int) for one in (zip(*arcs, strict=True) if arcs else ((), ())))
    return Plain(
        child,
        helper,
        np.zeros(len(arcs), int),
        np.array([at.get(one.former_helper, -1) for one in problem.children], int),
        np.array([one.least for one in problem.helpers], int),
        np.array([room(problem, one) + one.taken for one in problem.helpers], int),
        np.array([one.taken for one in problem.helpers], int),
        np.array([one.id in pinned for one in problem.children], bool),
    )


def plain_school(school: County) -> Plain:
    """This function will take a school of the county, or all of it, as it is; nobody asks there for an even load."""
    return Plain(
        school.child,
        school.helper,
        school.fit,
        school.former,
        school.least,
        school.most,
        taken=np.zeros(len(school.most), int),
        pinned=np.zeros(len(school.former), bool),
        even=False,
    )


def chosen_of(problem: Problem, pairs: Iterable[tuple[Hashable, Hashable]]) -> np.ndarray:
    """This function will write pairs as the helper of each child, -1 for none."""
    at = {helper.id: n for n, helper in enumerate(problem.helpers)}
    held = {child: at[helper] for child, helper in pairs}
    return np.array([held.get(child.id, -1) for child in problem.children], int)


def most_pairable(problem: Problem, also: frozenset = frozenset()) -> int:
    """This function will count the children who can be paired at once, when nothing else is asked."""
    rule = problem.rule
    whole = "a_local_in_each_group" in rule.hard or rule.seats or problem.at_most or rule.short == "refuse"
    if whole or any(needed(problem, child) > 1 for child in problem.children):
        return _by_milp(problem, also)
    return int((augmented(plain_of(problem, also)) >= 0).sum())


def augmented(plain: Plain) -> np.ndarray:
    """This function will pair as many as possible by augmenting paths, breadth first; {child: helper}, -1 for none."""
    near: list[list[int]] = [[] for _ in plain.former]
    for child, helper in zip(plain.child.tolist(), plain.helper.tolist(), strict=True):
        near[child].append(helper)
    free, held = (plain.most - plain.taken).tolist(), [set() for _ in plain.most]
    chosen = [-1] * len(near)
    for start in np.argsort(~plain.pinned, kind="stable").tolist():  # who is in stays in: the pinned first
        came, queue, end = {}, [start], None
        while queue and end is None:
            child = queue.pop(0)
            for helper in near[child]:
                if helper in came:
                    continue
                came[helper] = child
                if free[helper] > 0:
                    end = helper
                    break
                queue += held[helper]
        if end is None:
            continue
        free[end] -= 1
        while end is not None:
            child, before = came[end], chosen[came[end]]
            chosen[child] = end
            held[end].add(child)
            if before >= 0:
                held[before].discard(child)
            end = before if before >= 0 else None
    return np.array(chosen, int)


def _by_milp(problem: Problem, also: frozenset) -> int:
    """Count by integer programming where a child needs several: x pairs, y children who have enough, z floors kept."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows, limits, arcs = _rows(problem, also)
    children, helpers = len(problem.children), len(problem.helpers)
    size = len(arcs) + children + helpers
    if not arcs:
        return 0
    matrix = np.zeros((len(rows), size))
    for at, row in enumerate(rows):
        for column, weight in row:
            matrix[at, column] += weight
    low, high = np.array(limits, float).T
    goal = np.zeros(size)
    goal[len(arcs) : len(arcs) + children] = -1
    found = milp(
        goal,
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.ones(size),
        bounds=Bounds(0, 1),
        options={"presolve": False},  # HiGHS's presolve called 7 of 8 the most in random_school(347)
    )
    if not found.success:
        raise AssertionError(f"HiGHS found no answer: {found.message}")
    return round(-found.fun)


def _rows(problem: Problem, also: frozenset) -> tuple[list, list, list]:
    """Every constraint as [(column, weight)], lower and upper limit."""
    rule, pinned = problem.rule, problem.pins
    arcs = [
        (c, h)
        for c, child in enumerate(problem.children)
        for h, helper in enumerate(problem.helpers)
        if (child.id, helper.id) in pinned | also or may(rule, child, helper)
    ]
    rows, limits, none = [], [], float("inf")
    for c, child in enumerate(problem.children):
        own, enough = [n for n, arc in enumerate(arcs) if arc[0] == c], len(arcs) + c
        need = needed(problem, child)
        most = max(need, rule.per_case.max)
        rows += [[*((n, 1) for n in own), (enough, -need)], [*((n, 1) for n in own), (enough, -most)]]
        limits += [(0, none), (-none, 0)]
        if "a_local_in_each_group" in rule.hard:
            rows.append([*((n, 1) for n in own if problem.helpers[arcs[n][1]].local), (enough, -1)])
            limits.append((0, none))
        for seat in rule.seats:
            sits = [(n, 1) for n in own if _sits(seat.role, problem.helpers[arcs[n][1]])]
            rows += [[*sits, (enough, -seat.count.min)], [*sits, (enough, -seat.count.max)]]
            limits += [(0, none), (-none, 0)]
    for h, helper in enumerate(problem.helpers):
        own, kept = [n for n, arc in enumerate(arcs) if arc[1] == h], len(arcs) + len(problem.children) + h
        rows.append([(n, 1) for n in own])
        limits.append((0, room(problem, helper)))
        if rule.short == "refuse":
            rows += [
                [*((n, 1) for n in own), (kept, -rule.per_helper.min)],
                *([(n, 1), (kept, -1)] for n in own),
            ]
            limits += [(-helper.taken if helper.taken else 0, none), *[(-none, 0)] * len(own)]
        for category, most in problem.at_most.items():
            rows.append([(n, 1) for n in own if problem.children[arcs[n][0]].category == category])
            limits.append((0, most))
    rows += [
        [(n, 1)] for n, (c, h) in enumerate(arcs) if (problem.children[c].id, problem.helpers[h].id) in pinned
    ]
    limits += [(1, 1)] * (len(rows) - len(limits))
    return rows, limits, arcs


def _sits(role: str, helper: object) -> bool:
    return any(role in roles for roles in helper.roles.values())


def levels(plain: Plain, chosen: np.ndarray) -> dict[str, int]:
    """This function will measure one answer: the same five figures for every engine.

    Changed counts children who had somebody and now have somebody else or nobody; uneven counts, for every helper,
    the pairs of children who share it, which is least where the load is even; unfit sums the fit of the arcs taken.
    """
    load = np.bincount(chosen[chosen >= 0], minlength=len(plain.most)) + plain.taken
    cost = {
        (c, h): f
        for c, h, f in zip(plain.child.tolist(), plain.helper.tolist(), plain.fit.tolist(), strict=True)
    }
    return {
        "left_out": int((chosen < 0).sum()),
        "below_minimum": int(np.maximum(plain.least - load, 0).sum()),
        "changed": int(((plain.former >= 0) & (chosen != plain.former)).sum()),
        "uneven": int((load * (load - 1) // 2).sum()),
        "unfit": int(sum(cost[c, h] for c, h in enumerate(chosen.tolist()) if h >= 0)),
    }


def certified(plain: Plain, chosen: np.ndarray, down_to: str) -> bool:
    """This function will say whether no exchange makes any level down to the named one better: then it is the best.

    The costs are convex, so an answer is optimal exactly when its residual graph has no negative cycle. Nodes are the
    helpers, one for “nobody” and one for free places; an edge is the cheapest child that can move.
    """
    price = _prices(plain, down_to)
    helpers = len(plain.most)
    nobody, places = helpers, helpers + 1
    edge = np.full((helpers + 2, helpers + 2), FAR)
    arc_cost = plain.fit * price["unfit"] - price["changed"] * (plain.former[plain.child] == plain.helper)
    now = np.full(len(chosen), price["left_out"])
    taken = plain.helper == chosen[plain.child]
    now[plain.child[taken]] = arc_cost[taken]
    at = np.where(chosen < 0, nobody, chosen)
    np.minimum.at(edge, (at[plain.child], plain.helper), arc_cost - now[plain.child])
    free = ~plain.pinned
    np.minimum.at(edge, (at[free], np.full(free.sum(), nobody)), price["left_out"] - now[free])
    load = np.bincount(chosen[chosen >= 0], minlength=helpers) + plain.taken
    spare, some = load < plain.most, load > plain.taken
    edge[:helpers, places][spare] = (price["uneven"] * load - price["below_minimum"] * (load < plain.least))[
        spare
    ]
    last = load - 1
    edge[places, :helpers][some] = (price["below_minimum"] * (last < plain.least) - price["uneven"] * last)[
        some
    ]
    edge[nobody, places] = edge[places, nobody] = 0
    np.fill_diagonal(edge, 0)
    return not _has_negative_cycle(edge)


def _prices(plain: Plain, down_to: str) -> dict[str, int]:
    """Each level dearer than anything a cycle can do to all later ones; levels past the named one cost nothing."""
    helpers, fit = len(plain.most) + 2, int(plain.fit.max(initial=0)) + 1
    price, worth = {}, 1
    reach = {"unfit": 2 * fit * helpers, "uneven": 4 * int(plain.most.max(initial=1)), "changed": 4 * helpers}
    asked = [level for level in LEVELS[: LEVELS.index(down_to) + 1] if plain.even or level != "uneven"]
    for level in reversed(LEVELS):
        price[level] = worth if level in asked else 0
        if level in asked:
            worth *= reach.get(level, 4) + 1
    if worth > FAR // (4 * helpers):
        raise OverflowError("the prices of this school do not fit into 64 bits")
    return price


def _has_negative_cycle(edge: np.ndarray) -> bool:
    far = np.zeros(len(edge), np.int64)
    for _ in range(len(edge) + 1):
        nearer = np.minimum(far, (far[:, None] + edge).min(axis=0))
        if (nearer == far).all():
            return False
        far = nearer
    return True
