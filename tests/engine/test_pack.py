"""A pack is read with every fault at once, each with its place and in Chinese; nothing half right gets through."""

import pytest

from bangfu.engine import pack
from bangfu.engine.commons import Commons
from bangfu.engine.fact import FactSpec
from bangfu.engine.register import FormSpec

KNOWN = Commons(
    facts={"boards": FactSpec(key="boards", title="住校", type="bool")},
    forms={"talk": FormSpec(key="talk", title="谈心")},
    registers={},
)
GOOD = """
key = "reading"
title = "每周一读"
short_title = "每周一读"
subject = "child"
edition = "seed"

[[category]]
key = "boarder"
title = "住校生"
where = "住校"

[selection]
per_class = { min = 2, max = 4 }
by = ["homeroom_teacher"]

[[pairing]]
key = "helper"
title = "结对"
roles = ["homeroom_teacher", "class_attached_teacher"]
per_helper = { min = 1, max = 2 }

[[duty]]
key = "talk"
title = "谈心"
who = ["helper"]
every = { unit = "teaching_week" }
accepts = ["talk"]
"""


def faults_of(text):
    plan, faults = pack.read(text, "plan.toml", KNOWN)
    assert plan is None
    return {f.where: f for f in faults}


def test_a_good_pack_has_no_faults():
    plan, faults = pack.read(GOOD, "plan.toml", KNOWN)
    assert faults == [] and plan.duty("talk").every.unit == "teaching_week"


def test_four_faults_are_told_at_once_with_their_places():
    bad = (
        GOOD.replace('where = "住校"', 'where = "住笑"')
        .replace("min = 2, max = 4", "min = 5, max = 4")
        .replace('unit = "teaching_week"', 'unit = "fortnight"')
        .replace('accepts = ["talk"]', 'accepts = ["talk"]\ntimes = "两次"\nminuts = 10')
    )
    found = faults_of(bad)
    assert {where: f.what for where, f in found.items()} == {
        "plan.toml:category[boarder].where": "不认识的事实「住笑」",
        "plan.toml:selection.per_class": "最少 5 个比最多 4 个还多，做不到",
        "plan.toml:duty[talk].every.unit": "「fortnight」不在可写的里面",
        "plan.toml:duty[talk].times": "要写整数",
        "plan.toml:duty[talk].minuts": "不认识的键「minuts」",
    }
    assert "minutes" in found["plan.toml:duty[talk].minuts"].hint
    assert "住校" in found["plan.toml:category[boarder].where"].hint
    assert "teaching_week" in found["plan.toml:duty[talk].every.unit"].hint


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        ('every = { unit = "teaching_week" }', "", "plan.toml:duty[talk]", "没有写时间要求"),
        (
            'every = { unit = "teaching_week" }',
            'every = { unit = "month" }\non = { event = "x", days = 3 }',
            "plan.toml:duty[talk]",
            "时间要求写了 2 种",
        ),
        ('accepts = ["talk"]', 'accepts = ["chat"]', "plan.toml:duty[talk].accepts", "没有「chat」这种记录"),
        ('accepts = ["talk"]', "accepts = []", "plan.toml:duty[talk].accepts", "项数不能少于 1"),
        ('accepts = ["talk"]', 'accepts = ["talk"]\ntimes = 30', "plan.toml:duty[talk].times", "一个周期里要 30 次，做不到"),
        ('accepts = ["talk"]', 'accepts = ["talk"]\ndue_day = 30', "plan.toml:duty[talk].due_day", "只有每月的要求才能写几号"),
        ('who = ["helper"]', 'who = ["teacher"]', "plan.toml:duty[talk].who[第1个]", "「teacher」不在可写的里面"),
        ('per_helper = { min = 1, max = 2 }', "per_helper = { min = 1, max = 1 }\n[[x]]", "plan.toml:x", "不认识的键「x」"),
        (
            "min = 2, max = 4",
            "min = 5, max = 9",
            "plan.toml:selection.per_class.min",
            "每班至少选 5 个，而结对的教师一共只能带 4 个",
        ),
        ('key = "talk"', 'key = "谈心"', "plan.toml:duty[谈心].key", "键「谈心」只能用小写英文字母、数字和下划线"),
        ('subject = "child"', "", "plan.toml:subject", "缺少「subject」"),
        ('subject = "child"', 'subject = "staff"', "plan.toml:subject", "「staff」不在可写的里面"),
    ],
)  # fmt: skip
def test_each_kind_of_fault_says_what_and_where(old, new, where, what):
    assert old in GOOD
    found = faults_of(GOOD.replace(old, new))
    assert found[where].what == what


