"""How one cell is read, by the kind of its column: a raw value in, a typed value or a Problem out.

None means “nothing is said here”, which is never the same as no (station 1, enrol; reference §9).
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from bangfu.engine import identity
from bangfu.engine.identity import Unreadable
from bangfu.exchange.profile import Column, Profile

EXCEL_DAY_ZERO = date(1899, 12, 30)
LONGEST_TEXT = 200
_SPLIT = re.compile(r"([0-9A-Z]{1,3})[-—–_:.、,()]*(.+?)[()]*")
_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?(?:T?\d\d:?\d\d.*)?")
_MONTH = re.compile(r"(\d{4})[-./年](\d{1,2})月?")
_PHONE_CUT = re.compile(r"[/、,;，；|]|或")
_PHONE = re.compile(r"1\d{10}|0\d{9,11}|[2-8]\d{6,7}")
_GONE = ("转出", "毕业", "退学", "死亡", "注销", "开除", "出国", "辍学", "离校", "结业")


class Problem(NamedTuple):
    """What is wrong with a cell. blocks: its row can't be loaded; otherwise it is only worth a look."""

    what: str
    hint: str = ""
    blocks: bool = False


Reader = Callable[[object], object]


def reader(column: Column, profile: Profile) -> Reader:
    """Return the function that reads this column's non-empty cells into a value, a Problem or None."""
    if column.kind == "code":
        return _code(column, profile)
    if column.kind == "yes_no":
        return _yes_no(profile)
    read = _READERS[column.kind]

    def reading(value: object) -> object:
        if isinstance(value, str) and identity.plain(value) in profile.nothing:
            return None
        return read(value)

    return reading


def read_column(values: list, column: Column, profile: Profile) -> list:
    """Return the typed values of a whole column; equal cells are read once."""
    read = reader(column, profile)
    known: dict[object, object] = {"": None, None: None}
    out = []
    for value in values:
        key = value if type(value) is str else (type(value), value)
        try:
            out.append(known[key])
        except KeyError:
            known[key] = result = None if value in ("", None) else read(value)
            out.append(result)
    return out


def _name(value: object) -> object:
    name = identity.name_of(value)
    if not name or any(c.isdigit() for c in name) or len(name) > 60:
        return Problem("不像姓名", "请写全名，不带数字。", blocks=True)
    return name


def _id_number(value: object) -> object:
    number = identity.read_id(value)
    return Problem(*number, blocks=True) if isinstance(number, Unreadable) else number


def _adult_id_number(value: object) -> object:
    number = identity.read_id(value, old_allowed=True)
    return Problem(*number) if isinstance(number, Unreadable) else number


def _roll_number(value: object) -> object:
    number = identity.read_roll_number(value)
    return Problem(*number) if isinstance(number, Unreadable) else number


def read_any_number(value: object) -> object:
    """Papers other than the resident's card: letters and digits as they stand."""
    return (
        Problem(*identity.DIGITS_LOST)
        if identity.digits_are_lost(value)
        else identity.plain(value).upper()[:30]
    )


