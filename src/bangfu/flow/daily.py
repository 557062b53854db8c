"""What the clock runs, readable as a list: once a day what the night sees to, at every tick what is due.

Safe to run at any time, as often as one likes, by several machines together (`bangfu daily`, `bangfu scheduler`).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError
from django.db.models import Q

from bangfu.flow import adopt, channel, follow, reminders, state
from bangfu.records.models import NightRun, School

# Each takes a school and the day.
EVERY_DAY = (
    adopt.keep_limits,  # a version of a plan may begin today, with other caps
    follow.follow,  # pairs that follow a class go where the class went
    state.refresh,  # how far each duty has come
    channel.forget_gone,  # nobody who left is written to
)
# Each takes a school and the moment, and gives how many it did.
EVERY_TICK = (
    reminders.send_due,  # urgent ones at any hour, a digest a working day
)
CUT_OFF = timedelta(hours=2)
logger = logging.getLogger("bangfu.daily")


@dataclass(slots=True)
class Ran:
    """What a run came to."""

    nights: int = 0
    sent: int = 0
    broken: int = 0


def run(*, now: datetime, schools=None) -> Ran:
    """This function will do what is due in every school; a school that breaks does not stop the others."""
    found = Ran()
    for school in School.objects.order_by("name") if schools is None else schools:
        try:
            found.nights += night(school=school, now=now)
            found.sent += sum(step(school=school, now=now) for step in EVERY_TICK)
        except DatabaseError:
            logger.exception("school %s waits for the next run", school.pk)
            found.broken += 1
    return found


def night(*, school: School, now: datetime) -> bool:
    """This function will do the day's work of a school unless somebody did or does it; true if it was done here."""
    day = now.date()
    if NightRun.objects.filter(school=school, day=day, ended_at__isnull=False).exists():
        return False
    NightRun.objects.bulk_create([NightRun(school=school, day=day)], ignore_conflicts=True)
    free = Q(begun_at__isnull=True) | Q(begun_at__lte=now - CUT_OFF)
    mine = NightRun.objects.filter(free, school=school, day=day, ended_at__isnull=True)
    if not mine.update(begun_at=now):
        return False
    for step in EVERY_DAY:
        step(school=school, day=day)
    NightRun.objects.filter(school=school, day=day).update(ended_at=now)
    return True
