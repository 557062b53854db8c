"""A faulty workbook comes back as itself, with yellow cells and a last column; corrected, it reads clean."""

import io

import openpyxl
import pytest
from openpyxl.styles import Font

from bangfu.exchange import roll, sheets
from bangfu.exchange.annotate import YELLOW, annotate
from tests.exchange import workbooks
from tests.exchange.pupils import number, table

ROWS = [
    ["石坎镇中心小学花名册"],
    *table({}, {"身份证件号": 5.2e17}, {"班级": "实验班", "联系电话": "123"}, {}, 联系电话="13800000000"),
]


def read(content):
    book = sheets.read(content)
    return book, roll.read(book, school_year=2026)


def handed_back(content):
    book, reading = read(content)
    return annotate(content, book, reading.faults, reading.header_rows)


@pytest.mark.parametrize("make", [
    lambda: workbooks.xlsx(("表", ROWS)), lambda: workbooks.xls(("表", ROWS)), lambda: workbooks.text_csv(ROWS, "gb18030"),
    lambda: workbooks.html(ROWS),
], ids=["xlsx", "xls", "csv", "html"])  # fmt: skip
def test_the_faulty_cells_are_yellow_and_the_last_column_says_why(make):
    sheet = openpyxl.load_workbook(io.BytesIO(handed_back(make()))).worksheets[0]
    assert [sheet.cell(row, 6).value is not None for row in range(1, 7)] == [
        False,
        True,
        False,
        True,
        True,
        False,
    ]
    assert sheet.cell(2, 6).value == "要看一下"
    assert "身份证件号：数字变成了科学计数法" in sheet["F4"].value
    assert "班级：没有认出是哪个班" in sheet["F5"].value and "联系电话：" in sheet["F5"].value
    yellow = {
        c.coordinate
        for row in sheet.iter_rows()
        for c in row
        if c.fill.fill_type and c.fill.fgColor.rgb == YELLOW
    }
    assert yellow == {"C4", "F4", "D5", "E5", "F5"}
    assert sheet["C3"].value == number(0)


@pytest.mark.parametrize("make", [workbooks.xlsx, workbooks.xls])
def test_the_file_corrected_and_dropped_again_reads_clean(make):
    book = openpyxl.load_workbook(io.BytesIO(handed_back(make(("表", ROWS)))))
    book.worksheets[0]["C4"] = number(1)
    book.worksheets[0]["D5"], book.worksheets[0]["E5"] = "三年级2班", "13800000000"
    out = io.BytesIO()
    book.save(out)
    _, reading = read(out.getvalue())
    assert reading.faults == [] and len(reading.rows) == 4 and reading.unknown_headings == []


def test_a_second_hand_back_takes_off_the_marks_of_the_first():
    book = openpyxl.load_workbook(io.BytesIO(handed_back(workbooks.xlsx(("表", ROWS)))))
    book.worksheets[0]["C4"] = number(1)
    out = io.BytesIO()
    book.save(out)
    sheet = openpyxl.load_workbook(io.BytesIO(handed_back(out.getvalue()))).worksheets[0]
    assert sheet["F4"].value is None and sheet["C4"].fill.fill_type is None and sheet.max_column == 6
    assert sheet["F5"].value and sheet["D5"].fill.fgColor.rgb == YELLOW


def test_what_the_school_had_set_stays():
    book = openpyxl.load_workbook(io.BytesIO(workbooks.xlsx(("表", ROWS))))
    sheet = book.active
    sheet["A3"].font, sheet.freeze_panes, sheet.column_dimensions["A"].width = Font(bold=True), "A3", 33
    book.create_sheet("别的")["A1"] = "留着"
    out = io.BytesIO()
    book.save(out)
    after = openpyxl.load_workbook(io.BytesIO(handed_back(out.getvalue())))
    sheet = after["表"]
    assert sheet["A3"].font.bold and sheet.freeze_panes == "A3" and sheet.column_dimensions["A"].width == 33
    assert after["别的"]["A1"].value == "留着"


def test_text_that_looks_like_a_formula_stays_text():
    rows = table({"姓名": "=1+1"}, {})
    sheet = openpyxl.load_workbook(io.BytesIO(handed_back(workbooks.text_csv(rows)))).active
    assert sheet["A2"].data_type == "s"
