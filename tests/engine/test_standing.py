"""How far each expectation has come: eight states, any true record counts, for the day it happened."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bangfu.engine.case import Act, CaseView, Spell
from bangfu.engine.duty import expected
from bangfu.engine.standing import State, standing, standings
from tests.engine.days import calendar, duty, plan

D = date
CAL = calendar()
BOTH = plan(duty("talk"), duty("tutoring"))
WEEK = "2026-2027-1/W07"  # 12–18 October 2026


def act(on, *activities, recorded_on=None, roles=("helper",), **said):
    done = frozenset(activities or ("talk",))
    return Act(said.pop("id", str(on)), on, recorded_on or on, done, frozenset(roles), **said)


def week(a_plan=BOTH, key="talk", **said):
    found = expected(a_plan, CaseView("c", "p", D(2026, 9, 1), **said), CAL, D(2026, 10, 12), D(2026, 10, 18))
    return next(e for e in found if e.duty_key == key)


@pytest.mark.parametrize(
    ("acts", "day", "sealed", "state"),
    [
        ([], D(2026, 10, 11), False, "not_yet_open"),
        ([], D(2026, 10, 12), False, "open"),
        ([], D(2026, 10, 18), False, "open"),
        ([], D(2026, 10, 19), False, "can_still_be_added"),
        ([], D(2026, 11, 20), False, "can_still_be_added"),
        ([], D(2026, 11, 20), True, "not_done"),  # never started is missed, not invisible
        ([], D(2026, 10, 15), True, "open"),
        ([act(D(2026, 10, 14))], D(2026, 10, 14), False, "done"),
        ([act(D(2026, 10, 14))], D(2026, 12, 1), True, "done"),
        ([act(D(2026, 10, 14), recorded_on=D(2026, 10, 20))], D(2026, 10, 21), False, "done_recorded_late"),
        ([act(D(2026, 10, 19))], D(2026, 10, 21), False, "can_still_be_added"),
        ([act(D(2026, 10, 11))], D(2026, 10, 21), False, "can_still_be_added"),
        ([act(D(2026, 10, 14), "tutoring")], D(2026, 10, 14), False, "open"),
        ([act(D(2026, 10, 14), roles=["subject_teacher"])], D(2026, 10, 14), False, "open"),
        ([act(D(2026, 10, 14), attended=False)], D(2026, 10, 14), False, "open"),
        (
            [act(D(2026, 10, 14), recorded_on=D(2026, 10, 20)), act(D(2026, 10, 15))],
            D(2026, 10, 21),
            False,
            "done",
        ),
    ],
)
def test_each_state_has_its_day(acts, day, sealed, state):
    one = standing(week(), acts, day=day, sealed=sealed)
    assert one.state == state
    (same,) = standings([week()], acts, day=day, sealed=lambda _: sealed)
    assert same == one


def test_one_record_of_two_kinds_satisfies_both_weekly_duties():
    both = [act(D(2026, 10, 14), "talk", "tutoring")]
    for key in ("talk", "tutoring"):
        one = standing(week(key=key), both, day=D(2026, 10, 14))
        assert (one.state, one.done_on, one.acts) == (State.done, D(2026, 10, 14), ("2026-10-14",))


def test_a_late_entry_counts_for_the_day_it_happened_and_says_so():
    one = standing(week(), [act(D(2026, 10, 14), recorded_on=D(2026, 10, 20))], day=D(2026, 10, 21))
    assert one.done_on == D(2026, 10, 14)
    assert one.reason == "10月20日补记，算在10月14日"


def test_every_state_tells_why_in_chinese():
    assert standing(week(), [], day=D(2026, 10, 13)).reason == "10月12日—18日都可以"
    assert standing(week(), [], day=D(2026, 10, 1)).reason == "10月12日开始"
    assert standing(week(), [], day=D(2026, 11, 1), sealed=True).reason == "一次也没有记"
    assert standing(week(), [], day=D(2026, 11, 1), waiver="学生参加比赛").reason == "学生参加比赛"


def test_absence_excuses_but_a_real_record_still_counts():
    away = week(pauses=(Spell(D(2026, 10, 12), D(2026, 10, 18)),))
    assert standing(away, [], day=D(2026, 11, 1), sealed=True).state == State.excused
    assert standing(away, [act(D(2026, 10, 13))], day=D(2026, 11, 1)).state == State.done
    assert standing(week(), [], day=D(2026, 10, 13), waiver="停课").state == State.excused


def test_waivers_are_found_by_identity():
    one = week()
    (found,) = standings([one], [], day=D(2026, 10, 20), waivers={("p", "c", "talk", WEEK): "停课"})
    assert (found.state, found.reason) == (State.excused, "停课")


def test_twice_is_twice():
    two = week(plan(duty("talk", times=2)))
    first = standing(two, [act(D(2026, 10, 13))], day=D(2026, 10, 19), sealed=True)
    assert (first.state, first.count, first.reason) == (State.not_done, 1, "只记了 1 次，要 2 次")
    second = standing(two, [act(D(2026, 10, 13)), act(D(2026, 10, 16))], day=D(2026, 10, 19))
    assert (second.state, second.done_on) == (State.done, D(2026, 10, 16))


def test_a_paper_that_names_its_period_counts_for_it_however_late():
    late = [act(D(2026, 11, 3), "talk", period=WEEK)]
    assert standing(week(), late, day=D(2026, 11, 4)).state == State.done_recorded_late
    assert standings([week()], late, day=D(2026, 11, 4))[0].state == State.done_recorded_late
    other = [act(D(2026, 10, 14), "talk", period="2026-2027-1/W06")]
    assert standing(week(), other, day=D(2026, 10, 15)).state == State.open


acts_of = st.lists(
    st.builds(
        lambda n, late, kinds, role, at: act(
            D(2026, 9, 1) + timedelta(days=n),
            *kinds,
            recorded_on=D(2026, 9, 1) + timedelta(days=n + late),
            roles=[role],
            id=at,
        ),
        st.integers(0, 140),
        st.integers(0, 20),
        st.lists(st.sampled_from(["talk", "tutoring", "home_visit"]), min_size=1, max_size=3),
        st.sampled_from(["helper", "subject_teacher"]),
        st.uuids(),
    ),
    max_size=30,
)
GOOD = (State.done, State.done_recorded_late)


@settings(max_examples=60)
@given(acts_of, st.integers(0, 160), st.booleans(), st.randoms())
def test_judging_all_at_once_in_any_order_is_judging_one_by_one(acts, after, sealed, chance):
    owed = expected(BOTH, CaseView("c", "p", D(2026, 9, 1)), CAL, D(2026, 9, 1), D(2027, 1, 22))
    day = D(2026, 9, 1) + timedelta(days=after)
    one_by_one = tuple(standing(e, acts, day=day, sealed=sealed) for e in owed)
    mixed = list(acts)
    chance.shuffle(mixed)
    assert standings(owed, mixed, day=day, sealed=lambda _: sealed) == one_by_one


@settings(max_examples=60)
@given(acts_of, acts_of)
def test_one_more_record_never_undoes_anything(acts, more):
    owed = expected(BOTH, CaseView("c", "p", D(2026, 9, 1)), CAL, D(2026, 9, 1), D(2027, 1, 22))
    before = standings(owed, acts, day=D(2027, 1, 30))
    after = standings(owed, [*acts, *more], day=D(2027, 1, 30))
    for old, new in zip(before, after, strict=True):
        assert new.count >= old.count
        assert new.state in GOOD or old.state not in GOOD


def test_an_act_is_a_value_that_can_be_changed_only_by_making_another():
    assert replace(act(D(2026, 10, 14)), attended=False).attended is False
