"""Children and the parents who are away: video calls put on a day and held, and the weeks in which parents got in touch.

A call's address is sealed and says nothing of anybody; two children are never given the room at one time (P0-19).
What was said in a call is kept nowhere; that it was held stands in an ordinary record.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.evidence import Evidence
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText


class CallSettingQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)


class CallSetting(models.Model):
    """How a school makes video calls: by phone, with its provider's standing link, or in a room of its own server."""

    class Privacy:
        keep = ("id", "school", "way", "address", "place", "slots", "minutes", "by", "at")

    WAYS = ("phone", "own_link", "room_server")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.OneToOneField(School, models.PROTECT, related_name="calls_made")
    way = models.CharField(max_length=12, choices=[(one, one) for one in WAYS], default="phone")
    address = models.CharField(max_length=200, blank=True)
    place = models.CharField(max_length=40, blank=True)  # the room at school: 留守儿童之家
    slots = models.JSONField(default=list)  # ["12:30", "12:50"], on school days
    minutes = models.PositiveSmallIntegerField(default=20)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = CallSettingQuerySet.as_manager()


class NearPupilQuerySet(models.QuerySet):
    """Rows about one child: for whoever may read its records."""

    def visible_to(self, viewer):
        return self.filter(pupil__in=Pupil.objects.cared_for_by(viewer), pupil__school_id=viewer.school_id)


class VideoCall(models.Model):
    """A call put on a day and an hour, perhaps in the room at school; then held, not reached, or taken off again."""

    class Privacy:
        keep = (
            "id",
            "school",
            "pupil",
            "place",
            "on",
            "at",
            "minutes",
            "state",
            "by",
            "arranged_at",
            "evidence",
        )
        scrub = ("with_whom",)
        erase = ("link",)

    STATES = ("arranged", "held", "unreached", "cancelled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="video_calls")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="video_calls")
    place = models.CharField(max_length=40, blank=True)  # empty: at home, or wherever the phone is
    on = models.DateField()
    at = models.TimeField()
    minutes = models.PositiveSmallIntegerField(default=20)
    with_whom = models.CharField(max_length=20, blank=True)
    link = SealedText()
    state = models.CharField(max_length=10, choices=[(one, one) for one in STATES], default="arranged")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    arranged_at = models.DateTimeField()
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    objects = NearPupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "place", "on", "at"],
                condition=Q(state__in=("arranged", "held")) & ~Q(place=""),
                name="one_call_in_a_room_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(state="arranged"), name="one_call_ahead_of_a_child"
            ),
            models.CheckConstraint(
                condition=Q(state__in=("held", "unreached")) | Q(evidence__isnull=True),
                name="only_a_call_made_has_a_record",
            ),
        ]
        indexes = [models.Index(fields=["pupil", "on"], name="video_call_by_pupil")]


class ParentContact(models.Model):
    """In this week the parents got in touch with the child themselves: one tap, nothing more is asked.

    The law asks it of parents, once a week; it is nobody's duty here and counts for nobody.
    """

    class Privacy:
        keep = ("id", "pupil", "week_on", "by", "at", "withdrawn_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="parent_contacts")
    week_on = models.DateField()  # its Monday
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    objects = NearPupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "week_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_contact_a_week",
            )
        ]
