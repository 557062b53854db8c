"""What a flow cannot say, by CP-SAT: unequal minutes, families together, two adults or nobody, a local child, seats.

Level by level in the plan's order, each held while the next is improved; a flow gives the first guess and lower
bounds, so most levels are proven without a search. Out of time: the best found so far, with its gap.
"""

from dataclasses import dataclass
from time import monotonic

import numpy as np

from bangfu.engine import matching_price
from bangfu.flow.solve_bound import Bounds
from bangfu.flow.solve_flow import Grid

CANDIDATES = 12  # of each child, where a whole large school could take it
LARGE = 20_000  # pairs
SURE = 0.000_1


@dataclass(frozen=True, slots=True)
class Found:
    """Chosen pairs as a mask over the grid, and each aim's value and proven lower bound."""

    chosen: np.ndarray
    values: dict[str, int]
    bounds: dict[str, int]


def search(made: Grid, first: np.ndarray, seconds: float) -> Found:
    """This function will improve a first guess level by level until each is proven or the time is over."""
    from ortools.sat.python import cp_model

    until, limits = monotonic() + seconds, Bounds(made)
    chosen = _allowed(made, first)
    values, bounds = matching_price.price(made.problem, made.pairs(chosen)), {}
    model, aims = None, matching_price.aims(made.problem)
    for at, aim in enumerate(aims):
        bound = limits.of(aim, values)
        left = until - monotonic()
        if values[aim] > bound and left > 0:
            if model is None:
                model = _Model(made, _considered(made, chosen), cp_model.CpModel())
                model.build()
                for earlier in aims[:at]:
                    model.hold(earlier, values[earlier])
            better, proven = model.minimise(aim, chosen, bound, left / min(2, len(aims) - at))
            bound = max(bound, proven)
            if better is not None:
                reached = matching_price.price(made.problem, made.pairs(better))
                if [reached[one] for one in aims] < [values[one] for one in aims]:
                    chosen, values = better, reached
            bound = max(bound, limits.of(aim, values))
        bounds[aim] = min(bound, values[aim])
        if model:
            model.hold(aim, values[aim])
    return Found(chosen, values, bounds)


def _allowed(made: Grid, first: np.ndarray) -> np.ndarray:
    """The first guess without the children who have a part only of what they must have."""
    held = matching_price.teams(made.problem, made.pairs(first))
    whole = [matching_price.is_whole(made.problem, child, held[child.id]) for child in made.children]
    return first & (np.array(whole, bool)[made.child] | made.is_pinned)


def _considered(made: Grid, first: np.ndarray) -> np.ndarray:
    """The pairs worth a variable: all, or in a large school the best fitting of each child and those it has."""
    if made.child.size <= LARGE:
        return np.ones(made.child.size, bool)
    spread = (made.helper * 7 + made.child * 13) % max(1, len(made.helpers))
    order = np.lexsort((spread, made.unfit, made.child))
    start = np.searchsorted(made.child[order], np.arange(len(made.children)))
    nth = np.arange(order.size) - start[made.child[order]]
    near = np.zeros(made.child.size, bool)
    near[order[nth < CANDIDATES]] = True
    return near | first | made.is_kept | made.is_pinned


