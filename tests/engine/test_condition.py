"""Whom a duty is for, by category and dated facts; each role its own, several persons at once, amounts beside counts."""

from datetime import UTC, date, datetime

import pytest

from bangfu.engine.case import Act, CaseView
from bangfu.engine.condition import facts_on, holds
from bangfu.engine.duty import expected, load
from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.standing import State, standing, standings
from tests.engine.days import calendar, duty, plan

D = date
CAL = calendar()
FACTS = {
    "away": FactSpec(key="away", title="父母在外", type="bool"),
    "boards": FactSpec(key="boards", title="住校", type="bool"),
}
KINDS = [{"key": "left", "title": "父母在外", "where": "父母在外"}, {"key": "sick", "title": "生病"}]


def asking(*duties):
    found = plan(*duties, category=KINDS)
    found._words = FACTS
    return found


def case(category="", **facts):
    return CaseView("case", "pupil", D(2026, 9, 1), category=category, facts=facts)


def said(value, since=None, until=None, known=None, source=""):
    return Stated(value, since, until, known, source)


def months(a_plan, a_case):
    found = expected(a_plan, a_case, CAL, D(2026, 9, 1), D(2027, 1, 22))
    return {e.period: e.suspended for e in found}


CALL = duty("call", every={"unit": "month"}, where="父母在外")


def test_a_duty_is_owed_only_while_its_rule_holds_on_the_day_the_window_opens():
    went = case(away=(said(False, D(2026, 8, 1)), said(True, D(2026, 10, 20)), said(False, D(2027, 1, 1))))
    assert months(asking(CALL), went) == {"2026-11": "", "2026-12": ""}


def test_a_window_is_judged_on_the_day_the_child_came():
    came = CaseView("c", "p", D(2026, 10, 25), facts={"away": (said(True, D(2026, 10, 20)),)})
    assert set(months(asking(CALL), came)) == {"2026-10", "2026-11", "2026-12", "2027-01"}


def test_what_is_not_known_is_asked_first_and_stays_visible():
    found = expected(asking(CALL), case(), CAL, D(2026, 9, 1), D(2026, 9, 30))
    assert [e.suspended for e in found] == ["还不知道：父母在外，先问清楚"]
    (one,) = standings(found, [], day=D(2026, 10, 5))
    assert (one.state, one.reason) == (State.excused, "还不知道：父母在外，先问清楚")


def test_another_cadence_holds_while_a_fact_does():
    both = asking(
        duty("call", every={"unit": "month"}, where="父母在外"),
        duty("visit", every={"unit": "term"}, where="not 父母在外"),
    )
    assert {
        e.duty_key for e in expected(both, case(away=(said(True),)), CAL, D(2026, 9, 1), D(2026, 9, 30))
    } == {"call"}
    assert {
        e.duty_key for e in expected(both, case(away=(said(False),)), CAL, D(2026, 9, 1), D(2026, 9, 30))
    } == {"visit"}


@pytest.mark.parametrize(
    ("category", "facts", "for_", "answer"),
    [
        ("left", {}, ("left",), True),  # people said so
        ("", {"away": True}, ("left",), True),  # the facts say so
        ("", {"away": False}, ("left",), False),
        ("", {}, ("left",), None),
        ("sick", {}, ("sick",), True),
        ("", {}, ("sick",), False),  # nobody said so, and there is no rule
        ("sick", {}, ("left", "sick"), True),
        ("", {"away": False}, ("left", "sick"), False),
        ("", {}, ("nothing",), False),
    ],
)
def test_a_category_holds_by_choice_or_by_its_rule(category, facts, for_, answer):
    one = case(category, **{key: (said(value),) for key, value in facts.items()})
    assert holds(asking(), for_, "", one, D(2026, 9, 1)).answer is answer


def test_for_and_where_hold_together_and_unknown_names_the_fewest_facts():
    one = case("left")
    verdict = holds(asking(), ("left",), "住校", one, D(2026, 9, 1))
    assert (verdict.answer, verdict.unknown) == (None, ("boards",))
    home = case("", boards=(said(False),))
    assert holds(asking(), ("left",), "住校", home, D(2026, 9, 1)).answer is False


def test_of_two_words_the_one_that_began_later_counts_then_the_one_known_later_whatever_the_order():
    early, late = datetime(2026, 9, 1, tzinfo=UTC), datetime(2026, 9, 2, tzinfo=UTC)
    words = [
        said(1, D(2026, 9, 1), None, late), said(2, D(2026, 9, 5), None, early), said(3, D(2026, 9, 5), None, late),
        said(4, D(2026, 9, 9), D(2026, 9, 12), early), said(5, D(2026, 10, 1)),
    ]  # fmt: skip
    for order in (words, words[::-1], words[2:] + words[:2]):
        found = [facts_on(case(x=tuple(order)), D(2026, 9, day)).get("x") for day in (1, 5, 9, 11, 12)]
        assert [one.value for one in found] == [1, 3, 4, 4, 3]
        assert facts_on(case(x=tuple(order)), D(2026, 8, 31)) == {}


