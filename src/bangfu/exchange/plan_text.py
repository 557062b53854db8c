"""One value of a plan's TOML text set, added or taken away; comments, order and every other line stay as they are.

The plan studio asks for it: what people change on the page and what they wrote in the file is the same text.
"""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

Path = tuple[str | int, ...]


class NotHere(Exception):
    """The text has no table where the value should stand."""


def put(text: str, path: Path, value: Any) -> str:
    """This function will set a value (a mapping sets its keys one by one), making the table it stands in if need be."""
    document = tomlkit.parse(text)
    _put(document, path, value)
    return _kept(document, text)


def take(text: str, path: Path) -> str:
    """This function will take away a value, or a whole table of a list; nothing there is no fault."""
    document = tomlkit.parse(text)
    try:
        holder = _holder(document, path[:-1])
    except NotHere:
        return text
    last = path[-1]
    if isinstance(last, int):
        del holder[last]
        if not len(holder):
            return take(_kept(document, text), path[:-1])
    elif last in holder:
        if isinstance(holder, InlineTable):
            _rewritten(document, path[:-1], {k: v for k, v in holder.unwrap().items() if k != last})
        else:
            del holder[last]
    return _kept(document, text)


def tree(text: str) -> dict[str, Any]:
    """This function will read the text's tree."""
    return tomllib.loads(text.removeprefix("\ufeff"))


def _kept(document: tomlkit.TOMLDocument, text: str) -> str:
    made = tomlkit.dumps(document)
    return made if made.endswith("\n") or not text.endswith("\n") else f"{made}\n"


def _put(document: Any, path: Path, value: Any) -> None:
    holder = _holder(document, path[:-1])
    name = path[-1]
    there = holder[name] if isinstance(name, int) or name in holder else None
    if isinstance(value, Mapping) and isinstance(there, Table):
        for key, one in value.items():
            _put(document, (*path, key), one)
    elif isinstance(value, Mapping) and isinstance(there, InlineTable):
        _rewritten(document, path, {**there.unwrap(), **value})
    elif isinstance(holder, InlineTable):
        _rewritten(document, path[:-1], {**holder.unwrap(), name: value})
    elif there is not None:
        holder[name] = _item(value)
    else:
        _add(holder, name, _item(value))


def _holder(document: Any, path: Path) -> Any:
    here = document
    for step in path:
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            raise NotHere(path) from None
    return here


def _rewritten(document: Any, path: Path, value: Mapping) -> None:
    # An inline table holds no comments: written anew it keeps its style, which tomlkit's own insertion does not.
    holder = _holder(document, path[:-1])
    if isinstance(holder, InlineTable):
        _rewritten(document, path[:-1], {**holder.unwrap(), path[-1]: dict(value)})
        return
    before = holder[path[-1]]
    made = _item(value)
    made.trivia.comment_ws, made.trivia.comment = before.trivia.comment_ws, before.trivia.comment
    holder[path[-1]] = made


def _item(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return tomlkit.item(value)
    inside = ", ".join(
        f"{tomlkit.key(key).as_string()} = {_item(one).as_string()}" for key, one in value.items()
    )
    return tomlkit.parse(f"x = {{ {inside} }}" if inside else "x = {}")["x"]


def _add(holder: Any, name: str, item: Any) -> None:
    """Add below the last value of the table, above the blank lines and the heading comment of what follows."""
    container = holder.value if isinstance(holder, Table) else holder
    values = [key for key, one in container.body if key is not None and not isinstance(one, Table | AoT)]
    if values:
        container._insert_after(values[-1], name, item)
        if isinstance(holder, Table):
            dict.__setitem__(holder, name, container[name])
    elif isinstance(holder, tomlkit.TOMLDocument):
        container._insert_at(0, name, item)
    else:
        holder.append(name, item)
