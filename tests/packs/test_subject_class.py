"""P2's clauses that live in forms: reciting is an easy contest, praise is of the heart or a small thing."""

from pathlib import Path

import bangfu
from bangfu.engine.commons import read_commons

ROOT = Path(bangfu.__file__).parent / "packs"
COMMON = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in ROOT.glob("_common/**/*.toml")
}


def forms():
    return read_commons(COMMON)[0].forms


def chips(form, group):
    return next(g.options for g in forms()[form].groups if g.key == group)


def test_the_contest_form_offers_reciting_a_text_first():
    assert chips("contest", "kind")[0] == "背课文"


def test_praise_is_of_the_heart_or_a_small_thing_and_the_form_keeps_them_apart():
    moral, material = set(chips("praise", "moral")), set(chips("praise", "material"))
    assert {"表扬信", "作业少做一点", "加一颗星"} <= moral
    assert material and not moral & material


def test_no_form_for_learning_asks_for_a_mark_or_a_place():
    mine = ("contest", "self_goal", "check_up", "practice", "error_feedback", "clinic", "election", "praise")
    said = " ".join(word for key in mine for g in forms()[key].groups for word in (g.title, *g.options))
    assert not any(word in said for word in ("分数", "名次", "得分", "第一名"))
    assert all(len(forms()[key].groups) <= 3 and not forms()[key].questions for key in mine)
