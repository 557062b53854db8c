"""The words all packs share — facts, record forms, registers, parameters, labels — from texts, with every fault."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from bangfu.engine import group, signal
from bangfu.engine.attendance import Ladder
from bangfu.engine.category import CodeList
from bangfu.engine.fact import FactFile, FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.group import GroupFile
from bangfu.engine.plan import Parameter
from bangfu.engine.register import FormSpec, Labels, RegisterSpec
from bangfu.engine.signal import Signals
from bangfu.engine.wording import faults_of, syntax

Model = TypeVar("Model", bound=BaseModel)
KINDS: dict[str, type[BaseModel]] = {"forms": FormSpec, "registers": RegisterSpec, "parameters": Parameter}

# Files that are one thing as a whole: where it stands, and what it is.
FILES: dict[str, tuple[str, type[BaseModel]]] = {
    "labels.toml": ("labels", Labels),
    "categories.toml": ("code_list", CodeList),
    "groups.toml": ("groups", GroupFile),
    "signals.toml": ("signals", Signals),
}


@dataclass(slots=True)
class Commons:
    """Everything under _common, by key."""

    facts: dict[str, FactSpec] = field(default_factory=dict)
    forms: dict[str, FormSpec] = field(default_factory=dict)
    registers: dict[str, RegisterSpec] = field(default_factory=dict)
    parameters: dict[str, Parameter] = field(default_factory=dict)
    labels: Labels = field(default_factory=Labels)
    ladder: Ladder | None = None
    code_list: CodeList = field(default_factory=CodeList)
    groups: GroupFile = field(default_factory=GroupFile)
    signals: Signals = field(default_factory=Signals)

    @property
    def activities(self) -> frozenset[str]:
        """This property will name every activity a record may be."""
        return frozenset({*self.forms, *(a for form in self.forms.values() for a in form.counts_as)})


def read_commons(files: Mapping[str, str]) -> tuple[Commons, list[Fault]]:
    """This function will read everything under _common/ out of path → text, with every fault at once."""
    found, faults = Commons(), []
    for path in sorted(files):
        if path.startswith("_common/") and path.endswith(".toml"):
            raw, wrong = toml(files[path], path)
            faults += wrong if raw is None else _keep(found, path, raw)
    faults += group.faults_in(found.groups, found.facts) + signal.faults_in(found.signals, found.facts)
    return found, faults + _aged(found)


def _aged(found: Commons) -> list[Fault]:
    """A category's age limit is said once, by the fact it states."""
    named = [one for one in found.code_list.categories if one.fact in found.facts]
    unknown = [one for one in found.code_list.categories if one not in named]
    aged = tuple(one.model_copy(update={"until_age": found.facts[one.fact].until_age}) for one in named)
    found.code_list = found.code_list.model_copy(update={"categories": aged})
    where = "_common/categories.toml:category"
    return [Fault(f"{where}[{one.code}].fact", f"不认识的事实「{one.fact}」") for one in unknown]


def _keep(found: Commons, path: str, raw: dict[str, Any]) -> list[Fault]:
    kind = path.split("/")[1]
    if kind == "facts":
        file, faults = model(FactFile, raw, path)
        for spec in file.facts if file else ():
            if spec.key in found.facts:
                faults.append(Fault(f"{path}:fact[{spec.key}]", f"事实「{spec.key}」说了两次"))
            found.facts[spec.key] = spec
        return faults
    if kind == "absence_ladder.toml":
        found.ladder, faults = model(Ladder, raw, path)
        return faults
    if kind in FILES:
        name, whole = FILES[kind]
        read, faults = model(whole, raw, path)
        setattr(found, name, read or getattr(found, name))
        return faults
    if kind not in KINDS:
        return [Fault(path, "不认识的文件夹", "可以是 facts、forms、registers、parameters")]
    one, faults = model(KINDS[kind], raw, path)
    if one is not None:
        shelf: dict[str, Any] = getattr(found, kind)
        if one.key in shelf:  # type: ignore[attr-defined]
            faults.append(Fault(f"{path}:key", f"键「{raw['key']}」别的文件已经用了"))
        shelf[raw["key"]] = one
    return faults


def toml(text: str, name: str) -> tuple[dict[str, Any] | None, list[Fault]]:
    """This function will read TOML, or say where it stops being that."""
    try:
        return tomllib.loads(text.removeprefix("\ufeff")), []
    except tomllib.TOMLDecodeError as error:
        return None, [syntax(error, name)]


def model(kind: type[Model], raw: Any, name: str) -> tuple[Model | None, list[Fault]]:
    """This function will make a model, or say everything it refuses."""
    try:
        return kind.model_validate(raw), []
    except ValidationError as error:
        return None, faults_of(error, raw, name, kind)
