"""The register value: what is cleaned, how wide columns get, what happens to text no page can hold."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from bangfu.exchange import paper as p

PRINTED_AT = datetime(2026, 10, 30, 16, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
STAMP = p.Stamp(PRINTED_AT, "张明", "7F3A-92C1")


def sheet(columns, rows, **more):
    return p.lay_out(p.Paper("一览表", "一览表", "石坎镇中心小学", columns, rows, STAMP, **more))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("陈\x00小\x07满", "陈小满"),
        ("  前后空格\t不留 ", "前后空格 不留"),
        ("第一行\r\n第二行\r第三行\u2028第四行", "第一行\n第二行\n第三行\n第四行"),
        ("\u202e满小陈\u2066\ufeff", "满小陈"),
        ("陈小𠮷", "陈小𠮷"),
        ("半个\ud842字", "半个字"),
        ("\ufffe\uffff尾", "尾"),
        ("私用\ue000字", "私用\ue000字"),
        ("阿布都·热西提", "阿布都·热西提"),
        ("=1+1", "=1+1"),
    ],
)
def test_text_keeps_what_people_wrote_and_loses_what_documents_cannot_hold(given, kept):
    assert p.clean(given) == kept


def test_columns_fill_the_page_in_proportion():
    columns = (p.Column("序号", 5, "int"), p.Column("姓名", 10), p.Column("签名", 12, "sign"))
    made = sheet(columns, ()).columns
    assert sum(column.mm for column in made) == pytest.approx(297 - 25 - 12)
    assert made[2].mm == pytest.approx(12 / 27 * 260)
    assert made[1].mm == pytest.approx(2 * made[0].mm)


def test_columns_too_wide_for_the_page_shrink_but_signatures_do_not():
    columns = (p.Column("内容", 500), p.Column("签名", 30, "sign"), p.Column("日期", 18, "date"))
    made = sheet(columns, (), landscape=False).columns
    assert [column.mm for column in made[1:]] == [28, 32]
    assert sum(column.mm for column in made) == pytest.approx(210 - 25 - 12)


def test_a_register_of_signatures_only_is_a_mistake_of_the_programmer():
    with pytest.raises(ValueError, match="leave none"):
        sheet(tuple(p.Column(f"签名{n}", 30, "sign") for n in range(12)), ())


def test_a_row_with_a_cell_too_few_is_named():
    with pytest.raises(ValueError, match="row 2: 1 cells for 2 columns"):
        sheet((p.Column("甲", 50), p.Column("乙", 50)), (("1", "2"), ("1",)))


def test_text_longer_than_a_page_goes_on_in_the_next_row_and_nothing_is_lost():
    story = "\n".join(f"第{n}天，他自己把书包整理好了，还帮同桌捡了笔。" * 6 for n in range(80))
    made = sheet((p.Column("序号", 10, "int"), p.Column("谈话内容", 60)), ((1, story), (2, "短")))
    cells = [cells for cells, _ in made.rows]
    assert len(cells) > 3
    assert [cells[0][0], cells[1][0], cells[-1]] == [1, None, (2, "短")]
    assert all(cell[1].startswith(p.CONTINUED) for cell in cells[1:-1])
    told = "".join(cell[1].removeprefix(p.CONTINUED) for cell in cells[:-1])
    assert told.replace("\n", "") == story.replace("\n", "")
    assert all(p.LEAST_ROW <= mm <= p.MOST_ROW for _, mm in made.rows)


def test_a_line_never_begins_with_a_mark_that_belongs_to_the_character_before():
    assert p.lines("葛\U000e0100" * 3, 2 * 11 * p.POINT + p.PADDING) == ["葛\U000e0100" * 2, "葛\U000e0100"]


def test_every_row_is_at_least_nine_millimetres_and_room_to_write_is_kept():
    rows = (("a", "b"), ("a", p.Room(40)), ("a", p.Room(900)))
    made = sheet((p.Column("甲", 50), p.Column("乙", 50)), rows)
    assert [mm for _, mm in made.rows] == [9, 40, p.MOST_ROW]


def test_empty_values_leave_a_line_to_write_on():
    made = sheet((p.Column("甲", 50),), (), head=(("年级组长", ""), ("包级领导", "周岚")))
    assert made.head == "年级组长：____________　　包级领导：周岚"
    assert made.foot == "填表人：____________　　审核人：____________　　日期：______年____月____日"


def test_whole_lines_stand_under_each_other_and_pairs_side_by_side():
    head = ("三年级　10月", ("学生", "陈小满"), ("班级", ""), "内部资料")
    assert sheet((p.Column("甲", 50),), (), head=head).head == (
        "三年级　10月\n学生：陈小满　　班级：____________\n内部资料"
    )


def test_the_footer_says_when_by_whom_and_which_page():
    assert STAMP.sentence() == "由帮扶生成 2026-10-30 16:05 · 经办人张明 · 编号 7F3A-92C1"
    assert p.Stamp(PRINTED_AT).sentence() == "由帮扶生成 2026-10-30 16:05 · 经办人______"


def test_dates_are_spelled_as_on_official_paper():
    assert p.spelled(date(2026, 3, 2)) == "2026年3月2日"
    assert p.spelled(None) == p.spelled(p.Room(20)) == ""
    assert p.spelled(0) == "0"
