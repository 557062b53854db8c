"""One's duties for programs and for Excel: `GET /api/duties`, `GET /duties.xlsx`. Read only, with one's own eyes.

What the pages show, no more: signed in as on every page, children in one's care, names only when asked for.
"""

from datetime import date
from urllib.parse import quote

from django.http import Http404, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.urls import path

from bangfu.flow import duty_list
from bangfu.web.place import page
from bangfu.web.record_form import as_uuid

KEPT = {"Cache-Control": "no-store"}


@page
def api_duties(request) -> HttpResponse:
    """This function will answer with one's duties on a day (`on`), or those of one child (`pupil`), as JSON."""
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET"])
    on = _asked_day(request)
    if on is None:
        return JsonResponse({"error": "on: YYYY-MM-DD"}, status=422)
    if "pupil" in request.GET:
        pupil_id = as_uuid(request.GET["pupil"])
        items = duty_list.of_pupil(request.viewer, pupil_id, on) if pupil_id else None
        if items is None:
            raise Http404
    else:
        items = duty_list.mine(request.viewer, on)
    named = request.GET.get("names") == "1"
    answer = {"on": on, "duties": [_told(item, named=named) for item in items]}
    return JsonResponse(answer, headers=KEPT, json_dumps_params={"ensure_ascii": False})


@page
def duties_file(request) -> HttpResponse:
    """This function will answer with one's duties on a day as a workbook."""
    if request.method != "GET":
        return HttpResponseNotAllowed(["GET"])
    on = _asked_day(request)
    if on is None:
        raise Http404
    made = duty_list.export(request.viewer, on)
    name = f"attachment; filename=\"duties-{on}.xlsx\"; filename*=UTF-8''{quote(made.name)}"
    headers = {"Content-Disposition": name, **KEPT}
    return HttpResponse(made.content, content_type=made.media_type, headers=headers)


def _asked_day(request) -> date | None:
    """Today, unless another day of our times is asked for; None for what is no day."""
    text = request.GET.get("on", "")
    try:
        on = date.fromisoformat(text) if text else request.viewer.day
    except ValueError:
        return None
    return on if 2000 <= on.year <= 2100 else None


def _told(item: duty_list.Item, *, named: bool) -> dict:
    e, standing = item.standing.expectation, item.standing
    told = {
        "plan": e.plan_key, "duty": e.duty_key, "period": e.period, "opens_on": e.opens_on, "due_on": e.due_on,
        "state": str(standing.state), "times": e.times, "count": standing.count, "minutes": e.minutes,
        "about": {item.kind: str(item.about)},
    }  # fmt: skip
    return told | {"name": item.name or item.label} if named else told


urlpatterns = [
    path("api/duties", api_duties, name="api_duties"),
    path("duties.xlsx", duties_file, name="duties_file"),
]
