"""Lower bounds by flows that leave out what a flow cannot say: no answer, however long the search, can be better.

Each bound holds for answers that are as good in all weightier aims; where those aren't proven themselves, it falls
back to nothing. Loads are bounded by letting children be split minute by minute.
"""

from functools import cached_property
from math import gcd, lcm
from time import monotonic

import numpy as np

from bangfu.engine import matching_price
from bangfu.engine.matching_price import families
from bangfu.flow import solve_flow, solve_whole
from bangfu.flow.solve_flow import Grid

PACE = 20_000  # pairs a second, in the slowest of these flows
CLOSE = 0.009
PRICES = (300, 2_000)  # of one miss of fit, in squared minutes


class Bounds:
    """The bounds of one problem, each flow run once."""

    def __init__(self, made: Grid, until: float):
        self.made, self.until = made, until
        self.gone = sum(len(made.problem.formers(child)) for child in made.children)
        self._relaxed: dict[int, dict[str, int]] = {}
        self._whole: solve_whole.Whole | None = None

    @cached_property
    def left_out(self) -> int:
        """This property will say how many children stay without at least."""
        count = np.bincount(self.made.child[solve_flow.solve(self.made)], minlength=len(self.made.children))
        missing = int(np.maximum(0, self.made.need - count).sum())
        return int(np.searchsorted(np.cumsum(np.sort(self.made.need)[::-1]), missing)) + 1 if missing else 0

    def choose(self, seconds: float) -> solve_whole.Whole | None:
        """This function will choose whom to begin without and which pairs to give up, where flows alone don't see it."""
        several = self.left_out and int(self.made.need.max()) > 1
        if several or families(self.made.problem):
            self._whole = solve_whole.choose(self.made, self.left_out, seconds)
        if self._whole:
            self.left_out = max(self.left_out, self._whole.left_out)
        return self._whole

    def of(self, aim: str, values: dict[str, int]) -> int:
        """This function will bound an aim from below, given the values reached in the weightier ones."""
        if aim == "left_out":
            return self.left_out
        if values["left_out"] > self.left_out and aim != "overtime":
            return 0
        if aim in ("overtime", "uneven"):
            return self._minutes(aim, values)
        if aim == "apart":
            return self._apart(values)
        relaxed = self._relax(values["left_out"])
        before = {"below_minimum": (), "changed": ("below_minimum",), "unfit": ("below_minimum", "changed")}[aim]
        if aim == "changed" and self._whole:
            return max(self._whole.changed, relaxed[aim] if values[before[0]] == relaxed[before[0]] else 0)
        bound = relaxed[aim] if all(values[one] == relaxed[one] for one in before) else 0
        return max(bound, self._whole.unfit) if aim == "unfit" and self._is_as_whole(values) else bound

    def _is_as_whole(self, values: dict[str, int]) -> bool:
        """This answer changes no more, and parts families no more, than the small model says it must."""
        whole = self._whole
        return bool(whole) and values["changed"] == whole.changed and values.get("apart", 0) == whole.apart

    def _missing(self, left: int) -> int:
        return int(np.sort(self.made.need)[::-1][:left].sum())

    def _relax(self, left: int) -> dict[str, int]:
        if left not in self._relaxed:
            made = self.made
            chosen = solve_flow.solve(made, self._missing(left))
            counts = np.bincount(made.helper[chosen], minlength=len(made.helpers))
            self._relaxed[left] = {
                "below_minimum": int(np.maximum(0, made.least - counts).sum()),
                "changed": self.gone - int(made.is_kept[chosen].sum()),
                "unfit": int(made.unfit[chosen].sum()),
            }
        return self._relaxed[left]

    def _is_all_kept(self, values: dict[str, int]) -> bool:
        """Every pair that could be kept is kept, in this answer and so in every one as good."""
        return values["changed"] == self.gone - int(self.made.is_kept.sum())

    def _open(self, values: dict[str, int]) -> np.ndarray:
        made = self.made
        if not self._is_all_kept(values):
            return np.ones(made.child.size, bool)
        kept = np.bincount(made.child[made.is_kept], minlength=len(made.children))
        return made.is_kept | ~(kept >= made.most)[made.child]

    def _apart(self, values: dict[str, int]) -> int:
        """Brothers and sisters who keep different adults stay so, where no pair may be given up for it."""
        good = self._whole and values["changed"] == self._whole.changed
        return self._whole.apart if good else 0

    def _minutes(self, aim: str, values: dict[str, int]) -> int:
        """Loads, if every child could be split minute by minute; fit and kept pairs have a price, to stay as good."""
        made = self.made
        least = self._mean(values) if aim == "uneven" else 0
        near = aim == "uneven" and values[aim] - least <= CLOSE * values[aim]
        if near or monotonic() + made.child.size / PACE > self.until:
            return least
        open_pairs = self._open(values)
        unit, whole = gcd(*made.weight.tolist()) or 1, lcm(*(set(made.weight.tolist()) - {0})) or 1
        child, helper = made.child[open_pairs], made.helper[open_pairs]
        size = made.weight[child] // unit
        most = np.bincount(helper, size, minlength=len(made.helpers)).astype(np.int64)
        seat = np.repeat(np.arange(most.size), most)
        nth = np.arange(seat.size) - np.repeat(np.cumsum(most) - most, most)
        before = made.base[seat] + nth * unit
        if aim == "overtime":
            over = np.maximum(0, before + unit - made.cap[seat]) - np.maximum(0, before - made.cap[seat])
            past = int(np.where(made.cap > 0, np.maximum(0, made.base - made.cap), 0).sum())
            costs = np.zeros(child.size, np.int64), np.where(made.cap[seat] > 0, over, 0)
            return max(0, past + self._sent((child, helper, size), seat, costs, values))
        best, has = least - int((made.base**2).sum()), matching_price.aims(made.problem)
        tight = has.index("unfit") < has.index("uneven")
        for price in PRICES if tight else (0,):
            fine = np.maximum(made.weight[child], 1)
            step = price * whole * made.unfit[open_pairs] // fine * unit // whole
            sent = self._sent((child, helper, size), seat, (step, unit * (2 * before + unit)), values)
            best = max(best, sent - price * values["unfit"])
        return best + int((made.base**2).sum())

    def _mean(self, values: dict[str, int]) -> int:
        """All minutes spread alike over all helpers, whoever may help whom: the quickest bound."""
        made = self.made
        ask = np.sort(made.need * made.weight)
        total = int(made.base.sum()) + int(ask[: max(0, ask.size - values["left_out"])].sum())
        return -(-total * total // max(1, made.base.size))

    def _sent(self, pairs: tuple, seat: np.ndarray, costs: tuple, values: dict[str, int]) -> int:
        made, (child, helper, size) = self.made, pairs
        unit = gcd(*made.weight.tolist()) or 1
        ask, n, m = made.need * made.weight // unit, len(made.children), len(made.helpers)
        spare = int(np.sort(ask)[::-1][: values["left_out"]].sum())
        return _flow(
            [
                (child, n + helper, size, costs[0]),
                (np.arange(n), np.full(n, n + m), ask, np.zeros(n, np.int64)),
                (np.array([n + m]), np.array([n + m + 1]), np.array([spare]), np.zeros(1, np.int64)),
                (n + seat, np.full(seat.size, n + m + 1), np.ones(seat.size, np.int64), costs[1]),
            ],
            ask,
        )


def _flow(parts: list, ask: np.ndarray) -> int:
    """The least cost of sending everything asked to the last node; nothing where it cannot be sent."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        *(np.concatenate([part[at] for part in parts]).astype(np.int64) for at in range(4))
    )
    flow.set_nodes_supplies(np.arange(ask.size), ask)
    flow.set_node_supply(int(parts[2][1][0]), -int(ask.sum()))
    return flow.optimal_cost() if flow.solve() == flow.OPTIMAL else 0
