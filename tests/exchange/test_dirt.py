"""Every dirt of real files (reference §9), made by code: how a roll and how a list treats it, one test a row."""

from datetime import date, datetime

import pytest

from bangfu.engine.fault import Fault
from bangfu.exchange import sheets
from tests.exchange import lists, pupils, workbooks
from tests.exchange.lists import household, plain
from tests.exchange.pupils import number, table

GROWN = number(1, "19850101")


def only(result):
    assert result.faults == [] and result.refusal is None, result
    (row,) = result.rows
    return row


def listed(value, head, key="dibao", **more):
    """One person of a list with one more column."""
    return lists.reading(key, plain({"姓名": "陈小满", "身份证号码": number(0)} | more | {head: value}))


# --- the frame --------------------------------------------------------------------------------------------------


def test_titles_headings_of_two_rows_and_notes_below():
    above = [["石坎镇中心小学", None, None, None], ["填表日期：2026.10.8", None, None, None]]
    below = [
        ["合计", "1人", None, None],
        ["填表人：何文　审核人：王振华", None, None, None],
        ["说明：请用文本格式填写身份证号。"],
    ]
    roll = pupils.reading([*above, *table({}), *below])
    assert len(roll.rows) == 1
    two = [
        ["基本情况", None, "家庭", None],
        ["姓名", "身份证号", "父亲", "母亲"],
        [None, None, "姓名", "姓名"],
    ]
    one = ["陈小满", number(0), "陈大", "王二"]
    row = only(lists.reading("dibao", [*above, *two, one, *below]))
    assert row.guardians == ("陈大", "王二") and row.id_number == number(0)


@pytest.mark.parametrize(
    "heading", ["身份证号", "身份证号码", "公民身份号码", "证件号", "学生身份证件号码", " 身份证号(18位)* "]
)
def test_other_words_for_a_heading(heading):
    assert only(lists.reading("dibao", plain({"姓名": "陈小满", heading: number(0)}))).id_number == number(0)
    roll = [["姓名", "性别", heading, "班级"], ["陈小满", "男", number(0), "三年级1班"]]
    assert pupils.reading(roll).rows[0].id_number == number(0)


def test_columns_of_a_source_are_remembered():
    rows = plain({"娃": "陈小满", "证": number(0)})
    assert not lists.reading("other", rows).knows_name
    row = lists.reading("other", rows, remembered={"娃": "name", "证": "id_number"}).rows[0]
    assert (row.name, row.id_number) == ("陈小满", number(0))


def test_merged_and_once_named_cells_fill_down_only_where_they_may():
    head = {"户编号": "5223010001", "户主姓名": "陈大", "村": "石坎村", "联系电话": "13900000001"}
    rows = household(
        head | {"姓名": "陈大", "与户主关系": "户主", "身份证号码": GROWN},
        {"姓名": "陈小满", "与户主关系": "之子", "身份证号码": number(0)},
        {"姓名": "陈小二", "与户主关系": "之女", "身份证号码": number(3, male=False)},
    )
    _, first, second = lists.reading("dibao", rows).rows
    assert {(row.household, row.head, row.village) for row in (first, second)} == {
        ("5223010001", "陈大", "石坎村")
    }
    assert first.phones == () and second.guardians == ("陈大",)
    classes = pupils.reading(table({}, {"班级": None}, {"班级": None}, 联系电话=None))
    assert [row.class_number for row in classes.rows] == [1, 1, 1]


def test_heads_and_members_are_one_household_even_without_a_number():
    rows = plain(
        {"姓名": "陈大", "关系": "户主", "身份证号码": GROWN},
        {"姓名": "陈小满", "关系": "子", "身份证号码": number(0)},
        {"姓名": "罗三", "关系": "户主", "身份证号码": number(2, "19800101")},
        {"姓名": "罗天佑", "关系": "子", "身份证号码": number(4)},
    )
    result = lists.reading("dibao", rows)
    assert [row.head for row in result.rows] == ["", "陈大", "", "罗三"]
    assert [row.is_grown_up for row in result.rows] == [True, False, True, False]


# --- numbers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("written", ["'{}", " {} ", "{}\u200b", "`{}"])
def test_apostrophes_and_spaces_around_a_number(written):
    text = written.format(number(0))
    assert only(listed(text, "身份证号码")).id_number == number(0)
    assert pupils.only_row(table({"身份证件号": text})).id_number == number(0)


def test_full_width_digits_and_a_small_x():
    wide = number(0).translate(str.maketrans("0123456789X", "０１２３４５６７８９Ｘ"))
    assert only(listed(wide, "身份证号码")).id_number == number(0)
    assert pupils.only_row(table({"身份证件号": wide})).id_number == number(0)


