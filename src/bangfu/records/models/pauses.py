"""What pauses by decision and what was agreed for a day: a plan or one child's help suspended, a thing put on a day.

The schedule reads suspensions (the days in them owe nothing); an appointment only says when something is meant to be
done inside its own window, and changes nothing that is owed.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.cases import Case
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School


class SuspensionQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Of plans: everybody of the school. Of one child: whoever may see that its case is there."""
        mine = Q(case__isnull=True) | Q(case__in=Case.objects.visible_to(viewer))
        return self.filter(mine, school_id=viewer.school_id)

    def running(self, day):
        """Those that have not ended by a day, also if they only begin later."""
        return self.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=day))


class Suspension(models.Model):
    """A plan, or one child's help in it, rests from one day to another (both included), with the reason.

    No end: until somebody goes on with it. `case` empty: the whole plan.
    """

    class Privacy:
        keep = ("id", "school", "plan_key", "case", "starts_on", "ends_on", "by", "at", "ended_by")
        erase = ("because",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="suspensions")
    plan_key = models.CharField(max_length=40)
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="suspensions")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="suspension_ends_after_start",
            ),
            models.CheckConstraint(condition=~Q(because=""), name="suspensions_say_why"),
            models.UniqueConstraint(
                fields=["school", "plan_key"],
                condition=Q(case__isnull=True, ends_on__isnull=True),
                name="one_open_suspension_of_a_plan",
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(ends_on__isnull=True), name="one_open_suspension_of_a_case"
            ),
        ]


class AppointmentQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(by=viewer.staff)


class Appointment(models.Model):
    """The day (and hour) somebody means to do one thing that is owed: 改到哪天. One's own plan, nobody else's."""

    class Privacy:
        keep = ("id", "case", "duty_key", "period", "on", "at", "by", "made_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="appointments")
    duty_key = models.CharField(max_length=80)
    period = models.CharField(max_length=60)
    on = models.DateField()
    at = models.TimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="appointments")
    made_at = models.DateTimeField()

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "duty_key", "period", "by"], name="one_appointment_for_a_thing"
            )
        ]
