"""点名: one tap for nobody absent, three for one with the reason, without a script, by keyboard and on a phone."""

import pytest

from bangfu.flow import attendance
from bangfu.records.models import Absence, AbsenceMark, Evidence, RollCall
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def teacher(signed_in, cast):
    return signed_in(cast.homeroom)


def sheet(cast):
    return f"/attendance/{cast.class_two.pk}"


def called(cast, *at, cause=""):
    away = [attendance.Away(cast.pupils[one].pk, cause) for one in at]
    return attendance.call(school_class=cast.class_two, day=DAY, away=away, by=cast.viewer(cast.homeroom))


def test_today_says_that_the_roll_is_not_called_and_falls_silent_after_it(teacher, cast):
    assert "今天还没点名" in teacher.get("/").text
    called(cast)
    assert "今天还没点名" not in teacher.get("/").text


def test_everybody_is_here_with_one_button_and_an_undo(teacher, cast):
    page = teacher.post(sheet(cast), follow=True)
    assert "三（2）班：都来了。" in page.text
    row = RollCall.objects.get()
    page = teacher.post(f"/attendance/calls/{row.pk}/back", follow=True)
    assert "已撤销" in page.text and "谁没来，点谁" in page.text


def test_one_child_away_with_the_reason_is_one_form(teacher, cast):
    pupil = cast.pupils[0]
    page = teacher.post(sheet(cast), {"away": [pupil.pk], f"cause.{pupil.pk}": "ill"}, follow=True)
    assert "没来：陈小满" in page.text and "生病" in page.text
    assert Absence.objects.get().ends_on is None


def test_who_is_still_away_rides_along_with_everybody_else_is_here(teacher, cast, settings):
    settings.DAY = DAY.replace(day=14)
    called_before = [attendance.Away(cast.pupils[0].pk)]
    attendance.call(
        school_class=cast.class_two,
        day=settings.DAY,
        away=called_before,
        by=cast.viewer(cast.homeroom, settings.DAY),
    )
    settings.DAY = DAY
    page = teacher.get("/attendance").text
    assert "其他人都来了" in page and "还没回来：陈小满" in page


def test_a_call_just_made_is_kept_with_its_time_and_is_a_record(teacher, cast):
    mark = called(cast, 0).marks.get()
    given = {"cause": "at_home", "whom": "妈妈", "now": "1", "said": "帮忙收苞谷"}
    page = teacher.post(f"/attendance/marks/{mark.pk}", given, follow=True)
    assert "联系了妈妈" in page.text
    assert "帮忙收苞谷" not in page.text  # what a family said is not on a list read over shoulders
    assert Evidence.objects.get().activities == ["absence_follow_up"]
    assert AbsenceMark.objects.get().called_at is not None


def test_a_time_that_is_none_is_told_kindly(teacher, cast):
    mark = called(cast, 0).marks.get()
    teacher.post(f"/attendance/marks/{mark.pk}", {"called_at": "25:70"}, follow=True)
    assert AbsenceMark.objects.get().called_at is None


def test_the_step_is_on_the_page_and_closes_with_its_form(teacher, cast):
    called(cast, 0)
    assert "联系家长，问一问怎么了" in teacher.get("/attendance").text
    page = teacher.post(
        f"/attendance/pupils/{cast.pupils[0].pk}/step", {"step": "call", "how": "电话"}, follow=True
    )
    assert "要这件事的方案都算" in page.text
    assert "联系家长，问一问怎么了" not in page.text


def test_leaders_see_every_class_and_which_is_not_called(signed_in, cast):
    called(cast)
    page = signed_in(cast.principal).get("/attendance").text
    assert "三（1）班" in page and "三（2）班" in page
    assert "没点名，不等于都来了" in page


def test_a_colleague_of_another_class_is_not_let_in(signed_in, cast):
    client = signed_in(cast.neighbour)
    assert client.get(sheet(cast)).status_code == 404
    assert client.post(sheet(cast)).status_code == 404
    assert not RollCall.objects.exists()


@pytest.mark.parametrize("asked", ["?on=x", "?on=2026-13-01"])
def test_a_day_that_is_none_is_not_there(teacher, cast, asked):
    assert teacher.get("/attendance" + asked).status_code == 404


def test_a_day_off_asks_for_nothing(teacher, cast):
    assert "这天不上学" in teacher.get(sheet(cast) + "?on=2026-10-04").text


def test_the_register_is_taken_as_a_file(teacher, cast):
    called(cast, 0)
    answer = teacher.post("/attendance/register", {"month": "2026-10", "form": "docx"})
    assert answer.content[:2] == b"PK" and "no-store" in answer["Cache-Control"]


def test_an_open_absence_is_shown_under_settings(teacher, cast):
    called(cast, 0)
    assert "10月15日起没来" in teacher.get("/settings/absence").text


@pytest.mark.browser
def test_nobody_absent_is_one_tap_and_one_with_a_reason_three(phone, live_server, enter, cast):
    enter(phone, cast.homeroom, "/attendance")
    phone.click("text=都来了 >> nth=0")  # the one tap
    phone.wait_for_selector("text=三（2）班：都来了。")
    assert RollCall.objects.get().marks.count() == 0
    phone.click("[data-said] button")
    phone.wait_for_selector("text=谁没来，点谁")
    phone.click("label:text-is('罗天佑')")  # the first
    phone.check("li.mate:has(:checked) input[value=ill]")  # the second tap
    phone.click("button:text-is('保存')")  # the third
    phone.wait_for_selector("text=没来：罗天佑")
    assert AbsenceMark.objects.get().cause == "ill"


@pytest.mark.browser
def test_without_a_script_the_reasons_still_come_with_the_tap(chromium, live_server, enter, cast):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    one = enter(context.new_page(), cast.homeroom, "/attendance")
    one.click("label:text-is('罗天佑')")
    one.check("li.mate:has(:checked) input[value=unreached]")
    one.click("button:text-is('保存')")
    one.wait_for_selector("text=没来：罗天佑")
    context.close()
    assert AbsenceMark.objects.get().cause == "unreached"


@pytest.mark.browser
def test_names_are_tapped_by_keyboard_and_found_by_pinyin(page, live_server, enter, cast):
    for pupil, initials in zip(cast.pupils, ("cxm", "lty", "ydd", "zza", "hyx", "lyy"), strict=True):
        pupil.initials = initials
        pupil.save()
    called(cast)
    enter(page, cast.homeroom, "/attendance")
    page.click("summary:has-text('改一改谁没来')")
    page.fill("#f-find", "lty")
    assert page.locator("li.mate:visible").count() == 1
    page.focus("li.mate:visible > input")
    page.keyboard.press("Space")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_selector("text=没来：罗天佑")


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_are_accessible(phone, live_server, enter, cast):
    enter(phone, cast.homeroom)
    for _ in ("not called", "called"):
        for address in ("/attendance", sheet(cast), sheet(cast) + "?session=morning"):
            phone.goto(live_server.url + address)
            assert violations(phone) == [], address
            assert spill(phone) == 0, address
        called(cast, 0, 1, cause="unreached")
