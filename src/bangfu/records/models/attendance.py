"""Roll calls and who was away: "nobody is absent" and "nobody looked" are two different things (F25, P0-17)."""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.people import Pupil, Staff
from bangfu.records.models.places import School, SchoolClass
from bangfu.records.seal import SealedText

# What a tap says, and whether the absence is thereby explained: None is "nobody has asked yet".
CAUSES = {
    "ill": True, "at_home": True, "road": True, "excused": True, "unwilling": False, "unreached": False, "": None,
}  # fmt: skip


class RollCallQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_class__in=SchoolClass.objects.visible_to(viewer))

    def standing(self):
        """Those not taken back."""
        return self.filter(taken_back_at__isnull=True)


class RollCall(models.Model):
    """Somebody looked at a class: on this day, in this session. Children away have a mark, the others were here."""

    class Privacy:
        keep = ("id", "school", "school_class", "day", "session", "by", "at", "taken_back_at", "cut")

    SESSIONS = ("day", "morning", "afternoon")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="roll_calls")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="roll_calls")
    day = models.DateField()
    session = models.CharField(max_length=10, choices=[(s, s) for s in SESSIONS], default="day")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    taken_back_at = models.DateTimeField(null=True, blank=True)
    cut = models.JSONField(
        default=dict
    )  # absences said in advance that ended early: {id: their last day before}

    objects = RollCallQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school_class", "day", "session"],
                condition=Q(taken_back_at__isnull=True),
                name="one_roll_call_a_session",
            )
        ]
        indexes = [models.Index(fields=["school", "day"], name="roll_calls_of_a_day")]


class AbsenceMarkQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(roll_call__in=RollCall.objects.visible_to(viewer))


class AbsenceMark(models.Model):
    """A child who was not there when a class was looked at: why, and who was called at what time (F25)."""

    class Privacy:
        keep = ("id", "roll_call", "pupil", "day", "cause", "is_explained", "called_at", "by", "at")
        erase = ("called_whom", "said")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    roll_call = models.ForeignKey(RollCall, models.CASCADE, related_name="marks")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="absence_marks")
    day = models.DateField()  # repeated, so that a child's days are one index scan
    cause = models.CharField(max_length=12, blank=True, choices=[(c, c) for c in CAUSES])
    is_explained = models.BooleanField(null=True)
    said = SealedText()  # what the family said
    called_whom = models.CharField(max_length=20, blank=True)
    called_at = models.TimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = AbsenceMarkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roll_call", "pupil"], name="one_mark_per_child_and_roll_call")
        ]
        indexes = [models.Index(fields=["pupil", "day"], name="days_away_of_a_child")]


class HomeTeachingQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        cared = Pupil.objects.cared_for_by(viewer)
        here = self.filter(school_id=viewer.school_id)
        if viewer.is_leader or viewer.holds("roll_officer"):
            return here
        return here.filter(Q(teacher=viewer.staff) | Q(pupil__in=cared))


class HomeTeaching(models.Model):
    """送教上门: one child, one teacher, one plan; the visits are records of the kind home_teaching (F29)."""

    class Privacy:
        keep = ("id", "school", "pupil", "teacher", "starts_on", "ends_on", "lessons_a_year", "by", "at")
        erase = ("plan",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="home_teachings")
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="home_teachings")
    teacher = models.ForeignKey(Staff, models.PROTECT, related_name="home_teachings")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    lessons_a_year = models.PositiveSmallIntegerField(default=30)
    plan = SealedText()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = HomeTeachingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(ends_on__isnull=True), name="one_open_home_teaching"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="home_teaching_ends_after_start",
            ),
        ]
