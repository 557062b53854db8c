"""The board's acts: chosen by hand and kept, room made with the fewest changes, compared with the best, avoided."""

from datetime import timedelta

import pytest

from bangfu.flow import adopt, avoidance, pair
from bangfu.records.models import Avoidance, Case, Leave, Pairing
from tests import factories
from tests.cast import DAY


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


@pytest.fixture
def by(cast):
    return cast.viewer(cast.principal)


def cases(cast, count):
    return [factories.case(child) for child in cast.pupils[:count]]


def table(plan, by):
    return pair.table(plan, "helper", by)


def test_a_hand_picked_pair_is_kept_whatever_the_solver_would_like(cast, plan, by):
    first, *_ = cases(cast, 4)
    chosen = pair.place(case=first, helper=cast.attached, plan=plan, by=by)
    assert chosen.is_locked and "由王振华选定" in chosen.reason
    for _again in range(2):
        pair.propose(plan=plan, by=by)
        assert Pairing.objects.get(case=first).helper == cast.attached
    assert Pairing.objects.filter(state="proposed").count() == 4
    pair.unlock(pairing=chosen, by=by)
    assert not Pairing.objects.get(case=first).is_locked
    pair.lock(pairing=chosen, by=by)
    assert Pairing.objects.get(case=first).is_locked


def test_a_full_teacher_makes_room_with_the_fewest_changes(cast, plan, by):
    cases(cast, 4)
    pair.propose(plan=plan, by=by)
    moved = Pairing.objects.filter(helper=cast.attached).first()
    before = dict(Pairing.objects.values_list("case_id", "helper_id"))
    pair.place(case=moved.case, helper=cast.homeroom, plan=plan, by=by)
    after = dict(Pairing.objects.values_list("case_id", "helper_id"))
    assert sum(before[case] != after[case] for case in before) == 2
    assert after[moved.case_id] == cast.homeroom.pk
    assert [list(after.values()).count(one.pk) for one in (cast.homeroom, cast.attached)] == [2, 2]


def test_hands_do_not_fill_a_teacher_beyond_the_cap_either(cast, plan, by):
    first, second, third = cases(cast, 3)
    for case in (first, second):
        pair.place(case=case, helper=cast.homeroom, plan=plan, by=by)
    with pytest.raises(pair.HelperFull, match="李秋月已经带 2 名"):
        pair.place(case=third, helper=cast.homeroom, plan=plan, by=by)


def test_the_table_has_both_sides_and_compares_with_the_best(cast, plan, by):
    some = cases(cast, 3)
    for case in some[:2]:
        pair.place(case=case, helper=cast.homeroom, plan=plan, by=by)
    pair.place(case=some[2], helper=cast.attached, plan=plan, by=by)
    seen = table(plan, by)
    assert {child.id for child in seen.children} == {case.pk for case in some}
    assert {cast.homeroom.pk, cast.attached.pk, cast.neighbour.pk} == set(seen.helpers)
    assert len(seen.proposals) == 3 and seen.in_force == () and seen.give_way == ()
    assert all(child.minutes > 0 for child in seen.children)
    assert pair.compare(seen).minutes_more == 0
    pair.put_back(pairing=seen.proposals[-1], by=by)
    alone = pair.compare(table(plan, by))
    assert "1 名学生没有配上" in alone.sentence and alone.better


def test_minutes_more_than_the_best_are_said_in_one_sentence(cast, plan, by):
    some = cases(cast, 2)
    for case in some:
        pair.place(case=case, helper=cast.homeroom, plan=plan, by=by)
    seen = table(plan, by)
    said = pair.compare(seen)
    assert said.minutes_more == seen.children[0].minutes
    assert said.sentence == f"最忙的老师比最好的安排每周多 {said.minutes_more} 分钟。"
    assert len(said.better) == 1


def test_five_children_and_two_teachers_say_with_numbers_what_would_have_to_give_way(cast, plan, by):
    cases(cast, 5)
    seen = table(plan, by)
    assert len(seen.answer.left_out) == 1
    assert seen.give_way and any(char.isdigit() for char in "".join(seen.give_way))


def test_a_class_of_one_child_has_somebody_and_the_other_teacher_is_named(cast, plan, by):
    cases(cast, 1)
    found = pair.propose(plan=plan, by=by)
    assert len(found.pairings) == 1 and found.answer.is_proven
    assert any("还没有结对的学生" in sentence for sentence in found.shortages)


