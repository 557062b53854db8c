"""A pairing problem as numbers, and the pairs a min-cost flow finds: every aim exact in one run, the weightiest first.

An aim's weight needs to outgrow only what one cycle of exchanges can change below it, not all sums: so the numbers
stay small and the order is still exact (ADR 0016). Marginal loads are replaced by their order for the same reason.
"""

from dataclasses import dataclass, replace

import numpy as np

from bangfu.engine import matching_fit, matching_price
from bangfu.engine.matching import Problem

LIMIT = 1 << 61  # OR-Tools multiplies costs by the number of nodes


@dataclass(frozen=True, slots=True)
class Grid:
    """A problem in arrays: one entry a child, a helper, an allowed pair (in the order of their ids, as text)."""

    problem: Problem
    children: tuple
    helpers: tuple
    child: np.ndarray  # of each allowed pair
    helper: np.ndarray
    unfit: np.ndarray
    is_kept: np.ndarray  # who had whom
    is_pinned: np.ndarray
    need: np.ndarray  # of each child
    most: np.ndarray
    weight: np.ndarray  # minutes a week, or one each
    least: np.ndarray  # of each helper, beyond those it has
    room: np.ndarray
    base: np.ndarray  # minutes or children it has
    cap: np.ndarray

    def pairs(self, chosen: np.ndarray) -> tuple:
        """This function will name the chosen pairs."""
        return tuple(
            (self.children[c].id, self.helpers[h].id)
            for c, h in zip(self.child[chosen].tolist(), self.helper[chosen].tolist(), strict=True)
        )

    def part(self, some: np.ndarray) -> "Grid":
        """This function will leave only some of the pairs."""
        arrays = ("child", "helper", "unfit", "is_kept", "is_pinned")
        return replace(self, **{name: getattr(self, name)[some] for name in arrays})

    @property
    def is_even_weight(self) -> bool:
        return self.weight.size == 0 or int(self.weight.min()) == int(self.weight.max())


def grid(problem: Problem) -> Grid:
    """This function will write a problem as arrays; what people pinned is allowed whatever stands against it."""
    helpers = tuple(sorted(problem.helpers, key=lambda helper: str(helper.id)))
    order = sorted(range(len(problem.children)), key=lambda at: str(problem.children[at].id))
    children = tuple(problem.children[at] for at in order)
    sorted_problem = _sorted(problem, children, helpers)
    offers, wishes = matching_fit.offers(sorted_problem), matching_fit.weights(problem.rule)
    place = {helper.id: at for at, helper in enumerate(helpers)}
    pinned = _pinned(problem, children, place)
    for at, held in pinned.items():
        for one in held - offers[at].keys():
            offers[at][one] = matching_fit.unfit(wishes, children[at], helpers[one])
    count = np.array([len(offer) for offer in offers], np.int64)
    child = np.repeat(np.arange(len(children)), count)
    helper = np.fromiter((one for offer in offers for one in offer), np.int64, int(count.sum()))
    unfit = np.fromiter((one for offer in offers for one in offer.values()), np.int64, int(count.sum()))
    kept = [(at, place[one]) for at, c in enumerate(children) for one in problem.formers(c) if one in place]
    marks = child * max(1, len(helpers)) + helper
    timed = any(one.minutes for one in children)
    room = np.array([problem.room(one) for one in helpers], np.int64)
    held = np.bincount([one for some in pinned.values() for one in some], minlength=len(helpers)).astype(np.int64)
    need = np.array([problem.need(one) for one in children], np.int64)
    pins = np.array([len(pinned.get(at, ())) for at in range(len(children))], np.int64)
    return Grid(
        sorted_problem, children, helpers, child, helper, unfit,
        _marked(marks, kept, len(helpers)),
        _marked(marks, [(at, one) for at, some in pinned.items() for one in some], len(helpers)),
        need,
        np.maximum(np.array([problem.most(one) for one in children], np.int64), pins),
        np.array([one.minutes if timed else 1 for one in children], np.int64),
        np.array([max(0, one.least - one.taken) for one in helpers], np.int64),
        np.maximum(room, held),
        np.array([one.minutes if timed else one.taken for one in helpers], np.int64),
        np.array([one.cap_minutes if timed else 0 for one in helpers], np.int64),
    )  # fmt: skip


