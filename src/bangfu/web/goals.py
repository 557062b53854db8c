"""目标: a child's goals in dated steps, on the child's file and on a page of their own; reached, changed, let go, undone.

P1-04, P2-20 to 22, P5-06, P5-22, P6-13, P7A-03. Words, not marks; nobody is compared, nothing is published.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from bangfu.engine import goal as aim
from bangfu.engine.means import Goal
from bangfu.engine.plan import Plan
from bangfu.flow import adopt, goals, record
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, CaseGoal, GoalStep, Pupil
from bangfu.web.place import act, address, done, page, render

STEPS = 12  # no plan asks for more on one page
MONTH = timedelta(days=28)
LEVELS = tuple(enumerate(aim.LEVELS, 1))


@dataclass(frozen=True, slots=True)
class Line:
    """One goal of a plan on a child's file: what stands, and whether the viewer may change it or set another."""

    plan: Plan
    spec: Goal
    case_id: UUID
    rows: tuple[dict, ...]
    may: bool
    is_free: bool


def section(viewer, pupil_id: UUID, plans, roles: frozenset[str]) -> dict:
    """This function will give the section 目标 of a child's file; empty where no plan in force has goals for the child."""
    plans = {plan.key: plan for plan in plans if plan.goals}
    if not plans:
        return {}
    cases = Case.objects.visible_to(viewer).open_on(viewer.day).filter(pupil=pupil_id, plan_key__in=plans)
    cases = list(cases.order_by("opened_on", "plan_key").values_list("id", "plan_key", "category"))
    wanted = [(case, plans[key], goals.offered(plans[key], category)) for case, key, category in cases]
    if not any(specs for _case, _plan, specs in wanted):
        return {}
    set_here, closed = _stored(viewer, [case for case, _key, _category in cases])
    return {
        "goals": [
            _line(plan, spec, case, set_here[case, spec.key], goals.may_set(spec, roles))
            for case, plan, specs in wanted
            for spec in specs
        ],
        "goals_before": closed,
        "several_plans": len(wanted) > 1,
    }


def _stored(viewer, case_ids) -> tuple[dict, list[dict]]:
    rows = CaseGoal.objects.visible_to(viewer).filter(case__in=case_ids).prefetch_related("steps")
    found, closed = defaultdict(list), []
    for row in rows.order_by("set_on", "dimension"):
        if row.state == "open":
            found[row.case_id, row.key].append(_told(row, viewer.day))
        elif row.state == "reached" or row.steps.all():
            closed.append(_told(row, viewer.day))
    return found, sorted(closed, key=lambda one: one["row"].closed_on, reverse=True)


def _told(row: CaseGoal, day: date) -> dict:
    steps = sorted(row.steps.all(), key=lambda step: step.due_on)
    waiting = [step for step in steps if step.state == "open"]
    past = sorted((step for step in steps if step.state != "open"), key=lambda step: step.closed_on)
    return {
        "row": row,
        "from": aim.level_word(row.baseline) if row.baseline else "",
        "now": _step(waiting[0], day) if waiting else None,
        "next": [_step(step, day) for step in waiting[1:]],
        "past": [_step(step, day) for step in past],
    }


def _step(step: GoalStep, day: date) -> dict:
    more = [_("%(need)s: %(words)s") % {"need": need, "words": words} for need, words in step.filled.items()]
    return {
        "row": step,
        "level": aim.level_word(step.level) if step.level else "",
        "more": more,
        "is_past": step.due_on < day,
    }


def _line(plan: Plan, spec: Goal, case_id: UUID, rows: list[dict], may: bool) -> Line:
    sides = aim.sides(spec) or ("",)
    taken = {one["row"].dimension for one in rows}
    return Line(plan, spec, case_id, tuple(rows), may, not taken.issuperset(sides))


