"""The kept state read and written in plain SQL: asked at every record and every page, so it is not composed anew each time.

Rows come back as plain values (UUIDs, dates); both databases say the same. Everything else about it stands in models.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from operator import itemgetter
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

CELL = "s.duty_key, s.period, s.opens_on, s.due_on, s.times, s.count, s.done_on, s.state, s.asks"
WAITING = """
SELECT NOT k.is_stale AND k.made_by = %s AND k.since <= %s AND k.until >= %s,
{p}s.due_on, c.pupil_id, c.id, c.plan_key, s.duty_key, s.period, {p}s.opens_on, s.times, s.count, s.state
FROM records_case c LEFT JOIN records_keptledger k ON k.case_id = c.id
LEFT JOIN records_dutystate s ON s.kept_id = c.id AND s.state IN ('open', 'can_still_be_added')
WHERE c.pupil_id IN ({holes}) AND {p}c.school_id = %s AND c.opened_on <= %s
AND (c.closed_on IS NULL OR c.closed_on > %s)"""
AROUND = f"""
SELECT k.case_id, c.pupil_id, s.id, {CELL}
FROM records_case c JOIN records_keptledger k ON k.case_id = c.id
LEFT JOIN records_dutystate s ON s.kept_id = k.case_id AND s.opens_on <= %s AND s.due_on >= %s
WHERE c.pupil_id IN ({{}}) AND {{}}c.school_id = %s AND NOT k.is_stale AND k.made_by = %s AND k.since <= %s AND k.until >= %s
ORDER BY k.case_id"""
REACHED = "UPDATE records_dutystate SET count = %s, done_on = %s, state = %s WHERE id IN ({})"
SETTLED = "UPDATE records_keptledger SET is_stale = {} WHERE case_id IN ({})"
_UUID = UUIDField()


def waiting(school_id: UUID, pupils: Sequence[UUID], fresh: tuple[date, str]) -> list[tuple] | None:
    """This function will read what waits: (pupil, case, plan, duty, period, opens on, due on, times, count, state).

    None: the ledger of one of these children is not fresh on that day. Another school's children are passed over.
    """
    if not pupils:
        return []
    day, made_by = fresh
    values = (made_by, day, day, *map(_key, pupils), _key(school_id), day, day)
    with connection.cursor() as cursor:
        cursor.execute(WAITING.format(holes=_holes(pupils), p=_plus()), values)
        rows = cursor.fetchall()
    if not all(row[0] for row in rows):
        return None
    found = [row for row in rows if row[1] is not None]
    found.sort(key=itemgetter(1))
    ids, days = _Read(_id), _Read(_day)
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


def around(school_id: UUID, pupils: Sequence[UUID], fresh: tuple[date, str], on: date) -> list[tuple]:
    """This function will lock the fresh ledgers of children: (case, pupil, cell number or None, *cell around a day)."""
    if not pupils:
        return []
    day, made_by = fresh
    lock = " FOR UPDATE OF k" if connection.vendor == "postgresql" else ""  # SQLite has one writer anyway
    values = (on, on, *map(_key, pupils), _key(school_id), made_by, day, day)
    with connection.cursor() as cursor:
        cursor.execute((AROUND + lock).format(_holes(pupils), _plus()), values)
        rows = cursor.fetchall()
    return [(_id(case), _id(pupil), number, *_cell(cell)) for case, pupil, number, *cell in rows]


def reach(numbers: Sequence[int], count: int, done_on: date | None, state: str) -> None:
    """This function will write how far some cells have come."""
    with connection.cursor() as cursor:
        cursor.execute(REACHED.format(_holes(numbers)), (count, done_on, state, *numbers))


def settled(cases: Iterable[UUID]) -> None:
    """This function will say that some ledgers, locked before, are as they should be."""
    keys = [_key(case) for case in cases]
    no = "false" if connection.vendor == "postgresql" else "0"
    with connection.cursor() as cursor:
        cursor.execute(SETTLED.format(no, _holes(keys)), keys)


def _plus() -> str:
    """On SQLite: not to walk through all cases of the school; and days come as text, read once each instead of row by row."""
    return "+" if connection.vendor == "sqlite" else ""


def _holes(values: Sequence) -> str:
    return ", ".join(["%s"] * len(values))


def _key(value: UUID):
    return _UUID.get_db_prep_value(value, connection)


def _cell(values: list) -> tuple:
    duty, period, opens_on, due_on, times, count, done_on, state, asks = values
    return duty, period, _day(opens_on), _day(due_on), times, count, _day(done_on), state, asks


def _day(value) -> date | None:
    return _parsed(value) if isinstance(value, str) else value


@lru_cache(maxsize=1024)
def _parsed(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=8192)
def _id(value) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)
