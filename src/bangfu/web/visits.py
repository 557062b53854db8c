"""家访: the sheet to take along and the sheet of what was recorded; the school's default for visits to girls' homes."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import company, visit_paper
from bangfu.records.models import Pupil
from bangfu.web.formats import listed
from bangfu.web.place import act, address, done, page, render
from bangfu.web.reports import file_answer
from bangfu.web.setup import must_keep


def section(viewer, child: dict) -> dict:
    """This function will give, for a child's file, whether two go to this home and who could come along."""
    pupils = [Pupil(pk=child["id"], sex=child["sex"])]
    for_two = company.is_for(pupils, viewer)
    return {"for_two": for_two, "mates": _names(viewer, child) if for_two else ""}


def _names(viewer, child: dict) -> str:
    return listed(f"{mate.name}（{mate.why}）" for mate in company.mates([child["id"]], viewer)[:2])


@act
def visit_blank(request, pupil_id: UUID) -> HttpResponse:
    """This function will answer with the sheet to take along to one child's home."""
    pupil = get_object_or_404(
        Pupil.objects.visible_to(request.viewer).cared_for_by(request.viewer), pk=pupil_id
    )
    return file_answer(
        visit_paper.blank(pupil=pupil, form=request.POST.get("form", "docx"), by=request.viewer)
    )


@act
def visit_sheet(request, evidence_id: UUID) -> HttpResponse:
    """This function will answer with the sheet of a recorded visit."""
    found = visit_paper.visit(evidence_id, request.viewer)
    if found is None:
        raise Http404
    evidence, pupil = found
    form = request.POST.get("form", "docx")
    return file_answer(visit_paper.filled(evidence=evidence, pupil=pupil, form=form, by=request.viewer))


@page
def setup_visits(request) -> HttpResponse:
    """This function will show the default for visits to girls' homes; the principal turns it."""
    viewer = request.viewer
    must_keep(viewer)
    if request.method == "POST":
        is_on = request.POST.get("is_on") == "1"
        company.switch(is_on=is_on, by=viewer)
        said = (
            _("Switched on: a visit to a girl's home says who went along.") if is_on else _("Switched off.")
        )
        return done(request, address("setup_visits"), said)
    context = {"is_on": viewer.school.girls_visited_by_two, "may_switch": viewer.holds("principal")}
    return render(request, "setup/visits.html", context)


urlpatterns = [
    path("visits/<uuid:pupil_id>/file", visit_blank, name="visit_blank"),
    path("record/<uuid:evidence_id>/file", visit_sheet, name="visit_sheet"),
    path("settings/visits", setup_visits, name="setup_visits"),
]
