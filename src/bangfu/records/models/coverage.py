"""A child left out of a plan, or of all plans, for a while: why, who says so, until when; only ever taken back."""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School


class ExclusionQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id, pupil__in=Pupil.objects.cared_for_by(viewer))

    def in_force(self, day):
        not_over = Q(until__isnull=True) | Q(until__gt=day)
        not_taken_back = Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=day)
        return self.filter(not_over, not_taken_back, on__lte=day)


class Exclusion(models.Model):
    """Somebody says why a child is not to be taken into a plan (`plan_key`, empty: into any) from `on` until `until`."""

    class Privacy:
        keep = (
            "id", "school", "pupil", "plan_key", "by", "on", "at", "until", "withdrawn_on", "withdrawn_by",
        )  # fmt: skip
        erase = ("reason",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="exclusions")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="exclusions")
    plan_key = models.CharField(max_length=40, blank=True)  # empty: all plans
    reason = models.CharField(max_length=200)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    on = models.DateField()
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)  # end excluded
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ExclusionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("on")), name="exclusion_ends_after_it_began"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_on__gte=F("on"), withdrawn_by__isnull=False),
                name="exclusion_is_taken_back_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["school", "pupil"], name="exclusion_by_pupil")]
