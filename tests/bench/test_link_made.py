"""The invented lists of `bench link`: the same every time, the truth holds, the slips are as often as written."""

from datetime import date

import numpy as np
import pytest

from bangfu.bench import link_dirt, link_made, link_names
from bangfu.engine import identity

PUPILS = 3_000


@pytest.fixture(scope="module")
def plain():
    return link_made.make(PUPILS, "plain")


@pytest.fixture(scope="module")
def hard():
    return link_made.make(PUPILS, "hard")


def paired(tables, column):
    """The column of rows that are pupils, and of the pupils they are."""
    place = {key: at for at, key in enumerate(tables["children"]["key"].tolist())}
    at = [(n, place[key]) for n, key in enumerate(tables["truth"]["child"].tolist()) if key]
    rows, children = (np.array(one) for one in zip(*at, strict=True))
    return tables["listed"][column][rows], tables["children"][column][children]


def test_the_same_size_and_regime_make_the_same_tables(hard):
    again = link_made.make(PUPILS, "hard")
    for table, columns in hard.items():
        for name, column in columns.items():
            same = (column == again[table][name]) | (column != column)  # no date is not equal to itself
            assert same.all(), (table, name)


def test_307_rows_for_1000_children_and_a_fifth_are_no_pupils(hard):
    rows = len(hard["listed"]["key"])
    assert abs(rows / PUPILS - 0.307) < 0.002
    assert 0.15 < (hard["truth"]["child"] == "").mean() < 0.25


@pytest.mark.parametrize("regime, least, most", [("plain", 0.12, 0.19), ("hard", 0.26, 0.33)])
def test_as_many_rows_lack_the_right_number_as_the_regime_says(request, regime, least, most):
    row, child = paired(request.getfixturevalue(regime), "id_number")
    roll_row, roll_child = paired(request.getfixturevalue(regime), "roll_no")
    right = ((row == child) & (row != "")) | ((roll_row == roll_child) & (roll_row != ""))
    assert least < 1 - right.mean() < most


def test_every_number_on_the_roll_is_right_and_nobody_else_has_it(hard):
    children = hard["children"]
    said = children["id_number"] != ""
    numbers = children["id_number"][said].tolist()
    assert len(set(numbers)) == len(numbers)
    for number, born, sex in zip(
        numbers, children["birth_on"][said].tolist(), children["sex"][said].tolist(), strict=True
    ):
        assert identity.read_id(number) == number
        assert identity.birth_of(number) == born and identity.sex_of(number) == sex


def test_a_siblings_number_in_a_row_is_the_siblings_and_both_are_on_the_roll(hard):
    children = hard["children"]
    number = dict(zip(children["key"].tolist(), children["id_number"].tolist(), strict=True))
    truth, listed = hard["truth"], hard["listed"]
    at = np.flatnonzero(truth["number_of"] != "")
    assert at.size
    for n in at.tolist():
        owner = truth["number_of"][n]
        assert owner != truth["child"][n]
        assert number[owner] in ("", listed["id_number"][n])


def test_a_row_without_dirt_says_what_the_family_says(plain):
    clean = plain["truth"]["dirt"] == ""
    children = plain["children"]
    name = dict(zip(children["key"].tolist(), children["name"].tolist(), strict=True))
    same = [
        name[child] == row
        for child, row, ok in zip(
            plain["truth"]["child"].tolist(), plain["listed"]["name"].tolist(), clean.tolist(), strict=True
        )
        if ok and child
    ]
    assert np.mean(same) > 0.99  # the roll itself writes three of a thousand differently


@pytest.mark.parametrize(
    "how, name, other",
    [
        ("swapped", "李子涵", "李涵子"),
        ("variant", "刘", "劉"),
        ("swapped", "李子", "李子"),
        ("shape", "乜", "乜"),
    ],
)
def test_a_name_goes_wrong_in_the_named_way_or_stays_as_it_is(how, name, other):
    assert link_names.written(name, how, 0.5) == other


@pytest.mark.parametrize("luck", [0.0, 0.21, 0.5, 0.77, 0.999])
def test_a_homophone_has_the_same_length_and_one_other_character(luck):
    found = link_names.written("李子涵", "homophone", luck)
    assert len(found) == 3 and sum(a != b for a, b in zip(found, "李子涵", strict=True)) == 1


@pytest.mark.parametrize(
    "day, told",
    [
        (date(2020, 1, 25), (2020, 1, 1)),
        (date(2014, 1, 30), (2013, 12, 30)),
        (date(2017, 7, 23), (2017, 6, 1)),  # the leap sixth month
        (date(2013, 9, 19), (2013, 8, 15)),
    ],
)
def test_a_lunar_birthday_is_the_day_the_calendar_calls_so(day, told):
    assert link_dirt.lunar(day) == told
