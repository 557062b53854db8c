"""Somebody leaves, is long away, changes class: the fewest new pairs, proven, confirmed once, and nothing rewritten."""

from datetime import date, timedelta

import pytest

from bangfu.flow import enrol, hand_over_note, pair, pair_history, rearrange
from bangfu.records.models import Avoidance, Enrolment, Event, Handover, Pairing, PairNote, Pupil, RoleGrant
from tests import factories
from tests.cast import DAY

EARLY = date(2026, 9, 7)


def new_teacher(cast, name="周远", where=None):
    return factories.staff(cast.school, name, "", ("class_attached_teacher", where or cast.class_two))


def leaving(staff, why="leaves"):
    return rearrange.Going(staff, why)


def as_proposed(found):
    return {line.pairing: line.next for one in found for line in one.lines}


def in_force(cast, day=DAY):
    rows = Pairing.objects.in_force(day).values_list("case__pupil__name", "helper__name")
    return dict(rows)


@pytest.fixture
def head(cast):
    return cast.viewer(cast.principal)


def test_two_pupils_of_a_teacher_who_leaves_go_to_others_and_nobody_else_moves(cast, head):
    cast.case(0), cast.case(1), cast.case(2, helper=cast.attached)
    fresh = new_teacher(cast)
    (one,) = rearrange.look(by=head, going=leaving(cast.homeroom))
    assert (one.fewest.changed, one.fewest.bound, one.fewest.is_proven, one.stay) == (2, 2, True, 1)
    assert "最少要换 2 对" in one.fewest.sentence and "别的 1 对都不动" in one.fewest.sentence
    assert all("李秋月不在学校了" in line.why and not line.is_moved for line in one.lines)
    assert in_force(cast)["陈小满"] == "李秋月"  # looking changes nothing
    (row,) = rearrange.confirm(chosen=as_proposed([one]), by=head, going=leaving(cast.homeroom))
    assert (row.changed, row.bound, row.is_proven, row.why) == (2, 2, True, "leaves")
    now = in_force(cast)
    assert cast.homeroom.name not in now.values() and now["杨朵朵"] == "赵志远"
    assert sorted(now.values()) == sorted(
        ["赵志远", "周远", *([fresh.name] if list(now.values()).count("周远") == 2 else ["赵志远"])]
    )


def test_what_ended_stays_readable_dated_and_is_never_rewritten(cast, head):
    case = cast.case(0)
    (one,) = rearrange.look(by=head, going=leaving(cast.homeroom, "away"))
    rearrange.confirm(chosen=as_proposed([one]), by=head, going=leaving(cast.homeroom, "away"))
    old, new = case.pairings.order_by("valid_from")
    assert (old.helper, old.state, old.valid_from, old.valid_to) == (cast.homeroom, "ended", EARLY, DAY)
    assert old.ended_because == "李秋月要长时间请假"
    assert (new.helper, new.valid_from, new.accepted_on, new.place) == (cast.attached, DAY, None, old.place)
    assert "接替李秋月" in new.reason
    assert Event.objects.filter(verb="pair.hand_over", by=cast.principal).count() == 1
    told = pair_history.of_child(head, cast.pupils[0].pk)
    assert [(p.helper, p.since, p.until) for p in told] == [("赵志远", DAY, None), ("李秋月", EARLY, DAY)]


def test_a_teacher_whose_role_ended_lapses_without_being_named(cast, head):
    cast.case(0)
    RoleGrant.objects.filter(staff=cast.homeroom).update(valid_to=DAY)
    assert rearrange.count(head) == 1
    (one,) = rearrange.look(by=head)
    assert one.lines[0].why == "李秋月现在不在这些岗位上了"
    (row,) = rearrange.confirm(chosen=as_proposed([one]), by=head)
    assert (row.staff, row.why) == (None, "settle")
    assert rearrange.look(by=head) == ()


def test_a_child_who_changed_class_is_handed_to_that_class_and_frees_the_place(cast, head):
    cast.case(0), cast.case(1)
    Enrolment.objects.filter(pupil=cast.pupils[0]).update(valid_to=DAY)
    Enrolment.objects.create(pupil=cast.pupils[0], school_class=cast.class_one, valid_from=DAY)
    (one,) = rearrange.look(by=head)
    (line,) = one.lines
    assert (line.child.name, line.next) == ("陈小满", cast.neighbour.pk)
    rearrange.confirm(chosen=as_proposed([one]), by=head)
    assert in_force(cast) == {"陈小满": "孙丽", "罗天佑": "李秋月"}


