"""The survey's due days, what finishing opens and refuses, and the decision of each term."""

from datetime import date

import pytest

from bangfu.flow import adopt, gaps, identify, known
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, Decision, Event, FactStatement, Pairing, SurveyAnswer
from tests import factories
from tests.cast import DAY

TERM = "2026-2027-1"


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


@pytest.fixture
def survey(cast, plan):
    return identify.open_survey(school_class=cast.class_two, plan=plan, term_key=TERM)


@pytest.fixture
def by(cast):
    return cast.viewer(cast.homeroom)


def due(cast, plan, school_class):
    term = calendar_for(cast.school).term_on(DAY)
    return identify.due_days(plan=plan, school=cast.school, term=term, class_ids=[school_class.pk])[
        school_class.pk
    ]


def test_the_survey_is_due_in_week_five_after_national_day(cast, plan):
    assert due(cast, plan, cast.class_two).on == date(2026, 10, 8)


def test_a_class_of_first_graders_has_a_month_and_a_half(cast, plan):
    new = factories.school_class(cast.school, 1, 1)
    factories.pupil(new, "新一", joined_on=date(2026, 9, 1))
    factories.pupil(new, "新二", joined_on=date(2026, 9, 1))
    found = due(cast, plan, new)
    assert found.on == date(2026, 10, 16)
    assert not found.newcomers


def test_a_child_who_joins_in_the_term_has_forty_five_days_of_its_own(cast, plan):
    late = factories.pupil(cast.class_two, "转来", joined_on=date(2026, 10, 20))
    found = due(cast, plan, cast.class_two)
    assert found.on == date(2026, 10, 8)
    assert late.pk not in found.newcomers  # not on the roll on the cast's day yet
    early = factories.pupil(cast.class_two, "早来", joined_on=date(2026, 10, 12))
    assert due(cast, plan, cast.class_two).newcomers == {early.pk: date(2026, 11, 26)}


def test_filling_writes_only_what_differs_and_logs_it(cast, survey, by):
    first, second = cast.pupils[:2]
    cells = {first.pk: {"keeping_up": "跟得上"}, second.pk: {"keeping_up": None}}
    assert identify.fill(survey=survey, answers=cells, picks={}, by=by) == 2
    assert identify.fill(survey=survey, answers=cells, picks={}, by=by) == 0
    assert (
        identify.fill(survey=survey, answers={first.pk: {"mood": "平稳"}}, picks={second.pk: True}, by=by)
        == 2
    )
    assert SurveyAnswer.objects.get(pupil=first).answers == {"keeping_up": "跟得上", "mood": "平稳"}
    assert Event.objects.filter(verb="identify.answer").count() == 4


def test_only_the_class_s_own_teachers_fill_and_finish(cast, survey, plan):
    for staff in (cast.neighbour, cast.supervisor, cast.principal, cast.outsider):
        with pytest.raises(identify.NotYourClass):
            identify.fill(survey=survey, answers={}, picks={cast.pupils[0].pk: True}, by=cast.viewer(staff))
        with pytest.raises(identify.NotYourClass):
            identify.finish(survey=survey, plan=plan, by=cast.viewer(staff))


def choose(cast, survey, by, count, causes=("habit",)):
    chosen = [pupil.pk for pupil in cast.pupils[:count]]
    identify.fill(survey=survey, answers={}, picks=dict.fromkeys(chosen, True), by=by)
    said = {pk: identify.Choice("behaviour", tuple(causes)) for pk in chosen}
    identify.choose_all(survey=survey, choices=said, by=by)


@pytest.mark.parametrize("count", [0, 1, 5])
def test_fewer_or_more_than_the_plan_says_takes_a_reason(cast, survey, plan, by, count):
    choose(cast, survey, by, count)
    with pytest.raises(identify.NotEnoughSaid, match="方案要 2—4 个"):
        identify.finish(survey=survey, plan=plan, by=by)
    assert not Case.objects.exists()
    identify.finish(survey=survey, plan=plan, by=by, exception="别的都跟得上")
    assert Case.objects.count() == count


