"""What a plan may promise beside duties: goals, case files, funds, indicators, facilities, publicity, as frozen models.

They are declared here and run by the station that can: files and goals by the case, funds when money comes,
indicators by the statements of a school or township. Packs select and count; a formula is only named here.
"""

from typing import Literal

from pydantic import Field

from bangfu.engine.cadence import Every
from bangfu.engine.part import Key, Named, Part, Range, Role, Subject, Title


class Goal(Named):
    """What a case aims at: who sets it, in which dimensions, in how many dated steps, how big a step may be.

    `needs` are the fields a step must fill (time, content, result); `step` is the most a goal may lie above
    the baseline, in levels; `each` how often one is set.
    """

    for_: tuple[Key, ...] = Field((), alias="for")
    subject: Subject | None = None
    set_by: tuple[Role, ...] = ()
    dimensions: tuple[Title, ...] = ()
    milestones: Range | None = None
    needs: tuple[Title, ...] = ()
    step: int | None = Field(None, ge=1, le=10)
    each: Every | None = None
    event: Key | None = None
    source: str = ""


class CaseFile(Named):
    """What must be known of each case (一生一档, 户建卡): fact keys; gaps are listed, never guessed."""

    of: Subject
    for_: tuple[Key, ...] = Field((), alias="for")
    needs: tuple[Key, ...] = Field(min_length=1)
    source: str = ""


class Fund(Named):
    """Money or goods for somebody: what kind, for whom, at which rate, through which channel, held to which checks.

    `rate` names a parameter in fen. `checks` are the statements its station must keep true.
    """

    kind: Literal[
        "entitlement", "waiver", "in_kind", "meals", "donation", "campaign", "grant", "project", "loan",
        "equity", "relief", "insurance", "training",
    ]  # fmt: skip
    subject: Subject | None = None
    for_: tuple[Key, ...] = Field((), alias="for")
    where: str = ""
    rate: Key | None = None
    per: Literal["meal_day", "month", "term", "school_year", "year", "once", "event"] = "term"
    channel: Literal["any", "waived", "guardian_card", "one_card", "goods", "never_cash"] = "any"
    items: tuple[Title, ...] = ()
    checks: tuple[
        Literal[
            "balances", "in_full", "on_time", "no_double", "restricted_stays", "receipt", "voluntary",
            "unnamed", "consent", "share_reported", "everyone_covered",
        ],
        ...,
    ] = ()  # fmt: skip
    source: str = ""


class Indicator(Named):
    """A figure the plan promises of a whole: `formula` is named here and written in Python; never about a person."""

    formula: Key
    for_: tuple[Key, ...] = Field((), alias="for")
    compare: Literal["==", ">=", "<=", ">", "<"] = "=="
    target: float | None = None  # None: a school or township must set it (a parameter of the same key)
    each: Literal["month", "term", "school_year", "year"] = "term"
    source: str = ""


class Facility(Named):
    """A place the plan counts on: a room for calls, a support station, a counselling room."""

    keeper: tuple[Role, ...] = ()
    has: tuple[Title, ...] = ()
    source: str = ""


class Publicity(Part):
    """What may be made public, and for how long; a plan may forbid it altogether."""

    allowed: bool
    fields: tuple[Literal["name", "school", "grade", "class", "level", "village", "head"], ...] = ()
    workdays: int = Field(5, ge=1, le=30)
    source: str = ""
