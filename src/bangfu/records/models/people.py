"""People of a school: staff with dated roles, pupils with dated enrolments, guardians. Numbers are sealed."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from bangfu.records.models.carers import CARING, Carer
from bangfu.records.models.places import School, SchoolClass
from bangfu.records.seal import SealedText
from bangfu.records.valid import ValidQuerySet


class UserManager(BaseUserManager):
    def create_user(self, username, password=None):
        user = self.model(username=username)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account to sign in with. What it may do comes from the staff member behind it."""

    class Privacy:
        keep = ("id", "is_active", "last_login", "language")
        scrub = ("username", "password")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=40, unique=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=10, blank=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: list[str] = []
    objects = UserManager()

    @property
    def is_staff(self):
        return False


class StaffQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)

    def at_work_on(self, day):
        return self.filter(Q(left_on__isnull=True) | Q(left_on__gt=day))

    def holding(self, roles, day):
        """Who is at work on a day and holds one of these roles then, also where the role has an end already written."""
        held = RoleGrant.objects.on(day)
        return self.at_work_on(day).filter(pk__in=held.filter(role__in=roles).values("staff"))


class Staff(models.Model):
    """A grown-up who works at the school."""

    class Privacy:
        keep = ("id", "school", "user", "left_on", "weekly_minutes_cap")
        scrub = ("name", "sort_key", "initials", "subject", "sex")
        erase = ("phone",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="staff")
    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="staff")
    name = models.CharField(max_length=40)
    sort_key = models.CharField(max_length=120, blank=True)
    initials = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True)
    subject = models.CharField(max_length=20, blank=True)
    phone = SealedText()
    weekly_minutes_cap = models.PositiveSmallIntegerField(default=60)
    left_on = models.DateField(null=True, blank=True)

    objects = StaffQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["school", "sort_key"], name="staff_by_name")]

    def __str__(self):
        return str(self.pk)


class RoleGrant(models.Model):
    """A role held by a staff member for a class, a grade or the whole school, from one day to another."""

    class Privacy:
        keep = ("id", "staff", "role", "school_class", "grade", "valid_from", "valid_to", "granted_by")

    ROLES = (
        "principal", "vice_principal", "union_chair", "grade_supervisor", "grade_head", "homeroom_teacher",
        "class_attached_teacher", "subject_teacher", "aid_officer", "roll_officer", "counsellor", "system_admin",
        "committee_member", "moral_education", "class_administrator", "area_staff", "station_keeper", "inspector",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=30, choices=[(role, role) for role in ROLES])
    school_class = models.ForeignKey(
        SchoolClass, models.PROTECT, null=True, blank=True, related_name="grants"
    )
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded
    granted_by = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ValidQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="grant_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["staff", "role", "school_class", "grade"],
                condition=Q(valid_to__isnull=True),
                name="one_open_grant_of_a_kind",
            ),
            models.UniqueConstraint(
                fields=["school_class"],
                condition=Q(role="class_administrator", valid_to__isnull=True),
                name="one_administrator_of_a_class",
            ),
        ]

    def is_valid_on(self, day) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


def standing_in(viewer) -> Q:
    """Pairings whose helper the viewer stands in for today: for all the helper's children, or for that one."""
    return Q(
        Q(helper__leaves__case__isnull=True) | Q(helper__leaves__case=F("case")),
        helper__leaves__deputy=viewer.staff,
        helper__leaves__starts_on__lte=viewer.day,
        helper__leaves__ends_on__gte=viewer.day,
    )


class PupilQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        """Children whose name, class and file head the viewer may open."""
        here = self.filter(school_id=viewer.school_id)
        if viewer.sees_roll:
            return here
        near = self._near(here, viewer, viewer.class_ids)
        return near | self._confided(here, viewer) if viewer.holds("counsellor") else near

    def _confided(self, here, viewer):
        """Whom somebody asked the counsellor to see, and whom this counsellor accompanies."""
        from django.apps import apps

        kept = apps.get_model("records", "CareCase").objects.visible_to(viewer).open()
        asked = apps.get_model("records", "Referral").objects.filter(school=viewer.school_id, state="waiting")
        return here.filter(Q(pk__in=kept.values("pupil")) | Q(pk__in=asked.values("pupil")))

    def cared_for_by(self, viewer):
        """Children whose records (talks, notes, needs) the viewer may read: leaders, grade, class teachers, helper."""
        here = self.filter(school_id=viewer.school_id)
        return here if viewer.is_leader else self._near(here, viewer, viewer.minded_class_ids)

    def _near(self, here, viewer, class_ids):
        from django.apps import apps

        # Two small sets, each read once by its index; a test per child of the school would cost every page its time.
        in_class = Enrolment.objects.on(viewer.day).filter(
            Q(school_class_id__in=class_ids) | Q(school_class__entry_year__in=viewer.entry_years)
        )
        pairing = apps.get_model("records", "Pairing")
        mine = Q(helper=viewer.staff) | standing_in(viewer)
        helped = pairing.objects.in_force(viewer.day).filter(mine)
        near = Q(pk__in=in_class.values("pupil")) | Q(pk__in=helped.values("case__pupil"))
        roles = viewer.roles.intersection(CARING)
        if roles:  # the plan itself says that they look after its children
            plans = Carer.objects.visible_to(viewer).on(viewer.day).filter(role__in=roles).values("plan_key")
            cases = apps.get_model("records", "Case").objects.open_on(viewer.day)
            near |= Q(pk__in=cases.filter(school_id=viewer.school_id, plan_key__in=plans).values("pupil"))
        return here.filter(near)

    def on_roll(self, day):
        return self.filter(Exists(Enrolment.objects.on(day).filter(pupil=OuterRef("pk"))))


class Pupil(models.Model):
    """A child of the school. Class membership is in `Enrolment`, circumstances in `FactStatement`."""

    class Privacy:
        keep = ("id", "school", "sex", "id_type", "arrived_with", "joined_on", "left_on", "left_because")
        scrub = ("name", "sort_key", "initials", "birth_on", "ethnicity", "former_name", "household_key")
        erase = ("id_number", "id_number_index", "roll_no", "roll_no_index", "phone", "address")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.PROTECT, related_name="pupils")
    name = models.CharField(max_length=60)
    former_name = models.CharField(max_length=60, blank=True)
    sort_key = models.CharField(max_length=160, blank=True)  # pinyin, editable
    initials = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, blank=True, choices=[("1", "male"), ("2", "female")])
    birth_on = models.DateField(null=True, blank=True)
    ethnicity = models.CharField(max_length=20, blank=True)
    id_type = models.CharField(max_length=2, blank=True)
    id_number = SealedText()
    id_number_index = models.CharField(max_length=32, blank=True)
    roll_no = SealedText()  # a formal national roll number contains the ID number
    roll_no_index = models.CharField(max_length=32, blank=True)
    phone = SealedText()
    address = SealedText()
    household_key = models.CharField(max_length=32, blank=True)  # blind index shared by siblings
    joined_on = models.DateField()
    left_on = models.DateField(null=True, blank=True)  # end excluded
    left_because = models.CharField(max_length=20, blank=True)
    arrived_with = models.ForeignKey("Intake", models.PROTECT, null=True, blank=True, related_name="pupils")

    objects = PupilQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "id_number_index"],
                condition=~Q(id_number_index=""),
                name="one_pupil_per_id_number",
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=models.F("joined_on")),
                name="pupil_leaves_after_joining",
            ),
        ]
        indexes = [
            models.Index(fields=["school", "sort_key"], name="pupil_by_name"),
            models.Index(fields=["school", "roll_no_index"], name="pupil_by_roll_no"),
            models.Index(fields=["household_key"], name="pupil_by_household"),
        ]

    def __str__(self):
        return str(self.pk)


class Enrolment(models.Model):
    """A child's spell in a class."""

    class Privacy:
        keep = ("id", "pupil", "school_class", "seat_no", "valid_from", "valid_to")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.PROTECT, related_name="enrolments")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="enrolments")
    seat_no = models.PositiveSmallIntegerField(null=True, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded

    objects = ValidQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pupil"], condition=Q(valid_to__isnull=True), name="one_open_enrolment"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="enrolment_ends_after_start",
            ),
        ]
        indexes = [models.Index(fields=["school_class", "valid_from"], name="enrolment_by_class")]


class Guardian(models.Model):
    """A family member named on the roll (成员1, 成员2)."""

    class Privacy:
        keep = ("id", "pupil", "position", "is_guardian")
        scrub = ("name", "relation", "work_place")
        erase = ("phone", "phone_index", "id_number", "id_number_index")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    pupil = models.ForeignKey(Pupil, models.CASCADE, related_name="guardians")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=20, blank=True)
    is_guardian = models.BooleanField(null=True)
    work_place = models.CharField(max_length=80, blank=True)
    phone = SealedText()
    phone_index = models.CharField(max_length=32, blank=True)
    id_number = SealedText()
    id_number_index = models.CharField(max_length=32, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["pupil", "position"], name="one_guardian_per_position")
        ]
