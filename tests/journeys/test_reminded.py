"""A phone that is reminded, a room that is opened, a text for families: as people do it, narrow and wide."""

import pytest

from bangfu.records.models import Channel, Facility
from tests import factories
from tests.cast import PASSWORD
from tests.flow import posts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_teacher_is_reminded_and_a_room_is_kept(cast, stage, settings):
    factories.plan(cast.school, key="whole_school")
    with posts.hook({"errcode": 0}) as (place, heard):
        settings.NOTICE_HOSTS = [place]
        li = stage.signs_in("li", PASSWORD)
        li.go("/me")
        card = li.page.locator("#reminders")
        li.tap(card.locator("summary"))
        li.tap(card.locator("label.chip", has_text="钉钉"))
        card.locator("#f-address").fill(f"http://{place}/robot/send?access_token=abc123")
        li.opens(card.get_by_role("button", name="保存"))
        li.reads("已保存。试一下", f"{place} …c123")
        li.opens(li.button("试一下"))
        li.reads("发出去了")
        li.looks_right()
        assert [body["text"]["content"] for _path, body in heard] == [
            "【帮扶】试一下：看得到这句话，就说明通了。"
        ]
        assert Channel.objects.get().problem == ""

    wang = stage.signs_in("wang", PASSWORD, java_script_enabled=False)
    wang.go("/facilities")
    card = wang.page.locator("section.card", has_text="留守儿童爱心之家")
    wang.tap(card.locator("summary"))
    card.get_by_label("房间").fill("102")
    card.get_by_label("谁来管").select_option(label="李秋月")
    wang.opens(card.get_by_role("button", name="保存"))
    wang.reads("场所已保存", "还缺：开放时间、能视频的电话")
    assert Facility.objects.get().keeper == cast.homeroom

    li.go("/facilities")
    li.tap(li.page.locator("summary", has_text="进出登记").first)
    li.page.get_by_label("什么", exact=True).fill("能视频的电话")
    li.opens(li.button("记下 留守儿童爱心之家"))
    li.reads("还缺：开放时间")
    for details in li.page.locator("main details").all():
        details.evaluate("one => one.open = true")
    li.looks_right()
    li.go("/publicity")
    li.tap(li.button("复制 发给家长的短信"))
    li.reads("已复制")
    li.looks_right()
    li.page.get_by_label("自己加一句").fill(f"{cast.pupils[0].name}进步了")
    li.opens(li.button("重新写"))
    li.reads("先问过本人和家里")
