"""The month and the term: sheets handed in, children drawn for a spot check, seals, amendments, summaries, filings."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.cases import Case
from bangfu.records.models.evidence import Evidence
from bangfu.records.models.people import Staff
from bangfu.records.models.places import School


class MonthSheetQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader:
            return here
        return here.filter(Q(helper=viewer.staff) | Q(pk__in=_sheets_of_grades(viewer)))


def _sheets_of_grades(viewer):
    return SheetCase.objects.filter(entry_year__in=viewer.entry_years).values("sheet")


class MonthSheet(models.Model):
    """One helper's month in one plan: compiled from records, handed in, perhaps asked about, sealed."""

    class Privacy:
        keep = (
            "id", "school", "plan_key", "helper", "month", "digest", "state", "handed_in_at", "handed_in_by",
            "is_late", "asked_at", "asked_by", "sealed_at", "sealed_by",
        )  # fmt: skip
        erase = ("content", "remark", "question")

    STATES = ("handed_in", "asked", "sealed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="month_sheets")
    plan_key = models.CharField(max_length=40)
    helper = models.ForeignKey(Staff, models.PROTECT, related_name="month_sheets")
    month = models.DateField()  # its first day
    content = models.JSONField()  # the compiled sheet as it stood
    digest = models.CharField(max_length=64)
    remark = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="handed_in")
    handed_in_at = models.DateTimeField()
    handed_in_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    is_late = models.BooleanField(default=False)
    question = models.CharField(max_length=200, blank=True)  # 请补一句：…
    asked_at = models.DateTimeField(null=True, blank=True)
    asked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    sealed_at = models.DateTimeField(null=True, blank=True)
    sealed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = MonthSheetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan_key", "helper", "month"], name="one_sheet_per_helper_and_month"
            ),
            models.CheckConstraint(
                condition=~Q(state="sealed") | Q(sealed_at__isnull=False, sealed_by__isnull=False),
                name="seals_say_by_whom",
            ),
        ]
        indexes = [models.Index(fields=["school", "month"], name="sheets_by_month")]


class SheetCase(models.Model):
    """A case on a month sheet, with the entry year then, so a grade supervisor finds the sheets of the grade."""

    class Privacy:
        keep = ("id", "sheet", "case", "entry_year")

    id = models.BigAutoField(primary_key=True)
    sheet = models.ForeignKey(MonthSheet, models.CASCADE, related_name="cases")
    case = models.ForeignKey(Case, models.PROTECT, related_name="sheets")
    entry_year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet", "case"], name="a_case_stands_once_on_a_sheet")
        ]


class SheetAmendment(models.Model):
    """A visible later change to a sealed sheet: what was added, by whom, and both digests."""

    class Privacy:
        keep = ("id", "sheet", "by", "at", "digest_before", "digest_after")
        erase = ("note", "content")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(MonthSheet, models.CASCADE, related_name="amendments")
    note = models.CharField(max_length=300)
    content = models.JSONField()
    digest_before = models.CharField(max_length=64)
    digest_after = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class SpotCheck(models.Model):
    """A child drawn by a shown seed, talked with by the supervisor: do records and talk agree?"""

    class Privacy:
        keep = (
            "id",
            "sheet",
            "case",
            "seed",
            "drawn_by",
            "drawn_at",
            "outcome",
            "fulfilment",
            "checked_by",
            "checked_at",
            "evidence",
        )
        erase = ("answers", "note")

    OUTCOMES = ("matches", "differs")
    FULFILMENTS = ("done", "partly", "not")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sheet = models.ForeignKey(MonthSheet, models.CASCADE, related_name="spot_checks")
    case = models.ForeignKey(Case, models.PROTECT, related_name="spot_checks")
    seed = models.CharField(max_length=40)
    drawn_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    answers = models.JSONField(default=dict)
    outcome = models.CharField(max_length=10, choices=[(o, o) for o in OUTCOMES], blank=True)
    fulfilment = models.CharField(max_length=10, choices=[(f, f) for f in FULFILMENTS], blank=True)
    note = models.CharField(max_length=300, blank=True)
    checked_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    evidence = models.OneToOneField(
        Evidence, models.PROTECT, null=True, blank=True, related_name="spot_check"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["sheet", "case"], name="drawn_once_a_month")]


class TermSummary(models.Model):
    """A helper's term in a few sentences beside the counted figures (P9-41)."""

    class Privacy:
        keep = ("id", "school", "plan_key", "helper", "term_key", "at")
        erase = ("text", "figures")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="summaries")
    plan_key = models.CharField(max_length=40)
    helper = models.ForeignKey(Staff, models.PROTECT, related_name="summaries")
    term_key = models.CharField(max_length=20)
    text = models.CharField(max_length=300, blank=True)
    figures = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan_key", "helper", "term_key"], name="one_summary_per_term")
        ]


class Filing(models.Model):
    """A band's list on its way: collected by the grade head, submitted, filed by the supervisor (P9-19)."""

    class Privacy:
        keep = (
            "id", "school", "plan_key", "register_key", "band", "term_key", "state", "digest", "submitted_by",
            "submitted_at", "filed_by", "filed_at",
        )  # fmt: skip

    STATES = ("submitted", "filed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="filings")
    plan_key = models.CharField(max_length=40)
    register_key = models.CharField(max_length=40)
    band = models.CharField(max_length=10)
    term_key = models.CharField(max_length=20)
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES])
    digest = models.CharField(max_length=64)
    submitted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField()
    filed_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    filed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan_key", "register_key", "band", "term_key", "school"], name="one_filing_per_band"
            )
        ]
