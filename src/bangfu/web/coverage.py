"""不漏一人: the roll adds up, per class, village and plan; whoever is not settled is named with the one thing to do next.

Leaders see the school, grades their classes, class teachers their own. No kind of need stands in the list; which fact
a child waits for is read by those who may read its file.
"""

from dataclasses import dataclass
from urllib.parse import quote, urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_
from django.utils.translation import ngettext

from bangfu.engine.coverage import Kind, Todo
from bangfu.flow import adopt, coverage, coverage_file, exclude
from bangfu.flow.coverage import Child, Statement, Sum
from bangfu.records.models import Exclusion, Pupil
from bangfu.web import navigation
from bangfu.web.place import act, address, done, page, render
from bangfu.web.record_form import as_uuid

MOST = 40
# what is not settled → what it says, what its button says
WORDS = {
    Todo.take_in: (N_("not decided yet in %(plan)s"), N_("Settle it")),
    Todo.hand_in: (N_("looked at; the survey of %(plan)s is not handed in"), N_("Hand in")),
    Todo.choose: (N_("not decided yet in %(plan)s"), N_("Settle it")),
    Todo.say_why: (N_("looked at; nobody wrote down what was decided"), N_("Write why")),
    Todo.look: (N_("nobody has looked yet"), N_("Look")),
    Todo.find_class: (N_("on the roll, but in no class"), N_("Open the file")),
    Todo.find_plan: (N_("no plan in use looks at children"), N_("Plans")),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One child with something to do: in words, and where its button leads."""

    id: UUID
    name: str
    label: str
    what: str
    verb: str
    href: str
    may_say: bool


@dataclass(frozen=True, slots=True)
class Out:
    """A child left out: why, by whom, until when, of which plan."""

    id: UUID
    name: str
    label: str
    reason: str
    by: str
    on: object
    until: object
    plan: str
    may_say: bool


@page
def coverage_all(request) -> HttpResponse:
    """This function will show the statement of everything the viewer answers for."""
    return _shown(request, coverage.for_viewer(request.viewer), None)


@page
def coverage_class(request, class_id: UUID) -> HttpResponse:
    """This function will show the statement of one class, child by child where something is to do."""
    school_class = get_object_or_404(coverage.classes(request.viewer), pk=class_id)
    return _shown(request, coverage.for_viewer(request.viewer, class_id), school_class)


def _shown(request, found: Statement, school_class) -> HttpResponse:
    viewer, one_class = request.viewer, school_class is not None or len(found.classes) == 1
    shown = found.differences if one_class or "all" in request.GET else found.differences[:MOST]
    waiting = found.of(Kind.waiting)
    context = {
        "found": found,
        "place": school_class.label_on(viewer.day) if school_class else _place(found, viewer),
        "sentence": _sentence(found.whole),
        "one_class": one_class,
        "class_id": school_class.pk if school_class else None,
        "grid": _grid(found) if one_class else None,
        "rows": [_row(child, found, viewer) for child in shown],
        "more": len(found.differences) - len(shown),
        "waiting": [_waits(child, viewer) for child in (waiting if one_class else waiting[:MOST])],
        "more_waiting": 0 if one_class else max(len(waiting) - MOST, 0),
        "out": _out(found, viewer),
        "near": navigation.near("coverage", viewer),
        "no_village": [child for child in found.children if not child.village] if one_class else [],
    }
    return render(request, "coverage/coverage.html", context)


def _place(found: Statement, viewer) -> str:
    if viewer.is_leader:
        return viewer.school.name
    return "、".join(one.label for one in found.classes)


def _grid(found: Statement) -> UUID | None:
    return next((as_uuid(one.key) for one in found.classes if one.key), None)


def _sentence(whole: Sum) -> str:
    if not whole.roll:
        return _("Nobody is on the roll yet.")
    if whole.adds_up:
        return _("Every child of the roll has an answer.")
    said = ngettext("%(num)s child has no answer yet.", "%(num)s children have no answer yet.", whole.open)
    return said % {"num": whole.open}


def _row(child: Child, found: Statement, viewer) -> Row:
    todo = child.place.todo or Todo.look
    what, verb = WORDS[todo]
    title = next((plan.short_title for plan in found.plans if plan.key == child.place.at), "")
    may_say = exclude.may_say(viewer, child.class_id, child.entry_year)
    return Row(
        child.id, child.name, child.label, _(what) % {"plan": title}, _(verb), _next(child, todo), may_say
    )


def _next(child: Child, todo: Todo) -> str:
    """The one place where it is settled."""
    plan = "?" + urlencode({"plan": child.place.at})
    if todo is Todo.find_plan:
        return address("plans")
    if todo is Todo.find_class or child.class_id is None:
        return address("pupil", child.id)
    if todo is Todo.look:
        return f"{address('class_grid', child.class_id)}#r{child.id}"
    if todo is Todo.hand_in:
        return address("survey_choice", child.class_id) + plan
    if todo is Todo.say_why:
        return address("coverage_exclude", child.id)
    return address("survey_class", child.class_id) + plan


def _waits(child: Child, viewer) -> dict:
    specs = adopt.shelf().commons.facts
    return {
        "id": child.id,
        "name": child.name,
        "label": child.label,
        "facts": [specs[key].title for key in child.place.facts if key in specs],
        "may_say": exclude.may_say(viewer, child.class_id, child.entry_year),
    }


def _out(found: Statement, viewer) -> list[Out]:
    titles = {plan.key: plan.short_title for plan in found.plans}
    return [
        Out(
            one.id, child.name, child.label, one.reason, one.by, one.on, one.until, titles.get(one.plan_key, ""),
            exclude.may_say(viewer, child.class_id, child.entry_year),
        )
        for child in found.children
        for one in found.left.get(child.id, ())
        if not one.plan_key or one.plan_key in titles
    ]  # fmt: skip


@page
def coverage_file_page(request) -> HttpResponse:
    """This function will answer with the statement as a workbook, of everything or of one `class`."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    class_id = as_uuid(request.GET.get("class", ""))
    if class_id is not None:
        get_object_or_404(coverage.classes(request.viewer), pk=class_id)
    made = coverage_file.export(request.viewer, class_id)
    name = f"attachment; filename=\"coverage-{request.viewer.day}.xlsx\"; filename*=UTF-8''{quote(made.name)}"
    headers = {"Content-Disposition": name, "Cache-Control": "no-store"}
    return HttpResponse(made.content, content_type=made.media_type, headers=headers)


@page
def coverage_exclude(request, pupil_id: UUID) -> HttpResponse:
    """This function will ask why a child is not taken into a plan, or into any, and until when."""
    viewer = request.viewer
    pupil = get_object_or_404(Pupil.objects.visible_to(viewer), pk=pupil_id)
    class_id, year = exclude.class_of(pupil, viewer)
    if not exclude.may_say(viewer, class_id, year):
        raise Http404
    ends = exclude.end_of_term(viewer.school, viewer.day)
    if request.method == "POST":
        until = ends if request.POST.get("until", "term") == "term" else None
        exclude.exclude(
            pupil=pupil, plan_key=request.POST.get("plan", ""), reason=request.POST.get("reason", ""), by=viewer,
            until=until,
        )  # fmt: skip
        back = address("coverage_class", class_id) if class_id else address("coverage")
        return done(request, back, _("Written down, with your name."))
    plans = coverage.plans_that_choose(viewer.school, viewer.day)
    context = {
        "child": pupil,
        "plans": [("", _("All plans")), *((plan.key, plan.short_title) for plan in plans)],
        "ends": ends,
        "back": address("coverage_class", class_id) if class_id else address("coverage"),
    }
    return render(request, "coverage/exclude.html", context)


@act
def coverage_withdraw(request, exclusion_id: UUID) -> HttpResponse:
    """This function will take a reason back: the child is looked at again."""
    row = get_object_or_404(
        Exclusion.objects.visible_to(request.viewer).select_related("pupil"), pk=exclusion_id
    )
    exclude.withdraw(exclusion=row, by=request.viewer)
    class_id, _year = exclude.class_of(row.pupil, request.viewer)
    back = address("coverage_class", class_id) if class_id else address("coverage")
    return done(request, back, _("Taken back; the child is looked at again."))


urlpatterns = [
    path("coverage", coverage_all, name="coverage"),
    path("coverage.xlsx", coverage_file_page, name="coverage_file"),
    path("coverage/<uuid:class_id>", coverage_class, name="coverage_class"),
    path("coverage/pupils/<uuid:pupil_id>", coverage_exclude, name="coverage_exclude"),
    path("coverage/exclusions/<uuid:exclusion_id>/withdraw", coverage_withdraw, name="coverage_withdraw"),
]
