"""Registers as .docx: the same sheets as xlsx.py draws, for schools that keep their files in Word or WPS.

In: papers (paper.py). Out: bytes, one section a paper, the same bytes for the same papers. Headings repeat,
rows don't split, 第 X 页 共 Y 页 under every page (F16, F17, F18, F20, F21).
"""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document as Doc
from docx.enum.section import WD_SECTION

from bangfu.exchange import paper as p
from bangfu.exchange import word


def write(papers: Sequence[p.Paper]) -> bytes:
    """This function will draw the papers as one document, each beginning a new page."""
    if not papers:
        raise ValueError("nothing to print")
    sheets = [p.lay_out(paper) for paper in papers]
    document = word.blank(sheets[0].printed_at)
    for number, sheet in enumerate(sheets):
        section = document.add_section(WD_SECTION.NEW_PAGE) if number else document.sections[0]
        word.set_up(section, sheet.landscape)
        word.number_pages(section, sheet.footer)
        _draw(document, sheet)
    return word.save(document)


def _draw(document: Doc, sheet: p.Sheet) -> None:
    if sheet.school:
        word.centred(document, sheet.school, word.BODY, 14)
    word.centred(document, sheet.title, word.TITLE, 20)
    if sheet.head:
        word.say(head := document.add_paragraph(), sheet.head)
        head.paragraph_format.space_before = head.paragraph_format.space_after = word.Pt(4)
    document.element.body.sectPr.addprevious(_table(sheet))
    word.say(foot := document.add_paragraph(), sheet.foot)
    foot.paragraph_format.space_before = word.Pt(8)


def _table(sheet: p.Sheet) -> object:
    table = word.table([column.mm for column in sheet.columns])
    top = word.row(p.LEAST_ROW, heading=True)
    for column in sheet.columns:
        top.append(word.cell(column.heading, column.mm, centre=True, bold=True))
    table.append(top)
    for cells, _ in sheet.rows:
        row = word.row(_least(cells))
        for value, column in zip(cells, sheet.columns, strict=True):
            row.append(word.cell(p.spelled(value), column.mm, centre=column.kind in {"int", "date"}))
        table.append(row)
    last = word.row(p.LEAST_ROW)
    last.append(word.struck(sheet.width, p.BLANK_BELOW, len(sheet.columns)))
    table.append(last)
    return table


def _least(cells: tuple[p.Cell, ...]) -> float:
    """Word finds a row's height by itself; only room left for handwriting must be asked for."""
    return max([p.LEAST_ROW, *(min(cell.mm, p.MOST_ROW) for cell in cells if isinstance(cell, p.Room))])
