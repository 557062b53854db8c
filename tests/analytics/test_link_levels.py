"""The levels a whole table gets in SQL are the levels the engine gives one pair, on thousands of pairs of every kind."""

import random
from datetime import date, timedelta

import pytest
from holidays.calendars.chinese import _ChineseLunisolar

from bangfu.analytics.link import load
from bangfu.analytics.link_levels import THINGS, level_of, levels
from bangfu.analytics.link_side import side, teach, width
from bangfu.analytics.link_sound import sound
from bangfu.analytics.rules import connect
from bangfu.engine import likeness_number as numbers
from bangfu.engine.identity import check_digit
from bangfu.engine.likeness import WORDS, Person, compare
from bangfu.engine.likeness_name import folded, one_apart

NAMES = (
    "王小满", "王晓满", "王满小", "王小曼", "王小", "王小满满", "李小满",
    "張偉", "张伟", "张玮", "章伟", "陈宁", "程林",
    "欧阳小满",
    "欧阳晓满", "阿布都·热西提", "阿布都•热西提", "阿布都·热西体",
    "热西提·阿布都", "阿卜都·热西提", "肖红", "蕭紅", "萧红", "", "王", "𡊮小满", "袁小满",
)  # fmt: skip
DAYS = tuple(date(2014, 9, 1) + timedelta(days=n) for n in (0, 1, 9, 23, 31, 200, 400, 4000))


def numbers_like(chance):
    front = chance.choice(("99010120140901", "99010120140910", "99010220140901")) + chance.choice(
        ("001", "002", "017")
    )
    right = front + check_digit(front)
    at = chance.randrange(17)
    return chance.choice((
        right, right, right[:at] + str((int(right[at]) + 1) % 10) + right[at + 1 :], right[:at] + right[at + 1 :],
        right[:at] + right[at : at + 2][::-1] + right[at + 2 :], right[:15] + "000", "6.1E+17", "", right[:6] + right[8:17],
    ))  # fmt: skip


def somebody(chance, key):
    day = chance.choice(DAYS)
    turned = date(day.year, day.day, day.month) if day.day <= 12 else day
    lunar = numbers.lunar(day)
    return Person(
        key, chance.choice(NAMES), chance.choice(("", "", "王二满", "张伟")), chance.choice("12 ").strip(),
        chance.choice((day, None, turned, date(lunar // 10000, lunar // 100 % 100, min(lunar % 100, 28)))),
        numbers_like(chance), chance.choice(("", "J990101202600000" + chance.choice("12"), "G" + numbers_like(chance))),
        tuple(chance.choice(NAMES) for _ in range(chance.randrange(3))),
        tuple(filter(None, (numbers_like(chance) for _ in range(chance.randrange(3))))),
        tuple(chance.choice(("10012345678", "10012345679")) for _ in range(chance.randrange(3))),
        chance.choice(("", "石坎村", "沙坪村")), chance.choice(("", "1", "2")),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(2))
def test_row_and_column_give_every_pair_the_same_levels(seed):
    chance = random.Random(seed)
    rows = [somebody(chance, f"r{n}") for n in range(70)]
    children = [somebody(chance, f"c{n}") for n in range(70)]
    rows += [Person("crossed", "程林", guardians=("王小满",)), Person("twin", id_number="990101201409010018")]
    rows += [Person("voice", "程林", guardians=("程林",))]
    children += [
        Person("turned", "王小满", guardians=("程林",)),
        Person("heard", "陈宁", guardians=("陈宁",)),
    ]
    children += [Person("other", id_number="990101201409012356")]
    connection = connect()
    load(connection, "listed", rows)
    load(connection, "children", children)
    teach(connection)
    wide = width(connection, "listed", "children")
    side(connection, "line", "select rowid as no, * from listed", (wide, 0))
    side(connection, "child", "select rowid as no, * from children", (wide, 1))
    picked = ", ".join(f"{sql} as {thing}" for thing, sql in levels(wide).items())
    found = connection.execute(f"select l.no, c.no, {picked} from line l, child c").fetchall()
    seen = set()
    for row, child, *codes in found:
        of_table = {thing: level_of(thing, code) for thing, code in zip(THINGS, codes, strict=True)}
        of_pair = compare(rows[row], children[child], sound)
        assert of_table == of_pair, (rows[row], children[child])
        seen |= set(of_pair.items())
    assert len(found) == 73 * 73
    never = {(thing, level) for thing, words in WORDS.items() for level in words} - seen
    assert not never


def test_names_are_compared_by_character_never_by_byte():
    assert one_apart("王小满", "王小美") and one_apart("王小满", "王满") and not one_apart("王小满", "李大满")
    assert folded("蕭紅") == "肖红" and folded(" 阿布都•热西提 ") == "阿布都·热西提"


def test_the_lunar_years_are_those_of_the_calendar():
    calendar = _ChineseLunisolar()
    days = {"lunar_new_year": 101, "dragon_boat": 505, "mid_autumn": 815, "double_ninth": 909}
    for year in range(1986, 2035):
        for name, day in days.items():
            assert numbers.lunar(getattr(calendar, f"{name}_date")(year)[0]) == year * 10_000 + day
    assert numbers.lunar(date(1970, 1, 1)) == numbers.lunar(date(2050, 1, 1)) == 0


@pytest.mark.parametrize(
    ("row", "child", "level"),
    [
        ("11010519491231002x", "11010519491231002X", "same"),
        ("110105491231002", "11010519491231002X", "same"),
        ("11010519491231002X", "11010519491232002X", "digit"),
        ("11010519491231020X", "11010519491231002X", "digit"),
        ("1101051949123102X", "11010519491231002X", "digit"),
        ("110105194912310000", "11010519491231002X", "rounded"),
        ("440524188001010014", "11010519491231002X", "other"),
        ("4405241880010100", "11010519491231002X", "broken"),
        ("", "11010519491231002X", ""),
    ],
)
def test_a_number_is_as_far_off_as_it_was_written(row, child, level):
    assert numbers.number_level(numbers.whole(row), numbers.whole(child)) == level