class _Model:
    """The problem as CP-SAT takes it: one switch for each pair worth considering."""

    def __init__(self, made: Grid, considered: np.ndarray, model):
        self.made, self.model, self.at = made, model, np.flatnonzero(considered)
        self.switch = {int(at): model.new_bool_var("") for at in self.at}
        self.of_child: dict[int, list] = {at: [] for at in range(len(made.children))}
        self.of_helper: dict[int, list] = {at: [] for at in range(len(made.helpers))}
        for at in self.at.tolist():
            self.of_child[int(made.child[at])].append(at)
            self.of_helper[int(made.helper[at])].append(at)
        self.aims: dict[str, object] = {}

    def build(self) -> None:
        made = self.made
        served = [self.model.new_bool_var("") for _ in made.children]
        for at, one in enumerate(served):
            self._team(at, one)
        for at in range(len(made.helpers)):
            self._places(at)
        for at in np.flatnonzero(made.is_pinned).tolist():
            self.model.add(self.switch[at] == 1)
        gone = sum(len(made.problem.formers(child)) for child in made.children)
        kept = [self.switch[at] for at in np.flatnonzero(made.is_kept).tolist()]
        self.aims["left_out"] = len(served) - sum(served)
        self.aims["changed"] = gone - sum(kept)
        self.aims["below_minimum"] = self._short()
        self.aims["unfit"] = sum(int(made.unfit[at]) * self.switch[at] for at in self.at.tolist())
        self.aims["overtime"], self.aims["uneven"] = self._minutes()
        self.aims["apart"] = self._families()

    def _team(self, child: int, served) -> None:
        made, mine = self.made, self.of_child[child]
        free = [at for at in mine if not made.is_pinned[at]]
        count = sum(self.switch[at] for at in mine)
        self.model.add(count >= int(made.need[child]) * served)
        self.model.add(count <= int(made.most[child]))
        for at in free:
            self.model.add_implication(self.switch[at], served)
        rule, helpers = made.problem.rule, made.helpers
        if "a_local_in_each_group" in rule.hard:
            self.model.add(sum(self.switch[at] for at in mine if helpers[made.helper[at]].local) >= served)
        for seat in rule.seats:
            holds = [at for at in mine if any(seat.role in r for r in helpers[made.helper[at]].roles.values())]
            held = sum(self.switch[at] for at in holds)
            pinned = sum(bool(made.is_pinned[at]) for at in holds)
            self.model.add(held >= seat.count.min * served)
            self.model.add(held <= max(seat.count.max, pinned))

    def _places(self, helper: int) -> None:
        made, mine = self.made, self.of_helper[helper]
        self.model.add(sum(self.switch[at] for at in mine) <= int(made.room[helper]))
        for kind, most in made.problem.at_most.items():
            some = [at for at in mine if made.children[made.child[at]].category == kind]
            pinned = sum(bool(made.is_pinned[at]) for at in some)
            if len(some) > most:
                self.model.add(sum(self.switch[at] for at in some) <= max(most, pinned))

    def _short(self):
        below = []
        for at, least in enumerate(self.made.least.tolist()):
            if least:
                short = self.model.new_int_var(0, least, "")
                self.model.add(short >= least - sum(self.switch[one] for one in self.of_helper[at]))
                below.append(short)
        return sum(below)

    def _minutes(self):
        made, over, squares = self.made, [], []
        for at, base in enumerate(made.base.tolist()):
            mine = self.of_helper[at]
            most = base + sum(sorted(int(made.weight[made.child[one]]) for one in mine)[-int(made.room[at]) :] or [0])
            load = self.model.new_int_var(base, max(base, most), "")
            self.model.add(
                load == base + sum(int(made.weight[made.child[one]]) * self.switch[one] for one in mine)
            )
            square = self.model.new_int_var(base * base, max(base, most) ** 2, "")
            self.model.add_multiplication_equality(square, [load, load])
            squares.append(square)
            if made.cap[at]:
                more = self.model.new_int_var(0, max(0, most - int(made.cap[at])), "")
                self.model.add(more >= load - int(made.cap[at]))
                over.append(more)
        return sum(over), sum(squares)

    def _families(self):
        made, apart = self.made, []
        place = {child.id: at for at, child in enumerate(made.children)}
        for family in matching_price.families(made.problem):
            who = [place[one] for one in sorted(family, key=str)]
            by_helper: dict[int, list] = {}
            for at in (at for child in who for at in self.of_child[child]):
                by_helper.setdefault(int(made.helper[at]), []).append(self.switch[at])
            meets = []
            for some in by_helper.values():
                meets.append(some[0] if len(some) == 1 else self.model.new_bool_var(""))
                if len(some) > 1:
                    self.model.add_max_equality(meets[-1], some)
            more = self.model.new_int_var(0, max(0, len(meets)), "")
            self.model.add(more >= sum(meets) - 1)
            apart.append(more)
        return sum(apart)

    def minimise(self, aim: str, hint: np.ndarray, bound: int, seconds: float) -> tuple[np.ndarray | None, int]:
        from ortools.sat.python import cp_model

        self.model.clear_hints()
        for at, one in self.switch.items():
            self.model.add_hint(one, bool(hint[at]))
        if isinstance(self.aims[aim], int):
            return None, self.aims[aim]
        self.model.add(self.aims[aim] >= bound)
        self.model.minimize(self.aims[aim])
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = seconds
        solver.parameters.random_seed = 1
        solver.parameters.num_workers = 2
        solver.parameters.interleave_search = True
        status = solver.solve(self.model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return None, bound
        chosen = np.zeros(self.made.child.size, bool)
        for at, one in self.switch.items():
            chosen[at] = solver.boolean_value(one)
        is_whole = self.at.size == self.made.child.size  # else other pairs might do better still
        return chosen, int(np.ceil(solver.best_objective_bound - SURE)) if is_whole else bound

    def hold(self, aim: str, value: int) -> None:
        if not isinstance(self.aims[aim], int):
            self.model.add(self.aims[aim] <= value)
