"""Both definitions of left-behind and the de-facto-unattended predicate, as the reference says them (R22, R24)."""

from datetime import date

import pytest

from bangfu.engine import group
from bangfu.engine.fact import Stated
from bangfu.flow import adopt

DAY, BORN = date(2026, 11, 1), date(2016, 3, 1)


def judge(key, facts, born=BORN, day=DAY, dropped=frozenset()):
    commons = adopt.shelf().commons
    child = group.Child(facts, born, day)
    return group.judge(commons.groups.get(key), child, commons.facts, dropped)


BOTH = {"parents_away": "双方外出"}
ONE = {"parents_away": "一方外出"}
THERE = {"lives_at_hukou": True}


@pytest.mark.parametrize(
    ("facts", "gov", "rural", "roll"),
    [
        ({}, None, None, None),
        ({"parents_away": "都在家"}, False, False, False),
        (BOTH, True, None, None),
        ({**BOTH, "hukou_type": "rural"}, True, True, None),
        ({**BOTH, "hukou_type": "urban"}, True, False, None),
        ({**BOTH, **THERE, "away_months": 1, "caregiver_kind": "祖辈"}, True, None, False),
        ({**BOTH, **THERE, "away_months": 3, "caregiver_kind": "祖辈"}, True, None, True),
        ({**BOTH, "lives_at_hukou": False, "away_months": 9, "caregiver_kind": "祖辈"}, True, None, False),
        ({**BOTH, **THERE, "away_months": 9, "caregiver_kind": "没有人"}, True, None, False),
        (ONE, None, None, None),
        ({**ONE, "other_parent_unable": False}, False, False, None),
        ({**ONE, "other_parent_unable": True, "hukou_type": "rural"}, True, True, None),
        (
            {**ONE, **THERE, "other_parent_unable": False, "away_months": 5, "caregiver_kind": "父母"},
            False,
            False,
            True,
        ),
    ],
)
def test_left_behind_by_three_definitions(facts, gov, rural, roll):
    keys = ("left_behind_gov", "left_behind_rural", "left_behind_roll")
    assert [judge(key, facts).answer for key in keys] == [gov, rural, roll]


def test_the_state_council_counts_to_sixteen_and_the_roll_does_not():
    facts = {**BOTH, **THERE, "away_months": 9, "caregiver_kind": "祖辈", "hukou_type": "rural"}
    born = date(2010, 11, 1)
    assert judge("left_behind_gov", facts, born, date(2026, 10, 31)).answer is True
    said = judge("left_behind_gov", facts, born, date(2026, 11, 1))
    assert said.answer is False and [r.text for r in said.reasons] == ["已满 16 周岁"]
    assert judge("left_behind_roll", facts, born).answer is True


def test_without_a_day_of_birth_the_age_is_asked_unless_the_rest_already_says_no():
    said = judge("left_behind_gov", BOTH, None)
    assert (said.answer, said.unknown) == (None, ("birth_date",))
    assert judge("left_behind_gov", {"parents_away": "都在家"}, None).answer is False


def test_the_two_are_shown_side_by_side_when_they_differ():
    facts = {**ONE, **THERE, "other_parent_unable": False, "away_months": 5, "caregiver_kind": "父母"}
    some = {key: judge(key, facts) for key in ("left_behind_gov", "left_behind_roll")}
    assert group.said_apart(some)
    assert not group.said_apart({key: judge(key, {"parents_away": "都在家"}) for key in some})
    assert not group.said_apart({"one": judge("left_behind_gov", {}), "other": judge("left_behind_gov", facts)})


def parents(father, mother, **more):
    return {"father_situation": father, "mother_situation": mother, **more}


WELL = "能照顾孩子"


