"""When something is owed, as a pack says it: a closed grammar of cadences, and the duty that carries one."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, model_validator

from bangfu.engine.part import Key, Named, Part, Role, Roll, Scope, Unit

Weekday = Annotated[int, Field(ge=1, le=7)]


class Every(Part):
    """Once in each n units, counted from `anchor` (default: the term's first unit, January, the first week).

    `weekdays` (1 is Monday) narrows each window to those days.
    """

    unit: Unit
    n: int = Field(1, ge=1, le=20)
    anchor: date | None = None
    weekdays: tuple[Weekday, ...] = ()


class Once(Part):
    """Once, so long after something began; a day off rolls to a school day. Not before `not_before` units."""

    after: Literal["term_start", "school_year_start", "case_opened", "joined"]
    n: int = Field(ge=1, le=400)
    unit: Literal["day", "workday", "school_day", "teaching_week"]
    not_before: int = Field(0, ge=0, le=400)
    roll: Roll = "next"


class On(Part):
    """Whenever a named event happened: after so many units, within so many calendar days.

    A ladder is several duties on one event with growing `after`; `still` asks that the spell of facts that
    the event began has not ended by then. It never asks whether somebody wrote something down.
    """

    event: Key
    after: int = Field(0, ge=0, le=200)
    unit: Literal["day", "workday", "school_day"] = "day"
    days: int = Field(ge=0, le=366)
    still: bool = False


class NewPupil(Part):
    """Another time for those in their first term here (新生一个半月)."""

    after: Literal["joined"] = "joined"
    days: int = Field(ge=1, le=120)


class Amount(Part):
    """An amount asked beside the count: at least 10 lessons, 60 minutes, 5 people, 3 things."""

    of: Literal["minutes", "lessons", "people", "things"]
    at_least: int = Field(ge=1, le=10_000)


class Duty(Named):
    """What is owed: who, how often, satisfied by which activities. Exactly one of every, once, on.

    `for_` names categories, `where` is a rule: the duty is owed only while they hold. `by` says whether any
    of `who` settles it or each must; `persons` how many adults must have taken part in one act.
    `bulk` duties may be confirmed for everyone at once, except those named.
    """

    per: Scope = "case"
    for_: tuple[Key, ...] = Field((), alias="for")
    where: str = ""
    who: tuple[Role, ...] = Field(min_length=1)
    by: Literal["any", "each"] = "any"
    persons: int = Field(1, ge=1, le=5)
    every: Every | None = None
    once: Once | None = None
    on: On | None = None
    new_pupil: NewPupil | None = None
    times: int = Field(1, ge=0, le=50)
    amount: Amount | None = None
    accepts: tuple[Key, ...] = Field(min_length=1)
    minutes: int = Field(0, ge=0, le=480)
    due_day: int | None = Field(None, ge=1, le=31)
    last_workdays: int | None = Field(None, ge=1, le=60)
    sample: float = Field(1.0, gt=0, le=1)
    bulk: bool = False
    together: str = ""  # duties of one word are usually met by one sitting: their minutes merge
    form: Key | None = None
    tip: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _one_cadence(self) -> "Duty":
        unit = self.every.unit if self.every else None
        if sum(c is not None for c in (self.every, self.once, self.on)) != 1:
            raise ValueError("every、once、on 三种时间要求要写一种，也只能写一种")
        if self.due_day and unit not in ("month", "civil_month"):
            raise ValueError('due_day 只能和 every = {unit = "month"} 或 "civil_month" 一起用')
        if self.last_workdays and unit not in ("month", "civil_month", "term"):
            raise ValueError("last_workdays 只能和每月或每学期的要求一起用")
        if unit in ("school_day", "workday") and self.times > 5:
            raise ValueError(f"一天 {self.times} 次，做不到")
        return self
