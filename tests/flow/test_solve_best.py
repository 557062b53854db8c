"""The solver against plain enumeration: every rule a plan can say, every aim in its order, on cases small enough to try all."""

from collections import Counter
from dataclasses import replace
from itertools import chain, combinations, product
from random import Random
from time import monotonic

import numpy as np
import pytest

from bangfu.engine import matching, matching_price, matching_proof
from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.part import Range
from bangfu.engine.whom import PairingRule, Seat
from bangfu.flow import solve, solve_flow, solve_polish, solve_whole

HOMEROOM, SUBJECT = "homeroom_teacher", "subject_teacher"
SHAPES = ("plain", "several", "minutes", "families", "girls", "locals", "seats", "kinds", "pins", "wishes")


def drawn(shape: str, seed: int) -> Problem:
    """A school of up to four children and four adults under one shape of rule."""
    draw = Random(f"{shape}{seed}")
    most = draw.randint(1, 3)
    per_case = {"min": 1, "max": 2} if shape in ("several", "girls", "minutes") else {"min": 1, "max": 1}
    hard = {"girls": ("two_adults_for_a_girl",), "locals": ("a_local_in_each_group",)}.get(shape, ())
    seats = (Seat(role=HOMEROOM, title="组长"),) if shape == "seats" else ()
    if shape in ("locals", "seats"):
        per_case = {"min": 2, "max": 2}
    prefer = {"wishes": ("keep", "one_adult_many_roles", "child_choice", "homeroom", "even_load")}.get(
        shape, draw.choice([("keep", "even_load", "homeroom"), ("keep", "homeroom", "even_load")])
    )
    rule = PairingRule(
        key="k", title="t", roles=(HOMEROOM, SUBJECT), within="class", per_case=per_case,
        per_helper={"min": 1, "max": most}, hard=hard, prefer=prefer, seats=seats,
    )  # fmt: skip
    helpers = tuple(_helper(draw, shape, n, most) for n in range(draw.randint(2, 4)))
    children = [_child(draw, shape, n, helpers) for n in range(draw.randint(1, 4))]
    if shape == "families" and len(children) > 1:
        children[0], children[1] = (
            _with(children[0], siblings=frozenset({"c1"})), _with(children[1], siblings=frozenset({"c0"}))
        )  # fmt: skip
    pins = frozenset({("c0", draw.choice(helpers).id)}) if shape == "pins" else frozenset()
    return Problem(rule, tuple(children), helpers, pins, at_most={"key": 1} if shape == "kinds" else {})


def _with(one, **more):
    from dataclasses import replace

    return replace(one, **more)


def _helper(draw, shape, n, most):
    roles = {c: frozenset({draw.choice((HOMEROOM, SUBJECT))}) for c in draw.sample(["a", "b"], draw.randint(1, 2))}
    return Helper(
        f"h{n}", f"老师{n}", roles, least=draw.randint(0, 1), most=most, taken=draw.choice([0, 0, 1]),
        local=draw.random() < 0.5, minutes=draw.choice([0, 20]) if shape == "minutes" else 0,
        cap_minutes=draw.choice([0, 30]) if shape == "minutes" else 0,
    )  # fmt: skip


def _child(draw, shape, n, helpers):
    ids = [helper.id for helper in helpers]
    return Child(
        f"c{n}", draw.choice("ab"), f"学生{n}", excluded=frozenset(draw.sample(ids, draw.choice([0, 0, 1]))),
        former_helper=draw.choice([None, *ids, "gone"]), category=draw.choice(["", "key"]),
        chosen=tuple(draw.sample(ids, draw.randint(0, 2))) if shape == "wishes" else frozenset(),
        helped_by=frozenset(draw.sample(ids, 1)) if shape == "wishes" else frozenset(),
        minutes=draw.choice([10, 15, 25]) if shape == "minutes" else 0, facts={"sex": draw.choice("男女")},
    )  # fmt: skip


