"""One pair's month in; counts per duty, 三有 and a sentence, out. The month sheet and the board ask for it (P9-10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bangfu.engine.standing import Standing, State

DONE = (State.done, State.done_recorded_late)
OWED = (State.open, State.can_still_be_added, State.not_done)


@dataclass(frozen=True, slots=True)
class Count:
    """How one duty stands: done out of what was owed; excused windows are owed by nobody."""

    duty_key: str
    title: str
    done: int
    of: int
    excused: int
    missing: tuple[str, ...]  # titles of periods still to be done


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """有记录、有措施、有实效, the counts they rest on, and one sentence."""

    counts: tuple[Count, ...]
    has_records: bool
    has_measures: bool
    effect: str
    enough: bool
    sentence: str


def tally(standings: Iterable[Standing]) -> tuple[Count, ...]:
    """This function will count standings per duty, in the order they come."""
    by_duty: dict[str, list[Standing]] = {}
    for one in standings:
        if one.state is not State.not_applicable:
            by_duty.setdefault(one.expectation.duty_key, []).append(one)
    return tuple(_count(some) for some in by_duty.values())


def _count(some: Sequence[Standing]) -> Count:
    excused = sum(s.state is State.excused for s in some)
    return Count(
        some[0].expectation.duty_key,
        some[0].expectation.title,
        sum(s.state in DONE for s in some),
        len(some) - excused,
        excused,
        tuple(s.expectation.period_title for s in some if s.state in OWED),
    )


def summarise(
    standings: Iterable[Standing], *, records: int, measures: int, effect: str = ""
) -> MonthSummary:
    """This function will sum up a pair's month; `effect` is what people wrote, empty when nobody has yet."""
    counts = tally(standings)
    missing = [f"{len(c.missing)} 次{c.title}" for c in counts if c.missing]
    enough = not missing
    parts = [f"{c.title} {c.done}/{c.of}" for c in counts if c.of]
    if not records:
        sentence = "这个月还没有记录"
    elif enough:
        sentence = "够了：" + "，".join(parts) if parts else "够了"
    else:
        sentence = "还差 " + "、".join(missing)
    return MonthSummary(counts, records > 0, measures > 0, effect, enough, sentence)
