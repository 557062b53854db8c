"""What opens without a connection: a shell that holds no data, its service worker, the manifest, and the queue's page.

P9-03 and P9-15 are kept where there is no signal. The shell is the same for everybody and may be fetched by nobody in
particular; what it shows comes sealed from the device (static/bangfu/vault.js), never from a cache of pages.
"""

import hashlib
import json
from functools import lru_cache
from types import SimpleNamespace

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from bangfu.flow import adopt
from bangfu.web import household, record_form
from bangfu.web.environment import static
from bangfu.web.navigation import Link, Navigation
from bangfu.web.place import Typed, page, render

FILES = (
    "shell.css", "parts.css", "print.css", "record.css", "class_grid.css", "icons.svg", "mark.svg", "icon-192.png",
    "vault.js", "outbox.js", "sending.js", "drafts.js", "shell.js", "carry.js", "queue.js", "away.js", "record.js",
    "away_month.js", "away_class.js", "class_grid.js",
)  # fmt: skip
ICONS = (("mark.svg", "any", "image/svg+xml"), ("icon-192.png", "192x192", "image/png"),
         ("icon-512.png", "512x512", "image/png"))  # fmt: skip


def _nobodys(template: str, **context) -> str:
    """A page drawn for nobody: no viewer, no messages, no token, so that it may lie on any device."""
    bare = {
        "viewer": None, "day": None, "nav": _bar(), "said": [], "typed": Typed(), "refusal": "", "faults": (),
        "large_text": False, "csrf_input": "", "is_shell": True, "request": SimpleNamespace(path="/away"),
    }  # fmt: skip
    return engines["jinja2"].env.get_template(template).render({**bare, **context})


def _bar() -> Navigation:
    links = (
        Link("/", _("Today"), "today", False, "today"),
        Link("/record/new", _("Record"), "plus", False, "record_new"),
        Link("/outbox", _("To be sent"), "intake", False, "outbox"),
    )
    return Navigation((), links)


def _sheet() -> str:
    """The record sheet of every quick kind, by the template of its page; the device hides what it was not given."""
    quick = frozenset(key for key, spec in adopt.shelf().commons.forms.items() if spec.quick)
    parts = record_form.parts(None, (), lambda _name: (), quick)
    along = {
        part.key: record_form.with_whom(part, [], lambda _name: (), None) for part in parts if part.is_at_home
    }
    whom = SimpleNamespace(
        is_asked=True, several="", offered=(), chosen=(), choices=(), tapped=(), kinds=(), draft="", title=""
    )
    return _nobodys(
        "record/sheet.html", frame="away/bare.html", title="", whom=whom, place=None, record_id="", on="",
        today="", parts=parts, went_along=along, given=lambda _name: (), cancel="/", draft="away",
        before=SimpleNamespace(note="", bright_spot="", reflection="", next=""), danger=record_form.DANGER, numbers=(),
    )  # fmt: skip


def _doorstep() -> str:
    """What is written at a home: a visit and a sudden hardship, by the templates of the household's page."""
    return _nobodys(
        "away/visit.html", **household.blank_fields(""), picked=household.nothing, danger=record_form.DANGER, shell=True
    )


def _again() -> list[str]:
    """Chips that may stay for the next child: what was done, never how a child is."""
    forms = adopt.shelf().commons.forms.values()
    return [f"{spec.key}.{group.key}" for spec in forms for group in spec.groups if group.again]


def kinds() -> str:
    """This function will name the kinds of things that wait, as JSON for the script."""
    said = {
        "record": _("Record"),
        "amend": _("Change of a record"),
        "withdraw": _("Taking a record back"),
        "undone": _("Not possible"),
        "profile": _("Change of a number or a name"),
        "household_visit": _("Visit of a household"),
        "hardship": _("Sudden hardship"),
        "contact": _("Contact with the family"),
        "hand_in": _("Records of a month"),
        "cells": _("The class in one grid"),
        "": _("Something written"),
    }
    return json.dumps(said, ensure_ascii=False)


@lru_cache(maxsize=8)
def _drawn(_language: str) -> str:
    unknown = {
        "child": SimpleNamespace(id=""),
        "bright": None,
        "fresh_id": str,
        "day": SimpleNamespace(isoformat=str),
    }
    return _nobodys(
        "away/shell.html", sheet=_sheet(), again=_again(), kinds=kinds(),
        bright_form=_nobodys("away/bright.html", **unknown), asked=_nobodys("away/asked.html"), doorstep=_doorstep(),
    )  # fmt: skip


def _shell() -> str:
    return _drawn.__wrapped__("") if settings.DEBUG else _drawn(get_language())


def _files() -> list[str]:
    return [static(f"bangfu/{name}") for name in FILES]


def _worker(version: str = "") -> str:
    return (
        engines["jinja2"]
        .env.get_template("away/worker.js")
        .render(version=version, shell=f"/away?v={version}", files=_files())
    )


@lru_cache(maxsize=8)
def _version(_language: str) -> str:
    return hashlib.sha256((_shell() + _worker()).encode()).hexdigest()[:10]


def version() -> str:
    """This function will name the shell by its content, in the reader's language."""
    return _version.__wrapped__("") if settings.DEBUG else _version(get_language())


@login_not_required
def away(request) -> HttpResponse:
    """This function will give the shell: forms of pages, and no data."""
    return HttpResponse(_shell())


@login_not_required
def worker(request) -> HttpResponse:
    """This function will give the service worker, from the root, so that it may answer for every page."""
    headers = {"Cache-Control": "private, max-age=3600", "Service-Worker-Allowed": "/"}
    return HttpResponse(_worker(version()), content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
def manifest(request) -> HttpResponse:
    """This function will say how this looks as an app on a phone."""
    icons = [{"src": static(f"bangfu/{name}"), "sizes": sizes, "type": kind} for name, sizes, kind in ICONS]
    said = {
        "name": _("Bangfu"), "short_name": _("Bangfu"), "id": "/", "start_url": "/", "scope": "/",
        "display": "standalone", "background_color": "#FBFAF7", "theme_color": "#FBFAF7", "icons": icons,
    }  # fmt: skip
    return JsonResponse(
        said,
        content_type="application/manifest+json",
        json_dumps_params={"ensure_ascii": False},
        headers={"Cache-Control": "private, max-age=86400"},
    )


@page
def outbox(request) -> HttpResponse:
    """This function will show the frame of the queue; what is in it only the device knows."""
    return render(request, "away/outbox.html", {"kinds": kinds()})


urlpatterns = [
    path("away", away, name="away"),
    path("sw.js", worker, name="worker"),
    path("manifest.webmanifest", manifest, name="manifest"),
    path("outbox", outbox, name="outbox"),
]
