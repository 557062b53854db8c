"""要您看一眼: what phones sent and a person should decide, two values of one field, and a file brought from a phone.

Each stands with whose it is and when it was written; the words are shown only to who looks after the child now.
"""

from collections import Counter

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import inbox as verbs
from bangfu.flow import merge, outbox_file
from bangfu.records.models import FieldConflict, Staff, SyncItem
from bangfu.web import record_form
from bangfu.web.formats import day as day_of
from bangfu.web.formats import listed
from bangfu.web.place import act, address, done, page, render, sent_file
from bangfu.web.record_form import as_uuid
from bangfu.web.sync import take_rows

WHY = {
    "not_yours": N_("The child has another helper since."),
    "moved": N_("The child was not at the school that day."),
    "sealed": N_("That month is already sealed."),
}
FIELDS = {
    "phone": N_("Phone"), "name": N_("Name"), "relation": N_("Relation"), "work_place": N_("Place of work"),
    "address": N_("Address"),
}  # fmt: skip
STATES = {
    "stored": N_("stored"), "known": N_("here already"), "review": N_("to be looked at"),
    "conflict": N_("two values, to be chosen"), "refused": N_("not taken"),
}  # fmt: skip


@page
def inbox(request) -> HttpResponse:
    """This function will list what waits for the viewer."""
    viewer = request.viewer
    context = {
        "held": [_held(one) for one in verbs.waiting(viewer)],
        "conflicts": [_conflict(one) for one in merge.conflicts(viewer)],
    }
    return render(request, "inbox/inbox.html", context)


def _held(one: verbs.Held) -> dict:
    entry, item = one.entry, one.item
    return {
        "id": item.pk,
        "who": listed(pupil.name for pupil in one.pupils),
        "pupil": item.pupil_id,
        "what": record_form.activity_names(entry.activities),
        "on": entry.happened_on,
        "author": item.author.name,
        "arrived": item.arrived_at,
        "why": _(WHY[item.reason]),
        "said": record_form.said(entry.activities, entry.answers),
        "note": entry.note,
        "bright": entry.bright_spot,
        "helpers": [(helper.pk, helper.name) for helper in one.helpers],
        "asked": item.handed_to.name if item.handed_to else "",
    }


def _conflict(one: FieldConflict) -> dict:
    last = merge.last_writer(one)
    stands = merge.text_of(one.guardian or one.pupil, one.field)
    about = one.guardian.relation or one.guardian.name if one.guardian else ""
    return {
        "id": one.pk,
        "who": one.pupil.name,
        "pupil": one.pupil_id,
        "field": " ".join(part for part in (about, _(FIELDS[one.field])) if part),
        "stands": stands,
        "stands_by": f"{last[0]} {day_of(last[1])}" if last else _("as the roll has it"),
        "sent": one.value.reveal() if one.value else "",
        "sent_by": f"{one.by.name} {day_of(one.made_at or one.arrived_at)}",
        "why": _("Its writer no longer looks after the child.") if one.reason == "not_yours" else "",
    }


def _item(request, item_id) -> SyncItem:
    row = SyncItem.objects.visible_to(request.viewer).filter(pk=item_id).first()
    if row is None:
        raise Http404
    return row


@act
def held_kept(request, item_id) -> HttpResponse:
    """This function will keep what was held as the record of that day."""
    verbs.keep(item=_item(request, item_id), by=request.viewer)
    return done(request, address("inbox"), _("Kept as the record of that day, in its author's name."))


@act
def held_handed(request, item_id) -> HttpResponse:
    """This function will ask the child's present helper to look at it."""
    item = _item(request, item_id)
    staff = Staff.objects.visible_to(request.viewer)
    to = staff.filter(pk=as_uuid(request.POST.get("helper", ""))).first()
    if to is None:
        raise verbs.WhoHelps
    verbs.hand(item=item, to=to, by=request.viewer)
    return done(request, address("inbox"), _("%(who)s can look at it now.") % {"who": to.name})


@act
def held_dropped(request, item_id) -> HttpResponse:
    """This function will leave it out of the records, with a reason."""
    verbs.drop(item=_item(request, item_id), because=request.POST.get("because", ""), by=request.viewer)
    return done(request, address("inbox"), _("Left out of the records. Why stands in the trail."))


@act
def conflict_chosen(request, conflict_id) -> HttpResponse:
    """This function will settle which of two values stands."""
    one = FieldConflict.objects.visible_to(request.viewer).filter(pk=conflict_id).first()
    if one is None:
        raise Http404
    merge.choose(conflict=one, chosen=request.POST.get("chosen", ""), by=request.viewer)
    return done(request, address("inbox"), _("Noted. The other value stays in the trail."))


@page
def inbox_file(request) -> HttpResponse:
    """This function will take in a file exported on a phone."""
    viewer = request.viewer
    if request.method != "POST":
        return render(request, "inbox/file.html", {"became": None})
    content, _name = sent_file(request, _("Export it on the phone, on the page of what waits."))
    seen = outbox_file.look(content=content, by=viewer)
    became = load(seen, viewer)
    return render(request, "inbox/file.html", {
        "became": [(_(STATES[state]), count) for state, count in became.items()],
        "author": seen.author.staff.name,
        "broken": len(seen.opened.broken),
        "refused": "refused" in became,
    })  # fmt: skip


def load(seen: outbox_file.Brought, by) -> dict[str, int]:
    """This function will take in the items of an opened file and count what became of them; safe to do twice."""
    rows = [dict(row, id=as_uuid(row["id"])) for row in seen.opened.items]
    results = take_rows(rows, seen.opened.device, seen.author, by)
    states = dict(Counter(one.state for one in results))
    outbox_file.brought(seen=seen, states=states, by=by)
    return states


urlpatterns = [
    path("inbox", inbox, name="inbox"),
    path("inbox/file", inbox_file, name="inbox_file"),
    path("inbox/<uuid:item_id>/kept", held_kept, name="held_kept"),
    path("inbox/<uuid:item_id>/handed", held_handed, name="held_handed"),
    path("inbox/<uuid:item_id>/dropped", held_dropped, name="held_dropped"),
    path("inbox/values/<uuid:conflict_id>/chosen", conflict_chosen, name="conflict_chosen"),
]