def test_what_each_role_owes_is_met_by_that_role_alone():
    both = plan(
        duty(
            "visit", who=["helper", "homeroom_teacher"], by="each", accepts=["visit"], every={"unit": "month"}
        )
    )
    found = expected(both, CaseView("c", "p", D(2026, 9, 1), helped=()), CAL, D(2026, 9, 1), D(2026, 9, 30))
    assert [e.duty_key for e in found] == ["visit@homeroom_teacher"]  # nobody helps yet
    found = expected(both, CaseView("c", "p", D(2026, 9, 1)), CAL, D(2026, 9, 1), D(2026, 9, 30))
    act = Act("a", D(2026, 9, 10), D(2026, 9, 10), frozenset({"visit"}), frozenset({"homeroom_teacher"}))
    states = {s.expectation.duty_key: s.state for s in standings(found, [act], day=D(2026, 9, 12))}
    assert states == {"visit@helper": State.open, "visit@homeroom_teacher": State.done}
    assert both.duty("visit@helper").key == "visit" and len({e.identity for e in found}) == 2


def lesson(n, lessons=1, persons=1, late=0):
    day = D(2026, 9, n)
    return Act(
        n, day, D(2026, 9, n + late), frozenset({"lesson"}), frozenset({"helper"}),
        persons=persons, amounts={"lessons": lessons},
    )  # fmt: skip


def lessons(**more):
    a_plan = plan(duty("lesson", every={"unit": "month"}, amount={"of": "lessons", "at_least": 4}, **more))
    (one,) = expected(a_plan, CaseView("c", "p", D(2026, 9, 1)), CAL, D(2026, 9, 1), D(2026, 9, 30))
    return one


@pytest.mark.parametrize(
    ("acts", "day", "sealed", "state", "reason"),
    [
        ([], D(2026, 9, 9), False, "open", "9月1日—30日都可以"),
        ([lesson(3, 2)], D(2026, 9, 9), False, "open", "9月1日—30日都可以，还差 1 次、2 课时"),
        (
            [lesson(3, 1), lesson(4, 1)],
            D(2026, 10, 9),
            False,
            "can_still_be_added",
            "还差 2 课时，做过的可以补记",
        ),
        ([lesson(3, 9)], D(2026, 10, 9), False, "can_still_be_added", "还差 1 次，做过的可以补记"),
        ([lesson(3, 1), lesson(4, 1)], D(2026, 10, 9), True, "not_done", "只记了 2 课时，要 4 课时"),
        ([lesson(3, 2), lesson(4, 2), lesson(5, 2)], D(2026, 10, 9), False, "done", ""),
    ],
)
def test_an_amount_is_asked_beside_the_count_and_says_calmly_what_is_missing(
    acts, day, sealed, state, reason
):
    one = standing(lessons(times=2), acts, day=day, sealed=sealed)
    assert (one.state, one.reason) == (state, reason)
    assert standings([lessons(times=2)], acts, day=day, sealed=lambda _: sealed) == (one,)


def test_it_was_enough_on_the_day_that_filled_both_the_count_and_the_amount():
    one = standing(
        lessons(times=2), [lesson(3, 1), lesson(9, 1), lesson(12, 2), lesson(20, 1)], day=D(2026, 10, 9)
    )
    assert (one.state, one.done_on, one.count) == (State.done, D(2026, 9, 12), 4)


def test_an_amount_alone_may_be_asked_without_a_count():
    assert standing(lessons(times=0), [lesson(3, 4)], day=D(2026, 9, 9)).state == State.done
    assert standing(lessons(times=0), [lesson(3, 3)], day=D(2026, 9, 9)).state == State.open


def test_several_persons_must_have_taken_part_in_one_act_together():
    a_plan = plan(duty("visit", persons=2, accepts=["lesson"], every={"unit": "month"}))
    (one,) = expected(a_plan, CaseView("c", "p", D(2026, 9, 1)), CAL, D(2026, 9, 1), D(2026, 9, 30))
    assert standing(one, [lesson(3), lesson(4)], day=D(2026, 9, 9)).state == State.open
    assert standing(one, [lesson(3), lesson(4, persons=2)], day=D(2026, 9, 9)).count == 1
    assert standings([one], [lesson(4, persons=2)], day=D(2026, 9, 9))[0].state == State.done


def test_load_counts_a_duty_of_each_role_for_each_role_somebody_has_and_minutes_asked_as_an_amount():
    both = plan(duty("visit", who=["helper", "homeroom_teacher"], by="each", minutes=20))
    assert load(both, 2).minutes_per_week == 40
    assert load(both, 2, roles=["helper", "homeroom_teacher"]).minutes_per_week == 80
    hour = plan(duty("lesson", minutes=10, every={"unit": "month"}, amount={"of": "minutes", "at_least": 60}))
    assert load(hour, 1).minutes_per_week == 15