def read_day(value: object) -> date | Problem:
    """Return the day a cell means: 20140901, 2014.9.1, 2014年9月1日, a date, or Excel's day number."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    text = identity.plain(value)
    if text.isdecimal() and len(text) == 5 and 25_000 < int(text) < 60_000:
        return EXCEL_DAY_ZERO + timedelta(int(text))
    if text.isdecimal() and len(text) in (8, 14):
        parts = [text[:4], text[4:6], text[6:8]]
    elif found := _DAY.fullmatch(text):
        parts = list(found.groups())
    elif _MONTH.fullmatch(text) or text.isdecimal() and len(text) == 6:
        return Problem("只写到月，没有日", "请写成 20140901 这样。")
    else:
        return Problem("没有认出日期", "请写成 20140901 这样。")
    try:
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        return Problem("这一天不存在", "请写成 20140901 这样。")
    return day if 1900 <= day.year <= 2100 else Problem("年份不对", "请用公历，写成 20140901 这样。")


def read_month(value: object) -> str | Problem:
    """Return “2021-09” for 202109, 2021.9, 2021年9月 and for any whole day."""
    text = identity.plain(value) if not isinstance(value, date) else ""
    if text.isdecimal() and len(text) == 6:
        year, month = text[:4], text[4:]
    elif found := _MONTH.fullmatch(text):
        year, month = found[1], found[2]
    else:
        day = read_day(value)
        return day if isinstance(day, Problem) else f"{day:%Y-%m}"
    if 1990 <= int(year) <= 2100 and 1 <= int(month) <= 12:
        return f"{year}-{int(month):02d}"
    return Problem("没有认出年月", "请写成 202109 这样。")


def _phone(value: object) -> object:
    if identity.digits_are_lost(value):
        return Problem(*identity.DIGITS_LOST)
    text = unicodedata.normalize("NFKC", identity.plain(value))
    for part in _PHONE_CUT.split(text):
        digits = re.sub(r"^\+?86(?=1)|[-—()\s]|\.0$", "", part)
        if _PHONE.fullmatch(digits):
            return digits
    return Problem("不像电话号码", "手机 11 位；座机连区号。")


def _class_text(value: object) -> object:
    if isinstance(value, date):
        return Problem("变成了日期", "Excel 把“5-1”当成了 5月1日，请写成“五年级1班”。", blocks=True)
    return identity.plain(value)


def _small_number(value: object) -> object:
    text = identity.plain(value)
    return int(text) if text.isdecimal() and len(text) <= 4 else None


def _number(value: object) -> object:
    text = re.sub(r"(?:公里|千米|km)$", "", identity.plain(value), flags=re.IGNORECASE)
    try:
        number = float(text)
    except ValueError:
        return Problem("不是数字", "只写数字，不带单位。")
    return number if 0 <= number < 10_000 else Problem("数字太大或是负数", "请核对。")


def _text(value: object) -> object:
    if isinstance(value, float | int):
        return identity.plain(value)
    return unicodedata.normalize("NFKC", str(value)).strip()[:LONGEST_TEXT]


def _status(value: object) -> object:
    text = identity.plain(value)
    if any(word in text for word in _GONE):
        return Problem(f"学籍状态是“{text}”，不在读，没有导入", "如果还在读，请在学籍系统里改。", blocks=True)
    return text


_READERS: dict[str, Reader] = {
    "name": _name, "id_number": _id_number, "adult_id_number": _adult_id_number,
    "roll_no": _roll_number, "date": read_day, "month": read_month, "phone": _phone, "class": _class_text,
    "grade": _class_text, "small_number": _small_number, "number": _number, "text": _text, "status": _status,
}  # fmt: skip


def _code(column: Column, profile: Profile) -> Reader:
    codes = column.codes

    def meaning(text: str) -> object:
        return codes.get(text, codes.get(text.lstrip("0") or "0", codes))  # codes itself: not found

    def read(value: object) -> object:
        text = identity.plain(int(value) if isinstance(value, bool) else value)
        if (found := meaning(text)) is not codes:
            return found
        if text in profile.nothing:
            return None
        if parts := _SPLIT.fullmatch(text):  # 1-男, 01汉族, 2-双亲留守儿童
            by_code, by_name = meaning(parts[1]), meaning(parts[2])
            if codes not in (by_code, by_name) and by_code != by_name:
                return Problem(f"“{text}”的代码和名称对不上", "请按学籍系统的选项填。")
            if by_name is not codes:
                return by_name
        return Problem(f"“{text[:20]}”没有认出来", "请按学籍系统的选项填。")

    return read


def _yes_no(profile: Profile) -> Reader:
    def read(value: object) -> object:
        text = identity.plain(int(value) if isinstance(value, bool) else value)
        parts = _SPLIT.fullmatch(text)  # 1-是
        for part in (text, *parts.groups()) if parts else (text,):
            if part in profile.yes:
                return True
            if part in profile.no:
                return False
        return (
            None
            if text in profile.nothing
            else Problem(f"“{text[:20]}”不知道是“是”还是“否”", "请填“是”或“否”。")
        )

    return read
