"""学生 and 一生一档: the list by scope (one query), and one child's file: strengths first, help, records, then need.

P9-14. The office sees the roll and not the talks; nobody sees a label; every page can say why it may be seen.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode
from uuid import uuid4

from django.http import Http404, HttpResponse, JsonResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine import why
from bangfu.engine.standing import Standing, State
from bangfu.flow import adopt, calling, look, pair, pauses
from bangfu.flow.inspection import LEADS
from bangfu.flow.look import PAGE, Wish, pupil_rows
from bangfu.records.models import Guardian, Staff
from bangfu.records.models.places import class_label
from bangfu.web import calls, care_case, ending, gaps, goals, inspection, record_form, visits
from bangfu.web.formats import day as day_of
from bangfu.web.formats import days, listed, near
from bangfu.web.me import ROLES
from bangfu.web.place import page, render

STEP = 10
SEXES = {"1": "boy", "2": "girl"}
OPEN = (State.open, State.can_still_be_added)
DONE = (State.done, State.done_recorded_late)
# The role that explains best comes first.
WHY = ("helper", "deputy", "homeroom_teacher", "class_attached_teacher", "subject_teacher", "grade_supervisor",
       "grade_head", "principal", "vice_principal", "union_chair", "moral_education", "aid_officer", "roll_officer",
       "system_admin", "counsellor")  # fmt: skip


@page
def pupils(request) -> HttpResponse:
    """This function will list the children the viewer may open, fifty a page."""
    viewer, wish = request.viewer, _wish(request.GET)
    rows = pupil_rows(viewer, wish)
    classes = sorted(_classes(rows[0][6], viewer.day)) if rows else []
    labels = {(year, number): label for _order, year, number, _pk, label in classes}
    number = _("No. %(n)s")  # looked up once, not fifty times
    context = {
        "rows": [
            (
                pk,
                name,
                labels.get((year, of_year)) or class_label(year, of_year, viewer.day),
                number % {"n": seat} if seat else "",
                near(last) if last else "",
            )
            for pk, name, year, of_year, seat, last, _all in rows[:PAGE]
        ],
        "wish": wish,
        "classes": [(pk, label) for _order, _year, _number, pk, label in classes] if len(classes) > 1 else [],
        "newer": _turned(wish, wish.page - 1) if wish.page > 1 else "",
        "older": _turned(wish, wish.page + 1) if len(rows) > PAGE else "",
        "sees_contact": viewer.is_leader or not viewer.sees_roll or bool(viewer.class_ids),
        "is_narrowed": bool(wish.words or wish.class_id or wish.quiet),
    }
    return render(request, "child/pupils.html", context)


def _wish(asked) -> Wish:
    return Wish(
        words=asked.get("q", "").strip()[:40],
        class_id=record_form.as_uuid(asked.get("class", "")),
        quiet="quiet" in asked,
        page=_number(asked),
    )


def _number(asked) -> int:
    """The page asked for, the first where it was not understood."""
    number = asked.get("page", "1")
    return max(1, int(number)) if number.isascii() and number.isdigit() and len(number) < 5 else 1


def _turned(wish: Wish, number: int) -> str:
    asked = {
        "q": wish.words,
        "class": wish.class_id or "",
        "quiet": "1" if wish.quiet else "",
        "page": number,
    }
    return "?" + urlencode({key: value for key, value in asked.items() if value})


def _classes(joined: str | None, day) -> list[tuple]:
    found = []
    for one in (joined or "").split(","):
        if one:
            pk, year, number = one.split(":")
            year, number = int(year), int(number)
            found.append(
                ((-year, number), year, number, record_form.as_uuid(pk), class_label(year, number, day))
            )
    return found


@dataclass(frozen=True, slots=True)
class Help:
    """One line of 现在这样帮."""

    title: str
    window: str
    pill: str
    last: str
    why: str


@page
def pupil(request, pupil_id) -> HttpResponse:
    """This function will show one child's file; a POST opens one phone number to call it, which is logged."""
    viewer = request.viewer
    if request.GET.get("view") == "check":
        return inspection.file(request, pupil_id)
    child = look.head(viewer, pupil_id)
    if child is None:
        raise Http404
    roles = look.roles_to(viewer, child)
    shown = _reveal(request, pupil_id)
    if shown and request.headers.get("Accept") == "application/json":  # to dial with the same tap
        return JsonResponse({"number": next(iter(shown.values()))}, headers={"Cache-Control": "no-store"})
    plans = adopt.plans_in_force(viewer.school, viewer.day) if child["is_cared"] else ()
    context = {
        "child": child,
        "second": _under_the_name(child, viewer),
        "family": [_guardian(one, shown) for one in look.family(pupil_id)],
        "why": _why(roles, child, plans),
        "is_cared": child["is_cared"],
        "may_note": child["is_cared"] and not child["left_on"],
        "was_called": bool(shown),
        "fresh_id": uuid4,
        "left_on": child["left_on"],
        **ending.section(viewer, child, roles),
    }
    if child["is_cared"]:
        context |= _records(request, pupil_id) | _help(viewer, pupil_id, plans, look.may_see_needs(roles))
        context |= goals.section(viewer, pupil_id, plans, roles)
        context |= gaps.section(viewer, pupil_id, plans, roles)
        context |= visits.section(viewer, child)
        context |= calls.section(viewer, pupil_id)
        context |= care_case.section(viewer, child)
        context |= _resting(viewer, pupil_id, context["reasons"])
    return render(request, "child/pupil.html", context)


