"""What a phone takes along, as JSON: `GET /carry` today, pupils, sheets; `GET /carry/key` the key that shuts them there.

Answers only the one who is signed in, is never cached, and says 401 as JSON where a page would ask to sign in.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import agenda, carry, clock, rounds
from bangfu.web import record_form, today
from bangfu.web.formats import days, listed
from bangfu.web.record_form import as_uuid


def told(answer: dict, status: int = 200) -> JsonResponse:
    """This function will answer with JSON as it reads, Chinese unescaped, kept nowhere on the way."""
    return JsonResponse(
        answer,
        status=status,
        headers={"Cache-Control": "private, no-store"},
        json_dumps_params={"ensure_ascii": False, "separators": (",", ":")},
    )


def for_programs(*methods: str):
    """This function will wrap a view that a page's program asks: without a session it says 401 in JSON."""

    def wrap(view):
        @wraps(view)
        def answer(request, *args, **kwargs) -> HttpResponse:
            if getattr(request, "viewer", None) is None:
                words = _("Please sign in again. What you wrote stays on this device.")
                return told({"error": words, "code": "signed_out"}, 401)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        return login_not_required(answer)

    return wrap


@for_programs("GET")
def carry_key(request) -> HttpResponse:
    """This function will give the key of this person on this device."""
    device = as_uuid(request.GET.get("device", ""))
    if device is None:
        return told({"error": _("The device's number is missing."), "code": "device"}, 422)
    staff = request.viewer.staff
    key_id, key, older = carry.keys_text(staff_id=staff.pk, device=device)
    said = {"key": key, "key_id": key_id, "older": older, "staff": staff.pk, "device": device}
    return told(said | {"token": get_token(request)})


@for_programs("GET")
def carried(request) -> HttpResponse:
    """This function will give all that goes along: today's rows, kinds, pupils, reasons, whom to call, villages."""
    viewer = request.viewer
    found = agenda.agenda(viewer)
    return told(
        {
            "made_at": clock.now(),
            "day": viewer.day,
            "until": viewer.day + carry.KEPT,
            "lasts": request.session.get_expiry_age(),
            "staff": {"id": viewer.staff.pk, "name": viewer.staff.name},
            "today": _rows(found),
            "forms": [{"key": spec.key, "title": spec.title} for spec in record_form.forms(viewer)],
            "pupils": carry.pupils(viewer, found.helped),
            "reasons": [
                {"key": key, "title": _(words), "at_home": key in today.AT_HOME}
                for key, words in today.REASONS
            ],
            "call": carry.principals(viewer),
            "villages": rounds.carried(viewer),
        }
    )


def _rows(found: agenda.Agenda) -> list[dict]:
    groups = (("today", found.today), ("week", found.week), ("late", found.late))
    return [_row(row, group) for group, rows in groups for row in rows if row.kind in ("case", "place")]


def _row(row: agenda.Row, group: str) -> dict:
    children = [{"id": child.id, "name": child.name} for child in row.children]
    return {
        "group": group,
        "title": listed(row.titles),
        "who": listed(row.names) or row.label,
        "when": _("by this evening") if group == "today" else days(row.opens_on, row.due_on),
        "children": children,
        "kind": row.activity,
        "at_home": "guardian_contact" in row.accepts,
        "duty": row.duties[0],
        "cells": list(row.cells),
    }


urlpatterns = [
    path("carry", carried, name="carry"),
    path("carry/key", carry_key, name="carry_key"),
]
