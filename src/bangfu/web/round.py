"""走访: the villages of my round, one village in walking order, taken along in one tap; what came over a home and waits."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import hardship, rounds
from bangfu.records.models import Hardship, Village
from bangfu.web.areas import around
from bangfu.web.formats import day as day_of
from bangfu.web.place import act, address, back, done, page, render


@page
def round_list(request) -> HttpResponse:
    """This function will show the villages of my round and what waits there."""
    viewer = request.viewer
    context = {
        "villages": rounds.villages(viewer),
        "waiting": [
            (one, hardship.may_answer(one.row.household, viewer)) for one in hardship.waiting(viewer)
        ],
        "kinds": hardship.WORDS,
        "answers": list(hardship.ANSWERS.items()),
        "around": around(viewer, "rounds"),
    }
    return render(request, "round/rounds.html", context)


def _village(request, village_id: UUID) -> Village:
    return get_object_or_404(Village.objects.visible_to(request.viewer), pk=village_id)


@page
def village(request, village_id: UUID) -> HttpResponse:
    """This function will show the homes of a village on my round, by group and door."""
    viewer, of = request.viewer, _village(request, village_id)
    stops = rounds.stops(viewer, of)
    if not stops:
        raise Http404
    taken = next((one for row, _count, one in rounds.villages(viewer) if row.pk == of.pk), None)
    context = {
        "village": of,
        "stops": stops,
        "taken": taken,
        "kinds": hardship.WORDS,
        "place": rounds.place_words,
    }
    return render(request, "round/village.html", context)


@act
def round_take(request, village_id: UUID) -> HttpResponse:
    """This function will take a village along."""
    row = rounds.take(village=_village(request, village_id), by=request.viewer)
    said = _("%(village)s is taken along until %(day)s; its cards open without a signal.")
    return done(
        request, address("round", village_id), said % {"village": row.village.name, "day": day_of(row.until)}
    )


@act
def round_return(request, village_id: UUID) -> HttpResponse:
    """This function will stop carrying a village."""
    rounds.give_back(village=_village(request, village_id), by=request.viewer)
    return done(request, address("round", village_id), _("It is no longer carried."))


def _hardship(request, hardship_id: UUID) -> Hardship:
    return get_object_or_404(Hardship.objects.visible_to(request.viewer), pk=hardship_id)


@act
def hardship_answer(request, hardship_id: UUID) -> HttpResponse:
    """This function will say what was done about it."""
    hardship.answer(
        row=_hardship(request, hardship_id), outcome=request.POST.get("outcome", ""),
        said=request.POST.get("said", ""), by=request.viewer,
    )  # fmt: skip
    return done(request, back(request, address("rounds")), _("Noted. Thank you."))


@act
def hardship_undo(request, hardship_id: UUID) -> HttpResponse:
    """This function will take back what was flagged by mistake."""
    hardship.take_back(row=_hardship(request, hardship_id), by=request.viewer)
    return done(request, back(request, address("rounds")), _("Taken back."))


urlpatterns = [
    path("round", round_list, name="rounds"),
    path("round/<uuid:village_id>", village, name="round"),
    path("round/<uuid:village_id>/take", round_take, name="round_take"),
    path("round/<uuid:village_id>/return", round_return, name="round_return"),
    path("hardships/<uuid:hardship_id>/answer", hardship_answer, name="hardship_answer"),
    path("hardships/<uuid:hardship_id>/withdrawn", hardship_undo, name="hardship_undo"),
]
