"""Records of any table linked by a declared comparison: fields and levels are data, weights are learnt unsupervised.

In: a DuckDB table (duplicates within it) or two (links between them) and a TOML such as weights/febrl.toml. Out: pairs
(key, key, chance). How often levels hold by chance is counted and sampled, how often among matches by expectation
maximisation over all pairs, those never looked at included as no matches.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent / "weights"
SAMPLE, ROUNDS, SURE = 6_000, 20, 0.5
SEED = 307


@dataclass(frozen=True, slots=True)
class Spec:
    """What to compare: the key column, levels by field, what a pair must share to be looked at."""

    key: str
    fields: Mapping[str, Sequence[str]]
    blocks: Sequence[Sequence[str]]


def read(path: Path) -> Spec:
    """This function will read a declared comparison."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Spec(told["key"], told["fields"], told["blocks"])


def level(field: str, kind: str) -> str:
    """This function will write one kind of level as SQL: same, slip, slips, jaro 0.9, crossed <other field>."""
    a, b, (word, *more) = f"l.{field}", f"c.{field}", kind.split()
    if word == "same":
        return f"{a} = {b}"
    if word == "crossed":
        return f"{a} = c.{more[0]} and l.{more[0]} = {b}"
    if word == "jaro":
        return f"jaro_winkler_similarity({a}, {b}) >= {float(more[0])}"
    return f"damerau_levenshtein({a}, {b}) <= {('slip', 'slips').index(word) + 1}"


def pattern(spec: Spec) -> str:
    """This function will write all levels of a pair as columns: 0 not said, 1 the best, the last “otherwise”."""
    columns = []
    for field, kinds in spec.fields.items():
        whens = " ".join(f"when {level(field, kind)} then {n}" for n, kind in enumerate(kinds, 1))
        columns.append(
            f"(case when l.{field} = '' or c.{field} = '' then 0 {whens} else {len(kinds) + 1} end)::utinyint as {field}"
        )
    return ", ".join(columns)


def match(connection: Any, spec: Spec, left: str, right: str | None = None) -> list[tuple[str, str, float]]:
    """This function will find the pairs that are more likely one than two; without `right`, inside one table."""
    other, apart = right or left, "true" if right else "l.rowid < c.rowid"
    rows, more = (connection.execute(f"select count(*) from {one}").fetchone()[0] for one in (left, other))
    total = rows * more if right else rows * (rows - 1) // 2
    each = " union ".join(
        f"select l.rowid as l, c.rowid as c from {left} l join {other} c on {apart} and "
        + " and ".join(f"l.{field} = c.{field} and l.{field} <> ''" for field in block)
        for block in spec.blocks
    )
    found = connection.execute(
        f"select p.l, p.c, {pattern(spec)} from ({each}) p join {left} l on l.rowid = p.l join {other} c on c.rowid = p.c"
    ).fetchnumpy()
    levels = np.stack([np.asarray(found[field]) for field in spec.fields], axis=1)
    by_chance = _by_chance(connection, spec, (left, other), (rows, more))
    chance = _expected(levels, by_chance, total)
    chosen = _one_each(found["l"], found["c"], chance) if right else _together(found["l"], found["c"], chance)
    keys = [
        np.array(
            [key for (key,) in connection.execute(f"select {spec.key} from {one} order by rowid").fetchall()],
            object,
        )
        for one in (left, other)
    ]
    return [(keys[0][a], keys[1][b], round(float(p), 6)) for a, b, p in chosen]


def _by_chance(
    connection: Any, spec: Spec, tables: tuple[str, str], sizes: tuple[int, int]
) -> list[np.ndarray]:
    """How often each level holds between any two records: by a sample, and “same” by counting."""
    draw = np.random.default_rng(SEED)
    drawn = {name: draw.integers(0, size, SAMPLE) for name, size in zip("lc", sizes, strict=True)}
    connection.register("drawn", drawn)
    found = connection.execute(
        f"select {pattern(spec)} from drawn d join {tables[0]} l on l.rowid = d.l join {tables[1]} c on c.rowid = d.c"
        f" where '{tables[0]}' <> '{tables[1]}' or d.l <> d.c"
    ).fetchnumpy()
    connection.unregister("drawn")
    shares = []
    for field, kinds in spec.fields.items():
        counts = np.bincount(found[field], minlength=len(kinds) + 2)[1:].astype(float) + 0.5
        share = counts / counts.sum()
        same = connection.execute(
            f"select sum(a.n * b.n) / ((select count(*) from {tables[0]} where {field} <> '') *"
            f" (select count(*) from {tables[1]} where {field} <> '')::double) from"
            f" (select {field}, count(*)::double as n from {tables[0]} where {field} <> '' group by 1) a join"
            f" (select {field}, count(*)::double as n from {tables[1]} where {field} <> '' group by 1) b using ({field})"
        ).fetchone()[0]
        share[0] = max(same or 0.0, 1e-7)
        shares.append(share)
    return shares


def _expected(levels: np.ndarray, by_chance: list[np.ndarray], total: int) -> np.ndarray:
    """Expectation maximisation over patterns of levels; the chance of every pair that it is one record twice."""
    patterns, place, counts = np.unique(levels, axis=0, return_inverse=True, return_counts=True)
    sizes = [len(share) for share in by_chance]
    ours = [
        np.array([0.9, *[0.08 / max(n - 2, 1)] * (n - 2), 0.02]) if n > 2 else np.array([0.9, 0.1])
        for n in sizes
    ]
    prior = min(0.5, len(levels) * 0.1 / total)
    chance = np.zeros(len(patterns))
    for _ in range(ROUNDS):
        odds = np.full(len(patterns), np.log(prior / (1 - prior)))
        for at, (m, u) in enumerate(zip(ours, by_chance, strict=True)):
            odds += np.concatenate(([0.0], np.log(m / u)))[patterns[:, at]]
        chance = 1 / (1 + np.exp(-odds))
        heavy = chance * counts
        prior = heavy.sum() / total
        for at, size in enumerate(sizes):
            told = np.bincount(patterns[:, at], weights=heavy, minlength=size + 1)[1:] + 0.05
            ours[at] = told / told.sum()
    return chance[place.reshape(-1)]


def _one_each(left: np.ndarray, right: np.ndarray, chance: np.ndarray) -> list[tuple[int, int, float]]:
    """Two tables: a record is linked once, to its best."""
    taken: tuple[set, set] = (set(), set())
    chosen = []
    for at in np.argsort(-chance, kind="stable"):
        a, b, p = int(left[at]), int(right[at]), chance[at]
        if p < SURE:
            break
        if a not in taken[0] and b not in taken[1]:
            taken[0].add(a)
            taken[1].add(b)
            chosen.append((a, b, p))
    return chosen


def _together(left: np.ndarray, right: np.ndarray, chance: np.ndarray) -> list[tuple[int, int, float]]:
    """One table: whoever is the same as the same is the same; groups grow from the surest pair on."""
    group: dict[int, list[int]] = {}
    known = {(int(a), int(b)): float(p) for a, b, p in zip(left, right, chance, strict=True)}
    for (a, b), p in sorted(known.items(), key=lambda one: -one[1]):
        if p < SURE:
            break
        ones, others = group.setdefault(a, [a]), group.setdefault(b, [b])
        if ones is others:
            continue
        ones.extend(others)
        for each in others:
            group[each] = ones
    groups = {id(one): one for one in group.values()}.values()
    pairs = ((a, b) for one in groups for n, a in enumerate(sorted(one)) for b in sorted(one)[n + 1 :])
    return [(a, b, known.get((a, b), SURE)) for a, b in pairs]