def _sorted(problem: Problem, children: tuple, helpers: tuple) -> Problem:
    return Problem(problem.rule, children, helpers, problem.pins, problem.words, problem.at_most)


def _pinned(problem: Problem, children: tuple, place: dict) -> dict[int, set]:
    at_child = {child.id: at for at, child in enumerate(children)}
    found: dict[int, set] = {}
    for child, helper in problem.pins:
        if child in at_child and helper in place:
            found.setdefault(at_child[child], set()).add(place[helper])
    return found


def _marked(marks: np.ndarray, pairs: list, wide: int) -> np.ndarray:
    return np.isin(marks, np.array([at * wide + one for at, one in pairs], np.int64))


@dataclass(frozen=True, slots=True)
class _Net:
    """The arcs of a network: from, to, capacity; and for each aim its cost on every arc."""

    tail: np.ndarray
    head: np.ndarray
    size: np.ndarray
    costs: dict[str, np.ndarray]
    nodes: int


def solve(made: Grid, missing: int | None = None, together: np.ndarray | None = None) -> np.ndarray:
    """This function will choose pairs (a mask): least missing places, then the plan's aims in their order.

    What a flow cannot say is left aside: siblings, unequal minutes, all or nothing. With `missing` that many places
    may stay empty at no cost, for a bound on the other aims; `together` are pairs wanted for a family's sake.
    """
    if not made.child.size:
        return np.zeros(0, bool)
    net = _network(made, missing)
    if together is not None:
        net.costs["apart"][: made.child.size] = -together.astype(np.int64)
    weights = _weights(made, net)
    return _run(made, net, weights)[: made.child.size] > 0


def least(made: Grid, given: np.ndarray, mild: np.ndarray, room: np.ndarray) -> np.ndarray:
    """This function will pair everybody with as few given pairs and places beyond `room` as can be, the mildest."""
    if not made.child.size:
        return np.zeros(0, bool)
    net = _network(made, None)
    seat, nth = _seats(made)
    seats = slice(made.child.size + len(made.children) + 1, made.child.size + len(made.children) + 1 + seat.size)
    costs = {aim: np.zeros(net.tail.size, np.int64) for aim in ("given", "mild")}
    costs["given"][: made.child.size], costs["mild"][: made.child.size] = given, mild
    costs["given"][seats], costs["mild"][seats] = nth > room[seat], np.maximum(0, nth - room[seat])
    net = replace(net, costs={"pinned": net.costs["pinned"], "left_out": net.costs["left_out"], **costs})
    return _run(made, net, _weights(made, net))[: made.child.size] > 0


def _network(made: Grid, missing: int | None) -> _Net:
    n, m = len(made.children), len(made.helpers)
    sink, source, spare = n + m, n + m + 1, n + m + 2
    extra = made.most - made.need
    kinds, through, limits = _kinds(made, n + m + 3)
    seat, nth = _seats(made)
    parts = [
        (made.child, np.where(through >= 0, through, n + made.helper), np.ones(made.child.size, np.int64)),
        (np.arange(n), np.full(n, spare), made.need),
        (np.array([spare]), np.array([sink]), np.array([made.need.sum() if missing is None else missing])),
        (n + seat, np.full(seat.size, sink), np.ones(seat.size, np.int64)),
        (np.full(n, source), np.arange(n), np.maximum(extra, 0)),
        (np.array([source]), np.array([sink]), np.array([max(0, int(extra.sum()))])),
        (np.array([k for k, _ in kinds], np.int64), np.array([n + h for _, h in kinds], np.int64), limits),
    ]
    tail, head, size = (np.concatenate([part[at] for part in parts]).astype(np.int64) for at in range(3))
    first_seat = made.child.size + n + 1
    costs = {aim: np.zeros(tail.size, np.int64) for aim in ("pinned", *matching_price.aims(made.problem))}
    costs["pinned"][: made.child.size] = -made.is_pinned.astype(np.int64)
    costs["changed"][: made.child.size] = -made.is_kept.astype(np.int64)
    costs["unfit"][: made.child.size] = made.unfit
    costs["left_out"][made.child.size : made.child.size + n] = 0 if missing is not None else 1
    seats = slice(first_seat, first_seat + seat.size)
    costs["below_minimum"][seats] = -(nth <= made.least[seat]).astype(np.int64)
    step = max(1, round(float(made.weight.mean())))
    before = made.base[seat] + (nth - 1) * step
    costs["uneven"][seats] = _order(step * (2 * before + step)) + 1
    if missing is not None and not made.is_even_weight:  # minutes are bounded apart
        costs["uneven"][seats] = 0
    elif "overtime" in costs:
        over = np.maximum(0, before + step - made.cap[seat]) - np.maximum(0, before - made.cap[seat])
        costs["overtime"][seats] = _order(np.where(made.cap[seat] > 0, over, 0))
    return _Net(tail, head, size, costs, int(max(spare, head.max(), tail.max())) + 1)


