"""Lists of other offices, made by code: heads, members, cards and words as they really come."""

from datetime import date

from bangfu.exchange import list_rows, sheets
from bangfu.exchange.list_kind import kinds
from bangfu.exchange.list_rows import Wish
from bangfu.flow import adopt
from tests.exchange import workbooks
from tests.exchange.pupils import number

DAY = date(2026, 10, 8)
PARENT = number(1, "19850101")


def household(*rows, title="石坎镇农村低保花名册", day="填表日期：2026年10月8日"):
    """Return a list by households: a title, a day, headings; each row is a dict by heading."""
    heads = ["序号", "户编号", "户主姓名", "姓名", "与户主关系", "身份证号码", "村", "联系电话"]
    heads += [head for head in dict.fromkeys(key for row in rows for key in row) if head not in heads]
    above = [[title], ["填报单位：镇民政办", "", "", day]] if title else []
    return [*above, heads, *([row.get(head, "") for head in heads] for row in rows)]


def plain(*rows):
    """Return headings and rows, each row a dict by heading."""
    heads = list(dict.fromkeys(key for row in rows for key in row))
    return [heads, *([row.get(head, "") for head in heads] for row in rows)]


def wish(key, day=DAY, **said):
    return Wish(kinds()[key], 2026, day, adopt.shelf().commons.code_list, **said)


def reading(key, rows, *, make=None, **said):
    content = make(rows) if make else workbooks.xlsx(("名单", rows))
    book = sheets.read(content)
    assert isinstance(book, sheets.Workbook), book
    return list_rows.read(book, wish(key, **said))


def said(result):
    return [(fault.row, fault.heading, fault.what, fault.blocks) for fault in result.faults]
