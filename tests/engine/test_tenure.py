"""Which pairs hold no longer, and how few changes suffice: tables."""

from datetime import date

import pytest

from bangfu.engine import tenure
from bangfu.engine.bond import Child, Helper
from bangfu.engine.part import Range
from bangfu.engine.plan import PairingRule
from bangfu.engine.tenure import Held

RULE = PairingRule(
    key="helper", title="结对", roles=("homeroom_teacher",), per_helper=Range(min=1, max=2),
    hard=("own_child_excluded",),
)  # fmt: skip
LI = Helper("li", "李老师", {"3-2": frozenset({"homeroom_teacher"})})
SUN = Helper("sun", "孙老师", {"3-1": frozenset({"homeroom_teacher"})})


def held(at, helper="li", class_id="3-2", since=date(2026, 9, 1), **more):
    child = Child(at, class_id, name=f"学生{at}", **more)
    return Held(at, child, helper, {"li": "李老师", "sun": "孙老师"}[helper], since)


def why(*pairs, gone=None, helpers=(LI, SUN), rule=RULE):
    found = tenure.lapsed(rule, pairs, {one.id: one for one in helpers}, gone or {})
    return {one.pair.id: one.why for one in found}


@pytest.mark.parametrize(
    ("pairs", "gone", "told"),
    [
        ([held(1)], {}, {}),
        ([held(1), held(2)], {"li": "李老师要长时间请假"}, dict.fromkeys((1, 2), "李老师要长时间请假")),
        ([held(1, class_id="3-1")], {}, {1: "李老师不在本班，或不是结对的岗位"}),
        ([held(1, class_id=None)], {"li": "李老师要长时间请假"}, {1: "学生已经不在学校"}),
        ([held(1, excluded=frozenset({"li"}))], {}, {1: "李老师要回避，或没有接"}),
    ],
)
def test_a_pair_lapses_for_one_reason_in_words_or_stays(pairs, gone, told):
    assert why(*pairs, gone=gone) == told


def test_whoever_has_none_of_the_roles_any_more_is_named():
    assert why(held(1), helpers=(SUN,)) == {1: "李老师现在不在这些岗位上了"}


def test_beyond_the_cap_the_pair_that_began_last_gives_way():
    early, late = date(2026, 9, 1), date(2026, 10, 1)
    assert why(held(1, since=late), held(2, since=early), held(3, since=early)) == {
        1: "李老师按方案最多 2 名，已经满了"
    }


def test_a_pair_for_a_year_is_said_again_in_the_next_and_the_same_two_may_stay():
    rule = RULE.model_copy(update={"lasts": "school_year"})
    old, new = held(1, since=date(2026, 3, 1)), held(2, since=date(2026, 9, 1))
    began = {"term": date(2026, 9, 1), "school_year": date(2026, 9, 1)}
    (over,) = tenure.over(rule, [old, new], began)
    assert (over.pair.id, over.may_stay) == (1, True)
    assert tenure.over(RULE, [old, new], began) == ()
    assert tenure.over(rule, [old, new], {"school_year": None}) == ()


@pytest.mark.parametrize(
    ("asked", "changed", "bound", "words"),
    [
        ({"forced": 0, "moved": 0}, 0, 0, "没有要换的"),
        ({"forced": 4, "moved": 0, "stay": 23}, 4, 4, "这 4 对原来的老师不能再带，一对也省不掉。别的 23 对都不动"),
        ({"forced": 1, "moved": 2, "bound": 2}, 3, 3, "另外 2 对要让出位置"),
        ({"forced": 1, "moved": 2, "bound": 1}, 3, 2, "至少要换 2 对；中间的 1 对还没有算到底"),
        ({"forced": 0, "moved": 0, "over": 2}, 0, 0, "2 对随学生离开而结束，不用再找人"),
        ({"forced": 2, "moved": 0, "left_out": 1}, 2, 2, "还有 1 名学生按方案找不到人"),
    ],
)  # fmt: skip
def test_the_fewest_changes_are_said_with_what_is_proven(asked, changed, bound, words):
    found = tenure.fewest(tenure.Counts(**asked))
    assert (found.changed, found.bound, found.is_proven) == (changed, bound, changed == bound)
    assert words in found.sentence