def test_a_child_who_left_the_class_is_not_taken_up(cast, survey, plan, by):
    choose(cast, survey, by, 3)
    cast.pupils[0].enrolments.update(valid_to=DAY)
    identify.finish(survey=survey, plan=plan, by=by)
    assert set(Case.objects.values_list("pupil_id", flat=True)) == {cast.pupils[1].pk, cast.pupils[2].pk}


def test_children_already_helped_count_among_the_chosen(cast, survey, plan, by):
    cast.case(4), cast.case(5)
    identify.finish(survey=survey, plan=plan, by=by)
    assert Case.objects.count() == 2


def test_what_was_found_is_stated_once_and_one_person_s_words_of_a_day_are_one_statement(cast, survey, plan, by):
    choose(cast, survey, by, 2)
    cells = {cast.pupils[0].pk: {"conduct": "常要提醒", "mood": None}}
    identify.fill(survey=survey, answers=cells, picks={}, by=by)
    identify.finish(survey=survey, plan=plan, by=by)
    identify.finish(survey=survey, plan=plan, by=by)
    assert FactStatement.objects.get().values == {"conduct": "常要提醒"}
    cells[cast.pupils[0].pk]["mood"] = "平稳"
    identify.fill(survey=survey, answers=cells, picks={}, by=by)
    identify.finish(survey=survey, plan=plan, by=by)
    assert FactStatement.objects.get().values == {"conduct": "常要提醒", "mood": "平稳"}


def test_a_cell_is_known_everywhere_as_soon_as_it_is_kept_and_other_surveys_follow(cast, survey, by):
    pupil = cast.pupils[0]
    factories.plan(cast.school, key="growth_plan")
    growth = next(p for p in adopt.plans_in_force(cast.school, DAY) if p.key == "growth_plan")
    other = identify.open_survey(school_class=cast.class_two, plan=growth, term_key=TERM)
    identify.fill(survey=other, answers={pupil.pk: {"conduct": "挺好"}}, picks={}, by=by)
    identify.fill(survey=survey, answers={pupil.pk: {"conduct": "常要提醒"}}, picks={}, by=by)
    assert other.answers.get().answers == {"conduct": "常要提醒"}
    assert FactStatement.objects.get().values == {"conduct": "常要提醒"}


def test_what_somebody_said_later_is_not_overwritten_by_handing_in(cast, survey, plan, by):
    choose(cast, survey, by, 2)
    pupil = cast.pupils[0]
    identify.fill(survey=survey, answers={pupil.pk: {"mood": "平稳"}}, picks={}, by=by)
    gaps.state(pupil=pupil, values={"mood": "常常低落"}, by=by)
    identify.finish(survey=survey, plan=plan, by=by)
    assert known.newest([pupil.pk], DAY)[pupil.pk]["mood"].value == "常常低落"


def test_closing_a_case_ends_its_pair_and_keeps_the_sentence(cast):
    case = cast.case(0)
    identify.decide(
        case=case, term_key=TERM, outcome="close", by=cast.viewer(cast.homeroom), note="三个月都跟得上"
    )
    case.refresh_from_db()
    assert (case.closed_on, case.closed_because) == (DAY, "三个月都跟得上")
    assert Pairing.objects.get().state == "ended"


@pytest.mark.parametrize("outcome", ["change", "close"])
def test_changing_or_closing_needs_a_sentence(cast, outcome):
    case = cast.case(0)
    with pytest.raises(identify.SayWhy):
        identify.decide(case=case, term_key=TERM, outcome=outcome, by=cast.viewer(cast.homeroom), note=" ")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_others_do_not_decide(cast, who):
    by = cast.viewer(getattr(cast, who))
    if who == "outsider":
        by = factories.viewer(factories.staff(cast.outsider.school, "陌生人"), DAY)
    with pytest.raises(identify.NotYourDecision):
        identify.decide(case=cast.case(0), term_key=TERM, outcome="continue", by=by)


def test_a_case_is_decided_once_a_term(cast):
    case, by = cast.case(0), cast.viewer(cast.attached)
    identify.decide(case=case, term_key=TERM, outcome="continue", by=by)
    with pytest.raises(identify.AlreadyDecided):
        identify.decide(case=case, term_key=TERM, outcome="continue", by=by)
    identify.decide(case=case, term_key="2026-2027-2", outcome="continue", by=by)
