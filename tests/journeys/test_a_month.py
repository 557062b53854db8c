"""One school from an empty database to its printed registers, as people live it: told in steps, on what they see.

The roll is dropped with its dirt, the plan taken into use, a class looked at, pairs made, six weeks recorded, the
month handed in, drawn, sealed and added to, both papers printed and opened.
"""

from datetime import date

import docx
import openpyxl
import pytest

from tests.journeys.opening import (
    ATTACHED,
    CLASS,
    HOMEROOM,
    PRINCIPAL,
    SUPERVISOR,
    Story,
    accounts_are_opened,
    roles_are_given,
    the_dirty_roll_is_looked_at,
    the_faulty_rows_come_back,
    the_plan_is_taken_into_use,
    the_roll_is_loaded,
    the_school_is_opened,
    the_staff_are_pasted,
)
from tests.journeys.stage import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(1800)]
FIRST_NOTE, LATE_NOTE = "自己订正了三道口算题", "周五放学路上又聊了几句"


def test_a_school_lives_through_a_month(stage, tmp_path):
    story = Story(stage, tmp_path)
    for step in (
        the_school_is_opened, the_dirty_roll_is_looked_at, the_faulty_rows_come_back, the_roll_is_loaded,
        the_staff_are_pasted, roles_are_given, accounts_are_opened, the_plan_is_taken_into_use,
        the_class_is_looked_at, causes_are_written_and_the_survey_handed_in, pairs_are_proposed_and_confirmed,
        helpers_accept_with_a_time, the_first_week_is_recorded_in_three_taps, the_short_september_is_handed_in,
        the_weeks_go_by, families_are_called, the_month_is_handed_in_with_two_taps, the_supervisor_draws_and_talks,
        the_month_is_sealed, a_late_record_is_seen_as_one, the_band_list_is_printed, the_record_sheet_is_printed,
        the_other_pages_look_right,
    ):  # fmt: skip
        step(story)
        assert not stage.complaints, (step.__name__, stage.complaints)


def the_class_is_looked_at(story):
    """班主任登录，摸底：一格一格点，随点随存。"""
    story.stage.on(date(2026, 9, 24))
    who = story.enters(HOMEROOM)
    who.looks_right()
    who.reads("摸底", "10月8日")  # teaching week 5 ends in the National Day week
    who.go("/survey")
    who.looks_right()
    who.opens(who.link(f"去填：{CLASS}"))
    names = [words.split()[-1] for words in who.page.locator("tbody th").all_inner_texts()]
    story.children = names[:4]
    for name, fact, word in zip(
        story.children, ("学习情况", "学习情况", "行为习惯", "情绪状态"), ("很吃力", "很吃力", "常要提醒", "常常低落"),
        strict=True,
    ):  # fmt: skip
        cell = who.page.get_by_role("radiogroup", name=f"{name} {fact}")
        who.tap(cell.get_by_label(word, exact=True))
    for name in story.children:
        who.page.get_by_label(f"选{name}").check()
    who.page.wait_for_selector("text=都保存了")
    who.looks_right()


def causes_are_written_and_the_survey_handed_in(story):
    """选定四名，写清成因，交上去。"""
    who = story[HOMEROOM]
    who.opens(who.button("下一步：写原因"))
    who.reads(*story.children, "学习情况：很吃力")
    who.looks_right()
    for at, name in enumerate(story.children):
        card = who.page.locator("section.card").filter(has=who.page.get_by_role("heading", name=name))
        card.get_by_label(("学习", "学习", "行为", "心理")[at], exact=True).check()
        card.get_by_label(("基础没打牢", "学习方法", "习惯没养成", "父母在外")[at], exact=True).check()
    who.opens(who.button("交上去"))
    who.reads("交上去了，新选定 4 名", *story.children)


def pairs_are_proposed_and_confirmed(story):
    """包级领导让机器配一配，看过理由再确认。"""
    story.stage.on(date(2026, 9, 28))
    who = story.enters(SUPERVISOR)
    who.looks_right()
    who.go("/pairing")
    who.reads("还有 4 名学生没有人帮")
    who.looks_right()
    who.opens(who.button("帮我配一配"))
    who.reads("配好了 4 对", "同班", HOMEROOM, ATTACHED)
    who.looks_right()
    who.opens(who.button("全部确认（4 对）"))
    who.reads("4 对", "等")
    who.looks_right()


