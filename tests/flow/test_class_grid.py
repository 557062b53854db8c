"""The class in one grid: each fact once for all plans, known everywhere, two teachers side by side."""

import pytest

from bangfu.flow import adopt, answers, class_grid, coverage, identify, known
from bangfu.records.models import Event, FactStatement, Survey, SurveyAnswer
from tests import factories
from tests.cast import DAY

EVENING = "2026-10-10T18:00+08:00"


@pytest.fixture
def by(cast):
    return cast.viewer(cast.homeroom)


@pytest.fixture
def many(cast):
    """Three plans more, two of which take everybody who fits."""
    for key in ("growth_plan", "hand_in_hand", "whole_school"):
        factories.plan(cast.school, key=key, edition="recommended")
    return cast


def keep(cast, by, cells, saw=None):
    return class_grid.keep(school_class=cast.class_two, cells=cells, saw=saw or {}, by=by)


def grid(cast, by):
    columns, rows = class_grid.rows(school_class=cast.class_two, by=by)
    return {one.key: one for one in columns}, {row.id: row for row in rows}


def cell(cast, by, pupil, key):
    columns, rows = class_grid.rows(school_class=cast.class_two, by=by)
    return next(row for row in rows if row.id == pupil.pk).cells[[one.key for one in columns].index(key)]


def said(cast, at=0, source="roll", **values):
    FactStatement.objects.create(
        pupil=cast.pupils[at], source=source, stated_on=DAY, known_at=EVENING, values=values
    )


def test_a_fact_several_plans_ask_for_is_one_column_and_names_them(many, by):
    columns, rows = grid(many, by)
    assert set(columns["keeping_up"].plans) == {"每周帮扶", "成长支持", "教育帮扶"}
    assert list(columns)[0] in ("keeping_up", "conduct", "mood")  # what is seen in class comes first
    assert [row.name for row in rows.values()] == [pupil.name for pupil in many.pupils]


def test_one_answer_stands_in_every_plan_and_is_one_statement(many, by):
    pupil = many.pupils[0]
    keep(many, by, {pupil.pk: {"keeping_up": "2", "left_behind_roll": "1"}})
    assert FactStatement.objects.get().values == {"keeping_up": "有点吃力", "left_behind_roll": 0}
    asked = {row.survey.plan_key: row.answers for row in SurveyAnswer.objects.select_related("survey")}
    assert asked == {
        "weekly_support": {"keeping_up": "有点吃力"},
        "growth_plan": {"keeping_up": "有点吃力"},
        "hand_in_hand": {"left_behind_roll": 0},
        "whole_school": {"keeping_up": "有点吃力", "left_behind_roll": 0},
    }
    assert Event.objects.get(verb="coverage.answer").changes["keeping_up"] == [None, "有点吃力"]


def test_keeping_the_same_again_changes_nothing(many, by):
    cells = {many.pupils[0].pk: {"keeping_up": "2"}}
    assert keep(many, by, cells).cells == 1
    assert keep(many, by, cells).cells == 0
    assert FactStatement.objects.count() == Event.objects.filter(verb="coverage.answer").count() == 1


def test_where_a_plan_takes_all_who_fit_the_tick_follows_the_answers(many, by):
    pupil = many.pupils[0]
    ticks = SurveyAnswer.objects.filter(pupil=pupil, survey__plan_key="hand_in_hand")
    keep(many, by, {pupil.pk: {"left_behind_roll": "3"}})
    assert ticks.get().is_chosen
    keep(many, by, {pupil.pk: {"left_behind_roll": "1"}})
    assert not ticks.get().is_chosen
    assert not SurveyAnswer.objects.get(pupil=pupil, survey__plan_key="whole_school").is_chosen


def test_a_few_are_chosen_by_people_whatever_the_answers_say(many, by):
    keep(many, by, {many.pupils[0].pk: {"keeping_up": "3"}})
    assert not SurveyAnswer.objects.get(survey__plan_key="weekly_support").is_chosen


def test_what_is_known_stands_there_with_its_source(many, by):
    said(many, left_behind_roll=2)
    found = cell(many, by, many.pupils[0], "left_behind_roll")
    assert (found.words, found.source, found.is_fixed) == ("父母双方外出", "学籍", False)


def test_what_an_authoritys_list_says_is_read_and_not_written(many, by):
    said(many, source="list:minimum_living", dibao=True)
    pupil = many.pupils[0]
    assert cell(many, by, pupil, "dibao").is_fixed
    keep(many, by, {pupil.pk: {"dibao": "2"}})
    assert known.newest([pupil.pk], DAY)[pupil.pk]["dibao"].value is True
    assert FactStatement.objects.count() == 1


