"""The peers of `bangfu bench rules`: plain SQL of any rule, OpenFisca-core, a loop over the row-wise engine.

In: rules and columns. Out: each rule's answers, 1, 0 or -1, to be held equal to ours in the same run.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import numpy as np

from bangfu.analytics.columns import literal, quoted
from bangfu.bench.rules_children import BEGIN, Column
from bangfu.engine.grammar import Join, Node, Test
from bangfu.engine.rule import Rule

SIGNS = {"==": "=", "!=": "<>"}
PERIOD = "2026-09"


def sql_of(node: Node) -> str:
    """This function will write a rule as an engineer would: a three-valued expression, answers only."""
    if isinstance(node, Join):
        parts = [sql_of(part) for part in node.parts]
        return f"(not {parts[0]})" if node.op == "not" else "(" + f" {node.op} ".join(parts) + ")"
    name = quoted(node.fact)
    if node.op == "is":
        return name
    if node.op == "in":
        return f"{name} in ({', '.join(map(_constant, node.value))})"
    return f"{name} {SIGNS.get(node.op, node.op)} {_constant(node.value)}"


def _constant(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return str(value).lower()
    return f"date '{value}'" if isinstance(value, date) else literal(value)


def as_arrays(connection: Any, table: str, sql: Mapping[str, str]) -> dict[str, np.ndarray]:
    """This function will run the SQL and hand the answers over as masked arrays."""
    picked = ", ".join(f"{text} as r{n}" for n, text in enumerate(sql.values()))
    found = connection.execute(f"select {picked} from {quoted(table)}").fetchnumpy()
    return {key: found[f"r{n}"] for n, key in enumerate(sql)}


def as_table(connection: Any, table: str, sql: Mapping[str, str]) -> None:
    """This function will run the SQL and leave the answers in DuckDB."""
    picked = ", ".join(f"{text} as r{n}" for n, text in enumerate(sql.values()))
    connection.execute(f"create or replace temp table answers as select {picked} from {quoted(table)}")


def answers(connection: Any, table: str, sql: Mapping[str, str]) -> dict[str, np.ndarray]:
    """This function will run the SQL and give 1, 0, -1 in the table's order.

    A longer IN list becomes a hash join, which hands rows over in any order (duckdb/duckdb#24398): sort by row.
    """
    found = as_arrays(connection, table, {**sql, "": "rowid"})
    order = np.argsort(found.pop(""))
    return {
        key: np.where(np.ma.getmaskarray(one), -1, np.ma.getdata(one)).astype(np.int8)[order]
        for key, one in found.items()
    }


def loop(rules: Mapping[str, Rule], columns: Mapping[str, Column], rows: int) -> Callable[[], list]:
    """This function will make ready the per-row loop over the first rows."""
    facts = [{name: column.value(row) for name, column in columns.items()} for row in range(rows)]
    return lambda: [{key: one.judge(child) for key, one in rules.items()} for child in facts]


def openfisca(rules: Mapping[str, Rule], columns: Mapping[str, Column]) -> Callable[[], dict] | None:
    """This function will make OpenFisca ready, its inputs already set; None where it is not installed.

    It knows no unknown, so every fact comes with a second variable that says whether it is known.
    """
    try:
        from openfisca_core import entities, simulations, taxbenefitsystems
    except ImportError:
        return None
    person = entities.SingleEntity("person", "persons", "", "")
    system = taxbenefitsystems.TaxBenefitSystem([person])
    for name, column in columns.items():
        system.add_variable(_variable(person, name, bool if column.kind == "bool" else int))
        system.add_variable(_variable(person, f"{name}_known", bool))
    for key, one in rules.items():
        system.add_variable(_variable(person, key, int, _formula(one.root, columns)))
    count = len(next(iter(columns.values())).data)
    simulation = simulations.SimulationBuilder().build_default_simulation(system, count)
    for name, column in columns.items():
        data = column.data if column.kind == "bool" else column.data.astype(np.int32)
        simulation.set_input(name, PERIOD, data)
        simulation.set_input(f"{name}_known", PERIOD, column.known)

    def run() -> dict:
        for key in rules:
            simulation.delete_arrays(key)
        return {key: simulation.calculate(key, PERIOD) for key in rules}

    return run


def _variable(person: Any, name: str, kind: type, formula: Callable | None = None) -> type:
    from openfisca_core import periods, variables

    held = {"value_type": kind, "entity": person, "definition_period": periods.DateUnit.MONTH, "label": name}
    if formula:
        held["formula"] = formula
    return type(name, (variables.Variable,), held)


def _formula(root: Node, columns: Mapping[str, Column]) -> Callable:
    def formula(person, period):
        yes, no = _both(root, columns, lambda name: person(name, period))
        return yes.astype(np.int32) - ~(yes | no)

    return formula


def _both(node: Node, columns: Mapping[str, Column], ask: Callable) -> tuple[np.ndarray, np.ndarray]:
    """Certainly yes and certainly no: three answers for an engine that has two."""
    if isinstance(node, Test):
        value, known = _holds(node, columns[node.fact], ask(node.fact)), ask(f"{node.fact}_known")
        return value & known, ~value & known
    parts = [_both(part, columns, ask) for part in node.parts]
    if node.op == "not":
        return parts[0][1], parts[0][0]
    yes, no = parts[0]
    for more_yes, more_no in parts[1:]:
        yes, no = (yes | more_yes, no & more_no) if node.op == "or" else (yes & more_yes, no | more_no)
    return yes, no


def _holds(test: Test, column: Column, data: np.ndarray) -> np.ndarray:
    if test.op == "is":
        return data
    if test.op == "in":
        return np.isin(data, [_number(column, one) for one in test.value])
    compare = {"==": np.equal, "!=": np.not_equal, "<": np.less, "<=": np.less_equal, ">": np.greater}
    return compare.get(test.op, np.greater_equal)(data, _number(column, test.value))


def _number(column: Column, value: Any) -> Any:
    if column.words:
        return column.words.index(value)
    return (value - BEGIN).days if isinstance(value, date) else value
