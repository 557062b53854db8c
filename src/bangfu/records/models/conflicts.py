"""Fields of a profile that several people may change at once: each write in order, and what a person has to decide."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Guardian, Pupil, Staff
from bangfu.records.seal import SealedText


class FieldVersion(models.Model):
    """One write of one field: by whom, from which device in which order. `base` and `token` are keyed hashes, not values."""

    class Privacy:
        keep = ("id", "pupil", "guardian", "field", "device", "seq", "by", "at", "is_standing")
        erase = ("base", "token")

    id = models.BigAutoField(primary_key=True)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="field_versions")
    guardian = models.ForeignKey(Guardian, models.CASCADE, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=20)
    base = models.CharField(max_length=16, blank=True)  # what its writer saw
    token = models.CharField(max_length=16, blank=True)
    device = models.UUIDField(null=True, blank=True)  # none: written on a page of the school
    seq = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    is_standing = models.BooleanField(default=True)  # False: it waits beside what stands

    class Meta:
        indexes = [models.Index(fields=["pupil", "field"], name="field_versions_of_a_child")]


class FieldConflictQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Conflicts about children in the viewer's care: whoever may see the value may decide."""
        return self.filter(pupil__in=Pupil.objects.visible_to(viewer).cared_for_by(viewer))

    def open(self):
        """Both values are kept until a person chooses."""
        return self.filter(chosen="")


class FieldConflict(models.Model):
    """A value that came from a device which had not seen what stands now. Both are kept; nobody's is lost."""

    class Privacy:
        keep = (
            "id", "pupil", "guardian", "field", "device", "seq", "by", "made_at", "arrived_at", "chosen", "decided_by",
            "decided_at", "reason",
        )  # fmt: skip
        erase = ("value",)

    CHOSEN = ("", "standing", "sent")
    REASONS = ("changed", "not_yours")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="field_conflicts")
    guardian = models.ForeignKey(Guardian, models.CASCADE, null=True, blank=True, related_name="+")
    field = models.CharField(max_length=20)
    value = SealedText()  # as sent; what stands now is read from the row itself
    device = models.UUIDField(null=True, blank=True)
    seq = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField()
    reason = models.CharField(max_length=10, choices=[(r, r) for r in REASONS], default="changed")
    chosen = models.CharField(max_length=10, choices=[(c, c) for c in CHOSEN], blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = FieldConflictQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(chosen="") | Q(decided_by__isnull=False, decided_at__isnull=False),
                name="a_choice_between_values_says_whose",
            ),
        ]
        indexes = [
            models.Index(fields=["pupil", "field"], condition=Q(chosen=""), name="field_conflicts_open")
        ]
