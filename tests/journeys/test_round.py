"""The village round on a phone: taken along in one tap, a visit in four, sudden hardship in three, without a network
(V1–V4 of ux.md); a month's call home arranged, held, and what the office then reads."""

from datetime import time

import pytest
from playwright.sync_api import expect

from bangfu.flow import areas, homes, video_calls
from bangfu.flow.video_calls import Way
from bangfu.records.models import AreaStaff, Evidence, Hardship, Household, HouseholdVisit, Pupil
from tests.cast import DAY, PASSWORD
from tests.journeys.finger import PHONE, Finger
from tests.journeys.network import away, back, packed, sent, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def ground(cast):
    """石坎村 with two homes, on the round of the class teacher of 三（1）班; a room at school open at noon."""
    head = cast.viewer(cast.principal)
    area = areas.open_area(name="东片", villages=("石坎村",), by=head)
    areas.assign(chosen=[(cast.neighbour, area)], by=head)
    for at, pupil in enumerate(cast.pupils[:2]):
        pupil.address, pupil.sex = f"石坎镇石坎村{at + 2}组", "1"
        pupil.save(update_fields=["address", "sex"])
    homes.gather(by=head)
    keys = Pupil.objects.filter(pk__in=[one.pk for one in cast.pupils[:2]]).values("household_key")
    homes.accompany(households=Household.objects.filter(key__in=keys), by=head)
    way = Way("room_server", "https://meet.example", "留守儿童之家", (time(12, 30), time(12, 50)))
    video_calls.configure(way=way, by=head)


def hand_of(who) -> Finger:
    who.page.set_viewport_size(PHONE)
    return Finger(who.page)


def chip(within, words: str):
    return within.locator("label.chip").filter(has_text=words).first


def test_a_village_is_walked_with_few_taps_and_every_page_is_right(stage, cast, ground):
    sun = stage.signs_in("sun", PASSWORD)
    sun.go("/round")
    sun.looks_right()
    hand = hand_of(sun)
    hand.opens(sun.page.get_by_role("button", name="带走这个村：石坎村"), decides=False)
    hand.spent(1)  # V1
    sun.reads("带走了", "陈小满家", "还没有走访")
    sun.looks_right()
    hand = hand_of(sun)
    hand.opens(sun.page.get_by_role("link", name="记走访：陈小满家"), decides=False)
    hand.tap(chip(sun.page.locator("#visit"), "看病"))
    hand.opens(sun.page.locator("#visit .sticky button"), decides=False)
    hand.spent(4)  # V2
    assert HouseholdVisit.objects.get().answers == {"about": ["看病"]} and not Evidence.objects.exists()
    sun.reads("已记下", "看病")
    hand = hand_of(sun)
    hand.tap(sun.page.locator("#hardship > summary"), decides=False)
    hand.tap(chip(sun.page.locator("#hardship"), "生病"))
    hand.opens(sun.page.locator("#hardship form button.main"), decides=False)
    hand.spent(3)  # V3
    sun.reads("最晚10月19日去看看", "六个保障")
    sun.page.locator("main details").evaluate_all("some => some.forEach(one => { one.open = true; })")
    sun.looks_right()
    hand = hand_of(sun)
    hand.opens(sun.page.get_by_role("link", name="明白卡"), decides=False)
    hand.spent(1)  # V4
    sun.reads("不收钱")
    sun.looks_right()
    he = stage.signs_in("he", PASSWORD)
    he.go("/round")
    he.reads("陈小满家", "生病", "最晚10月19日去看看")
    he.page.locator("main details > summary").first.click()
    he.looks_right()


def test_a_call_is_arranged_and_held_and_its_pages_are_right(stage, cast, ground):
    li = stage.signs_in("li", PASSWORD)
    li.go(f"/calls?pupil={cast.pupils[0].pk}")
    li.page.locator("main details > summary").first.click()
    li.looks_right()
    chip(li.page.locator("main"), "12:30").click()
    li.opens(li.button("约这一天"))
    li.reads("约好了", "12:30", "留守儿童之家")
    li.opens(li.button("通上了：陈小满"))
    li.reads("已记下。")
    assert Evidence.objects.get().answers == {"result": "通上了"}
    wang = stage.signs_in("wang", PASSWORD)
    wang.go("/settings/calls")
    wang.looks_right()


