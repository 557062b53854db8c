"""方案: the library, and one plan in its editions and versions: read, copied into a draft, taken into use, stopped."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import pack
from bangfu.engine.commons import toml
from bangfu.engine.examples import Examples
from bangfu.engine.fault import Fault
from bangfu.engine.load import load
from bangfu.engine.plan import Plan
from bangfu.exchange import plan_text
from bangfu.exchange.pinyin import initials, sort_key
from bangfu.flow import adopt, draft
from bangfu.flow.almanac import calendar_for
from bangfu.records.models.plans import AdoptedPlan, PlanDraft
from bangfu.web.formats import full_day
from bangfu.web.place import Unfinished, act, address, done, page, render
from bangfu.web.prose import Part, told

EDITIONS = {"seed": N_("As written"), "recommended": N_("Lighter edition")}


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition on the page: its words, its price in minutes, whether it is in use."""

    key: str
    title: str
    plan: Plan
    parts: tuple[Part, ...]
    minutes: float
    apart: float
    lines: tuple
    is_used: bool


@page
def plans(request) -> HttpResponse:
    """This function will show the library, the school's own plans, its drafts, and what is in use."""
    viewer = request.viewer
    used = {row.key: row for row in versions_of(viewer).in_force(viewer.day)}
    shelf = adopt.shelf().plans
    library = {key: plan for (key, edition), plan in shelf.items() if edition == "seed"}
    own = {row.key: adopt.plan_of(row) for row in versions_of(viewer) if row.key not in library}
    everything = {**library, **own}
    rows = [
        {
            "plan": plan,
            "used": used.get(key),
            "minutes": load(plan, most_children(plan)).minutes_per_week,
            "light": (key, "recommended") in shelf,
            "words": f"{plan.short_title} {sort_key(plan.short_title)} {initials(plan.short_title)} {plan.aim} {key}",
        }
        for key, plan in sorted(everything.items(), key=lambda item: (item[0] not in used, item[0]))
    ]
    drafts = _drafts(viewer).select_related("by").defer("before", "content").order_by("-at")
    context = {"rows": rows, "drafts": drafts, "may_edit": draft.may_edit(viewer)}
    return render(request, "plans/library.html", context)


def versions_of(viewer):
    """This function will give the versions of the viewer's school, the newest of each plan first."""
    return AdoptedPlan.objects.visible_to(viewer).order_by("key", "-version")


def _drafts(viewer):
    return PlanDraft.objects.visible_to(viewer)


def may_adopt(viewer) -> bool:
    """This function will say whether the viewer may take plans into use."""
    return viewer.holds("principal", "vice_principal")


def most_children(plan: Plan) -> int:
    """This function will give how many children one adult helps at most under a plan."""
    return max((rule.per_helper.max for rule in plan.pairings if rule.kind == "adult"), default=1)


@page
def plan(request, key) -> HttpResponse:
    """This function will show one plan in its editions and versions, and take an edition into use."""
    viewer = request.viewer
    versions = list(versions_of(viewer).filter(key=key).select_related("adopted_by"))
    texts = {edition: text for (one, edition), text in adopt.shelf().texts.items() if one == key}
    begun = _drafts(viewer).filter(key=key).select_related("by").first()
    if not texts and not versions:
        raise Http404
    if request.method == "POST":
        edition = request.POST.get("edition", "")
        if edition not in texts:
            raise Unfinished([Fault("edition", _("Choose an edition."))])
        return take_into_use(request, texts[edition])
    used = next((row for row in versions if row.valid_to is None), None)
    known = texts or {versions[0].edition: versions[0].content}
    editions = [edition_of(text, used) for text in known.values()]
    editions.sort(key=lambda one: one.key != "seed")
    first = editions[0].plan
    context = {
        "key": key,
        "plan": first,
        "editions": editions,
        "choices": [(edition, _(EDITIONS[edition])) for edition in EDITIONS if edition in texts],
        "changes": [change for one in editions for change in one.plan.changes],
        "used": used,
        "versions": [(row, adopt.plan_of(row).title, _edition_words(row, texts)) for row in versions],
        "sources": sources_of(texts, versions),
        "children": most_children(first),
        "examples": _examples(key),
        "begins": first_day(viewer, versions),
        "may": may_adopt(viewer),
        "may_edit": draft.may_edit(viewer),
        "draft": begun,
    }
    return render(request, "plans/plan.html", context)


def sources_of(texts, versions) -> list[tuple[str, str]]:
    """What a draft, a copy, a comparison or a download may be of, the newest version first."""
    numbered = [
        (
            f"v{row.version}",
            _("Version %(n)s, from %(day)s") % {"n": row.version, "day": full_day(row.valid_from)},
        )
        for row in versions
    ]
    return numbered + [(edition, _(EDITIONS[edition])) for edition in EDITIONS if edition in texts]


