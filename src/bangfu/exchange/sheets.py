"""Any spreadsheet file → sheets of plain values, or one Fault saying what it is and what to do next.

Looks at the content, never at the ending: .xlsx .xls .csv (UTF-8, GB18030), HTML saved as .xls.
Every plan begins with such a file (station 1, enrol; reference §9).
"""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bangfu.engine.fault import Fault
from bangfu.exchange import container, page
from bangfu.exchange.container import BROKEN, PASSWORD, NotReadable

# A workbook may hide these in a cell; no database and no page takes them.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")

Cell = str | int | float | bool | date | datetime | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet. rows[0][0] is the cell at first_row, first_column (both counted from 1)."""

    name: str
    rows: list[list[Cell]]
    first_row: int = 1
    first_column: int = 1
    merged: tuple[tuple[int, int, int, int], ...] = ()  # top, left, bottom, right, counted from 1


@dataclass(frozen=True, slots=True)
class Workbook:
    """What was read: kind is xlsx, xls, csv or html; notes say what was left out."""

    kind: str
    sheets: list[Sheet]
    notes: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one file may hold; a county's whole roll fits."""

    file_bytes: int = 30_000_000
    inflated_bytes: int = 400_000_000
    cells: int = 8_000_000
    rows: int = 200_000


def read(content: bytes, name: str = "表格", limits: Limits = Limits()) -> Workbook | Fault:
    """Return the visible, non-empty sheets of a file, or a Fault at its name."""
    try:
        book = _read(content, name, limits)
    except NotReadable as refused:
        return Fault(name, refused.what, refused.hint)
    if not book.sheets:
        return Fault(name, "表里一行内容也没有", "请看一下是不是选错了文件。")
    for sheet in book.sheets:
        _drop_control_characters(sheet.rows)
        if len(sheet.rows) > limits.rows:
            return Fault(
                name, f"工作表“{sheet.name}”有 {len(sheet.rows)} 行，太多了", "请按学校或年级分成几份。"
            )
    return book


def _read(content: bytes, name: str, limits: Limits) -> Workbook:
    if not content.strip(b"\0 \r\n\t"):
        raise NotReadable("文件是空的", "请从学籍系统重新导出一次。")
    if len(content) > limits.file_bytes:
        raise NotReadable(
            f"文件有 {len(content) // 1_000_000} MB，超过 {limits.file_bytes // 1_000_000} MB",
            "请删掉表里的图片，或按年级分成几份。",
        )
    kind = container.kind_of(content, name)
    if kind == "xlsx":
        container.check_xlsx(content, limits.inflated_bytes, limits.cells)
    if kind in ("xlsx", "xls"):
        return _calamine(content, kind)
    text = _text(content)
    if page.looks_like(text):
        return Workbook("html", [Sheet("网页表格", rows) for rows in page.tables(text)])
    rows = _csv(text)
    return Workbook("csv", [Sheet("csv", rows)] if rows else [])


def _calamine(content: bytes, kind: str) -> Workbook:
    sheets, notes = [], []
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for index, meta in enumerate(book.sheets_metadata):
                if meta.visible != SheetVisibleEnum.Visible:
                    notes.append(Fault(meta.name, "是隐藏的工作表，没有读", "需要的话，请取消隐藏再拖进来。"))
                    continue
                sheet = _sheet(book.get_sheet_by_index(index))
                if sheet.rows:
                    sheets.append(sheet)
    except PasswordError:
        raise NotReadable(*PASSWORD) from None
    except (CalamineError, OSError, ValueError) as why:
        if "password" in str(why).lower() or "encrypted" in str(why).lower():
            raise NotReadable(*PASSWORD) from None
        raise NotReadable(*BROKEN) from None
    except BaseException as why:  # calamine's panics don't descend from Exception
        if type(why).__name__ != "PanicException":
            raise
        raise NotReadable(*BROKEN) from None
    return Workbook(kind, sheets, notes)


def _sheet(sheet: CalamineSheet) -> Sheet:
    if sheet.start is None:
        return Sheet(sheet.name, [])
    top, left = sheet.start
    merged = tuple((r1 + 1, c1 + 1, r2 + 1, c2 + 1) for (r1, c1), (r2, c2) in sheet.merged_cell_ranges or ())
    return Sheet(sheet.name, sheet.to_python(), top + 1, left + 1, merged)


def _drop_control_characters(rows: list[list[Cell]]) -> None:
    for row in rows:
        for at, cell in enumerate(row):
            if type(cell) is str and not cell.isprintable():
                row[at] = _CONTROL.sub("", cell)


def _text(content: bytes) -> str:
    """Return text in UTF-8, UTF-16 with a mark, or GB18030, in this order."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise NotReadable("不是表格文件", "请拖入学籍系统导出的 xlsx、xls 或 csv。")


def _csv(text: str) -> list[list[Cell]]:
    """Return the rows of comma, tab or semicolon separated text; blank lines keep their place."""
    head = text[:20_000]
    delimiter = max(",\t;，", key=head.count)
    if delimiter == "，":
        text, delimiter = text.replace("，", ","), ","
    try:
        rows: list[list[Cell]] = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        raise NotReadable(*BROKEN) from None
    while rows and not any(rows[-1]):
        rows.pop()
    return rows
