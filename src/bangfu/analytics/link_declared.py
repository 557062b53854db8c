"""Linking tables whose columns are declared instead of known: fields, what pairs must share, one to one or in groups.

Fellegi–Sunter: how often fields agree by chance comes from random pairs, the rest from the pairs themselves by
expectation maximisation over the patterns of levels. Tables in; table `matched` of l, r (rowid) and weight (log2 odds) out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

UNSAID, SAME, NEAR, FAR, OTHER = range(5)
ROUNDS, SAMPLE = 40, 200_000
NEAREST, NEARER = 0.92, 0.80  # Jaro–Winkler similarity


@dataclass(frozen=True, slots=True)
class Field:
    """A column; "text" is mistyped, a "code" loses or swaps a character; `swaps_with`: may have changed places with."""

    column: str
    kind: str = "text"
    swaps_with: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """What is compared, and what rows must share to be compared at all: each block some SQL expressions of one row."""

    fields: tuple[Field, ...]
    blocks: tuple[tuple[str, ...], ...]
    likely: float = 0.5


def match(connection: Any, left: str, right: str, declared: Declared) -> None:
    """This function will make `matched`: groups inside one table if `left` is `right`, else at most one partner each."""
    inside = left == right
    _side(connection, "lefts", left, declared)
    if not inside:
        _side(connection, "rights", right, declared)
    sides = ("lefts", "lefts" if inside else "rights")
    _blocked(connection, sides, len(declared.blocks))
    _levels(connection, "leveled", ("blocked", *sides), declared.fields)
    _random(connection, sides)
    _levels(connection, "by_chance", ("random_pairs", *sides), declared.fields)
    _weigh(connection, declared)
    if inside:
        _groups(connection)
    else:
        _partners(connection)


def _side(connection: Any, name: str, source: str, declared: Declared) -> None:
    keys = [f"{' || chr(31) || '.join(block)} as key{n}" for n, block in enumerate(declared.blocks)]
    fields = [f"nullif(trim({one.column}), '') as {one.column}" for one in declared.fields]
    connection.execute(
        f"create or replace temp table {name} as select no, {', '.join(one.column for one in declared.fields)},"
        f" {', '.join(keys)} from (select rowid as no, {', '.join(fields)} from {source})"
    )


def _blocked(connection: Any, sides: Sequence[str], blocks: int) -> None:
    order = "and l.no < r.no" if sides[0] == sides[1] else ""
    joins = (
        f"select l.no as l, r.no as r from {sides[0]} l join {sides[1]} r on l.key{n} = r.key{n} {order}"
        for n in range(blocks)
    )
    connection.execute(f"create or replace temp table blocked as {' union '.join(joins)}")


def _random(connection: Any, sides: Sequence[str]) -> None:
    """Pairs by a fixed stride through both sides: as good as drawn, and the same every time."""
    connection.execute(
        "create or replace temp table random_pairs as with a as (select no, row_number() over (order by hash(no)) as at,"
        f" count(*) over () as many from {sides[0]}), b as (select no, row_number() over (order by hash(no + 7)) as at,"
        f" count(*) over () as many from {sides[1]}), turns as (select unnest(range(1, {SAMPLE} // (select count(*)"
        f" from {sides[0]}) + 1)) as turn) select a.no as l, b.no as r from a, turns join b"
        " on b.at = (a.at * 31 + turn * 997) % b.many + 1 where a.no <> b.no"
    )


def _levels(connection: Any, name: str, tables: Sequence[str], fields: Sequence[Field]) -> None:
    pairs, left, right = tables
    picked = ", ".join(f"{_level(one)} as {one.column}" for one in fields)
    connection.execute(
        f"create or replace temp table {name} as select p.l, p.r, {picked} from {pairs} p"
        f" join {left} l on l.no = p.l join {right} r on r.no = p.r"
    )


def _level(field: Field) -> str:
    a, b = f"l.{field.column}", f"r.{field.column}"
    swapped = ""
    if other := field.swaps_with:
        swapped = f"when {a} = r.{other} or l.{other} = {b} then {NEAR}"
    like = f"jaro_winkler_similarity({a}, {b})"
    near, far = f"{like} >= {NEAREST}", f"{like} >= {NEARER}"
    if field.kind == "code":
        near, far = f"damerau_levenshtein({a}, {b}) = 1", f"damerau_levenshtein({a}, {b}) = 2"
    return (
        f"case when {a} = {b} then {SAME} {swapped} when {a} is null or {b} is null then {UNSAID}"
        f" when {near} then {NEAR} when {far} then {FAR} else {OTHER} end"
    )


def _weigh(connection: Any, declared: Declared) -> None:
    """Learn what the patterns say and write the weight beside every pair."""
    columns = ", ".join(one.column for one in declared.fields)
    seen = connection.execute(
        f"select {columns}, count(*) as n from leveled group by {columns} order by {columns}"
    ).fetchnumpy()
    chance = connection.execute(
        f"select {columns}, count(*) as n from by_chance group by {columns}"
    ).fetchnumpy()
    patterns, counts = (np.stack([seen[one.column] for one in declared.fields], 1), seen["n"])
    others = (np.stack([chance[one.column] for one in declared.fields], 1), chance["n"])
    weight = learn((patterns, counts), others)
    arrays = {one.column: seen[one.column] for one in declared.fields} | {"weight": weight}
    connection.register("arriving", arrays)
    connection.execute(
        f"create or replace temp table likely_pairs as select l, r, weight from leveled join arriving using ({columns})"
        f" where weight > {np.log2(declared.likely / (1 - declared.likely))}"
    )
    connection.unregister("arriving")


def learn(seen: tuple[np.ndarray, np.ndarray], chance: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """This function will give each pattern's log2 odds of being one person; both are (patterns, how many pairs)."""
    patterns, counts = seen
    by_chance = _shares(*chance)
    begin = np.array([1.0, 0.80, 0.10, 0.05, 0.05])
    matched = np.tile(begin, (patterns.shape[1], 1))
    share = 0.2
    for _ in range(ROUNDS):
        odds = np.log2(share / (1 - share)) + _bits(patterns, matched, by_chance)
        belongs = 1 / (1 + np.exp2(-odds))
        share = float(np.clip((belongs * counts).sum() / counts.sum(), 1e-6, 1 - 1e-6))
        matched = _shares(patterns, counts * belongs)
    return odds


