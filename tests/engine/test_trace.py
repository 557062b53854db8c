"""A trace is held against the plan and its proofs: nothing missing, nothing twice, nothing that merely claims."""

import pytest

from bangfu.engine import pack, trace

PLAN = """
key = "walks"
title = "走一走"
short_title = "走一走"
subject = "child"
edition = "seed"

[[pairing]]
key = "helper"
title = "结对"
roles = ["homeroom_teacher"]

[[duty]]
key = "visit"
title = "家访"
who = ["helper"]
every = { unit = "term" }
accepts = ["home_visit"]

[[tip]]
text = "先问候，再说事。"
"""
EXAMPLES = """
[calendar]
[[calendar.term]]
key = "2026-2027-1"
starts_on = 2026-09-01
ends_on = 2027-01-22

[[says]]
title = "一人两个"
at = "pairing.helper.per_helper.max"
is = 2

[[says]]
title = "一人三个"
at = "pairing.helper.per_helper.max"
is = 3

[[says]]
title = "只在建议版"
editions = ["recommended"]
at = "pairing.helper.per_helper.max"
is = 2
"""
GOOD = """
[source]
plan = "X"
rows = 4
c = 2
s = 1
t = 1

[[row]]
id = "X-01"
check = "C"
says = "每人最多带两个"
element = ["pairing.helper.per_helper.max"]
proof = ["一人两个"]

[[row]]
id = "X-02"
check = "C"
says = "每学期家访"
element = ["duty.visit"]
proof = ["tests/flow/test_x.py::test_y"]

[[row]]
id = "X-03"
check = "S"
says = "有时给一点钱"
element = ["duty.visit"]
waits = "disburse"

[[row]]
id = "X-04"
check = "T"
says = "先问候"
element = ["tip.0"]
"""
ROW = "[[row]]" + GOOD.split("[[row]]")[1]
WALKS, _ = pack.read(PLAN, "plan.toml")
RAN = {"tests/flow/test_x.py::test_y": "passed"}


def held(text, tests=RAN):
    read, faults = trace.read(text, "trace.toml")
    assert faults == []
    raw = trace.toml(EXAMPLES, "examples.toml")[0]
    proofs = trace.played(read, raw, {"seed": WALKS}, {})
    return trace.findings(read, trace.gaps(read, WALKS, proofs, tests))


def test_a_whole_trace_stands_and_what_waits_is_counted_apart():
    found = held(GOOD)
    assert found.gaps == ()
    assert (found.rows, found.traced, dict(found.kinds)) == (4, 3, {"C": 2, "S": 1, "T": 1})
    assert [(row.id, row.waits) for row in found.waiting] == [("X-03", "disburse")]


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('id = "X-02"', 'id = "X-01"', "没有 X-02 这一行；X-01 写了 2 次"),
        ('id = "X-02"', 'id = "X-05"', "没有 X-02 这一行；多了 X-05 这一行"),
        ("rows = 4", "rows = 5", "没有 X-05 这一行"),
        ('check = "S"', 'check = "C"', "C 应有 2 行，现在 3 行；S 应有 1 行，现在 0 行"),
        ('element = ["duty.visit"]\nproof', "proof", "没有写在方案的哪里"),
        ('element = ["tip.0"]', "", "没有写在方案的哪里"),
        ('element = ["tip.0"]', 'element = ["tip.1"]', "方案里没有「tip.1」"),
        ('element = ["tip.0"]', 'element = ["fund"]', "方案里「fund」是空的"),
        ('"duty.visit"', '"duty.visits"', "方案里没有「duty.visits」"),
        ('proof = ["一人两个"]', "", "没有写凭什么说做到了"),
        ('proof = ["一人两个"]', 'proof = ["没有的例子"]', "examples.toml 里没有「没有的例子」这个例子"),
        ('proof = ["一人两个"]', 'proof = ["只在建议版"]', "examples.toml 里没有「只在建议版」这个例子"),
        ('["一人两个"]', '["一人三个"]', "例子「一人三个」：「pairing.helper.per_helper.max」应是 3，方案里是 2"),
        ("test_y", "test_z", "测试「tests/flow/test_x.py::test_z」：没有跑，或没有这个测试"),
        ('waits = "disburse"', 'waits = "pair"', "「pair」已经建好了，不用等"),
        ('waits = "disburse"', 'waits = "someday"', "没有「someday」这一站"),
        ('waits = "disburse"', "", "没有写凭什么说做到了"),
        ('element = ["tip.0"]', 'element = ["tip.0"]\nwaits = "goal"', "提示不用等哪一站"),
    ],
)  # fmt: skip
def test_each_kind_of_gap_is_told(old, new, what):
    assert old in GOOD
    found = held(GOOD.replace(old, new, 1))
    assert "；".join(fault.what for fault in found.gaps) == what


@pytest.mark.parametrize("outcome", ["failed", "skipped"])
def test_a_test_that_did_not_pass_proves_nothing(outcome):
    assert [f.what for f in held(GOOD, dict.fromkeys(RAN, outcome)).gaps] == [
        f"测试「tests/flow/test_x.py::test_y」：{outcome}"
    ]


def test_a_row_with_a_gap_does_not_stand():
    assert held(GOOD.replace('proof = ["一人两个"]', "")).traced == 2


def test_a_trace_that_cannot_be_read_says_where():
    read, faults = trace.read(GOOD.replace('check = "T"', 'chek = "T"'), "trace.toml")
    assert read is None
    assert {f.where for f in faults} == {"trace.toml:row[第4个].check", "trace.toml:row[第4个].chek"}


def test_a_station_is_built_or_waited_for_and_never_both():
    assert not set(trace.BUILT) & set(trace.WAITING)
    assert all(name and not name.isascii() for name in trace.WAITING.values())
