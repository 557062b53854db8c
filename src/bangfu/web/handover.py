"""交接: the page per pupil for the next teacher, the words the helper keeps ready for it, and who helped whom since when.

Seen by those who may see the child today; whoever helped before sees the child no more, so not the page either.
"""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import deputies, hand_over_note, pair, pair_history
from bangfu.records.models.handovers import Handover
from bangfu.records.models.pairings import Pairing
from bangfu.records.models.people import Staff
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import as_uuid


@page
def handover(request, handover_id: UUID) -> HttpResponse:
    """This function will show the pages of one change to be read or printed: each taker-over sees the own pupils."""
    viewer = request.viewer
    row = get_object_or_404(Handover.objects.visible_to(viewer).select_related("staff"), pk=handover_id)
    sheets = hand_over_note.of(viewer, row)
    if not sheets:
        raise Http404
    return render(request, "rearrange/handover.html", {"row": row, "groups": _grouped(sheets)})


def _grouped(sheets) -> list[tuple[str, list]]:
    found: dict[str, list] = {}
    for sheet in sheets:
        found.setdefault(sheet.next, []).append(sheet)
    return list(found.items())


@page
def notes(request) -> HttpResponse:
    """This function will show the pages of my own pupils, and keep what the next teacher should know about one."""
    viewer = request.viewer
    if request.method == "POST":
        wanted = as_uuid(request.POST.get("pairing", ""))
        row = get_object_or_404(Pairing.objects.visible_to(viewer).select_related("helper"), pk=wanted)
        hand_over_note.write(
            pairing=row, helps=request.POST.get("helps", ""), avoid=request.POST.get("avoid", ""), by=viewer
        )
        said = _("Kept. Whoever helps next will read it; what was written before stays.")
        return done(request, f"{address('pair_notes')}#p-{row.pk}", said)
    context = {
        "sheets": hand_over_note.mine(viewer),
        "received": hand_over_note.received(viewer),
        "open": request.POST.get("pairing", ""),
    }
    return render(request, "rearrange/notes.html", context)


@page
def of_pupil(request, pupil_id: UUID) -> HttpResponse:
    """This function will show everybody who helped one child: dated, never rewritten."""
    viewer = request.viewer
    child = get_object_or_404(pair_history.children(viewer), pk=pupil_id)
    rows = pair_history.of_child(viewer, child.pk)
    return render(request, "rearrange/history.html", {"child": child, "rows": rows, "hidden": 0})


@page
def of_helper(request) -> HttpResponse:
    """This function will show whom somebody helped: oneself, or for those who decide, anybody of the school."""
    viewer = request.viewer
    asked = as_uuid(request.GET.get("staff", ""))
    staff = viewer.staff
    if asked and asked != staff.pk:
        if not viewer.holds(*pair.DECIDERS):
            raise Http404
        staff = get_object_or_404(Staff.objects.visible_to(viewer), pk=asked)
    rows, hidden = pair_history.of_helper(viewer, staff)
    return render(
        request, "rearrange/history.html", {"child": None, "staff": staff, "rows": rows, "hidden": hidden}
    )


@act
def deputy(request, leave_id: UUID) -> HttpResponse:
    """This function will say who stands in during a leave that is written down already."""
    viewer = request.viewer
    row = get_object_or_404(deputies.leaves(viewer), pk=leave_id)
    wanted = as_uuid(request.POST.get("deputy", ""))
    if wanted is None:
        raise deputies.NobodyChosen
    who = get_object_or_404(Staff.objects.visible_to(viewer).at_work_on(viewer.day), pk=wanted)
    deputies.name_deputy(leave=row, deputy=who, by=viewer)
    said = _("%(who)s stands in for %(whom)s in those days.") % {"who": who.name, "whom": row.staff.name}
    return done(request, address("leave"), said)


urlpatterns = [
    path("pairing/handovers/<uuid:handover_id>", handover, name="handover"),
    path("pairing/notes", notes, name="pair_notes"),
    path("pairing/history", of_helper, name="pair_history"),
    path("pupils/<uuid:pupil_id>/helpers", of_pupil, name="pupil_helpers"),
    path("settings/leave/<uuid:leave_id>/deputy", deputy, name="leave_deputy"),
]
