"""A child in danger: two taps to the numbers; the glass that two people break; the report the law asks for.

Addresses carry ids only. Whoever may open a child's file may raise an alarm or report; the rest is for the heads.
"""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import care_danger, care_glass, care_paper, care_report, sent
from bangfu.flow.register import classes_of
from bangfu.records.models import Escalation, GlassBreak, MandatoryReport, Pupil
from bangfu.records.models.care_danger import HEADS
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import as_uuid
from bangfu.web.reports import file_answer

KINDS = {
    "harm_self": N_("May hurt himself or herself"),
    "harmed": N_("Hurt by somebody"),
    "missing": N_("Cannot be found"),
    "hurt": N_("Injured or very ill"),
    "uncared": N_("Nobody looks after the child"),
}
WHOM = {
    "principal": N_("Principal"),
    "vice_principal": N_("Vice principal"),
    "guardian": N_("Family"),
    "homeroom_teacher": N_("Class teacher"),
    "police": N_("Police"),
    "ambulance": N_("Ambulance"),
    "hotline": N_("Line for young people"),
}
TOLD = {
    "police": N_("Police"),
    "education_bureau": N_("Education bureau"),
    "civil_affairs": N_("Civil affairs"),
    "guardian": N_("Guardian"),
    "village": N_("Village committee"),
}


def _pupil(request, pupil_id) -> Pupil:
    return get_object_or_404(Pupil.objects.visible_to(request.viewer), pk=pupil_id)


@page
def danger(request, pupil_id: UUID) -> HttpResponse:
    """This function will ask what kind of danger it is; one tap raises the alarm and shows the numbers."""
    pupil = _pupil(request, pupil_id)
    if request.method == "POST":
        alarm = care_danger.escalate(pupil=pupil, kind=request.POST.get("kind", ""), by=request.viewer)
        return done(
            request, address("alarm", alarm.pk), _("Phone first. What you tap below is noted for you.")
        )
    context = {"pupil": pupil, "kinds": [(key, _(words)) for key, words in KINDS.items() if key != "uncared"]}
    return render(request, "care/danger.html", context)


def _alarm(request, alarm_id: UUID) -> Escalation:
    rows = Escalation.objects.visible_to(request.viewer).select_related("pupil", "by", "taken_by")
    return get_object_or_404(rows, pk=alarm_id)


@page
def alarm(request, alarm_id: UUID) -> HttpResponse:
    """This function will show whom to call about an alarm, and note each call with one tap."""
    row, viewer = _alarm(request, alarm_id), request.viewer
    if request.method == "POST":
        whom, _sep, how = request.POST.get("call", "").partition(":")
        care_danger.note_call(alarm=row, whom=whom, reached=how == "reached", by=viewer)
        return done(request, address("alarm", row.pk), _("Noted."))
    context = {
        "alarm": row,
        "kind": _(KINDS[row.kind]),
        "numbers": [(_(WHOM[one.whom]), one) for one in care_danger.opened(alarm=row, by=viewer)],
        "calls": [(_(WHOM[one.whom]), one) for one in row.calls.select_related("by").order_by("at")],
        "may_take": viewer.holds(*HEADS) and row.taken_by_id is None and row.taken_back_at is None,
        "may_take_back": care_danger.may_take_back(row, viewer),
    }
    return render(request, "care/alarm.html", context)


@act
def alarm_take(request, alarm_id: UUID) -> HttpResponse:
    """This function will take an alarm up, as a head of the school."""
    care_danger.take_up(alarm=_alarm(request, alarm_id), by=request.viewer)
    return done(request, address("alarm", alarm_id), _("You have taken it up."))


@act
def alarm_back(request, alarm_id: UUID) -> HttpResponse:
    """This function will take back an alarm that was raised by a wrong tap."""
    care_danger.take_back(alarm=_alarm(request, alarm_id), by=request.viewer)
    return done(request, address("alarm", alarm_id), _("Taken back. Nobody is told any more."))


@page
def glasses(request) -> HttpResponse:
    """This function will list what was asked and opened, and let those who may ask for one child."""
    viewer = request.viewer
    if not care_glass.may(viewer):
        raise care_glass.NotForYou
    if request.method == "POST" and "reason" in request.POST:
        # The one who asks names the child; whether anything is kept of it is not said.
        wanted = Pupil.objects.visible_to(viewer).filter(pk=as_uuid(request.POST.get("pupil", ""))).first()
        if wanted is None:
            raise care_glass.SayWhy(_("Choose the pupil first."))
        hours = request.POST.get("hours", "")
        care_glass.ask(
            pupil=wanted, reason=request.POST.get("reason", ""), by=viewer,
            hours=int(hours) if hours.isascii() and hours.isdigit() and len(hours) < 3 else 3,
        )  # fmt: skip
        return done(request, address("glasses"), _("Asked. Another person has to agree."))
    words = request.POST.get("q", "").strip()[:40]  # posted: a name stands in no address here
    found = Pupil.objects.visible_to(viewer).filter(name__icontains=words) if words else ()
    rows = list(found.order_by("sort_key")[:30]) if words else []
    labels = classes_of([one.pk for one in rows], viewer.day)
    context = {
        "rows": [
            (one, care_glass.is_open(one), one.asked_by_id == viewer.staff.pk)
            for one in care_glass.listed(viewer)
        ],
        "words": words,
        "found": [(one.pk, f"{one.name} {labels.get(one.pk, ('',))[0]}") for one in rows],
        "hours": [(one, _("%(n)s hours") % {"n": one}) for one in care_glass.HOURS],
    }
    return render(request, "care/glasses.html", context)


