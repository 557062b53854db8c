"""One engine of `bangfu bench link` in a process of its own: `python -m bangfu.bench.link_run ENGINE DATABASE REGIME`.

In: a DuckDB file with a schema for each regime. Out: one line of JSON: precision, recall, review, CPU, memory.
Measured: from tables in memory to a table of links; opening, importing and judging are not.
"""

import importlib
import json
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

REVIEW, CANDIDATES = 0.03, 5


ENGINES = {
    "ours": "link_ours:link",
    "exact": "link_peers:exact",
    "waterfall": "link_peers:waterfall",
    "splink": "link_splink:link",
    "rapidfuzz": "link_peers:rapidfuzz",
    "recordlinkage": "link_recordlinkage:link",
}


def engine_of(name: str) -> Callable[[Any], Any]:
    """This function will import one engine; it fills a table `found` and may say more figures."""
    module, _, function = ENGINES[name].partition(":")
    return getattr(importlib.import_module(f"bangfu.bench.{module}"), function)


def opened(path: str, regime: str) -> Any:
    """This function will open the tables of one regime in memory."""
    import duckdb

    connection = duckdb.connect(config={"threads": 2})
    connection.execute("set enable_progress_bar = false")
    connection.execute(f"attach '{path}' as made (read_only)")
    for table in ("children", "listed", "truth"):
        connection.execute(f"create table {table} as select * from made.{regime}.{table}")
    connection.execute("detach made")
    return connection


def measured(engine: Callable[[Any], Any], connection: Any) -> dict[str, Any]:
    """This function will run an engine and give CPU seconds, wall seconds and the peak of memory in GB."""
    wall, cpu = time.perf_counter(), time.process_time()
    more = engine(connection) or {}
    found = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**found, "memory": peak(), **more}


def peak() -> float:
    """This function will give the most memory this process held, in GB; Linux would count the parent's in ru_maxrss."""
    try:
        with open("/proc/self/status", encoding="ascii") as file:
            return next(int(line.split()[1]) for line in file if line.startswith("VmHWM")) / 1024**2
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def judged(connection: Any, review: float = REVIEW) -> dict[str, float]:
    """This function will hold what was found against the truth; the same for every engine.

    After review counts a child among at most five candidates of a row on the review list: the best rows without a sure
    link, by weight, at most `review` of all rows.
    """
    connection.execute(
        "create or replace temp table best as select row, arg_max(child, weight) as child from found where is_sure group by row"
    )
    connection.execute(
        "create or replace temp table asked as select row, max(weight) as weight from found"
        " where not is_sure and row not in (select row from best) group by row order by weight desc, row"
        f" limit (select floor(count(*) * {review})::bigint from listed)"
    )
    connection.execute(
        "create or replace temp table shown as select row, child from found where not is_sure"
        " and row in (select row from asked)"
        f" qualify row_number() over (partition by row order by weight desc, child) <= {CANDIDATES}"
    )
    values = connection.execute(
        "select (select count(*) from truth where child <> '') as pupils,"
        " (select count(*) from best) as sure,"
        " (select count(*) from best join truth t using (row) where best.child = t.child) as correct,"
        " (select count(*) from shown join truth t using (row) where shown.child = t.child) as reviewed,"
        " (select count(*) from asked) as asked, (select count(*) from listed) as rows,"
        " (select count(*) from best join truth t using (row) where t.number_of <> '' and best.child = t.number_of"
        " and t.child <> t.number_of) as sibling,"
        " (select count(*) from truth where number_of <> '') as sibling_rows"
    ).fetchone()
    pupils, sure, correct, reviewed, asked, rows, sibling, sibling_rows = values
    return {
        "precision": correct / max(sure, 1),
        "recall": correct / max(pupils, 1),
        "reviewed": (correct + reviewed) / max(pupils, 1),
        "review_share": asked / max(rows, 1),
        "wrong": sure - correct,
        "missed": pupils - correct,
        "sibling": sibling,
        "sibling_rows": sibling_rows,
        "rows": rows,
    }


def main(name: str, path: str, regime: str) -> None:
    """This function will run one engine and print what came of it."""
    connection = opened(path, regime)
    engine = engine_of(name)
    found = measured(engine, connection)
    print(json.dumps({**found, **judged(connection)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
