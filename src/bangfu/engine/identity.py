"""Who a row of the roll is: ID numbers (GB 11643), roll numbers, names, classes.

One written value goes in; the same thing in its normal form comes out, or an Unreadable that says why.
Nothing is ever guessed. Asked for by station 1 (enrol), rules R10–R12 of the reference.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache
from operator import mul
from typing import NamedTuple

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
MOST_CLASSES = 60  # of one year in one school; more is a misread code
MALE, FEMALE = "1", "2"  # GB/T 2261.1
_APOSTROPHES = "'`´‘’＇"
_SPACES = re.compile(r"[\s\u200b-\u200f\u2028-\u202e\u2060\ufeff]+")
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E\+?\d+", re.IGNORECASE)
_DOTS = re.compile("[·•‧∙⋅・.．｡。●]+")


class Unreadable(NamedTuple):
    """Why a value can't be used, as two sentences for the person who typed it."""

    what: str
    hint: str = ""


DIGITS_LOST = Unreadable(
    "数字变成了科学计数法，后几位已经丢失", "请用原来的文件；把这一列设成“文本”格式后再填。"
)


class RollNumber(NamedTuple):
    """A national roll number: kind G formal, J without an ID, L temporary."""

    text: str
    kind: str
    id_number: str | None


class ClassName(NamedTuple):
    """What a class is called: entry_year is the year its children were in grade 1."""

    entry_year: int | None
    number: int | None


def plain(value: object) -> str:
    """Return a cell as text: NFKC, no spaces, no leading apostrophe; whole floats lose their “.0”."""
    if type(value) is not str:
        whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e15
        value = str(int(value) if whole else value)
    elif value.isalnum() and unicodedata.is_normalized("NFKC", value):  # most cells: nothing to do
        return value
    return _SPACES.sub("", unicodedata.normalize("NFKC", value)).strip(_APOSTROPHES)


def digits_are_lost(value: object) -> bool:
    """Say whether a spreadsheet has rounded this number: over 15 digits, or written with an exponent."""
    if isinstance(value, float):
        return abs(value) >= 1e15
    return _SCIENTIFIC.fullmatch(plain(value)) is not None


def check_digit(first_17: str) -> str:
    """Return the 18th character of an ID number (GB 11643-1999, ISO 7064 MOD 11-2)."""
    return CHECK_DIGITS[sum(map(mul, WEIGHTS, map(int, first_17))) % 11]


def read_id(value: object, *, old_allowed: bool = False) -> str | Unreadable:
    """Return the 18 characters of a resident's ID number; 15 digits become 18 if old_allowed (adults)."""
    if digits_are_lost(value):
        return DIGITS_LOST
    text = plain(value).upper()
    if len(text) == 15 and text.isdecimal():
        if not old_allowed:
            return Unreadable("是 15 位的旧号", "学生的身份证件号都是 18 位，请照户口本补全。")
        text = text[:6] + "19" + text[6:]
        text += check_digit(text)
    if len(text) != 18:
        return Unreadable(f"应是 18 位，这里是 {len(text)} 位", "请照户口本核对。")
    if not (text.isascii() and text[:17].isdecimal() and text[17] in CHECK_DIGITS):
        return Unreadable("里有不该有的字", "前 17 位是数字，最后一位是数字或 X。")
    if birth_of(text) is None:
        return Unreadable("里的出生日期不存在", "请照户口本核对第 7 到 14 位。")
    if check_digit(text[:17]) != text[17]:
        return Unreadable("校验码不对，至少有一位写错了", "请照户口本核对。")
    return text


def birth_of(id_number: str) -> date | None:
    """Return the birth date inside an 18-character ID number, None where no such day exists."""
    try:
        born = date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None
    return born if born.year >= 1900 else None


def sex_of(id_number: str) -> str:
    """Return MALE or FEMALE: the 17th digit is odd for males."""
    return MALE if int(id_number[16]) % 2 else FEMALE


