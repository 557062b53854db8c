"""The checker of `bench pair` against slips made on purpose, and its searches against trying everything."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from bangfu.bench import pair_check, pair_made, pair_proof
from bangfu.bench.pair_proof import Plain
from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.plan import PairingRule


def rule(**more):
    given = {
        "key": "helper",
        "title": "结对",
        "roles": ("subject_teacher",),
        "per_helper": {"min": 1, "max": 2},
    }
    return PairingRule(**(given | more))


def school(children=3, helpers=2, asked=None, **more):
    taught = {"1.1": frozenset({"subject_teacher"})}
    return Problem(
        asked or rule(**more),
        tuple(Child(f"c{n}", "1.1", places={"grade": "g1"}, facts={"sex": "女"}) for n in range(children)),
        tuple(Helper(f"h{n}", f"h{n}", taught) for n in range(helpers)),
    )


def child_with(problem, **more):
    return replace(problem, children=(replace(problem.children[0], **more), *problem.children[1:]))


def helper_with(problem, **more):
    return replace(problem, helpers=(replace(problem.helpers[0], **more), *problem.helpers[1:]))


GOOD = [("c0", "h0"), ("c1", "h0"), ("c2", "h1")]


def test_good_pairs_break_nothing():
    assert pair_check.violations(school(), GOOD) == []


@pytest.mark.parametrize(
    "problem, pairs",
    [
        (school(), [("c0", "h0"), ("c1", "h0"), ("c2", "h0")]),  # beyond the cap
        (helper_with(school(), most=1), GOOD),  # beyond this helper's own cap
        (helper_with(school(), taken=1), GOOD),  # beyond the cap with what it has already
        (school(), [("c0", "h0"), ("c0", "h1")]),  # two helpers where one is meant
        (school(), [("c0", "h0"), ("c0", "h0")]),  # twice the same
        (school(), [("c0", "h9")]),  # nobody
        (child_with(school(), excluded=frozenset({"h0"})), GOOD),
        (child_with(school(), class_id="1.2"), GOOD),
        (child_with(school(), locked_helper="h1"), GOOD),
        (replace(school(), pins=frozenset({("c0", "h1")})), GOOD),  # what people decided is gone
        (helper_with(school(hard=("volunteer",)), volunteer=None), GOOD[:1]),
        (school(hard=("child_chooses",)), GOOD[:1]),
        (school(hard=("consent",)), GOOD[:1]),
        (school(where="boards == true"), GOOD[:1]),  # nobody knows
        (helper_with(school(helper_where="years >= 2"), facts={"years": 1}), GOOD[:1]),
        (school(hard=("two_adults_for_a_girl",), per_case={"min": 1, "max": 2}), GOOD[:1]),
        (school(hard=("a_local_in_each_group",)), GOOD[:1]),
        (school(short="refuse", per_helper={"min": 2, "max": 2}), GOOD),
        (school(seats=[{"role": "vice_principal", "title": "组长"}]), GOOD[:1]),
        (replace(child_with(school(), category="key"), at_most={"key": 0}), GOOD[:1]),
        (school(**{"for": ("orphan",)}), GOOD[:1]),
    ],
)
def test_every_slip_is_seen(problem, pairs):
    assert pair_check.violations(problem, pairs)


def test_a_pair_that_people_decided_may_stand_against_a_rule():
    problem = child_with(school(), excluded=frozenset({"h0"}))
    assert pair_check.violations(replace(problem, pins=frozenset({("c0", "h0")})), GOOD) == []


def test_who_has_fewer_helpers_than_needed_is_left_out():
    two = school(per_case={"min": 2, "max": 2})
    assert pair_check.left_out(two, [("c0", "h0"), ("c0", "h1"), ("c1", "h0")]) == ["c1", "c2"]


def everything(problem):
    """Every set of pairs there is, for very small schools."""
    pairs = [(child.id, helper.id) for child in problem.children for helper in problem.helpers]
    for taken in product((False, True), repeat=len(pairs)):
        yield [pair for pair, is_taken in zip(pairs, taken, strict=True) if is_taken]


def small(shape, number):
    """A random school cut down until everything can be tried."""
    drawn = (pair_made.random_school(n) for n in range(number * 60, number * 60 + 60))
    problem = next(p for s, p in drawn if s == shape)
    return replace(problem, children=problem.children[:3], helpers=problem.helpers[:4], pins=frozenset())


@pytest.mark.parametrize("shape", ["class", "grade", "girls", "two_each", "peer", "group", "team"])
@pytest.mark.parametrize("number", [0, 1])
def test_the_most_that_can_be_paired_is_what_trying_everything_finds(shape, number):
    problem = small(shape, number)
    most = max(
        len(problem.children) - len(pair_check.left_out(problem, pairs))
        for pairs in everything(problem)
        if not pair_check.violations(problem, pairs)
    )
    assert pair_proof.most_pairable(problem) == most


def tiny(draw):
    """A tiny school in numbers: four children, three helpers, drawn arcs, fit, history, caps and floors."""
    child, helper = np.nonzero(draw.random((4, 3)) < 0.7)
    return Plain(
        child,
        helper,
        draw.integers(0, 3, len(child)),
        draw.integers(-1, 3, 4),
        draw.integers(0, 2, 3),
        draw.integers(1, 3, 3),
        np.zeros(3, int),
        np.zeros(4, bool),
    )


def answers(plain):
    allowed = [[-1, *plain.helper[plain.child == child].tolist()] for child in range(4)]
    for chosen in map(np.array, product(*allowed)):
        if (np.bincount(chosen[chosen >= 0], minlength=3) <= plain.most).all():
            yield chosen


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("down_to", ["left_out", "changed", "unfit"])
def test_the_certificate_holds_for_the_best_answers_and_for_no_other(seed, down_to):
    plain = tiny(np.random.default_rng(seed))
    asked = pair_proof.LEVELS[: pair_proof.LEVELS.index(down_to) + 1]

    def order(chosen):
        found = pair_proof.levels(plain, chosen)
        return tuple(found[level] for level in asked)

    every = list(answers(plain))
    best = min(map(order, every))
    assert all(pair_proof.certified(plain, one, down_to) == (order(one) == best) for one in every)


def test_a_pinned_child_is_never_left_out_for_another_who_could_keep_theirs():
    """Two children, one place: the second had it, people gave it to the first."""
    one = np.array([0, 1])
    plain = Plain(
        one, one * 0, one * 0, np.array([-1, 0]), *np.array([[0], [1], [0]]), np.array([True, False])
    )
    assert pair_proof.augmented(plain).tolist() == [0, -1]
    assert pair_proof.certified(plain, np.array([0, -1]), "unfit")
    assert not pair_proof.certified(replace(plain, pinned=one > 1), np.array([0, -1]), "unfit")


@pytest.mark.parametrize("seed", range(6))
def test_the_optimisers_among_the_peers_find_the_best_and_greedy_breaks_nothing(seed):
    pytest.importorskip("networkx")
    from bangfu.bench import pair_peers

    plain = tiny(np.random.default_rng(seed))
    best = min(tuple(pair_proof.levels(plain, one).values()) for one in answers(plain))
    for peer in (pair_peers.scipy_dense, pair_peers.scipy_sparse, pair_peers.networkx):
        assert tuple(pair_proof.levels(plain, peer(plain)).values()) == best
    for peer in (pair_peers.greedy, pair_peers.matching):
        assert any((peer(plain) == one).all() for one in answers(plain))
