"""What examples.toml may say: a calendar, cadences with their due dates, children with a day and expected states."""

from datetime import date
from typing import Any

from pydantic import Field

from bangfu.engine.part import Part
from bangfu.engine.pretend import Child, Days, Done


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
    category: str = ""  # empty: the plan's selection
    facts: dict[str, bool | int | float | str | date] = {}
    answer: str
    find_out: tuple[str, ...] = ()


class Says(Part):
    """A piece of the plan and what stands there: `at` is a path such as pairing.helper.per_helper.max."""

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    at: str
    value: Any = Field(alias="is")


class Gap(Part):
    """Facts known of one case, a case file, and which of its needs are still missing."""

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    file: str
    category: str = ""
    facts: dict[str, bool | int | float | str | date] = {}
    missing: tuple[str, ...]


class Step(Part):
    """One dated step of a goal, in levels."""

    on: date
    level: int
    filled: tuple[str, ...] = ()


class Aim(Part):
    """A baseline, the steps somebody set, and how many things are wrong with them by the plan's goal."""

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    goal: str
    baseline: int
    steps: tuple[Step, ...] = Field((), alias="step")
    wrong: int = 0


class Honour(Part):
    """Figures of two terms by child, an award of the plan, and who gets which prize."""

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    award: str
    before: dict[str, float] = {}
    after: dict[str, float] = {}
    prizes: dict[str, tuple[str, ...]]


class Match(Part):
    """Children, helpers, a pairing rule, and which pairs it allows.

    A child is {id, class, facts…}, a helper {id, class, roles, facts…}; `pairs` are "child helper".
    """

    title: str
    editions: tuple[str, ...] = ("seed", "recommended")
    pairing: str
    children: tuple[dict[str, Any], ...]
    helpers: tuple[dict[str, Any], ...]
    allowed: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    together: tuple[str, ...] = ()  # pairs tried at once
    broken: int = 0  # how many rules they break


class Examples(Part):
    """One examples.toml."""

    calendar: Days
    cadences: tuple[Cadence, ...] = Field((), alias="cadence")
    stories: tuple[Story, ...] = Field((), alias="story")
    findings: tuple[Finding, ...] = Field((), alias="finding")
    says: tuple[Says, ...] = ()
    gaps: tuple[Gap, ...] = Field((), alias="gap")
    aims: tuple[Aim, ...] = Field((), alias="aim")
    honours: tuple[Honour, ...] = Field((), alias="honour")
    matches: tuple[Match, ...] = Field((), alias="match")
