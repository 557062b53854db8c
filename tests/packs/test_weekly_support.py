"""The shipped plan: both editions read without a fault, say what P9 says, and their examples come out as written."""

import re
from pathlib import Path

import pytest

import bangfu
from bangfu.engine import form, pack
from bangfu.engine.load import load

ROOT = Path(bangfu.__file__).parent / "packs"
FILES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.toml")}
SHELF = pack.load(FILES)
SEED = SHELF.plans["weekly_support", "seed"]
LIGHT = SHELF.plans["weekly_support", "recommended"]
CHECKABLE = re.findall(r"P9-\d\d", FILES["weekly_support/plan.toml"])


def test_every_shipped_pack_reads_and_all_its_examples_come_out():
    assert [str(f) for f in pack.check(FILES)] == []
    assert [w for w in SHELF.warnings if w.where.startswith("weekly_support/")] == []


def test_every_quantified_clause_of_p9_is_named_in_the_seed():
    clauses = (
        2,
        3,
        4,
        5,
        7,
        8,
        9,
        10,
        12,
        15,
        16,
        17,
        18,
        19,
        20,
        21,
        23,
        24,
        26,
        27,
        32,
        33,
        35,
        36,
        37,
        38,
        39,
        40,
        41,
    )
    assert {f"P9-{n:02d}" for n in clauses} <= set(CHECKABLE)


@pytest.mark.parametrize("plan", [SEED, LIGHT], ids=["seed", "recommended"])
def test_screens_never_show_a_label(plan):
    shown = [plan.short_title, *(d.title for d in plan.duties), *(c.title for c in plan.categories)]
    shown += [f.title for f in SHELF.commons.forms.values()] + [
        r.file_name for r in SHELF.commons.registers.values()
    ]
    assert not [t for t in shown if re.search("待优生|学困生|后进生|差生|贫困生", t)]


def test_the_label_stands_only_in_the_seeds_official_titles_and_nowhere_in_the_light_one():
    assert "待优生" in next(r.title for r in SEED.registers)
    light = [
        LIGHT.title,
        *(r.title for r in LIGHT.registers),
        *(SHELF.commons.registers[r.spec].title for r in LIGHT.registers),
    ]
    assert not [t for t in light if "待优生" in t]


def test_the_light_edition_tells_every_change_with_its_why():
    assert all(c.what and c.why for c in LIGHT.changes) and len(LIGHT.changes) >= 6
    assert {d.key for d in SEED.duties} - {d.key for d in LIGHT.duties} == {"pupil_report"}
    told = " ".join(c.where for c in LIGHT.changes)
    for key in {d.key for d in SEED.duties} ^ {d.key for d in LIGHT.duties}:
        assert key in told
    for duty in LIGHT.duties:
        if duty.key in {d.key for d in SEED.duties} and _weight(duty) != _weight(SEED.duty(duty.key)):
            assert duty.key in told


def _weight(duty):
    return duty.every, duty.once, duty.on, duty.times, duty.sample, duty.last_workdays, duty.due_day, duty.who


def test_two_children_stay_under_the_weekly_cap():
    cap = SHELF.commons.parameters["weekly_minutes_cap"].values[-1].value
    assert load(SEED, 2).minutes_per_week <= cap
    assert load(LIGHT, 2).minutes_per_week <= load(SEED, 2).minutes_per_week < load(SEED, 2).unmerged


def test_every_register_form_and_role_a_plan_names_exists():
    for plan in (SEED, LIGHT):
        assert all(r.spec in SHELF.commons.registers for r in plan.registers)
        assert all(d.form in SHELF.commons.forms for d in plan.duties)
        assert all(role in SHELF.commons.labels.role for d in plan.duties for role in d.who)
    assert set(SHELF.commons.forms) == set(SHELF.commons.labels.activity)


def test_forms_stay_small_and_never_ask_for_a_photo_or_a_place():
    for one in SHELF.commons.forms.values():
        assert not any(q.needed for q in one.questions)
        assert form.check(one, {}) == []
        assert not [q for q in one.questions if re.search("照片|定位|坐标", q.title)]


def test_tutoring_offers_basics_and_method():
    offered = {o for group in SHELF.commons.forms["tutoring"].groups for o in group.options}
    assert {"基础知识", "学习方法"} <= offered
    for plan in (SEED, LIGHT):
        assert plan.duty("tutoring").form == "tutoring"


def test_registers_fit_a_landscape_page():
    for spec in SHELF.commons.registers.values():
        assert sum(c.width for c in spec.columns) <= 277
