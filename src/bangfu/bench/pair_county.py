"""The county of `bangfu bench pair` as numpy arrays: 128 schools, 100,000 children, 12,800 adults, who may take whom.

Out: one `County`, in which every index runs school by school; `school` cuts one out, `problem_of` writes it in words.
"""

from dataclasses import dataclass

import numpy as np

from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.plan import PairingRule

SEED = 51
CHILDREN, HELPERS, SCHOOLS = 100_000, 12_800, 128
QUICK = 16  # schools with --quick
LEAST, MOST = 4, 10
IN_CLASS = 45
HOMEROOM, OTHER, DRAWN = 0, 4, 4  # fit of an arc: the class teacher first, then a drawn 0…3


@dataclass(frozen=True, slots=True, eq=False)
class County:
    """Arcs in the order of their children; the three `_from` arrays say where each school starts, and the end."""

    child: np.ndarray  # of each arc
    helper: np.ndarray
    fit: np.ndarray  # 0 is best
    former: np.ndarray  # of each child: its helper so far, -1 for none
    least: np.ndarray  # of each helper
    most: np.ndarray
    class_of: np.ndarray  # of each child
    arc_from: np.ndarray
    child_from: np.ndarray
    helper_from: np.ndarray

    @property
    def schools(self) -> int:
        return len(self.child_from) - 1


def county(schools: int = SCHOOLS) -> County:
    """This function will draw the first `schools` schools of the county."""
    draw = np.random.default_rng(SEED)
    children = _shares(draw, CHILDREN, SCHOOLS)[:schools]
    helpers = np.maximum(np.round(children * HELPERS / CHILDREN).astype(int), 3)
    if schools == SCHOOLS:
        helpers[-1] += HELPERS - helpers.sum()
    parts = [_school(draw, int(c), int(h)) for c, h in zip(children, helpers, strict=True)]
    child_from, helper_from = _starts(children), _starts(helpers)
    return County(
        child=np.concatenate([p.child + at for p, at in zip(parts, child_from[:-1], strict=True)]),
        helper=np.concatenate([p.helper + at for p, at in zip(parts, helper_from[:-1], strict=True)]),
        fit=np.concatenate([p.fit for p in parts]),
        former=np.concatenate(
            [np.where(p.former < 0, -1, p.former + at) for p, at in zip(parts, helper_from[:-1], strict=True)]
        ),
        least=np.full(helpers.sum(), LEAST),
        most=np.full(helpers.sum(), MOST),
        class_of=np.concatenate([p.class_of for p in parts]),
        arc_from=_starts(np.array([len(p.child) for p in parts])),
        child_from=child_from,
        helper_from=helper_from,
    )


def _shares(draw: np.random.Generator, total: int, count: int) -> np.ndarray:
    """Large schools and small ones: sizes that add up."""
    sizes = np.maximum(np.round(draw.gamma(4.0, 1.0, count) * total / count / 4), 40).astype(int)
    sizes = np.round(sizes * total / sizes.sum()).astype(int)
    sizes[np.argmax(sizes)] += total - sizes.sum()
    return sizes


def _starts(counts: np.ndarray) -> np.ndarray:
    return np.concatenate([[0], np.cumsum(counts)])


def _school(draw: np.random.Generator, children: int, helpers: int) -> County:
    classes = max(1, round(children / IN_CLASS))
    class_of = np.sort(np.arange(children) % classes)
    first = np.arange(helpers) % classes  # each adult has one class, four in ten a second
    second = np.where(draw.random(helpers) < 0.4, draw.integers(0, classes, helpers), first)
    teaches = np.zeros((classes, helpers), bool)
    teaches[first, np.arange(helpers)] = teaches[second, np.arange(helpers)] = True
    child, helper = np.nonzero(teaches[class_of])
    heads = helper == class_of[child]  # helper n is the class teacher of class n
    fit = np.where(heads, HOMEROOM, OTHER) + draw.integers(0, DRAWN, len(child))
    return County(
        child,
        helper,
        fit,
        _former(draw, child, helper, children),
        np.full(helpers, LEAST),
        np.full(helpers, MOST),
        class_of,
        *(np.array([0, size]) for size in (len(child), children, helpers)),
    )


def _former(draw: np.random.Generator, child: np.ndarray, helper: np.ndarray, children: int) -> np.ndarray:
    """Last year's pairs: somebody of the class, nobody with more than the cap, one child in ten new."""
    order = draw.permutation(len(child))
    former = np.full(children, -1)
    former[child[order]] = helper[order]  # one drawn arc a child
    former[draw.random(children) < 0.1] = -1
    by_helper = np.argsort(former, kind="stable")
    held = former[by_helper]
    place = np.arange(children) - np.searchsorted(held, held)
    former[by_helper[place >= MOST]] = -1
    return former


def school(made: County, at: int) -> County:
    """This function will cut one school out, counted from nought."""
    arcs, children, helpers = (
        slice(int(one[at]), int(one[at + 1])) for one in (made.arc_from, made.child_from, made.helper_from)
    )
    former = made.former[children]
    return County(
        made.child[arcs] - children.start,
        made.helper[arcs] - helpers.start,
        made.fit[arcs],
        np.where(former < 0, -1, former - helpers.start),
        made.least[helpers],
        made.most[helpers],
        made.class_of[children],
        *(np.array([0, one.stop - one.start]) for one in (arcs, children, helpers)),
    )


def typical(made: County) -> int:
    """This function will name the school whose size is nearest the mean."""
    sizes = np.diff(made.child_from)
    return int(np.argmin(np.abs(sizes - sizes.mean())))


def problem_of(made: County) -> Problem:
    """This function will write one school as a problem in words: class teacher first, last year's pairs kept."""
    rule = PairingRule(
        key="helper",
        title="结对",
        roles=("homeroom_teacher", "subject_teacher"),
        within="class",
        per_case={"min": 1, "max": 1},
        per_helper={"min": LEAST, "max": MOST},
        hard=("own_child_excluded", "conflict_excluded", "acceptance"),
        prefer=("keep", "even_load", "homeroom"),
    )
    roles: dict[int, dict[int, frozenset]] = {}
    pairs = np.unique(np.stack([made.helper, made.class_of[made.child]]), axis=1)
    for helper, where in zip(*pairs.tolist(), strict=True):
        head = helper == where
        roles.setdefault(helper, {})[where] = frozenset({"homeroom_teacher" if head else "subject_teacher"})
    helpers = tuple(
        Helper(f"h{n}", f"老师{n}", roles.get(n, {}), least=LEAST, most=MOST) for n in range(len(made.most))
    )
    children = tuple(
        Child(
            f"c{n}",
            where,
            f"学生{n}",
            former_helper=None if held < 0 else f"h{held}",
            class_title=f"{where}班",
        )
        for n, (where, held) in enumerate(zip(made.class_of.tolist(), made.former.tolist(), strict=True))
    )
    return Problem(rule, children, helpers)
