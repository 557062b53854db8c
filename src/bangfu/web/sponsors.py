"""一对一资助: families that may be asked, those who said yes, who stands by whom, and the sponsors themselves.

A class teacher sees the own class and no sponsor; nobody outside signs in. Pages and papers say why of no child.
"""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.flow import sent, sponsor_papers, sponsors
from bangfu.records.models import Case, Sponsor, SponsorPair
from bangfu.records.models.sponsors import KEEPERS
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import as_uuid
from bangfu.web.reports import file_answer

ASKERS = (*KEEPERS, "homeroom_teacher")
WAYS = {"paper": N_("On paper, signed"), "in_person": N_("In person"), "phone": N_("By phone")}
KINDS = {"person": N_("A person"), "organisation": N_("An organisation")}


@page
def sponsor_pairs(request) -> HttpResponse:
    """This function will show each plan's children in their three steps, and for who keeps them the sponsors."""
    viewer = request.viewer
    if not viewer.holds(*ASKERS):
        raise sponsors.NotKeeper
    keeps = viewer.holds(*KEEPERS)
    givers = list(Sponsor.objects.visible_to(viewer).order_by("stopped_on", "since", "id"))
    context = {
        "sides": [
            _side(plan, rule, viewer, keeps) for plan, rule in sponsors.sponsored(viewer.school, viewer.day)
        ],
        "keeps": keeps,
        "givers": _givers(givers, viewer),
        "free": [(one.pk, one.name) for one in givers if one.stopped_on is None],
        "wishes": [(one, one) for one in sponsors.WISHES],
        "ways": [(key, _(words)) for key, words in WAYS.items()],
        "kinds": [(key, _(words)) for key, words in KINDS.items()],
        "came_from": request.resolver_match.kwargs.get("case_id"),
    }
    return render(request, "sponsors/sponsors.html", context)


def _side(plan, rule, viewer, keeps: bool) -> dict:
    rows = SponsorPair.objects.visible_to(viewer).filter(plan_key=plan.key, kind=rule.key)
    live = list(
        rows.filter(state__in=("agreed", "confirmed"), case__in=sponsors.cases_of(viewer))
        .select_related("case__pupil", "sponsor")
        .order_by("answered_on", "id")
    )
    asked = list(
        sponsors.to_ask(plan, rule, viewer).select_related("pupil").order_by("pupil__sort_key", "id")
    )
    said_no = set(rows.filter(state="declined", case__in=asked).values_list("case", flat=True))
    labels = sponsors.labels([*asked, *(pair.case for pair in live)], viewer.day)
    thought = sponsors.suggest(plan, rule, viewer) if keeps else {}
    used = sponsors.aliases(viewer.school_id)
    return {
        "plan": plan,
        "rule": rule,
        "to_ask": [_ask(case, labels, used) for case in asked if case.pk not in said_no],
        "said_no": [_ask(case, labels, used) for case in asked if case.pk in said_no],
        "waiting": [(one, labels[one.case_id], thought.get(one.pk)) for one in live if one.state == "agreed"],
        "held": [(one, labels[one.case_id]) for one in live if one.state == "confirmed"],
    }


def _ask(case: Case, labels: dict, used: set[str]) -> dict:
    return {"case": case, "label": labels[case.pk], "alias": sponsors.alias_for(case.pupil, used)}


def _givers(givers: list[Sponsor], viewer) -> list[dict]:
    held = (
        SponsorPair.objects.visible_to(viewer)
        .filter(sponsor__in=givers, state="confirmed")
        .values_list("sponsor_id", flat=True)
    )
    held = list(held)
    return [
        {
            "one": one,
            "kind": _(KINDS[one.kind]),
            "taken": held.count(one.pk),
            "phone": one.phone.masked() if one.phone else "",
        }
        for one in givers
    ]


def _case(request, case_id: UUID) -> Case:
    return get_object_or_404(sponsors.cases_of(request.viewer).select_related("pupil"), pk=case_id)


def _pair(request, pair_id: UUID) -> SponsorPair:
    rows = SponsorPair.objects.visible_to(request.viewer).select_related("case__pupil", "sponsor")
    return get_object_or_404(rows, pk=pair_id)


def _sponsor(request, sponsor_id) -> Sponsor:
    return get_object_or_404(Sponsor.objects.visible_to(request.viewer), pk=sponsor_id)


