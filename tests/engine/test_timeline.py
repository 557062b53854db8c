"""What was said of a fact, laid end to end: lists win, ages and terms end a yes, and what ended is unknown."""

from datetime import date, datetime, timedelta, timezone

import pytest

from bangfu.engine import timeline
from bangfu.engine.category import Category
from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.period import Term
from bangfu.engine.timeline import Limits

CHINA = timezone(timedelta(hours=8))
TERMS = (
    Term("2025-2026-2", "", date(2026, 3, 9), date(2026, 7, 3)),
    Term("2026-2027-1", "", date(2026, 9, 1), date(2027, 1, 22)),
    Term("2026-2027-2", "", date(2027, 3, 1), date(2027, 7, 3)),
)


def said(value, on, source="told", to=None):
    day = date.fromisoformat(on)
    at = datetime(day.year, day.month, day.day, 12, tzinfo=CHINA)
    return Stated(value, day, date.fromisoformat(to) if to else None, at, source)


def spec(**more):
    return FactSpec(key="orphan", title="孤儿", type="bool", **more)


def of_lists(source):
    return source.startswith("list:")


def on(words, day, limits=None):
    """What holds on a day: a value, or None where nothing does."""
    day = date.fromisoformat(day)
    found = [
        one
        for one in timeline.settled(words, limits or Limits(spec()), of_lists)
        if one.valid_from <= day and (one.valid_to is None or day < one.valid_to)
    ]
    assert len(found) <= 1
    return found[0].value if found else None


def test_a_later_word_wins_and_an_ended_one_does_not_bring_back_the_word_before_it():
    words = [said(False, "2025-09-01"), said(True, "2026-09-01", to="2026-10-01")]
    assert [on(words, day) for day in ("2026-01-01", "2026-09-30", "2026-10-01")] == [False, True, None]


def test_a_teachers_no_does_not_overwrite_a_list_and_is_shown_to_a_person():
    words = [said(True, "2026-03-01", "list:dibao"), said(False, "2026-05-01")]
    assert on(words, "2026-06-01") is True
    over = timeline.settled(words, Limits(spec()), of_lists)
    assert timeline.contested(words, over, of_lists, date(2026, 6, 1)).value is False
    assert timeline.contested(words, over, of_lists, date(2026, 4, 1)) is None


def test_a_newer_list_settles_it_and_nothing_is_contested_any_more():
    words = [
        said(True, "2026-03-01", "list:dibao"),
        said(False, "2026-05-01"),
        said(False, "2026-09-01", "list:dibao"),
    ]
    assert [on(words, day) for day in ("2026-08-31", "2026-09-01")] == [True, False]
    over = timeline.settled(words, Limits(spec()), of_lists)
    assert timeline.contested(words, over, of_lists, date(2026, 9, 2)) is None


def test_after_a_list_ended_the_no_said_meanwhile_stays_unknown_and_a_new_word_counts():
    words = [said(True, "2026-03-01", "list:dibao", "2026-06-01"), said(False, "2026-05-01")]
    assert [on(words, day) for day in ("2026-05-31", "2026-06-01")] == [True, None]
    assert on([*words, said(False, "2026-06-02")], "2026-06-02") is False


@pytest.mark.parametrize(
    ("day", "value"), [("2026-10-31", True), ("2026-11-01", None)], ids=["the day before", "the birthday"]
)
def test_an_age_ends_a_yes(day, value):
    limits = Limits(spec(until_age=18), birth_on=date(2008, 11, 1))
    assert on([said(True, "2024-09-01")], day, limits) == value
    assert on([said(False, "2024-09-01")], day, limits) is False


def test_born_on_the_29th_of_february_one_turns_sixteen_on_that_day_and_eighteen_on_the_first_of_march():
    born = date(2008, 2, 29)
    assert timeline.birthday(born, 16) == date(2024, 2, 29)
    assert timeline.birthday(born, 18) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("lasts", "stated", "ends"),
    [
        ("term", "2026-05-01", "2026-09-01"),
        ("term", "2026-08-20", "2026-09-01"),
        ("term", "2026-09-01", "2027-03-01"),
        ("school_year", "2026-03-20", "2026-09-01"),
        ("school_year", "2026-09-20", None),
        ("until_changed", "2026-05-01", None),
        ("term", "2027-04-01", None),
    ],
)
def test_a_label_of_the_term_holds_until_the_next_one_begins(lasts, stated, ends):
    found = timeline.settled([said(True, stated)], Limits(spec(lasts=lasts), terms=TERMS))
    assert found[0].valid_to == (date.fromisoformat(ends) if ends else None)
    assert found[0].ended_by == ({"term": "term", "school_year": "school_year"}[lasts] if ends else "")


def test_a_source_that_names_the_end_knows_better_than_the_term_but_not_than_the_birthday():
    limits = Limits(spec(lasts="term", until_age=18), birth_on=date(2009, 1, 1), terms=TERMS)
    assert timeline.settled([said(True, "2026-09-10", to="2026-12-01")], limits)[0].valid_to == date(
        2026, 12, 1
    )
    late = timeline.settled([said(True, "2026-09-10", to="2027-06-01")], limits)[0]
    assert (late.valid_to, late.ended_by) == (date(2027, 1, 1), "age")


def test_a_word_of_other_years_ends_with_them():
    raw = {"code": "monitored", "fact": "monitored", "certified_by": "农业农村部门", "group": "certified"}
    raw["word"] = [
        {"code": "monitored", "title": "监测对象", "valid_from": "2020-01-01", "valid_to": "2026-01-01"}
    ]
    limits = Limits(spec(), Category.model_validate(raw))
    words = [said(True, "2024-05-01", "list:exited_poor")]
    assert [on(words, day, limits) for day in ("2025-12-31", "2026-01-01")] == [True, None]
    assert on([said(True, "2026-05-01")], "2026-05-01", limits) is True
    assert on([said(False, "2024-05-01")], "2026-05-01", limits) is False


def test_words_in_any_order_are_laid_the_same_way_and_never_two_hold_at_once():
    words = [said(value, f"2026-0{month}-01", source) for month, value, source in (
        (3, True, "list:dibao"), (4, False, "told"), (5, None, "survey"), (6, False, "list:dibao"), (7, True, "roll"),
    )]  # fmt: skip
    straight = timeline.settled(words, Limits(spec()), of_lists)
    assert timeline.settled(words[::-1], Limits(spec()), of_lists) == straight
    assert [(one.value, one.valid_from.month) for one in straight] == [(True, 3), (False, 6)]