@pytest.mark.parametrize("lost", [6.10e17, "6.10E+17", 522301201803150000.0])
def test_a_number_that_lost_its_digits_is_reported_and_never_guessed(lost):
    result = listed(lost, "身份证号码")
    assert result.rows[0].id_number == "" and [(f.row, f.blocks) for f in result.faults] == [(2, False)]
    assert "丢失" in result.faults[0].what
    roll = pupils.reading(table({"身份证件号": lost}))
    assert roll.rows == [] and "丢失" in roll.faults[0].what


def test_a_household_number_that_lost_its_digits_joins_nobody():
    rows = plain(
        {"户编号": 5.22e17, "姓名": "甲", "身份证号码": number(0)},
        {"户编号": 5.22e17, "姓名": "乙", "身份证号码": number(2)},
    )
    result = lists.reading("dibao", rows)
    assert {row.household for row in result.rows} == {""} and len(result.faults) == 2


def test_a_wrong_digit_is_reported_and_kept_as_written_for_the_comparison():
    wrong = number(0)[:-1] + ("1" if number(0)[-1] != "1" else "2")
    result = listed(wrong, "身份证号码", 出生日期="20180315")
    assert result.rows[0].id_number == wrong and result.rows[0].birth_on == date(2018, 3, 15)
    assert "校验码" in result.faults[0].what and not result.faults[0].blocks


def test_old_numbers_of_grown_ups_are_read():
    row = lists.reading(
        "dibao", plain({"姓名": "陈大", "身份证号码": "522301850101001", "村": "石坎村"})
    ).rows[0]
    assert row.is_grown_up and row.birth_on == date(1985, 1, 1)


def test_phones_as_floats_and_zeros_that_fell_off():
    assert only(listed(13812345678.0, "联系电话")).phones == ("13812345678",)
    assert pupils.only_row(table({"联系电话": 13812345678.0}, 联系电话=None)).phone == "13812345678"


def test_a_disability_card_begins_with_its_holders_number():
    result = lists.reading(
        "disabled", plain({"姓名": "陈小满", "残疾证号": number(0) + "41", "残疾类别": "肢体"})
    )
    assert result.rows[0].id_number == number(0) and result.rows[0].facts == {
        "disabled": True,
        "disability_kind": "肢体",
    }


# --- words ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张　三", "张三"),
        (" 张 三 ", "张三"),
        ("阿布都•热西提", "阿布都·热西提"),
        ("阿布都．热西提", "阿布都·热西提"),
        ("陳小滿", "陳小滿"),
    ],
)
def test_spaces_and_dots_in_names(written, name):
    assert only(listed(written, "姓名")).name == name
    assert pupils.only_row(table({"姓名": written})).name == name


@pytest.mark.parametrize(
    ("written", "ended"),
    [("是", True), ("√", True), ("1", True), ("否", False), ("×", False), ("", False), ("/", False)],
)
def test_yes_no_and_blank(written, ended):
    assert only(listed(written, "是否停发")).has_ended is ended


@pytest.mark.parametrize("nothing", ["无", "没有", "暂无", "/", "-", "不详", "NULL", "——"])
def test_words_for_nothing_say_nothing(nothing):
    row = only(listed(nothing, "村", 监护人=nothing, 联系电话=nothing))
    assert (row.village, row.guardians, row.phones) == ("", (), ())
    assert pupils.only_row(table({"现住址": nothing}, 现住址=None)).address == ""


@pytest.mark.parametrize(
    "written", ["20180315", "2018.3.15", "2018-03-15", "2018年3月15日", 43174, datetime(2018, 3, 15)]
)
def test_dates_of_every_kind(written):
    row = lists.reading("dibao", plain({"姓名": "陈小满", "出生日期": written})).rows[0]
    assert row.birth_on == date(2018, 3, 15)


def test_a_month_is_no_birth_date_and_is_named_where_no_number_tells_it():
    result = lists.reading("dibao", plain({"姓名": "陈小满", "出生年月": "201803"}))
    assert result.rows[0].birth_on is None and "没有日" in result.faults[0].what
    assert (
        lists.reading(
            "dibao", plain({"姓名": "陈小满", "身份证号码": number(0), "出生年月": "201803"})
        ).faults
        == []
    )


@pytest.mark.parametrize("label", ["三年级1班", "三(1)班", "三年一班", "2024级1班", "3.1", "小学2024级1班"])
def test_classes_however_they_are_called(label):
    assert lists.reading("teacher", plain({"姓名": "陈小满", "班级": label})).rows[0].class_name == (2024, 1)
    assert pupils.only_row(table({"班级": label})).class_number == 1


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("双方外出", 2),
        ("2", 2),
        (2, 2),
        ("1-单亲留守", 1),
        ("一方外出另一方无监护能力", 1),
        ("2-双亲留守儿童", 2),
    ],
)
def test_code_name_and_both_together(written, value):
    row = only(listed(written, "监护情况", key="left_behind"))
    assert row.facts == {"left_behind": True, "left_behind_roll": value}


def test_former_names_are_kept_beside_the_name():
    assert only(listed("陈满", "曾用名")).former_name == "陈满"


# --- people -----------------------------------------------------------------------------------------------------


