"""Who gets everything, where some must have several and not all can: a small exact model over children, not pairs.

It counts places by helper, by kind and by class only, so it is a bound; where a flow then fits the pairs in, it is
also the answer.
"""

from dataclasses import dataclass
from functools import reduce
from itertools import combinations
from time import monotonic

import numpy as np

from bangfu.engine.matching_price import adults, families
from bangfu.engine.matching_price import aims as aims_of
from bangfu.flow.solve_flow import Grid

MANY = 6_000  # pairs of good fit
HURRY = 1.5  # seconds that are too few for the fit
FEW = 9  # adults whom a whole family may have
SURE_OF = 2  # goals that have to be exact


@dataclass(frozen=True, slots=True)
class Whole:
    """At least so many stay without, so many pairs change, so many adults too many in families, so many misses of fit.

    `aside` are the children of one such choice, each a yes or no. Of the fit only where it comes before even loads.
    """

    left_out: int
    changed: int
    apart: int
    unfit: int
    aside: np.ndarray
    given_up: np.ndarray  # kept pairs of the grid that this choice gives up
    wanted: np.ndarray  # pairs of the grid that this choice names


def choose(made: Grid, least: int, seconds: float) -> Whole | None:
    """This function will leave as few children without as can be, and among such choices change fewest pairs.

    Then as few families as can be have adults they keep apart, then the fit is best. `least` is a known bound on
    the children left; None where the time did not do.
    """
    from ortools.sat.python import cp_model

    until, model = monotonic() + seconds, cp_model.CpModel()
    served = [model.new_bool_var("") for _ in made.children]
    kept = {int(at): model.new_bool_var("") for at in np.flatnonzero(made.is_kept)}
    for at, one in kept.items():
        model.add_implication(one, served[made.child[at]])
    good = _good(made) if seconds > HURRY else np.zeros(made.child.size, bool)
    used = kept | {int(at): model.new_bool_var("") for at in np.flatnonzero(good & ~made.is_kept)}
    parted = _parted(made, model, used, served)
    missed = _missed(made, model, used, served) if good.any() else 0
    _room(made, model, used)
    _together(made, model, served)
    gone = sum(len(made.problem.formers(child)) for child in made.children)
    goals = (len(served) - sum(served), least), (gone - sum(kept.values()), 0), (parted, 0), (missed, 0)
    bounds, state = _solved(model, goals, (served, used), until)
    if state is None:
        return None
    is_served, is_used = state
    named = np.zeros(made.child.size, bool)
    named[[at for at, one in zip(used, is_used, strict=True) if one]] = True
    return Whole(*bounds, ~np.array(is_served, bool), made.is_kept & ~named, named)


def _solved(model, goals: tuple, switches: tuple, until: float) -> tuple[list, tuple | None]:
    """The bound of each goal in turn, and the last switches found; nothing where the first two are not exact."""
    from ortools.sat.python import cp_model

    solver, bounds, state = cp_model.CpSolver(), [], None
    solver.parameters.random_seed = 1
    solver.parameters.num_workers = 1
    solver.parameters.linearization_level = 2  # its bounds are what this is for
    served, used = switches
    for goal, bound in goals:
        if isinstance(goal, int):
            bounds.append(goal)
            continue
        share = 1 if len(bounds) == len(goals) - 1 else 2
        solver.parameters.max_time_in_seconds = max(0.1, (until - monotonic()) / share)
        model.add(goal >= bound)
        model.minimize(goal)
        status = solver.solve(model)
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            state = [solver.boolean_value(one) for one in served], [solver.boolean_value(one) for one in used.values()]
        if status != cp_model.OPTIMAL:
            bounds.append(max(bound, int(np.ceil(solver.best_objective_bound - 1e-6))))
            exact = len(bounds) > SURE_OF
            return bounds + [0] * (len(goals) - len(bounds)), state if exact else None
        bounds.append(round(solver.objective_value))
        model.clear_hints()
        for one, value in zip(used.values(), state[1], strict=True):
            model.add_hint(one, value)
        model.add(goal <= bounds[-1])
    return bounds, state


def _good(made: Grid) -> np.ndarray:
    """Pairs that fit better than most of the child's; none where fit comes after even loads, or they are too many."""
    aims = aims_of(made.problem)
    if not made.child.size or aims.index("unfit") > aims.index("uneven"):
        return np.zeros(made.child.size, bool)
    good = made.unfit < _usual(made)[made.child]
    return good if int(good.sum()) < MANY else np.zeros(made.child.size, bool)