def helpers_accept_with_a_time(story):
    """每位老师各帮两名，约好每周的时间。"""
    story.enters(ATTACHED)
    for name in (HOMEROOM, ATTACHED):
        who = story[name]
        who.go("/pairing")
        who.looks_right()
        mine = who.page.locator("section[aria-labelledby=mine] .card")
        assert mine.count() == 2
        found = mine.locator("p b").all_inner_texts()
        story.mine[name] = found
        for child in found:
            card = mine.filter(has_text=child)
            card.locator("select").select_option(label="周三 午休")
            who.opens(card.get_by_role("button", name="我来帮"))
            who.reads("周三 午休")
    assert sorted(sum(story.mine.values(), [])) == sorted(story.children)


def the_first_week_is_recorded_in_three_taps(story):
    """从今日页三下记好一次谈心加辅导；存好以后，「下一位」又是三下。"""
    story.stage.on(date(2026, 9, 30))
    who, (first, second) = story[HOMEROOM], story.mine[HOMEROOM]
    who.go("/")
    who.looks_right()
    with who.within(3):
        who.opens(who.row(first, "谈心").get_by_role("link", name=f"记一笔：{first}"))
        who.tap(who.page.locator("label[for=k-tutoring]"))
        who.opens(who.button("保存"))
    who.reads("已记下", second)
    with who.within(3):
        who.opens(who.link(f"下一位：{second}"))
        who.tap(who.page.locator("label[for=k-tutoring]"))
        who.opens(who.button("保存"))
    who.reads("已记下")
    who.go("/")
    who.looks_right()


def the_short_september_is_handed_in(story):
    """九月只有三天，也是看一眼、交上去。"""
    for name in (HOMEROOM, ATTACHED):
        hands_in(story[name], "9月")


def hands_in(who: Person, month: str) -> None:
    who.go("/")
    with who.within(2):
        who.opens(who.link("看一眼，交上去"))
        who.reads(f"{month}")
        who.opens(who.button("交上去"))
    who.reads("交好了")


def the_weeks_go_by(story):
    """十月里每周一次，两名学生一起记。"""
    for day, note in (
        (date(2026, 10, 9), FIRST_NOTE), (date(2026, 10, 14), "背了一首诗"), (date(2026, 10, 21), "作业都交了"),
        (date(2026, 10, 28), "愿意举手了"),
    ):  # fmt: skip
        story.stage.on(day)
        for name in (HOMEROOM, ATTACHED):
            who = story[name]
            who.go("/")
            who.opens(who.link("几位一起记"))
            for child in story.mine[name]:
                who.tap(who.page.locator("form.sheet label.chip", has_text=child))
            who.tap(who.page.locator("label[for=k-tutoring]"))
            who.page.fill("#f-note", f"{note}。")
            if (day, name) == (date(2026, 10, 9), HOMEROOM):
                who.looks_right()
            who.opens(who.button("保存"))
            who.reads("已记下")


def families_are_called(story):
    """联系家长：从今日页三下。"""
    for name in (HOMEROOM, ATTACHED):
        who = story[name]
        for child in story.mine[name]:
            who.go("/")
            with who.within(3):
                who.opens(who.row(child, "联系家长").get_by_role("link", name=f"记一笔：{child}"))
                who.tap(who.page.locator("#p-guardian_contact").get_by_label("联系上了", exact=True))
                who.opens(who.button("保存"))
            who.reads("已记下")


def the_month_is_handed_in_with_two_taps(story):
    """月底：记录已经排好，看一眼，交上去。"""
    story.stage.on(date(2026, 10, 30))
    who = story[HOMEROOM]
    who.go("/handin")
    who.looks_right()
    who.reads("10月", *story.mine[HOMEROOM], "够了")
    who.tap(who.page.locator("summary").filter(has_text="条记录").first)
    who.reads(FIRST_NOTE, "谈心、辅导")
    for name in (HOMEROOM, ATTACHED):
        hands_in(story[name], "10月")
    story[HOMEROOM].looks_right()


def the_supervisor_draws_and_talks(story):
    """包级领导抽学生谈话，谈话也算月末谈话。"""
    who = story[SUPERVISOR]
    who.go("/spot-check")
    who.looks_right()
    who.opens(who.button("抽 5 名"))
    who.reads("4 名", *story.children)
    who.looks_right()
    for at in range(4):
        who.opens(who.link("记谈话").first)
        if at == 0:
            who.looks_right()
        for question in ("最近和老师聊过吗", "有不会的，有人教你吗"):
            who.page.get_by_role("group", name=question).get_by_label("常常").check()
        who.page.get_by_label("和记录对得上").check()
        who.page.get_by_label("落实", exact=True).check()
        who.opens(who.button("保存"))
        who.reads("也算月末谈话")
    who.looks_right()
    who.go("/")
    who.looks_right()


