"""The pages of recognition: steps, applications, minutes, decision; who sees what; they work without scripts."""

from datetime import date

import pytest
from django.urls import reverse

from bangfu.flow import recognition
from bangfu.records.models import Application, Recognition, RecognitionRound
from tests import factories
from tests.axe import spill, violations
from tests.flow.recognition_school import AFTER, POSTED, SAT, TOLD, UNTIL, Play, on_list

HOME = {"debt": "爷爷看病欠了钱", "member.1.name": "陈大山", "member.1.age": "40", "income_per_head": "6000"}


@pytest.fixture
def play(cast, settings) -> Play:
    settings.DAY = TOLD
    return Play(cast).begin()


def form_of(pupil, **more) -> dict:
    return {"pupil": str(pupil.pk), "applicant": "奶奶", "promised": "1", **HOME, **more}


def test_the_first_page_offers_to_begin_and_says_what_comes_first(signed_in, cast):
    client = signed_in(cast.officer)
    assert "开始这学期的认定" in client.get("/recognition").text
    page = client.post("/recognition", {"matched_level": "困难"}, follow=True).text
    assert RecognitionRound.objects.get().matched_level == "困难"
    assert "先告诉家长" in page and "怎么告诉家长的" in page


def test_telling_takes_a_way_and_a_day_and_keeps_what_was_typed(signed_in, cast):
    client = signed_in(cast.officer)
    client.post("/recognition", {"matched_level": "困难"})
    at = reverse("recognition_step", args=[RecognitionRound.objects.get().pk])
    answer = client.post(at, {"step": "tell", "how": "家长会", "apply_until": "2026-10-01"})
    assert answer.status_code == 422 and "截止的日子要在今天以后" in answer.text
    assert 'value="家长会"' in answer.text
    answer = client.post(at, {"step": "tell", "how": "家长会", "apply_until": "2026-02-30"})
    assert answer.status_code == 422 and "日期没有看懂" in answer.text and 'value="家长会"' in answer.text
    client.post(at, {"step": "tell", "how": "家长会", "apply_until": "2026-10-30"})
    assert RecognitionRound.objects.get().apply_until == date(2026, 10, 30)


def test_an_application_is_taken_down_and_read_by_the_group_only(signed_in, cast, play):
    pupil = cast.pupils[0]
    client = signed_in(cast.attached)
    answer = client.post(reverse("application_new", args=[play.round.pk]), form_of(pupil), follow=True)
    assert "陈小满" in answer.text and "爷爷" not in answer.text
    application = Application.objects.get()
    at = reverse("application", args=[application.pk])
    assert at not in answer.text
    assert client.get(at).status_code == 404
    assert (
        client.post(reverse("application_print", args=[application.pk]), {"form": "docx"}).status_code == 404
    )
    page = signed_in(cast.homeroom).get(at).text
    assert "爷爷看病欠了钱" in page and "陈大山" in page and "6000" in page


def test_the_groups_a_family_ticks_are_kept_on_screen(signed_in, cast, play):
    client = signed_in(cast.homeroom)
    at = reverse("application_new", args=[play.round.pk])
    answer = client.post(at, form_of(cast.pupils[0], groups=["dibao", "orphan"], promised="0"))
    assert answer.status_code == 422 and answer.text.count(" checked") == 2
    client.post(at, form_of(cast.pupils[0], groups=["dibao", "orphan"]))
    page = client.get(reverse("application", args=[Application.objects.get().pk])).text
    assert "特殊群体类型" in page and "最低生活保障家庭" in page and "残疾学生" not in page


def test_without_the_promise_the_form_comes_back_with_what_was_typed(signed_in, cast, play):
    answer = signed_in(cast.officer).post(
        reverse("application_new", args=[play.round.pk]), form_of(cast.pupils[0], promised="")
    )
    assert answer.status_code == 422 and "承诺" in answer.text
    assert "爷爷看病欠了钱" in answer.text and "陈大山" in answer.text
    assert not Application.objects.exists()


def test_a_child_on_a_list_needs_no_application_and_the_choice_does_not_tell_who_is_on_one(
    signed_in, cast, play
):
    on_list(cast.pupils[0])
    client = signed_in(cast.homeroom)
    at = reverse("application_new", args=[play.round.pk])
    assert "陈小满" in client.get(at).text
    answer = client.post(at, form_of(cast.pupils[0]))
    assert "不用申请" in answer.text and not Application.objects.exists()


def test_a_teacher_of_another_class_sees_nobodys_name(signed_in, cast, play):
    play.apply(cast.pupils[0])
    client = signed_in(cast.neighbour)
    for at in ("/recognition", reverse("applications", args=[play.round.pk])):
        assert "陈小满" not in client.get(at).text
    assert "陈小满" not in client.get(reverse("application_new", args=[play.round.pk])).text
    answer = client.post(reverse("application_new", args=[play.round.pk]), form_of(cast.pupils[1]))
    assert answer.status_code == 422 and Application.objects.count() == 1