def test_where_somebody_would_be_left_over_others_make_room_and_the_bound_says_how_many(
    cast, head, monkeypatch
):
    """Only the class teacher may take 陈小满 and is full: one of theirs moves, not two."""
    third = new_teacher(cast, "周远")
    cast.case(0, helper=third), cast.case(1), cast.case(2)
    Avoidance.objects.create(
        pupil=cast.pupils[0], staff=cast.attached, why="conflict", valid_from=EARLY, by=cast.principal
    )
    (one,) = rearrange.look(by=head, going=leaving(third, "moves"))
    assert (one.fewest.changed, one.fewest.bound, one.fewest.is_proven) == (2, 2, True)
    assert "另外 1 对要让出位置" in one.fewest.sentence
    assert [line.is_moved for line in one.lines] == [False, True]
    rearrange.confirm(chosen=as_proposed([one]), by=head, going=leaving(third, "moves"))
    now = in_force(cast)
    assert now["陈小满"] == "李秋月" and sorted(now.values()) == ["李秋月", "李秋月", "赵志远"]


def test_with_nobody_free_the_child_is_named_and_the_pair_ends_only_when_confirmed(cast, head):
    cast.case(0), cast.case(1)
    for at in (2, 3):
        cast.case(at, helper=cast.attached)
    (one,) = rearrange.look(by=head, going=leaving(cast.homeroom))
    assert [line.next for line in one.lines] == [None, None]
    assert "还有 2 名学生按方案找不到人" in one.fewest.sentence
    assert len(in_force(cast)) == 4
    rearrange.confirm(chosen=as_proposed([one]), by=head, going=leaving(cast.homeroom))
    assert len(in_force(cast)) == 2
    waiting = pair.children_without(one.plan, pair.decided_by(head), DAY)
    assert {child.name for child in waiting} == {"陈小满", "罗天佑"}


def test_people_choose_otherwise_within_the_rules_and_are_refused_beyond_them(cast, head):
    cast.case(0), cast.case(1), cast.case(2, helper=cast.attached)
    fresh = new_teacher(cast)
    going = leaving(cast.homeroom)
    found = rearrange.look(by=head, going=going)
    both = dict.fromkeys(as_proposed(found), cast.attached.pk)
    with pytest.raises(rearrange.NotAllowed, match="赵志远最多带 2 名，这样就有 3 名"):
        rearrange.confirm(chosen=both, by=head, going=going)
    with pytest.raises(rearrange.NotAllowed, match="不能由这位老师来帮"):
        rearrange.confirm(chosen=dict.fromkeys(both, cast.neighbour.pk), by=head, going=going)
    assert not Handover.objects.exists() and in_force(cast)["陈小满"] == "李秋月"
    rearrange.confirm(chosen=dict.fromkeys(both, fresh.pk), by=head, going=going)
    assert in_force(cast) == {"陈小满": "周远", "罗天佑": "周远", "杨朵朵": "赵志远"}


def test_confirming_what_somebody_changed_meanwhile_or_twice_is_refused(cast, head):
    cast.case(0), cast.case(1)
    going = leaving(cast.homeroom)
    chosen = as_proposed(rearrange.look(by=head, going=going))
    pair.end(pairing=Pairing.objects.first(), because="家里搬走", by=head)
    with pytest.raises(rearrange.ChangedMeanwhile):
        rearrange.confirm(chosen=chosen, by=head, going=going)
    chosen = as_proposed(rearrange.look(by=head, going=going))
    rearrange.confirm(chosen=chosen, by=head, going=going)
    with pytest.raises(rearrange.ChangedMeanwhile):
        rearrange.confirm(chosen=chosen, by=head, going=going)


def test_class_teachers_do_not_decide_and_a_supervisor_sees_the_own_grade(cast):
    cast.case(0)
    fourth = factories.school_class(cast.school, 4, 1)
    far = factories.staff(cast.school, "曹阳", "", ("homeroom_teacher", fourth))
    factories.case(factories.pupil(fourth, "方小竹"), helper=far)
    RoleGrant.objects.filter(role__in=("homeroom_teacher",)).update(valid_to=DAY)
    with pytest.raises(rearrange.NotDecider):
        rearrange.look(by=cast.viewer(cast.homeroom))
    (one,) = rearrange.look(by=cast.viewer(cast.supervisor))
    assert [line.child.name for line in one.lines] == ["陈小满"]
    (all_,) = rearrange.look(by=cast.viewer(cast.principal))
    assert {line.child.name for line in all_.lines} == {"陈小满", "方小竹"}


