"""Random schools of thirty: no cap is broken, as many are served as can be, and the same question has the same answer."""

from dataclasses import replace
from random import Random

from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.part import Range
from bangfu.engine.whom import PairingRule
from bangfu.flow import solve

RULE = PairingRule(
    key="helper", title="结对", roles=("homeroom_teacher",), within="class", per_helper=Range(min=1, max=3),
    prefer=("keep", "even_load", "homeroom"),
)  # fmt: skip
HERE = frozenset({"homeroom_teacher"})


def drawn(seed: int) -> Problem:
    """Up to thirty children, each with the few adults who may take it."""
    chance = Random(seed)
    names = [f"h{n}" for n in range(chance.randint(1, 12))]
    children = tuple(
        Child(f"c{n}", "a", excluded=frozenset(h for h in names if chance.random() >= 0.4))
        for n in range(chance.randint(1, 30))
    )
    helpers = tuple(Helper(name, name, {"a": HERE}, most=chance.randint(1, 3)) for name in names)
    return Problem(RULE, children, helpers)


def test_no_children_need_no_solution():
    answer = solve.best(Problem(RULE, (), ()))
    assert (answer.pairs, answer.left_out, answer.is_proven) == ((), (), True)


def test_random_schools_never_break_a_cap_and_serve_as_many_as_can_be_served():
    for seed in range(60):
        problem = drawn(seed)
        answer = solve.best(problem)
        barred = {child.id: child.excluded for child in problem.children}
        assert all(helper not in barred[child] for child, helper in answer.pairs)
        for helper in problem.helpers:
            assert [one for _, one in answer.pairs].count(helper.id) <= helper.most
        assert len(answer.pairs) == _most_that_can_be_served(problem)
        assert len(answer.pairs) + len(answer.left_out) == len(problem.children)
        again = solve.best(replace(problem, helpers=problem.helpers[::-1]))
        assert again.levels == answer.levels


def _most_that_can_be_served(problem: Problem) -> int:
    """Plain augmenting paths, written for this test."""
    most = {helper.id: helper.most for helper in problem.helpers}
    barred = {child.id: child.excluded for child in problem.children}
    holds: dict = {helper: [] for helper in most}

    def place(child, seen) -> bool:
        for helper in most:
            if helper in barred[child] or helper in seen:
                continue
            seen.add(helper)
            if len(holds[helper]) < most[helper]:
                holds[helper].append(child)
                return True
            for other in list(holds[helper]):
                if place(other, seen):
                    holds[helper].remove(other)
                    holds[helper].append(child)
                    return True
        return False

    return sum(place(child.id, set()) for child in problem.children)
