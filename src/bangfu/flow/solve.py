"""The one place that wraps OR-Tools: children, allowed pairs with costs, seats per helper in; the best assignment out.

Lexicographic by weight: nobody left over, then each helper's minimum, then even load, then fit. Loaded lazily,
because the import takes a moment and most pages never need it.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from bangfu.engine import matching_fit, matching_price
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
    """This function will give the best pairs with reasons and proof; never raises for infeasible, never hangs.

    A flow answers what a flow can say; only when its answer leaves something open, the search goes on from there.
    """
    from bangfu.flow import solve_flow

    until = monotonic() + seconds
    made = solve_flow.grid(problem)
    chosen = solve_flow.solve(made)
    pairs = made.pairs(chosen)
    values = matching_price.price(problem, pairs)
    how, bounds = "flow", values
    if not _is_said_by_flow(made, chosen, values):
        from bangfu.flow import solve_search

        found = solve_search.search(made, chosen, until - monotonic())
        how, pairs, values, bounds = "search", made.pairs(found.chosen), found.values, found.bounds
    return _answer(problem, pairs, how, tuple(Level(aim, values[aim], bounds[aim]) for aim in values))


def _is_said_by_flow(made, chosen, values: dict[str, int]) -> bool:
    """Everybody has all or nothing, families are together, minutes are equal: nothing better is left to look for."""
    problem, pairs = made.problem, made.pairs(chosen)
    left = set(matching_price.left_out(problem, pairs))
    rule = problem.rule
    return (
        made.is_even_weight
        and not values.get("apart")
        and not any(pair[0] in left and pair not in problem.pins for pair in pairs)
        and (not left or len(set(made.need.tolist())) == 1)
        and (not left or not (rule.seats or "a_local_in_each_group" in rule.hard))
    )


def _answer(problem: Problem, pairs: tuple, how: str, levels: tuple[Level, ...]) -> Answer:
    children, helpers = {c.id: c for c in problem.children}, {h.id: h for h in problem.helpers}
    gap = next((round((one.value - one.bound) / one.value, 4) for one in levels if one.value > one.bound), 0.0)
    return Answer(
        pairs=pairs,
        left_out=matching_price.left_out(problem, pairs),
        levels=levels,
        how=how,
        is_proven=all(one.value == one.bound for one in levels),
        gap=gap,
        reasons={pair: matching_fit.reason(problem, children[pair[0]], helpers[pair[1]]) for pair in pairs},
    )


def county(asked):
    """This function will pair a whole county from arrays: see solve_county.County for the shapes."""
    from bangfu.flow import solve_county

    return solve_county.county(asked)


def give_way(problem: Problem, *, seconds: float = 5.0) -> tuple[GiveWay, ...]:
    """This function will name the smallest set of rules to relax; () when everybody can be paired."""
    from bangfu.flow import solve_flow, solve_relax

    made = solve_flow.grid(problem)
    chosen = solve_flow.solve(made)
    ways = solve_relax.relax(made, chosen, seconds / 2)
    if not ways:
        answer = best(problem, seconds=seconds / 2)
        ways = solve_relax.short(made, answer.pairs)
    return tuple(ways)
