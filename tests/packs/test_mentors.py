"""The mentors' plan (P8): who is preferred, what a record can say, and that no screen names a kind of child."""

import re
from pathlib import Path

import pytest

import bangfu
from bangfu.engine import matching, pack, rule
from bangfu.engine.load import load
from bangfu.flow import solve

ROOT = Path(bangfu.__file__).parent / "packs"
FILES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in ROOT.rglob("*.toml")}
SHELF = pack.load(FILES)
SEED = SHELF.plans["mentors", "seed"]
LIGHT = SHELF.plans["mentors", "recommended"]
BOTH = pytest.mark.parametrize("plan", [SEED, LIGHT], ids=["seed", "recommended"])


def mentor_of(plan):
    return next(rule for rule in plan.pairings if rule.key == "mentor")


def best(plan, child, helpers):
    return solve.best(
        matching.Problem(mentor_of(plan), (child,), tuple(helpers), words=SHELF.commons.facts)
    ).pairs


@BOTH
def test_the_childs_own_homeroom_teacher_goes_before_every_other_mentor(plan):
    child = matching.Child("child", "3-1")
    helpers = [
        matching.Helper("own", "own", {"3-1": frozenset({"homeroom_teacher"})}, least=0, most=10),
        matching.Helper("teaches", "teaches", {"3-1": frozenset({"subject_teacher"})}, least=0, most=10),
        matching.Helper("elsewhere", "elsewhere", {"3-2": frozenset({"homeroom_teacher"})}, least=0, most=10),
    ]
    assert all(matching.why_fits(mentor_of(plan), child, one, SHELF.commons.facts) for one in helpers)
    assert best(plan, child, helpers) == (("child", "own"),)


@BOTH
def test_who_was_the_mentor_before_stays_even_before_the_homeroom_teacher(plan):
    child = matching.Child("child", "3-1", former_helper="before")
    helpers = [
        matching.Helper("own", "own", {"3-1": frozenset({"homeroom_teacher"})}, least=0, most=10),
        matching.Helper("before", "before", {"3-2": frozenset({"subject_teacher"})}, least=0, most=10),
    ]
    assert best(plan, child, helpers) == (("child", "before"),)


def test_what_a_month_is_about_can_be_tapped():
    """P8-16: learning, mind, habits and daily life are chips of the forms the monthly act accepts."""
    accepted = SEED.duty("monthly_act").accepts
    chips = {o for key in accepted for group in SHELF.commons.forms[key].groups for o in group.options}
    assert {"学习", "心情", "习惯", "家里"} <= chips


@BOTH
def test_screens_never_show_a_kind_of_child(plan):
    shown = [plan.short_title, *(d.title for d in plan.duties), *(c.title for c in plan.categories)]
    shown += (
        [p.title for p in plan.pairings] + [r.title for r in plan.registers] + [f.title for f in plan.files]
    )
    assert not [t for t in shown if re.search("学困|学优|家困|家优|外来|残疾|贫困|八类|特殊学生", t)]


def test_the_light_edition_tells_every_change_with_its_why():
    assert all(c.what and c.why for c in LIGHT.changes)
    told = " ".join(c.where for c in LIGHT.changes)
    before, after = ({d.key for d in plan.duties} for plan in (SEED, LIGHT))
    assert not [key for key in before ^ after if f"duty.{key}" not in told]


def test_a_mentor_of_ten_has_less_to_do_in_the_light_edition():
    assert load(LIGHT, 10).minutes_per_week < load(SEED, 10).minutes_per_week


def asked(plan):
    rules = [rule.read(c.where, SHELF.commons.facts)[0] for c in plan.categories if c.where and not c.off]
    return {name for one in rules for name in one.names}


def test_the_light_edition_asks_a_class_teacher_eight_things_instead_of_eighteen():
    assert (len(asked(SEED)), len(asked(LIGHT))) == (18, 8)
    assert not {"dibao", "tekun", "monitored", "exited_poor", "father_dead", "mother_dead"} & asked(LIGHT)
