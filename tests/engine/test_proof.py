"""What an author writes about the plan itself is played: paths, gaps, goals, prizes, pairs. Wrong ones say why."""

import pytest

from bangfu.engine import pack, proof
from bangfu.engine.example import Aim, Gap, Honour, Match, Says
from bangfu.engine.fact import FactSpec

FACTS = {
    "boards": FactSpec(key="boards", title="住校", type="bool"),
    "sex": FactSpec(key="sex", title="性别", type="choice", choices=("男", "女")),
    "local": FactSpec(key="local", title="本地", type="bool"),
}
PLAN, FAULTS = pack.read(
    """
key = "proofs"
title = "例子"
short_title = "例子"
subject = "child"
edition = "seed"

[[category]]
key = "moved"
title = "转来的学生"
where = "住校"

[selection]
per_class = { min = 2, max = 4 }
by = ["homeroom_teacher"]

[[pairing]]
key = "helper"
title = "结对"
roles = ["homeroom_teacher", "subject_teacher"]
for = ["moved"]
where = "住校"
per_helper = { min = 1, max = 2 }
hard = ["own_child_excluded", "acceptance", "teaches_class"]

[[pairing]]
key = "buddy"
title = "伙伴"
kind = "peer"
roles = ["peer"]
hard = ["volunteer", "same_class", "child_chooses"]
per_helper = { min = 0, max = 1 }

[[pairing]]
key = "sponsor"
title = "资助"
kind = "sponsor"
roles = ["sponsor"]
within = "school"
hard = ["consent"]
per_helper = { min = 1, max = 1 }

[[pairing]]
key = "circle"
title = "小组"
kind = "group"
roles = ["peer"]
per_case = { min = 2, max = 3 }
per_helper = { min = 0, max = 5 }
hard = ["same_class", "a_local_in_each_group"]

[[pairing]]
key = "home"
title = "上门"
kind = "team"
roles = ["staff"]
within = "school"
helper_where = "本地"
per_case = { min = 1, max = 3 }
hard = ["two_adults_for_a_girl"]
seats = []

[[duty]]
key = "talk"
title = "谈心"
who = ["helper"]
every = { unit = "month" }
accepts = ["talk"]

[[file]]
key = "child_file"
title = "一生一档"
of = "child"
for = ["moved"]
needs = ["boards", "sex"]

[[goal]]
key = "steps"
title = "小步"
milestones = { min = 1, max = 2 }
needs = ["时间", "内容"]
step = 1

[[award]]
key = "progress"
title = "进步奖"
formula = "place_gain"
share = [0.2, 0.3, 0.5]
prizes = ["一等奖", "二等奖", "三等奖"]

[[award]]
key = "level"
title = "有进步"
formula = "level_gain"

[[award]]
key = "reached"
title = "到了"
formula = "goal_reached"

[[parameter]]
key = "rate"
title = "标准"
values = [{ from = 2025-09-01, value = 62500 }]

[[tip]]
text = "慢慢来。"
source = "X-07"
""",
    "plan.toml",
    FACTS,
)


def play(kind, **said):
    return proof.run(kind.model_validate({"title": "t"} | said), PLAN, FACTS)


def test_the_plan_of_these_examples_is_sound():
    assert FAULTS == []


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("pairing.helper.per_helper.max", 2),
        ("pairing.helper.per_helper", {"min": 1, "max": 2}),
        ("pairing.helper.for", ["moved"]),
        ("selection.per_class.min", 2),
        ("category", ["moved"]),
        ("category.moved.lasts", "term"),
        ("categories.0.title", "转来的学生"),
        ("duty.talk.every", {"unit": "month"}),
        ("duty.talk.accepts", ["talk"]),
        ("duty.talk.due_day", ""),
        ("duty.talk.persons", 1),
        ("file.child_file.needs", ["boards", "sex"]),
        ("parameter.rate.values.0.from", "2025-09-01"),
        ("award.progress.share", [0.2, 0.3, 0.5]),
        ("tip.0.text", "慢慢来。"),
        ("tip.X-07.text", "慢慢来。"),
        ("publicity", ""),
    ],
)
def test_a_path_leads_to_what_the_plan_says(at, said):
    assert play(Says, at=at, **{"is": said}) == []


