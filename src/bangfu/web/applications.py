"""申请: take one down on a phone, print the empty form, read it in the group, take it back when the family says so (F02)."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.hardship import EVENTS, GROUPS, HOME, MEMBER, MEMBERS, PROMISE, WISH
from bangfu.flow import recognition, recognition_form, recognition_match, recognition_paper
from bangfu.flow.recognition_form import Told
from bangfu.records.models import Application, Pupil
from bangfu.web.formats import listed
from bangfu.web.place import act, address, done, page, render
from bangfu.web.recognition import applied_words, round_of
from bangfu.web.reports import file_answer


@page
def applications(request, round_id: UUID) -> HttpResponse:
    """This function will list who has applied: the group opens them, class teachers see that they are there."""
    round, viewer = round_of(request, round_id), request.viewer
    if not recognition_form.may_take(round, viewer) and not recognition.may_lead(viewer):
        raise recognition.NotInGroup
    rows = recognition_form.progress(round, viewer)
    context = {
        "round": round,
        "rows": rows,
        "count": applied_words(len(rows)),
        "sees": recognition.sees_inside(round, viewer),
        "may_take": round.state in recognition_form.TAKING and recognition_form.may_take(round, viewer),
    }
    return render(request, "recognition/applications.html", context)


@page
def application_new(request, round_id: UUID) -> HttpResponse:
    """This function will take a family's application down."""
    round, viewer, said = round_of(request, round_id), request.viewer, request.POST.get
    if not recognition_form.may_take(round, viewer):
        raise recognition_form.NotYourChild
    if request.method == "POST":
        pupil = Pupil.objects.visible_to(viewer).filter(pk=_id(said("pupil", ""))).first()
        if pupil is None:
            raise recognition.NotReady(_("Choose the pupil first."))
        told = Told(said("applicant", ""), said("promised") == "1", _content(request.POST))
        recognition_form.take(round=round, pupil=pupil, told=told, by=viewer)
        return done(
            request,
            address("applications", round.pk),
            _("Kept. It can be taken back any time before it is appraised."),
        )
    context = {
        "round": round,
        "children": [
            (pk, f"{name} {label}") for pk, name, label in recognition_form.candidates(round, viewer)
        ],
        "chosen": request.GET.get("pupil", ""),
        "home": HOME,
        "groups": list(recognition_match.groups(viewer.day).items()),
        "groups_title": GROUPS,
        "events": EVENTS,
        "wish": WISH,
        "member": MEMBER,
        "members": range(1, MEMBERS + 1),
        "promise": PROMISE,
        "is_taking": round.state in recognition_form.TAKING,
    }
    return render(request, "recognition/apply.html", context)


def _content(said) -> dict:
    told = {blank.key: said.get(blank.key, "") for blank in (*HOME, *EVENTS, WISH)}
    told["groups"] = said.getlist("groups")
    told["members"] = [
        {key: said.get(f"member.{at}.{key}", "") for key, _title, _most in MEMBER}
        for at in range(1, MEMBERS + 1)
    ]
    return told


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@page
def application(request, application_id: UUID) -> HttpResponse:
    """This function will show an application to the group; the look is kept in the trail."""
    found = _application(request, application_id)
    content, applicant = recognition_form.opened(found, request.viewer)
    words = recognition_match.groups(found.applied_on)
    ticked = listed([words[key] for key in content.get("groups", ()) if key in words])
    context = {
        "application": found,
        "applicant": applicant,
        "told": [
            (blank.title, content[blank.key]) for blank in (*HOME, *EVENTS, WISH) if blank.key in content
        ]
        + ([(GROUPS, ticked)] if ticked else []),
        "member": [(key, title) for key, title, _most in MEMBER],
        "members": content.get("members", []),
        "may_withdraw": found.withdrawn_on is None and found.round.state in recognition_form.TAKING,
    }
    return render(request, "recognition/application.html", context)


def _application(request, application_id: UUID) -> Application:
    rows = Application.objects.visible_to(request.viewer).select_related("round", "pupil", "taken_by")
    return get_object_or_404(rows, pk=application_id)


@act
def application_withdraw(request, application_id: UUID) -> HttpResponse:
    """This function will take an application back because the family says so."""
    found = _application(request, application_id)
    recognition_form.withdraw(application=found, by=request.viewer)
    return done(
        request, address("applications", found.round_id), _("Taken back. They can apply again any time.")
    )


@act
def application_print(request, application_id: UUID) -> HttpResponse:
    """This function will answer with the filled form."""
    found = _application(request, application_id)
    made = recognition_paper.filled_form(
        application=found, form=request.POST.get("form", ""), by=request.viewer
    )
    return file_answer(made)


@act
def application_blank(request) -> HttpResponse:
    """This function will answer with the empty form for families."""
    return file_answer(recognition_paper.blank_form(form=request.POST.get("form", ""), by=request.viewer))


urlpatterns = [
    path("recognition/form", application_blank, name="application_blank"),
    path("recognition/<uuid:round_id>/applications", applications, name="applications"),
    path("recognition/<uuid:round_id>/applications/new", application_new, name="application_new"),
    path("applications/<uuid:application_id>", application, name="application"),
    path("applications/<uuid:application_id>/back", application_withdraw, name="application_withdraw"),
    path("applications/<uuid:application_id>/file", application_print, name="application_print"),
]
