"""The studio's page and the file are one text: a value set there is set here, and no other line moves."""

import difflib
from pathlib import Path

import pytest
import tomlkit
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as some

from bangfu.engine import sentence
from bangfu.engine.shape import ABSENT
from bangfu.exchange import plan_text
from tests.engine import trees

PLAN = Path(__file__).parents[2] / "src/bangfu/packs/weekly_support/plan.toml"
CALM = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


def lines(before, after):
    """Give the lines that differ, as a diff says them."""
    said = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm="")
    return [line for line in said if line[:1] in "+-" and line[:3] not in ("+++", "---")]


def changed(text, path, value):
    return plan_text.take(text, path) if value is ABSENT else plan_text.put(text, path, value)


@pytest.fixture
def text():
    return PLAN.read_text(encoding="utf-8")


def given_slots(raw):
    every = [slot for section in sentence.read(raw) for one in section.sentences for slot in one.slots]
    return [slot for slot in every if slot.given and slot.path]


def test_each_value_of_a_shipped_plan_set_to_itself_changes_no_line(text):
    for slot in given_slots(plan_text.tree(text))[::7]:
        assert lines(text, plan_text.put(text, slot.path, slot.value)) == [], slot.path


@CALM
@given(some.data())
def test_a_value_changed_in_the_text_is_changed_in_the_tree(data):
    text = PLAN.read_text(encoding="utf-8")
    raw = plan_text.tree(text)
    slot = data.draw(some.sampled_from([s for s in given_slots(raw) if not s.shape.keys]))
    value = data.draw(some.one_of(some.just(ABSENT), trees.leaf(slot.path)))
    wanted = sentence.build(sentence.change(sentence.read(raw), slot.path, value))
    assert plan_text.tree(changed(text, slot.path, value)) == wanted


@CALM
@given(trees.plans(), some.data())
def test_so_it_is_in_any_tree_of_the_grammar(raw, data):
    text = tomlkit.dumps(raw)
    assume(plan_text.tree(text) == raw and given_slots(raw))
    slot = data.draw(some.sampled_from(given_slots(raw)))
    assume(not slot.shape.keys)
    value = data.draw(trees.leaf(slot.path))
    wanted = sentence.build(sentence.change(sentence.read(raw), slot.path, value))
    assert plan_text.tree(plan_text.put(text, slot.path, value)) == wanted


def test_comments_and_order_stay(text):
    after = plan_text.put(text, ("selection", "per_class"), {"min": 1, "max": 3})
    assert lines(text, after) == ["-per_class = { min = 2, max = 4 }", "+per_class = { min = 1, max = 3 }"]
    after = plan_text.put(text, ("duty", 1, "every"), {"unit": "teaching_week", "n": 2})
    assert lines(text, after) == [
        '-every = { unit = "teaching_week" }', '+every = { unit = "teaching_week", n = 2 }',
    ]  # fmt: skip


def test_a_new_value_stands_in_its_table_above_the_next_heading(text):
    after = plan_text.put(text, ("pairing", 0, "kind"), "peer")
    assert lines(text, after) == ['+kind = "peer"']
    assert after.index('kind = "peer"') < after.index("# ── 做什么、什么时候")
    assert plan_text.tree(after)["pairing"][0]["kind"] == "peer"


def test_a_table_is_taken_away_whole_and_the_last_of_its_kind_leaves_no_trace(text):
    after = plan_text.take(text, ("duty", 3))
    assert [d["key"] for d in plan_text.tree(after)["duty"]][2:4] == ["tutoring", "guardian_contact"]
    assert all(line.startswith("-") for line in lines(text, after))
    assert "award" not in plan_text.tree(plan_text.take(text, ("award", 0)))
    assert plan_text.take(text, ("nothing", 4, "here")) == text


def test_a_table_that_is_not_there_is_no_place_for_a_value(text):
    with pytest.raises(plan_text.NotHere):
        plan_text.put(text, ("duty", 99, "minutes"), 4)


READ = {
    "key": "read_aloud",
    "title": "一起读一本书",
    "who": ["helper"],
    "every": {"unit": "month"},
    "accepts": ["talk"],
}
SHIPPED = sorted(
    one for name in ("plan", "recommended") for one in PLAN.parents[1].glob(f"*/{name}.toml")
)  # fmt: skip


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_added_duty_is_a_few_added_lines_and_taken_out_again_leaves_the_file(path):
    text = path.read_text(encoding="utf-8")
    raw = plan_text.tree(text)
    added = plan_text.add(text, "duty", READ)
    assert plan_text.tree(added)["duty"] == [*raw["duty"], READ]
    assert {line[0] for line in lines(text, added)} == {"+"}
    assert plan_text.take(added, ("duty", len(raw["duty"]))) == text


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_sentence_taken_out_takes_no_comment_of_what_follows_with_it(path):
    text = path.read_text(encoding="utf-8")
    raw = plan_text.tree(text)
    for name in ("duty", "register", "tip"):
        for at in range(0, len(raw.get(name, ())), 3):
            taken = plan_text.take(text, (name, at))
            rest = raw[name][:at] + raw[name][at + 1 :]
            assert plan_text.tree(taken).get(name, []) == rest
            said = lines(text, taken)
            assert not [line for line in said if line[:1] == "+" or line.lstrip("- ")[:1] == "#"], (name, at)


@pytest.mark.parametrize(
    "text", ["", 'key = "a"\n', 'key = "a"\n\n# ── 提醒\n[[tip]]\ntext = "慢慢来"', '[[duty]]\nkey = "a"']
)
def test_a_first_duty_goes_where_there_is_none(text):
    added = plan_text.tree(plan_text.add(text, "duty", READ))
    assert added.pop("duty")[-1] == READ
    assert added == {key: one for key, one in plan_text.tree(text).items() if key != "duty"}
