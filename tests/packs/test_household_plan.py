"""The household's plan (P4): causes come from a list, forms offer what the text asks for, no screen names a family."""

import re
from pathlib import Path

import pytest

import bangfu
from bangfu.engine import pack

ROOT = Path(bangfu.__file__).parent / "packs"
FILES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.toml")}
SHELF = pack.load(FILES)
SEED = SHELF.plans["household_plan", "seed"]
LIGHT = SHELF.plans["household_plan", "recommended"]
FACTS, FORMS = SHELF.commons.facts, SHELF.commons.forms


def chips(form):
    return {option for group in FORMS[form].groups for option in group.options}


def test_a_cause_outside_the_list_is_refused_and_the_nearest_is_taken_with_a_note():
    """P4-07 to P4-09, A20: one main cause, at most two others, the text's own words beside them."""
    for key in ("home_cause", "home_cause_two", "home_cause_three"):
        assert not FACTS[key].admits("文化素质偏低")
        assert (
            FACTS[key].admits("缺技术")
            and FACTS[key].admits("自身发展动力不足")
            and FACTS[key].admits("其他")
        )
    assert FACTS["home_cause_note"].type == "text"
    causes = [
        need
        for file in SEED.files
        for need in file.needs
        if FACTS[need].choices == FACTS["home_cause"].choices
    ]
    assert len(causes) == 3


def test_a_briefing_can_say_what_is_paid_how_to_apply_and_how_illness_is_insured():
    assert {"补贴标准", "怎么申报", "医疗保险"} <= chips("policy_briefing")


def test_needs_training_and_work_can_be_tapped():
    assert {"种植", "养殖"} <= chips("training")
    assert {"就近务工", "流转土地"} <= chips("job_link")
    assert {"资金", "技术培训"} <= set(FACTS["first_need"].choices) & set(FACTS["second_need"].choices)
    assert {"齐全", "基本齐全", "缺"} == set(FACTS["assets"].choices)


def test_everything_a_card_needs_is_a_fact_about_a_household():
    for plan in (SEED, LIGHT):
        assert all(FACTS[need].of == "household" for file in plan.files for need in file.needs)


def test_a_households_duties_run_by_the_civil_calendar():
    for plan in (SEED, LIGHT):
        assert {d.every.unit for d in plan.duties if d.every} == {"year"}
        assert {d.once.unit for d in plan.duties if d.once} == {"workday"}


@pytest.mark.parametrize("plan", [SEED, LIGHT], ids=["seed", "recommended"])
def test_screens_never_name_a_kind_of_family(plan):
    shown = [plan.short_title, *(d.title for d in plan.duties), *(c.title for c in plan.categories)]
    shown += (
        [p.title for p in plan.pairings] + [f.title for f in plan.files] + [r.title for r in plan.registers]
    )
    assert not [t for t in shown if re.search("贫困|穷|建档立卡|脱贫", t)]


def test_the_light_edition_never_asks_about_motivation_and_tells_every_change():
    assert not {"home_cause_two", "home_cause_three"} & {need for file in LIGHT.files for need in file.needs}
    assert all(c.what and c.why for c in LIGHT.changes)
    told = " ".join(c.where for c in LIGHT.changes)
    gone = {d.key for d in SEED.duties} ^ {d.key for d in LIGHT.duties}
    assert not [key for key in gone if f"duty.{key}" not in told]
