"""The one place that wraps OR-Tools: a problem in, the best pairs with their proof out, or what would have to give way.

The aims stand in the plan's own order (engine/matching_price). OR-Tools is loaded lazily: most pages never need it.
"""

from time import monotonic

from bangfu.engine import matching_fit, matching_price
from bangfu.engine.matching import Answer, GiveWay, Level, Problem


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
