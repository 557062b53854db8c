"""Recognising a family's hardship: the round of a term, applications, the group's minutes, recognitions, the notice.

What a family tells is sealed and seen by the appraisal group, the aid officer and the principal only.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.engine.hardship import LEVELS
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText

OFFICERS = ("aid_officer", "principal")
LEADING = ("aid_officer", "principal", "vice_principal")


class RoundQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """The round itself names no child: whoever leads, teaches a class or sits in a group may know where it stands."""
        here = self.filter(school_id=viewer.school_id)
        if viewer.holds(*LEADING, "homeroom_teacher", "class_attached_teacher"):
            return here
        return here.filter(panel__staff=viewer.staff)

    def opened_to(self, viewer):
        """Rounds whose applications the viewer may read."""
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.holds(*OFFICERS) else here.filter(panel__staff=viewer.staff)


class RecognitionRound(models.Model):
    """One recognition: of the whole year in autumn, an adjustment in spring; `state` is the step it stands at."""

    class Privacy:
        keep = (
            "id", "school", "term_key", "kind", "state", "matched_level", "told_on", "told_how", "apply_until",
            "opened_by", "opened_at", "decided_on", "archived_on", "archived_by",
        )  # fmt: skip
        erase = ("back_because",)

    KINDS = ("yearly", "termly")
    STATES = ("telling", "applying", "appraising", "deciding", "noticing", "archived")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="recognition_rounds")
    term_key = models.CharField(max_length=20)
    kind = models.CharField(max_length=10, choices=[(k, k) for k in KINDS])
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="telling")
    matched_level = models.CharField(
        max_length=10, choices=[(one, one) for one in LEVELS], default="特别困难"
    )
    told_on = models.DateField(null=True, blank=True)
    told_how = models.CharField(max_length=100, blank=True)
    apply_until = models.DateField(null=True, blank=True)
    decided_on = models.DateField(null=True, blank=True)
    archived_on = models.DateField(null=True, blank=True)
    archived_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    opened_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    back_because = models.CharField(max_length=200, blank=True)  # why it last went back a step

    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school"], condition=~Q(state="archived"), name="one_running_recognition"
            ),
            models.CheckConstraint(
                condition=Q(state="telling") | Q(told_on__isnull=False, apply_until__gte=F("told_on")),
                name="families_are_told_before_they_apply",
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | Q(archived_on__isnull=False, archived_by__isnull=False),
                name="archived_recognition_says_by_whom",
            ),
        ]


class PanelMember(models.Model):
    """Somebody who sits in the appraisal group of a round, and so may read its applications."""

    class Privacy:
        keep = ("id", "round", "staff", "added_by", "added_on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(RecognitionRound, models.CASCADE, related_name="panel")
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="panels")
    added_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    added_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "staff"], name="one_seat_in_a_panel")]


def _in_rounds(queryset, viewer, path="round"):
    return queryset.filter(**{f"{path}__in": RecognitionRound.objects.opened_to(viewer).values("pk")})


class ApplicationQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return _in_rounds(self, viewer)

    def standing(self):
        return self.filter(withdrawn_on__isnull=True)


class Application(models.Model):
    """A family asks of free will (F02) and may take it back; what it tells is one sealed text."""

    class Privacy:
        keep = (
            "id", "round", "pupil", "is_promised", "applied_on", "taken_by", "taken_at", "withdrawn_on", "withdrawn_by",
        )  # fmt: skip
        erase = ("content", "applicant")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(RecognitionRound, models.PROTECT, related_name="applications")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="applications")
    content = SealedText()  # JSON of what the form asks
    applicant = SealedText()  # who in the family asked
    is_promised = models.BooleanField(default=False)  # the sentence was copied and signed on paper
    applied_on = models.DateField()
    taken_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()
    withdrawn_on = models.DateField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round", "pupil"],
                condition=Q(withdrawn_on__isnull=True),
                name="one_standing_application",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_by__isnull=False),
                name="withdrawal_says_by_whom",
            ),
        ]


class Appraisal(models.Model):
    """The minutes of the group (F03): when, who was there, who wrote; and who decided upon them, somebody else."""

    class Privacy:
        keep = ("id", "round", "held_on", "present", "recorder", "finished_on", "decided_by", "decided_on")
        erase = ("note",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.OneToOneField(RecognitionRound, models.PROTECT, related_name="appraisal")
    held_on = models.DateField(null=True, blank=True)
    present = models.JSONField(default=list)  # ids of staff
    note = models.CharField(max_length=300, blank=True)
    recorder = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    finished_on = models.DateField(null=True, blank=True)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    decided_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | Q(recorder__isnull=True)
                | ~Q(decided_by=F("recorder")),
                name="recorder_does_not_decide",
            ),
            models.CheckConstraint(
                condition=Q(finished_on__isnull=True) | Q(recorder__isnull=False),
                name="minutes_have_a_recorder",
            ),
        ]


class AppraisalOpinion(models.Model):
    """What the group said of one child: factors, proposed level, votes for it."""

    class Privacy:
        keep = ("id", "appraisal", "pupil", "votes")
        erase = ("factors", "level", "note")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    appraisal = models.ForeignKey(Appraisal, models.CASCADE, related_name="opinions")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    factors = models.JSONField(default=list)
    level = models.CharField(max_length=10, blank=True)
    votes = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["appraisal", "pupil"], name="one_opinion_per_child")]


class RecognitionQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return _in_rounds(self, viewer)

    def coming(self):
        """Decided in a round that is not archived yet."""
        return self.filter(settled_on__isnull=True, ended_on__isnull=True)

    def in_force(self, day):
        return self.filter(
            settled_on__isnull=False, ended_on__isnull=True, valid_from__lte=day, valid_to__gt=day
        )


class Recognition(models.Model):
    """A child's level from a day to the end of the school year; an adjustment is a new row and ends the old one.

    Until the round is archived `settled_on` is empty and nothing follows from it.
    """

    class Privacy:
        keep = (
            "id", "round", "pupil", "basis", "valid_from", "valid_to", "decided_by", "decided_on", "settled_on",
            "ended_on",
        )  # fmt: skip
        erase = ("level", "certified", "because", "ended_because")

    BASES = ("matched", "appraised")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(RecognitionRound, models.PROTECT, related_name="recognitions")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="recognitions")
    level = models.CharField(max_length=10)
    basis = models.CharField(max_length=10, choices=[(b, b) for b in BASES])
    certified = models.JSONField(default=list)  # keys of the facts that lists certified
    because = models.CharField(max_length=200, blank=True)  # why the decision differs from the group's word
    valid_from = models.DateField()
    valid_to = models.DateField()  # end excluded
    decided_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    decided_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)
    ended_on = models.DateField(null=True, blank=True)  # end excluded
    ended_because = models.CharField(max_length=200, blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"],
                condition=Q(settled_on__isnull=False, ended_on__isnull=True),
                name="one_open_recognition",
            ),
            models.UniqueConstraint(
                fields=["round", "pupil"],
                condition=Q(ended_on__isnull=True),
                name="one_recognition_per_round",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__gt=F("valid_from")), name="recognition_ends_after_start"
            ),
        ]


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(round__school_id=viewer.school_id)
        return here if viewer.holds(*LEADING) else here.filter(round__panel__staff=viewer.staff)


class Notice(models.Model):
    """What hangs on the wall from a day to a day: sealed lines of the whitelist, and whom to tell of an objection."""

    class Privacy:
        keep = (
            "id", "round", "contact", "workdays", "posted_on", "until", "posted_by", "digest", "count",
            "taken_down_on", "taken_down_by", "taken_down_because",
        )  # fmt: skip
        erase = ("lines",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(RecognitionRound, models.PROTECT, related_name="notices")
    lines = SealedText()  # JSON of the lines as they were posted
    digest = models.CharField(max_length=64)
    count = models.PositiveSmallIntegerField()
    contact = models.CharField(max_length=100)
    workdays = models.PositiveSmallIntegerField()
    posted_on = models.DateField()
    until = models.DateField()  # the last day, included
    posted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    taken_down_on = models.DateField(null=True, blank=True)
    taken_down_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    taken_down_because = models.CharField(max_length=200, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("posted_on")), name="notice_stands_for_a_while"),
            models.CheckConstraint(condition=Q(workdays__gte=5), name="notice_stands_five_workdays"),
            models.CheckConstraint(
                condition=Q(taken_down_on__isnull=True) | Q(taken_down_by__isnull=False),
                name="notice_taken_down_by_somebody",
            ),
            models.UniqueConstraint(
                fields=["round"], condition=Q(taken_down_on__isnull=True), name="one_notice_at_a_time"
            ),
        ]


class ObjectionQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return _in_rounds(self, viewer, "notice__round")

    def open(self):
        return self.filter(answered_on__isnull=True)


class Objection(models.Model):
    """What somebody said against a notice, perhaps without a name, and how it was answered."""

    class Privacy:
        keep = ("id", "notice", "received_on", "received_by", "outcome", "answered_on", "answered_by")
        erase = ("text", "from_whom", "answer")

    OUTCOMES = ("stands", "again")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    notice = models.ForeignKey(Notice, models.PROTECT, related_name="objections")
    text = SealedText()
    from_whom = SealedText()  # empty: no name given
    received_on = models.DateField()
    received_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    answer = SealedText()
    outcome = models.CharField(max_length=10, blank=True, choices=[(o, o) for o in OUTCOMES])
    answered_on = models.DateField(null=True, blank=True)
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True)
                | Q(answered_by__isnull=False, answer__isnull=False) & ~Q(outcome=""),
                name="an_answer_says_what_and_by_whom",
            )
        ]
