"""Sample roll workbooks of the invented school: one clean, one as schools really have them, one as GB18030 text.

They open the tour (拖入示例学籍表) and the tests; nothing in them is true of anybody.
"""

import csv
import io
import random
from datetime import date
from pathlib import Path

import xlsxwriter

from bangfu.demo import lists, people, words
from bangfu.demo.lists import Sample
from bangfu.demo.people import Size, Town
from bangfu.records.models import School

SEED = 20260901
HEADINGS = (
    "学校标识码", "姓名", "性别", "出生日期", "民族", "国籍/地区", "身份证件类型", "身份证件号", "健康状况", "户口性质",
    "全国学籍号", "年级", "班级", "班内学号", "入学年月", "就读方式", "现住址", "联系电话", "是否独生子女",
    "是否受过学前教育", "是否留守儿童", "是否残疾人", "是否需要申请资助", "是否孤儿", "是否进城务工人员随迁子女",
    "曾用名", "成员1姓名", "成员1关系", "成员1联系电话", "成员1是否监护人", "成员2姓名", "成员2关系", "成员2联系电话",
)  # fmt: skip
GRADE_NAMES = "〇一二三四五六"
LEFT_BEHIND = ("0-非留守儿童", "1-单亲留守儿童", "2-双亲留守儿童")


def town_of(today: date, size: Size | None = None) -> Town:
    """This function will invent the school's people again, without storing them: the same as in the demo."""
    town = Town(
        school=School(name=words.SCHOOL),
        today=today,
        size=size or Size(),
        chance=random.Random(SEED),  # noqa: S311
    )
    people.invent(town)
    return town


def roll_rows(today: date, size: Size | None = None) -> list[list[str]]:
    """This function will give the invented school's roll, a row a child in the order of HEADINGS."""
    town = town_of(today, size)
    members: dict = {}
    for guardian in town.guardians:
        members.setdefault(guardian.pupil_id, []).append(guardian)
    facts = {statement.pupil_id: statement.values for statement in town.statements}
    return [
        _row(town, enrolment, members[enrolment.pupil_id], facts[enrolment.pupil_id])
        for enrolment in town.enrolments
    ]


def _row(town: Town, enrolment, members, facts) -> list[str]:
    pupil, school_class = enrolment.pupil, enrolment.school_class
    grade = school_class.grade_on(town.today)
    first, second = members
    return [
        "3199000001", pupil.name, "男" if pupil.sex == "1" else "女", f"{pupil.birth_on:%Y%m%d}", pupil.ethnicity, "中国",
        "居民身份证", pupil.id_number.reveal(), "健康或良好", "农业", pupil.roll_no.reveal(), f"{GRADE_NAMES[grade]}年级",
        f"{school_class.number}班", str(enrolment.seat_no), f"{school_class.entry_year}09",
        "住校" if facts["boards"] else "走读", pupil.address.reveal(), pupil.phone.reveal(), "否", "是",
        LEFT_BEHIND[facts["left_behind_roll"]], "否", "否", "否", "否", "", first.name, first.relation,
        first.phone.reveal(), "是", second.name, second.relation, second.phone.reveal(),
    ]  # fmt: skip


def clean(today: date, size: Size | None = None) -> Sample:
    """This function will make the export as the national system gives it: one sheet, one heading row.

    Against the demo school one child in sixteen has moved house, so that the preview has something to show.
    """
    rows = roll_rows(today, size)
    for row in rows[3::16]:
        row[HEADINGS.index("现住址")] = "石坎村9组"
    return Sample("学籍导出示例.xlsx", _workbook([list(HEADINGS), *rows]))


def dirty(today: date, size: Size | None = None) -> Sample:
    """This function will make the same roll as it comes back from three offices, with the dirt of real files.

    Merged title rows, notes and a sum under the table, full-width digits, spaces in names, dates of five kinds,
    classes named once, codes beside names, ID numbers lost to E+17, a wrong check digit, a doubled child.
    """
    rows = roll_rows(today, size)
    at = {heading: column for column, heading in enumerate(HEADINGS)}
    _spoil(rows, at)
    title = [[f"{words.SCHOOL}学生花名册"], [f"填报单位：{words.SCHOOL}　　填表日期：{today:%Y.%m.%d}"]]
    foot = [
        ["合计", str(len(rows))],
        ["填表人：何文　　审核人：王振华"],
        ["说明：身份证件号请用文本格式填写。"],
    ]
    return Sample("学籍导出示例_有问题.xlsx", _workbook([*title, list(HEADINGS), *rows, *foot], merged=2))


def _spoil(rows: list[list], at: dict[str, int]) -> None:
    for n, row in enumerate(rows):
        if n % 7 == 1:
            row[at["姓名"]] = "　".join(row[at["姓名"]])
        if n % 5 == 2:
            row[at["联系电话"]] = row[at["联系电话"]].translate(
                str.maketrans("0123456789", "０１２３４５６７８９")
            )
        if n % 3 == 1:
            row[at["性别"]] = {"男": "1-男", "女": "2-女"}[row[at["性别"]]]
        born = row[at["出生日期"]]
        row[at["出生日期"]] = (
            born,
            f"{born[:4]}.{int(born[4:6])}.{int(born[6:])}",
            f"{born[:4]}-{born[4:6]}-{born[6:]}",
        )[n % 3]
        if n % 11 == 4:
            row[at["民族"]] = "01汉族"
        if n % 13 == 6:
            row[at["现住址"]] = "无"
        if n % 9 == 5:
            row[at["是否独生子女"]] = "×"
        row[at["身份证件号"]] = row[at["身份证件号"]].lower() if n % 10 == 0 else row[at["身份证件号"]]
    for n in (8, 19, 33):
        rows[n][at["身份证件号"]] = float(rows[n][at["身份证件号"]][:-1] + "0")  # Excel's 9.9E+17
        rows[n][at["全国学籍号"]] = ""
    wrong = rows[26][at["身份证件号"]]
    rows[26][at["身份证件号"]] = wrong[:-1] + ("0" if wrong[-1] != "0" else "1")
    rows[26][at["全国学籍号"]] = ""
    rows.insert(41, list(rows[40]))  # the same child twice


def text(today: date, size: Size | None = None) -> Sample:
    """This function will make the roll as a GB18030 csv file, as older tools save it."""
    out = io.StringIO()
    csv.writer(out).writerows([HEADINGS, *roll_rows(today, size)])
    return Sample("学籍导出示例_GBK.csv", out.getvalue().encode("gb18030"))


def _workbook(rows: list[list], merged: int = 0) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("学生信息")
    as_text = book.add_format({"num_format": "@"})
    heading = book.add_format({"bold": True, "bg_color": "#F3F1EC"})
    for n, row in enumerate(rows):
        if n < merged:
            sheet.merge_range(n, 0, n, len(HEADINGS) - 1, row[0])
            continue
        for column, value in enumerate(row):
            if isinstance(value, float):
                sheet.write_number(n, column, value)
            elif value != "":
                sheet.write_string(n, column, value, heading if n == merged else as_text)
    sheet.set_column(0, len(HEADINGS) - 1, 14)
    book.close()
    return out.getvalue()


def write(folder: Path, today: date) -> list[Path]:
    """This function will write the sample rolls and lists into a folder and give their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for sample in (clean(today), dirty(today), text(today), *lists.samples(town_of(today))):
        path = folder / sample.name
        path.write_bytes(sample.content)
        found.append(path)
    return found
