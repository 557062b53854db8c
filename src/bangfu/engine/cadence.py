"""When something is owed, as a pack says it: a closed grammar of cadences, and the duty that carries one."""

from typing import Literal

from pydantic import Field, model_validator

from bangfu.engine.part import Key, Named, Part, Role, Roll, Scope, Unit


class Every(Part):
    """Once in each n units."""

    unit: Unit
    n: int = Field(1, ge=1, le=20)


class Once(Part):
    """Once, so long after something began; a day off rolls to a school day."""

    after: Literal["term_start", "case_opened", "joined"]
    n: int = Field(ge=1, le=200)
    unit: Literal["day", "school_day", "teaching_week"]
    roll: Roll = "next"


class On(Part):
    """Whenever a named event happened, within so many days."""

    event: Key
    days: int = Field(ge=1, le=60)


class NewPupil(Part):
    """Another time for those in their first term here (新生一个半月)."""

    after: Literal["joined"] = "joined"
    days: int = Field(ge=1, le=120)


class Duty(Named):
    """What is owed: who, how often, satisfied by which activities. Exactly one of every, once, on."""

    per: Scope = "case"
    who: tuple[Role, ...] = Field(min_length=1)
    every: Every | None = None
    once: Once | None = None
    on: On | None = None
    new_pupil: NewPupil | None = None
    times: int = Field(1, ge=0, le=50)
    accepts: tuple[Key, ...] = Field(min_length=1)
    minutes: int = Field(0, ge=0, le=480)
    due_day: int | None = Field(None, ge=1, le=31)
    last_workdays: int | None = Field(None, ge=1, le=60)
    sample: float = Field(1.0, gt=0, le=1)
    together: str = ""  # duties of one word are usually met by one sitting: their minutes merge
    form: Key | None = None
    tip: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _one_cadence(self) -> "Duty":
        if sum(c is not None for c in (self.every, self.once, self.on)) != 1:
            raise ValueError("every、once、on 三种时间要求要写一种，也只能写一种")
        if self.due_day and (self.every is None or self.every.unit != "month"):
            raise ValueError('due_day 只能和 every = {unit = "month"} 一起用')
        if self.last_workdays and (self.every is None or self.every.unit not in ("month", "term")):
            raise ValueError("last_workdays 只能和每月或每学期的要求一起用")
        if self.every and self.every.unit == "school_day" and self.times > 5:
            raise ValueError(f"每个上学日 {self.times} 次，做不到")
        return self
