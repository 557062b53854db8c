"""Who helps whom: proposed by the solver, confirmed by a leader, accepted by the helper, ended with a reason."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.cases import Case
from bangfu.records.models.people import Staff


class PairingQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(case__in=Case.objects.visible_to(viewer))

    def in_force(self, day):
        """Pairs that held on that day: confirmed by a leader, ended since or not."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
            valid_from__lte=day,
            state__in=("confirmed", "ended", "declined"),
        )


class Pairing(models.Model):
    """One child's case and one responsible adult."""

    class Privacy:
        keep = (
            "id", "case", "kind", "helper", "state", "reason", "proposed_by", "proposed_on", "confirmed_by",
            "valid_from", "valid_to", "accepted_on", "time_slot", "ended_because",
        )  # fmt: skip

    STATES = ("proposed", "confirmed", "declined", "ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="pairings")
    kind = models.CharField(max_length=30, default="helper")  # the pairing key of the plan
    helper = models.ForeignKey(Staff, models.PROTECT, related_name="pairings")
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="proposed")
    reason = models.CharField(max_length=200)
    proposed_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    proposed_on = models.DateField()
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    accepted_on = models.DateField(null=True, blank=True)
    time_slot = models.CharField(max_length=60, blank=True)  # 时间落实：周三大课间
    ended_because = models.CharField(max_length=200, blank=True)

    objects = PairingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"],
                condition=Q(valid_to__isnull=True, state__in=["proposed", "confirmed"]),
                name="one_live_pair_of_a_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(valid_from__isnull=False, confirmed_by__isnull=False),
                name="confirmed_pairs_say_by_whom_and_since",
            ),
        ]
        indexes = [models.Index(fields=["helper", "state"], name="pairing_by_helper")]
