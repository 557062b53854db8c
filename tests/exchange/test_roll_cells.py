"""Cells and classes of the roll in every way people write them (the dirt table of reference §9)."""

from datetime import date, datetime

import pytest

from tests.exchange.pupils import number, one, only_row, reading, said, table

# --- cells --------------------------------------------------------------------------------------------


def test_an_id_number_that_lost_its_digits_is_named_by_cell_and_never_guessed():
    result = reading(table({"身份证件号": 5.22301201803151e17}, {"身份证件号": "5.22E+17"}, {}))
    assert [row.row for row in result.rows] == [4]
    assert said(result) == [
        (2, "身份证件号", "数字变成了科学计数法，后几位已经丢失", True),
        (3, "身份证件号", "数字变成了科学计数法，后几位已经丢失", True),
    ]
    assert result.faults[0].where == "花名册!2:身份证件号" and result.faults[0].column == "C"


@pytest.mark.parametrize(
    "written", ["'522301201803150017", " 522301 20180315 0017 ", "５２２３０１２０１８０３１５００１７"]
)
def test_apostrophes_spaces_and_wide_digits_in_id_numbers_do_no_harm(written):
    sound = number(0)
    assert (
        only_row(
            table({"身份证件号": written.replace("0017", sound[-4:]).replace("００１７", sound[-4:])})
        ).id_number
        == sound
    )


def test_lower_case_x_is_read():
    with_x = next(number(n) for n in range(99) if number(n).endswith("X"))
    assert only_row(table({"身份证件号": with_x.lower()})).id_number == with_x


def test_names_lose_spaces_and_keep_their_middle_dot():
    assert [row.name for row in reading(table({"姓名": "张　三"}, {"姓名": "阿布都．热西提"})).rows] == [
        "张三",
        "阿布都·热西提",
    ]


@pytest.mark.parametrize(
    "written, meaning",
    [
        ("是", True),
        ("有", True),
        ("√", True),
        (1, True),
        (1.0, True),
        ("1", True),
        ("Y", True),
        ("对", True),
        ("1-是", True),
        (True, True),
        ("否", False),
        ("无", False),
        ("×", False),
        (0, False),
        ("N", False),
        ("0-否", False),
        (False, False),
        ("", None),
        (None, None),
        ("/", None),
        ("-", None),
        ("不详", None),
        ("NULL", None),
    ],
)
def test_yes_and_no_have_a_third_answer(written, meaning):
    result = one("是否孤儿", written)
    assert result.faults == [] and result.rows[0].facts.get("orphan") is meaning


def test_an_answer_that_is_neither_yes_nor_no_is_worth_a_look_and_stays_unknown():
    result = one("是否孤儿", "可能")
    assert result.rows[0].facts == {} and said(result) == [
        (2, "是否孤儿", "“可能”不知道是“是”还是“否”", False)
    ]


@pytest.mark.parametrize(
    "heading, written, field, meaning",
    [
        ("是否留守儿童", "0", "left_behind_roll", 0),
        ("是否留守儿童", 2.0, "left_behind_roll", 2),
        ("是否留守儿童", "2-双亲留守儿童", "left_behind_roll", 2),
        ("是否留守儿童", "单亲留守儿童", "left_behind_roll", 1),
        ("就读方式", "1", "boards", False),
        ("就读方式", "2-住校", "boards", True),
        ("就读方式", "走读", "boards", False),
        ("健康状况", "10-健康或良好", "health", "good"),
        ("健康状况", "50", "health", "disability"),
        ("户口性质", "农业户口", "hukou_type", "rural"),
        ("上下学距离", "3.5公里", "distance_km", 3.5),
    ],
)
def test_codes_names_and_both_together_are_understood(heading, written, field, meaning):
    result = one(heading, written)
    assert result.faults == [] and result.rows[0].facts == {field: meaning}


@pytest.mark.parametrize(
    "written, sex", [("1-男", "1"), ("1", "1"), (1.0, "1"), ("男", "1"), ("01男", "1"), ("男性", "1")]
)
def test_sex_is_read_as_code_or_name(written, sex):
    assert only_row(table({"性别": written})).sex == sex


@pytest.mark.parametrize(
    "written, group",
    [
        ("01汉族", "汉族"),
        ("汉", "汉族"),
        ("3", "回族"),
        ("36", "毛南族"),
        ("05-维吾尔族", "维吾尔族"),
        ("无", ""),
    ],
)
def test_ethnicity_is_read_as_code_or_name(written, group):
    result = one("民族", written)
    assert result.faults == [] and result.rows[0].ethnicity == group


def test_a_code_and_a_name_that_disagree_are_worth_a_look():
    assert "对不上" in one("是否留守儿童", "0-双亲留守儿童").faults[0].what


@pytest.mark.parametrize(
    "written",
    [
        "20180315",
        "2018.3.15",
        "2018-03-15",
        "2018/3/15",
        "2018年3月15日",
        43174,
        43174.0,
        20180315.0,
        date(2018, 3, 15),
        datetime(2018, 3, 15),
        "43174",
    ],
)
def test_dates_are_read_in_every_way_people_write_them(written):
    rows = table(
        {"身份证件号": "", "出生日期": written, "学籍号": "L110105201803150021"}, 出生日期=None, 学籍号=None
    )
    result = reading(rows)
    assert result.faults == [] and result.rows[0].birth_on == date(2018, 3, 15)


