"""Care that is private: referrals, cases of one counsellor, shut notes, advice that is shared, groups, hand-overs.

Nothing here is evidence, a duty or an audit event: no list, sheet or trail that others read can tell of it. Texts are
shut behind the counsellor's wall (`records/wall.py`); what is shared with a teacher is a row of its own.
"""

import uuid

from django.db import models
from django.db.models import F, Q

from bangfu.records import wall
from bangfu.records.models.evidence import AppendOnly
from bangfu.records.models.people import Enrolment, Pupil, Staff
from bangfu.records.models.places import School
from bangfu.records.seal import SealedText
from bangfu.records.wall import Wall

COUNSELLOR = "counsellor"


def is_counsellor(viewer) -> bool:
    """This function will say whether the viewer counsels at this school today."""
    return viewer.holds(COUNSELLOR)


class Walled(models.Model):
    """A row with one text behind a wall. Without its lock the text is gone for good."""

    content = models.TextField(blank=True)
    lock = models.TextField(blank=True)

    class Meta:
        abstract = True

    @property
    def bound_to(self) -> str:
        return f"{self._meta.db_table}.{self.pk}"

    @property
    def is_gone(self) -> bool:
        """Whether the lock was thrown away."""
        return not self.lock

    def shut(self, text: str, at: Wall) -> None:
        """This function will put a text behind a wall; the caller saves."""
        self.content, self.lock = wall.shut(text, wall=at, bound_to=self.bound_to)

    def read(self, at: Wall) -> str:
        """This function will open the text; SealBroken at any wall but its own."""
        return wall.read(self.content, self.lock, wall=at, bound_to=self.bound_to)

    def pass_on(self, old: Wall, new: Wall) -> None:
        """This function will give the text to another wall; the caller saves."""
        if self.lock:
            self.lock = wall.pass_on(self.lock, old=old, new=new, bound_to=self.bound_to)


class RulesQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)


class CareRules(models.Model):
    """Two rules of the school: whether the family is asked first (F40), and how long notes are kept."""

    class Privacy:
        keep = ("id", "school", "asks_family", "keep_years", "set_by", "set_on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.OneToOneField(School, models.PROTECT, related_name="care_rules")
    asks_family = models.BooleanField(default=True)  # before regular talks
    keep_years = models.PositiveSmallIntegerField(default=3)  # after the child left
    set_by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    set_on = models.DateField()

    objects = RulesQuerySet.as_manager()


class CareCaseQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """One's own, as a counsellor: no leader, no administrator, no other counsellor."""
        here = self.filter(school_id=viewer.school_id, counsellor=viewer.staff)
        return here if is_counsellor(viewer) else here.none()

    def open(self):
        return self.filter(closed_on__isnull=True)


class CareCase(models.Model):
    """One child and one counsellor, from a day until it ends; what the family said if the school asks it."""

    class Privacy:
        keep = (
            "id", "school", "pupil", "counsellor", "opened_on", "next_on", "closed_on", "outcome", "consent_on",
            "consent_how",
        )  # fmt: skip
        erase = ("consent", "consent_by")

    OUTCOMES = ("settled", "elsewhere", "stopped", "left_school")
    ANSWERS = ("willing", "unwilling")
    WAYS = ("paper", "in_person", "phone")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="care_cases")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="care_cases")
    counsellor = models.ForeignKey(Staff, models.PROTECT, related_name="care_cases")
    opened_on = models.DateField()
    next_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, blank=True, choices=[(o, o) for o in OUTCOMES])
    consent = models.CharField(max_length=10, blank=True, choices=[(a, a) for a in ANSWERS])
    consent_by = SealedText()
    consent_on = models.DateField(null=True, blank=True)
    consent_how = models.CharField(max_length=10, blank=True, choices=[(w, w) for w in WAYS])

    objects = CareCaseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(closed_on__isnull=True), name="one_open_care_case"
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | ~Q(outcome=""), name="closed_care_says_how"
            ),
            models.CheckConstraint(
                condition=Q(consent="") | Q(consent_on__isnull=False, consent_by__isnull=False),
                name="care_consent_says_who_and_when",
            ),
        ]


class ReferralQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(school_id=viewer.school_id)
        mine = Q(by=viewer.staff)
        if is_counsellor(viewer):
            mine |= Q(state="waiting") | Q(answered_by=viewer.staff)
        return here.filter(mine)


class Referral(Walled):
    """Somebody who knows a child asks the counsellor: what was seen, shut in the box until one takes it."""

    class Privacy:
        keep = ("id", "school", "pupil", "by", "at", "state", "answered_by", "answered_at", "case")
        erase = ("content", "lock", "answer")

    STATES = ("waiting", "taken_on", "answered", "taken_back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="referrals")
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="referrals")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="referrals")
    at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=[(s, s) for s in STATES], default="waiting")
    answer = SealedText()  # what the counsellor says to whoever asked
    answered_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    case = models.ForeignKey(CareCase, models.PROTECT, null=True, blank=True, related_name="referrals")

    objects = ReferralQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil", "by"], condition=Q(state="waiting"), name="one_waiting_referral"
            ),
            models.CheckConstraint(
                condition=~Q(state="taken_on") | Q(case__isnull=False, answered_by__isnull=False),
                name="taken_referral_has_a_case",
            ),
        ]


