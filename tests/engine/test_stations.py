"""Choosing, pairing, recording, reviewing, praising: the theory of each station, as tables."""

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.engine import eligibility, form, matching, merit, progress
from bangfu.engine.case import Act, CaseView
from bangfu.engine.duty import expected
from bangfu.engine.matching import Child, Helper
from bangfu.engine.plan import Award, PairingRule
from bangfu.engine.register import FormSpec
from bangfu.engine.standing import standings
from tests.engine.days import calendar, duty, plan

D = date
CHOOSING = plan(
    selection={
        "per_class": {"min": 2, "max": 4},
        "by": ["homeroom_teacher"],
        "where": "struggles or restless",
    },
    category=[
        {"key": "academic", "title": "学习", "where": "struggles"},
        {"key": "behaviour", "title": "行为", "where": "restless"},
    ],
    pairing=[
        {
            "key": "helper",
            "title": "结对",
            "roles": ["homeroom_teacher", "class_attached_teacher"],
            "per_helper": {"min": 1, "max": 2},
            "prefer": ["keep", "even_load", "homeroom"],
        }
    ],
)
RULE: PairingRule = CHOOSING.pairings[0]


@pytest.mark.parametrize(
    ("facts", "answer", "categories"),
    [
        ({"struggles": True}, True, ("academic",)),
        ({"struggles": True, "restless": True}, True, ("academic", "behaviour")),
        ({"struggles": False, "restless": False}, False, ()),
        ({"struggles": False}, None, ()),
        ({}, None, ()),
    ],
)
def test_advice_is_yes_no_or_find_out(facts, answer, categories):
    advice = eligibility.judge(CHOOSING, facts)
    assert (advice.verdict.answer, advice.categories) == (answer, categories)


def test_what_to_find_out_comes_with_what_settles_most_children_first():
    advice = [
        eligibility.judge(CHOOSING, facts) for facts in ({"struggles": False}, {}, {"struggles": False})
    ]
    assert eligibility.find_out(advice)[0] == "restless"


@pytest.mark.parametrize(
    ("size", "picks", "fits"),
    [(45, 1, False), (45, 2, True), (45, 4, True), (45, 5, False), (1, 0, True), (1, 1, True), (3, 3, True), (3, 4, False)],
)  # fmt: skip
def test_two_to_four_a_class_and_a_class_of_one_child_need_not_fill_it(size, picks, fits):
    assert (eligibility.check_selection(CHOOSING, size, picks) == []) is fits


def teacher(name, role="homeroom_teacher", classes=("c1",), **said):
    return Helper(name, name, {c: frozenset({role}) for c in classes}, **said)


LI, WANG = teacher("李老师"), teacher("王老师", "class_attached_teacher", taken=1)


def fitting(child, *helpers):
    return {helper.name for helper in helpers if matching.why_fits(RULE, child, helper)}


def test_only_the_classs_own_teachers_with_room_and_without_conflict_may_take_a_child():
    child = Child("小满", "c1", excluded=frozenset({"王老师"}))
    other = teacher("张老师", classes=("c2",))
    full = teacher("赵老师", taken=2)
    assert fitting(child, LI, WANG, other, full) == {"李老师"}


def test_every_pair_comes_with_its_reason():
    child = Child("小满", "c1")
    assert matching.why_fits(RULE, child, LI) == "同班、班主任、目前带 0 名"
    assert matching.why_fits(RULE, child, WANG) == "同班、包班教师、目前带 1 名"


def test_a_locked_pair_leaves_no_other_way():
    assert fitting(Child("小满", "c1", locked_helper="王老师"), LI, WANG) == {"王老师"}