def every_way(problem: Problem):
    """All sets of pairs that the hard rules allow, each child with everything it must have or with nothing new."""
    by_id = {helper.id: helper for helper in problem.helpers}
    choices = []
    for child in problem.children:
        pinned = {helper for one, helper in problem.pins if one == child.id}
        able = {
            h.id for h in problem.helpers if problem.room(h) and matching.allowed(problem.rule, child, h)
        } | pinned
        teams = chain.from_iterable(combinations(sorted(able), n) for n in range(problem.most(child) + 1))
        choices.append([
            team for team in teams if pinned <= {*team}
            and ({*team} == pinned or matching_price.is_whole(problem, child, [by_id[one] for one in team]))
        ])  # fmt: skip
    for ways in product(*choices):
        pairs = [(child.id, one) for child, team in zip(problem.children, ways, strict=True) for one in team]
        if not broken(problem, pairs):
            yield pairs


def broken(problem: Problem, pairs) -> bool:
    for helper in problem.helpers:
        mine = [child for child in problem.children if (child.id, helper.id) in pairs]
        pinned = [child for child in mine if (child.id, helper.id) in problem.pins]
        if len(mine) > max(problem.room(helper), len(pinned)):
            return True
        for kind, most in problem.at_most.items():
            count, fixed = (sum(child.category == kind for child in some) for some in (mine, pinned))
            if count > max(most, fixed):
                return True
    return False


@pytest.mark.parametrize("shape", SHAPES)
def test_the_answer_is_the_best_of_all_ways_in_every_aim_and_says_so(shape):
    for seed in range(25):
        problem = drawn(shape, seed)
        answer = solve.best(problem, seconds=60)
        worth = [list(matching_price.price(problem, pairs).values()) for pairs in every_way(problem)]
        assert [level.value for level in answer.levels] == min(worth), (shape, seed)
        assert answer.is_proven and answer.gap == 0.0, (shape, seed)
        assert not broken(problem, answer.pairs) and problem.pins <= set(answer.pairs)
        assert set(answer.reasons) == set(answer.pairs) and all(answer.reasons.values())
        assert answer.left_out == matching_price.left_out(problem, answer.pairs)


def test_the_same_question_in_another_order_has_the_same_answer():
    for seed in range(10):
        problem = drawn("wishes", seed)
        turned = Problem(problem.rule, problem.children[::-1], problem.helpers[::-1])
        assert set(solve.best(problem).pairs) == set(solve.best(turned).pairs)


def test_what_a_flow_answers_has_no_better_exchange_and_a_worse_answer_has_one():
    worse = 0
    for seed in range(25):
        problem = drawn("plain", seed)
        answer = solve.best(problem)
        assert answer.how == "flow" and matching_proof.improving_cycle(problem, answer.pairs) == ()
        if answer.pairs:
            worse += 1
            assert matching_proof.improving_cycle(problem, answer.pairs[1:])
    assert worse > 15


def test_no_time_at_all_still_gives_pairs_that_break_nothing_and_an_honest_gap():
    seen = 0
    for shape in ("girls", "minutes", "families", "locals", "seats"):
        for seed in range(8):
            problem = drawn(shape, seed)
            hurried = solve.best(problem, seconds=0)
            assert not broken(problem, hurried.pairs)
            best = {level.aim: level.value for level in solve.best(problem, seconds=60).levels}
            first = next((level for level in hurried.levels if level.value > level.bound), None)
            assert hurried.is_proven is (first is None) and (hurried.gap > 0) is (first is not None)
            if hurried.levels[0].bound:
                assert hurried.levels[0].bound <= best["left_out"]
            seen += first is not None
    assert seen


def test_nobody_to_pair_and_nobody_to_help_are_answers_too():
    rule = PairingRule(key="k", title="t", roles=(HOMEROOM,))
    child = Child("c", "a", "小满")
    assert solve.best(Problem(rule, (), ())).pairs == ()
    alone = solve.best(Problem(rule, (child,), ()))
    assert alone.left_out == ("c",) and alone.is_proven
    (way,) = solve.give_way(Problem(rule, (child,), ()))
    assert "现在没有一位老师可以带" in way.sentence


def mathematics(name: str, **more) -> Helper:
    return Helper(name, name, {"三2": frozenset({HOMEROOM})}, **{"most": 2, **more})


RULE = PairingRule(key="k", title="结对", roles=(HOMEROOM,), per_helper={"min": 1, "max": 2})


def class_of(count: int, **more) -> tuple[Child, ...]:
    return tuple(Child(f"c{n}", "三2", f"学生{n}", class_title="三（2）班", **more) for n in range(count))


