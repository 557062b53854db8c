"""表彰: a child is proposed because of something, somebody else approves, a certificate is printed (P9-27).

No ranks, no numbers. A nomination that waits for another term is said calmly and can be made again then.
"""

from urllib.parse import quote
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, award, report
from bangfu.flow.almanac import calendar_for, term_title
from bangfu.records.models import Nomination, Pupil
from bangfu.web.place import act, address, done, page, render

MOST = 100
STATES = {
    "nominated": (N_("waits for approval"), "info"),
    "approved": (N_("approved"), "ok"),
    "declined": (N_("another term"), ""),
}


NOT_MINE = "提名由帮扶教师、班主任或包班教师来提。您现在没有可以提名的学生。"


class NothingHere(Refusal):
    sentence = "现在用的方案里没有表彰这一项。"


@page
def awards(request) -> HttpResponse:
    """This function will show the nominations I may see, and offer what I may do with them."""
    viewer = request.viewer
    plans = [plan for plan in adopt.plans_in_force(viewer.school, viewer.day) if plan.awards]
    known = {one.key: one for plan in plans for one in plan.awards}
    rows = Nomination.objects.visible_to(viewer).select_related("pupil", "nominated_by", "decided_by")
    rows = list(rows.order_by("-term_key", "-nominated_on", "pupil__sort_key")[:MOST])
    context = {
        "waiting": [_row(one, known, viewer) for one in rows if one.state == "nominated"],
        "decided": [_row(one, known, viewer) for one in rows if one.state != "nominated"],
        "may_nominate": any(award.candidates(plan, one, viewer) for plan in plans for one in plan.awards),
    }
    return render(request, "honours/awards.html", context)


def _row(one: Nomination, known: dict, viewer) -> dict:
    spec = known.get(one.award_key)
    words, kind = STATES[one.state]
    may = spec is not None and viewer.holds(*spec.approve_by) and one.nominated_by_id != viewer.staff.pk
    return {
        "nomination": one,
        "title": spec.title if spec else "",
        "state": (_(words), kind),
        "term": term_title(one.term_key),
        "may_decide": may and one.state == "nominated",
    }


@page
def nominate(request) -> HttpResponse:
    """This function will propose a child with the words for the certificate."""
    viewer = request.viewer
    offers = [
        (plan, one, award.candidates(plan, one, viewer))
        for plan in adopt.plans_in_force(viewer.school, viewer.day)
        for one in plan.awards
    ]
    offers = [offer for offer in offers if offer[2]]
    if not offers:
        raise PermissionDenied(NOT_MINE)
    if request.method == "POST":
        _propose(request, offers)
        return done(request, address("awards"), _("Proposed. Somebody else approves it."))
    context = {
        "awards": [(one.key, one.title) for _plan, one, _candidates in offers],
        "children": _children(offers),
        "chosen": request.GET.get("pupil", ""),
        "in_term": calendar_for(viewer.school).term_on(viewer.day) is not None,
        "most": award.MOST,
    }
    return render(request, "honours/nominate.html", context)


def _children(offers) -> list[tuple]:
    found = {}
    for _plan, _award, candidates in offers:
        for one in candidates:
            found[str(one.pupil_id)] = f"{one.name} {one.class_label}"
    return list(found.items())


def _propose(request, offers) -> None:
    viewer, said = request.viewer, request.POST.get
    plan = next((plan for plan, one, _candidates in offers if one.key == said("award")), None)
    if plan is None:
        raise award.NotThisAward
    pupil = Pupil.objects.visible_to(viewer).filter(pk=_id(said("pupil", ""))).first()
    if pupil is None:
        raise award.NobodyChosen
    award.nominate(plan=plan, award_key=said("award"), pupil=pupil, because=said("because", ""), by=viewer)


@act
def award_approve(request, nomination_id: UUID) -> HttpResponse:
    """This function will approve a nomination somebody else made."""
    nomination = _nomination(request, nomination_id)
    award.approve(plan=_plan_of(request, nomination), nomination=nomination, by=request.viewer)
    return done(request, address("awards"), _("Approved. The certificate can be printed."))


@act
def award_decline(request, nomination_id: UUID) -> HttpResponse:
    """This function will leave a nomination for another term."""
    nomination = _nomination(request, nomination_id)
    award.decline(plan=_plan_of(request, nomination), nomination=nomination, by=request.viewer)
    return done(request, address("awards"), _("Left for another term."))


@act
def certificate(request, nomination_id: UUID) -> HttpResponse:
    """This function will answer with the certificate as .docx."""
    nomination = _nomination(request, nomination_id)
    made = report.certificates(term_key=nomination.term_key, by=request.viewer, nominations=[nomination.pk])
    headers = {
        "Content-Disposition": f"attachment; filename=\"certificate.docx\"; filename*=UTF-8''{quote(made.name)}",
        "Cache-Control": "no-store",
    }
    return HttpResponse(made.content, content_type=made.media_type, headers=headers)


def _nomination(request, nomination_id: UUID) -> Nomination:
    found = Nomination.objects.visible_to(request.viewer).filter(pk=nomination_id).first()
    if found is None:
        raise Http404
    return found


def _plan_of(request, nomination: Nomination):
    for plan in adopt.plans_in_force(request.viewer.school, request.viewer.day):
        if any(one.key == nomination.award_key for one in plan.awards):
            return plan
    raise NothingHere


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


urlpatterns = [
    path("awards", awards, name="awards"),
    path("awards/new", nominate, name="award_nominate"),
    path("awards/<uuid:nomination_id>/approval", award_approve, name="award_approve"),
    path("awards/<uuid:nomination_id>/decline", award_decline, name="award_decline"),
    path("awards/<uuid:nomination_id>/certificate", certificate, name="award_certificate"),
]
