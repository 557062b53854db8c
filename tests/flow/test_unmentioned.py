"""Nobody has mentioned this child: true contact of any kind takes it off the list, nothing else does."""

from datetime import date, datetime, timedelta, timezone

import pytest

from bangfu.flow import adopt, attendance, clock, dropout, identify, unmentioned
from bangfu.records.models import Evidence, EvidencePupil, FactStatement
from tests import factories
from tests.cast import DAY

CHINA = timezone(timedelta(hours=8))


def heard(cast, at=0, on=DAY, withdrawn=False):
    row = Evidence.objects.create(
        school=cast.school, author=cast.homeroom, happened_on=on, written_at=clock.now(), activities=["talk"],
        is_withdrawn=withdrawn,
    )  # fmt: skip
    EvidencePupil.objects.create(evidence=row, pupil=cast.pupils[at], happened_on=on)


def names(cast, who=None, weeks=4, day=DAY):
    return [row.name for row in unmentioned.of(cast.viewer(who or cast.homeroom, day), weeks)]


def test_everybody_of_the_class_until_somebody_is_heard(cast):
    assert set(names(cast)) == {pupil.name for pupil in cast.pupils}
    heard(cast)
    assert cast.pupils[0].name not in names(cast)


def test_a_record_taken_back_is_no_contact(cast):
    heard(cast, withdrawn=True)
    assert cast.pupils[0].name in names(cast)


def test_a_vacation_is_nobodys_silence(cast):
    assert unmentioned.since(cast.viewer(cast.homeroom, date(2026, 9, 2)), 1) == date(2026, 6, 30)
    heard(cast, on=date(2026, 7, 2))
    assert cast.pupils[0].name not in names(cast, weeks=1, day=date(2026, 9, 2))
    assert cast.pupils[0].name in names(cast, weeks=1, day=date(2026, 9, 14))


def test_the_longest_unmentioned_stand_first(cast):
    heard(cast, 0, date(2026, 5, 1))
    heard(cast, 1, date(2026, 4, 1))
    found = names(cast)
    assert found[-1] == cast.pupils[0].name and found[-2] == cast.pupils[1].name


def test_children_to_be_looked_at_first_come_first_and_nothing_says_why(cast):
    FactStatement.objects.create(
        pupil=cast.pupils[3], source="list:disabled", stated_on=date(2026, 9, 1), known_at=clock.now(),
        values={"disabled": True},
    )  # fmt: skip
    heard(cast, 3, date(2026, 6, 1))
    rows = unmentioned.of(cast.viewer(cast.homeroom), 4)
    assert rows[0].name == cast.pupils[3].name
    assert not {"disabled", "残疾"} & set(map(str, rows[0].__slots__))


def test_an_answer_in_a_survey_and_a_word_somebody_says_are_contacts(cast):
    survey = identify.open_survey(
        school_class=cast.class_two, plan=adopt.plans_in_force(cast.school, DAY)[0], term_key="2026-2027-1"
    )
    at = datetime(2026, 10, 10, 12, tzinfo=CHINA)
    survey.answers.create(pupil=cast.pupils[0], answers={"keeping_up": "跟得上"}, by=cast.homeroom, at=at)
    survey.answers.create(pupil=cast.pupils[1], answers={}, by=cast.homeroom, at=at)
    FactStatement.objects.create(
        pupil=cast.pupils[2],
        source="told",
        stated_on=DAY,
        known_at=clock.now(),
        by=cast.homeroom,
        values={"traits": "爱唱歌"},
    )
    FactStatement.objects.create(
        pupil=cast.pupils[3],
        source="list:dibao",
        stated_on=DAY,
        known_at=clock.now(),
        by=cast.officer,
        values={"dibao": True},
    )
    found = names(cast)
    assert not {cast.pupils[0].name, cast.pupils[2].name} & set(found)
    assert {cast.pupils[1].name, cast.pupils[3].name} <= set(found), "a list from outside is no contact"


def test_a_call_noted_with_the_roll_call_is_a_contact_and_the_mark_alone_is_not(cast):
    away = [
        attendance.Away(cast.pupils[0].pk, "ill", called_whom="奶奶", said="发烧，明天来"),
        attendance.Away(cast.pupils[1].pk, "ill"),
        attendance.Away(cast.pupils[2].pk, "unreached", called_whom="爸爸"),
    ]
    row = attendance.call(school_class=cast.class_two, day=DAY, away=away, by=cast.viewer(cast.homeroom))
    found = names(cast)
    assert cast.pupils[0].name not in found
    assert {cast.pupils[1].name, cast.pupils[2].name} <= set(found), "nobody was spoken with"
    attendance.take_back(roll_call=row, by=cast.viewer(cast.homeroom))
    assert cast.pupils[0].name in names(cast), "taken back with the roll call it stood in"


def test_a_talk_of_a_dropout_file_is_a_contact_where_somebody_was_met(cast):
    for at, attitude in enumerate(("agrees", "not_met")):
        opening, by = dropout.Opening(date(2026, 10, 12)), cast.viewer(cast.homeroom)
        file = dropout.open_file(about=cast.pupils[at], opening=opening, by=by)
        dropout.talk(file=file, talk=dropout.Talk(DAY, "visit", attitude), by=by)
    found = names(cast)
    assert cast.pupils[0].name not in found and cast.pupils[1].name in found


def test_who_came_only_lately_has_not_been_overlooked(cast):
    new = factories.pupil(cast.class_two, "新来的", joined_on=date(2026, 10, 8))
    assert new.name not in names(cast)


@pytest.mark.parametrize(
    ("who", "count"),
    [("principal", 9), ("supervisor", 9), ("homeroom", 6), ("neighbour", 3), ("attached", 0), ("officer", 0)],
)
def test_who_reads_which_part_of_the_list(cast, who, count):
    assert len(names(cast, getattr(cast, who))) == count
    assert unmentioned.may_see(cast.viewer(getattr(cast, who))) is bool(count)


def test_two_queries_however_many_children(cast, django_assert_num_queries):
    viewer = cast.viewer(cast.principal)
    unmentioned.of(viewer, 4)
    with django_assert_num_queries(2):
        assert len(unmentioned.of(viewer, 4)) == 9
