"""A teacher's phone without a network: noted, kept closed, sent once; a server or a page that dies loses nothing."""

import json
from datetime import date

import pytest
from playwright.sync_api import expect

from bangfu.records.models import Evidence, Guardian, Pupil
from tests.cast import PASSWORD
from tests.journeys.gate import Gate
from tests.journeys.network import away, back, packed, sent, until

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SAID = "今天自己举了手，讲了家里的小羊。"
EVERYTHING_KEPT = """async () => {
  const asking = indexedDB.open("bangfu");
  const base = await new Promise(done => { asking.onsuccess = () => done(asking.result); });
  const found = {}, bytes = value => value instanceof Uint8Array ? new TextDecoder().decode(value) : value;
  for (const name of base.objectStoreNames) {
    const asked = base.transaction(name).objectStore(name).getAll();
    found[name] = await new Promise(done => { asked.onsuccess = () => done(asked.result); });
  }
  const caught = [];
  for (const name of await caches.keys()) {
    const kept = await caches.open(name);
    for (const one of await kept.keys()) caught.push(await (await kept.match(one)).text());
  }
  const session = JSON.stringify(sessionStorage) + JSON.stringify(localStorage);
  return { kept: JSON.stringify(found, (_key, value) => bytes(value)), caught, session,
           counts: Object.fromEntries(Object.entries(found).map(([name, rows]) => [name, rows.length])) };
}"""
LONG_AGO = """async () => {
  const kept = await bangfu.vault.read("facts", "carried");
  await bangfu.vault.put("facts", { ...kept, until: Date.now() - 1 }, "carried");
}"""
ONE_NEVER_OPENS = """() => bangfu.vault.turn(["outbox"], at => {
  const asked = at("outbox").getAll();
  asked.onsuccess = () => { const row = asked.result[0]; row.box[0] ^= 1; at("outbox").put(row); };
})"""
FOUR_DAYS_AGO = """() => bangfu.vault.turn(["outbox"], at => {
  const asked = at("outbox").getAll();
  asked.onsuccess = () => asked.result.forEach(row => { row.at -= 4 * 86400000; at("outbox").put(row); });
})"""


@pytest.fixture
def child(cast) -> str:
    """The class teacher helps one child, whose name this gives."""
    cast.case(0, opened_on=date(2026, 10, 12))
    return cast.pupils[0].name


@pytest.fixture
def gate(stage, live_server):
    """Everybody of this story comes to the server through a gate."""
    found = Gate(live_server.thread.host, live_server.thread.port)
    stage.url = found.url
    yield found
    found.shut()


@pytest.fixture
def li(child, gate, stage):
    """The class teacher, signed in on a phone that has taken everything along."""
    who = stage.signs_in("li", PASSWORD)
    packed(who)
    yield who
    who.page.goto("about:blank")  # before the gate is shut for good
    broken = ("net::ERR_", "status of 50", "status of 401")  # that there is no network is this story
    stage.complaints[:] = [one for one in stage.complaints if not any(word in one for word in broken)]


def waits(who, words: str) -> None:
    expect(who.page.locator("#queue")).to_have_text(words)


def arrived() -> list[Evidence]:
    return list(Evidence.objects.current().filter(is_withdrawn=False))


def test_a_talk_without_a_network_takes_three_taps_and_arrives_once_when_it_is_back(cast, child, li):
    away(li)
    li.go("/")
    li.reads("这是", "的内容", child)
    with li.within(3):
        li.opens(li.row(child, "谈心").get_by_role("link", name=f"记一笔：{child}"))
        li.tap(li.page.locator(".part:visible .chip", has_text="心情"))
        li.opens(li.button("保存"))
    li.reads("已记在这台设备上，有网时自动上传。", "已记在这台设备上的")
    waits(li, "离线 · 1 条待传")
    assert arrived() == []
    back(li)
    (one,) = arrived()
    assert one.activities == ["talk"] and one.answers["about"] == ["心情"] and one.author == cast.homeroom
    assert one.happened_on == date(2026, 10, 15)  # the school's day, whatever this device believes


