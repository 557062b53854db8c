"""The untouched export of the national roll is understood, with every dirt of reference §9."""

import random
from datetime import date, datetime

import pytest

from bangfu.exchange import roll, sheets
from bangfu.exchange.roll import Member
from tests.exchange import workbooks
from tests.exchange.pupils import number, one, only_row, reading, table

# --- the header ---------------------------------------------------------------------------------------


def test_a_plain_export_becomes_typed_rows():
    row = only_row(
        table(
            学籍号=f"G{number(0)}", 民族="汉族", 就读方式="住校", 是否留守儿童="双亲留守儿童", 班内学号="07"
        )
    )
    assert (row.name, row.sex, row.birth_on) == ("陈小满", "1", date(2018, 3, 15))
    assert (row.id_number, row.roll_no) == (number(0), f"G{number(0)}")
    assert (row.entry_year, row.class_number, row.seat_no) == (2024, 1, 7)
    assert row.facts == {"boards": True, "left_behind_roll": 2} and row.ethnicity == "汉族"


def test_titles_and_remarks_above_and_sums_and_signatures_below_are_no_pupils():
    rows = [
        ["石坎镇中心小学学生花名册"],
        ["填表日期：2026年9月1日"],
        [],
        *table({}, {}),
        ["小计", "2 人"],
        *table({}, {}, {})[3:],
        ["合计", "3 人"],
        ["填表人：王老师", None, "审核人：李老师"],
        ["说明：本表一式两份，不得涂改。"],
    ]
    result = reading(rows)
    assert (result.seen, len(result.rows), result.faults) == (3, 3, [])


def test_a_heading_of_two_rows_with_merged_cells_is_joined():
    rows = [
        ["花名册"],
        ["姓名", "身份证件号", "班级", "成员1", "", "", "成员2", "", ""],
        ["", "", "", "姓名", "关系", "联系电话", "姓名", "关系", "联系电话"],
        ["陈小满", number(), "三年级1班", "陈大", "父亲", "13800000001", "王二", "母亲", "13800000002"],
    ]
    row = only_row(rows, merged=["A1:I1", "A2:A3", "B2:B3", "C2:C3", "D2:F2", "G2:I2"])
    assert row.members == (
        Member("陈大", "父亲", "13800000001", None, "", ""),
        Member("王二", "母亲", "13800000002", None, "", ""),
    )
    assert only_row(rows[1:]).members == row.members  # the same, sent on as text without its merged cells


def test_the_families_columns_of_a_flat_export_are_told_apart_from_the_childs():
    rows = table(
        联系电话="13900000000",
        成员1姓名="陈大",
        成员1关系="51-父亲",
        成员1联系电话="13800000001.0",
        成员1是否监护人="是",
        成员1身份证件号="110105491231002",
        成员2姓名="王二",
        成员2关系="爷爷",
    )
    row = only_row(rows)
    assert row.phone == "13900000000"
    assert row.members[0] == Member("陈大", "父亲", "13800000001", True, "11010519491231002X", "")
    assert row.members[1].relation == "祖父"


def test_father_and_mother_as_headings_say_who_they_are():
    row = only_row(table(父亲姓名="陈大", 父亲电话="13800000001", 母亲姓名="王二"))
    assert [(m.name, m.relation) for m in row.members] == [("陈大", "父亲"), ("王二", "母亲")]


@pytest.mark.parametrize(
    "heading",
    [
        "身份证号",
        "身份证号码",
        "公民身份号码",
        "证件号",
        "*身份证件号（18位）",
        "身 份 证 件 号",
        "学生身份证件号码",
        "身份证件号：",
    ],
)
def test_other_words_for_the_same_column_are_known(heading):
    rows = table()
    rows[0][2] = heading
    assert only_row(rows).id_number == number(0)


def test_a_column_without_a_heading_is_known_by_the_shape_of_its_values():
    rows = table({}, {}, {}, {}, 民族="汉")
    rows[0][2] = "号码二"
    assert [row.id_number for row in reading(rows).rows] == [number(n) for n in range(4)]


def test_a_guardians_id_column_is_never_taken_for_the_childs():
    rows = table(
        {"监护人身份证": number(50)},
        {"监护人身份证": number(51)},
        {"监护人身份证": number(52)},
        监护人身份证=None,
    )
    for row in rows:
        del row[2]
    rows[0].append("出生日期")
    for row in rows[1:]:
        row.append("20180315")
    assert all(row.id_number == "" for row in reading(rows).rows)


def test_a_mapping_kept_from_last_time_wins():
    rows = table()
    rows[0][3] = "归属"
    book = sheets.read(workbooks.xlsx(("表", rows)))
    assert roll.read(book, school_year=2026).refusal is not None
    assert len(roll.read(book, school_year=2026, remembered={"归属": "class"}).rows) == 1


def test_recognised_and_unknown_columns_are_told():
    result = reading(table(血型="A", 民族="汉"))
    assert ("E", "血型") not in [
        (c.column, c.heading) for c in result.columns
    ] and result.unknown_headings == ["血型"]
    assert ("C", "身份证件号", "id_number") in [(c.column, c.heading, c.field) for c in result.columns]


