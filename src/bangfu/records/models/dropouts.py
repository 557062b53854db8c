"""Files of children who may be out of school: steps and talks are only ever added; lists to hold the roll against.

F26, F27, the three comparisons and the monthly report (R81–R85). What is personal and heavy is sealed.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.engine import schooling
from bangfu.records.models.evidence import AppendOnly
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText

KEEPERS = ("principal", "vice_principal", "roll_officer")  # who may look at every file and close one


class CatchmentListQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id) if viewer.holds(*KEEPERS) else self.none()

    def standing(self):
        """Those not taken back."""
        return self.filter(taken_back_at__isnull=True)


class CatchmentList(models.Model):
    """A list from outside: children of school age in the catchment, or of exited-poor households; dated and sourced."""

    class Privacy:
        keep = ("id", "school", "kind", "source", "listed_on", "digest", "by", "at", "taken_back_at")

    KINDS = ("school_age", "exited_poor")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="catchment_lists")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS])
    source = models.CharField(max_length=60, blank=True)
    listed_on = models.DateField()
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = CatchmentListQuerySet.as_manager()


class CatchmentChildQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(catchment_list__in=CatchmentList.objects.visible_to(viewer))


class CatchmentChild(models.Model):
    """A child on such a list. Sealed throughout: most of them are not pupils of this school."""

    class Privacy:
        keep = ("id", "catchment_list", "at_row", "sex", "pupil", "candidates")
        erase = (
            "name",
            "birth_on",
            "id_number",
            "id_number_index",
            "guardian",
            "phone",
            "address",
            "village",
        )

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    catchment_list = models.ForeignKey(CatchmentList, models.CASCADE, related_name="children")
    at_row = models.PositiveIntegerField()
    sex = models.CharField(max_length=1, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    name = SealedText()
    id_number = SealedText()
    id_number_index = models.CharField(max_length=32, blank=True)
    guardian = SealedText()
    phone = SealedText()
    village = models.CharField(max_length=60, blank=True)
    address = SealedText()
    pupil = models.ForeignKey(Pupil, models.SET_NULL, null=True, blank=True, related_name="+")  # surely this one
    candidates = models.JSONField(default=list)  # who it may be, for a person: [[pupil id, reasons in words]]

    objects = CatchmentChildQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "catchment children"
        indexes = [models.Index(fields=["catchment_list", "at_row"], name="catchment_by_row")]


class DropoutFileQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader or viewer.holds(*KEEPERS):
            return here
        return here.filter(pupil__in=Pupil.objects.cared_for_by(viewer))

    def open(self):
        """Those not closed."""
        return self.exclude(state="closed")


class DropoutFile(models.Model):
    """One child who may be out of school: a pupil, or a listed child never enrolled. `state` repeats the last step."""

    class Privacy:
        keep = (
            "id",
            "school",
            "pupil",
            "catchment_child",
            "state",
            "reason",
            "left_on",
            "minder",
            "opened_at",
        )
        erase = ("partner",)

    REASONS = ("poverty", "work", "marriage", "learning", "health", "family", "unwilling", "unknown", "other")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="dropout_files")
    pupil = models.ForeignKey(Pupil, models.CASCADE, null=True, blank=True, related_name="dropout_files")
    catchment_child = models.ForeignKey(
        CatchmentChild, models.CASCADE, null=True, blank=True, related_name="dropout_files"
    )
    state = models.CharField(max_length=20, choices=[(s, s) for s in schooling.SAID])
    reason = models.CharField(max_length=12, choices=[(r, r) for r in REASONS], default="unknown")
    left_on = models.DateField()  # the first day away
    minder = models.ForeignKey(Staff, models.PROTECT, related_name="+")  # the school's line
    partner = SealedText()  # the township's line: who answers there
    opened_at = models.DateTimeField()

    objects = DropoutFileQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(pupil__isnull=False, catchment_child__isnull=True)
                | Q(pupil__isnull=True, catchment_child__isnull=False),
                name="a_file_is_about_one_child",
            ),
            models.UniqueConstraint(
                fields=["pupil"], condition=~Q(state="closed"), name="one_open_file_per_pupil"
            ),
            models.UniqueConstraint(
                fields=["catchment_child"],
                condition=~Q(state="closed"),
                name="one_open_file_per_listed_child",
            ),
        ]


class AddedOnlyQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(file__in=DropoutFile.objects.visible_to(viewer))

    def update(self, **kwargs):
        raise AppendOnly("what was said stays; add another step")


class AddedOnly(models.Model):
    """Rows of a file that are only ever added."""

    objects = AddedOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("what was said stays; add another step")
        super().save(*args, **{**kwargs, "force_insert": True})


class DropoutStep(AddedOnly):
    """One dated step of a file, by whom; the closing one with its proof."""

    class Privacy:
        keep = ("id", "file", "state", "on", "proof_kind", "by", "at")
        erase = ("said", "proof")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(DropoutFile, models.CASCADE, related_name="steps")
    state = models.CharField(max_length=20, choices=[(s, s) for s in schooling.SAID])
    on = models.DateField()
    said = SealedText()  # where to, why
    proof_kind = models.CharField(max_length=20, blank=True, choices=[(k, k) for k in schooling.KINDS])
    proof = SealedText()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AddedOnly.Meta):
        ordering = ["at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | (~Q(proof_kind="") & Q(proof__isnull=False)),
                name="a_file_closes_with_proof",
            )
        ]


class Persuasion(AddedOnly):
    """One talk with the family or the child: who went, how, with whom, what came of it, what next (F27)."""

    class Privacy:
        keep = ("id", "file", "on", "way", "attitude", "next_on", "by", "at")
        erase = ("who", "talked_with", "result", "next_step")

    WAYS = ("phone", "visit", "at_school", "with_village", "with_township")
    ATTITUDES = ("agrees", "thinks_it_over", "has_difficulties", "does_not_agree", "not_met")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(DropoutFile, models.CASCADE, related_name="persuasions")
    on = models.DateField()
    way = models.CharField(max_length=20, choices=[(w, w) for w in WAYS])
    who = SealedText()
    talked_with = SealedText()
    attitude = models.CharField(max_length=20, choices=[(a, a) for a in ATTITUDES])
    result = SealedText()
    next_step = SealedText()
    next_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta(AddedOnly.Meta):
        ordering = ["on", "at"]


class DifferenceAnswerQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id) if viewer.holds(*KEEPERS) else self.none()


class DifferenceAnswer(models.Model):
    """What became of one difference between a list, the roll and the classroom. The last answer counts, none is dropped."""

    class Privacy:
        keep = ("id", "school", "kind", "subject_id", "pupil", "answer", "by", "at")
        erase = ("said",)

    KINDS = ("never_enrolled", "away")
    ANSWERS = (
        "same_child", "another_school", "moved", "too_young", "finished", "abroad", "deceased", "home_teaching",
        "suspended", "with_leave", "being_traced", "opened_file",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=[(k, k) for k in KINDS])
    subject_id = models.UUIDField()  # the listed child, or the pupil
    pupil = models.ForeignKey(Pupil, models.SET_NULL, null=True, blank=True, related_name="+")  # same_child
    answer = models.CharField(max_length=20, choices=[(a, a) for a in ANSWERS])
    said = SealedText()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = DifferenceAnswerQuerySet.as_manager()

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["school", "kind", "subject_id"], name="answers_to_a_difference")]


class SchoolingReportQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.is_leader or viewer.holds(*KEEPERS) else self.none()


class SchoolingReport(models.Model):
    """A month's nil-or-list report as it was confirmed: figures and the ids of files, no names (R82)."""

    class Privacy:
        keep = ("id", "school", "month", "content", "digest", "confirmed_by", "confirmed_at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="schooling_reports")
    month = models.DateField()
    content = models.JSONField(default=dict)
    digest = models.CharField(max_length=64)
    confirmed_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()

    objects = SchoolingReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["school", "month"], name="one_schooling_report_a_month")
        ]