def _edition_words(row: AdoptedPlan, texts) -> str:
    shelf = texts.get(row.edition)
    is_shelf = shelf is not None and pack.digest(shelf) == row.digest
    return _(EDITIONS[row.edition]) if is_shelf else _("changed by the school")


def edition_of(text: str, used=None) -> Edition:
    """This function will make an edition for the page out of its text."""
    plan = adopt.read(text)
    price = load(plan, most_children(plan))
    is_used = used is not None and used.digest == pack.digest(text)
    parts = told(plan_text.tree(text), without=("changes", "tips"))
    return Edition(
        plan.edition,
        _(EDITIONS[plan.edition]),
        plan,
        parts,
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


def next_monday(day: date) -> date:
    """This function will give the Monday after a day."""
    return day + timedelta(days=7 - day.weekday())


def first_day(viewer, versions) -> date:
    """This function will suggest when a plan begins: the term it is first taken up in; a new version next Monday."""
    if versions:
        return next_monday(viewer.day)
    term = calendar_for(viewer.school).term_on(viewer.day)
    return term.starts_on if term else viewer.day


def day_of(posted) -> date:
    """This function will read the first day from a form."""
    try:
        return date.fromisoformat(posted.get("valid_from", ""))
    except ValueError:
        raise Unfinished([Fault("valid_from", _("Write the first day as a date."))]) from None


def take_into_use(request, text: str) -> HttpResponse:
    """This function will take a text into use from the day in the form."""
    day = day_of(request.POST)
    try:
        adopted = adopt.adopt(school=request.viewer.school, text=text, valid_from=day, by=request.viewer)
    except adopt.PackFaulty as reason:
        raise Unfinished(placed(reason.faults)) from reason
    return in_use(request, adopted)


def in_use(request, adopted: AdoptedPlan) -> HttpResponse:
    """This function will go to the plan that has just been taken into use."""
    said = _("In use from %(day)s, version %(n)s.") % {
        "day": adopted.valid_from.isoformat(),
        "n": adopted.version,
    }
    undo = address("plan_take_back", adopted.pk) if adopted.valid_from > request.viewer.day else ""
    then = (_("Look at the survey"), address("survey"))
    return done(request, address("plan", adopted.key), said, undo=undo, then=then)


def placed(faults) -> list[Fault]:
    """This function will put the place of each fault into its words, as people read them."""
    return [
        Fault(fault.where, f"{fault.where.partition(':')[2] or fault.where}：{fault.what}", fault.hint)
        for fault in faults
    ]


@act
def copy(request, key) -> HttpResponse:
    """This function will begin a draft of a plan, or of a new plan made after it."""
    viewer, posted = request.viewer, request.POST
    of = posted.get("of", "")
    title = posted.get("title", "").strip() if posted.get("then") == "copy" else ""
    if posted.get("then") == "copy" and not title:
        return done(request, address("plan", key), _("Give the new plan a name."), kind="refused")
    text = draft.text_of(key=key, of=of, by=viewer)
    try:
        begun = draft.start(text=text, based_on=f"{key}:{of}" if title else of, by=viewer, copy_as=title)
    except draft.AlreadyBegun as reason:
        return done(request, address("studio", reason.draft.pk), reason.sentence, kind="refused")
    return done(
        request, address("studio", begun.pk), _("A draft. Nothing is in use before the principal says so.")
    )


@act
def stop(request, plan_id) -> HttpResponse:
    """This function will end a plan from today on."""
    row = get_object_or_404(versions_of(request.viewer), pk=plan_id)
    adopt.stop(adopted=row, by=request.viewer)
    return done(request, address("plan", row.key), _("The plan has stopped. Records and past months stay."))


@act
def take_back(request, plan_id) -> HttpResponse:
    """This function will undo an adoption that has not begun; its text is a draft again."""
    row = get_object_or_404(versions_of(request.viewer), pk=plan_id)
    begun = draft.take_back(adopted=row, by=request.viewer)
    to = address("studio", begun.pk) if begun else address("plan", row.key)
    return done(request, to, _("Taken back. The version before goes on."))


urlpatterns = [
    path("plans", plans, name="plans"),
    path("plans/<slug:key>", plan, name="plan"),
    path("plans/<slug:key>/draft", copy, name="plan_copy"),
    path("plans/version/<uuid:plan_id>/end", stop, name="plan_stop"),
    path("plans/version/<uuid:plan_id>/back", take_back, name="plan_take_back"),
]
