"""A school's terms and own days, and the country's holidays, in; the engine's Calendar out, kept until either changes.

Suspensions are kept the same way: they are few, and every list of duties asks for them.
"""

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

from bangfu.engine.calendar import Calendar, Term
from bangfu.engine.case import Spell
from bangfu.records.models import DayOverride, School, Suspension
from bangfu.records.models import Term as TermRow

FIRST_YEAR = 2004  # from here on the library knows the swapped workdays
SEASONS = {"1": "第一学期", "2": "第二学期"}


def term_title(key: str) -> str:
    """This function will write 2026-2027-1 as people do: 2026—2027学年第一学期."""
    first, second, season = key.split("-")
    return f"{first}—{second}学年{SEASONS.get(season, season)}"


@lru_cache(maxsize=1)
def _last_announced_year() -> int:
    """The last year whose swapped workdays are known; later ones are provisional until the notice is out."""
    table = holidays.country_holidays("CN", years=range(FIRST_YEAR, FIRST_YEAR + 50))
    return max(day.year for day in table.weekend_workdays)


@lru_cache(maxsize=64)
def national_days(year: int) -> tuple[frozenset[date], frozenset[date], bool]:
    """This function will give (holidays, worked weekends, provisional) of a year; an unknown year never raises."""
    try:
        table = holidays.country_holidays("CN", years=year)
    except (NotImplementedError, ValueError):
        return frozenset(), frozenset(), True
    return (
        frozenset(table),
        frozenset(d for d in table.weekend_workdays if d.year == year),
        year > _last_announced_year(),
    )


@lru_cache(maxsize=256)
def _calendar(school_id, version: int) -> Calendar:
    rows = list(TermRow.objects.filter(school_id=school_id).order_by("starts_on"))
    terms = tuple(Term(row.key, term_title(row.key), row.starts_on, row.ends_on) for row in rows)
    years = range(terms[0].starts_on.year, terms[-1].ends_on.year + 2) if terms else range(0)
    tables = {year: national_days(year) for year in years}
    own = dict(DayOverride.objects.filter(school_id=school_id).values_list("day", "is_school_day"))
    return Calendar(
        terms=terms,
        holidays=frozenset().union(*(days for days, _, _ in tables.values())),
        workdays=frozenset().union(*(days for _, days, _ in tables.values())),
        overrides=own,
        provisional=frozenset(year for year, (_, _, is_provisional) in tables.items() if is_provisional),
    )


def calendar_for(school: School) -> Calendar:
    """This function will give the school's calendar; `school.calendar_version` says when it must be read anew."""
    return _calendar(school.pk, school.calendar_version)


def calendar_of(school_id, version: int) -> Calendar:
    """This function will give the calendar of a school that was not read, by its id and calendar version."""
    return _calendar(school_id, version)


@lru_cache(maxsize=256)
def _stops(school_id, version: int) -> Mapping[Hashable, tuple[Spell, ...]]:
    found: dict[Hashable, tuple[Spell, ...]] = {}
    rows = Suspension.objects.filter(school_id=school_id).order_by("starts_on")
    for plan_key, case_id, first, last in rows.values_list("plan_key", "case_id", "starts_on", "ends_on"):
        found[case_id or plan_key] = (*found.get(case_id or plan_key, ()), Spell(first, last))
    return found


def stops_for(school: School) -> Mapping[Hashable, tuple[Spell, ...]]:
    """This function will give when plans (by key) and single cases (by id) are suspended, kept with the calendar."""
    return _stops(school.pk, school.calendar_version)


def term_at_hand(school: School, day: date) -> Term | None:
    """This function will give the term work is done for: the day's, in the holidays the next one, at the end the last."""
    calendar = calendar_for(school)
    coming = next((term for term in calendar.terms if term.starts_on > day), None)
    return calendar.term_on(day) or coming or next(iter(reversed(calendar.terms)), None)


def usual_terms(school_year: int) -> tuple[tuple[str, date, date], ...]:
    """This function will suggest the two terms of a school year: (key, first day, last day)."""
    name = f"{school_year}-{school_year + 1}"
    spring = _monday_after(lantern_festival(school_year + 1))
    return (
        (f"{name}-1", _workday_from(date(school_year, 9, 1)), spring - timedelta(days=31)),
        (f"{name}-2", spring, date(school_year + 1, 7, 3)),
    )


def lantern_festival(year: int) -> date:
    """This function will give the fifteenth day of the first lunar month (元宵), after which spring terms begin."""
    table = holidays.country_holidays("CN", years=year, language="en_US")
    days = [day for day, name in table.items() if "Spring Festival" in name and "Eve" not in name]
    return min(days, default=date(year, 2, 5)) + timedelta(days=14)


def _monday_after(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _workday_from(day: date) -> date:
    return day if day.weekday() < 5 else _monday_after(day)
