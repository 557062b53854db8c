"""One thing owed in one window, and how a repeating duty opens out into them for one subject."""

from bisect import bisect_left
from collections.abc import Hashable
from datetime import date
from hashlib import blake2b
from typing import NamedTuple

from bangfu.engine.cadence import Duty
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import CaseView, Spell
from bangfu.engine.condition import answers, holds, to_find_out
from bangfu.engine.plan import Plan
from bangfu.engine.window import Window, is_civil, windows


class Expectation(NamedTuple):
    """One thing owed in one window; (plan_key, subject_id, duty_key, period) is its identity for ever.

    `suspended` is a Chinese reason why nothing is owed: an absence, a leave or a suspension over the whole window,
    or a fact to find out first. Where each of several roles owes it, duty_key is "key@role". `amount_of` and
    `at_least` ask an amount beside the times, `persons` how many take part in one act.
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
    persons: int = 1
    amount_of: str = ""
    at_least: int = 0

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


def duties_of(plan: Plan, scope: str) -> list[Duty]:
    """This function will list a plan's duties of a scope; one that each role owes becomes one for each role."""
    found: list[Duty] = []
    for duty in plan.duties:
        if duty.per == scope and (duty.times or duty.amount):
            found += (duty,) if duty.by == "any" else _each(plan, duty)
    return found


def _each(plan: Plan, duty: Duty) -> tuple[Duty, ...]:
    kept = plan._memory.get(f"each/{duty.key}")
    if kept is None or kept[0] is not duty:
        parts = tuple(duty.model_copy(update={"key": f"{duty.key}@{r}", "who": (r,)}) for r in duty.who)
        kept = plan._memory[f"each/{duty.key}"] = (duty, parts)
    return kept[1]


def expect(plan_key: str, subject_id: Hashable, duty: Duty, window: Window, why: str = "") -> Expectation:
    """This function will state what one duty asks of one subject in one window."""
    return Expectation(
        plan_key, subject_id, duty.key, window.period, window.opens_on, window.due_on, duty.times,
        duty.who, duty.accepts, duty.minutes, duty.title, window.title, why, *_more(duty),
    )  # fmt: skip


def _more(duty: Duty) -> tuple[int, str, int]:
    return (duty.persons, duty.amount.of, duty.amount.at_least) if duty.amount else (duty.persons, "", 0)


def single(plan: Plan, duty: Duty, case: CaseView, window: Window, calendar: Calendar) -> Expectation | None:
    """This function will state what a duty asks in a window that opens once; None where `for` or `where` say no."""
    why = ""
    if duty.for_ or duty.where:
        verdict = holds(plan, duty.for_, duty.where, case, window.opens_on)
        if verdict.answer is False:
            return None
        why = to_find_out(plan, verdict)
    if case.stops and not why:
        why = stopped(case.stops, window, calendar, civil=is_civil(duty))
    return expect(plan.key, case.case_id, duty, window, why)


def repeating(plan: Plan, duty: Duty, case: CaseView, calendar: Calendar, span: Span) -> list[Expectation]:
    """This function will list one duty's expectations whose windows touch both the spell and the days asked for."""
    every, found = windows(duty, calendar), []
    low, high = max(span.first, span.asked_from), min(span.last, span.asked_to)
    at = bisect_left(every, low, key=lambda w: w.due_on)
    paused = bool(case.pauses or case.helper_pauses or case.stops or (case.helped and len(case.helped) > 1))
    asked = answers(plan, duty.for_, duty.where, case) if duty.for_ or duty.where else None
    civil, why = is_civil(duty), ""
    head = (plan.key, case.case_id, duty.key)  # laid out once: the board asks for thousands of these
    tail, more = (duty.times, duty.who, duty.accepts, duty.minutes, duty.title), _more(duty)
    for window in every[at:]:
        if window.opens_on > high:
            break
        if window.opens_on < span.first or window.due_on > span.last:
            window = window._replace(
                opens_on=max(window.opens_on, span.first), due_on=min(window.due_on, span.last)
            )
            if not (civil or calendar.has_school_day(window.opens_on, window.due_on)):
                continue
        if duty.sample < 1 and not _drawn(plan.key, case.case_id, duty, window.period):
            continue
        if asked is not None:
            verdict = asked(window.opens_on)
            if verdict.answer is False:
                continue
            why = to_find_out(plan, verdict)
        reason = why or (_suspended(duty, case, calendar, window) if paused else "")
        found.append(
            Expectation._make((*head, window.period, *window[:2], *tail, window.title, reason, *more))
        )
    return found


def _drawn(plan_key: str, subject_id: Hashable, duty: Duty, period: str) -> bool:
    seed = blake2b(f"{plan_key}|{subject_id}|{duty.key}|{period}".encode(), digest_size=8)
    return int.from_bytes(seed.digest(), "big") / 2**64 < duty.sample


STOPPED = "帮扶暂停"


def stopped(
    stops: tuple[Spell, ...], window: Window | Expectation, calendar: Calendar, *, civil: bool = False
) -> str:
    """This function will say why nothing is owed in a window that a suspension covers; empty where it does not."""
    if not stops:
        return ""
    count = calendar.work_days if civil else calendar.school_days
    days = count(window.opens_on, window.due_on) or (window.opens_on,)
    return STOPPED if all(any(s.holds(day) for s in stops) for day in days) else ""


def _suspended(duty: Duty, case: CaseView, calendar: Calendar, window: Window) -> str:
    if is_civil(duty):  # a household's months go on while the child is away from school
        days = calendar.work_days(window.opens_on, window.due_on) or (window.opens_on,)
    else:
        days = calendar.school_days(window.opens_on, window.due_on)
        days = tuple(day for day in days if not any(p.holds(day) for p in case.pauses))
    if not days:
        return "学生不在校"
    days = tuple(day for day in days if not any(s.holds(day) for s in case.stops))
    if not days:
        return STOPPED
    if "helper" not in duty.who:
        return ""
    if case.helped is not None:
        days = tuple(day for day in days if any(s.holds(day) for s in case.helped or ()))
        if not days:
            return "这段时间还没有帮扶教师"
    if all(any(p.holds(day) for p in case.helper_pauses) for day in days):
        return "帮扶教师请假"
    return ""