def _reveal(request, pupil_id) -> dict:
    """Opens the number asked for, of the family or, when a child is in danger, of the principal."""
    for kind in ("guardian", "leader") if request.method == "POST" else ():
        if one := record_form.as_uuid(request.POST.get(kind, "")):
            try:
                return {one: calling.dial(kind=kind, id=one, pupil_id=pupil_id, by=request.viewer)}
            except (Guardian.DoesNotExist, Staff.DoesNotExist) as missing:
                raise Http404 from missing
    return {}


def _resting(viewer, pupil_id, reasons: list) -> dict:
    """What rests for this child, and the ways to let it rest and to show the file, for those who may."""
    return {
        "rests": pauses.of_child(viewer, pupil_id),
        "may_pause": bool(reasons) and viewer.holds(*pair.DECIDERS),
        "may_inspect": bool(reasons) and viewer.holds(*LEADS),
    }


def _guardian(one: Guardian, shown: dict) -> dict:
    return {
        "id": one.pk,
        "name": one.name,
        "relation": one.relation or _("Family"),
        "masked": one.phone.masked() if one.phone else "",
        "number": shown.get(one.pk, ""),
    }


def _under_the_name(child: dict, viewer) -> str:
    said = []
    if child["entry_year"]:
        said.append(class_label(child["entry_year"], child["number"], viewer.day))
    if child["seat_no"]:
        said.append(_("No. %(n)s") % {"n": child["seat_no"]})
    if child["sex"] in SEXES:
        said.append(_("boy") if SEXES[child["sex"]] == "boy" else _("girl"))
    if child["helpers"] and child["is_cared"]:
        said.append(_("helper %(name)s") % {"name": listed(_apart(child["helpers"]))})
    return " · ".join(said)


def _apart(joined: str | None) -> list[str]:
    return sorted(set((joined or "").split(",")) - {""})


def _why(roles, child: dict, plans) -> str:
    role = next((role for role in WHY if role in roles), "")
    if role == "helper" and child["paired_in"]:
        paired = _apart(child["paired_in"])
        if titles := [plan.short_title for plan in plans if plan.key in paired]:
            words = _("You see this file because you are paired with this pupil in %(plans)s.")
            return words % {"plans": listed(titles)}
        return _("You see this file because you are paired with this pupil.")
    if role in ("helper", "deputy"):  # whoever stands in is a helper for these days
        return _("You see this file because you stand in for the helper.")
    if role:
        words = {"role": _(ROLES.get(role, role))}
        if not child["is_cared"]:
            return (
                _("You see name, class and family as %(role)s; talks and notes are for those who help.")
                % words
            )
        return _("You see this file as %(role)s.") % words
    return _("You see this file because of your role at the school.")