def test_not_known_takes_back_what_a_teacher_said_and_stays_in_the_cell(many, by):
    pupil = many.pupils[0]
    keep(many, by, {pupil.pk: {"single_parent": "1"}})
    keep(many, by, {pupil.pk: {"single_parent": "0"}})
    assert known.newest([pupil.pk], DAY)[pupil.pk]["single_parent"].value is None
    assert cell(many, by, pupil, "single_parent").digit == "0"


def test_two_teachers_change_single_cells_and_the_later_one_is_told(many, by):
    pupil, attached = many.pupils[0], many.viewer(many.attached)
    keep(many, attached, {pupil.pk: {"keeping_up": "3", "conduct": "1"}})
    kept = keep(many, by, {pupil.pk: {"keeping_up": "1"}}, {pupil.pk: {"keeping_up": ""}})
    assert [(one.key, one.was, one.by) for one in kept.changed] == [("keeping_up", "很吃力", "赵志远")]
    facts = known.newest([pupil.pk], DAY)[pupil.pk]
    assert (facts["keeping_up"].value, facts["conduct"].value) == ("跟得上", "挺好")
    again = keep(many, attached, {pupil.pk: {"keeping_up": "2"}}, {pupil.pk: {"keeping_up": "1"}})
    assert again.changed == ()


def test_still_so_many_children_counts_blanks_and_not_what_is_not_known(cast, by):
    first, second = cast.pupils[:2]
    every = {"keeping_up": "1", "conduct": "1", "mood": "1"}
    assert keep(cast, by, {first.pk: {"keeping_up": "1"}}).left == 6
    assert keep(cast, by, {first.pk: every, second.pk: every | {"mood": "0"}}).left == 4


def test_strange_facts_digits_and_children_of_other_classes_are_passed_over(cast, by):
    cells = {cast.others[0].pk: {"keeping_up": "1"}, cast.pupils[0].pk: {"name": "1", "dibao": "1", "mood": ""}}
    assert keep(cast, by, cells).cells == 0
    assert not FactStatement.objects.exists() and not SurveyAnswer.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "supervisor", "principal", "officer", "outsider"])
def test_only_the_classs_own_teachers_fill_it_in(cast, who):
    with pytest.raises(identify.NotYourClass):
        keep(cast, cast.viewer(getattr(cast, who)), {cast.pupils[0].pk: {"mood": "1"}})
    assert not Survey.objects.exists()


@pytest.mark.parametrize(("who", "reads"), [("homeroom", True), ("principal", True), ("supervisor", False)])
def test_whoever_only_supervises_the_grade_reads_nothing_sensitive_in_the_grid(many, who, reads):
    columns, _rows = grid(many, many.viewer(getattr(many, who)))
    specs = adopt.shelf().commons.facts
    assert any(specs[key].privacy == "sensitive" for key in columns) is reads
    assert reads or all(specs[key].privacy == "plain" for key in columns)


def test_the_survey_of_one_plan_and_the_grid_show_the_same(many, by):
    pupil = many.pupils[0]
    plan = next(p for p in adopt.plans_in_force(many.school, DAY) if p.key == "weekly_support")
    survey = identify.open_survey(school_class=many.class_two, plan=plan, term_key="2026-2027-1")
    identify.fill(survey=survey, answers={pupil.pk: {"mood": "平稳", "keeping_up": None}}, picks={}, by=by)
    assert cell(many, by, pupil, "mood").words == "平稳"
    assert cell(many, by, pupil, "keeping_up").digit == "0"
    keep(many, by, {pupil.pk: {"mood": "3"}})
    assert survey.answers.get().answers["mood"] == "常常低落"


def test_what_somebody_said_in_between_is_not_said_again_for_them(many, by):
    """One person's words of a day are one statement, but not over somebody else's later word."""
    pupil, attached = many.pupils[0], many.viewer(many.attached)
    keep(many, by, {pupil.pk: {"mood": "1"}})
    keep(many, attached, {pupil.pk: {"mood": "3"}})
    keep(many, by, {pupil.pk: {"conduct": "1"}})
    assert known.newest([pupil.pk], DAY)[pupil.pk]["mood"].value == "常常低落"
    assert answers.SOURCE == "survey" and FactStatement.objects.count() == 3


def test_the_grid_settles_the_statement(many, by):
    columns, rows = grid(many, by)
    keep(many, by, {pk: {key: one.rest for key, one in columns.items()} for pk in rows})
    found = coverage.statement(school=many.school, day=DAY, class_ids=[many.class_two.pk])
    assert found.adds_up and found.whole.screened == 6
