"""Praise: a child nominated with reasons, approved by somebody else. No ranks, no numbers."""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School


class NominationQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id, pupil__in=Pupil.objects.visible_to(viewer))


class Nomination(models.Model):
    """One child proposed for one award in one term, with the words for the certificate."""

    class Privacy:
        keep = (
            "id", "school", "pupil", "award_key", "term_key", "evidence_ids", "state", "nominated_by",
            "nominated_on", "decided_by", "decided_on",
        )  # fmt: skip
        erase = ("because",)

    STATES = ("nominated", "approved", "declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="nominations")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="nominations")
    award_key = models.CharField(max_length=40)
    term_key = models.CharField(max_length=20)
    because = models.CharField(max_length=200)
    evidence_ids = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="nominated")
    nominated_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    nominated_on = models.DateField()
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)

    objects = NominationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "award_key", "term_key"], name="one_nomination_per_award_and_term"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("nominated_by")),
                name="award_maker_is_not_checker",
            ),
        ]