@pytest.mark.parametrize(
    ("at", "said", "why"),
    [
        ("pairing.helper.per_helper.max", 3, "「pairing.helper.per_helper.max」应是 3，方案里是 2"),
        ("duty.talk.every", {"unit": "term"}, "「duty.talk.every」应是"),
        ("duty.talk.every", {"unt": "month"}, "「duty.talk.every」应是"),
        ("duty.talk.persons", True, "「duty.talk.persons」应是 true，方案里是 1"),
        ("category", ["moved", "more"], "应是 moved、more，方案里是 moved"),
        ("duty.talk.due_day", 3, "应是 3，方案里是 None"),
        ("duty.walk.every", 1, "方案里没有「duty.walk」"),
        ("tip.1", 1, "方案里没有「tip.1」"),
        ("nothing", 1, "方案里没有「nothing」"),
    ],
)
def test_a_path_that_says_otherwise_or_leads_nowhere_is_told(at, said, why):
    (told,) = play(Says, at=at, **{"is": said})
    assert why in told


@pytest.mark.parametrize(
    ("category", "facts", "missing"),
    [
        ("moved", {}, ["boards", "sex"]),
        ("moved", {"boards": False}, ["sex"]),
        ("moved", {"boards": False, "sex": ""}, ["sex"]),
        ("moved", {"boards": True, "sex": "女"}, []),
        ("other", {}, []),
    ],
)
def test_a_blank_is_a_gap_and_a_stated_no_is_not(category, facts, missing):
    assert play(Gap, file="child_file", category=category, facts=facts, missing=missing) == []


def test_a_gap_that_is_not_there_is_told():
    assert play(Gap, file="child_file", category="moved", missing=["sex"]) == [
        "应还缺 sex，算出来缺 boards、sex"
    ]
    assert play(Gap, file="village", missing=[]) == ["方案里没有「file.village」"]


FULL = ("时间", "内容")


@pytest.mark.parametrize(
    ("steps", "wrong"),
    [
        ([("2026-10-01", 2, FULL)], 0),
        ([("2026-10-01", 2, FULL), ("2026-11-01", 2, FULL)], 0),
        ([], 1),
        ([("2026-10-01", 2, FULL), ("2026-11-01", 2, FULL), ("2026-12-01", 2, FULL)], 1),
        ([("2026-11-01", 2, FULL), ("2026-10-01", 2, FULL)], 1),
        ([("2026-11-01", 2, FULL), ("2026-11-01", 2, FULL)], 1),
        ([("2026-10-01", 3, FULL)], 1),
        ([("2026-10-01", 1, FULL)], 1),
        ([("2026-10-01", 2, ("时间",))], 1),
        ([("2026-10-01", 3, ())], 3),
    ],
)
def test_the_steps_of_a_goal_are_few_dated_small_and_complete(steps, wrong):
    said = [{"on": on, "level": level, "filled": filled} for on, level, filled in steps]
    assert play(Aim, goal="steps", baseline=1, step=said, wrong=wrong) == []
    (told,) = play(Aim, goal="steps", baseline=1, step=said, wrong=wrong + 1)
    assert f"算出来 {wrong} 处" in told


def test_prizes_go_to_those_who_came_forward():
    before = {"a": 60, "b": 70, "c": 80, "d": 90, "left": 95}
    after = {"a": 99, "b": 71, "c": 72, "d": 70, "new": 100}  # a: 4th → 1st, c: 2nd → 2nd, b: 3rd → 3rd
    assert play(Honour, award="progress", before=before, after=after, prizes={"一等奖": ["a"]}) == []
    told = play(Honour, award="progress", before=before, after=after, prizes={"二等奖": ["d"]})
    assert told == ["「二等奖」应给 d，算出来给 没有", "「一等奖」应给 没有，算出来给 a"]