class OfOwnCases(models.QuerySet):
    path = "case"

    def visible_to(self, viewer):
        return self.filter(**{f"{self.path}__in": CareCase.objects.visible_to(viewer).values("pk")})


class CareNote(Walled):
    """What was said and thought at one talk (F24), behind the wall. A correction is a new row."""

    class Privacy:
        keep = ("id", "case", "author", "happened_on", "written_at", "amends")
        erase = ("content", "lock")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)  # made by the client: sent twice, stored once
    case = models.ForeignKey(CareCase, models.PROTECT, related_name="notes")
    author = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    happened_on = models.DateField()
    written_at = models.DateTimeField()
    amends = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="amended_by")

    objects = OfOwnCases.as_manager()

    class Meta:
        indexes = [models.Index(fields=["case", "-happened_on"], name="care_notes_of_a_case")]


class GroupSession(Walled):
    """One note for a group, behind the wall of who held it."""

    class Privacy:
        keep = ("id", "school", "counsellor", "happened_on", "written_at")
        erase = ("content", "lock")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    counsellor = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    happened_on = models.DateField()
    written_at = models.DateTimeField()

    objects = CareCaseQuerySet.as_manager()


class GroupMember(models.Model):
    """A child's seat in a group session, by the child's case."""

    class Privacy:
        keep = ("id", "session", "case")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(GroupSession, models.CASCADE, related_name="members")
    case = models.ForeignKey(CareCase, models.PROTECT, related_name="groups")

    objects = OfOwnCases.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "case"], name="one_seat_in_a_group")]


class AdviceQuerySet(models.QuerySet):
    def standing(self, day):
        return self.filter(shared_on__lte=day, ended_on__isnull=True).exclude(until__lt=day)

    def visible_to(self, viewer):
        """Who shared it, and whom it was shared with as they stand today: the class teacher, the helpers, or both."""
        from django.apps import apps

        here = self.filter(pupil__school_id=viewer.school_id)
        classes = viewer.class_ids_as("homeroom_teacher")
        in_class = Enrolment.objects.on(viewer.day).filter(school_class_id__in=classes)
        helped = apps.get_model("records", "Pairing").objects.in_force(viewer.day).filter(helper=viewer.staff)
        shared = Q(audience__in=("class_teacher", "both"), pupil__in=in_class.values("pupil")) | Q(
            audience__in=("helpers", "both"), pupil__in=helped.values("case__pupil")
        )
        return here.filter(Q(by=viewer.staff) | shared)


class SharedAdvice(models.Model):
    """The one sentence that leaves the wall: what somebody can do, never why."""

    class Privacy:
        keep = ("id", "pupil", "by", "audience", "shared_on", "until", "ended_on")
        erase = ("text",)

    AUDIENCES = ("class_teacher", "helpers", "both")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    text = SealedText()
    audience = models.CharField(max_length=14, choices=[(a, a) for a in AUDIENCES])
    shared_on = models.DateField()
    until = models.DateField()  # the last day, included
    ended_on = models.DateField(null=True, blank=True)

    objects = AdviceQuerySet.as_manager()


class CareHandOver(models.Model):
    """A case went from one counsellor to another, with its locks: by the one who held it, or by the principal."""

    class Privacy:
        keep = ("id", "case", "giver", "receiver", "by", "handed_on")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    case = models.ForeignKey(CareCase, models.PROTECT, related_name="hand_overs")
    giver = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    handed_on = models.DateField()

    objects = OfOwnCases.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(giver=F("receiver")), name="care_goes_to_somebody_else"),
            models.CheckConstraint(condition=~Q(by=F("receiver")), name="nobody_takes_care_cases_alone"),
        ]


class EventsOfCare(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id, by=viewer.staff)

    def update(self, **kwargs):
        raise AppendOnly("events of care are never edited")

    def delete(self):
        raise AppendOnly("events of care are never deleted")


class CareEvent(models.Model):
    """The wall's own trail: who, when, which verb, which row. Apart from `Event`, which leaders may read."""

    class Privacy:
        keep = ("id", "school", "at", "by", "verb", "subject_id")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    verb = models.CharField(max_length=30)
    subject_id = models.UUIDField()

    objects = EventsOfCare.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_id", "at"], name="care_events_of_a_subject")]


class KeptByMe(models.QuerySet):
    def visible_to(self, viewer):
        here = self.filter(pupil__school_id=viewer.school_id, keeper=viewer.staff)
        return here if is_counsellor(viewer) else here.none()


class ScreeningResult(Walled):
    """What one child's screening said (the latest), behind the wall of who brought it in. No score leaves it."""

    class Privacy:
        keep = ("id", "pupil", "keeper", "brought_on")
        erase = ("content", "lock")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="+")
    keeper = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    brought_on = models.DateField()

    objects = KeptByMe.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "keeper"], name="latest_screening_of_a_child")
        ]
