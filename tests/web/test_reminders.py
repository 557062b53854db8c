"""我的 → 提醒我: written once, tried with a button, the reason when it did not go, and never the whole address again."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bangfu.flow import reminders
from bangfu.records.models import Channel, Reminder
from tests.cast import DAY
from tests.flow import posts

pytestmark = pytest.mark.django_db


def keep(client, **more):
    values = {"kind": "email", "address": "li@shikan.cn", "at": "07:30"} | more
    return client.post("/me/reminders", values, follow=True)


def test_the_page_keeps_where_and_when_and_shows_too_little_to_use_it(signed_in, cast):
    client = signed_in(cast.homeroom)
    page = keep(client).text
    assert "已保存" in page and "l***@shikan.cn" in page and "07:30" in page
    assert "li@shikan.cn" not in page
    assert Channel.objects.get().address.reveal() == "li@shikan.cn"


def test_the_hour_changes_without_writing_the_address_again(signed_in, cast):
    client = signed_in(cast.homeroom)
    keep(client)
    assert "08:15" in keep(client, address="", at="08:15").text
    assert Channel.objects.get().address.reveal() == "li@shikan.cn"


def test_an_hour_at_night_and_a_strange_address_are_refused_in_a_sentence(signed_in, cast):
    client = signed_in(cast.homeroom)
    assert "7:00 到 18:00" in keep(client, at="22:00").text
    assert "7:00 到 18:00" in keep(client, at="soon").text
    assert "整个网址" in keep(client, kind="wecom", address="https://example.com/x").text
    assert not Channel.objects.exists()


def test_whoever_is_told_of_a_child_in_danger_is_told_so(signed_in, cast):
    but = "只有孩子遇到危险时例外"
    assert but not in signed_in(cast.homeroom).get("/me").text
    head = signed_in(cast.principal)
    assert but in head.get("/me").text
    assert but in keep(head, at="22:00").text


@pytest.mark.browser
def test_what_was_typed_and_not_taken_comes_back_and_is_in_sight(phone, enter, cast):
    enter(phone, cast.homeroom, "/me")
    phone.locator("#reminders summary").click()
    phone.locator("#reminders input[value=wecom]").check()
    phone.locator("#f-address").fill("https://example.com/x")
    with phone.expect_navigation():
        phone.locator("#reminders form[data-draft] button").click()
    phone.get_by_text("上次没写完的还在").wait_for()
    assert phone.locator("#f-address").is_visible()
    assert phone.locator("#f-address").input_value() == "https://example.com/x"


def test_trying_says_whether_it_went_and_the_reason_stays(signed_in, cast, settings):
    client = signed_in(cast.homeroom)
    assert "先写好往哪里发" in client.post("/me/reminders/try", follow=True).text
    with posts.hook({"errcode": 0}) as (place, heard):
        settings.NOTICE_HOSTS = [place]
        keep(client, kind="webhook", address=f"http://{place}/hooks/abcdef123456")
        page = client.post("/me/reminders/try", follow=True).text
        assert "发出去了" in page and f"{place} …3456" in page and "abcdef123456" not in page
        assert len(heard) == 1
    page = client.post("/me/reminders/try", follow=True).text
    assert page.count("对方连不上") >= 1
    assert "对方连不上" in client.get("/me").text


def test_stopping_forgets_the_address(signed_in, cast):
    client = signed_in(cast.homeroom)
    keep(client)
    page = client.post("/me/reminders", {"off": "1"}, follow=True).text
    assert "以后不再发了" in page and "shikan.cn" not in page
    assert Channel.objects.get().address is None


def test_nobody_sees_how_another_is_told(signed_in, cast):
    keep(signed_in(cast.homeroom))
    for other in (cast.principal, cast.attached, cast.outsider):
        assert "shikan.cn" not in signed_in(other).get("/me").text


def test_what_did_not_go_says_so_and_that_it_is_tried_again(signed_in, cast):
    cast.case(0), cast.case(1)
    client = signed_in(cast.homeroom)
    keep(client, at="07:00")
    friday = datetime(2026, 10, 16, 7, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
    reminders.send_due(school=cast.school, now=friday)  # the school has no mail server
    assert "学校还没有设好邮件" in client.get("/me").text
    Reminder.objects.update(day=DAY)
    assert "会再试" in client.get("/me").text
    Reminder.objects.update(tries=5)
    assert "会再试" not in client.get("/me").text