def the_month_is_sealed(story):
    """看过，封存。"""
    who = story[SUPERVISOR]
    who.go("/handin/2026-10/sheets")
    who.looks_right()
    who.opens(who.link(HOMEROOM).first)
    who.reads(*story.mine[HOMEROOM])
    who.looks_right()
    who.page.go_back()
    who.opens(who.button("封存这 2 份"))
    who.reads("封存了 2 份", "已封存")


def a_late_record_is_seen_as_one(story):
    """封存以后补的一条：看得出是后补的，也写得出为什么。"""
    story.stage.on(date(2026, 11, 3))
    who, child = story[HOMEROOM], story.mine[HOMEROOM][0]
    who.go("/pupils")
    who.opens(who.link(child).first)
    who.looks_right()
    who.opens(who.page.locator("main").get_by_role("link", name="记一笔").first)
    who.tap(who.page.locator("label[for=k-talk]"))
    who.page.fill("#f-note", f"{LATE_NOTE}。")
    who.tap(who.page.locator("summary").filter(has_text="日期"))
    who.page.fill("#f-on", "2026-10-30")
    who.opens(who.button("保存"))
    who.go("/handin/2026-10")
    who.reads("封存后补记 1 条")
    who.tap(who.page.locator("summary").filter(has_text="补记说明"))
    who.page.fill("#f-note", "周五谈过，当天停电没有记。")
    who.opens(who.button("加上说明"))
    who.reads("当天停电没有记")
    who.looks_right()
    who.go("/pupils")
    who.opens(who.link(child).first)
    who.reads(LATE_NOTE, "补记于11月3日")
    checker = story[SUPERVISOR]
    checker.go("/handin/2026-10/sheets")
    checker.reads("封存后补记 1 条")
    checker.opens(checker.link(HOMEROOM).first)
    checker.reads("当天停电没有记", "封存后补记 1 条")
    checker.looks_right()


def prints(who: Person, register: str, folder) -> tuple[str, str]:
    """Both files of a paper, opened: the words of the workbook's cells and of the document's tables."""
    paper = who.page.locator(f"section[aria-labelledby=paper-{register}]")
    sheets = who.takes(paper.locator("button[value=xlsx]"), folder)
    pages = who.takes(paper.locator("button[value=docx]"), folder)
    assert "待优" not in sheets.name + pages.name
    book, document = openpyxl.load_workbook(sheets), docx.Document(str(pages))
    cells = [str(c.value) for s in book for row in s.iter_rows() for c in row if c.value is not None]
    words = [p.text for p in document.paragraphs]
    words += [c.text for table in document.tables for row in table.rows for c in row.cells]
    return "\n".join(cells), "\n".join(words)


def the_band_list_is_printed(story):
    """《待优生情况一览表》中年级：xlsx 和 docx 里都有这四名学生、成因和结对老师。"""
    who = story[SUPERVISOR]
    who.go("/reports")
    who.looks_right()
    for text in prints(who, "band_list", story.folder):
        for words in (
            "待优生情况一览表",
            CLASS,
            *story.children,
            "基础没打牢",
            "父母在外",
            HOMEROOM,
            ATTACHED,
        ):
            assert words in text, text


def the_record_sheet_is_printed(story):
    """《待优生帮扶情况记录表》十月：孩子、各周、写下的那一句、后来补的那一句都在。"""
    who, child = story[SUPERVISOR], story.mine[HOMEROOM][0]
    paper = who.page.locator("section[aria-labelledby=paper-support_record]")
    paper.locator("select[name=case]").select_option(label=f"{CLASS} {child}")
    paper.get_by_label("10月").check()
    for text in prints(who, "support_record", story.folder):
        weeks = ("第6周", "第7周", "第8周", "第9周")
        for words in (
            "待优生帮扶情况记录表",
            child,
            HOMEROOM,
            *weeks,
            FIRST_NOTE,
            "联系上了",
            LATE_NOTE,
            "落实",
        ):
            assert words in text, text


def the_other_pages_look_right(story):
    """其余各页，校长也都看一遍。"""
    who = story[PRINCIPAL]
    for path in (
        "/", "/board", "/record/new", "/survey", "/handin", "/spot-check", "/decisions", "/awards", "/me", "/feedback",
        "/me/password", "/plans/file", "/settings/calendar", "/settings/classes", "/settings/leave",
        "/settings/absence", "/settings/people",
    ):  # fmt: skip
        who.go(path)
        assert who.page.locator("h1").count() == 1, path
        who.looks_right()
