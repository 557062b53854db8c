"""What the engine needs to know of one child's case and of the acts done for it; flow fills these in."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of days, both ends included; no end means it still lasts."""

    opens_on: date
    due_on: date | None = None

    def holds(self, day: date) -> bool:
        """This function will say whether the day lies in the spell."""
        return self.opens_on <= day and (self.due_on is None or day <= self.due_on)


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """Something that starts a window, such as guardian_uncooperative; `until` is the last day of its spell, if it ended."""

    kind: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """One case; from `closed_on` and `left_on` onward nothing is owed (those days are already outside).

    `pauses` are the child's absences, `helper_pauses` leave without a deputy. `helped`, when given, are the
    spells with an accepted helper: duties of a helper are owed only inside them. `facts` are dated statements
    by key (engine.fact.Stated, any order): what `for` and `where` of a duty are judged by. `stops` are the spells in
    which somebody suspended the plan or the child's help in it.
    """

    case_id: Hashable
    pupil_id: Hashable
    opened_on: date
    category: str = ""
    closed_on: date | None = None
    joined_on: date | None = None
    left_on: date | None = None
    is_new: bool = False
    pauses: tuple[Spell, ...] = ()
    helper_pauses: tuple[Spell, ...] = ()
    stops: tuple[Spell, ...] = ()
    helped: tuple[Spell, ...] | None = None
    events: tuple[CaseEvent, ...] = ()
    facts: Mapping[str, tuple] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Act:
    """Something done for this child (or class): what it was and what its author was to the child that day.

    `period` is for papers that name their period (a month's hand-in, a term's survey): such an act
    satisfies that period and no other, however late. `attended` False never counts as done. `persons` is how
    many adults took part, `amounts` what there was of it: {"lessons": 2, "minutes": 40}.
    """

    id: Hashable
    on: date
    recorded_on: date
    activities: frozenset[str]
    roles: frozenset[str]
    period: str | None = None
    attended: bool = True
    persons: int = 1
    amounts: Mapping[str, int] = field(default_factory=dict)