@pytest.mark.parametrize("who", ["attached", "neighbour"])
def test_minutes_decision_and_papers_are_not_for_class_teachers(signed_in, cast, play, who):
    play.apply(cast.pupils[0])
    client = signed_in(getattr(cast, who))
    for name in ("recognition_appraisal", "recognition_decision"):
        answer = client.get(reverse(name, args=[play.round.pk]))
        assert answer.status_code == 403 and "陈小满" not in answer.text
    at = reverse("recognition_paper", args=[play.round.pk])
    answer = client.post(at, {"paper": "minutes", "form": "docx"}, follow=True)
    assert "评议小组、资助专干和校长看得到" in answer.text


def test_a_touched_cell_is_kept_by_itself_and_the_rest_stays(signed_in, cast, play, settings):
    play.apply(*cast.pupils[:2])
    settings.DAY = SAT
    client = signed_in(cast.officer)
    client.post(reverse("recognition_step", args=[play.round.pk]), {"step": "close"})
    at, (one, two) = reverse("recognition_appraisal", args=[play.round.pk]), cast.pupils[:2]
    auto = {"X-Autosave": "1"}
    cells = (
        {f"level.{one.pk}": "困难"}, {f"factor.shock.{one.pk}": "1"}, {f"factor.debt.{one.pk}": "1"},
        {f"factor.economy.{one.pk}": "1"}, {f"factor.shock.{one.pk}": "0"}, {f"votes.{one.pk}": "2"},
        {f"level.{two.pk}": "没有困难"}, {f"present.{cast.officer.pk}": "1"}, {"held_on": "2026-10-15"},
        {f"present.{cast.homeroom.pk}": "1"},
    )  # fmt: skip
    for cell in cells:
        assert client.post(at, cell, headers=auto).status_code == 204
    assert client.post(at, {"held_on": "2026-02-30"}, headers=auto).status_code == 422
    told = {o.pupil_id: (o.factors, o.level, o.votes) for o in play.minutes.opinions.all()}
    assert told == {one.pk: (["economy"], "困难", 2), two.pk: ([], "没有困难", None)}
    assert set(play.minutes.present) == {str(cast.officer.pk), str(cast.homeroom.pk)}
    assert play.minutes.held_on == SAT


def test_without_scripts_one_button_keeps_all_and_another_closes(signed_in, cast, play, settings):
    play.apply(cast.pupils[0])
    settings.DAY = SAT
    client, pk = signed_in(cast.officer), cast.pupils[0].pk
    client.post(reverse("recognition_step", args=[play.round.pk]), {"step": "close"})
    at = reverse("recognition_appraisal", args=[play.round.pk])
    whole = {
        "whole": "1",
        f"factor.group.{pk}": "1",
        f"votes.{pk}": "2",
        f"note.{pk}": "走访过",
        "held_on": "2026-10-15",
    }
    answer = client.post(at, {**whole, "then": "finish"})
    assert answer.status_code == 422 and "没有写评议的结果" in answer.text and "走访过" in answer.text
    everything = whole | {f"level.{pk}": "一般困难", "then": "finish"}
    everything |= {f"present.{one.pk}": "1" for one in (cast.officer, cast.homeroom)}
    page = client.post(at, everything, follow=True).text
    assert "评议结束了" in page and play.minutes.recorder == cast.officer


def test_the_principal_decides_on_both_kinds_at_once(signed_in, cast, play, settings):
    on_list(cast.pupils[1])
    play.apply(cast.pupils[0]).appraise({cast.pupils[0]: "困难"})
    settings.DAY = SAT
    client, at = signed_in(cast.principal), reverse("recognition_decision", args=[play.round.pk])
    page = client.get(at).text
    assert "陈小满" in page and "罗天佑" in page and "最低生活保障" in page
    wrong = {f"level.{cast.pupils[1].pk}": "一般困难"}
    answer = client.post(at, wrong)
    assert answer.status_code == 422 and "罗天佑" in answer.text and not Recognition.objects.exists()
    client.post(at, wrong | {f"because.{cast.pupils[1].pk}": "刚搬出去，分开算"})
    assert set(Recognition.objects.values_list("level", flat=True)) == {"困难", "一般困难"}


def test_two_presses_of_back_go_back_one_step(signed_in, cast, play, settings):
    settings.DAY = SAT
    client, at = signed_in(cast.officer), reverse("recognition_step", args=[play.round.pk])
    client.post(at, {"step": "close"})
    back = {"step": "back", "because": "还有两家没来得及", "seen": "appraising"}
    assert "退回了一步" in client.post(at, back, follow=True).text
    assert client.post(at, back).status_code == 422
    assert RecognitionRound.objects.get().state == "applying"
    assert "还有两家没来得及" in client.get("/recognition").text


def test_somebody_joins_the_group_and_leaves_it(signed_in, cast, play):
    client, at = signed_in(cast.officer), reverse("recognition_group", args=[play.round.pk])
    client.post(at, {"staff": str(cast.neighbour.pk)})
    assert play.round.panel.filter(staff=cast.neighbour).exists()
    client.post(at, {"staff": str(cast.neighbour.pk), "out": "1"})
    assert not play.round.panel.filter(staff=cast.neighbour).exists()
    assert client.post(at, {"staff": "nobody"}).status_code == 422


