"""A county from arrays has the same first three aims as each of its schools solved alone, and every pair its reason."""

import numpy as np

from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.whom import PairingRule
from bangfu.flow import solve
from bangfu.flow.solve_county import County

RULE = PairingRule(
    key="k", title="t", roles=("subject_teacher",), within="school", per_case={"min": 1, "max": 1},
    per_helper={"min": 0, "max": 9}, hard=("child_chooses",), prefer=("keep",),
)  # fmt: skip


def drawn(seed: int) -> County:
    """Six schools: some with room, some too short, some where more hold a helper than it may have."""
    draw = np.random.default_rng(seed)
    n, m = draw.integers(0, 12, 6), draw.integers(1, 5, 6)
    child_school, helper_school = np.repeat(np.arange(6), n), np.repeat(np.arange(6), m)
    pairs = [
        (c, h)
        for c in range(n.sum())
        for h in range(m.sum())
        if child_school[c] == helper_school[h] and draw.random() < 0.6
    ]
    child, helper = (np.array([pair[at] for pair in pairs], np.int64) for at in range(2))
    former = np.array(
        [draw.choice([-1, *np.flatnonzero(helper_school == school)]) for school in child_school], np.int64
    )
    most = draw.integers(1, 5, m.sum())
    return County(
        child_school, helper_school, child, helper, draw.integers(0, 9, child.size), np.minimum(1, most), most,
        former, np.full(child.size, 0b10),
    )  # fmt: skip


def school_of(county: County, at: int) -> Problem:
    chosen: dict[int, set] = {}
    for child, helper in zip(county.pair_child.tolist(), county.pair_helper.tolist(), strict=True):
        chosen.setdefault(child, set()).add(helper)
    children = tuple(
        Child(f"c{c}", "s", chosen=frozenset(chosen.get(c, ())), former_helper=None if held < 0 else held)
        for c, held in enumerate(county.former.tolist())
        if county.child_school[c] == at
    )
    helpers = tuple(
        Helper(h, str(h), {"s": frozenset({"subject_teacher"})}, least=int(county.least[h]), most=int(county.most[h]))
        for h in np.flatnonzero(county.helper_school == at).tolist()
    )
    return Problem(RULE, children, helpers)


def test_a_county_is_as_good_as_its_schools_one_by_one():
    for seed in range(12):
        county = drawn(seed)
        found = solve.county(county)
        alone = [{level.aim: level.value for level in solve.best(school_of(county, at)).levels} for at in range(6)]
        for aim in ("left_out", "below_minimum", "changed"):
            assert getattr(found, aim) == sum(one[aim] for one in alone), (seed, aim)
        held = np.bincount(found.helper[found.helper >= 0], minlength=county.most.size)
        assert (held <= county.most).all()
        allowed = set(zip(county.pair_child.tolist(), county.pair_helper.tolist(), strict=True))
        pairs = [(c, h) for c, h in enumerate(found.helper.tolist()) if h >= 0]
        assert allowed >= set(pairs)
        said = found.reasons()
        assert all(said[c] for c, _ in pairs)
        assert all("原来就是这位老师" in said[c] for c, h in pairs if county.former[c] == h)


def test_among_equal_answers_the_better_fit_is_taken():
    county = County(
        np.zeros(2, int), np.zeros(2, int), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), np.array([0, 5, 0, 9]),
        np.zeros(2, int), np.ones(2, int), np.full(2, -1), np.full(4, 2),
    )  # fmt: skip
    found = solve.county(county)
    assert found.helper.tolist() == [1, 0] and found.unfit == 5
