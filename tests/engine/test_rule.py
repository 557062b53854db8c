"""Rules answer yes, no or unknown, with reasons; a blank cell is never a no."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.rule import read

SPECS = {
    s.key: s
    for s in (
        FactSpec(key="grade", title="年级", type="int"),
        FactSpec(key="boards", title="住校", type="bool"),
        FactSpec(key="sex", title="性别", type="choice", choices=("男", "女")),
        FactSpec(key="birth_date", title="出生日期", type="date"),
        FactSpec(key="village", title="村", type="text"),
    )
}


def answer(text, **facts):
    rule, faults = read(text, SPECS)
    assert not faults
    return rule.judge(facts)


@pytest.mark.parametrize(
    ("text", "facts", "said"),
    [
        ("年级 >= 3", {"grade": 3}, True),
        ("grade < 3", {"grade": 3}, False),
        ("性别 == 女", {"sex": "女"}, True),
        ("性别 != '女'", {"sex": "女"}, False),
        ("年级 in [1, 2]", {"grade": 2}, True),
        ("年级 in （1，2）", {"grade": 5}, False),
        ("住校", {"boards": True}, True),
        ("not 住校", {"boards": True}, False),
        ("住校 == false", {"boards": False}, True),
        ('出生日期 < "2016-09-01"', {"birth_date": date(2016, 3, 1)}, True),
        ("住校 and 年级 >= 3", {"boards": False}, False),  # decided without the grade
        ("住校 or 年级 >= 3", {"boards": True}, True),
        ("住校 and 年级 >= 3", {"boards": True}, None),
        ("住校 or 年级 >= 3", {"boards": False}, None),
        ("not (住校 or 年级 >= 3)", {"boards": False, "grade": 1}, True),
        ("住校 or 年级 > 1 and 年级 < 3", {"boards": False, "grade": 2}, True),
        ("年级 >= 3", {"grade": None}, None),
        ("年级 >= 3", {"grade": "三"}, None),  # what cannot be compared is not known
    ],
)
def test_three_answers(text, facts, said):
    assert answer(text, **facts).answer is said


def test_unknown_names_the_fewest_facts_that_could_settle_it():
    assert answer("年级 >= 3 and 性别 == 女 or 住校").unknown == ("boards",)
    assert answer("年级 >= 3 and 性别 == 女", sex="女").unknown == ("grade",)
    assert answer("年级 >= 3", grade=1).unknown == ()


def test_reasons_name_the_clauses_that_decided_with_their_source():
    found = answer("住校 or 年级 >= 3", boards=Stated(True, date(2026, 9, 1), source="学籍"), grade=1)
    assert [(r.fact, r.text) for r in found.reasons] == [("boards", "住校：是（学籍，2026年9月1日）")]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "（没有了）"),
        ("年级 >", "这里要写一个值"),
        ("年级 + 1 > 3", "读不懂"),
        ("len(年级) > 3", "不能调用函数"),
        ("(年级 > 3", "括号没有合上"),
        ("年级 > 3 住校", "放在这里读不懂"),
        ("年级 in 3", "in 后面要写一列"),
        ("年极 > 3", "不认识的事实「年极」"),
        ("住校 > 3", "不能用 > 比大小"),
        ("性别 == 其他", "「性别」不会是「其他」"),
        ("年级 == 三", "「年级」不会是「三」"),
        ("年级", "不是是非题"),
        ("出生日期 < 三月", "是日期"),
        ("pupil.grade > 3", "读不懂"),
    ],
)
def test_what_the_grammar_refuses_is_said_in_chinese(text, what):
    rule, faults = read(text, SPECS, "plan.toml:category[x].where")
    assert rule is None and faults
    assert any(what in f.what for f in faults)
    assert faults[0].where == "plan.toml:category[x].where"


def test_a_slip_of_the_pen_gets_a_guess():
    assert "住校" in read("在校", SPECS)[1][0].hint or "是" in read("bords", SPECS)[1][0].hint


def test_a_rule_without_declared_facts_still_reads():
    rule, faults = read("年级 >= 3 and 性别 == 女")
    assert not faults and rule.names == ("年级", "性别")


leaf = st.sampled_from(["a", "b", "c"])
trees = st.recursive(
    leaf,
    lambda part: st.one_of(
        part.map(lambda p: f"not ({p})"),
        st.tuples(part, part).map(lambda p: f"({p[0]}) and ({p[1]})"),
        st.tuples(part, part).map(lambda p: f"({p[0]}) or ({p[1]})"),
    ),
    max_leaves=8,
)


@given(trees, st.dictionaries(leaf, st.booleans()))
def test_a_definite_answer_survives_every_later_fact_and_unknown_is_never_a_guess(text, facts):
    rule, _ = read(text)
    said = rule.judge(facts)
    missing = [name for name in "abc" if name not in facts]
    later = [
        rule.judge(facts | dict(zip(missing, values, strict=True))).answer
        for values in product([True, False], repeat=len(missing))
    ]
    assert None not in later
    if said.answer is not None:
        assert set(later) == {said.answer}
        return
    assert said.unknown and set(said.unknown) <= set(missing)
    if all(text.count(name) < 2 for name in "abc"):  # what it asks for can indeed settle it
        ways = product([True, False], repeat=len(said.unknown))
        some = [rule.judge(facts | dict(zip(said.unknown, way, strict=True))).answer for way in ways]
        assert any(answer is not None for answer in some)