def test_the_same_key_twice_is_a_fault():
    again = GOOD + GOOD[GOOD.index("[[duty]]") :]
    assert "用了两次" in faults_of(again)["plan.toml:duty[第2个].key"].what


def test_broken_toml_says_the_line():
    (where,) = faults_of(GOOD.replace('title = "每周一读"', 'title = "每周一读'))
    assert where == "plan.toml:第 3 行第 14 个字"
    assert faults_of("[[duty")


def test_more_children_than_helpers_can_take_is_a_doubt_with_both_numbers():
    files = {"reading/plan.toml": GOOD.replace("max = 4", "max = 6")}
    assert (
        "最多选 6 个" in pack.load(files).warnings[0].what
        and "只能带 4 个" in pack.load(files).warnings[0].what
    )


def test_a_folder_is_checked_as_a_whole():
    assert pack.check({"reading/plan.toml": GOOD}) == []
    assert pack.check({})[0].what == "这里没有方案包"
    wrong = {
        f.what
        for f in pack.check(
            {"other/plan.toml": GOOD, "other/recommended.toml": GOOD, "_common/odd/x.toml": ""}
        )
    }
    assert "键「reading」和文件夹「other」不一样" in wrong
    assert 'recommended.toml 里要写 edition = "recommended"' in wrong
    assert "不认识的文件夹" in wrong


def test_a_recommended_edition_without_its_changes_is_refused():
    faults = pack.check({"reading/recommended.toml": GOOD.replace('"seed"', '"recommended"')})
    assert [f.what for f in faults] == ["建议版要写明改了什么、为什么"]


def test_a_wrong_example_is_a_fault_that_says_what_came_out():
    examples = """
[calendar]
[[calendar.term]]
key = "2026-2027-1"
starts_on = 2026-09-01
ends_on = 2027-01-22
[[cadence]]
title = "第一周"
duty = "talk"
from = 2026-09-01
to = 2026-09-06
due_on = [2026-09-04]
[[story]]
title = "没记"
editions = ["seed"]
child = { opened_on = 2026-09-01 }
day = 2026-09-20
states = { "talk 2026-2027-1/W01" = "done" }
"""
    faults = pack.check({"reading/plan.toml": GOOD, "reading/examples.toml": examples})
    assert [f.what for f in faults] == [
        "到期日应是 2026-09-04，算出来是 2026-09-06",
        "「talk 2026-2027-1/W01」应是 done，算出来是 can_still_be_added",
    ]
    assert pack.check({"reading/plan.toml": GOOD, "reading/examples.toml": examples[:40]})


def test_a_digest_does_not_depend_on_line_ends():
    assert pack.digest(GOOD) == pack.digest(GOOD.replace("\n", "\r\n")) != pack.digest(GOOD + "x = 1")


def test_a_byte_order_mark_is_forgiven():
    assert pack.read("\ufeff" + GOOD, "plan.toml", KNOWN)[1] == []


def test_the_engine_itself_loads_nothing_heavy():
    import subprocess
    import sys

    code = (
        "import sys, bangfu.engine, bangfu.engine.pack, bangfu.engine.matching, bangfu.engine.eligibility;"
        "print([m for m in ('django','ortools','openpyxl','pypinyin','holidays','jinja2') if m in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )
