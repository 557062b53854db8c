"""The township's programme (P10): money rules that can be judged, papers by village, no screen names a family."""

import re
from pathlib import Path

import pytest

import bangfu
from bangfu.engine import pack, rule

ROOT = Path(bangfu.__file__).parent / "packs"
FILES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.toml")}
SHELF = pack.load(FILES)
SEED = SHELF.plans["township", "seed"]
LIGHT = SHELF.plans["township", "recommended"]
FACTS, FORMS = SHELF.commons.facts, SHELF.commons.forms
BOTH = pytest.mark.parametrize("plan", [SEED, LIGHT], ids=["seed", "recommended"])


def judged(plan, fund, **facts):
    where = next(f.where for f in plan.funds if f.key == fund)
    read, faults = rule.read(where, FACTS)
    assert faults == []
    return read.judge(facts).answer


@BOTH
def test_school_money_follows_the_stage_a_child_is_at(plan):
    """P10-41 to P10-44: compulsory school, nursery and beyond, vocational school, living costs."""
    nobody = {
        "pupil_at_school": False,
        "child_in_nursery": False,
        "pupil_beyond": False,
        "pupil_vocational": False,
    }
    for fund in ("school_fees", "stages", "vocational", "living"):
        assert judged(plan, fund, **nobody) is False
    assert judged(plan, "school_fees", pupil_at_school=True) is True
    assert judged(plan, "stages", child_in_nursery=True) is True
    assert judged(plan, "stages", pupil_beyond=True) is True
    assert judged(plan, "vocational", pupil_vocational=True) is True
    assert judged(plan, "living", pupil_vocational=True) is True
    assert judged(plan, "school_fees") is None


@BOTH
def test_every_need_of_a_file_is_a_fact_about_what_the_file_is_of(plan):
    assert not [(f.key, need) for f in plan.files for need in f.needs if FACTS[need].of != f.of]


@BOTH
def test_every_category_a_plan_points_to_is_there_and_says_whom_it_is_of(plan):
    known = {c.key: c.subject or plan.subject for c in plan.categories}
    pointed = [key for part in (*plan.duties, *plan.funds, *plan.pairings, *plan.files) for key in part.for_]
    assert set(pointed) <= set(known)
    for category in plan.categories:
        read, faults = rule.read(category.where, FACTS)
        assert faults == []
        assert {FACTS[name].of for name in read.names} == {known[category.key]}


@BOTH
def test_a_township_works_through_the_vacation(plan):
    assert {d.every.unit for d in plan.duties if d.every} <= {"civil_month", "year"}


def test_a_team_comes_from_the_district_or_the_township_and_a_link_is_one_of_four():
    assert FACTS["team_formed_by"].choices == ("区里", "镇里")
    assert {"龙头企业", "专业合作社", "家庭农场", "能人大户"} < set(FACTS["linked_to"].choices)
    assert FACTS["watch_state"].choices == ("有风险", "平稳", "稳定")
    assert "旅游" in FACTS["income_project"].choices


def test_the_ledger_goes_from_project_to_village_to_home():
    columns = [c.key for c in SHELF.commons.registers["project_ledger"].columns]
    assert (
        columns.index("project") < columns.index("village") < columns.index("head") < columns.index("amount")
    )


def test_a_village_plan_and_a_referral_offer_what_the_text_asks_for():
    plan = {o for group in FORMS["village_plan"].groups for o in group.options}
    to = {o for group in FORMS["referral"].groups for o in group.options}
    assert {"道路", "饮水", "用电"} <= plan
    assert {"民政", "法律援助", "低保", "临时救助"} <= to


@BOTH
def test_screens_never_name_a_kind_of_family(plan):
    shown = [plan.short_title, *(d.title for d in plan.duties), *(c.title for c in plan.categories)]
    shown += [p.title for p in plan.pairings] + [f.title for f in plan.files] + [f.title for f in plan.funds]
    shown += [r.title for r in plan.registers] + [
        SHELF.commons.registers[r.spec].file_name for r in plan.registers
    ]
    assert not [t for t in shown if re.search("贫困|建档立卡|脱贫户|穷", t)]


def test_the_light_edition_tells_every_change_with_its_why():
    assert all(c.what and c.why for c in LIGHT.changes)
    told = " ".join(c.where for c in LIGHT.changes)
    gone = {d.key for d in SEED.duties} ^ {d.key for d in LIGHT.duties}
    assert not [key for key in gone if f"duty.{key}" not in told]
