"""Every file a school may drop is read, or refused in a sentence; none ends the process."""

import io
import random
import zipfile

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.styles import PatternFill

from bangfu.engine.fault import Fault
from bangfu.exchange import sheets
from bangfu.exchange.sheets import Limits, Workbook, read
from tests.exchange import workbooks

ROWS = [
    ["姓名", "性别", "身份证件号"],
    ["张三", "男", "11010519491231002X"],
    ["阿布都·热西提", "女", "'0105"],
]


def refused(content, name="花名册.xlsx", **limits):
    answer = read(content, name, Limits(**limits))
    assert isinstance(answer, Fault), answer
    assert answer.where == name and answer.what and answer.hint
    return answer


def locked(rows=ROWS):
    file = OOXMLFile(io.BytesIO(workbooks.xlsx(("表", rows))))
    out = io.BytesIO()
    file.encrypt("秘密", out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content, kind",
    [
        (workbooks.xlsx(("表", ROWS)), "xlsx"),
        (workbooks.xls(("表", ROWS)), "xls"),
        (workbooks.text_csv(ROWS), "csv"),
        (workbooks.text_csv(ROWS, "utf-8-sig"), "csv"),
        (workbooks.text_csv(ROWS, "gb18030"), "csv"),
        (workbooks.text_csv(ROWS, "utf-16"), "csv"),
        (workbooks.text_csv(ROWS, delimiter="\t"), "csv"),
        (workbooks.text_csv(ROWS, delimiter=";"), "csv"),
        (workbooks.html(ROWS), "html"),
        (workbooks.html(ROWS, "gb18030"), "html"),
    ],
)
@pytest.mark.parametrize("name", ["花名册.xlsx", "花名册.xls", "花名册.csv", "没有结尾"])
def test_every_format_is_known_by_its_content_and_not_by_its_name(content, kind, name):
    book = read(content, name)
    assert isinstance(book, Workbook) and book.kind == kind
    assert [list(row) for row in book.sheets[0].rows] == ROWS


def test_rows_and_columns_keep_their_place_when_the_table_starts_further_down():
    book = openpyxl.Workbook()
    book.active["C4"], book.active["D5"] = "姓名", "张三"
    out = io.BytesIO()
    book.save(out)
    sheet = read(out.getvalue()).sheets[0]
    assert (sheet.first_row, sheet.first_column) == (4, 3)
    assert sheet.rows == [["姓名", ""], ["", "张三"]]


def test_a_password_is_named_for_xlsx():
    assert "密码" in refused(locked()).what
    assert "密码" in refused(locked(), "花名册.xls").what


def test_a_password_is_named_for_xls():
    plain = workbooks.xls(("表", ROWS))
    two_records = b"\xe1\x00\x02\x00\xb0\x04\xc1\x00\x02\x00\x00\x00"
    assert two_records in plain
    file_pass = b"\x2f\x00\x08\x00" + b"\x01\x00\x01\x00\x01\x00\x00\x00"
    assert "密码" in refused(plain.replace(two_records, file_pass), "花名册.xls").what


def test_hidden_and_empty_sheets_are_left_out_and_the_hidden_ones_are_said():
    book = read(workbooks.xlsx(("一", ROWS), ("旧", ROWS), ("空", []), hidden=["旧"]))
    assert [sheet.name for sheet in book.sheets] == ["一"]
    assert [(note.where, "隐藏" in note.what) for note in book.notes] == [("旧", True)]


