"""What several plans ask about one child in; the sittings somebody really has, out: one record, every duty it meets.

Each plan still sees its own duty met; only what people are asked to do is merged. Every pair of plans asks for it
(requirements §2.1: a talk on Monday counts for the daily, the weekly and the monthly duty).
"""

from bisect import bisect_left, insort
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from bangfu.engine.cadence import Duty
from bangfu.engine.expectation import Expectation
from bangfu.engine.plan import Plan

MONTH = 31


class Ask(NamedTuple):
    """One expectation that falls to somebody, with what its duty says of sitting together; `of` is the caller's."""

    expectation: Expectation
    together: str = ""
    bulk: bool = False
    of: Any = None


@dataclass(slots=True)
class Sitting:
    """Asks that one record meets, inside the days all of them allow. `activities` is what the record must be."""

    opens_on: date
    due_on: date
    activities: list[str]
    asks: list[Ask] = field(default_factory=list)
    units: set[tuple] = field(default_factory=set)

    @property
    def minutes(self) -> int:
        """This property will give how long it takes: as long as its longest duty."""
        return max(ask.expectation.minutes for ask in self.asks)

    @property
    def is_bulk(self) -> bool:
        """This property will say whether one tap for everybody settles it: nothing in it needs a record of its own."""
        return len(self.activities) == 1 and self.asks[0].bulk

    def __lt__(self, other: "Sitting") -> bool:
        return self.due_on < other.due_on


def sittings(asks: Iterable[Ask]) -> list[Sitting]:
    """This function will merge what is asked about one child into the fewest sittings it finds, by closing day.

    Earliest first: a window that closes later joins a sitting inside it that does the same thing, or one that
    is usually held together with it; otherwise it opens a sitting of its own.
    """
    found: list[Sitting] = []
    for ask in sorted(
        asks, key=lambda a: (a.expectation.due_on, a.expectation.opens_on, len(a.expectation.accepts))
    ):
        for unit in range(max(ask.expectation.times, 1)):
            sitting = _fitting(found, ask)
            if sitting is None:
                e = ask.expectation
                sitting = Sitting(e.opens_on, e.due_on, [e.accepts[0]])
                insort(found, sitting)
            _join(sitting, ask, unit)
    return found


def _fitting(found: list[Sitting], ask: Ask) -> Sitting | None:
    e = ask.expectation
    joined = None
    at = bisect_left(found, e.opens_on, key=lambda sitting: sitting.due_on)
    for sitting in found[at:]:
        if sitting.opens_on > e.due_on or e.identity in sitting.units:
            continue
        if not set(e.accepts).isdisjoint(sitting.activities):
            return sitting
        if joined is None and ask.together and _usual(sitting, ask):
            joined = sitting
    return joined


def _usual(sitting: Sitting, ask: Ask) -> bool:
    """Usually held together, and closing in the same month: nobody is hurried into what a whole term is left for."""
    soon = (ask.expectation.due_on - sitting.due_on).days <= MONTH
    return soon and any(ask.together == other.together for other in sitting.asks)


def _join(sitting: Sitting, ask: Ask, unit: int) -> None:
    e = ask.expectation
    if unit == 0 or e.identity not in sitting.units:
        sitting.asks.append(ask)
    sitting.units.add(e.identity)
    if set(e.accepts).isdisjoint(sitting.activities):
        sitting.activities.append(e.accepts[0])
    sitting.opens_on = max(sitting.opens_on, e.opens_on)
    sitting.due_on = min(sitting.due_on, e.due_on)


class Same(NamedTuple):
    """Two duties of two plans that one record meets, and the activities it may be."""

    duty: Duty
    other: Duty
    activities: tuple[str, ...]


def same(plan: Plan, other: Plan) -> tuple[Same, ...]:
    """This function will name the duties of two plans that one record about a child meets."""
    return tuple(
        Same(one, two, shared)
        for one in plan.duties
        for two in other.duties
        if one.per == two.per == "case"
        and one.times
        and two.times
        and not set(one.who).isdisjoint(two.who)
        and (shared := tuple(a for a in one.accepts if a in two.accepts))
    )
