"""Registers as .xlsx that opens, edits and prints the same in WPS and Excel.

In: papers (paper.py). Out: bytes, one sheet a paper, the same bytes for the same papers. No macros, formulas
or author; A4, binding margin, headings frozen on screen and repeated on paper (F16, F17, F18, F20, F21).
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date
from functools import partial

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from bangfu.exchange import paper as p

FONT = "宋体"
DATE_FORMAT = "yyyy-mm-dd"
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_format_properties": {"font_name": FONT, "font_size": p.TEXT_SIZE},
}
_FORBIDDEN_IN_TAB = re.compile(r"[\[\]:*?/\\\n]")
_PIXELS_PER_DIGIT = 8  # 宋体 11 at 96 dpi


def write(papers: Sequence[p.Paper]) -> bytes:
    """This function will draw the papers as one workbook, a sheet each."""
    if not papers:
        raise ValueError("nothing to print")
    sheets = [p.lay_out(paper) for paper in papers]
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, _OPTIONS)
    book.set_properties({"created": sheets[0].printed_at})
    styles = _styles(book)
    for sheet, tab in zip(sheets, tab_names([sheet.tab for sheet in sheets]), strict=True):
        _draw(book.add_worksheet(tab), sheet, styles)
    book.close()
    return held.getvalue()


def tab_names(wanted: Sequence[str]) -> list[str]:
    """This function will make sheet names Excel takes: at most 31 characters, none twice, no []:*?/\\."""
    names: list[str] = []
    for name in wanted:
        name = _FORBIDDEN_IN_TAB.sub(" ", name).strip(" '") or "表"
        if name.lower() == "history":  # Excel keeps this one for itself
            name = "表"
        tried, n = _cut(name, 31), 1
        while tried.lower() in {taken.lower() for taken in names}:
            n += 1
            tried = f"{_cut(name, 31 - len(f' {n}'))} {n}"
        names.append(tried)
    return names


def _cut(name: str, most: int) -> str:
    while len(name.encode("utf-16-le")) > most * 2:  # Excel counts UTF-16 units: 𠮷 is two
        name = name[:-1]
    return name


def _styles(book: xlsxwriter.Workbook) -> dict[str, Format]:
    styled = partial(_styled, book)
    boxed = {"border": 1, "valign": "vcenter", "text_wrap": True}
    return {
        "school": styled(font_size=14, align="center", valign="vcenter"),
        "title": styled(font_size=20, bold=True, align="center", valign="vcenter", text_wrap=True),
        "line": styled(valign="vcenter", text_wrap=True),
        "heading": styled(**boxed, bold=True, align="center"),
        "text": styled(**boxed, num_format="@"),
        "sign": styled(**boxed, num_format="@"),
        "int": styled(**boxed, num_format="0", align="center"),
        "date": styled(**boxed, num_format=DATE_FORMAT, align="center"),
        "blank": styled(**boxed, num_format="@", diag_type=1, diag_border=1),
    }


def _styled(book: xlsxwriter.Workbook, **look: object) -> Format:
    return book.add_format({"font_name": FONT, "font_size": p.TEXT_SIZE} | look)


def _draw(page: Worksheet, sheet: p.Sheet, styles: dict[str, Format]) -> None:
    _set_up(page, sheet)
    last = len(sheet.columns) - 1
    headings = _row_of_headings(sheet)
    above = ((sheet.school, "school", 14), (sheet.title, "title", 20), (sheet.head, "line", p.TEXT_SIZE))
    for number, (text, style, size) in enumerate(line for line in above if line[0]):
        _across(page, number, last, text, styles[style])
        page.set_row(number, _points(p.height(text, sheet.width, size)))
    for column, spec in enumerate(sheet.columns):
        page.write_string(headings, column, spec.heading, styles["heading"])
    page.set_row(headings, _points(max(p.height(c.heading, c.mm) for c in sheet.columns)))
    number = headings
    for number, (cells, mm) in enumerate(sheet.rows, start=headings + 1):
        page.set_row(number, _points(mm))
        for column, (cell, spec) in enumerate(zip(cells, sheet.columns, strict=True)):
            _write(page, (number, column), cell, spec.kind, styles)
    _across(page, number + 1, last, p.BLANK_BELOW, styles["blank"])
    page.set_row(number + 1, _points(p.LEAST_ROW))
    _across(page, number + 2, last, sheet.foot, styles["line"])
    page.set_row(number + 2, _points(p.height(sheet.foot, sheet.width) + 4))
    page.print_area(0, 0, number + 2, last)


def _row_of_headings(sheet: p.Sheet) -> int:
    return sum(bool(line) for line in (sheet.school, sheet.title, sheet.head))


def _set_up(page: Worksheet, sheet: p.Sheet) -> None:
    inch = 25.4
    page.set_paper(9)  # A4
    if sheet.landscape:
        page.set_landscape()
    else:
        page.set_portrait()
    page.set_margins(left=p.LEFT / inch, right=p.RIGHT / inch, top=p.TOP / inch, bottom=p.BOTTOM / inch)
    page.fit_to_pages(1, 0)
    page.repeat_rows(_row_of_headings(sheet))
    page.freeze_panes(_row_of_headings(sheet) + 1, 0)
    page.hide_gridlines(2)
    page.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})  # a phone is text on purpose: no green corners
    said = sheet.footer.replace("&", "&&").replace("\n", " ")
    page.set_footer(f"&L&9第 &P 页 共 &N 页&R&9{said}", {"margin": 8 / inch})
    for column, spec in enumerate(sheet.columns):
        pixels = spec.mm / inch * 96
        page.set_column(column, column, max(1.0, (pixels - 5) / _PIXELS_PER_DIGIT))


def _across(page: Worksheet, number: int, last: int, text: str, style: Format) -> None:
    if last:
        page.merge_range(number, 0, number, last, "", style)
    page.write_string(number, 0, text, style)


def _write(page: Worksheet, at: tuple[int, int], cell: p.Cell, kind: str, styles: dict[str, Format]) -> None:
    """Write a real date as a date, a number as a number, and everything else as text that stays text."""
    if isinstance(cell, date):
        page.write_datetime(*at, cell, styles["date"])
    elif isinstance(cell, int):
        page.write_number(*at, cell, styles["int"])
    elif isinstance(cell, str) and cell:
        page.write_string(*at, cell, styles["int"] if kind == "int" else styles["text"])
    else:
        page.write_blank(*at, None, styles[kind])


def _points(mm: float) -> float:
    return min(409.0, mm / p.POINT)
