"""Who a person on a list may be: two people in, how alike they are thing by thing, and the reasons in words, out.

One pair at a time; analytics.link asks the same of a whole table at once, and a test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bangfu.engine import likeness_name as names
from bangfu.engine import likeness_number as numbers
from bangfu.engine.likeness_name import Sound


@dataclass(frozen=True, slots=True)
class Person:
    """A row of a list, or a child on the roll; "", () and None mean: not said."""

    key: str
    name: str = ""
    former_name: str = ""
    sex: str = ""  # engine.identity MALE or FEMALE
    birth_on: date | None = None
    id_number: str = ""
    roll_no: str = ""
    guardians: tuple[str, ...] = ()
    guardian_ids: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    village: str = ""
    household: str = ""  # a household's number, or any key its members share


# What each level says to the person who decides; "" says nothing. The first that fits holds.
WORDS: Mapping[str, Mapping[str, str]] = {
    "number": {
        numbers.SAME: "身份证件号一样", numbers.ROLL: "学籍号一样", numbers.DIGIT: "身份证件号差一位",
        numbers.ROUNDED: "身份证件号后三位成了 0，前 15 位一样", numbers.FRONT: "身份证件号前 14 位一样",
        numbers.OTHER: "身份证件号是另一个号", numbers.BROKEN: "身份证件号不一样，也不完整",
    },
    "name": {
        names.SAME: "姓名一样", names.FORMER: "和曾用名一样", names.SOUND: "名字读音一样", names.NEAR: "名字读音相近",
        names.ORDER: "名字里的字换了位置", names.ONE_OF_MANY: "姓名差一个字", names.ONE_OF_TWO: "两个字的姓名差一个字",
        names.CROSSED: "姓名和监护人填反了", names.SURNAME: "只有姓一样", names.OTHER: "姓名不一样",
    },
    "birth": {
        numbers.SAME: "出生日期一样", numbers.TURNED: "出生的月和日对调", numbers.DIGIT: "出生日期差一位",
        numbers.LUNAR: "出生日期一个是农历一个是公历", numbers.MONTH: "同年同月出生", numbers.YEAR: "同年出生",
        numbers.OTHER: "出生年份不一样",
    },
    "guardian": {
        names.SAME: "监护人同名", names.SOUND: "监护人名字读音一样", names.NEAR: "监护人名字读音相近",
        names.ONE_OF_MANY: "监护人姓名差一个字",
        names.SURNAME: "监护人只有姓一样", names.OTHER: "监护人不一样",
    },
    "guardian_id": {
        numbers.SAME: "监护人证件号一样", numbers.DIGIT: "监护人证件号差一位", numbers.OTHER: "监护人证件号不一样",
    },
    "phone": {numbers.SAME: "电话一样", numbers.OTHER: ""},
    "household": {numbers.SAME: "同一户", numbers.OTHER: "户编号不一样"},
    "village": {numbers.SAME: "同一个村", numbers.OTHER: "村不一样"},
    "sex": {numbers.SAME: "", numbers.OTHER: "性别不一样"},
}  # fmt: skip


def compare(row: Person, child: Person, sound: Sound) -> dict[str, str]:
    """This function will say for each thing at which level a row and a child agree; "" where one doesn't say it."""
    return {
        "number": _number(row, child),
        "name": _name(row, child, sound),
        "birth": numbers.birth_level(row.birth_on, child.birth_on),
        "guardian": names.best_of(_folded(row.guardians), _folded(child.guardians), sound),
        "guardian_id": _any_number(row.guardian_ids, child.guardian_ids),
        "phone": _any(row.phones, child.phones),
        "household": _any((row.household,), (child.household,)),
        "village": _any((row.village,), (child.village,)),
        "sex": _any((row.sex,), (child.sex,)),
    }


def reasons(levels: Mapping[str, str]) -> tuple[str, ...]:
    """This function will put the levels of one pair into short sentences, what was compared first, first."""
    said = (WORDS[thing].get(level, "") for thing, level in levels.items() if level)
    return tuple(sentence for sentence in said if sentence)


def _number(row: Person, child: Person) -> str:
    level = numbers.number_level(own_number(row), own_number(child))
    if level != numbers.SAME and row.roll_no and row.roll_no == child.roll_no:
        return numbers.ROLL
    return level


def own_number(person: Person) -> str:
    """This function will give a person's number written whole: from the roll number where only that is said."""
    on_roll = person.roll_no[1:] if person.roll_no[:1] == "G" else ""
    said = (numbers.whole(person.id_number), numbers.whole(on_roll))
    return next((number for number in said if len(number) >= numbers.SHORTEST), "")


def _name(row: Person, child: Person, sound: Sound) -> str:
    level = names.level(_names(row), _names(child), sound)
    if level not in (names.SURNAME, names.OTHER):
        return level
    crossed = names.folded(child.name) in _folded(row.guardians) and names.folded(row.name) in _folded(
        child.guardians
    )
    return names.CROSSED if crossed else level


def _names(person: Person) -> tuple[str, str]:
    return names.folded(person.name), names.folded(person.former_name)


def _folded(written: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(filter(None, map(names.folded, written)))


def _any(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    ones, others = set(filter(None, ones)), set(filter(None, others))
    if not ones or not others:
        return ""
    return numbers.SAME if ones & others else numbers.OTHER


def _any_number(ones: tuple[str, ...], others: tuple[str, ...]) -> str:
    found = {
        numbers.number_level(numbers.whole(one), numbers.whole(other)) for one in ones for other in others
    } - {""}
    if not found:
        return ""
    order = (numbers.SAME, numbers.DIGIT)
    return next((level for level in order if level in found), numbers.OTHER)
