"""Recording offline, month-end, counselling, care of left-behind children, rounds, notices."""

import datetime
import uuid

import django.db.models.deletion
from django.db import migrations, models

import bangfu.records.seal
from bangfu.records.tables import EveryTable


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_every_table"),
    ]

    operations = [
        EveryTable(
            [
                migrations.CreateModel(
                    name="CareRules",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="care_rules",
                                to="records.school",
                            ),
                        ),
                        ("asks_family", models.BooleanField(default=True)),
                        ("keep_years", models.PositiveSmallIntegerField(default=3)),
                        (
                            "set_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("set_on", models.DateField()),
                    ],
                ),
                migrations.CreateModel(
                    name="CareCase",
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
                                related_name="care_cases",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="care_cases",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "counsellor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="care_cases",
                                to="records.staff",
                            ),
                        ),
                        ("opened_on", models.DateField()),
                        ("next_on", models.DateField(blank=True, null=True)),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("settled", "settled"),
                                    ("elsewhere", "elsewhere"),
                                    ("stopped", "stopped"),
                                    ("left_school", "left_school"),
                                ],
                                max_length=12,
                            ),
                        ),
                        (
                            "consent",
                            models.CharField(
                                blank=True,
                                choices=[("willing", "willing"), ("unwilling", "unwilling")],
                                max_length=10,
                            ),
                        ),
                        ("consent_by", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("consent_on", models.DateField(blank=True, null=True)),
                        (
                            "consent_how",
                            models.CharField(
                                blank=True,
                                choices=[("paper", "paper"), ("in_person", "in_person"), ("phone", "phone")],
                                max_length=10,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_on__isnull", True)),
                                fields=("pupil",),
                                name="one_open_care_case",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    models.Q(("outcome", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="closed_care_says_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("consent", ""),
                                    models.Q(("consent_by__isnull", False), ("consent_on__isnull", False)),
                                    _connector="OR",
                                ),
                                name="care_consent_says_who_and_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GroupSession",
                    fields=[
                        ("content", models.TextField(blank=True)),
                        ("lock", models.TextField(blank=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.school",
                            ),
                        ),
                        (
                            "counsellor",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("written_at", models.DateTimeField()),
                    ],
                    options={
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="SharedAdvice",
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
                                related_name="+",
                                to="records.pupil",
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
                        ("text", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("class_teacher", "class_teacher"),
                                    ("helpers", "helpers"),
                                    ("both", "both"),
                                ],
                                max_length=14,
                            ),
                        ),
                        ("shared_on", models.DateField()),
                        ("until", models.DateField()),
                        ("ended_on", models.DateField(blank=True, null=True)),
                    ],
                ),
                migrations.CreateModel(
                    name="CareEvent",
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
                        ("at", models.DateTimeField()),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("verb", models.CharField(max_length=30)),
                        ("subject_id", models.UUIDField()),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["subject_id", "at"], name="care_events_of_a_subject")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ScreeningResult",
                    fields=[
                        ("content", models.TextField(blank=True)),
                        ("lock", models.TextField(blank=True)),
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
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "keeper",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("brought_on", models.DateField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("pupil", "keeper"), name="latest_screening_of_a_child"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Escalation",
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
                                related_name="alarms",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("harm_self", "harm_self"),
                                    ("harmed", "harmed"),
                                    ("missing", "missing"),
                                    ("hurt", "hurt"),
                                ],
                                max_length=12,
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
                        (
                            "taken_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("taken_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("taken_at__isnull", True), ("taken_by__isnull", True)),
                                    models.Q(("taken_at__isnull", False), ("taken_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="alarm_taken_by_somebody",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GlassBreak",
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
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[("asked", "asked"), ("agreed", "agreed"), ("refused", "refused")],
                                default="asked",
                                max_length=8,
                            ),
                        ),
                        ("reason", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("hours", models.PositiveSmallIntegerField()),
                        (
                            "asked_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("asked_at", models.DateTimeField()),
                        (
                            "agreed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("agreed_at", models.DateTimeField(blank=True, null=True)),
                        ("expires_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("agreed_by__isnull", True),
                                    models.Q(("agreed_by", models.F("asked_by")), _negated=True),
                                    _connector="OR",
                                ),
                                name="nobody_breaks_the_glass_alone",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("agreed_by__isnull", True), ("state", "asked")),
                                    models.Q(("agreed_by__isnull", False), ("state", "refused")),
                                    models.Q(
                                        ("agreed_at__isnull", False),
                                        ("agreed_by__isnull", False),
                                        ("expires_at__gt", models.F("agreed_at")),
                                        ("expires_at__isnull", False),
                                        ("state", "agreed"),
                                    ),
                                    _connector="OR",
                                ),
                                name="broken_glass_has_two_people_and_an_end",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("reason__isnull", False)), name="broken_glass_says_why"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("hours__gte", 1), ("hours__lte", 24)),
                                name="glass_for_a_day_at_most",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="MandatoryReport",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
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
                            "kind",
                            models.CharField(
                                choices=[
                                    ("harm_self", "harm_self"),
                                    ("harmed", "harmed"),
                                    ("missing", "missing"),
                                    ("hurt", "hurt"),
                                    ("uncared", "uncared"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("facts", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("found_on", models.DateField()),
                        ("told", models.JSONField(default=list)),
                        ("told_at", models.DateTimeField(blank=True, null=True)),
                        ("answer", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "adds_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="additions",
                                to="records.mandatoryreport",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("facts__isnull", False)), name="report_says_what"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FieldVersion",
                    fields=[
                        ("id", models.BigAutoField(primary_key=True, serialize=False)),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_versions",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "guardian",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="records.guardian",
                            ),
                        ),
                        ("field", models.CharField(max_length=20)),
                        ("base", models.CharField(blank=True, max_length=16)),
                        ("token", models.CharField(blank=True, max_length=16)),
                        ("device", models.UUIDField(blank=True, null=True)),
                        ("seq", models.PositiveIntegerField(default=0)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        ("is_standing", models.BooleanField(default=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["pupil", "field"], name="field_versions_of_a_child")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FieldConflict",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="field_conflicts",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "guardian",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="records.guardian",
                            ),
                        ),
                        ("field", models.CharField(max_length=20)),
                        ("base", models.CharField(blank=True, max_length=16)),
                        ("value", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("stood", bangfu.records.seal.SealedText(blank=True, null=True)),
                        ("device", models.UUIDField(blank=True, null=True)),
                        ("seq", models.PositiveIntegerField(default=0)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("made_at", models.DateTimeField(blank=True, null=True)),
                        ("arrived_at", models.DateTimeField()),
                        (
                            "reason",
                            models.CharField(
                                choices=[("changed", "changed"), ("not_yours", "not_yours")],
                                default="changed",
                                max_length=10,
                            ),
                        ),
                        (
                            "chosen",
                            models.CharField(
                                blank=True,
                                choices=[("", ""), ("standing", "standing"), ("sent", "sent")],
                                max_length=10,
                            ),
                        ),
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
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("chosen", "")),
                                fields=["pupil", "field"],
                                name="field_conflicts_open",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("chosen", ""),
                                    models.Q(("decided_at__isnull", False), ("decided_by__isnull", False)),
                                    _connector="OR",
                                ),
                                name="a_choice_between_values_says_whose",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CallSetting",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "school",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls_made",
                                to="records.school",
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("phone", "phone"),
                                    ("own_link", "own_link"),
                                    ("room_server", "room_server"),
                                ],
                                default="phone",
                                max_length=12,
                            ),
                        ),
                        ("address", models.CharField(blank=True, max_length=200)),
                        ("place", models.CharField(blank=True, max_length=40)),
                        ("slots", models.JSONField(default=list)),
                        ("minutes", models.PositiveSmallIntegerField(default=20)),
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
                    name="VideoCall",
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
                                related_name="video_calls",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="video_calls",
                                to="records.pupil",
                            ),
                        ),
                        ("place", models.CharField(blank=True, max_length=40)),
                        ("on", models.DateField()),
                        ("at", models.TimeField()),
                        ("minutes", models.PositiveSmallIntegerField(default=20)),
                        ("with_whom", models.CharField(blank=True, max_length=20)),
                        ("link", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("arranged", "arranged"),
                                    ("held", "held"),
                                    ("unreached", "unreached"),
                                    ("cancelled", "cancelled"),
                                ],
                                default="arranged",
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
                        ("arranged_at", models.DateTimeField()),
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
                        "indexes": [models.Index(fields=["pupil", "on"], name="video_call_by_pupil")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("state__in", ("arranged", "held")),
                                    models.Q(("place", ""), _negated=True),
                                ),
                                fields=("school", "place", "on", "at"),
                                name="one_call_in_a_room_at_a_time",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("state", "arranged")),
                                fields=("pupil",),
                                name="one_call_ahead_of_a_child",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state__in", ("held", "unreached")),
                                    ("evidence__isnull", True),
                                    _connector="OR",
                                ),
                                name="only_a_call_made_has_a_record",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ParentContact",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="parent_contacts",
                                to="records.pupil",
                            ),
                        ),
                        ("week_on", models.DateField()),
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
                                fields=("pupil", "week_on"),
                                name="one_contact_a_week",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SyncItem",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_items",
                                to="records.school",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_items",
                                to="records.staff",
                            ),
                        ),
                        (
                            "sent_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("device", models.UUIDField()),
                        ("seq", models.PositiveIntegerField(default=0)),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("record", "record"),
                                    ("amend", "amend"),
                                    ("withdraw", "withdraw"),
                                    ("undone", "undone"),
                                    ("profile", "profile"),
                                    ("household_visit", "household_visit"),
                                    ("hardship", "hardship"),
                                    ("contact", "contact"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("made_at", models.DateTimeField(blank=True, null=True)),
                        ("arrived_at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("stored", "stored"),
                                    ("review", "review"),
                                    ("kept", "kept"),
                                    ("dropped", "dropped"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="stored",
                                max_length=10,
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("not_yours", "not_yours"),
                                    ("moved", "moved"),
                                    ("sealed", "sealed"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("digest", models.CharField(max_length=32)),
                        (
                            "pupil",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="sync_items",
                                to="records.pupil",
                            ),
                        ),
                        ("content", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "handed_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
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
                        ("decided_at", models.DateTimeField(blank=True, null=True)),
                        ("because", models.CharField(blank=True, max_length=200)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "review")),
                                fields=["school", "pupil"],
                                name="sync_items_waiting",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "review"), _negated=True),
                                    models.Q(("content__isnull", False), ("pupil__isnull", False)),
                                    _connector="OR",
                                ),
                                name="what_waits_is_kept_whole",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ("kept", "dropped")), _negated=True),
                                    models.Q(
                                        ("decided_at__isnull", False),
                                        ("decided_by__isnull", False),
                                        models.Q(("decided_by", models.F("author")), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="somebody_else_decides_what_was_held",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "dropped"), _negated=True),
                                    models.Q(("because", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="dropping_says_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Channel",
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
                                related_name="channel",
                                to="records.staff",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("email", "email"),
                                    ("wecom", "wecom"),
                                    ("dingtalk", "dingtalk"),
                                    ("feishu", "feishu"),
                                    ("webhook", "webhook"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("address", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "address_index",
                            models.CharField(blank=True, max_length=32, null=True, unique=True),
                        ),
                        ("at", models.TimeField(default=datetime.time(7, 40))),
                        ("tried_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "problem",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("unreachable", "unreachable"),
                                    ("refused", "refused"),
                                    ("unreadable", "unreadable"),
                                    ("interrupted", "interrupted"),
                                    ("no_mail", "no_mail"),
                                ],
                                max_length=12,
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("at__gte", datetime.time(7, 0)), ("at__lt", datetime.time(18, 0))
                                ),
                                name="nobody_is_told_at_night",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Reminder",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reminders",
                                to="records.staff",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("digest", "digest"), ("urgent", "urgent")], max_length=10
                            ),
                        ),
                        ("day", models.DateField()),
                        ("about", models.UUIDField(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("sending", "sending"),
                                    ("sent", "sent"),
                                    ("failed", "failed"),
                                    ("nothing", "nothing"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("tries", models.PositiveSmallIntegerField(default=0)),
                        ("next_at", models.DateTimeField(blank=True, null=True)),
                        ("claimed_at", models.DateTimeField(blank=True, null=True)),
                        ("sent_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "problem",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("unreachable", "unreachable"),
                                    ("refused", "refused"),
                                    ("unreadable", "unreadable"),
                                    ("interrupted", "interrupted"),
                                    ("no_mail", "no_mail"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("told", models.JSONField(blank=True, default=list)),
                    ],
                    options={
                        "indexes": [models.Index(fields=["state", "day"], name="reminders_to_send")],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "digest")),
                                fields=("staff", "day"),
                                name="one_digest_a_day",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "urgent")),
                                fields=("staff", "about"),
                                name="urgent_is_said_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("about__isnull", True), ("kind", "digest")),
                                    models.Q(("about__isnull", False), ("kind", "urgent")),
                                    _connector="OR",
                                ),
                                name="urgent_is_about_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NightRun",
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
                                related_name="nights",
                                to="records.school",
                            ),
                        ),
                        ("day", models.DateField()),
                        ("begun_at", models.DateTimeField(blank=True, null=True)),
                        ("ended_at", models.DateTimeField(blank=True, null=True)),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("school", "day"), name="one_night_run_a_day")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Facility",
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
                                related_name="facilities",
                                to="records.school",
                            ),
                        ),
                        ("key", models.CharField(blank=True, max_length=40)),
                        ("name", models.CharField(max_length=40)),
                        ("room", models.CharField(blank=True, max_length=60)),
                        ("hours", models.CharField(blank=True, max_length=80)),
                        ("booking", models.CharField(blank=True, max_length=80)),
                        (
                            "keeper",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="kept_places",
                                to="records.staff",
                            ),
                        ),
                        ("opened_on", models.DateField()),
                        ("closed_on", models.DateField(blank=True, null=True)),
                        (
                            "decided_by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("closed_on__isnull", True)),
                                fields=("school", "name"),
                                name="one_place_of_a_name",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("closed_on__isnull", True),
                                    ("closed_on__gte", models.F("opened_on")),
                                    _connector="OR",
                                ),
                                name="place_closes_after_opening",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Suspension",
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
                                related_name="suspensions",
                                to="records.school",
                            ),
                        ),
                        ("plan_key", models.CharField(max_length=40)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="suspensions",
                                to="records.case",
                            ),
                        ),
                        ("starts_on", models.DateField()),
                        ("ends_on", models.DateField(blank=True, null=True)),
                        ("because", models.CharField(max_length=200)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "ended_by",
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
                                    ("ends_on__isnull", True),
                                    ("ends_on__gte", models.F("starts_on")),
                                    _connector="OR",
                                ),
                                name="suspension_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("because", ""), _negated=True), name="suspensions_say_why"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("case__isnull", True), ("ends_on__isnull", True)),
                                fields=("school", "plan_key"),
                                name="one_open_suspension_of_a_plan",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ends_on__isnull", True)),
                                fields=("case",),
                                name="one_open_suspension_of_a_case",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Appointment",
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
                                related_name="appointments",
                                to="records.case",
                            ),
                        ),
                        ("duty_key", models.CharField(max_length=80)),
                        ("period", models.CharField(max_length=60)),
                        ("on", models.DateField()),
                        ("at", models.TimeField(blank=True, null=True)),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="appointments",
                                to="records.staff",
                            ),
                        ),
                        ("made_at", models.DateTimeField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("case", "duty_key", "period", "by"),
                                name="one_appointment_for_a_thing",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HouseholdPlace",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "household",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stands_at",
                                to="records.household",
                            ),
                        ),
                        ("group_name", models.CharField(blank=True, max_length=12)),
                        ("door", models.CharField(blank=True, max_length=12)),
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
                    name="RoundTaken",
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
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="villages_taken",
                                to="records.staff",
                            ),
                        ),
                        (
                            "village",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="records.village",
                            ),
                        ),
                        ("taken_at", models.DateTimeField()),
                        ("until", models.DateField()),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("staff", "village"), name="a_village_is_taken_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HouseholdVisit",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="visits",
                                to="records.household",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("written_at", models.DateTimeField()),
                        ("answers", models.JSONField(default=dict)),
                        ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                        ("note", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "with_staff",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("with_other", models.CharField(blank=True, max_length=40)),
                        ("alone_because", models.CharField(blank=True, max_length=200)),
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
                        ("is_withdrawn", models.BooleanField(default=False)),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["household", "happened_on"], name="visit_by_household")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Hardship",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "school",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hardships",
                                to="records.school",
                            ),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hardships",
                                to="records.household",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("illness", "illness"),
                                    ("disaster", "disaster"),
                                    ("accident", "accident"),
                                    ("job_loss", "job_loss"),
                                    ("other", "other"),
                                ],
                                max_length=10,
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("written_at", models.DateTimeField()),
                        ("due_on", models.DateField()),
                        ("note", bangfu.records.seal.SealedText(blank=True, null=True)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "open"),
                                    ("referred", "referred"),
                                    ("settled", "settled"),
                                    ("withdrawn", "withdrawn"),
                                ],
                                default="open",
                                max_length=10,
                            ),
                        ),
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
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        ("answer", bangfu.records.seal.SealedText(blank=True, null=True)),
                    ],
                    options={
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["school", "due_on"],
                                name="hardship_waiting",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("answered_at__isnull", True), ("state", "open")),
                                    models.Q(
                                        models.Q(("state", "open"), _negated=True),
                                        ("answered_at__isnull", False),
                                    ),
                                    _connector="OR",
                                ),
                                name="answered_once_it_is_not_open",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Referral",
                    fields=[
                        ("content", models.TextField(blank=True)),
                        ("lock", models.TextField(blank=True)),
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
                                related_name="referrals",
                                to="records.school",
                            ),
                        ),
                        (
                            "pupil",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="records.pupil",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="records.staff",
                            ),
                        ),
                        ("at", models.DateTimeField()),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("waiting", "waiting"),
                                    ("taken_on", "taken_on"),
                                    ("answered", "answered"),
                                    ("taken_back", "taken_back"),
                                ],
                                default="waiting",
                                max_length=10,
                            ),
                        ),
                        ("answer", bangfu.records.seal.SealedText(blank=True, null=True)),
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
                        ("answered_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "case",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="referrals",
                                to="records.carecase",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "waiting")),
                                fields=("pupil", "by"),
                                name="one_waiting_referral",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "taken_on"), _negated=True),
                                    models.Q(("answered_by__isnull", False), ("case__isnull", False)),
                                    _connector="OR",
                                ),
                                name="taken_referral_has_a_case",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CareNote",
                    fields=[
                        ("content", models.TextField(blank=True)),
                        ("lock", models.TextField(blank=True)),
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="notes",
                                to="records.carecase",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        ("happened_on", models.DateField()),
                        ("written_at", models.DateTimeField()),
                        (
                            "amends",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="amended_by",
                                to="records.carenote",
                            ),
                        ),
                    ],
                    options={
                        "indexes": [
                            models.Index(fields=["case", "-happened_on"], name="care_notes_of_a_case")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GroupMember",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "session",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="members",
                                to="records.groupsession",
                            ),
                        ),
                        (
                            "case",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="groups",
                                to="records.carecase",
                            ),
                        ),
                    ],
                    options={
                        "constraints": [
                            models.UniqueConstraint(fields=("session", "case"), name="one_seat_in_a_group")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CareHandOver",
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
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="hand_overs",
                                to="records.carecase",
                            ),
                        ),
                        (
                            "giver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
                            ),
                        ),
                        (
                            "receiver",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="records.staff",
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
                        ("handed_on", models.DateField()),
                    ],
                    options={
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("giver", models.F("receiver")), _negated=True),
                                name="care_goes_to_somebody_else",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("by", models.F("receiver")), _negated=True),
                                name="nobody_takes_care_cases_alone",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="EscalationCall",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "alarm",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="calls",
                                to="records.escalation",
                            ),
                        ),
                        (
                            "whom",
                            models.CharField(
                                choices=[
                                    ("principal", "principal"),
                                    ("guardian", "guardian"),
                                    ("homeroom_teacher", "homeroom_teacher"),
                                    ("police", "police"),
                                    ("ambulance", "ambulance"),
                                    ("hotline", "hotline"),
                                ],
                                max_length=20,
                            ),
                        ),
                        ("reached", models.BooleanField()),
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
                    name="GlassOpening",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "glass",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="openings",
                                to="records.glassbreak",
                            ),
                        ),
                        ("note_id", models.UUIDField()),
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
                    name="Thing",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                            ),
                        ),
                        (
                            "facility",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="things",
                                to="records.facility",
                            ),
                        ),
                        ("name", models.CharField(max_length=40)),
                        ("how_many", models.PositiveIntegerField(default=0)),
                    ],
                    options={
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(fields=("facility", "name"), name="one_line_for_a_thing"),
                            models.CheckConstraint(
                                condition=models.Q(("how_many__gte", 0)), name="never_fewer_than_none"
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ThingMove",
                    fields=[
                        ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                        (
                            "thing",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="moves",
                                to="records.thing",
                            ),
                        ),
                        ("change", models.IntegerField()),
                        (
                            "why",
                            models.CharField(
                                choices=[
                                    ("got", "got"),
                                    ("given_out", "given_out"),
                                    ("brought_back", "brought_back"),
                                    ("used_up", "used_up"),
                                ],
                                max_length=12,
                            ),
                        ),
                        ("words", models.CharField(blank=True, max_length=100)),
                        ("on", models.DateField()),
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
                        "ordering": ["-on", "-at"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("change", 0), _negated=True),
                                name="a_move_moves_something",
                            )
                        ],
                    },
                ),
            ]
        ),
        migrations.AddField(
            model_name="household",
            name="earlier",
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name="leave",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="stand_ins",
                to="records.case",
            ),
        ),
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(
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
                    ("inspector", "inspector"),
                ],
                max_length=30,
            ),
        ),
        migrations.AddConstraint(
            model_name="leave",
            constraint=models.CheckConstraint(
                condition=models.Q(("case__isnull", True), ("deputy__isnull", False), _connector="OR"),
                name="for_one_child_somebody_is_asked",
            ),
        ),
    ]
