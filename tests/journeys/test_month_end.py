"""A month's end with its exceptions: a leave noted by mistake, a plan that rests, two taps to hand in, a guest who looks."""

from datetime import date

import pytest

from bangfu.records.models import Leave, MonthSheet, Suspension
from tests.cast import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_from_a_leave_taken_back_to_a_month_handed_in_and_shown(cast, stage, settings):
    for at in (0, 1):
        cast.case(at, opened_on=date(2026, 10, 5))
    teacher = stage.signs_in("li", PASSWORD)
    teacher.go("/me")
    teacher.reads("我请假，请人代管")
    teacher.opens(teacher.link("记一次请假"))
    teacher.page.fill("#f-ends_on", "2026-10-16")
    teacher.looks_right()
    teacher.opens(teacher.button("记下请假"))
    teacher.opens(teacher.button("撤销"))
    teacher.reads("已撤销，那几天的事回到单子上")
    assert not Leave.objects.exists()

    teacher.go("/")
    menu = teacher.row("陈小满").first
    teacher.tap(menu.locator("summary").first)
    teacher.opens(menu.get_by_role("link", name="改到哪天"))
    teacher.looks_right()
    teacher.tap(teacher.page.locator("label.chip").first)
    teacher.opens(teacher.button("约这一天"))
    teacher.reads("约在今天")

    head = stage.signs_in("wang", PASSWORD)
    head.go("/pauses")
    head.page.select_option("#f-plan", "weekly_support")
    head.page.fill("#f-ends_on", "2026-10-16")
    head.page.fill("#f-because", "流感停课")
    head.opens(head.button("暂停"))
    head.reads("流感停课")
    head.looks_right()
    teacher.go("/")
    teacher.reads("流感停课")
    head.opens(head.page.locator("main").get_by_role("button", name="不停了").first)
    assert not Suspension.objects.exists()  # it had only just begun: the trail keeps it

    settings.DAY = date(2026, 10, 29)
    teacher.go("/")
    with teacher.within(2):  # T4
        teacher.opens(teacher.link("看一眼，交上去"))
        teacher.opens(teacher.button("交上去"))
    assert MonthSheet.objects.get().helper == cast.homeroom

    head.go(f"/pupils/{cast.pupils[0].pk}?view=check")
    head.reads("每条写着哪天", "10月")
    head.looks_right()
    head.go("/inspection")
    head.page.fill("#f-name", "督学")
    head.opens(head.button("开通这几天"))
    head.reads("督学")
