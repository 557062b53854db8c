"""Who helps whom, how many at most, and who may not: proposed by the solver, confirmed by people, dated.

What no door may break (caps, avoidances, a pair once in force) is guarded by triggers: `records/limits.py`.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.cases import Case
from bangfu.records.models.people import Enrolment, Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText
from bangfu.records.valid import ValidQuerySet, valid_on


class PairingQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(case__in=Case.objects.visible_to(viewer))

    def in_force(self, day):
        """Pairs that held on that day: confirmed by a leader, ended since or not."""
        return self.filter(
            valid_on(day),
            state__in=("confirmed", "ended", "declined"),
        )

    def unanswered_by(self, viewer):
        """Pairs confirmed by a leader that the viewer has not taken on yet; one's own, so they are visible to one."""
        return self.in_force(viewer.day).filter(helper=viewer.staff, accepted_on=None)


class PlanOfCase(models.CharField):
    """The plan's key, copied from the case when nobody wrote it, also in bulk: a cap is looked up by it."""

    def pre_save(self, model_instance, add):
        value = getattr(model_instance, self.attname) or model_instance.case.plan_key
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class Pairing(models.Model):
    """One child's case and one responsible adult; `place` is the seat: 1, and 2… where a plan asks for several."""

    class Privacy:
        keep = (
            "id", "case", "plan_key", "kind", "place", "helper", "state", "is_locked", "reason", "proposed_by",
            "proposed_on", "confirmed_by", "valid_from", "valid_to", "accepted_on", "time_slot", "ended_because",
        )  # fmt: skip

    STATES = ("proposed", "confirmed", "declined", "ended")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="pairings")
    plan_key = PlanOfCase(max_length=40, blank=True, default="")
    kind = models.CharField(max_length=30, default="helper")  # the pairing key of the plan
    place = models.PositiveSmallIntegerField(default=1)
    helper = models.ForeignKey(Staff, models.PROTECT, related_name="pairings")
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="proposed")
    is_locked = models.BooleanField(default=False)  # chosen by people: the solver keeps it whatever it costs
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
                fields=["case", "kind", "place"],
                condition=Q(valid_to__isnull=True, state__in=["proposed", "confirmed"]),
                name="one_live_pair_of_a_place",
            ),
            models.CheckConstraint(
                condition=~Q(state="confirmed") | Q(valid_from__isnull=False, confirmed_by__isnull=False),
                name="confirmed_pairs_say_by_whom_and_since",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(valid_from__isnull=True),
                name="proposed_pairs_are_not_in_force",
            ),
        ]
        indexes = [
            models.Index(fields=["helper", "state"], name="pairing_by_helper"),
            models.Index(fields=["case", "kind"], name="pairing_by_case"),
        ]


class AvoidanceQuerySet(ValidQuerySet):
    def visible_to(self, viewer):
        """Those who decide on pairs: a supervisor those of the grade. Why stays with them."""
        here = self.filter(pupil__school_id=viewer.school_id)
        if viewer.holds("principal", "vice_principal"):
            return here
        years = viewer.entry_years_as("grade_supervisor")
        near = Enrolment.objects.on(viewer.day).filter(school_class__entry_year__in=years)
        return here.filter(pupil__in=near.values("pupil"))


class Avoidance(models.Model):
    """A grown-up who may not be paired with a child, in any plan: own child, a relative, a conflict, or asked for."""

    class Privacy:
        keep = ("id", "pupil", "staff", "why", "valid_from", "valid_to", "by")
        erase = ("note",)

    WHY = ("own_child", "relative", "conflict", "asked", "declined")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="avoidances")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="avoidances")
    why = models.CharField(max_length=10, choices=[(why, why) for why in WHY])
    note = SealedText()
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")

    objects = AvoidanceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "staff"],
                condition=Q(valid_to__isnull=True),
                name="one_open_avoidance_of_two",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="avoidance_ends_after_start",
            ),
        ]


class PairingLimitQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)


class PairingLimit(models.Model):
    """How many at most by one pairing of a plan, as the version in force says: what the triggers hold pairs against."""

    class Privacy:
        keep = ("id", "school", "plan_key", "kind", "per_case_max", "per_helper_max")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="pairing_limits")
    plan_key = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    per_case_max = models.PositiveIntegerField()
    per_helper_max = models.PositiveIntegerField()

    objects = PairingLimitQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "plan_key", "kind"], name="one_limit_of_a_pairing")
        ]
