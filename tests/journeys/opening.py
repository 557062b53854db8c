"""The first chapter: an empty database becomes a school with its roll, its people and a plan.

In: a Story. Out: the same, with the principal signed in and a slip for everybody.
"""

from dataclasses import dataclass, field
from datetime import date

import openpyxl

from bangfu.demo import samples
from bangfu.demo.people import Size
from bangfu.flow import school as schools
from tests.journeys.stage import Person, Stage

START = date(2026, 9, 1)
SCHOOL, PRINCIPAL, PASSWORD = "云脚镇中心小学", "王振华", "yunjiao-2026"
HOMEROOM, ATTACHED, SUPERVISOR = "李秋月", "赵志远", "张国栋"
CLASS = "三（1）班"


@dataclass
class Story:
    """What the steps hand to each other: the people, their starting passwords, the children chosen, a folder."""

    stage: Stage
    folder: object
    people: dict = field(default_factory=dict)
    slips: dict = field(default_factory=dict)
    children: list = field(default_factory=list)
    mine: dict = field(default_factory=dict)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    def enters(self, name: str) -> Person:
        """Somebody opens the school for the first time with the slip they were handed."""
        self.people[name] = self.stage.signs_in(*self.slips[name])
        return self.people[name]


def the_school_is_opened(story):
    """空库里用设置码开学校，校长随后自己登录。"""
    story.stage.on(START)
    anybody = story.stage.person()
    anybody.go("/start")
    anybody.looks_right()
    for name, words in (
        ("name", SCHOOL), ("principal", PRINCIPAL), ("username", "wang"), ("password", PASSWORD),
        ("again", PASSWORD), ("code", "00000000"),
    ):  # fmt: skip
        anybody.page.fill(f"#f-{name}", words)
    anybody.opens(anybody.button("开始用"))
    anybody.reads("设置码不对")
    for name, words in (("password", PASSWORD), ("again", PASSWORD), ("code", schools.setup_code())):
        anybody.page.fill(f"#f-{name}", words)
    anybody.opens(anybody.button("开始用"))
    anybody.page.wait_for_url("**/intake")
    stranger = story.stage.person()
    stranger.page.goto(f"{story.stage.url}/sign-in")
    stranger.looks_right()
    story.slips[PRINCIPAL] = ("wang", PASSWORD)
    story.enters(PRINCIPAL).looks_right()
    story[PRINCIPAL].reads("还没有启用方案")


def the_dirty_roll_is_looked_at(story):
    """拖入有毛病的学籍表：先看会改动什么，什么都还没有写。"""
    who = story[PRINCIPAL]
    sample = samples.dirty(START, Size(classes_per_grade=1, pupils_per_class=12, points=False))
    path = story.folder / sample.name
    path.write_bytes(sample.content)
    who.go("/intake")
    who.looks_right()
    who.page.set_input_files("#f-file", path)
    who.opens(who.button("看一看"))
    who.page.wait_for_url("**/intake/*")
    who.looks_right()
    who.reads("还没有写入", "新增 67", "73 行里 6 行要看一下", "先不导入")
    who.go("/pupils")
    assert who.page.locator("main li").count() == 0
    who.page.go_back()


def the_faulty_rows_come_back(story):
    """有毛病的行标黄退回：还是原来那张表，多一列「要看一下」。"""
    who = story[PRINCIPAL]
    path = who.takes(who.link("下载标黄的表"), story.folder)
    assert path.name == "要看一下_学籍导出示例_有问题.xlsx"
    sheet = openpyxl.load_workbook(path).active
    assert sheet["A1"].value.endswith("学生花名册")  # the merged title is still there
    (heading,) = [cell for row in sheet.iter_rows(max_row=6) for cell in row if cell.value == "要看一下"]
    cells = [sheet.cell(row, heading.column) for row in range(heading.row + 1, sheet.max_row + 1)]
    said = {cell.row: cell.value for cell in cells if cell.value}
    assert list(said) == [12, 23, 30, 37, 44, 45]
    assert "科学计数法" in said[12] and "校验码不对" in said[30] and "重复" in said[44]
    assert {sheet.cell(row, 8).fill.fgColor.rgb[-6:] for row in said} != {"000000"}


def the_roll_is_loaded(story):
    """没毛病的 67 行导入。"""
    who = story[PRINCIPAL]
    who.opens(who.button("导入 67 行"))
    who.page.wait_for_selector("text=导入好了：新增 67")
    who.looks_right()
    who.reads("6 行没有导入", "9月8日前可以撤销")
    who.opens(who.link("看学生"))
    who.looks_right()


def the_staff_are_pasted(story):
    """老师名单从表格里粘贴进来。"""
    who = story[PRINCIPAL]
    who.go("/settings")
    who.looks_right()
    who.opens(who.link("打开：人员和岗位"))
    who.page.fill("#f-names", f"姓名\t学科\n{HOMEROOM}\t语文\n{ATTACHED}，数学\n{SUPERVISOR}\n")
    who.opens(who.button("加这些老师"))
    who.reads(HOMEROOM, ATTACHED, SUPERVISOR, "还没有岗位")
    who.looks_right()


def roles_are_given(story):
    """班主任、包班教师、包级领导。"""
    who = story[PRINCIPAL]
    for name, role, where, scope in (
        (HOMEROOM, "班主任", "#f-school_class", CLASS),
        (ATTACHED, "包班教师", "#f-school_class", CLASS),
        (SUPERVISOR, "包级领导", "#f-grade", "三年级"),
    ):
        who.go("/settings/people")
        who.opens(who.link(f"打开：{name}"))
        who.page.select_option("#f-role", label=role)
        who.page.select_option(where, label=scope)
        who.opens(who.button("给这个岗位"))
        who.reads(f"{scope} {role}")
    who.looks_right()


def accounts_are_opened(story):
    """账号一次开好，起始密码只显示这一次。"""
    who = story[PRINCIPAL]
    who.go("/settings/people")
    who.opens(who.button("给他们都开通"))
    for slip in who.page.locator(".slip").all():
        username, password = slip.locator("dd").all_inner_texts()
        story.slips[slip.locator("b").inner_text()] = (username, password)
    assert {HOMEROOM, ATTACHED, SUPERVISOR} <= story.slips.keys()
    who.looks_right()


def the_plan_is_taken_into_use(story):
    """启用每周帮扶（原文版），从开学算起。"""
    who = story[PRINCIPAL]
    who.go("/plans")
    who.looks_right()
    who.opens(who.link("每周帮扶", exact=True))
    who.looks_right()
    who.page.get_by_role("radio", name="原文版").check()
    who.opens(who.button("启用"))
    who.reads("在用，第 1 版")
    who.looks_right()
