"""What was done for whom, when it happened and when it was written down. Append-only: amend or withdraw, never edit.

The id is made by the client, so a phone that sends twice writes once. `roles` says what the author was to that
child on that day, so the engine can judge without looking anything up.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School


class AppendOnly(Exception):
    """Somebody tried to change a row that may only be added."""


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader:
            return here
        return here.filter(
            Q(author=viewer.staff)
            | Q(
                pk__in=EvidencePupil.objects.filter(pupil__in=Pupil.objects.cared_for_by(viewer)).values(
                    "evidence"
                )
            )
        )

    def current(self):
        """Records as they stand: the last version of each, without those withdrawn."""
        return self.filter(amended_by__isnull=True, is_withdrawn=False)

    def update(self, **kwargs):
        raise AppendOnly("evidence is never edited; amend it")


class Evidence(models.Model):
    """One true contact, possibly about several children and of several kinds."""

    class Privacy:
        keep = (
            "id", "school", "author", "happened_on", "happened_at", "written_at", "activities", "minutes",
            "amends", "is_withdrawn",
        )  # fmt: skip
        erase = ("answers", "note", "bright_spot", "reflection")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, models.PROTECT, related_name="evidence")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="evidence")
    happened_on = models.DateField()
    happened_at = models.TimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    activities = models.JSONField(default=list)  # ["talk", "tutoring"]
    answers = models.JSONField(default=dict)  # what the form asked: {"topics": [...], "mood": "calm"}
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.TextField(blank=True)
    bright_spot = models.CharField(max_length=300, blank=True)
    reflection = models.CharField(max_length=500, blank=True)  # what worked, what did not (P9-30)
    amends = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="amended_by")
    is_withdrawn = models.BooleanField(default=False)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "happened_on"], name="evidence_by_day")]
        verbose_name_plural = "evidence"

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("evidence is never edited; amend it")
        super().save(*args, **{**kwargs, "force_insert": True})


class EvidencePupil(models.Model):
    """One child a record is about. `happened_on` is repeated here so that a child's history is one index scan."""

    class Privacy:
        keep = ("id", "evidence", "pupil", "happened_on", "roles")

    id = models.BigAutoField(primary_key=True)
    evidence = models.ForeignKey(Evidence, models.CASCADE, related_name="about")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="evidence")
    happened_on = models.DateField()
    roles = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evidence", "pupil"], name="one_row_per_child_and_record")
        ]
        indexes = [models.Index(fields=["pupil", "happened_on"], name="history_of_a_child")]
