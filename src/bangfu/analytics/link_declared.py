"""Linking tables whose columns are declared instead of known: fields, what pairs must share, one to one or in groups.

Fellegi–Sunter: how often fields agree by chance comes from random pairs, the rest from the pairs themselves by
expectation maximisation over the patterns of levels. Tables in, table `matched` of l, r, weight (log2 odds) out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

UNSAID, SAME, NEAR, FAR, OTHER = range(5)
LEVELS, ROUNDS, SAMPLE = 5, 30, 200_000
NEAREST, NEARER = 0.92, 0.80  # Jaro–Winkler similarity
SEED = 0.4711


@dataclass(frozen=True, slots=True)
class Field:
    """A column, and how it goes wrong: "text" is mistyped, "code" loses or swaps a character, "exact" does neither."""

    column: str
    kind: str = "text"
    swaps_with: str = ""  # a column it may have changed places with


@dataclass(frozen=True, slots=True)
class Declared:
    """What is compared, and what two rows must share to be compared at all (each a list of SQL expressions)."""

    fields: tuple[Field, ...]
    blocks: tuple[tuple[str, ...], ...]
    likely: float = 0.5


def match(connection: Any, left: str, right: str, declared: Declared) -> None:
    """This function will make `matched`: groups inside one table if `left` is `right`, else one partner each."""
    connection.execute(f"select setseed({SEED})")
    inside = left == right
    _pairs(connection, left, right, declared.blocks)
    seen = _leveled(connection, "blocked", (left, right), declared.fields)
    _random(connection, left, right, inside)
    chance = _leveled(connection, "random", (left, right), declared.fields)
    weight = learn(*_patterns(seen), *_patterns(chance))
    _weighed(connection, seen, weight, declared)
    (_groups if inside else _partners)(connection)


def _pairs(connection: Any, left: str, right: str, blocks: Sequence[Sequence[str]]) -> None:
    order = "and l.rowid < r.rowid" if left == right else ""
    found = []
    for block in blocks:
        same = " and ".join(f"l.{_on('l', one)} = r.{_on('r', one)}" for one in block)
        found.append(
            f"select l.rowid as l, r.rowid as r from keys_l l join keys_r r on {same} {order}".replace(
                "l.rowid as l", "l.no as l"
            )
        )
    raise NotImplementedError(found)
