"""The civil calendar beside the school's, anchors and weekdays, once and ladders: the days each new cadence names."""

from datetime import date
from itertools import pairwise

import pytest

from bangfu.engine.cadence import Duty
from bangfu.engine.case import CaseEvent, CaseView, Spell
from bangfu.engine.duty import expected, expected_for_area, expected_for_group, expected_for_village
from bangfu.engine.part import SCHOOL_UNITS
from bangfu.engine.period import Term
from bangfu.engine.window import windows
from tests.engine.days import AUTUMN_2026, SPRING_2026, SPRING_2027, calendar, duty, plan

D = date
CAL = calendar()
UNITS = [
    "school_day", "teaching_week", "month", "term", "school_year", "textbook_unit", "workday", "week",
    "civil_month", "year",
]  # fmt: skip


def opened(every, cal=CAL, **said):
    return windows(Duty.model_validate(duty(every=every, **said)), cal)


def days(every, first, last, **said):
    return [(w.opens_on, w.due_on) for w in opened(every, **said) if first <= w.opens_on <= last]


def owed(a_duty, opens_on, due_on, subject="child", **said):
    case = CaseView("case", "pupil", said.pop("opened_on", D(2026, 9, 1)), **said)
    return expected(plan(a_duty, subject=subject), case, CAL, opens_on, due_on)


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("n", [1, 2, 3, 5])
@pytest.mark.parametrize("anchor", [None, D(2026, 9, 7), D(2025, 1, 1), D(2030, 1, 1)])
def test_windows_of_every_unit_follow_one_another_and_have_each_their_own_name(unit, n, anchor):
    for cal in (CAL, calendar(terms=(AUTUMN_2026,)), calendar(units_per_term=40)):
        found = opened({"unit": unit, "n": n} | ({"anchor": anchor} if anchor else {}), cal)
        assert found and all(w.opens_on <= w.due_on for w in found)
        assert all(a.due_on < b.opens_on for a, b in pairwise(found))
        assert len({w.period for w in found}) == len(found)
        if unit in SCHOOL_UNITS:
            assert all(cal.has_school_day(w.opens_on, w.due_on) for w in found)


@pytest.mark.parametrize("unit", ["week", "civil_month", "year"])
def test_civil_windows_leave_no_day_out_from_the_first_january_to_the_last_december(unit):
    found = opened({"unit": unit})
    assert found[0].opens_on <= D(2026, 1, 1) and found[-1].due_on >= D(2028, 12, 31)
    assert all((b.opens_on - a.due_on).days == 1 for a, b in pairwise(found))


def test_one_more_term_changes_no_window_of_another():
    fewer = calendar(terms=(AUTUMN_2026,))
    for unit in UNITS:
        for n in (1, 2, 3):
            every = {"unit": unit, "n": n}
            if unit in ("term", "school_year") and n > 1:
                continue  # two terms are one window only when both are known
            inside = [w for w in opened(every) if AUTUMN_2026.starts_on <= w.opens_on <= AUTUMN_2026.ends_on]
            again = [
                w for w in opened(every, fewer) if AUTUMN_2026.starts_on <= w.opens_on <= AUTUMN_2026.ends_on
            ]
            if unit != "school_year":
                assert inside == again, (unit, n)


def test_a_households_months_do_not_stop_in_vacation():
    visit = duty("visit", every={"unit": "civil_month"}, due_day=25)
    found = owed(visit, D(2027, 7, 1), D(2027, 8, 31), subject="household")
    assert [(e.period, e.due_on) for e in found] == [("2027-07", D(2027, 7, 23)), ("2027-08", D(2027, 8, 25))]
    assert owed(duty(every={"unit": "month"}), D(2027, 7, 10), D(2027, 8, 31)) == ()


