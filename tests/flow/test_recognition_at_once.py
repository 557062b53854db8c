"""Two people at the same step of a recognition, and the same press many times: real threads on the real database."""

import pytest

from bangfu.flow import notice, recognition, recognition_form, recognition_group
from bangfu.flow.recognition_group import Opinion
from bangfu.records.models import Application, FactStatement, Notice, Objection, Recognition, RecognitionRound
from tests import cast as people
from tests.flow.recognition_school import AFTER, HOME, POSTED, SAT, TOLD, Play, on_list
from tests.flow.test_at_once import at_once


@pytest.fixture
def cast(transactional_db, settings):
    settings.DAY = TOLD
    return people.build()


def test_two_officers_begin_together_and_one_round_runs(cast):
    viewers = [cast.viewer(one, TOLD) for one in (cast.officer, cast.principal)] * 2
    done = at_once(*[lambda by=by: recognition.open_round(by=by) for by in viewers])
    assert len({one.pk for one in done}) == 1 == RecognitionRound.objects.count()


def test_one_family_taken_down_twice_together_has_one_application(cast):
    play, told = Play(cast).begin(), recognition_form.Told("奶奶", True, HOME)
    viewers = [play.by(who, TOLD) for who in ("officer", "homeroom", "attached")]
    child = cast.pupils[0]
    acts = [
        lambda by=by: recognition_form.take(round=play.round, pupil=child, told=told, by=by) for by in viewers
    ]
    done = at_once(*acts)
    assert sum(isinstance(one, recognition_form.AlreadyApplied) for one in done) == 2
    assert Application.objects.count() == 1


def test_two_members_write_of_two_children_together_and_both_words_stand(cast):
    play = Play(cast).begin().apply(*cast.pupils[:2])
    recognition.close_applications(round=play.round, by=play.by("officer", SAT))
    said = [{pupil.pk: Opinion((), "困难")} for pupil in cast.pupils[:2]]
    viewers = [play.by(who, SAT) for who in ("officer", "homeroom")]
    acts = [
        lambda by=by, one=one: recognition_group.appraise(round=play.round, opinions=one, by=by)
        for by, one in zip(viewers, said, strict=True)
    ]
    at_once(*acts)
    rows = recognition_group.rows(play.round, play.by("officer", SAT))
    assert [row.opinion.level for row in rows] == ["困难", "困难"]


def test_decision_notice_objection_and_archive_pressed_together_happen_once(cast):
    on_list(cast.pupils[0])
    play = Play(cast).begin().appraise({})
    deciders = [play.by(who, SAT) for who in ("principal", "deputy_head")] * 2
    at_once(
        *[lambda by=by: recognition_group.decide(round=play.round, verdicts={}, by=by) for by in deciders]
    )
    assert Recognition.objects.count() == 1
    at_once(*[lambda: play.post(POSTED)] * 4)
    posted = Notice.objects.get()
    by = play.by("officer", POSTED)
    said = at_once(*[lambda: notice.object_to(notice=posted, text="他家盖了房", by=by)] * 4)
    assert len({one.pk for one in said}) == 1 == Objection.objects.count()
    answered = at_once(
        *[
            lambda: notice.answer(
                objection=said[0], text="核过了", outcome="stands", by=play.by("officer", AFTER)
            )
        ]
        * 3
    )
    assert sum(isinstance(one, notice.AlreadyAnswered) for one in answered) == 2
    at_once(*[lambda: play.archive(AFTER)] * 4)
    assert FactStatement.objects.filter(source="school").count() == 1