def _kinds(made: Grid, first: int) -> tuple[list, np.ndarray, np.ndarray]:
    """A node between child and helper for each kind of which a helper may have only so many."""
    through = np.full(made.child.size, -1, np.int64)
    counted = list(made.problem.at_most)
    if not counted:
        return [], through, np.zeros(0, np.int64)
    of_child = np.array([counted.index(c.category) if c.category in counted else -1 for c in made.children])
    kind, wide = of_child[made.child], len(made.helpers)
    some = np.flatnonzero(kind >= 0)
    marks, at = np.unique(kind[some] * wide + made.helper[some], return_inverse=True)
    through[some] = first + at
    pinned = np.bincount(at, made.is_pinned[some], minlength=marks.size).astype(np.int64)
    limits = np.maximum(np.array([made.problem.at_most[one] for one in counted], np.int64)[marks // wide], pinned)
    return list(zip(range(first, first + marks.size), (marks % wide).tolist(), strict=True)), through, limits


def _seats(made: Grid) -> tuple[np.ndarray, np.ndarray]:
    """Each free place of each helper: whose it is, and which one it is (1, 2, …)."""
    room = np.minimum(made.room, np.bincount(made.helper, minlength=len(made.helpers)))
    seat = np.repeat(np.arange(room.size), room)
    return seat, np.arange(seat.size) - np.repeat(np.cumsum(room) - room, room) + 1


def _order(marginal: np.ndarray) -> np.ndarray:
    """The place of each value among the different values, 0 for the least (and for nothing)."""
    return np.unique(np.append(marginal, 0), return_inverse=True)[1][:-1]


def _weights(made: Grid, net: _Net) -> np.ndarray:
    """One cost per arc in which each aim outweighs what a cycle of exchanges can change in all lesser aims."""
    on_cycle = 2 * min(len(made.children), len(made.helpers)) + 2
    along_pairs = {"pinned", "changed", "apart", "unfit", "given", "mild"}
    total, below, weight = np.zeros(net.tail.size, np.int64), 0, 1
    for aim in reversed(net.costs):
        cost = net.costs[aim]
        worst = int(np.abs(cost).max(initial=0))
        if worst and (below + weight * worst * on_cycle) * net.nodes > LIMIT and aim == "unfit":
            cost = cost * 15 // worst
            worst = 15
        if worst:
            total = total + weight * cost
            below += weight * worst * (on_cycle if aim in along_pairs else 2)
            weight = below + 1
    return total


def _run(made: Grid, net: _Net, cost: np.ndarray) -> np.ndarray:
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    arcs = flow.add_arcs_with_capacity_and_unit_cost(net.tail, net.head, net.size, cost)
    n, m = len(made.children), len(made.helpers)
    extra = max(0, int((made.most - made.need).sum()))
    flow.set_nodes_supplies(np.arange(n), made.need)
    flow.set_nodes_supplies(np.array([n + m, n + m + 1]), np.array([-int(made.need.sum()) - extra, extra]))
    if flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow has no optimum, which its spare arcs rule out")
    return flow.flows(arcs)
