"""暂停: a plan, or one child's help in it, rests from one day to another with a reason, and goes on.

What rests is told to everybody of the school; of a single child only to those who may see that it is helped.
"""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.fault import Fault
from bangfu.flow import adopt, pauses
from bangfu.records.models.pauses import Suspension
from bangfu.web.formats import day as said_day
from bangfu.web.place import Unfinished, act, address, done, page, render
from bangfu.web.record_form import as_uuid
from bangfu.web.setup import a_day


@page
def resting(request) -> HttpResponse:
    """This function will show what rests, and let a plan rest, or the help for one child (`pupil`)."""
    viewer = request.viewer
    asked = as_uuid(request.POST.get("pupil", "") or request.GET.get("pupil", ""))
    cases = list(pauses.cases_to_suspend(viewer, asked).select_related("pupil")) if asked else []
    decides = viewer.holds(*pauses.DECIDERS)
    plans = {plan.key: plan for plan in adopt.plans_in_force(viewer.school, viewer.day)}
    if asked and not cases:
        raise Http404
    if request.method == "POST":
        return _suspend(request, plans, cases)
    context = {
        "lines": pauses.running(viewer),
        "child": cases[0].pupil if cases else None,
        "choices": [
            (key, plan.short_title)
            for key, plan in plans.items()
            if (any(case.plan_key == key for case in cases) if asked else decides)
        ],
    }
    return render(request, "pauses/pauses.html", context)


def _suspend(request, plans: dict, cases: list) -> HttpResponse:
    key, viewer = request.POST.get("plan", ""), request.viewer
    if key not in plans:
        raise Unfinished([Fault("plan", _("Choose the plan."))])
    case = next((case for case in cases if case.plan_key == key), None)
    if cases and case is None:
        raise Http404
    rest = pauses.Rest(_first(request), _last(request), request.POST.get("because", ""))
    row = pauses.suspend(plan_key=key, case=case, rest=rest, by=viewer)
    words = {"what": plans[key].short_title, "day": said_day(row.starts_on)}
    to = address("pupil", case.pupil_id) if case else address("pauses")
    said = _("%(what)s rests from %(day)s. Nothing is owed in those days.") % words
    return done(request, to, said, undo=address("pause_back", row.pk))


def _first(request) -> date:
    return a_day(request, "starts_on", _("First day"))


def _last(request) -> date | None:
    return a_day(request, "ends_on", _("Last day")) if request.POST.get("ends_on", "").strip() else None


@act
def pause_end(request, pause_id: UUID) -> HttpResponse:
    """This function will go on from today."""
    row = get_object_or_404(Suspension.objects.visible_to(request.viewer), pk=pause_id)
    began = row.starts_on < request.viewer.day
    pauses.go_on(suspension=row, by=request.viewer)
    if began:
        said = _("It goes on from today. The days before stay excused.")
    else:
        said = _("It does not rest after all.")
    return done(request, address("pauses"), said)


@act
def pause_back(request, pause_id: UUID) -> HttpResponse:
    """This function will undo what was just let rest."""
    row = get_object_or_404(Suspension.objects.visible_to(request.viewer), pk=pause_id)
    pauses.take_back(suspension=row, by=request.viewer)
    return done(request, address("pauses"), _("Taken back: nothing rests."))


urlpatterns = [
    path("pauses", resting, name="pauses"),
    path("pauses/<uuid:pause_id>/end", pause_end, name="pause_end"),
    path("pauses/<uuid:pause_id>/mistake", pause_back, name="pause_back"),
]
