"""Workbooks made by code, as schools really send them: rows in, bytes out."""

import csv
import io

import openpyxl
import xlwt


def xlsx(*sheets, hidden=(), merged=()):
    """Return an .xlsx of (name, rows) pairs."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merged:
            sheet.merge_cells(area)
        if name in hidden:
            sheet.sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def xls(*sheets):
    """Return a BIFF8 .xls of (name, rows) pairs."""
    book = xlwt.Workbook()
    for name, rows in sheets:
        sheet = book.add_sheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if value is not None:
                    sheet.write(r, c, value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def text_csv(rows, encoding="utf-8", delimiter=","):
    """Return separated text in an encoding."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows([["" if c is None else c for c in row] for row in rows])
    return out.getvalue().encode(encoding)


def html(rows, encoding="utf-8"):
    """Return a page as school systems save it under the name .xls."""
    body = "".join(
        "<tr>" + "".join(f"<td>{'' if c is None else c}</td>" for c in row) + "</tr>" for row in rows
    )
    head = f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"></head>'
    return f"{head}<body><table>{body}</table></body></html>".encode(encoding)