@page
def goal_set(request, case_id: UUID, key: str) -> HttpResponse:
    """This function will set a goal of the plan for one child."""
    viewer = request.viewer
    case = (
        Case.objects.visible_to(viewer).open_on(viewer.day).select_related("pupil").filter(pk=case_id).first()
    )
    plan = _plan(viewer, case.plan_key) if case else None
    spec = next((one for one in goals.offered(plan, case.category) if one.key == key), None) if plan else None
    if spec is None:
        raise Http404
    if not goals.may_set(spec, record.roles_on([case.pupil], by=viewer)[case.pupil_id]):
        raise goals.NotYourGoal
    if request.method == "POST" and not _wants_more(request):
        wish = goals.Wish(
            key,
            _drafts(request.POST, spec),
            request.POST.get("dimension", ""),
            _number(request.POST.get("baseline", "")),
            request.POST.get("words", ""),
        )
        row = goals.set_goal(plan=plan, case=case, wish=wish, by=viewer)
        undo = address("goal_drop", row.pk)
        return done(request, _home(case.pupil_id), _("The goal is set, and recorded."), undo=undo)
    least = spec.milestones.min if spec.milestones else 1
    taken = set(case.goals.filter(key=key, state="open").values_list("dimension", flat=True))
    context = {
        "sides": [(side, side) for side in aim.sides(spec) if side not in taken],
        "rows": _rows(request, spec, _empty(spec, viewer, max(least, 1))),
    }
    return _form(request, plan, spec, case.pupil, context)


@page
def goal(request, goal_id: UUID) -> HttpResponse:
    """This function will show one goal whole; a POST puts other steps in the place of the open ones."""
    viewer, row = request.viewer, _goal(request, goal_id)
    plan = _plan(viewer, row.case.plan_key)
    spec = (
        next((one for one in goals.offered(plan, row.case.category) if one.key == row.key), None)
        if plan
        else None
    )
    may = spec and goals.may_set(spec, record.roles_on([row.case.pupil], by=viewer)[row.case.pupil_id])
    if spec is None or not may or row.state != "open":
        if request.method == "POST":
            raise goals.NotOpen if row.state != "open" else goals.NotYourGoal
        told = _told(row, viewer.day)
        return render(request, "goals/goal.html", {"one": told, "child": row.case.pupil, "spec": spec})
    if request.method == "POST" and not _wants_more(request):
        steps, because = _drafts(request.POST, spec), request.POST.get("because", "")
        goals.adjust(plan=plan, row=row, steps=steps, by=viewer, because=because)
        return done(request, _home(row.case.pupil_id), _("Changed. The earlier steps can still be read."))
    waiting = row.steps.filter(state="open").order_by("due_on")
    drafts = [goals.Draft(one.due_on, one.what, one.level, one.filled) for one in waiting]
    context = {"row": row, "one": _told(row, viewer.day), "rows": _rows(request, spec, drafts)}
    return _form(request, plan, spec, row.case.pupil, context)


def _form(request, plan: Plan, spec: Goal, child: Pupil, context: dict) -> HttpResponse:
    rows, most = context["rows"], min(spec.milestones.max if spec.milestones else STEPS, STEPS)
    least = spec.milestones.min if spec.milestones else 1
    words = {
        "plan": plan,
        "spec": spec,
        "child": child,
        "levels": LEVELS if spec.step is not None else (),
        "main_need": goals.main_need(spec) or _("What will be done"),
        "more_needs": goals.more_needs(spec),
        "least": least,
        "may_grow": len(rows) + len(context.get("one", {}).get("past", ())) < most,
        "most_words": goals.MOST,
    }
    return render(request, "goals/form.html", words | context)


def _plan(viewer, key: str) -> Plan | None:
    return next((one for one in adopt.plans_in_force(viewer.school, viewer.day) if one.key == key), None)


def _home(pupil_id: UUID) -> str:
    return f"{address('pupil', pupil_id)}#goals"


def _goal(request, goal_id: UUID) -> CaseGoal:
    row = CaseGoal.objects.visible_to(request.viewer).select_related("case__pupil").filter(pk=goal_id).first()
    if row is None:
        raise Http404
    return row


def _wants_more(request) -> bool:
    """One more step is wanted on the form: the page comes back with what was typed and one more blank."""
    if request.POST.get("then") == "more":
        request.came_back = True
        return True
    return False


