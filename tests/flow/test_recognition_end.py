"""A recognition ends between two rounds, with a reason and a day, and what the school says of the level ends with it."""

from datetime import date

import pytest

from bangfu.flow import known, recognition, recognition_end
from bangfu.records.models import Event, FactStatement, Pupil, Recognition
from tests.flow.recognition_school import AFTER, Play, next_day

pytestmark = pytest.mark.django_db
LATER = date(2026, 11, 18)


@pytest.fixture
def held(cast) -> Recognition:
    play = (
        Play(cast).begin().apply(*cast.pupils[:2]).appraise(dict.fromkeys(cast.pupils[:2], "困难")).decide()
    )
    play.post()
    play.archive()
    return Recognition.objects.get(pupil=cast.pupils[0])


def end(cast, one, *, on=LATER, because="家里说情况好了", by="officer", day=LATER):
    return recognition_end.end(held=one, on=on, because=because, by=cast.viewer(getattr(cast, by), day))


def level(pupil, day):
    said = known.newest([pupil.pk], day).get(pupil.pk, {})
    return said["hardship_level"].value if "hardship_level" in said else None


def test_it_ends_on_the_day_and_the_level_is_unknown_then_and_never_not_poor(cast, held):
    end(cast, held, on=date(2026, 11, 10))
    assert level(cast.pupils[0], date(2026, 11, 9)) == "困难"
    assert level(cast.pupils[0], date(2026, 11, 10)) is None
    assert level(cast.pupils[1], LATER) == "困难", "the other child is not touched"
    assert [one.pupil for one in Recognition.objects.in_force(LATER)] == [cast.pupils[1]]
    assert FactStatement.objects.filter(pupil=cast.pupils[0]).count() == 1, "nothing is said anew"


def test_the_trail_says_who_and_which_day_and_no_level_and_no_reason(cast, held):
    end(cast, held)
    event = Event.objects.get(verb="recognition.end")
    assert event.by == cast.officer and event.changes == {"ended_on": [None, "2026-11-18"]}
    held.refresh_from_db()
    assert held.ended_because == "家里说情况好了"


def test_pressed_twice_it_ends_once_and_the_first_day_stays(cast, held):
    end(cast, held, on=date(2026, 11, 10))
    end(cast, held, because="又点了一次", by="principal")
    held.refresh_from_db()
    assert held.ended_on == date(2026, 11, 10) and Event.objects.filter(verb="recognition.end").count() == 1


@pytest.mark.parametrize("who", ["deputy_head", "homeroom", "attached", "neighbour"])
def test_only_the_aid_officer_and_the_principal_end_one(cast, held, who):
    with pytest.raises(recognition_end.NotYours):
        end(cast, held, by=who)
    with pytest.raises(recognition_end.NotYours):
        recognition_end.held(cast.viewer(getattr(cast, who), LATER))


def test_it_takes_a_reason_and_a_day_on_which_it_held(cast, held):
    with pytest.raises(recognition_end.SayWhy):
        end(cast, held, because="  ")
    for on in (date(2026, 10, 25), next_day(LATER)):
        with pytest.raises(recognition_end.WrongDay):
            end(cast, held, on=on)
    end(cast, held, on=AFTER)
    assert level(cast.pupils[0], LATER) is None, "on the first day: it never held"


def test_what_is_not_archived_yet_is_not_ended_here(cast):
    play = Play(cast).begin().apply(cast.pupils[0]).appraise({cast.pupils[0]: "困难"}).decide()
    with pytest.raises(recognition.NotThisStep):
        end(cast, play.round.recognitions.get())


def test_who_has_left_stands_first(cast, held):
    Pupil.objects.filter(pk=cast.pupils[1].pk).update(left_on=date(2026, 11, 2), left_because="transferred")
    rows = recognition_end.held(cast.viewer(cast.principal, LATER))
    assert [(one.name, one.left_on) for one in rows] == [
        (cast.pupils[1].name, date(2026, 11, 2)), (cast.pupils[0].name, None),
    ]  # fmt: skip


def test_the_next_round_can_recognise_the_child_anew(cast, held):
    end(cast, held, day=LATER)
    play = Play(cast).begin(LATER, date(2026, 11, 25)).apply(cast.pupils[0], day=LATER)
    play.appraise({cast.pupils[0]: "一般困难"}, date(2026, 11, 26)).decide(date(2026, 11, 26))
    play.post(date(2026, 11, 27))
    play.archive(date(2026, 12, 10))
    assert level(cast.pupils[0], date(2026, 12, 10)) == "一般困难"
