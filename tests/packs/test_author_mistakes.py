"""A plan full of an author's mistakes: every one is told at once, in Chinese, each with its file and place."""

import re

import pytest

from bangfu.command.packs import pack_texts
from bangfu.engine import pack

WRONG = """
key = "mistakes"
title = "写错的方案"
short_title = "写错的方案"
subject = "child"
edition = "seed"
colour = "red"

[[category]]
key = "left"
title = "留守"
where = "留首"

[[category]]
key = "left"
title = "又一个"
where = "留守 or ("

[selection]
per_class = { min = 5, max = 4 }
by = ["homeroom_teacher"]

[[pairing]]
key = "helper"
title = "结对"
roles = ["homeroom_teacher"]
per_helper = { min = 1, max = "两个" }

[[duty]]
key = "talk"
title = "谈心"
for = ["boarders"]
who = ["helper"]
every = { unit = "month" }
times = 60
accepts = ["talk"]

[[duty]]
key = "chat"
title = "聊天"
who = ["helper"]
every = { unit = "teaching_week" }
accepts = ["chating"]
minutes = "十分钟"

[[duty]]
key = "survey"
title = "摸底"
who = ["homeroom_teacher"]
once = { after = "term_start", n = 30, unit = "teaching_week" }
accepts = ["survey"]

[[duty]]
key = "visit"
title = "家访"
where = "住笑"
who = ["teachers"]
every = { unit = "fortnight" }
accepts = ["home_visit"]

[[duty]]
key = "both"
title = "写了两种"
who = ["helper"]
every = { unit = "month" }
on = { event = "absence", days = 3 }
accepts = ["talk"]

[[award]]
key = "prize"
title = "奖"
formula = "level_gain"
share = [0.5, 0.4]
prizes = ["一", "二"]
"""
TOLD = {
    "an unknown key": ("colour", "不认识的键「colour」"),
    "an unknown fact": ("category[left].where", "不认识的事实「留首」"),
    "the same key twice": ("category[第2个].key", "键「left」用了两次"),
    "a rule that cannot be read": ("category[left].where", "规则读不懂"),
    "more at least than at most": ("selection.per_class", "最少 5 个比最多 4 个还多"),
    "a word for a number": ("pairing[helper].per_helper.max", "要写整数"),
    "a category nobody has": ("duty[talk].for", "boarders"),
    "a quota nobody can meet": ("duty[talk].times", "一个周期里要 60 次，做不到"),
    "a record nobody makes": ("duty[chat].accepts", "没有「chating」这种记录"),
    "minutes in words": ("duty[chat].minutes", "要写整数"),
    "later than the term": ("duty[survey].once.n", "30 比一个学期还长"),
    "an unknown fact in a duty": ("duty[visit].where", "不认识的事实「住笑」"),
    "an unknown role": ("duty[visit].who", "「teachers」不在可写的里面"),
    "an unknown unit": ("duty[visit].every.unit", "「fortnight」不在可写的里面"),
    "two cadences": ("duty[both]", "时间要求写了 2 种"),
    "shares that are not one": ("award[prize]", "加起来是 1"),
}


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("packs") / "mistakes"
    folder.mkdir()
    (folder / "plan.toml").write_text(WRONG, encoding="utf-8")
    return pack.check(pack_texts(folder)[0])


@pytest.mark.parametrize("mistake", TOLD)
def test_each_mistake_is_told_where_it_stands(told, mistake):
    where, what = TOLD[mistake]
    said = [f for f in told if f.where.startswith(f"mistakes/plan.toml:{where}")]
    assert any(what in fault.what for fault in said), [str(fault) for fault in told]


def test_all_are_told_at_once_in_chinese_and_nothing_twice(told):
    assert len(told) >= len(TOLD)
    assert all(re.search(r"[一-龥]{2}", fault.what) for fault in told)
    assert len({(fault.where, fault.what) for fault in told}) == len(told)


def test_a_wrong_word_in_a_list_is_one_mistake(told):
    assert len([fault for fault in told if fault.where.startswith("mistakes/plan.toml:duty[visit].who")]) == 1