def test_the_keys_of_civil_periods_are_those_of_the_standard():
    assert [w.period for w in opened({"unit": "week"}) if w.opens_on == D(2026, 10, 5)] == ["2026-W41"]
    assert [w.period for w in opened({"unit": "week"}) if w.opens_on <= D(2027, 1, 1) <= w.due_on] == [
        "2026-W53"
    ]
    assert {"2026", "2027", "2028"} == {w.period for w in opened({"unit": "year"})}


def test_february_ends_on_its_last_workday_for_a_due_day_it_does_not_have():
    due = {w.period: w.due_on for w in opened({"unit": "civil_month"}, due_day=30)}
    assert due["2026-02"] == D(2026, 2, 28)  # a worked Saturday
    assert due["2027-02"] == D(2027, 2, 26)
    assert due["2026-08"] == D(2026, 8, 28)  # the 30th is a Sunday


def test_the_last_workdays_of_a_civil_month_go_round_holidays():
    last = {w.period: (w.opens_on, w.due_on) for w in opened({"unit": "civil_month"}, last_workdays=3)}
    assert last["2026-07"] == (D(2026, 7, 29), D(2026, 7, 31))
    assert last["2026-02"] == (D(2026, 2, 26), D(2026, 2, 28))


def test_three_months_without_an_anchor_are_quarters():
    quarters = days({"unit": "civil_month", "n": 3}, D(2026, 7, 1), D(2027, 3, 1))
    assert quarters == [
        (D(2026, 7, 1), D(2026, 9, 30)), (D(2026, 10, 1), D(2026, 12, 31)), (D(2027, 1, 1), D(2027, 3, 31)),
    ]  # fmt: skip


def test_an_anchor_says_where_counting_begins_onward_and_back():
    fortnights = {"unit": "week", "n": 2, "anchor": D(2026, 9, 9)}
    assert days(fortnights, D(2026, 8, 24), D(2026, 9, 21)) == [
        (D(2026, 8, 24), D(2026, 9, 6)), (D(2026, 9, 7), D(2026, 9, 20)), (D(2026, 9, 21), D(2026, 10, 4)),
    ]  # fmt: skip
    months = {"unit": "civil_month", "n": 2, "anchor": D(2026, 11, 1)}
    assert days(months, D(2026, 9, 1), D(2026, 12, 1)) == [
        (D(2026, 9, 1), D(2026, 10, 31)), (D(2026, 11, 1), D(2026, 12, 31)),
    ]  # fmt: skip


def test_an_anchored_fortnight_of_teaching_weeks_keeps_its_step_over_the_vacation():
    found = opened({"unit": "teaching_week", "n": 2, "anchor": D(2026, 9, 7)})
    spring = [w for w in found if w.opens_on >= SPRING_2027.starts_on]
    assert (spring[0].opens_on, spring[0].due_on) == (D(2027, 2, 22), D(2027, 3, 7))


def test_named_weekdays_narrow_a_window_to_them():
    wednesdays = days({"unit": "teaching_week", "weekdays": [3]}, D(2026, 9, 21), D(2026, 10, 18))
    assert wednesdays == [
        (D(2026, 9, 23),) * 2,
        (D(2026, 9, 30),) * 2,
        (D(2026, 10, 14),) * 2,
    ]  # 7 October is off
    assert days({"unit": "school_day", "weekdays": [1, 4]}, D(2026, 9, 7), D(2026, 9, 13)) == [
        (D(2026, 9, 7),) * 2, (D(2026, 9, 10),) * 2,
    ]  # fmt: skip
    assert days({"unit": "week", "weekdays": [6, 7]}, D(2026, 7, 13), D(2026, 7, 19)) == [
        (D(2026, 7, 18), D(2026, 7, 19))
    ]