def _shares(patterns: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """How often each field stands at each level, where it is said; nothing is impossible."""
    found = np.ones((patterns.shape[1], OTHER + 1))
    for field in range(patterns.shape[1]):
        many = np.bincount(patterns[:, field], counts, OTHER + 1)[SAME:] + 0.05
        found[field, SAME:] = many / many.sum()
    return found


def _bits(patterns: np.ndarray, matched: np.ndarray, by_chance: np.ndarray) -> np.ndarray:
    each = np.log2(matched / by_chance)
    return sum(each[field][patterns[:, field]] for field in range(patterns.shape[1]))


def _partners(connection: Any) -> None:
    """Each row keeps its best partner, if it is the partner's best, too."""
    connection.execute(
        "create or replace temp table matched as select l, r, weight from likely_pairs"
        " qualify row_number() over (partition by l order by weight desc, r) = 1"
        " and row_number() over (partition by r order by weight desc, l) = 1"
    )


def _groups(connection: Any) -> None:
    """Whoever hangs together is one person: every pair of a group counts."""
    found = connection.execute("select l, r, weight from likely_pairs").fetchnumpy()
    group: dict[int, int] = {}

    def head(one: int) -> int:
        while group.setdefault(one, one) != one:
            group[one] = one = group[group[one]]
        return one

    for left, right in zip(found["l"].tolist(), found["r"].tolist(), strict=True):
        group[head(left)] = head(right)
    members: dict[int, list[int]] = {}
    for one in sorted(group):
        members.setdefault(head(one), []).append(one)
    pairs = [(a, b) for some in members.values() for n, a in enumerate(some) for b in some[n + 1 :]]
    left, right = (np.array([pair[n] for pair in pairs], np.int64) for n in (0, 1))
    connection.register("arriving", {"l": left, "r": right})
    connection.execute(
        "create or replace temp table matched as select a.l, a.r, coalesce(p.weight, 0) as weight"
        " from arriving a left join likely_pairs p on p.l = a.l and p.r = a.r"
    )
    connection.unregister("arriving")
