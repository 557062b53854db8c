"""What ends by itself comes in time, to those who see to it, and is said again by one of them."""

from datetime import date, datetime, timedelta, timezone

import pytest

from bangfu.flow import ending, known
from bangfu.records.models import Event, FactStatement, Pupil
from tests.cast import DAY

CHINA = timezone(timedelta(hours=8))


def say(cast, on: str, source="told", at=0, to=None, **values):
    day = date.fromisoformat(on)
    return FactStatement.objects.create(
        pupil=cast.pupils[at], source=source, stated_on=day, values=values, valid_to=to,
        known_at=datetime(day.year, day.month, day.day, 12, tzinfo=CHINA),
    )  # fmt: skip


def seen(cast, who, day=DAY):
    return [(one.name, one.fact.key, one.is_over, one.because) for one in ending.of(cast.viewer(who, day))]


def test_within_thirty_days_and_not_before_and_then_until_it_is_said_again(cast):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(birth_on=date(2010, 11, 20))
    say(cast, "2026-09-01", left_behind=True)
    name = cast.pupils[0].name
    assert seen(cast, cast.homeroom, date(2026, 10, 20)) == []
    assert seen(cast, cast.homeroom, date(2026, 10, 21)) == [(name, "left_behind", False, "age")]
    assert seen(cast, cast.homeroom, date(2027, 1, 5)) == [(name, "left_behind", True, "age")]


def test_what_teachers_observe_each_term_is_not_listed_but_a_label_of_the_term_is(cast):
    say(cast, "2026-05-01", keeping_up="很吃力", homework_done=True, borderline=True, mood="平稳")
    assert [row[1] for row in seen(cast, cast.homeroom)] == ["borderline"]


def test_a_no_and_a_blank_end_in_silence(cast):
    say(cast, "2026-05-01", borderline=False)
    say(cast, "2026-09-01", to=date(2026, 10, 1), single_parent=None, hardship_level="没有困难")
    assert seen(cast, cast.homeroom) == []


@pytest.mark.parametrize(
    ("who", "sees"),
    [("homeroom", True), ("principal", True), ("officer", True), ("neighbour", False), ("attached", False),
     ("supervisor", False), ("outsider", False)],
)  # fmt: skip
def test_leaders_the_aid_officer_and_the_class_teacher_see_it(cast, who, sees):
    say(cast, "2026-05-01", borderline=True)
    viewer = cast.viewer(getattr(cast, who))
    assert bool(ending.of(viewer)) is sees
    assert ending.may_see(viewer) or not sees


def test_one_tap_says_it_holds_from_today_until_the_next_term(cast):
    say(cast, "2026-05-01", borderline=True)
    viewer = cast.viewer(cast.homeroom)
    assert ending.of(viewer)[0].may_renew
    row = ending.renew(pupil=cast.pupils[0], fact="borderline", holds=True, by=viewer)
    assert (row.values, row.stated_on, row.by) == ({"borderline": True}, DAY, cast.homeroom)
    assert known.newest([cast.pupils[0].pk], DAY)[cast.pupils[0].pk]["borderline"].valid_to == date(
        2027, 3, 1
    )
    assert seen(cast, cast.homeroom) == [] and Event.objects.get(verb="ending.renew")
    with pytest.raises(ending.NothingEnded):
        ending.renew(pupil=cast.pupils[0], fact="borderline", holds=True, by=viewer)


def test_no_longer_is_a_no_that_somebody_said(cast):
    say(cast, "2026-05-01", borderline=True)
    ending.renew(pupil=cast.pupils[0], fact="borderline", holds=False, by=cast.viewer(cast.principal))
    assert known.newest([cast.pupils[0].pk], DAY)[cast.pupils[0].pk]["borderline"].value is False


def test_age_a_list_and_the_procedure_of_the_year_are_not_renewed_by_a_tap(cast):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(birth_on=date(2008, 1, 1))
    say(cast, "2024-09-01", orphan=True)
    say(cast, "2025-09-01", "list:exited_poor", monitored_sudden=True)
    say(cast, "2026-05-01", hardship_level="困难")
    viewer = cast.viewer(cast.homeroom)
    assert {one.fact.key: one.may_renew for one in ending.of(viewer)} == {
        "orphan": False, "monitored_sudden": False, "monitored": False, "hardship_level": False,
    }  # fmt: skip
    for fact in ("orphan", "monitored_sudden", "hardship_level"):
        with pytest.raises(ending.NotByClick):
            ending.renew(pupil=cast.pupils[0], fact=fact, holds=True, by=viewer)


def test_nobody_else_renews(cast):
    say(cast, "2026-05-01", borderline=True)
    for who in ("neighbour", "attached", "outsider"):
        with pytest.raises((ending.NotYours, ending.NothingEnded)):
            ending.renew(
                pupil=cast.pupils[0], fact="borderline", holds=True, by=cast.viewer(getattr(cast, who))
            )
    assert FactStatement.objects.count() == 1


def test_the_list_costs_two_queries_however_many_children(cast, django_assert_num_queries):
    for at in range(5):
        say(cast, "2026-05-01", at=at, borderline=True)
    viewer = cast.viewer(cast.principal)
    ending.of(viewer)
    with django_assert_num_queries(2):
        assert len(ending.of(viewer)) == 5
    teacher = cast.viewer(cast.homeroom)
    with django_assert_num_queries(1):
        assert ending.count(teacher) == 5
    assert ending.count(viewer) == 0, "leaders look it up; today is about what falls to oneself"
