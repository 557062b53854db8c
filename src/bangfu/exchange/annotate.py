"""Hand a workbook back: the same file with yellow cells and a last column 要看一下; faults in, bytes out.

An .xlsx is edited in place so that its looks stay; .xls, .csv and pages come back as a new .xlsx. Corrected and
dropped in again, the file reads clean (station 1, enrol; ux §2.6).
"""

import io
from collections.abc import Sequence
from datetime import date

import openpyxl
from openpyxl.styles import Alignment, PatternFill
from openpyxl.utils import column_index_from_string

from bangfu.exchange.headings import REMARKS
from bangfu.exchange.sheets import Workbook
from bangfu.exchange.table import CellFault

YELLOW = "FFFFF2A8"  # ours alone, so that a second hand-back can take off what the first put on
WIDTH = 48


def annotate(
    content: bytes, book: Workbook, faults: Sequence[CellFault], header_rows: dict[str, int]
) -> bytes:
    """Return an .xlsx of this file with every fault marked. header_rows: sheet → row of its headings."""
    by_sheet: dict[str, list[CellFault]] = {}
    for fault in faults:
        by_sheet.setdefault(fault.sheet, []).append(fault)
    if book.kind == "xlsx":
        try:
            return _in_place(content, by_sheet, header_rows)
        except Exception:  # openpyxl refuses parts of files that Excel and our reader accept
            pass
    return _anew(book, by_sheet, header_rows)


def sentences(faults: Sequence[CellFault]) -> str:
    """Return what is to be looked at in one row, as one text."""
    return "；".join(
        f"{f.heading}：{f.what}" + (f"。{f.hint.rstrip('。')}" if f.hint else "") for f in faults
    )


def by_row(faults: Sequence[CellFault]) -> dict[int, list[CellFault]]:
    """Return faults gathered by row, rows in order."""
    rows: dict[int, list[CellFault]] = {}
    for fault in sorted(faults, key=lambda f: f.row):
        rows.setdefault(fault.row, []).append(fault)
    return rows


def _in_place(content: bytes, by_sheet: dict[str, list[CellFault]], header_rows: dict[str, int]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    fill = PatternFill("solid", fgColor=YELLOW)
    for name, header_row in header_rows.items():
        sheet = book[name]
        column = _remarks_column(sheet, header_row)
        _take_off_old_marks(sheet, column, header_row)
        sheet.cell(header_row, column, REMARKS)
        sheet.column_dimensions[openpyxl.utils.get_column_letter(column)].width = WIDTH
        for row, faults in by_row(by_sheet.get(name, [])).items():
            for fault in faults:
                if fault.column:
                    cell = sheet.cell(row, column_index_from_string(fault.column))
                    if not isinstance(cell, openpyxl.cell.MergedCell):
                        cell.fill = fill
            remark = sheet.cell(row, column, sentences(faults))
            remark.fill, remark.alignment = fill, Alignment(wrap_text=True, vertical="top")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _remarks_column(sheet, header_row: int) -> int:
    for cell in sheet[header_row]:
        if cell.value == REMARKS:
            return cell.column
    return sheet.max_column + 1


def _take_off_old_marks(sheet, column: int, header_row: int) -> None:
    for row in sheet.iter_rows(min_row=header_row + 1):
        for cell in row:
            if cell.fill is not None and cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb == YELLOW:
                cell.fill = PatternFill()
            if cell.column == column and not isinstance(cell, openpyxl.cell.MergedCell):
                cell.value = None


def _anew(book: Workbook, by_sheet: dict[str, list[CellFault]], header_rows: dict[str, int]) -> bytes:
    """Write every sheet afresh with all text as text, so that no number is rounded by opening it."""
    import xlsxwriter

    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "nan_inf_to_errors": True})
    plain = made.add_format({"num_format": "@"})
    yellow = made.add_format({"num_format": "@", "bg_color": "#" + YELLOW[2:]})
    remark = made.add_format({"text_wrap": True, "valign": "top", "bg_color": "#" + YELLOW[2:]})
    days = made.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in book.sheets:
        page = made.add_worksheet(_sheet_name(sheet.name))
        faults = by_row(by_sheet.get(sheet.name, []))
        last = sheet.first_column + max(map(len, sheet.rows))
        header_row = header_rows.get(sheet.name)
        if header_row:
            heads = sheet.rows[header_row - sheet.first_row]
            last = heads.index(REMARKS) + sheet.first_column if REMARKS in heads else last
            page.write_string(header_row - 1, last - 1, REMARKS)
            page.set_column(last - 1, last - 1, WIDTH)
        for number, row in enumerate(sheet.rows, sheet.first_row):
            marked = {column_index_from_string(f.column) for f in faults.get(number, ()) if f.column}
            for index, value in enumerate(row, sheet.first_column):
                if index == last and header_row:
                    continue
                look = yellow if index in marked else plain
                if isinstance(value, date):
                    page.write_datetime(number - 1, index - 1, value, days)
                elif isinstance(value, int | float):
                    page.write_number(number - 1, index - 1, value, yellow if index in marked else None)
                elif value not in ("", None) or index in marked:
                    page.write_string(number - 1, index - 1, str(value or ""), look)
            if number in faults:
                page.write_string(number - 1, last - 1, sentences(faults[number]), remark)
    made.close()
    return out.getvalue()


def _sheet_name(name: str) -> str:
    return "".join(c for c in name if c not in r"[]:*?/\\")[:31].strip("'") or "花名册"
