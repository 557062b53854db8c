"""The plans a school has adopted, each version with its full text and validity, and drafts of what comes next."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Staff
from bangfu.records.models.places import School
from bangfu.records.valid import valid_on


class AdoptedPlanQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)

    def in_force(self, day):
        return self.filter(valid_on(day))


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


class PlanDraftQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)


class PlanDraft(models.Model):
    """A plan being changed before it is taken into use; `before` are the texts it had, the latest last."""

    class Privacy:
        keep = (
            "id", "school", "key", "title", "content", "based_on", "before", "begun_by", "begun_at", "by", "at",
        )  # fmt: skip

    KEPT = 20  # so many steps back

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="plan_drafts")
    key = models.CharField(max_length=40)
    title = models.CharField(max_length=60)
    content = models.TextField()
    based_on = models.CharField(
        max_length=60
    )  # seed, recommended, v2, file; with another plan's key before a colon
    before = models.JSONField(default=list)
    begun_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PlanDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "key"], name="one_draft_of_a_plan"),
        ]
