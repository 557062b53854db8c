"""What a phone takes along, as JSON: `GET /carry` today, pupils, sheets, and the months and classes that wait.

`GET /carry/key` gives the key that shuts it there.

Answers only the one who is signed in, is never cached, and says 401 as JSON where a page would ask to sign in.
"""

from datetime import date
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.middleware.csrf import get_token
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.flow import agenda, carry, clock, month, rounds
from bangfu.flow import class_grid as grid
from bangfu.records.models.places import SchoolClass, class_label
from bangfu.web import record_form, review, today
from bangfu.web.class_grid import heading, options
from bangfu.web.formats import day, days, listed
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
            "months": _months(viewer, found),
            "classes": _classes(viewer, found),
        }
    )


def _rows(found: agenda.Agenda) -> list[dict]:
    groups = (("today", found.today), ("week", found.week), ("late", found.late))
    return [_row(row, group, found.day) for group, rows in groups for row in rows if row.kind in ("case", "place", "survey")]


def _row(row: agenda.Row, group: str, on: date) -> dict:
    children = [{"id": child.id, "name": child.name} for child in row.children]
    is_survey = row.kind == "survey"
    return {
        "group": group,
        "title": listed(row.titles),
        "who": class_label(*row.class_of, on) if is_survey else listed(row.names) or row.label,
        "when": _("by this evening") if group == "today" else days(row.opens_on, row.due_on),
        "children": children,
        "kind": row.activity,
        "at_home": "guardian_contact" in row.accepts,
        "duty": row.duties[0],
        "class": row.place[1] if is_survey else None,
        "cells": list(row.cells),
    }


def _months(viewer, found: agenda.Agenda) -> list[dict]:
    """The months that wait to be handed in, as their page would show them now."""
    cards = {(one.period, one.plan): one for one in found.month if one.kind == "hand_in"}
    waiting = month.waiting(viewer, {period for period, _plan in cards}) if cards else []
    return [
        _month(one, viewer, cards[one.period.key, one.plan.key])
        for one in waiting
        if (one.period.key, one.plan.key) in cards
    ]


def _month(one: month.Month, viewer, owed) -> dict:
    card = today.month_card(owed, viewer.day)
    due = _("It was for %(day)s, and can still be handed in.") if card["is_late"] else _("By %(day)s.")
    children = review.children_of(review.content_of(one, viewer))
    return {
        "month": one.period.key,
        "plan": one.plan.key,
        "title": card["title"],
        "what": one.plan.short_title,
        "so_far": card["so_far"],
        "due": due % {"day": day(card["due"])},
        "question": one.sheet.question if one.sheet else "",
        "children": [
            {"name": child.name, "place": child.place, "missing": child.missing, "counts": listed(child.counts)}
            for child in children
        ],
    }


def _classes(viewer, found: agenda.Agenda) -> list[dict]:
    """The grids of the classes that wait to be looked at; no other class's answers go along."""
    rows = [row for some in (found.today, found.week, found.late) for row in some if row.kind == "survey"]
    ids = {row.place[1] for row in rows}
    mine = SchoolClass.objects.visible_to(viewer).filter(pk__in=ids).in_order() if ids else ()
    return [_grid(one, viewer) for one in mine if grid.may_fill(viewer, one)]


def _grid(school_class: SchoolClass, viewer) -> dict:
    columns, rows = grid.rows(school_class=school_class, by=viewer)
    return {
        "id": school_class.pk,
        "label": school_class.label_on(viewer.day),
        "columns": [
            {"key": one.key, "heading": heading(one), "meaning": one.meaning, "rest": one.rest, "options": options(one)}
            for one in columns
        ],
        "rows": [
            {
                "id": row.id,
                "name": row.name,
                "no": row.seat_no,
                "cells": grid.shown(row),
                "fixed": {at: cell.words for at, cell in enumerate(row.cells) if cell.is_fixed},
            }
            for row in rows
        ],
    }


urlpatterns = [
    path("carry", carried, name="carry"),
    path("carry/key", carry_key, name="carry_key"),
]
