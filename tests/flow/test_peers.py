"""Classmates side by side: the children choose, volunteers where the plan says so, capped by the database, either stops."""

from collections import Counter
from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction

from bangfu.flow import identify, peer_waiting, peer_words, peers
from bangfu.records import limits
from bangfu.records.models import Enrolment, PeerOffer, PeerPair, PeerWish
from tests import factories
from tests.cast import DAY
from tests.flow.class_talk import Talk

FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = range(6)
SEED = ("subject_class", "seed")
LIGHT = ("subject_class", "recommended")


@pytest.fixture
def talk(cast):
    return Talk(cast, SEED)


def test_each_child_gets_one_classmate_of_its_own_class_and_nobody_has_two(talk):
    talk.helped(FIRST, SECOND, plan="subject_class")
    for at in (THIRD, FOURTH):
        talk.say(at)
    talk.say(FIRST, None, [THIRD, FOURTH])
    talk.say(SECOND, None, [THIRD])
    assert talk.propose().couples == 2
    assert talk.pairs("peer") == {(FIRST, FOURTH), (SECOND, THIRD)}
    assert talk.confirm() == 2
    assert PeerPair.objects.in_force(DAY).count() == 2


def test_a_child_is_put_together_only_with_somebody_it_chose(talk):
    talk.helped(FIRST, plan="subject_class")
    for at in (SECOND, THIRD, FOURTH):
        talk.say(at)
    assert talk.propose().waiting == 1
    talk.say(FIRST, None, [FOURTH])
    assert talk.propose().waiting == 0
    assert talk.pairs("peer") == {(FIRST, FOURTH)}


def test_the_first_wish_counts_before_the_second_and_a_returned_one_before_a_lonely_one(talk):
    talk.helped(FIRST, SECOND, plan="subject_class")
    talk.say(THIRD, wishes=[SECOND])
    talk.say(FOURTH)
    talk.say(FIRST, None, [THIRD, FOURTH])
    talk.say(SECOND, None, [THIRD, FOURTH])
    talk.propose()
    assert talk.pairs("peer") == {(FIRST, FOURTH), (SECOND, THIRD)}
    assert PeerPair.objects.get(pupil=talk.cast.pupils[SECOND]).how == "both"


def test_whoever_did_not_volunteer_is_not_asked_where_the_plan_wants_volunteers(cast):
    talk = Talk(cast, ("class_progress", "seed"))
    talk.helped(FIRST, plan="class_progress")
    assert talk.propose().waiting == 1
    talk.say(FIFTH)
    talk.say(SIXTH, willing=False)
    talk.propose()
    assert talk.pairs("peer") == {(FIRST, FIFTH)}


def test_one_classmate_keeps_company_with_three_at_most_and_each_child_has_one(cast):
    talk = Talk(cast, ("whole_school", "seed"))
    talk.helped(*range(6), plan="whole_school", category="learning")
    assert talk.propose().waiting == 0
    pairs = talk.pairs("peer")
    assert len(pairs) == 6 == len({child for child, _mate in pairs})
    assert max(Counter(mate for _child, mate in pairs).values()) <= 3
    talk.confirm()


def test_the_database_refuses_a_fourth_child_for_one_classmate_through_every_door(cast):
    talk = Talk(cast, ("whole_school", "seed"))
    cases = talk.helped(*range(4), plan="whole_school", category="learning")
    rows = [
        PeerPair(
            school=cast.school, pupil=case.pupil, case=case, plan_key="whole_school", kind="peer",
            partner=cast.pupils[SIXTH], state="confirmed", how="by_hand", proposed_by=cast.homeroom, proposed_on=DAY,
            confirmed_by=cast.homeroom, valid_from=DAY,
        )
        for case in cases
    ]  # fmt: skip
    with pytest.raises(IntegrityError, match="helper_full"), transaction.atomic():
        PeerPair.objects.bulk_create(rows)
    PeerPair.objects.bulk_create(rows[:3])
    rows[3].state, rows[3].confirmed_by, rows[3].valid_from = "proposed", None, None
    rows[3].save()
    with pytest.raises(limits.AtLimit), limits.calm(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_peerpair SET state = 'confirmed', confirmed_by_id = "
            "(SELECT confirmed_by_id FROM records_peerpair WHERE confirmed_by_id IS NOT NULL LIMIT 1), "
            "valid_from = '2026-10-15' WHERE state = 'proposed'"
        )
    with pytest.raises(peers.HasPartners):
        talk.confirm()


def test_every_child_of_the_plan_has_a_classmate_or_a_group(cast):
    talk = Talk(cast, ("growth_plan", "seed"))
    talk.helped(FIRST, SECOND, plan="growth_plan")
    talk.propose()
    talk.confirm()
    rows = PeerPair.objects.in_force(DAY).filter(case__plan_key="growth_plan")
    assert {talk.at(row.pupil_id) for row in rows} == {FIRST, SECOND}


