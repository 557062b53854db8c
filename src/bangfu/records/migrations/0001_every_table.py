"""Every table with its limits, as eight migrations made them one by one before; who has those has this one.

Written from the models by machine, read by nobody: the tables are explained in records/models.
"""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import bangfu.records.seal
from bangfu.records.tables import EveryTable


class Migration(migrations.Migration):
    replaces = [
        ("records", "0001_people_cases_and_records"),
        ("records", "0002_drafts_of_plans"),
        ("records", "0003_state_kept_at_each_record"),
        ("records", "0004_records_about_classes_and_the_school"),
        ("records", "0005_goals_in_dated_steps"),
        ("records", "0006_five_more_roles"),
        ("records", "0007_lists_attendance_and_recognition"),
        ("records", "0008_pairs_peers_and_places"),
    ]

    initial = True

    dependencies = []

    operations = [
        EveryTable(
            [
                migrations.CreateModel(
                    name="School",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("name", models.CharField(max_length=80)),
                        ("code", models.CharField(blank=True, max_length=20)),
                        ("calendar_version", models.PositiveIntegerField(default=1)),
                        ("is_demo", models.BooleanField(default=False)),
                        ("watches_signals", models.BooleanField(default=False)),
                        ("girls_visited_by_two", models.BooleanField(default=True)),
                        ("created_at", models.DateTimeField(auto_now_add=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="User",
                    fields=[
                        ("password", models.CharField(max_length=128, verbose_name="password")),
                        (
                            "last_login",
                            models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                        ),
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        ("username", models.CharField(max_length=40, unique=True)),
                        ("is_active", models.BooleanField(default=True)),
                        ("language", models.CharField(blank=True, max_length=10)),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SchoolClass",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="classes",
                                to="records.school",
                            ),
                        ),
                        ("entry_year", models.PositiveSmallIntegerField()),
                        ("number", models.PositiveSmallIntegerField()),
                        ("site", models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school", "entry_year", "number"),
                                name="one_class_per_year_and_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Carer",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="carers",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("role", models.CharField(max_length=30)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school", "plan_key", "role", "valid_from"),
                                name="one_carer_of_a_version",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Staff",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff",
                                to="records.school",
                            ),
                        ),
                        (
                            "user",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="staff",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("sort_key", models.CharField(blank=True, max_length=120)),
                        ("initials", models.CharField(blank=True, max_length=20)),
                        ("sex", models.CharField(blank=True, max_length=1)),
                        ("subject", models.CharField(blank=True, max_length=20)),
                        ("phone", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("weekly_minutes_cap", models.PositiveSmallIntegerField(default=60)),
                        ("left_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["school", "sort_key"], name="staff_by_name")],
                    },
                ),
                migrations.CreateModel(
                    name="Area",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="areas",
                                to="records.school",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("school", "name"),
                                name="one_area_of_a_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VillageTeam",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="village_teams",
                                to="records.school",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        (
                            "formed_by",
                            models.CharField(
                                choices=[
                                    ("district", "district"),
                                    ("township", "township"),
                                    ("school", "school"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("school", "name"),
                                name="one_team_of_a_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Term",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="terms",
                                to="records.school",
                            ),
                        ),
                        ("key", models.CharField(max_length=20)),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                    ],
                    options={
                        "ordering": ["starts_on"],
                        "constraints": [
                            models.UniqueConstraint(fields=("school", "key"), name="one_term_per_key"),
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gt", models.F("starts_on"))),
                                name="term_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DayOverride",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="day_overrides",
                                to="records.school",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("is_school_day", models.BooleanField()),
                        ("reason", models.CharField(blank=True, max_length=60)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("school", "day"), name="one_override_per_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PairingLimit",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pairing_limits",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("kind", models.CharField(max_length=30)),
                        ("per_case_max", models.PositiveIntegerField()),
                        ("per_helper_max", models.PositiveIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school", "plan_key", "kind"), name="one_limit_of_a_pairing"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RoleGrant",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to="records.staff",
                            ),
                        ),
                        (
                            "role",
                            models.CharField(
                                choices=[
                                    ("principal", "principal"),
                                    ("vice_principal", "vice_principal"),
                                    ("union_chair", "union_chair"),
                                    ("grade_supervisor", "grade_supervisor"),
                                    ("grade_head", "grade_head"),
                                    ("homeroom_teacher", "homeroom_teacher"),
                                    ("class_attached_teacher", "class_attached_teacher"),
                                    ("subject_teacher", "subject_teacher"),
                                    ("aid_officer", "aid_officer"),
                                    ("roll_officer", "roll_officer"),
                                    ("counsellor", "counsellor"),
                                    ("system_admin", "system_admin"),
                                    ("committee_member", "committee_member"),
                                    ("moral_education", "moral_education"),
                                    ("class_administrator", "class_administrator"),
                                    ("area_staff", "area_staff"),
                                    ("station_keeper", "station_keeper"),
                                ],
                                max_length=30,
                            ),
                        ),
                        (
                            "school_class",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="grants",
                                to="records.schoolclass",
                            ),
                        ),
                        ("grade", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        (
                            "granted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="grant_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("staff", "role", "school_class", "grade"),
                                name="one_open_grant_of_a_kind",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("role", "class_administrator"), ("valid_to__isnull", True)
                                ),
                                fields=("school_class",),
                                name="one_administrator_of_a_class",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Village",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="villages",
                                to="records.school",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="villages",
                                to="records.area",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("is_key", models.BooleanField(default=False)),
                        ("language", models.CharField(blank=True, max_length=20)),
                        ("support_unit", models.CharField(blank=True, max_length=60)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("school", "name"), name="one_village_of_a_name")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AreaStaff",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        (
                            "area",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="staff",
                                to="records.area",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="areas",
                                to="records.staff",
                            ),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("area", "staff"),
                                name="one_post_in_an_area",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TeamMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="members",
                                to="records.villageteam",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="teams",
                                to="records.staff",
                            ),
                        ),
                        ("is_head", models.BooleanField(default=False)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("team", "staff"),
                                name="once_in_a_team",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True), ("is_head", True)),
                                fields=("team",),
                                name="one_head_of_a_team",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RollCall",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="roll_calls",
                                to="records.school",
                            ),
                        ),
                        (
                            "school_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="roll_calls",
                                to="records.schoolclass",
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "session",
                            models.CharField(
                                choices=[("day", "day"), ("morning", "morning"), ("afternoon", "afternoon")],
                                default="day",
                                max_length=10,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                        ("cut", models.JSONField(default=dict)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["school", "day"], name="roll_calls_of_a_day")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("taken_back_at__isnull", True)),
                                fields=("school_class", "day", "session"),
                                name="one_roll_call_a_session",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Evidence",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="records.school",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="records.staff",
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("happened_at", models.TimeField(blank=True, null=True)),
                        ("written_at", models.DateTimeField()),
                        ("activities", models.JSONField(default=list)),
                        ("answers", models.JSONField(default=dict)),
                        ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("note", models.TextField(blank=True)),
                        ("bright_spot", models.CharField(blank=True, max_length=300)),
                        ("reflection", models.CharField(blank=True, max_length=500)),
                        (
                            "amends",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amended_by",
                                to="records.evidence",
                            ),
                        ),
                        ("is_withdrawn", models.BooleanField(default=False)),
                        (
                            "school_class",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="records.schoolclass",
                            ),
                        ),
                        ("whole_school", models.BooleanField(default=False)),
                        ("roles", models.JSONField(default=list)),
                    ],
                    options={
                        "verbose_name_plural": "evidence",
                        "indexes": [
                            models.Index(fields=["school", "happened_on"], name="evidence_by_day"),
                            models.Index(
                                condition=models.Q(
                                    ("school_class__isnull", False), ("whole_school", True), _connector="OR"
                                ),
                                fields=["school", "happened_on"],
                                name="evidence_of_places",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("school_class__isnull", True), ("whole_school", False), _connector="OR"
                                ),
                                name="about_a_class_or_the_school",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Feedback",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="feedback",
                                to="records.school",
                            ),
                        ),
                        ("page", models.CharField(blank=True, max_length=200)),
                        ("text", models.TextField(max_length=1000)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("answer", models.TextField(blank=True)),
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="Survey",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="surveys",
                                to="records.schoolclass",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("term_key", models.CharField(max_length=20)),
                        ("finished_on", models.DateField(blank=True, null=True)),
                        (
                            "finished_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("exception", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school_class", "plan_key", "term_key"),
                                name="one_survey_per_class_plan_term",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Leave",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="leaves",
                                to="records.staff",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField()),
                        (
                            "deputy",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="leave_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CatchmentList",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="catchment_lists",
                                to="records.school",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("school_age", "school_age"), ("exited_poor", "exited_poor")],
                                max_length=20,
                            ),
                        ),
                        ("source", models.CharField(blank=True, max_length=60)),
                        ("listed_on", models.DateField()),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="SchoolingReport",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="schooling_reports",
                                to="records.school",
                            ),
                        ),
                        ("month", models.DateField()),
                        ("content", models.JSONField(default=dict)),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school", "month"), name="one_schooling_report_a_month"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Intake",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="intakes",
                                to="records.school",
                            ),
                        ),
                        ("kind", models.CharField(default="roll", max_length=20)),
                        ("file_name", models.CharField(max_length=120)),
                        ("digest", models.CharField(max_length=64)),
                        ("content", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checked", "checked"),
                                    ("loaded", "loaded"),
                                    ("undone", "undone"),
                                    ("dropped", "dropped"),
                                ],
                                default="checked",
                                max_length=10,
                            ),
                        ),
                        ("counts", models.JSONField(default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("loaded_at", models.DateTimeField(blank=True, null=True)),
                        ("undone_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("undone_at__isnull", True), ("loaded_at__isnull", False), _connector="OR"
                                ),
                                name="undone_only_after_loaded",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Handover",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handovers",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("kind", models.CharField(max_length=30)),
                        (
                            "staff",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="handovers",
                                to="records.staff",
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("leaves", "leaves"),
                                    ("away", "away"),
                                    ("moves", "moves"),
                                    ("settle", "settle"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("changed", models.PositiveIntegerField()),
                        ("bound", models.PositiveIntegerField()),
                        ("is_proven", models.BooleanField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["school", "on"], name="handover_by_day")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("bound__lte", models.F("changed"))),
                                name="fewest_changes_are_not_more_than_there_were",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HeadingMap",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="heading_maps",
                                to="records.school",
                            ),
                        ),
                        ("source", models.CharField(max_length=100)),
                        ("headings", models.JSONField(default=dict)),
                        ("words", models.JSONField(default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("school", "source"), name="one_heading_map_per_source"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StudyGroup",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="study_groups",
                                to="records.school",
                            ),
                        ),
                        (
                            "school_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="study_groups",
                                to="records.schoolclass",
                            ),
                        ),
                        ("number", models.PositiveSmallIntegerField()),
                        ("made_on", models.DateField()),
                        (
                            "made_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="AdoptedPlan",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plans",
                                to="records.school",
                            ),
                        ),
                        ("key", models.CharField(max_length=40)),
                        ("edition", models.CharField(max_length=20)),
                        ("version", models.PositiveSmallIntegerField(default=1)),
                        ("content", models.TextField()),
                        ("digest", models.CharField(max_length=64)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        (
                            "adopted_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("adopted_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("school", "key"),
                                name="one_open_version_per_plan",
                            ),
                            models.UniqueConstraint(
                                fields=("school", "key", "version"), name="versions_are_numbered"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PlanDraft",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="plan_drafts",
                                to="records.school",
                            ),
                        ),
                        ("key", models.CharField(max_length=40)),
                        ("title", models.CharField(max_length=60)),
                        ("content", models.TextField()),
                        ("based_on", models.CharField(max_length=60)),
                        ("before", models.JSONField(default=list)),
                        (
                            "begun_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("begun_at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("school", "key"), name="one_draft_of_a_plan")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RecognitionRound",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recognition_rounds",
                                to="records.school",
                            ),
                        ),
                        ("term_key", models.CharField(max_length=20)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("yearly", "yearly"), ("termly", "termly")], max_length=10
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("telling", "telling"),
                                    ("applying", "applying"),
                                    ("appraising", "appraising"),
                                    ("deciding", "deciding"),
                                    ("noticing", "noticing"),
                                    ("archived", "archived"),
                                ],
                                default="telling",
                                max_length=10,
                            ),
                        ),
                        (
                            "matched_level",
                            models.CharField(
                                choices=[
                                    ("特别困难", "特别困难"),
                                    ("困难", "困难"),
                                    ("一般困难", "一般困难"),
                                ],
                                default="特别困难",
                                max_length=10,
                            ),
                        ),
                        ("told_on", models.DateField(blank=True, null=True)),
                        ("told_how", models.CharField(blank=True, max_length=100)),
                        ("apply_until", models.DateField(blank=True, null=True)),
                        ("decided_on", models.DateField(blank=True, null=True)),
                        ("archived_on", models.DateField(blank=True, null=True)),
                        (
                            "archived_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        (
                            "opened_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("opened_at", models.DateTimeField()),
                        ("back_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "archived"), _negated=True),
                                fields=("school",),
                                name="one_running_recognition",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "telling"),
                                    models.Q(
                                        ("apply_until__gte", models.F("told_on")), ("told_on__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="families_are_told_before_they_apply",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "archived"), _negated=True),
                                    models.Q(("archived_by__isnull", False), ("archived_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="archived_recognition_says_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MonthSheet",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="month_sheets",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        (
                            "helper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="month_sheets",
                                to="records.staff",
                            ),
                        ),
                        ("month", models.DateField()),
                        ("content", models.JSONField()),
                        ("digest", models.CharField(max_length=64)),
                        ("remark", models.CharField(blank=True, max_length=500)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("handed_in", "handed_in"),
                                    ("asked", "asked"),
                                    ("sealed", "sealed"),
                                ],
                                default="handed_in",
                                max_length=10,
                            ),
                        ),
                        ("handed_in_at", models.DateTimeField()),
                        (
                            "handed_in_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("is_late", models.BooleanField(default=False)),
                        ("question", models.CharField(blank=True, max_length=200)),
                        ("asked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("sealed_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "sealed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["school", "month"], name="sheets_by_month")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan_key", "helper", "month"), name="one_sheet_per_helper_and_month"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "sealed"), _negated=True),
                                    models.Q(("sealed_at__isnull", False), ("sealed_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="seals_say_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="TermSummary",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summaries",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        (
                            "helper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="summaries",
                                to="records.staff",
                            ),
                        ),
                        ("term_key", models.CharField(max_length=20)),
                        ("text", models.CharField(blank=True, max_length=300)),
                        ("figures", models.JSONField(default=dict)),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan_key", "helper", "term_key"), name="one_summary_per_term"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Filing",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="filings",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("register_key", models.CharField(max_length=40)),
                        ("band", models.CharField(max_length=10)),
                        ("term_key", models.CharField(max_length=20)),
                        (
                            "state",
                            models.CharField(
                                choices=[("submitted", "submitted"), ("filed", "filed")], max_length=10
                            ),
                        ),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "submitted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("submitted_at", models.DateTimeField()),
                        (
                            "filed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("filed_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("plan_key", "register_key", "band", "term_key", "school"),
                                name="one_filing_per_band",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sponsor",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sponsors",
                                to="records.school",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        (
                            "kind",
                            models.CharField(
                                choices=[("person", "person"), ("organisation", "organisation")],
                                default="person",
                                max_length=12,
                            ),
                        ),
                        ("phone", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("phone_index", models.CharField(blank=True, max_length=32)),
                        ("places", models.PositiveSmallIntegerField(default=1)),
                        ("promised_on", models.DateField()),
                        ("since", models.DateField()),
                        ("stopped_on", models.DateField(blank=True, null=True)),
                        ("stopped_because", models.CharField(blank=True, max_length=200)),
                        (
                            "noted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("stopped_on__isnull", True)),
                                fields=("school", "name", "phone_index"),
                                name="one_sponsor_of_a_name_and_number",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pupil",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pupils",
                                to="records.school",
                            ),
                        ),
                        ("name", models.CharField(max_length=60)),
                        ("former_name", models.CharField(blank=True, max_length=60)),
                        ("sort_key", models.CharField(blank=True, max_length=160)),
                        ("initials", models.CharField(blank=True, max_length=20)),
                        (
                            "sex",
                            models.CharField(
                                blank=True, choices=[("1", "male"), ("2", "female")], max_length=1
                            ),
                        ),
                        ("birth_on", models.DateField(blank=True, null=True)),
                        ("ethnicity", models.CharField(blank=True, max_length=20)),
                        ("id_type", models.CharField(blank=True, max_length=2)),
                        ("id_number", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("id_number_index", models.CharField(blank=True, max_length=32)),
                        ("roll_no", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("roll_no_index", models.CharField(blank=True, max_length=32)),
                        ("phone", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("address", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("household_key", models.CharField(blank=True, max_length=32)),
                        ("joined_on", models.DateField()),
                        ("left_on", models.DateField(blank=True, null=True)),
                        ("left_because", models.CharField(blank=True, max_length=20)),
                        (
                            "arrived_with",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pupils",
                                to="records.intake",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["school", "sort_key"], name="pupil_by_name"),
                            models.Index(fields=["school", "roll_no_index"], name="pupil_by_roll_no"),
                            models.Index(fields=["household_key"], name="pupil_by_household"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("id_number_index", ""), _negated=True),
                                fields=("school", "id_number_index"),
                                name="one_pupil_per_id_number",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("left_on__isnull", True),
                                    ("left_on__gte", models.F("joined_on")),
                                    _connector="OR",
                                ),
                                name="pupil_leaves_after_joining",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomeGround",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "staff",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="home_ground",
                                to="records.staff",
                            ),
                        ),
                        (
                            "village",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.village",
                            ),
                        ),
                        ("languages", models.CharField(blank=True, max_length=60)),
                    ],
                ),
                migrations.CreateModel(
                    name="VillagePost",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        (
                            "village",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="records.village",
                            ),
                        ),
                        (
                            "team",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="posts",
                                to="records.villageteam",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        (
                            "kind",
                            models.CharField(choices=[("team", "team"), ("group", "group")], max_length=30),
                        ),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("village",),
                                name="one_team_for_a_village",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Event",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "school",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="records.school",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="records.staff",
                            ),
                        ),
                        ("verb", models.CharField(max_length=40)),
                        ("subject_type", models.CharField(blank=True, max_length=30)),
                        ("subject_id", models.UUIDField(blank=True, null=True)),
                        ("pupil_id", models.UUIDField(blank=True, null=True)),
                        (
                            "intake",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="events",
                                to="records.intake",
                            ),
                        ),
                        ("changes", models.JSONField(default=dict)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject_id", "id"], name="events_of_a_subject"),
                            models.Index(fields=["school", "at"], name="events_of_a_school"),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Household",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="households",
                                to="records.school",
                            ),
                        ),
                        ("key", models.CharField(max_length=32)),
                        (
                            "village",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="households",
                                to="records.village",
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("school", "key"), name="one_household_of_a_key")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="LocalPartner",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="local_partners",
                                to="records.school",
                            ),
                        ),
                        (
                            "village",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partners",
                                to="records.village",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("party_member", "party_member"),
                                    ("cadre", "cadre"),
                                    ("capable_household", "capable_household"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("phone", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("village", "name"),
                                name="one_partner_of_a_name",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ReceivedList",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "intake",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="received",
                                to="records.intake",
                            ),
                        ),
                        ("source", models.CharField(max_length=30)),
                        ("title", models.CharField(blank=True, max_length=60)),
                        ("stated_on", models.DateField()),
                        ("fact", models.CharField(blank=True, max_length=40)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["source", "stated_on"], name="received_list_by_source")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PanelMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="panel",
                                to="records.recognitionround",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="panels",
                                to="records.staff",
                            ),
                        ),
                        (
                            "added_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("added_on", models.DateField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("round", "staff"), name="one_seat_in_a_panel")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Appraisal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "round",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appraisal",
                                to="records.recognitionround",
                            ),
                        ),
                        ("held_on", models.DateField(blank=True, null=True)),
                        ("present", models.JSONField(default=list)),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "recorder",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("finished_on", models.DateField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("decided_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    ("recorder__isnull", True),
                                    models.Q(("decided_by", models.F("recorder")), _negated=True),
                                    _connector="OR",
                                ),
                                name="recorder_does_not_decide",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("finished_on__isnull", True),
                                    ("recorder__isnull", False),
                                    _connector="OR",
                                ),
                                name="minutes_have_a_recorder",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notices",
                                to="records.recognitionround",
                            ),
                        ),
                        ("lines", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("digest", models.CharField(max_length=64)),
                        ("count", models.PositiveSmallIntegerField()),
                        ("contact", models.CharField(max_length=100)),
                        ("workdays", models.PositiveSmallIntegerField()),
                        ("posted_on", models.DateField()),
                        ("until", models.DateField()),
                        (
                            "posted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("taken_down_on", models.DateField(blank=True, null=True)),
                        (
                            "taken_down_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("taken_down_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("until__gt", models.F("posted_on"))),
                                name="notice_stands_for_a_while",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("workdays__gte", 5)), name="notice_stands_five_workdays"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("taken_down_on__isnull", True),
                                    ("taken_down_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="notice_taken_down_by_somebody",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("taken_down_on__isnull", True)),
                                fields=("round",),
                                name="one_notice_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetAmendment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="amendments",
                                to="records.monthsheet",
                            ),
                        ),
                        ("note", models.CharField(max_length=300)),
                        ("content", models.JSONField()),
                        ("digest_before", models.CharField(max_length=64)),
                        ("digest_after", models.CharField(max_length=64)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name="VisitCompany",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "evidence",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="company",
                                to="records.evidence",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits_along",
                                to="records.staff",
                            ),
                        ),
                        ("other", models.CharField(blank=True, max_length=40)),
                        ("alone_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("alone_because", ""), ("other", ""), ("staff__isnull", False)),
                                    models.Q(
                                        ("alone_because", ""),
                                        ("staff__isnull", True),
                                        models.Q(("other", ""), _negated=True),
                                    ),
                                    models.Q(
                                        ("other", ""),
                                        ("staff__isnull", True),
                                        models.Q(("alone_because", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="company_or_why_alone",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Enrolment",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "school_class",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="enrolments",
                                to="records.schoolclass",
                            ),
                        ),
                        ("seat_no", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["school_class", "valid_from"], name="enrolment_by_class")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("pupil",),
                                name="one_open_enrolment",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="enrolment_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Guardian",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="guardians",
                                to="records.pupil",
                            ),
                        ),
                        ("position", models.PositiveSmallIntegerField(default=1)),
                        ("name", models.CharField(max_length=60)),
                        ("relation", models.CharField(blank=True, max_length=20)),
                        ("is_guardian", models.BooleanField(null=True)),
                        ("work_place", models.CharField(blank=True, max_length=80)),
                        ("phone", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("phone_index", models.CharField(blank=True, max_length=32)),
                        ("id_number", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("id_number_index", models.CharField(blank=True, max_length=32)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pupil", "position"), name="one_guardian_per_position"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AbsenceMark",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "roll_call",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="marks",
                                to="records.rollcall",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="absence_marks",
                                to="records.pupil",
                            ),
                        ),
                        ("day", models.DateField()),
                        (
                            "cause",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("ill", "ill"),
                                    ("at_home", "at_home"),
                                    ("road", "road"),
                                    ("excused", "excused"),
                                    ("unwilling", "unwilling"),
                                    ("unreached", "unreached"),
                                    ("", ""),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("is_explained", models.BooleanField(null=True)),
                        ("said", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("called_whom", models.CharField(blank=True, max_length=20)),
                        ("called_at", models.TimeField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["pupil", "day"], name="days_away_of_a_child")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("roll_call", "pupil"), name="one_mark_per_child_and_roll_call"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomeTeaching",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="home_teachings",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="home_teachings",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "teacher",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="home_teachings",
                                to="records.staff",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("lessons_a_year", models.PositiveSmallIntegerField(default=30)),
                        ("plan", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True)),
                                fields=("pupil",),
                                name="one_open_home_teaching",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="home_teaching_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EvidencePupil",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "evidence",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="about",
                                to="records.evidence",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="evidence",
                                to="records.pupil",
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("roles", models.JSONField(default=list)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["pupil", "happened_on"], name="history_of_a_child")],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("evidence", "pupil"), name="one_row_per_child_and_record"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Nomination",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="nominations",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="nominations",
                                to="records.pupil",
                            ),
                        ),
                        ("award_key", models.CharField(max_length=40)),
                        ("term_key", models.CharField(max_length=20)),
                        ("because", models.CharField(max_length=200)),
                        ("evidence_ids", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("nominated", "nominated"),
                                    ("approved", "approved"),
                                    ("declined", "declined"),
                                ],
                                default="nominated",
                                max_length=10,
                            ),
                        ),
                        (
                            "nominated_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("nominated_on", models.DateField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("decided_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pupil", "award_key", "term_key"),
                                name="one_nomination_per_award_and_term",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("decided_by__isnull", True),
                                    models.Q(("decided_by", models.F("nominated_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="award_maker_is_not_checker",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SurveyAnswer",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "survey",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="answers",
                                to="records.survey",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="survey_answers",
                                to="records.pupil",
                            ),
                        ),
                        ("answers", models.JSONField(default=dict)),
                        ("is_chosen", models.BooleanField(default=False)),
                        ("category", models.CharField(blank=True, max_length=30)),
                        ("causes", models.JSONField(default=list)),
                        ("cause_note", models.CharField(blank=True, max_length=300)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("survey", "pupil"), name="one_answer_per_child")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Case",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="records.pupil",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        (
                            "survey",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="cases",
                                to="records.survey",
                            ),
                        ),
                        ("category", models.CharField(blank=True, max_length=30)),
                        ("causes", models.JSONField(default=list)),
                        ("cause_note", models.CharField(blank=True, max_length=300)),
                        ("measures", models.JSONField(default=list)),
                        ("opened_on", models.DateField()),
                        (
                            "opened_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("closed_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["school", "plan_key", "closed_on"], name="case_by_plan")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_on__isnull", True)),
                                fields=("pupil", "plan_key"),
                                name="one_open_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    ("closed_on__gte", models.F("opened_on")),
                                    _connector="OR",
                                ),
                                name="case_closes_after_opening",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Absence",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="absences",
                                to="records.pupil",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("reason", models.CharField(blank=True, max_length=60)),
                        ("is_seen", models.BooleanField(default=False)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="absence_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True)),
                                fields=("pupil",),
                                name="one_open_absence",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Exclusion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="exclusions",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="exclusions",
                                to="records.pupil",
                            ),
                        ),
                        ("plan_key", models.CharField(blank=True, max_length=40)),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("on", models.DateField()),
                        ("at", models.DateTimeField()),
                        ("until", models.DateField(blank=True, null=True)),
                        ("withdrawn_on", models.DateField(blank=True, null=True)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["school", "pupil"], name="exclusion_by_pupil")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("until__isnull", True), ("until__gt", models.F("on")), _connector="OR"
                                ),
                                name="exclusion_ends_after_it_began",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("withdrawn_by__isnull", True), ("withdrawn_on__isnull", True)),
                                    models.Q(
                                        ("withdrawn_by__isnull", False), ("withdrawn_on__gte", models.F("on"))
                                    ),
                                    _connector="OR",
                                ),
                                name="exclusion_is_taken_back_by_somebody",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CatchmentChild",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "catchment_list",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="children",
                                to="records.catchmentlist",
                            ),
                        ),
                        ("at_row", models.PositiveIntegerField()),
                        ("sex", models.CharField(blank=True, max_length=1)),
                        ("birth_on", models.DateField(blank=True, null=True)),
                        ("name", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("id_number", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("id_number_index", models.CharField(blank=True, max_length=32)),
                        ("guardian", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("phone", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("village", models.CharField(blank=True, max_length=60)),
                        ("address", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "pupil",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        ("candidates", models.JSONField(default=list)),
                    ],
                    options={
                        "verbose_name_plural": "catchment children",
                        "indexes": [
                            models.Index(fields=["catchment_list", "at_row"], name="catchment_by_row")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DifferenceAnswer",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("never_enrolled", "never_enrolled"), ("away", "away")],
                                max_length=20,
                            ),
                        ),
                        ("subject_id", models.UUIDField()),
                        (
                            "pupil",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "answer",
                            models.CharField(
                                choices=[
                                    ("same_child", "same_child"),
                                    ("another_school", "another_school"),
                                    ("moved", "moved"),
                                    ("too_young", "too_young"),
                                    ("finished", "finished"),
                                    ("abroad", "abroad"),
                                    ("deceased", "deceased"),
                                    ("home_teaching", "home_teaching"),
                                    ("suspended", "suspended"),
                                    ("with_leave", "with_leave"),
                                    ("being_traced", "being_traced"),
                                    ("opened_file", "opened_file"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("said", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["at"],
                        "indexes": [
                            models.Index(
                                fields=["school", "kind", "subject_id"], name="answers_to_a_difference"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FactStatement",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="statements",
                                to="records.pupil",
                            ),
                        ),
                        ("source", models.CharField(max_length=30)),
                        ("stated_on", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("known_at", models.DateTimeField()),
                        ("values", models.JSONField(default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        (
                            "intake",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="statements",
                                to="records.intake",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [models.Index(fields=["pupil", "stated_on"], name="statement_by_pupil")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("stated_on")),
                                    _connector="OR",
                                ),
                                name="statement_ends_after_it_began",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Avoidance",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="avoidances",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="avoidances",
                                to="records.staff",
                            ),
                        ),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("own_child", "own_child"),
                                    ("relative", "relative"),
                                    ("conflict", "conflict"),
                                    ("asked", "asked"),
                                    ("declined", "declined"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("note", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("pupil", "staff"),
                                name="one_open_avoidance_of_two",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("valid_to__isnull", True),
                                    ("valid_to__gte", models.F("valid_from")),
                                    _connector="OR",
                                ),
                                name="avoidance_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HouseholdHelper",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="helpers",
                                to="records.household",
                            ),
                        ),
                        (
                            "staff",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="households",
                                to="records.staff",
                            ),
                        ),
                        ("accepted_on", models.DateField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["staff", "valid_to"], name="household_by_staff")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("household",),
                                name="one_helper_of_a_household",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HouseholdPartner",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("reason", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="partners",
                                to="records.household",
                            ),
                        ),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="households",
                                to="records.localpartner",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("household",),
                                name="one_partner_of_a_household",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerOffer",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="peer_offers",
                                to="records.pupil",
                            ),
                        ),
                        ("is_willing", models.BooleanField(null=True)),
                        ("at_most", models.PositiveSmallIntegerField(default=1)),
                        ("family_agrees", models.BooleanField(null=True)),
                        ("family_word", models.CharField(blank=True, max_length=60)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("pupil",),
                                name="one_peer_offer_stands",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("at_most__range", (1, 9))), name="peer_offer_is_for_some"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerWish",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="peer_wishes",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "wanted",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        ("place", models.PositiveSmallIntegerField()),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("pupil", "place"),
                                name="one_wish_in_a_place",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("valid_to__isnull", True)),
                                fields=("pupil", "wanted"),
                                name="wished_for_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("pupil", models.F("wanted")), _negated=True),
                                name="nobody_wishes_for_oneself",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Application",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="records.recognitionround",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="applications",
                                to="records.pupil",
                            ),
                        ),
                        ("content", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("applicant", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("is_promised", models.BooleanField(default=False)),
                        ("applied_on", models.DateField()),
                        (
                            "taken_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("withdrawn_on", models.DateField(blank=True, null=True)),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_on__isnull", True)),
                                fields=("round", "pupil"),
                                name="one_standing_application",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("withdrawn_on__isnull", True),
                                    ("withdrawn_by__isnull", False),
                                    _connector="OR",
                                ),
                                name="withdrawal_says_by_whom",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="AppraisalOpinion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "appraisal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="opinions",
                                to="records.appraisal",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        ("factors", models.JSONField(default=list)),
                        ("level", models.CharField(blank=True, max_length=10)),
                        ("votes", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("note", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("appraisal", "pupil"), name="one_opinion_per_child"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Recognition",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "round",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recognitions",
                                to="records.recognitionround",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="recognitions",
                                to="records.pupil",
                            ),
                        ),
                        ("level", models.CharField(max_length=10)),
                        (
                            "basis",
                            models.CharField(
                                choices=[("matched", "matched"), ("appraised", "appraised")], max_length=10
                            ),
                        ),
                        ("certified", models.JSONField(default=list)),
                        ("because", models.CharField(blank=True, max_length=200)),
                        ("valid_from", models.DateField()),
                        ("valid_to", models.DateField()),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("decided_on", models.DateField()),
                        ("settled_on", models.DateField(blank=True, null=True)),
                        ("ended_on", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on__isnull", True), ("settled_on__isnull", False)),
                                fields=("pupil",),
                                name="one_open_recognition",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on__isnull", True)),
                                fields=("round", "pupil"),
                                name="one_recognition_per_round",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                                name="recognition_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Objection",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="objections",
                                to="records.notice",
                            ),
                        ),
                        ("text", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("from_whom", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("received_on", models.DateField()),
                        (
                            "received_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("answer", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True, choices=[("stands", "stands"), ("again", "again")], max_length=10
                            ),
                        ),
                        ("answered_on", models.DateField(blank=True, null=True)),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("answered_on__isnull", True),
                                    models.Q(
                                        ("answer__isnull", False),
                                        ("answered_by__isnull", False),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="an_answer_says_what_and_by_whom",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Decision",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="decisions",
                                to="records.case",
                            ),
                        ),
                        ("term_key", models.CharField(max_length=20)),
                        (
                            "outcome",
                            models.CharField(
                                choices=[("continue", "continue"), ("change", "change"), ("close", "close")],
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("on", models.DateField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("case", "term_key"), name="one_decision_per_term")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Waiver",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="waivers",
                                to="records.case",
                            ),
                        ),
                        ("duty_key", models.CharField(max_length=40)),
                        ("period", models.CharField(max_length=30)),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("leave", "leave"),
                                    ("holiday", "holiday"),
                                    ("child_away", "child_away"),
                                    ("nobody_home", "nobody_home"),
                                    ("no_road", "no_road"),
                                    ("too_much", "too_much"),
                                    ("other", "other"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at__isnull", True)),
                                fields=("case", "duty_key", "period"),
                                name="one_waiver_per_duty",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DropoutFile",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="dropout_files",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dropout_files",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "catchment_child",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="dropout_files",
                                to="records.catchmentchild",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("suspected_dropout", "suspected_dropout"),
                                    ("dropout", "dropout"),
                                    ("persuaded", "persuaded"),
                                    ("returned", "returned"),
                                    ("home_teaching", "home_teaching"),
                                    ("transferred", "transferred"),
                                    ("suspended", "suspended"),
                                    ("abroad", "abroad"),
                                    ("deceased", "deceased"),
                                    ("closed", "closed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                choices=[
                                    ("poverty", "poverty"),
                                    ("work", "work"),
                                    ("marriage", "marriage"),
                                    ("learning", "learning"),
                                    ("health", "health"),
                                    ("family", "family"),
                                    ("unwilling", "unwilling"),
                                    ("unknown", "unknown"),
                                    ("other", "other"),
                                ],
                                default="unknown",
                                max_length=12,
                            ),
                        ),
                        ("left_on", models.DateField()),
                        (
                            "minder",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("partner", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("opened_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("catchment_child__isnull", True), ("pupil__isnull", False)),
                                    models.Q(("catchment_child__isnull", False), ("pupil__isnull", True)),
                                    _connector="OR",
                                ),
                                name="a_file_is_about_one_child",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=("pupil",),
                                name="one_open_file_per_pupil",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=("catchment_child",),
                                name="one_open_file_per_listed_child",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CaseGoal",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="goals",
                                to="records.case",
                            ),
                        ),
                        ("key", models.CharField(max_length=40)),
                        ("dimension", models.CharField(blank=True, max_length=60)),
                        ("baseline", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("words", models.CharField(blank=True, max_length=200)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("reached", "reached"), ("dropped", "dropped")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("set_on", models.DateField()),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("closed_because", models.CharField(blank=True, max_length=200)),
                        (
                            "evidence",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.evidence",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("case", "key", "dimension"),
                                name="one_open_goal",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_on__isnull", True), ("state", "open")),
                                    models.Q(
                                        ("closed_on__gte", models.F("set_on")),
                                        ("closed_on__isnull", False),
                                        ("state__in", ("reached", "dropped")),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_goal_closes_on_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("baseline__isnull", True), ("baseline__range", (1, 4)), _connector="OR"
                                ),
                                name="a_baseline_is_a_level",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Pairing",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pairings",
                                to="records.case",
                            ),
                        ),
                        ("plan_key", models.CharField(blank=True, default="", max_length=40)),
                        ("kind", models.CharField(default="helper", max_length=30)),
                        ("place", models.PositiveSmallIntegerField(default=1)),
                        (
                            "helper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pairings",
                                to="records.staff",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "proposed"),
                                    ("confirmed", "confirmed"),
                                    ("declined", "declined"),
                                    ("ended", "ended"),
                                ],
                                default="proposed",
                                max_length=10,
                            ),
                        ),
                        ("is_locked", models.BooleanField(default=False)),
                        ("reason", models.CharField(max_length=200)),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("proposed_on", models.DateField()),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("accepted_on", models.DateField(blank=True, null=True)),
                        ("time_slot", models.CharField(blank=True, max_length=60)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["helper", "state"], name="pairing_by_helper"),
                            models.Index(fields=["case", "kind"], name="pairing_by_case"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ["proposed", "confirmed"]), ("valid_to__isnull", True)
                                ),
                                fields=("case", "kind", "place"),
                                name="one_live_pair_of_a_place",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "confirmed"), _negated=True),
                                    models.Q(("confirmed_by__isnull", False), ("valid_from__isnull", False)),
                                    _connector="OR",
                                ),
                                name="confirmed_pairs_say_by_whom_and_since",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "proposed"), _negated=True),
                                    ("valid_from__isnull", True),
                                    _connector="OR",
                                ),
                                name="proposed_pairs_are_not_in_force",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListMatch",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "received",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="matches",
                                to="records.receivedlist",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="list_matches",
                                to="records.pupil",
                            ),
                        ),
                        ("row_key", models.CharField(max_length=80)),
                        ("how", models.CharField(max_length=10)),
                        ("weight", models.FloatField(default=0)),
                        ("reasons", models.JSONField(default=list)),
                        ("facts", models.JSONField(default=dict)),
                        ("shown", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("same", "same"),
                                    ("different", "different"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("put_off_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "statement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="records.factstatement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("received", "row_key", "pupil"), name="one_match_per_row_and_child"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "waiting"), ("decided_at__isnull", False), _connector="OR"
                                ),
                                name="match_decided_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ListLeaver",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "received",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leavers",
                                to="records.receivedlist",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="list_leavers",
                                to="records.pupil",
                            ),
                        ),
                        ("facts", models.JSONField(default=list)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("still", "still"),
                                    ("ended", "ended"),
                                    ("found", "found"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "statement",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="records.factstatement",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("received", "pupil"), name="one_leaver_per_list_and_child"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "waiting"), ("decided_at__isnull", False), _connector="OR"
                                ),
                                name="leaver_decided_at_a_time",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PeerPair",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="peer_pairs",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="peer_pairs",
                                to="records.case",
                            ),
                        ),
                        ("plan_key", models.CharField(blank=True, max_length=40)),
                        ("kind", models.CharField(blank=True, max_length=30)),
                        (
                            "partner",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="peer_pairs",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "group",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pairs",
                                to="records.studygroup",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("proposed", "proposed"),
                                    ("confirmed", "confirmed"),
                                    ("ended", "ended"),
                                ],
                                default="proposed",
                                max_length=10,
                            ),
                        ),
                        (
                            "how",
                            models.CharField(
                                choices=[
                                    ("both", "both"),
                                    ("one", "one"),
                                    ("matched", "matched"),
                                    ("by_hand", "by_hand"),
                                ],
                                max_length=10,
                            ),
                        ),
                        (
                            "proposed_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("proposed_on", models.DateField()),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=100)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["partner", "state"], name="peer_pair_by_partner"),
                            models.Index(fields=["pupil", "state"], name="peer_pair_by_pupil"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["proposed", "confirmed"])),
                                fields=("pupil", "partner", "plan_key", "kind"),
                                name="two_classmates_are_paired_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("pupil", models.F("partner")), _negated=True),
                                name="nobody_is_ones_own_partner",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "proposed"),
                                    models.Q(("confirmed_by__isnull", False), ("valid_from__isnull", False)),
                                    _connector="OR",
                                ),
                                name="peer_pairs_say_by_whom_and_since",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ended"), _negated=True),
                                    ("valid_to__isnull", False),
                                    _connector="OR",
                                ),
                                name="ended_peer_pairs_say_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SheetCase",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cases",
                                to="records.monthsheet",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sheets",
                                to="records.case",
                            ),
                        ),
                        ("entry_year", models.PositiveSmallIntegerField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("sheet", "case"), name="a_case_stands_once_on_a_sheet"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SpotCheck",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "sheet",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="spot_checks",
                                to="records.monthsheet",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="spot_checks",
                                to="records.case",
                            ),
                        ),
                        ("seed", models.CharField(max_length=40)),
                        (
                            "drawn_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("drawn_at", models.DateTimeField()),
                        ("answers", models.JSONField(default=dict)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[("matches", "matches"), ("differs", "differs")],
                                max_length=10,
                            ),
                        ),
                        (
                            "fulfilment",
                            models.CharField(
                                blank=True,
                                choices=[("done", "done"), ("partly", "partly"), ("not", "not")],
                                max_length=10,
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=300)),
                        (
                            "checked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("checked_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "evidence",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="spot_check",
                                to="records.evidence",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("sheet", "case"), name="drawn_once_a_month")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SponsorPair",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="sponsor_pairs",
                                to="records.case",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        ("kind", models.CharField(max_length=30)),
                        (
                            "sponsor",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="pairs",
                                to="records.sponsor",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("agreed", "agreed"),
                                    ("declined", "declined"),
                                    ("confirmed", "confirmed"),
                                    ("ended", "ended"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("alias", models.CharField(blank=True, max_length=12)),
                        ("wishes", models.JSONField(default=list)),
                        ("answered_by", models.CharField(max_length=40)),
                        ("answered_on", models.DateField()),
                        (
                            "answered_how",
                            models.CharField(
                                choices=[("paper", "paper"), ("in_person", "in_person"), ("phone", "phone")],
                                max_length=10,
                            ),
                        ),
                        (
                            "noted_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("taken_back_on", models.DateField(blank=True, null=True)),
                        (
                            "confirmed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("valid_from", models.DateField(blank=True, null=True)),
                        ("valid_to", models.DateField(blank=True, null=True)),
                        ("ended_because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["sponsor", "state"], name="sponsor_pair_by_sponsor")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state__in", ["agreed", "confirmed"])),
                                fields=("case", "kind"),
                                name="one_sponsor_of_a_child",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["agreed", "declined"]),
                                    models.Q(
                                        ("confirmed_by__isnull", False),
                                        ("sponsor__isnull", False),
                                        ("valid_from__gte", models.F("answered_on")),
                                    ),
                                    _connector="OR",
                                ),
                                name="sponsor_only_after_the_family_said_yes",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ["declined", "ended"]),
                                    ("taken_back_on__isnull", True),
                                    _connector="OR",
                                ),
                                name="a_yes_taken_back_holds_no_sponsor",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_by", ""), _negated=True),
                                    models.Q(
                                        ("state", "declined"),
                                        models.Q(("alias", ""), _negated=True),
                                        _connector="OR",
                                    ),
                                ),
                                name="family_and_alias_of_a_sponsor_are_named",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["agreed", "declined"]), _negated=True),
                                    ("sponsor__isnull", True),
                                    _connector="OR",
                                ),
                                name="no_sponsor_before_it_is_confirmed",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="KeptLedger",
                    fields=[
                        (
                            "case",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                primary_key=True,
                                related_name="kept",
                                serialize=False,
                                to="records.case",
                            ),
                        ),
                        ("since", models.DateField(blank=True, null=True)),
                        ("until", models.DateField(blank=True, null=True)),
                        ("is_stale", models.BooleanField(default=True)),
                        ("made_by", models.CharField(blank=True, max_length=40)),
                    ],
                ),
                migrations.CreateModel(
                    name="DropoutStep",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="records.dropoutfile",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("suspected_dropout", "suspected_dropout"),
                                    ("dropout", "dropout"),
                                    ("persuaded", "persuaded"),
                                    ("returned", "returned"),
                                    ("home_teaching", "home_teaching"),
                                    ("transferred", "transferred"),
                                    ("suspended", "suspended"),
                                    ("abroad", "abroad"),
                                    ("deceased", "deceased"),
                                    ("closed", "closed"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("on", models.DateField()),
                        ("said", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "proof_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("seen_in_class", "seen_in_class"),
                                    ("other", "other"),
                                    ("plan_approved", "plan_approved"),
                                    ("transfer_letter", "transfer_letter"),
                                    ("roll_elsewhere", "roll_elsewhere"),
                                    ("suspension_approved", "suspension_approved"),
                                    ("border_record", "border_record"),
                                    ("household_cancelled", "household_cancelled"),
                                    ("death_certificate", "death_certificate"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("proof", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["at"],
                        "abstract": False,
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(
                                        models.Q(("proof_kind", ""), _negated=True), ("proof__isnull", False)
                                    ),
                                    _connector="OR",
                                ),
                                name="a_file_closes_with_proof",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Persuasion",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "file",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="persuasions",
                                to="records.dropoutfile",
                            ),
                        ),
                        ("on", models.DateField()),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("phone", "phone"),
                                    ("visit", "visit"),
                                    ("at_school", "at_school"),
                                    ("with_village", "with_village"),
                                    ("with_township", "with_township"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("who", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("talked_with", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "attitude",
                            models.CharField(
                                choices=[
                                    ("agrees", "agrees"),
                                    ("thinks_it_over", "thinks_it_over"),
                                    ("has_difficulties", "has_difficulties"),
                                    ("does_not_agree", "does_not_agree"),
                                    ("not_met", "not_met"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("result", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("next_step", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("next_on", models.DateField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "ordering": ["on", "at"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="GoalStep",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "goal",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="records.casegoal",
                            ),
                        ),
                        ("due_on", models.DateField()),
                        ("level", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("what", models.CharField(max_length=200)),
                        ("filled", models.JSONField(default=dict)),
                        (
                            "state",
                            models.CharField(
                                choices=[("open", "open"), ("reached", "reached"), ("changed", "changed")],
                                default="open",
                                max_length=10,
                            ),
                        ),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("set_on", models.DateField()),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        ("note", models.CharField(blank=True, max_length=200)),
                        (
                            "evidence",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.evidence",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "changed"), _negated=True),
                                fields=("goal", "due_on"),
                                name="one_step_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("closed_on__isnull", True), ("state", "open")),
                                    models.Q(
                                        ("closed_on__gte", models.F("set_on")),
                                        ("closed_on__isnull", False),
                                        ("state__in", ("reached", "changed")),
                                    ),
                                    _connector="OR",
                                ),
                                name="a_step_closes_on_a_day",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("level__isnull", True), ("level__range", (1, 4)), _connector="OR"
                                ),
                                name="a_step_is_at_a_level",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="PairNote",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "pairing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="records.pairing",
                            ),
                        ),
                        ("helps", models.CharField(blank=True, max_length=300)),
                        ("avoid", models.CharField(blank=True, max_length=300)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                    ],
                    options={
                        "indexes": [models.Index(fields=["pairing", "at"], name="pair_note_by_pair")],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("helps", ""), _negated=True),
                                    models.Q(("avoid", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="pair_note_says_something",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HandoverPair",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "handover",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pairs",
                                to="records.handover",
                            ),
                        ),
                        (
                            "former",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="handed_on",
                                to="records.pairing",
                            ),
                        ),
                        (
                            "next",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="taken_from",
                                to="records.pairing",
                            ),
                        ),
                    ],
                ),
                migrations.CreateModel(
                    name="DutyState",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "kept",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="states",
                                to="records.keptledger",
                            ),
                        ),
                        ("duty_key", models.CharField(max_length=80)),
                        ("period", models.CharField(max_length=60)),
                        ("opens_on", models.DateField()),
                        ("due_on", models.DateField()),
                        ("times", models.PositiveSmallIntegerField()),
                        ("count", models.PositiveSmallIntegerField()),
                        ("done_on", models.DateField(blank=True, null=True)),
                        ("state", models.CharField(max_length=20)),
                        ("asks", models.TextField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state__in", ("open", "can_still_be_added"))),
                                fields=["kept"],
                                name="what_waits",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("kept", "duty_key", "period"), name="one_state_per_duty_and_window"
                            )
                        ],
                    },
                ),
            ]
        )
    ]
