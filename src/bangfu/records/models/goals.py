"""What a case aims at and the dated steps that lead there; whatever is changed stays to be read (P5-22, P6-13, P7A-03)."""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.cases import Case
from bangfu.records.models.evidence import Evidence
from bangfu.records.models.people import Staff


class GoalQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(case__in=Case.objects.visible_to(viewer))


class CaseGoal(models.Model):
    """A goal of the plan for one case, in one of its dimensions: where the child stands, and the child's own words.

    `baseline` and the steps' `level` count 1 to 4 and are shown as words; both are empty where the plan asks for none.
    """

    class Privacy:
        keep = ("id", "case", "key", "dimension", "state", "set_by", "set_on", "closed_on", "evidence")
        erase = ("baseline", "words", "closed_because")

    STATES = ("open", "reached", "dropped")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="goals")
    key = models.CharField(max_length=40)
    dimension = models.CharField(max_length=60, blank=True)
    baseline = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="open")
    set_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    set_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    closed_because = models.CharField(max_length=200, blank=True)
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    objects = GoalQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case", "key", "dimension"], condition=Q(state="open"), name="one_open_goal"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | Q(state__in=("reached", "dropped"), closed_on__isnull=False, closed_on__gte=F("set_on")),
                name="a_goal_closes_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline__range=(1, 4)), name="a_baseline_is_a_level"
            ),
        ]


class StepQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(goal__in=CaseGoal.objects.visible_to(viewer))


class GoalStep(models.Model):
    """One dated step. A step that is changed closes and another takes its place, so the way there can be read."""

    class Privacy:
        keep = ("id", "goal", "due_on", "state", "set_by", "set_on", "closed_on", "evidence")
        erase = ("level", "what", "filled", "note")

    STATES = ("open", "reached", "changed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    goal = models.ForeignKey(CaseGoal, models.CASCADE, related_name="steps")
    due_on = models.DateField()
    level = models.PositiveSmallIntegerField(null=True, blank=True)
    what = models.CharField(max_length=200)
    filled = models.JSONField(default=dict)  # what else the plan wants written: {"措施": "每天课间听写", …}
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="open")
    set_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    set_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)  # how it went, or why it was changed
    evidence = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    objects = StepQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["goal", "due_on"], condition=~Q(state="changed"), name="one_step_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_on__isnull=True)
                | Q(state__in=("reached", "changed"), closed_on__isnull=False, closed_on__gte=F("set_on")),
                name="a_step_closes_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(level__isnull=True) | Q(level__range=(1, 4)), name="a_step_is_at_a_level"
            ),
        ]
