"""一户一位责任人: the households we accompany, who answers for each, which neighbour lends a hand (P10-15, P10-31, P10-33)."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.flow import cover, homes, households
from bangfu.records.models.areas import Village
from bangfu.records.models.households import Household, HouseholdHelper, HouseholdPartner, LocalPartner
from bangfu.records.models.people import Staff
from bangfu.web.areas import an_id, around, chosen, kept, reasons, wanted
from bangfu.web.place import act, address, done, page, render

KINDS = {
    "party_member": N_("party member"),
    "cadre": N_("village cadre"),
    "capable_household": N_("capable household"),
}


@page
def household_list(request) -> HttpResponse:
    """This function will show who answers for which household, and to whoever keeps them what is missing."""
    viewer = request.viewer
    keeps, decides = viewer.holds(*homes.KEEPERS), viewer.holds(*cover.DECIDERS)
    lines = households.standing(viewer)
    context = {"lines": lines, "mine": households.mine(viewer), "keeps": keeps, "decides": decides}
    context |= {"looks": keeps or viewer.is_leader, "around": around(viewer, "households")}
    return render(request, "areas/households.html", context | (_keeping(request, lines) if keeps else {}))


def _keeping(request, lines) -> dict:
    viewer = request.viewer
    people, neighbours = households.able(viewer), households.neighbours(viewer)
    villages = Village.objects.visible_to(viewer).order_by("name")
    here: dict = {}
    for one, taken in neighbours:
        here.setdefault(one.village_id, []).append((str(one.pk), f"{one.name} {taken}"))
    return {
        "missing": households.missing(viewer),
        "suggested": homes.suggested(viewer),
        "unsettled": [line.home for line in lines if line.home.household.village_id is None],
        "without_helper": [line.home for line in lines if line.helper is None],
        "without_partner": [line.home for line in lines if line.partner is None],
        "people": [(str(one.id), f"{one.name} {one.taken} / {one.most}") for one in people],
        "to_partner": [
            line.home for line in lines if line.partner is None and line.home.household.village_id in here
        ],
        "one_village": here,
        "villages": [(str(one.pk), one.name) for one in villages],
        "kinds": [(key, _(words)) for key, words in KINDS.items()],
        "proposed": wanted(request, households.propose),
        "near": wanted(request, _propose_neighbours),
    }


def _propose_neighbours(*, by):
    return households.propose(by=by, kind=households.PARTNER)


@act
def household_gather(request) -> HttpResponse:
    """This function will gather the households of all children on the roll."""
    found = homes.gather(by=request.viewer)
    said = _("%(homes)s households; %(bare)s of them have no village yet.")
    return done(request, address("households"), said % {"homes": found.homes, "bare": found.without_village})


@act
def household_take(request) -> HttpResponse:
    """This function will take households on."""
    ids = [one for one in map(an_id, request.POST.getlist("household")) if one]
    rows = Household.objects.visible_to(request.viewer).filter(pk__in=ids)
    count = homes.accompany(households=rows, by=request.viewer)
    said = ngettext(
        "%(num)s household is accompanied from today.",
        "%(num)s households are accompanied from today.",
        count,
    )
    return done(request, address("households"), said % {"num": count})


def _one(request, household_id) -> Household:
    return get_object_or_404(Household.objects.visible_to(request.viewer), pk=household_id)


@act
def household_assign(request) -> HttpResponse:
    """This function will give households who answers for them, or their neighbour, as chosen."""
    viewer = request.viewer
    rows = Household.objects.visible_to(viewer)
    if request.POST.get("kind") == households.PARTNER:
        pairs = chosen(request, rows, LocalPartner.objects.visible_to(viewer))
        made = households.assign_partners(
            chosen=pairs, by=viewer, reasons=reasons(_propose_neighbours(by=viewer))
        )
    else:
        pairs = chosen(request, rows, Staff.objects.visible_to(viewer))
        made = households.assign(chosen=pairs, by=viewer, reasons=reasons(households.propose(by=viewer)))
    return kept(request, len(made), address("households"))


@act
def household_settle(request, household_id) -> HttpResponse:
    """This function will put a household into a village."""
    village_id = an_id(request.POST.get("village", ""))
    village = (
        get_object_or_404(Village.objects.visible_to(request.viewer), pk=village_id) if village_id else None
    )
    homes.settle(household=_one(request, household_id), village=village, by=request.viewer)
    return done(request, address("households"), _("Noted."))


@act
def household_leave(request, household_id) -> HttpResponse:
    """This function will stop accompanying a household, with a reason."""
    households.leave(
        household=_one(request, household_id), because=request.POST.get("because", ""), by=request.viewer
    )
    return done(
        request, address("households"), _("Changed from today. The time before stays in the history.")
    )


@act
def local_partner(request) -> HttpResponse:
    """This function will note a neighbour who agreed to lend a hand."""
    viewer = request.viewer
    if request.POST.get("agreed") != "1":
        raise homes.NoPartner(_("Tick that they agreed themselves."))
    village_id = an_id(request.POST.get("village", ""))
    homes.add_partner(
        name=request.POST.get("name", ""),
        village=Village.objects.visible_to(viewer).filter(pk=village_id).first(),
        kind=request.POST.get("kind", ""),
        phone=request.POST.get("phone", ""),
        by=viewer,
    )
    return done(request, address("households"), _("Noted."))


def _post(request, post_id) -> HouseholdHelper:
    return get_object_or_404(HouseholdHelper.objects.visible_to(request.viewer), pk=post_id)


@act
def household_accept(request, post_id) -> HttpResponse:
    """This function will note that I answer for a household."""
    households.accept(post=_post(request, post_id), by=request.viewer)
    return done(request, address("households"), _("Noted. Thank you."))


@act
def household_decline(request, post_id) -> HttpResponse:
    """This function will note that I cannot answer for a household, and why."""
    households.decline(
        post=_post(request, post_id), because=request.POST.get("because", ""), by=request.viewer
    )
    return done(request, address("households"), _("Noted. Somebody else will be asked."))


@act
def household_end(request, post_id) -> HttpResponse:
    """This function will end who answers for a household, or its neighbour, with a reason."""
    if request.POST.get("kind") == households.PARTNER:
        post = get_object_or_404(HouseholdPartner.objects.visible_to(request.viewer), pk=post_id)
    else:
        post = _post(request, post_id)
    households.end(post=post, because=request.POST.get("because", ""), by=request.viewer)
    return done(
        request, address("households"), _("Changed from today. The time before stays in the history.")
    )


urlpatterns = [
    path("households", household_list, name="households"),
    path("households/gathering", household_gather, name="household_gather"),
    path("households/taken-on", household_take, name="household_take"),
    path("households/choice", household_assign, name="household_assign"),
    path("households/neighbours", local_partner, name="local_partner"),
    path("households/<uuid:household_id>/village", household_settle, name="household_settle"),
    path("households/<uuid:household_id>/end", household_leave, name="household_leave"),
    path("households/helpers/<uuid:post_id>/acceptance", household_accept, name="household_accept"),
    path("households/helpers/<uuid:post_id>/refusal", household_decline, name="household_decline"),
    path("households/helpers/<uuid:post_id>/end", household_end, name="household_end"),
]
