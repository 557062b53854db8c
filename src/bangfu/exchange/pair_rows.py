"""A table of pairs that a school keeps already: a Workbook in, one PairRow a line and the faults by cell out.

Headings are known by their words: who is helped, in which class, by whom; the rest of the table is left alone.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from bangfu.engine import identity
from bangfu.exchange.cells import Problem
from bangfu.exchange.places import classes, letters
from bangfu.exchange.profile import normal_heading
from bangfu.exchange.sheets import Sheet, Workbook
from bangfu.exchange.table import CellFault

LOOK_AT = 15  # rows from the top
HEADINGS = {
    "pupil": ("学生姓名", "学生", "姓名", "帮扶对象", "受助学生"),
    "class_name": ("班级", "所在班级", "年级班级", "年级班"),
    "roll_no": ("学籍号", "全国学籍号"),
    "helper": (
        "老师", "教师", "教师姓名", "帮扶教师", "帮扶老师", "帮扶人", "结对教师", "结对老师", "导师", "责任人", "帮扶责任人",
        "联系老师",
    ),
    "kind": ("结对", "结对方式"),
    "time_slot": ("时间", "时间落实", "帮扶时间", "每周时间"),
}  # fmt: skip
TITLES = {"pupil": "学生姓名", "class_name": "班级", "helper": "教师姓名", "kind": "结对"}


class PairRow(NamedTuple):
    """One line: "" and None mean that the table does not say."""

    sheet: str
    row: int
    pupil: str
    class_name: tuple[int, int] | None
    roll_no: str
    helper: str
    kind: str
    time_slot: str


@dataclass(slots=True)
class PairReading:
    """Everything one table of pairs said."""

    rows: list[PairRow] = field(default_factory=list)
    faults: list[CellFault] = field(default_factory=list)
    header_rows: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], tuple[str, str]] = field(
        default_factory=dict
    )  # (sheet, field) → letter, heading

    def fault(self, at: tuple[str, int], name: str, what: str, hint: str = "") -> CellFault:
        """This function will make a fault at the cell of a row's field."""
        sheet, row = at
        letter, heading = self.places.get((sheet, name), ("", TITLES.get(name, name)))
        return CellFault(f"{sheet}!{row}:{heading}", what, hint, sheet, row, letter, heading, True)


def read(book: Workbook, school_year: int) -> PairReading:
    """This function will read every sheet that has a heading for pupils and one for helpers."""
    reading = PairReading()
    for sheet in book.sheets:
        found = _header(sheet)
        if found:
            _rows(sheet, found, school_year, reading)
    return reading


def _header(sheet: Sheet) -> tuple[int, dict[str, int]] | None:
    """Where the headings stand: (index of the row, {field: index of the column})."""
    for at, row in enumerate(sheet.rows[:LOOK_AT]):
        texts = {
            index: normal_heading(cell) for index, cell in enumerate(row) if isinstance(cell, str) and cell
        }
        fields: dict[str, int] = {}
        for name, words in HEADINGS.items():
            hits = [index for index, text in texts.items() if text in words and index not in fields.values()]
            if hits:
                fields[name] = hits[0]
        if {"pupil", "helper"} <= fields.keys():
            return at, fields
    return None


def _rows(sheet: Sheet, found: tuple[int, dict[str, int]], school_year: int, reading: PairReading) -> None:
    top, fields = found
    reading.header_rows[sheet.name] = top + sheet.first_row
    for name, index in fields.items():
        heading = str(sheet.rows[top][index])
        reading.places[sheet.name, name] = (letters(index + sheet.first_column), heading)
    lines = []
    for at, row in enumerate(sheet.rows[top + 1 :], top + 1):
        cells = {name: _text(name, row[index]) if index < len(row) else "" for name, index in fields.items()}
        if cells["pupil"] or cells["helper"]:
            lines.append((at + sheet.first_row, cells))
    read_as = classes(
        [(None, cells.get("class_name") or None, None, None) for _, cells in lines], school_year
    )
    for (number, cells), class_name in zip(lines, read_as, strict=True):
        at = (sheet.name, number)
        if not cells["pupil"] or not cells["helper"]:
            empty = "pupil" if not cells["pupil"] else "helper"
            reading.faults.append(reading.fault(at, empty, f"没有写{TITLES[empty]}"))
            continue
        if isinstance(class_name, Problem):
            if cells.get("class_name"):
                reading.faults.append(reading.fault(at, "class_name", class_name.what, class_name.hint))
                continue
            class_name = None
        reading.rows.append(
            PairRow(
                *at,
                cells["pupil"],
                class_name,
                *(cells.get(k, "") for k in ("roll_no", "helper", "kind", "time_slot")),
            )
        )


def _text(name: str, cell: object) -> str:
    if cell is None:
        return ""
    return identity.name_of(cell) if name in ("pupil", "helper") else identity.plain(cell)