def test_what_the_shell_shows_is_accessible_and_fits(cast, child, li):
    away(li)
    for path in (
        "/",
        f"/pupils/{cast.pupils[0].pk}",
        f"/record/new?pupil={cast.pupils[0].pk}",
        "/outbox",
        "/board",
    ):
        li.go(path)
        li.page.wait_for_selector("html[data-drawn]")
        li.looks_right()
    li.reads("要联网才能看")


def test_what_was_carried_too_long_is_neither_shown_nor_kept(child, li):
    away(li)
    li.go("/")
    li.reads(child)
    li.page.evaluate(LONG_AGO)
    li.go("/")
    li.reads("要联网才能看")
    assert child not in li.page.inner_text("body")
    kept = li.page.evaluate(EVERYTHING_KEPT)
    assert kept["counts"]["keys"] == 0 and '"iv"' not in kept["kept"]


def test_taken_back_where_there_is_no_network_it_counts_for_nothing(child, li):
    away(li)
    note(li, child)
    li.tap(li.button("撤销"))
    li.reads("已撤销。")
    back(li)
    assert arrived() == []


def note(who, child: str, words: str = SAID) -> None:
    """Write a talk down and save it, wherever one stands."""
    who.go("/")
    who.opens(who.row(child, "谈心").get_by_role("link", name=f"记一笔：{child}"))
    who.page.fill("#f-note", words)
    who.opens(who.button("保存"))


def test_a_dead_server_a_lost_answer_and_a_killed_page_lose_and_double_nothing(child, gate, li):
    li.opens(li.row(child, "谈心").get_by_role("link", name=f"记一笔：{child}"))
    gate.shut()  # between opening the sheet and saving it
    li.page.fill("#f-note", SAID)
    expect_draft(li)
    context = li.page.context
    li.page.close()
    li.page = context.new_page()
    li.go("/")  # the list as it stood
    li.opens(li.row(child, "谈心").get_by_role("link", name=f"记一笔：{child}"))
    expect(li.page.locator("#f-note")).to_have_value(SAID)
    li.reads("上次没写完的还在。")
    li.opens(li.button("保存"))
    li.reads("已记在这台设备上")
    li.page.evaluate(FOUR_DAYS_AGO)
    li.go("/")
    li.reads("有 1 条记在这台设备上已 4 天，连上网后请打开一次本页。")
    gate.loses = b"POST /sync"
    gate.open()
    li.page.evaluate("() => bangfu.outbox.flush()")
    assert gate.lost and len(arrived()) == 1  # it is there, and the phone doesn't know
    gate.loses = b""
    li.page.evaluate("() => bangfu.outbox.flush()")
    sent(li)
    assert [one.note for one in arrived()] == [SAID]
    li.go("/outbox")
    li.reads("都已经交给学校了")


def expect_draft(who) -> None:
    """Wait until the last key stroke is sealed on the disk: the tab's own copy, which dies with it, is gone by then."""
    key = "document.querySelector('form.sheet').dataset.draft"
    sealed = f"await bangfu.drafts.quiet({key}), !sessionStorage.getItem('draft:' + {key})"
    until(who, f"({sealed}) && (JSON.stringify(await bangfu.drafts.read({key})) || '').includes('{SAID}')")


def test_nothing_on_the_device_can_be_read_and_signing_out_leaves_nothing(cast, child, li, stage):
    away(li)
    note(li, child)
    li.go(f"/record/new?pupil={cast.pupils[0].pk}")
    li.page.fill("#f-note", "写到一半")
    until(li, "(await bangfu.vault.list('drafts')).length")
    found = li.page.evaluate(EVERYTHING_KEPT)
    whole = found["kept"] + "".join(found["caught"]) + found["session"]
    assert found["counts"]["outbox"] == found["counts"]["drafts"] == 1
    for word in (child, SAID, "写到一半", cast.pupils[1].name, cast.homeroom.name, cast.school.name):
        assert word not in whole
    assert not li.page.evaluate("() => bangfu.vault.key.extractable")
    away(li, is_away=False)
    li.go("/me")
    li.opens(li.page.locator("form[action='/sign-out'] button"))  # what waited is sent on the way out
    assert [one.note for one in arrived()] == [SAID]
    assert set(li.page.evaluate(EVERYTHING_KEPT)["counts"].values()) == {0}
    away(li)
    li.go("/")
    li.reads("要联网才能看")
    assert child not in li.page.inner_text("body")


