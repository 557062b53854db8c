"""Better first guesses than a plain flow gives: families brought to one adult, loads evened by exchanging children.

Nothing here proves anything; a large school is mostly settled by it, so that the search has little left to do.
"""

from dataclasses import replace
from time import monotonic

import numpy as np

from bangfu.engine import matching_price
from bangfu.engine.matching_price import adults, families
from bangfu.flow import solve_flow
from bangfu.flow.solve_flow import Grid

ROUNDS = 12
MANY = 1_600  # pairs of the heaviest and of the lightest helpers that are looked at in one go


def together(made: Grid, chosen: np.ndarray, until: float, enough: int = 0) -> np.ndarray:
    """This function will bring brothers and sisters to the same adult where no weightier aim suffers.

    It stops when only `enough` adults too many are left, which nobody can avoid.
    """
    kept = np.bincount(made.child[made.is_kept], minlength=len(made.children))
    made = replace(made, most=np.maximum(made.need, np.minimum(made.most, kept)))  # nobody more for its own sake
    place = {child.id: at for at, child in enumerate(made.children)}
    whole = [[place[one] for one in sorted(family, key=str)] for family in families(made.problem)]
    need = [adults(made.problem, [made.children[at].id for at in family]) for family in whole]
    allowed = [made.helper[made.child == at] for at in range(len(made.children))]
    tried: list[set] = [set() for _ in whole]
    wanted_of: dict[int, tuple] = {}
    aims = matching_price.aims(made.problem)
    best, value = chosen, _worth(made, chosen, aims)
    for _ in range(ROUNDS if whole else 0):
        if monotonic() > until or value[aims.index("apart")] <= enough:
            break
        claims = np.bincount([h for some in wanted_of.values() for h in some], minlength=len(made.helpers))
        for at, family in enumerate(whole):
            if _met(made, best, family) > need[at]:
                target = _target(made, best, (family, need[at], tried[at]), allowed, claims)
                if target:
                    wanted_of[at] = target
                    claims = claims + np.bincount(target, minlength=claims.size) * len(family)
        wanted = _wanted(made, whole, wanted_of)
        found = solve_flow.solve(made, together=wanted)
        found = allowed_only(made, found)
        reached = _worth(made, found, aims)
        if reached < value:
            best, value = found, reached
    return best


def joined(made: Grid, named: np.ndarray) -> np.ndarray:
    """This function will add to named pairs those that give each family's open places to adults all of it may have.

    No child gets more than it must have; nobody more than the places there are.
    """
    named, place = named.copy(), {child.id: at for at, child in enumerate(made.children)}
    free = made.need - np.bincount(made.child[named | made.is_pinned], minlength=made.need.size)
    for at in np.flatnonzero(named & ~made.is_kept & ~made.is_pinned).tolist():
        if free[made.child[at]] < 0:
            named[at] = False
            free[made.child[at]] += 1
    room = _Room(made, named | made.is_pinned)
    whole = [[place[one] for one in sorted(family, key=str)] for family in families(made.problem)]
    for family in sorted(whole, key=lambda family: -sum(int(free[at]) for at in family)):
        for nth in range(max(int(free[at]) for at in family)):
            some = [at for at in family if free[at] > nth]
            for pair in room.common(some, named):
                named[pair] = True
                room.take(pair)
    return named