def test_a_term_has_eight_textbook_units_of_about_as_many_weeks_or_as_many_as_it_has_weeks():
    found = [w for w in opened({"unit": "textbook_unit"}) if w.period.startswith(AUTUMN_2026.key)]
    assert [w.period[-3:] for w in found] == [f"U0{n}" for n in range(1, 9)] and found[2].title == "第3单元"
    assert (found[0].opens_on, found[-1].due_on) == (AUTUMN_2026.starts_on, AUTUMN_2026.ends_on)
    week = Term("2027-2028-1", "短", D(2027, 9, 6), D(2027, 9, 12))
    assert len(opened({"unit": "textbook_unit"}, calendar(terms=(week,)))) == 1


def test_absence_from_school_does_not_suspend_what_a_household_is_owed_but_the_helpers_leave_does():
    july = Spell(D(2027, 7, 1), D(2027, 7, 31))
    visit = duty("visit", every={"unit": "civil_month"})
    (away,) = owed(visit, july.opens_on, july.due_on, pauses=(july,))
    (leave,) = owed(visit, july.opens_on, july.due_on, helper_pauses=(july,))
    assert (away.suspended, leave.suspended) == ("", "帮扶教师请假")


def test_once_a_school_year_falls_into_its_first_term_and_not_before_its_day():
    declared = duty(
        "declared", once={"after": "school_year_start", "n": 10, "unit": "school_day", "not_before": 6}
    )
    found = owed(declared, date.min, date.max, opened_on=D(2026, 2, 2))
    assert [(e.period, e.opens_on, e.due_on) for e in found] == [
        ("2025-2026", D(2026, 2, 9), D(2026, 2, 13)),
        ("2026-2027", D(2026, 9, 8), D(2026, 9, 14)),
    ]


def test_workdays_after_a_start_run_through_vacation():
    visit = duty("visit", once={"after": "case_opened", "n": 5, "unit": "workday"})
    (one,) = owed(visit, date.min, date.max, opened_on=D(2027, 7, 16))
    assert one.due_on == D(2027, 7, 22)
    plain = duty("visit", once={"after": "case_opened", "n": 30, "unit": "day"})
    (home,) = owed(plain, date.min, date.max, opened_on=D(2027, 7, 16), subject="household")
    assert home.due_on == D(2027, 8, 16)  # the 15th is a Sunday; nobody waits for school


LADDER = [
    duty("call", on={"event": "absence", "days": 0}),
    duty("visit", on={"event": "absence", "after": 1, "unit": "school_day", "days": 1, "still": True}),
    duty("report", on={"event": "absence", "after": 3, "unit": "school_day", "days": 0, "still": True}),
]


@pytest.mark.parametrize(
    ("until", "steps"),
    [
        (D(2026, 9, 24), ["call"]),
        (D(2026, 9, 28), ["call", "visit"]),
        (D(2026, 9, 29), ["call", "visit"]),
        (D(2026, 9, 30), ["call", "visit", "report"]),
        (None, ["call", "visit", "report"]),
    ],
)
def test_a_ladder_climbs_while_the_spell_lasts_whoever_wrote_something_down(until, steps):
    events = (CaseEvent("absence", D(2026, 9, 24), until),)  # a Thursday; the 25th is a holiday
    case = CaseView("case", "pupil", D(2026, 9, 1), events=events)
    found = expected(plan(*LADDER), case, CAL, date.min, date.max)
    assert [e.duty_key for e in found] == steps
    assert [e.opens_on for e in found] == [D(2026, 9, 24), D(2026, 9, 28), D(2026, 9, 30)][: len(steps)]


@pytest.mark.parametrize(
    ("ask", "scope"),
    [(expected_for_group, "group"), (expected_for_area, "area"), (expected_for_village, "village")],
)
def test_a_group_an_area_and_a_village_owe_by_their_own_scope_in_every_month_once(ask, scope):
    report = plan(duty("report", per=scope, every={"unit": "civil_month"}), duty("other", per="school"))
    found = [e for t in (SPRING_2026, AUTUMN_2026, SPRING_2027) for e in ask(report, "whole", CAL, t)]
    assert [e.period for e in found] == [w.period for w in opened({"unit": "civil_month"})]
    assert {e.duty_key for e in found} == {"report"}
