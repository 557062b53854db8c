"""A plan's versions over time in; what is owed by the version in force when each window opens, out, nothing twice.

A plan changed in mid-term leaves every past period as it was; the schedule asks for it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple

from bangfu.engine.calendar import Calendar
from bangfu.engine.case import CaseView
from bangfu.engine.duty import Reign, owed
from bangfu.engine.expectation import Expectation
from bangfu.engine.plan import Plan


class Version(NamedTuple):
    """One version of a plan and its days, the last excluded; no last day means it is in force."""

    plan: Plan
    valid_from: date
    valid_to: date | None = None


def reigns(versions: Iterable[Version]) -> tuple[tuple[Plan, Reign], ...]:
    """This function will say of each version, in order, since when and until when it opens windows.

    The first reaches back without end: nothing was asked before it. One that takes over from another at once
    keeps that one's duties; whatever else it asks begins with it.
    """
    ordered = sorted(versions, key=lambda v: (v.valid_from, v.valid_to or date.max))
    ordered = [v for v in ordered if v.valid_to is None or v.valid_to > v.valid_from]
    found: list[tuple[Plan, Reign]] = []
    for at, one in enumerate(ordered):
        before = ordered[at - 1] if at else None
        follows = before is not None and before.valid_to == one.valid_from
        kept = frozenset(d.key for d in before.plan.duties) if before and follows else frozenset()
        since = one.valid_from if before else date.min
        found.append((one.plan, Reign(since, one.valid_to or date.max, kept)))
    return tuple(found)


def owed_over(
    over: Sequence[tuple[Plan, Reign]], case: CaseView, calendar: Calendar, asked: tuple[date, date]
) -> list[Expectation]:
    """This function will list what is owed to a child in windows that touch the days asked for, by all versions."""
    parts = [owed(plan, case, calendar, asked, reign) for plan, reign in over if reign.since <= asked[1]]
    return parts[0] if len(parts) == 1 else _once(parts)


def asked_over(
    over: Sequence[tuple[Plan, Reign]], ask: Callable[[Plan], Iterable[Expectation]]
) -> list[Expectation]:
    """This function will ask each version for what a helper, a class or the school owes, and keep what is its own."""
    return _once([[e for one in ask(plan) if (e := _own(one, reign))] for plan, reign in over])


def _own(e: Expectation, reign: Reign) -> Expectation | None:
    is_new = e.duty_key.partition("@")[0] not in reign.kept
    if is_new and e.opens_on < reign.since <= e.due_on:
        e = e._replace(opens_on=reign.since)
    return e if reign.since <= e.opens_on < reign.until else None


def _once(parts: Iterable[list[Expectation]]) -> list[Expectation]:
    found: dict[tuple, Expectation] = {}
    for part in parts:
        for e in part:
            found.setdefault(e.identity, e)  # the earlier version's word stands
    return list(found.values())