def test_what_the_school_did_not_take_of_a_village_is_read_and_mended_on_the_phone(stage, cast, ground):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(sex="2")
    sun = stage.signs_in("sun", PASSWORD)
    sun.go("/round")
    sun.opens(sun.page.get_by_role("button", name="带走这个村：石坎村"))
    packed(sun)
    until(sun, "(await bangfu.carry.read()).villages.length === 1")
    away(sun)
    home = Household.objects.get(key=Pupil.objects.get(pk=cast.pupils[0].pk).household_key)
    sun.go(f"/households/{home.pk}?visit")
    room = sun.page.locator("[data-visit] form")
    room.locator("[name=company][value=alone]").check(force=True)
    assert not room.evaluate("form => form.checkValidity()")  # alone: one sentence why, before it is kept
    room.locator("[name=company_said]").fill("下雨，一个人先去看看")
    room.locator("[name=note]").fill("屋顶漏雨。")
    assert room.evaluate("form => form.checkValidity()")
    room.evaluate(
        "form => { form.elements.on.removeAttribute('max'); form.elements.on.value = '2026-12-25'; }"
    )
    sun.opens(room.locator("button.main"))
    sun.go(f"/households/{home.pk}?hardship")
    room = sun.page.locator("[data-hardship] form")
    room.locator("[name=kind][value=illness]").check(force=True)
    room.locator("[name=note]").fill("奶奶住院。")
    sun.opens(room.locator("button.main"))
    AreaStaff.objects.update(staff=cast.attached)
    back(sun)
    sun.go("/outbox")
    sun.reads("现在不由您走访")
    sun.page.locator("main details").evaluate_all("some => some.forEach(one => { one.open = true; })")
    sun.reads("奶奶住院。", "屋顶漏雨。", "下雨，一个人先去看看")
    hard = sun.row("奶奶住院。")
    hard.get_by_role("button", name="打开改一改").click()
    expect(sun.page.locator("main > .said.refused")).to_contain_text("现在不由您走访")
    AreaStaff.objects.update(staff=cast.neighbour)
    sun.page.reload()
    sun.page.locator("main details").evaluate_all("some => some.forEach(one => { one.open = true; })")
    sun.opens(sun.row("奶奶住院。").get_by_role("button", name="打开改一改"))
    room = sun.page.locator("#hardship form")
    expect(room.locator("[name=note]")).to_have_value("奶奶住院。")
    sun.opens(room.locator("button.main"))
    sun.reads("奶奶住院。")
    sun.go("/outbox")
    sun.page.locator("main details").evaluate_all("some => some.forEach(one => { one.open = true; })")
    sun.opens(sun.row("屋顶漏雨。").get_by_role("button", name="打开改一改"))
    room = sun.page.locator("#visit form")
    expect(room.locator("[name=note]")).to_have_value("屋顶漏雨。")
    room.evaluate("form => { form.elements.on.value = '2026-10-15'; }")
    sun.opens(room.locator(".sticky button"))
    sun.reads("已记下")
    assert HouseholdVisit.objects.get().alone_because == "下雨，一个人先去看看"
    assert Hardship.objects.get().kind == "illness"
    offline = ("net::ERR_", "status of 404")  # that there was no network, and no such round, is this story
    stage.complaints[:] = [one for one in stage.complaints if not any(word in one for word in offline)]


def test_without_a_network_the_village_opens_and_what_is_written_there_arrives_once(stage, cast, ground):
    sun = stage.signs_in("sun", PASSWORD)
    sun.go("/round")
    sun.opens(sun.page.get_by_role("button", name="带走这个村：石坎村"))
    packed(sun)
    until(sun, "(await bangfu.carry.read()).villages.length === 1")
    village = sun.page.url
    away(sun)
    sun.page.goto(village)
    sun.reads("陈小满家", "罗天佑家")
    hand = hand_of(sun)
    hand.opens(sun.page.get_by_role("link", name="记走访：陈小满家"), decides=False)
    hand.tap(chip(sun.page.locator("[data-visit]"), "看病"))
    hand.tap(sun.page.locator("[data-visit] button.main"), decides=False)
    hand.spent(4)  # V2
    expect(sun.page.locator("#queue")).to_have_text("离线 · 1 条待传")
    sun.page.goto(village)
    sun.opens(sun.page.get_by_role("link", name="陈小满家", exact=True))
    hand = hand_of(sun)
    hand.tap(sun.page.locator("[data-hardship] > summary"), decides=False)
    hand.tap(chip(sun.page.locator("[data-hardship]"), "灾害"))
    hand.tap(sun.page.locator("[data-hardship] button.main"), decides=False)
    hand.spent(3)  # V3
    expect(sun.page.locator("#queue")).to_have_text("离线 · 2 条待传")
    assert not HouseholdVisit.objects.exists() and not Hardship.objects.exists()
    away(sun, is_away=False)
    sun.go("/round")
    sent(sun)
    assert HouseholdVisit.objects.get().answers == {"about": ["看病"]}
    assert (Hardship.objects.get().kind, Hardship.objects.get().happened_on) == ("disaster", DAY)
    stage.complaints[:] = [one for one in stage.complaints if "net::ERR_" not in one]
