"""A month of the weekly plan (P9) with four children, played in Chromium on a phone: what writing it all down costs.

Every child every week with its own sentence, every family called, a visit, bright spots, something not possible, the
month handed in. Counted are taps, decisions and dictated characters; seconds are the arithmetic of ux.md 1.2.
"""

from datetime import date

import pytest

from bangfu.records.models import Evidence, MonthSheet
from tests.cast import PASSWORD
from tests.journeys.finger import PHONE, Finger
from tests.journeys.network import sent, until
from tests.journeys.stage import Person
from tests.journeys.test_taps import DIALS, SAVE, a_bright_spot, a_visit, chip, not_possible, row, said

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WEEKS = (date(2026, 10, 9), date(2026, 10, 14), date(2026, 10, 21), date(2026, 10, 28))
NAMES = ("陈小满", "罗天佑", "杨朵朵", "周子安")
SENTENCES = (
    "订正了三道口算，自己找到错处。",
    "背会了一首诗，愿意念给同桌听。",
    "作业都交了，字比上周大方。",
    "聊到爸爸要回来，很高兴。",
)
MOST = 20 * 60


@pytest.fixture
def hand(stage, cast, settings) -> Finger:
    """The class teacher with four children since the first school day of October."""
    settings.DAY = WEEKS[0]
    for at in range(4):
        cast.case(at, opened_on=date(2026, 10, 8))
    one = stage.signs_in("li", PASSWORD)
    one.page.set_viewport_size(PHONE)
    return Finger(one.page)


def the_week(hand: Finger, at: int, absent: str = "") -> None:
    """One sitting with each child, talk and tutoring together; the first is tapped, the others come with the same."""
    names = [name for name in NAMES if name != absent]
    hand.opens(row(hand.page, names[0], "谈心").get_by_role("link", name="记一笔"))
    hand.tap(hand.page.locator("label[for=k-tutoring]"), decides=False)
    hand.tap(chip(hand.page.locator("#p-talk"), "学习"))
    hand.tap(chip(hand.page.locator("#p-tutoring"), "订正"))
    for turn, _name in enumerate(names):
        hand.tap(
            chip(hand.page.locator("#p-talk"), ("挺好", "平稳")[turn % 2])
        )  # a judgement is never kept for the next
        hand.says(hand.page.locator("#f-note"), SENTENCES[(at + turn) % 4])
        hand.opens(hand.page.locator(SAVE), decides=False)
        if turn + 1 < len(names):
            hand.opens(hand.page.locator("[data-said] a"), decides=False)
    assert said(hand.page).startswith("已记下")


def the_family_is_called(hand: Finger, name: str) -> None:
    hand.opens(row(hand.page, name).locator("a.who").filter(has_text=name).first)
    hand.page.evaluate(DIALS)
    hand.tap(hand.page.get_by_role("button", name="奶奶").first, decides=False)
    until(Person(hand.page, None), "window.dialled")
    hand.opens(hand.page.get_by_role("button", name="打通了", exact=True))
    said(hand.page)


def test_a_month_with_four_children_is_written_down_within_twenty_minutes(hand, settings, cast, capsys):
    parts: dict[str, tuple[int, float]] = {}

    def count(what: str, act, *given) -> None:
        taps, seconds = hand.taps, hand.seconds
        hand.page.goto(hand.page.url.split("/", 3)[0] + "//" + hand.page.url.split("/")[2] + "/")
        hand.decisions += 1  # reading the list
        act(hand, *given)
        sent(Person(hand.page, None))
        before = parts.get(what, (0, 0.0))
        parts[what] = (before[0] + hand.taps - taps, before[1] + hand.seconds - seconds)

    for at, day in enumerate(WEEKS):
        settings.DAY = day
        absent = NAMES[3] if at == 2 else ""
        count("每周谈心和辅导", the_week, at, absent)
        if absent:
            count("没做成", not_possible, absent)
        count("闪光点", a_bright_spot, NAMES[at], "主动帮一年级小朋友打饭。")
    for name in NAMES[1:]:
        count("联系家长", the_family_is_called, name)
    count("家访", a_visit, NAMES[0])
    settings.DAY = date(2026, 10, 30)
    count("交本月记录", the_month_is_handed_in)
    assert Evidence.objects.current().count() == 4 * 4 - 1 + 4 + 3 + 1
    sheet = MonthSheet.objects.get(helper=cast.homeroom)
    assert all(child["enough"] for child in sheet.content["children"])
    with capsys.disabled():
        print(
            f"\n四名学生的一个月：{hand.taps} 下，{hand.decisions} 个决定，{hand.spoken} 个字，{hand.seconds / 60:.1f} 分钟"
        )
        for what, (taps, seconds) in parts.items():
            print(f"  {what}：{taps} 下，{seconds:.0f} 秒")
    assert hand.seconds <= MOST


def the_month_is_handed_in(hand: Finger) -> None:
    hand.opens(hand.page.get_by_role("link", name="看一眼，交上去").first)
    hand.opens(hand.page.get_by_role("button", name="交上去").first)