def test_what_waits_at_signing_out_is_offered_and_stays_closed_for_its_writer(cast, child, gate, li, stage):
    away(li)
    note(li, child)
    li.page.route("**/sync", lambda route: route.abort())  # before the network: it would be sent at once
    away(li, is_away=False)
    li.go("/me")
    li.tap(li.page.locator("form[action='/sign-out'] button"))
    li.reads("还有 1 条没有传到学校")
    li.looks_right()
    li.opens(li.button("退出，先封在这台设备上"))
    assert li.page.evaluate(EVERYTHING_KEPT)["counts"] == {"drafts": 0, "facts": 3, "keys": 0, "outbox": 1}
    li.page.unroute("**/sync")
    for who, words in (("zhao", "还有 1 条是别人写的"), ("li", "都已经交给学校了")):
        li.page.fill("#f-username", who)
        li.page.fill("#f-password", PASSWORD)
        li.opens(li.page.locator("main form.card button"))
        li.go("/outbox")
        li.reads(words)
        assert len(arrived()) == (who == "li")
        li.go("/me")
        li.opens(li.page.locator("form[action='/sign-out'] button"))
    assert arrived()[0].author == cast.homeroom


def test_what_the_school_cannot_take_stays_with_its_reason_until_it_is_changed(cast, child, li, tmp_path):
    away(li)
    li.go(f"/record/new?pupil={cast.pupils[0].pk}&activity=talk")
    li.page.fill("#f-note", SAID)
    li.page.evaluate("() => { document.querySelector('[name=on]').removeAttribute('max'); }")
    li.page.locator("details", has=li.page.locator("[name=on]")).locator("summary").click()
    li.page.fill("[name=on]", "2026-12-25")
    li.opens(li.button("保存"))
    li.go("/outbox")
    file = json.loads(li.takes(li.button("存成文件"), tmp_path).read_text(encoding="utf-8"))
    assert SAID not in json.dumps(file, ensure_ascii=False) and len(file["items"]) == 1
    back(li)
    li.go("/outbox")
    li.reads("已存成文件")
    waits(li, "1 条要看一下")
    li.looks_right()
    li.go("/me")
    li.tap(
        li.page.locator("form[action='/sign-out'] button")
    )  # not taken is not sent: nothing is wiped unasked
    li.reads("还有 1 条没有传到学校")
    li.go("/outbox")
    li.opens(li.button("打开改一改"))
    expect(li.page.locator("#f-note")).to_have_value(SAID)
    li.page.fill("[name=on]", "2026-10-15")
    li.opens(li.button("保存"))
    li.reads("已记下")
    assert [one.note for one in arrived()] == [SAID]


def test_where_nothing_can_be_kept_closed_the_forms_post_as_they_always_did(cast, child, stage):
    who = stage.person()
    who.page.add_init_script("Object.defineProperty(window, 'isSecureContext', { value: false })")
    who.go("/sign-in")
    who.page.fill("#f-username", "li")
    who.page.fill("#f-password", PASSWORD)
    who.opens(who.page.locator("main form.card button"))
    note(who, child)
    who.reads("已记下")
    assert [one.note for one in arrived()] == [SAID]
    changes_where_it_is_heard(who, arrived()[0], cast.pupils[0])
    who.go("/outbox")
    who.reads("没有网也能记，要用 https 开头的网址")


def test_what_is_changed_as_the_network_goes_is_kept_and_arrives_as_a_change(cast, child, li):
    note(li, child)
    (first,) = arrived()
    li.go(f"/record/{first.pk}?change")
    away(li)
    li.page.fill("#f-note", "改了一句。")
    li.opens(li.button("保存"))
    li.reads("已记在这台设备上")
    back(li)
    (now,) = arrived()
    assert (now.note, now.amends_id) == ("改了一句。", first.pk)
    guardian, pupil = Guardian.objects.filter(pupil=cast.pupils[0]).first(), cast.pupils[0]
    li.go(f"/pupils/{pupil.pk}/contacts")
    away(li)
    li.page.fill(f"[name='{guardian.pk}.phone']", "100 5555 1234")
    li.page.fill("[name=address]", "石坎镇平坝村2组")
    li.opens(li.page.locator("form[data-outbox] .sticky button"))
    li.reads("已记在这台设备上", child)
    waits(li, "离线 · 2 条待传")
    back(li)
    assert Guardian.objects.get(pk=guardian.pk).phone.reveal() == "100 5555 1234"
    assert Pupil.objects.get(pk=pupil.pk).address.reveal() == "石坎镇平坝村2组"
    changes_where_it_is_heard(li, now, pupil)