def read_roll_number(value: object) -> RollNumber | Unreadable:
    """Return a national roll number: G + ID number, J or L + 18 generated characters."""
    if digits_are_lost(value):
        return DIGITS_LOST
    text = plain(value).upper()
    if len(text) != 19 or text[0] not in "GJL" or not text[1:18].isdecimal():
        return Unreadable("应是 G、J 或 L 加 18 位", "请从学籍系统里复制。")
    if text[0] != "G":
        return RollNumber(text, text[0], None)
    number = read_id(text[1:])
    if isinstance(number, Unreadable):
        return Unreadable("G 后面的身份证件号" + number.what, number.hint)
    return RollNumber(text, "G", number)


def name_of(value: object) -> str:
    """Return a person's name as the product keeps it: no spaces, one kind of middle dot (阿布都·热西提)."""
    return _DOTS.sub("·", plain(value)).strip("·")


# --- classes -------------------------------------------------------------------------------------------

_NUMERALS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_NUMBER = r"(?:\d+|[零〇一二两三四五六七八九十]+)"
_STAGE = r"(?:小学|初中|初级中学|九年一贯制)?"
_YEAR_LABEL = re.compile(rf"{_STAGE}((?:19|20)\d\d)级?(?:年(?!级))?")
_JUNIOR_LABEL = re.compile(r"(?:初中?|初级中学)([一二三123])(?:年级|年)?")
_GRADE_LABEL = re.compile(rf"{_STAGE}({_NUMBER})(?:年级|年)")
_SEPARATOR = re.compile(r"[-—–_.·/、:：]|第")
_NUMBER_LABEL = re.compile(rf"[(\[【〔]?({_NUMBER})[)\]】〕]?(?:班级|班)?[)\]】〕]?")
_BARE_GRADE = re.compile(  # 五(1)班, 5.1, 三1班, 301
    rf"({_NUMBER})(?=[(\[【〔]|[-—–_.·/、]{_NUMBER}|第)|([一二三四五六七八九])(?=\d)|0?([1-9])(?=\d\d班?$)"
)
_JUNIOR_COHORT = re.compile(r"(?:初中|初级中学)(?:19|20)\d\d")


def read_number(text: str) -> int | None:
    """Return 12 for “12” and “十二”, None for anything else (1–99 in Chinese numerals)."""
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if any(c not in _NUMERALS for c in tens + ones) or len(tens) > 1 or len(ones) > 1 or not text:
        return None
    return (_NUMERALS.get(tens, 1) * 10 if ten else 0) + _NUMERALS.get(ones, 0)


@lru_cache(maxsize=4096)
def read_class(text: str, school_year: int) -> ClassName:
    """Return entry year and number of a class as far as the text tells both.

    五年一班, 五(1)班, 三年级（2）班, 5.1, 2021级1班, 小学2019级, 初二3班, 1班, 九. school_year is the year in
    which the school year begins. Children of grade g entered in school_year - g + 1; a junior cohort
    (初中2021级) is counted from its grade 1, so that grade = school_year - entry_year + 1 for all nine.
    """
    rest = plain(text)
    entry_year = None
    if found := _YEAR_LABEL.match(rest):
        entry_year = int(found[1]) - (6 if _JUNIOR_COHORT.match(rest) else 0)
    elif found := _JUNIOR_LABEL.match(rest):
        entry_year = school_year - (read_number(found[1]) or 0) - 6 + 1
    elif found := _GRADE_LABEL.match(rest) or _BARE_GRADE.match(rest):
        grade = read_number(found[found.lastindex or 1])
        entry_year = school_year - grade + 1 if grade and 1 <= grade <= 9 else None
        if entry_year is None:
            return ClassName(None, None)
    if found:
        rest = rest[found.end() :]
    rest = _SEPARATOR.sub("", rest)
    number = _NUMBER_LABEL.fullmatch(rest)
    if rest and not number or entry_year and not school_year - 9 < entry_year <= school_year + 1:
        return ClassName(None, None)
    count = read_number(number[1]) if number else None
    return ClassName(entry_year, count if count and count <= MOST_CLASSES else None)


def read_grade(text: str, school_year: int) -> int | None:
    """Return the entry year a grade's name tells: 一年级, 1, 小学2021级, 初二, 七年级."""
    bare = plain(text)
    grade = read_number(bare)
    if grade and 1 <= grade <= 9:
        return school_year - grade + 1
    return read_class(bare, school_year).entry_year