def test_each_child_has_a_companion_and_exactly_one_study_helper_set_by_a_teacher(cast):
    talk = Talk(cast, ("hand_in_hand", "seed"))
    talk.helped(FIRST, SECOND, THIRD, plan="hand_in_hand")
    talk.propose()
    assert not PeerPair.objects.in_force(DAY).exists()
    talk.confirm()
    for kind in ("buddy", "study_helper"):
        rows = PeerPair.objects.in_force(DAY).filter(kind=kind)
        assert Counter(talk.at(row.pupil_id) for row in rows) == dict.fromkeys((FIRST, SECOND, THIRD), 1)
        assert set(rows.values_list("confirmed_by", flat=True)) == {cast.homeroom.pk}


def test_one_friend_serves_several_plans_where_there_is_a_choice(cast):
    talk = Talk(cast, ("hand_in_hand", "seed"))
    talk.helped(FIRST, plan="hand_in_hand")
    talk.say(FIRST, None, [FOURTH])
    talk.propose()
    assert (FIRST, FOURTH) in talk.pairs("buddy") & talk.pairs("study_helper")
    assert talk.together().count((FIRST, FOURTH)) == 1


def test_where_the_plan_asks_the_families_nobody_is_paired_without_their_yes(cast):
    talk = Talk(cast, LIGHT)
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    assert talk.propose().couples == 0
    talk.say(FIRST, None, [SECOND], family=True)
    assert talk.propose().couples == 0
    talk.say(SECOND, family=True)
    assert talk.propose().couples == 1


def test_either_side_stops_at_any_time_without_saying_why_and_is_not_put_together_again(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND, THIRD])
    talk.say(SECOND)
    talk.propose(), talk.confirm()
    talk.stop(FIRST, SECOND)
    row = PeerPair.objects.get()
    assert (row.state, row.valid_to, row.ended_because) == ("ended", DAY, "")
    assert talk.propose().couples == 0
    talk.say(FIRST, None, [SECOND])  # wished for anew
    assert talk.propose().couples == 1


