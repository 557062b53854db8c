"""How days, weeks, phones and lists are written on a screen, in the reader's language. On paper: `exchange`."""

from datetime import date, datetime, timedelta

from django.utils.timezone import localtime
from django.utils.translation import get_language, gettext, ngettext

from bangfu.flow import clock
from bangfu.records.models.places import GRADE_NAMES

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
CHINESE_DAYS = "一二三四五六日"


def chinese() -> bool:
    """This function will say whether the reader's language is Chinese, of either script."""
    return (get_language() or "zh").startswith("zh")


def as_day(value) -> date:
    """This function will give the local day of a date or of an aware datetime."""
    if isinstance(value, datetime):
        return (localtime(value) if value.tzinfo else value).date()
    return value


def day(value) -> str:
    """This function will write 3月12日 this year and 2025年3月12日 otherwise; "" for None."""
    if value is None:
        return ""
    value = as_day(value)
    return _month_day(value) if value.year == clock.today().year else full_day(value)


def full_day(value) -> str:
    """This function will write 2025年3月12日 always."""
    if value is None:
        return ""
    value = as_day(value)
    if chinese():
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def _month_day(value: date) -> str:
    return f"{value.month}月{value.day}日" if chinese() else f"{value.day} {MONTHS[value.month - 1]}"


def days(first, last) -> str:
    """This function will write a window: 3月8日—31日, 3月28日—4月3日, or one day alone."""
    first, last = as_day(first), as_day(last)
    if first == last:
        return day(first)
    if first.year != last.year:
        return f"{full_day(first)}—{full_day(last)}"
    if first.month != last.month:
        return f"{day(first)}—{_month_day(last)}"
    if chinese():
        return f"{day(first)}—{last.day}日"
    return f"{first.day}–{day(last)}"


def weekday(value) -> str:
    """This function will write 星期四."""
    value = as_day(value)
    return f"星期{CHINESE_DAYS[value.weekday()]}" if chinese() else DAYS[value.weekday()]


def near(value) -> str:
    """This function will write a recent day as people say it: 今天, 昨天, 前天, 周二 within six days, else 3月2日."""
    if value is None:
        return ""
    value = as_day(value)
    gap = (clock.today() - value).days
    if gap == 0:
        return gettext("today")
    if gap == 1:
        return gettext("yesterday")
    if gap == -1:
        return gettext("tomorrow")
    if 2 <= gap <= 6:
        return f"周{CHINESE_DAYS[value.weekday()]}" if get_language() == "zh-hans" else weekday(value)
    return day(value)


def time(value) -> str:
    """This function will write 18:30."""
    return localtime(value).strftime("%H:%M") if value else ""


def moment(value) -> str:
    """This function will write 3月12日 18:30."""
    return f"{day(value)} {time(value)}" if value else ""


def week(number: int) -> str:
    """This function will write 第3周."""
    return gettext("Week %(n)s") % {"n": number}


def month(value) -> str:
    """This function will write 3月 this year, 2025年3月 otherwise; takes a date or "2025-03"."""
    if isinstance(value, str):
        year, number = (int(part) for part in value.split("-")[:2])
    else:
        year, number = value.year, value.month
    same_year = year == clock.today().year
    if chinese():
        return f"{number}月" if same_year else f"{year}年{number}月"
    return MONTHS[number - 1] if same_year else f"{MONTHS[number - 1]} {year}"


def minutes(value: int) -> str:
    """This function will write an estimate rounded up to five minutes: 约 10 分钟."""
    rounded = max(5, -(-int(value) // 5) * 5)
    return ngettext("about %(n)s minute", "about %(n)s minutes", rounded) % {"n": rounded}


def phone(value) -> str:
    """This function will write 139****6021 from plain text or from a sealed value; "" for None."""
    if not value:
        return ""
    if hasattr(value, "masked"):
        return value.masked(3, 4)
    text = str(value)
    return text[:3] + "*" * (len(text) - 7) + text[-4:] if len(text) > 7 else "*" * len(text)


def listed(values) -> str:
    """This function will join words as the language does: 心情、家里."""
    return ("、" if chinese() else ", ").join(str(value) for value in values)


def grade(number: int) -> str:
    """This function will write a grade as people say it: 三年级."""
    return gettext("Grade %(n)s") % {"n": GRADE_NAMES[number] if chinese() else number}


def part_of(some: int, whole: int) -> str:
    """This function will write 98 / 98, and nothing that pretends precision."""
    return f"{some} / {whole}"


def ago(value) -> str:
    """This function will write how long ago a day was: 今天, 3 天前, 2 周前."""
    gap = (clock.today() - as_day(value)) // timedelta(days=1)
    if gap < 2:
        return near(value)
    if gap < 14:
        return ngettext("%(n)s day ago", "%(n)s days ago", gap) % {"n": gap}
    return ngettext("%(n)s week ago", "%(n)s weeks ago", gap // 7) % {"n": gap // 7}


def gap() -> str:
    """This function will give what stands between two sentences of one paragraph: nothing in Chinese."""
    return "" if chinese() else " "


FILTERS = {
    "day": day,
    "full_day": full_day,
    "weekday": weekday,
    "near": near,
    "time": time,
    "moment": moment,
    "week": week,
    "month": month,
    "minutes": minutes,
    "phone": phone,
    "listed": listed,
    "ago": ago,
}
