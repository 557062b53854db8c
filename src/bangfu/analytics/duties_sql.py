"""The same ledger as SQL, twice: with window functions, and with a plain GROUP BY. Peer of duties.py, and its referee.

In: the columns duties.py works on. Out: (child, row, count, late, state) for some children. Written the way a good
engineer would: everything is joined by number, days are looked up in a small table, nothing is compared as text.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np

from bangfu.analytics.duties import CODES, DONE, LATE, Acts, Children, Seen, Track
from bangfu.engine.standing import State

THREADS = 2

# Most children owe every window whole; only those who joined, left or were away need their days counted.
OWED = """
usual AS (
    SELECT child FROM child WHERE first = 0 AND last = $end AND away_from > away_to
      AND child >= $low AND child < $high
), clipped AS (
    SELECT c.child, w.row_no, w.times, greatest(w.opens, c.first) AS opens, least(w.due, c.last) AS due,
           greatest(w.opens, c.first, c.away_from) AS away_from, least(w.due, c.last, c.away_to) AS away_to
    FROM child c CROSS JOIN win w
    WHERE c.child >= $low AND c.child < $high AND c.child NOT IN (SELECT child FROM usual)
      AND w.opens <= c.last AND w.due >= c.first
), owed AS (
    SELECT child, row_no, times, opens, due, false AS excused FROM usual CROSS JOIN win
    UNION ALL
    SELECT child, row_no, times, opens, due, coalesce(a2.until - a1.before, 0) = s2.until - s1.before
    FROM clipped JOIN school s1 ON s1.day = opens JOIN school s2 ON s2.day = due
    LEFT JOIN school a1 ON a1.day = away_from AND away_from <= away_to
    LEFT JOIN school a2 ON a2.day = away_to AND away_from <= away_to
    WHERE s2.until > s1.before
)"""
MET = """
fitting AS (SELECT kind, day, row_no, due FROM fit JOIN of_day USING (duty)),
met AS (
    SELECT a.child, d.row_no, a.day, a.day + a.delay AS written, least(d.due, c.last) AS due
    FROM act a JOIN fitting d ON d.kind = a.kind AND d.day = a.day JOIN child c USING (child)
    WHERE a.day BETWEEN c.first AND c.last AND a.child >= $low AND a.child < $high
)"""
BY_WINDOW = """
counted AS (
    SELECT child, row_no, many, late FROM (
        SELECT child, row_no, row_number() OVER w AS nth, count(*) OVER w AS many,
               sum((written > due)::INT) OVER w AS late
        FROM met WINDOW w AS (PARTITION BY child, row_no)
    ) WHERE nth = 1
)"""
BY_GROUP = """
counted AS (
    SELECT child, row_no, count(*) AS many, count(*) FILTER (written > due) AS late FROM met GROUP BY ALL
)"""
STATES = f"""
SELECT o.child::INT AS child, o.row_no::SMALLINT AS row_no, coalesce(many, 0)::UTINYINT AS many,
       coalesce(late, 0)::UTINYINT AS late,
       (CASE WHEN many - late >= times THEN {DONE}
             WHEN many >= times THEN {LATE}
             WHEN excused THEN {CODES[State.excused]}
             WHEN $day < opens THEN {CODES[State.not_yet_open]}
             WHEN $day <= due THEN {CODES[State.open]}
             WHEN due <= $sealed THEN {CODES[State.not_done]}
             ELSE {CODES[State.can_still_be_added]} END)::UTINYINT AS state
FROM owed o LEFT JOIN counted n ON n.child = o.child AND n.row_no = o.row_no"""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one way of asking took, over all threads, and how many cells it answered differently."""

    cpu: float
    wall: float
    differences: int


class Peer:
    """A DuckDB in memory that holds the columns as tables."""

    def __init__(self, tracks: Sequence[Track], children: Children, acts: Acts, memory: str) -> None:
        self.tracks, self.children = tracks, children
        self.base = duckdb.connect()
        self.base.execute(f"SET threads = {THREADS}; SET memory_limit = '{memory}'")
        self.base.execute("SET preserve_insertion_order = false; SET temp_directory = ''")  # nothing on disk
        many = np.arange(len(children), dtype=np.int32)
        self._table("child", child=many, first=children.first, last=children.last,
                    away_from=children.away_from, away_to=children.away_to)  # fmt: skip
        self._table("act", child=np.repeat(many, np.diff(acts.starts)), day=acts.day, kind=acts.kind,
                    delay=acts.delay)  # fmt: skip
        self._windows()

    def _windows(self) -> None:
        tracks, days = self.tracks, self.children.days
        rows = [np.arange(len(t.opens), dtype=np.int16) + t.start for t in tracks]
        self._table(
            "win",
            row_no=np.concatenate(rows),
            times=np.concatenate([np.full(len(t.opens), t.times, np.int16) for t in tracks]),
            opens=np.concatenate([t.opens for t in tracks]),
            due=np.concatenate([t.dues for t in tracks]),
        )
        fits = [(n, kind) for n, t in enumerate(tracks) for kind in np.flatnonzero(t.fits)]
        self._table("fit", duty=_column(fits, 0, np.int16), kind=_column(fits, 1, np.uint8))
        inside = [
            (n, day, t.start + row, t.dues[row])
            for n, t in enumerate(tracks)
            for day, row in enumerate(t.of_day.tolist())
            if row < len(t.opens)
        ]
        names = ("duty", "day", "row_no", "due")
        self._table("of_day", **{name: _column(inside, at, np.int16) for at, name in enumerate(names)})
        day = np.arange(days.length, dtype=np.int16)
        self._table("school", day=day, before=days.at_school[:-1], until=days.at_school[1:])

    def _table(self, name: str, **columns: np.ndarray) -> None:
        self.base.register("arriving", columns)
        self.base.execute(f"CREATE TABLE {name} AS SELECT * FROM arriving")
        self.base.unregister("arriving")

    def ask(self, how: str, seen: Seen, expected, *, step: int) -> Answer:
        """This function will answer every cell, `step` children at a time, and compare it with what is expected.

        `expected(which)` gives (counts, lates, states) of some children. Only the query itself is timed.
        """
        sql = f"CREATE OR REPLACE TEMP TABLE answer AS WITH {OWED}, {MET}, {how} {STATES}"
        cpu = wall = 0.0
        differences = 0
        for low in range(0, len(self.children), step):
            which = slice(low, min(low + step, len(self.children)))
            end = self.children.days.length - 1
            asked = {"low": low, "high": which.stop, "day": seen.day, "sealed": seen.sealed, "end": end}
            started, busy = time.perf_counter(), time.process_time()
            self.base.execute(sql, asked)
            cpu, wall = cpu + time.process_time() - busy, wall + time.perf_counter() - started
            differences += self._differences(which, expected(which))
        return Answer(cpu, wall, differences)

    def _differences(self, which: slice, expected) -> int:
        got = self.base.execute("SELECT * FROM answer").fetchnumpy()
        at = (got["row_no"], got["child"] - which.start)
        wrong = 0
        for name, cells in zip(("many", "late", "state"), expected, strict=True):
            mine = np.zeros(cells.shape, np.uint8)
            mine[at] = got[name]
            owed = expected[2] != 0
            wrong += int(np.count_nonzero((mine != cells) & owed) + np.count_nonzero(mine[~owed]))
        return wrong


def _column(rows: list[tuple], at: int, kind) -> np.ndarray:
    return np.array([row[at] for row in rows], kind)
