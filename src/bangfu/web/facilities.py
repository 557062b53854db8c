"""场所: the places a plan counts on, what is still missing in each, who keeps it, and the book of what came and went."""

from datetime import date
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import facilities
from bangfu.records.models.facilities import Facility
from bangfu.records.models.people import Staff
from bangfu.web.areas import an_id, around
from bangfu.web.formats import day
from bangfu.web.place import act, address, done, page, render

WHYS = {
    "got": N_("came in"),
    "given_out": N_("given out"),
    "brought_back": N_("brought back"),
    "used_up": N_("used up or broken"),
}


@page
def facility_list(request) -> HttpResponse:
    """This function will show the school's places and those asked for; and open one."""
    viewer = request.viewer
    if request.method == "POST":
        facilities.open_place(place=_place(request), by=viewer)
        return done(request, address("facilities"), _("The place is kept."))
    people = Staff.objects.visible_to(viewer).at_work_on(viewer.day).order_by("sort_key")
    context = {
        "lines": facilities.standing(viewer),
        "around": around(viewer, "facilities"),
        "decides": viewer.holds(*facilities.DECIDERS),
        "people": [(str(pk), name) for pk, name in people.values_list("pk", "name")],
        "whys": [(key, _(words)) for key, words in WHYS.items()],
        "book": _book,
        "fresh": lambda: str(uuid4()),
        "today": viewer.day.isoformat(),
    }
    return render(request, "facilities/facilities.html", context)


def _book(moves) -> list[list]:
    return [
        [day(one.on), one.thing.name, f"{one.change:+d}", f"{_(WHYS[one.why])} {one.words}", one.by.name]
        for one in moves
    ]


def _place(request, keeper: Staff | None = None) -> facilities.Place:
    posted = request.POST
    if chosen := an_id(posted.get("keeper", "")):
        here = Staff.objects.visible_to(request.viewer).at_work_on(request.viewer.day)
        keeper = get_object_or_404(here, pk=chosen)
    elif "keeper" in posted:
        keeper = None
    words = {name: posted.get(name, "") for name in ("name", "key", "room", "hours", "booking")}
    return facilities.Place(**words, keeper=keeper)


def _mine(request, facility_id: UUID) -> Facility:
    rows = Facility.objects.visible_to(request.viewer).open_on(request.viewer.day)
    return get_object_or_404(rows.select_related("keeper"), pk=facility_id)


@act
def facility(request, facility_id) -> HttpResponse:
    """This function will change what is written of a place."""
    row = _mine(request, facility_id)
    facilities.change(facility=row, place=_place(request, row.keeper), by=request.viewer)
    return done(request, address("facilities"), _("The place is kept."))


@act
def facility_close(request, facility_id) -> HttpResponse:
    """This function will close a place."""
    facilities.close(facility=_mine(request, facility_id), by=request.viewer)
    return done(request, address("facilities"), _("The place is closed. What came and went stays written."))


@act
def facility_move(request, facility_id) -> HttpResponse:
    """This function will write down what came or went."""
    row, posted = _mine(request, facility_id), request.POST
    try:
        on, how_many = date.fromisoformat(posted.get("on", "")), int(posted.get("how_many", ""))
    except ValueError:
        raise facilities.NoNumber from None
    moved = facilities.Moved(
        name=posted.get("thing", ""),
        how_many=how_many,
        why=posted.get("why", ""),
        on=on,
        words=posted.get("words", ""),
        id=an_id(posted.get("id", "")) or uuid4(),
    )
    facilities.move(facility=row, moved=moved, by=request.viewer)
    return done(request, address("facilities"), _("Noted."))


urlpatterns = [
    path("facilities", facility_list, name="facilities"),
    path("facilities/<uuid:facility_id>", facility, name="facility"),
    path("facilities/<uuid:facility_id>/close", facility_close, name="facility_close"),
    path("facilities/<uuid:facility_id>/things", facility_move, name="facility_move"),
]
