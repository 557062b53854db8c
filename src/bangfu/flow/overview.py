"""What the board shows: is every child helped, what should be asked about, which weeks are not done, class by class.

In: the viewer, whose scope it is. Out: one Board of plain values; words and links are the page's. Nothing here
compares people: classes stand in class order, and a matter names a child or a paper, never a score.
"""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from bangfu.engine.calendar import Calendar
from bangfu.engine.period import Period
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.engine.standing import State
from bangfu.flow import adopt, history, schedule, sheet
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, MonthSheet, Nomination, SchoolClass, SpotCheck, Survey
from bangfu.records.models.places import class_label

WEEKS = 8
QUIET_DAYS = 10  # two school weeks
AWAY_DAYS = 6  # a shorter leave needs nobody else
LEADS = ("principal", "vice_principal")
MISSING = (State.can_still_be_added, State.not_done)


class NotForYou(Refusal):
    sentence = "看板给班主任、包班教师、包级领导和校领导看。您带的学生在“今日待办”里。"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to ask about: `kind` says what; whom or how many; `subject` is what its button opens."""

    kind: str  # unhelped, away, survey, sheets, nominations, differs, quiet
    name: str = ""
    place: str = ""
    subject: str = ""
    count: int = 1
    helper: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One class over the weeks: (not done, owed) per week, None where nothing was owed."""

    label: str
    cells: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Everything a board says. `handed` is (in, of) of the month, or None where it is not the viewer's to see."""

    scope: str  # school, grade, class
    places: tuple[str, ...]
    week: int | None
    helped: int  # children, not cases: one child may stand in several plans
    cases: int
    quiet: int
    month: Period | None
    handed: tuple[int, int] | None
    matters: tuple[Matter, ...]
    weeks: tuple[Period, ...]
    lines: tuple[Line, ...]


@dataclass(slots=True)
class _Seen:
    """One plan's cases as they stand today."""

    plan: Plan
    open: list
    all: list
    heard: dict[UUID, date]  # pupil → the last day something was recorded


def board(viewer) -> Board:
    """This function will read the board of the viewer's classes, grade or school; raises NotForYou.

    The number of queries depends on the number of plans, never on the number of children.
    """
    scope = _scope(viewer)
    calendar = calendar_for(viewer.school)
    classes = _classes(viewer, scope)
    weeks = _weeks(calendar, viewer.day)
    seen = _look(adopt.plans_in_force(viewer.school, viewer.day), viewer, classes, weeks)
    since = _quiet_since(calendar, viewer.day)
    month = sheet.month_period(viewer.school, viewer.day)
    handed, matters = None, []
    for one in seen:
        matters += _about_children(one, viewer.day)
    if scope != "class":
        papers, handed = _papers(viewer, seen, calendar, month)
        matters += papers
    matters += _surveys(viewer, seen, classes, calendar)
    quiet = _once(m for one in seen for m in _quiet(one, since, viewer.day))
    alone = {m.subject for m in matters if m.kind in ("unhelped", "away")}
    children = {str(d.pupil_id) for one in seen for d in one.open}
    return Board(
        scope=scope,
        places=tuple(label for _, label in classes.values()),
        week=calendar.teaching_week(viewer.day),
        helped=len(children - alone),
        cases=len(children),
        quiet=len(quiet),
        month=month,
        handed=handed,
        matters=tuple(_once(matters) + quiet),
        weeks=weeks,
        lines=_lines(seen, classes, weeks),
    )


def _scope(viewer) -> str:
    if viewer.is_leader:
        return "school"
    if viewer.entry_years:
        return "grade"
    if viewer.minded_class_ids:
        return "class"
    raise NotForYou


def _classes(viewer, scope: str) -> dict[UUID, tuple[int, str]]:
    rows = SchoolClass.objects.visible_to(viewer).in_order()
    if scope == "class":
        rows = rows.filter(pk__in=viewer.minded_class_ids)
    elif scope == "grade":
        rows = rows.filter(entry_year__in=viewer.entry_years)
    found = {}
    for pk, year, number in rows.values_list("pk", "entry_year", "number"):
        found[pk] = (year, class_label(year, number, viewer.day))
    return found


