"""Pairs for programs: `GET /api/pairs` tells them, `POST /api/pairs` proposes or confirms one. The same rules as the page.

Signed in as on every page, children in one's care; names only when asked for. A refusal is its sentence, status 409.
"""

import json
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import path

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, pair, pair_by_hand
from bangfu.records.models.cases import Case
from bangfu.records.models.people import Staff
from bangfu.web.duties import KEPT
from bangfu.web.place import page
from bangfu.web.record_form import as_uuid


@page
def api_pairs(request) -> HttpResponse:
    """This function will answer with the pairs of a plan, or propose (confirm) one."""
    if request.method in ("GET", "HEAD"):
        return _told(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["GET", "POST"])
    try:
        return _wanted(request)
    except Refusal as refusal:
        return _json({"error": refusal.sentence}, 409)


def _json(answer: dict, status: int = 200) -> JsonResponse:
    return JsonResponse(answer, status=status, headers=KEPT, json_dumps_params={"ensure_ascii": False})


def _plan(viewer, key: str):
    plans = [p for p in adopt.plans_in_force(viewer.school, viewer.day) if p.subject == "child"]
    found = next((p for p in plans if pair.rules_of(p) and key in ("", p.key)), None)
    if found is None:
        raise Http404
    return found


def _kind(plan, key: str) -> str:
    """The pairing asked for; a word the plan doesn't know is no other pairing."""
    if key and key not in {rule.key for rule in pair.rules_of(plan)}:
        raise Http404
    return key


def _told(request) -> JsonResponse:
    viewer, asked = request.viewer, request.GET
    plan = _plan(viewer, asked.get("plan", ""))
    seen = pair.table(plan, _kind(plan, asked.get("kind", "")), viewer)
    named = asked.get("names") == "1"
    proposed = (
        seen.proposals if viewer.holds(*pair.DECIDERS) else ()
    )  # what nobody has confirmed is for those who decide
    rows = [_row(one, named=named) for one in (*seen.in_force, *proposed)]
    without = [child.id for child in seen.children]
    return _json({"plan": plan.key, "kind": seen.rule.key, "pairs": rows, "without": without})


def _row(one, *, named: bool) -> dict:
    told = {
        "id": one.pk, "case": one.case_id, "helper": one.helper_id, "place": one.place, "state": one.state,
        "locked": one.is_locked, "since": one.valid_from, "accepted_on": one.accepted_on,
    }  # fmt: skip
    return told | {"pupil_name": one.case.pupil.name, "helper_name": one.helper.name} if named else told


def _wanted(request) -> JsonResponse:
    asked = _body(request)
    if asked is None:
        return _json({"error": 'JSON: {"case": …, "helper": …, "plan": …, "kind": …, "confirm": true}'}, 422)
    viewer, plan = request.viewer, _plan(request.viewer, str(asked.get("plan", "")))
    case = Case.objects.visible_to(viewer).filter(pk=asked["case"], plan_key=plan.key).first()
    helper = Staff.objects.visible_to(viewer).filter(pk=asked["helper"]).first()
    if case is None or helper is None:
        raise Http404
    kind = _kind(plan, str(asked.get("kind", "")))
    chosen = {"case": case, "helper": helper, "plan": plan, "by": viewer, "kind": kind}
    one = pair_by_hand.begin(**chosen) if asked.get("confirm") is True else pair.place(**chosen)
    return _json(_row(one, named=False), 201)


def _body(request) -> dict | None:
    """What was sent, with its two ids read; None if it cannot be read."""
    try:
        asked = json.loads(request.body)
    except ValueError:
        return None
    if not isinstance(asked, dict):
        return None
    ids: dict[str, UUID | None] = {key: as_uuid(str(asked.get(key, ""))) for key in ("case", "helper")}
    return asked | ids if all(ids.values()) else None


urlpatterns = [path("api/pairs", api_pairs, name="api_pairs")]
