"""The notice hangs its five workdays over a holiday, shows four fields, is gone by itself; objections are answered."""

import json
from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bangfu.flow import notice, recognition
from bangfu.flow.recognition_group import Verdict
from bangfu.records.models import Notice, Objection, Recognition, RecognitionRound
from tests.flow.recognition_school import AFTER, LAST, POSTED, SAT, Play, next_day, on_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast) -> Play:
    on_list(cast.pupils[0])
    return Play(cast).begin().apply(cast.pupils[1]).appraise({cast.pupils[1]: "一般困难"}).decide()


def test_a_notice_holds_name_grade_class_and_level_and_nothing_else(play, cast):
    posted = play.post()
    stored = json.loads(posted.lines.reveal())
    assert stored == [
        {"name": "罗天佑", "grade": "三年级", "school_class": "三（2）班", "level": "一般困难"},
        {"name": "陈小满", "grade": "三年级", "school_class": "三（2）班", "level": "特别困难"},
    ]
    assert str(Notice.objects.values_list("lines", flat=True).get()).startswith("v1$")


def test_it_stands_five_workdays_from_the_day_after_and_is_gone_by_itself(play):
    posted = play.post()
    assert (posted.posted_on, posted.until) == (POSTED, LAST)
    assert len(notice.shown(posted, LAST)) == 2
    assert notice.shown(posted, next_day(LAST)) == ()


def test_national_day_lengthens_it(cast):
    on_list(cast.pupils[0], on=date(2026, 9, 1))
    play = Play(cast).begin(date(2026, 9, 14), date(2026, 9, 21))
    play.appraise({}, day=date(2026, 9, 28)).decide(date(2026, 9, 28))
    assert play.post(date(2026, 9, 29)).until == date(2026, 10, 12)


def test_a_name_with_a_number_in_it_is_not_posted(play, cast):
    cast.pupils[1].name = "罗天佑52232120170101"
    cast.pupils[1].save()
    with pytest.raises(notice.NotOnTheWall):
        play.post()
    assert not Notice.objects.exists()


def test_whoever_may_be_asked_stands_on_it(play):
    with pytest.raises(recognition.NotReady, match="有异议找谁"):
        notice.post(round=play.round, contact=" ", by=play.by("officer", POSTED))


def test_it_is_not_archived_before_its_last_day_is_over(play):
    with pytest.raises(notice.StillPosted, match="五个工作日"):
        play.archive(SAT)
    play.post()
    with pytest.raises(notice.StillPosted, match="10月23日"):
        play.archive(LAST)
    assert play.archive(AFTER).state == "archived"


def test_the_principal_takes_it_down_at_once_and_it_must_hang_again(play):
    posted = play.post()
    for who in ("officer", "homeroom", "outsider"):
        with pytest.raises(notice.OnlyPrincipal):
            notice.take_down(notice=posted, because="名字写错", by=play.by(who, POSTED))
    principal = play.by("principal", POSTED)
    with pytest.raises(notice.SayWhy):
        notice.take_down(notice=posted, because="", by=principal)
    taken = notice.take_down(notice=posted, because="名字写错", by=principal)
    assert notice.shown(taken, POSTED) == ()
    with pytest.raises(notice.StillPosted):
        play.archive(AFTER)
    again = play.post(date(2026, 10, 19))
    assert again.pk != posted.pk and again.until == date(2026, 10, 26)


def test_an_open_objection_keeps_the_round_from_the_archive(play):
    posted = play.post()
    member = play.by("homeroom", POSTED)
    first = notice.object_to(notice=posted, text="他家刚盖了房", by=member)
    assert notice.object_to(notice=posted, text="他家刚盖了房", by=member).pk == first.pk
    assert first.from_whom is None
    with pytest.raises(notice.StillAsked):
        play.archive()
    officer = play.by("officer", AFTER)
    with pytest.raises(recognition.NotReady):
        notice.answer(objection=first, text="", outcome="stands", by=officer)
    notice.answer(objection=first, text="房子是集体安置的，已经核过", outcome="stands", by=officer)
    with pytest.raises(notice.AlreadyAnswered):
        notice.answer(objection=first, text="再答一次", outcome="stands", by=officer)
    assert play.archive().state == "archived"


def test_a_good_objection_brings_the_round_back_to_the_group(play, cast):
    posted = play.post()
    said = notice.object_to(
        notice=posted, text="档次低了", from_whom="罗家奶奶", by=play.by("officer", POSTED)
    )
    notice.answer(objection=said, text="重新评议", outcome="again", by=play.by("officer", POSTED))
    posted.refresh_from_db()
    play.round.refresh_from_db()
    assert notice.shown(posted, POSTED) == ()
    assert play.round.state == "appraising"
    assert not Recognition.objects.coming().exists()
    play.appraise({cast.pupils[1]: "困难"}, day=date(2026, 10, 19)).decide(date(2026, 10, 19))
    again = play.post(date(2026, 10, 20))
    assert {line.level for line in notice.shown(again, date(2026, 10, 20))} == {"困难", "特别困难"}


def test_what_was_said_lies_sealed(play):
    notice.object_to(notice=play.post(), text="他家刚盖了房", from_whom="邻居", by=play.by("officer", POSTED))
    raw = Objection.objects.values_list("text", "from_whom").get()
    assert all(str(one).startswith("v1$") for one in raw)


def test_who_is_not_of_the_group_neither_takes_nor_reads_objections(play):
    posted = play.post()
    with pytest.raises(recognition.NotInGroup):
        notice.object_to(notice=posted, text="x", by=play.by("attached", POSTED))
    assert not Objection.objects.visible_to(play.by("attached", POSTED)).exists()
    assert not Notice.objects.visible_to(play.by("attached", POSTED)).exists()


def test_an_ending_is_nobodys_news(play, cast):
    play.post()
    play.archive()
    spring = Play(cast).begin(date(2027, 3, 8), date(2027, 3, 12))
    spring.appraise({cast.pupils[1]: "没有困难"}, day=date(2027, 3, 15)).decide(date(2027, 3, 15))
    assert notice.lines(spring.round, date(2027, 3, 15)) == ()
    spring.archive(date(2027, 3, 15))
    assert not Recognition.objects.in_force(date(2027, 3, 16)).filter(pupil=cast.pupils[1]).exists()


def test_the_database_keeps_the_days_of_a_notice_true(play, cast):
    posted = play.post()
    for wrong in ({"until": posted.posted_on}, {"workdays": 4}, {"taken_down_on": POSTED}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Notice.objects.filter(pk=posted.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionRound.objects.filter(pk=play.round.pk).update(state="archived")


def test_a_child_recognised_twice_is_refused_by_the_database(play, cast):
    play.post()
    play.archive()
    one = Recognition.objects.get(pupil=cast.pupils[0])
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)
    assert Verdict("困难").because == ""
