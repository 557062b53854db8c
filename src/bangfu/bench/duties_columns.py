"""The columns of `bangfu bench duties`: recount, night and records; then, in another process, DuckDB over the same.

In: what to do, how many children, a folder. Out: one line of JSON. CPU is that of all threads of the process.
"""

import json
import resource
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import django
import numpy as np

if TYPE_CHECKING:
    from bangfu.bench.duties_made import Made


SAMPLED, SHOWN, FEW, REPLAYED = 2_000, 500, 3_000, 400
STEP = 100_000  # DuckDB answers so many children at a time: seventeen million cells
MEMORY = "6GB"
SEED = 29
PARTS = ("counts", "lates", "states")


def columns(many: int, folder: Path) -> dict:
    """This function will recount everything, look at a night, and hold samples against the row-wise engine."""
    from bangfu.analytics.duties import Kept, recount, size_of
    from bangfu.bench.duties_made import make

    made = make(many)
    rows = size_of(made.tracks)
    kept = Kept.empty(made.tracks, made.children)
    states = np.empty_like(kept.counts)
    for which, found in recount(made.tracks, made.children, made.acts, made.seen):
        kept.counts[:, which], kept.lates[:, which], states[:, which] = (
            found.counts,
            found.lates,
            found.states,
        )
    busy, wall = time.process_time(), time.perf_counter()
    wrong = 0
    for which, found in recount(made.tracks, made.children, made.acts, made.seen):
        wrong += kept.differences(which, found)
    audit = {"audit": time.process_time() - busy, "audit_wall": time.perf_counter() - wall}
    night = []
    for _ in range(3):
        busy = time.process_time()
        kept.night(made.seen)
        night.append(time.process_time() - busy)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
    for name, cells in zip(PARTS, (kept.counts, kept.lates, states), strict=True):
        np.save(folder / f"{name}.npy", cells)
    return {
        **audit, **few(made), **record(made, kept), **row_wise(made, kept.counts, states),
        "night": night, "memory": memory, "children": many, "acts": len(made.acts.day), "cells": rows * many,
        "audit_wrong": wrong,
    }  # fmt: skip


def few(made: "Made") -> dict:
    """This function will time a school's worth of children from the calendar on: windows, columns, every cell."""
    from bangfu.analytics.duties import Acts, days_of, recount, tracks_of
    from bangfu.bench.duties_made import calendar

    some = min(FEW, len(made.children))
    known, last = calendar(), int(made.acts.starts[some])
    acts = Acts(
        made.acts.starts[: some + 1], *(c[:last] for c in (made.acts.day, made.acts.kind, made.acts.delay))
    )
    busy = time.process_time()
    days = days_of(known)
    tracks = tracks_of(made.plan.duties, made.kinds, known, days)
    for _ in recount(tracks, made.children.some(slice(0, some)), acts, made.seen):
        pass
    return {"few": time.process_time() - busy}


def record(made: "Made", kept) -> dict:
    """This function will replay the records of some children one by one, in any order: microseconds, and wrong cells."""
    from bangfu.analytics.duties import Kept

    some = min(REPLAYED, len(made.children))
    again = Kept.empty(made.tracks, made.children.some(slice(0, some)))
    order = np.random.default_rng(SEED).permutation(int(made.acts.starts[some]))
    owner = np.repeat(np.arange(some), np.diff(made.acts.starts[: some + 1]))
    told = [
        (int(owner[at]), int(made.acts.day[at]), int(made.acts.kind[at]), int(made.acts.delay[at]))
        for at in order
    ]
    busy = time.process_time()
    for one in told:
        again.add(*one)
    each = (time.process_time() - busy) / len(told) * 1e6
    wrong = (again.counts != kept.counts[:, :some]) | (again.lates != kept.lates[:, :some])
    return {"record": each, "kept_wrong": int(np.count_nonzero(wrong))}


def row_wise(made: "Made", counts, states) -> dict:
    """This function will judge a seeded sample of children by engine.duty and engine.standing, every duty and window."""
    from bangfu.bench.duties_made import cells_of

    chosen = np.random.default_rng(SEED).choice(
        len(made.children), min(SAMPLED, len(made.children)), replace=False
    )
    wrong = cells = 0
    busy, taken = time.process_time(), 0.0
    for number, child in enumerate(chosen.tolist()):
        if number == SHOWN:
            taken = time.process_time() - busy
        count, state = cells_of(made, child, len(states))
        differs = (state != states[:, child]) | ((count != counts[:, child]) & (state != 0))
        wrong, cells = wrong + int(np.count_nonzero(differs)), cells + len(state)
    return {"row_wise_wrong": wrong, "row_wise_cells": cells, "row_wise_few": taken / SHOWN * FEW}


def peer(many: int, folder: Path) -> dict:
    """This function will have DuckDB answer every cell, by window functions and by GROUP BY, and compare them all."""
    from bangfu.analytics import duties_sql as sql
    from bangfu.bench.duties_made import make

    made = make(many)
    cells = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in PARTS]
    base = sql.Peer(made.tracks, made.children, made.acts, MEMORY)

    def expected(which: slice):
        return [np.array(part[:, which]) for part in cells]

    windows = base.ask(sql.BY_WINDOW, made.seen, expected, step=STEP)
    group = base.ask(sql.BY_GROUP, made.seen, expected, step=STEP)
    return {
        "windows": windows.cpu, "windows_wall": windows.wall, "group": group.cpu,
        "differences": windows.differences + group.differences, "cells": 2 * cells[2].size,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20,
    }  # fmt: skip


def main() -> None:
    """This function will do the part that is asked for."""
    part, many, folder = sys.argv[1:]
    done = {"columns": columns, "peer": peer}[part](int(many), Path(folder))
    print(json.dumps(done), flush=True)


if __name__ == "__main__":
    django.setup()  # the plan and the holidays are read through flow
    main()
