"""An expectation and the acts done in; how far it has come, out, with the reason in words.

Any true record counts for everything it matches; one written late counts for the day it happened.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from operator import attrgetter
from typing import NamedTuple

from bangfu.engine.case import Act
from bangfu.engine.expectation import Expectation

AMOUNTS = {"minutes": "分钟", "lessons": "课时", "people": "人", "things": "件"}
_by_day = attrgetter("on", "recorded_on", "id")


class State(StrEnum):
    """The eight answers a list, a page, a paper and an export may give."""

    not_yet_open = "not_yet_open"
    open = "open"
    done = "done"
    done_recorded_late = "done_recorded_late"
    can_still_be_added = "can_still_be_added"
    not_done = "not_done"
    excused = "excused"
    not_applicable = "not_applicable"


class Standing(NamedTuple):
    """Where one expectation stands: how often it was met, on which day it was enough, by which acts."""

    expectation: Expectation
    state: State
    count: int
    done_on: date | None
    acts: tuple[Hashable, ...]
    reason: str


def matches(expectation: Expectation, act: Act) -> bool:
    """This function will say whether an act counts: right activity, entitled author, in the window or named for it."""
    if act.period is not None:
        if act.period != expectation.period:
            return False
    elif not expectation.opens_on <= act.on <= expectation.due_on:
        return False
    return (
        act.attended
        and act.persons >= expectation.persons
        and not act.activities.isdisjoint(expectation.accepts)
        and not act.roles.isdisjoint(expectation.who)
    )


def standing(
    expectation: Expectation,
    acts: Iterable[Act],
    *,
    day: date,
    waiver: str | None = None,
    sealed: bool = False,
) -> Standing:
    """This function will judge one expectation on a day by the acts about its subject, in any order.

    `waiver` is the reason somebody entitled gave; `sealed` says that the month can no longer be added to.
    """
    counted = sorted((a for a in acts if matches(expectation, a)), key=_by_day)
    return _judge(expectation, counted, day, waiver, sealed)


def standings(
    expectations: Sequence[Expectation],
    acts: Iterable[Act],
    *,
    day: date,
    waivers: Mapping[tuple, str] | None = None,
    sealed: Callable[[Expectation], bool] | None = None,
) -> tuple[Standing, ...]:
    """This function will judge all expectations of one subject at once, much faster than one by one."""
    ordered = sorted((a for a in acts if a.attended), key=_by_day)
    fitting: dict[tuple, _Fitting] = {}  # few kinds of duties, many windows: sort the acts by kind once
    found = []
    for e in expectations:
        kind = (e.who, e.accepts, e.persons)
        fit = fitting.get(kind)
        if fit is None:
            fit = fitting[kind] = _Fitting(ordered, e)
        first = bisect_left(fit.days, e.opens_on)
        counted = fit.acts[first : bisect_right(fit.days, e.due_on, first)]
        if fit.named and e.period in fit.named:
            counted = sorted(counted + fit.named[e.period], key=_by_day)
        waiver = waivers.get(e[:4]) if waivers else None
        over = sealed is not None and day > e.due_on and not _enough(e, counted) and sealed(e)
        found.append(_judge(e, counted, day, waiver, over))
    return tuple(found)


class _Fitting:
    """The acts that fit one kind of duty, in order of days; those that name their period apart."""

    __slots__ = ("acts", "days", "named")

    def __init__(self, ordered: list[Act], e: Expectation) -> None:
        fit = [a for a in ordered if not (a.activities.isdisjoint(e.accepts) or a.roles.isdisjoint(e.who))]
        if e.persons > 1:
            fit = [a for a in fit if a.persons >= e.persons]
        self.acts = [a for a in fit if a.period is None]
        self.days = [a.on for a in self.acts]
        self.named: dict[str, list[Act]] = {}
        for act in fit:
            if act.period is not None:
                self.named.setdefault(act.period, []).append(act)


def _judge(e: Expectation, counted: list[Act], day: date, waiver: str | None, sealed: bool) -> Standing:
    count, ids = len(counted), tuple([a.id for a in counted])
    if count and _enough(e, counted):
        return _done(e, counted, ids)
    if e.times == 0 and not e.at_least:
        return Standing(e, State.not_applicable, count, None, ids, "这里不要求")
    if waiver is not None or e.suspended:
        return Standing(e, State.excused, count, None, ids, waiver or e.suspended)
    if day < e.opens_on:
        return Standing(e, State.not_yet_open, count, None, ids, f"{_said(e.opens_on)}开始")
    missing = _missing(e, counted)
    if day <= e.due_on:
        so_far = f"，还差 {missing}" if count and e.at_least else ""
        return Standing(e, State.open, count, None, ids, _between(e) + so_far)
    if not sealed:
        return Standing(e, State.can_still_be_added, count, None, ids, f"还差 {missing}，做过的可以补记")
    if e.at_least and count >= e.times:
        unit = AMOUNTS[e.amount_of]
        why = f"只记了 {_sum(e, counted)} {unit}，要 {e.at_least} {unit}"
    else:
        why = f"只记了 {count} 次，要 {e.times} 次"
    return Standing(e, State.not_done, count, None, ids, why if count else "一次也没有记")


def _sum(e: Expectation, counted: Iterable[Act]) -> int:
    return sum(act.amounts.get(e.amount_of, 0) for act in counted)


def _enough(e: Expectation, counted: Sequence[Act]) -> bool:
    if e.at_least:
        return len(counted) >= e.times and _sum(e, counted) >= e.at_least
    return len(counted) >= e.times > 0


def _missing(e: Expectation, counted: Sequence[Act]) -> str:
    times = e.times - len(counted)
    amount = e.at_least - _sum(e, counted) if e.at_least else 0
    parts = [f"{times} 次"] if times > 0 else []
    return "、".join(parts + ([f"{amount} {AMOUNTS[e.amount_of]}"] if amount > 0 else []))


def _done(e: Expectation, counted: list[Act], ids: tuple[Hashable, ...]) -> Standing:
    last = _last_needed(e, [a for a in counted if a.recorded_on <= e.due_on and a.on <= e.due_on])
    if last is not None:
        return Standing(e, State.done, len(counted), last.on, ids, "")
    last = _last_needed(e, counted) or counted[-1]
    why = f"{_said(last.recorded_on)}补记，算在{_said(last.on)}"
    return Standing(e, State.done_recorded_late, len(counted), last.on, ids, why)


def _last_needed(e: Expectation, acts: list[Act]) -> Act | None:
    """The act by which it was enough, or None."""
    if not e.at_least:
        return acts[e.times - 1] if len(acts) >= e.times else None
    total = 0
    for at, act in enumerate(acts, 1):
        total += act.amounts.get(e.amount_of, 0)
        if at >= e.times and total >= e.at_least:
            return act
    return None


def _said(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _between(e: Expectation) -> str:
    if e.opens_on == e.due_on:
        return f"{_said(e.due_on)}当天"
    same = (e.opens_on.year, e.opens_on.month) == (e.due_on.year, e.due_on.month)
    until = f"{e.due_on.day}日" if same else _said(e.due_on)
    return f"{_said(e.opens_on)}—{until}都可以"
