"""What opens a window once: so long after a start, or after an event; a ladder's steps hang on the spell's facts.

A cadence, a start or events, and a calendar in; windows out. Surveys, consents and every follow-up ask for it.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, timedelta

from bangfu.engine.cadence import On, Once
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import CaseEvent, CaseView
from bangfu.engine.period import Term
from bangfu.engine.window import Window


def once_windows(once: Once, case: CaseView, calendar: Calendar, *, civil: bool = False) -> list[Window]:
    """This function will list where something owed once falls for a case: in each term or year, or once for good."""
    if once.after in ("term_start", "school_year_start"):
        terms = (in_term(once, term, calendar) for term in calendar.terms)
        return [window for window in terms if window is not None]
    start = case.opened_on
    if once.after == "joined":
        start = case.joined_on or case.opened_on
    due_on = once_from(start, once, calendar, civil=civil)
    return [Window(_opening(start, due_on, once, calendar), due_on, once.after, f"{_said(start)}起")]


def in_term(once: Once, term: Term, calendar: Calendar) -> Window | None:
    """This function will give the window of what is owed once a term, or once a year in the year's first term."""
    period, title = term.key, term.title
    if once.after == "school_year_start":
        first = min(
            (t for t in calendar.terms if t.school_year == term.school_year), key=lambda t: t.starts_on
        )
        if first.key != term.key:
            return None
        period, title = term.school_year, term.school_year.replace("-", "—") + "学年"
    elif once.after != "term_start":
        return None
    due_on = once_from(term.starts_on, once, calendar)
    return Window(_opening(term.starts_on, due_on, once, calendar), due_on, period, title)


def event_windows(on: On, events: Iterable[CaseEvent], calendar: Calendar, *, civil: bool) -> list[Window]:
    """This function will list the windows that events open: `after` units later, `days` long, rolled off days off.

    With `still` only if the event's spell has not ended by then. `civil` rolls to workdays, through vacation.
    """
    last: dict[date, date | None] = {}
    for event in events:
        if event.kind == on.event:
            ends = (last.get(event.on, event.on), event.until)
            last[event.on] = None if None in ends else max(e for e in ends if e)
    found = []
    for day, until in sorted(last.items(), key=lambda item: item[0]):
        opens_on = _later(day, on, calendar)
        if on.still and until is not None and until < opens_on:
            continue
        due_on = opens_on + timedelta(days=on.days)
        due_on = rolled(due_on, "next", calendar, civil=civil or on.unit == "workday")
        found.append(Window(opens_on, due_on, f"{on.event}/{day}", f"{_said(day)}起"))
    return found


def _later(day: date, on: On, calendar: Calendar) -> date:
    """So many units after a day: one school day after a Friday is the Monday, and beyond known terms a weekday."""
    if on.unit == "day" or not on.after:
        return day + timedelta(days=on.after)
    far = date.max
    days = calendar.school_days(day, far) if on.unit == "school_day" else calendar.work_days(day, far)
    days = days[bisect_right(days, day) :]
    if len(days) >= on.after:
        return days[on.after - 1]
    at = days[-1] if days else day
    for _ in range(on.after - len(days)):
        at = calendar.next_workday(at + timedelta(days=1))
    return at


def once_from(start: date, once: Once, calendar: Calendar, *, civil: bool = False) -> date:
    """This function will give the day something is due, so long after a start; off days roll to school days."""
    due_on = _counted(start, once, once.n, calendar, friday=True)
    return rolled(due_on, once.roll, calendar, civil=civil or once.unit == "workday")


def _opening(start: date, due_on: date, once: Once, calendar: Calendar) -> date:
    if not once.not_before:
        return start
    return min(max(start, _counted(start, once, once.not_before, calendar, friday=False)), due_on)


def _counted(start: date, once: Once, n: int, calendar: Calendar, *, friday: bool) -> date:
    """The n-th unit from a start, which is itself the first school day or workday, and lies in the first week."""
    if once.unit == "day":
        return start + timedelta(days=n)
    if once.unit == "teaching_week":
        monday = start - timedelta(days=start.weekday())
        return monday + timedelta(weeks=n - 1, days=4 if friday else 0)
    known = calendar.work_days if once.unit == "workday" else calendar.school_days
    days = known(start, date.max)
    return days[n - 1] if len(days) >= n else start + timedelta(days=n)


def rolled(due_on: date, roll: str, calendar: Calendar, *, civil: bool = False) -> date:
    """This function will move a due day off a day without school (civil: without work), onward or back, if asked."""
    if roll == "next":
        return calendar.next_workday(due_on) if civil else calendar.next_school_day(due_on)
    if roll == "previous":
        last = None if civil else calendar.last_school_day(date.min, due_on)
        return last or calendar.previous_workday(due_on)
    return due_on


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"
