"""What a plan must know of a child and nobody has said: three answers, one statement for all plans, listed per class."""

from datetime import date, datetime, timedelta, timezone

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bangfu.flow import adopt, gaps, known, record
from bangfu.records.models import Event, FactStatement
from tests import factories
from tests.cast import DAY

NOON = datetime(2026, 9, 10, 12, tzinfo=timezone(timedelta(hours=8)))
POOR = ["village", "boards", "exited_poor", "dibao", "tekun", "hardship_level", "orphan", "disabled",
        "single_parent", "left_behind_roll", "guardian_at_home"]  # fmt: skip


def of(cast, key: str, category: str, at: int = 0, **more):
    if not cast.school.plans.filter(key=key).exists():
        factories.plan(cast.school, key=key, valid_from=date(2026, 9, 1))
    return factories.case(
        cast.pupils[at], helper=more.get("helper") or cast.homeroom, by=cast.homeroom, of=(key, category)
    )


def say(cast, at: int = 0, source="roll", **values):
    FactStatement.objects.create(
        pupil=cast.pupils[at], source=source, stated_on=date(2026, 9, 10), known_at=NOON, values=values
    )


def missing(cast, at: int = 0, who=None) -> list[str]:
    viewer, pupil = cast.viewer(who or cast.homeroom), cast.pupils[at]
    roles = record.roles_on([pupil], by=viewer)[pupil.pk]
    return [
        one.spec.key
        for one in gaps.of_child(viewer, pupil.pk, roles)
        if one.is_missing and not one.is_for_choice
    ]


def tell(cast, who=None, at: int = 0, **values):
    return gaps.state(pupil=cast.pupils[at], values=values, by=cast.viewer(who or cast.homeroom))


def test_a_blank_is_unknown_and_a_stated_no_is_known(cast):
    of(cast, "whole_school", "hard_up")
    assert missing(cast) == POOR
    say(cast, orphan=False, left_behind_roll=0, village="", dibao=None)
    assert missing(cast) == [key for key in POOR if key not in ("orphan", "left_behind_roll")]


def test_only_the_file_of_the_childs_own_needs_is_asked(cast):
    of(cast, "whole_school", "left_behind")
    assert missing(cast) == []
    of(cast, "growth_plan", "talented", at=1)
    assert missing(cast, 1) == ["talent"]


def test_a_fact_two_plans_want_is_asked_once_and_names_both(cast):
    of(cast, "mentors", "struggling")
    of(cast, "class_progress", "learning")
    viewer, pupil = cast.viewer(cast.homeroom), cast.pupils[0]
    asked = {one.spec.key: one.plans for one in gaps.of_child(viewer, pupil.pk, frozenset({"helper"}))}
    titles = {plan.key: plan.short_title for plan in adopt.plans_in_force(cast.school, DAY)}
    assert set(asked["weak_subjects"]) == {titles["class_progress"], titles["mentors"]}
    assert set(asked["traits"]) == {titles["class_progress"]} and set(asked["keeping_up"]) == {
        titles["mentors"]
    }


def test_what_is_said_once_is_known_in_every_plan(cast):
    of(cast, "mentors", "struggling")
    of(cast, "class_progress", "learning")
    row = tell(cast, weak_subjects="数学", orphan=False, single_parent=None)
    assert (row.source, row.stated_on, row.by, row.values) == (
        "told",
        DAY,
        cast.homeroom,
        {"weak_subjects": "数学", "orphan": False},
    )
    assert not {"weak_subjects", "orphan"} & set(missing(cast)) and "single_parent" in missing(cast)
    assert known.newest([cast.pupils[0].pk], DAY)[cast.pupils[0].pk]["orphan"].value is False
    assert Event.objects.get(verb="gaps.state").changes["orphan"] == [None, False]


def test_said_twice_it_is_stated_once_and_a_correction_is_a_new_statement(cast):
    of(cast, "mentors", "struggling")
    tell(cast, weak_subjects="数学")
    assert tell(cast, weak_subjects="数学") is None
    tell(cast, weak_subjects="语文")
    assert [row.values for row in FactStatement.objects.order_by("known_at")] == [
        {"weak_subjects": "数学"},
        {"weak_subjects": "语文"},
    ]


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"orphan": "也许"}, ["「孤儿」：选“是”或“不是”"]),
        ({"keeping_up": "还行", "level_chinese": 7}, ["「学习情况」：从给出的几样里选一样", "「语文水平」：没有这一档"]),
        ({"level_chinese": 0}, ["「语文水平」：没有这一档"]),
        ({"level_chinese": "好"}, ["「语文水平」：写一个数"]),
        ({"traits": "爱" * 201}, ["「孩子的特点」：请写在 200 字以内"]),
    ],
)  # fmt: skip
def test_an_answer_of_another_kind_is_refused_all_at_once(cast, values, says):
    of(cast, "mentors", "struggling")
    with pytest.raises(gaps.NotAnAnswer) as wrong:
        tell(cast, **values)
    assert [fault.what for fault in wrong.value.faults] == says
    assert not FactStatement.objects.exists()


def test_nothing_said_is_told_and_a_strange_fact_is_nobodys_to_say(cast):
    of(cast, "mentors", "struggling")
    with pytest.raises(gaps.NothingSaid):
        tell(cast, weak_subjects="", orphan=None)
    for strange in ({"nonsense": 1}, {"household_head": "陈"}):
        with pytest.raises(gaps.NotYours):
            tell(cast, **strange)


