"""Early warning in words: at most three, from data, without number, sum or colour."""

from dataclasses import fields
from datetime import date, timedelta

import pytest

from bangfu.engine import rule, signal
from bangfu.engine.fact import Stated
from bangfu.engine.signal import Seen, Signal, Signals
from bangfu.flow import adopt

DAY = date(2026, 11, 10)


def days(*back):
    return [DAY - timedelta(days=n) for n in back]


def said(*values):
    spread = [DAY - timedelta(days=20 * n) for n in range(len(values))][::-1]
    return [Stated(value, on) for value, on in zip(values, spread, strict=True)]


def reasons(**seen):
    commons = adopt.shelf().commons
    return signal.reasons(commons.signals, Seen(day=DAY, **seen), commons.facts)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        ({}, ()),
        ({"away": days(1, 2)}, ()),
        ({"away": days(1, 2, 3)}, ("这一阵缺课比平时多",)),
        ({"away": days(40, 41, 42)}, ()),
        ({"facts": {"keeping_up": said("跟得上", "很吃力")}}, ("有的课学得比上回吃力",)),
        ({"facts": {"keeping_up": said("很吃力", "跟得上")}}, ()),
        ({"facts": {"keeping_up": said("很吃力")}}, ()),
        ({"facts": {"level_maths": said(3, 2)}}, ("有的课学得比上回吃力",)),
        ({"facts": {"mood": said("平稳", "常常低落")}}, ("情绪比上回低落",)),
        ({"events": {"incident": days(3)}}, ()),
        ({"events": {"incident": days(3, 9)}}, ("这一阵说到过不止一次矛盾",)),
        ({"heard_on": DAY - timedelta(days=50)}, ("好一阵子没有人提起这个孩子",)),
        ({"heard_on": DAY - timedelta(days=5)}, ()),
        ({"known_since": DAY - timedelta(days=5)}, ()),
    ],
)
def test_each_point_says_its_sentence(seen, words):
    assert reasons(**seen) == words


def test_never_more_than_three_and_never_a_digit():
    everything = {
        "away": days(*range(1, 9)), "events": {"incident": days(1, 2, 3)}, "heard_on": DAY - timedelta(days=90),
        "facts": {"keeping_up": said("跟得上", "很吃力"), "mood": said("平稳", "常常低落")},
    }  # fmt: skip
    found = reasons(**everything)
    assert len(found) == 3 and not any(sign.isdigit() for words in found for sign in words)


def test_words_with_a_number_are_refused():
    for words in ("缺了 3 天课哦", "百分之 80% 可能"):
        with pytest.raises(ValueError, match="不写数字"):
            Signal.model_validate({"key": "a", "kind": "absences", "words": words, "days": 30})


def test_a_point_that_cannot_be_worked_out_is_a_fault():
    specs = adopt.shelf().commons.facts
    raw = {
        "watched": [{"words": "谁", "where": "nonsense"}],
        "signal": [
            {"key": "a", "kind": "falling", "words": "学得比上回吃力", "days": 30, "facts": ["traits"]}
        ],
    }
    assert len(signal.faults_in(Signals.model_validate(raw), specs)) == 2
    assert signal.faults_in(adopt.shelf().commons.signals, specs) == []


@pytest.mark.parametrize(
    "facts",
    [{"orphan": True}, {"left_behind_roll": 1}, {"exited_poor": True}, {"hardship_level": "一般困难"}, {"tekun": True}],
)  # fmt: skip
def test_lists_and_ledgers_mean_the_same_children_when_they_look_at_some_first(facts):
    commons = adopt.shelf().commons
    everybody = rule.read(commons.signals.watch, commons.facts)[0]
    groups = [rule.read(one.where, commons.facts)[0] for one in commons.signals.watched]
    assert everybody.judge(facts).answer and any(one.judge(facts).answer for one in groups)
    assert not everybody.judge(dict.fromkeys(facts, False) | {"hardship_level": "没有困难"}).answer


def test_nothing_can_carry_a_score_or_a_colour():
    names = {*Signal.model_fields, *Signals.model_fields, *(one.name for one in fields(Seen))}
    assert not {"score", "weight", "points", "colour", "color", "level", "risk"} & names
