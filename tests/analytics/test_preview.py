"""A dry run counts exactly what judging child by child would say, and asks for the same facts first."""

import random
from collections import Counter

import pytest

from bangfu.analytics.preview import preview, rules_of
from bangfu.engine import eligibility, pack
from bangfu.engine.fact import FactSpec

SPECS = {
    "learning": FactSpec(key="learning", title="学习", type="choice", choices=("跟得上", "很吃力")),
    "boards": FactSpec(key="boards", title="住校", type="bool"),
    "grade": FactSpec(key="grade", title="年级", type="int"),
}
TEXT = """
key = "try_out"
title = "试一试"
short_title = "试一试"
edition = "seed"
subject = "child"
{selection}
[[category]]
key = "slow"
title = "学习"
{first}
[[category]]
key = "far"
title = "住校的大孩子"
{second}
"""
FIRST, SECOND = 'where = "学习 == 很吃力"', 'where = "住校 and 年级 >= 5 or not (年级 < 9)"'
CHOSEN = '[selection]\nby = ["homeroom_teacher"]\nwhere = "not 住校 and (学习 == 很吃力 or 年级 == 1)"'


def plan_of(selection="", first=FIRST, second=SECOND):
    plan, faults = pack.read(TEXT.format(selection=selection, first=first, second=second), "plan.toml", SPECS)
    assert plan is not None, faults
    return plan


@pytest.mark.parametrize("many", [1, 30, 3000])
@pytest.mark.parametrize(
    "plan", [plan_of(), plan_of(CHOSEN), plan_of(first=""), plan_of(first="", second="")]
)
def test_a_dry_run_counts_what_judging_child_by_child_says(plan, many):
    draw = random.Random(many)
    children = [
        {
            "learning": draw.choice(("跟得上", "很吃力", None)),
            "boards": draw.choice((True, False, None)),
            "grade": draw.choice((1, 4, 5, 9, None)),
        }
        for _ in range(many)
    ]
    seen = preview(plan, {fact: [child[fact] for child in children] for fact in SPECS}, SPECS)
    advice = [eligibility.judge(plan, child, SPECS) for child in children]
    answers = [one.verdict.answer for one in advice]
    assert [{1: True, 0: False, -1: None}[int(one)] for one in seen.answer] == answers
    counts = Counter(answers)
    assert (seen.whole.yes, seen.whole.no, seen.whole.unknown) == (
        counts[True],
        counts[False],
        counts[None],
    )
    assert tuple(seen.whole.find_out) == eligibility.find_out(advice)
    for n, count in enumerate(seen.categories):
        found = [one.findings[n] for one in advice]
        assert (count.key, count.title) == (f"category.{found[0].category}", found[0].title)
        held = Counter(one.verdict.answer for one in found)
        assert (count.yes, count.no, count.unknown) == (held[True], held[False], held[None])
        asked = Counter(name for one in found for name in one.verdict.unknown)
        assert dict(count.find_out) == dict(asked)


def test_a_fact_nobody_has_is_unknown_for_all_and_asked_first():
    seen = preview(plan_of(), {"boards": [True, True, False]}, SPECS)
    assert (seen.whole.yes, seen.whole.no, seen.whole.unknown) == (0, 0, 3)
    assert seen.whole.find_out == {"learning": 3}


def test_a_plan_whose_words_nobody_knows_cannot_be_tried():
    with pytest.raises(ValueError, match="不认识的事实"):
        rules_of(plan_of(), {})
