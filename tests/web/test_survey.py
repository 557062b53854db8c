"""The survey grid: cells are kept one by one or all at once, causes follow, the hand-in opens cases."""

from datetime import date

import pytest

from bangfu.flow import adopt, identify
from bangfu.records.models import Case, FactStatement, Survey, SurveyAnswer
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def teacher(signed_in, cast):
    return signed_in(cast.homeroom)


def grid(cast):
    return f"/survey/{cast.class_two.pk}"


def cell(pupil, key):
    return f"cell.{pupil.pk}.{key}"


def test_the_list_shows_my_class_with_its_due_day(teacher, cast):
    page = teacher.get("/survey").content.decode()
    assert "三（2）班" in page
    assert "三（1）班" not in page
    assert "10月8日" in page


def test_a_new_pupil_has_forty_five_days(teacher, cast):
    factories.pupil(cast.class_two, "新来", joined_on=date(2026, 10, 12))
    page = teacher.get("/survey").content.decode()
    assert "11月26日" in page


def test_one_touched_cell_is_kept_and_nothing_else_changes(teacher, cast):
    first, second = cast.pupils[:2]
    answer = teacher.post(grid(cast), {cell(first, "keeping_up"): "3"}, headers={"X-Autosave": "1"})
    assert answer.status_code == 204
    teacher.post(grid(cast), {f"pick.{second.pk}": "1"}, headers={"X-Autosave": "1"})
    teacher.post(grid(cast), {cell(first, "conduct"): "?"}, headers={"X-Autosave": "1"})
    row = SurveyAnswer.objects.get(pupil=first)
    assert row.answers == {"keeping_up": "很吃力", "conduct": None}
    assert not row.is_chosen
    assert SurveyAnswer.objects.get(pupil=second).is_chosen


def test_without_scripts_one_button_keeps_the_whole_grid(teacher, cast):
    whole = {f"row.{pupil.pk}": "1" for pupil in cast.pupils} | {"whole": "1", "then": "choose"}
    picks = {f"pick.{pupil.pk}": "1" for pupil in cast.pupils[:2]}
    answer = teacher.post(grid(cast), whole | picks)
    assert answer["Location"].endswith("/choice")
    assert SurveyAnswer.objects.filter(is_chosen=True).count() == 2
    teacher.post(grid(cast), whole)
    assert not SurveyAnswer.objects.filter(is_chosen=True).exists()


def test_a_child_of_another_class_cannot_be_slipped_in(teacher, cast):
    teacher.post(grid(cast), {f"pick.{cast.others[0].pk}": "1"})
    assert not SurveyAnswer.objects.exists()


def choose(client, cast, count):
    client.post(grid(cast), {f"pick.{pupil.pk}": "1" for pupil in cast.pupils[:count]} | {"then": "choose"})


def causes(cast, count):
    given = {"then": "finish"}
    for pupil in cast.pupils[:count]:
        given |= {
            f"child.{pupil.pk}": "1",
            f"causes.{pupil.pk}": "habit",
            f"category.{pupil.pk}": "behaviour",
        }
    return given


def test_handing_in_opens_a_case_for_each_child_and_says_what_comes_next(teacher, cast):
    teacher.post(grid(cast), {cell(cast.pupils[0], "conduct"): "3"})
    choose(teacher, cast, 3)
    answer = teacher.post(f"{grid(cast)}/choice", causes(cast, 3), follow=True)
    page = answer.content.decode()
    assert Case.objects.count() == 3
    assert Case.objects.first().causes == ["habit"]
    assert FactStatement.objects.get().values == {"conduct": "常要提醒"}
    assert "结对" in page
    teacher.post(f"{grid(cast)}/choice", causes(cast, 3))
    assert Case.objects.count() == 3
    assert FactStatement.objects.count() == 1


