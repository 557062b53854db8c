"""每学期重新审定: each open case of the term is looked at once: go on, change, or close (P9-40)."""

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine.window import windows
from bangfu.flow import adopt, identify
from bangfu.flow.almanac import calendar_for
from bangfu.records.models.cases import Case
from bangfu.records.models.places import class_label
from bangfu.web.place import Unfinished, address, done, page, render

OUTCOMES = {"continue": N_("Go on"), "change": N_("Go on, but differently"), "close": N_("No longer needed")}
CLASS = "pupil__enrolments__school_class__"
COLUMNS = {
    "id": "id",
    "plan_key": "plan_key",
    "pupil_id": "pupil_id",
    "child": "pupil__name",
    "class_id": "pupil__enrolments__school_class_id",
    "entry_year": f"{CLASS}entry_year",
    "number": f"{CLASS}number",
    "opened_on": "opened_on",
    "causes": "causes",
    "cause_note": "cause_note",
}


@page
def decisions(request) -> HttpResponse:
    """This function will list whose case is still to be decided this term, and what was decided."""
    viewer = request.viewer
    calendar = calendar_for(viewer.school)
    term = calendar.term_on(viewer.day) or next(
        (t for t in reversed(calendar.terms) if t.ends_on < viewer.day), None
    )
    plans = {plan.key: plan for plan in adopt.plans_in_force(viewer.school, viewer.day) if _decides(plan)}
    if term is None or not plans:
        return render(request, "decisions/none.html")
    decided = _decided(viewer, plans, term)
    waiting = _waiting(viewer, plans, term)
    context = {
        "term": term,
        "window": _window(plans, calendar, term),
        "waiting": [row for row in waiting if row["is_mine"]],
        "others": [row for row in waiting if not row["is_mine"]],
        "decided": decided,
        "outcomes": [(key, _(words)) for key, words in OUTCOMES.items()],
        "words": {key: _(words) for key, words in OUTCOMES.items()},
        "came_back": request.resolver_match.kwargs.get("case_id"),
    }
    return render(request, "decisions/decisions.html", context)


def _decides(plan) -> bool:
    """Whether the plan asks for a decision each term; the others' cases go on as their facts do."""
    return any("decision" in duty.accepts for duty in plan.duties)


def _cases(viewer, plans, term):
    enrolled = Q(pupil__enrolments__valid_to__isnull=True)
    found = Case.objects.visible_to(viewer).filter(enrolled, plan_key__in=plans, opened_on__lte=term.ends_on)
    return found.order_by(f"-{CLASS}entry_year", f"{CLASS}number", "pupil__sort_key")


def _waiting(viewer, plans, term) -> list[dict]:
    found = _cases(viewer, plans, term).open_on(viewer.day).exclude(decisions__term_key=term.key)
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found.values_list(*COLUMNS.values())]
    helpers = _helpers(viewer, [row["id"] for row in rows])
    return [_shown(row, viewer, plans, helpers.get(row["id"], [])) for row in rows]


def _helpers(viewer, case_ids) -> dict:
    live = Case.objects.visible_to(viewer).filter(pk__in=case_ids, pairings__state="confirmed")
    named: dict = {}
    for case_id, staff_id, name in live.values_list("id", "pairings__helper_id", "pairings__helper__name"):
        named.setdefault(case_id, []).append((staff_id, name))
    return named


def _shown(row: dict, viewer, plans, helpers) -> dict:
    selection = plans[row["plan_key"]].selection
    causes = {one.key: one.title for one in selection.causes} if selection else {}
    mine = (
        viewer.holds("principal", "vice_principal")
        or row["class_id"] in viewer.minded_class_ids
        or row["entry_year"] in viewer.entry_years_as("grade_supervisor")
        or viewer.staff.pk in {staff_id for staff_id, _name in helpers}
    )
    return {
        **row,
        "label": class_label(row["entry_year"], row["number"], viewer.day),
        "helpers": [name for _id, name in helpers],
        "said": [causes[key] for key in row["causes"] if key in causes]
        + [row["cause_note"]] * bool(row["cause_note"]),
        "is_mine": mine,
        "plan": plans[row["plan_key"]].short_title if len(plans) > 1 else "",
        "href": _file(row["pupil_id"]),
    }


def _file(pupil_id) -> str:
    try:
        return reverse("child", args=[pupil_id])
    except NoReverseMatch:
        return ""


def _decided(viewer, plans, term) -> list[dict]:
    found = _cases(viewer, plans, term).filter(decisions__term_key=term.key)
    names = ("child", "entry_year", "number", "outcome", "note", "on", "by")
    rows = found.values_list(
        "pupil__name",
        f"{CLASS}entry_year",
        f"{CLASS}number",
        "decisions__outcome",
        "decisions__note",
        "decisions__on",
        "decisions__by__name",
    )
    listed = [dict(zip(names, row, strict=True)) for row in rows]
    return [{**row, "label": class_label(row["entry_year"], row["number"], viewer.day)} for row in listed]


def _window(plans, calendar, term):
    for plan in plans.values():
        for duty in plan.duties:
            if "decision" in duty.accepts:
                return next((w for w in windows(duty, calendar) if w.period == term.key), None)
    return None


@page
def decide(request, case_id) -> HttpResponse:
    """This function will write the decision on one case, or show the list again with what was typed."""
    viewer = request.viewer
    case = get_object_or_404(Case.objects.visible_to(viewer).select_related("pupil"), pk=case_id)
    if request.method != "POST":
        return decisions(request)
    term_key = request.POST.get("term", "")
    if term_key not in {term.key for term in calendar_for(viewer.school).terms}:
        raise Unfinished([])
    outcome = request.POST.get("outcome", "")
    identify.decide(
        case=case, term_key=term_key, outcome=outcome, by=viewer, note=request.POST.get("note", "")
    )
    said = _("%(who)s: %(what)s.") % {"who": case.pupil.name, "what": _(OUTCOMES[outcome])}
    return done(request, address("decisions"), said)


urlpatterns = [
    path("decisions", decisions, name="decisions"),
    path("decisions/<uuid:case_id>", decide, name="decide"),
]