def test_a_shortage_is_told_in_words_with_the_least_that_helps():
    children = [Child(f"s{i}", "c1", name=f"学生{i}", class_title="三（2）班") for i in range(5)]
    chosen = {"s0": "李老师", "s1": "李老师", "s2": "王老师"}
    found = matching.shortages(children, [LI, WANG], chosen)
    assert [s.who for s in found] == ["s3", "s4"]
    assert found[0].sentence.startswith(
        "三（2）班有 6 名学生要结对，2 位老师一共最多带 4 名，学生3没有人带。"
    )
    (idle,) = matching.shortages([], [LI], {})
    assert idle.kind == "helper_without_child" and "1 名" in idle.sentence
    assert (
        "要回避"
        in matching.shortages([Child("s", "c1", excluded=frozenset({"李老师"}))], [LI], {})[0].sentence
    )
    assert "还没有班主任" in matching.shortages([Child("s", "c9")], [LI], {"x": "李老师"})[0].sentence


def test_hard_rules_hold_through_every_door():
    children = [Child(f"s{i}", "c1") for i in range(3)]
    assert matching.check_pairs(CHOOSING, [("s0", "李老师"), ("s1", "李老师")], children, [LI, WANG]) == []
    too_many = matching.check_pairs(CHOOSING, [(c.id, "李老师") for c in children], children, [LI, WANG])
    assert [f.what for f in too_many] == ["李老师最多带 2 名，现在 3 名"]
    two = matching.check_pairs(CHOOSING, [("s0", "李老师"), ("s0", "王老师")], children, [LI, WANG])
    assert [f.what for f in two] == ["一名学生最多 1 位老师，现在 2 位"]
    stranger = matching.check_pairs(
        CHOOSING, [("s0", "张老师")], children, [teacher("张老师", classes=("c2",))]
    )
    assert "不能" in stranger[0].what


SEVERAL = plan(
    pairing=[
        {"key": "leader", "title": "领导", "roles": ["principal"], "within": "school", "per_helper": {"max": 1}},
        {
            "key": "teacher", "title": "科任", "roles": ["subject_teacher"], "hard": ["teaches_class"],
            "per_case": {"max": 2}, "per_helper": {"max": 2},
        },
        {"key": "buddy", "title": "伙伴", "kind": "peer", "roles": ["peer"], "hard": ["volunteer", "same_class"]},
    ]
)  # fmt: skip


def test_each_pairing_of_a_plan_counts_for_itself():
    children = [Child(f"s{i}", "c1") for i in range(3)]
    head, peer = teacher("校长", "principal", (None,)), teacher("同学", "peer", volunteer=True)
    math, art = teacher("数学", "subject_teacher"), teacher("美术", "subject_teacher")
    staff = [head, peer, math, art]

    def wrong(*pairs):
        return [f.what for f in matching.check_pairs(SEVERAL, pairs, children, staff)]

    assert wrong(("s0", "校长"), ("s0", "数学"), ("s0", "美术"), ("s0", "同学"), ("s1", "数学")) == []
    assert wrong(("s0", "校长"), ("s1", "校长")) == ["校长最多带 1 名，现在 2 名"]
    assert wrong(("s0", "数学"), ("s1", "数学"), ("s2", "数学")) == ["数学最多带 2 名，现在 3 名"]
    shy = teacher("害羞", "peer")
    (fault,) = matching.check_pairs(SEVERAL, [("s0", "害羞")], children, [shy])
    assert fault.what == "害羞不能和这名学生结对"
    (none,) = matching.check_pairs(plan(), [("s0", "数学")], children, staff)
    assert none.hint == "方案里没有结对"


def test_the_role_that_is_fixed_needs_no_asking():
    rule = PairingRule(
        key="k", title="t", roles=("homeroom_teacher", "staff"), fixed="homeroom_teacher", hard=("volunteer",)
    )
    child = Child("s", "c1")
    assert matching.allowed(rule, child, LI)
    assert matching.refusal(rule, child, teacher("职工", "staff")) == "还没有自愿报名"
    assert matching.allowed(rule, child, teacher("职工", "staff", volunteer=True))


@pytest.mark.parametrize(("place", "fits"), [("v1", True), ("v2", False)])
def test_a_village_is_a_place_like_a_class(place, fits):
    rule = PairingRule(key="k", title="t", roles=("village_team",), within="village")
    home = Child("h", None, places={"village": "v1"})
    assert matching.allowed(rule, home, teacher("队员", "village_team", (place,))) is fits


