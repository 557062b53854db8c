"""The duty state kept beside the facts: a cache, rebuilt from them whenever they change (ADR 0013). Never a source.

records/stale.py puts triggers on every table a ledger reads, so that no door can change a fact and leave this fresh.
"""

from django.db import models
from django.db.models import Q

from bangfu.records.models.cases import Case

WAITING = ("open", "can_still_be_added")


class KeptLedgerQuerySet(models.QuerySet):
    def visible_to(self, viewer):
        return self.filter(case__in=Case.objects.visible_to(viewer))

    def fresh_on(self, day, made_by):
        """Ledgers whose states hold on that day as they stand."""
        return self.filter(is_stale=False, made_by=made_by, since__lte=day, until__gte=day)

    def worn_on(self, day, made_by):
        """The others: something behind them changed, a window turned, or another version of the program wrote them."""
        return self.filter(
            Q(is_stale=True)
            | Q(since__isnull=True)
            | Q(since__gt=day)
            | Q(until__lt=day)
            | ~Q(made_by=made_by)
        )


class KeptLedger(models.Model):
    """One case's states hold from `since` to `until`, unless stale. A trigger makes the row together with the case."""

    class Privacy:
        keep = ("case", "since", "until", "is_stale", "made_by")

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True, related_name="kept")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)  # the last day before a window opens, closes or is let go
    is_stale = models.BooleanField(default=True)
    made_by = models.CharField(max_length=40, blank=True)

    objects = KeptLedgerQuerySet.as_manager()


class DutyState(models.Model):
    """One cell: a duty of a case in one window, how far it has come. Windows of the last five weeks."""

    class Privacy:
        keep = (
            "id", "kept", "duty_key", "period", "opens_on", "due_on", "times", "count", "done_on", "state", "asks",
        )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    kept = models.ForeignKey(KeptLedger, models.CASCADE, related_name="states")
    duty_key = models.CharField(max_length=80)
    period = models.CharField(max_length=60)
    opens_on = models.DateField()
    due_on = models.DateField()
    times = models.PositiveSmallIntegerField()
    count = models.PositiveSmallIntegerField()
    done_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=20)
    asks = (
        models.TextField()
    )  # by whom, by which activities, how much: JSON, the rest of what the engine expects

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kept", "duty_key", "period"], name="one_state_per_duty_and_window"
            )
        ]
        indexes = [models.Index(fields=["kept"], condition=Q(state__in=WAITING), name="what_waits")]
