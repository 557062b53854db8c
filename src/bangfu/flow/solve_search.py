"""What a flow cannot say, by CP-SAT: unequal minutes, families together, two adults or nobody, a local child, seats.

Level by level in the plan's order, each held while the next is improved; a flow gives the first guess and lower
bounds, so most levels are proven without a search. Out of time: the best found so far, with its gap.
"""

from dataclasses import dataclass, replace
from time import monotonic

import numpy as np

from bangfu.engine import matching_price
from bangfu.flow import solve_polish
from bangfu.flow.solve_bound import Bounds
from bangfu.flow.solve_flow import Grid
from bangfu.flow.solve_whole import Whole

CANDIDATES = 12  # of each child, where a whole large school could take it
LARGE = 20_000  # pairs
FREE, IDLE = 140, 12  # children free in one small search; so many in vain end it
SURE = 0.000_1
CLOSE = 0.009  # of the squares of minutes: no search in a large school finds more


@dataclass(frozen=True, slots=True)
class Found:
    """Chosen pairs as a mask over the grid, and each aim's value and proven lower bound."""

    chosen: np.ndarray
    values: dict[str, int]
    bounds: dict[str, int]


def search(whole: Grid, first: np.ndarray, seconds: float) -> Found:
    """This function will improve a first guess level by level until each is proven or the time is over."""
    begun = monotonic()
    until = begun + seconds * 0.8  # the rest is for the bounds
    limits = Bounds(whole, begun + seconds * 0.9)
    plan, some = limits.choose(seconds * 0.4), _considered(whole, first)
    if plan:
        plan = replace(plan, wanted=solve_polish.joined(whole, plan.wanted))
        some |= plan.wanted
    made = whole.part(some)
    if plan:
        plan = replace(plan, given_up=plan.given_up[some], wanted=plan.wanted[some])
    chosen = _guess(made, first[some], plan, seconds)
    values, bounds = matching_price.price(made.problem, made.pairs(chosen)), {}
    aims = matching_price.aims(made.problem)
    for at, aim in enumerate(aims):
        if aim == "uneven" and not some.all():
            full = solve_polish.even(whole, _spread(some, chosen), until)
            some |= full
            made, chosen = whole.part(some), full[some]
            values = matching_price.price(made.problem, made.pairs(chosen))
        bound = limits.of(aim, values)
        left = until - monotonic()
        if aim == "uneven" and not some.all() and values[aim] - bound <= CLOSE * values[aim]:
            left = 0
        if values[aim] > bound and left > 0:
            state = (aim, values, bound, monotonic() + left / min(2, len(aims) - at))
            if some.all():
                chosen, proven = _at_once(made, chosen, state)
                bound = max(bound, proven)
            else:
                chosen = _by_parts(made, chosen, state)
            values = matching_price.price(made.problem, made.pairs(chosen))
        bounds[aim] = min(bound, values[aim])
    return Found(_spread(some, chosen), values, bounds)


