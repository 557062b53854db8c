"""The frame in a real Chromium: accessible, narrow, without JavaScript, by keyboard alone, and quiet under its policy."""

import pytest
from playwright.sync_api import expect

from tests.axe import spill, violations
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESSES = ["/me", "/feedback", "/no-such-page"]


EXPECTED = ("404", "Service Worker registration blocked by Playwright")  # tests/browser.py blocks it


def listen(page):
    complaints = []
    page.on("console", lambda line: any(word in line.text for word in EXPECTED) or complaints.append(line.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints


def test_every_page_of_the_frame_is_accessible_and_fits(cast, page, phone, enter, live_server):
    for tab in (page, phone):
        complaints = listen(tab)
        tab.goto(f"{live_server.url}/sign-in")
        assert not violations(tab) and spill(tab) == 0
        enter(tab, cast.homeroom)
        for address in ADDRESSES:
            tab.goto(f"{live_server.url}{address}")
            assert not violations(tab), address
            assert spill(tab) == 0, address
        assert not complaints


def test_large_text_fits_the_narrowest_phones(cast, phone, enter, live_server):
    enter(phone, cast.homeroom)
    phone.get_by_label("大字").check()
    phone.click("text=使用这个大小")
    assert phone.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    for width in (320, 257):
        phone.set_viewport_size({"width": width, "height": 700})
        for address in ADDRESSES:
            phone.goto(f"{live_server.url}{address}")
            assert spill(phone) == 0, (width, address)
    assert not violations(phone)


def test_everything_one_can_press_is_big_enough(cast, phone, enter, live_server):
    enter(phone, cast.homeroom)
    small = """() => [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')]
        .map(e => e.closest('.chip, .tick') || e)
        .filter(e => !e.matches('.skip'))
        .filter(e => { const r = e.getBoundingClientRect(); return r.width && (r.width < 43.5 || r.height < 43.5) })
        .map(e => e.outerHTML.slice(0, 120))"""
    for address in ADDRESSES:
        phone.goto(f"{live_server.url}{address}")
        assert phone.evaluate(small) == []


def test_signing_in_and_complaining_need_no_javascript(cast, chromium, live_server):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    tab = context.new_page()
    tab.goto(f"{live_server.url}/feedback")
    tab.fill("#f-username", "li")
    tab.fill("#f-password", PASSWORD)
    tab.click("main form.card button")
    tab.fill("#f-text", "同一张表填了两次。")
    tab.click("main form.card button")
    tab.goto(f"{live_server.url}/feedback")
    assert "同一张表填了两次。" in tab.inner_text("main")
    context.close()


def test_signing_in_needs_no_mouse(cast, page, live_server):
    page.goto(f"{live_server.url}/sign-in?next=/me")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("li")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/me*")  # the skip link's #main travels along


def test_what_was_typed_survives_a_reload_and_goes_once_it_is_saved(cast, page, enter, live_server):
    enter(page, cast.homeroom)
    page.goto(f"{live_server.url}/feedback")
    page.fill("#f-text", "写到一半")
    page.reload()
    expect(page.locator("#f-text")).to_have_value("写到一半")
    page.click("main form.card button")
    page.wait_for_selector("[data-said].done")
    page.goto(f"{live_server.url}/feedback")
    page.wait_for_selector(".times")
    assert page.input_value("#f-text") == ""


def test_pressing_twice_sends_once(cast, page, enter, live_server):
    from bangfu.records.models import Feedback

    enter(page, cast.homeroom)
    page.goto(f"{live_server.url}/feedback")
    page.fill("#f-text", "只发一次")
    with page.expect_navigation():
        page.evaluate(
            "() => { const b = document.querySelector('main form.card button'); b.click(); b.click(); }"
        )
    page.goto(f"{live_server.url}/feedback")
    page.wait_for_selector(".times")
    assert Feedback.objects.count() == 1


def test_a_wrong_password_is_read_out(cast, page, live_server):
    page.goto(f"{live_server.url}/sign-in")
    page.fill("#f-username", "li")
    page.fill("#f-password", "guess")
    page.click("main form.card button")
    page.wait_for_selector("[role=alert]")
    assert page.evaluate("document.activeElement.closest('[role=alert]') !== null")
    assert not violations(page)
