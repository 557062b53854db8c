"""The plans a school has adopted: full text, digest and validity, so past periods keep the version then in force."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Staff
from bangfu.records.models.places import School


class AdoptedPlanQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)

    def in_force(self, day):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day)


class AdoptedPlan(models.Model):
    """One version of a plan in one school."""

    class Privacy:
        keep = (
            "id", "school", "key", "edition", "version", "content", "digest", "valid_from", "valid_to",
            "adopted_by", "adopted_at",
        )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="plans")
    key = models.CharField(max_length=40)
    edition = models.CharField(max_length=20)
    version = models.PositiveSmallIntegerField(default=1)
    content = models.TextField()
    digest = models.CharField(max_length=64)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    adopted_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    adopted_at = models.DateTimeField()

    objects = AdoptedPlanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "key"], condition=Q(valid_to__isnull=True), name="one_open_version_per_plan"
            ),
            models.UniqueConstraint(fields=["school", "key", "version"], name="versions_are_numbered"),
        ]
