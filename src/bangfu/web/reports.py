"""表册: every official paper somebody may print, as Excel or Word, and where a band's list is on its way (P9-19, P9-21)."""

from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import filing, report
from bangfu.flow.choice import choices
from bangfu.flow.offer import Wanted
from bangfu.web.place import act, address, back, done, page, render


@page
def reports(request: HttpRequest) -> HttpResponse:
    """This function will show the papers of a term with what may be chosen for each."""
    found = choices(
        by=request.viewer, term_key=request.GET.get("term", ""), plan_key=request.GET.get("plan", "")
    )
    return render(request, "reports/reports.html", {"found": found})


@act
def report_print(request: HttpRequest) -> HttpResponse:
    """This function will answer with the finished file."""
    made = report.export(wanted=_wanted(request), form=request.POST.get("form", ""), by=request.viewer)
    return file_answer(made)


@act
def certificates(request: HttpRequest) -> HttpResponse:
    """This function will answer with the certificates of the term's approved awards."""
    return file_answer(report.certificates(term_key=request.POST.get("term", ""), by=request.viewer))


@act
def report_submit(request: HttpRequest) -> HttpResponse:
    """This function will submit a band's list to the grade supervisor."""
    filing.submit(wanted=_wanted(request), by=request.viewer)
    return done(request, back(request, address("reports")), _("Submitted to the grade supervisor."))


@act
def report_file(request: HttpRequest) -> HttpResponse:
    """This function will put a submitted list on file."""
    filing.file(wanted=_wanted(request), by=request.viewer)
    return done(request, back(request, address("reports")), _("Put on file."))


def _wanted(request: HttpRequest) -> Wanted:
    said = request.POST.get
    return Wanted(
        plan=said("plan", ""),
        register=said("register", ""),
        term=said("term", ""),
        month=said("month", ""),
        band=said("band", ""),
        case=_id(said("case", "")),
        helper=_id(said("helper", "")),
    )


def _id(text: str) -> UUID | None:
    """An id that is none asks for a paper that isn't there; nothing at all asks for everybody."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def file_answer(made: report.Download) -> HttpResponse:
    """This function will answer with a finished file that no browser keeps."""
    plain = f"report.{made.name.rpartition('.')[2]}"
    return HttpResponse(
        made.content,
        content_type=made.media_type,
        headers={
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(made.name)}",
            "Cache-Control": "no-store",
        },
    )


urlpatterns = [
    path("reports", reports, name="reports"),
    path("reports/print", report_print, name="report_print"),
    path("reports/certificates", certificates, name="report_certificates"),
    path("reports/submit", report_submit, name="report_submit"),
    path("reports/file", report_file, name="report_file"),
]
