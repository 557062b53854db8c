"""Somebody outside the school who stands by one child: who offers, what the family answered, and since when.

A family is asked before anybody is looked for; a pair without its yes cannot be stored (P0-15, P1-18, P1-19). The
sponsor learns what `SponsorPair.alias`, the grade and `wishes` say, and nothing else.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.cases import Case
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText
from bangfu.records.valid import valid_on

KEEPERS = ("principal", "vice_principal", "aid_officer")  # who know both sides


class SponsorQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.holds(*KEEPERS) else here.none()


class Sponsor(models.Model):
    """A person or an organisation that offered to stand by a child; signs in nowhere."""

    class Privacy:
        keep = (
            "id", "school", "kind", "places", "promised_on", "since", "stopped_on", "stopped_because", "noted_by",
        )  # fmt: skip
        scrub = ("name",)
        erase = ("phone", "phone_index")

    KINDS = ("person", "organisation")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="sponsors")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in KINDS], default="person")
    phone = SealedText()
    phone_index = models.CharField(
        max_length=32, blank=True
    )  # so that a child's own family is not its sponsor
    places = models.PositiveSmallIntegerField(
        default=1
    )  # how many they offered; the plan's number holds besides
    promised_on = models.DateField()  # the day they signed what a sponsor does and never does
    since = models.DateField()
    stopped_on = models.DateField(null=True, blank=True)
    stopped_because = models.CharField(max_length=200, blank=True)
    noted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = SponsorQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "name", "phone_index"],
                condition=Q(stopped_on__isnull=True),
                name="one_sponsor_of_a_name_and_number",
            )
        ]

    def __str__(self):
        return str(self.pk)


class SponsorPairQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Who keeps sponsors sees all; a class teacher what the families of the class answered."""
        here = self.filter(case__school_id=viewer.school_id)
        return here if viewer.holds(*KEEPERS) else here.filter(case__in=Case.objects.visible_to(viewer))

    def in_force(self, day):
        """Pairs that held on that day, ended since or not."""
        return self.filter(
            valid_on(day),
            state__in=("confirmed", "ended"),
        )


class SponsorPair(models.Model):
    """What one family answered about a sponsor for its child and, after a yes, the sponsor. Ended, never deleted."""

    class Privacy:
        keep = (
            "id", "case", "plan_key", "kind", "sponsor", "state", "wishes", "answered_on", "answered_how", "noted_by",
            "taken_back_on", "confirmed_by", "valid_from", "valid_to",
        )  # fmt: skip
        scrub = ("alias", "answered_by")
        erase = ("ended_because",)

    STATES = ("agreed", "declined", "confirmed", "ended")
    WAYS = ("paper", "in_person", "phone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="sponsor_pairs")
    plan_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)  # the pairing key of the plan
    sponsor = models.ForeignKey(Sponsor, models.PROTECT, null=True, blank=True, related_name="pairs")
    state = models.CharField(max_length=10, choices=[(state, state) for state in STATES])
    alias = models.CharField(max_length=12, blank=True)  # what the sponsor calls the child
    wishes = models.JSONField(
        default=list
    )  # what would help, from a fixed list: no free word reaches a stranger
    answered_by = models.CharField(max_length=40)  # who of the family said yes or no
    answered_on = models.DateField()
    answered_how = models.CharField(max_length=10, choices=[(way, way) for way in WAYS])
    noted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    taken_back_on = models.DateField(null=True, blank=True)
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    ended_because = models.CharField(max_length=200, blank=True)

    objects = SponsorPairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(state__in=["agreed", "confirmed"]),
                name="one_sponsor_of_a_child",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["agreed", "declined"])
                | Q(
                    sponsor__isnull=False, confirmed_by__isnull=False, valid_from__gte=models.F("answered_on")
                ),
                name="sponsor_only_after_the_family_said_yes",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["declined", "ended"]) | Q(taken_back_on__isnull=True),
                name="a_yes_taken_back_holds_no_sponsor",
            ),
            models.CheckConstraint(
                condition=~Q(answered_by="") & (Q(state="declined") | ~Q(alias="")),
                name="family_and_alias_of_a_sponsor_are_named",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "declined"]) | Q(sponsor__isnull=True),
                name="no_sponsor_before_it_is_confirmed",
            ),
        ]
        indexes = [models.Index(fields=["sponsor", "state"], name="sponsor_pair_by_sponsor")]
