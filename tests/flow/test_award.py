"""Praise: proposed by who helps the child, approved by somebody else, in words that may hang on a wall."""

from datetime import date, timedelta

import pytest

from bangfu.flow import adopt, award, record
from bangfu.records.models import Event, Nomination
from tests.cast import DAY

BECAUSE = "坚持每天把作业写完，还教同桌读课文"


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


@pytest.fixture
def helped(cast):
    """The first child, helped since September and with enough records."""
    cast.case(0)
    for week in range(5):
        day = date(2026, 9, 8) + timedelta(weeks=week)
        day = day if day != date(2026, 10, 6) else date(2026, 10, 9)
        record.add(
            entry=record.Entry(("talk",), day), pupils=[cast.pupils[0]], by=cast.viewer(cast.homeroom, day)
        )
    return cast.pupils[0]


def nominate(cast, plan, pupil, *, by=None, because=BECAUSE, key="five_star", day=DAY):
    return award.nominate(
        plan=plan, award_key=key, pupil=pupil, because=because, by=cast.viewer(by or cast.homeroom, day)
    )


def test_a_nomination_rests_on_the_terms_records_and_somebody_else_approves_it(cast, plan, helped):
    nomination = nominate(cast, plan, helped)
    assert len(nomination.evidence_ids) == 5
    assert nomination.term_key == "2026-2027-1"
    done = award.approve(plan=plan, nomination=nomination, by=cast.viewer(cast.principal))
    assert (done.state, done.decided_by) == ("approved", cast.principal)
    verbs = list(Event.objects.filter(verb__startswith="award").order_by("at").values_list("verb", flat=True))
    assert verbs == ["award.nominate", "award.approve"]


def test_the_same_child_is_not_proposed_twice_in_a_term(cast, plan, helped):
    nominate(cast, plan, helped)
    with pytest.raises(award.AlreadyNominated):
        nominate(cast, plan, helped, by=cast.attached)


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider", "supervisor", "principal"])
def test_only_who_helps_or_teaches_the_class_proposes(cast, plan, helped, who):
    with pytest.raises(award.NotYours):
        nominate(cast, plan, helped, by=getattr(cast, who))
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "supervisor", "outsider", "attached"])
def test_only_the_head_approves(cast, plan, helped, who):
    nomination = nominate(cast, plan, helped)
    with pytest.raises(award.NotYours):
        award.approve(plan=plan, nomination=nomination, by=cast.viewer(getattr(cast, who)))
    assert Nomination.objects.get().state == "nominated"


def test_maker_is_not_checker(cast, plan):
    cast.case(0, helper=cast.principal)
    for week in range(5):
        day = date(2026, 9, 8) + timedelta(weeks=week)
        entry = record.Entry(("talk",), day)
        record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.principal, day))
    nomination = nominate(cast, plan, cast.pupils[0], by=cast.principal)
    with pytest.raises(award.SameHand):
        award.approve(plan=plan, nomination=nomination, by=cast.viewer(cast.principal))
    award.approve(plan=plan, nomination=nomination, by=cast.viewer(cast.deputy_head))


def test_a_decision_is_safe_to_repeat_and_not_turned_round_in_silence(cast, plan, helped):
    nomination = nominate(cast, plan, helped)
    by = cast.viewer(cast.principal)
    award.decline(plan=plan, nomination=nomination, by=by)
    award.decline(plan=plan, nomination=nomination, by=by)
    with pytest.raises(award.AlreadyDecided):
        award.approve(plan=plan, nomination=nomination, by=by)
    assert Event.objects.filter(verb="award.decline").count() == 1


@pytest.mark.parametrize(
    ("because", "refusal", "says"),
    [
        ("  ", award.SaySomething, "因为"),
        ("数学考了95分", award.NotReady, "数字"),
        ("从全班倒数进到前茅", award.NotReady, "名次"),
        ("单亲家庭也很坚强", award.NotReady, "分类"),
        ("好" * 121, award.NotReady, "121"),
    ],
)
def test_numbers_places_and_labels_do_not_reach_a_wall(cast, plan, helped, because, refusal, says):
    with pytest.raises(refusal) as caught:
        nominate(cast, plan, helped, because=because)
    assert says in caught.value.sentence


def test_too_few_records_or_weeks_are_said_with_both_numbers(cast, plan):
    cast.case(0, opened_on=date(2026, 10, 9))
    with pytest.raises(award.NotReady) as caught:
        nominate(cast, plan, cast.pupils[0])
    assert "4 条" in caught.value.sentence and "4 周" in caught.value.sentence


def test_a_child_outside_the_plan_an_unknown_award_and_vacation_are_refused(cast, plan, helped):
    with pytest.raises(award.NotReady):
        nominate(cast, plan, cast.pupils[5])
    with pytest.raises(award.NotThisAward):
        nominate(cast, plan, helped, key="ten_star")
    with pytest.raises(award.NotReady):
        nominate(cast, plan, helped, day=date(2027, 2, 5))


def test_candidates_are_my_children_in_class_order(cast, plan):
    cast.case(2), cast.case(0, helper=cast.attached)
    five_star = plan.awards[0]
    mine = award.candidates(plan, five_star, cast.viewer(cast.homeroom))
    assert {one.name for one in mine} == {"陈小满", "杨朵朵"}
    assert {one.class_label for one in mine} == {"三（2）班"}
    for who in (cast.neighbour, cast.outsider, cast.supervisor, cast.officer):
        assert award.candidates(plan, five_star, cast.viewer(who)) == []
