"""What the clock runs, readable as a list: once a day what the night sees to, at every tick what is due.

Safe to run at any time, as often as one likes, by several machines together (`bangfu daily`, `bangfu scheduler`).
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

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
    """What a run came to; `broken` counts the schools that wait for the next one."""

    nights: int = 0
    sent: int = 0
    broken: int = 0


def run(*, now: datetime, schools=None) -> Ran:
    """This function will do what is due in every school; a school that breaks does not stop the others.

    Nor does its night stop what is due at every tick: an alarm goes out though a state cannot be worked out.
    """
    found, broken = Ran(), set()
    for school in School.objects.order_by("name") if schools is None else schools:
        with _contained(school, broken):
            found.nights += night(school=school, now=now)
        for step in EVERY_TICK:
            with _contained(school, broken):
                found.sent += step(school=school, now=now)
    found.broken = len(broken)
    return found


@contextmanager
def _contained(school: School, broken: set) -> Iterator[None]:
    """Whatever one school's data brings about is said in the log and stays there."""
    try:
        yield
    except Exception:
        logger.exception("school %s waits for the next run", school.pk)
        broken.add(school.pk)


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
