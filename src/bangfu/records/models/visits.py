"""Who went along on a visit to a child's home: a second grown-up, or a sentence why somebody went alone.

One row beside a record, never changed: an amended record brings its own. Our safety default for girls, requirements
§2.2; a pack may ask for it with `two_adults_for_a_girl`.
"""

import uuid

from django.db import models
from django.db.models import Q

from bangfu.records.models.evidence import Evidence
from bangfu.records.models.people import Staff


class VisitCompany(models.Model):
    """Who went along: somebody of the school, somebody else by name, or nobody and why. One of the three."""

    class Privacy:
        keep = ("id", "evidence", "staff")
        scrub = ("other",)
        erase = ("alone_because",)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    evidence = models.OneToOneField(Evidence, models.CASCADE, related_name="company")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="visits_along")
    other = models.CharField(max_length=40, blank=True)  # 村妇女主任 …
    alone_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False, other="", alone_because="")
                | Q(staff__isnull=True, alone_because="") & ~Q(other="")
                | Q(staff__isnull=True, other="") & ~Q(alone_because=""),
                name="company_or_why_alone",
            )
        ]
