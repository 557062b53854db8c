"""Invented pupils with sound numbers, for the rows of test workbooks."""

from bangfu.engine.identity import check_digit
from bangfu.exchange import roll, sheets
from tests.exchange import workbooks


def number(serial=1, born="20180315", male=True, division="522301"):
    """Return a sound, invented ID number."""
    first = f"{division}{born}{serial:02d}{1 if male else 2}"
    return first + check_digit(first)


def table(*changes, **columns):
    """Return a header and one row per change, each a sound pupil of class 三年级1班 but for that change."""
    heads = ["姓名", "性别", "身份证件号", "班级", *columns]
    rows = [heads]
    for n, change in enumerate(changes or ({},)):
        pupil = {
            "姓名": "陈小满" if n == 0 else f"陈小{'一二三四五六七八九十'[n % 10]}",
            "性别": "男",
            "身份证件号": number(n),
            "班级": "三年级1班",
        }
        pupil |= columns | change
        rows.append([pupil.get(head) for head in heads])
    return rows


def reading(rows, make=workbooks.xlsx, **options):
    content = make(rows) if make is workbooks.text_csv else make(("花名册", rows), **options)
    book = sheets.read(content)
    assert isinstance(book, sheets.Workbook), book
    return roll.read(book, school_year=2026)


def only_row(rows, **options):
    result = reading(rows, **options)
    assert result.faults == [] and result.refusal is None
    (row,) = result.rows
    return row


def said(result):
    return [(fault.row, fault.heading, fault.what, fault.blocks) for fault in result.faults]


def one(head, value, **more):
    """Return the reading of one sound pupil with one more or changed column."""
    return reading(table({head: value}, **({head: None} | more)))