class _Room:
    """What is left of each helper's places, of those for each counted kind, and of an even load."""

    def __init__(self, made: Grid, taken: np.ndarray):
        self.made, self.kinds = made, list(made.problem.at_most)
        self.kind = [self.kinds.index(c.category) if c.category in self.kinds else -1 for c in made.children]
        self.left, self.load = made.room.copy(), made.base.astype(np.int64)
        limits = np.array([made.problem.at_most[one] for one in self.kinds], np.int64)
        self.of_kind = np.repeat(limits[:, None], len(made.helpers), 1)
        self.pairs = [{} for _ in made.children]
        for at, (child, helper) in enumerate(zip(made.child.tolist(), made.helper.tolist(), strict=True)):
            self.pairs[child][helper] = at
        for at in np.flatnonzero(taken).tolist():
            self.take(at)

    def take(self, at: int) -> None:
        child, helper = int(self.made.child[at]), int(self.made.helper[at])
        self.left[helper] -= 1
        self.load[helper] += self.made.weight[child]
        if self.kind[child] >= 0:
            self.of_kind[self.kind[child], helper] -= 1

    def common(self, some: list[int], named: np.ndarray) -> list[int]:
        """The pairs of these children with the one helper all may still have who carries least; none where none."""
        if not some:
            return []
        asked = np.bincount([self.kind[at] for at in some if self.kind[at] >= 0], minlength=len(self.kinds))
        able = [
            helper
            for helper in set(self.pairs[some[0]]).intersection(*(self.pairs[at] for at in some[1:]))
            if self.left[helper] >= len(some)
            and (self.of_kind[:, helper] >= asked).all()
            and not any(named[self.pairs[at][helper]] for at in some)
        ]
        fit = {one: sum(int(self.made.unfit[self.pairs[at][one]]) for at in some) for one in able}
        best = min(able, key=lambda one: (-fit[one], self.load[one], one), default=None)
        return [] if best is None else [self.pairs[at][best] for at in some]


