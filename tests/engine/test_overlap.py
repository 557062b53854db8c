"""What several plans ask is merged for people: one record meets every duty it matches, and no more is asked."""

from datetime import date

import pytest

from bangfu.engine import overlap
from bangfu.engine.expectation import Expectation
from bangfu.engine.overlap import Ask


def ask(key, opens, due, accepts=("talk",), **more):
    month = more.pop("month", 10)
    together, bulk, times = more.pop("together", ""), more.pop("bulk", False), more.pop("times", 1)
    e = Expectation(
        more.pop("plan", "a"), "xm", key, f"{month}-{opens}", date(2026, month, opens), date(2026, month, due),
        times, ("helper",), tuple(accepts), more.pop("minutes", 10), key, "",
    )  # fmt: skip
    return Ask(e, together, bulk)


def told(found):
    return [(s.opens_on.day, s.due_on.day, sorted(a.expectation.duty_key for a in s.asks)) for s in found]


def test_a_daily_talk_carries_the_week_and_the_month():
    days = [ask("daily", day, day) for day in (12, 13, 14, 15, 16)]
    found = overlap.sittings([ask("monthly", 8, 30, ("talk", "home_visit")), ask("weekly", 12, 18), *days])
    assert told(found) == [
        (12, 12, ["daily", "monthly", "weekly"]),
        *((day, day, ["daily"]) for day in (13, 14, 15, 16)),
    ]


def test_each_plan_keeps_its_own_duty_in_the_sitting():
    found = overlap.sittings([ask("talk", 12, 18, plan="a"), ask("talk", 12, 18, plan="b")])
    assert [[a.expectation.plan_key for a in s.asks] for s in found] == [["a", "b"]]


def test_talk_and_tutoring_of_one_sitting_are_one_record_of_two_kinds():
    found = overlap.sittings(
        [
            ask("talk", 12, 18, together="weekly"),
            ask("tutoring", 12, 18, ("tutoring",), together="weekly", minutes=20),
        ]
    )
    assert [(s.activities, s.minutes) for s in found] == [(["talk", "tutoring"], 20)]


def test_what_cannot_be_one_record_stays_apart():
    found = overlap.sittings([ask("talk", 12, 18), ask("call", 12, 18, ("guardian_contact",))])
    assert len(found) == 2


def test_a_window_that_does_not_touch_stays_apart():
    assert len(overlap.sittings([ask("talk", 1, 5), ask("visit", 8, 30)])) == 2


def test_twice_a_month_is_two_sittings_even_beside_a_weekly_talk():
    weeks = [ask("weekly", day, day + 6) for day in (5, 12, 19)]
    found = overlap.sittings([*weeks, ask("twice", 1, 31, times=2)])
    assert told(found) == [(5, 11, ["twice", "weekly"]), (12, 18, ["twice", "weekly"]), (19, 25, ["weekly"])]


def test_a_merged_sitting_keeps_to_the_days_both_allow():
    [one] = overlap.sittings([ask("first", 1, 20), ask("second", 10, 31)])
    assert (one.opens_on.day, one.due_on.day) == (10, 20)


def test_only_a_sitting_of_one_bulk_kind_is_one_tap_for_everybody():
    [daily] = overlap.sittings([ask("daily", 12, 12, bulk=True), ask("weekly", 12, 18)])
    [mixed] = overlap.sittings(
        [
            ask("daily", 12, 12, bulk=True, together="day"),
            ask("tutoring", 12, 18, ("tutoring",), together="day"),
        ]
    )
    assert daily.is_bulk and not mixed.is_bulk


@pytest.mark.parametrize("seed", range(40))
def test_every_ask_is_met_and_never_more_sittings_than_asked(seed):
    import random

    chance = random.Random(seed)
    kinds = ("talk", "tutoring", "guardian_contact", "home_visit")
    asks = []
    for at in range(chance.randint(1, 12)):
        opens = chance.randint(1, 28)
        accepts = chance.sample(kinds, chance.randint(1, 2))
        asks.append(
            ask(f"d{at}", opens, chance.randint(opens, 31), accepts, times=chance.randint(1, 3),
                together=chance.choice(("", "sit")))
        )  # fmt: skip
    found = overlap.sittings(asks)
    assert len(found) <= sum(a.expectation.times for a in asks)
    for one in asks:
        e = one.expectation
        meeting = [
            s for s in found
            if not set(s.activities).isdisjoint(e.accepts) and e.opens_on <= s.opens_on <= s.due_on <= e.due_on
        ]  # fmt: skip
        assert len(meeting) >= e.times, e.duty_key
