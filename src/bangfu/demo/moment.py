"""The demo's calendar: two terms around today, so that the school is always alive, whatever the date."""

from dataclasses import dataclass
from datetime import date, timedelta

from bangfu.flow.almanac import usual_terms
from bangfu.records.models.places import school_year_of

SETTLED = timedelta(weeks=7)  # before this a term has too little to show
DYING = timedelta(weeks=2)  # and this close to its end, too little to do


@dataclass(frozen=True, slots=True)
class Stretch:
    """One term: key, first and last day."""

    key: str
    starts_on: date
    ends_on: date


def terms_around(today: date) -> tuple[Stretch, Stretch]:
    """This function will give the term before and the term of `today`, moved if today is in vacation or at an edge."""
    year = school_year_of(today)
    usual = [Stretch(*term) for y in (year - 1, year) for term in usual_terms(y)]
    for at, term in enumerate(usual):
        if at and term.starts_on + SETTLED <= today <= term.ends_on - DYING:
            return usual[at - 1], term
    monday = today - timedelta(days=today.weekday())
    autumn = today.month >= 8 or today.month < 2  # noqa: PLR2004 - the usual halves of a school year
    now_key, before_key = (f"{year}-{year + 1}-1", f"{year - 1}-{year}-2")
    if not autumn:
        now_key, before_key = f"{year}-{year + 1}-2", f"{year}-{year + 1}-1"
    now = Stretch(now_key, monday - timedelta(weeks=9), monday + timedelta(weeks=9, days=4))
    before = Stretch(before_key, monday - timedelta(weeks=31), monday - timedelta(weeks=13, days=3))
    return before, now
