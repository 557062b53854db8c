"""A principal makes a plan her own: the price falls as she changes it, and from Monday the next version is in force.

With a mouse, with the keyboard alone, and without JavaScript; every page on the way narrow and wide.
"""

import re

import pytest
from playwright.sync_api import expect

from bangfu.flow import adopt
from bangfu.records.models import AdoptedPlan, FactStatement, PlanDraft
from tests.cast import DAY, PASSWORD
from tests.journeys.stage import WIDE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def known(cast):
    """Of four children the teachers said how they keep up."""
    for pupil, word in zip(cast.pupils, ("很吃力", "很吃力", "很吃力", "跟得上"), strict=False):
        FactStatement.objects.create(
            pupil=pupil, source="survey", stated_on=DAY, known_at="2026-10-01T00:00Z",
            values={"keeping_up": word, "conduct": "都好", "mood": "都好"},
        )  # fmt: skip
    return cast


def desk(who):
    who.page.set_viewport_size(WIDE)
    return who.page


def minutes(page) -> int:
    text = page.locator("#trial .figure-line", has_text="平均").inner_text()
    return int(re.search(r"\d+", text).group())


def apart(page) -> int:
    return int(re.search(r"分开做要 (\d+)", page.locator("#trial").inner_text()).group(1))


def versions(cast):
    return list(AdoptedPlan.objects.filter(school=cast.school, key="weekly_support").order_by("version"))


def test_a_plan_is_made_ones_own_and_taken_into_use(known, stage):
    who = stage.signs_in("wang", PASSWORD)
    page = desk(who)
    who.go("/plans")
    who.looks_right()
    desk(who)
    who.opens(who.link("每周帮扶").first)
    who.looks_right()
    desk(who)
    page.select_option("#f-of", "v1")
    who.opens(who.button("试算、修改"))
    who.reads("这是草稿", "名学生，从 2 个班里选定", "每周谈心：每周 1 次")
    who.looks_right()
    desk(who)
    before, before_apart = minutes(page), apart(page)

    page.locator('.token[data-at="duty[talk].every"]').click()
    page.fill("#editor input[name=n]", "2")
    expect(page.locator("#trial")).not_to_contain_text(
        f"分开做要 {before_apart} 分钟"
    )  # seen before it is kept
    assert PlanDraft.objects.get().before == []
    who.looks_right()
    desk(who)
    page.locator("#editor .main").click()
    expect(page.locator("#prose")).to_contain_text("每 2 周")
    expect(page.locator('.token[data-at="duty[talk].every"]')).to_be_focused()
    assert apart(page) < before_apart

    page.locator('.token[data-at="pairing[helper].per_helper"]').click()
    page.fill("#editor input[name=max]", "1")
    page.keyboard.press("Enter")
    expect(page.locator('.token[data-at="pairing[helper].per_helper"]')).to_have_text("1")
    assert minutes(page) < before
    who.looks_right()
    desk(who)

    who.opens(who.button("启用"))
    who.reads("第 2 版", "2026年10月19日", "本校改过")
    first, second = versions(known)
    assert (first.valid_to, second.valid_from) == (second.valid_from, second.valid_from)
    assert adopt.plan_of(second).duty("talk").every.n == 2
    who.opens(who.link("两版并排看"))
    who.reads(
        "第 1 版，2026年3月1日起",
        "第 2 版，2026年10月19日起",
        "每周谈心：每周 1 次",
        "每周谈心：每 2 周 1 次",
    )
    who.looks_right()


def test_without_javascript_a_value_is_changed_and_the_plan_taken_into_use(known, stage):
    who = stage.signs_in("wang", PASSWORD, java_script_enabled=False)
    page = desk(who)
    who.go("/plans/weekly_support")
    page.select_option("#f-of", "v1")
    who.opens(who.button("试算、修改"))
    who.opens(page.locator('.token[data-at="duty[talk].minutes"]'))
    page.fill("#editor input[name=value]", "15")
    who.opens(page.locator("#editor .main"))
    who.reads("已改好")
    assert "约 15 分钟" in page.locator("#s-duty-talk").inner_text()
    who.opens(who.button("启用"))
    who.reads("第 2 版")
    assert adopt.plan_of(versions(known)[-1]).duty("talk").minutes == 15


def test_the_keyboard_alone_opens_changes_and_leaves_a_value(known, stage):
    who = stage.signs_in("wang", PASSWORD)
    page = desk(who)
    who.go("/plans/weekly_support")
    page.select_option("#f-of", "v1")
    who.opens(who.button("试算、修改"))
    token = page.locator('.token[data-at="duty[talk].minutes"]')
    token.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#editor input[name=value]")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#editor")).to_have_count(0)
    expect(token).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#editor input[name=value]")).to_be_focused()
    page.keyboard.type("15")
    page.keyboard.press("Enter")
    expect(token).to_have_text("15")
    expect(token).to_be_focused()


def test_two_people_at_one_value_lose_nothing(known, stage):
    one, other = (stage.signs_in(name, PASSWORD) for name in ("wang", "qian"))
    desk(one)
    desk(other)
    one.go("/plans/weekly_support")
    one.page.select_option("#f-of", "v1")
    one.opens(one.button("试算、修改"))
    other.page.goto(one.page.url)
    for who, words in ((one, "坐着聊"), (other, "走着聊")):
        who.page.locator("#s-duty-talk summary").click()
        who.page.locator('.token[data-at="duty[talk].tip"]').click()
        who.page.locator("#editor [name=value]").fill(words)
    one.page.locator("#editor .main").click()
    expect(one.page.locator("#editor")).to_have_count(0)
    other.page.locator("#editor .main").click()
    other.reads("王振华刚才")
    expect(other.page.locator("#editor [name=value]")).to_have_value("走着聊")
    other.page.locator("#editor .main").click()
    expect(other.page.locator("#editor")).to_have_count(0)
    assert "走着聊" in PlanDraft.objects.get().content


def test_a_phone_reads_the_draft_and_may_take_it_into_use(known, stage):
    who = stage.signs_in("wang", PASSWORD)
    who.go("/plans/weekly_support")
    who.page.select_option("#f-of", "recommended")
    who.opens(who.button("试算、修改"))
    who.reads("手机上只看", "没有人超过 90 分钟")
    who.opens(who.button("启用"))
    who.reads("第 2 版")
