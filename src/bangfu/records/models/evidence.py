"""What was done for whom, when it happened and when it was written down. Append-only: amend or withdraw, never edit.

The id is made by the client, so a phone that sends twice writes once. `roles` says what the author was to that
child, class or school on that day, so the engine can judge without looking anything up.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School, SchoolClass


class AppendOnly(Exception):
    """Somebody tried to change a row that may only be added."""


class EvidenceQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader:
            return here
        cared_for = EvidencePupil.objects.filter(pupil__in=Pupil.objects.cared_for_by(viewer))
        seen = Q(author=viewer.staff) | Q(pk__in=cared_for.values("evidence"))
        if viewer.class_ids or viewer.entry_years:  # what concerns a class is for its teachers and its grade
            near = SchoolClass.objects.filter(school_id=viewer.school_id).filter(
                Q(pk__in=viewer.class_ids) | Q(entry_year__in=viewer.entry_years)
            )
            seen |= Q(school_class__in=near)
        return here.filter(seen)

    def current(self):
        """Records as they stand: the last version of each, without those withdrawn."""
        return self.filter(amended_by__isnull=True, is_withdrawn=False)

    def update(self, **kwargs):
        raise AppendOnly("evidence is never edited; amend it")


class Evidence(models.Model):
    """One true contact, possibly about several children and of several kinds; or something done for a class or school.

    It is about children (EvidencePupil), or about `school_class`, or about the `whole_school`: one of the three.
    That a record of a class or the school names no child is kept by flow.record, which alone writes here; `roles`
    are then the author's towards that class or school (those towards a child stand in EvidencePupil).
    """

    class Privacy:
        keep = (
            "id", "school", "author", "happened_on", "happened_at", "written_at", "activities", "minutes",
            "amends", "is_withdrawn", "school_class", "whole_school", "roles",
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
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="evidence"
    )
    whole_school = models.BooleanField(default=False)  # said, not guessed from the absence of children
    roles = models.JSONField(default=list)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(school_class__isnull=True) | Q(whole_school=False),
                name="about_a_class_or_the_school",
            )
        ]
        indexes = [
            models.Index(fields=["school", "happened_on"], name="evidence_by_day"),
            models.Index(
                fields=["school", "happened_on"],
                condition=Q(school_class__isnull=False) | Q(whole_school=True),
                name="evidence_of_places",
            ),
        ]
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
