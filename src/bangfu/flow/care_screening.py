"""Screening results brought in as the file came: each row goes behind the wall of who brings it, no score leaves it.

In: any spreadsheet with a name and, where names repeat, a class or a roll number. Out: how many, and the rows left out
with the reason. What a class teacher learns is at most one sentence to act on (`care_advice.tell`).
"""

import json
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
NUMBERS = {"学籍号": "roll_no", "全国学籍号": "roll_no", "身份证号": "id_number", "身份证件号": "id_number"}
OTHER = {"序号", "性别", "年级", "学校", "年龄", "出生日期"}
LOOK = 12  # rows in which a heading may stand


@dataclass(frozen=True, slots=True)
class Brought:
    """How many results were brought in, and what was left out."""

    count: int
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a file: where it stands, whom it names, what it says."""

    place: str
    name: str
    of_class: str
    number: tuple[str, str] | None
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
    for row in rows:
        found = _whose(row, here, by)
        if len(found) == 1:
            _keep(found[0], row, by)
            count += 1
        else:
            what = f"{row.name}：学籍里没有" if not found else f"{row.name}：有 {len(found)} 名同名的学生"
            faults.append(Fault(row.place, what, "请补上班级或学籍号，再导入一次。"))
    return Brought(count, tuple(faults))


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
    known = next(((NUMBERS[head], told[head]) for head in NUMBERS if told.get(head)), None)
    of_class = next((told[head] for head in CLASSES if told.get(head)), "")
    aside = NAMES | CLASSES | NUMBERS.keys() | OTHER
    says = {head: text for head, text in told.items() if head not in aside and text}
    return Row(f"{sheet.name} 第{number}行", _text(cells, name), of_class, known, says)


def _roll(by) -> list[tuple]:
    rows = Enrolment.objects.on(by.day).filter(school_class__school_id=by.school_id)
    return list(
        rows.values_list(
            "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number", "pupil__roll_no_index",
            "pupil__id_number_index",
        )
    )  # fmt: skip


def _whose(row: Row, here: list[tuple], by) -> list:
    if row.number:
        kind, text = row.number
        wanted = blind(text, kind)
        if found := [one[0] for one in here if wanted in (one[4], one[5])]:
            return found
    name = identity.name_of(row.name)
    named = [one for one in here if one[1] == name]
    of = identity.read_class(row.of_class, school_year_of(by.day)) if row.of_class else None
    if of and of.entry_year and of.number:  # believed: another child of that name is not meant
        named = [one for one in named if (one[2], one[3]) == (of.entry_year, of.number)]
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
