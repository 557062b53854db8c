"""Whether pairs are the best, seen without the solver: no cycle of exchanges makes any aim better. And what is forced.

Plain arithmetic over the pairs, written apart from flow/solve so that one can hold the other to account.
"""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from bangfu.engine.bond import Pair
from bangfu.engine.matching_fit import Offer, offers
from bangfu.engine.matching_price import aims
from bangfu.engine.matching_problem import Problem

OUT = ("out",)
Arcs = list[tuple[Hashable, Hashable, tuple[int, ...]]]


@dataclass(frozen=True, slots=True)
class Forced:
    """Changes nobody can avoid: pairs whose helper may not go on, and pairs beyond a helper's places."""

    gone: tuple[Pair, ...]
    crowded: tuple[tuple[Hashable, int], ...]

    @property
    def count(self) -> int:
        """This property will say how many pairs have to change at least."""
        return len(self.gone) + sum(by for _, by in self.crowded)


def forced(problem: Problem) -> Forced:
    """This function will count the changes that no arrangement at all can avoid: a lower bound with its reason."""
    place = {helper.id: at for at, helper in enumerate(problem.helpers)}
    gone, held = [], {}
    for child, offer in zip(problem.children, offers(problem), strict=True):
        for one in sorted(problem.formers(child), key=str):
            if place.get(one) in offer:
                held.setdefault(one, []).append(child.id)
            else:
                gone.append((child.id, one))
    rooms = {helper.id: problem.room(helper) for helper in problem.helpers}
    crowded = [(one, len(some) - rooms[one]) for one, some in held.items() if len(some) > rooms[one]]
    return Forced(tuple(gone), tuple(crowded))


def improving_cycle(problem: Problem, pairs: Iterable[Pair]) -> tuple[Hashable, ...]:
    """This function will find an exchange that makes the first aim it touches better; () proves there is none.

    For what a flow can say: one weight for all; families, seats and all-or-nothing are not looked at.
    """
    arcs = _arcs(problem, set(pairs))
    nodes = sorted({node for arc in arcs for node in arc[:2]}, key=str)
    zero = (0,) * len(_flow_aims(problem))
    cost, came = dict.fromkeys(nodes, zero), {}
    last = None
    for _ in range(len(nodes) + 1):
        last = None
        for tail, head, step in arcs:
            new = tuple(a + b for a, b in zip(cost[tail], step, strict=True))
            if new < cost[head]:
                cost[head], came[head], last = new, tail, head
        if last is None:
            return ()
    for _ in nodes:
        last = came[last]
    cycle = [last]
    while came[cycle[-1]] != last:
        cycle.append(came[cycle[-1]])
    return tuple(reversed(cycle))


def _flow_aims(problem: Problem) -> tuple[str, ...]:
    return tuple(aim for aim in aims(problem) if aim != "apart")


def _arcs(problem: Problem, pairs: set[Pair]) -> Arcs:
    """What one more or one less of anything would cost, aim by aim, in the order of the aims."""
    order, found = _flow_aims(problem), []

    def cost(**some: int) -> tuple[int, ...]:
        return tuple(some.get(aim, 0) for aim in order)

    counts = dict.fromkeys((helper.id for helper in problem.helpers), 0)
    kinds: dict[tuple, int] = {}
    for child, offer in zip(problem.children, offers(problem), strict=True):
        mine = _pair_arcs(problem, (child, offer), pairs, cost)
        found += mine[0]
        for helper in mine[1]:
            counts[helper] += 1
            if child.category in problem.at_most:
                kinds[child.category, helper] = kinds.get((child.category, helper), 0) + 1
        found += _child_arcs(problem, child, len(mine[1]), cost)
    for helper in problem.helpers:
        found += _helper_arcs(problem, helper, counts[helper.id], cost)
        for kind, most in problem.at_most.items():
            node, used = ("kind", kind, helper.id), kinds.get((kind, helper.id), 0)
            found += [(node, ("helper", helper.id), cost())] if used < most else []
            found += [(("helper", helper.id), node, cost())] if used else []
    return found


def _pair_arcs(problem: Problem, asked: tuple, pairs: set[Pair], cost) -> tuple[Arcs, list]:
    child, offer = asked
    found, mine = [], []
    offer: Offer = dict(offer)
    for at, helper in enumerate(problem.helpers):
        pair = (child.id, helper.id)
        if pair in pairs:
            mine.append(helper.id)
        if at not in offer or pair in problem.pins:
            continue
        node = ("kind", child.category, helper.id) if child.category in problem.at_most else ("helper", helper.id)
        sign = -1 if pair in pairs else 1
        step = cost(unfit=sign * offer[at], changed=-sign * (helper.id in problem.formers(child)))
        here = ("child", child.id)
        found.append((node, here, step) if pair in pairs else (here, node, step))
    return found, mine


def _child_arcs(problem: Problem, child, held: int, cost) -> Arcs:
    here, need, found = ("child", child.id), problem.need(child), []
    if held < need:
        found.append((OUT, here, cost(left_out=-1)))
    elif held < problem.most(child):
        found.append((OUT, here, cost()))
    if held:
        found.append((here, OUT, cost(left_out=1 if held <= need else 0)))
    return found


def _helper_arcs(problem: Problem, helper, held: int, cost) -> Arcs:
    timed = any(child.minutes for child in problem.children)
    step = problem.children[0].minutes if timed else 1
    base = helper.minutes if timed else helper.taken

    def marginal(nth: int) -> tuple[int, ...]:
        before, after = base + (nth - 1) * step, base + nth * step
        cap = helper.cap_minutes if timed and helper.cap_minutes else after
        return cost(
            below_minimum=-(helper.taken + nth <= helper.least),
            overtime=max(0, after - cap) - max(0, before - cap),
            uneven=after * after - before * before,
        )

    here = ("helper", helper.id)
    found = [(here, OUT, marginal(held + 1))] if held < problem.room(helper) else []
    return found + ([(OUT, here, tuple(-one for one in marginal(held)))] if held else [])
