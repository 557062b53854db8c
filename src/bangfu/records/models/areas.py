"""Areas (片) and villages, who looks after which, village teams: dated, ended with a reason, never deleted."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Staff
from bangfu.records.models.places import School
from bangfu.records.valid import valid_on

LIVE = Q(valid_to__isnull=True)


class PlaceQuerySet(models.QuerySet):
    """Rows of a school that anybody who works there may see: who looks after which village is no secret."""

    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)

    def in_force(self, day):
        return self.filter(valid_on(day))


class Area(models.Model):
    """A part of the country round the school: some villages, looked after by some of the staff."""

    class Privacy:
        keep = ("id", "school", "name", "valid_from", "valid_to")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="areas")
    name = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], condition=LIVE, name="one_area_of_a_name")
        ]

    def __str__(self):
        return self.name


class Village(models.Model):
    """A village of an area; a key village gets its team from the district, the others theirs from the township."""

    class Privacy:
        keep = ("id", "school", "area", "name", "is_key", "language", "support_unit")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="villages")
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="villages")
    name = models.CharField(max_length=40)
    is_key = models.BooleanField(default=False)
    language = models.CharField(max_length=20, blank=True)  # what is mostly spoken at home there
    support_unit = models.CharField(max_length=60, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "name"], name="one_village_of_a_name")]

    def __str__(self):
        return self.name


class AreaStaff(models.Model):
    """One of the staff looks after an area, from one day to another, and why this one."""

    class Privacy:
        keep = ("id", "school", "area", "staff", "reason", "by", "valid_from", "valid_to", "ended_because")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    area = models.ForeignKey(Area, models.PROTECT, related_name="staff")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="areas")
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    ended_because = models.CharField(max_length=200, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "staff"], condition=LIVE, name="one_post_in_an_area")
        ]


class HomeGroundQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(staff__school_id=viewer.school_id)


class HomeGround(models.Model):
    """Where a colleague is at home: the village and the languages spoken, so that people who know a place go there."""

    class Privacy:
        keep = ("id", "staff")
        scrub = ("village", "languages")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.OneToOneField(Staff, models.CASCADE, related_name="home_ground")
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="+")
    languages = models.CharField(max_length=60, blank=True)

    objects = HomeGroundQuerySet.as_manager()


class VillageTeam(models.Model):
    """A team (工作队) sent by the district, or a group (工作组) formed by the township or the school."""

    class Privacy:
        keep = ("id", "school", "name", "formed_by", "valid_from", "valid_to")

    FORMED_BY = ("district", "township", "school")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="village_teams")
    name = models.CharField(max_length=40)
    formed_by = models.CharField(max_length=10, choices=[(one, one) for one in FORMED_BY])
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "name"], condition=LIVE, name="one_team_of_a_name")
        ]

    def __str__(self):
        return self.name


class TeamMember(models.Model):
    """One of a team, from one day to another; one of them heads it."""

    class Privacy:
        keep = ("id", "school", "team", "staff", "is_head", "by", "valid_from", "valid_to")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    team = models.ForeignKey(VillageTeam, models.PROTECT, related_name="members")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="teams")
    is_head = models.BooleanField(default=False)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["team", "staff"], condition=LIVE, name="once_in_a_team"),
            models.UniqueConstraint(
                fields=["team"], condition=LIVE & Q(is_head=True), name="one_head_of_a_team"
            ),
        ]


class VillagePost(models.Model):
    """A team looks after a village; a village has one at a time. `kind` is the pairing key of the plan."""

    class Privacy:
        keep = (
            "id", "school", "village", "team", "plan_key", "kind", "reason", "by", "valid_from", "valid_to",
            "ended_because",
        )  # fmt: skip

    KINDS = ("team", "group")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    village = models.ForeignKey(Village, models.PROTECT, related_name="posts")
    team = models.ForeignKey(VillageTeam, models.PROTECT, related_name="posts")
    plan_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=30, choices=[(one, one) for one in KINDS])
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    ended_because = models.CharField(max_length=200, blank=True)

    objects = PlaceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["village"], condition=LIVE, name="one_team_for_a_village")
        ]
