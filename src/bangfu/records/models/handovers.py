"""When helpers change: what the one who knows the child would tell the next, and how one change was decided.

The pairs themselves are the history: dated, ended with a reason, never rewritten. Rows here are only added.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.pairings import Pairing
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School


class PairNoteQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(pairing__in=Pairing.objects.visible_to(viewer))


class PairNote(models.Model):
    """What helps this child and what to avoid, in the words of who helps now. The newest counts; older ones stay."""

    class Privacy:
        keep = ("id", "pairing", "by", "at")
        erase = ("helps", "avoid")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pairing = models.ForeignKey(Pairing, models.CASCADE, related_name="notes")
    helps = models.CharField(max_length=300, blank=True)
    avoid = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PairNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(helps="") | ~Q(avoid=""), name="pair_note_says_something")
        ]
        indexes = [models.Index(fields=["pairing", "at"], name="pair_note_by_pair")]


class HandoverQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Those that touch a child whose pairs the viewer may see."""
        seen = HandoverPair.objects.visible_to(viewer)
        return self.filter(school_id=viewer.school_id, pk__in=seen.values("handover"))


class Handover(models.Model):
    """One change confirmed: how many pairs changed, the fewest it could have been, and whether that is proven."""

    class Privacy:
        keep = (
            "id", "school", "plan_key", "kind", "staff", "why", "on", "changed", "bound", "is_proven", "by", "at",
        )  # fmt: skip

    WHYS = ("leaves", "away", "moves", "settle")  # the last names nobody: what holds no longer as it is

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="handovers")
    plan_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)  # the pairing key of the plan
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="handovers")
    why = models.CharField(max_length=10, choices=[(w, w) for w in WHYS])
    on = models.DateField()
    changed = models.PositiveIntegerField()
    bound = models.PositiveIntegerField()
    is_proven = models.BooleanField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(bound__lte=F("changed")), name="fewest_changes_are_not_more_than_there_were"
            )
        ]
        indexes = [models.Index(fields=["school", "on"], name="handover_by_day")]


class HandoverPairQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(former__in=Pairing.objects.visible_to(viewer))


class HandoverPair(models.Model):
    """One child in a change: the pair that ended, the one that follows it (none: still to be found)."""

    class Privacy:
        keep = ("id", "handover", "former", "next")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handover = models.ForeignKey(Handover, models.CASCADE, related_name="pairs")
    former = models.OneToOneField(Pairing, models.CASCADE, related_name="handed_on")
    next = models.OneToOneField(Pairing, models.SET_NULL, null=True, blank=True, related_name="taken_from")

    objects = HandoverPairQuerySet.as_manager()
