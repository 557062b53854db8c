"""The burden of plans: acts one by one, sittings merged, and seconds of writing down, from real cases and pairs."""

from bangfu.engine.overlap import sittings
from bangfu.flow import adopt, burden
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case
from tests import factories
from tests.cast import DAY


def of(cast, *keys):
    plans = [p for p in adopt.plans_in_force(cast.school, DAY) if p.key in keys]
    term = calendar_for(cast.school).term_on(DAY)
    me = cast.viewer(cast.homeroom)
    return burden.burdens(school=cast.school, plans=plans, term=term, staff=[me])[cast.homeroom.pk]


def mentored(cast):
    factories.plan(cast.school, key="mentors")
    cast.case(0)
    factories.case(cast.pupils[0], helper=cast.homeroom, of=("mentors", "struggling"))


def test_merging_asks_fewer_acts_and_no_more_minutes(cast):
    mentored(cast)
    both = of(cast, "weekly_support", "mentors")
    assert 0 < both.merged < both.literal
    assert both.merged_minutes <= both.literal_minutes
    assert both.entry < both.typed


def test_a_second_plan_that_the_first_one_already_meets_adds_few_sittings(cast):
    mentored(cast)
    alone, both = of(cast, "weekly_support"), of(cast, "weekly_support", "mentors")
    months = 5
    assert both.literal - alone.literal >= 2 * (months - 1)  # a monthly act and a monthly remedy
    assert both.merged - alone.merged <= 3  # talks and lessons of the week meet both


def test_the_weeks_of_the_term_divide_it(cast):
    cast.case(0)
    found = of(cast, "weekly_support")
    assert found.weeks == 21 and found.weekly(found.literal) == found.literal / 21


def test_nothing_is_asked_of_who_helps_nobody(cast):
    Case.objects.all().delete()
    found = of(cast, "weekly_support")
    assert (
        set(found.by_plan) <= {"weekly_support"} and found.literal <= 3
    )  # the class survey, at most a meeting


def test_confirming_for_everybody_is_three_seconds_and_a_record_ten():
    from tests.engine.test_overlap import ask

    [bulk] = sittings([ask("daily", 12, 12, bulk=True)])
    [single] = sittings([ask("talk", 12, 18)])
    assert burden.seconds(bulk) == 3 + 3 and burden.seconds(single) == 10 + 3
