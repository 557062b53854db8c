"""The kept state read and written in plain SQL: asked at every record and every page, so it is not composed anew each time.

Rows come back as plain values (UUIDs, dates); both databases say the same. Everything else about it stands in models.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from uuid import UUID

from django.db import connection
from django.db.models import UUIDField

CELL = "s.duty_key, s.period, s.opens_on, s.due_on, s.times, s.count, s.done_on, s.state, s.asks"
WAITING = f"""
SELECT c.school_id, k.is_stale, k.made_by, k.since, k.until, c.pupil_id, c.id, c.plan_key, {CELL}
FROM records_case c LEFT JOIN records_keptledger k ON k.case_id = c.id
LEFT JOIN records_dutystate s ON s.kept_id = c.id AND s.state IN ('open', 'can_still_be_added')
WHERE c.pupil_id IN ({{}}) AND c.opened_on <= %s AND (c.closed_on IS NULL OR c.closed_on > %s)"""
AROUND = f"""
SELECT c.school_id, k.case_id, c.pupil_id, s.id, {CELL}
FROM records_case c JOIN records_keptledger k ON k.case_id = c.id
LEFT JOIN records_dutystate s ON s.kept_id = k.case_id AND s.opens_on <= %s AND s.due_on >= %s
WHERE c.pupil_id IN ({{}}) AND NOT k.is_stale AND k.made_by = %s AND k.since <= %s AND k.until >= %s
ORDER BY k.case_id"""
REACHED = "UPDATE records_dutystate SET count = %s, done_on = %s, state = %s WHERE id IN ({})"
SETTLED = "UPDATE records_keptledger SET is_stale = {} WHERE case_id IN ({})"
_UUID = UUIDField()


def waiting(school_id: UUID, pupils: Sequence[UUID], day: date) -> list[tuple]:
    """This function will read what waits: (stale, made by, since, until, pupil, case, plan, *cell); None for no cell."""
    if not pupils:
        return []
    rows = _ask(WAITING, school_id, ((), pupils, (day, day)))
    return [
        (stale, made_by, _day(since), _day(until), _id(pupil), _id(case), plan, *_cell(cell))
        for stale, made_by, since, until, pupil, case, plan, *cell in rows
    ]


def around(school_id: UUID, pupils: Sequence[UUID], fresh: tuple[date, str], on: date) -> list[tuple]:
    """This function will lock the fresh ledgers of children: (case, pupil, cell number or None, *cell around a day)."""
    if not pupils:
        return []
    day, made_by = fresh
    lock = " FOR UPDATE OF k" if connection.vendor == "postgresql" else ""  # SQLite has one writer anyway
    rows = _ask(AROUND + lock, school_id, ((on, on), pupils, (made_by, day, day)))
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


def _ask(sql: str, school_id: UUID, values: tuple) -> list[list]:
    """The school is compared here: asked for in SQL, SQLite would walk through all its cases instead of the children's."""
    before, pupils, after = values
    with connection.cursor() as cursor:
        cursor.execute(sql.format(_holes(pupils)), (*before, *(_key(pupil) for pupil in pupils), *after))
        mine = _key(school_id)
        return [row for school, *row in cursor.fetchall() if school == mine]


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
