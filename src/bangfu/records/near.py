"""Where children were and whether one staff member stood beside them, over some days: one query in plain SQL.

Asked at every record, so it is not composed anew each time. Rows are spells; who reads them picks the day.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from bangfu.records.kept import day_of, holes, id_of, key_of, written
from bangfu.records.models.people import Pupil

PAIR = """FROM records_pairing p JOIN records_case c ON c.id = p.case_id {more}
WHERE c.pupil_id IN ({holes}) AND p.state IN ('confirmed', 'ended')
AND p.valid_from <= %s AND (p.valid_to IS NULL OR p.valid_to > %s)"""
FOR_THIS_CHILD = "l.staff_id = p.helper_id AND (l.case_id IS NULL OR l.case_id = c.id)"
NO_WORDS = "NULL, NULL, NULL, NULL"
NEAR = f"""
SELECT 'class', e.pupil_id, e.school_class_id, s.entry_year, e.valid_from, e.valid_to,
CAST(NULL AS date), CAST(NULL AS date), {NO_WORDS.replace("NULL", "CAST(NULL AS text)")}
FROM records_enrolment e JOIN records_schoolclass s ON s.id = e.school_class_id
WHERE e.pupil_id IN ({{holes}}) AND e.valid_from <= %s AND (e.valid_to IS NULL OR e.valid_to > %s)
UNION ALL
SELECT 'helper', c.pupil_id, NULL, NULL, p.valid_from, p.valid_to, NULL, NULL, {NO_WORDS}
{PAIR.replace("{more}", "")} AND p.helper_id = %s
UNION ALL
SELECT 'deputy', c.pupil_id, NULL, NULL, p.valid_from, p.valid_to, l.starts_on, l.ends_on, {NO_WORDS}
{PAIR.replace("{more}", f"JOIN records_leave l ON {FOR_THIS_CHILD}")}
AND l.deputy_id = %s AND l.starts_on <= %s AND l.ends_on >= %s"""
WITH_CHILDREN = f"""{NEAR}
UNION ALL
SELECT 'child', id, school_id, NULL, joined_on, left_on, NULL, NULL, name, sex, household_key, sort_key
FROM records_pupil WHERE id IN ({{holes}})"""
KNOWN = ("id", "school_id", "name", "sex", "joined_on", "left_on", "household_key", "sort_key")
COLUMNS = tuple(field.attname for field in Pupil._meta.concrete_fields if field.attname in KNOWN)


class Spell(NamedTuple):
    """From some day until before another: in a class, helped by the staff member, or by somebody they stood in for."""

    kind: str  # class | helper | deputy
    pupil_id: UUID
    school_class_id: UUID | None
    entry_year: int | None
    valid_from: date
    valid_to: date | None
    starts_on: date | None
    ends_on: date | None

    def is_on(self, day: date) -> bool:
        """This function will say whether it held on a day; a leave holds on both its ends."""
        held = self.valid_from <= day and (self.valid_to is None or self.valid_to > day)
        return held and (self.starts_on is None or self.starts_on <= day <= self.ends_on)


def spells(pupils: Sequence[UUID], staff_id: UUID, first: date, last: date) -> list[Spell]:
    """This function will read what of these children's classes and of this staff member's help touches those days."""
    return [_spell(row) for row in _rows(NEAR, pupils, staff_id, (first, last))]


def children(pupils: Sequence[UUID], staff_id: UUID, day: date) -> tuple[list[Pupil], list[Spell]]:
    """This function will read children, as much of each as a record needs, in order of names, and their spells of a day."""
    rows = _rows(WITH_CHILDREN, pupils, staff_id, (day, day), more=pupils)
    found = [_pupil(row) for row in rows if row[0] == "child"]
    return sorted(found, key=lambda child: child.sort_key), [_spell(row) for row in rows if row[0] != "child"]


def _rows(
    asked: str, pupils: Sequence[UUID], staff_id: UUID, days: tuple[date, date], more=()
) -> list[tuple]:
    if not pupils:
        return []
    keys, me = [key_of(pupil) for pupil in pupils], key_of(staff_id)
    first, last = (written(day) for day in days)
    pair = (*keys, last, first, me)
    values = (*keys, last, first, *pair, *pair, last, first, *(keys if more else ()))
    with connection.cursor() as cursor:
        cursor.execute(asked.format(holes=holes(pupils)), values)
        return cursor.fetchall()


def _spell(row: tuple) -> Spell:
    kind, pupil, class_id, year, *days = row[:8]
    return Spell(kind, id_of(pupil), class_id and id_of(class_id), year, *map(day_of, days))


def _pupil(row: tuple) -> Pupil:
    _kind, pk, school, _year, joined_on, left_on, _from, _to, *words = row
    said = zip(KNOWN[2:4] + KNOWN[6:], words, strict=True)
    known = {
        "id": id_of(pk),
        "school_id": id_of(school),
        "joined_on": day_of(joined_on),
        "left_on": day_of(left_on),
    }
    known |= said
    return Pupil.from_db(connection.alias, COLUMNS, [known[name] for name in COLUMNS])  # in Django's order
