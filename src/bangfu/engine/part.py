"""The words every piece of a pack is made of: keys, titles, roles, units, ranges. plan.py and cadence.py build on it."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Title = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Role = Literal[
    "principal", "vice_principal", "union_chair", "grade_supervisor", "grade_head", "homeroom_teacher",
    "class_attached_teacher", "subject_teacher", "aid_officer", "roll_officer", "counsellor", "system_admin",
    "committee_member", "moral_education", "class_administrator", "area_staff", "station_keeper", "staff",
    "helper", "deputy", "sponsor", "peer",
    "township_head", "township_cadre", "village_committee", "village_team", "household_helper", "local_partner",
]  # fmt: skip
Subject = Literal["child", "household", "village", "class"]
Scope = Literal["case", "helper", "group", "class", "area", "village", "school"]
# Units of the school's calendar, then of the civil one; only the first stop in vacation.
Unit = Literal[
    "school_day", "teaching_week", "month", "term", "school_year", "textbook_unit",
    "workday", "week", "civil_month", "year",
]  # fmt: skip
SCHOOL_UNITS = frozenset({"school_day", "teaching_week", "month", "term", "school_year", "textbook_unit"})
Roll = Literal["next", "previous", "none"]


class Part(BaseModel):
    """Any piece of a pack: frozen, and no key it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Range(Part):
    """At least `min`, at most `max`."""

    min: int = Field(0, ge=0)
    max: int = Field(10, ge=1, le=100)

    @model_validator(mode="after")
    def _in_order(self) -> "Range":
        if self.min > self.max:
            raise ValueError(f"最少 {self.min} 个比最多 {self.max} 个还多，做不到")
        return self


class Named(Part):
    """A key for machines and a title for people."""

    key: Key
    title: Title
