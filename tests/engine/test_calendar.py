"""R01–R06: weeks, workdays, periods; they tile the term whatever the holidays."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bangfu.engine.calendar import Calendar, Term
from tests.engine.days import calendar

D = date


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (D(2026, 9, 1), 1),  # a Tuesday: the week that holds it is the first
        (D(2026, 9, 6), 1),
        (D(2026, 9, 7), 2),
        (D(2026, 10, 5), 6),  # National Day week counts though nobody comes
        (D(2026, 8, 31), None),
        (D(2027, 1, 22), 21),
        (D(2027, 2, 22), 1),
    ],
)
def test_teaching_weeks_run_monday_to_sunday_and_count_holidays(day, week):
    assert calendar().teaching_week(day) == week


@pytest.mark.parametrize(
    ("day", "at_school"),
    [
        (D(2026, 9, 1), True),
        (D(2026, 9, 5), False),
        (D(2026, 9, 20), True),  # a worked Sunday
        (D(2026, 10, 1), False),
        (D(2026, 8, 3), False),  # a workday outside every term
        (D(2027, 1, 25), False),
    ],
)
def test_a_school_day_lies_in_a_term_and_is_a_workday(day, at_school):
    assert calendar().is_school_day(day) is at_school


def test_the_schools_own_word_goes_before_the_civil_calendar():
    own = calendar(overrides={D(2026, 9, 20): False, D(2026, 9, 12): True})
    assert not own.is_school_day(D(2026, 9, 20))
    assert own.is_school_day(D(2026, 9, 12))
    assert own.is_workday(D(2026, 9, 20))


def test_days_off_roll_forward_and_back_over_a_whole_holiday():
    assert calendar().next_workday(D(2026, 10, 1)) == D(2026, 10, 8)
    assert calendar().previous_workday(D(2026, 10, 4)) == D(2026, 9, 30)
    assert (
        calendar().next_workday(D(2026, 9, 1)) == calendar().previous_workday(D(2026, 9, 1)) == D(2026, 9, 1)
    )


def test_beyond_all_terms_the_next_school_day_is_the_next_workday():
    assert calendar().next_school_day(D(2031, 3, 1)) == D(2031, 3, 3)


def test_weeks_without_a_school_day_are_no_periods():
    keys = [p.key for p in calendar().periods("teaching_week", D(2026, 9, 28), D(2026, 10, 18))]
    assert keys == [f"2026-2027-1/W{n:02d}" for n in (5, 6, 7)]  # 8, 9 and 10 October are worked in week 6
    closed = calendar(overrides=dict.fromkeys((D(2026, 10, 8), D(2026, 10, 9), D(2026, 10, 10)), False))
    keys = [p.key for p in closed.periods("teaching_week", D(2026, 9, 28), D(2026, 10, 18))]
    assert keys == ["2026-2027-1/W05", "2026-2027-1/W07"]


def test_a_month_with_fewer_than_ten_school_days_joins_its_neighbour():
    months = {p.key: (p.opens_on, p.due_on) for p in calendar().periods("month")}
    assert "2027-02" not in months
    assert months["2027-03"] == (D(2027, 2, 22), D(2027, 3, 31))
    assert "2027-07" not in months
    assert months["2027-06"] == (D(2027, 6, 1), D(2027, 7, 9))
    assert calendar().period_on("month", D(2027, 7, 5)).key == "2027-06"


def test_july_and_august_are_no_months_of_duty():
    assert not [p.key for p in calendar().periods("month") if p.key[5:] in ("07", "08")]
    assert calendar().periods("month", D(2026, 7, 4), D(2026, 8, 31)) == ()


def test_a_school_year_spans_its_terms():
    assert [p.key for p in calendar().periods("school_year")] == ["2025-2026", "2026-2027"]


def test_unknown_years_are_provisional_and_never_crash():
    assert calendar().is_provisional(D(2027, 3, 1))
    assert not calendar().is_provisional(D(2026, 3, 1))
    far = Calendar(
        (Term("2050-2051-1", "", D(2050, 9, 1), D(2051, 1, 20)),), provisional=frozenset({2050, 2051})
    )
    assert far.periods("month") and far.is_school_day(D(2050, 9, 1))


def test_no_terms_at_all_means_no_periods():
    for unit in ("school_day", "teaching_week", "month", "term", "school_year"):
        assert Calendar().periods(unit) == ()


def test_a_changed_calendar_forgets_what_the_old_one_worked_out():
    first = calendar()
    assert first.is_school_day(D(2026, 9, 2)) and D(2026, 9, 2) in first.school_days(
        D(2026, 9, 1), D(2026, 9, 4)
    )
    second = replace(first, overrides={D(2026, 9, 2): False})
    assert D(2026, 9, 2) not in second.school_days(D(2026, 9, 1), D(2026, 9, 4))


@st.composite
def any_calendar(draw):
    start = draw(st.dates(D(2024, 1, 1), D(2030, 1, 1)))
    length = draw(st.integers(1, 160))
    days = [start + timedelta(days=i) for i in range(length)]
    off = draw(st.sets(st.sampled_from(days), max_size=40))
    own = draw(st.dictionaries(st.sampled_from(days), st.booleans(), max_size=20))
    term = Term("2024-2025-1", "", days[0], days[-1])
    return Calendar((term,), frozenset(off), frozenset(), own)


@given(any_calendar(), st.sampled_from(["school_day", "teaching_week", "month", "term", "school_year"]))
def test_periods_tile_the_term(found, unit):
    periods, term = found.periods(unit), found.terms[0]
    assert all(a.due_on < b.opens_on for a, b in zip(periods, periods[1:], strict=False))
    assert all(term.starts_on <= p.opens_on <= p.due_on <= term.ends_on for p in periods)
    days = found.school_days(term.starts_on, term.ends_on)
    for day in days:
        assert sum(p.opens_on <= day <= p.due_on for p in periods) == 1
        assert found.period_on(unit, day) is not None
    assert all(found.school_days(p.opens_on, p.due_on) for p in periods)
    assert len({p.key for p in periods}) == len(periods)


@given(any_calendar())
def test_only_a_very_short_term_has_a_short_month(found):
    months, days = found.periods("month"), found.school_days(date.min, date.max)
    if len(months) > 1:
        assert all(len(found.school_days(m.opens_on, m.due_on)) >= found.short_month for m in months)
    assert sum(len(found.school_days(m.opens_on, m.due_on)) for m in months) == len(days)