def _glass(request, glass_id: UUID) -> GlassBreak:
    rows = GlassBreak.objects.visible_to(request.viewer).select_related("pupil", "asked_by", "agreed_by")
    return get_object_or_404(rows, pk=glass_id)


@page
def glass(request, glass_id: UUID) -> HttpResponse:
    """This function will show the notes to the one who asked, each time noted; only a POST opens them."""
    row = _glass(request, glass_id)
    told = care_glass.read(glass=row, by=request.viewer) if request.method == "POST" else None
    return render(
        request, "care/glass.html", {"glass": row, "told": told, "is_open": care_glass.is_open(row)}
    )


@act
def glass_answer(request, glass_id: UUID) -> HttpResponse:
    """This function will agree to what another person asked, or refuse it."""
    verb = care_glass.agree if request.POST.get("answer") == "agree" else care_glass.refuse
    verb(glass=_glass(request, glass_id), by=request.viewer)
    return done(request, address("glasses"), _("Noted."))


@act
def glass_file(request, glass_id: UUID) -> HttpResponse:
    """This function will answer with what the family is told."""
    made = care_paper.told_family(
        glass=_glass(request, glass_id), form=request.POST.get("form", ""), by=request.viewer
    )
    return file_answer(made)


@page
def harm_reports(request) -> HttpResponse:
    """This function will list the reports one may read, and take a new one or an addition."""
    viewer, said = request.viewer, request.POST.get
    pupil_id = as_uuid(said("pupil", "") or request.GET.get("pupil", ""))
    pupil = _pupil(request, pupil_id) if pupil_id else None
    if request.method == "POST":
        adds_to = None
        if wanted := as_uuid(said("adds_to", "")):
            adds_to = get_object_or_404(MandatoryReport.objects.visible_to(viewer), pk=wanted)
            pupil = adds_to.pupil
        if pupil is None:
            raise care_report.SayWhat(_("Choose the pupil first."))
        found = care_report.Found(
            kind=said("kind", "") or (adds_to.kind if adds_to else ""), facts=said("facts", ""),
            on=sent.a_day(request.POST, "on", viewer.day), told=tuple(request.POST.getlist("told")),
            told_at=sent.a_moment(request.POST, "told_at"), answer=said("answer", ""), id=as_uuid(said("id", "")) or uuid4(),
        )  # fmt: skip
        care_report.report(pupil=pupil, found=found, adds_to=adds_to, by=viewer)
        return done(request, address("harm_reports"), _("Written down. It can be added to, never changed."))
    context = {
        "pupil": pupil,
        "rows": [_shown(one) for one in care_report.listed(viewer)],
        "kinds": [(key, _(words)) for key, words in KINDS.items()],
        "told": [(key, _(words)) for key, words in TOLD.items()],
        "fresh_id": uuid4,
        "came_for": said("adds_to", ""),
    }
    return render(request, "care/reports.html", context)


def _shown(row: MandatoryReport) -> dict:
    parts = [row, *sorted(row.additions.all(), key=lambda one: one.at)]
    return {
        "one": row,
        "parts": [(one, _(KINDS[one.kind]), [_(TOLD[key]) for key in one.told]) for one in parts],
    }


@act
def harm_file(request, report_id: UUID) -> HttpResponse:
    """This function will answer with a report as a paper."""
    rows = MandatoryReport.objects.visible_to(request.viewer).select_related("pupil", "by")
    row = get_object_or_404(rows, pk=report_id)
    return file_answer(care_paper.harm(report=row, form=request.POST.get("form", ""), by=request.viewer))


urlpatterns = [
    path("safety/pupils/<uuid:pupil_id>", danger, name="danger"),
    path("safety/calls/<uuid:alarm_id>", alarm, name="alarm"),
    path("safety/calls/<uuid:alarm_id>/taken", alarm_take, name="alarm_take"),
    path("safety/calls/<uuid:alarm_id>/mistake", alarm_back, name="alarm_back"),
    path("safety/opened", glasses, name="glasses"),
    path("safety/opened/<uuid:glass_id>", glass, name="glass"),
    path("safety/opened/<uuid:glass_id>/answer", glass_answer, name="glass_answer"),
    path("safety/opened/<uuid:glass_id>/file", glass_file, name="glass_file"),
    path("safety/reports", harm_reports, name="harm_reports"),
    path("safety/reports/<uuid:report_id>/file", harm_file, name="harm_file"),
]