@pytest.mark.parametrize(
    ("facts", "answer"),
    [
        ({}, None),
        (parents("重病", "服刑在押"), True),
        (parents("强制隔离戒毒", "撤销监护资格"), True),
        (parents("遣送出境", "重病"), True),
        (parents("重病", WELL), False),
        ({"father_situation": WELL}, False),
        ({"father_situation": "重病"}, None),
        (parents("去世", "重病"), True),
        (parents("重病", "宣告失踪"), True),
        (parents("去世", "去世"), False),
        (parents("宣告失踪", "去世"), False),
        ({"father_dead": True, "mother_dead": True}, False),
        ({"father_dead": True, "mother_situation": "重病"}, True),
        ({"father_dead": True}, None),
        ({"father_dead": False, "mother_situation": "重病"}, None),
        (parents("去世", WELL), False),
        (parents("失去联系", "去世", father_months=6), True),
        (parents("失去联系", "去世", father_months=5), False),
        (parents("失去联系", "去世"), None),
        (parents("其他限制人身自由", "重病", father_months=5), False),
        (parents("其他限制人身自由", "重病", father_months=7), True),
        (parents("残疾", "重病", father_disability_grade=2, father_disability_kind="肢体"), True),
        (parents("残疾", "重病", father_disability_grade=3, father_disability_kind="肢体"), False),
        (parents("残疾", "重病", father_disability_grade=4, father_disability_kind="精神"), True),
        (parents("残疾", "重病", father_disability_grade=3, father_disability_kind="智力"), True),
        (parents("残疾", "重病", father_disability_grade=1), True),
        (parents("残疾", "重病", father_disability_grade=3), None),
        (parents("残疾", "重病"), None),
    ],
)
def test_de_facto_unattended(facts, answer):
    assert judge("defacto_unattended", facts).answer is answer


def test_every_pair_of_situations_agrees_with_the_definition_said_in_another_way():
    spec = adopt.shelf().commons.facts["father_situation"]
    unable = set(spec.choices) - {WELL, "残疾", "去世", "宣告失踪"}
    lost = {"去世", "宣告失踪"}
    for father in spec.choices:
        for mother in spec.choices:
            if "残疾" in (father, mother):
                continue
            counted = [one in unable for one in (father, mother)]
            wanted = all(counted) or (any(counted) and bool(lost & {father, mother}))
            found = judge("defacto_unattended", parents(father, mother, father_months=6, mother_months=6))
            assert found.answer is wanted, (father, mother)


def test_it_ends_at_eighteen_and_says_why():
    said = judge("defacto_unattended", parents("去世", "重病"), date(2008, 11, 1))
    assert (said.answer, [r.text for r in said.reasons]) == (False, ["已满 18 周岁"])


def test_local_law_may_drop_an_item_and_reasons_name_each_fact_once():
    facts = parents("去世", "重病")
    assert judge("defacto_unattended", facts, dropped=frozenset({"severe_illness"})).answer is False
    said = judge(
        "defacto_unattended",
        {"father_dead": Stated(True, date(2025, 3, 1), source="told"), "mother_situation": "重病"},
    )
    assert [r.text for r in said.reasons] == [
        "父亲的情况：去世（老师，2025年3月1日）",
        "母亲的情况：重病",
        "不满 18 周岁",
    ]


def test_what_is_unknown_names_the_fewest_facts_to_ask():
    said = judge("defacto_unattended", {"father_dead": True})
    assert said.unknown == ("mother_situation",)
    assert [r.text for r in said.reasons] == ["还不知道：母亲的情况"]


def test_a_definition_that_names_a_strange_fact_or_part_is_a_fault():
    specs = adopt.shelf().commons.facts
    raw = {
        "group": [
            {"key": "a", "title": "甲", "where": "{father.gone} and nonsense"},
            {"key": "b", "title": "乙", "where": "boards", "fact": "odd"},
        ]
    }
    found = group.GroupFile.model_validate(raw)
    assert len(group.faults_in(found, specs)) == 2


@pytest.mark.parametrize(
    ("value", "is_it"), [(True, True), (False, False), (2, True), (0, False), (None, None)]
)
def test_a_level_above_nothing_is_a_recorded_yes(value, is_it):
    assert group.recorded(Stated(value)) is is_it and group.recorded(value) is is_it
