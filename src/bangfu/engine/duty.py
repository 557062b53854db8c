"""A plan, a case and a calendar in; what is owed, out: computed, never chained. Identity never depends on when asked.

Same input, same answer, in any order. standing.py says how far each expectation has come, version.py which of
a plan's versions owes it.
"""

from collections.abc import Hashable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

from bangfu.engine.cadence import Duty
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Act, CaseEvent, CaseView, Spell
from bangfu.engine.expectation import Expectation, Span, duties_of, expect, repeating, single
from bangfu.engine.load import Load, load
from bangfu.engine.moment import event_windows, in_term, once_windows, rolled
from bangfu.engine.part import SCHOOL_UNITS
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.engine.standing import Standing, State, standing, standings
from bangfu.engine.window import Window, windows

__all__ = [
    "Act", "CaseEvent", "CaseView", "Expectation", "Load", "Reign", "Spell", "Standing", "State", "expected",
    "expected_for_area", "expected_for_class", "expected_for_group", "expected_for_helper", "expected_for_school",
    "expected_for_village", "load", "owed", "standing", "standings",
]  # fmt: skip
DAY = timedelta(days=1)


class Reign(NamedTuple):
    """The days a plan's version is in force (`until` excluded), and the duties it took over from the one before.

    A window belongs to the version in force when it opens; a duty that is new begins when its version does.
    """

    since: date = date.min
    until: date = date.max
    kept: frozenset[str] = frozenset()


ALWAYS = Reign()


def expected(
    plan: Plan, case: CaseView, calendar: Calendar, opens_on: date, due_on: date
) -> tuple[Expectation, ...]:
    """This function will list what is owed to one child in windows that touch the given days (both included)."""
    return tuple(owed(plan, case, calendar, (opens_on, due_on)))


def owed(
    plan: Plan, case: CaseView, calendar: Calendar, asked: tuple[date, date], reign: Reign = ALWAYS
) -> list[Expectation]:
    """This function will list what one version of a plan owes to a child in windows that touch the days asked for."""
    found: list[Expectation] = []
    whole = _spell(case)
    for duty in duties_of(plan, "case"):
        spell = _helped(whole, case) if "helper" in duty.who else whole
        if spell is None:
            continue
        is_new = reign.since > date.min and duty.key.partition("@")[0] not in reign.kept
        if duty.every:
            first = max(spell[0], reign.since) if is_new else spell[0]
            found += repeating(plan, duty, case, calendar, Span(first, spell[1], *asked))
            continue
        for window in _moments(plan, duty, case, calendar):
            if not spell[0] <= window.opens_on <= spell[1]:
                continue
            if is_new and window.opens_on < reign.since <= window.due_on:
                window = window._replace(opens_on=reign.since)
            if window.opens_on <= asked[1] and window.due_on >= asked[0]:
                one = single(plan, duty, case, window, calendar)
                found += (one,) if one else ()
    if reign.since == date.min and reign.until == date.max:
        return found
    return [e for e in found if reign.since <= e.opens_on < reign.until]


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


def _moments(plan: Plan, duty: Duty, case: CaseView, calendar: Calendar) -> list[Window]:
    civil = plan.subject in ("household", "village")
    if duty.on:
        return event_windows(duty.on, case.events, calendar, civil=civil)
    return once_windows(duty.once, case, calendar, civil=civil) if duty.once else []


def expected_for_class(
    plan: Plan, class_id: Hashable, calendar: Calendar, term: Term, joined: Mapping[Hashable, date]
) -> tuple[Expectation, ...]:
    """This function will list what is owed to one class in a term, and the survey of each new pupil in it.

    `joined` maps who is new this term (a pupil, or the class itself if all of it is new) to the first day.
    """
    found: list[Expectation] = []
    for duty in duties_of(plan, "class"):
        some = _in_term(plan.key, duty, class_id, calendar, term)
        found += some
        if some and duty.once and duty.new_pupil:
            found = _with_the_new(found, duty, class_id, calendar, joined)
    return tuple(found)


def expected_for_group(
    plan: Plan, group: Hashable, calendar: Calendar, term: Term
) -> tuple[Expectation, ...]:
    """This function will list what is owed to one group of children or helpers in a term."""
    return _whole(plan, "group", group, calendar, term)


def expected_for_area(plan: Plan, area: Hashable, calendar: Calendar, term: Term) -> tuple[Expectation, ...]:
    """This function will list what is owed to one area (包片) in a term."""
    return _whole(plan, "area", area, calendar, term)


def expected_for_village(
    plan: Plan, village: Hashable, calendar: Calendar, term: Term
) -> tuple[Expectation, ...]:
    """This function will list what is owed to one village in a term and the vacation after it."""
    return _whole(plan, "village", village, calendar, term)


def expected_for_school(
    plan: Plan, school: Hashable, calendar: Calendar, term: Term
) -> tuple[Expectation, ...]:
    """This function will list what the school owes in a term: meetings, an activity."""
    return _whole(plan, "school", school, calendar, term)


def _whole(plan: Plan, scope: str, whom: Hashable, calendar: Calendar, term: Term) -> tuple[Expectation, ...]:
    duties = duties_of(plan, scope)
    return tuple(e for duty in duties for e in _in_term(plan.key, duty, whom, calendar, term))


def _in_term(
    plan_key: str, duty: Duty, subject_id: Hashable, calendar: Calendar, term: Term
) -> list[Expectation]:
    if duty.once:
        window = in_term(duty.once, term, calendar)
        return [expect(plan_key, subject_id, duty, window)] if window else []
    first, last = term.starts_on, term.ends_on
    if duty.every and duty.every.unit not in SCHOOL_UNITS:  # the vacation after a term is counted with it
        later = [t.starts_on for t in calendar.terms if t.starts_on > term.ends_on]
        last = min(later) - DAY if later else date.max
        if all(t.starts_on >= term.starts_on for t in calendar.terms):
            first = date.min
    inside = [w for w in windows(duty, calendar) if first <= w.opens_on <= last]
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
    span = Span(spell.opens_on, spell.due_on or date.max, spell.opens_on, spell.due_on or date.max)
    found: list[Expectation] = []
    for duty in duties_of(plan, "helper"):
        if duty.every:
            found += repeating(plan, duty, view, calendar, span)
        elif duty.once:
            days = once_windows(duty.once, view, calendar)
            found += [
                expect(plan.key, helper_id, duty, w) for w in days if span.first <= w.opens_on <= span.last
            ]
    return tuple(found)