@pytest.mark.parametrize(
    "content, said",
    [
        (b"", "空"),
        (b"\n\n", "空"),
        (b"\0" * 2000, "空"),
        (workbooks.xlsx(("表", [])), "一行内容也没有"),
        (workbooks.xls(("表", [])), "一行内容也没有"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n....", "图片"),
        (b"\xff\xd8\xff\xe0....", "图片"),
        (b"Rar!\x1a\x07\x00", "压缩包"),
        (b"MZ\x90\0", "程序"),
        (b"\x01\x02\xff\xfe\x80\x00\x99" * 50, "不是表格"),
        (b"MIME-Version: 1.0\r\n", "网页或 XML"),
        (
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
            "网页或 XML",
        ),
    ],
)
def test_what_is_no_table_is_refused_by_its_real_name(content, said):
    assert said in refused(content).what


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def test_word_files_archives_and_other_tables_are_named():
    assert "Word" in refused(zipped(**{"word/document.xml": "x"})).what
    assert "压缩包" in refused(zipped(**{"花名册.csv": "姓名"})).what
    assert "ods" in refused(zipped(**{"content.xml": "x"})).what


def test_a_wps_table_is_told_how_to_be_saved():
    content = workbooks.xls(("表", ROWS))
    assert refused(content, "花名册.et").hint == "请在 WPS 里另存为 xlsx，再拖进来。"


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("make", [workbooks.xlsx, workbooks.xls])
def test_a_file_cut_short_is_refused(make, share):
    rows = [[f"学生{n}", n, "x" * 20] for n in range(500)]
    whole = make(("表", rows))
    answer = read(whole[: int(len(whole) * share)], "花名册.xlsx")
    assert isinstance(answer, Fault) or share == 0.99  # the last percent of an .xls is padding


def test_files_that_are_too_large_are_refused_before_they_are_opened():
    content = workbooks.xlsx(("表", ROWS))
    assert "MB" in refused(content, file_bytes=100).what
    assert "太大" in refused(content, inflated_bytes=100).what
    assert "2 行" in refused(workbooks.text_csv(ROWS[:2]), rows=1).what


def test_an_archive_that_lies_about_its_sizes_is_refused():
    content = bytearray(zipped(**{"xl/workbook.xml": "x", "xl/worksheets/sheet1.xml": b"0" * 50_000_000}))
    at = content.rindex(b"PK\x01\x02")
    content[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert "太大" in refused(bytes(content), inflated_bytes=1_000_000).what


def test_one_far_cell_does_not_end_the_process_but_far_colours_do_no_harm():
    def with_far_cell(value):
        book = openpyxl.Workbook()
        book.active["A1"] = "姓名"
        book.active["XFD1048576"] = value
        book.active["XFD1048576"].fill = PatternFill("solid", fgColor="FFFF00")
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()

    assert "太大" in refused(with_far_cell("远")).what
    assert read(with_far_cell(None)).sheets[0].rows == [["姓名"]]


def test_merged_cells_of_a_page_stay_in_their_columns():
    page = """<table><tr><td rowspan=2>姓名</td><td colspan=2>成员1</td></tr><tr><td>姓名</td><td>关系</td></tr>
    <tr><td>张三</td><td>张一</td><td>父亲</td></tr></table>"""
    assert read(page.encode(), "a.xls").sheets[0].rows == [
        ["姓名", "成员1", ""],
        ["", "姓名", "关系"],
        ["张三", "张一", "父亲"],
    ]


def test_two_hundred_damaged_workbooks_are_read_or_refused_and_never_crash():
    chance = random.Random(20261122)
    rows = [[f"学生{n}", n * 1.5, f"{n:018d}"] for n in range(60)]
    sound = [
        workbooks.xlsx(("表", rows)),
        workbooks.xls(("表", rows)),
        workbooks.text_csv(rows, "gb18030"),
        workbooks.html(rows),
        locked(),
    ]
    for turn in range(200):
        content = bytearray(sound[turn % len(sound)])
        for _ in range(chance.randint(1, 30)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.3:
            del content[chance.randrange(len(content)) :]
        if chance.random() < 0.2:
            at = chance.randrange(len(content) + 1)
            content[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(200)))
        answer = read(bytes(content), "坏.xlsx")
        assert isinstance(answer, Fault | sheets.Workbook)
