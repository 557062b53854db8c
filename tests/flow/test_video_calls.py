"""亲子视频: put on a day, held or not reached; the room is given once; a week with a word from home is one tap (P0-19)."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from bangfu.engine.standing import State
from bangfu.flow import clock, contacts, follow, record, video_calls
from bangfu.flow.video_calls import Way, Wish
from bangfu.records.models import CallSetting, Evidence, FactStatement, ParentContact, VideoCall
from tests import factories
from tests.cast import DAY

ROOM = "留守儿童之家"
NOON, LATER = time(12, 30), time(12, 50)


@pytest.fixture
def here(cast):
    """The whole-school plan in force, two children whose parents are away, the school's room open at noon."""
    factories.plan(cast.school, key="whole_school", valid_from=date(2026, 9, 1))
    for at in (0, 1):
        FactStatement.objects.create(
            pupil=cast.pupils[at], source="roll", stated_on=date(2026, 9, 1), known_at=clock.now(),
            values={"left_behind_roll": 2},
        )  # fmt: skip
        factories.case(cast.pupils[at], of=("whole_school", "left_behind"), by=cast.homeroom)
    follow.follow(school=cast.school, day=DAY)
    way = Way("room_server", "https://meet.shikan.example", ROOM, (NOON, LATER), 20)
    video_calls.configure(way=way, by=cast.viewer(cast.principal))
    return cast


def li(here, day=DAY):
    return here.viewer(here.homeroom, day)


def arranged(here, at=0, on=DAY, when=NOON, **more):
    wish = Wish(on, when, more.pop("place", ROOM), **more)
    return video_calls.arrange(pupil=here.pupils[at], wish=wish, by=li(here))


# ── the school's way ──────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "way",
    [
        Way("own_link", "http://meeting.example/1"),
        Way("own_link", "https://li:secret@meeting.example/1"),
        Way("own_link", ""),
        Way("room_server", "javascript:alert(1)"),
        Way("room_server", "https://meeting.example/r?name=1"),
        Way("phone", "", ROOM, (NOON, time(12, 40)), 20),
        Way("phone", "", "", (NOON,), 20),
        Way("pigeon"),
    ],
)
def test_an_address_that_is_not_plain_https_and_hours_that_overlap_are_refused(cast, way):
    with pytest.raises(video_calls.NotSet):
        video_calls.configure(way=way, by=cast.viewer(cast.principal))
    assert not CallSetting.objects.exists()


def test_the_principal_sets_the_way_and_a_teacher_does_not(cast):
    with pytest.raises(video_calls.NotKeeper):
        video_calls.configure(way=Way(), by=cast.viewer(cast.homeroom))


# ── who is owed a call ────────────────────────────────────────────────────────────────────────────────────────────
def test_the_class_teacher_sees_the_children_of_the_duty_with_their_proxy_parent_and_nobody_else_does(here):
    lines = contacts.lines(li(here))
    assert [(line.name, line.state, line.proxies) for line in lines] == [
        ("陈小满", State.open, ("李秋月",)),
        ("罗天佑", State.open, ("李秋月",)),
    ]
    assert contacts.lines(here.viewer(here.neighbour)) == []
    assert contacts.lines(here.viewer(here.officer)) == []


# ── put on a day ──────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_room_cannot_be_guessed_and_names_nobody(here):
    links = {arranged(here).link.reveal(), arranged(here, 1, when=LATER).link.reveal()}
    assert len(links) == 2
    for link in links:
        room = link.removeprefix("https://meet.shikan.example/")
        assert len(room) == 32 and set(room) <= set("0123456789abcdef")
    assert "meet.shikan" not in str(VideoCall.objects.values_list("link", flat=True)[0])  # sealed at rest


def test_the_room_is_not_given_twice_by_the_verb_or_by_the_database(here):
    arranged(here)
    with pytest.raises(video_calls.Taken, match=f"那天还空着：{LATER:%H:%M}。"):
        arranged(here, 1)
    assert video_calls.free_slots(li(here), DAY) == [LATER]
    row = VideoCall.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        VideoCall.objects.create(
            school=here.school, pupil=here.pupils[1], place=ROOM, on=DAY, at=NOON, by=here.homeroom,
            arranged_at=row.arranged_at,
        )  # fmt: skip


def test_two_calls_at_home_may_be_at_one_time(here):
    arranged(here, 0, place="")
    arranged(here, 1, place="")
    assert VideoCall.objects.filter(state="arranged").count() == 2


def test_a_second_arrangement_moves_the_call_and_frees_the_hour(here):
    arranged(here)
    moved = arranged(here, when=LATER)
    assert [one.pk for one in video_calls.timetable(li(here), DAY, DAY)] == [moved.pk]
    assert video_calls.free_slots(li(here), DAY) == [NOON]


@pytest.mark.parametrize(
    ("on", "at", "place"),
    [
        (DAY - timedelta(days=1), NOON, ""),
        (DAY + timedelta(days=90), NOON, ""),
        (DAY, time(9, 0), ROOM),
        (DAY, NOON, "校长室"),
        (date(2026, 10, 17), NOON, ROOM),  # a Saturday
    ],
)
def test_a_day_or_an_hour_that_cannot_be_is_said(here, on, at, place):
    with pytest.raises(video_calls.WrongTime):
        video_calls.arrange(pupil=here.pupils[0], wish=Wish(on, at, place), by=li(here))


