"""A school's own calendar (terms, days that differ) and the exceptions to duties: waivers, leave, absence."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.cases import Case
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School


class SchoolOwnedQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)


class Term(models.Model):
    """A term as the school sets it; both ends are included. `key` is 2026-2027-1 or -2."""

    class Privacy:
        keep = ("id", "school", "key", "starts_on", "ends_on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="terms")
    key = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()

    objects = SchoolOwnedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "key"], name="one_term_per_key"),
            models.CheckConstraint(
                condition=Q(ends_on__gt=models.F("starts_on")), name="term_ends_after_start"
            ),
        ]
        ordering = ["starts_on"]


class DayOverride(models.Model):
    """A day the school keeps otherwise than the national calendar: a farm break, a closure, a swapped school day."""

    class Privacy:
        keep = ("id", "school", "day", "is_school_day", "reason")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="day_overrides")
    day = models.DateField()
    is_school_day = models.BooleanField()
    reason = models.CharField(max_length=60, blank=True)

    objects = SchoolOwnedQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "day"], name="one_override_per_day")]


class Waiver(models.Model):
    """A duty that was not possible, with the reason: 没做成. Identity of the duty is case, key and period."""

    class Privacy:
        keep = ("id", "case", "duty_key", "period", "reason", "by", "at", "withdrawn_at")
        erase = ("note",)

    REASONS = ("leave", "holiday", "child_away", "nobody_home", "no_road", "too_much", "other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="waivers")
    duty_key = models.CharField(max_length=40)
    period = models.CharField(max_length=30)
    reason = models.CharField(max_length=20, choices=[(r, r) for r in REASONS])
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "duty_key", "period"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_waiver_per_duty",
            )
        ]


class LeaveQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(staff__school_id=viewer.school_id)

    def away(self):
        """Those in which the person really is away."""
        return self.filter(case__isnull=True)


class Leave(models.Model):
    """A staff member is away; a deputy may stand in. Both ends included.

    With a `case` nobody is away: somebody else was asked to look after this one child in these days (请人代).
    """

    class Privacy:
        keep = ("id", "staff", "starts_on", "ends_on", "deputy", "case", "by")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="leaves")
    starts_on = models.DateField()
    ends_on = models.DateField()
    deputy = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="stand_ins")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    objects = LeaveQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")), name="leave_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(case__isnull=True) | Q(deputy__isnull=False),
                name="for_one_child_somebody_is_asked",
            ),
        ]


class Absence(models.Model):
    """A child is away for a spell, so nothing is owed. Both ends included; no end: still away.

    Said in advance, or worked out from roll calls (`is_seen`): those rows follow the marks and are never written by hand.
    """

    class Privacy:
        keep = ("id", "pupil", "starts_on", "ends_on", "is_seen", "by")
        erase = ("reason",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="absences")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    reason = models.CharField(max_length=60, blank=True)
    is_seen = models.BooleanField(default=False)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="absence_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(ends_on__isnull=True), name="one_open_absence"
            ),
        ]
