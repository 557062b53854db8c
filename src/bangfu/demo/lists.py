"""Sample lists of other offices about the invented school: heads and members of households, a csv, typical dirt.

They open the tour at /lists (拖入示例名单); nothing in them is true of anybody.
"""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

import xlsxwriter

from bangfu.demo import people, words
from bangfu.demo.people import Town
from bangfu.engine.identity import check_digit
from bangfu.flow import lists
from bangfu.flow.lists import Answers
from bangfu.records.access import viewer_of

HOUSEHOLD = ("序号", "户编号", "户主姓名", "姓名", "与户主关系", "身份证号码", "村", "联系电话")
MONITORED = (
    "序号",
    "村",
    "户主姓名",
    "姓名",
    "与户主关系",
    "身份证号码",
    "监测对象类别",
    "风险是否已消除",
    "就读学校",
)
DISABLED = ("姓名", "性别", "残疾证号", "残疾类别", "监护人姓名", "联系电话", "学校")


@dataclass(frozen=True, slots=True)
class Sample:
    """One file: its name and its bytes."""

    name: str
    content: bytes


def dibao(town: Town, on: date) -> Sample:
    """This function will make a household list: grown-ups, a sibling's number, a household that names no child."""
    rows, families = [], _families(town)
    for at, pupil in enumerate(town.children[11:311:25]):
        first, *_ = families[pupil.pk]
        number = pupil.id_number.reveal()
        if at == 3:
            number = number.lower().replace("19", "１９")  # full-width digits
        if at == 5:
            number = f"{number[:14]}{(int(number[14:17]) + 2) % 1000:03d}"
            number += check_digit(number)  # the number of a brother or sister
        name = f"{pupil.name[0]}　{pupil.name[1:]}" if at == 2 else pupil.name
        house = [f"D{at + 1:03d}", first.name]
        rows.append([*house, first.name, "户主", _grown_up(at), "石坎村", first.phone.reveal()])
        if at == 7:
            continue  # the household is listed, its child is not
        rows.append(["", "", name, "之孙", number, "", "无" if at % 2 else ""])
    rows += [["D090", "龙德明", "龙德明", "户主", _grown_up(90), "白马村", ""],
             ["", "", "龙小海", "之子", _child(91), "", ""]]  # fmt: skip
    return Sample("低保名单.xlsx", _workbook("石坎镇农村低保花名册", HOUSEHOLD, rows, on))


def monitored(town: Town, on: date) -> Sample:
    """This function will make a list by kinds: a namesake, a wrong digit, a risk that is over, another school."""
    rows, families = [], _families(town)
    kinds = ("防止返贫致贫对象", "脱贫户", "一般农户")
    for at, pupil in enumerate(town.children[17:317:50]):
        number = pupil.id_number.reveal()
        if at == 2:
            number = f"{number[:13]}{(int(number[13]) + 1) % 10}{number[14:]}"  # one digit wrong
        head = families[pupil.pk][0].name
        kind = "突发严重困难户" if at == 3 else kinds[at % 2]  # an old word: a person is asked
        over = "是" if at == 4 else "否"
        rows.append(["青桥村", head, pupil.name, "之子", number, kind, over, words.SCHOOL])
    namesake = town.children[67 % len(town.children)]
    rows.append(["枫木村", "石大海", namesake.name, "之女", "", kinds[0], "否", "平坝村小学"])
    rows.append(["枫木村", "石大海", "石小雨", "之子", _child(93), kinds[0], "否", "平坝村小学"])
    return Sample("监测对象.xlsx", _workbook("石坎镇防止返贫监测对象名单", MONITORED, rows, on))


def disabled(town: Town) -> Sample:
    """This function will make a GB18030 csv whose only number is that of the disability card."""
    families, rows = _families(town), []
    for at, pupil in enumerate(town.children[29:329:75]):
        guardian = families[pupil.pk][0]
        card = f"{pupil.id_number.reveal()}{(1, 4, 6, 7)[at % 4]}{at % 4 + 1}"
        kind = ("视力", "肢体", "智力", "听力")[at % 4]
        rows.append([pupil.name, "男" if pupil.sex == "1" else "女", card, kind, guardian.name,
                     guardian.phone.reveal(), words.SCHOOL])  # fmt: skip
    rows.append(["杨小树", "男", f"{_child(94)}44", "肢体", "杨大树", "", "平坝村小学"])
    out = io.StringIO()
    csv.writer(out).writerows([DISABLED, *rows])
    return Sample("残疾儿童.csv", out.getvalue().encode("gb18030"))


def samples(town: Town) -> list[Sample]:
    """This function will make the three sample lists of the school, as of three weeks ago."""
    on = town.today - timedelta(days=21)
    return [dibao(town, on), monitored(town, on), disabled(town)]


def receive(town: Town) -> None:
    """This function will load one of them, as the aid officer would: sure rows known, the others waiting."""
    by = viewer_of(town.staff[3], town.today)
    sample = monitored(town, town.today - timedelta(days=21))
    said = Answers(stated_on=town.today - timedelta(days=21))
    received, seen = lists.check(
        content=sample.content, file_name=sample.name, key="exited_poor", by=by, answers=said
    )
    lists.load(received=received, by=by, confirmed=True, seen=seen)


def _families(town: Town) -> dict:
    found: dict = {}
    for guardian in town.guardians:
        found.setdefault(guardian.pupil_id, []).append(guardian)
    return found


def _grown_up(at: int) -> str:
    return people.id_number(date(1968 + at % 20, 3, 9), 3000 + at, "12"[at % 2])


def _child(at: int) -> str:
    return people.id_number(date(2016, 5, at % 28 + 1), 4000 + at, "12"[at % 2])


def _workbook(title: str, headings: tuple, rows: list[list], on: date) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("名单")
    sheet.merge_range(0, 0, 0, len(headings) - 1, title)
    sheet.write_string(1, 0, f"填表日期：{on.year}年{on.month}月{on.day}日")
    sheet.write_row(2, 0, headings)
    for n, row in enumerate(rows):
        sheet.write_row(n + 3, 0, [str(n + 1), *row])
    sheet.write_row(len(rows) + 3, 0, ["合计", str(len(rows))])
    sheet.set_column(0, len(headings) - 1, 16)
    book.close()
    return out.getvalue()