def test_five_children_and_two_teachers_of_two_places_lack_one_and_it_is_said_with_numbers():
    problem = Problem(RULE, class_of(5), (mathematics("李老师"), mathematics("王老师")))
    (way,) = solve.give_way(problem)
    assert (way.kind, way.by) == ("cap", 1) and way.who in ("李老师", "王老师")
    assert way.sentence.startswith("三（2）班有 5 名学生要结对，2 位老师最多带 4 名，差 1 名。可以请")
    assert solve.give_way(Problem(RULE, class_of(4), problem.helpers)) == ()


def test_an_own_child_never_gives_way_and_an_earlier_no_may():
    own = class_of(1, excluded=frozenset({"李老师"}))
    (way,) = solve.give_way(Problem(RULE, own, (mathematics("李老师"),)))
    assert way.who == "c0" and "先补上一位" in way.sentence
    declined = class_of(1, excluded=frozenset({"李老师"}), declined=frozenset({"李老师"}))
    (way,) = solve.give_way(Problem(RULE, declined, (mathematics("李老师"),)))
    assert (way.kind, way.who) == ("avoided", ("c0", "李老师"))


def test_somebody_of_another_class_or_role_is_named_when_that_is_the_mildest():
    near = Helper("张老师", "张老师", {"三1": frozenset({HOMEROOM})}, most=2)
    (way,) = solve.give_way(Problem(RULE, class_of(1), (near,)))
    assert (way.kind, way.who) == ("place", ("c0", "张老师"))
    here = Helper("赵老师", "赵老师", {"三2": frozenset({SUBJECT})}, most=2)
    (way,) = solve.give_way(Problem(RULE, class_of(1), (here,)))
    assert (way.kind, way.who) == ("role", ("c0", "赵老师"))


def test_no_smaller_set_of_rules_would_do():
    from bangfu.engine import matching_way

    for seed in range(40):
        problem = drawn("plain", seed)
        bends = matching_way.bends(problem, range(len(problem.children)))
        options = []
        for at, child in enumerate(problem.children):
            direct = [(h.id, 0) for h in problem.helpers if problem.room(h) and matching.allowed(problem.rule, child, h)]
            options.append(direct + [(problem.helpers[h].id, 1) for (c, h) in bends if c == at])
        if not all(options):
            continue
        least = min(
            sum(bent for _, bent in way)
            + sum(max(0, sum(one == h.id for one, _ in way) - problem.room(h)) for h in problem.helpers)
            for way in product(*options)
        )
        assert sum(way.by for way in solve.give_way(problem)) == least, seed


@pytest.mark.parametrize("shape", ["locals", "seats"])
def test_who_follows_what_is_said_for_groups_and_teams_pairs_everybody_who_waits_for_nobody(shape):
    followed = 0
    for seed in range(40):
        problem = drawn(shape, seed)
        ways = solve.give_way(problem)
        assert bool(ways) == bool(solve.best(problem).left_out), seed
        more = {way.who: way.by for way in ways if way.kind == "cap"}
        waiting = {way.who for way in ways if way.kind != "cap" and not isinstance(way.who, tuple)}
        usual = problem.rule.per_helper.max
        able = tuple(replace(h, most=min(h.most, usual) + more.get(h.id, 0)) for h in problem.helpers)
        pins = frozenset(way.who for way in ways if isinstance(way.who, tuple)) | problem.pins
        rule = problem.rule.model_copy(update={"per_helper": Range(min=problem.rule.per_helper.min, max=99)})
        after = solve.best(replace(problem, rule=rule, helpers=able, pins=pins))
        assert set(after.left_out) <= waiting, seed
        assert not any("差 0 名" in way.sentence or "差 -" in way.sentence for way in ways), seed
        followed += bool(ways) and not waiting
    assert followed


def test_two_adults_for_a_girl_that_cannot_be_had_are_named_as_what_must_come_together():
    rule = PairingRule(
        key="k", title="t", roles=(HOMEROOM,), per_case={"min": 1, "max": 2}, per_helper={"max": 2},
        hard=("two_adults_for_a_girl",),
    )  # fmt: skip
    girl = Child("c0", "三2", "小满", facts={"sex": "女"})
    problem = Problem(rule, (girl,), (mathematics("李老师"),))
    answer = solve.best(problem)
    assert answer.left_out == ("c0",) and answer.pairs == ()
    ways = solve.give_way(problem)
    assert ways and all(way.sentence for way in ways)