def test_too_few_come_back_with_what_was_written_and_a_place_for_the_reason(teacher, cast):
    choose(teacher, cast, 1)
    answer = teacher.post(
        f"{grid(cast)}/choice", causes(cast, 1) | {f"note.{cast.pupils[0].pk}": "爸妈都在外地"}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "爸妈都在外地" in page
    assert 'name="exception"' in page
    assert not Case.objects.exists()
    teacher.post(f"{grid(cast)}/choice", causes(cast, 1) | {"exception": "其余都跟得上"})
    assert Case.objects.count() == 1
    assert Survey.objects.get().exception == "其余都跟得上"


def test_a_chosen_child_without_cause_is_named(teacher, cast):
    choose(teacher, cast, 2)
    given = causes(cast, 2)
    del given[f"causes.{cast.pupils[1].pk}"]
    answer = teacher.post(f"{grid(cast)}/choice", given)
    assert cast.pupils[1].name in answer.content.decode()
    assert not Case.objects.exists()


def test_what_the_answers_point_to_is_offered_as_a_hint_only(teacher, cast):
    teacher.post(grid(cast), {cell(cast.pupils[3], "keeping_up"): "3"})
    page = teacher.get(f"{grid(cast)}/choice").content.decode()
    assert cast.pupils[3].name in page
    assert not SurveyAnswer.objects.filter(is_chosen=True).exists()


@pytest.mark.parametrize("who", ["neighbour", "outsider", "officer"])
def test_nobody_opens_the_survey_of_a_class_that_is_not_theirs(signed_in, cast, who):
    client = signed_in(getattr(cast, who))
    for address in (grid(cast), f"{grid(cast)}/choice"):
        assert client.get(address).status_code == 404
        assert client.post(address, {f"pick.{cast.pupils[0].pk}": "1"}).status_code == 404


def test_the_supervisor_reads_and_does_not_fill_in(signed_in, cast):
    client = signed_in(cast.supervisor)
    assert 'type="radio"' not in client.get(grid(cast)).content.decode()
    answer = client.post(grid(cast), {f"pick.{cast.pupils[0].pk}": "1"})
    assert answer.status_code == 422
    assert not Survey.objects.exists()


@pytest.mark.browser
def test_a_class_is_looked_at_with_the_keyboard_alone(page, enter, cast):
    enter(page, cast.homeroom, grid(cast))
    page.locator(f'[name="{cell(cast.pupils[0], "keeping_up")}"]').first.focus()
    for key in ("3", "ArrowRight", "1", "ArrowDown", "0"):
        page.keyboard.press(key)
    page.get_by_text("都保存了").wait_for()
    assert SurveyAnswer.objects.get(pupil=cast.pupils[0]).answers == {
        "keeping_up": "很吃力",
        "conduct": "挺好",
    }
    assert SurveyAnswer.objects.get(pupil=cast.pupils[1]).answers == {"conduct": None}
    page.locator(f'[name="pick.{cast.pupils[0].pk}"]').check()
    page.locator(f'[name="pick.{cast.pupils[1].pk}"]').check()
    assert "已选 2 名（方案要 2—4 名）" in page.locator("output").inner_text()
    page.get_by_role("button", name="下一步").click()
    page.wait_for_url("**/choice")
    assert SurveyAnswer.objects.filter(is_chosen=True).count() == 2


@pytest.mark.browser
def test_grid_and_causes_fit_a_phone_and_are_accessible(phone, live_server, enter, teacher, cast):
    choose(teacher, cast, 2)
    enter(phone, cast.homeroom)
    for address in ("/survey", grid(cast), f"{grid(cast)}/choice"):
        phone.goto(live_server.url + address)
        assert violations(phone) == []
        assert spill(phone) == 0


@pytest.mark.browser
def test_on_an_office_screen_a_child_takes_one_line(page, enter, cast):
    factories.pupil(cast.class_two, "新来的孩子", joined_on=date(2026, 10, 12), seat_no=7)
    page.set_viewport_size({"width": 1366, "height": 768})
    enter(page, cast.homeroom, grid(cast))
    assert spill(page) == 0
    assert page.locator(".cells tbody tr").first.bounding_box()["height"] < 60


def test_whom_to_help_says_why_of_each_child_and_keeps_unknown_apart(cast, signed_in):
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    survey = identify.open_survey(school_class=cast.class_two, plan=plan, term_key="2026-2027-1")
    hard, well = {"keeping_up": "很吃力"}, {"keeping_up": "跟得上", "conduct": "挺好", "mood": "平稳"}
    answers = {cast.pupils[0].pk: hard, cast.pupils[1].pk: well, cast.pupils[2].pk: {"keeping_up": None}}
    identify.fill(
        survey=survey, answers=answers, picks={cast.pupils[0].pk: True}, by=cast.viewer(cast.homeroom)
    )
    page = signed_in(cast.homeroom).get(f"/survey/{cast.class_two.pk}/choice").content.decode()
    assert "学习情况：很吃力。方案“每周帮扶”看的是：" in page and "其余 2 名，为什么" in page
    assert "学习情况：跟得上" in page and "还不知道：" in page and page.count("选不选由老师定") == 2
