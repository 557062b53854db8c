"""The columns of a class survey: what a plan's rules ask of a child, and what may be answered. The survey page asks."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bangfu.engine import rule
from bangfu.flow import adopt

UNSURE = "?"


@dataclass(frozen=True, slots=True)
class Question:
    """One column: the fact it asks for and what may be answered, as (posted, shown, stored)."""

    key: str
    title: str
    meaning: str
    options: tuple[tuple[str, str, object], ...]

    def stored(self, posted: str):
        """This function will give the value behind what was posted; None for 待核 and for anything strange."""
        return next((value for word, _label, value in self.options if word == posted), None)

    def shown(self, value) -> str:
        """This function will give the words of a stored value."""
        return next((label for _word, label, kept in self.options if kept == value), "")


def questions(plan) -> tuple[Question, ...]:
    """This function will list what a survey of a plan asks: facts of its rules that can be answered by a tap."""
    facts = adopt.shelf().commons.facts
    wanted: dict[str, None] = {}
    for where in [c.where for c in plan.categories if c.where and not c.off] or [plan.selection.where]:
        read, _faults = rule.read(where, facts) if where else (None, [])
        wanted.update(dict.fromkeys(read.names if read else ()))
    asked = (facts[key] for key in wanted)
    return tuple(_question(spec) for spec in asked if spec.of == "child" and spec.type in ("choice", "bool"))


def _question(spec) -> Question:
    if spec.type == "bool":
        options = (("1", _("Yes"), True), ("2", _("No"), False))
    else:
        options = tuple((str(at), word, word) for at, word in enumerate(spec.choices, 1))
    return Question(spec.key, spec.title, spec.meaning, (*options, (UNSURE, _("Not sure yet"), None)))