def test_a_refusing_plan_hears_whose_minimum_is_not_met():
    rule = RULE.model_copy(update={"short": "refuse"})
    problem = Problem(rule, class_of(1), (mathematics("李老师"), mathematics("王老师")))
    (way,) = solve.give_way(problem)
    assert (way.kind, way.by) == ("floor", 1)


def test_what_is_forced_is_a_lower_bound_and_reached_where_places_allow():
    gone = matching_proof.forced(Problem(RULE, class_of(2, former_helper="走了"), (mathematics("李老师"),)))
    assert gone.count == 2 and len(gone.gone) == 2
    crowd = Problem(RULE, class_of(3, former_helper="李老师"), (mathematics("李老师"), mathematics("王老师")))
    assert matching_proof.forced(crowd).crowded == (("李老师", 1),)
    for seed in range(30):
        problem = drawn("plain", seed)
        changed = {level.aim: level.value for level in solve.best(problem).levels}["changed"]
        assert matching_proof.forced(problem).count <= changed


def test_minutes_over_compares_the_most_loaded_adult_with_the_best():
    children = (Child("c0", "三2", minutes=20), Child("c1", "三2", minutes=12))
    problem = Problem(RULE, children, (mathematics("李老师"), mathematics("王老师")))
    best = solve.best(problem)
    both = (("c0", "李老师"), ("c1", "李老师"))
    assert matching.minutes_over(problem, both, best) == 12 and matching.minutes_over(problem, best.pairs, best) == 0


def large(draw: Random) -> Problem:
    """A school in which everybody may help everybody, with minutes, families, counted kinds, and fit before even loads."""
    rule = PairingRule(
        key="k", title="t", roles=(HOMEROOM, SUBJECT), within="school", per_case={"min": 1, "max": 2},
        per_helper={"min": 1, "max": 9}, prefer=("keep", "homeroom", "even_load"), hard=("two_adults_for_a_girl",),
    )  # fmt: skip
    helpers = tuple(
        Helper(f"h{n:02}", f"老师{n}", {f"{n}": frozenset({HOMEROOM})}, least=1, most=9) for n in range(24)
    )
    children = tuple(
        Child(
            f"c{n:03}", f"{draw.randrange(24)}", minutes=draw.choice([10, 15, 30]), category=draw.choice(["key", "", ""]),
            former_helper=draw.choice([None, f"h{draw.randrange(24):02}"]), facts={"sex": draw.choice(["男", "男", "女"])},
            siblings=frozenset({f"c{n ^ 1:03}"}) if n < 24 else frozenset(),
        )
        for n in range(120)
    )  # fmt: skip
    return Problem(rule, children, helpers, at_most={"key": 4})


@pytest.mark.parametrize("seed", range(3))
def test_evening_loads_in_a_large_school_breaks_nothing_and_costs_no_weightier_aim(seed):
    made = solve_flow.grid(large(Random(seed)))
    chosen = solve_polish.allowed_only(made, solve_flow.solve(made))
    after = solve_polish.even(made, chosen, monotonic() + 20)
    before, reached = (matching_price.price(made.problem, made.pairs(one)) for one in (chosen, after))
    assert reached["uneven"] < before["uneven"]
    assert all(reached[aim] <= before[aim] for aim in before if aim != "uneven")
    assert (np.bincount(made.helper[after], minlength=24) <= made.room).all()
    kinds = Counter(
        h for c, h in made.pairs(after) if next(one for one in made.children if one.id == c).category == "key"
    )
    assert max(kinds.values()) <= 4


def test_the_small_model_of_families_and_fit_never_asks_more_than_the_best_has():
    problem = large(Random(1))
    made = solve_flow.grid(problem)
    least = solve_whole.choose(made, 0, 20)
    answer = solve.best(problem, seconds=10)
    value = {level.aim: level.value for level in answer.levels}
    assert (least.left_out, least.changed) == (value["left_out"], value["changed"])
    assert least.apart <= value["apart"]
    assert least.apart < value["apart"] or least.unfit <= value["unfit"]