def test_a_pair_of_one_school_year_is_said_again_in_the_next_with_the_same_two(cast, head):
    factories.plan(cast.school, key="mentors", valid_from=date(2026, 3, 1))
    old = factories.case(cast.pupils[0], of=("mentors", "key"), opened_on=date(2026, 3, 10))
    new = factories.case(cast.pupils[1], of=("mentors", "key"), opened_on=EARLY)
    for case, since in ((old, date(2026, 3, 10)), (new, EARLY)):
        Pairing.objects.create(
            case=case, plan_key="mentors", kind="mentor", helper=cast.homeroom, state="confirmed", reason="同班",
            proposed_on=since, confirmed_by=cast.principal, valid_from=since, accepted_on=since,
        )  # fmt: skip
    (one,) = rearrange.look(by=head)
    (line,) = one.lines
    assert (line.child.name, line.next, one.fewest.changed) == ("陈小满", cast.homeroom.pk, 0)
    (row,) = rearrange.confirm(chosen=as_proposed([one]), by=head)
    assert row.changed == 0
    assert [p.valid_from for p in old.pairings.order_by("valid_from")] == [date(2026, 3, 10), DAY]
    assert rearrange.look(by=head) == ()


def test_the_pair_of_a_child_who_left_ends_without_anybody_new_and_is_no_change(cast, head):
    cast.case(0), cast.case(1)
    enrol.leave(pupil=Pupil.objects.get(pk=cast.pupils[0].pk), on=DAY, by=cast.viewer(cast.officer))
    (one,) = rearrange.look(by=head)
    assert one.fewest.changed == 0 and "1 对随学生离开而结束" in one.fewest.sentence
    (row,) = rearrange.confirm(chosen=as_proposed([one]), by=head)
    assert (row.changed, row.bound) == (0, 0)
    assert in_force(cast) == {"罗天佑": "李秋月"}


# Late access and the note.


def test_whoever_helped_before_sees_the_child_no_more_and_counts_it_without_a_name(cast, head):
    far = factories.staff(cast.school, "周远", "zhou", ("class_attached_teacher", cast.class_one))
    RoleGrant.objects.create(
        staff=far, role="class_attached_teacher", school_class=cast.class_two, valid_from=EARLY, valid_to=DAY
    )
    cast.case(0, helper=far)
    before = cast.viewer(far, DAY - timedelta(days=1))
    child = Pupil.objects.filter(pk=cast.pupils[0].pk)
    assert (Pupil.objects.cared_for_by(before) & child).exists()
    rearrange.confirm(chosen=as_proposed(rearrange.look(by=head)), by=head)
    after = cast.viewer(far)
    assert not (Pupil.objects.cared_for_by(after) & child).exists()
    assert not (Pupil.objects.visible_to(after) & child).exists()
    assert not Pairing.objects.visible_to(after).filter(case__pupil=cast.pupils[0]).exists()
    rows, hidden = pair_history.of_helper(after, far)
    assert (rows, hidden) == ([], 1)
    with pytest.raises(hand_over_note.NotYours):
        hand_over_note.write(pairing=Pairing.objects.get(helper=far), helps="x", avoid="", by=after)


def test_the_note_goes_to_whoever_takes_over_with_what_helps_what_to_avoid_and_next_dates(cast, head):
    case = cast.case(0)
    pairing, mine = case.pairings.get(), cast.viewer(cast.homeroom)
    hand_over_note.write(pairing=pairing, helps="先聊画画", avoid="", by=mine)
    hand_over_note.write(pairing=pairing, helps="先聊画画", avoid="别当众问作业", by=mine)
    hand_over_note.write(pairing=pairing, helps="先聊画画", avoid="别当众问作业", by=mine)
    assert PairNote.objects.count() == 2  # kept as they were written; the same twice is one
    with pytest.raises(hand_over_note.SaySomething):
        hand_over_note.write(pairing=pairing, helps=" ", avoid="", by=mine)
    with pytest.raises(hand_over_note.NotYours):
        hand_over_note.write(pairing=pairing, helps="x", avoid="", by=cast.viewer(cast.attached))
    going = leaving(cast.homeroom)
    (row,) = rearrange.confirm(chosen=as_proposed(rearrange.look(by=head, going=going)), by=head, going=going)
    (sheet,) = hand_over_note.of(cast.viewer(cast.attached), row)
    assert (sheet.child, sheet.former, sheet.next) == ("陈小满", "李秋月", "赵志远")
    assert (sheet.helps, sheet.avoid, sheet.written_by) == ("先聊画画", "别当众问作业", "李秋月")
    assert sheet.dates and all(last >= DAY for _, last, _ in sheet.dates)
    assert hand_over_note.of(cast.viewer(cast.neighbour), row) == []
    assert hand_over_note.received(cast.viewer(cast.attached)) == [(row.pk, DAY, 1)]
