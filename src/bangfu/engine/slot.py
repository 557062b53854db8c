"""A place in a plan's tree where a value stands, and its address as people read it: duty[talk].every.

What people typed comes in, the value comes out, or a sentence says why not. The plan studio asks for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bangfu.engine.shape import ABSENT, Path, Shape, shape
from bangfu.engine.wording import place

NUMBERED = ("min", "max", "n", "after", "days")


@dataclass(frozen=True, slots=True)
class Slot:
    """A value of the tree, or where one may stand (`given` False: the model's own default counts)."""

    path: Path
    value: Any
    shape: Shape
    given: bool = True

    @property
    def name(self) -> str:
        """This property will name the field, the same in every table."""
        return next((step for step in reversed(self.path) if isinstance(step, str)), "")

    def take(self, typed: Mapping[str, Sequence[str]]) -> Any:
        """This function will give the value people typed ({"value": […]} or by key), ABSENT for nothing.

        ValueError carries a sentence.
        """
        if self.shape.keys:
            return _whole(self, typed)
        words = [word.strip().replace("\r\n", "\n") for word in typed.get("value", ())]
        return _plain(self.shape, words)


def slot_at(raw: Any, path: Path) -> Slot:
    """This function will give the slot at a path, whether something stands there or not."""
    here: Any = raw
    for step in path:
        inside = isinstance(here, Mapping) or (isinstance(step, int) and step < len(here))
        here = here[step] if inside and (isinstance(step, int) or step in here) else ABSENT
        if here is ABSENT:
            break
    known = shape(path)
    if known.keys and isinstance(here, Mapping):
        here = {key: here[key] for key in known.keys if key in here}
    return Slot(path, known.otherwise if here is ABSENT else here, known, here is not ABSENT)


def find(raw: Any, address: str) -> Path | None:
    """This function will give the path whose place is written so: duty[talk].every; None if it is not there."""
    path: Path = ()
    while address:
        here = _at(raw, path)
        if isinstance(here, list):
            step = next((n for n in range(len(here)) if _starts(address, place(raw, (*path, n)))), None)
        else:
            rest = address[len(place(raw, path)) :].lstrip(".")
            step = rest.partition("[")[0].partition(".")[0] or None
        if step is None:
            return None
        path = (*path, step)
        if place(raw, path) == address:
            return path
        if not isinstance(_at(raw, path) or {}, list | Mapping):
            return None
    return None


def _starts(address: str, start: str) -> bool:
    return address == start or address.startswith(f"{start}.")


def _at(raw: Any, path: Path) -> Any:
    for step in path:
        if isinstance(step, int):
            raw = raw[step] if isinstance(raw, list) and step < len(raw) else None
        else:
            raw = raw.get(step) if isinstance(raw, Mapping) else None
    return raw


def _whole(slot: Slot, typed: Mapping[str, Sequence[str]]) -> Any:
    before = dict(slot.value) if isinstance(slot.value, Mapping) else {}
    value = {key: before[key] for key in before if key not in typed}
    for key in slot.shape.keys:
        word = next(iter(typed.get(key, ())), "").strip()
        if word:
            value[key] = _number(word) if key in NUMBERED and word.lstrip("-").isdigit() else word
            if key in NUMBERED and slot.shape.kind != "once" and not isinstance(value[key], int):
                raise ValueError("这里要写整数")
    if slot.shape.kind == "every" and value.get("n") == 1 and "n" not in before:
        del value["n"]
    if slot.shape.kind == "on" and value.get("after") == 0 and "after" not in before:
        del value["after"]
    return value or ABSENT


def _plain(shape: Shape, words: list[str]) -> Any:
    kind, first = shape.kind, words[0] if words else ""
    if kind in ("roles", "activities", "categories", "choices"):
        return [word for word in words if word] or ABSENT
    if kind in ("texts", "numbers", "decimals"):
        lines = [line.strip() for line in first.replace("、", "\n").splitlines() if line.strip()]
        read = {"texts": str, "numbers": _number, "decimals": _decimal}[kind]
        return [read(line) for line in lines] or ABSENT
    if not first:
        return ABSENT
    if kind == "number":
        return _number(first)
    if kind == "decimal":
        return _decimal(first)
    if kind == "bool":
        return first == "1"
    if kind == "date":
        return _date(first)
    if kind == "value":
        return _any(first)
    if kind == "other":
        raise ValueError("这一处要在文件里改")
    return first


def _number(word: str) -> int:
    try:
        return int(word)
    except ValueError:
        raise ValueError("这里要写整数") from None


def _decimal(word: str) -> float | int:
    try:
        return float(word) if "." in word else int(word)
    except ValueError:
        raise ValueError("这里要写数") from None


def _date(word: str) -> date:
    try:
        return date.fromisoformat(word)
    except ValueError:
        raise ValueError("这里要写日期，例如 2026-09-01") from None


def _any(word: str) -> Any:
    if word in ("true", "false"):
        return word == "true"
    try:
        return _decimal(word)
    except ValueError:
        return word
