"""What is still to be asked: on a child's file, one form to say what one knows, and a list per class (P0-33).

Three answers: a stated no is known. No kinds of need on the pages, only which facts are missing.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine.fact import FactSpec, Value
from bangfu.flow import gaps, record
from bangfu.flow.gaps import Asked
from bangfu.records.models import Pupil, SchoolClass
from bangfu.web.place import address, done, page, render


@dataclass(frozen=True, slots=True)
class Field:
    """One fact on the form: its name there, how it is answered (chips, line, number, date), choices, what is chosen."""

    name: str
    spec: FactSpec
    kind: str
    choices: tuple[tuple[str, str], ...]
    chosen: str
    since: date | None


def section(viewer, pupil_id: UUID, plans, roles: frozenset[str]) -> dict:
    """This function will give what is still to be asked of a child, for its file; empty where no plan asks."""
    if not gaps.asks(viewer, plans):
        return {}
    asked = gaps.of_child(viewer, pupil_id, roles, plans, to_choose=False)  # the rest stands one tap away
    missing = [one.spec.title for one in asked if one.is_missing]
    return {"asked": len(asked), "missing": missing, "may_say": not roles.isdisjoint(gaps.WHO)}


@page
def gaps_pupil(request, pupil_id: UUID) -> HttpResponse:
    """This function will ask what is not known yet of a child; `all` shows what is known too, to be corrected."""
    viewer = request.viewer
    pupil = get_object_or_404(Pupil.objects.visible_to(viewer), pk=pupil_id)
    roles = record.roles_on([pupil], by=viewer)[pupil.pk]
    if roles.isdisjoint(gaps.WHO):  # whoever is one of them cares for the child
        raise Http404
    asked = gaps.of_child(viewer, pupil.pk, roles)
    if request.method == "POST":
        values = {
            one.spec.key: read(one.spec, request.POST.get(f"fact.{one.spec.key}", "")) for one in asked
        }
        kept = gaps.state(pupil=pupil, values=values, by=viewer)
        said = _("Kept. It is known in every plan now.") if kept else _("Nothing new; all of it was known.")
        return done(request, address("pupil", pupil.pk), said)
    whole = "all" in request.GET
    shown = [one for one in asked if whole or one.is_missing]
    context = {
        "child": pupil,
        "fields": [field(one, request) for one in shown],
        "known": sum(not one.is_missing for one in asked),
        "count": len(asked),
        "whole": whole,
    }
    return render(request, "gaps/pupil.html", context)


def field(one: Asked, request) -> Field:
    """This function will make a field of a fact that is asked, with what is known or was typed."""
    spec, name = one.spec, f"fact.{one.spec.key}"
    kind, choices = _kind(spec)
    chosen = "" if one.is_missing else _written(spec, one.value)
    if getattr(request, "came_back", False):
        chosen = request.POST.get(name, "")
    return Field(name, spec, kind, choices, chosen, one.since)


def _kind(spec: FactSpec) -> tuple[str, tuple[tuple[str, str], ...]]:
    if spec.type == "bool":
        return "chips", (("1", _("yes")), ("0", _("no")))
    if spec.type == "choice":
        return "chips", tuple((str(at), word) for at, word in enumerate(spec.words or spec.choices))
    if spec.levels:
        return "chips", tuple((str(at), word) for at, word in enumerate(spec.levels) if word)
    return {"int": "number", "date": "date"}.get(spec.type, "text"), ()


def _written(spec: FactSpec, value: Value) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    if spec.type == "choice":
        return str(spec.choices.index(value)) if value in spec.choices else ""
    return value.isoformat() if isinstance(value, date) else str(value)


def read(spec: FactSpec, posted: str) -> Value:
    """This function will read what was posted as the fact's kind; what is strange stays text for the verb to refuse."""
    posted = posted.strip()
    if not posted:
        return None
    is_number = posted.isascii() and posted.isdigit() and len(posted) < 10
    if spec.type == "bool":
        return {"1": True, "0": False}.get(posted, posted)
    if spec.type == "choice":
        return spec.choices[int(posted)] if is_number and int(posted) < len(spec.choices) else posted
    if spec.type == "int":
        return int(posted) if is_number else posted
    if spec.type == "date":
        try:
            return date.fromisoformat(posted)
        except ValueError:
            return posted
    return posted


@page
def gaps_list(request) -> HttpResponse:
    """This function will say for each class of the viewer how many files are complete."""
    viewer = request.viewer
    classes = list(gaps.classes(viewer))
    found = gaps.of_classes(viewer, [one.pk for one in classes]) if classes else {}
    rows = [
        {"id": one.pk, "label": one.label_on(viewer.day), **_count(found[one.pk])}
        for one in classes
        if found[one.pk]
    ]
    context = {
        "rows": rows,
        "asks": gaps.asks(viewer),
        "whole": _count([r for some in found.values() for r in some]),
    }
    return render(request, "gaps/classes.html", context)


@page
def gaps_class(request, class_id: UUID) -> HttpResponse:
    """This function will list the children of a class whose files are not complete, and what is missing."""
    viewer = request.viewer
    school_class = get_object_or_404(SchoolClass.objects.visible_to(viewer), pk=class_id)
    if not gaps.may_see_all(viewer, school_class):
        raise Http404
    found = gaps.of_classes(viewer, [school_class.pk])[school_class.pk]
    context = {
        "label": school_class.label_on(viewer.day),
        "rows": [one for one in found if one.asked],
        "complete": [one.name for one in found if not one.asked],
        "grid": school_class.pk,
        "may_say": viewer.holds("principal", "vice_principal") or not viewer.is_leader,
        **_count(found),
    }
    return render(request, "gaps/class.html", context)


def _count(rows) -> dict:
    return {"full": sum(not one.asked for one in rows), "of": len(rows)}


urlpatterns = [
    path("gaps", gaps_list, name="gaps"),
    path("gaps/<uuid:class_id>", gaps_class, name="gaps_class"),
    path("pupils/<uuid:pupil_id>/facts", gaps_pupil, name="gaps_pupil"),
]
