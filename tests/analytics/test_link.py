"""Rows of a list find their children: sure only when more than a name says so; twins, namesakes and siblings are safe."""

from dataclasses import replace
from datetime import date

import pytest

from bangfu.analytics.link import link
from bangfu.engine.identity import check_digit
from bangfu.engine.likeness import Person


def number(first_17):
    return first_17 + check_digit(first_17)


HOME = {
    "guardians": ("王建国", "李秀兰"),
    "phones": ("10012345678",),
    "village": "石坎村",
    "household": "990101000000007",
}
ELDER = Person(
    "elder", "王子轩", sex="1", birth_on=date(2014, 5, 6), id_number=number("99010120140506001"), **HOME
)
YOUNGER = replace(
    ELDER, key="younger", name="王子涵", birth_on=date(2017, 8, 9), id_number=number("99010120170809003")
)
TWIN = replace(ELDER, key="twin", name="王子豪", id_number=number("99010120140506003"))
NAMESAKE = Person(
    "namesake", "王子轩", sex="1", birth_on=date(2015, 1, 2), id_number=number("99010120150102005"),
    guardians=("王海",), phones=("10087654321",), village="沙坪村", household="990101000000008",
)  # fmt: skip
OTHERS = [
    Person(
        f"other{n}", name, birth_on=date(2013 + n % 5, 1 + n % 12, 1 + n % 28), guardians=(f"{name[0]}大山",),
        id_number=number(f"990101{2013 + n % 5}{1 + n % 12:02}{1 + n % 28:02}1{n:02}"), village="月亮湾村",
    )
    for n, name in enumerate(
        ["陈小满", "李雨欣", "张一诺", "刘思源", "赵佳怡", "周天佑", "吴浩宇", "徐子安", "孙洋洋", "马小川"]
    )
]  # fmt: skip
ROLL = [ELDER, YOUNGER, TWIN, NAMESAKE, *OTHERS]


def row(child, **said):
    return replace(child, key="row", **said)


def found(one, roll=ROLL):
    return link([one], roll)


def sure(one, roll=ROLL):
    return [each.child_key for each in found(one, roll) if each.is_sure]


def test_number_and_name_are_exact_and_say_why():
    (only,) = found(Person("row", "王子轩", id_number=ELDER.id_number))
    assert (only.row_key, only.child_key, only.how, only.is_sure) == ("row", "elder", "exact", True)
    assert only.reasons == ("身份证件号一样", "姓名一样")


@pytest.mark.parametrize(
    "said",
    [
        {"id_number": ""},
        {"id_number": ELDER.id_number[:12] + ELDER.id_number[13:]},
        {"id_number": ELDER.id_number[:15] + "000"},
        {"id_number": "9.90101E+17"},
        {"id_number": "", "name": "王子宣"},
        {"id_number": "", "name": "王轩子"},
        {"id_number": "", "name": "王　子轩"},
        {"id_number": "", "guardians": ("王建國",)},
        {"id_number": "", "birth_on": date(2014, 6, 5)},
        {"id_number": "", "birth_on": date(2014, 4, 8)},  # the lunar date
        {"id_number": "", "sex": ""},
        {"id_number": "", "household": "", "phones": (), "village": ""},
        {"id_number": "", "name": "王建国", "guardians": ("王子轩",)},
    ],
    ids=str,
)
def test_a_slip_does_not_lose_a_child(said):
    assert sure(row(ELDER, **said)) == ["elder"]


def test_without_number_and_birth_a_childs_name_and_family_come_first_and_a_person_decides_beside_a_twin():
    (first, *_) = found(row(ELDER, id_number="", birth_on=None))
    assert first.child_key == "elder" and not first.is_sure
    assert sure(row(NAMESAKE, id_number="", birth_on=None)) == ["namesake"]


def test_a_name_alone_is_never_sure_not_even_a_rare_one():
    alone = Person("row", "徐子安")
    assert [(each.child_key, each.is_sure) for each in found(alone)] == [("other7", False)]
    assert sure(Person("row", "徐子安", village="月亮湾村")) == []
    assert {each.child_key for each in found(Person("row", "王子轩"))} >= {"elder", "namesake"}


