"""A cadence and a calendar in; the windows it opens out. Worked out once for each calendar and kept."""

from datetime import date, timedelta
from typing import NamedTuple

from bangfu.engine.cadence import Duty, Every, Once
from bangfu.engine.calendar import Calendar
from bangfu.engine.period import month_end


class Window(NamedTuple):
    """From when to when something can be done in time; `period` is the key, `title` what people call it."""

    opens_on: date
    due_on: date
    period: str
    title: str


def windows(duty: Duty, calendar: Calendar) -> tuple[Window, ...]:
    """This function will list every window of a repeating duty over all known terms, in order of days."""
    every = duty.every
    if every is None:
        return ()
    key = ("windows", every.unit, every.n, duty.due_day, duty.last_workdays)
    found = calendar.memory.get(key)
    if found is None:
        shaped = (_shape(window, duty, calendar) for window in _groups(every, calendar))
        found = calendar.memory[key] = tuple(w for w in shaped if w is not None)
    return found


def _groups(every: Every, calendar: Calendar) -> list[Window]:
    periods = calendar.periods(every.unit)
    if every.n == 1:
        return [Window(p.opens_on, p.due_on, p.key, p.title) for p in periods]
    groups: list[Window] = []
    for term in calendar.terms:
        inside = [p for p in periods if term.starts_on <= p.opens_on <= term.ends_on]
        for at in range(0, len(inside), every.n):
            some = inside[at : at + every.n]
            title = some[0].title if len(some) == 1 else f"{some[0].title}—{some[-1].title}"
            groups.append(Window(some[0].opens_on, some[-1].due_on, some[0].key, title))
    return sorted(groups)


def _shape(window: Window, duty: Duty, calendar: Calendar) -> Window | None:
    opens_on, due_on = window.opens_on, window.due_on
    if duty.every and duty.every.unit == "month" and (duty.due_day or duty.last_workdays):
        # a month that took in its short neighbour still ends when its own name says
        named = date.fromisoformat(window.period + "-01") if duty.every.n == 1 else due_on
        due_on = min(due_on, month_end(named))
        if duty.due_day:
            due_on = min(due_on, due_on.replace(day=min(duty.due_day, month_end(due_on).day)))
        last = calendar.last_school_day(opens_on, due_on)  # 每月30日前；逢假提前
        if last is None:
            return None
        due_on = last
    if duty.last_workdays:
        days = calendar.school_days(opens_on, due_on)[-duty.last_workdays :]
        if not days:
            return None
        opens_on, due_on = days[0], days[-1]
    return window._replace(opens_on=opens_on, due_on=due_on)


def once_from(start: date, once: Once, calendar: Calendar) -> date:
    """This function will give the day something is due, so long after a start; off days roll to school days."""
    if once.unit == "day":
        due_on = start + timedelta(days=once.n)
    elif once.unit == "teaching_week":
        due_on = (
            start - timedelta(days=start.weekday()) + timedelta(weeks=once.n - 1, days=4)
        )  # that week's Friday
    else:
        days = calendar.school_days(start, date.max)
        due_on = days[once.n - 1] if len(days) >= once.n else start + timedelta(days=once.n)
    return rolled(due_on, once.roll, calendar)


def rolled(due_on: date, roll: str, calendar: Calendar) -> date:
    """This function will move a due day off a day without school, onward or back, if the pack says so."""
    if roll == "next":
        return calendar.next_school_day(due_on)
    if roll == "previous":
        return calendar.last_school_day(date.min, due_on) or calendar.previous_workday(due_on)
    return due_on