def _usual(made: Grid) -> np.ndarray:
    """The fit that half of each child's pairs have or miss."""
    order = np.lexsort((made.unfit, made.child))
    start, end = (np.searchsorted(made.child, np.arange(len(made.children)), side) for side in ("left", "right"))
    middle = np.minimum((start + end) // 2, order.size - 1)
    return np.where(end > start, made.unfit[order][middle], 0)


def _missed(made: Grid, model, used: dict, served: list):
    """How much of the fit is missed: each place not filled by a pair of this model costs what the best other would."""
    is_used = np.zeros(made.child.size, bool)
    is_used[list(used)] = True
    other = np.full(len(served), 1 << 40, np.int64)
    np.minimum.at(other, made.child[~is_used], made.unfit[~is_used])
    mine: dict[int, list] = {}
    for at, one in used.items():
        mine.setdefault(int(made.child[at]), []).append((int(made.unfit[at]), one))
    cost = []
    for child, some in sorted(mine.items()):
        model.add(sum(one for _, one in some) <= int(made.most[child]))
    for child, one in enumerate(served):
        some, need = mine.get(child, []), int(made.need[child])
        rest = model.new_int_var(0, need, "")
        model.add(rest >= need * one - sum(switch for _, switch in some))
        if other[child] == 1 << 40:
            model.add(rest == 0)
        else:
            cost.append(int(other[child]) * rest)
        cost += [unfit * switch for unfit, switch in some if unfit]
    return sum(cost)


def _room(made: Grid, model, used: dict) -> None:
    """These pairs stay within each helper's places, and within those for one kind of child."""
    by_helper: dict[tuple, list] = {}
    for at, one in used.items():
        helper, kind = int(made.helper[at]), made.children[made.child[at]].category
        by_helper.setdefault((helper, None), []).append(one)
        if kind in made.problem.at_most:
            by_helper.setdefault((helper, kind), []).append(one)
    for (helper, kind), some in by_helper.items():
        most = int(made.room[helper]) if kind is None else made.problem.at_most[kind]
        pinned = int(made.is_pinned[made.helper == helper].sum())
        if len(some) > most:
            model.add(sum(some) <= max(most, pinned))


def _parted(made: Grid, model, used: dict, served: list):
    """How many adults more than it must meet each family has, seen from the pairs the model has.

    Everybody else of the family may join those (`used` grows by these pairs) or have others, which all may share.
    """
    place = {child.id: at for at, child in enumerate(made.children)}
    known, apart = np.zeros(made.child.size, bool), []
    known[list(used)] = True
    start = np.searchsorted(made.child, np.arange(len(served) + 1)).tolist()
    for family in families(made.problem):
        members = [place[one] for one in sorted(family, key=str)]
        who = np.concatenate([np.arange(start[at], start[at + 1]) for at in members])
        may = {at: made.helper[start[at] : start[at + 1]] for at in members}
        held = np.unique(made.helper[who[known[who]]])
        common = reduce(np.intersect1d, may.values())
        if common.size <= FEW:  # so few that who has them matters
            held = np.union1d(held, common)
        least = adults(made.problem, family)
        apart.append(model.new_int_var(0, held.size + int(made.need[members].sum()), ""))
        for a, b in combinations(members, 2):  # two share at most those who may have both
            both = np.intersect1d(may[a], may[b]).size
            na, nb = int(made.need[a]), int(made.need[b])
            if both < min(na, nb):
                model.add(apart[-1] >= na * served[a] + nb * served[b] - both - least)
        if not held.size:
            continue
        meets = {int(one): model.new_bool_var("") for one in held}
        mine: dict[int, list] = {}
        for at in who[np.isin(made.helper[who], held)].tolist():
            one = used.setdefault(at, model.new_bool_var(""))
            mine.setdefault(int(made.child[at]), []).append(one)
            model.add_implication(one, served[made.child[at]])
            model.add_implication(one, meets[int(made.helper[at])])
        others = model.new_int_var(0, int(made.need[members].sum()), "")
        open_of = {at: int(made.need[at]) * served[at] - sum(mine.get(at, [])) for at in members}
        for at in members:
            model.add(others >= open_of[at])
        for a, b in combinations(members, 2):
            rest = np.setdiff1d(np.intersect1d(may[a], may[b]), held).size
            if rest < min(int(made.need[a]), int(made.need[b])):
                model.add(others >= open_of[a] + open_of[b] - rest)
        model.add(apart[-1] >= sum(meets.values()) + others - least)
    return sum(apart)


def _together(made: Grid, model, served: list) -> None:
    """All children, those of one class, and those of one kind ask for no more places than there are for them."""
    offered = np.bincount(made.child, minlength=len(served))
    groups: dict[tuple, list[int]] = {}
    for at, child in enumerate(made.children):
        if offered[at] < made.need[at]:
            model.add(served[at] == 0)
            continue
        for key in (("all", 0), ("class", str(child.class_id)), ("kind", child.category)):
            groups.setdefault(key, []).append(at)
    for (what, which), some in groups.items():
        helpers = np.unique(made.helper[np.isin(made.child, some)])
        room = made.room[helpers]
        if what == "kind":
            if which not in made.problem.at_most:
                continue
            pinned = np.bincount(made.helper[made.is_pinned], minlength=made.room.size)[helpers]
            room = np.minimum(room, np.maximum(made.problem.at_most[which], pinned))
        if int(made.need[some].sum()) > int(room.sum()):
            model.add(sum(int(made.need[at]) * served[at] for at in some) <= int(room.sum()))