@pytest.mark.parametrize("own_birth", [True, False])
@pytest.mark.parametrize(
    ("child", "sibling"), [(ELDER, YOUNGER), (YOUNGER, ELDER), (ELDER, TWIN), (TWIN, ELDER)]
)
def test_a_siblings_number_never_links_silently_and_a_person_sees_both(child, sibling, own_birth):
    said = {} if own_birth else {"birth_on": None}
    proposed = found(row(child, id_number=sibling.id_number, **said))
    assert not any(each.is_sure for each in proposed)
    assert {child.key, sibling.key} <= {each.child_key for each in proposed}


def test_a_number_of_somebody_whose_name_is_another_is_left_to_a_person():
    unlisted = Person("row", "王梦瑶", id_number=ELDER.id_number, **HOME)
    assert [(each.child_key, each.is_sure) for each in found(unlisted)][0] == ("elder", False)


def test_an_unlisted_sibling_is_nobody_on_the_roll():
    baby = Person("row", "王子墨", birth_on=date(2020, 2, 3), id_number=number("99010120200203001"), **HOME)
    assert sure(baby) == []


def test_twins_keep_apart_even_when_their_digits_swap():
    assert sure(row(ELDER)) == ["elder"] and sure(row(TWIN)) == ["twin"]
    assert sure(row(TWIN, id_number="")) == ["twin"]


def test_namesakes_keep_apart_by_birth_or_home():
    assert sure(row(NAMESAKE, id_number="", household="", village="")) == ["namesake"]
    assert sure(Person("row", "王子轩", birth_on=date(2016, 3, 3), village="青桥村")) == []


def test_a_guardians_number_in_the_childs_cell_does_not_hide_the_child():
    assert sure(row(ELDER, id_number=number("99010119850607001"))) == ["elder"]


def test_one_child_twice_on_the_roll_is_left_to_a_person():
    roll = [*ROLL, replace(ELDER, key="again")]
    proposed = found(row(ELDER), roll)
    assert {each.child_key for each in proposed} >= {"elder", "again"} and not any(
        each.is_sure for each in proposed
    )


def test_roll_numbers_tell_like_numbers():
    child = replace(ELDER, id_number="", roll_no="J990101202600000011")
    assert sure(
        Person("row", "王子轩", roll_no="J990101202600000011", village="石坎村"), [child, *OTHERS]
    ) == ["elder"]
    assert sure(Person("row", "王子轩", roll_no="G" + ELDER.id_number)) == ["elder"]


def test_small_x_and_old_numbers_are_read():
    born = next(f"9901012014050600{n}" for n in range(10) if check_digit(f"9901012014050600{n}") == "X")
    child = replace(ELDER, id_number=born + "X", guardian_ids=("110105491231002",))
    assert sure(Person("row", "王子轩", id_number=born + "x"), [child, *OTHERS]) == ["elder"]
    aged = row(child, id_number="", birth_on=None, guardians=(), phones=(), household="", village="")
    (first, *_) = found(replace(aged, guardian_ids=("11010519491231002X",)), [child, *OTHERS])
    assert "监护人证件号一样" in first.reasons


@pytest.mark.parametrize(("rows", "roll"), [([], ROLL), ([ELDER], []), ([], []), ([Person("blank")], ROLL)])
def test_nothing_in_nothing_out(rows, roll):
    assert link(rows, roll) == []


def test_a_class_of_one_is_linked_too():
    assert sure(row(ELDER, id_number=""), [ELDER]) == ["elder"]
    assert sure(Person("row", "王子轩"), [ELDER]) == []
    assert found(OTHERS[0], [ELDER]) == []


def test_a_row_has_one_sure_child_or_at_most_five_to_choose_from():
    crowd = [
        replace(NAMESAKE, key=f"crowd{n}", id_number="", guardians=(), phones=(), household="")
        for n in range(9)
    ]
    proposed = link([Person("1", "王子轩", birth_on=NAMESAKE.birth_on), row(ELDER)], [ELDER, *crowd])
    of_first = [each for each in proposed if each.row_key == "1"]
    assert 1 < len(of_first) <= 5 and not any(each.is_sure for each in of_first)
    assert [each.weight for each in of_first] == sorted((each.weight for each in of_first), reverse=True)
    assert [each.child_key for each in proposed if each.row_key == "row"] == ["elder"]
