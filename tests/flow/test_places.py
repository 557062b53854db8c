"""Duties of a class and of the school: who is asked, what a record about them meets, and what it never does."""

from datetime import date

import pytest

from bangfu.engine.standing import State
from bangfu.flow import adopt, places, record, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.flow.record import Entry
from bangfu.records.models import AdoptedPlan, Event, Evidence
from tests import factories
from tests.cast import DAY


def taken_up(cast, key: str, edition: str = "seed", valid_from=date(2026, 3, 1), change=lambda text: text):
    """Put another pack in force."""
    text = change(adopt.shelf().texts[key, edition])
    plan = adopt.read(text)
    from bangfu.engine import pack

    AdoptedPlan.objects.filter(school=cast.school, key=key, valid_to=None).update(valid_to=valid_from)
    version = AdoptedPlan.objects.filter(school=cast.school, key=key).count() + 1
    AdoptedPlan.objects.create(
        school=cast.school, key=key, edition=edition, content=text, digest=pack.digest(text), version=version,
        valid_from=valid_from, adopted_at=f"{valid_from}T08:00:00+08:00",
    )  # fmt: skip
    return plan


def rows(cast, staff, day=DAY):
    viewer = cast.viewer(staff, day)
    plans = adopt.plans_in_force(viewer.school, day)
    return places.rows(viewer, plans, calendar_for(viewer.school))


def waiting(cast, staff, day=DAY):
    return [(r.plan.key, r.standing.expectation.duty_key, r.label) for r in rows(cast, staff, day) if r.waits]


def of_class(cast, school_class=None, **more) -> Entry:
    given = {"activities": ("standing_measures",), "happened_on": DAY}
    return Entry(**{**given, "school_class": school_class or cast.class_two, **more})


def of_school(**more) -> Entry:
    return Entry(**{"activities": ("group_activity",), "happened_on": DAY, "whole_school": True, **more})


def test_a_class_duty_falls_to_the_teacher_of_that_class_and_to_nobody_else(cast):
    taken_up(cast, "teachers_pair")
    assert ("teachers_pair", "first_for_them", "三（2）班") in waiting(cast, cast.homeroom)
    assert ("teachers_pair", "first_for_them", "三（1）班") in waiting(cast, cast.neighbour)
    for other in (cast.attached, cast.officer, cast.principal):
        assert not [one for one in waiting(cast, other) if one[0] == "teachers_pair"]


def test_the_survey_stays_where_it_is(cast):
    assert not [r for r in rows(cast, cast.homeroom) if "survey" in r.standing.expectation.accepts]
