"""Places a plan counts on: the home of love, the support station, the counselling room, with what is in them.

What is given out is counted, never to whom: that stands in the child's own record (P0-18, P0-28, P1-06).
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.calendars import SchoolOwnedQuerySet
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School


class FacilityQuerySet(SchoolOwnedQuerySet):
    def open_on(self, day):
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)


class Facility(models.Model):
    """A place of the school: its room, hours, how it is booked, who keeps it. `key` is the plan's word for it."""

    class Privacy:
        keep = (
            "id", "school", "key", "name", "room", "hours", "booking", "keeper", "opened_on", "closed_on", "decided_by",
        )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="facilities")
    key = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=40)
    room = models.CharField(max_length=60, blank=True)
    hours = models.CharField(max_length=80, blank=True)
    booking = models.CharField(max_length=80, blank=True)
    keeper = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="kept_places")
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)  # end excluded
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = FacilityQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name"], condition=Q(closed_on__isnull=True), name="one_place_of_a_name"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="place_closes_after_opening",
            ),
        ]
        ordering = ["name"]


class InSchoolQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(facility__school_id=viewer.school_id)


class Thing(models.Model):
    """Something a place has, and how many now; never fewer than none."""

    class Privacy:
        keep = ("id", "facility", "name", "how_many")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    facility = models.ForeignKey(Facility, models.CASCADE, related_name="things")
    name = models.CharField(max_length=40)
    how_many = models.PositiveIntegerField(default=0)

    objects = InSchoolQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "name"], name="one_line_for_a_thing"),
            models.CheckConstraint(condition=Q(how_many__gte=0), name="never_fewer_than_none"),
        ]
        ordering = ["name"]


class ThingMove(models.Model):
    """领用登记: how many came or went, why, on which day. Only added; to whom is not written here."""

    class Privacy:
        keep = ("id", "thing", "change", "why", "on", "by", "at")
        erase = ("words",)

    WHYS = ("got", "given_out", "brought_back", "used_up")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    thing = models.ForeignKey(Thing, models.CASCADE, related_name="moves")
    change = models.IntegerField()
    why = models.CharField(max_length=12, choices=[(one, one) for one in WHYS])
    words = models.CharField(max_length=100, blank=True)
    on = models.DateField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(change=0), name="a_move_moves_something"),
        ]
        ordering = ["-on", "-at"]
