"""Many rules and many children in; for each child and rule the row-wise verdict, as columns, out.

The plan studio's dry run and a county's nightly screening ask for it. It equals engine/rule.py bit for bit.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from bangfu.analytics.columns import Coded, Tests, from_table, from_values
from bangfu.analytics.kleene import Bench, Fork, Judged, Leaf, tree
from bangfu.engine.grammar import Join, Node, Test
from bangfu.engine.rule import Reason, Rule

SETTINGS = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "enable_external_access": False,
    "lock_configuration": True,
}


def connect(threads: int = 2) -> Any:
    """This function will open a DuckDB in memory that fetches nothing, reads no file and cannot be talked out of it."""
    import duckdb

    return duckdb.connect(config={**SETTINGS, "threads": threads})


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Rules that were read, ready for any number of tables. `asked`: each fact with the tests rules put to it."""

    rules: Mapping[str, Rule]
    asked: Mapping[str, Tests]
    roots: Mapping[str, Leaf | Fork]
    clauses: Mapping[str, Tests]
    ahead: dict = field(default_factory=dict)
    ways: dict = field(default_factory=dict)

    def reasons(self, key: str, mask: int, facts: Mapping[str, Any]) -> tuple[Reason, ...]:
        """This function will put a reason mask into words, from the facts of the row that is shown."""
        rule = self.rules[key]
        held = [clause for n, clause in enumerate(self.clauses[key]) if int(mask) >> n & 1]
        each = (Rule(rule.text, clause, (clause.fact,), rule.titles).judge(facts) for clause in held)
        return tuple(reason for verdict in each for reason in verdict.reasons)

    def unknown(self, key: str, mask: int) -> tuple[str, ...]:
        """This function will name the facts of an unknown mask."""
        return tuple(name for n, name in enumerate(self.rules[key].names) if int(mask) >> n & 1)


@dataclass(frozen=True, slots=True, eq=False)
class Verdicts:
    """What every rule says of every row, in the order of the rows; `kept` are columns carried along, such as ids."""

    prepared: Prepared
    judged: Mapping[str, Judged]
    kept: Mapping[str, np.ndarray]
    rows: int

    def __getitem__(self, key: str) -> Judged:
        return self.judged[key]

    def counts(self, key: str) -> tuple[int, int, int]:
        """This function will count yes, no and unknown."""
        answer = self.judged[key].answer
        yes, no = int(np.count_nonzero(answer == 1)), int(np.count_nonzero(answer == 0))
        return yes, no, len(answer) - yes - no

    def find_out(self, key: str, among: np.ndarray | None = None) -> dict[str, int]:
        """This function will count, for each fact, the children it is still needed for; those that settle most first."""
        masks = self.judged[key].unknown
        masks = masks if among is None else masks[among]
        names = self.prepared.rules[key].names
        found = {name: int(np.count_nonzero(masks >> n & 1)) for n, name in enumerate(names)}
        return {name: found[name] for name in sorted(found, key=lambda n: (-found[n], n)) if found[name]}


def prepare(rules: Mapping[str, Rule]) -> Prepared:
    """This function will sort out once what each fact is asked, by all rules together."""
    asked: dict[str, dict[Test, int]] = {}
    clauses = {key: tuple(_tests(rule.root)) for key, rule in rules.items()}
    for tests in clauses.values():
        for test in tests:
            mine = asked.setdefault(test.fact, {})
            mine.setdefault(test, len(mine))
    roots = {key: tree(rule, asked) for key, rule in rules.items()}
    return Prepared(dict(rules), {fact: tuple(tests) for fact, tests in asked.items()}, roots, clauses)


def judge(prepared: Prepared, connection: Any, table: str, keep: Sequence[str] = ()) -> Verdicts:
    """This function will judge every row of a DuckDB table whose columns are named as the facts; NULL is unknown."""
    coded, kept = from_table(connection, table, prepared.asked, keep, prepared.ways)
    columns = [*(one.codes for one in coded.values()), *kept.values()]
    return _verdicts(prepared, coded, kept, len(columns[0]) if columns else 0)


def judge_lists(prepared: Prepared, rows: Mapping[str, Sequence[Any]]) -> Verdicts:
    """This function will judge rows given as one list a fact (None or Stated too); a fact without a list is unknown."""
    count = max(map(len, rows.values()), default=0)
    nothing = [None] * count
    coded = {fact: from_values(rows.get(fact, nothing), tests) for fact, tests in prepared.asked.items()}
    return _verdicts(prepared, coded, {}, count)


def _verdicts(
    prepared: Prepared, coded: Mapping[str, Coded], kept: Mapping[str, np.ndarray], rows: int
) -> Verdicts:
    bench = Bench(coded, prepared.ahead)
    same: dict[Leaf | Fork, Judged] = {}
    for root in prepared.roots.values():
        if root not in same:  # two plans may say the same
            same[root] = bench.judge(root)
    judged = {key: same[root] for key, root in prepared.roots.items()}
    return Verdicts(prepared, judged, kept, rows)


def _tests(node: Node) -> Iterator[Test]:
    if isinstance(node, Join):
        for part in node.parts:
            yield from _tests(part)
    else:
        yield node