@given(st.lists(st.sampled_from(["c1", "c2"]), max_size=6), st.integers(0, 2), st.integers(0, 2))
def test_who_fits_is_who_the_check_of_pairs_lets_be(classes, first, second):
    children = [Child(i, c) for i, c in enumerate(classes)]
    helpers = [teacher("a", taken=first), teacher("b", "class_attached_teacher", ("c1", "c2"), taken=second)]
    for child, helper in product(children, helpers):
        faults = matching.check_pairs(CHOOSING, [(child.id, helper.id)], children, helpers)
        assert bool(matching.why_fits(RULE, child, helper)) is not bool(faults)


TALK_FORM = FormSpec.model_validate(
    {
        "key": "home_visit",
        "title": "家访",
        "counts_as": ["guardian_contact"],
        "chips": [
            {"key": "about", "title": "看了看", "options": ["住", "吃"]},
            {"key": "today", "title": "今天", "options": ["挺好", "平稳"], "many": False},
        ],
        "minutes": [20, 40],
        "question": [
            {
                "key": "outcome",
                "title": "怎样",
                "kind": "choice",
                "options": ["见到了", "没见到"],
                "codes": ["reached", "unreached"],
            },
            {"key": "who", "title": "谁", "needed": True},
        ],
    }
)


def test_a_home_visit_is_also_a_contact_and_may_be_more():
    assert form.activities(TALK_FORM, ("talk",)) == {"home_visit", "guardian_contact", "talk"}


@pytest.mark.parametrize(
    ("answers", "wrong"),
    [
        ({"who": "奶奶"}, []),
        (
            {
                "who": "奶奶",
                "about": ["住", "吃"],
                "today": "挺好",
                "minutes": 25,
                "note": "好",
                "outcome": "reached",
            },
            [],
        ),
        ({}, ["who"]),
        ({"who": "x", "about": ["车"]}, ["about"]),
        ({"who": "x", "today": ["挺好", "平稳"]}, ["today"]),
        ({"who": "x", "minutes": "十"}, ["minutes"]),
        ({"who": "x", "minutes": 0}, ["minutes"]),
        ({"who": "x", "outcome": "见"}, ["outcome"]),
        ({"who": "x", "note": "长" * 2001}, ["note"]),
        ({"gps": "1,2", "about": ["车"]}, ["gps", "about", "who"]),
    ],
)
def test_a_form_says_all_its_faults_at_once(answers, wrong):
    assert [f.where for f in form.check(TALK_FORM, answers)] == [f"home_visit:{key}" for key in wrong]


def test_a_month_is_summed_up_in_one_sentence():
    a_plan = plan(duty("talk", title="每周谈心"), duty("contact", title="联系家长", every={"unit": "month"}))
    owed = expected(a_plan, CaseView("c", "p", D(2026, 11, 1)), calendar(), D(2026, 11, 1), D(2026, 11, 30))
    owed = [
        e for e in owed if e.due_on <= D(2026, 11, 30)
    ]  # the week of the 30th belongs to December's sheet
    done = [
        Act(i, d, d, frozenset({"talk"}), frozenset({"helper"}))
        for i, d in enumerate((D(2026, 11, 3), D(2026, 11, 10)))
    ]
    month = progress.summarise(standings(owed, done, day=D(2026, 11, 25)), records=2, measures=0)
    assert month.has_records and not month.has_measures and not month.enough
    assert [(c.done, c.of) for c in month.counts] == [(2, 4), (0, 1)]
    assert month.sentence == "还差 2 次每周谈心、1 次联系家长"
    assert progress.summarise([], records=0, measures=0).sentence == "这个月还没有记录"


AWARD = Award.model_validate(
    {
        "key": "five_star",
        "title": "五星学生",
        "nominate_by": ["helper"],
        "approve_by": ["principal"],
        "min_records": 2,
        "min_weeks": 4,
    }
)


def claim(**said):
    known = {
        "child_id": "s", "nominated_by": "li", "roles": frozenset({"helper"}), "helped_since": D(2026, 9, 1),
        "on": D(2026, 11, 1), "records": (1, 2), "because": "能自己改错了",
    }  # fmt: skip
    return merit.Claim(**(known | said))


