"""Classmates who learn side by side: who would like to, whom each would like, pairs and study groups (P2-06, P7A-07).

Every child of a class may offer, wish and have a partner, so none of it says who is helped. Which of two is the case
is known to the row alone; pages and papers name both in seat order.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.cases import Case
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School, SchoolClass
from bangfu.records.valid import valid_on

HOW = ("both", "one", "matched", "by_hand")  # both chose, one chose, neither did, a teacher put them together


class OfPupilQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(pupil__in=Pupil.objects.cared_for_by(viewer))

    def standing(self):
        """What is said now; what was said before stays to be read."""
        return self.filter(valid_to__isnull=True)


class PeerOffer(models.Model):
    """What a pupil and the family say about learning side by side; said anew, the earlier row closes."""

    class Privacy:
        keep = (
            "id", "pupil", "is_willing", "at_most", "family_agrees", "valid_from", "valid_to", "by",
        )  # fmt: skip
        erase = ("family_word",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="peer_offers")
    is_willing = models.BooleanField(null=True)  # would like to learn with a classmate who could use company
    at_most = models.PositiveSmallIntegerField(default=1)  # with how many at once, if the plan lets it
    family_agrees = models.BooleanField(null=True)  # None: nobody asked yet
    family_word = models.CharField(max_length=60, blank=True)  # who said so and how: 奶奶，电话里
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = OfPupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(valid_to__isnull=True), name="one_peer_offer_stands"
            ),
            models.CheckConstraint(condition=Q(at_most__range=(1, 9)), name="peer_offer_is_for_some"),
        ]


class PeerWish(models.Model):
    """A classmate a pupil would like to learn with, in order."""

    class Privacy:
        keep = ("id", "pupil", "wanted", "place", "valid_from", "valid_to", "by")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="peer_wishes")
    wanted = models.ForeignKey(Pupil, models.CASCADE, related_name="+")
    place = models.PositiveSmallIntegerField()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = OfPupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "place"], condition=Q(valid_to__isnull=True), name="one_wish_in_a_place"
            ),
            models.UniqueConstraint(
                fields=["pupil", "wanted"], condition=Q(valid_to__isnull=True), name="wished_for_once"
            ),
            models.CheckConstraint(condition=~Q(pupil=F("wanted")), name="nobody_wishes_for_oneself"),
        ]


class StudyGroupQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school=viewer.school_id)
        if viewer.is_leader:
            return here
        mine = Q(school_class__in=viewer.minded_class_ids)
        return here.filter(mine | Q(school_class__entry_year__in=viewer.entry_years))


class StudyGroup(models.Model):
    """A few classmates who learn together, newcomers with somebody from here among them; its pairs say who is in it."""

    class Privacy:
        keep = ("id", "school", "school_class", "number", "made_on", "made_by")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="study_groups")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="study_groups")
    number = models.PositiveSmallIntegerField()  # 第一组: a number in the class, nothing else
    made_on = models.DateField()
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = StudyGroupQuerySet.as_manager()


class PeerPairQuerySet(models.QuerySet):
    def in_force(self, day):
        """What held on that day: confirmed, ended since or not."""
        found = self.filter(valid_on(day))
        return found.filter(state__in=("confirmed", "ended"))

    def visible_to(self, viewer):
        return self.filter(school=viewer.school_id, pupil__in=Pupil.objects.cared_for_by(viewer))


class PeerPair(models.Model):
    """Two classmates who learn side by side: by one pairing of a plan, for the case of `pupil`, or because they like to.

    The second kind has neither case nor plan, and no page can tell it from the first.
    """

    class Privacy:
        keep = (
            "id", "school", "pupil", "case", "plan_key", "kind", "partner", "group", "state", "how", "proposed_by",
            "proposed_on", "confirmed_by", "valid_from", "valid_to",
        )  # fmt: skip
        erase = ("ended_because",)

    STATES = ("proposed", "confirmed", "ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="peer_pairs")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, models.CASCADE, null=True, blank=True, related_name="peer_pairs")
    plan_key = models.CharField(max_length=40, blank=True)  # of the case, for the limit the database keeps
    kind = models.CharField(max_length=30, blank=True)  # the pairing key of the plan
    partner = models.ForeignKey(Pupil, models.PROTECT, related_name="peer_pairs")
    group = models.ForeignKey(
        StudyGroup, models.PROTECT, null=True, blank=True, related_name="pairs"
    )  # each who was given a place × each who keeps company: the same limits hold
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="proposed")
    how = models.CharField(max_length=10, choices=[(h, h) for h in HOW])
    proposed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    proposed_on = models.DateField()
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # end excluded; set ahead where a pair lasts a term
    ended_because = models.CharField(max_length=100, blank=True)  # nobody has to say why

    objects = PeerPairQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "partner", "plan_key", "kind"],
                condition=Q(state__in=["proposed", "confirmed"]),
                name="two_classmates_are_paired_once",
            ),
            models.CheckConstraint(condition=~Q(pupil=F("partner")), name="nobody_is_ones_own_partner"),
            models.CheckConstraint(
                condition=Q(state="proposed") | Q(valid_from__isnull=False, confirmed_by__isnull=False),
                name="peer_pairs_say_by_whom_and_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(valid_to__isnull=False), name="ended_peer_pairs_say_when"
            ),
        ]
        indexes = [
            models.Index(fields=["partner", "state"], name="peer_pair_by_partner"),
            models.Index(fields=["pupil", "state"], name="peer_pair_by_pupil"),
        ]
