"""The kept state read and written in plain SQL: asked at every record and every page, so it is not composed anew each time.

Rows come back as plain values (UUIDs, dates); both databases say the same. Everything else about it stands in models.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from uuid import UUID

from django.db import connection

CELL = "s.duty_key, s.period, s.opens_on, s.due_on, s.times, s.count, s.done_on, s.state, s.asks"
WAITING = """
SELECT NOT k.is_stale AND k.made_by = %s AND k.since <= %s AND k.until >= %s,
{p}s.due_on, c.pupil_id, c.id, c.plan_key, s.duty_key, s.period, {p}s.opens_on, s.times, s.count, s.state
FROM records_case c LEFT JOIN records_keptledger k ON k.case_id = c.id
LEFT JOIN records_dutystate s ON s.kept_id = c.id AND s.state IN ('open', 'can_still_be_added')
WHERE c.pupil_id IN ({holes}) AND {p}c.school_id = %s AND c.opened_on <= %s
AND (c.closed_on IS NULL OR c.closed_on > %s)"""
LOCK = """
SELECT 1 FROM records_keptledger k JOIN records_case c ON c.id = k.case_id
WHERE c.pupil_id IN ({}) ORDER BY k.case_id FOR UPDATE OF k"""
AROUND = f"""
SELECT k.case_id, c.pupil_id, s.id, {CELL}
FROM records_case c JOIN records_keptledger k ON k.case_id = c.id
LEFT JOIN records_dutystate s ON s.kept_id = k.case_id AND s.opens_on <= %s AND s.due_on >= %s
WHERE c.pupil_id IN ({{}}) AND {{}}c.school_id = %s AND NOT k.is_stale AND k.made_by = %s AND k.since <= %s AND k.until >= %s
ORDER BY k.case_id"""
REACHED = "UPDATE records_dutystate SET count = %s, done_on = %s, state = %s WHERE id IN ({})"
# What acts.acts_about asks, composed once; flow/acts.py reads these rows as it reads its own.
DONE = """
SELECT CAST(e.id AS {text}), CAST(a.pupil_id AS {text}), CAST(a.happened_on AS {text}), CAST(e.written_at AS {text}),
CAST(e.activities AS {text}), CAST(a.roles AS {text}), CAST(e.answers AS {text}), e.minutes
FROM records_evidencepupil a JOIN records_evidence e ON e.id = a.evidence_id
LEFT JOIN records_evidence later ON later.amends_id = e.id
WHERE a.pupil_id IN ({holes}) AND a.happened_on >= %s AND a.happened_on <= %s
AND later.id IS NULL AND NOT e.is_withdrawn"""
SETTLED = "UPDATE records_keptledger SET is_stale = {} WHERE case_id IN ({})"


def waiting(school_id: UUID, pupils: Sequence[UUID], fresh: tuple[date, str]) -> list[tuple] | None:
    """This function will read what waits: (pupil, case, plan, duty, period, opens on, due on, times, count, state).

    None: the ledger of one of these children is not fresh on that day. Another school's children are passed over.
    """
    if not pupils:
        return []
    day, made_by = fresh
    values = (made_by, day, day, *map(key_of, pupils), key_of(school_id), day, day)
    with connection.cursor() as cursor:
        cursor.execute(WAITING.format(holes=holes(pupils), p=_plus()), values)
        rows = cursor.fetchall()
    if not all(row[0] for row in rows):
        return None
    found = [row for row in rows if row[1] is not None]
    found.sort(key=itemgetter(1))
    ids, days = _Read(id_of), _Read(day_of)
    return [
        (ids[pupil], ids[case], plan, duty, period, days[opens_on], days[due_on], times, count, state)
        for _, due_on, pupil, case, plan, duty, period, opens_on, times, count, state in found
    ]


class _Read(dict):
    """Values as they are written, each read once: most rows share theirs."""

    def __init__(self, read):
        self.read = read

    def __missing__(self, written):
        found = self[written] = self.read(written)
        return found


def lock(pupils: Sequence[UUID]) -> None:
    """This function will lock all ledgers of children, fresh or not, in one order; SQLite has one writer anyway.

    The triggers touch the stale ones as well: locked beforehand, two writers never wait for each other in a ring.
    """
    if pupils and _is_postgres():
        with connection.cursor() as cursor:
            cursor.execute(LOCK.format(holes(pupils)), [key_of(pupil) for pupil in pupils])


def around(
    school_id: UUID, pupils: Sequence[UUID], fresh: tuple[date, str], days: tuple[date, date]
) -> list[tuple]:
    """This function will read the fresh ledgers of children: (case, pupil, cell number or None, *cell that touches days)."""
    if not pupils:
        return []
    day, made_by, first, last = written(fresh[0]), fresh[1], *map(written, days)
    values = (last, first, *map(key_of, pupils), key_of(school_id), made_by, day, day)
    with connection.cursor() as cursor:
        cursor.execute(AROUND.format(holes(pupils), _plus()), values)
        rows = cursor.fetchall()
    return [(id_of(case), id_of(pupil), number, *_cell(cell)) for case, pupil, number, *cell in rows]


def done(pupils: Sequence[UUID], since: date, until: date) -> list[tuple]:
    """This function will read what was done for children between two days, as text that flow/acts.py decodes."""
    text = "text" if _is_postgres() else "TEXT"
    with connection.cursor() as cursor:
        cursor.execute(DONE.format(holes=holes(pupils), text=text), (*map(key_of, pupils), since, until))
        return cursor.fetchall()


def reach(numbers: Sequence[int], count: int, done_on: date | None, state: str) -> None:
    """This function will write how far some cells have come."""
    with connection.cursor() as cursor:
        cursor.execute(REACHED.format(holes(numbers)), (count, done_on, state, *numbers))


def settled(cases: Iterable[UUID]) -> None:
    """This function will say that some ledgers, locked before, are as they should be."""
    keys = [key_of(case) for case in cases]
    if not keys:
        return
    no = "false" if _is_postgres() else "0"
    with connection.cursor() as cursor:
        cursor.execute(SETTLED.format(no, holes(keys)), keys)


@lru_cache(maxsize=1)
def _is_postgres() -> bool:
    return (
        connection.vendor == "postgresql"
    )  # a program has one database; asking the proxy each time costs more


def _plus() -> str:
    """On SQLite: not to walk through all cases of the school; and days come as text, read once each instead of row by row."""
    return "" if _is_postgres() else "+"


def holes(values: Sequence) -> str:
    """This function will write as many places to fill as there are values."""
    return ", ".join(["%s"] * len(values))


def key_of(value: UUID):
    """This function will give an id the way this database keeps it."""
    return value if _is_postgres() else value.hex


def written(day: date):
    """This function will give a day the way this database takes it, once for many places in a question."""
    return day if _is_postgres() else day.isoformat()


def _cell(values: list) -> tuple:
    duty, period, opens_on, due_on, times, count, done_on, state, asks = values
    return duty, period, day_of(opens_on), day_of(due_on), times, count, day_of(done_on), state, asks


def day_of(value) -> date | None:
    """This function will read a day as either database gives it."""
    return _parsed(value) if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _parsed(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=8192)
def id_of(value) -> UUID:
    """This function will read an id as either database gives it."""
    return value if isinstance(value, UUID) else UUID(value)
