"""Who belongs to an officially defined group — left behind, de-facto unattended — from facts that can be asked.

A definition is data (_common/groups.toml): an age and a rule, of which local law may drop items. Three answers with
their reasons, and what to ask when unknown. A hint for people who help; nothing here is kept on a child.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pydantic import Field

from bangfu.engine import rule
from bangfu.engine.fact import FactSpec, Stated
from bangfu.engine.fault import Fault
from bangfu.engine.part import Key, Named, Part
from bangfu.engine.rule import Reason, Verdict
from bangfu.engine.timeline import birthday

PLACE = re.compile(r"\{(father|mother)\.(\w+)\}")
BIRTH = "birth_date"
DIED, DEAD = "去世", {"father_dead": "father_situation", "mother_dead": "mother_situation"}


class Item(Named):
    """One situation the definition names; local law may drop it."""

    where: str
    off: bool = False


class Piece(Part):
    """A part of the rule said of each parent: any of its items is enough."""

    name: Key
    items: tuple[Item, ...] = Field(min_length=1)

    def of(self, parent: str, dropped: frozenset[str]) -> str:
        """This function will say the part of one parent, without what local law dropped."""
        kept = [one for one in self.items if not one.off and one.key not in dropped]
        if not kept:
            raise ValueError(f"「{self.name}」的几项都去掉了，规则没有意思")
        return "(" + " or ".join(one.where.replace("{parent}", parent) for one in kept) + ")"


class Group(Named):
    """One official definition; `fact` is what the school keeps of it, `ask` what to do where it holds unrecorded."""

    where: str
    under: int | None = None
    fact: str = ""
    ask: str = ""
    source: str = ""
    parts: tuple[Piece, ...] = Field((), alias="part")

    def rule_text(self, dropped: frozenset[str] = frozenset()) -> str:
        """This function will write the rule out, without the items local law dropped."""
        pieces = {one.name: one for one in self.parts}
        return PLACE.sub(lambda m: pieces[m[2]].of(m[1], dropped), self.where)


class GroupFile(Part):
    """Everything _common/groups.toml says."""

    groups: tuple[Group, ...] = Field((), alias="group")

    def get(self, key: str) -> Group:
        """This function will find a definition by its key; KeyError if there is none."""
        return {one.key: one for one in self.groups}[key]


@dataclass(frozen=True, slots=True)
class Child:
    """What is known of a child on a day: facts by key (bare or Stated) and the day of birth, if known."""

    facts: Mapping[str, Any]
    birth_on: date | None
    day: date


def judge(
    group: Group, child: Child, specs: Mapping[str, FactSpec], dropped: frozenset[str] = frozenset()
) -> Verdict:
    """This function will say whether a child belongs to a group: yes, no or unknown, with reasons."""
    read, faults = rule.read(group.rule_text(dropped), specs)
    if read is None:  # commons.py refuses such a file
        raise ValueError("；".join(map(str, faults)))
    said = _plainly(read.judge(_with_the_dead(child.facts)), specs)
    age = _age(group, child)
    if age is None or said.answer is False:
        return said
    if age.answer is False:
        return age
    if age.answer is None:
        return Verdict(None, (*age.reasons, *said.reasons), (*age.unknown, *said.unknown))
    return Verdict(said.answer, (*said.reasons, *(age.reasons if said.answer else ())), said.unknown)


def faults_in(found: GroupFile, specs: Mapping[str, FactSpec]) -> list[Fault]:
    """This function will hold every definition against the declared facts."""
    faults: list[Fault] = []
    for one in found.groups:
        where = f"_common/groups.toml:group[{one.key}]"
        try:
            faults += rule.read(one.rule_text(), specs, f"{where}.where")[1]
        except (KeyError, ValueError) as error:
            faults.append(Fault(f"{where}.part", f"规则拼不起来：{error}"))
        if one.fact and one.fact not in specs:
            faults.append(Fault(f"{where}.fact", f"不认识的事实「{one.fact}」"))
    return faults


def said_apart(some: Mapping[str, Verdict]) -> bool:
    """This function will say whether definitions of the same thing answer a yes and a no: then both are shown."""
    return {verdict.answer for verdict in some.values()} >= {True, False}


def recorded(stated: Stated | Any) -> bool | None:
    """This function will say whether a kept fact says yes: a level above 0 is one."""
    value = stated.value if isinstance(stated, Stated) else stated
    return None if value in (None, "") else bool(value)


def _with_the_dead(facts: Mapping[str, Any]) -> dict[str, Any]:
    """That a parent died may have been said as a fact of its own; it settles what the parent's situation is."""
    found = dict(facts)
    for dead, situation in DEAD.items():
        stated = facts.get(dead)
        if recorded(stated):
            found[situation] = replace(stated, value=DIED) if isinstance(stated, Stated) else DIED
    return found


def _plainly(said: Verdict, specs: Mapping[str, FactSpec]) -> Verdict:
    """Each reason once; where something is unknown, only what is worth asking."""
    if said.answer is None:
        titles = [(specs[name].title if name in specs else name, name) for name in said.unknown]
        return replace(
            said, reasons=tuple(Reason(f"还不知道：{title}", name, None) for title, name in titles)
        )
    return replace(said, reasons=tuple({reason.text: reason for reason in said.reasons}.values()))


def _age(group: Group, child: Child) -> Verdict | None:
    if group.under is None:
        return None
    if child.birth_on is None:
        return Verdict(None, (Reason("还不知道：出生日期", BIRTH, None),), (BIRTH,))
    young = child.day < birthday(child.birth_on, group.under)
    said = f"{'不满' if young else '已满'} {group.under} 周岁"
    return Verdict(young, (Reason(said, BIRTH, child.birth_on),))