MOVED = {"id": "s", "class": "3-2", "category": "moved", "boards": True}


@pytest.mark.parametrize(
    ("pairing", "child", "helper", "why"),
    [
        ("helper", {}, {"class": "3-2", "roles": ["homeroom_teacher"]}, ""),
        ("helper", {}, {"class": ["3-1", "3-2"], "roles": "subject_teacher"}, ""),
        ("helper", {}, {"class": "3-1", "roles": ["homeroom_teacher"]}, "不在本班"),
        ("helper", {}, {"class": "3-2", "roles": ["principal"]}, "不是结对的岗位"),
        ("helper", {"category": "other"}, {"class": "3-2"}, "不是给这一类的"),
        ("helper", {"boards": False}, {"class": "3-2"}, "住校：否"),
        ("helper", {"boards": ""}, {"class": "3-2"}, "住校"),
        ("helper", {"excluded": "h"}, {"class": "3-2"}, "要回避"),
        ("buddy", {"chosen": "h"}, {"class": "3-2", "volunteer": True}, ""),
        ("buddy", {"chosen": ["x"]}, {"class": "3-2", "volunteer": True}, "不是学生自己选的"),
        ("buddy", {"chosen": "h"}, {"class": "3-2"}, "还没有自愿报名"),
        ("buddy", {"chosen": "h"}, {"class": "3-1", "volunteer": True}, "不在本班"),
        ("sponsor", {"consent": True}, {}, ""),
        ("sponsor", {"consent": False}, {}, "还没有问过家里同意"),
        ("sponsor", {}, {}, "还没有问过家里同意"),
        ("home", {}, {"local": True}, ""),
        ("home", {}, {"local": False}, "本地：否"),
        ("home", {}, {}, "还不知道：本地"),
    ],
)
def test_a_pair_is_allowed_or_refused_with_the_reason(pairing, child, helper, why):
    said = {"pairing": pairing, "children": [MOVED | child], "helpers": [{"id": "h"} | helper]}
    assert play(Match, **said, **{"refused" if why else "allowed": ["s h"]}) == []
    (told,) = play(Match, **said, **{"allowed" if why else "refused": ["s h"]})
    assert why in told


def helpers(*names, **said):
    return [{"id": name, "class": "3-2"} | said for name in names]


@pytest.mark.parametrize(
    ("pairing", "child", "some", "broken"),
    [
        ("circle", {}, [*helpers("a", local=True), *helpers("b")], 0),
        ("circle", {}, helpers("a", "b"), 1),
        ("circle", {}, helpers("a", local=True), 1),
        ("circle", {}, helpers("a", "b", "c", "d", local=True), 1),
        ("home", {"sex": "女"}, helpers("a", local=True), 1),
        ("home", {"sex": "男"}, helpers("a", local=True), 0),
        ("home", {"sex": "女"}, helpers("a", "b", local=True), 0),
        ("helper", {}, helpers("a", taken=2), 1),
        ("helper", {}, helpers("a", "b"), 1),
    ],
)
def test_pairs_tried_at_once_break_as_many_rules_as_said(pairing, child, some, broken):
    together = [f"s {one['id']}" for one in some]
    said = {"pairing": pairing, "children": [MOVED | child], "helpers": some, "together": together}
    assert play(Match, **said, broken=broken) == []
    assert play(Match, **said, broken=broken + 1) != []


def test_a_pair_of_somebody_the_example_does_not_name_is_told():
    told = play(Match, pairing="buddy", children=[MOVED], helpers=[], allowed=["s ghost"])
    assert told == ["例子里没有「s ghost」这一对"]
