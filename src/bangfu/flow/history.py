"""A plan's versions in a school over time: each window is judged by the version in force on the day it opens.

Every list, sheet and paper asks what is owed here, so that a plan changed in mid-term leaves the past as it was.
"""

from bangfu.engine import condition
from bangfu.engine.cadence import Duty
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Spell
from bangfu.engine.duty import ALWAYS, Reign, expected_for_class, expected_for_helper
from bangfu.engine.expectation import Expectation, stopped
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.engine.version import asked_over, reigns
from bangfu.flow import adopt
from bangfu.flow.almanac import calendar_for, stops_for

Reigns = tuple[tuple[Plan, Reign], ...]


def reigns_of(plan: Plan, school) -> Reigns:
    """This function will give the versions of a plan in a school, in order, with their days.

    A plan the school has not adopted, such as a draft being priced, is judged by itself.
    """
    found = reigns(adopt.versions_of_plan(school, plan.key))
    known = any(one is plan for one, _ in found) or any(one == plan for one, _ in found)
    return found if known else ((plan, ALWAYS),)


def parts(over: Reigns, roles: frozenset[str] | None) -> Reigns:
    """This function will keep of each version only the duties that some of these roles may owe."""
    if roles is None:
        return over
    return tuple(
        (
            plan.model_copy(update={"duties": tuple(d for d in plan.duties if not roles.isdisjoint(d.who))}),
            reign,
        )
        for plan, reign in over
    )


def duty_of(over: Reigns, e: Expectation) -> Duty:
    """This function will find the duty behind an expectation in the version that owes it; the newest may have dropped it."""
    return next(plan.duty(e.duty_key) for plan, reign in over if reign.since <= e.opens_on < reign.until)


def facts_asked(over: Reigns) -> frozenset[str]:
    """This function will name the facts about a child that any version's duties ask for."""
    return frozenset().union(*(condition.facts_asked(plan) for plan, _ in over))


def owed_by_helper(plan: Plan, school, helper_id, spell: Spell) -> list[Expectation]:
    """This function will list what a helper owes as a person in a spell of days, by the versions then in force.

    Nothing in a window through which the whole plan rests.
    """
    calendar, stops = calendar_for(school), stops_for(school).get(plan.key, ())
    owed = asked_over(
        reigns_of(plan, school), lambda one: expected_for_helper(one, helper_id, calendar, spell)
    )
    return [e for e in owed if not stopped(stops, e, calendar)]


def owed_to_class(over: Reigns, class_id, calendar: Calendar, term: Term, joined) -> list[Expectation]:
    """This function will list what is owed to a class in a term; the versions are read once for all classes."""
    return asked_over(over, lambda one: expected_for_class(one, class_id, calendar, term, joined))