def test_a_child_who_says_no_is_left_alone_and_an_open_proposal_is_not_confirmed(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    talk.propose()
    talk.say(SECOND, willing=False)
    with pytest.raises(peers.AskFirst):
        talk.confirm()
    assert talk.propose().couples == 0


def test_a_proposal_is_not_in_force_and_confirming_twice_does_no_harm(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    talk.propose()
    assert not PeerPair.objects.in_force(DAY).exists()
    assert talk.confirm() == 1
    assert talk.confirm() == 0
    assert PeerPair.objects.in_force(DAY).count() == 1


def test_a_pair_ends_with_the_term_and_the_same_two_may_choose_each_other_again(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    talk.propose(), talk.confirm()
    assert PeerPair.objects.in_force(date(2027, 1, 22)).exists()
    assert not PeerPair.objects.in_force(date(2027, 3, 2)).exists()
    talk.by = talk.cast.viewer(talk.cast.homeroom, date(2027, 3, 2))
    assert talk.propose().couples == 1
    assert talk.confirm() == 1


def test_a_child_who_changes_class_has_no_pair_there_any_more(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    talk.propose(), talk.confirm()
    Enrolment.objects.filter(pupil=talk.cast.pupils[SECOND]).update(school_class=talk.cast.class_one)
    assert talk.together() == []
    talk.propose()
    assert not PeerPair.objects.in_force(DAY).exists()


def test_two_may_be_put_together_by_hand_and_friends_need_no_plan(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, True, [SECOND])
    for at in (SECOND, THIRD, FOURTH):
        talk.say(at)
    talk.say(THIRD, True, [FOURTH])
    talk.place(SECOND, FIRST)
    talk.place(THIRD, FOURTH)
    assert talk.pairs("peer") == {(FIRST, SECOND)}
    assert talk.together() == [(FIRST, SECOND), (THIRD, FOURTH)]
    seen = peers.together(talk.cast.class_two, talk.by)
    assert {(one.state, one.how) for one in seen} == {("proposed", "by_hand")}
    assert talk.confirm() == 2


def test_what_is_put_together_by_hand_stays_when_the_machine_proposes(talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, True, [SECOND, THIRD])
    for at in (SECOND, THIRD):
        talk.say(at)
    talk.place(FIRST, THIRD)
    talk.propose()
    assert talk.pairs("peer") == {(FIRST, THIRD)}


@pytest.mark.parametrize("two", [(FIRST, SECOND), (THIRD, FOURTH), (SECOND, FIRST)])
def test_a_refusal_is_the_same_whoever_is_helped(talk, two):
    talk.helped(FIRST, plan="subject_class")
    with pytest.raises(peers.AskFirst) as refused:
        talk.place(*two)
    assert str(refused.value) == peers.AskFirst.sentence


def test_a_child_has_no_more_partners_by_hand_than_the_plans_or_its_own_word_allow(talk):
    for at, wishes in ((FIRST, [SECOND, THIRD]), (SECOND, []), (THIRD, [])):
        talk.say(at, True, wishes)
    talk.place(FIRST, SECOND)
    with pytest.raises(peers.HasPartners, match="陈小满已经有 1 位伙伴"):
        talk.place(FIRST, THIRD)


def test_only_those_who_look_after_the_class_note_and_put_together(cast, talk):
    for staff in (cast.neighbour, cast.officer):
        by = cast.viewer(staff)
        with pytest.raises(peer_words.NotYourClass):
            peers.propose(school_class=cast.class_two, by=by)
        with pytest.raises(peer_words.NotYourClass):
            peer_words.say(pupil=cast.pupils[0], word=peer_words.Word(True), wishes=[], by=by)
    subject = factories.staff(cast.school, "马英", "", ("subject_teacher", cast.class_two))
    assert not peer_words.may_mind(cast.viewer(subject), cast.class_two)
    for staff in (cast.attached, cast.supervisor, cast.principal):
        assert peer_words.may_mind(cast.viewer(staff), cast.class_two)
    assert not peer_words.may_mind(cast.viewer(cast.outsider), cast.class_two)


def test_wishes_are_for_classmates_three_at_most_and_the_earlier_word_stays(cast, talk):
    with pytest.raises(peer_words.NotClassmates):
        talk.say(FIRST, True, [FIRST])
    with pytest.raises(peer_words.TooManyWishes):
        talk.say(FIRST, True, [SECOND, THIRD, FOURTH, FIFTH])
    with pytest.raises(peer_words.NotClassmates):
        peer_words.say(pupil=cast.pupils[0], word=peer_words.Word(), wishes=[cast.others[0].pk], by=talk.by)
    talk.say(FIRST, True, [SECOND])
    talk.say(FIRST, True, [SECOND])
    talk.say(FIRST, False, [THIRD])
    assert PeerOffer.objects.count() == 2 and PeerOffer.objects.standing().count() == 1
    assert PeerWish.objects.count() == 2 and PeerWish.objects.standing().get().wanted == cast.pupils[THIRD]


def test_the_teacher_reads_who_waits_and_what_would_help(talk):
    talk.helped(FIRST, SECOND, THIRD, plan="subject_class")
    talk.say(SECOND, None, [FOURTH])
    talk.say(THIRD, False)
    said = {one.name: one.sentence for one in peer_waiting.waiting(talk.cast.class_two, talk.by)}
    assert "还没说想和谁一起" in said["陈小满"]
    assert "1 位还没说愿意" in said["罗天佑"]
    assert "先尊重" in said["杨朵朵"]
    talk.say(FOURTH)
    talk.propose()
    assert "罗天佑" not in {one.name for one in peer_waiting.waiting(talk.cast.class_two, talk.by)}


def test_a_closed_case_has_no_partner_any_more(talk):
    (case,) = talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    talk.propose(), talk.confirm()
    type(case).objects.filter(pk=case.pk).update(closed_on=DAY)
    assert talk.together() == []
    talk.propose()
    assert PeerPair.objects.get().state == "ended"


def test_two_of_one_name_are_told_apart_by_their_seats(cast, talk):
    type(cast.pupils[1]).objects.filter(pk=cast.pupils[1].pk).update(name="陈小满")
    names = [mate.name for mate in peer_words.mates(cast.class_two, DAY).values()]
    assert names[:3] == ["陈小满（1号）", "陈小满（2号）", "杨朵朵"]


def test_friends_whose_proposal_is_open_are_asked_alike_when_one_says_no_meanwhile(talk):
    talk.helped(FIRST, plan="subject_class")
    for at, wishes in ((THIRD, [FOURTH]), (FOURTH, [])):
        talk.say(at, True, wishes)
    talk.place(THIRD, FOURTH)
    talk.say(FOURTH, willing=False)
    with pytest.raises(peers.AskFirst):
        talk.confirm()
    assert not PeerPair.objects.in_force(DAY).exists()


def test_whoever_kept_company_for_a_case_does_so_until_the_day_it_closes(cast, talk):
    (case,) = talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, None, [SECOND])
    talk.say(SECOND)
    talk.propose(), talk.confirm()
    identify.close_case(case=case, because="进步了", by=cast.viewer(cast.principal))
    row = PeerPair.objects.get()
    assert (row.state, row.valid_to) == ("ended", DAY)
