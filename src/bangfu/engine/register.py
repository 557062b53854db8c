"""Official papers and record forms as data: columns to print, chips to tap. Read from _common/registers and forms."""

from typing import Literal

from pydantic import Field, model_validator

from bangfu.engine.part import Key, Named, Part, Title


class Column(Named):
    """One column: its heading, its width in millimetres, how it is printed."""

    width: int = Field(20, ge=5, le=120)
    kind: Literal["text", "long", "number", "date", "masked"] = "text"


class RegisterSpec(Named):
    """One official paper; {words} in lines are filled in by the report."""

    landscape: bool = True
    subtitles: tuple[str, ...] = ()
    columns: tuple[Column, ...] = Field(alias="column", min_length=1)
    foot: tuple[str, ...] = ()
    file_name: str = ""  # never a label of a child
    source: str = ""


class Chips(Named):
    """A group of answers to tap: at most eight.

    `again`: may stay for the next child. It says what a teacher did, never how a child or a family is.
    """

    options: tuple[Title, ...] = Field(min_length=1, max_length=8)
    many: bool = True
    again: bool = False


class Question(Named):
    """One thing more to say, always optional unless needed."""

    kind: Literal["text", "choice", "yes_no", "date"] = "text"
    options: tuple[str, ...] = ()
    codes: tuple[Key, ...] = ()  # what is stored, one for each option; without them the option itself
    needed: bool = False
    hint: str = ""

    @model_validator(mode="after")
    def _codes_fit(self) -> "Question":
        if self.codes and len(self.codes) != len(self.options):
            raise ValueError(f"options 有 {len(self.options)} 项，codes 有 {len(self.codes)} 项，要一一对应")
        return self

    @property
    def choices(self) -> tuple[tuple[str, str], ...]:
        """This property will pair what is stored with what is shown."""
        return tuple(zip(self.codes or self.options, self.options, strict=True))


class FormSpec(Named):
    """How one activity is recorded: `key` is the activity; `counts_as` what else it is (家访 is a 联系家长)."""

    verb: str = ""  # what the button says
    counts_as: tuple[Key, ...] = ()
    groups: tuple[Chips, ...] = Field((), alias="chips", max_length=3)
    minutes: tuple[int, ...] = Field((), max_length=6)
    questions: tuple[Question, ...] = Field((), alias="question", max_length=4)
    note: bool = True
    note_hint: str = ""
    quick: bool = True  # offered in the quick record sheet
    at_home: bool = False  # done in the child's home: for a girl it asks who went along
    source: str = ""


class Labels(Part):
    """Chinese names of keys used across packs: roles, activities, events that open windows, named formulas."""

    role: dict[str, str] = {}
    activity: dict[str, str] = {}
    event: dict[str, str] = {}
    formula: dict[str, str] = {}
