"""Where children were and whether one staff member stood beside them, over some days: one query in plain SQL.

Asked at every record, so it is not composed anew each time. Rows are spells; who reads them picks the day.
"""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from bangfu.records.kept import day_of, holes, id_of, key_of
from bangfu.records.models.people import Pupil

PAIR = """FROM records_pairing p JOIN records_case c ON c.id = p.case_id {more}
WHERE c.pupil_id IN ({holes}) AND p.state IN ('confirmed', 'ended')
AND p.valid_from <= %s AND (p.valid_to IS NULL OR p.valid_to > %s)"""
NEAR = f"""
SELECT 'class', e.pupil_id, e.school_class_id, s.entry_year, e.valid_from, e.valid_to,
CAST(NULL AS date), CAST(NULL AS date)
FROM records_enrolment e JOIN records_schoolclass s ON s.id = e.school_class_id
WHERE e.pupil_id IN ({{holes}}) AND e.valid_from <= %s AND (e.valid_to IS NULL OR e.valid_to > %s)
UNION ALL
SELECT 'helper', c.pupil_id, NULL, NULL, p.valid_from, p.valid_to, NULL, NULL
{PAIR.replace("{more}", "")} AND p.helper_id = %s
UNION ALL
SELECT 'deputy', c.pupil_id, NULL, NULL, p.valid_from, p.valid_to, l.starts_on, l.ends_on
{PAIR.replace("{more}", "JOIN records_leave l ON l.staff_id = p.helper_id AND (l.case_id IS NULL OR l.case_id = c.id)")}
AND l.deputy_id = %s AND l.starts_on <= %s AND l.ends_on >= %s"""


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
    if not pupils:
        return []
    keys, me = [key_of(pupil) for pupil in pupils], key_of(staff_id)
    pair = (*keys, last, first, me)
    with connection.cursor() as cursor:
        cursor.execute(NEAR.format(holes=holes(pupils)), (*keys, last, first, *pair, *pair, last, first))
        rows = cursor.fetchall()
    return [
        Spell(kind, id_of(pupil), class_id and id_of(class_id), year, *map(day_of, days))
        for kind, pupil, class_id, year, *days in rows
    ]


READ = {  # what a record needs to know of a child, and how the database's answer is read
    "id": id_of, "school_id": id_of, "name": str, "sex": str, "joined_on": day_of, "left_on": day_of,
    "household_key": str,
}  # fmt: skip
COLUMNS = tuple(
    field.attname for field in Pupil._meta.concrete_fields if field.attname in READ
)  # Django wants its order
READERS = tuple(READ[name] for name in COLUMNS)
CHILDREN = (
    f"SELECT {', '.join(COLUMNS)} FROM records_pupil WHERE id IN ({{}}) AND school_id = %s ORDER BY sort_key"
)


def children(pupils: Sequence[UUID], school_id: UUID) -> list[Pupil]:
    """This function will read these children of a school, as much of each as a record needs."""
    with connection.cursor() as cursor:
        cursor.execute(CHILDREN.format(holes(pupils)), [*map(key_of, pupils), key_of(school_id)])
        rows = cursor.fetchall()
    return [
        Pupil.from_db(
            connection.alias, COLUMNS, [read(value) for read, value in zip(READERS, row, strict=True)]
        )
        for row in rows
    ]
