"""Which roles of the whole school look after the children of a plan by its own words (P6-08)."""

import uuid

from django.db import models

from bangfu.records.models.places import School
from bangfu.records.valid import ValidQuerySet

CARING = ("moral_education",)  # roles without a class of their own; whoever has a class is known by the class


class CarerQuerySet(ValidQuerySet):
    def visible_to(self, viewer):
        return self.filter(school_id=viewer.school_id)


class Carer(models.Model):
    """A role that an organ of a plan in use names, with the days of that version; written when a plan is taken into use."""

    class Privacy:
        keep = ("id", "school", "plan_key", "role", "valid_from", "valid_to")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    school = models.ForeignKey(School, models.CASCADE, related_name="carers")
    plan_key = models.CharField(max_length=40)
    role = models.CharField(max_length=30)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)  # end excluded

    objects = CarerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "plan_key", "role", "valid_from"], name="one_carer_of_a_version"
            )
        ]
