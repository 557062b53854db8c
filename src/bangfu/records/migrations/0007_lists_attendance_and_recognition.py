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
            name="AbsenceMark",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("at", models.DateTimeField()),
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
            ],
        ),
        migrations.CreateModel(
            name="CatchmentChild",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("candidates", models.JSONField(default=list)),
            ],
            options={
                "verbose_name_plural": "catchment children",
            },
        ),
        migrations.CreateModel(
            name="CatchmentList",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("school_age", "school_age"), ("exited_poor", "exited_poor")], max_length=20
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60)),
                ("listed_on", models.DateField()),
                ("digest", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DifferenceAnswer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("never_enrolled", "never_enrolled"), ("away", "away")], max_length=20
                    ),
                ),
                ("subject_id", models.UUIDField()),
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
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at"],
            },
        ),
        migrations.CreateModel(
            name="DropoutFile",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("partner", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="DropoutStep",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["at"],
                "abstract": False,
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
            ],
        ),
        migrations.CreateModel(
            name="HeadingMap",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("source", models.CharField(max_length=100)),
                ("headings", models.JSONField(default=dict)),
                ("words", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="HomeTeaching",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("starts_on", models.DateField()),
                ("ends_on", models.DateField(blank=True, null=True)),
                ("lessons_a_year", models.PositiveSmallIntegerField(default=30)),
                ("plan", bangfu.records.seal.SealedText(blank=True, null=True)),
                ("at", models.DateTimeField()),
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
            ],
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
            ],
        ),
        migrations.CreateModel(
            name="Persuasion",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("at", models.DateTimeField()),
            ],
            options={
                "ordering": ["on", "at"],
                "abstract": False,
            },
        ),
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
            ],
        ),
        migrations.CreateModel(
            name="RollCall",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
                ("at", models.DateTimeField()),
                ("taken_back_at", models.DateTimeField(blank=True, null=True)),
                ("cut", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="SchoolingReport",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("month", models.DateField()),
                ("content", models.JSONField(default=dict)),
                ("digest", models.CharField(max_length=64)),
                ("confirmed_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="absence",
            name="absence_ends_after_start",
        ),
        migrations.AddField(
            model_name="absence",
            name="is_seen",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="factstatement",
            name="valid_to",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="school",
            name="watches_signals",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="absence",
            name="ends_on",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="absence_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="absence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)), fields=("pupil",), name="one_open_absence"
            ),
        ),
        migrations.AddConstraint(
            model_name="factstatement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("stated_on")), _connector="OR"
                ),
                name="statement_ends_after_it_began",
            ),
        ),
        migrations.AddField(
            model_name="absencemark",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="absencemark",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="absence_marks", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="applications", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="taken_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="decided_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="recorder",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="appraisalopinion",
            name="appraisal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="opinions", to="records.appraisal"
            ),
        ),
        migrations.AddField(
            model_name="appraisalopinion",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="catchmentchild",
            name="pupil",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="records.pupil",
            ),
        ),
        migrations.AddField(
            model_name="catchmentlist",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="catchmentlist",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="catchment_lists",
                to="records.school",
            ),
        ),
        migrations.AddField(
            model_name="catchmentchild",
            name="catchment_list",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="children",
                to="records.catchmentlist",
            ),
        ),
        migrations.AddField(
            model_name="differenceanswer",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="differenceanswer",
            name="pupil",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="records.pupil",
            ),
        ),
        migrations.AddField(
            model_name="differenceanswer",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="dropoutfile",
            name="catchment_child",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dropout_files",
                to="records.catchmentchild",
            ),
        ),
        migrations.AddField(
            model_name="dropoutfile",
            name="minder",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="dropoutfile",
            name="pupil",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="dropout_files",
                to="records.pupil",
            ),
        ),
        migrations.AddField(
            model_name="dropoutfile",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="dropout_files", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="dropoutstep",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="dropoutstep",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="steps", to="records.dropoutfile"
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="exclusions", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="exclusions", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="exclusion",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="headingmap",
            name="by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="headingmap",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="heading_maps", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="hometeaching",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="hometeaching",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="home_teachings", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="hometeaching",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="home_teachings",
                to="records.school",
            ),
        ),
        migrations.AddField(
            model_name="hometeaching",
            name="teacher",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="home_teachings", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="listleaver",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="listleaver",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="list_leavers", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="listleaver",
            name="statement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="records.factstatement",
            ),
        ),
        migrations.AddField(
            model_name="listmatch",
            name="by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="listmatch",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="list_matches", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="listmatch",
            name="statement",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="records.factstatement",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="posted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="taken_down_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="notice",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="objections", to="records.notice"
            ),
        ),
        migrations.AddField(
            model_name="objection",
            name="received_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="added_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="panels", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="persuasion",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="persuasion",
            name="file",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="persuasions",
                to="records.dropoutfile",
            ),
        ),
        migrations.AddField(
            model_name="receivedlist",
            name="intake",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="received", to="records.intake"
            ),
        ),
        migrations.AddField(
            model_name="listmatch",
            name="received",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="matches", to="records.receivedlist"
            ),
        ),
        migrations.AddField(
            model_name="listleaver",
            name="received",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="leavers", to="records.receivedlist"
            ),
        ),
        migrations.AddField(
            model_name="recognition",
            name="decided_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="recognition",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="recognitions", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="recognitionround",
            name="archived_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="recognitionround",
            name="opened_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="recognitionround",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recognition_rounds",
                to="records.school",
            ),
        ),
        migrations.AddField(
            model_name="recognition",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="recognitions",
                to="records.recognitionround",
            ),
        ),
        migrations.AddField(
            model_name="panelmember",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="panel",
                to="records.recognitionround",
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="records.recognitionround",
            ),
        ),
        migrations.AddField(
            model_name="appraisal",
            name="round",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appraisal",
                to="records.recognitionround",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="round",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="applications",
                to="records.recognitionround",
            ),
        ),
        migrations.AddField(
            model_name="rollcall",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="rollcall",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="roll_calls", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="rollcall",
            name="school_class",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="roll_calls",
                to="records.schoolclass",
            ),
        ),
        migrations.AddField(
            model_name="absencemark",
            name="roll_call",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="marks", to="records.rollcall"
            ),
        ),
        migrations.AddField(
            model_name="schoolingreport",
            name="confirmed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="schoolingreport",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="schooling_reports",
                to="records.school",
            ),
        ),
        migrations.AddConstraint(
            model_name="appraisalopinion",
            constraint=models.UniqueConstraint(fields=("appraisal", "pupil"), name="one_opinion_per_child"),
        ),
        migrations.AddIndex(
            model_name="catchmentchild",
            index=models.Index(fields=["catchment_list", "at_row"], name="catchment_by_row"),
        ),
        migrations.AddIndex(
            model_name="differenceanswer",
            index=models.Index(fields=["school", "kind", "subject_id"], name="answers_to_a_difference"),
        ),
        migrations.AddConstraint(
            model_name="dropoutfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("catchment_child__isnull", True), ("pupil__isnull", False)),
                    models.Q(("catchment_child__isnull", False), ("pupil__isnull", True)),
                    _connector="OR",
                ),
                name="a_file_is_about_one_child",
            ),
        ),
        migrations.AddConstraint(
            model_name="dropoutfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=("pupil",),
                name="one_open_file_per_pupil",
            ),
        ),
        migrations.AddConstraint(
            model_name="dropoutfile",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "closed"), _negated=True),
                fields=("catchment_child",),
                name="one_open_file_per_listed_child",
            ),
        ),
        migrations.AddConstraint(
            model_name="dropoutstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "closed"), _negated=True),
                    models.Q(models.Q(("proof_kind", ""), _negated=True), ("proof__isnull", False)),
                    _connector="OR",
                ),
                name="a_file_closes_with_proof",
            ),
        ),
        migrations.AddIndex(
            model_name="exclusion",
            index=models.Index(fields=["school", "pupil"], name="exclusion_by_pupil"),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gt", models.F("on")), _connector="OR"),
                name="exclusion_ends_after_it_began",
            ),
        ),
        migrations.AddConstraint(
            model_name="exclusion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_by__isnull", True), ("withdrawn_on__isnull", True)),
                    models.Q(("withdrawn_by__isnull", False), ("withdrawn_on__gte", models.F("on"))),
                    _connector="OR",
                ),
                name="exclusion_is_taken_back_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="headingmap",
            constraint=models.UniqueConstraint(
                fields=("school", "source"), name="one_heading_map_per_source"
            ),
        ),
        migrations.AddConstraint(
            model_name="hometeaching",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ends_on__isnull", True)),
                fields=("pupil",),
                name="one_open_home_teaching",
            ),
        ),
        migrations.AddConstraint(
            model_name="hometeaching",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_on__isnull", True), ("ends_on__gte", models.F("starts_on")), _connector="OR"
                ),
                name="home_teaching_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
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
            ),
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
        migrations.AddIndex(
            model_name="rollcall",
            index=models.Index(fields=["school", "day"], name="roll_calls_of_a_day"),
        ),
        migrations.AddConstraint(
            model_name="rollcall",
            constraint=models.UniqueConstraint(
                condition=models.Q(("taken_back_at__isnull", True)),
                fields=("school_class", "day", "session"),
                name="one_roll_call_a_session",
            ),
        ),
        migrations.AddIndex(
            model_name="absencemark",
            index=models.Index(fields=["pupil", "day"], name="days_away_of_a_child"),
        ),
        migrations.AddConstraint(
            model_name="absencemark",
            constraint=models.UniqueConstraint(
                fields=("roll_call", "pupil"), name="one_mark_per_child_and_roll_call"
            ),
        ),
        migrations.AddConstraint(
            model_name="schoolingreport",
            constraint=models.UniqueConstraint(
                fields=("school", "month"), name="one_schooling_report_a_month"
            ),
        ),
    ]
