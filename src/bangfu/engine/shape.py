"""A path of a plan's tree in; what the models let stand there — kind, choices, bounds, default — out.

The plan studio asks for it: a new piece of the grammar is editable without a word here.
"""

import types
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from bangfu.engine.cadence import Every, On, Once
from bangfu.engine.part import Range, Role
from bangfu.engine.plan import Plan

Path = tuple[str | int, ...]
WHOLE: dict[type[BaseModel], tuple[str, tuple[str, ...]]] = {  # tables read as one word
    Range: ("range", ("min", "max")),
    Every: ("every", ("unit", "n")),
    Once: ("once", ("after", "n", "unit")),
    On: ("on", ("event", "after", "unit", "days")),
}
PLAIN = {bool: "bool", int: "number", float: "decimal", date: "date", str: "text"}
NAMED = {"where": "rule", "helper_where": "rule", "accepts": "activities", "for": "categories"}
LISTS = {int: "numbers", float: "decimals", str: "texts"}


class ABSENT:
    """Nothing stands here."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What the models let stand at a path."""

    kind: str = "other"
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    otherwise: Any = ABSENT
    keys: tuple[str, ...] = ()
    is_needed: bool = False


def shape(path: Path) -> Shape:
    """This function will say what the models let stand at a path; kind "other" where they know nothing."""
    model: Any = Plan
    for at, step in enumerate(path):
        if isinstance(step, int):
            continue
        field = _field(model, step)
        if field is None:
            return Shape()
        inner = _inner(field.annotation)
        if at == len(path) - 1:
            return _shape(step, field, inner)
        model = inner
    return Shape()


def fields(path: Path) -> tuple[str, ...]:
    """This function will name what a table at a path may hold, as TOML does."""
    model: Any = Plan
    for step in path:
        if isinstance(step, str):
            field = _field(model, step)
            model = _inner(field.annotation) if field else None
    known = getattr(model, "model_fields", {})
    return tuple(field.alias or name for name, field in known.items())


def _field(model: Any, step: str) -> Any:
    known = getattr(model, "model_fields", {})
    return next((f for name, f in known.items() if (f.alias or name) == step), None)


def _inner(annotation: Any) -> Any:
    """The type itself, without None and without the list round it."""
    if get_origin(annotation) in (Union, types.UnionType):
        rest = [one for one in get_args(annotation) if one is not type(None)]
        return _inner(rest[0]) if len(rest) == 1 else annotation
    if get_origin(annotation) is tuple:
        return _inner(get_args(annotation)[0])
    if hasattr(annotation, "__metadata__"):
        return _inner(annotation.__origin__)
    return annotation


def _many(annotation: Any) -> bool:
    args = get_args(annotation) if get_origin(annotation) in (Union, types.UnionType) else (annotation,)
    return any(get_origin(one) is tuple for one in args)


def _shape(name: str, field: Any, inner: Any) -> Shape:
    bounds = {k: getattr(m, k) for m in field.metadata for k in ("ge", "gt", "le") if hasattr(m, k)}
    otherwise = ABSENT if field.is_required() else field.get_default(call_default_factory=True)
    common = {
        "least": bounds.get("ge", bounds.get("gt")), "most": bounds.get("le"),
        "otherwise": ABSENT if otherwise is None else otherwise, "is_needed": field.is_required(),
    }  # fmt: skip
    if inner in WHOLE and not _many(field.annotation):
        kind, keys = WHOLE[inner]
        return Shape(kind, keys=keys, **common)
    if get_origin(inner) is Literal:
        if inner is Role:
            kind = "roles" if _many(field.annotation) else "role"
        else:
            kind = "choices" if _many(field.annotation) else "choice"
        return Shape(kind, tuple(str(one) for one in get_args(inner)), **common)
    if get_origin(inner) in (Union, types.UnionType):
        return Shape("value", **common)
    known = LISTS if _many(field.annotation) else PLAIN
    return Shape(NAMED.get(name, known.get(inner, "other")), **common)
