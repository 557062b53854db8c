"""Lists that other offices send: which list, of which day, the pairs a person must look at, who is no longer on it.

Rows about people who are not our pupils are never stored; what a waiting pair shows is sealed and dropped once settled.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.facts import FactStatement, Intake
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText


class HeadingMap(models.Model):
    """What the columns and the kinds in one source's files mean at this school: heading → field, "" for no use."""

    class Privacy:
        keep = ("id", "school", "source", "headings", "words", "by", "at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="heading_maps")
    source = models.CharField(max_length=100)
    headings = models.JSONField(default=dict)
    words = models.JSONField(
        default=dict
    )  # what a kind written in the list means: words → fact, "" for nothing
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "source"], name="one_heading_map_per_source")
        ]


class ReceivedListQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(intake__school_id=viewer.school_id) if viewer.sees_roll else self.none()

    def loaded(self):
        return self.filter(intake__state="loaded")


class ReceivedList(models.Model):
    """One file taken as a list: its kind (`source` is "list:<key>"), the day it speaks of, the fact it states."""

    class Privacy:
        keep = ("id", "intake", "source", "stated_on", "fact")
        scrub = ("title",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intake = models.OneToOneField(Intake, models.PROTECT, related_name="received")
    source = models.CharField(max_length=30)
    title = models.CharField(
        max_length=60, blank=True
    )  # what the school itself calls a list of no known kind
    stated_on = models.DateField()
    fact = models.CharField(max_length=40, blank=True)  # chosen by a person where the kind does not say it

    objects = ReceivedListQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["source", "stated_on"], name="received_list_by_source")]


class ListPartQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(received__intake__school_id=viewer.school_id)
        return here if viewer.sees_roll else self.none()

    def waiting(self):
        return self.filter(state="waiting", received__intake__state="loaded")


class ListMatch(models.Model):
    """A row that may mean this child: a person says whether they are one. `shown` holds the row while it waits."""

    class Privacy:
        keep = (
            "id", "received", "pupil", "row_key", "how", "weight", "state", "put_off_at", "by", "decided_at",
            "statement",
        )  # fmt: skip
        erase = ("reasons", "facts", "shown")

    STATES = ("waiting", "same", "different")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received = models.ForeignKey(ReceivedList, models.CASCADE, related_name="matches")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="list_matches")
    row_key = models.CharField(max_length=80)  # sheet!row
    how = models.CharField(max_length=10)
    weight = models.FloatField(default=0)
    reasons = models.JSONField(default=list)
    facts = models.JSONField(default=dict)  # what the row states once it is this child's
    shown = SealedText()
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="waiting")
    put_off_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    statement = models.ForeignKey(FactStatement, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ListPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["received", "row_key", "pupil"], name="one_match_per_row_and_child"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="match_decided_at_a_time"
            ),
        ]


class ListLeaver(models.Model):
    """A child of the previous list of a source who is not on this one: a person says what that means."""

    class Privacy:
        keep = ("id", "received", "pupil", "state", "by", "decided_at", "statement")
        erase = ("facts",)

    STATES = ("waiting", "still", "ended", "found")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    received = models.ForeignKey(ReceivedList, models.CASCADE, related_name="leavers")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="list_leavers")
    facts = models.JSONField(default=list)  # keys of what the previous list had stated
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="waiting")
    by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    statement = models.ForeignKey(FactStatement, models.SET_NULL, null=True, blank=True, related_name="+")

    objects = ListPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["received", "pupil"], name="one_leaver_per_list_and_child"),
            models.CheckConstraint(
                condition=Q(state="waiting") | Q(decided_at__isnull=False), name="leaver_decided_at_a_time"
            ),
        ]
