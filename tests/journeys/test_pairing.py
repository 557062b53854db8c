"""Pairing as leaders do it: with a mouse, with the keyboard alone, on a phone, and in a browser without JavaScript."""

import pytest

from bangfu.records.models import Pairing
from tests import factories
from tests.cast import DAY, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DESK = {"width": 1366, "height": 800}


@pytest.fixture
def cases(cast):
    return [factories.case(pupil, by=cast.homeroom) for pupil in cast.pupils[:3]]


@pytest.fixture
def leader(stage, cast, cases):
    """A supervisor at a desk, before the board."""
    stage.on(DAY)

    def enters(**more):
        one = stage.signs_in(cast.supervisor.user.username, PASSWORD, **more)
        one.page.set_viewport_size(DESK)
        one.go("/pairing")
        return one

    return enters


def helper_of(case) -> str:
    return Pairing.objects.get(case=case, state="proposed").helper.name


def test_a_name_is_dragged_to_an_adult_to_another_and_back(leader, cast, cases):
    who = leader()
    who.looks_right()
    who.page.set_viewport_size(DESK)
    child = who.page.locator("li.child", has_text="陈小满")
    adult = who.page.locator("[data-drop=adult]")
    child.drag_to(adult.filter(has_text="赵志远"))
    who.reads("换成了赵志远", "配好了 1 对", "1 / 2")
    assert helper_of(cases[0]) == "赵志远"
    assert "/pairing/place" not in who.page.url
    child.drag_to(adult.filter(has_text="李秋月"))
    who.reads("换成了李秋月")
    assert helper_of(cases[0]) == "李秋月"
    who.tap(who.page.get_by_text("其他老师和他们带的学生"))
    child.drag_to(adult.filter(has_text="孙丽"))  # of another class: nothing takes the name
    assert helper_of(cases[0]) == "李秋月"
    child.drag_to(who.page.locator("[data-drop=back] h2"))
    who.reads("放回去了")
    assert not Pairing.objects.exists()
    who.looks_right()


def test_the_keyboard_alone_pairs_locks_and_confirms(leader, cast, cases):
    who = leader()
    keys = who.page.keyboard
    who.page.get_by_role("link", name="陈小满").focus()
    keys.press("ArrowUp")
    assert who.page.evaluate("document.activeElement.textContent") == "罗天佑"
    keys.press("ArrowDown")
    keys.press("Enter")
    who.reads("选这位")
    who.looks_right()
    keys.press("Escape")
    who.page.get_by_text("选这位").first.wait_for(state="detached")
    assert who.page.evaluate("document.activeElement.textContent") == "陈小满"
    keys.press("Enter")
    who.page.wait_for_selector("#pick:focus")
    keys.press("Tab")
    keys.press("Enter")
    who.reads("换成了")
    assert who.page.evaluate("document.activeElement.textContent") == "陈小满"
    keys.press("Tab")
    assert "松开" in who.page.evaluate("document.activeElement.textContent")
    keys.press("Enter")
    who.reads("松开了")
    who.button("确认这一对").or_(who.button("全部确认（1 对）")).first.focus()
    keys.press("Enter")
    who.reads("从今天起")
    assert Pairing.objects.in_force(DAY).count() == 1
    who.looks_right()


def test_without_javascript_everything_is_a_link_or_a_form(leader, cast, cases):
    who = leader(java_script_enabled=False)
    who.opens(who.link("陈小满"))
    who.opens(who.button("选这位 赵志远"))
    who.reads("换成了赵志远")
    who.opens(who.button("重新配一配"))
    assert helper_of(cases[0]) == "赵志远"
    assert Pairing.objects.filter(state="proposed").count() == 3
    who.opens(who.link("罗天佑"))
    who.opens(who.button("放回"))
    who.reads("放回去了")
    who.opens(who.link("杨朵朵"))
    who.opens(who.button("确认这一对"))
    who.reads("从今天起")
    assert Pairing.objects.in_force(DAY).count() == 1


def test_on_a_phone_a_child_is_paired_in_two_taps(leader, cast, cases):
    who = leader()
    who.looks_right()
    with who.within(2):
        who.tap(who.link("陈小满"))
        who.tap(who.button("选这位 李秋月"))
    who.reads("换成了李秋月")
    assert helper_of(cases[0]) == "李秋月"
    who.looks_right()


def test_the_helper_says_yes_with_a_time_on_a_phone(stage, leader, cast, cases):
    who = leader()
    who.tap(who.button("帮我配一配"))
    who.reads("配好了 3 对")
    who.tap(who.button("全部确认（3 对）"))
    who.reads("从今天起")
    mine = stage.signs_in(cast.homeroom.user.username, PASSWORD)
    mine.go("/pairing")
    mine.looks_right()
    card = mine.page.locator("section[aria-labelledby=mine] .card").first
    card.locator("select").select_option(label="周三 午休")
    mine.opens(card.get_by_role("button", name="我来帮"))
    mine.reads("周三 午休")
    assert Pairing.objects.filter(accepted_on=DAY).count() == 1
