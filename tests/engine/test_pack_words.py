# ruff: noqa: E501 - one mistake a line
"""Words nobody declared, quotas nobody can meet and days that never come: told with their place, doubts with numbers."""

import pytest

from bangfu.engine import pack
from bangfu.engine.commons import Commons
from bangfu.engine.plan import Parameter
from bangfu.engine.register import FormSpec, Labels
from tests.engine.test_pack import GOOD
from tests.engine.test_pack import KNOWN as FEW

CAP = Parameter.model_validate(
    {"key": "weekly_minutes_cap", "title": "上限", "values": [{"from": "2026-01-01", "value": 90}]}
)
KNOWN = Commons(
    facts=FEW.facts,
    forms={"talk": FormSpec(key="talk", title="谈心")},
    registers={"month_check": None},
    parameters={"weekly_minutes_cap": CAP},
    labels=Labels(event={"absence": "没有到校"}, formula={"coverage": "比例"}),
)
EVERY = 'every = { unit = "teaching_week" }'
MORE = 'accepts = ["talk"]\n'


def told(text):
    return {f.where.partition(":")[2]: f.what for f in pack.read(text, "plan.toml", KNOWN)[1]}


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        (MORE, MORE + 'for = ["nobody"]', "duty[talk].for", "没有「nobody」这一类"),
        (MORE, MORE + 'where = "住笑"', "duty[talk].where", "不认识的事实「住笑」"),
        (MORE, MORE + 'form = "tallk"', "duty[talk].form", "没有「tallk」这张记录表"),
        (MORE, MORE + '[[tip]]\ntext = "慢慢来"\nat = ["chat"]', "tip[第1个].at", "没有「chat」这种记录"),
        (MORE, MORE + '[[register]]\nkey = "r"\ntitle = "表"\nspec = "no"', "register[r].spec", "没有「no」这张表"),
        (MORE, MORE + '[[fund]]\nkey = "f"\ntitle = "款"\nkind = "grant"\nrate = "no"', "fund[f].rate", "没有「no」这个参数"),
        (MORE, MORE + '[[indicator]]\nkey = "i"\ntitle = "数"\nformula = "no"', "indicator[i].formula", "没有「no」这个算法"),
        (MORE, MORE + '[[file]]\nkey = "f"\ntitle = "档"\nof = "child"\nneeds = ["no"]', "file[f].needs", "没有「no」这个事实"),
        (EVERY, 'on = { event = "snow", days = 3 }', "duty[talk].on.event", "没有「snow」这件事，不能从它算起"),
        (EVERY, 'every = { unit = "week", anchor = 2026-09-07 }', "duty[talk].every.anchor", "每个周期都要，anchor 没有作用"),
        (EVERY, 'every = { unit = "week", weekdays = [1,2,3,4,5,6,7] }', "duty[talk].every.weekdays", "星期一到星期日都写了，等于没有写"),
        (EVERY, 'every = { unit = "school_day", weekdays = [6] }', "duty[talk].every.weekdays", "星期六、星期日不上学也不上班，这一天不会来"),
        (EVERY, 'every = { unit = "week", weekdays = [2] }\ntimes = 3', "duty[talk].times", "一个周期里要 3 次，做不到"),
        (EVERY, 'once = { after = "term_start", n = 3, unit = "day", not_before = 9 }', "duty[talk].once.not_before", "最早第 9，最迟第 3，没有一天可做"),
        (EVERY, 'once = { after = "school_year_start", n = 60, unit = "teaching_week" }', "duty[talk].once.n", "60 比一个学年还长"),
        (MORE, MORE + 'by = "each"\npersons = 2', "duty[talk].persons", "by 要各人各做一次，persons 又要 2 人一起做，合不到一处"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place(old, new, where, what):
    assert told(GOOD) == {}
    assert told(GOOD.replace(old, new)) == {where: what}


@pytest.mark.parametrize(
    ("old", "new", "where", "numbers"),
    [
        (MORE, MORE + "minutes = 60", "pairing[helper].per_helper.max", ("2 个", "120 分钟", "90 分钟")),
        (MORE, MORE + "sample = 0.3", "duty[talk].sample", ("30 个", "70 个")),
        (EVERY, 'every = { unit = "month", n = 8 }', "duty[talk].every.n", ("每 8 个", "5 个")),
        (EVERY, 'once = { after = "term_start", n = 20, unit = "teaching_week" }', "duty[talk].once.n", ("20 周", "17 周")),
        ("min = 2, max = 4", "min = 2, max = 6", "selection.per_class.max", ("6 个", "4 个")),
    ],
)  # fmt: skip
def test_each_doubt_comes_with_both_numbers(old, new, where, numbers):
    from bangfu.engine.commons import toml
    from bangfu.engine.pack_check import warnings

    assert warnings(toml(GOOD, "p")[0], "p", KNOWN) == []
    (doubt,) = warnings(toml(GOOD.replace(old, new), "p")[0], "p", KNOWN)
    assert doubt.where == f"p:{where}" and all(number in doubt.what for number in numbers)