def _records(request, pupil_id) -> dict:
    """Ten at a time, so that a file of many years opens as fast as a new one."""
    viewer, until, number = request.viewer, request.GET.get("until", ""), _number(request.GET)
    try:
        last = date.fromisoformat(until)
    except ValueError:
        last, until = None, ""
    rows = look.told(viewer, pupil_id, limit=STEP + 1, start=(number - 1) * STEP, until=last)
    changed = [row.amends for row in rows[:STEP] if row.amends]
    versions = look.earlier(viewer, changed) if changed else {}
    return {
        "bright": look.bright_spot(viewer, pupil_id),
        "records": [
            {
                "id": row.id,
                "on": row.on,
                "what": record_form.activity_names(row.activities),
                "author": row.author,
                "said": record_form.said(row.activities, row.answers),
                "note": row.note,
                "bright": row.bright_spot,
                "added": row.written_on if row.written_on != row.on else None,
                "before": versions.get(row.amends, []),
            }
            for row in rows[:STEP]
        ],
        "until": until,
        "newer": _page_of_records(number - 1, until) if number > 1 else "",
        "older": _page_of_records(number + 1, until) if len(rows) > STEP else "",
    }


def _page_of_records(number: int, until: str) -> str:
    return "?" + urlencode({"page": number, **({"until": until} if until else {})}) + "#records"


def _help(viewer, pupil_id, plans, tells_facts: bool) -> dict:
    cases = look.cases_of(viewer, pupil_id)
    by_key = {plan.key: plan for plan in plans}
    found = look.help_of(viewer, plans, pupil_id) if cases and plans else {}
    lines, reasons = [], []
    for case in cases:
        plan = by_key.get(case["plan_key"])
        if plan is None:
            continue
        if plan.key in found:
            lines += _help_lines(plan, found[plan.key], viewer.day, tells_facts)
        reasons.append(_reason(plan, case))
    return {"help": lines, "reasons": reasons}


def _help_lines(plan, dossier, day, tells_facts: bool) -> list[Help]:
    found = []
    for duty in plan.duties:
        mine = [s for s in dossier.standings if s.expectation.duty_key.partition("@")[0] == duty.key]
        if mine:
            found.append(_help_line(plan, duty, mine, day, dossier.view if tells_facts else None))
    return found


def _help_line(plan, duty, mine: list[Standing], day, view) -> Help:
    last = max((s.done_on for s in mine if s.done_on), default=None)
    now = next((s for s in mine if s.expectation.opens_on <= day <= s.expectation.due_on), None)
    window, pill = "", ""
    if now is not None:
        enough = now.state in DONE
        window = _("enough") if enough else days(now.expectation.opens_on, now.expectation.due_on)
        pill = "ok" if enough else "due" if now.state in OPEN else ""
        if now.state is State.excused:
            window = _("not possible this time")
    latest = now or max(mine, key=lambda s: s.expectation.due_on)
    told = why.of_duty(plan, latest, adopt.shelf().commons.labels, view)
    return Help(duty.title, window, pill, near(last) if last else "", told)


def _reason(plan, case: dict) -> str:
    """为什么帮: the causes somebody chose, when, and the clause that asks for the choice."""
    titles = {cause.key: cause.title for cause in plan.selection.causes} if plan.selection else {}
    causes = listed(titles.get(cause, cause) for cause in case["causes"] if cause in titles)
    words = {"day": day_of(case["opened_on"]), "plan": plan.short_title}
    words["clause"] = next((duty.source for duty in plan.duties if "survey" in duty.accepts), "")
    words["causes"] = listed(part for part in (causes, case["cause_note"].rstrip("。. ")) if part)
    if words["causes"]:
        return _("Since %(day)s, because: %(causes)s. Asked by the plan %(plan)s (%(clause)s).") % words
    return _("Since %(day)s. Asked by the plan %(plan)s (%(clause)s).") % words


urlpatterns = [
    path("pupils", pupils, name="pupils"),
    path("pupils/<uuid:pupil_id>", pupil, name="pupil"),
]
