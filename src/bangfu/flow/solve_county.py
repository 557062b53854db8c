"""A whole county at once: arrays in, the best helper of every child out, school by school, no Python loop per arc.

Only what a flow can say: caps, floors, keeping pairs, fit. A school's own board uses solve.best.
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
    raise NotImplementedError
