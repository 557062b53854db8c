"""Who gets everything, where some must have several and not all can: a small exact model over children, not pairs.

It counts places by helper, by kind and by class only, so it is a bound; where a flow then fits the pairs in, it is
also the answer.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bangfu.engine.matching_price import adults, families
from bangfu.flow.solve_flow import Grid


@dataclass(frozen=True, slots=True)
class Whole:
    """At least so many stay without, so many pairs change, so many families meet one adult more than they need to.

    `aside` are the children of one such choice, each a yes or no.
    """

    left_out: int
    changed: int
    apart: int
    aside: np.ndarray
    given_up: np.ndarray  # kept pairs of the grid that this choice gives up


def choose(made: Grid, least: int, seconds: float) -> Whole | None:
    """This function will leave as few children without as can be, and among such choices change fewest pairs.

    Then as few families as can be have adults they keep apart.

    `least` is a known bound on the children left; None where the time did not do.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    served = [model.new_bool_var("") for _ in made.children]
    kept = {int(at): model.new_bool_var("") for at in np.flatnonzero(made.is_kept)}
    for at, one in kept.items():
        model.add_implication(one, served[made.child[at]])
    used = dict(kept)
    parted = _parted(made, model, used, served)
    _room(made, model, used)
    _together(made, model, served)
    left = len(served) - sum(served)
    gone = sum(len(made.problem.formers(child)) for child in made.children)
    values = []
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = 1
    solver.parameters.num_workers = 1
    solver.parameters.max_time_in_seconds = max(0.1, seconds / 2)
    for goal, bound in ((left, least), (gone - sum(kept.values()), 0), (parted, 0)):
        if isinstance(goal, int):
            values.append(goal)
            continue
        model.add(goal >= bound)
        model.minimize(goal)
        if solver.solve(model) != cp_model.OPTIMAL:
            return None
        values.append(round(solver.objective_value))
        model.add(goal <= values[-1])
    aside = np.array([not solver.boolean_value(one) for one in served], bool)
    given_up = np.zeros(made.child.size, bool)
    given_up[[at for at, one in kept.items() if not solver.boolean_value(one)]] = True
    return Whole(*values, aside, given_up)


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
    """How many adults more than it must meet each family has, seen from the pairs somebody of it keeps.

    Everybody else of the family may join those (`used` grows by these pairs) or have others, which all may share.
    """
    place = {child.id: at for at, child in enumerate(made.children)}
    apart = []
    for family in families(made.problem):
        who = np.isin(made.child, [place[one] for one in family])
        held = np.unique(made.helper[who & made.is_kept])
        members = [place[one] for one in sorted(family, key=str)]
        most, least = max(int(made.need[at]) for at in members), adults(made.problem, family)
        apart.append(model.new_int_var(0, held.size + int(made.need[members].sum()), ""))
        for a, b in combinations(members, 2):  # two share at most those who may have both
            both = np.intersect1d(made.helper[made.child == a], made.helper[made.child == b]).size
            na, nb = int(made.need[a]), int(made.need[b])
            if both < min(na, nb):
                model.add(apart[-1] >= na * served[a] + nb * served[b] - both - least)
        if not held.size:
            continue
        meets = {int(one): model.new_bool_var("") for one in held}
        mine: dict[int, list] = {}
        for at in np.flatnonzero(who & np.isin(made.helper, held)).tolist():
            one = used.setdefault(at, model.new_bool_var(""))
            mine.setdefault(int(made.child[at]), []).append(one)
            model.add_implication(one, served[made.child[at]])
            model.add_implication(one, meets[int(made.helper[at])])
        others = model.new_int_var(0, most, "")
        for at in members:
            model.add(sum(mine.get(at, [])) + others >= int(made.need[at]) * served[at])
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
