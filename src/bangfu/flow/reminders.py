"""Reminders that are due, claimed one by one and sent: a digest a working day at the chosen hour, urgent ones at once.

Three clocks may run together: whoever moves a row from waiting to sending sends it. What did not go keeps its reason
and is tried again; what was cut off half way is never sent a second time.
"""

import logging
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError
from django.db.models import F, Q

from bangfu.flow import channel, deliver, digest
from bangfu.flow.almanac import calendar_for
from bangfu.records.access import viewer_of
from bangfu.records.models import Channel, Escalation, Leave, Reminder, School, Staff
from bangfu.records.models.care_danger import HEADS
from bangfu.records.models.digests import EARLIEST, LATEST

MOST_TRIES = 5
AGAIN = timedelta(minutes=10)  # longer each time
CUT_OFF = timedelta(minutes=15)
URGENT_FOR = timedelta(days=2)
logger = logging.getLogger("bangfu.reminders")


def urgent(*, staff, about: UUID, now: datetime) -> int:
    """This function will note that these colleagues are to be told of something urgent, once each; a clock sends it."""
    rows = [Reminder(staff=one, kind="urgent", about=about, day=now.date()) for one in staff]
    return len(Reminder.objects.bulk_create(rows, ignore_conflicts=True))


def send_due(*, school: School, now: datetime) -> int:
    """This function will send what is due in a school at this moment and give how many went. Safe to run at any time."""
    _give_up_cut_off(school, now)
    _queue_alarms(school, now)
    if _is_hour(school, now):
        _queue(school, now)
    return sum(_try(pk, now) for pk in list(_due(school, now).values_list("pk", flat=True)))


def _queue_alarms(school: School, now: datetime) -> None:
    """A child in danger overrides every hour: the heads of the school are told, until it is taken up or taken back."""
    alarms = Escalation.objects.waiting().filter(school=school, at__gt=now - URGENT_FOR)
    for alarm in alarms:
        heads = Staff.objects.filter(school=school).holding(HEADS, now.date())
        urgent(staff=heads.exclude(pk=alarm.by_id), about=alarm.pk, now=now)


def _is_hour(school: School, now: datetime) -> bool:
    """A digest goes on school days between 7:00 and 18:00, and never else."""
    return EARLIEST <= now.time() < LATEST and calendar_for(school).is_school_day(now.date())


def _queue(school: School, now: datetime) -> None:
    day = now.date()
    away = Leave.objects.away().filter(starts_on__lte=day, ends_on__gte=day)
    found = (
        Channel.objects.filter(staff__school=school, address_index__isnull=False, at__lte=now.time())
        .exclude(staff__left_on__lte=day)
        .exclude(staff__in=away.values("staff"))
        .exclude(staff__in=Reminder.objects.filter(kind="digest", day=day).values("staff"))
    )
    rows = [Reminder(staff_id=pk, kind="digest", day=day) for pk in found.values_list("staff", flat=True)]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)


def _ready(now: datetime) -> Q:
    return Q(state__in=("waiting", "failed"), tries__lt=MOST_TRIES) & (
        Q(next_at__isnull=True) | Q(next_at__lte=now)
    )


def _due(school: School, now: datetime):
    """Today's digests in their hours, urgent ones of the last two days at any hour; with somewhere to send them."""
    rows = Reminder.objects.filter(
        _ready(now), staff__school=school, staff__channel__address_index__isnull=False
    )
    kinds = Q(kind="urgent", day__gt=now.date() - URGENT_FOR)
    if _is_hour(school, now):
        kinds |= Q(kind="digest", day=now.date())
    return rows.filter(kinds).order_by("-kind", "pk")


def _give_up_cut_off(school: School, now: datetime) -> None:
    """Nobody knows whether it went: it is shown as cut off, and not sent twice."""
    rows = Reminder.objects.filter(staff__school=school, state="sending", claimed_at__lte=now - CUT_OFF)
    rows.update(state="failed", problem="interrupted", tries=MOST_TRIES)


def _try(pk: UUID, now: datetime) -> bool:
    """One that cannot be read or composed keeps no colleague's back: it waits with its reason and is tried again."""
    try:
        return _send(pk, now)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("reminder %s broke", pk)
        rows = Reminder.objects.filter(pk=pk, state__in=("waiting", "sending", "failed"))
        rows.update(state="failed", problem="unreadable", tries=F("tries") + 1, next_at=now + AGAIN)
        return False


def _send(pk: UUID, now: datetime) -> bool:
    row = Reminder.objects.select_related("staff__school", "staff__channel").get(pk=pk)
    said = _urgent(row) if row.kind == "urgent" else _compose(row)
    mine = Reminder.objects.filter(_ready(now), pk=pk)
    if not mine.update(state="sending", claimed_at=now, tries=F("tries") + 1):
        return False  # another clock has it
    if not said.sentence:
        return _end(row, "nothing", now)
    way = row.staff.channel
    link = f" {settings.ADDRESS}/" if settings.ADDRESS else ""
    problem = deliver.send(way.kind, way.address.reveal(), said.sentence + link)
    channel.note(way.pk, problem)
    if problem:
        logger.warning("reminder %s did not go: %s", pk, problem)
        return _end(row, "failed", now, problem=problem, next_at=now + AGAIN * (row.tries + 1))
    return _end(row, "sent", now, problem="", sent_at=now, told=list(said.told))


def _urgent(row: Reminder) -> digest.Said:
    over = Q(taken_by__isnull=False) | Q(taken_back_at__isnull=False)
    is_over = Escalation.objects.filter(over, pk=row.about).exists()
    return digest.Said("" if is_over else digest.URGENT)


def _compose(row: Reminder) -> digest.Said:
    since = row.day - digest.QUIET
    before = Reminder.objects.filter(
        staff=row.staff, kind="digest", state="sent", day__gt=since, day__lt=row.day
    )
    told = {key for keys in before.values_list("told", flat=True) for key in keys}
    staff = Staff.objects.select_related("school").prefetch_related("grants").get(pk=row.staff_id)
    return digest.compose(viewer_of(staff, row.day), told)


def _end(row: Reminder, state: str, now: datetime, **more) -> bool:
    """Only who claimed it ends it, in case it was given up meanwhile."""
    Reminder.objects.filter(pk=row.pk, state="sending", claimed_at=now).update(state=state, **more)
    return state == "sent"
