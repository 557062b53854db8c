"""An invented county or prefecture and five lists about it, with the truth: what `bangfu bench link` links.

Always the same for the same size and regime; make() says what the tables hold. Who the people are: bench/link_world.py,
what is done to the lists and how often: bench/link_dirt.py.
"""

import sys
from typing import Any

import numpy as np

from bangfu.bench import link_dirt, link_lists, link_world

COLUMNS = (  # noqa: SIM905
    "key name former_name sex birth_on id_number roll_no guardian1 guardian2 guardian_id1 guardian_id2"
    " phone village household"
).split()


def make(pupils: int, regime: str) -> dict[str, dict[str, np.ndarray]]:
    """This function will make the three tables as columns; regime is "plain" or "hard". Text is never NULL ('' = not said).

    `children`  COLUMNS: birth_on is a date (NULL = not said), key c0000001 …
    `listed`    list (allowance, monitored, disabled, orphans, left_behind) and the same columns, key r0000001 …
    `truth`     row, child ('' = no pupil), dirt (what was done to the row), number_of (the child whose number stands in
                the row although it is not the row's own, else '')
    307 rows for 1,000 children, a fifth of them no pupils: the guardians themselves, babies and grown siblings of
    pupils, children of other schools with all their namesakes. A third of the pupils have siblings on the roll, one in
    sixty is a twin, whose number is often the next one. Text is as it is after intake: NFKC, no spaces.
    """
    one = link_world.world(pupils)
    children = link_world.roll(one)
    draw = np.random.default_rng(link_world.SEED + 2)
    rows, who = link_lists.write(draw, one, children)
    truth = link_dirt.spoil(np.random.default_rng(link_world.SEED + 3), regime, rows, who, one)
    keys = np.append(children["key"], "")
    truth = {
        "row": rows["key"],
        "child": keys[np.where(who < pupils, who, -1)],
        "dirt": truth["dirt"],
        "number_of": keys[truth["number_of"]],
    }
    order = np.argsort(children["key"])
    return {
        "children": {name: column[order] for name, column in children.items()},
        "listed": rows,
        "truth": truth,
    }


def fill(connection: Any, tables: dict[str, dict[str, np.ndarray]]) -> None:
    """This function will make the DuckDB tables."""
    for table, columns in tables.items():
        arrays = {
            name: column if column.dtype.kind == "M" else column.astype(object)
            for name, column in columns.items()
        }
        for name, column in arrays.items():
            if column.dtype.kind == "M":
                arrays[name] = column.astype("datetime64[us]")
        connection.register("arrays", arrays)
        picked = ", ".join("birth_on::date as birth_on" if name == "birth_on" else name for name in arrays)
        connection.execute(f"create or replace table {table} as select {picked} from arrays")
        connection.unregister("arrays")


def main(pupils: str, path: str) -> None:
    """This function will write both regimes into a DuckDB file, a schema each."""
    import duckdb

    with duckdb.connect(path) as connection:
        for regime in ("plain", "hard"):
            connection.execute(f"create schema {regime}")
            connection.execute(f"use {regime}")
            fill(connection, make(int(pupils), regime))
    print("{}")


if __name__ == "__main__":
    main(*sys.argv[1:])
