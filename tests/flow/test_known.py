"""What is known of children on a day: what ended is unknown, lists win, and one kind of monitored is monitored."""

from datetime import date, datetime, timedelta, timezone

import pytest

from bangfu.engine.rule import read
from bangfu.flow import adopt, known
from bangfu.records.models import FactStatement, Pupil
from tests.cast import DAY

CHINA = timezone(timedelta(hours=8))


def say(cast, on: str, source="told", at=0, to=None, **values):
    day = date.fromisoformat(on)
    FactStatement.objects.create(
        pupil=cast.pupils[at], source=source, stated_on=day, values=values, valid_to=to,
        known_at=datetime(day.year, day.month, day.day, 12, tzinfo=CHINA),
    )  # fmt: skip


def values(cast, day=DAY, at=0):
    pk = cast.pupils[at].pk
    return {key: stated.value for key, stated in known.newest([pk], day).get(pk, {}).items()}


def status(cast, fact, day=DAY):
    pk = cast.pupils[0].pk
    return known.last([pk], day)[pk][fact]


def test_what_its_source_ends_is_unknown_from_that_day_on(cast):
    say(cast, "2026-09-10", to=date(2026, 10, 15), single_parent=True)
    assert values(cast, date(2026, 10, 14)) == {"single_parent": True}
    assert values(cast, date(2026, 10, 15)) == {}
    assert status(cast, "single_parent").is_over and status(cast, "single_parent").stated.ended_by == "said"


def test_a_statement_never_ends_before_it_began(cast):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        say(cast, "2026-09-10", to=date(2026, 9, 9), single_parent=True)


def test_a_list_wins_over_the_school_and_the_school_is_heard(cast):
    say(cast, "2026-09-01", "list:dibao", dibao=True)
    say(cast, "2026-09-20", "survey", dibao=False)
    assert values(cast) == {"dibao": True}
    assert status(cast, "dibao").against.value is False
    say(cast, "2026-09-21", "list:teacher", dibao=False)
    assert values(cast) == {"dibao": True}, "a teacher's list certifies nothing"
    say(cast, "2026-10-01", "list:dibao", dibao=False)
    assert values(cast) == {"dibao": False} and status(cast, "dibao").against is None


def test_an_orphan_is_asked_about_again_at_eighteen_and_what_is_left_behind_at_sixteen(cast):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(birth_on=date(2010, 10, 15))
    say(cast, "2026-09-01", orphan=True, left_behind=True)
    assert values(cast, date(2026, 10, 14)) == {"orphan": True, "left_behind": True}
    assert values(cast, date(2026, 10, 15)) == {"orphan": True}
    assert status(cast, "left_behind").stated.ended_by == "age"


def test_what_teachers_saw_last_term_is_unknown_this_term(cast):
    say(cast, "2026-05-01", keeping_up="很吃力", borderline=True, dibao=True)
    assert values(cast, date(2026, 8, 31)) == {"keeping_up": "很吃力", "borderline": True, "dibao": True}
    assert values(cast, date(2026, 9, 1)) == {"dibao": True}


def test_who_is_of_one_kind_of_monitored_households_is_monitored_as_long_as_that_holds(cast):
    say(cast, "2025-03-01", "list:exited_poor", monitored_marginal=True)
    assert values(cast, date(2025, 12, 31)) == {"monitored_marginal": True, "monitored": True}
    assert values(cast, date(2026, 1, 1)) == {}
    say(cast, "2026-03-01", "list:exited_poor", relapse_risk=True)
    assert values(cast) == {"relapse_risk": True, "monitored": True}
    say(cast, "2026-04-01", "list:exited_poor", relapse_risk=False)
    assert values(cast) == {"relapse_risk": False}


def test_whoever_is_not_on_a_list_is_unknown_and_never_not_poor(cast):
    say(cast, "2026-09-01", "list:dibao", dibao=True)
    assert values(cast, at=1) == {}


def test_every_reader_of_facts_agrees_row_by_row_for_the_whole_school(cast):
    say(cast, "2026-05-01", keeping_up="很吃力")
    say(cast, "2026-09-01", "list:dibao", dibao=True)
    say(cast, "2026-09-20", dibao=False)
    say(cast, "2026-09-10", at=1, to=date(2026, 10, 1), single_parent=True)
    wanted = frozenset({"keeping_up", "dibao", "single_parent", "monitored"})
    bare = known.bare(cast.school, DAY, wanted)
    for at in (0, 1):
        assert bare[cast.pupils[at].pk] == values(cast, at=at)
    rule, _ = read("dibao or single_parent", adopt.shelf().commons.facts)
    assert rule.judge(bare[cast.pupils[0].pk]).answer is True
    assert rule.judge(bare[cast.pupils[1].pk]).answer is None


def test_one_query_for_any_number_of_children(cast, django_assert_num_queries):
    for at in range(4):
        say(cast, "2026-09-01", at=at, keeping_up="很吃力", orphan=True)
    known.newest([cast.pupils[0].pk], DAY)  # the calendar is read once
    with django_assert_num_queries(1):
        assert len(known.newest([p.pk for p in cast.pupils], DAY)) == 4
    with django_assert_num_queries(1):
        known.last([p.pk for p in cast.pupils], DAY)