def _weeks(calendar: Calendar, day: date) -> tuple[Period, ...]:
    """The last weeks that are over, of one term; in the first days of a term, those of the term before."""
    over = [week for week in calendar.periods("teaching_week") if week.due_on < day]
    term = calendar.term_on(over[-1].due_on) if over else None
    return tuple(week for week in over if term and week.opens_on >= term.starts_on)[-WEEKS:]


def _look(plans: tuple[Plan, ...], viewer, classes, weeks) -> list[_Seen]:
    """All plans at once: the queries don't grow with them."""
    since = weeks[0].opens_on if weeks else viewer.day
    still = Q(closed_on__isnull=True) | Q(closed_on__gt=since)
    keys = [plan.key for plan in plans]
    cases = Case.objects.visible_to(viewer).filter(still, plan_key__in=keys, opened_on__lte=viewer.day)
    found = schedule.dossiers(cases, day=viewer.day)
    found = {pk: d for pk, d in found.items() if d.school_class_id in classes}
    if weeks:
        schedule.judge(plans, found, schedule.Asked(viewer.school, since, weeks[-1].due_on, viewer.day))
    ordered = sorted(found.values(), key=lambda d: (-d.entry_year, d.class_number, d.sort_key))
    running = [d for d in ordered if d.view.closed_on is None or d.view.closed_on > viewer.day]
    running = [d for d in running if d.view.left_on is None or d.view.left_on > viewer.day]
    heard = schedule.last_heard({d.pupil_id for d in running}, viewer.day)
    return [
        _Seen(
            plan,
            [d for d in running if d.plan_key == plan.key],
            [d for d in ordered if d.plan_key == plan.key],
            heard,
        )
        for plan in plans
    ]


def _lines(seen: list[_Seen], classes, weeks: tuple[Period, ...]) -> tuple[Line, ...]:
    starts = [week.opens_on for week in weeks]
    counts: dict[UUID, list[list[int]]] = {pk: [[0, 0] for _ in weeks] for pk in classes}
    for dossier in (d for one in seen for d in one.all):
        row = counts[dossier.school_class_id]
        for standing in dossier.standings:
            due_on = standing.expectation.due_on
            at = bisect_right(starts, due_on) - 1
            if at < 0 or due_on > weeks[at].due_on or standing.state in (State.excused, State.not_applicable):
                continue
            row[at][1] += 1
            row[at][0] += standing.state in MISSING
    return tuple(
        Line(label, tuple((missing, owed) if owed else None for missing, owed in counts[pk]))
        for pk, (_, label) in classes.items()
    )


def _once(matters) -> list[Matter]:
    """A child in several plans is named once."""
    return list(dict.fromkeys(matters))


def _asks_for_somebody(plan: Plan, dossier) -> bool:
    """Whether the plan gives this child an adult of its own; others go by the class's teachers."""
    return any(
        rule.per_case.min and (not rule.for_ or dossier.view.category in rule.for_)
        for rule in plan.pairings
        if rule.kind == "adult"
    )


def _rests(dossier, day: date) -> bool:
    return any(spell.holds(day) for spell in dossier.view.stops)


def _away(dossier, day: date) -> bool:
    return not dossier.deputies and any(
        p.holds(day) and p.due_on and (p.due_on - p.opens_on).days >= AWAY_DAYS
        for p in dossier.view.helper_pauses
    )


def _of(kind: str, dossier, day: date) -> Matter:
    return Matter(
        kind,
        dossier.name,
        class_label(dossier.entry_year, dossier.class_number, day),
        str(dossier.pupil_id),
        helper="、".join(dossier.helpers.values()),
    )


def _about_children(one: _Seen, day: date) -> list[Matter]:
    running = [d for d in one.open if not _rests(d, day)]
    alone = [_of("unhelped", d, day) for d in running if not d.helpers and _asks_for_somebody(one.plan, d)]
    return alone + [_of("away", d, day) for d in running if d.helpers and _away(d, day)]


def _quiet_since(calendar: Calendar, day: date) -> date | None:
    """The first of the last two school weeks; None in vacation and in the first two weeks of a term."""
    term = calendar.term_on(day)
    days = calendar.school_days(term.starts_on, day) if term else ()
    return days[-QUIET_DAYS] if len(days) > QUIET_DAYS else None


