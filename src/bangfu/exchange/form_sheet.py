"""A form as families and offices know it: labels beside boxes, boxes of any width, drawn as .docx and .xlsx.

In: a Form, rows of boxes over a grid of equal columns, as flow/recognition_paper.py fills it (F02). Out: bytes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from docx.enum.section import WD_SECTION

from bangfu.exchange import paper as p
from bangfu.exchange import word, xlsx

GRID = 12


@dataclass(frozen=True, slots=True)
class Box:
    """One box: its text, how many grid columns it spans, whether it is a label."""

    text: str
    span: int
    is_label: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row of boxes; the spans add up to the grid. `mm` is the least height, for handwriting."""

    boxes: tuple[Box, ...]
    mm: float = p.LEAST_ROW


@dataclass(frozen=True, slots=True)
class Form:
    """One form: A4 upright. `tab` is the short neutral name of its sheet."""

    title: str
    tab: str
    head: str
    lines: tuple[Line, ...]
    foot: str
    stamp: p.Stamp


def pairs(*said: tuple[str, str]) -> Line:
    """This function will put labels and values side by side, each label as wide as it needs."""
    span = GRID // len(said)
    label = max(1, span // 3) if span > 4 else span // 2
    return Line(
        tuple(
            box for name, value in said for box in (Box(name, label, is_label=True), Box(value, span - label))
        )
    )


def wide(name: str, value: str, mm: float = p.LEAST_ROW) -> Line:
    """This function will put one label before one long box."""
    return Line((Box(name, 2, is_label=True), Box(value, GRID - 2)), mm)


def _height(line: Line, column: float) -> float:
    return max([line.mm, *(p.height(p.clean(box.text), column * box.span) for box in line.boxes)])


def write_docx(forms: Sequence[Form]) -> bytes:
    """This function will draw the forms as one document, each on pages of its own."""
    if not forms:
        raise ValueError("nothing to print")
    document = word.blank(forms[0].stamp.printed_at.replace(tzinfo=None, microsecond=0))
    mm = p.usable(False) / GRID
    for number, form in enumerate(forms):
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        word.set_up(section, False)
        word.number_pages(section, form.stamp.sentence())
        word.centred(document, p.clean(form.title), word.TITLE, 18)
        word.say(document.add_paragraph(), p.clean(form.head))
        table = word.table([mm] * GRID)
        for line in form.lines:
            row = word.row(line.mm)
            for box in line.boxes:
                row.append(word.cell(p.clean(box.text), mm * box.span, span=box.span, centre=box.is_label))
            table.append(row)
        document.element.body.sectPr.addprevious(table)
        word.say(document.add_paragraph(), p.clean(form.foot))
    return word.save(document)


def write_xlsx(forms: Sequence[Form]) -> bytes:
    """This function will draw the forms as one workbook, a sheet each."""
    if not forms:
        raise ValueError("nothing to print")
    held = io.BytesIO()
    book = xlsxwriter.Workbook(
        held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": forms[0].stamp.printed_at.replace(tzinfo=None, microsecond=0)})
    base = {"font_name": xlsx.FONT, "font_size": p.TEXT_SIZE, "valign": "vcenter", "text_wrap": True}
    styles = {
        "title": book.add_format(base | {"font_size": 18, "bold": True, "align": "center"}),
        "line": book.add_format(base),
        "label": book.add_format(base | {"border": 1, "align": "center", "num_format": "@"}),
        "text": book.add_format(base | {"border": 1, "num_format": "@"}),
    }
    for form, tab in zip(forms, xlsx.tab_names([form.tab for form in forms]), strict=True):
        _sheet(book.add_worksheet(tab), form, styles)
    book.close()
    return held.getvalue()


def _sheet(page, form: Form, styles: dict) -> None:
    mm = p.usable(False) / GRID
    page.set_paper(9)
    page.set_portrait()
    page.set_margins(left=p.LEFT / 25.4, right=p.RIGHT / 25.4, top=p.TOP / 25.4, bottom=p.BOTTOM / 25.4)
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    page.set_footer(f"&L&9第 &P 页 共 &N 页&R&9{form.stamp.sentence().replace('&', '&&')}")
    page.set_column(0, GRID - 1, (mm / 25.4 * 96 - 5) / 8)
    page.merge_range(0, 0, 0, GRID - 1, "", styles["title"])
    page.write_string(0, 0, p.clean(form.title), styles["title"])
    page.set_row(0, 30)
    rows = [Line((Box(form.head, GRID),)), *form.lines, Line((Box(form.foot, GRID),))]
    for number, line in enumerate(rows, start=1):
        is_frame = number in (1, len(rows))
        page.set_row(number, min(409.0, _height(line, mm) / p.POINT))
        at = 0
        for box in line.boxes:
            style = styles["line" if is_frame else "label" if box.is_label else "text"]
            if box.span > 1:
                page.merge_range(number, at, number, at + box.span - 1, "", style)
            page.write_string(number, at, p.clean(box.text), style)
            at += box.span
    page.print_area(0, 0, len(rows), GRID - 1)