def settle(made: Grid, chosen: np.ndarray, aside: np.ndarray | None = None) -> tuple[Grid, np.ndarray]:
    """This function will set aside as few children as it takes for all others to have everything they must have.

    `aside` is where to begin; then, of the children with a part, half are set aside for the other half. The grid
    given back asks nothing for them.
    """
    pinned = np.bincount(made.child[made.is_pinned], minlength=len(made.children))
    kept = np.bincount(made.child[made.is_kept], minlength=len(made.children))
    need, most, gone = made.need, made.most, np.zeros(len(made.children), bool)
    if aside is not None:
        gone = aside & (pinned == 0)
        made = replace(made, need=np.where(gone, 0, need), most=np.where(gone, 0, most))
        chosen = solve_flow.solve(made)
    best, tried = None, set()
    for _ in range(4 * ROUNDS):
        count = np.bincount(made.child[chosen], minlength=len(made.children))
        part = np.flatnonzero((count > 0) & (count < need) & (pinned == 0))
        if part.size:
            aside = part[np.lexsort((part, kept[part]))][: max(1, part.size // 2)]
            gone[aside] = True
        else:
            value = int(((count == 0) & (need > 0)).sum()), -int(made.is_kept[chosen].sum())
            if best is None or value < best[0]:
                best = value, made, chosen
            back = [at for at in np.flatnonzero(gone & (kept > 0)).tolist() if at not in tried]
            if not back:
                break
            back = back if not tried else back[:1]  # who had somebody gets a second chance: all, then one by one
            tried |= {*back} if len(back) == 1 else {None}
            gone[back] = False
        made = replace(made, need=np.where(gone, 0, need), most=np.where(gone, 0, most))
        chosen = solve_flow.solve(made)
    return best[1:] if best else (made, chosen)


def allowed_only(made: Grid, first: np.ndarray) -> np.ndarray:
    """This function will leave out the children who have a part only of what they must have."""
    held = matching_price.teams(made.problem, made.pairs(first))
    whole = [matching_price.is_whole(made.problem, child, held[child.id]) for child in made.children]
    return first & (np.array(whole, bool)[made.child] | made.is_pinned)


def _worth(made: Grid, chosen: np.ndarray, aims: tuple) -> list[int]:
    values = matching_price.price(made.problem, made.pairs(chosen))
    return [values[aim] for aim in aims]


def _met(made: Grid, chosen: np.ndarray, family: list[int]) -> int:
    return len(set(made.helper[chosen & np.isin(made.child, family)].tolist()))


def _target(made: Grid, chosen: np.ndarray, asked: tuple, allowed: list, claims: np.ndarray) -> tuple | None:
    """As many helpers as the family must meet: whom somebody keeps first, then whom all may have, with most room."""
    family, need, tried = asked
    common = set(allowed[family[0]].tolist()).intersection(*(allowed[at].tolist() for at in family[1:]))
    mine = np.isin(made.child, family)
    kept = [h for h in dict.fromkeys(made.helper[mine & (made.is_kept | made.is_pinned) & chosen].tolist()) if h in common]
    now = [h for h in dict.fromkeys(made.helper[mine & chosen].tolist()) if h in common and h not in kept]
    unfit = np.zeros(claims.size, np.int64)
    np.add.at(unfit, made.helper[mine], made.unfit[mine])
    # a helper whom others fit better stays free for them
    sought = np.bincount(made.helper[made.unfit < made.unfit.max(initial=0)], minlength=claims.size) >= made.room
    rest = sorted(common - {*kept}, key=lambda h: (sought[h], int(unfit[h]), h not in now, claims[h] - made.room[h], h))
    order = [*kept, *rest]
    for skip in range(max(1, len(order) - need + 1)):
        target = (*order[: min(len(kept), need - 1)], *order[skip + min(len(kept), need - 1) :])[:need]
        if len(target) == need and target not in tried:
            tried.add(target)
            return target
    return None


def _wanted(made: Grid, whole: list, wanted_of: dict[int, tuple]) -> np.ndarray:
    wide = max(1, len(made.helpers))
    marks = [child * wide + h for at, target in wanted_of.items() for child in whole[at] for h in target]
    return np.isin(made.child * wide + made.helper, np.array(marks, np.int64))


def even(made: Grid, chosen: np.ndarray, until: float) -> np.ndarray:
    """This function will exchange and move children between helpers while that evens the minutes and harms nothing."""
    chosen = chosen.copy()
    load = made.base + np.bincount(made.helper[chosen], made.weight[made.child[chosen]], len(made.helpers)).astype(int)
    fixed = _fixed(made)
    wide = len(made.helpers)
    place = np.full(len(made.children) * wide, -1, np.int64)
    place[made.child * wide + made.helper] = np.arange(made.child.size)
    while monotonic() < until:
        mine = np.flatnonzero(chosen & ~fixed & ~made.is_pinned)
        steps = (
            _moves(made, (chosen, mine), load, place)
            or _exchanges(made, (chosen, mine), load, place)
            or _family_moves(made, chosen, load, place)
        )
        if not steps:
            return chosen
        for off, on in steps:
            for at, sign in (*((one, -1) for one in off), *((one, 1) for one in on)):
                chosen[at] = sign > 0
                load[made.helper[at]] += sign * int(made.weight[made.child[at]])
    return chosen


def _fixed(made: Grid) -> np.ndarray:
    """Pairs of families and kept ones stay where they are, and all where a team has to come together."""
    alone = np.array([not child.siblings for child in made.children], bool)
    local = "a_local_in_each_group" in made.problem.rule.hard or bool(made.problem.rule.seats)
    return ~alone[made.child] | made.is_kept | local


def _exchanges(made: Grid, now: tuple, load: np.ndarray, place: np.ndarray) -> list[tuple]:
    """Exchanges of two children between two helpers that even most, of the same fit; each helper in one at a time."""
    (chosen, mine), wide = now, len(made.helpers)
    if mine.size < 2:
        return []
    order = mine[np.argsort(-load[made.helper[mine]], kind="stable")]
    heavy, light = order[:MANY], order[::-1][:MANY]
    there = place[made.child[heavy][:, None] * wide + made.helper[light][None, :]]  # the heavier's with the lighter
    back = place[made.child[light][None, :] * wide + made.helper[heavy][:, None]]
    of = _kind_of(made)[made.child]
    can = (there >= 0) & (back >= 0) & (of[heavy][:, None] == of[light][None, :])
    can &= ~(chosen | made.is_kept)[there] & ~(chosen | made.is_kept)[back]
    fit = made.unfit[there] + made.unfit[back] - made.unfit[heavy][:, None] - made.unfit[light][None, :]
    weight = made.weight[made.child]
    move = weight[heavy][:, None] - weight[light][None, :]  # minutes that go to the lighter
    gain = 2 * move * (load[made.helper[heavy]][:, None] - load[made.helper[light]][None, :] - move)
    gain[~can | (fit != 0)] = 0
    return _disjoint(made, (heavy, light), (there, back), gain)


def _moves(made: Grid, now: tuple, load: np.ndarray, place: np.ndarray) -> list[tuple]:
    """Children who go to another helper with a place left, of the same fit; each helper in one at a time."""
    (chosen, mine), wide = now, len(made.helpers)
    counts = np.bincount(made.helper[chosen], minlength=wide)
    mine = mine[(counts > made.least)[made.helper[mine]] & (_kind_of(made)[made.child[mine]] < 0)]
    open_to = np.flatnonzero(counts < made.room)
    if not mine.size or not open_to.size:
        return []
    there = place[made.child[mine][:, None] * wide + open_to[None, :]]
    can = (there >= 0) & ~(chosen | made.is_kept)[there] & (made.unfit[there] == made.unfit[mine][:, None])
    weight = made.weight[made.child[mine]][:, None]
    gain = 2 * weight * (load[made.helper[mine]][:, None] - load[open_to][None, :] - weight)
    gain[~can] = 0
    return _disjoint(made, (mine, None), (there, None), gain)


def _family_moves(made: Grid, chosen: np.ndarray, load: np.ndarray, place: np.ndarray) -> list[tuple]:
    """One family that goes together to another adult with places for all of it, the first that evens."""
    at_child, wide = {child.id: at for at, child in enumerate(made.children)}, len(made.helpers)
    counts, kind = np.bincount(made.helper[chosen], minlength=wide), _kind_of(made)
    if "a_local_in_each_group" in made.problem.rule.hard or made.problem.rule.seats:
        return []
    found, busy = [], set()
    for family in families(made.problem):
        mine = chosen & np.isin(made.child, [at_child[one] for one in family])
        for helper in set(made.helper[mine].tolist()) - busy:
            off = np.flatnonzero(mine & (made.helper == helper))
            children = made.child[off]
            fixed = (made.is_kept | made.is_pinned)[off].any()
            if fixed or counts[helper] - off.size < made.least[helper]:
                continue
            there = place[children[:, None] * wide + np.arange(wide)[None, :]]
            can = (there >= 0).all(axis=0) & ~(chosen | made.is_kept)[there].any(axis=0)
            for at, most in enumerate(made.problem.at_most.values()):
                held = np.bincount(made.helper[chosen & (kind[made.child] == at)], minlength=wide)
                more = int((kind[children] == at).sum())
                can &= (held + more <= most) | (more == 0)
            can &= (counts + off.size <= made.room) & (made.unfit[there].sum(axis=0) == made.unfit[off].sum())
            can[list(busy)] = False
            gain = np.where(can, load[helper] - load - int(made.weight[children].sum()), 0)
            to = int(gain.argmax())
            if gain[to] > 0:
                found.append((off.tolist(), there[:, to].tolist()))
                busy |= {helper, to}
    return found


def _kind_of(made: Grid) -> np.ndarray:
    kinds = list(made.problem.at_most)
    return np.array([kinds.index(c.category) if c.category in kinds else -1 for c in made.children], np.int64)


def _disjoint(made: Grid, off: tuple, on: tuple, gain: np.ndarray) -> list[tuple]:
    """The steps that gain most, no helper in two of them: pairs to leave, pairs to take."""
    found, busy = [], set()
    some = np.flatnonzero(gain > 0)
    some = some[np.argsort(-gain.ravel()[some], kind="stable")][: 40 * MANY]
    for at in some.tolist():
        i, j = divmod(at, gain.shape[1])
        leave = [int(off[0][i])] + ([] if off[1] is None else [int(off[1][j])])
        take = [int(on[0][i, j])] + ([] if on[1] is None else [int(on[1][i, j])])
        helpers = {int(made.helper[one]) for one in (*leave, *take)}
        if not busy & helpers:
            busy |= helpers
            found.append((leave, take))
    return found
