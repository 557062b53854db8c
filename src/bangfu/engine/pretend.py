"""The calendar, the child and the records of an example, as examples.toml writes them; what the engine judges, out."""

from datetime import date

from pydantic import Field

from bangfu.engine.calendar import Calendar, Term
from bangfu.engine.case import Act, CaseEvent, CaseView, Spell
from bangfu.engine.fact import Stated
from bangfu.engine.part import Part


class TermLine(Part):
    """One term of the examples' calendar."""

    key: str
    starts_on: date
    ends_on: date


class Days(Part):
    """The calendar all examples of a file share."""

    terms: tuple[TermLine, ...] = Field(alias="term", min_length=1)
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()

    def build(self) -> Calendar:
        """This function will make the calendar."""
        terms = tuple(Term(t.key, t.key, t.starts_on, t.ends_on) for t in self.terms)
        return Calendar(terms, frozenset(self.holidays), frozenset(self.workdays))


class Event(Part):
    """Something that happened to the child and, if it ended, its last day."""

    kind: str
    on: date
    until: date | None = None


class Known(Part):
    """A dated fact about the child: `to` is the first day it no longer holds."""

    fact: str
    value: bool | int | float | str | date
    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")


class Child(Part):
    """The child (or household, village) of an example. `facts` always hold; `known` are dated."""

    opened_on: date
    category: str = ""
    facts: dict[str, bool | int | float | str | date] = {}
    known: tuple[Known, ...] = ()
    events: tuple[Event, ...] = ()
    joined_on: date | None = None
    closed_on: date | None = None
    absent: tuple[tuple[date, date], ...] = ()
    helper_away: tuple[tuple[date, date], ...] = ()
    uncooperative_on: tuple[date, ...] = ()

    def view(self) -> CaseView:
        """This function will see the child as a case."""
        events = [CaseEvent("guardian_uncooperative", day) for day in self.uncooperative_on]
        facts = {key: (Stated(value),) for key, value in self.facts.items()}
        for one in self.known:
            facts[one.fact] = (*facts.get(one.fact, ()), Stated(one.value, one.since, one.until))
        return CaseView(
            "child", "child", self.opened_on, self.category, self.closed_on, self.joined_on,
            pauses=tuple(Spell(*s) for s in self.absent), helper_pauses=tuple(Spell(*s) for s in self.helper_away),
            events=(*events, *(CaseEvent(e.kind, e.on, e.until) for e in self.events)), facts=facts,
        )  # fmt: skip


class Done(Part):
    """Something that was recorded."""

    on: date
    recorded_on: date | None = None
    activities: tuple[str, ...]
    roles: tuple[str, ...] = ("helper",)
    persons: int = 1
    amounts: dict[str, int] = {}

    def act(self, at: int) -> Act:
        """This function will see the record as an act."""
        return Act(
            at, self.on, self.recorded_on or self.on, frozenset(self.activities), frozenset(self.roles),
            persons=self.persons, amounts=self.amounts,
        )  # fmt: skip
