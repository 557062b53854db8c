"""Lower bounds by flows that leave out what a flow cannot say: no answer, however long the search, can be better.

Each bound holds for answers that are as good in all weightier aims; where those aren't proven themselves, it falls
back to nothing. Loads are bounded by letting children be split minute by minute.
"""

from functools import cached_property
from math import gcd

import numpy as np

from bangfu.flow import solve_flow
from bangfu.flow.solve_flow import Grid


class Bounds:
    """The bounds of one problem, each flow run once."""

    def __init__(self, made: Grid):
        self.made = made
        self.gone = sum(len(made.problem.formers(child)) for child in made.children)
        self._relaxed: dict[int, dict[str, int]] = {}

    @cached_property
    def left_out(self) -> int:
        """This property will say how many children stay without at least."""
        count = np.bincount(self.made.child[solve_flow.solve(self.made)], minlength=len(self.made.children))
        missing = int(np.maximum(0, self.made.need - count).sum())
        return int(np.searchsorted(np.cumsum(np.sort(self.made.need)[::-1]), missing)) + 1 if missing else 0

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
        return relaxed[aim] if all(values[one] == relaxed[one] for one in before) else 0

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
        """Brothers and sisters who all keep different adults stay with different adults."""
        from bangfu.engine.matching_price import families

        if not self._is_all_kept(values):
            return 0
        made = self.made
        held: dict = {}
        for c, h in zip(made.child[made.is_kept].tolist(), made.helper[made.is_kept].tolist(), strict=True):
            held.setdefault(made.children[c].id, set()).add(h)
        met = [set().union(*(held.get(one, ()) for one in family)) for family in families(made.problem)]
        return sum(max(0, len(some) - 1) for some in met)

    def _minutes(self, aim: str, values: dict[str, int]) -> int:
        made = self.made
        open_pairs = self._open(values)
        unit = gcd(*made.weight.tolist()) or 1
        child, helper = made.child[open_pairs], made.helper[open_pairs]
        ask, n, m = made.need * made.weight // unit, len(made.children), len(made.helpers)
        spare = int(np.sort(ask)[::-1][: values["left_out"]].sum())
        most = np.bincount(helper, made.weight[child] // unit, minlength=m).astype(np.int64)
        seat = np.repeat(np.arange(m), most)
        nth = np.arange(seat.size) - np.repeat(np.cumsum(most) - most, most)
        before = made.base[seat] + nth * unit
        step = unit * (2 * before + unit)
        if aim == "overtime":
            over = np.maximum(0, before + unit - made.cap[seat]) - np.maximum(0, before - made.cap[seat])
            step = np.where(made.cap[seat] > 0, over, 0)
        flow, total = _flow(
            [
                (child, n + helper, made.weight[child] // unit, np.zeros(child.size, np.int64)),
                (np.arange(n), np.full(n, n + m), ask, np.zeros(n, np.int64)),
                (np.array([n + m]), np.array([n + m + 1]), np.array([spare]), np.zeros(1, np.int64)),
                (n + seat, np.full(seat.size, n + m + 1), np.ones(seat.size, np.int64), step),
            ],
            ask,
        )
        if aim == "overtime":
            past = np.where(made.cap > 0, np.maximum(0, made.base - made.cap), 0)
            return flow + int(past.sum()) if total else 0
        return flow + int((made.base**2).sum()) if total else 0


def _flow(parts: list, ask: np.ndarray) -> tuple[int, bool]:
    """The least cost of sending everything asked to the last node, and whether it could be sent."""
    from ortools.graph.python import min_cost_flow

    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(
        *(np.concatenate([part[at] for part in parts]).astype(np.int64) for at in range(4))
    )
    sink = int(parts[2][1][0])
    flow.set_nodes_supplies(np.arange(ask.size), ask)
    flow.set_node_supply(sink, -int(ask.sum()))
    if flow.solve() != flow.OPTIMAL:
        return 0, False
    return flow.optimal_cost(), True