@pytest.mark.parametrize(
    "rows, sentence",
    [
        ([["班级", "人数"], ["一班", 40]], "没有找到花名册的表头"),
        ([["a"], ["b"]], "没有找到花名册的表头"),
        ([["姓名", "性别", "身份证件号"], ["陈小满", "男", number()]], "没有找到班级"),
        (table()[:1], "只有表头"),
    ],
)
def test_a_sheet_that_is_no_roll_is_refused_in_a_sentence(rows, sentence):
    result = reading(rows)
    assert sentence in result.refusal.what and result.refusal.hint and result.rows == []


# --- several sheets -----------------------------------------------------------------------------------


def both(first, second, **options):
    return roll.read(
        sheets.read(workbooks.xlsx(("一班", first), ("二班", second), **options)), school_year=2026
    )


def test_one_sheet_per_class_is_read_as_one_roll():
    rows = table({}, {"班级": "三年级2班"})
    result = both(rows[:2], [rows[0], rows[2]])
    assert [(row.sheet, row.class_number) for row in result.rows] == [("一班", 1), ("二班", 2)]


def test_two_sheets_with_the_same_headings_and_pupils_are_refused():
    result = both(table({}, {}), table({}, {}))
    assert "一班" in result.refusal.what and "重复" in result.refusal.what and result.rows == []


def test_a_hidden_copy_is_left_out_and_said():
    result = both(table({}, {}), table({}, {}), hidden=["二班"])
    assert len(result.rows) == 2 and "隐藏" in result.notes[0].what


def test_a_sheet_without_a_roll_beside_one_is_named_and_left_out():
    result = both(table(), [["说明"], ["请勿改动"]])
    assert len(result.rows) == 1 and result.notes[0].where == "二班"


# --- rows ---------------------------------------------------------------------------------------------


def test_the_same_id_number_twice_hands_back_both_rows_and_names_the_other():
    result = reading(table({}, {"身份证件号": number(0)}, {}))
    assert [row.row for row in result.rows] == [4]
    assert [(f.row, f.what) for f in result.faults] == [(2, "和第 3 行重复"), (3, "和第 2 行重复")]


def test_a_formal_roll_number_gives_the_id_number_where_its_cell_is_empty():
    row = only_row(table({"身份证件号": "", "学籍号": "G" + number(7)}, 学籍号=None))
    assert row.id_number == number(7) and row.sex == "1"


def test_a_roll_number_and_an_id_number_that_disagree_block_the_row():
    result = reading(table({"学籍号": "G" + number(7)}, 学籍号=None))
    assert result.rows == [] and result.faults[0].heading == "学籍号"


def test_a_child_without_papers_is_kept_by_name_and_birth_and_is_worth_a_look():
    result = reading(table({"身份证件号": "", "出生日期": "20180315"}, 出生日期=None))
    assert len(result.rows) == 1 and "没有身份证件号" in result.faults[0].what and not result.faults[0].blocks
    assert reading(table({"身份证件号": "无"})).rows == []


def test_a_passport_is_kept_as_it_stands():
    row = only_row(
        table(
            {"身份证件类型": "A-护照", "身份证件号": "E 12345678", "出生日期": "20180315"},
            身份证件类型=None,
            出生日期=None,
        )
    )
    assert (row.id_type, row.id_number) == ("A", "E12345678")


def test_a_child_who_left_is_handed_back_with_the_state_the_roll_gives():
    result = one("学籍状态", "转出")
    assert result.rows == [] and "转出" in result.faults[0].what
    assert len(one("学籍状态", "在读").rows) == 1


def test_counts_say_how_many_rows_need_a_look_without_naming_anybody():
    result = reading(table({"身份证件号": "123"}, {"班级": "x"}, {}))
    assert result.counts == {"rows": 3, "readable": 1, "blocked": 2, "worth_a_look": 0, "faults": 2}


@pytest.mark.parametrize("make", [workbooks.xlsx, workbooks.xls, workbooks.text_csv])
def test_every_format_gives_the_same_rows(make):
    rows = table({}, {"班级": "五(1)班"}, 民族="汉", 成员1姓名="陈大")
    assert [row._replace(sheet="") for row in reading(rows, make).rows] == [
        row._replace(sheet="") for row in reading(rows).rows
    ]


def test_the_remarks_of_a_returned_workbook_are_not_a_column():
    result = reading(table({"要看一下": "身份证件号：校验码不对"}, 要看一下=None))
    assert result.unknown_headings == [] and result.faults == []


def test_two_hundred_mutated_rolls_are_read_without_crashing():
    chance = random.Random(5)
    junk = [
        None,
        "",
        "无",
        "=1+1",
        -1,
        1e300,
        float("nan"),
        "x" * 500,
        True,
        datetime(1900, 1, 1),
        "\U0001f600",
        "合计",
        "²",
        "五",
        "١٢",
        "\x00"[:0],
        0,
        "姓名",
    ]
    for _ in range(200):
        rows = table(
            {},
            {},
            {},
            {},
            出生日期="20180315",
            年级="三年级",
            是否孤儿="否",
            民族="汉",
            联系电话="13800000000",
            学籍号="",
            入学年月="202409",
            学籍状态="在读",
        )
        for _ in range(chance.randint(1, 12)):
            row = chance.choice(rows)
            row[chance.randrange(len(row))] = chance.choice(junk)
        if chance.random() < 0.3:
            rows.insert(
                chance.randrange(len(rows)), [chance.choice(junk) for _ in range(chance.randrange(14))]
            )
        book = sheets.Workbook("xlsx", [sheets.Sheet("表", rows)])
        result = roll.read(book, school_year=2026)
        assert all(fault.what and fault.row for fault in result.faults)
