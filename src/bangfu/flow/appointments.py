"""改到哪天: the day, perhaps the hour, on which somebody means to do one thing; inside its window, so nothing owed changes.

The day's list puts it on that day and, with an hour, first (R52, ux A). One's own plan: nobody else reads it.
"""

from datetime import date, time
from hashlib import blake2b

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import Appointment, Case

MOST = 10  # days to choose from


class NotInTime(Refusal):
    """A day outside the window of the thing."""


def code(row) -> str:
    """This function will name a row of the day's list in an address: nothing can be read from it."""
    return blake2b("|".join(row.cells).encode(), digest_size=8).hexdigest()


def of(viewer) -> dict[str, Appointment]:
    """This function will give the viewer's appointments from today on by cell ("case duty period"); one query."""
    rows = Appointment.objects.visible_to(viewer).filter(on__gte=viewer.day)
    return {f"{row.case_id} {row.duty_key} {row.period}": row for row in rows}


def days_for(row, viewer) -> list[date]:
    """This function will list the days a row can be put on: school days of its window from today, at most ten."""
    days = calendar_for(viewer.school).school_days(max(row.opens_on, viewer.day), row.due_on)
    return list(days[:MOST])


@transaction.atomic
def appoint(*, row, on: date, by, at: time | None = None) -> list[Appointment]:
    """This function will put a row of the day's list on a day; said again, the last day holds. Raises NotInTime."""
    if not max(row.opens_on, by.day) <= on <= row.due_on:
        last = row.due_on
        raise NotInTime(f"这件事在{last.month}月{last.day}日以前做都可以，请选今天到那天之间的一天。")
    kept = []
    for cell in row.cells:
        case_id, duty_key, period = cell.split(" ", 2)
        of_cell = {"case_id": case_id, "duty_key": duty_key, "period": period, "by": by.staff}
        said = {"on": on, "at": at, "made_at": clock.now()}
        kept.append(Appointment.objects.update_or_create(**of_cell, defaults=said)[0])
    _log(row, by, [None, str(on)])
    return kept


@transaction.atomic
def cancel(*, row, by) -> int:
    """This function will take the day of a row off again; gives how many things it was."""
    gone = 0
    for cell in row.cells:
        case_id, duty_key, period = cell.split(" ", 2)
        mine = Appointment.objects.filter(case=case_id, duty_key=duty_key, period=period, by=by.staff)
        gone += mine.delete()[0]
    if gone:
        _log(row, by, ["on", None])
    return gone


def _log(row, by, change: list) -> None:
    case = Case.objects.get(pk=row.cells[0].split(" ", 1)[0])
    audit.log("schedule.appoint", by=by.staff, at=clock.now(), subject=case, changes={"on": change})
