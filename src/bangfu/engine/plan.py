"""What a pack says, as frozen models: who is helped, by whom, what is owed when, which papers come out.

Text comes in through pack.py; unknown keys are refused. TOML names are singular ([[duty]]), ours plural.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import Field, PrivateAttr, model_validator

from bangfu.engine.cadence import Duty, Every, Once
from bangfu.engine.means import CaseFile, Facility, Fund, Goal, Indicator, Publicity
from bangfu.engine.part import Key, Named, Part, Role, Scope, Subject, Title
from bangfu.engine.whom import Category, Organ, PairingRule, Seat, Selection

__all__ = [
    "Award", "Band", "CaseFile", "Category", "Change", "Choice", "DatedValue", "Duty", "Facility", "Fund", "Goal",
    "Indicator", "Organ", "PairingRule", "Parameter", "Plan", "Publicity", "RegisterUse", "Review", "Seat",
    "Selection", "Tip",
]  # fmt: skip


class Choice(Named):
    """One line of a check; `options` are what the checker may answer."""

    options: tuple[str, ...] = ()
    source: str = ""


class Review(Named):
    """What is looked at, by whom, how often: 三落实, 两定时, 三有."""

    by: tuple[Role, ...] = Field(min_length=1)
    per: Scope = "case"
    for_: tuple[Key, ...] = Field((), alias="for")
    every: Every
    checks: tuple[Choice, ...] = Field((), alias="check")
    source: str = ""


class Award(Named):
    """An honour: on nomination and approval, or by a named formula whose figures stay private.

    `formula` names a formula; those it finds are split into `prizes` by `share`. Nothing but the prize is kept
    or shown. `kinds` are the forms it may take, `within_days` how soon after the deed.
    """

    level: Literal["ordinary", "exceptional"] = "ordinary"
    for_: tuple[Key, ...] = Field((), alias="for")
    nominate_by: tuple[Role, ...] = ()
    approve_by: tuple[Role, ...] = ()
    elected_by: Literal["", "class"] = ""
    formula: Literal["", "place_gain", "level_gain", "goal_reached"] = ""
    share: tuple[float, ...] = ()
    prizes: tuple[Title, ...] = ()
    kinds: tuple[Title, ...] = ()
    every: Every | None = None
    once: Once | None = None
    within_days: int | None = Field(None, ge=0, le=60)
    min_records: int = Field(1, ge=0)
    min_weeks: int = Field(0, ge=0)
    source: str = ""

    @model_validator(mode="after")
    def _somebody_decides(self) -> "Award":
        if not (self.formula or self.elected_by or (self.nominate_by and self.approve_by)):
            raise ValueError("要写谁提名、谁同意（nominate_by、approve_by），或写评的办法（formula、elected_by）")
        if self.share and (len(self.share) != len(self.prizes) or abs(sum(self.share) - 1) > 1e-9):
            raise ValueError("share 要和 prizes 一一对应，加起来是 1")
        return self


class Band(Named):
    """A stretch of grades: 低年级 is 1 to 2."""

    grades: tuple[int, ...] = Field(min_length=1)


class RegisterUse(Named):
    """An official paper; `spec` names a file in _common/registers."""

    spec: Key
    per: Literal["band", "case", "class", "school", "household", "village"] = "case"
    bands: tuple[Band, ...] = Field((), alias="band")
    compiled_by: tuple[Role, ...] = ()
    submitted_to: tuple[Role, ...] = ()
    source: str = ""


class DatedValue(Part):
    """A value with the day it begins and where it was read; `checked_on` is when somebody last looked it up."""

    valid_from: date = Field(alias="from")
    value: int | float | str | bool
    source: str = ""
    checked_on: date | None = None


class Parameter(Named):
    """A number a school may set; the newest value in force counts. Without values the school must set it."""

    unit: str = ""
    values: tuple[DatedValue, ...] = ()

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
    """Guidance: shown in place, never a duty or a form. `at` names the activity it is shown with, empty: the plan."""

    text: str
    at: tuple[Key, ...] = ()
    for_: tuple[Key, ...] = Field((), alias="for")
    source: str = ""


class Plan(Named):
    """One plan in one edition."""

    short_title: Title
    subject: Subject
    edition: Literal["seed", "recommended"]
    source: str = ""
    aim: str = ""
    changes: tuple[Change, ...] = Field((), alias="change")
    categories: tuple[Category, ...] = Field((), alias="category")
    selection: Selection | None = None
    files: tuple[CaseFile, ...] = Field((), alias="file")
    pairings: tuple[PairingRule, ...] = Field((), alias="pairing")
    duties: tuple[Duty, ...] = Field((), alias="duty")
    goals: tuple[Goal, ...] = Field((), alias="goal")
    funds: tuple[Fund, ...] = Field((), alias="fund")
    reviews: tuple[Review, ...] = Field((), alias="review")
    awards: tuple[Award, ...] = Field((), alias="award")
    organs: tuple[Organ, ...] = Field((), alias="organ")
    facilities: tuple[Facility, ...] = Field((), alias="facility")
    indicators: tuple[Indicator, ...] = Field((), alias="indicator")
    registers: tuple[RegisterUse, ...] = Field((), alias="register")
    publicity: Publicity | None = None
    parameters: tuple[Parameter, ...] = Field((), alias="parameter")
    tips: tuple[Tip, ...] = Field((), alias="tip")

    _words: Mapping[str, Any] = PrivateAttr(default_factory=dict)  # declared facts, given by pack.read
    _memory: dict[str, Any] = PrivateAttr(default_factory=dict)  # rules read once

    def duty(self, key: str) -> Duty:
        """This function will find a duty by its key, with or without @role; KeyError if the plan has none such."""
        wanted = key.partition("@")[0]
        for duty in self.duties:
            if duty.key == wanted:
                return duty
        raise KeyError(key)
