"""What examples.toml may say: a calendar, cadences with their due dates, children with a day and expected states."""

from datetime import date

from pydantic import Field

from bangfu.engine.calendar import Calendar, Term
from bangfu.engine.case import Act, CaseEvent, CaseView, Spell
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


class Child(Part):
    """The child of an example."""

    opened_on: date
    joined_on: date | None = None
    closed_on: date | None = None
    absent: tuple[tuple[date, date], ...] = ()
    helper_away: tuple[tuple[date, date], ...] = ()
    uncooperative_on: tuple[date, ...] = ()

    def view(self) -> CaseView:
        """This function will see the child as a case."""
        return CaseView(
            "child", "child", self.opened_on, closed_on=self.closed_on, joined_on=self.joined_on,
            pauses=tuple(Spell(*s) for s in self.absent), helper_pauses=tuple(Spell(*s) for s in self.helper_away),
            events=tuple(CaseEvent("guardian_uncooperative", day) for day in self.uncooperative_on),
        )  # fmt: skip


class Done(Part):
    """Something that was recorded."""

    on: date
    recorded_on: date | None = None
    activities: tuple[str, ...]
    roles: tuple[str, ...] = ("helper",)

    def act(self, at: int) -> Act:
        """This function will see the record as an act."""
        return Act(
            at, self.on, self.recorded_on or self.on, frozenset(self.activities), frozenset(self.roles)
        )


class Cadence(Part):
    """A duty, a stretch of days, and the days it is due on; `opens_on` may be given as well."""

    title: str
    duty: str
    editions: tuple[str, ...] = ("seed",)
    since: date = Field(alias="from")
    until: date = Field(alias="to")
    child: Child | None = None
    new_pupil_joined_on: date | None = None
    due_on: tuple[date, ...]
    opens_on: tuple[date, ...] | None = None


class Story(Part):
    """A child, what was recorded, a day, and the states expected then, by duty and period."""

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    child: Child
    acts: tuple[Done, ...] = Field((), alias="act")
    day: date
    sealed: bool = False
    states: dict[str, str]  # "talk 2026-2027-1/W05" = "done"


class Finding(Part):
    """Facts about a child, a category, and the answer: yes, no or unknown."""

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    category: str
    facts: dict[str, bool | int | float | str | date] = {}
    answer: str
    find_out: tuple[str, ...] = ()


class Examples(Part):
    """One examples.toml."""

    calendar: Days
    cadences: tuple[Cadence, ...] = Field((), alias="cadence")
    stories: tuple[Story, ...] = Field((), alias="story")
    findings: tuple[Finding, ...] = Field((), alias="finding")
