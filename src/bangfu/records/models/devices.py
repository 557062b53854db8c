"""What phones send: a ledger by the number the phone gave, so that twice sent is once stored, and what waits for a look.

No phone is registered and nothing says when anybody was online; the device's number only tells two phones apart.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.people import Enrolment, Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText


class SyncItemQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Leaders see what the school holds; who minds the child's class, heads its grade or was asked sees theirs."""
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader:
            return here
        near = Enrolment.objects.on(viewer.day).filter(
            Q(school_class__in=viewer.minded_class_ids) | Q(school_class__entry_year__in=viewer.entry_years)
        )
        return here.filter(Q(handed_to=viewer.staff) | Q(pupil__in=Pupil.objects.filter(
            school_id=viewer.school_id, pk__in=near.values("pupil"))))  # fmt: skip

    def waiting(self):
        """Held whole until somebody decides."""
        return self.filter(state="review")


class SyncItem(models.Model):
    """One thing a phone sent. What was stored keeps no words here; what waits is kept whole, sealed, until decided."""

    class Privacy:
        keep = (
            "id", "school", "author", "sent_by", "device", "seq", "kind", "made_at", "arrived_at", "state", "reason",
            "pupil", "handed_to", "decided_by", "decided_at",
        )  # fmt: skip
        erase = ("digest", "content", "because")

    KINDS = (
        "record", "amend", "withdraw", "undone", "profile", "household_visit", "hardship", "contact",
    )  # fmt: skip
    STATES = ("stored", "review", "kept", "dropped", "withdrawn")
    REASONS = ("not_yours", "moved", "sealed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # made by the phone
    school = models.ForeignKey(School, models.PROTECT, related_name="sync_items")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="sync_items")
    sent_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")  # another one: an exported file
    device = models.UUIDField()
    seq = models.PositiveIntegerField(default=0)
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS])
    made_at = models.DateTimeField(null=True, blank=True)  # by the phone's clock
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="stored")
    reason = models.CharField(max_length=10, choices=[(r, r) for r in REASONS], blank=True)
    digest = models.CharField(max_length=32)  # keyed; the same number with other words is noticed
    pupil = models.ForeignKey(Pupil, models.PROTECT, null=True, blank=True, related_name="sync_items")
    content = SealedText()
    handed_to = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    because = models.CharField(max_length=200, blank=True)

    objects = SyncItemQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="review") | Q(content__isnull=False, pupil__isnull=False),
                name="what_waits_is_kept_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("kept", "dropped"))
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("author"))),
                name="somebody_else_decides_what_was_held",
            ),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(because=""), name="dropping_says_why"),
        ]
        indexes = [
            models.Index(fields=["school", "pupil"], condition=Q(state="review"), name="sync_items_waiting")
        ]