def _quiet(one: _Seen, since: date | None, day: date) -> list[Matter]:
    if since is None:
        return []
    return [
        _of("quiet", d, day)
        for d in one.open
        if d.helpers
        and not (_away(d, day) or _rests(d, day))
        and d.view.opened_on <= since
        and _silent(d, one.heard, since)
    ]


def _silent(dossier, heard, since: date) -> bool:
    last = heard.get(dossier.pupil_id)
    absent = any(p.opens_on <= since and (p.due_on is None or p.due_on >= since) for p in dossier.view.pauses)
    return (last is None or last < since) and not absent


def _papers(viewer, seen: list[_Seen], calendar: Calendar, month: Period | None):
    """Sheets not handed in after their day, checks that differ and nominations that wait; and (in, of) of the month."""
    matters: list[Matter] = []
    last = [p for p in calendar.periods("month") if p.opens_on <= viewer.day][-2:]
    rows = MonthSheet.objects.visible_to(viewer).filter(month__in=[sheet.first_day(p) for p in last])
    handed_in = defaultdict(set)
    for plan_key, day, helper in rows.values_list("plan_key", "month", "helper_id"):
        handed_in[plan_key, f"{day:%Y-%m}"].add(helper)
    done = of = 0
    for one in seen:
        for period in last:
            owing = _owing(one, period)
            missing = owing - handed_in[one.plan.key, period.key]
            due_on = sheet.hand_in_due(one.plan, viewer.school, period)
            if period == month and due_on:
                done, of = done + len(owing) - len(missing), of + len(owing)
            if missing and due_on and due_on < viewer.day:
                matters.append(Matter("sheets", period.title, subject=period.key, count=len(missing)))
    matters += _nominations(viewer)
    matters += _differing(viewer, rows)
    return matters, ((done, of) if month else None)


def _owing(one: _Seen, period: Period) -> set[UUID]:
    return {
        helper
        for d in one.all
        for helper in d.helpers
        if d.view.opened_on <= period.due_on
        and (d.view.closed_on is None or d.view.closed_on > period.opens_on)
        if any(spell.opens_on <= period.due_on for spell in d.view.helped or ())
    }


def _nominations(viewer) -> list[Matter]:
    if not viewer.holds(*LEADS):
        return []
    waiting = (
        Nomination.objects.visible_to(viewer).filter(state="nominated").exclude(nominated_by=viewer.staff)
    )
    count = waiting.count()
    return [Matter("nominations", count=count)] if count else []


def _differing(viewer, sheets) -> list[Matter]:
    if not viewer.holds(*LEADS, "grade_supervisor"):
        return []
    rows = SpotCheck.objects.filter(sheet__in=sheets, outcome="differs").exclude(sheet__state="sealed")
    rows = rows.exclude(sheet__helper=viewer.staff).order_by("checked_at")
    return [
        Matter("differs", name, subject=str(pk)) for pk, name in rows.values_list("pk", "case__pupil__name")
    ]


def _surveys(viewer, seen: list[_Seen], classes, calendar: Calendar) -> list[Matter]:
    term = calendar.term_on(viewer.day)
    if term is None or not classes:
        return []
    finished = defaultdict(set)
    for plan_key, pk in Survey.objects.filter(
        school_class__in=classes, term_key=term.key, finished_on__isnull=False
    ).values_list("plan_key", "school_class_id"):
        finished[plan_key].add(pk)
    matters = []
    for one in seen:
        over = history.reigns_of(one.plan, viewer.school)
        owed = history.owed_to_class(over, viewer.school_id, calendar, term, {})
        due_on = max((e.due_on for e in owed if "survey" in e.accepts), default=None)
        missing = [pk for pk in classes if pk not in finished[one.plan.key]]
        if due_on and due_on < viewer.day and missing:
            labels = [classes[pk][1] for pk in missing]
            named = "、".join(labels[:3]) + ("……" if len(labels) > 3 else "")
            matters.append(Matter("survey", named, subject=str(missing[0]), count=len(missing)))
    return matters
