"""What a pack says, as frozen models: who is helped, by whom, what is owed when, which papers come out.

Text comes in through pack.py; unknown keys are refused. TOML names are singular ([[duty]]), ours plural.
"""

from datetime import date
from typing import Literal

from pydantic import Field

from bangfu.engine.cadence import Duty, Every
from bangfu.engine.part import Key, Named, Part, Range, Role, Scope, Title


class Category(Named):
    """A kind of need; `where` is a rule over facts, empty when people decide."""

    where: str = ""
    meaning: str = ""


class Selection(Part):
    """Who chooses how many children, and from which causes they pick."""

    per_class: Range
    by: tuple[Role, ...] = Field(min_length=1)
    where: str = ""
    causes: tuple[Named, ...] = Field((), alias="cause")


class PairingRule(Named):
    """Who may help whom, how many at a time; `hard` rules may never be broken, `prefer` are wishes in order."""

    kind: Literal["adult", "peer", "sponsor", "team"] = "adult"
    roles: tuple[Role, ...] = Field(min_length=1)
    within: Literal["class", "grade", "school"] = "class"
    per_case: Range = Range(min=1, max=1)
    per_helper: Range = Range(min=1, max=2)
    hard: tuple[Literal["own_child_excluded", "conflict_excluded", "acceptance"], ...] = ()
    prefer: tuple[Literal["keep", "even_load", "homeroom", "same_class"], ...] = ("keep", "even_load")


class Choice(Named):
    """One line of a check; `options` are what the checker may answer."""

    options: tuple[str, ...] = ()
    source: str = ""


class Review(Named):
    """What is looked at, by whom, how often: 三落实, 两定时, 三有."""

    by: tuple[Role, ...] = Field(min_length=1)
    per: Scope = "case"
    every: Every
    checks: tuple[Choice, ...] = Field((), alias="check")
    source: str = ""


class Award(Named):
    """An honour on nomination and approval; never computed from a rank."""

    level: Literal["ordinary", "exceptional"] = "ordinary"
    nominate_by: tuple[Role, ...] = Field(min_length=1)
    approve_by: tuple[Role, ...] = Field(min_length=1)
    min_records: int = Field(1, ge=0)
    min_weeks: int = Field(0, ge=0)
    source: str = ""


class Organ(Named):
    """A group or a person the plan names: 领导小组, 包级领导."""

    head: tuple[Role, ...] = ()
    deputy: tuple[Role, ...] = ()
    members: tuple[Role, ...] = ()
    source: str = ""


class Band(Named):
    """A stretch of grades: 低年级 is 1 to 2."""

    grades: tuple[int, ...] = Field(min_length=1)


class RegisterUse(Named):
    """An official paper; `spec` names a file in _common/registers."""

    spec: Key
    per: Literal["band", "case", "class", "school"] = "case"
    bands: tuple[Band, ...] = Field((), alias="band")
    compiled_by: tuple[Role, ...] = ()
    submitted_to: tuple[Role, ...] = ()
    source: str = ""


class DatedValue(Part):
    """A value with the day it begins and where it was read."""

    valid_from: date = Field(alias="from")
    value: int | float | str | bool
    source: str = ""
    checked_on: date | None = None


class Parameter(Named):
    """A number a school may set; the newest value in force counts."""

    values: tuple[DatedValue, ...] = Field(min_length=1)

    def value_on(self, day: date) -> int | float | str | bool | None:
        """This function will give the value in force on a day, or None before the first."""
        known = [v for v in self.values if v.valid_from <= day]
        return max(known, key=lambda v: v.valid_from).value if known else None


class Change(Part):
    """How the light edition differs from the seed, and why."""

    where: str
    what: str
    why: str


class Tip(Part):
    """Guidance: shown, never a duty or a form."""

    text: str
    source: str = ""


class Plan(Named):
    """One plan in one edition."""

    short_title: Title
    subject: Literal["child", "household", "village", "class"]
    edition: Literal["seed", "recommended"]
    source: str = ""
    aim: str = ""
    changes: tuple[Change, ...] = Field((), alias="change")
    categories: tuple[Category, ...] = Field((), alias="category")
    selection: Selection | None = None
    pairings: tuple[PairingRule, ...] = Field((), alias="pairing")
    duties: tuple[Duty, ...] = Field((), alias="duty")
    reviews: tuple[Review, ...] = Field((), alias="review")
    awards: tuple[Award, ...] = Field((), alias="award")
    organs: tuple[Organ, ...] = Field((), alias="organ")
    registers: tuple[RegisterUse, ...] = Field((), alias="register")
    parameters: tuple[Parameter, ...] = Field((), alias="parameter")
    tips: tuple[Tip, ...] = Field((), alias="tip")

    def duty(self, key: str) -> Duty:
        """This function will find a duty by its key; KeyError if the plan has none such."""
        for duty in self.duties:
            if duty.key == key:
                return duty
        raise KeyError(key)
