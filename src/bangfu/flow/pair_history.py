"""Who helped whom, from when to when and why it ended: dated, only ever added to, for those who may see the child.

The pairs are their own history; here they are read. Somebody who once helped counts their pupils and names only
those they may see today.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from bangfu.flow import adopt, pair
from bangfu.records.models import Pairing, Pupil, Staff


@dataclass(frozen=True, slots=True)
class Past:
    """One pair as it was or is."""

    id: UUID
    pupil_id: UUID
    child: str
    helper: str
    plan: str
    kind: str
    since: date
    until: date | None  # the day it ended, itself excluded
    because: str
    reason: str
    slot: str
    is_fixed: bool


COLUMNS = (
    "pk", "case__pupil_id", "case__pupil__name", "helper__name", "case__plan_key", "kind", "valid_from", "valid_to",
    "ended_because", "reason", "time_slot", "helper_id",
)  # fmt: skip


def children(viewer) -> QuerySet:
    """This function will give the children whose helpers, present and former, the viewer may read about."""
    return Pupil.objects.cared_for_by(viewer)


def of_child(viewer, pupil_id: UUID) -> list[Past]:
    """This function will list everybody who helped a child in any plan, the newest first.

    Why a pair ended is for those who decide on pairs, and for whoever was asked.
    """
    return _listed(viewer, Pairing.objects.visible_to(viewer).filter(case__pupil=pupil_id))


def of_helper(viewer, staff: Staff) -> tuple[list[Past], int]:
    """This function will list whom somebody helped, the newest first, and count those the viewer may not see any more."""
    every = Pairing.objects.filter(helper=staff, case__school_id=viewer.school_id)
    seen = _listed(viewer, Pairing.objects.visible_to(viewer).filter(helper=staff))
    hidden = every.filter(valid_from__isnull=False).count() - len(seen)
    return seen, hidden


def _listed(viewer, rows) -> list[Past]:
    plans = adopt.latest_plans(viewer.school)
    titles = {key: plan.short_title for key, plan in plans.items()}
    rules = {(key, rule.key): rule for key, plan in plans.items() for rule in plan.pairings}
    rows = rows.filter(valid_from__isnull=False).order_by("-valid_from", "-valid_to", "case__pupil__sort_key")
    decides, found = viewer.holds(*pair.DECIDERS), []
    for pk, pupil, child, helper, plan, kind, since, until, because, reason, slot, who in rows.values_list(
        *COLUMNS
    ):
        rule = rules.get((plan, kind))
        because = because if decides or who == viewer.staff.pk else ""
        found.append(Past(
            pk, pupil, child, helper, titles.get(plan, ""), rule.title if rule else "", since, until, because, reason,
            slot, bool(rule and rule.fixed),
        ))  # fmt: skip
    return found
