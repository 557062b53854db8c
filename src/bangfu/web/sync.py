"""`POST /sync`: a phone sends what it kept, and hears for each thing what became of it. `GET /sync` gives a fresh token.

A sheet that was away is read by the same function as one on a page (record_form.read), so both become the same record.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.http import HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.flow import sync as verbs
from bangfu.flow.sync_item import Item, NoSuchChild, NotKnown, Result
from bangfu.web import record_form
from bangfu.web.carry import for_programs, told
from bangfu.web.place import Unfinished
from bangfu.web.record_form import as_uuid

log = logging.getLogger("bangfu.web")
MOST = 200
LARGEST = 4 * 1024 * 1024
SHEETS = ("record", "amend")
STORED = {
    "amend": N_("Changed. The earlier words stay visible."),
    "profile": N_("Changed. What stood before is in the trail."),
    "hand_in": N_("Handed in. Thank you."),
    "cells": N_("Kept."),
}


@for_programs("GET", "POST")
def sync(request) -> HttpResponse:
    """This function will take in what a device sent, item by item."""
    viewer = request.viewer
    if request.method == "GET":
        return told({"token": get_token(request), "staff": viewer.staff.pk, "day": viewer.day})
    sent = _sent(request)
    if sent is None:
        words = _("What the device sent could not be read. It is kept there; please try again later.")
        return told({"error": words, "code": "unreadable"}, 422)
    device, rows = sent
    found = {one.id: one for one in take_rows(rows, device, viewer)}
    return told({"results": [_result(found[row["id"]], row) for row in rows]})


def _sent(request) -> tuple | None:
    """(device, items with their ids read), or None where the envelope itself is broken."""
    if len(request.body) > LARGEST:
        return None
    try:
        asked = json.loads(request.body)
        device, rows = as_uuid(asked["device"]), [dict(row) for row in asked["items"]]
    except (ValueError, TypeError, KeyError):
        return None
    for row in rows:
        row["id"] = as_uuid(row.get("id", ""))
    return (device, rows) if device and len(rows) <= MOST and all(row["id"] for row in rows) else None


def take_rows(rows: Iterable[dict], device, by, sent_by=None) -> list[Result]:
    """This function will take in items as a device wrote them, in the name of `by`; others' are not `by`'s to send."""
    rows = list(rows)
    me = str(by.staff.pk)
    own = [row for row in rows if str(row.get("author", "")).lower() == me]
    words = _("This was written by somebody else. It goes on when they sign in on this device.")
    others = [Result(row["id"], "refused", words) for row in rows if str(row.get("author", "")).lower() != me]
    items = [_item(row, device, by) for row in own]
    return others + _taken(items, by, sent_by)


def _taken(items: list[Item], by, sent_by) -> list[Result]:
    """All at once; should one of them break us, one by one, so that it holds up no other."""
    try:
        return verbs.take(items=items, by=by, sent_by=sent_by)
    except Exception:
        log.exception("sync broke on %d items", len(items))
    found = []
    for item in items:
        try:
            found += verbs.take(items=[item], by=by, sent_by=sent_by)
        except Exception:
            log.exception("sync broke on one item: %s", item.kind)
            found.append(Result(item.id, "refused", _("Our side could not take this one. It stays here.")))
    return found


def _item(row: dict, device, by) -> Item:
    body = row.get("body") if isinstance(row.get("body"), dict) else {}
    kind, seq = str(row.get("kind", "")), row.get("seq")
    pupils = body.get("pupils") if kind == "record" else [body.get("pupil")] if body.get("pupil") else []
    pupils = [as_uuid(pk) for pk in pupils] if isinstance(pupils, list) else [None]
    entry, fault = None, "" if None not in pupils else NoSuchChild.sentence
    if kind in SHEETS and not fault:
        entry, fault = _read(row["id"], body, by)
    return Item(
        row["id"], kind, device, body, seq if isinstance(seq, int) and 0 <= seq < 2**31 else 0,
        _moment(row.get("made_at")), entry, fault, tuple(pupils) if not fault else (),
    )  # fmt: skip


def _moment(text) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None


def _read(pk, body: dict, by) -> tuple:
    """(entry, "") or (None, what is missing in it)."""
    try:
        return replace(record_form.read(_posted(body), by), id=pk), ""
    except Unfinished as unfinished:
        return None, "；".join(fault.what for fault in unfinished.faults) + "。"
    except (TypeError, ValueError, AttributeError):
        return None, NotKnown.sentence


def _posted(body: dict) -> QueryDict:
    """The sheet as its page would post it: every field by its name, as a list."""
    posted = QueryDict(mutable=True)
    for name, values in body["form"].items() if isinstance(body.get("form"), dict) else ():
        posted.setlist(name, [str(one) for one in (values if isinstance(values, list) else [values])])
    return posted


def _result(one: Result, row: dict) -> dict:
    sentence = one.sentence or _words(one, str(row.get("kind", "")))
    return {"id": one.id, "state": one.state, "sentence": sentence, "closes": one.closes}


def _words(one: Result, kind: str) -> str:
    if one.state == "stored":
        return _(STORED.get(kind, "Noted."))
    if one.state == "known":
        return _("The school has it already.")
    if one.state == "conflict":
        return _("Somebody else changed the same thing meanwhile. Both are kept until one is chosen.")
    if one.reason == "sealed":
        return _(
            "That month is already sealed. The school keeps what you wrote, a colleague will look at it."
        )
    if one.reason == "moved":
        return _(
            "The child was not at the school that day. The school keeps what you wrote, a colleague will look."
        )
    return _("Somebody else looks after this child now. The school keeps what you wrote and passes it on.")


urlpatterns = [path("sync", sync, name="sync")]
