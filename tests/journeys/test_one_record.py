"""One talk written down under hard conditions: without JavaScript, and without a mouse."""

from datetime import date

import pytest

from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def child(cast) -> str:
    """The homeroom teacher helps one child, whose name this gives."""
    cast.case(0, opened_on=date(2026, 10, 12))
    return cast.pupils[0].name


def test_without_javascript_a_talk_is_recorded_and_read_again(cast, child, stage):
    who = stage.signs_in("li", PASSWORD, java_script_enabled=False)
    with who.within(3):
        who.opens(who.row(child, "谈心").get_by_role("link", name=f"记一笔：{child}"))
        who.tap(who.page.locator("label[for=k-tutoring]"))
        who.page.fill("#f-note", "今天自己举了手。")
        who.opens(who.button("保存"))
    who.reads("已记下")
    who.go("/pupils")
    who.opens(who.link(child).first)
    who.reads("今天自己举了手。", "谈心", "辅导")


def test_with_the_keyboard_alone_from_signing_in_to_saved(cast, child, stage):
    who = stage.person()
    who.go("/sign-in")
    keys = who.page.keyboard
    reach(who.page, "#f-username")
    keys.type("li")
    reach(who.page, "#f-password")
    keys.type(PASSWORD)
    press_and_go(who.page, "Enter")
    reach(who.page, f'a[aria-label="记一笔：{child}"]')
    press_and_go(who.page, "Enter")
    reach(who.page, "#k-tutoring")
    keys.press("Space")
    reach(who.page, "#p-tutoring input[type=checkbox]")
    keys.press("Space")
    reach(who.page, "#f-note")
    keys.type("今天自己举了手。")
    reach(who.page, "form.sheet .button.main")
    press_and_go(who.page, "Enter")
    who.reads("已记下")
    who.go("/pupils")
    who.opens(who.link(child).first)
    who.reads("今天自己举了手。", "谈心", "辅导")


def reach(page, selector: str) -> None:
    """Tab onwards until the wanted thing has the focus, visibly; fail when the page is through."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("s => document.activeElement.matches(s)", selector):
            seen = "() => { const r = document.activeElement.getBoundingClientRect(); return r.width && r.height }"
            assert page.evaluate(seen), selector
            return
    raise AssertionError(f"the keyboard never comes to {selector}")


def press_and_go(page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)
