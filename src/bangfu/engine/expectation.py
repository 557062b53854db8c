"""One thing owed in one window, and how a repeating duty opens out into them for one subject."""

from bisect import bisect_left
from collections.abc import Hashable
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from bangfu.engine.cadence import Duty
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import CaseView
from bangfu.engine.window import Window, windows


class Expectation(NamedTuple):
    """One thing owed in one window; (plan_key, subject_id, duty_key, period) is its identity for ever.

    `suspended` is a Chinese reason: the whole window fell into an absence or a leave, so nothing is owed.
    """

    plan_key: str
    subject_id: Hashable
    duty_key: str
    period: str
    opens_on: date
    due_on: date
    times: int
    who: tuple[str, ...]
    accepts: tuple[str, ...]
    minutes: int
    title: str
    period_title: str
    suspended: str = ""

    @property
    def identity(self) -> tuple[str, Hashable, str, str]:
        """This property will give what stays the same whenever the duty is worked out again."""
        return self[:4]


class Span(NamedTuple):
    """The subject's own days, and the days somebody asks about."""

    first: date  # the spell's own ends …
    last: date
    asked_from: date  # … and the days asked for
    asked_to: date


def expect(plan_key: str, subject_id: Hashable, duty: Duty, window: Window, why: str = "") -> Expectation:
    """This function will state what one duty asks of one subject in one window."""
    return Expectation(
        plan_key, subject_id, duty.key, window.period, window.opens_on, window.due_on, duty.times,
        duty.who, duty.accepts, duty.minutes, duty.title, window.title, why,
    )  # fmt: skip


def repeating(plan_key: str, duty: Duty, case: CaseView, calendar: Calendar, span: Span) -> list[Expectation]:
    """This function will list one duty's expectations whose windows touch both the spell and the days asked for."""
    every, found = windows(duty, calendar), []
    low, high = max(span.first, span.asked_from), min(span.last, span.asked_to)
    at = bisect_left(every, low, key=lambda w: w.due_on)
    paused = bool(case.pauses or case.helper_pauses or (case.helped and len(case.helped) > 1))
    head = (plan_key, case.case_id, duty.key)  # laid out once: the board asks for thousands of these
    tail = (duty.times, duty.who, duty.accepts, duty.minutes, duty.title)
    for window in every[at:]:
        if window.opens_on > high:
            break
        if window.opens_on < span.first or window.due_on > span.last:
            window = window._replace(
                opens_on=max(window.opens_on, span.first), due_on=min(window.due_on, span.last)
            )
            if not calendar.has_school_day(window.opens_on, window.due_on):
                continue
        if duty.sample < 1 and not _drawn(plan_key, case.case_id, duty, window.period):
            continue
        why = _suspended(duty, case, calendar, window) if paused else ""
        found.append(Expectation._make((*head, window.period, *window[:2], *tail, window.title, why)))
    return found


def _drawn(plan_key: str, subject_id: Hashable, duty: Duty, period: str) -> bool:
    seed = blake2b(f"{plan_key}|{subject_id}|{duty.key}|{period}".encode(), digest_size=8)
    return int.from_bytes(seed.digest(), "big") / 2**64 < duty.sample


def _suspended(duty: Duty, case: CaseView, calendar: Calendar, window: Window) -> str:
    days = calendar.school_days(window.opens_on, window.due_on)
    days = tuple(day for day in days if not any(p.holds(day) for p in case.pauses))
    if not days:
        return "学生不在校"
    if "helper" not in duty.who:
        return ""
    if case.helped is not None:
        days = tuple(day for day in days if any(s.holds(day) for s in case.helped or ()))
        if not days:
            return "这段时间还没有帮扶教师"
    if all(any(p.holds(day) for p in case.helper_pauses) for day in days):
        return "帮扶教师请假"
    return ""
