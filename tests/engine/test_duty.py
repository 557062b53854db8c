"""What is owed when: the dates the plan names, clipped to each child's own spell, the same whoever asks and how."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu.engine.case import CaseEvent, CaseView, Spell
from bangfu.engine.duty import expected, expected_for_class, expected_for_helper, expected_for_school, load
from tests.engine.days import AUTUMN_2026, SPRING_2026, SPRING_2027, calendar, duty, plan

D = date
CAL = calendar()
TALK = duty("talk")
SURVEY = duty(
    "survey",
    per="class",
    who=["homeroom_teacher"],
    once={"after": "term_start", "n": 5, "unit": "teaching_week"},
    new_pupil={"days": 45},
)
HAND_IN = duty("hand_in", per="helper", every={"unit": "month"}, due_day=30)
INTERVIEW = duty("interview", who=["grade_supervisor"], every={"unit": "month"}, last_workdays=5)
MONTHLY = duty("guardian_contact", every={"unit": "month"})


def case(opened_on=AUTUMN_2026.starts_on, **said):
    return CaseView("case", "pupil", opened_on, **said)


def owed(a_plan, a_case, opens_on=date.min, due_on=date.max, cal=CAL):
    return expected(a_plan, a_case, cal, opens_on, due_on)


def test_the_survey_is_due_on_the_first_school_day_after_national_day():
    (one,) = expected_for_class(plan(SURVEY), "class", CAL, AUTUMN_2026, {})
    assert (one.opens_on, one.due_on, one.period) == (D(2026, 9, 1), D(2026, 10, 8), "2026-2027-1")


def test_without_a_holiday_the_survey_is_due_on_the_friday_of_week_five():
    (one,) = expected_for_class(plan(SURVEY), "class", CAL, SPRING_2027, {})
    assert one.due_on == D(2027, 3, 26)


@pytest.mark.parametrize(
    ("joined_on", "due_on"),
    [
        (D(2026, 10, 20), D(2026, 12, 4)),
        (D(2026, 10, 21), D(2026, 12, 7)),  # 5 December is a Saturday
        (D(2026, 9, 1), D(2026, 10, 16)),
        (D(2026, 12, 20), D(2027, 2, 22)),  # 45 days later is vacation
    ],
)
def test_a_new_pupil_has_a_month_and_a_half(joined_on, due_on):
    whole, new = expected_for_class(plan(SURVEY), "class", CAL, AUTUMN_2026, {"pupil": joined_on})
    assert (new.subject_id, new.opens_on, new.due_on) == ("pupil", joined_on, due_on)
    assert whole.due_on == D(2026, 10, 8) and new.identity != whole.identity


def test_a_class_of_first_years_is_new_as_a_whole():
    (one,) = expected_for_class(plan(SURVEY), "class", CAL, AUTUMN_2026, {"class": D(2026, 9, 1)})
    assert (one.subject_id, one.due_on) == ("class", D(2026, 10, 16))


def test_months_are_handed_in_by_the_thirtieth_and_earlier_when_it_is_off():
    due = {e.period: e.due_on for e in expected_for_helper(plan(HAND_IN), "h", CAL, Spell(D(2026, 2, 2)))}
    assert due["2026-02"] == D(2026, 2, 28)  # February's last day, a worked Saturday
    assert due["2026-05"] == D(2026, 5, 29)  # the 30th is a Saturday
    assert due["2026-06"] == D(2026, 6, 30)
    assert due["2027-01"] == D(2027, 1, 22)  # the term ends before the 30th
    assert due["2026-10"] == D(2026, 10, 30)
    assert not {"2026-07", "2026-08"} & due.keys()


def test_february_closes_earlier_when_its_last_day_is_off():
    own = calendar(overrides={D(2026, 2, 28): False})
    due = {e.period: e.due_on for e in expected_for_helper(plan(HAND_IN), "h", own, Spell(D(2026, 2, 2)))}
    assert due["2026-02"] == D(2026, 2, 27)


def test_july_and_august_owe_nothing():
    busy = plan(TALK, MONTHLY, INTERVIEW, duty("hand_in", every={"unit": "month"}, due_day=30))
    assert owed(busy, case(D(2026, 3, 2)), D(2026, 7, 4), D(2026, 8, 31)) == ()
    assert not [
        e for e in owed(busy, case(D(2026, 3, 2))) if e.duty_key == "hand_in" and e.due_on.month in (7, 8)
    ]


def test_a_child_who_joins_on_the_twentieth_owes_nothing_before_it():
    found = owed(plan(TALK, MONTHLY), case(D(2026, 9, 1), joined_on=D(2026, 10, 20)))
    assert min(e.opens_on for e in found) == D(2026, 10, 20)
    assert [e.opens_on for e in found if e.period in ("2026-2027-1/W08", "2026-10")] == [D(2026, 10, 20)] * 2
    assert not [e for e in found if e.period in ("2026-2027-1/W07", "2026-09")]


def test_a_child_who_leaves_owes_nothing_from_that_day():
    found = owed(plan(TALK), case(left_on=D(2026, 10, 14)))
    assert max(e.due_on for e in found) == D(2026, 10, 13)
    assert owed(plan(TALK), case(left_on=D(2026, 9, 1))) == ()


def test_a_spell_that_touches_a_week_only_on_days_off_owes_nothing_for_it():
    found = owed(plan(TALK), case(D(2026, 9, 12)))  # a Saturday
    assert found[0].period == "2026-2027-1/W03"


def test_the_months_last_five_workdays_are_for_the_interview():
    found = {e.period: (e.opens_on, e.due_on) for e in owed(plan(INTERVIEW), case())}
    assert found["2026-10"] == (D(2026, 10, 26), D(2026, 10, 30))
    assert found["2027-06"] == (D(2027, 6, 24), D(2027, 6, 30))


def test_absence_and_leave_suspend_with_a_reason():
    week = Spell(D(2026, 9, 7), D(2026, 9, 13))
    away = {e.period: e.suspended for e in owed(plan(TALK), case(pauses=(week,)))}
    assert away["2026-2027-1/W02"] == "学生不在校" and away["2026-2027-1/W03"] == ""
    leave = {e.period: e.suspended for e in owed(plan(TALK, INTERVIEW), case(helper_pauses=(week,)))}
    assert leave["2026-2027-1/W02"] == "帮扶教师请假" and leave["2026-09"] == ""
    both = case(
        pauses=(Spell(D(2026, 9, 7), D(2026, 9, 9)),), helper_pauses=(Spell(D(2026, 9, 10), D(2026, 9, 11)),)
    )
    assert {e.period: e.suspended for e in owed(plan(TALK), both)}["2026-2027-1/W02"]


def test_one_day_at_school_is_enough_to_owe_the_week():
    found = owed(plan(TALK), case(pauses=(Spell(D(2026, 9, 7), D(2026, 9, 10)),)))
    assert not any(e.suspended for e in found)


def test_what_rests_by_decision_owes_nothing_and_says_so_unless_a_school_day_is_left():
    week = Spell(D(2026, 9, 7), D(2026, 9, 11))
    rests = {e.period: e.suspended for e in owed(plan(TALK, INTERVIEW), case(stops=(week,)))}
    assert {why for why in rests.values() if why} == {"帮扶暂停"}
    assert [period for period, why in rests.items() if why] == ["2026-2027-1/W02"]
    part = owed(plan(TALK), case(stops=(Spell(D(2026, 9, 7), D(2026, 9, 10)),)))
    assert not any(e.suspended for e in part)


def test_days_away_and_days_that_rest_together_make_a_week_without_one_left():
    away, rests = Spell(D(2026, 9, 7), D(2026, 9, 9)), Spell(D(2026, 9, 10), D(2026, 9, 11))
    both = {e.period: e.suspended for e in owed(plan(TALK), case(pauses=(away,), stops=(rests,)))}
    assert both["2026-2027-1/W02"] == "帮扶暂停"


def test_an_open_ended_absence_suspends_everything_after_it():
    found = owed(plan(TALK), case(pauses=(Spell(D(2026, 9, 7)),)))
    assert [bool(e.suspended) for e in found] == [False] + [True] * (len(found) - 1)


def test_a_helper_owes_only_while_paired_but_others_owe_anyway():
    unpaired = case(helped=())
    assert {e.duty_key for e in owed(plan(TALK, INTERVIEW), unpaired)} == {"interview"}
    later = owed(plan(TALK), case(helped=(Spell(D(2026, 9, 16)),)))
    assert later[0].opens_on == D(2026, 9, 16)
    gap = case(helped=(Spell(D(2026, 9, 1), D(2026, 9, 13)), Spell(D(2026, 9, 21))))
    assert {e.period: e.suspended for e in owed(plan(TALK), gap)}[
        "2026-2027-1/W03"
    ] == "这段时间还没有帮扶教师"


def test_an_uncooperative_guardian_opens_a_window_of_seven_days_for_each_event():
    follow = duty("follow", who=["grade_supervisor"], on={"event": "guardian_uncooperative", "days": 7})
    events = tuple(CaseEvent("guardian_uncooperative", day) for day in (D(2026, 9, 24), D(2026, 9, 10)))
    found = owed(plan(follow), case(events=(*events, events[0], CaseEvent("other", D(2026, 9, 2)))))
    assert [(e.opens_on, e.due_on) for e in found] == [
        (D(2026, 9, 10), D(2026, 9, 17)),
        (D(2026, 9, 24), D(2026, 10, 8)),  # 1 October is a holiday
    ]


def test_every_two_weeks_opens_one_window_for_two():
    found = owed(
        plan(duty("visit", every={"unit": "teaching_week", "n": 2})), case(), D(2026, 9, 1), D(2026, 9, 27)
    )
    assert [(e.opens_on, e.due_on) for e in found] == [
        (D(2026, 9, 1), D(2026, 9, 13)),
        (D(2026, 9, 14), D(2026, 9, 27)),
    ]


def test_once_after_the_case_opens_counts_school_days():
    consent = duty("consent", once={"after": "case_opened", "n": 10, "unit": "school_day"})
    (one,) = owed(plan(consent), case(D(2026, 9, 28)))
    assert one.due_on == D(2026, 10, 15)  # 28–30 September, 8–10 and 12–15 October


def test_the_school_owes_its_meetings_per_term():
    meeting = duty("meeting", per="school", who=["vice_principal"], every={"unit": "term"}, times=2)
    (one,) = expected_for_school(plan(meeting), "school", CAL, AUTUMN_2026)
    assert (one.times, one.due_on) == (2, D(2027, 1, 22))


def test_a_sampled_duty_draws_the_same_children_every_time_and_about_that_share():
    sampled = plan(duty("interview", every={"unit": "month"}, sample=0.3))
    cases = [CaseView(f"c{i}", "p", D(2026, 9, 1)) for i in range(200)]
    draw = [[e.identity for e in owed(sampled, c, D(2026, 11, 1), D(2026, 11, 30))] for c in cases]
    assert draw == [[e.identity for e in owed(sampled, c, D(2026, 11, 1), D(2026, 11, 30))] for c in cases]
    assert 30 <= sum(map(len, draw)) <= 90


def test_an_unknown_calendar_owes_nothing_and_does_not_crash():
    assert owed(plan(TALK, MONTHLY, INTERVIEW), case(), cal=calendar(terms=())) == ()


def test_load_merges_what_one_sitting_can_do():
    both = plan(duty("talk", minutes=10, together="s"), duty("tutoring", minutes=20, together="s"))
    assert load(both, 2).minutes_per_week == 40 and load(both, 2).unmerged == 60
    assert load(both, 2, roles=["grade_supervisor"]).minutes_per_week == 0


days = st.dates(D(2026, 1, 1), D(2027, 8, 1))
spells = st.lists(st.tuples(days, st.integers(0, 40)), max_size=4).map(
    lambda found: tuple(Spell(a, a + timedelta(days=n)) for a, n in found)
)
BUSY = plan(
    TALK,
    MONTHLY,
    INTERVIEW,
    duty("visit", every={"unit": "teaching_week", "n": 2}),
    duty("t", every={"unit": "term"}),
)


@settings(max_examples=60)
@given(days, st.none() | days, st.none() | days, spells, spells, st.randoms())
def test_what_is_owed_does_not_depend_on_how_it_is_asked(opened, closed, joined, pauses, leave, chance):
    one = case(opened, closed_on=closed, joined_on=joined, pauses=pauses, helper_pauses=leave)
    whole = owed(BUSY, one)
    assert whole == owed(BUSY, one)
    assert len({e.identity for e in whole}) == len(whole)
    shuffled = list(pauses)
    chance.shuffle(shuffled)
    assert whole == owed(
        BUSY, case(opened, closed_on=closed, joined_on=joined, pauses=tuple(shuffled), helper_pauses=leave)
    )
    middle = opened + timedelta(days=chance.randrange(200))
    parts = {*owed(BUSY, one, date.min, middle), *owed(BUSY, one, middle + timedelta(days=1), date.max)}
    assert parts == set(whole)


@settings(max_examples=60)
@given(days, st.none() | days, spells)
def test_windows_stay_inside_the_spell_hold_a_school_day_and_never_overlap(opened, closed, pauses):
    found = owed(BUSY, case(opened, closed_on=closed, pauses=pauses))
    for e in found:
        assert opened <= e.opens_on <= e.due_on and (closed is None or e.due_on < closed)
        assert CAL.school_days(e.opens_on, e.due_on)
        assert any(
            t.starts_on <= e.opens_on and e.due_on <= t.ends_on
            for t in (SPRING_2026, AUTUMN_2026, SPRING_2027)
        )
    for key in {e.duty_key for e in found}:
        assert all(a.due_on < b.opens_on for a, b in pairwise([e for e in found if e.duty_key == key]))
