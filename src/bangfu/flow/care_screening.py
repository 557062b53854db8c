"""Screening results brought in as the file came: each row goes behind the wall of who brings it, no score leaves it.

In: any spreadsheet with a name and, where names repeat, a class or a roll number. Out: how many, and the rows left out
with the reason. What a class teacher learns is at most one sentence to act on (`care_advice.tell`).
"""

import json
from collections import Counter
from dataclasses import dataclass

from django.db import transaction

from bangfu.engine import identity
from bangfu.engine.fault import Fault
from bangfu.exchange import sheets
from bangfu.flow import care
from bangfu.records.models import Enrolment, ScreeningResult
from bangfu.records.models.places import school_year_of
from bangfu.records.seal import blind
from bangfu.records.wall import Wall

NAMES = {"姓名", "学生姓名", "学生"}
CLASSES = {"班级", "年级班级", "所在班级", "行政班"}
GRADES = {"年级", "所在年级"}
NUMBERS = {"学籍号", "全国学籍号", "身份证号", "身份证件号"}
OTHER = {"序号", "性别", "学校", "年龄", "出生日期"}
LOOK = 12  # rows in which a heading may stand


@dataclass(frozen=True, slots=True)
class Brought:
    """How many results were brought in, and what was left out."""

    count: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: where it stands, whom it names (`numbers` by kind, as the roll keeps them), what it says."""

    place: str
    name: str
    of_class: str
    grade: str
    numbers: dict[str, str]
    says: dict


@transaction.atomic
def bring(*, content: bytes, file_name: str, by) -> Brought:
    """This function will bring a file's results in; a child's earlier result gives way. Raises NotYours."""
    care.must_counsel(by)
    book = sheets.read(content, file_name)
    if isinstance(book, Fault):
        return Brought(0, (book,))
    rows = [row for sheet in book.sheets for row in _rows(sheet)]
    if not rows:
        return Brought(
            0, (Fault(file_name, "没有找到姓名这一列", "表头里要有“姓名”，最好也有班级或学籍号。"),)
        )
    here, faults, count = _roll(by), [], 0
    meant = [(row, _whose(row, here, by)) for row in rows]
    often = Counter(found[0] for _row, found in meant if len(found) == 1)
    for row, found in meant:
        if len(found) == 1 and often[found[0]] == 1:
            _keep(found[0], row, by)
            count += 1
        else:
            faults.append(_fault(row, len(found)))
    return Brought(count, tuple(faults))


def _fault(row: Row, count: int) -> Fault:
    """Why a row was left out. Two rows for one child are both left out: nobody can say which is the child's."""
    if count == 1:
        return Fault(row.place, f"{row.name}：这份表里有两行都是这名学生", "请只留一行，再导入一次。")
    if not count and row.numbers:
        what = f"{row.name}：学籍里没有这个号码的学生"
        return Fault(row.place, what, "请核对学籍号或身份证号，再导入一次。")
    what = f"{row.name}：有 {count} 名同名的学生" if count else f"{row.name}：学籍里没有"
    return Fault(row.place, what, "请补上班级或学籍号，再导入一次。")


def _rows(sheet) -> list[Row]:
    for at, cells in enumerate(sheet.rows[:LOOK]):
        heads = [identity.plain(cell) for cell in cells]
        name = next((n for n, head in enumerate(heads) if head in NAMES), None)
        if name is not None:
            below = enumerate(sheet.rows[at + 1 :], sheet.first_row + at + 1)
            return [_row(sheet, number, heads, name, cells) for number, cells in below if _text(cells, name)]
    return []


def _text(cells, at: int | None) -> str:
    return identity.plain(cells[at]) if at is not None and at < len(cells) and cells[at] is not None else ""


def _row(sheet, number: int, heads: list[str], name: int, cells) -> Row:
    told = {head: _text(cells, at) for at, head in enumerate(heads) if head}
    of_class, grade = (next((told[one] for one in some if told.get(one)), "") for some in (CLASSES, GRADES))
    numbers = _numbers([told[head] for head in NUMBERS if told.get(head)])
    aside = NAMES | CLASSES | GRADES | NUMBERS | OTHER
    says = {head: text for head, text in told.items() if head not in aside and text}
    return Row(f"{sheet.name} 第{number}行", _text(cells, name), of_class, grade, numbers, says)


def _numbers(texts: list[str]) -> dict[str, str]:
    """The numbers that can be read, by kind; what a school counts by itself under such a heading is none."""
    found = {}
    for text in texts:
        of_roll, of_person = identity.read_roll_number(text), identity.read_id(text)
        if isinstance(of_roll, identity.RollNumber):
            found["roll_no"] = of_roll.text
            of_person = of_roll.id_number or of_person
        if isinstance(of_person, str):
            found["id_number"] = of_person
    return found


def _roll(by) -> list[tuple]:
    rows = Enrolment.objects.on(by.day).filter(school_class__school_id=by.school_id)
    return list(
        rows.values_list(
            "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number", "pupil__roll_no_index",
            "pupil__id_number_index",
        )
    )  # fmt: skip


def _whose(row: Row, here: list[tuple], by) -> list:
    """A number that can be read is believed, then what is said of the class: another child of that name is not meant."""
    name = identity.name_of(row.name)
    named = [one for one in here if one[1] == name]
    for column, kind in ((4, "roll_no"), (5, "id_number")):
        if kind in row.numbers:
            wanted = blind(row.numbers[kind], kind)
            if found := [one[0] for one in here if one[column] == wanted]:
                return found
            named = [one for one in named if not one[column]]  # of whom the roll knows no such number
    year = school_year_of(by.day)
    of = identity.read_class(row.of_class, year)
    for column, said in ((2, of.entry_year or identity.read_grade(row.grade, year)), (3, of.number)):
        named = [one for one in named if said in (None, one[column])]
    return [one[0] for one in named]


def _keep(pupil_id, row: Row, by) -> None:
    result = ScreeningResult.objects.filter(pupil=pupil_id, keeper=by.staff).first()
    result = result or ScreeningResult(pupil_id=pupil_id, keeper=by.staff)
    result.brought_on = by.day
    result.shut(json.dumps(row.says, ensure_ascii=False), Wall.of(by))
    result.save()
    care.trail("screen", result, by)


def kept(by) -> list[tuple[ScreeningResult, dict]]:
    """This function will open one's own results, in the order of the classes; raises NotYours."""
    care.must_counsel(by)
    rows = ScreeningResult.objects.visible_to(by).exclude(lock="").select_related("pupil")
    return [(one, json.loads(one.read(Wall.of(by)))) for one in rows.order_by("pupil__sort_key")]
