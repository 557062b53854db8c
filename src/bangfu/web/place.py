"""How a place is written: `@page` or `@act` above the view, `render` and `done` inside it.

A Refusal raised by a verb becomes one calm sentence here and nowhere else; what was typed stays in the form.
"""

import json
from dataclasses import dataclass
from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template import engines
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from bangfu.engine.fault import Fault
from bangfu.engine.refusal import Refusal
from bangfu.exchange.sheets import Limits
from bangfu.web.environment import url
from bangfu.web.navigation import Navigation


class Unfinished(Exception):
    """A form with faults: `raise Unfinished(faults)` shows the same page again, with the faults and what was typed."""

    def __init__(self, faults):
        super().__init__(f"{len(faults)} faults")
        self.faults = tuple(faults)


def sent_file(request, hint: str = "") -> tuple[bytes, str]:
    """This function will give (bytes, name) of the file of a form, no more than a table may have; else the form comes back."""
    file = request.FILES.get("file")
    if file is None:
        raise Unfinished([Fault("file", _("No file was chosen."), hint)])
    return file.read(Limits().file_bytes + 1), file.name


@dataclass(frozen=True)
class Typed:
    """What was typed into a form that came back: `typed("note", record.note)`, `typed.all("about", record.about)`."""

    posted: object = None

    def __call__(self, name: str, otherwise=""):
        return otherwise if self.posted is None else self.posted.get(name, "")

    def all(self, name: str, otherwise=()):
        return list(otherwise) if self.posted is None else self.posted.getlist(name)

    def __bool__(self) -> bool:
        return self.posted is not None


@dataclass(frozen=True)
class Said:
    """One message on the next page. `kind` is done or refused; `undo` an address to post to; `then` a link onward."""

    text: str
    kind: str = "done"
    undo: str = ""
    then: tuple[str, str] | None = None


def render(
    request: HttpRequest, template: str, context: dict | None = None, *, status: int = 200
) -> HttpResponse:
    """This function will answer with a page. Every template also knows viewer, day, nav, said, typed, refusal, faults."""
    viewer = getattr(request, "viewer", None)
    everywhere = {
        "viewer": viewer,
        "day": getattr(request, "day", None),
        "nav": Navigation.of(viewer, request.path),
        "said": [_said(message) for message in messages.get_messages(request)] if viewer else [],
        "typed": Typed(request.POST if getattr(request, "came_back", False) else None),
        "refusal": getattr(request, "refusal", ""),
        "faults": getattr(request, "faults", ()),
        "large_text": request.COOKIES.get("text") == "large",
    }
    page = engines["jinja2"].get_template(template).render({**everywhere, **(context or {})}, request)
    return HttpResponse(page, status=status)


def page(view):
    """This function will wrap a view for GET and POST at one address.

    On a POST the view calls a verb and returns `done(…)`. If the verb refuses, or the view raises Unfinished,
    the view is asked for its page again, which then shows the sentence (or faults) and `typed` (status 422).
    """

    @wraps(view)
    def answer(request, *args, **kwargs):
        _must_be_staff(request)
        try:
            return view(request, *args, **kwargs)
        except (Refusal, Unfinished) as reason:
            if request.method != "POST":
                raise PermissionDenied(_sentence(reason)) from reason
            request.refusal = _sentence(reason)
            request.faults = getattr(reason, "faults", ())
        request.method, request.came_back = "GET", True
        try:
            response = view(request, *args, **kwargs)
        except (Refusal, Unfinished) as again:  # the page itself can't be shown any more
            raise PermissionDenied(request.refusal or _sentence(again)) from again
        response.status_code = 422
        return response

    return answer


def act(view):
    """This function will wrap a view that only takes a POST (a button). A refusal goes back to where it was pressed."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        _must_be_staff(request)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            return view(request, *args, **kwargs)
        except (Refusal, Unfinished) as reason:
            return done(request, back(request), _sentence(reason), kind="refused")

    return answer


def done(request: HttpRequest, to: str, sentence: str, **more) -> HttpResponse:
    """This function will go to `to` (an address) and say `sentence` there; keywords kind, undo, then as in Said."""
    say(request, sentence, **more)
    return HttpResponseRedirect(to)


def say(request: HttpRequest, sentence: str, **more) -> None:
    """This function will say `sentence` on the page that comes next, be it this one; keywords as in `done`."""
    note = Said(str(sentence), **more)
    extra = json.dumps({"kind": note.kind, "undo": note.undo, "then": note.then})
    messages.add_message(request, messages.INFO, note.text, extra_tags=extra)


def back(request: HttpRequest, otherwise: str = "/") -> str:
    """This function will give the address to return to: the form's `next`, else the page it was posted from."""
    for wish in (request.POST.get("next"), request.GET.get("next"), request.headers.get("Referer")):
        if wish and url_has_allowed_host_and_scheme(wish, {request.get_host()}, request.is_secure()):
            return wish
    return otherwise


def address(name: str, *args) -> str:
    """This function will give the address of a page by its name, as `url` does in a template."""
    return url(name, *args)


def _said(message) -> Said:
    extra = json.loads(message.extra_tags or "{}")
    then = extra.get("then")
    return Said(
        message.message, extra.get("kind", "done"), extra.get("undo", ""), tuple(then) if then else None
    )


def _sentence(reason) -> str:
    return "" if isinstance(reason, Unfinished) else reason.sentence


def _must_be_staff(request):
    if getattr(request, "viewer", None) is None:
        raise PermissionDenied("no staff member")
