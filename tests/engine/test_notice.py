"""Four fields on the wall and no other; five workdays from the day after posting; gone by itself."""

from dataclasses import fields
from datetime import date

import pytest

from bangfu.engine import hardship, notice
from bangfu.engine.calendar import Calendar, Term
from bangfu.engine.notice import Line

# National Day of 2026 as it was announced: 1–7 October off, 20 September and 10 October worked.
AUTUMN = Calendar(
    terms=(Term("2026-2027-1", "", date(2026, 9, 1), date(2027, 1, 22)),),
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    workdays=frozenset({date(2026, 9, 20), date(2026, 10, 10)}),
)
CHILD = {
    "name": "陈小满", "grade": "三年级", "school_class": "三（2）班", "level": "困难",
    "id_number": "522321201701010010", "phone": "13800000000", "birth_on": "2017-01-01", "address": "石坎村",
    "certified": "dibao", "reason": "家里有人生病",
}  # fmt: skip


def test_a_line_has_room_for_four_fields_and_no_fifth():
    assert [one.name for one in fields(Line)] == ["name", "grade", "school_class", "level"]
    with pytest.raises(TypeError):
        Line(**CHILD)


def test_whatever_else_is_known_of_a_child_stays_off_the_wall():
    said = str(notice.line_of(CHILD))
    assert all(CHILD[key] in said for key in notice.WHITELIST)
    assert not [key for key, word in CHILD.items() if key not in notice.WHITELIST and word in said]


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "陈小满522321201701010010"},
        {"level": "低保"},
        {"level": "没有困难"},
        {"school_class": "13800000000"},
    ],
)
def test_a_number_or_an_unknown_word_in_a_field_is_refused(wrong):
    with pytest.raises(notice.NotForTheWall):
        notice.line_of(CHILD | wrong)


@pytest.mark.parametrize(
    ("posted", "last"),
    [
        (date(2026, 10, 19), date(2026, 10, 26)),  # Monday: Tuesday is the first, the weekend does not count
        (date(2026, 10, 16), date(2026, 10, 23)),  # Friday
        (date(2026, 9, 29), date(2026, 10, 12)),  # 30 Sept, then 8, 9, 10 (a worked Saturday) and 12
        (date(2026, 9, 18), date(2026, 9, 24)),  # a worked Sunday counts
        (date(2026, 10, 1), date(2026, 10, 13)),  # posted on the holiday itself
    ],
)
def test_workdays_are_counted_from_the_day_after_posting(posted, last):
    found = notice.last_day(AUTUMN, posted)
    counted = notice.workdays_left(AUTUMN, posted, found) - notice.counts(AUTUMN, posted)
    assert counted == 5
    assert found == last


def test_a_day_on_which_the_school_was_closed_does_not_count():
    closed = Calendar(overrides={date(2026, 10, 20): False})
    assert notice.last_day(closed, date(2026, 10, 19)) == date(2026, 10, 27)


def test_fewer_than_five_workdays_are_never_given():
    assert notice.last_day(AUTUMN, date(2026, 10, 19), 1) == notice.last_day(AUTUMN, date(2026, 10, 19), 5)


def test_a_notice_is_gone_the_day_after_its_last_and_when_it_was_taken_down():
    posted, until = date(2026, 10, 19), date(2026, 10, 26)
    assert [notice.is_shown(date(2026, 10, day), posted, until) for day in (18, 19, 26, 27)] == [
        False, True, True, False,
    ]  # fmt: skip
    assert not notice.is_shown(date(2026, 10, 21), posted, until, date(2026, 10, 21))


def test_the_form_keeps_what_it_asks_and_nothing_else():
    said = {
        "household_size": "5", "income_per_head": "很少", "debt": " 欠 医院\n两万 ", "id_number": "522321",
        "members": [{"name": "陈大山", "age": "40", "phone": "138"}, {}, "x"] + [{"name": str(n)} for n in range(9)],
    }  # fmt: skip
    kept = hardship.kept(said)
    assert kept["debt"] == "欠 医院 两万" and kept["household_size"] == "5"
    assert "income_per_head" not in kept and "id_number" not in kept
    assert kept["members"][0] == {"name": "陈大山", "age": "40"}
    assert len(kept["members"]) == hardship.MEMBERS
