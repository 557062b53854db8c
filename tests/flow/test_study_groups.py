"""Study groups: each newcomer with somebody from here, nobody in two, one may leave and the others go on."""

import pytest

from bangfu.flow import peer_waiting, peers
from bangfu.records.models import PeerPair, StudyGroup
from tests import factories
from tests.cast import DAY
from tests.flow.class_talk import Talk

FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = range(6)


@pytest.fixture
def talk(cast):
    return Talk(cast, ("mentors", "seed"))


def groups(talk):
    return [one for one in talk.together() if len(one) > 2]


def test_each_newcomers_group_has_somebody_from_here(talk):
    talk.helped(FIRST, plan="mentors", category="incoming")
    talk.came_along(FIRST, True)
    for at in (SECOND, THIRD, FOURTH):
        talk.say(at)
        talk.came_along(at, at != FOURTH)
    assert talk.propose().groups == 1
    assert FOURTH in groups(talk)[0] and len(groups(talk)[0]) >= 3
    talk.confirm()
    assert (
        PeerPair.objects.in_force(DAY).filter(kind="study_group", partner=talk.cast.pupils[FOURTH]).exists()
    )


def test_where_nobody_is_known_to_be_from_here_no_group_is_made_and_the_teacher_reads_why(talk):
    talk.helped(FIRST, plan="mentors", category="incoming")
    for at in (SECOND, THIRD, FOURTH):
        talk.say(at)
    assert talk.propose().groups == 0
    (one,) = peer_waiting.waiting(talk.cast.class_two, talk.by)
    assert "本地的同学" in one.sentence


def test_two_newcomers_share_a_group_where_companions_are_few_and_have_their_own_where_they_are_not(talk):
    talk.helped(FIRST, SECOND, plan="mentors", category="incoming")
    for at in (THIRD, FOURTH):
        talk.say(at)
        talk.came_along(at, False)
    assert talk.propose().groups == 1
    assert groups(talk) == [(FIRST, SECOND, THIRD, FOURTH)]
    for at in (FIFTH, SIXTH):
        talk.say(at)
        talk.came_along(at, False)
    assert talk.propose().groups == 2
    assert all(len(one) == 3 for one in groups(talk))
    assert not set(groups(talk)[0]) & set(groups(talk)[1])


def test_a_child_of_one_parent_learns_with_volunteers_and_nobody_else(talk):
    talk.helped(FIRST, plan="mentors", category="one_or_no_parent")
    talk.say(SECOND), talk.say(THIRD)
    assert talk.propose().groups == 1
    assert groups(talk) == [(FIRST, SECOND, THIRD)]


def test_who_wishes_for_whom_counts_in_a_group(talk):
    talk.helped(FIRST, plan="mentors", category="one_or_no_parent")
    for at in (SECOND, THIRD, FOURTH, FIFTH):
        talk.say(at)
    talk.say(FIRST, None, [FIFTH, FOURTH])
    talk.propose()
    assert groups(talk) == [(FIRST, FOURTH, FIFTH)]


def test_one_leaves_and_the_machine_finds_another_for_the_same_group(talk):
    talk.helped(FIRST, plan="mentors", category="one_or_no_parent")
    talk.say(SECOND), talk.say(THIRD)
    talk.propose(), talk.confirm()
    leaving = talk.cast.pupils[SECOND].pk
    peers.leave(school_class=talk.cast.class_two, number=1, pupil=leaving, by=talk.by)
    talk.say(SECOND, False), talk.say(FOURTH)
    assert talk.propose().groups == 1
    assert groups(talk) == [(FIRST, THIRD, FOURTH)]  # the one place and the one companion left are no group yet
    talk.confirm()
    assert StudyGroup.objects.count() == 1
    assert groups(talk) == [(FIRST, THIRD, FOURTH)]


def test_a_group_stops_as_a_whole_and_its_number_is_free_again(talk):
    talk.helped(FIRST, plan="mentors", category="one_or_no_parent")
    talk.say(SECOND), talk.say(THIRD), talk.say(FOURTH), talk.say(FIFTH)
    talk.propose(), talk.confirm()
    (members,) = groups(talk)
    talk.stop(*members)
    assert groups(talk) == []
    talk.propose()
    assert StudyGroup.objects.order_by("-pk").filter(pairs__state="proposed").distinct().get().number == 1


def test_groups_of_another_class_are_not_mixed_in(cast, talk):
    factories.case(cast.others[0], of=("mentors", "one_or_no_parent"))
    talk.say(FIRST), talk.say(SECOND)
    assert talk.propose().groups == 0


def test_a_class_has_its_groups_where_the_plan_wants_them_and_every_child_of_the_plan_is_in_one(cast):
    talk = Talk(cast, ("hand_in_hand", "seed"))
    talk.helped(FIRST, SECOND, plan="hand_in_hand")
    assert talk.propose().groups == 2
    talk.confirm()
    held = talk.pairs("group", state="confirmed")
    assert {child for child, _mate in held} == {FIRST, SECOND}
    assert not {mate for child, mate in held if child == FIRST} & {mate for child, mate in held if child == SECOND}