@pytest.mark.parametrize(
    ("who", "plain", "sensitive"),
    [
        ("homeroom", True, True),
        ("principal", True, True),
        ("attached", True, False),
        ("supervisor", False, False),
        ("officer", False, False),
        ("neighbour", False, False),
        ("outsider", False, False),
    ],
)
def test_who_may_say_what_and_what_is_not_ones_to_read_is_not_asked(cast, who, plain, sensitive):
    of(cast, "whole_school", "hard_up", helper=cast.deputy_head)
    staff = getattr(cast, who)
    for values, may in (({"boards": True}, plain), ({"orphan": False}, sensitive)):
        if may:
            assert tell(cast, staff, **values)
        else:
            with pytest.raises(gaps.NotYours):
                tell(cast, staff, **values)
    FactStatement.objects.all().delete()
    facts = adopt.shelf().commons.facts
    if plain and not sensitive:
        assert missing(cast, who=staff) == [key for key in POOR if facts[key].privacy == "plain"] != []


def rows(cast, *classes, who=None):
    viewer = cast.viewer(who or cast.homeroom)
    return gaps.of_classes(viewer, [one.pk for one in classes])


def test_a_class_lists_its_children_in_class_order_with_what_is_missing(cast):
    for at in (2, 0, 1):
        of(cast, "class_progress", "learning", at)
    say(cast, 0, traits="爱画画", main_cause="基础没打牢", weak_subjects="数学")
    say(cast, 1, traits="爱画画")
    found = rows(cast, cast.class_two)[cast.class_two.pk]
    assert [(one.name, one.missing) for one in found[:4]] == [
        ("陈小满", ()),
        ("罗天佑", ("主要原因", "要多帮的学科")),
        ("杨朵朵", ("孩子的特点", "主要原因", "要多帮的学科")),
        ("周子安", ()),
    ]


def test_a_case_that_is_over_or_a_plan_stopped_asks_nothing(cast):
    case = of(cast, "class_progress", "learning")
    type(case).objects.filter(pk=case.pk).update(closed_on=DAY)
    assert (
        not any(one.missing for one in rows(cast, cast.class_two)[cast.class_two.pk]) and missing(cast) == []
    )


def test_what_could_settle_who_is_helped_is_asked_once_for_all_plans_and_only_while_it_matters(cast):
    for key in ("growth_plan", "class_progress"):
        factories.plan(cast.school, key=key)
    viewer, pupil = cast.viewer(cast.homeroom), cast.pupils[0]
    asked = gaps.of_child(viewer, pupil.pk, frozenset({"helper"}))
    [one] = [one for one in asked if one.spec.key == "keeping_up"]
    assert one.is_for_choice and set(one.plans) == {"每周帮扶", "成长支持", "一起进步"}
    row = next(r for r in rows(cast, cast.class_two)[cast.class_two.pk] if r.pupil_id == pupil.pk)
    assert row.to_settle == ("学习情况",)
    tell(cast, keeping_up="跟得上", conduct="挺好", mood="平稳")
    assert gaps.of_child(viewer, pupil.pk, frozenset({"helper"})) == []


def test_the_lists_of_many_classes_take_as_many_queries_as_one(cast):
    for at in range(4):
        of(cast, "class_progress", "learning", at)
    factories.case(cast.others[0], by=cast.neighbour, of=("class_progress", "learning"))
    viewer = cast.viewer(cast.principal)
    gaps.of_classes(viewer, [cast.class_one.pk])
    with CaptureQueriesContext(connection) as one:
        gaps.of_classes(viewer, [cast.class_one.pk])
    with CaptureQueriesContext(connection) as both:
        found = gaps.of_classes(viewer, [cast.class_one.pk, cast.class_two.pk])
    assert len(one) == len(both) <= 9
    assert [len(found[one.pk]) for one in (cast.class_one, cast.class_two)] == [3, 6]


@pytest.mark.parametrize(
    ("who", "one", "two"),
    [
        ("homeroom", False, True),
        ("neighbour", True, False),
        ("principal", True, True),
        ("attached", False, False),
        ("supervisor", False, False),
        ("officer", False, False),
        ("outsider", False, False),
    ],
)
def test_the_class_teacher_and_the_leaders_read_the_list(cast, who, one, two):
    viewer = cast.viewer(getattr(cast, who))
    assert (gaps.may_see_all(viewer, cast.class_one), gaps.may_see_all(viewer, cast.class_two)) == (one, two)
    here = {cast.class_one.pk: one, cast.class_two.pk: two}
    assert {pk for pk, may in here.items() if may} == set(
        gaps.classes(viewer).values_list("pk", flat=True)
    ) & here.keys()


def test_a_left_behind_child_has_a_special_file(cast):
    of(cast, "hand_in_hand", "left_behind")
    assert "caregiver_kind" in missing(cast) and "boards" in missing(cast)
    tell(cast, caregiver_kind="祖辈", boards=False)
    assert not {"caregiver_kind", "boards"} & set(missing(cast))


def test_the_gap_list_is_asked_of_those_it_is_for(cast):
    of(cast, "mentors", "struggling")
    of(cast, "mentors", "orphaned", at=1)
    assert "weak_subjects" in missing(cast) and "weak_subjects" not in missing(cast, 1)


def test_what_was_seen_last_term_is_asked_again_this_term(cast):
    of(cast, "mentors", "struggling")
    FactStatement.objects.create(
        pupil=cast.pupils[0],
        source="told",
        stated_on=date(2026, 5, 1),
        known_at=NOON,
        values={"keeping_up": "很吃力", "orphan": False},
    )
    missed = missing(cast)
    assert "keeping_up" in missed and "orphan" not in missed
    tell(cast, keeping_up="很吃力")
    assert "keeping_up" not in missing(cast)
