"""The trail of changes, and what people tell us. Events keep a subject id without a foreign key: history blocks nothing."""

import uuid

from django.db import models

from bangfu.records.models.evidence import AppendOnly
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School


class EventQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.is_leader or viewer.holds("system_admin") else here.filter(by=viewer.staff)

    def update(self, **kwargs):
        raise AppendOnly("events are never edited")

    def delete(self):
        raise AppendOnly("events are never deleted")


class Event(models.Model):
    """One change: who, when, verb, subject, and {field: [before, after]}. Sealed values stay sealed inside."""

    class Privacy:
        keep = ("id", "school", "at", "by", "verb", "subject_type", "subject_id", "pupil_id", "intake")
        erase = ("changes",)

    id = models.BigAutoField(primary_key=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, related_name="events")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="events")
    verb = models.CharField(max_length=40)
    subject_type = models.CharField(max_length=30, blank=True)
    subject_id = models.UUIDField(null=True, blank=True)
    pupil_id = models.UUIDField(null=True, blank=True)
    intake = models.ForeignKey("Intake", models.PROTECT, null=True, blank=True, related_name="events")
    changes = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="events_of_a_subject"),
            models.Index(fields=["school", "at"], name="events_of_a_school"),
        ]

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("events are never edited")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("events are never deleted")


class FeedbackQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.is_leader else here.filter(by=viewer.staff)


class Feedback(models.Model):
    """投诉建议: a complaint or an idea, with the page it came from; `by` is empty when left without a name."""

    class Privacy:
        keep = ("id", "school", "page", "by", "at", "answered_at", "answered_by")
        erase = ("text", "answer")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="feedback")
    page = models.CharField(max_length=200, blank=True)
    text = models.TextField(max_length=1000)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = FeedbackQuerySet.as_manager()