def changes_where_it_is_heard(who, record: Evidence, pupil) -> None:
    """With a network the same two forms say what they always said, and a refusal stays in the form."""
    who.go(f"/record/{record.pk}?change")
    who.page.fill("#f-note", "又改了一句。")
    who.opens(who.button("保存"))
    who.reads("原来的文字还看得到", "又改了一句。")
    who.go(f"/pupils/{pupil.pk}/contacts")
    who.opens(who.page.locator("form .sticky button"))
    who.reads("没有改动。")
    who.go(f"/pupils/{pupil.pk}/contacts")
    who.page.fill("[name=phone]", "没有电话")
    who.tap(who.page.locator("form .sticky button"))
    who.reads("只写数字")
    who.page.fill("[name=phone]", "10055556666")
    who.opens(who.page.locator("form .sticky button"))
    who.reads("改好了", pupil.name)
    assert Pupil.objects.get(pk=pupil.pk).phone.reveal() == "10055556666"
    assert Evidence.objects.current().get(is_withdrawn=False).note == "又改了一句。"


def test_what_one_began_opens_again_after_somebody_else_signed_in_and_out(cast, child, li):
    li.go(f"/record/new?pupil={cast.pupils[0].pk}&activity=talk")
    li.page.fill("#f-note", SAID)
    expect_draft(li)
    until(li, "sessionStorage.length === 0")
    li.page.context.clear_cookies()
    for who in ("zhao", "li"):
        li.go("/sign-in")
        li.page.fill("#f-username", who)
        li.page.fill("#f-password", PASSWORD)
        li.opens(li.page.locator("main form.card button"))
        until(li, "bangfu.vault.key")
        if who == "zhao":
            li.go("/me")
            li.opens(li.page.locator("form[action='/sign-out'] button"))
    li.go(f"/record/new?pupil={cast.pupils[0].pk}&activity=talk")
    expect(li.page.locator("#f-note")).to_have_value(SAID)


def test_what_the_device_cannot_keep_stays_in_the_tab(cast, child, li):
    li.go(f"/record/new?pupil={cast.pupils[0].pk}&activity=talk")
    li.page.evaluate("() => { bangfu.vault.put = () => Promise.reject(new Error('full')); }")
    li.page.fill("#f-note", SAID)
    li.page.evaluate("() => bangfu.drafts.quiet(document.querySelector('form.sheet').dataset.draft)")
    li.page.reload()
    expect(li.page.locator("#f-note")).to_have_value(SAID)


def test_one_that_never_opens_again_keeps_no_other_back(cast, child, li):
    away(li)
    for words in ("第一条", "第二条"):
        li.go(f"/record/new?pupil={cast.pupils[0].pk}&activity=talk")
        li.page.fill("#f-note", words)
        li.opens(li.button("保存"))
    li.page.evaluate(ONE_NEVER_OPENS)
    away(li, is_away=False)
    until(li, "(await bangfu.outbox.flush(), (await bangfu.outbox.waiting()).length === 1)")
    assert len(arrived()) == 1 and arrived()[0].note in ("第一条", "第二条")


def test_what_waits_opens_again_after_the_school_changed_its_seal(child, li, settings):
    li.page.route("**/sync", lambda route: route.abort())
    note(li, child)
    li.go("/me")
    li.tap(li.page.locator("form[action='/sign-out'] button"))
    li.opens(li.button("退出，先封在这台设备上"))
    settings.SEAL_KEYS = {"next": ("aes", b"n" * 32), **settings.SEAL_KEYS}
    settings.SEAL_KEY = "next"
    li.page.unroute("**/sync")
    li.page.fill("#f-username", "li")
    li.page.fill("#f-password", PASSWORD)
    li.opens(li.page.locator("main form.card button"))
    sent(li)
    assert [one.note for one in arrived()] == [SAID]
