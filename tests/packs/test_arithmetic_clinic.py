"""P7B's clauses that live in forms: how errors are seen, the slips of habit, three ways to practise, three checks."""

from pathlib import Path

import pytest

import bangfu
from bangfu.engine.commons import read_commons

ROOT = Path(bangfu.__file__).parent / "packs"
COMMON = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in ROOT.glob("_common/**/*.toml")
}


def chips(form, group):
    return next(g.options for g in read_commons(COMMON)[0].forms[form].groups if g.key == group)


def test_errors_are_seen_in_four_places():
    assert chips("error_feedback", "seen_in") == ("课堂提问", "课堂练习", "板演", "作业批改")


@pytest.mark.parametrize(
    "slip", ["抄错数", "抄错符号", "先后顺序", "没看出简便", "数字不清", "小数点", "符号不清", "数位没对齐"]
)
def test_slips_of_habit_have_a_code_each(slip):
    assert chips("error_feedback", "slip").count(slip) == 1


def test_practice_is_seen_heard_and_contrasted():
    assert {"视算", "听算", "对比"} <= set(chips("practice", "mode"))


def test_three_steps_of_checking_are_ticked_on_the_practice_form():
    assert chips("practice", "checked") == ("方法合理", "数字符号没抄错", "得数验算过")