def test_who_sits_in_the_group_without_office_or_class_finds_the_way_from_today(signed_in, cast, play):
    helper = factories.staff(cast.school, "罗语文", "luo", ("subject_teacher", cast.class_two))
    client = signed_in(helper)
    assert "评议小组" not in client.get("/").text
    recognition.seat(round=play.round, staff=helper, by=play.by("officer", TOLD))
    page = client.get("/").text
    assert "您在这一轮的评议小组里" in page and 'href="/recognition"' in page
    assert client.get(reverse("recognition")).status_code == 200
    RecognitionRound.objects.update(state="archived", archived_on=AFTER, archived_by=cast.officer)
    assert "评议小组" not in client.get("/").text


def test_whose_menu_has_it_is_asked_nothing_more_on_today(cast, play, django_assert_num_queries):
    for viewer in [cast.viewer(one) for one in (cast.homeroom, cast.officer, cast.attached)]:
        with django_assert_num_queries(0):
            assert recognition.seat_of(viewer) is None


def test_no_address_and_no_title_names_a_level_or_a_category(signed_in, cast, play):
    on_list(cast.pupils[0])
    play.apply(cast.pupils[1]).appraise({cast.pupils[1]: "困难"}).decide().post()
    client = signed_in(cast.principal)
    for name in ("recognition_appraisal", "recognition_decision"):
        page = client.get(reverse(name, args=[play.round.pk]))
        head = page.text.split("<body")[0]
        assert "困难" not in head and "低保" not in head and "dibao" not in page.request["PATH_INFO"]
    assert "dibao" not in client.get("/recognition").text


def test_a_school_with_nobody_hard_up_goes_through_calmly(signed_in, cast, play, settings):
    settings.DAY = SAT
    officer = signed_in(cast.officer)
    officer.post(reverse("recognition_step", args=[play.round.pk]), {"step": "close"})
    at = reverse("recognition_appraisal", args=[play.round.pk])
    assert "这次不用评议" in officer.get(at).text
    officer.post(at, {"whole": "1", "then": "finish"})
    signed_in(cast.principal).post(reverse("recognition_decision", args=[play.round.pk]))
    page = signed_in(cast.officer).get("/recognition").text
    assert "不用公示" in page and "归档" in page
    officer.post(reverse("recognition_step", args=[play.round.pk]), {"step": "archive"})
    assert RecognitionRound.objects.get().state == "archived"


@pytest.mark.browser
def test_the_grid_is_filled_by_keyboard_and_each_touch_is_kept(page, enter, cast, play, settings):
    play.apply(*cast.pupils[:2])
    settings.DAY = SAT

    recognition.close_applications(round=play.round, by=play.by("officer", SAT))
    enter(page, cast.officer, reverse("recognition_appraisal", args=[play.round.pk]))
    page.locator("[data-cell] input").first.focus()
    page.keyboard.press("4")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("4")
    page.get_by_text("都保存了").wait_for()
    rows = {o.pupil.name: (o.factors, o.level) for o in play.minutes.opinions.select_related("pupil")}
    assert rows == {"罗天佑": ([], "没有困难"), "陈小满": (["shock"], "困难")} or rows == {
        "罗天佑": (["shock"], "困难"), "陈小满": ([], "没有困难"),
    }  # fmt: skip


@pytest.mark.browser
@pytest.mark.parametrize("state", ["telling", "applying", "appraising", "deciding", "noticing", "archived"])
def test_every_step_fits_a_phone_and_is_accessible(phone, enter, cast, settings, state):
    on_list(cast.pupils[1])
    play = Play(cast)
    days = {"telling": TOLD, "applying": TOLD, "noticing": POSTED, "archived": AFTER}
    settings.DAY = TOLD if state in ("telling", "applying") else days.get(state, SAT)
    _play_to(play, state)
    pages = ["/recognition"]
    if state != "telling":
        names = ("applications", "application_new", "recognition_appraisal", "recognition_decision")
        pages += [reverse(name, args=[play.round.pk]) for name in names]
        pages += [reverse("application", args=[one.pk]) for one in Application.objects.all()]
    enter(phone, cast.principal, pages[0])
    for at in pages:
        phone.goto(phone.url.split("/recognition")[0].split("/applications")[0] + at)
        assert violations(phone) == [], at
        assert spill(phone) == 0, at


def _play_to(play: Play, state: str) -> None:
    from bangfu.flow import recognition

    if state == "telling":
        recognition.open_round(by=play.by("officer", TOLD))
        return
    play.begin(until=UNTIL).apply(play.cast.pupils[0])
    if state == "appraising":
        recognition.close_applications(round=play.round, by=play.by("officer", SAT))
    if state in ("deciding", "noticing", "archived"):
        play.appraise({play.cast.pupils[0]: "困难"})
    if state in ("noticing", "archived"):
        play.decide().post()
    if state == "archived":
        play.archive()
