"""How a colleague wants to be told, each reminder that went or did not go, and the nights the clock has seen to.

A reminder holds no word about anybody: `told` are keyed hashes of what it counted, so that nothing is told twice.
"""

import uuid
from datetime import time

from django.db import models
from django.db.models import Q

from bangfu.records.models.calendars import SchoolOwnedQuerySet
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText

EARLIEST, LATEST = time(7, 0), time(18, 0)  # nobody is told anything at night
USUAL = time(7, 40)
PROBLEMS = ("unreachable", "refused", "unreadable", "interrupted", "no_mail")


class OwnQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """How somebody wants to be told, and what they were told, is theirs alone."""
        return self.filter(staff=viewer.staff)


class Channel(models.Model):
    """The one way a colleague is told, at an hour they chose. No address: switched off.

    An address serves one person (`address_index`), so that nothing is ever posted to a group.
    """

    class Privacy:
        keep = ("id", "staff", "kind", "at", "tried_at", "problem")
        erase = ("address", "address_index")

    KINDS = ("email", "wecom", "dingtalk", "feishu", "webhook")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.OneToOneField(Staff, models.CASCADE, related_name="channel")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in KINDS])
    address = SealedText()
    address_index = models.CharField(max_length=32, null=True, blank=True, unique=True)
    at = models.TimeField(default=USUAL)
    tried_at = models.DateTimeField(null=True, blank=True)  # the last time it was used, for a reminder or to try it
    problem = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in PROBLEMS])

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at__gte=EARLIEST, at__lt=LATEST), name="nobody_is_told_at_night"
            )
        ]


class Reminder(models.Model):
    """One message to one colleague: the digest of a working day, or something urgent, which alone may go at night.

    Whoever moves it from `waiting` to `sending` sends it; three clocks at once send it once.
    """

    class Privacy:
        keep = (
            "id", "staff", "kind", "day", "about", "state", "tries", "next_at", "claimed_at", "sent_at", "problem", "told",
        )  # fmt: skip

    KINDS = ("digest", "urgent")
    STATES = ("waiting", "sending", "sent", "failed", "nothing")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in KINDS])
    day = models.DateField()
    about = models.UUIDField(null=True, blank=True)  # of something urgent: what it is about, so it is said once
    state = models.CharField(max_length=10, choices=[(one, one) for one in STATES], default="waiting")
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True, blank=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=12, blank=True, choices=[(one, one) for one in PROBLEMS])
    told = models.JSONField(default=list, blank=True)

    objects = OwnQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["staff", "day"], condition=Q(kind="digest"), name="one_digest_a_day"
            ),
            models.UniqueConstraint(
                fields=["staff", "about"], condition=Q(kind="urgent"), name="urgent_is_said_once"
            ),
            models.CheckConstraint(
                condition=Q(kind="digest", about__isnull=True) | Q(kind="urgent", about__isnull=False),
                name="urgent_is_about_something",
            ),
        ]
        indexes = [models.Index(fields=["state", "day"], name="reminders_to_send")]


class NightRun(models.Model):
    """A school's night work of one day: who begins it does it; the page of settings shows when it last ended."""

    class Privacy:
        keep = ("id", "school", "day", "begun_at", "ended_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="nights")
    day = models.DateField()
    begun_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = SchoolOwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_night_run_a_day")]