def test_nobody_new_is_given_to_somebody_away_for_long_and_a_short_leave_does_not_matter(cast, plan, by):
    cases(cast, 1)
    leave = Leave.objects.create(staff=cast.homeroom, starts_on=DAY, ends_on=DAY + timedelta(days=90))
    assert [p.helper for p in pair.propose(plan=plan, by=by).pairings] == [cast.attached]
    assert table(plan, by).away[cast.homeroom.pk].is_long(DAY)
    Leave.objects.filter(pk=leave.pk).update(ends_on=DAY + timedelta(days=2))
    assert {h.id for h in table(plan, by).problem.helpers} >= {cast.homeroom.pk}


def test_somebody_to_be_avoided_is_neither_proposed_nor_taken_by_hand_and_a_pair_that_holds_ends(
    cast, plan, by
):
    case = cast.case(0)
    row = pair.avoid(pupil=case.pupil, staff=cast.homeroom, why="conflict", note="邻里有矛盾", by=by)
    assert pair.avoid(pupil=case.pupil, staff=cast.homeroom, why="conflict", by=by) == row
    assert not Pairing.objects.in_force(DAY).exists()
    assert [p.helper for p in pair.propose(plan=plan, by=by).pairings] == [cast.attached]
    with pytest.raises(pair.NotAllowed, match="回避"):
        pair.place(case=case, helper=cast.homeroom, plan=plan, by=by)
    pair.lift(avoidance=row, by=by)
    assert pair.place(case=case, helper=cast.homeroom, plan=plan, by=by).helper == cast.homeroom


def test_who_is_avoided_and_why_is_for_those_who_decide(cast, plan, by):
    case = cast.case(0, helper=cast.attached)
    with pytest.raises(avoidance.NotYourWord):
        pair.avoid(pupil=case.pupil, staff=cast.attached, why="conflict", by=cast.viewer(cast.homeroom))
    own = pair.avoid(pupil=case.pupil, staff=cast.homeroom, why="own_child", by=cast.viewer(cast.homeroom))
    assert not Avoidance.objects.visible_to(cast.viewer(cast.homeroom)).exists()
    assert not Avoidance.objects.visible_to(cast.viewer(cast.outsider)).exists()
    assert list(Avoidance.objects.visible_to(cast.viewer(cast.supervisor))) == [own]


def test_minutes_count_the_pairs_of_other_plans_and_one_adult_for_both_is_known(cast, plan, by):
    factories.plan(cast.school, key="subject_class", edition="recommended")
    pupil = cast.pupils[0]
    other = Case.objects.create(school=cast.school, pupil=pupil, plan_key="subject_class", opened_on=DAY)
    before = table(plan, by).helpers[cast.homeroom.pk].minutes
    Pairing.objects.create(
        case=other, kind="teacher", helper=cast.homeroom, state="confirmed", reason="手工", proposed_on=DAY,
        confirmed_by=cast.principal, valid_from=DAY,
    )  # fmt: skip
    factories.case(pupil)
    seen = table(plan, by)
    assert seen.helpers[cast.homeroom.pk].minutes > before
    assert seen.children[0].helped_by == {cast.homeroom.pk}


def test_a_second_adult_takes_a_second_seat_and_the_first_one_stays(cast, plan, by):
    rule = plan.pairings[0].model_copy(
        update={"per_case": plan.pairings[0].per_case.model_copy(update={"min": 2, "max": 2})}
    )
    two = plan.model_copy(update={"pairings": (rule,)})
    case = cast.case(0)
    found = pair.propose(plan=two, by=by).pairings
    assert [(row.helper, row.place) for row in found] == [(cast.attached, 2)]
    assert Pairing.objects.get(case=case, place=1).helper == cast.homeroom


def test_a_team_of_subject_teachers_is_a_pairing_with_adults(cast):
    team = adopt.shelf().texts["one_child", "seed"]
    assert [rule.key for rule in pair.rules_of(adopt.read(team))] == ["team"]


def test_a_proposal_is_put_back_and_a_pair_in_force_is_not(cast, plan, by):
    cases(cast, 2)
    first, second = pair.propose(plan=plan, by=by).pairings
    pair.put_back(pairing=first, by=by)
    pair.put_back(pairing=first, by=by)
    assert list(Pairing.objects.all()) == [second]
    pair.confirm(pairings=[second], plan=plan, by=by)
    with pytest.raises(pair.AlreadyPaired):
        pair.put_back(pairing=second, by=by)
    with pytest.raises(pair.AlreadyPaired):
        pair.lock(pairing=second, by=by)
