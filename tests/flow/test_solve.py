"""The flow behind pairing: nobody left over, minimums first, even load, then fit; the same answer every time."""

import random

from bangfu.flow.solve import Seats, assign


def test_no_children_need_no_solution():
    assert assign([], {}, {}) == {}


def test_everybody_is_served_even_if_a_wish_must_give_way():
    costs = {("a", "x"): 0, ("b", "x"): 0, ("b", "y"): 900}
    assert assign(["a", "b"], costs, {"x": Seats(1, 1), "y": Seats(1, 1)}) == {"a": "x", "b": "y"}


def test_each_helper_gets_the_minimum_before_anyone_gets_two():
    costs = {(child, helper): 0 if helper == "x" else 999 for child in "ab" for helper in "xy"}
    assert set(assign(list("ab"), costs, {"x": Seats(1, 2), "y": Seats(1, 2)}).values()) == {"x", "y"}


def test_a_child_for_whom_nobody_is_left_is_absent():
    assert assign(["a", "b"], {("a", "x"): 0, ("b", "x"): 5}, {"x": Seats(1, 1)}) == {"a": "x"}


def test_random_schools_never_break_a_cap_and_serve_as_many_as_can_be_served():
    for seed in range(60):
        chance = random.Random(seed)
        children, helpers = (
            list(range(chance.randint(1, 30))),
            [f"h{n}" for n in range(chance.randint(1, 12))],
        )
        costs = {(c, h): chance.randrange(999) for c in children for h in helpers if chance.random() < 0.4}
        seats = {h: Seats(1, chance.randint(1, 3)) for h in helpers}
        found = assign(children, costs, seats)
        assert all(pair in costs for pair in found.items())
        for helper in helpers:
            assert list(found.values()).count(helper) <= seats[helper].most
        assert len(found) == _most_that_can_be_served(children, costs, seats)
        assert found == assign(children, dict(reversed(costs.items())), seats)


def _most_that_can_be_served(children, costs, seats) -> int:
    """Plain augmenting paths, written for this test."""
    holds: dict = {helper: [] for helper in seats}

    def place(child, seen) -> bool:
        for helper in seats:
            if (child, helper) not in costs or helper in seen:
                continue
            seen.add(helper)
            if len(holds[helper]) < seats[helper].most:
                holds[helper].append(child)
                return True
            for other in list(holds[helper]):
                if place(other, seen):
                    holds[helper].remove(other)
                    holds[helper].append(child)
                    return True
        return False

    return sum(place(child, set()) for child in children)
