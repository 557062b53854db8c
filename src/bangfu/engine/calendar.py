"""Terms, holidays and a school's own days in; workdays, teaching weeks and periods out (R01–R06).

Every plan asks for it. A calendar is a value hashed by identity: what it works out once it keeps.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from bangfu.engine.part import SCHOOL_UNITS, Unit
from bangfu.engine.period import Period, Term, civil_of, months_of, units_of, weeks_of

DAY = timedelta(days=1)

__all__ = ["Calendar", "Period", "Term", "Unit"]


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """The school's and the civil calendar together; `short_month` is R05's threshold in school days.

    The civil one runs through vacation, from the January of the first term's year to the December after the last's.
    """

    terms: tuple[Term, ...] = ()
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()  # 调休: weekends that are worked
    overrides: Mapping[date, bool] = field(default_factory=dict)  # the school's own yes or no
    provisional: frozenset[int] = frozenset()
    short_month: int = 10
    units_per_term: int = 8
    memory: dict = field(default_factory=dict, init=False, repr=False)

    def is_workday(self, day: date) -> bool:
        """This function will say whether the country works on the day; unknown years fall back to weekends."""
        return day in self.workdays or (day.weekday() < 5 and day not in self.holidays)

    def is_school_day(self, day: date) -> bool:
        """This function will say whether children are at school: the school's word first, then the civil one."""
        if self.term_on(day) is None:
            return False
        said = self.overrides.get(day)
        return self.is_workday(day) if said is None else said

    def is_provisional(self, day: date) -> bool:
        """This function will say whether the day's year has no published holiday arrangement yet (暂定)."""
        return day.year in self.provisional

    def term_on(self, day: date) -> Term | None:
        """This function will find the term the day lies in, or None in vacation."""
        for term in self.terms:
            if term.starts_on <= day <= term.ends_on:
                return term
        return None

    def teaching_week(self, day: date) -> int | None:
        """This function will number the day's week, Mon–Sun; week 1 holds the term's first day, holidays count."""
        term = self.term_on(day)
        return None if term is None else (_monday(day) - _monday(term.starts_on)).days // 7 + 1

    def next_workday(self, day: date) -> date:
        """This function will give the day itself or the first workday after it."""
        while not self.is_workday(day):
            day += DAY
        return day

    def previous_workday(self, day: date) -> date:
        """This function will give the day itself or the last workday before it."""
        while not self.is_workday(day):
            day -= DAY
        return day

    def next_school_day(self, day: date) -> date:
        """This function will give the day itself or the next school day; beyond known terms the next workday."""
        days = self._days()
        at = bisect_left(days, day)
        return days[at] if at < len(days) else self.next_workday(day)

    def school_days(self, opens_on: date, due_on: date) -> tuple[date, ...]:
        """This function will list the school days between two days, both included."""
        days = self._days()
        return days[bisect_left(days, opens_on) : bisect_right(days, due_on)]

    def has_school_day(self, opens_on: date, due_on: date) -> bool:
        """This function will say, quickly, whether any school day lies between two days."""
        days = self._days()
        at = bisect_left(days, opens_on)
        return at < len(days) and days[at] <= due_on

    def last_school_day(self, opens_on: date, due_on: date) -> date | None:
        """This function will give the last school day between two days, or None."""
        days = self._days()
        at = bisect_right(days, due_on) - 1
        return days[at] if at >= 0 and days[at] >= opens_on else None

    def work_days(self, opens_on: date, due_on: date) -> tuple[date, ...]:
        """This function will list the workdays between two days of the known years, both included."""
        days = self._work_days()
        return days[bisect_left(days, opens_on) : bisect_right(days, due_on)]

    def periods(self, unit: Unit, opens_on: date = date.min, due_on: date = date.max) -> tuple[Period, ...]:
        """This function will list the periods of a unit that touch the given days; the school's hold a school day."""
        every = self._all_periods(unit)
        if opens_on == date.min and due_on == date.max:
            return every
        return tuple(p for p in every if p.opens_on <= due_on and p.due_on >= opens_on)

    def period_on(self, unit: Unit, day: date) -> Period | None:
        """This function will find the period that holds the day: July's last school days lie in June's month."""
        every = self._all_periods(unit)
        at = bisect_right(every, day, key=lambda period: period.opens_on) - 1
        return every[at] if at >= 0 and day <= every[at].due_on else None

    def _days(self) -> tuple[date, ...]:
        if "days" not in self.memory:
            found = set()
            for term in self.terms:
                length = (term.ends_on - term.starts_on).days + 1
                found.update(d for i in range(length) if self.is_school_day(d := term.starts_on + i * DAY))
            self.memory["days"] = tuple(sorted(found))
        return self.memory["days"]

    def _work_days(self) -> tuple[date, ...]:
        if "work_days" not in self.memory:
            first, last = self._civil_span()
            days = (first + i * DAY for i in range((last - first).days + 1 if self.terms else 0))
            self.memory["work_days"] = tuple(day for day in days if self.is_workday(day))
        return self.memory["work_days"]

    def _civil_span(self) -> tuple[date, date]:
        years = [day.year for term in self.terms for day in (term.starts_on, term.ends_on)] or [1]
        return date(min(years), 1, 1), date(max(years) + 1, 12, 31)

    def _all_periods(self, unit: Unit) -> tuple[Period, ...]:
        if unit not in self.memory and unit not in SCHOOL_UNITS:
            if unit == "workday":
                self.memory[unit] = tuple(_one_day(unit, day) for day in self._work_days())
            else:
                self.memory[unit] = tuple(civil_of(unit, *self._civil_span())) if self.terms else ()
        if unit not in self.memory:
            by_term = sorted(self.terms, key=lambda term: term.starts_on)
            if unit == "school_year":
                found = _years(by_term)
            else:
                found = [period for term in by_term for period in self._of_term(unit, term)]
            self.memory[unit] = tuple(p for p in found if self.has_school_day(p.opens_on, p.due_on))
        return self.memory[unit]

    def _of_term(self, unit: Unit, term: Term) -> list[Period]:
        if unit == "school_day":
            return [_one_day(unit, day) for day in self.school_days(term.starts_on, term.ends_on)]
        if unit == "teaching_week":
            return weeks_of(term)
        if unit == "textbook_unit":
            weeks = [week for week in weeks_of(term) if self.has_school_day(week.opens_on, week.due_on)]
            return units_of(term, weeks, self.units_per_term)
        if unit == "month":
            return months_of(term, lambda a, b: len(self.school_days(a, b)), self.short_month)
        return [Period("term", term.key, term.starts_on, term.ends_on, term.title)]


def _one_day(unit: str, day: date) -> Period:
    return Period(unit, day.isoformat(), day, day, f"{day.month}月{day.day}日")


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _years(terms: list[Term]) -> list[Period]:
    years: dict[str, list[Term]] = {}
    for term in terms:
        years.setdefault(term.school_year, []).append(term)
    return [
        Period("school_year", key, found[0].starts_on, found[-1].ends_on, key.replace("-", "—") + "学年")
        for key, found in years.items()
    ]
