"""Households of the children, who answers for each, and the neighbour who lends a hand. Only what pairing needs."""

import uuid

from django.db import models

from bangfu.records.models.areas import LIVE, Village
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText
from bangfu.records.valid import valid_on

KEEPS = ("aid_officer",)


class HouseholdQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Leaders and the aid officer see the school's; everybody else the ones they answer for today."""
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader or viewer.holds(*KEEPS):
            return here
        mine = HouseholdHelper.objects.in_force(viewer.day).filter(staff=viewer.staff)
        return here.filter(pk__in=mine.values("household"))

    def accompanied(self, day):
        """Households that somebody answers for, or should."""
        return self.filter(valid_on(day))


class Household(models.Model):
    """A home with one or more of our children, who carry the same `key`; accompanied from one day to another."""

    class Privacy:
        keep = ("id", "school", "village", "valid_from", "valid_to", "earlier", "decided_by")
        scrub = ("key",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="households")
    key = models.CharField(max_length=32)  # Pupil.household_key
    village = models.ForeignKey(Village, models.PROTECT, null=True, blank=True, related_name="households")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    earlier = models.JSONField(default=list)  # stretches before this one: [["2026-09-01", "2027-01-20"], …]
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = HouseholdQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["school", "key"], name="one_household_of_a_key")]


class LocalPartnerQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader or viewer.holds(*KEEPS):
            return here
        mine = Household.objects.visible_to(viewer)
        return here.filter(households__household__in=mine, households__valid_to__isnull=True).distinct()

    def in_force(self, day):
        return self.filter(valid_on(day))


class LocalPartner(models.Model):
    """A neighbour who lends a hand: a party member, a cadre or a capable household of the village; they agreed."""

    class Privacy:
        keep = ("id", "school", "village", "kind", "valid_from", "valid_to")
        scrub = ("name",)
        erase = ("phone",)

    KINDS = ("party_member", "cadre", "capable_household")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="local_partners")
    village = models.ForeignKey(Village, models.PROTECT, related_name="partners")
    name = models.CharField(max_length=40)
    kind = models.CharField(max_length=20, choices=[(one, one) for one in KINDS])
    phone = SealedText()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded

    objects = LocalPartnerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["village", "name"], condition=LIVE, name="one_partner_of_a_name")
        ]


class HouseholdPostQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(household__in=Household.objects.visible_to(viewer))

    def in_force(self, day):
        return self.filter(valid_on(day))


class HouseholdPost(models.Model):
    """Somebody stands by a household from one day to another: what both kinds have in common."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    plan_key = models.CharField(max_length=40)
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    ended_because = models.CharField(max_length=200, blank=True)

    objects = HouseholdPostQuerySet.as_manager()

    class Meta:
        abstract = True


class HouseholdHelper(HouseholdPost):
    """One of the staff answers for a household; a household has one at a time (P10-15)."""

    class Privacy:
        keep = (
            "id", "school", "household", "plan_key", "staff", "reason", "by", "valid_from", "valid_to", "accepted_on",
        )  # fmt: skip
        erase = ("ended_because",)

    household = models.ForeignKey(Household, models.PROTECT, related_name="helpers")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="households")
    accepted_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=LIVE, name="one_helper_of_a_household"),
        ]
        indexes = [models.Index(fields=["staff", "valid_to"], name="household_by_staff")]


class HouseholdPartner(HouseholdPost):
    """A neighbour of the same village lends a household a hand; one at a time (P10-33)."""

    class Privacy:
        keep = ("id", "school", "household", "plan_key", "partner", "reason", "by", "valid_from", "valid_to")
        erase = ("ended_because",)

    household = models.ForeignKey(Household, models.PROTECT, related_name="partners")
    partner = models.ForeignKey(LocalPartner, models.PROTECT, related_name="households")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["household"], condition=LIVE, name="one_partner_of_a_household"),
        ]
