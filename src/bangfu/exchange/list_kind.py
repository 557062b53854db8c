"""The kinds of lists a school receives: one TOML each in profiles/lists, laid over the columns all of them share.

A new kind is one more file, never code (station 1, enrol; reference §4.1, §8 F06 and F10).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from bangfu.engine import identity
from bangfu.exchange import profile
from bangfu.exchange.profile import Profile

SHARED = "_columns.toml"
FEWEST = 2  # a teacher's list has a name and a class


@dataclass(frozen=True, slots=True)
class ListKind:
    """One kind of list: fact is what being on it states. Where it is "", the column `kind` says it row by row by the
    official words (engine/category) and these `words`; without such a column a person says what the list is about.
    """

    key: str
    title: str
    issued_by: str
    is_certified: bool
    fact: str
    words: Mapping[str, str]  # what a cell of the column `kind` says → fact, "" for nothing
    grown_up: frozenset[str]
    profile: Profile

    @property
    def source(self) -> str:
        """What its statements are said to come from."""
        return f"list:{self.key}"


def _read(name: str) -> dict:
    return tomllib.loads((files("bangfu.exchange") / "profiles" / "lists" / name).read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, ListKind]:
    """Return every kind of list by its key, in the order they are offered."""
    folder, shared = files("bangfu.exchange") / "profiles" / "lists", _read(SHARED)
    names = [file.name for file in folder.iterdir() if file.name.endswith(".toml") and file.name != SHARED]
    read = sorted(
        (_read(name) | {"key": name.removesuffix(".toml")} for name in names), key=lambda g: g["order"]
    )
    return {given["key"]: laid_over(given, shared) for given in read}


def laid_over(given: Mapping, shared: Mapping) -> ListKind:
    """Return the kind these tables describe; its columns replace the shared ones of the same field."""
    own = {column["field"]: column for column in given.get("column", ())}
    columns = [own.pop(column["field"], column) for column in shared["column"]] + list(own.values())
    made = profile.build(
        {**shared, "title": given["title"], "column": columns}, fewest=FEWEST, stand_in="head"
    )
    words = {identity.plain(word): fact for word, fact in given.get("words", {}).items()}
    return ListKind(
        given["key"], given["title"], given["issued_by"], given["certified"], given["fact"], words,
        frozenset(shared["grown_up"]), made,
    )  # fmt: skip


def of_source(source: str) -> ListKind | None:
    """Return the kind behind a statement's source, None for sources that are no list."""
    return kinds().get(source.removeprefix("list:")) if source.startswith("list:") else None
