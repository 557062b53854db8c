"""Going round the village: where a home stands, which village somebody has taken along, visits, sudden hardship.

A visit to a home is one row, whoever goes; where the visitor also helps a child of the home, the same visit is a
record of that child. What came over a family suddenly waits until somebody has answered (P10-51).
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.areas import AreaStaff, TeamMember, Village, VillagePost
from bangfu.records.models.evidence import Evidence
from bangfu.records.models.households import KEEPS, Household, HouseholdHelper
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText


def round_of(viewer) -> Q | None:
    """This function will say which households of the school are on somebody's round; None: all of them."""
    if viewer.is_leader or viewer.holds(*KEEPS):
        return None
    day, staff = viewer.day, viewer.staff
    areas = AreaStaff.objects.in_force(day).filter(staff=staff).values("area")
    teams = TeamMember.objects.in_force(day).filter(staff=staff).values("team")
    posts = VillagePost.objects.in_force(day).filter(team__in=teams).values("village")
    mine = HouseholdHelper.objects.in_force(day).filter(staff=staff).values("household")
    return Q(village__area__in=areas) | Q(village__in=posts) | Q(pk__in=mine)


def homes_on_round(viewer):
    """This function will give the accompanied households somebody goes to see."""
    here = Household.objects.filter(school_id=viewer.school_id).accompanied(viewer.day)
    mine = round_of(viewer)
    return here if mine is None else here.filter(mine)


def homes_within_reach(viewer):
    """This function will give the households whose card somebody may open: the round's, and those of children in their care."""
    cared = Pupil.objects.cared_for_by(viewer).exclude(household_key="").values("household_key")
    here = Household.objects.filter(school_id=viewer.school_id)
    return here.filter(Q(pk__in=homes_on_round(viewer).values("pk")) | Q(key__in=cared))


class AtHomeQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Rows about a household: for whoever goes there, and one's own."""
        here = self.filter(household__school_id=viewer.school_id)
        if round_of(viewer) is None:
            return here
        return here.filter(Q(household__in=homes_on_round(viewer).values("pk")) | Q(author=viewer.staff))


class HouseholdPlace(models.Model):
    """Where a home stands in its village, as somebody says who has been there; else it is read from the address."""

    class Privacy:
        keep = ("id", "household", "by", "at")
        erase = ("group_name", "door")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    household = models.OneToOneField(Household, models.CASCADE, related_name="stands_at")
    group_name = models.CharField(max_length=12, blank=True)  # 组: 3
    door = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class RoundTakenQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(staff=viewer.staff)


class RoundTaken(models.Model):
    """Somebody carries a village's household cards on their own device, for fourteen days at most."""

    class Privacy:
        keep = ("id", "staff", "village", "taken_at", "until")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.CASCADE, related_name="villages_taken")
    village = models.ForeignKey(Village, models.CASCADE, related_name="+")
    taken_at = models.DateTimeField()
    until = models.DateField()

    objects = RoundTakenQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "village"], name="a_village_is_taken_once")]


class HouseholdVisit(models.Model):
    """A visit to a home: who was met, what was asked, what comes next; added, taken back, never edited.

    The id is made by the client. `evidence` is the same visit in the files of children whom the visitor helps.
    """

    class Privacy:
        keep = (
            "id", "household", "author", "happened_on", "written_at", "minutes", "with_staff", "is_withdrawn", "evidence",
        )  # fmt: skip
        scrub = ("with_other",)
        erase = ("answers", "note", "alone_because")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    household = models.ForeignKey(Household, models.PROTECT, related_name="visits")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    happened_on = models.DateField()
    written_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = SealedText()
    with_staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    with_other = models.CharField(max_length=40, blank=True)
    alone_because = models.CharField(max_length=200, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    is_withdrawn = models.BooleanField(default=False)

    objects = AtHomeQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["household", "happened_on"], name="visit_by_household")]


class HardshipQuerySet(AtHomeQuerySet):
    def open(self):
        return self.filter(state="open")


class Hardship(models.Model):
    """Something hard has come over a family: what kind, since when, by which day somebody should have gone there."""

    class Privacy:
        keep = (
            "id", "school", "household", "author", "happened_on", "written_at", "due_on", "state", "answered_by", "answered_at",
        )  # fmt: skip
        erase = ("kind", "note", "answer")

    KINDS = ("illness", "disaster", "accident", "job_loss", "other")
    STATES = ("open", "referred", "settled", "withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, models.PROTECT, related_name="hardships")
    household = models.ForeignKey(Household, models.PROTECT, related_name="hardships")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=[(one, one) for one in KINDS])
    happened_on = models.DateField()
    written_at = models.DateTimeField()
    due_on = models.DateField()
    note = SealedText()
    state = models.CharField(max_length=10, choices=[(one, one) for one in STATES], default="open")
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = SealedText()

    objects = HardshipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | ~Q(state="open") & Q(answered_at__isnull=False),
                name="answered_once_it_is_not_open",
            )
        ]
        indexes = [
            models.Index(fields=["school", "due_on"], condition=Q(state="open"), name="hardship_waiting")
        ]
