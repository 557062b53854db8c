"""When a child is in danger, and when somebody else has to look: alarms and calls, the glass that two people break,
what was opened, and the report the law asks for (F39), which is only ever added to."""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records.models.care import CareCase, is_counsellor
from bangfu.records.models.evidence import AppendOnly
from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText

HEADS = ("principal", "vice_principal")
HARMS = ("harm_self", "harmed", "missing", "hurt")


class AlarmQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.holds(*HEADS) else here.filter(by=viewer.staff)

    def waiting(self):
        """Nobody has taken it up yet, and whoever raised it has not taken it back."""
        return self.filter(taken_by__isnull=True, taken_back_at__isnull=True)


class Escalation(models.Model):
    """A child in danger: who saw it, when, what kind; the principal takes it up. Never why, never a note.

    Raised by a wrong tap, its author takes it back (`taken_back_at`) while nobody has taken it up.
    """

    class Privacy:
        keep = ("id", "school", "pupil", "by", "at", "taken_by", "taken_at", "taken_back_at")
        erase = ("kind",)

    KINDS = HARMS

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="alarms")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    objects = AlarmQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True, taken_at__isnull=True)
                | Q(taken_by__isnull=False, taken_at__isnull=False),
                name="alarm_taken_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(taken_by__isnull=True) | Q(taken_back_at__isnull=True),
                name="alarm_taken_up_is_not_taken_back",
            ),
        ]


class EscalationCall(models.Model):
    """Who was called about an alarm, and whether they answered: to whom confidence was broken, and when."""

    class Privacy:
        keep = ("id", "alarm", "whom", "reached", "by", "at")

    WHOM = ("principal", "vice_principal", "guardian", "homeroom_teacher", "police", "ambulance", "hotline")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    alarm = models.ForeignKey(Escalation, models.PROTECT, related_name="calls")
    whom = models.CharField(max_length=20, choices=[(w, w) for w in WHOM])
    reached = models.BooleanField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class GlassQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Whoever asked, the heads of the school, and the counsellor whose notes it is about."""
        here = self.filter(school_id=viewer.school_id)
        if viewer.holds(*HEADS):
            return here
        mine = Q(asked_by=viewer.staff)
        if is_counsellor(viewer):  # one's own, and those that wait for somebody to agree
            kept = CareCase.objects.visible_to(viewer)
            mine |= Q(pupil__in=kept.values("pupil")) | Q(agreed_by=viewer.staff) | Q(state="asked")
        return here.filter(mine)


class GlassBreak(models.Model):
    """紧急查看: one person asks with a reason, another agrees, it ends after hours; nobody can do it alone."""

    class Privacy:
        keep = (
            "id", "school", "pupil", "state", "asked_by", "asked_at", "hours", "agreed_by", "agreed_at", "expires_at",
        )  # fmt: skip
        erase = ("reason",)

    STATES = ("asked", "agreed", "refused")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=[(s, s) for s in STATES], default="asked")
    reason = SealedText()
    hours = models.PositiveSmallIntegerField()
    asked_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        Staff, models.PROTECT, null=True, blank=True, related_name="+"
    )  # or refused by
    agreed_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)

    objects = GlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True) | ~Q(agreed_by=F("asked_by")),
                name="nobody_breaks_the_glass_alone",
            ),
            models.CheckConstraint(
                condition=Q(state="asked", agreed_by__isnull=True)
                | Q(state="refused", agreed_by__isnull=False)
                | Q(
                    state="agreed",
                    agreed_by__isnull=False,
                    agreed_at__isnull=False,
                    expires_at__isnull=False,
                    expires_at__gt=F("agreed_at"),
                ),  # fmt: skip
                name="broken_glass_has_two_people_and_an_end",
            ),
            models.CheckConstraint(condition=Q(reason__isnull=False), name="broken_glass_says_why"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=24), name="glass_for_a_day_at_most"),
        ]


class GlassOpening(models.Model):
    """One note opened through the glass: by whom, when. Only ever added."""

    class Privacy:
        keep = ("id", "glass", "note_id", "by", "at")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    glass = models.ForeignKey(GlassBreak, models.PROTECT, related_name="openings")
    note_id = models.UUIDField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()


class ReportQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.holds("principal") else here.filter(by=viewer.staff)

    def update(self, **kwargs):
        raise AppendOnly("a report is never edited; add to it")

    def delete(self):
        raise AppendOnly("a report is never deleted")


class MandatoryReport(models.Model):
    """强制报告 (F39): what was found, who was told, when. Never changed: what comes later `adds_to` it."""

    class Privacy:
        keep = ("id", "school", "pupil", "found_on", "told", "told_at", "by", "at", "adds_to")
        erase = ("kind", "facts", "answer")

    KINDS = (*HARMS, "uncared")
    TOLD = ("police", "education_bureau", "civil_affairs", "guardian", "village")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # made by the client
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(k, k) for k in KINDS])
    facts = SealedText()
    found_on = models.DateField()
    told = models.JSONField(default=list)  # of TOLD
    told_at = models.DateTimeField(null=True, blank=True)
    answer = SealedText()  # what they said: a number, a name
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    adds_to = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="additions")

    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(facts__isnull=False), name="report_says_what"),
        ]

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise AppendOnly("a report is never edited; add to it")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AppendOnly("a report is never deleted")
