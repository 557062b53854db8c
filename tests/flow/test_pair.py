"""Everybody gets somebody: proposals with reasons, caps at every door, answers by people, changes that keep pairs."""

from datetime import date

import pytest

from bangfu.flow import adopt, pair
from bangfu.records.models import Pairing
from tests import factories
from tests.cast import DAY


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


def cases(cast, count: int):
    return [factories.case(child) for child in cast.pupils[:count]]


def propose(cast, plan):
    return pair.propose(plan=plan, by=cast.viewer(cast.supervisor))


def test_three_children_are_shared_by_the_two_teachers_of_the_class_with_reasons(cast, plan):
    cases(cast, 3)
    found = propose(cast, plan)
    assert len(found.pairings) == 3
    assert {p.helper for p in found.pairings} == {cast.homeroom, cast.attached}
    assert all("同班" in p.reason for p in found.pairings)
    assert not Pairing.objects.in_force(DAY).exists()


def test_five_children_for_two_teachers_leave_one_over_and_say_what_would_help(cast, plan):
    cases(cast, 5)
    found = propose(cast, plan)
    assert len(found.pairings) == 4
    assert any("没有人带" in sentence for sentence in found.shortages)


def test_a_teacher_without_a_child_is_reported_and_nothing_fails(cast, plan):
    found = propose(cast, plan)
    assert found.pairings == ()
    assert any("还没有结对的学生" in sentence for sentence in found.shortages)


def test_confirming_puts_pairs_in_force_and_twice_does_no_harm(cast, plan):
    cases(cast, 2)
    pairings = propose(cast, plan).pairings
    by = cast.viewer(cast.supervisor)
    pair.confirm(pairings=pairings, plan=plan, by=by)
    pair.confirm(pairings=pairings, plan=plan, by=by)
    assert Pairing.objects.in_force(DAY).count() == 2


def test_proposing_again_replaces_open_proposals_and_keeps_confirmed_pairs(cast, plan):
    cases(cast, 3)
    first = propose(cast, plan).pairings
    pair.confirm(pairings=first[:1], plan=plan, by=cast.viewer(cast.supervisor))
    second = propose(cast, plan).pairings
    assert len(second) == 2
    assert Pairing.objects.count() == 3
    with pytest.raises(pair.AlreadyPaired):
        pair.confirm(pairings=first[1:], plan=plan, by=cast.viewer(cast.principal))


def test_the_cap_holds_when_a_helper_was_filled_meanwhile(cast, plan):
    factories.case(cast.pupils[3], helper=cast.homeroom), factories.case(cast.pupils[4], helper=cast.homeroom)
    third = factories.case(cast.pupils[0])
    sneaked = Pairing.objects.create(case=third, helper=cast.homeroom, reason="手工", proposed_on=DAY)
    with pytest.raises(pair.HelperFull, match="最多 2 名"):
        pair.confirm(pairings=[sneaked], plan=plan, by=cast.viewer(cast.principal))
    assert Pairing.objects.get(pk=sneaked.pk).state == "proposed"


def test_a_teacher_of_another_class_is_not_allowed_and_one_of_the_class_is(cast, plan):
    cases(cast, 1)
    pairing = propose(cast, plan).pairings[0]
    by = cast.viewer(cast.supervisor)
    with pytest.raises(pair.NotAllowed, match="孙丽不在其中"):
        pair.place(case=pairing.case, helper=cast.neighbour, plan=plan, by=by)
    assert pair.place(case=pairing.case, helper=cast.attached, plan=plan, by=by).helper == cast.attached


def test_class_teachers_do_not_decide_pairs(cast, plan):
    cases(cast, 1)
    with pytest.raises(pair.NotDecider):
        pair.propose(plan=plan, by=cast.viewer(cast.homeroom))


def test_the_helper_accepts_with_a_time_or_declines_and_is_not_asked_again(cast, plan):
    case = cases(cast, 1)[0]
    pairing = pair.confirm(pairings=propose(cast, plan).pairings, plan=plan, by=cast.viewer(cast.supervisor))[
        0
    ]
    mine, other = cast.viewer(pairing.helper), cast.viewer(cast.neighbour)
    with pytest.raises(pair.NotYourPair):
        pair.accept(pairing=pairing, time_slot="周三大课间", by=other)
    pair.decline(pairing=pairing, because="下月进修", by=mine)
    again = propose(cast, plan).pairings
    assert [p.case for p in again] == [case]
    assert again[0].helper != pairing.helper
    assert pair.confirm(pairings=again, plan=plan, by=cast.viewer(cast.supervisor))[0].state == "confirmed"