@pytest.mark.parametrize(
    "written, what",
    [("2018-03", "只写到月"), ("民国107年", "没有认出"), ("20181345", "不存在"), ("18250315", "年份不对")],
)
def test_a_birth_date_nobody_can_read_is_named_where_no_id_number_tells_it(written, what):
    without_id = table(
        {"身份证件号": "", "出生日期": written, "学籍号": "L110105201803150021"}, 出生日期=None, 学籍号=None
    )
    assert what in reading(without_id).faults[0].what
    assert reading(table({"出生日期": written}, 出生日期=None)).faults == []


def test_birth_and_sex_that_disagree_with_the_id_number_are_worth_a_look():
    result = reading(table({"出生日期": "20170101", "性别": "女"}, 出生日期=None))
    assert [fault.heading for fault in result.faults] == ["出生日期", "性别"] and not any(
        f.blocks for f in result.faults
    )
    assert (result.rows[0].birth_on, result.rows[0].sex) == (date(2018, 3, 15), "1")


@pytest.mark.parametrize(
    "written, month",
    [
        ("202409", "2024-09"),
        (202409.0, "2024-09"),
        ("2024.9", "2024-09"),
        ("2024年9月", "2024-09"),
        ("2024-09-01", "2024-09"),
        (date(2024, 9, 1), "2024-09"),
    ],
)
def test_months_of_enrolment_are_read(written, month):
    assert one("入学年月", written).rows[0].enrol_month == month


@pytest.mark.parametrize(
    "written, phone",
    [
        (13812345678.0, "13812345678"),
        ("１３８１２３４５６７８", "13812345678"),
        ("138-1234-5678", "13812345678"),
        ("+8613812345678", "13812345678"),
        ("0859-1234567", "08591234567"),
        ("13812345678/13900000000", "13812345678"),
        ("无", ""),
        ("/", ""),
    ],
)
def test_phones_are_read(written, phone):
    result = one("联系电话", written)
    assert result.faults == [] and result.rows[0].phone == phone


def test_a_phone_that_is_none_is_worth_a_look_and_does_not_block():
    result = one("家长电话", "1381234567")
    assert len(result.rows) == 1 and said(result) == [(2, "家长电话", "不像电话号码", False)]


@pytest.mark.parametrize("written", ["无", "没有", "暂无", "/", "-", "不详", "NULL", ""])
def test_words_for_nothing_are_nothing(written):
    assert one("曾用名", written).rows[0].former_name == "" and one("现住址", written).rows[0].address == ""


# --- classes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns, found",
    [
        ({"班级": "五年一班"}, (2022, 1)),
        ({"班级": "五(1)班"}, (2022, 1)),
        ({"班级": 5.1}, (2022, 1)),
        ({"班级": "2021级1班"}, (2021, 1)),
        ({"年级": "小学2024级", "班级": "2班"}, (2024, 2)),
        ({"年级": "三年级", "班级": "02"}, (2024, 2)),
        ({"年级": "3", "班级": "3"}, (2024, 3)),
        ({"班级": "", "班号": "2", "入学年月": "202409"}, (2024, 2)),
        ({"年级": "三年级", "班级": "三年级"}, (2024, 1)),
        ({"年级": "三年级", "班级": "三年级（2）班"}, (2024, 2)),
    ],
)
def test_classes_are_read_from_whatever_columns_there_are(columns, found):
    row = only_row(table(columns, **{head: None for head in columns if head != "班级"}))
    assert (row.entry_year, row.class_number) == found


@pytest.mark.parametrize(
    "columns, what",
    [
        ({"班级": "实验班"}, "没有认出"),
        ({"班级": ""}, "没有写班级"),
        ({"班级": date(2026, 5, 1)}, "变成了日期"),
        ({"班级": "2班"}, "没有写年级"),
        ({"年级": "三年级", "班级": "五年级1班"}, "对不上"),
    ],
)
def test_a_class_nobody_can_read_is_named_and_blocks_its_row(columns, what):
    result = reading(table(columns, **{head: None for head in columns if head != "班级"}))
    assert what in result.faults[0].what and result.faults[0].blocks and result.rows == []


def test_a_year_with_numbered_classes_needs_a_number_for_every_child():
    result = reading(table({"班级": "三年级1班"}, {"班级": "三年级"}, {"班级": "四年级"}))
    assert [(row.entry_year, row.class_number) for row in result.rows] == [(2024, 1), (2023, 1)]
    assert "没有写是几班" in result.faults[0].what and result.faults[0].row == 3


def test_a_class_named_once_for_its_block_is_filled_down_but_nothing_else_is():
    rows = table(
        {"班级": "三年级1班", "民族": "汉"},
        *[{"班级": None}] * 2,
        {"班级": "三年级2班"},
        *[{"班级": None}] * 2,
        民族=None,
    )
    result = reading(rows)
    assert [row.class_number for row in result.rows] == [1, 1, 1, 2, 2, 2]
    assert [row.ethnicity for row in result.rows] == ["汉族", "", "", "", "", ""]


def test_a_merged_class_cell_covers_only_its_own_rows():
    rows = table(
        {"班级": "三年级1班"}, {"班级": None}, {"班级": "三年级2班"}, {"班级": "三年级2班"}, {"班级": None}
    )
    result = reading(rows, merged=["D2:D3"])
    assert [row.class_number for row in result.rows] == [1, 1, 2, 2] and result.faults[0].row == 6
