"""How alike two numbers or two days are: written digits in, one level out. Engine.likeness asks.

The years' lunar months are known facts, a bit a month (1 is 30 days), kept here because the engine has no calendar
library; a test holds them against one.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import lru_cache

from bangfu.engine.identity import CHECK_DIGITS, check_digit

# For each lunar year: four hex digits say which of its 12 months have 30 days, the fifth which month is doubled,
# the first whether the doubled month has 30 days.
FIRST_LUNAR_YEAR = 1985
_FIRST_NEW_YEAR = date(1985, 2, 20)
_LUNAR_YEARS = (
    0x06A50, 0x06D40, 0x0AF46, 0x0AB60, 0x09570, 0x04AF5, 0x04970, 0x064B0, 0x074A3, 0x0EA50, 0x06B58, 0x05AC0,
    0x0AB60, 0x096D5, 0x092E0, 0x0C960, 0x0D954, 0x0D4A0, 0x0DA50, 0x07552, 0x056A0, 0x0ABB7, 0x025D0, 0x092D0,
    0x0CAB5, 0x0A950, 0x0B4A0, 0x0BAA4, 0x0AD50, 0x055D9, 0x04BA0, 0x0A5B0, 0x15176, 0x052B0, 0x0A930, 0x07954,
    0x06AA0, 0x0AD50, 0x05B52, 0x04B60, 0x0A6E6, 0x0A4E0, 0x0D260, 0x0EA65, 0x0D530, 0x05AA0, 0x076A3, 0x096D0,
    0x04AFB, 0x04AD0, 0x0A4D0, 0x1D0B6,
)  # fmt: skip
SAME, ROLL, TURNED, DIGIT, LUNAR, MONTH, YEAR, ROUNDED, FRONT, OTHER, BROKEN = (
    "same", "roll", "turned", "digit", "lunar", "month", "year", "rounded", "front", "other", "broken",
)  # fmt: skip
SHORTEST = 14  # fewer digits (6.1E+17) tell nobody from anybody


@lru_cache(maxsize=1)
def lunar_days() -> tuple[tuple[date, int], ...]:
    """This function will list the first day of each lunar month with its number as YYYYMM."""
    found, day = [], _FIRST_NEW_YEAR
    for year, bits in enumerate(_LUNAR_YEARS, start=FIRST_LUNAR_YEAR):
        doubled = bits & 15
        for month in range(1, 13):
            for length in _lengths(bits, month, month == doubled):
                found.append((day, year * 100 + month))
                day += timedelta(days=length)
    return (*found, (day, 0))


def _lengths(bits: int, month: int, is_doubled: bool) -> tuple[int, ...]:
    usual = 30 if bits >> (16 - month) & 1 else 29
    return (usual, 30 if bits >> 16 else 29) if is_doubled else (usual,)


@lru_cache(maxsize=65_536)
def lunar(day: date) -> int:
    """This function will write a day in the lunar calendar as YYYYMMDD, 0 where the years aren't known."""
    at = bisect_right(lunar_days(), (day, 999_999)) - 1
    if at < 0 or not lunar_days()[at][1]:
        return 0
    return lunar_days()[at][1] * 100 + (day - lunar_days()[at][0]).days + 1


def digits(day: date) -> int:
    """This function will write a day as YYYYMMDD."""
    return day.year * 10_000 + day.month * 100 + day.day


def birth_level(row: date | None, child: date | None) -> str:
    """This function will compare two birth dates; "" where one isn't said."""
    if row is None or child is None:
        return ""
    one, other = digits(row), digits(child)
    if one == other:
        return SAME
    if row.year == child.year and (row.month, row.day) == (child.day, child.month):
        return TURNED
    if one_slip(str(one), str(other)):
        return DIGIT
    if one == lunar(child) or other == lunar(row):
        return LUNAR
    if row.year == child.year:
        return MONTH if row.month == child.month else YEAR
    return OTHER


def one_slip(one: str, other: str) -> bool:
    """This function will say whether one sign is lost, too many or another, or two neighbours are swapped."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    at = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    if len(one) != len(other):
        return one[at + 1 :] == other[at:] or one[at:] == other[at + 1 :]
    turned = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return turned or one[at + 1 :] == other[at + 1 :]


def whole(number: str) -> str:
    """This function will write a number the one way it is compared: capitals, 15 old digits as 18."""
    text = "".join(number.split()).upper()
    if len(text) == 15 and text.isdecimal() and text.isascii():
        text = text[:6] + "19" + text[6:]
        text += check_digit(text)
    return text


def is_right(number: str) -> bool:
    """This function will say whether a number has 18 characters and the check digit fits."""
    if len(number) != 18 or not number.isascii() or not number[:17].isdecimal():
        return False
    return number[17] in CHECK_DIGITS and check_digit(number[:17]) == number[17]


def number_level(row: str, child: str) -> str:
    """This function will compare two ID numbers written whole; "" where one isn't said.

    `rounded` went through a spreadsheet that keeps 15 digits; `front` have region and birth in common as twins do;
    `other` are two right numbers, of two people then.
    """
    if not row or not child:
        return ""
    if row == child:
        return SAME
    if one_slip(row, child):
        return DIGIT
    if row[:15] == child[:15] and (row.endswith("000") or child.endswith("000")):
        return ROUNDED
    if row[:14] == child[:14]:
        return FRONT
    return OTHER if is_right(row) and is_right(child) else BROKEN
