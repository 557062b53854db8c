"""Lists from outside and their matches, circumstances with an end, coverage, recognition, attendance."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import bangfu.records.seal


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0006_five_more_roles"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReceivedList",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("source", models.CharField(max_length=30)),
                ("title", models.CharField(blank=True, max_length=60)),
                ("stated_on", models.DateField()),
                ("fact", models.CharField(blank=True, max_length=40)),
                (
                    "intake",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="received",
                        to="records.intake",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListMatch",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                        choices=[("waiting", "waiting"), ("same", "same"), ("different", "different")],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("put_off_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_matches",
                        to="records.pupil",
                    ),
                ),
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
                (
                    "received",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="matches",
                        to="records.receivedlist",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ListLeaver",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("decided_at", models.DateTimeField(blank=True, null=True)),
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
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="list_leavers",
                        to="records.pupil",
                    ),
                ),
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
                (
                    "received",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="leavers",
                        to="records.receivedlist",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecognitionRound",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("term_key", models.CharField(max_length=20)),
                (
                    "kind",
                    models.CharField(choices=[("yearly", "yearly"), ("termly", "termly")], max_length=10),
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
                        choices=[("特别困难", "特别困难"), ("困难", "困难"), ("一般困难", "一般困难")],
                        default="特别困难",
                        max_length=10,
                    ),
                ),
                ("told_on", models.DateField(blank=True, null=True)),
                ("told_how", models.CharField(blank=True, max_length=100)),
                ("apply_until", models.DateField(blank=True, null=True)),
                ("decided_on", models.DateField(blank=True, null=True)),
                ("archived_on", models.DateField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("back_because", models.CharField(blank=True, max_length=200)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
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
            ],
        ),
        migrations.CreateModel(
            name="Recognition",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("decided_on", models.DateField()),
                ("settled_on", models.DateField(blank=True, null=True)),
                ("ended_on", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="recognitions",
                        to="records.recognitionround",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PanelMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("added_on", models.DateField()),
                (
                    "added_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="panels", to="records.staff"
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
            ],
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("lines", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("digest", models.CharField(max_length=64)),
                ("count", models.PositiveSmallIntegerField()),
                ("contact", models.CharField(max_length=100)),
                ("workdays", models.PositiveSmallIntegerField()),
                ("posted_on", models.DateField()),
                ("until", models.DateField()),
                ("taken_down_on", models.DateField(blank=True, null=True)),
                ("taken_down_because", models.CharField(blank=True, max_length=200)),
                (
                    "posted_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
                    ),
                ),
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="records.recognitionround",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Appraisal",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("held_on", models.DateField(blank=True, null=True)),
                ("present", models.JSONField(default=list)),
                ("note", models.CharField(blank=True, max_length=300)),
                ("finished_on", models.DateField(blank=True, null=True)),
                ("decided_on", models.DateField(blank=True, null=True)),
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
                (
                    "round",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="appraisal",
                        to="records.recognitionround",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Application",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("content", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("applicant", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("is_promised", models.BooleanField(default=False)),
                ("applied_on", models.DateField()),
                ("taken_at", models.DateTimeField()),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "pupil",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="records.pupil",
                    ),
                ),
                (
                    "taken_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
                    ),
                ),
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
                (
                    "round",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="records.recognitionround",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AppraisalOpinion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("factors", models.JSONField(default=list)),
                ("level", models.CharField(blank=True, max_length=10)),
                ("votes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("note", models.CharField(blank=True, max_length=200)),
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
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.pupil"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("appraisal", "pupil"), name="one_opinion_per_child")
                ],
            },
        ),
        migrations.CreateModel(
            name="Exclusion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(blank=True, max_length=40)),
                ("reason", models.CharField(max_length=200)),
                ("on", models.DateField()),
                ("at", models.DateTimeField()),
                ("until", models.DateField(blank=True, null=True)),
                ("withdrawn_on", models.DateField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
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
                (
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exclusions",
                        to="records.school",
                    ),
                ),
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
                            models.Q(("withdrawn_by__isnull", False), ("withdrawn_on__gte", models.F("on"))),
                            _connector="OR",
                        ),
                        name="exclusion_is_taken_back_by_somebody",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="HeadingMap",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("source", models.CharField(max_length=30)),
                ("headings", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
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
                    "school",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="heading_maps",
                        to="records.school",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("school", "source"), name="one_heading_map_per_source")
                ],
            },
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("text", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("from_whom", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("received_on", models.DateField()),
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
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="records.notice",
                    ),
                ),
                (
                    "received_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
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
        migrations.AddIndex(
            model_name="receivedlist",
            index=models.Index(fields=["source", "stated_on"], name="received_list_by_source"),
        ),
        migrations.AddConstraint(
            model_name="listmatch",
            constraint=models.UniqueConstraint(
                fields=("received", "row_key", "pupil"), name="one_match_per_row_and_child"
            ),
        ),
        migrations.AddConstraint(
            model_name="listmatch",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("decided_at__isnull", False), _connector="OR"),
                name="match_decided_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="listleaver",
            constraint=models.UniqueConstraint(
                fields=("received", "pupil"), name="one_leaver_per_list_and_child"
            ),
        ),
        migrations.AddConstraint(
            model_name="listleaver",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "waiting"), ("decided_at__isnull", False), _connector="OR"),
                name="leaver_decided_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionround",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "archived"), _negated=True),
                fields=("school",),
                name="one_running_recognition",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "telling"),
                    models.Q(("apply_until__gte", models.F("told_on")), ("told_on__isnull", False)),
                    _connector="OR",
                ),
                name="families_are_told_before_they_apply",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognitionround",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "archived"), _negated=True),
                    models.Q(("archived_by__isnull", False), ("archived_on__isnull", False)),
                    _connector="OR",
                ),
                name="archived_recognition_says_by_whom",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True), ("settled_on__isnull", False)),
                fields=("pupil",),
                name="one_open_recognition",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_on__isnull", True)),
                fields=("round", "pupil"),
                name="one_recognition_per_round",
            ),
        ),
        migrations.AddConstraint(
            model_name="recognition",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid_to__gt", models.F("valid_from"))),
                name="recognition_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="panelmember",
            constraint=models.UniqueConstraint(fields=("round", "staff"), name="one_seat_in_a_panel"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__gt", models.F("posted_on"))), name="notice_stands_for_a_while"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("workdays__gte", 5)), name="notice_stands_five_workdays"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_down_on__isnull", True), ("taken_down_by__isnull", False), _connector="OR"
                ),
                name="notice_taken_down_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_down_on__isnull", True)),
                fields=("round",),
                name="one_notice_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    ("recorder__isnull", True),
                    models.Q(("decided_by", models.F("recorder")), _negated=True),
                    _connector="OR",
                ),
                name="recorder_does_not_decide",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisal",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("finished_on__isnull", True), ("recorder__isnull", False), _connector="OR"
                ),
                name="minutes_have_a_recorder",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_on__isnull", True)),
                fields=("round", "pupil"),
                name="one_standing_application",
            ),
        ),
        migrations.AddConstraint(
            model_name="application",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("withdrawn_on__isnull", True), ("withdrawn_by__isnull", False), _connector="OR"
                ),
                name="withdrawal_says_by_whom",
            ),
        ),
    ]
