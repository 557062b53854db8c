"""The same papers read back from .xlsx and .docx: cell by cell the same, and set up for A4 in both."""

import io
import re
import zipfile
from datetime import date, datetime
from zoneinfo import ZoneInfo

import docx as reader
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from bangfu.exchange import docx, xlsx
from bangfu.exchange import paper as p

PRINTED_AT = datetime(2026, 10, 30, 16, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
STAMP = p.Stamp(PRINTED_AT, "张明 & 周岚", "7F3A-92C1")
COLUMNS = (
    p.Column("序号", 12, "int"),
    p.Column("姓名", 20),
    p.Column("日期", 30, "date"),
    p.Column("谈话内容", 90),
    p.Column("联系电话", 30),
    p.Column("检查人签名", 28, "sign"),
)


def register(rows, tab="记录表", school="石坎镇中心小学", **more):
    more = {"head": (("学年学期", "2026—2027学年第一学期"), ("包级领导", ""))} | more
    return p.Paper("待优生帮扶情况记录表", tab, school, COLUMNS, tuple(rows), STAMP, **more)


def line(n, text="聊了周末在家做什么。", name="陈小满"):
    return (n, name, date(2026, 10, 1 + n % 28), text, "10013800021", None)


HARD = register(
    [
        line(1),
        line(2, "=1+1", "陈小𠮷"),
        line(3, "+86 10013800021"),
        line(4, "@SUM(A1)\n-2+3"),
        line(5, "坏\x00字\x1f符"),
        line(6, "_x0041_ <b>&amp;</b> ]]>"),
        line(7, "很长的一段话，他今天说了很多。" * 200),
        line(8, "0105"),
        (9, "阿布都·热西提", None, "", "00012345678901234567", None),
        (10, "林一诺", None, p.Room(40), None, None),
    ]
)


def from_xlsx(content, lines_above):
    """Every sheet as (title lines, headings, rows as paper words, foot line)."""
    read = []
    for page, above in zip(openpyxl.load_workbook(io.BytesIO(content)), lines_above, strict=True):
        rows = [
            ["" if c is None else p.spelled(c.date() if isinstance(c, datetime) else c) for c in row]
            for row in page.iter_rows(values_only=True)
        ]
        read.append(([row[0] for row in rows[:above]], rows[above], rows[above + 1 : -1], rows[-1][0]))
    return read


def from_docx(content, lines_above):
    read, document = [], reader.Document(io.BytesIO(content))
    said = [paragraph.text for paragraph in document.paragraphs if paragraph.text]
    for table, above in zip(document.tables, lines_above, strict=True):
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        rows[-1][1:] = [""] * (len(rows[-1]) - 1)  # one cell across the table
        titles, said = said[:above], said[above:]
        read.append((titles, rows[0], rows[1:], said.pop(0)))
    return read


@pytest.mark.parametrize(
    "papers",
    [
        [HARD],
        [register([])],
        [register(map(line, range(200)))],
        [HARD, register([], landscape=False), register([line(1)], school="", head=("第一行", "第二行"))],
        [register([line(1)], school="", head=())],
    ],
    ids=["hard text", "no rows", "200 rows", "three papers", "only a title"],
)
def test_both_files_say_the_same_in_every_cell(papers):
    above = [1 + bool(paper.school) + bool(paper.head) for paper in papers]
    ours, theirs = from_xlsx(xlsx.write(papers), above), from_docx(docx.write(papers), above)
    assert ours == theirs
    for paper, (titles, headings, rows, foot) in zip(papers, ours, strict=True):
        sheet = p.lay_out(paper)
        assert titles == [said for said in (paper.school, paper.title, sheet.head) if said]
        assert headings == [column.heading for column in COLUMNS]
        assert rows[:-1] == [[p.spelled(cell) for cell in cells] for cells, _ in sheet.rows]
        assert rows[-1] == ["以下空白", "", "", "", "", ""]
        assert foot == sheet.foot


def test_numbers_that_are_names_stay_text_and_dates_stay_dates():
    page = openpyxl.load_workbook(io.BytesIO(xlsx.write([HARD]))).active
    assert [page["E5"].value, page["E5"].data_type, page["E5"].number_format] == ["10013800021", "s", "@"]
    assert [page["C5"].value.date(), page["C5"].number_format] == [date(2026, 10, 2), "yyyy-mm-dd"]
    assert [page["A5"].value, page["A5"].data_type] == [1, "n"]
    assert [page["D6"].value, page["D6"].data_type] == ["=1+1", "s"]


def test_no_formula_macro_link_or_author_is_in_the_files():
    for content in (xlsx.write([HARD]), docx.write([HARD])):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names, whole = packed.namelist(), b"".join(packed.read(name) for name in packed.namelist())
        assert not [name for name in names if re.search(r"vba|macro|thumbnail|externalLink|calcChain", name)]
        assert b"<f>" not in whole
        assert b"<hyperlink" not in whole
    known = reader.Document(io.BytesIO(docx.write([HARD]))).core_properties
    assert [known.author, known.last_modified_by, known.title, known.comments] == [""] * 4
    book = openpyxl.load_workbook(io.BytesIO(xlsx.write([HARD]))).properties
    assert not any((book.creator, book.lastModifiedBy, book.title, book.description))


@pytest.mark.parametrize("writer", [xlsx, docx])
def test_the_same_paper_gives_the_same_bytes(writer):
    assert writer.write([HARD]) == writer.write([HARD])
    assert writer.write([HARD]) != writer.write([register([line(1)])])


@pytest.mark.parametrize("writer", [xlsx, docx])
def test_nothing_to_print_is_a_mistake_of_the_programmer(writer):
    with pytest.raises(ValueError, match="nothing to print"):
        writer.write([])


def test_the_sheet_prints_on_a4_with_a_binding_margin_and_headings_on_every_page():
    page = openpyxl.load_workbook(io.BytesIO(xlsx.write([HARD]))).active
    assert [page.page_setup.paperSize, page.page_setup.orientation] == [9, "landscape"]
    assert page.page_margins.left * 25.4 == pytest.approx(25)
    assert page.sheet_properties.pageSetUpPr.fitToPage
    # Where the width is left out, Excel takes 1.
    assert [page.page_setup.fitToWidth or 1, page.page_setup.fitToHeight] == [1, 0]
    assert page.print_title_rows == "$4:$4"
    assert page.freeze_panes == "A5"
    assert all(page.row_dimensions[n].height >= 9 / 25.4 * 72 - 0.1 for n in range(4, page.max_row))
    assert page["A5"].font.name == "宋体"
    assert page.oddFooter.left.text == "第 &P 页 共 &N 页"
    assert page.oddFooter.right.text.replace("&&", "&") == STAMP.sentence()


def test_the_document_prints_on_a4_with_the_same_set_up():
    document = reader.Document(io.BytesIO(docx.write([HARD, register([], landscape=False)])))
    across, upright = document.sections
    assert [across.orientation, upright.orientation] == [WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    assert [round(across.page_width.mm), round(across.page_height.mm)] == [297, 210]
    assert [round(upright.page_width.mm), round(upright.page_height.mm)] == [210, 297]
    assert round(across.left_margin.mm) == round(upright.left_margin.mm) == 25
    for section in (across, upright):
        footer = section.footer._element
        assert [f.get(qn("w:instr")).strip() for f in footer.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
        assert STAMP.sentence() in section.footer.paragraphs[0].text
    rows = document.tables[0].rows
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows[:3]] == [True, False, False]
    assert all(row._tr.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    assert all(row.height.mm == pytest.approx(9, abs=0.1) for row in rows[:5])
    assert rows[10].height.mm == pytest.approx(9, abs=0.1)
    assert max(row.height.mm for row in rows) == pytest.approx(40, abs=0.1)


def test_the_fonts_are_named_and_have_a_stand_in():
    content = docx.write([HARD])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        table = packed.read("word/fontTable.xml").decode()
        body = packed.read("word/document.xml").decode()
        styles = packed.read("word/styles.xml").decode()
    assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋"' in table
    assert 'w:eastAsia="方正小标宋简体"' in body
    assert 'w:eastAsia="仿宋_GB2312"' in styles
    assert 'w:eastAsia="zh-CN"' in styles


@pytest.mark.parametrize(
    ("wanted", "made"),
    [
        (["一览表", "一览表"], ["一览表", "一览表 2"]),
        (["甲" * 40, "甲" * 40], ["甲" * 31, "甲" * 29 + " 2"]),
        (["𠮷" * 20], ["𠮷" * 15]),
        (["一/二:三[四]?"], ["一 二 三 四"]),
        (["", "'", "History"], ["表", "表 2", "表 3"]),
    ],
)
def test_sheet_names_are_such_as_excel_takes(wanted, made):
    assert xlsx.tab_names(wanted) == made
    written = xlsx.write([register([], tab=name) for name in wanted])
    assert openpyxl.load_workbook(io.BytesIO(written)).sheetnames == made
