"""给检查看: a child's file read only, with the day each thing was written; the list of files, and guests for some days.

`?view=check` on the file of a child is the same page. Nothing is filled in for it: it is made of what is there.
"""

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine.fault import Fault
from bangfu.flow import inspection
from bangfu.records.models.people import Staff
from bangfu.web.place import Unfinished, act, address, done, page, render
from bangfu.web.record_form import activity_names

DECISIONS = {"continue": N_("go on"), "change": N_("another way"), "close": N_("may end")}


@page
def files(request) -> HttpResponse:
    """This function will list the files that may be shown, and admit a guest for some days."""
    viewer = request.viewer
    if not inspection.may_look(viewer):
        raise Http404
    if request.method == "POST" and "q" not in request.POST:
        return _admit(request)
    words = request.POST.get("q", "").strip()[:40]  # posted: a name stands in no address here
    admits = viewer.holds("principal", "vice_principal")
    context = {
        "rows": inspection.listed(viewer, words),
        "words": words,
        "admits": admits,
        "guests": inspection.guests(viewer) if admits else [],
        "longest": (viewer.day + inspection.LONGEST).isoformat(),
    }
    return render(request, "inspection/files.html", context)


def _admit(request) -> HttpResponse:
    try:
        until = date.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        raise Unfinished([Fault("until", _("Choose the last day."))]) from None
    guest, username, password = inspection.admit(
        name=request.POST.get("name", ""), until=until, by=request.viewer
    )
    return render(request, "setup/slips.html", {"slips": [(guest.name, username, password)]})


@act
def guest_end(request, staff_id: UUID) -> HttpResponse:
    """This function will close a guest's account."""
    viewer = request.viewer
    guest = get_object_or_404(Staff.objects.visible_to(viewer), pk=staff_id)
    inspection.dismiss(guest=guest, by=viewer)
    return done(request, address("inspection"), _("Closed. What was opened stays in the trail."))


@page
def file(request, pupil_id: UUID) -> HttpResponse:
    """This function will show one child's file to be looked at and printed; nothing on it can be changed."""
    viewer = request.viewer
    found = inspection.file_of(viewer, pupil_id)
    if found is None:
        raise Http404
    context = {
        "file": found,
        "is_guest": inspection.is_guest(viewer),
        "records": [(one, activity_names(one.activities)) for one in found.records],
        "decisions": [(term, _(DECISIONS.get(word, word)), on) for term, word, on in found.decisions],
    }
    return render(request, "inspection/file.html", context)


urlpatterns = [
    path("inspection", files, name="inspection"),
    path("inspection/<uuid:pupil_id>", file, name="inspection_file"),
    path("inspection/guests/<uuid:staff_id>/end", guest_end, name="guest_end"),
]
