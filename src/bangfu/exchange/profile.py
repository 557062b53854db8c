"""What the columns of one kind of spreadsheet are called and how each is read: a TOML file in, a Profile out.

A county's own spreadsheet is one more file in profiles/, never code (station 1, enrol).
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

_BRACKETS = re.compile(r"[(\[【{].*?[)\]】}]")
_NOISE = re.compile(r"[\s*★☆:;,，。、'\"“”·]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column the product knows: its field, its usual title, how it is written and how it is read."""

    field: str
    title: str
    kind: str
    headings: tuple[str, ...]
    codes: Mapping[str, object]
    fill_down: bool = False


@dataclass(frozen=True, slots=True)
class Profile:
    """All columns of one kind of file, and the words that end its table or stand for nothing."""

    title: str
    columns: Mapping[str, Column]  # by field; members as first.name, second.name …
    headings: Mapping[str, str]  # normal heading → field
    member_headings: Mapping[str, str]  # normal heading → field of a member, without first./second.
    stop: tuple[str, ...]
    skip: tuple[str, ...]
    nothing: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    fewest: int = 3  # known headings that make a row the heading
    stand_in: str = ""  # the field that is the name where no column is called so


@lru_cache(maxsize=4096)
def normal_heading(text: str) -> str:
    """Return a heading without spaces, stars, remarks in brackets and full-width letters."""
    bare = unicodedata.normalize("NFKC", text)
    return _NOISE.sub("", _BRACKETS.sub("", bare)) or _NOISE.sub("", bare)


@lru_cache(maxsize=16)
def load(name: str = "national_roll") -> Profile:
    """Return the profile of that name from exchange/profiles."""
    return read((files("bangfu.exchange") / "profiles" / f"{name}.toml").read_text(encoding="utf-8"))


def read(text: str) -> Profile:
    """Return the profile written in this TOML; raise KeyError or TOMLDecodeError for a broken one."""
    return build(tomllib.loads(text))


def build(given: Mapping, **more) -> Profile:
    """Return the profile of these tables; keywords are further fields of it."""
    columns = {entry["field"]: _column(entry, entry["title"]) for entry in given["column"]}
    members = given.get("member", [])
    for place, title in zip(("first", "second"), given.get("family", ()), strict=False):
        for entry in members:
            field = f"{place}.{entry['field']}"
            columns[field] = _column(entry | {"field": field}, title + entry["headings"][0])
    return Profile(
        title=given["title"],
        columns=columns,
        headings=_by_heading(given["column"]),
        member_headings=_by_heading(members),
        stop=tuple(given["stop"]),
        skip=tuple(given["skip"]),
        nothing=frozenset(given["nothing"]),
        yes=frozenset(given["yes"]),
        no=frozenset(given["no"]),
        **more,
    )


def _column(entry: dict, title: str) -> Column:
    return Column(
        entry["field"], title, entry["kind"], tuple(entry["headings"]), entry.get("codes", {}),
        entry.get("fill_down", False),
    )  # fmt: skip


def _by_heading(entries: list[dict]) -> dict[str, str]:
    return {normal_heading(heading): entry["field"] for entry in entries for heading in entry["headings"]}
