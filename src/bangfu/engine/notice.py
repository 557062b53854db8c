"""What may hang on a wall and for how long: four fields and no other, at least five workdays (R76, R110).

In: what is known of children, the school's calendar. Out: lines of a notice, its last day, the workdays left.
"""

import re
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta

from bangfu.engine.calendar import Calendar
from bangfu.engine.hardship import LEVELS

LEAST_DAYS = 5
MOST_DAYS = 20
_NUMBERS = re.compile(r"\d{5,}")


class NotForTheWall(ValueError):
    """A field holds what a notice may not say."""


@dataclass(frozen=True, slots=True)
class Line:
    """One child on a notice. These four fields are the whole whitelist; there is no room for a fifth."""

    name: str
    grade: str
    school_class: str
    level: str

    def __post_init__(self) -> None:
        if self.level not in LEVELS or any(_NUMBERS.search(said) for said in astuple(self)):
            raise NotForTheWall


WHITELIST = tuple(one.name for one in fields(Line))


def line_of(known: Mapping[str, object]) -> Line:
    """This function will keep the four fields of the whitelist and let go of everything else; raises NotForTheWall."""
    return Line(*(str(known.get(key, "")).strip() for key in WHITELIST))


def last_day(calendar: Calendar, posted_on: date, workdays: int = LEAST_DAYS) -> date:
    """This function will give the last day of a notice, counting workdays from the day after posting."""
    day, left = posted_on, max(workdays, LEAST_DAYS)
    while left:
        day += timedelta(days=1)
        left -= counts(calendar, day)
    return day


def counts(calendar: Calendar, day: date) -> bool:
    """This function will say whether a day counts: a workday of the country on which the school was not closed."""
    return calendar.is_workday(day) and calendar.overrides.get(day) is not False


def workdays_left(calendar: Calendar, today: date, until: date) -> int:
    """This function will count the workdays from today to the last one, both included."""
    return sum(counts(calendar, today + timedelta(days=at)) for at in range((until - today).days + 1))


def is_shown(day: date, posted_on: date, until: date, taken_down_on: date | None = None) -> bool:
    """This function will say whether a notice stands on a day; after its last day it is gone by itself."""
    return posted_on <= day <= until and (taken_down_on is None or day < taken_down_on)