def test_a_grandparent_as_guardian_and_a_neighbours_phone_are_context_only():
    row = only(listed("陈大爷", "监护人姓名", 监护人身份证号=number(1, "19520101"), 联系电话="13900000001"))
    assert (row.guardians, row.guardian_ids, row.phones) == (
        ("陈大爷",),
        (number(1, "19520101"),),
        ("13900000001",),
    )
    assert not row.is_grown_up


def test_twins_keep_their_rows():
    rows = plain({"姓名": "王浩", "身份证号码": number(10)}, {"姓名": "王浩", "身份证号码": number(11)})
    assert [row.id_number for row in lists.reading("dibao", rows).rows] == [number(10), number(11)]


def test_the_school_a_list_names_is_kept_for_the_comparison():
    assert only(listed("平坝村小学", "就读学校")).school == "平坝村小学"


@pytest.mark.parametrize(
    "head", ["人均纯收入（万元）", "人均纯收入(元/月)", "耕地面积（公顷）", "耕地（亩）"]
)
def test_sums_and_areas_whose_unit_differs_are_named_as_unread_and_never_converted(head):
    found = listed("0.32", head)
    assert only(found).facts == only(listed("", head)).facts
    assert any(head.split("（")[0].split("(")[0] in one for one in found.unknown_headings)


@pytest.mark.parametrize("written", ["民国107年3月5日", "一〇七年"])
def test_years_of_another_era_are_reported_and_not_counted_on(written):
    found = lists.reading("dibao", plain({"姓名": "陈小满", "出生日期": written, "监护人": "陈大"}))
    assert [fault.heading for fault in found.faults] == ["出生日期"]
    assert all(row.birth_on is None for row in found.rows)


# --- categories -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "facts"),
    [
        ("脱贫户", {"exited_poor": True}),
        ("建档立卡贫困户", {"exited_poor": True}),
        ("脱贫户、农村低保户", {"exited_poor": True, "dibao_rural": True}),
        ("防止返贫致贫对象", {"relapse_risk": True}),
    ],
)
def test_categories_in_the_words_of_the_lists_year(written, facts):
    assert only(listed(written, "户类型", key="exited_poor")).facts == facts


@pytest.mark.parametrize("written", ["贫困户", "监测户", "困难户"])
def test_words_of_other_years_are_asked_about_and_block_their_rows(written):
    result = listed(written, "户类型", key="exited_poor")
    assert result.rows == [] and result.words[written] and result.faults[0].blocks
    assert only(
        lists.reading(
            "exited_poor",
            plain({"姓名": "陈小满", "身份证号码": number(0), "户类型": written}),
            words={written: "dibao"},
        )
    ).facts == {"dibao": True}


def test_a_word_nobody_knows_and_a_blank_are_named_and_never_read_as_no():
    for written in ("星级户", ""):
        result = listed(written, "户类型", key="exited_poor")
        assert result.rows == [] and result.silent == 0 and result.faults[0].blocks


def test_who_is_said_to_be_ordinary_states_nothing():
    result = listed("一般户", "户类型", key="exited_poor")
    assert result.rows == [] and result.silent == 1 and result.faults == []


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "make",
    [
        lambda rows: workbooks.xlsx(("名单", rows)),
        lambda rows: workbooks.xls(("名单", rows)),
        lambda rows: workbooks.text_csv(rows, "gb18030"),
        lambda rows: workbooks.text_csv(rows, "utf-8-sig", "\t"),
        lambda rows: workbooks.text_csv(rows, "utf-16"),
        lambda rows: workbooks.html(rows),
    ],
)
def test_every_kind_of_file_reads_alike(make):
    rows = plain({"姓名": "陈小满", "身份证号码": number(0), "村": "石坎村"})
    row = only(lists.reading("dibao", rows, make=make))
    assert (row.name, row.id_number, row.village) == ("陈小满", number(0), "石坎村")


def test_hidden_sheets_are_left_out_and_said():
    rows = plain({"姓名": "陈小满", "身份证号码": number(0)})
    book = sheets.read(workbooks.xlsx(("名单", rows), ("旧名单", rows), hidden=("旧名单",)))
    assert [sheet.name for sheet in book.sheets] == ["名单"] and "隐藏" in book.notes[0].what


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"PK\x03\x04 cut short", b"\x00\x01\x02" * 50])
def test_what_is_no_table_is_refused_in_a_sentence(content):
    answer = sheets.read(content, "名单.xlsx")
    assert isinstance(answer, Fault) and answer.what and answer.hint


def test_control_characters_inside_cells_are_dropped():
    odd = workbooks.xlsx(("名单", plain({"姓名": "陈_x0000_小_x0001_满", "身份证号码": number(0)})))
    assert lists.list_rows.read(sheets.read(odd), lists.wish("dibao")).rows[0].name == "陈小满"
    roll = sheets.read(workbooks.xlsx(("花名册", table({"姓名": "陈_x0000_小满"}))))
    assert "\0" not in str(roll.sheets)
