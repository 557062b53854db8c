"""换人: a teacher leaves, is long away or does other work, a child changed class, a year turned; the fewest new pairs.

What would change is seen with its reason before anything happens; one confirmation, then a page per pupil for the
next teacher (web/handover.py).
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.flow import adopt, follow, pair, rearrange
from bangfu.records.models.handovers import Handover
from bangfu.records.models.people import Staff
from bangfu.web.place import address, done, page, render
from bangfu.web.record_form import as_uuid

WHYS = (
    ("leaves", N_("leaves the school")),
    ("away", N_("is away for a long time")),
    ("moves", N_("does other work from now on")),
)
RECENT = 10


@page
def changes(request) -> HttpResponse:
    """This function will show which pairs hold no longer and the fewest changes; a POST confirms them all at once."""
    viewer = request.viewer
    if not viewer.holds(*pair.DECIDERS):
        raise rearrange.NotDecider
    going = _going(request)
    if request.method == "POST":
        return _confirm(request, going)
    found = rearrange.look(by=viewer, going=going)
    context = {
        "going": going,
        "found": found,
        "whys": [(key, _(words)) for key, words in WHYS],
        "people": _people(viewer),
        "several": len({one.plan.key for one in found}) > 1,
        "fixed": _fixed(viewer),
        "recent": _recent(viewer),
    }
    return render(request, "rearrange/changes.html", context)


def _going(request) -> rearrange.Going:
    asked = request.POST if request.method == "POST" or getattr(request, "came_back", False) else request.GET
    wanted, why = as_uuid(asked.get("staff", "")), asked.get("why", "")
    if wanted is None:
        return rearrange.Going()
    staff = get_object_or_404(Staff.objects.visible_to(request.viewer), pk=wanted)
    return rearrange.Going(staff, why if why in rearrange.GOING else "leaves")


def _confirm(request, going: rearrange.Going) -> HttpResponse:
    chosen: dict[UUID, UUID | None] = {}
    for name, value in request.POST.items():
        slot = as_uuid(name.removeprefix("to-")) if name.startswith("to-") else None
        if slot:
            chosen[slot] = as_uuid(value)
    rows = rearrange.confirm(chosen=chosen, by=request.viewer, going=going)
    changed = sum(row.changed for row in rows)
    said = ngettext("%(num)s pair changed from today.", "%(num)s pairs changed from today.", changed)
    note = (_("The pages for the next teachers"), address("handover", rows[0].pk))
    return done(request, address("rearrange"), said % {"num": changed}, then=note)


def _people(viewer) -> list[tuple[UUID, str]]:
    rows = Staff.objects.visible_to(viewer).filter(pk__in=rearrange.helpers(viewer)).order_by("sort_key")
    return list(rows.values_list("pk", "name"))


def _fixed(viewer) -> list[str]:
    """What the fixed pairs could not do by themselves, in words."""
    return [
        sentence
        for plan in adopt.plans_in_force(viewer.school, viewer.day)
        for rule in follow.fixed_rules(plan)
        for sentence in follow.look(viewer.school, plan, rule, viewer.day).short
    ]


def _recent(viewer) -> list[dict]:
    rows = Handover.objects.visible_to(viewer).order_by("-at").select_related("staff")[:RECENT]
    titles = {key: plan.short_title for key, plan in adopt.latest_plans(viewer.school).items()}
    return [
        {"row": row, "plan": titles.get(row.plan_key, ""), "why": _(dict(WHYS).get(row.why, ""))}
        for row in rows
    ]


urlpatterns = [path("pairing/changes", changes, name="rearrange")]
