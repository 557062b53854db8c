"""方案: the library of plans as sentences, both editions side by side; taking one into use, stopping it, reading a file."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine.commons import toml
from bangfu.engine.duty import load
from bangfu.engine.examples import Examples
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan
from bangfu.flow import adopt
from bangfu.flow.almanac import calendar_for
from bangfu.records.models.plans import AdoptedPlan
from bangfu.web.place import Unfinished, act, address, done, page, render
from bangfu.web.prose import sections

EDITIONS = {"seed": N_("As written"), "recommended": N_("Lighter edition")}
LARGEST = 200 * 1024


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition on the page: its words, its price in minutes, whether it is in use."""

    key: str
    title: str
    plan: Plan
    sections: list
    minutes: float
    apart: float
    lines: tuple
    is_used: bool


@page
def plans(request) -> HttpResponse:
    """This function will show the library, and what this school has in use."""
    viewer = request.viewer
    used = {row.key: row for row in _versions(viewer).in_force(viewer.day)}
    shelf = adopt.shelf().plans
    library = {key: plan for (key, edition), plan in shelf.items() if edition == "seed"}
    own = {row.key: adopt.plan_of(row) for row in _versions(viewer) if row.key not in library}
    rows = [
        {"plan": plan, "used": used.get(key), "minutes": load(plan, _most(plan)).minutes_per_week}
        for key, plan in sorted((library | own).items())
    ]
    return render(request, "plans/library.html", {"rows": rows, "may": _may(viewer)})


def _versions(viewer):
    return AdoptedPlan.objects.visible_to(viewer).order_by("key", "-version")


def _may(viewer) -> bool:
    return viewer.holds("principal", "vice_principal")


def _most(plan: Plan) -> int:
    return max((rule.per_helper.max for rule in plan.pairings if rule.kind == "adult"), default=1)


@page
def plan(request, key) -> HttpResponse:
    """This function will show one plan in its editions, and take an edition into use."""
    viewer = request.viewer
    versions = list(_versions(viewer).filter(key=key).select_related("adopted_by"))
    texts = {edition: text for (one, edition), text in adopt.shelf().texts.items() if one == key}
    if not texts and not versions:
        raise Http404
    if request.method == "POST":
        edition = request.POST.get("edition", "")
        if edition not in texts:
            raise Unfinished([Fault("edition", _("Choose an edition."))])
        return _adopt(request, texts[edition])
    used = next((row for row in versions if row.valid_to is None), None)
    known = {edition: adopt.shelf().plans[key, edition] for edition in texts}
    if not known:
        known = {versions[0].edition: adopt.plan_of(versions[0])}
    editions = [_edition(plan, used) for plan in known.values()]
    editions.sort(key=lambda one: one.key != "seed")
    first = editions[0].plan
    context = {
        "key": key,
        "plan": first,
        "editions": editions,
        "choices": [(edition, _(EDITIONS[edition])) for edition in EDITIONS if edition in texts],
        "changes": [change for one in editions for change in one.plan.changes],
        "used": used,
        "versions": [(row, adopt.plan_of(row).title, _(EDITIONS[row.edition])) for row in versions],
        "children": _most(first),
        "examples": _examples(key),
        "begins": _first_day(viewer, versions),
        "may": _may(viewer),
    }
    return render(request, "plans/plan.html", context)


def _edition(plan: Plan, used) -> Edition:
    price = load(plan, _most(plan))
    is_used = used is not None and used.edition == plan.edition
    return Edition(
        plan.edition,
        _(EDITIONS[plan.edition]),
        plan,
        sections(plan),
        price.minutes_per_week,
        price.unmerged,
        price.lines,
        is_used,
    )


def _examples(key: str) -> list[tuple[str, tuple[date, ...], str]]:
    text = adopt.pack_files().get(f"{key}/examples.toml")
    raw, _faults = toml(text, "examples.toml") if text else (None, [])
    if raw is None:
        return []
    found = Examples.model_validate(raw)
    editions = {edition: _(words) for edition, words in EDITIONS.items()}
    return [
        (one.title, one.due_on, "" if len(one.editions) > 1 else editions[one.editions[0]])
        for one in found.cadences
    ]


def _first_day(viewer, versions) -> date:
    # The first time a plan covers the term it is taken up in; a new version begins next Monday.
    if versions:
        return viewer.day + timedelta(days=7 - viewer.day.weekday())
    term = calendar_for(viewer.school).term_on(viewer.day)
    return term.starts_on if term else viewer.day


def _adopt(request, text: str) -> HttpResponse:
    try:
        valid_from = date.fromisoformat(request.POST.get("valid_from", ""))
    except ValueError:
        raise Unfinished([Fault("valid_from", _("Write the first day as a date."))]) from None
    try:
        adopted = adopt.adopt(
            school=request.viewer.school, text=text, valid_from=valid_from, by=request.viewer
        )
    except adopt.PackFaulty as reason:
        raise Unfinished(_placed(reason.faults)) from reason
    said = _("In use from %(day)s, version %(n)s.") % {"day": valid_from.isoformat(), "n": adopted.version}
    return done(
        request, address("plan", adopted.key), said, then=(_("Look at the survey"), address("survey"))
    )


def _placed(faults) -> list[Fault]:
    return [
        Fault(fault.where, f"{fault.where.partition(':')[2] or fault.where}：{fault.what}", fault.hint)
        for fault in faults
    ]


@act
def stop(request, plan_id) -> HttpResponse:
    """This function will end a plan from today on."""
    row = get_object_or_404(_versions(request.viewer), pk=plan_id)
    adopt.stop(adopted=row, by=request.viewer)
    return done(request, address("plan", row.key), _("The plan has stopped. Records and past months stay."))


@page
def plan_file(request) -> HttpResponse:
    """This function will read a pack file: all its faults at once, or what it would do, or take it into use."""
    viewer = request.viewer
    if request.method == "POST":
        text = _text(request.FILES.get("file"))
        if request.POST.get("then") == "adopt":
            return _adopt(request, text)
        try:
            read = adopt.read(text)
        except adopt.PackFaulty as reason:
            raise Unfinished(_placed(reason.faults)) from reason
        return render(request, "plans/file.html", _file_context(viewer, _edition(read, None)))
    return render(request, "plans/file.html", _file_context(viewer, None))


def _file_context(viewer, edition) -> dict:
    return {"edition": edition, "begins": _first_day(viewer, [True]), "may": _may(viewer)}


def _text(file) -> str:
    if file is None:
        raise Unfinished([Fault("file", _("Choose a file first."))])
    if file.size > LARGEST:
        raise Unfinished(
            [Fault("file", _("This file is too large for a plan; a plan is a text file ending in .toml."))]
        )
    try:
        return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        what = _("This is not a text file in UTF-8. Save it as UTF-8 and drop it again.")
        raise Unfinished([Fault("file", what)]) from None


urlpatterns = [
    path("plans", plans, name="plans"),
    path("plans/file", plan_file, name="plan_file"),
    path("plans/<slug:key>", plan, name="plan"),
    path("plans/version/<uuid:plan_id>/end", stop, name="plan_stop"),
]
