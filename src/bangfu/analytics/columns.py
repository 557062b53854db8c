"""Facts as columns in (Python lists, or a DuckDB table); one small code a child and fact, out.

Two values that answer every test of a fact alike share a code, so a rule need only be judged once a combination
of codes. What a value answers is asked of the row-wise engine itself, or follows from its place among the literals.
"""

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np

from bangfu.engine.fact import Stated
from bangfu.engine.grammar import Test
from bangfu.engine.rule import COMPARE, Rule

Answer = bool | None
Tests = tuple[Test, ...]
INTEGERS = {"TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
EPOCH = "DATE '1970-01-01'"


@dataclass(frozen=True, slots=True, eq=False)
class Coded:
    """One fact's column: a code a row, and what each code answers to the fact's tests (None: unknown)."""

    codes: np.ndarray
    outcomes: tuple[tuple[Answer, ...], ...]


def from_values(values: Sequence[Any], tests: Tests) -> Coded:
    """This function will code a list (None or Stated too, wrong types too) exactly as the row-wise engine judges it."""
    values = values.tolist() if isinstance(values, np.ndarray) else values
    kinds = set(map(type, values))
    if Stated in kinds:
        values = [one.value if isinstance(one, Stated) else one for one in values]
        kinds = set(map(type, values))
    known = kinds - {type(None)}
    if known in (
        {int},
        {float},
    ):  # many different numbers: place them among the literals instead of one by one
        try:
            return _numbers_of_list(values, type(None) in kinds, known.pop(), tests)
        except OverflowError:  # an integer beyond 64 bits
            pass
    if len(known & {bool, int, float}) > 1:  # True == 1 == 1.0 as keys, but not to "is"
        values = [(type(one), one) for one in values]
        answer: Callable = lambda test, pair: _answer(test, pair[1])  # noqa: E731
    else:
        answer = _answer
    seen = _Seen(tests, answer)
    codes = np.fromiter(map(seen.__getitem__, values), np.uint32, len(values))
    outcomes = sorted(seen.found, key=repr)  # whoever comes first in the list must not make it another scale
    again = np.array([outcomes.index(one) for one in seen.found], np.uint32)
    return Coded(_small(again[codes] if len(again) else codes, len(outcomes)), tuple(outcomes))


class _Seen(dict):
    """Value → code; a value met for the first time is judged once."""

    def __init__(self, tests: Tests, answer: Callable[[Test, Any], Answer]) -> None:
        super().__init__()
        self.tests, self.answer = tests, answer
        self.found: dict[tuple[Answer, ...], int] = {}

    def __missing__(self, value: Any) -> int:
        outcome = tuple(self.answer(test, value) for test in self.tests)
        code = self[value] = self.found.setdefault(outcome, len(self.found))
        return code


def _answer(test: Test, value: Any) -> Answer:
    return Rule("", test, (test.fact,), {}).judge({test.fact: value}).answer


def _numbers_of_list(values: Sequence[Any], gaps: bool, kind: type, tests: Tests) -> Coded:
    missing = np.fromiter((one is None for one in values), bool, len(values)) if gaps else None
    filled = (0 if one is None else one for one in values) if gaps else values
    data = np.fromiter(filled, np.int64 if kind is int else np.float64, len(values))
    return _numbers(data, missing, tests)


def from_table(
    connection: Any, table: str, asked: Mapping[str, Tests], keep: Sequence[str], ways: dict
) -> tuple[dict[str, Coded], dict[str, np.ndarray]]:
    """This function will read a DuckDB table once: (fact → Coded, kept column → its values), in the table's order.

    `ways` remembers from call to call how a fact in a column of some type is read.
    """
    types = {name: str(kind) for name, kind, *_ in connection.execute(f"describe {quoted(table)}").fetchall()}
    missing = [name for name in (*asked, *keep) if name not in types]
    if missing:
        raise ValueError(f"the table {table} has no column {', '.join(missing)}")
    new = {fact: types[fact] for fact in asked if (fact, types[fact]) not in ways}
    members = _members_of(connection, set(new.values()))
    ways |= {(fact, kind): _way(fact, kind, asked[fact], members) for fact, kind in new.items()}
    mine = {fact: ways[fact, types[fact]] for fact in asked}
    picked = [f"{sql} as f{n}" for n, (sql, _) in enumerate(mine.values())]
    picked += [f"{quoted(name)} as k{n}" for n, name in enumerate(keep)]
    found = connection.execute(f"select {', '.join(picked) or '1'} from {quoted(table)}").fetchnumpy()
    coded = {}
    for n, (fact, (_, code)) in enumerate(mine.items()):
        column = found.pop(f"f{n}")
        mask = np.ma.getmaskarray(column) if np.ma.isMaskedArray(column) else None
        coded[fact] = code(np.ma.getdata(column), mask)
    return coded, {name: found[f"k{n}"] for n, name in enumerate(keep)}


def quoted(name: str) -> str:
    """This function will write a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: Any) -> str:
    """This function will write a word for SQL so that nothing in it is read as SQL."""
    pieces = ["'" + piece.replace("'", "''") + "'" for piece in str(value).split("\0")]
    return pieces[0] if len(pieces) == 1 else f"({' || chr(0) || '.join(pieces)})"


def _members_of(connection: Any, kinds: set[str]) -> dict[str, list[str]]:
    """The words of every ENUM, asked in one go."""
    enums = sorted(kind for kind in kinds if kind.startswith("ENUM("))
    if not enums:
        return {}
    asked = ", ".join(f"enum_range(null::{kind})" for kind in enums)
    return dict(zip(enums, connection.execute(f"select {asked}").fetchone(), strict=True))


def _way(fact: str, kind: str, tests: Tests, members: Mapping[str, list[str]]) -> tuple[str, Callable]:
    """What to select for a column of this type, and how to code what comes back."""
    name = quoted(fact)
    if kind == "BOOLEAN" or kind in INTEGERS:
        return name, lambda data, mask: _numbers(data, mask, tests)
    if kind in ("FLOAT", "DOUBLE"):
        return f"{name}::double", lambda data, mask: _numbers(data, mask, tests)
    if kind == "DATE":
        return f"{name} - {EPOCH}", lambda data, mask: _dates(data, mask, tests)
    if kind in members:
        each = from_values([*members[kind], None], tests)
        return f"enum_code({name})", lambda data, mask: _members(data, mask, each)
    if kind == "VARCHAR":
        sql, outcomes = _words(name, tests)
        return sql, lambda data, mask: Coded(_small(data, len(outcomes)), outcomes)
    raise ValueError(f"the column {fact} is {kind}: a fact is true or false, a number, a word or a date")


def _members(data: np.ndarray, mask: np.ndarray | None, each: Coded) -> Coded:
    last = len(each.codes) - 1
    if mask is not None:
        data = np.where(mask, data.dtype.type(min(last, np.iinfo(data.dtype).max)), data)
        if last > np.iinfo(data.dtype).max:  # as many words as the code can count
            data = np.where(mask, last, data.astype(np.uint32))
    return Coded(each.codes[data], each.outcomes)


def _words(name: str, tests: Tests) -> tuple[str, tuple[tuple[Answer, ...], ...]]:
    """Words are compared by DuckDB: code point order is byte order in UTF-8, and nothing is folded.

    Never by IN: DuckDB turns a longer list into a hash join, and rows come back in any order (duckdb/duckdb#24398).
    """
    scale = Scale.of(tests, str)
    places = range(2 * len(scale.points) + 1)
    outcomes = [scale.outcome(place) for place in places]
    if any(test.op in ("<", "<=", ">", ">=") for test in tests):
        steps = [
            f"({name} {sign} {literal(p)})::integer" for p in map(str, scale.points) for sign in (">=", ">")
        ]
        steps, outcomes = (steps, outcomes) if steps else (["0"], outcomes)
        return f"coalesce({' + '.join(steps)}, {len(outcomes)})::uinteger", _with_gap(outcomes, tests)
    kept = [0, *places[1::2]]  # equal to one of the points, or to none
    whens = " ".join(f"when {name} = {literal(p)} then {n + 1}" for n, p in enumerate(scale.points))
    sql = f"(case when {name} is null then {len(kept)} {whens} else 0 end)::uinteger"
    return sql, _with_gap([outcomes[place] for place in kept], tests)


def _with_gap(outcomes: list, tests: Tests) -> tuple[tuple[Answer, ...], ...]:
    return (*outcomes, (None,) * len(tests))


@dataclass(frozen=True, slots=True)
class Scale:
    """The literals of a fact's tests in order. Place 2n + 1 is the n-th literal, 2n is between it and the one before."""

    tests: Tests
    points: tuple
    kind: type | tuple[type, ...]
    yes_or_no: bool = False

    @staticmethod
    def of(tests: Tests, kind: type | tuple[type, ...], *, yes_or_no: bool = False) -> "Scale":
        """This function will keep the literals that can equal a value of this kind."""
        held = {one for test in tests for one in _literals(test) if isinstance(one, kind)}
        return Scale(tests, tuple(sorted(held)), kind, yes_or_no)

    def outcome(self, place: int) -> tuple[Answer, ...]:
        """This function will say what values at a place answer to each test."""
        where = {point: 2 * n + 1 for n, point in enumerate(self.points)}
        return tuple(self._at(test, place, where) for test in self.tests)

    def _at(self, test: Test, place: int, where: Mapping[Any, int]) -> Answer:
        if test.op == "is":
            return self.yes_or_no and place == where[True]
        if test.op in ("==", "!=", "in"):
            equal = place in [where[v] for v in _literals(test) if isinstance(v, self.kind)]
            return equal is not (test.op == "!=")
        if not isinstance(test.value, self.kind):
            return None  # cannot be compared: the row-wise engine says unknown
        return COMPARE[test.op](place, where[test.value])


def _literals(test: Test) -> tuple:
    return test.value if isinstance(test.value, tuple) else (test.value,)


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """Where codes change along the integers, and what each code answers; `again` lets equal answers share a code."""

    thresholds: tuple
    again: np.ndarray | None
    outcomes: tuple[tuple[Answer, ...], ...]

    @staticmethod
    def of(thresholds: Sequence, outcomes: Sequence[tuple[Answer, ...]]) -> "Steps":
        """This function will put the code of a gap last."""
        shared: dict[tuple[Answer, ...], int] = {}
        again = [shared.setdefault(one, len(shared)) for one in outcomes]
        kind = _kind(len(outcomes) + 1)
        outcomes = (*shared, (None,) * len(outcomes[0]))
        return Steps(tuple(thresholds), np.array(again, kind) if len(shared) < len(again) else None, outcomes)

    def code(self, conditions: list[np.ndarray], mask: np.ndarray | None, count: int) -> Coded:
        """This function will count how many steps each value has passed."""
        kind = _kind(len(conditions) + 2)
        codes = conditions[0].astype(kind) if conditions else np.zeros(count, kind)
        for passed in conditions[1:]:
            codes += passed.view(np.uint8)
        if self.again is not None:
            codes = self.again[codes]
        if mask is not None:
            np.copyto(codes, kind(len(self.outcomes) - 1), where=mask)
        return Coded(codes, self.outcomes)


def _dates(data: np.ndarray, mask: np.ndarray | None, tests: Tests) -> Coded:
    steps = _date_steps(tests)
    return steps.code([data >= step for step in steps.thresholds], mask, len(data))


def _numbers(data: np.ndarray, mask: np.ndarray | None, tests: Tests) -> Coded:
    yes_or_no = data.dtype == bool
    if data.dtype.kind == "f":
        return _floats(data, mask, Scale.of(tests, (bool, int, float)))
    steps = _integer_steps(tests, yes_or_no)
    data = data.view(np.uint8) if yes_or_no else data
    return steps.code([data >= step for step in steps.thresholds], mask, len(data))


@lru_cache(maxsize=1_000)
def _date_steps(tests: Tests) -> Steps:
    scale = Scale.of(tests, date)
    days = [(point - date(1970, 1, 1)).days for point in scale.points]
    return _steps(scale, [step for day in days for step in (day, day + 1)], math.inf)


@lru_cache(maxsize=1_000)
def _integer_steps(tests: Tests, yes_or_no: bool) -> Steps:
    scale = Scale.of(tests, (bool, int, float), yes_or_no=yes_or_no)
    firsts = [(point, _ceil(point)) for point in scale.points]
    steps = [step for point, first in firsts for step in (first, first + (point == first))]
    return _steps(scale, steps, 1 if yes_or_no else math.inf)


def _ceil(point: bool | int | float) -> int | float:
    return point if isinstance(point, float) and math.isinf(point) else math.ceil(point)


def _steps(scale: Scale, steps: Sequence[int | float], most: float) -> Steps:
    """`steps[n]` is the first number of place n + 1; places nobody can be in are left out."""
    kept: list[tuple[Any, tuple[Answer, ...]]] = [(None, scale.outcome(0))]
    for place, step in enumerate(steps, start=1):
        if step > most:
            break
        if step == kept[-1][0]:
            kept.pop()  # no integer lies there
        outcome = scale.outcome(place)
        if not kept or kept[-1][1] != outcome:
            kept.append((step, outcome))
    return Steps.of([step for step, _ in kept[1:]], [outcome for _, outcome in kept])


def _floats(data: np.ndarray, mask: np.ndarray | None, scale: Scale) -> Coded:
    conditions, outcomes = [], [scale.outcome(0)]
    for n, point in enumerate(scale.points):
        for place, compare in ((2 * n + 1, operator.ge), (2 * n + 2, operator.gt)):
            conditions.append(_beyond(data, point, compare))
            outcomes.append(scale.outcome(place))
    steps, nan = Steps.of((), outcomes), np.isnan(data)
    if not nan.any():
        return steps.code(conditions, mask, len(data))
    # Not a number: equal to nothing, before and after nothing.
    coded = steps.code(conditions, None, len(data))
    answers = tuple(_answer(test, math.nan) for test in scale.tests)
    codes = np.where(nan, len(coded.outcomes), coded.codes.astype(np.uint32))
    codes = codes if mask is None else np.where(mask, len(coded.outcomes) - 1, codes)
    return Coded(_small(codes, len(coded.outcomes) + 1), (*coded.outcomes, answers))


def _beyond(data: np.ndarray, point: bool | int | float, compare: Callable) -> np.ndarray:
    """Compare with the exact literal, also where no float equals it (an integer beyond 2**53)."""
    try:
        near = float(point)
    except OverflowError:
        near = math.inf if point > 0 else -math.inf
    if near != point:
        compare = operator.gt if near < point else operator.ge
    return compare(data, near)


def _kind(count: int) -> type:
    return np.uint8 if count <= 256 else np.uint16 if count <= 65536 else np.uint32


def _small(codes: np.ndarray, count: int) -> np.ndarray:
    return codes.astype(_kind(count), copy=False)
