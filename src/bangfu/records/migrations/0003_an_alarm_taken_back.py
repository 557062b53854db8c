"""A wrong tap on 有危险 can be taken back, a vice principal is called too; a conflict keeps no second copy."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("records", "0002_recording_and_care"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="fieldconflict",
            name="base",
        ),
        migrations.RemoveField(
            model_name="fieldconflict",
            name="stood",
        ),
        migrations.AddField(
            model_name="escalation",
            name="taken_back_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="escalationcall",
            name="whom",
            field=models.CharField(
                choices=[
                    ("principal", "principal"),
                    ("vice_principal", "vice_principal"),
                    ("guardian", "guardian"),
                    ("homeroom_teacher", "homeroom_teacher"),
                    ("police", "police"),
                    ("ambulance", "ambulance"),
                    ("hotline", "hotline"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="escalation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("taken_by__isnull", True), ("taken_back_at__isnull", True), _connector="OR"
                ),
                name="alarm_taken_up_is_not_taken_back",
            ),
        ),
    ]
