"""The first draft of a term's words: out of records, short, without a child's name, and only as long as nothing is written."""

from datetime import date, timedelta

import pytest

from bangfu.flow import adopt, excuse, goals, record, review, term_words
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Decision
from tests import factories
from tests.cast import DAY


@pytest.fixture
def term(cast):
    return calendar_for(cast.school).term_on(DAY)


def draft(cast, term, plan=None):
    plan = plan or adopt.plans_in_force(cast.school, DAY)[0]
    return term_words.draft(plan=plan, helper=cast.homeroom, term=term)


def test_without_anything_recorded_nothing_is_put_into_the_mouth(cast, term):
    cast.case(0)
    assert draft(cast, term) == ""


def test_bright_spots_reasons_decisions_and_months_come_from_what_is_there(cast, term, settings):
    case, viewer = cast.case(0), cast.viewer(cast.homeroom)
    for at, words in enumerate(("把伞借给同桌", "")):
        entry = record.Entry(("talk",), DAY - timedelta(days=at), bright_spot=words)
        record.add(entry=entry, pupils=cast.pupils[:1], by=viewer)
    excuse.waive(case=case, missed=excuse.Missed("talk", "2026-2027-1/W06", "no_road"), by=viewer)
    Decision.objects.create(case=case, term_key=term.key, outcome="continue", by=cast.homeroom, on=DAY)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    review.hand_in(plan=plan, period=review.period_of_key(cast.school, "2026-10"), by=viewer)
    said = draft(cast, term)
    assert "记下闪光点 1 条，最近一条：“把伞借给同桌”。" in said
    assert "有 1 件没有做成（路不通）。" in said
    assert "这学期的审定：继续帮 1 名。" in said and "交了 1 个月的记录。" in said
    assert "陈小满" not in said and len(said) <= term_words.MOST


def test_steps_reached_and_still_open_are_counted(cast, term):
    factories.plan(cast.school, key="growth_plan", valid_from=date(2026, 9, 1))
    growth = next(one for one in adopt.plans_in_force(cast.school, DAY) if one.key == "growth_plan")
    case = factories.case(cast.pupils[0], helper=cast.homeroom, of=("growth_plan", "learning"))
    steps = tuple(goals.Draft(date(2026, at, 25), "看图说话五句", 2, {"负责人": "李秋月"}) for at in (11, 12))
    by = cast.viewer(cast.homeroom)
    row = goals.set_goal(plan=growth, case=case, wish=goals.Wish("stages", steps, "学习", 1), by=by)
    goals.reach(plan=growth, step=row.steps.order_by("due_on").first(), by=by)
    assert draft(cast, term, growth).startswith("一起定的目标做到了 1 步，还有 1 步在做。")


def test_a_long_bright_spot_is_quoted_shortly(cast, term):
    cast.case(0)
    entry = record.Entry(("talk",), DAY, bright_spot="好" * 90)
    record.add(entry=entry, pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    assert "好" * 39 + "…" in draft(cast, term) and "好" * 40 not in draft(cast, term)
