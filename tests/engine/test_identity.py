"""ID numbers, roll numbers, names and class names come out right or not at all."""

from datetime import date

import pytest

from bangfu.engine import identity
from bangfu.engine.identity import ClassName, Unreadable, read_class, read_id

# The two worked examples of GB 11643-1999.
STANDARD = ["11010519491231002X", "440524188001010014"]


def test_the_check_digit_agrees_with_the_examples_of_the_standard():
    for number in STANDARD:
        assert identity.check_digit(number[:17]) == number[17]


@pytest.mark.parametrize(
    "written",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        " 110105 19491231 002X ",
        "'11010519491231002X",
        "11010519491231002X\u200b",
        "’11010519491231002X",
        "1101051949\u00a01231002X",
    ],
)
def test_an_id_number_is_read_however_it_was_typed(written):
    assert read_id(written) == "11010519491231002X"


@pytest.mark.parametrize(
    "written, said",
    [
        (6.10502201901011e17, "科学计数法"),
        ("6.10E+17", "科学计数法"),
        ("6.105E17", "科学计数法"),
        (610502201901011234.0, "科学计数法"),
        ("11010519491231002", "应是 18 位，这里是 17 位"),
        ("110105194912310021", "校验码"),
        ("11010519491331002X", "出生日期"),
        ("1101051949A231002X", "不该有的字"),
        ("110105491231002", "15 位"),
        ("", "0 位"),
    ],
)
def test_what_is_no_id_number_is_said_and_never_guessed(written, said):
    answer = read_id(written)
    assert isinstance(answer, Unreadable) and said in answer.what and answer.hint


def test_an_adults_old_number_of_15_digits_becomes_18():
    assert read_id("110105491231002", old_allowed=True) == "11010519491231002X"


def test_any_single_wrong_digit_is_found():
    good = STANDARD[0]
    for place in range(17):
        for digit in "0123456789":
            if digit != good[place]:
                assert isinstance(read_id(good[:place] + digit + good[place + 1 :]), Unreadable)


def test_birth_and_sex_are_read_from_the_number():
    assert identity.birth_of(STANDARD[0]) == date(1949, 12, 31)
    assert (
        identity.sex_of(STANDARD[0]) == identity.FEMALE
        and identity.sex_of("440524188001010014") == identity.MALE
    )


def test_a_roll_number_tells_its_kind_and_only_g_holds_the_id():
    formal = identity.read_roll_number("g11010519491231002x")
    assert formal == ("G11010519491231002X", "G", "11010519491231002X")
    assert identity.read_roll_number("L110105194912310021").id_number is None
    assert identity.read_roll_number("J11010519491231002X").kind == "J"
    for wrong in ["G110105194912310021", "G123", "X11010519491231002X", 6.1e18, "11010519491231002X1"]:
        assert isinstance(identity.read_roll_number(wrong), Unreadable)


@pytest.mark.parametrize(
    "written, name",
    [
        ("张　三", "张三"),
        (" 陈 小 满 ", "陈小满"),
        ("阿布都•热西提", "阿布都·热西提"),
        ("阿布都．热西提", "阿布都·热西提"),
        ("阿布都・热西提", "阿布都·热西提"),
        ("阿布都 · 热西提", "阿布都·热西提"),
        ("喆", "喆"),
        ("\ufeff王浩", "王浩"),
    ],
)
def test_names_lose_spaces_and_keep_one_kind_of_dot(written, name):
    assert identity.name_of(written) == name


@pytest.mark.parametrize(
    "written, entry_year, number",
    [
        ("五年一班", 2022, 1),
        ("五年级一班", 2022, 1),
        ("五(1)班", 2022, 1),
        ("五（1）班", 2022, 1),
        ("5.1", 2022, 1),
        ("三年级（2）班", 2024, 2),
        ("2021级1班", 2021, 1),
        ("2021级（12）班", 2021, 12),
        ("小学2019级", 2019, None),
        ("小学2021级", 2021, None),
        ("小学2021级3班", 2021, 3),
        ("2021级", 2021, None),
        ("六年级十二班", 2021, 12),
        ("5-2", 2022, 2),
        ("五年级第二班", 2022, 2),
        ("三1班", 2024, 1),
        ("301", 2024, 1),
        ("302班", 2024, 2),
        ("202101", 2021, 1),
        ("一班", None, 1),
        ("01", None, 1),
        ("1", None, 1),
        ("(3)班", None, 3),
        ("初二3班", 2019, 3),
        ("八年级3班", 2019, 3),
        ("初中2025级3班", 2019, 3),
        ("三年级", 2024, None),
        ("二〇二一级", None, None),
        ("十一年级1班", None, None),
        ("实验班", None, None),
        ("2021届1班", None, None),
        ("", None, None),
        ("9999", None, None),
        ("五年级一班（原二班）", None, None),
    ],
)
def test_class_names_give_entry_year_and_number(written, entry_year, number):
    assert read_class(written, 2026) == ClassName(entry_year, number)


def test_the_same_grade_name_moves_with_the_school_year():
    assert read_class("五(1)班", 2026).entry_year == 2022 and read_class("五(1)班", 2025).entry_year == 2021
    assert read_class("2021级1班", 2026) == read_class("2021级1班", 2025)


@pytest.mark.parametrize(
    "written, entry_year",
    [
        ("一年级", 2026),
        ("1", 2026),
        ("六", 2021),
        ("小学2021级", 2021),
        ("初一", 2020),
        ("七年级", 2020),
        ("高一", None),
    ],
)
def test_grades_give_the_year_of_grade_one(written, entry_year):
    assert identity.read_grade(written, 2026) == entry_year


def test_whole_floats_are_read_as_the_digits_that_were_typed():
    assert identity.plain(13812345678.0) == "13812345678"
    assert identity.plain(5.1) == "5.1"
