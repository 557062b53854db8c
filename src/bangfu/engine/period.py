"""A term in; its weeks, months and textbook units out; two days in; the civil weeks, months and years between them.

They tile what they cut without overlap (R01, R05). Every plan's cadence asks for them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Term:
    """One term; both ends belong to it. Key 2026-2027-1, title 2026—2027学年第一学期."""

    key: str
    title: str
    starts_on: date
    ends_on: date

    @property
    def school_year(self) -> str:
        """This property will give the school year's key: 2026-2027."""
        return self.key.rsplit("-", 1)[0]


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of a term, both ends included; `key` is part of every duty's identity."""

    unit: str
    key: str
    opens_on: date
    due_on: date
    title: str


def weeks_of(term: Term) -> list[Period]:
    """This function will cut a term into teaching weeks, Monday to Sunday, clipped to the term."""
    weeks, opens_on, number = [], term.starts_on, 1
    while opens_on <= term.ends_on:
        sunday = opens_on + timedelta(days=6 - opens_on.weekday())
        due_on = min(sunday, term.ends_on)
        weeks.append(Period("teaching_week", f"{term.key}/W{number:02d}", opens_on, due_on, f"第{number}周"))
        opens_on, number = sunday + timedelta(days=1), number + 1
    return weeks


def month_end(day: date) -> date:
    """This function will give the last day of the day's month."""
    first_of_next = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return first_of_next - timedelta(days=1)


def months_of(term: Term, count: Callable[[date, date], int], short: int) -> list[Period]:
    """This function will cut a term into months; one with fewer than `short` school days joins its neighbour."""
    pieces: list[tuple[date, date, int, str]] = []  # opens, due, school days, key
    opens_on = term.starts_on
    while opens_on <= term.ends_on:
        due_on = min(month_end(opens_on), term.ends_on)
        pieces.append((opens_on, due_on, count(opens_on, due_on), f"{opens_on:%Y-%m}"))
        opens_on = due_on + timedelta(days=1)
    joined: list[tuple[date, date, int, str]] = []
    for piece in pieces:
        before = joined[-1] if joined else None
        if before and (piece[2] < short or before[2] < short):
            named = before if before[2] >= piece[2] else piece  # the fuller month gives its name
            joined[-1] = (before[0], piece[1], before[2] + piece[2], named[3])
        else:
            joined.append(piece)
    return [Period("month", key, a, b, f"{int(key[5:])}月") for a, b, _, key in joined]


def units_of(term: Term, weeks: Sequence[Period], number: int) -> list[Period]:
    """This function will cut a term's teaching weeks into so many equal stretches: 第1单元 … 第8单元."""
    found = []
    for at in range(number):
        some = weeks[at * len(weeks) // number : (at + 1) * len(weeks) // number]
        if some:
            key, title = f"{term.key}/U{at + 1:02d}", f"第{at + 1}单元"
            found.append(Period("textbook_unit", key, some[0].opens_on, some[-1].due_on, title))
    return found


def civil_of(unit: str, first: date, last: date) -> list[Period]:
    """This function will list the whole civil weeks, months or years that touch the days from first to last."""
    found, opens_on = [], _opening(unit, first)
    while opens_on <= last:
        if unit == "week":
            due_on, (year, number, _) = opens_on + timedelta(days=6), opens_on.isocalendar()
            key, title = f"{year}-W{number:02d}", f"{_said(opens_on)}—{_said(due_on)}"
        elif unit == "civil_month":
            due_on, key, title = month_end(opens_on), f"{opens_on:%Y-%m}", f"{opens_on.month}月"
        else:
            due_on, key, title = date(opens_on.year, 12, 31), str(opens_on.year), f"{opens_on.year}年"
        found.append(Period(unit, key, opens_on, due_on, title))
        opens_on = due_on + timedelta(days=1)
    return found


def _opening(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "civil_month" else day.replace(month=1, day=1)


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
