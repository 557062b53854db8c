"""一户一档: one home's card, a visit and sudden hardship written at the door, and the family's 明白卡 (ux §2.5-F)."""

from uuid import UUID, uuid4

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import adopt, calling, clear_card, company, hardship, household_visits, rounds
from bangfu.records.models import Household, HouseholdVisit
from bangfu.web.formats import listed
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import DANGER, as_uuid
from bangfu.web.reports import file_answer

STATES = {True: "ok", False: "bad"}
SHOWN = (("wants", rounds.WANTED), ("hard", rounds.HARD), ("needs", rounds.NEXT), ("done", rounds.DONE_FOR))


def _household(request, household_id: UUID) -> Household:
    found = rounds.household_of(request.viewer, household_id)
    if found is None:
        raise Http404
    return found


@page
def household(request, household_id: UUID) -> HttpResponse:
    """This function will show one home's card; a POST writes a visit or sudden hardship down."""
    viewer, of = request.viewer, _household(request, household_id)
    if request.method == "POST":
        return _write(request, of)
    card = rounds.card(viewer, of)
    pupils = household_visits.children(of, viewer.day)
    for_two = company.is_for(pupils, viewer)
    mates = company.mates([one.pk for one in pupils], viewer) if for_two else []
    context = {
        "card": card,
        "place": rounds.place_words(card.stop),
        "six": _six(card),
        "told": {name: _said(card, keys) for name, keys in SHOWN},
        "visits": [
            (one, household_visits.said(one), one.author_id == viewer.staff.pk) for one in card.visits
        ],
        "kinds": hardship.WORDS,
        "answers": list(hardship.ANSWERS.items()),
        "may_answer": hardship.may_answer(of, viewer),
    }
    came_back = request.POST if getattr(request, "came_back", False) else None
    asked = next((what for what in ("visit", "hardship") if what in request.GET), "")
    opened = came_back.get("what", "") if came_back else asked
    context |= {
        **blank_fields(viewer.day.isoformat()),
        "for_two": for_two,
        "danger": DANGER,
        "numbers": calling.numbers(viewer, [one for one in pupils if one.pk in card.near]),
        "mates": [(str(mate.id), f"{mate.name}（{mate.why}）") for mate in mates],
        "opened": opened,
        "visit_picked": came_back.getlist if opened == "visit" and came_back else nothing,
        "hardship_picked": came_back.getlist if opened == "hardship" and came_back else nothing,
        "visit_id": (came_back or {}).get("id") or str(uuid4()),
        "hardship_id": str(uuid4()),
    }
    return render(request, "round/household.html", context)


def nothing(_name: str) -> tuple:
    """This function will pick nothing: a form nobody has begun."""
    return ()


def blank_fields(today: str) -> dict:
    """This function will give what round/visit_fields.html and hardship_fields.html need, with nobody's data in it."""
    return {
        "asked": household_visits.asked(),
        "kind_choices": hardship.words(),
        "mates": [],
        "for_two": False,
        "today": today,
    }


def _six(card) -> list[tuple]:
    """The six guarantees: (key, title, said or None, on which day)."""
    if card.facts is None:
        return []
    specs, found = adopt.shelf().commons.facts, []
    for key in rounds.SIX:
        stated = card.facts.get(key)
        found.append(
            (
                key,
                specs[key].title.removesuffix("有保障"),
                stated.value if stated else None,
                stated and stated.valid_from,
            )
        )
    return found


def _said(card, keys) -> str:
    facts = card.facts or {}
    return listed(str(facts[key].value) for key in keys if key in facts and facts[key].value)


def _write(request, of: Household) -> HttpResponse:
    viewer, posted = request.viewer, request.POST
    body = {**dict(posted.lists()), "household": [str(of.pk)]}
    key = as_uuid(posted.get("id", "")) or uuid4()
    to = address("household", of.pk)
    if posted.get("what") == "hardship":
        row, _closes = hardship.write(id=key, body=body, by=viewer)
        said = _(
            "Noted. The principal, the aid officer and whoever looks after this home see it. Somebody goes there by "
            "%(day)s; if it is urgent, ring first."
        )
        day = f"{row.due_on.month}月{row.due_on.day}日"
        return done(request, to, said % {"day": day}, undo=address("hardship_undo", row.pk))
    row, closes = household_visits.write(id=key, body=body, by=viewer)
    said = _("Noted. It also stands in the file of the pupil you help.") if row.evidence_id else _("Noted.")
    said += _("This also completes: %(what)s.") % {"what": listed(closes)} if closes else ""
    return done(request, to, said, undo=address("visit_undo", row.pk), then=_next(viewer, of))


def _next(viewer, of: Household) -> tuple[str, str] | None:
    """The home after this one on the way."""
    if of.village is None or not rounds.goes_there(viewer, of):
        return None
    stops = rounds.stops(viewer, of.village)
    at = next((n for n, stop in enumerate(stops) if stop.home.household.pk == of.pk), len(stops))
    if at + 1 >= len(stops):
        return None
    after = stops[at + 1].home
    return _("Next home: %(who)s →") % {"who": after.title}, address("household", after.household.pk)


@act
def visit_undo(request, visit_id: UUID) -> HttpResponse:
    """This function will take a visit back."""
    row = get_object_or_404(HouseholdVisit.objects.visible_to(request.viewer), pk=visit_id)
    household_visits.withdraw(visit=row, by=request.viewer)
    return done(request, address("household", row.household_id), _("Taken back: the visit no longer counts."))


@act
def guarantee(request, household_id: UUID) -> HttpResponse:
    """This function will say of one of the six guarantees that it is there or lacking."""
    of, answer = _household(request, household_id), request.POST.get("answer", "")
    if answer not in ("yes", "no"):
        raise rounds.NotThat
    rounds.verify(household=of, key=request.POST.get("key", ""), is_so=answer == "yes", by=request.viewer)
    return done(request, address("household", household_id), _("Noted, as of today."))


@act
def household_stands(request, household_id: UUID) -> HttpResponse:
    """This function will note in which group and at which door a home stands."""
    posted = request.POST
    rounds.stand(
        household=_household(request, household_id), group=posted.get("group_name", ""), door=posted.get("door", ""),
        by=request.viewer,
    )  # fmt: skip
    return done(request, address("household", household_id), _("Noted."))


@page
def card(request, household_id: UUID) -> HttpResponse:
    """This function will show the family's card, for the doorstep and for the printer."""
    of = _household(request, household_id)
    context = {"household": of, "clear": clear_card.of(household=of, by=request.viewer), "card": clear_card}
    return render(request, "round/clear_card.html", context)


@act
def card_file(request, household_id: UUID) -> HttpResponse:
    """This function will answer with the family's card as Word, A5."""
    return file_answer(clear_card.printed(household=_household(request, household_id), by=request.viewer))


urlpatterns = [
    path("households/<uuid:household_id>", household, name="household"),
    path("households/<uuid:household_id>/guarantees", guarantee, name="guarantee"),
    path("households/<uuid:household_id>/place", household_stands, name="household_stands"),
    path("households/<uuid:household_id>/card", card, name="clear_card"),
    path("households/<uuid:household_id>/card/file", card_file, name="clear_card_file"),
    path("households/visits/<uuid:visit_id>/withdrawn", visit_undo, name="visit_undo"),
]