def _spread(some: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """The chosen of some pairs, as a mask over all."""
    found = np.zeros(some.size, bool)
    found[np.flatnonzero(some)[chosen]] = True
    return found


def _at_once(made: Grid, chosen: np.ndarray, state: tuple) -> tuple[np.ndarray, int]:
    """One search over all pairs: better or the same pairs, and the bound it proves."""
    aim, values, bound, until = state
    model = Model(made)
    better, proven = model.minimise(aim, values, (chosen, bound), until - monotonic())
    return _better(made, chosen, better), proven


def _by_parts(made: Grid, chosen: np.ndarray, state: tuple) -> np.ndarray:
    """Many small searches: some children are free to change, all others stay; for a school too large at once."""
    aim, values, bound, until = state
    draw, aims = np.random.default_rng(1), list(values)
    idle = 0
    while monotonic() < until and values[aim] > bound and idle < IDLE:
        free = _free(made, chosen, aim, draw)
        some = chosen | free[made.child]
        model = Model(made.part(some))
        model.keep(np.flatnonzero(~free[made.child[some]]))
        found, _ = model.minimise(aim, values, (chosen[some], bound), min(2.0, until - monotonic()))
        whole = np.zeros(made.child.size, bool)
        if found is not None:
            whole[np.flatnonzero(some)[found]] = True
        after = _better(made, chosen, whole if found is not None else None)
        reached = matching_price.price(made.problem, made.pairs(after))
        idle = 0 if reached[aim] < values[aim] else idle + 1
        chosen, values = after, {one: reached[one] for one in aims}
    return chosen


def _better(made: Grid, chosen: np.ndarray, found: np.ndarray | None) -> np.ndarray:
    if found is None:
        return chosen
    now, then = (list(matching_price.price(made.problem, made.pairs(one)).values()) for one in (chosen, found))
    return found if then < now else chosen


def _free(made: Grid, chosen: np.ndarray, aim: str, draw: np.random.Generator) -> np.ndarray:
    """Children worth moving for an aim, filled up by chance."""
    count = np.bincount(made.child[chosen], minlength=len(made.children))
    worth = draw.random(len(made.children))
    if aim in ("left_out", "changed"):
        lost = np.bincount(made.child[made.is_kept & ~chosen], minlength=count.size) > 0
        counted = np.array([child.category in made.problem.at_most for child in made.children])
        worth += 2 * lost + (count < made.need) + counted * draw.random(count.size)
    elif aim == "apart":
        place = {child.id: at for at, child in enumerate(made.children)}
        for family in matching_price.families(made.problem):
            mine = [place[one] for one in family]
            met = np.unique(made.helper[chosen & np.isin(made.child, mine)]).size
            worth[mine] += 1 if met > matching_price.adults(made.problem, family) else -1
    else:
        load = made.base + np.bincount(made.helper[chosen], made.weight[made.child[chosen]], made.base.size)
        far = np.abs(load - load.mean()) / max(1.0, np.abs(load - load.mean()).max())
        worth[made.child[chosen]] += far[made.helper[chosen]]
    free = np.zeros(count.size, bool)
    free[np.argsort(-worth, kind="stable")[:FREE]] = True
    return free


def _guess(made: Grid, first: np.ndarray, plan: Whole | None, seconds: float) -> np.ndarray:
    """What a flow and exchanges can do: everybody whole, families together, loads even."""
    begun = monotonic()
    if plan:
        made = replace(made, is_kept=made.is_kept & ~plan.given_up)
    named = replace(made, is_pinned=made.is_pinned | plan.wanted) if plan else made
    settled, chosen = solve_polish.settle(named, first, plan.aside if plan else None)
    whole = solve_polish.allowed_only(made, chosen)
    chosen = solve_polish.together(settled, whole, begun + seconds / 4, plan.apart if plan else 0)
    return chosen if made.is_even_weight else solve_polish.even(made, chosen, begun + seconds / 3)


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
    near |= first | made.is_kept | made.is_pinned
    place = {child.id: at for at, child in enumerate(made.children)}
    start = np.append(start, made.child.size).tolist()
    for family in matching_price.families(made.problem):  # what one may have, brothers and sisters may, too
        mine = np.concatenate([np.arange(start[place[one]], start[place[one] + 1]) for one in family])
        near[mine] |= np.isin(made.helper[mine], made.helper[mine[near[mine]]])
    return near


class Model:
    """The problem as CP-SAT takes it: one switch for each pair worth considering."""

    def __init__(self, made: Grid):
        from ortools.sat.python import cp_model

        model = cp_model.CpModel()
        self.made, self.model, self.at = made, model, np.arange(made.child.size)
        self.switch = {int(at): model.new_bool_var("") for at in self.at}
        self.of_child: dict[int, list] = {at: [] for at in range(len(made.children))}
        self.of_helper: dict[int, list] = {at: [] for at in range(len(made.helpers))}
        for at in self.at.tolist():
            self.of_child[int(made.child[at])].append(at)
            self.of_helper[int(made.helper[at])].append(at)
        self.aims: dict[str, object] = {}
        self.build()

    def build(self) -> None:
        made = self.made
        served = self.served = [self.model.new_bool_var("") for _ in made.children]
        for at, one in enumerate(served):
            self._team(at, one)
        for at in range(len(made.helpers)):
            self._places(at)
        for at in np.flatnonzero(made.is_pinned).tolist():
            self.model.add(self.switch[at] == 1)
        gone = sum(len(made.problem.formers(child)) for child in made.children)
        kept = [self.switch[at] for at in np.flatnonzero(made.is_kept).tolist()]
        self.makers = {
            "left_out": lambda: len(served) - sum(served),
            "below_minimum": self._short,
            "changed": lambda: gone - sum(kept),
            "overtime": self._over,
            "apart": self._families,
            "unfit": lambda: sum(int(made.unfit[at]) * self.switch[at] for at in self.at.tolist()),
            "uneven": self._squares,
        }

    def aim(self, name: str):
        """An aim's sum, written into the model only when it is asked for: the fewer, the faster."""
        if name not in self.aims:
            self.aims[name] = self.makers[name]()
        return self.aims[name]

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

    def _load(self, helper: int):
        """What one helper carries, and the most it could be."""
        made, mine = self.made, self.of_helper[helper]
        weights = [int(made.weight[made.child[one]]) for one in mine]
        base = int(made.base[helper])
        most = base + sum(sorted(weights, reverse=True)[: int(made.room[helper])])
        return base + sum(w * self.switch[one] for w, one in zip(weights, mine, strict=True)), most

    def _over(self):
        over = []
        for at in np.flatnonzero(self.made.cap).tolist():
            load, most = self._load(at)
            more = self.model.new_int_var(0, max(0, most - int(self.made.cap[at])), "")
            self.model.add(more >= load - int(self.made.cap[at]))
            over.append(more)
        return sum(over)

    def _squares(self):
        squares = []
        for at, base in enumerate(self.made.base.tolist()):
            load, most = self._load(at)
            whole = self.model.new_int_var(base, most, "")
            self.model.add(whole == load)
            square = self.model.new_int_var(base * base, most * most, "")
            self.model.add_multiplication_equality(square, [whole, whole])
            squares.append(square)
        return sum(squares)

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
                for one in some if len(some) > 1 else ():
                    self.model.add_implication(one, meets[-1])
            more = self.model.new_int_var(0, max(0, len(meets)), "")
            self.model.add(more >= sum(meets) - matching_price.adults(made.problem, family))
            apart.append(more)
        return sum(apart)

    def keep(self, some: np.ndarray) -> None:
        """This function will leave these pairs as they are."""
        for at in some.tolist():
            self.model.add(self.switch[at] == 1)

    def minimise(self, aim: str, values: dict[str, int], known: tuple, seconds: float):
        """This function will make one aim better with all weightier ones held: pairs or None, and a lower bound."""
        from ortools.sat.python import cp_model

        (hint, bound), goal = known, self.aim(aim)
        if isinstance(goal, int):
            return None, goal
        if seconds <= 0:
            return None, bound
        for held in values:
            if held == aim:
                break
            if not isinstance(self.aim(held), int):
                self.model.add(self.aim(held) <= values[held])
        for at, one in self.switch.items():
            self.model.add_hint(one, bool(hint[at]))
        self.model.add(goal >= bound)
        self.model.minimize(goal)
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
        return chosen, int(np.ceil(solver.best_objective_bound - SURE))
