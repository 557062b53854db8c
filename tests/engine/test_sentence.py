"""A plan told in sentences is the plan: nothing is lost, every leaf is a slot once, and what is typed becomes a value."""

import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from bangfu.engine import sentence
from bangfu.engine.phrase import PHRASES, SECTIONS
from bangfu.engine.shape import ABSENT, fields, shape
from bangfu.engine.slot import find, slot_at
from bangfu.engine.wording import place
from tests.engine import trees

PACKS = sorted((Path(__file__).parents[2] / "src/bangfu/packs").glob("[a-z]*/*.toml"))
PLANS = [path for path in PACKS if path.name in ("plan.toml", "recommended.toml")]
CALM = settings(suppress_health_check=list(HealthCheck), deadline=None, max_examples=60)


def raw_of(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def weekly():
    return raw_of(next(path for path in PLANS if path.parent.name == "weekly_support"))


def slots(raw):
    return [slot for section in sentence.read(raw) for one in section.sentences for slot in one.slots]


@pytest.mark.parametrize("path", PLANS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_shipped_plan_is_the_same_after_being_told(path):
    raw = raw_of(path)
    assert sentence.build(sentence.read(raw)) == raw


@CALM
@given(trees.plans())
def test_any_tree_of_the_grammar_is_the_same_after_being_told(raw):
    assert sentence.build(sentence.read(raw)) == raw


@CALM
@given(trees.plans())
def test_no_value_stands_in_two_slots(raw):
    given = [slot.path for slot in slots(raw) if slot.given]
    assert len(given) == len(set(given))


@CALM
@given(trees.plans())
def test_a_value_changed_in_its_sentence_is_changed_in_the_tree_and_nowhere_else(raw):
    told = sentence.read(raw)
    for slot in [s for s in slots(raw) if s.given and s.path and not s.shape.keys][:3]:
        tree = sentence.build(sentence.change(told, slot.path, "另一个"))
        here = tree
        for step in slot.path[:-1]:
            here = here[step]
        assert here[slot.path[-1]] == "另一个"
        assert sentence.build(sentence.change(sentence.read(tree), slot.path, slot.value)) == raw


def test_the_address_of_a_slot_leads_back_to_it():
    raw = weekly()
    for slot in slots(raw):
        assert find(raw, place(raw, slot.path)) == slot.path, place(raw, slot.path)
    for nowhere in ("duty[nobody].minutes", "duty[第99个]", "pairing[helper].per_case.min.x"):
        assert find(raw, nowhere) is None


def test_every_phrase_names_fields_that_the_models_have():
    for table, phrases in PHRASES.items():
        path = tuple(table.split(".")) if table else ()
        for phrase in phrases:
            for name in sentence.NAME.findall(phrase.words):
                assert name.split(".")[0] in fields(path), (table, name)


def test_every_table_of_the_grammar_is_told_in_some_section():
    told = {name for names in SECTIONS.values() for name in names}
    tables = {name for name in fields(()) if fields((name,)) and not shape((name,)).keys}
    assert tables == told - {""}


def test_a_slot_knows_its_kind_its_bounds_and_what_may_be_chosen():
    kinds = {
        ("duty", 0, "minutes"): "number", ("duty", 0, "who"): "roles", ("duty", 0, "every"): "every",
        ("duty", 0, "accepts"): "activities", ("duty", 0, "for"): "categories", ("duty", 0, "where"): "rule",
        ("duty", 0, "sample"): "decimal", ("duty", 0, "every", "anchor"): "date", ("pairing", 0, "per_helper"): "range",
        ("pairing", 0, "hard"): "choices", ("pairing", 0, "fixed"): "role", ("publicity", "allowed"): "bool",
        ("parameter", 0, "values", 0, "value"): "value", ("tip", 0, "text"): "text", ("what", "ever"): "other",
        ("register", 0, "band", 0, "grades"): "numbers", ("award", 0, "share"): "decimals",
    }  # fmt: skip
    assert {path: shape(path).kind for path in kinds} == kinds
    minutes = shape(("duty", 0, "minutes"))
    assert (minutes.least, minutes.most, minutes.otherwise) == (0, 480, 0)
    assert "teaching_week" in shape(("duty", 0, "once", "unit")).choices


@pytest.mark.parametrize(
    ("address", "typed", "value"),
    [
        ("duty[talk].minutes", {"value": ["15"]}, 15),
        ("duty[talk].minutes", {"value": [""]}, ABSENT),
        ("duty[talk].every", {"n": ["2"], "unit": ["teaching_week"]}, {"unit": "teaching_week", "n": 2}),
        ("duty[talk].every", {"n": ["1"], "unit": ["month"]}, {"unit": "month"}),
        ("duty[talk].who", {"value": ["helper", "counsellor"]}, ["helper", "counsellor"]),
        ("selection.per_class", {"min": ["1"], "max": ["3"]}, {"min": 1, "max": 3}),
        ("duty[survey].once", {"n": ["6"], "unit": ["teaching_week"], "after": ["term_start"]},
         {"after": "term_start", "n": 6, "unit": "teaching_week"}),
        ("parameter[guardian_contact_days].values[第1个].from", {"value": ["2027-01-01"]}, date(2027, 1, 1)),
        ("parameter[guardian_contact_days].values[第1个].value", {"value": ["20"]}, 20),
        ("register[band_list].band[low].grades", {"value": ["1、2、3"]}, [1, 2, 3]),
        ("duty[talk].bulk", {"value": ["1"]}, True),
        ("duty[talk].sample", {"value": ["0.5"]}, 0.5),
        ("duty[talk].tip", {"value": [" 坐下来 "]}, "坐下来"),
    ],
)  # fmt: skip
def test_what_is_typed_becomes_the_value(address, typed, value):
    raw = weekly()
    assert slot_at(raw, find(raw, address)).take(typed) == value


@pytest.mark.parametrize(
    ("address", "typed", "words"),
    [
        ("duty[talk].minutes", {"value": ["十"]}, "整数"),
        ("selection.per_class", {"min": ["x"], "max": ["3"]}, "整数"),
        ("duty[talk].sample", {"value": ["半"]}, "数"),
        ("parameter[guardian_contact_days].values[第1个].from", {"value": ["明天"]}, "日期"),
    ],
)
def test_what_cannot_be_a_value_is_said(address, typed, words):
    raw = weekly()
    with pytest.raises(ValueError, match=words):
        slot_at(raw, find(raw, address)).take(typed)
