"""The invented schools of `bench pair`: the same every time, short of helpers now and then, the county as large as said."""

from collections import Counter

import numpy as np
import pytest

from bangfu.bench import pair_county, pair_made, pair_proof


def test_the_same_school_is_drawn_every_time():
    assert [pair_made.random_school(n) for n in range(40)] == [pair_made.random_school(n) for n in range(40)]


def test_every_shape_of_rule_comes_up_and_some_schools_are_short():
    drawn = pair_made.schools(150)
    assert set(Counter(shape for shape, _ in drawn)) == set(pair_made.SHAPES)
    short = [pair_proof.most_pairable(p) < len(p.children) for _, p in drawn[:40]]
    assert any(short) and not all(short)


def test_all_240_can_be_paired_with_popular_mentors_but_taking_the_best_as_they_come_leaves_some():
    problem = pair_made.popular()
    assert len(problem.children) == 240 and len(problem.helpers) == 60
    assert pair_proof.most_pairable(problem) == 240
    free, left = dict.fromkeys((one.id for one in problem.helpers), 4), 0
    for child in problem.children:
        able = [one for one in sorted(child.chosen) if free[one]]
        left += not able
        if able:
            free[able[0]] -= 1
    assert left > 5


def test_brothers_and_sisters_know_each_other():
    problem = pair_made.extra(120, 20)
    by_id = {child.id: child for child in problem.children}
    pairs = [(one.id, other) for one in problem.children for other in one.siblings]
    assert len(pairs) == 20 and all(one in by_id[other].siblings for one, other in pairs)


@pytest.fixture(scope="module")
def whole():
    return pair_county.county()


def test_the_county_has_100_000_children_and_12_800_adults_in_128_schools(whole):
    assert whole.schools == 128
    assert (whole.child_from[-1], whole.helper_from[-1]) == (100_000, 12_800)
    assert len(whole.former) == 100_000 and len(whole.most) == 12_800
    assert 600_000 < len(whole.child) < 1_000_000


def test_nobody_of_last_year_held_more_than_the_cap_or_a_child_of_another_school(whole):
    held = whole.former[whole.former >= 0]
    assert np.bincount(held).max() <= pair_county.MOST
    children, adults = (
        np.repeat(np.arange(128), np.diff(starts)) for starts in (whole.child_from, whole.helper_from)
    )
    assert (children[whole.former >= 0] == adults[held]).all()
    assert (children[whole.child] == adults[whole.helper]).all()
    assert (np.diff(whole.child) >= 0).all()


def test_a_school_in_words_lets_the_same_pairs_be_as_the_school_in_numbers(whole):
    at = int(np.argmin(np.diff(whole.child_from)))
    one = pair_county.school(whole, at)
    plain = pair_proof.plain_of(pair_county.problem_of(one))
    assert (plain.child == one.child).all() and (plain.helper == one.helper).all()
    assert (plain.former == one.former).all()


def test_who_leaves_is_a_helper_no_more_and_everybody_keeps_who_they_had():
    problem = pair_made.popular()
    held = {child.id: "m00" for child in problem.children}
    smaller, gone = pair_made.without_some(problem, held)
    assert len(gone) == 5 and len(smaller.helpers) == 55
    assert not gone & {one.id for one in smaller.helpers}
    assert {one.former_helper for one in smaller.children} == {"m00"}
