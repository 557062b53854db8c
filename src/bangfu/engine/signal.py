"""Early warning, modest: what was seen of a child lately, in; at most three reasons in words to look once more, out.

The points are data (_common/signals.toml). No sum, no number, no colour, nothing kept: a reader looks and decides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from bangfu.engine import rule
from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.fault import Fault
from bangfu.engine.part import Key, Part

MOST = 3


class Signal(Part):
    """One point: what kind of thing, over how many days, how many times, and the words a person reads."""

    key: Key
    kind: Literal["absences", "falling", "quiet", "events"]
    words: str = Field(min_length=4, max_length=40)
    days: int = Field(ge=7, le=400)
    at_least: int = Field(1, ge=1)
    facts: tuple[Key, ...] = ()
    events: tuple[Key, ...] = ()

    @model_validator(mode="after")
    def _says_no_number(self) -> "Signal":
        if any(sign.isdigit() or sign == "%" for sign in self.words):
            raise ValueError("words 里不写数字：只提醒，不打分")
        if (self.kind == "falling") != bool(self.facts) or (self.kind == "events") != bool(self.events):
            raise ValueError("falling 要写 facts，events 要写 events，别的不写")
        return self


class Watched(Part):
    """One group of children to look after first: what a paper for few eyes calls it, and a rule over facts."""

    words: str = Field(min_length=1, max_length=20)
    where: str = Field(min_length=1)


class Signals(Part):
    """Everything _common/signals.toml says; who is `watched` stands first in lists, which do not say why."""

    signals: tuple[Signal, ...] = Field((), alias="signal")
    watched: tuple[Watched, ...] = ()

    @property
    def watch(self) -> str:
        """This property will give one rule for all the groups: who is looked at first."""
        return " or ".join(f"({one.where})" for one in self.watched)

    @property
    def back(self) -> int:
        """This property will say how many days back the points look."""
        return max((one.days for one in self.signals), default=0)


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one child: school days away, the series of its facts, days of events by kind, the last contact."""

    day: date
    away: Sequence[date] = ()
    facts: Mapping[str, Sequence[Stated]] = field(default_factory=dict)
    events: Mapping[str, Sequence[date]] = field(default_factory=dict)
    heard_on: date | None = None
    known_since: date | None = None  # a child who came yesterday is not quiet


def reasons(asked: Signals, seen: Seen, specs: Mapping[str, FactSpec]) -> tuple[str, ...]:
    """This function will say what may be worth another look, in words, in the order of the file; three at most."""
    return tuple(one.words for one in asked.signals if _holds(one, seen, specs))[:MOST]


def faults_in(found: Signals, specs: Mapping[str, FactSpec]) -> list[Fault]:
    """This function will hold the points against the declared facts."""
    where = "_common/signals.toml"
    faults = [
        fault
        for one in found.watched
        for fault in rule.read(one.where, specs, f"{where}:watched[{one.words}]")[1]
    ]
    for one in found.signals:
        strange = [
            key for key in one.facts if key not in specs or not (specs[key].choices or specs[key].levels)
        ]
        faults += [
            Fault(f"{where}:signal[{one.key}].facts", f"「{key}」没有档次，比不出来") for key in strange
        ]
    return faults


def _holds(one: Signal, seen: Seen, specs: Mapping[str, FactSpec]) -> bool:
    since = seen.day - timedelta(days=one.days)
    if one.kind == "absences":
        return sum(since < day <= seen.day for day in seen.away) >= one.at_least
    if one.kind == "events":
        days = [day for kind in one.events for day in seen.events.get(kind, ())]
        return sum(since < day <= seen.day for day in days) >= one.at_least
    if one.kind == "quiet":
        last = seen.heard_on or seen.known_since
        return last is not None and last <= since
    return any(_fell(specs[key], seen.facts.get(key, ()), since, seen.day) for key in one.facts)


def _fell(spec: FactSpec, said: Sequence[Stated], since: date, day: date) -> bool:
    """The newest word is worse than the one before; only what was seen lately counts."""
    known = [s for s in said if s.value not in (None, "") and (s.valid_from or date.min) <= day]
    if len(known) < 2 or (known[-1].valid_from or date.min) <= since:
        return False
    before, now = (_height(spec, one.value) for one in known[-2:])
    return before is not None and now is not None and now < before


def _height(spec: FactSpec, value: object) -> int | None:
    if spec.type == "choice":  # the first choice is the best one
        return -spec.choices.index(str(value)) if value in spec.choices else None
    return value if isinstance(value, int) else None
