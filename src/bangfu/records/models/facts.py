"""What is known of a child, when, and who says so: dated statements, several facts in one row. Also the imports."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText


class IntakeQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id) if viewer.sees_roll else self.none()


class Intake(models.Model):
    """One file that was handed in: looked at, loaded, or undone. The file itself is sealed and dropped after use."""

    class Privacy:
        keep = ("id", "school", "kind", "state", "digest", "counts", "by", "at", "loaded_at", "undone_at")
        scrub = ("file_name",)
        erase = ("content",)

    STATES = ("checked", "loaded", "undone", "dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="intakes")
    kind = models.CharField(max_length=20, default="roll")
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    content = SealedText()  # base64 of the file while it waits for confirmation
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="checked")
    counts = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = IntakeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True) | Q(loaded_at__isnull=False),
                name="undone_only_after_loaded",
            )
        ]


class FactStatement(models.Model):
    """`source` says on `stated_on` that these facts hold: {"left_behind_roll": 2, "boarding": true}. A later one wins.

    Where the source says until when, `valid_to` is the first day it no longer holds; flow/known.py ends the rest.
    """

    class Privacy:
        keep = ("id", "pupil", "source", "stated_on", "valid_to", "known_at", "by", "intake")
        erase = ("values",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="statements")
    source = models.CharField(max_length=30)
    stated_on = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    known_at = models.DateTimeField()
    values = models.JSONField(default=dict)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    intake = models.ForeignKey(Intake, models.PROTECT, null=True, blank=True, related_name="statements")

    class Meta:
        indexes = [models.Index(fields=["pupil", "stated_on"], name="statement_by_pupil")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("stated_on")),
                name="statement_ends_after_it_began",
            )
        ]
