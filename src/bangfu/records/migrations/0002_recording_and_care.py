"""Recording offline, month-end, counselling, care of left-behind children, rounds, notices."""

import datetime
import uuid

import django.db.models.deletion
from django.db import migrations, models

import bangfu.records.seal


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0001_every_table"),
    ]

    operations = [
        migrations.CreateModel(
            name="Appointment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("duty_key", models.CharField(max_length=80)),
                ("period", models.CharField(max_length=60)),
                ("on", models.DateField()),
                ("at", models.TimeField(blank=True, null=True)),
                ("made_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("address_index", models.CharField(blank=True, max_length=32, null=True, unique=True)),
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
        ),
        migrations.CreateModel(
            name="Facility",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(blank=True, max_length=40)),
                ("name", models.CharField(max_length=40)),
                ("room", models.CharField(blank=True, max_length=60)),
                ("hours", models.CharField(blank=True, max_length=80)),
                ("booking", models.CharField(blank=True, max_length=80)),
                ("opened_on", models.DateField()),
                ("closed_on", models.DateField(blank=True, null=True)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="NightRun",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("day", models.DateField()),
                ("begun_at", models.DateTimeField(blank=True, null=True)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Reminder",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(choices=[("digest", "digest"), ("urgent", "urgent")], max_length=10),
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
        ),
        migrations.CreateModel(
            name="Suspension",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("because", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Thing",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("how_many", models.PositiveIntegerField(default=0)),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="ThingMove",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
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
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-on", "-at"],
            },
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
        migrations.AddField(
            model_name="appointment",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="appointments", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="appointment",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="appointments", to="records.case"
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="staff",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="channel", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="keeper",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="kept_places",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="facility",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="facilities", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="nightrun",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="nights", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="reminder",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="reminders", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="suspensions",
                to="records.case",
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="ended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="suspension",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="suspensions", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="thing",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="things", to="records.facility"
            ),
        ),
        migrations.AddField(
            model_name="thingmove",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="thingmove",
            name="thing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="moves", to="records.thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="appointment",
            constraint=models.UniqueConstraint(
                fields=("case", "duty_key", "period", "by"), name="one_appointment_for_a_thing"
            ),
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.CheckConstraint(
                condition=models.Q(("at__gte", datetime.time(7, 0)), ("at__lt", datetime.time(18, 0))),
                name="nobody_is_told_at_night",
            ),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.UniqueConstraint(
                condition=models.Q(("closed_on__isnull", True)),
                fields=("school", "name"),
                name="one_place_of_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="facility",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("closed_on__isnull", True), ("closed_on__gte", models.F("opened_on")), _connector="OR"
                ),
                name="place_closes_after_opening",
            ),
        ),
        migrations.AddConstraint(
            model_name="nightrun",
            constraint=models.UniqueConstraint(fields=("school", "day"), name="one_night_run_a_day"),
        ),
        migrations.AddIndex(
            model_name="reminder",
            index=models.Index(fields=["state", "day"], name="reminders_to_send"),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "digest")), fields=("staff", "day"), name="one_digest_a_day"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind", "urgent")), fields=("staff", "about"), name="urgent_is_said_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="reminder",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("about__isnull", True), ("kind", "digest")),
                    models.Q(("about__isnull", False), ("kind", "urgent")),
                    _connector="OR",
                ),
                name="urgent_is_about_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="suspension_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.CheckConstraint(
                condition=models.Q(("because", ""), _negated=True), name="suspensions_say_why"
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("case__isnull", True), ("ends_on__isnull", True)),
                fields=("school", "plan_key"),
                name="one_open_suspension_of_a_plan",
            ),
        ),
        migrations.AddConstraint(
            model_name="suspension",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("case",),
                name="one_open_suspension_of_a_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="thing",
            constraint=models.UniqueConstraint(fields=("facility", "name"), name="one_line_for_a_thing"),
        ),
        migrations.AddConstraint(
            model_name="thing",
            constraint=models.CheckConstraint(
                condition=models.Q(("how_many__gte", 0)), name="never_fewer_than_none"
            ),
        ),
        migrations.AddConstraint(
            model_name="thingmove",
            constraint=models.CheckConstraint(
                condition=models.Q(("change", 0), _negated=True), name="a_move_moves_something"
            ),
        ),
    ]