def test_an_award_rests_on_records_time_and_words_never_on_a_rank():
    assert merit.check(AWARD, claim()) == []
    bare = claim(records=(1, 1), because=" ", on=D(2026, 9, 8), roles=frozenset({"subject_teacher"}))
    assert len(merit.check(AWARD, bare)) == 4


RISE = Award.model_validate(
    {
        "key": "rise", "title": "进步奖", "formula": "place_gain", "share": [0.2, 0.3, 0.5],
        "prizes": ["一等奖", "二等奖", "三等奖"],
    }
)  # fmt: skip


def scores(*figures):
    return dict(zip("abcdefgh", figures, strict=False))


@pytest.mark.parametrize(
    ("before", "after", "prizes"),
    [
        # nobody came forward: everybody keeps the place
        (scores(90, 80, 70), scores(95, 85, 75), {}),
        # one came forward: at least one first prize
        (scores(90, 80, 70), scores(90, 70, 80), {"一等奖": ("c",)}),
        # d rises by 3, a, b and c fall; joiners and leavers have no place in either term
        (scores(90, 80, 70, 60), scores(80, 70, 60, 90) | {"x": 99}, {"一等奖": ("d",)}),
        # four came forward: one first prize, one second, two third
        (
            scores(8, 7, 6, 5, 4, 3, 2, 1),
            scores(4, 3, 2, 1, 6, 5, 7, 8),
            {"一等奖": ("h",), "二等奖": ("g",), "三等奖": ("e", "f")},
        ),
        # equals share the better prize
        (scores(8, 7, 2, 2), scores(2, 1, 9, 9), {"一等奖": ("c", "d")}),
    ],
)  # fmt: skip
def test_a_progress_award_counts_places_among_those_with_both_terms(before, after, prizes):
    assert merit.prizes(RISE, before, after) == prizes


def test_equal_gain_with_equal_level_never_gets_a_worse_prize():
    level = RISE.model_copy(update={"formula": "level_gain"})
    before, after = dict.fromkeys("abcdefghij", 1), dict.fromkeys("abcdefghij", 2)
    assert merit.prizes(level, before, after) == {"一等奖": tuple("abcdefghij")}
    assert merit.prizes(level, before, after | {"a": 3}) == {
        "一等奖": tuple("abcdefghij")
    }  # two first of ten
    five = {child: after[child] for child in "abcde"} | {"a": 3}
    assert merit.prizes(level, before, five) == {"一等奖": ("a",), "二等奖": ("b", "c", "d", "e")}


def test_a_level_is_ones_own_and_a_goal_reached_counts_without_any_gain():
    level = RISE.model_copy(update={"formula": "level_gain", "share": (), "prizes": ()})
    assert merit.prizes(level, scores(1, 2, 3), scores(2, 2, 2)) == {"进步奖": ("a",)}
    goal = level.model_copy(update={"formula": "goal_reached"})
    assert merit.prizes(goal, scores(2, 3), scores(2, 2)) == {"进步奖": ("a",)}
    assert merit.prizes(AWARD, scores(1), scores(2)) == {}


@given(
    st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 9)),
    st.dictionaries(st.sampled_from("abcdefghijkl"), st.integers(0, 9)),
)
def test_prizes_hold_exactly_those_who_rose_and_never_say_a_rank(before, after):
    both = [c for c in before if c in after]

    def place(child, figures):
        return sum(figures[other] > figures[child] for other in both)

    rose = {c for c in both if place(c, before) > place(c, after)}
    shared = merit.prizes(RISE, before, after)
    given_to = [c for who in shared.values() for c in who]
    assert sorted(given_to) == sorted(rose)
    assert not rose or shared["一等奖"]
    assert all(list(who) == sorted(who) for who in shared.values())


def test_who_nominates_does_not_approve():
    assert merit.check_approval(AWARD, claim(), "principal", frozenset({"principal"})) == []
    assert len(merit.check_approval(AWARD, claim(), "li", frozenset({"helper"}))) == 2