def test_ending_a_pair_keeps_its_history_and_the_child_is_proposed_again(cast, plan):
    case = cast.case(0)
    pairing = case.pairings.get()
    with pytest.raises(pair.SayWhy):
        pair.end(pairing=pairing, because=" ", by=cast.viewer(cast.principal))
    pair.end(pairing=pairing, because="调班", by=cast.viewer(cast.principal))
    pairing.refresh_from_db()
    assert (pairing.state, pairing.valid_to) == ("ended", DAY)
    assert Pairing.objects.in_force(date(2026, 10, 1)).filter(case=case).exists()
    assert not Pairing.objects.in_force(DAY).filter(case=case).exists()
    assert len(propose(cast, plan).pairings) == 1


def test_a_supervisor_decides_only_for_the_own_grade_and_leaves_other_proposals_alone(cast, plan):
    fourth = factories.school_class(cast.school, 4, 1)
    teacher = factories.staff(cast.school, "曹阳", "", ("homeroom_teacher", fourth))
    far = factories.case(factories.pupil(fourth, "方小竹"))
    theirs = pair.propose(plan=plan, by=cast.viewer(cast.principal)).pairings
    assert [p.helper for p in theirs] == [teacher]
    cases(cast, 1)
    mine = propose(cast, plan).pairings
    assert [p.case.pupil for p in mine] == [cast.pupils[0]]
    assert far.pairings.get() == theirs[0]
    with pytest.raises(pair.NotDecider, match="不在您负责的年级"):
        pair.confirm(pairings=theirs, plan=plan, by=cast.viewer(cast.supervisor))
    assert pair.confirm(pairings=theirs, plan=plan, by=cast.viewer(cast.principal))


def test_a_proposal_to_a_teacher_who_left_the_class_meanwhile_is_refused(cast, plan):
    cases(cast, 1)
    pairing = propose(cast, plan).pairings[0]
    pairing.helper.grants.update(valid_to=DAY)
    with pytest.raises(pair.NotAllowed, match="重新配一配"):
        pair.confirm(pairings=[pairing], plan=plan, by=cast.viewer(cast.principal))
    assert not Pairing.objects.in_force(DAY).exists()


def test_a_rule_for_one_category_pairs_the_children_of_that_category(cast, plan):
    rule = plan.pairings[0].model_copy(update={"for_": ("behaviour",)})
    narrowed = plan.model_copy(update={"pairings": (rule,)})
    first, second, _ = cases(cast, 3)
    type(first).objects.filter(pk=first.pk).update(category="behaviour")
    assert second.category != "behaviour"
    proposals = propose(cast, narrowed)
    assert [row.case_id for row in proposals.pairings] == [first.pk]


def test_a_no_that_comes_while_a_leader_confirms_ends_the_pair_that_day(cast, plan):
    case = cases(cast, 1)[0]
    (proposed,) = propose(cast, plan).pairings
    asked = Pairing.objects.get(pk=proposed.pk)  # as the helper's page read it
    pair.confirm(pairings=[proposed], plan=plan, by=cast.viewer(cast.supervisor))
    pair.decline(pairing=asked, because="下月进修", by=cast.viewer(asked.helper))
    assert Pairing.objects.get(pk=proposed.pk).valid_to == DAY
    assert not Pairing.objects.in_force(DAY).filter(case=case).exists()


def test_a_pair_ended_meanwhile_is_not_ended_again_nor_accepted(cast, plan):
    pairing = cast.case(0).pairings.get()
    old = Pairing.objects.get(pk=pairing.pk)
    pair.end(pairing=pairing, because="调班", by=cast.viewer(cast.principal))
    pair.end(pairing=old, because="另一个原因", by=cast.viewer(cast.principal))
    assert Pairing.objects.get(pk=pairing.pk).ended_because == "调班"
    with pytest.raises(pair.AlreadyPaired):
        pair.accept(pairing=old, time_slot="周三", by=cast.viewer(old.helper))


def test_a_child_who_left_the_school_waits_for_nobody(cast, plan):
    case = cases(cast, 1)[0]
    type(case.pupil).objects.filter(pk=case.pupil_id).update(left_on=DAY)
    assert propose(cast, plan).pairings == ()
    assert not any(case.pupil.name in said for said in propose(cast, plan).shortages)
