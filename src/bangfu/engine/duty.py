"""A plan, a case and a calendar in; what is owed, out: computed, never chained. Identity never depends on when asked.

Same input, same answer, in any order. standing.py says how far each expectation has come.
"""

from collections.abc import Hashable, Mapping
from datetime import date, timedelta

from bangfu.engine.cadence import Duty
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Act, CaseEvent, CaseView, Spell
from bangfu.engine.expectation import Expectation, Span, expect, repeating
from bangfu.engine.load import Load, load
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.engine.standing import Standing, State, standing, standings
from bangfu.engine.window import Window, once_from, rolled, windows

__all__ = [
    "Act", "CaseEvent", "CaseView", "Expectation", "Load", "Spell", "Standing", "State", "expected",
    "expected_for_class", "expected_for_helper", "expected_for_school", "load", "standing", "standings",
]  # fmt: skip
DAY = timedelta(days=1)


def expected(
    plan: Plan, case: CaseView, calendar: Calendar, opens_on: date, due_on: date
) -> tuple[Expectation, ...]:
    """This function will list what is owed to one child in windows that touch the given days (both included)."""
    found: list[Expectation] = []
    whole = _spell(case)
    for duty in plan.duties:
        if duty.per != "case" or not duty.times:
            continue
        spell = _helped(whole, case) if "helper" in duty.who else whole
        if spell is None:
            continue
        if duty.every:
            found += repeating(plan.key, duty, case, calendar, Span(*spell, opens_on, due_on))
        else:
            singles = _events(duty, case, calendar) if duty.on else _once(duty, case, calendar)
            for window in singles:
                if (
                    window.opens_on <= due_on
                    and window.due_on >= opens_on
                    and _inside(window.opens_on, spell)
                ):
                    found.append(expect(plan.key, case.case_id, duty, window))
    return tuple(found)


def _inside(day: date, spell: tuple[date, date]) -> bool:
    return spell[0] <= day <= spell[1]


def _spell(case: CaseView) -> tuple[date, date]:
    first = max(case.opened_on, case.joined_on or case.opened_on)
    ends = [day - DAY for day in (case.closed_on, case.left_on) if day is not None]
    return first, min(ends, default=date.max)


def _helped(spell: tuple[date, date], case: CaseView) -> tuple[date, date] | None:
    if case.helped is None:
        return spell
    if not case.helped:
        return None
    last = max(s.due_on or date.max for s in case.helped)
    return max(spell[0], min(s.opens_on for s in case.helped)), min(spell[1], last)


def _once(duty: Duty, case: CaseView, calendar: Calendar) -> list[Window]:
    once = duty.once
    if once is None:
        return []
    start = case.opened_on
    if once.after == "joined":
        start = case.joined_on or case.opened_on
    elif once.after == "term_start":
        return [
            Window(term.starts_on, once_from(term.starts_on, once, calendar), term.key, term.title)
            for term in calendar.terms
        ]
    return [Window(start, once_from(start, once, calendar), once.after, f"{start.month}月{start.day}日起")]


def _events(duty: Duty, case: CaseView, calendar: Calendar) -> list[Window]:
    on = duty.on
    if on is None:
        return []
    days = sorted({event.on for event in case.events if event.kind == on.event})
    return [
        Window(
            day,
            rolled(day + timedelta(days=on.days), "next", calendar),
            f"{on.event}/{day}",
            f"{day.month}月{day.day}日起",
        )
        for day in days
    ]


def expected_for_class(
    plan: Plan, class_id: Hashable, calendar: Calendar, term: Term, joined: Mapping[Hashable, date]
) -> tuple[Expectation, ...]:
    """This function will list what is owed to one class in a term, and the survey of each new pupil in it.

    `joined` maps who is new this term (a pupil, or the class itself if all of it is new) to the first day.
    """
    found: list[Expectation] = []
    for duty in plan.duties:
        if duty.per == "class" and duty.times:
            found += _in_term(plan.key, duty, class_id, calendar, term)
            if duty.once and duty.new_pupil:
                found = _with_the_new(found, duty, class_id, calendar, joined)
    return tuple(found)


def _in_term(
    plan_key: str, duty: Duty, subject_id: Hashable, calendar: Calendar, term: Term
) -> list[Expectation]:
    if duty.once:
        due_on = once_from(term.starts_on, duty.once, calendar)
        return [expect(plan_key, subject_id, duty, Window(term.starts_on, due_on, term.key, term.title))]
    inside = [w for w in windows(duty, calendar) if term.starts_on <= w.opens_on <= term.ends_on]
    return [expect(plan_key, subject_id, duty, window) for window in inside]


def _with_the_new(
    found: list[Expectation],
    duty: Duty,
    class_id: Hashable,
    calendar: Calendar,
    joined: Mapping[Hashable, date],
) -> list[Expectation]:
    whole = found[-1]
    more, days = [], duty.new_pupil.days if duty.new_pupil else 0
    for subject_id, day in sorted(joined.items(), key=lambda item: (item[1], str(item[0]))):
        late = max(whole.due_on, rolled(day + timedelta(days=days), "next", calendar))  # 新生一个半月
        if subject_id == class_id:
            found = [*found[:-1], whole._replace(due_on=late)]
        else:
            more.append(
                whole._replace(subject_id=subject_id, opens_on=day, due_on=late, period=f"{whole.period}/new")
            )
    return found + more


def expected_for_helper(
    plan: Plan, helper_id: Hashable, calendar: Calendar, spell: Spell
) -> tuple[Expectation, ...]:
    """This function will list what a helper owes as a person, not for one child: the month's hand-in, a summary."""
    view = CaseView(helper_id, helper_id, spell.opens_on)
    last = spell.due_on or date.max
    found: list[Expectation] = []
    for duty in plan.duties:
        if duty.per == "helper" and duty.every and duty.times:
            found += repeating(
                plan.key, duty, view, calendar, Span(spell.opens_on, last, spell.opens_on, last)
            )
    return tuple(found)


def expected_for_school(
    plan: Plan, school_id: Hashable, calendar: Calendar, term: Term
) -> tuple[Expectation, ...]:
    """This function will list what the school owes in a term: meetings, an activity."""
    found: list[Expectation] = []
    for duty in plan.duties:
        if duty.per == "school" and duty.times:
            found += _in_term(plan.key, duty, school_id, calendar, term)
    return tuple(found)
