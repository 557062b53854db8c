"""Who is helped and why: the class survey, the cases it opens, and the decision of each term."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School, SchoolClass


def _about_visible_pupils(queryset, viewer, path):
    return queryset.filter(**{f"{path}__in": Pupil.objects.cared_for_by(viewer)})


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_class__school_id=viewer.school_id)
        if viewer.is_leader:
            return here
        return here.filter(
            Q(school_class_id__in=viewer.minded_class_ids) | Q(school_class__entry_year__in=viewer.entry_years)
        )


class Survey(models.Model):
    """One class looked at once a term for one plan."""

    class Privacy:
        keep = ("id", "school_class", "plan_key", "term_key", "finished_on", "finished_by", "exception")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="surveys")
    plan_key = models.CharField(max_length=40)
    term_key = models.CharField(max_length=20)
    finished_on = models.DateField(null=True, blank=True)
    finished_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    exception = models.CharField(max_length=200, blank=True)  # why fewer or more than the plan says

    objects = SurveyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "plan_key", "term_key"], name="one_survey_per_class_plan_term"
            )
        ]


class SurveyAnswer(models.Model):
    """What the teacher answered for one child: {"weak_results": true, "weak_conduct": null}, chosen or not."""

    class Privacy:
        keep = ("id", "survey", "pupil", "is_chosen", "category", "by", "at")
        erase = ("answers", "causes", "cause_note")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    survey = models.ForeignKey(Survey, models.CASCADE, related_name="answers")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="survey_answers")
    answers = models.JSONField(default=dict)
    is_chosen = models.BooleanField(default=False)
    category = models.CharField(max_length=30, blank=True)
    causes = models.JSONField(default=list)
    cause_note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["survey", "pupil"], name="one_answer_per_child")]


class CaseQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return _about_visible_pupils(self.filter(school_id=viewer.school_id), viewer, "pupil")

    def open_on(self, day):
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day), opened_on__lte=day)


class Case(models.Model):
    """A child taken into a plan, from a day, for written causes, until a decision closes it."""

    class Privacy:
        keep = (
            "id",
            "school",
            "pupil",
            "plan_key",
            "category",
            "opened_on",
            "opened_by",
            "closed_on",
            "survey",
        )
        erase = ("causes", "cause_note", "measures", "closed_because")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="cases")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="cases")
    plan_key = models.CharField(max_length=40)
    survey = models.ForeignKey(Survey, models.PROTECT, null=True, blank=True, related_name="cases")
    category = models.CharField(max_length=30, blank=True)
    causes = models.JSONField(default=list)
    cause_note = models.CharField(max_length=300, blank=True)
    measures = models.JSONField(default=list)
    opened_on = models.DateField()
    opened_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    closed_on = models.DateField(null=True, blank=True)  # end excluded
    closed_because = models.CharField(max_length=200, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "plan_key"], condition=Q(closed_on__isnull=True), name="one_open_case"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=models.F("opened_on")),
                name="case_closes_after_opening",
            ),
        ]
        indexes = [models.Index(fields=["school", "plan_key", "closed_on"], name="case_by_plan")]


class Decision(models.Model):
    """What was decided about a case in a term: go on, change, or close."""

    class Privacy:
        keep = ("id", "case", "term_key", "outcome", "by", "on")
        erase = ("note",)

    OUTCOMES = ("continue", "change", "close")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="decisions")
    term_key = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in OUTCOMES])
    note = models.CharField(max_length=300, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "term_key"], name="one_decision_per_term")]
