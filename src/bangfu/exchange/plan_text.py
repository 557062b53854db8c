"""One value of a plan's TOML text set, added or taken away; comments, order and every other line stay as they are.

The plan studio asks for it: what people change on the page and what they wrote in the file is the same text.
"""

import tomllib
from collections.abc import Mapping
from typing import Any

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

Path = tuple[str | int, ...]
START, END = "here_the_table_starts", "here_the_table_ends"  # lines that stand in a text for a moment only


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
    if isinstance(holder, AoT) and isinstance(last, int):
        return _without(document, holder[last])
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


def add(text: str, name: str, value: Mapping) -> str:
    """This function will add a table to a list of tables, below its last one and above what is said of what follows."""
    lines = "".join(
        f"{tomlkit.key(key).as_string()} = {_item(one).as_string()}\n" for key, one in value.items()
    )
    document, table = tomlkit.parse(text), f"[[{name}]]\n{lines}"
    there = document.get(name)
    if not isinstance(there, AoT):
        return f"{_kept(document, text).rstrip()}\n\n{table}".lstrip()
    _add(_innermost(there[-1]), END, tomlkit.item(0))
    before, after = tomlkit.dumps(document).split(f"{END} = 0\n")
    return f"{before}\n{table}{after}"


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


def _without(document: tomlkit.TOMLDocument, table: Table) -> str:
    """Without one table of a list; the comments behind it speak of what follows and stay."""
    _add(_innermost(table), END, tomlkit.item(0))
    table.value._insert_at(0, START, tomlkit.item(0))
    before, _start, rest = tomlkit.dumps(document).partition(f"{START} = 0\n")
    head, _header = before.rstrip("\n").rsplit("\n", 1) if "\n" in before.rstrip("\n") else ("", before)
    tail = rest.partition(f"{END} = 0\n")[2]
    return (
        f"{head}\n{tail.removeprefix(chr(10)) if head.endswith(chr(10)) else tail}"
        if head
        else tail.lstrip("\n")
    )


def _innermost(table: Table) -> Table:
    """The last table inside the last: where the lines of a table of a list end."""
    inside = [one for _key, one in table.value.body if isinstance(one, Table | AoT)]
    if not inside:
        return table
    return _innermost(inside[-1][-1] if isinstance(inside[-1], AoT) else inside[-1])


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
