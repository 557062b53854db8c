"""A cadence and a calendar in; the windows it opens out. Worked out once for each calendar and kept.

They never depend on when somebody asks. moment.py has those that open once; every plan's duties ask for these.
"""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from bangfu.engine.cadence import Duty, Every
from bangfu.engine.calendar import Calendar
from bangfu.engine.part import SCHOOL_UNITS
from bangfu.engine.period import Period, month_end


class Window(NamedTuple):
    """From when to when something can be done in time; `period` is the key, `title` what people call it."""

    opens_on: date
    due_on: date
    period: str
    title: str


def windows(duty: Duty, calendar: Calendar) -> tuple[Window, ...]:
    """This function will list every window of a repeating duty over all known days, in order of days."""
    every = duty.every
    if every is None:
        return ()
    key = ("windows", every.unit, every.n, every.anchor, every.weekdays, duty.due_day, duty.last_workdays)
    found = calendar.memory.get(key)
    if found is None:
        shaped = (_shape(window, duty, calendar) for window in _groups(every, calendar))
        found = calendar.memory[key] = tuple(w for w in shaped if w is not None)
    return found


def is_civil(duty: Duty) -> bool:
    """This function will say whether a repeating duty runs by the civil calendar, through vacation and absence."""
    return duty.every is not None and duty.every.unit not in SCHOOL_UNITS


def _groups(every: Every, calendar: Calendar) -> list[Window]:
    periods = calendar.periods(every.unit)
    if every.n == 1:
        return [Window(p.opens_on, p.due_on, p.key, p.title) for p in periods]
    number = _anchored(every, calendar, periods) if every.anchor else _numbered(every, calendar, periods)
    groups: list[Window] = []
    for _, grouped in groupby(periods, key=lambda p: number(p)):
        some = list(grouped)
        title = some[0].title if len(some) == 1 else f"{some[0].title}—{some[-1].title}"
        groups.append(Window(some[0].opens_on, some[-1].due_on, some[0].key, title))
    return sorted(groups)


def _numbered(every: Every, calendar: Calendar, periods: Iterable[Period]) -> Callable[[Period], Any]:
    """Without an anchor: counted from the term's first unit, the year's first, or straight through the years."""
    counts: dict[Any, int] = {}
    numbers: dict[str, Any] = {}
    for p in periods:
        if every.unit in ("term", "school_year", "year"):
            numbers[p.key] = _place(p) // every.n
            continue
        if every.unit in SCHOOL_UNITS:
            term = calendar.term_on(p.opens_on)
            whole: Any = term.key if term else ""
        else:
            whole = p.opens_on.isocalendar()[0] if every.unit == "week" else p.opens_on.year
        numbers[p.key] = (whole, counts.get(whole, 0) // every.n)
        counts[whole] = counts.get(whole, 0) + 1
    return lambda p: numbers[p.key]


def _anchored(every: Every, calendar: Calendar, periods: tuple[Period, ...]) -> Callable[[Period], Any]:
    """With an anchor: n by n from the period that holds it (or the next), onward and back."""
    anchor = every.anchor or date.min
    first = next((p for p in periods if p.due_on >= anchor), None)
    if every.unit in ("school_day", "workday", "textbook_unit") or first is None:
        at = {p.key: i for i, p in enumerate(periods)}
        start = at[first.key] if first else len(periods)
        return lambda p: (at[p.key] - start) // every.n
    start = _place(first)
    return lambda p: (_place(p) - start) // every.n


def _place(p: Period) -> int:
    """A period's number on a line that does not depend on which terms are known; weeks and months count vacations."""
    if p.unit in ("week", "teaching_week"):
        return (p.opens_on.toordinal() - 1) // 7  # day 1 was a Monday
    if p.unit in ("month", "civil_month"):
        return int(p.key[:4]) * 12 + int(p.key[5:7])
    if p.unit == "term":
        return p.opens_on.year * 2 + (p.opens_on.month >= 8)  # a school year begins in August or later
    if p.unit == "school_year":
        return p.opens_on.year - (p.opens_on.month < 8)
    return p.opens_on.year


def _shape(window: Window, duty: Duty, calendar: Calendar) -> Window | None:
    opens_on, due_on = window.opens_on, window.due_on
    every = duty.every
    days_of = calendar.work_days if is_civil(duty) else calendar.school_days
    if every and every.unit in ("month", "civil_month") and (duty.due_day or duty.last_workdays):
        # a month that took in its short neighbour still ends when its own name says
        named = date.fromisoformat(window.period + "-01") if every.n == 1 else due_on
        due_on = min(due_on, month_end(named))
        if duty.due_day:
            due_on = min(due_on, due_on.replace(day=min(duty.due_day, month_end(due_on).day)))
        days = days_of(opens_on, due_on)  # 每月30日前；逢假提前
        if not days:
            return None
        due_on = days[-1]
    if duty.last_workdays:
        days = days_of(opens_on, due_on)[-duty.last_workdays :]
        if not days:
            return None
        opens_on, due_on = days[0], days[-1]
    if every and every.weekdays:
        return _narrowed(window._replace(opens_on=opens_on, due_on=due_on), every, calendar)
    return window._replace(opens_on=opens_on, due_on=due_on)


def _narrowed(window: Window, every: Every, calendar: Calendar) -> Window | None:
    """Only from the first to the last of the named weekdays; the school's units want a school day."""
    first, last = window.opens_on, window.due_on
    if every.unit in SCHOOL_UNITS:
        days = calendar.school_days(first, last)
    else:
        days = tuple(map(date.fromordinal, range(first.toordinal(), last.toordinal() + 1)))
    named = [day for day in days if day.isoweekday() in every.weekdays]
    return window._replace(opens_on=named[0], due_on=named[-1]) if named else None