def _empty(spec: Goal, viewer, count: int) -> list[goals.Draft]:
    """Blank steps with days spread over what is left of the term, and the person who writes as who looks after it."""
    term = calendar_for(viewer.school).term_on(viewer.day)
    left = max(term.ends_on - viewer.day, MONTH / 2) if term else MONTH * count
    person = {need: viewer.staff.name for need in goals.more_needs(spec) if need in goals.PERSON}
    return [
        goals.Draft(viewer.day + timedelta(days=left.days * at // count), needs=person)
        for at in range(1, count + 1)
    ]


def _rows(request, spec: Goal, drafts: list[goals.Draft]) -> list[dict]:
    """The steps on the form: as typed if it came back (with one more blank if that was wanted), else the drafts."""
    if getattr(request, "came_back", False):
        posted = request.POST
        count = max((at for at in range(1, STEPS + 1) if f"step.{at}.what" in posted), default=0)
        count = min(count + (posted.get("then") == "more"), STEPS)
        drafts = [_draft(posted, at, spec) for at in range(1, max(count, 1) + 1)]
    return [
        {
            "at": at,
            "on": one.on.isoformat() if one.on else "",
            "what": one.what,
            "level": one.level or "",
            "needs": [
                (f"step.{at}.need.{n}", need, one.needs.get(need, ""))
                for n, need in enumerate(goals.more_needs(spec))
            ],
        }
        for at, one in enumerate(drafts, 1)
    ]


def _drafts(posted, spec: Goal) -> tuple[goals.Draft, ...]:
    """The steps that say something; a row without words is no step."""
    found = (_draft(posted, at, spec) for at in range(1, STEPS + 1))
    own = {need for need in goals.more_needs(spec) if need not in goals.PERSON}
    return tuple(one for one in found if one.what or any(one.needs[need] for need in own))


def _draft(posted, at: int, spec: Goal) -> goals.Draft:
    said = posted.get
    needs = {need: said(f"step.{at}.need.{n}", "").strip() for n, need in enumerate(goals.more_needs(spec))}
    what, level = said(f"step.{at}.what", "").strip(), _number(said(f"step.{at}.level", ""))
    return goals.Draft(_date(said(f"step.{at}.on", "")), what, level, needs)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 3 else None


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _act_on(request, row: CaseGoal) -> Plan:
    plan = _plan(request.viewer, row.case.plan_key)
    if plan is None:
        raise goals.NoSuchGoal
    return plan


@act
def goal_reach(request, step_id: UUID) -> HttpResponse:
    """This function will say that a step is reached."""
    step = _open_step(request, step_id)
    note = request.POST.get("note", "")
    goals.reach(plan=_act_on(request, step.goal), step=step, by=request.viewer, note=note)
    undo = address("goal_unreach", step.pk)
    return done(request, _home(step.goal.case.pupil_id), _("Reached, and recorded."), undo=undo)


@act
def goal_unreach(request, step_id: UUID) -> HttpResponse:
    """This function will take back that a step was reached."""
    step = _open_step(request, step_id)
    goals.unreach(plan=_act_on(request, step.goal), step=step, by=request.viewer)
    return done(request, _home(step.goal.case.pupil_id), _("The step is open again."))


@act
def goal_drop(request, goal_id: UUID) -> HttpResponse:
    """This function will let go of a goal."""
    row = _goal(request, goal_id)
    because = request.POST.get("because", "")
    goals.drop(plan=_act_on(request, row), row=row, by=request.viewer, because=because)
    undo = address("goal_resume", row.pk)
    return done(request, _home(row.case.pupil_id), _("Let go. What was reached stays."), undo=undo)


@act
def goal_resume(request, goal_id: UUID) -> HttpResponse:
    """This function will take up a goal again that was let go."""
    row = _goal(request, goal_id)
    goals.resume(plan=_act_on(request, row), row=row, by=request.viewer)
    return done(request, _home(row.case.pupil_id), _("Taken up again."))


def _open_step(request, step_id: UUID) -> GoalStep:
    mine = GoalStep.objects.visible_to(request.viewer)
    step = mine.select_related("goal__case__pupil").filter(pk=step_id).first()
    if step is None:
        raise Http404
    return step


urlpatterns = [
    path("cases/<uuid:case_id>/goals/<slug:key>", goal_set, name="goal_set"),
    path("goals/<uuid:goal_id>", goal, name="goal"),
    path("goals/<uuid:goal_id>/drop", goal_drop, name="goal_drop"),
    path("goals/<uuid:goal_id>/again", goal_resume, name="goal_resume"),
    path("goals/steps/<uuid:step_id>/reached", goal_reach, name="goal_reach"),
    path("goals/steps/<uuid:step_id>/open", goal_unreach, name="goal_unreach"),
]
