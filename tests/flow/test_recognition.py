"""Recognition from telling families to the archive: who may, in which order, what is written and of whom nothing is."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bangfu.flow import notice, recognition, recognition_form, recognition_group
from bangfu.flow.recognition_group import Opinion, Sitting, Verdict
from bangfu.records.models import (
    Application,
    Event,
    FactStatement,
    Recognition,
    RecognitionRound,
)
from tests.flow.recognition_school import AFTER, HOME, POSTED, SAT, TOLD, UNTIL, Play, on_list

pytestmark = pytest.mark.django_db


@pytest.fixture
def play(cast) -> Play:
    return Play(cast).begin()


def test_a_round_runs_to_the_archive_and_only_then_anything_follows(play, cast):
    asked, listed, silent = cast.pupils[:3]
    on_list(listed)
    play.apply(asked).appraise({asked: "困难"}).decide()
    assert play.level_of(asked) is None
    play.post()
    play.archive()
    assert (play.level_of(asked), play.level_of(listed)) == ("困难", "特别困难")
    assert play.level_of(silent) is None
    kept = {one.pupil_id: one for one in Recognition.objects.in_force(AFTER)}
    assert kept.keys() == {asked.pk, listed.pk}
    assert kept[listed.pk].basis == "matched" and kept[listed.pk].certified == ["dibao"]
    assert kept[asked.pk].valid_to == date(2027, 8, 1)
    assert not FactStatement.objects.filter(pupil=silent).exists()


def test_a_child_on_a_list_is_recognised_without_any_paper_and_never_asked_for_one(play, cast):
    listed = cast.pupils[0]
    on_list(listed, "orphan")
    with pytest.raises(recognition_form.NeedsNoPaper):
        play.apply(listed)
    play.appraise({}).decide()
    assert Recognition.objects.get().pupil == listed
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("source", "value"),
    [("roll", True), ("survey", True), ("told", True), ("list:teacher", True), ("list:dibao", False)],
)
def test_only_a_yes_of_an_offices_list_counts(play, cast, source, value):
    on_list(cast.pupils[0], source=source, value=value)
    play.apply(cast.pupils[0])
    assert Application.objects.count() == 1


def test_a_list_that_says_no_later_ends_the_match_and_says_nothing_else(play, cast):
    on_list(cast.pupils[0], on=date(2026, 9, 1))
    on_list(cast.pupils[0], value=False, on=date(2026, 10, 1))
    play.appraise({}).decide()
    assert not Recognition.objects.exists()
    play.archive(SAT)
    assert play.level_of(cast.pupils[0]) is None


def test_who_applied_and_was_not_recognised_has_been_asked_and_that_is_known(play, cast):
    play.apply(cast.pupils[0]).appraise({cast.pupils[0]: "没有困难"}).decide()
    assert not Recognition.objects.exists()
    play.archive(SAT)
    assert play.level_of(cast.pupils[0]) == "没有困难"


def test_a_school_with_nobody_hard_up_archives_without_a_notice(play):
    play.appraise({}).decide()
    with pytest.raises(notice.NothingToPost):
        play.post()
    assert play.archive(SAT).state == "archived"
    assert not FactStatement.objects.exists()


def test_families_are_told_first_and_given_the_days_they_were_promised(play, cast):
    officer = play.by("officer", TOLD)
    with pytest.raises(recognition.NotReady, match="10月14日"):
        recognition.close_applications(round=play.round, by=officer)
    with pytest.raises(recognition.NotReady):
        recognition.tell(round=play.round, how="", apply_until=UNTIL, by=officer)
    with pytest.raises(recognition.NotReady):
        recognition.tell(round=play.round, how="家长会", apply_until=TOLD, by=officer)


def test_an_application_is_free_and_can_be_taken_back_and_made_again(play, cast):
    play.apply(cast.pupils[0])
    with pytest.raises(recognition_form.AlreadyApplied):
        play.apply(cast.pupils[0])
    first = Application.objects.get()
    for _ in range(2):
        recognition_form.withdraw(application=first, by=play.by("officer", TOLD))
    play.apply(cast.pupils[0])
    assert Application.objects.standing().count() == 1
    assert Event.objects.filter(verb="recognition.withdraw").count() == 1


def test_without_the_signed_promise_nothing_is_kept(play, cast):
    for told in (recognition_form.Told("奶奶", False, HOME), recognition_form.Told(" ", True, HOME)):
        with pytest.raises(recognition_form.NotPromised):
            recognition_form.take(
                round=play.round, pupil=cast.pupils[0], told=told, by=play.by("officer", TOLD)
            )
    assert not Application.objects.exists()


def test_what_a_family_tells_lies_sealed_and_leaves_no_word_in_the_trail(play, cast):
    play.apply(cast.pupils[0])
    raw = Application.objects.values_list("content", "applicant").get()
    assert all(str(one).startswith("v1$") for one in raw)
    for event in Event.objects.filter(verb__startswith="recognition."):
        assert "爷爷" not in str(event.changes) and "陈" not in str(event.changes)


def test_class_teachers_take_down_their_own_class_and_read_nothing_of_it(cast):
    play = Play(cast).begin()
    attached, neighbour = play.by("attached", TOLD), play.by("neighbour", TOLD)
    told = recognition_form.Told("奶奶", True, HOME)
    application = recognition_form.take(round=play.round, pupil=cast.pupils[0], told=told, by=attached)
    assert [one.name for one in recognition_form.progress(play.round, attached)] == ["陈小满"]
    assert recognition_form.progress(play.round, neighbour) == []
    assert not Application.objects.visible_to(attached).exists()
    with pytest.raises(recognition.NotInGroup):
        recognition_form.opened(application, attached)
    with pytest.raises(recognition_form.NotYourChild):
        recognition_form.take(round=play.round, pupil=cast.pupils[1], told=told, by=neighbour)


def test_the_group_reads_and_each_look_leaves_a_trace(play, cast):
    play.apply(cast.pupils[0])
    content, applicant = recognition_form.opened(Application.objects.get(), play.by("homeroom", SAT))
    assert content["debt"] == "爷爷看病欠了钱" and applicant == "奶奶"
    assert Event.objects.filter(verb="recognition.read", pupil_id=cast.pupils[0].pk).count() == 1


def test_who_leaves_the_group_reads_no_more(play, cast):
    play.apply(cast.pupils[0])
    recognition.seat(round=play.round, staff=cast.homeroom, is_in=False, by=play.by("officer", TOLD))
    assert not Application.objects.visible_to(play.by("homeroom", SAT)).exists()


def test_the_minutes_are_whole_before_they_are_closed(play, cast):
    play.apply(*cast.pupils[:2])
    officer = play.by("officer", SAT)
    recognition.close_applications(round=play.round, by=officer)
    with pytest.raises(recognition.NotReady, match="2 名学生"):
        recognition_group.finish(round=play.round, by=officer)
    levels = {one.pk: Opinion((), "困难", 3) for one in cast.pupils[:2]}
    recognition_group.appraise(round=play.round, opinions=levels, by=officer)
    with pytest.raises(recognition.NotReady, match="至少两个人"):
        recognition_group.finish(round=play.round, by=officer)
    present = (cast.officer.pk, cast.homeroom.pk)
    recognition_group.appraise(round=play.round, opinions={}, by=officer, sitting=Sitting(SAT, present))
    with pytest.raises(recognition.NotReady, match="比参加的人还多"):
        recognition_group.finish(round=play.round, by=officer)


def test_two_write_at_once_and_neither_undoes_the_other(play, cast):
    play.apply(*cast.pupils[:2])
    recognition.close_applications(round=play.round, by=play.by("officer", SAT))
    for who, pupil in (("officer", 0), ("homeroom", 1)):
        said = {cast.pupils[pupil].pk: Opinion(("debt", "shock"), "困难")}
        recognition_group.appraise(round=play.round, opinions=said, by=play.by(who, SAT))
    rows = recognition_group.rows(play.round, play.by("officer", SAT))
    assert [row.opinion.level for row in rows] == ["困难", "困难"]
    assert rows[0].opinion.factors == ("shock",)


def test_the_recorder_does_not_decide_and_the_database_says_so_too(play, cast):
    recognition.close_applications(round=play.round, by=play.by("officer", SAT))
    recognition_group.finish(round=play.round, by=play.by("principal", SAT))
    with pytest.raises(recognition_group.SameHand):
        recognition_group.decide(round=play.round, verdicts={}, by=play.by("principal", SAT))
    with pytest.raises(IntegrityError), transaction.atomic():
        minutes = play.minutes
        minutes.decided_by = cast.principal
        minutes.save()
    recognition_group.decide(round=play.round, verdicts={}, by=play.by("deputy_head", SAT))
    with pytest.raises(recognition_group.NotYourDecision):
        recognition_group.decide(round=play.round, verdicts={}, by=play.by("officer", SAT))


def test_a_level_other_than_the_groups_takes_a_sentence(play, cast):
    play.apply(cast.pupils[0]).appraise({cast.pupils[0]: "困难"})
    pk = cast.pupils[0].pk
    with pytest.raises(recognition.NotReady, match="写一句理由"):
        play.decide(verdicts={pk: Verdict("特别困难")})
    play.decide(verdicts={pk: Verdict("特别困难", "上周房子受了灾")})
    assert Recognition.objects.get().level == "特别困难"


def test_pressing_twice_decides_posts_and_archives_once(play, cast):
    on_list(cast.pupils[0])
    play.appraise({}).decide().decide()
    assert Recognition.objects.count() == 1
    assert play.post().pk == play.post().pk
    play.archive()
    assert play.archive().state == "archived"
    assert FactStatement.objects.filter(source="school").count() == 1


def test_one_round_runs_at_a_time(play, cast):
    again = recognition.open_round(by=play.by("principal", TOLD))
    assert again.pk == play.round.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        RecognitionRound.objects.create(
            school=cast.school, term_key="2026-2027-1", kind="termly", opened_by=cast.officer,
            opened_at=again.opened_at,
        )  # fmt: skip


def test_going_back_takes_a_reason_one_step_at_a_time_and_the_notice_comes_down(play, cast):
    on_list(cast.pupils[0])
    play.appraise({}).decide()
    shown = play.post()
    officer = play.by("officer", POSTED)
    with pytest.raises(recognition.SayWhy):
        recognition.go_back(round=play.round, because=" ", by=officer)
    recognition.go_back(round=play.round, because="写错了一个档次", by=officer, seen="noticing")
    with pytest.raises(recognition.NotThisStep):
        recognition.go_back(round=play.round, because="写错了一个档次", by=officer, seen="noticing")
    shown.refresh_from_db()
    assert notice.shown(shown, POSTED) == () and shown.taken_down_because == "写错了一个档次"
    assert Recognition.objects.get().ended_on == POSTED
    assert RecognitionRound.objects.get().state == "deciding"
    play.decide(day=POSTED)
    assert Recognition.objects.coming().count() == 1


def test_a_child_who_leaves_in_the_middle_is_neither_posted_nor_recognised(play, cast):
    stays, leaves = cast.pupils[:2]
    play.apply(stays, leaves).appraise({stays: "困难", leaves: "困难"}).decide()
    leaves.enrolments.update(valid_to=POSTED)
    leaves.left_on = POSTED
    leaves.save()
    assert [line.name for line in notice.lines(play.round, POSTED)] == [stays.name]
    play.post()
    play.archive()
    assert play.level_of(leaves) is None
    assert Recognition.objects.get(pupil=leaves).ended_because == "已离校"


def test_spring_adjusts_with_a_new_row_and_keeps_silent_of_who_stays_as_before(play, cast):
    same, better, new = cast.pupils[:3]
    play.apply(same, better).appraise({same: "困难", better: "困难"}).decide().post()
    play.archive()
    spring = Play(cast).begin(date(2027, 3, 8), date(2027, 3, 12))
    assert spring.round.kind == "termly"
    spring.apply(new, day=date(2027, 3, 9))
    spring.appraise({better: "没有困难", new: "一般困难"}, day=date(2027, 3, 15)).decide(date(2027, 3, 15))
    assert [line.name for line in notice.lines(spring.round, date(2027, 3, 15))] == [new.name]
    spring.post(date(2027, 3, 16))
    spring.archive(date(2027, 3, 24))
    levels = {r.pupil_id: r.level for r in Recognition.objects.in_force(date(2027, 3, 24))}
    assert levels == {same.pk: "困难", new.pk: "一般困难"}
    assert spring.level_of(better) == "没有困难"
    assert FactStatement.objects.filter(pupil=same, source="school").count() == 1


def test_only_those_whose_step_it_is_take_it(play, cast):
    for who in ("homeroom", "neighbour", "supervisor", "outsider"):
        viewer = play.by(who, SAT)
        with pytest.raises((recognition.NotYours, recognition.NotThisStep)):
            recognition.close_applications(round=play.round, by=viewer)
        with pytest.raises((recognition.NotYours, recognition.NotThisStep)):
            recognition.go_back(round=play.round, because="试试", by=viewer)
    assert not RecognitionRound.objects.visible_to(play.by("outsider", SAT)).exists()
    assert not RecognitionRound.objects.visible_to(play.by("supervisor", SAT)).exists()
