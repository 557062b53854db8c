"""Somebody to stand in: those who may, whom the children know first; never one to avoid, never one away."""

from datetime import date, timedelta

import pytest

from bangfu.flow import deputies, excuse, hand_over_note, pair
from bangfu.records.models import Avoidance, Leave, Pupil
from tests.cast import DAY

LAST = DAY + timedelta(days=6)


@pytest.fixture
def away(cast):
    """The class teacher with two pupils is away for a week and named nobody."""
    cast.case(0), cast.case(1)
    return excuse.take_leave(staff=cast.homeroom, starts_on=DAY, ends_on=LAST, by=cast.viewer(cast.homeroom))


def test_the_same_leave_again_with_a_deputy_names_the_deputy(cast, away):
    days = {"staff": cast.homeroom, "starts_on": DAY, "ends_on": LAST, "by": cast.viewer(cast.homeroom)}
    row = excuse.take_leave(**days, deputy=cast.attached)
    assert row == away == Leave.objects.get() and Leave.objects.get().deputy == cast.attached
    assert excuse.take_leave(**days).deputy == cast.attached  # once more without: who stands in stays
    assert deputies.uncovered(cast.viewer(cast.homeroom)) == ()


def names(cast):
    found = deputies.candidates(staff=cast.homeroom, first=DAY, last=LAST)
    return [(one.name, one.knows) for one in found]


def test_whoever_teaches_the_children_comes_first_with_the_reason(cast, away):
    cast.case(2, helper=cast.supervisor)
    found = deputies.candidates(staff=cast.homeroom, first=DAY, last=LAST)
    assert [(one.name, one.knows) for one in found] == [("赵志远", 2), ("张国栋", 0)]
    assert found[0].reason == "教其中 2 名、目前带 0 名"


def test_a_leave_without_a_deputy_is_listed_for_the_keeper_and_for_oneself_only(cast, away):
    (one,) = deputies.uncovered(cast.viewer(cast.principal))
    assert (one.name, one.children, one.candidates[0].name) == ("李秋月", 2, "赵志远")
    assert deputies.uncovered(cast.viewer(cast.homeroom)) == (one,)
    assert deputies.uncovered(cast.viewer(cast.attached)) == ()


def test_a_deputy_sees_the_children_in_those_days_and_not_after(cast, away):
    deputies.name_deputy(leave=away, deputy=cast.neighbour, by=cast.viewer(cast.principal))
    child = Pupil.objects.filter(pk=cast.pupils[0].pk)
    seen = Pupil.objects.cared_for_by(cast.viewer(cast.neighbour)) & child
    assert seen.exists()
    words = {(one.child, one.former, one.is_own) for one in hand_over_note.mine(cast.viewer(cast.neighbour))}
    assert words == {("陈小满", "李秋月", False), ("罗天佑", "李秋月", False)}
    after = cast.viewer(cast.neighbour, LAST + timedelta(days=1))
    assert not (Pupil.objects.cared_for_by(after) & child).exists()
    assert deputies.uncovered(cast.viewer(cast.principal)) == ()


def test_somebody_a_child_avoids_does_not_stand_in_by_any_door(cast, away):
    Avoidance.objects.create(
        pupil=cast.pupils[1],
        staff=cast.attached,
        why="own_child",
        valid_from=date(2026, 9, 1),
        by=cast.principal,
    )
    assert names(cast) == []
    with pytest.raises(deputies.NotThisDeputy, match="要回避赵志远"):
        deputies.name_deputy(leave=away, deputy=cast.attached, by=cast.viewer(cast.principal))
    with pytest.raises(deputies.NotThisDeputy, match="要回避"):
        excuse.take_leave(
            staff=cast.homeroom,
            starts_on=LAST,
            ends_on=LAST,
            by=cast.viewer(cast.homeroom),
            deputy=cast.attached,
        )


def test_whoever_is_to_be_avoided_stands_in_no_more_from_that_day_on(cast, away):
    head = cast.viewer(cast.principal)
    deputies.name_deputy(leave=away, deputy=cast.neighbour, by=head)
    pair.avoid(
        pupil=cast.pupils[1], staff=cast.neighbour, why="conflict", by=head.on(DAY + timedelta(days=2))
    )
    child = Pupil.objects.filter(pk=cast.pupils[1].pk)
    for day, sees in ((DAY + timedelta(days=1), True), (DAY + timedelta(days=2), False), (LAST, False)):
        assert (Pupil.objects.cared_for_by(cast.viewer(cast.neighbour, day)) & child).exists() is sees, day
    (left,) = deputies.uncovered(head.on(DAY + timedelta(days=2)))
    assert (left.starts_on, left.ends_on) == (DAY + timedelta(days=2), LAST)


def test_whoever_was_to_stand_in_later_is_asked_for_anew(cast):
    head = cast.viewer(cast.principal)
    cast.case(0)
    leave = excuse.take_leave(
        staff=cast.homeroom, starts_on=LAST, ends_on=LAST, by=cast.viewer(cast.homeroom), deputy=cast.attached
    )
    pair.avoid(pupil=cast.pupils[0], staff=cast.attached, why="conflict", by=head)
    leave.refresh_from_db()
    assert (leave.starts_on, leave.ends_on, leave.deputy) == (LAST, LAST, None)


def test_somebody_away_in_those_days_does_not_stand_in(cast, away):
    Leave.objects.create(staff=cast.attached, starts_on=LAST, ends_on=LAST, by=cast.principal)
    assert names(cast) == []
    with pytest.raises(deputies.NotThisDeputy, match="自己也请假"):
        deputies.name_deputy(leave=away, deputy=cast.attached, by=cast.viewer(cast.principal))


def test_nobody_arranges_the_leave_of_others_without_being_entitled(cast, away):
    with pytest.raises(deputies.NotYours):
        deputies.name_deputy(leave=away, deputy=cast.neighbour, by=cast.viewer(cast.attached))
