"""A whole county at once: arrays in, the best helper of every child out, school by school, no Python loop per arc.

Only what a flow can say: caps, floors, keeping pairs, fit. A school's own board uses solve.best. In a school where
all who have somebody can keep them and everybody else still finds a place, nothing else can be as good: only the
others are given to the flow.
"""

from dataclasses import dataclass

import numpy as np

SAID = ("原来就是这位老师", "同班", "班主任", "同村", "学生自己想要", "已经在别的方案里帮他", "说得来同一种话", "专长合适")


@dataclass(frozen=True, slots=True)
class County:
    """n children, m helpers, p allowed pairs; everybody of one school stands together, schools in the same order.

    child_school[n], helper_school[m]: school number, ascending. pair_child[p] (ascending), pair_helper[p]: indexes;
    hard rules are missing pairs. pair_cost[p]: fit, 0 (best) to 999. least[m], most[m]: how many more children each
    helper should and may take. former[n]: helper index of who helps now, -1 for nobody. pair_wishes[p]: bits of
    SAID that hold for the pair (bit 0, kept, is set by the solver), the reasons people read.
    """

    child_school: np.ndarray
    helper_school: np.ndarray
    pair_child: np.ndarray
    pair_helper: np.ndarray
    pair_cost: np.ndarray
    least: np.ndarray
    most: np.ndarray
    former: np.ndarray
    pair_wishes: np.ndarray


@dataclass(frozen=True, slots=True)
class Matched:
    """helper[n]: index of each child's helper, -1 for nobody; reason[n]: bits of SAID; sums over the county."""

    helper: np.ndarray
    reason: np.ndarray
    left_out: int
    below_minimum: int
    changed: int  # children who had an allowed or lost helper and now have another or none
    unfit: int

    def reasons(self) -> np.ndarray:
        """This function will give the reason of every child's pair in words, as an array of text."""
        words = np.array(
            ["、".join(w for at, w in enumerate(SAID) if code >> at & 1) for code in range(1 << len(SAID))], object
        )
        return words[self.reason]


def county(asked: County) -> Matched:
    """This function will pair a whole county: least left out, then below minimum, changed, unfit, in each school."""
    n, m = asked.former.size, asked.most.size
    schools = int(max(asked.child_school.max(initial=-1), asked.helper_school.max(initial=-1))) + 1
    child_from = np.searchsorted(asked.child_school, np.arange(schools + 1))
    helper_from = np.searchsorted(asked.helper_school, np.arange(schools + 1))
    arc_from = np.searchsorted(asked.pair_child, child_from)
    is_kept = asked.former[asked.pair_child] == asked.pair_helper
    held = np.bincount(asked.pair_helper[is_kept], minlength=m)
    crowded = np.zeros(schools, bool)
    crowded[asked.helper_school[held > asked.most]] = True
    chosen = np.full(n, -1, np.int64)  # the pair of each child, by its place
    for at in range(schools):
        arcs = np.arange(arc_from[at], arc_from[at + 1])
        school = _School(asked, is_kept, arcs, (int(child_from[at]), int(child_from[at + 1])), helper_from[at : at + 2])
        taken = None if crowded[at] else school.others(held)
        taken = school.whole() if taken is None else taken
        chosen[asked.pair_child[taken]] = taken
    return _matched(asked, chosen, is_kept)


def _matched(asked: County, chosen: np.ndarray, is_kept: np.ndarray) -> Matched:
    paired = chosen >= 0
    pairs = chosen[paired]
    helper, reason = np.full(chosen.size, -1, np.int64), np.zeros(chosen.size, np.int64)
    helper[paired] = asked.pair_helper[pairs]
    reason[paired] = asked.pair_wishes[pairs] | is_kept[pairs]
    counts = np.bincount(helper[paired], minlength=asked.most.size)
    return Matched(
        helper,
        reason,
        left_out=int((~paired).sum()),
        below_minimum=int(np.maximum(0, asked.least - counts).sum()),
        changed=int(((asked.former >= 0) & (helper != asked.former)).sum()),
        unfit=int(asked.pair_cost[pairs].sum()),
    )


@dataclass(frozen=True, slots=True)
class _School:
    """One school of the county: its pairs, and where its children and helpers stand."""

    asked: County
    is_kept: np.ndarray
    arcs: np.ndarray
    children: tuple[int, int]
    helpers: np.ndarray

    def others(self, held: np.ndarray) -> np.ndarray | None:
        """This function will keep all who can keep theirs and place the others; None when that leaves a wish open."""
        asked, (low, high) = self.asked, (int(self.helpers[0]), int(self.helpers[1]))
        kept = self.arcs[self.is_kept[self.arcs]]
        is_open = np.ones(self.children[1] - self.children[0], bool)
        is_open[asked.pair_child[kept] - self.children[0]] = False
        arcs = self.arcs[is_open[asked.pair_child[self.arcs] - self.children[0]]]
        room = asked.most[low:high] - held[low:high]
        least = np.maximum(0, asked.least[low:high] - held[low:high])
        taken = self.flow(arcs, least, room)
        counts = np.bincount(asked.pair_helper[taken] - low, minlength=high - low)
        if taken.size < int(is_open.sum()) or (counts < least).any():
            return None
        return np.concatenate([kept, taken])

    def whole(self) -> np.ndarray:
        """This function will solve the school as it stands, kept pairs weighing more than any fit."""
        low, high = int(self.helpers[0]), int(self.helpers[1])
        return self.flow(self.arcs, self.asked.least[low:high], self.asked.most[low:high])

    def flow(self, arcs: np.ndarray, least: np.ndarray, most: np.ndarray) -> np.ndarray:
        """This function will choose among these pairs by one min-cost flow (weights as in solve_flow)."""
        from ortools.graph.python import min_cost_flow

        asked, low = self.asked, int(self.helpers[0])
        if not arcs.size:
            return arcs
        who, child = np.unique(asked.pair_child[arcs], return_inverse=True)
        n, m = who.size, most.size
        staff, sink = n + np.arange(m), n + m
        keep, below, left = self.weights(arcs, min(n, m))
        floor = np.minimum(least, most)
        flow = min_cost_flow.SimpleMinCostFlow()
        flow.add_arcs_with_capacity_and_unit_cost(
            np.concatenate([child, np.arange(n), staff, staff]),
            np.concatenate([n + asked.pair_helper[arcs] - low, np.full(n + 2 * m, sink)]),
            np.concatenate([np.ones(arcs.size + n, np.int64), floor, most - floor]),
            np.concatenate(
                [asked.pair_cost[arcs] + keep * ~self.is_kept[arcs], np.full(n, left), np.zeros(m, np.int64), np.full(m, below)]
            ),
        )
        flow.set_nodes_supplies(np.arange(n), np.ones(n, np.int64))
        flow.set_node_supply(sink, -n)
        if flow.solve() != flow.OPTIMAL:
            raise RuntimeError("the flow has no optimum, which its spare arcs rule out")
        return arcs[flow.flows(np.arange(arcs.size)) > 0]

    def weights(self, arcs: np.ndarray, turns: int) -> tuple[int, int, int]:
        """This function will weigh a change of helper, a place below the minimum and a child left out."""
        on_cycle = 2 * turns + 2
        keep = on_cycle * int(self.asked.pair_cost[arcs].max(initial=0)) + 1
        below = on_cycle * (keep + int(self.asked.pair_cost[arcs].max(initial=0))) + 1
        return (keep if self.is_kept[arcs].any() else 0), below, 2 * below + on_cycle * keep + 1