@page
def sponsor_answer(request, case_id: UUID, kind: str) -> HttpResponse:
    """This function will note what a family said; what was typed stays when something is missing."""
    case, said = _case(request, case_id), request.POST.get
    if request.method != "POST":
        return sponsor_pairs(request)
    viewer = request.viewer
    answer = sponsors.Answer(
        is_yes=said("answer") == "yes", by=said("by", ""), on=sent.a_day(request.POST, "on", viewer.day),
        how=said("how", ""), alias=said("alias", ""), wishes=tuple(request.POST.getlist("wishes")),
    )  # fmt: skip
    row = sponsors.note_answer(case=case, kind=kind, answer=answer, by=viewer)
    words = (
        _("Noted. A sponsor may be looked for now.")
        if row.state == "agreed"
        else _("Noted. Nothing else changes.")
    )
    return done(request, address("sponsors"), words)


@act
def sponsor_consent(request, case_id: UUID, kind: str) -> HttpResponse:
    """This function will answer with the family's consent form."""
    form = request.POST.get("form", "")
    return file_answer(
        sponsor_papers.consent(case=_case(request, case_id), kind=kind, form=form, by=request.viewer)
    )


@act
def sponsor_start(request, pair_id: UUID) -> HttpResponse:
    """This function will let a sponsor begin with a child."""
    pair, wanted = _pair(request, pair_id), as_uuid(request.POST.get("sponsor", ""))
    if wanted is None:
        raise sponsors.NotFree(_("Choose a sponsor."))
    sponsors.confirm(pair=pair, sponsor=_sponsor(request, wanted), by=request.viewer)
    return done(request, address("sponsors"), _("In force from today. Print the agreement for the sponsor."))


@act
def sponsor_end(request, pair_id: UUID) -> HttpResponse:
    """This function will end a pair with a reason."""
    sponsors.end(pair=_pair(request, pair_id), because=request.POST.get("because", ""), by=request.viewer)
    return done(request, address("sponsors"), _("Ended. Ask the family again before another sponsor begins."))


@act
def sponsor_taken_back(request, pair_id: UUID) -> HttpResponse:
    """This function will take a family's yes back; no reason is asked."""
    sponsors.take_back(pair=_pair(request, pair_id), by=request.viewer)
    return done(
        request, address("sponsors"), _("Taken back from today on. The sponsor learns only that it ended.")
    )


@act
def sponsor_letter(request, pair_id: UUID) -> HttpResponse:
    """This function will answer with what the sponsor gets."""
    form = request.POST.get("form", "")
    return file_answer(sponsor_papers.letter(pair=_pair(request, pair_id), form=form, by=request.viewer))


@act
def sponsor_new(request) -> HttpResponse:
    """This function will put a sponsor on the list."""
    said = request.POST.get
    places = said("places", "")
    row = Sponsor(
        name=said("name", "")[:60], kind=said("kind", ""), promised_on=sent.a_day(request.POST, "promised_on"),
        places=int(places) if places.isascii() and places.isdigit() and len(places) < 3 else 1,
    )  # fmt: skip
    sponsors.welcome(sponsor=row, phone=said("phone", "")[:20], by=request.viewer)
    return done(request, address("sponsors"), _("On the list: %(who)s.") % {"who": row.name})


@act
def sponsor_stop(request, sponsor_id: UUID) -> HttpResponse:
    """This function will end what a sponsor does."""
    found = _sponsor(request, sponsor_id)
    left = sponsors.stop(sponsor=found, because=request.POST.get("because", ""), by=request.viewer)
    words = ngettext(
        "Ended; %(num)s pupil is without one now.", "Ended; %(num)s pupils are without one now.", left
    )
    return done(request, address("sponsors"), words % {"num": left})


urlpatterns = [
    path("sponsors", sponsor_pairs, name="sponsors"),
    path("sponsors/new", sponsor_new, name="sponsor_new"),
    path("sponsors/<uuid:sponsor_id>/end", sponsor_stop, name="sponsor_stop"),
    path("sponsors/families/<uuid:case_id>/<slug:kind>", sponsor_answer, name="sponsor_answer"),
    path("sponsors/families/<uuid:case_id>/<slug:kind>/file", sponsor_consent, name="sponsor_consent"),
    path("sponsors/pairs/<uuid:pair_id>", sponsor_start, name="sponsor_start"),
    path("sponsors/pairs/<uuid:pair_id>/end", sponsor_end, name="sponsor_end"),
    path("sponsors/pairs/<uuid:pair_id>/taken-back", sponsor_taken_back, name="sponsor_taken_back"),
    path("sponsors/pairs/<uuid:pair_id>/file", sponsor_letter, name="sponsor_letter"),
]