def test_who_does_not_look_after_the_child_arranges_nothing(here):
    for staff in (here.neighbour, here.officer):
        with pytest.raises(video_calls.NotYours):
            video_calls.arrange(pupil=here.pupils[0], wish=Wish(DAY, NOON), by=here.viewer(staff))


# ── what came of it ───────────────────────────────────────────────────────────────────────────────────────────────
def state_of(here, at=0):
    return {line.pupil_id: line for line in contacts.lines(li(here))}[here.pupils[at].pk].state


@pytest.mark.parametrize("outcome", ["held", "unreached"])
def test_a_call_that_was_held_or_not_reached_is_a_record_and_closes_the_month(here, outcome):
    call = video_calls.tell(call=arranged(here), outcome=outcome, by=li(here))
    assert call.evidence.activities == ["video_call"]
    assert call.evidence.answers == {"result": video_calls.SAID[outcome]}
    assert state_of(here) is State.done and state_of(here, 1) is State.open
    with pytest.raises(video_calls.AlreadyTold):
        video_calls.tell(call=call, outcome=outcome, by=li(here))
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("outcome", ["calls_often", "parents_home", "not_now", "held"])
def test_asked_and_not_needed_this_month_closes_it_too(here, outcome):
    video_calls.tell_without(pupil=here.pupils[0], outcome=outcome, by=li(here))
    assert state_of(here) is State.done


def test_a_call_nobody_had_arranged_sent_twice_is_one_record(here):
    one = uuid4()
    for _ in range(2):
        video_calls.tell_without(pupil=here.pupils[0], outcome="held", by=li(here), id=one)
    assert [row.pk for row in Evidence.objects.all()] == [one]


def test_what_was_told_by_mistake_is_taken_back_and_the_call_is_ahead_again(here):
    call = video_calls.tell(call=arranged(here), outcome="unreached", by=li(here))
    video_calls.take_back(call=call, by=li(here))
    assert VideoCall.objects.get().state == "arranged" and state_of(here) is State.open
    video_calls.tell(call=call, outcome="held", by=li(here))
    assert state_of(here) is State.done


def test_a_record_of_a_call_that_was_corrected_counts_no_more_when_the_call_is_undone(here):
    call = video_calls.tell(call=arranged(here), outcome="held", by=li(here))
    entry = record.Entry(("video_call",), DAY, answers=call.evidence.answers, note="通了十分钟")
    again = record.Entry(("video_call",), DAY, answers=call.evidence.answers, note="通了二十分钟")
    first = record.amend(evidence=call.evidence, entry=entry, by=li(here))
    record.amend(evidence=first, entry=again, by=li(here))
    video_calls.take_back(call=call, by=li(here))
    assert VideoCall.objects.get().state == "arranged" and state_of(here) is State.open
    assert not Evidence.objects.current().exists()


@pytest.mark.parametrize("text", ["https://meeting.tencent.com／dm／abc", "https://[", "https://[::1"])
def test_an_address_that_is_none_is_refused_with_a_sentence(here, text):
    with pytest.raises(video_calls.NotSet):
        video_calls.configure(way=Way("own_link", text), by=here.viewer(here.principal))
    with pytest.raises(video_calls.NotSet):
        arranged(here, link=text)


def test_what_the_form_offers_and_what_a_tap_writes_are_the_same_words():
    from bangfu.flow import adopt

    (group,) = adopt.shelf().commons.forms["video_call"].groups
    assert set(group.options) == set(video_calls.SAID.values())


# ── a word from home ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_week_is_noted_once_however_often_it_is_tapped_and_taken_back(here):
    first = contacts.note(pupil=here.pupils[0], on=DAY, by=li(here))
    assert contacts.note(pupil=here.pupils[0], on=DAY - timedelta(days=2), by=li(here)) == first
    assert contacts.weeks_of(here.pupils[0].pk, DAY) == [date(2026, 10, 12)]
    contacts.take_back(contact=first, by=li(here))
    assert contacts.weeks_of(here.pupils[0].pk, DAY) == []
    contacts.note(pupil=here.pupils[0], on=DAY, by=li(here))
    assert ParentContact.objects.count() == 2


def test_a_word_from_home_is_nobodys_duty_and_writes_no_record(here):
    contacts.note(pupil=here.pupils[0], on=DAY, by=li(here))
    assert not Evidence.objects.exists() and state_of(here) is State.open
    with pytest.raises(contacts.NotYours):
        contacts.note(pupil=here.pupils[0], on=DAY, by=here.viewer(here.neighbour))
    with pytest.raises(contacts.WrongWeek):
        contacts.note(pupil=here.pupils[0], on=DAY + timedelta(days=1), by=li(here))


def test_what_a_phone_sends_twice_is_noted_once(here):
    body, key = {"pupil": [str(here.pupils[0].pk)], "on": ["2026-10-13"]}, record.uuid4()
    one, _closes = contacts.write(id=key, body=body, by=li(here))
    two, _closes = contacts.write(id=key, body=body, by=li(here))
    assert one.pk == two.pk == key and ParentContact.objects.count() == 1
