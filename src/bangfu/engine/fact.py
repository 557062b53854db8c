"""The words rules may use: each fact's type, title, Excel headings and privacy class, read from _common/facts."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import Field, model_validator

from bangfu.engine.part import Named, Part

Value = bool | int | float | str | date | None


# Who says a fact, as people read it; statements keep the code.
SOURCES = {"roll": "学籍", "survey": "摸底", "home": "家访", "school": "学校", "told": "老师"}


def said(value: Value) -> str:
    """This function will put a plain value into words."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, date) else str(value)


def source_of(code: str) -> str:
    """This function will say who states a fact; a code nobody gave words to is left unsaid."""
    return SOURCES.get(code, "" if code.isascii() else code)


class FactSpec(Named):
    """One declared fact. `headings` are what spreadsheets call it; sensitive ones leave only under a need.

    What a teacher sees of a child `lasts` a term: the next one looks anew instead of finding an old judgement.
    """

    of: Literal["child", "household", "village", "helper"] = "child"
    type: Literal["bool", "int", "text", "date", "choice"]
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # what the choices are called, in their order; empty where they say it themselves
    headings: tuple[str, ...] = ()
    levels: tuple[str, ...] = ()  # what 0, 1, 2 … of a number are called; "" where there is none such
    lasts: Literal["term", "school_year", "until_changed"] = "until_changed"
    until_age: int | None = Field(None, ge=1, le=30)  # from this birthday on, a yes has to be asked anew
    privacy: Literal["plain", "sensitive"] = "plain"
    meaning: str = ""

    @model_validator(mode="after")
    def _choices_fit(self) -> "FactSpec":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError('type = "choice" 时要写 choices，别的类型不要写')
        if self.words and len(self.words) != len(self.choices):
            raise ValueError("words 要和 choices 一样多，一个对一个")
        return self

    def admits(self, value: Value) -> bool:
        """This function will say whether a value is of the fact's type (a choice: one of its choices)."""
        if self.type == "choice":
            return value in self.choices
        kind = {"bool": bool, "int": (int, float), "text": str, "date": date}[self.type]
        return isinstance(value, kind) and (self.type == "bool" or not isinstance(value, bool))

    def said(self, value: Value) -> str:
        """This function will put a value into words: 是, 父母双方外出, 农业户口, 2026年9月1日."""
        if self.words and value in self.choices:
            return self.words[self.choices.index(value)]
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < len(self.levels):
            return self.levels[value] or said(value)
        return said(value)


class FactFile(Part):
    """One file of _common/facts."""

    facts: tuple[FactSpec, ...] = Field((), alias="fact")


@dataclass(frozen=True, slots=True)
class Stated:
    """A fact's dated value: who said it and when. Rules unwrap it and put the source into their reason."""

    value: Value
    valid_from: date | None = None
    valid_to: date | None = None
    known_at: datetime | None = None
    source: str = ""
    subject: Hashable = None
    ended_by: str = ""  # why it ends on valid_to: said, age, term, school_year, word (engine/timeline.py)


def in_order(stated: Stated) -> tuple[Any, ...]:
    """This function will put dated words in order: the latest begun, then known, is the last."""
    known = stated.known_at.timestamp() if isinstance(stated.known_at, datetime) else 0.0
    return stated.valid_from or date.min, known, stated.source, str(stated.value)
