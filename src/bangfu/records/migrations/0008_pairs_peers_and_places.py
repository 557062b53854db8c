"""Pairs with caps, people to avoid, fellow pupils, sponsors, areas and villages, hand-overs."""

import uuid

import django.db.models.deletion
from django.db import migrations, models

import bangfu.records.seal


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0007_lists_attendance_and_recognition"),
    ]

    operations = [
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AreaStaff",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="Avoidance",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
            ],
        ),
        migrations.CreateModel(
            name="Carer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("role", models.CharField(max_length=30)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Handover",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=30)),
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
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="HandoverPair",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
            ],
        ),
        migrations.CreateModel(
            name="HomeGround",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("languages", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="Household",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("key", models.CharField(max_length=32)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HouseholdHelper",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
                ("accepted_on", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="HouseholdPartner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="LocalPartner",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
        ),
        migrations.CreateModel(
            name="PairingLimit",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=30)),
                ("per_case_max", models.PositiveIntegerField()),
                ("per_helper_max", models.PositiveIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="PairNote",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("helps", models.CharField(blank=True, max_length=300)),
                ("avoid", models.CharField(blank=True, max_length=300)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PeerOffer",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("is_willing", models.BooleanField(null=True)),
                ("at_most", models.PositiveSmallIntegerField(default=1)),
                ("family_agrees", models.BooleanField(null=True)),
                ("family_word", models.CharField(blank=True, max_length=60)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="PeerPair",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(blank=True, max_length=40)),
                ("kind", models.CharField(blank=True, max_length=30)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposed"), ("confirmed", "confirmed"), ("ended", "ended")],
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
                ("proposed_on", models.DateField()),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=100)),
            ],
        ),
        migrations.CreateModel(
            name="PeerWish",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("place", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Sponsor",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
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
            ],
        ),
        migrations.CreateModel(
            name="SponsorPair",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("kind", models.CharField(max_length=30)),
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
                ("taken_back_on", models.DateField(blank=True, null=True)),
                ("valid_from", models.DateField(blank=True, null=True)),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="StudyGroup",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("number", models.PositiveSmallIntegerField()),
                ("made_on", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="TeamMember",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("is_head", models.BooleanField(default=False)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Village",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                ("is_key", models.BooleanField(default=False)),
                ("language", models.CharField(blank=True, max_length=20)),
                ("support_unit", models.CharField(blank=True, max_length=60)),
            ],
        ),
        migrations.CreateModel(
            name="VillagePost",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("plan_key", models.CharField(max_length=40)),
                ("kind", models.CharField(choices=[("team", "team"), ("group", "group")], max_length=30)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("ended_because", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.CreateModel(
            name="VillageTeam",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("name", models.CharField(max_length=40)),
                (
                    "formed_by",
                    models.CharField(
                        choices=[("district", "district"), ("township", "township"), ("school", "school")],
                        max_length=10,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="VisitCompany",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("other", models.CharField(blank=True, max_length=40)),
                ("alone_because", models.CharField(blank=True, max_length=200)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="pairing",
            name="one_live_pair_of_a_kind",
        ),
        migrations.AddField(
            model_name="pairing",
            name="is_locked",
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name="pairing",
            name="place",
            field=models.PositiveSmallIntegerField(default=1),
        ),
        migrations.AddField(
            model_name="pairing",
            name="plan_key",
            field=models.CharField(blank=True, default="", max_length=40),
        ),
        migrations.AddField(
            model_name="school",
            name="girls_visited_by_two",
            field=models.BooleanField(default=True),
        ),
        migrations.AddIndex(
            model_name="pairing",
            index=models.Index(fields=["case", "kind"], name="pairing_by_case"),
        ),
        migrations.AddConstraint(
            model_name="pairing",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed"]), ("valid_to__isnull", True)),
                fields=("case", "kind", "place"),
                name="one_live_pair_of_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairing",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "proposed"), _negated=True),
                    ("valid_from__isnull", True),
                    _connector="OR",
                ),
                name="proposed_pairs_are_not_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.UniqueConstraint(
                condition=models.Q(("role", "class_administrator"), ("valid_to__isnull", True)),
                fields=("school_class",),
                name="one_administrator_of_a_class",
            ),
        ),
        migrations.AddField(
            model_name="area",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="areastaff",
            name="area",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="staff", to="records.area"
            ),
        ),
        migrations.AddField(
            model_name="areastaff",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="areastaff",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="areastaff",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="areas", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="avoidance",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="avoidance",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="avoidances", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="avoidance",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="avoidances", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="carer",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="carers", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="handovers", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="handover",
            name="staff",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="handovers",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="handoverpair",
            name="former",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="handed_on", to="records.pairing"
            ),
        ),
        migrations.AddField(
            model_name="handoverpair",
            name="handover",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="pairs", to="records.handover"
            ),
        ),
        migrations.AddField(
            model_name="handoverpair",
            name="next",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="taken_from",
                to="records.pairing",
            ),
        ),
        migrations.AddField(
            model_name="homeground",
            name="staff",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="home_ground", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="household",
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
            model_name="household",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="households", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="householdhelper",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="householdhelper",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="helpers", to="records.household"
            ),
        ),
        migrations.AddField(
            model_name="householdhelper",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="householdhelper",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="households", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="householdpartner",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="householdpartner",
            name="household",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="partners", to="records.household"
            ),
        ),
        migrations.AddField(
            model_name="householdpartner",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="localpartner",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="local_partners",
                to="records.school",
            ),
        ),
        migrations.AddField(
            model_name="householdpartner",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="households",
                to="records.localpartner",
            ),
        ),
        migrations.AddField(
            model_name="pairinglimit",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="pairing_limits",
                to="records.school",
            ),
        ),
        migrations.AddField(
            model_name="pairnote",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="pairnote",
            name="pairing",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="records.pairing"
            ),
        ),
        migrations.AddField(
            model_name="peeroffer",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="peeroffer",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="peer_offers", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="case",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="peer_pairs",
                to="records.case",
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="partner",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="peer_pairs", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="proposed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="peer_pairs", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="peerwish",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="peerwish",
            name="pupil",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="peer_wishes", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="peerwish",
            name="wanted",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.pupil"
            ),
        ),
        migrations.AddField(
            model_name="sponsor",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="sponsor",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="sponsors", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="sponsorpair",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="sponsor_pairs", to="records.case"
            ),
        ),
        migrations.AddField(
            model_name="sponsorpair",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.staff",
            ),
        ),
        migrations.AddField(
            model_name="sponsorpair",
            name="noted_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="sponsorpair",
            name="sponsor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pairs",
                to="records.sponsor",
            ),
        ),
        migrations.AddField(
            model_name="studygroup",
            name="made_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="studygroup",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="study_groups", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="studygroup",
            name="school_class",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="study_groups",
                to="records.schoolclass",
            ),
        ),
        migrations.AddField(
            model_name="peerpair",
            name="group",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="pairs",
                to="records.studygroup",
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="staff",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="teams", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="village",
            name="area",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="villages",
                to="records.area",
            ),
        ),
        migrations.AddField(
            model_name="village",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="villages", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="localpartner",
            name="village",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="partners", to="records.village"
            ),
        ),
        migrations.AddField(
            model_name="household",
            name="village",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="households",
                to="records.village",
            ),
        ),
        migrations.AddField(
            model_name="homeground",
            name="village",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="records.village",
            ),
        ),
        migrations.AddField(
            model_name="villagepost",
            name="by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.staff"
            ),
        ),
        migrations.AddField(
            model_name="villagepost",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="villagepost",
            name="village",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="records.village"
            ),
        ),
        migrations.AddField(
            model_name="villageteam",
            name="school",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="village_teams", to="records.school"
            ),
        ),
        migrations.AddField(
            model_name="villagepost",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="records.villageteam"
            ),
        ),
        migrations.AddField(
            model_name="teammember",
            name="team",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="members", to="records.villageteam"
            ),
        ),
        migrations.AddField(
            model_name="visitcompany",
            name="evidence",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="company", to="records.evidence"
            ),
        ),
        migrations.AddField(
            model_name="visitcompany",
            name="staff",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits_along",
                to="records.staff",
            ),
        ),
        migrations.AddConstraint(
            model_name="area",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("school", "name"),
                name="one_area_of_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="areastaff",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("area", "staff"),
                name="one_post_in_an_area",
            ),
        ),
        migrations.AddConstraint(
            model_name="avoidance",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("pupil", "staff"),
                name="one_open_avoidance_of_two",
            ),
        ),
        migrations.AddConstraint(
            model_name="avoidance",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="avoidance_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="carer",
            constraint=models.UniqueConstraint(
                fields=("school", "plan_key", "role", "valid_from"), name="one_carer_of_a_version"
            ),
        ),
        migrations.AddIndex(
            model_name="handover",
            index=models.Index(fields=["school", "on"], name="handover_by_day"),
        ),
        migrations.AddConstraint(
            model_name="handover",
            constraint=models.CheckConstraint(
                condition=models.Q(("bound__lte", models.F("changed"))),
                name="fewest_changes_are_not_more_than_there_were",
            ),
        ),
        migrations.AddIndex(
            model_name="householdhelper",
            index=models.Index(fields=["staff", "valid_to"], name="household_by_staff"),
        ),
        migrations.AddConstraint(
            model_name="householdhelper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("household",),
                name="one_helper_of_a_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="householdpartner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("household",),
                name="one_partner_of_a_household",
            ),
        ),
        migrations.AddConstraint(
            model_name="pairinglimit",
            constraint=models.UniqueConstraint(
                fields=("school", "plan_key", "kind"), name="one_limit_of_a_pairing"
            ),
        ),
        migrations.AddIndex(
            model_name="pairnote",
            index=models.Index(fields=["pairing", "at"], name="pair_note_by_pair"),
        ),
        migrations.AddConstraint(
            model_name="pairnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("helps", ""), _negated=True),
                    models.Q(("avoid", ""), _negated=True),
                    _connector="OR",
                ),
                name="pair_note_says_something",
            ),
        ),
        migrations.AddConstraint(
            model_name="peeroffer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("pupil",),
                name="one_peer_offer_stands",
            ),
        ),
        migrations.AddConstraint(
            model_name="peeroffer",
            constraint=models.CheckConstraint(
                condition=models.Q(("at_most__range", (1, 9))), name="peer_offer_is_for_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="peerwish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("pupil", "place"),
                name="one_wish_in_a_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="peerwish",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("pupil", "wanted"),
                name="wished_for_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="peerwish",
            constraint=models.CheckConstraint(
                condition=models.Q(("pupil", models.F("wanted")), _negated=True),
                name="nobody_wishes_for_oneself",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsor",
            constraint=models.UniqueConstraint(
                condition=models.Q(("stopped_on__isnull", True)),
                fields=("school", "name", "phone_index"),
                name="one_sponsor_of_a_name_and_number",
            ),
        ),
        migrations.AddIndex(
            model_name="sponsorpair",
            index=models.Index(fields=["sponsor", "state"], name="sponsor_pair_by_sponsor"),
        ),
        migrations.AddConstraint(
            model_name="sponsorpair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["agreed", "confirmed"])),
                fields=("case", "kind"),
                name="one_sponsor_of_a_child",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorpair",
            constraint=models.CheckConstraint(
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
        ),
        migrations.AddConstraint(
            model_name="sponsorpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["declined", "ended"]), ("taken_back_on__isnull", True), _connector="OR"
                ),
                name="a_yes_taken_back_holds_no_sponsor",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_by", ""), _negated=True),
                    models.Q(("state", "declined"), models.Q(("alias", ""), _negated=True), _connector="OR"),
                ),
                name="family_and_alias_of_a_sponsor_are_named",
            ),
        ),
        migrations.AddConstraint(
            model_name="sponsorpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["agreed", "declined"]), _negated=True),
                    ("sponsor__isnull", True),
                    _connector="OR",
                ),
                name="no_sponsor_before_it_is_confirmed",
            ),
        ),
        migrations.AddIndex(
            model_name="peerpair",
            index=models.Index(fields=["partner", "state"], name="peer_pair_by_partner"),
        ),
        migrations.AddIndex(
            model_name="peerpair",
            index=models.Index(fields=["pupil", "state"], name="peer_pair_by_pupil"),
        ),
        migrations.AddConstraint(
            model_name="peerpair",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["proposed", "confirmed"])),
                fields=("pupil", "partner", "plan_key", "kind"),
                name="two_classmates_are_paired_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="peerpair",
            constraint=models.CheckConstraint(
                condition=models.Q(("pupil", models.F("partner")), _negated=True),
                name="nobody_is_ones_own_partner",
            ),
        ),
        migrations.AddConstraint(
            model_name="peerpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state", "proposed"),
                    models.Q(("confirmed_by__isnull", False), ("valid_from__isnull", False)),
                    _connector="OR",
                ),
                name="peer_pairs_say_by_whom_and_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="peerpair",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "ended"), _negated=True), ("valid_to__isnull", False), _connector="OR"
                ),
                name="ended_peer_pairs_say_when",
            ),
        ),
        migrations.AddConstraint(
            model_name="village",
            constraint=models.UniqueConstraint(fields=("school", "name"), name="one_village_of_a_name"),
        ),
        migrations.AddConstraint(
            model_name="localpartner",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("village", "name"),
                name="one_partner_of_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="household",
            constraint=models.UniqueConstraint(fields=("school", "key"), name="one_household_of_a_key"),
        ),
        migrations.AddConstraint(
            model_name="villageteam",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("school", "name"),
                name="one_team_of_a_name",
            ),
        ),
        migrations.AddConstraint(
            model_name="villagepost",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("village",),
                name="one_team_for_a_village",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)),
                fields=("team", "staff"),
                name="once_in_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="teammember",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True), ("is_head", True)),
                fields=("team",),
                name="one_head_of_a_team",
            ),
        ),
        migrations.AddConstraint(
            model_name="visitcompany",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("alone_because", ""), ("other", ""), ("staff__isnull", False)),
                    models.Q(
                        ("alone_because", ""), ("staff__isnull", True), models.Q(("other", ""), _negated=True)
                    ),
                    models.Q(
                        ("other", ""), ("staff__isnull", True), models.Q(("alone_because", ""), _negated=True)
                    ),
                    _connector="OR",
                ),
                name="company_or_why_alone",
            ),
        ),
    ]
