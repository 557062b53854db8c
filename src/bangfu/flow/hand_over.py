"""What a viewer owes beside the weekly duties: class surveys, the month's hand-in, and what was written down today.

Rows in, small values out, for the agenda (P9-16, P9-23, P9-39, P9-41).
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q
from django.utils import timezone

from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Spell
from bangfu.engine.expectation import Expectation, stopped
from bangfu.engine.plan import Plan
from bangfu.engine.standing import State
from bangfu.flow import history
from bangfu.flow.almanac import stops_for
from bangfu.records.models import Enrolment, Evidence, MonthSheet, SchoolClass, SurveyAnswer, TermSummary
from bangfu.records.models.places import class_label, school_year_of

BACK, AHEAD = timedelta(days=35), timedelta(days=200)
MOST_WRITTEN = 20


@dataclass(frozen=True, slots=True)
class HandIn:
    """A month to hand in, or a term to sum up: what is there already and what is still missing."""

    kind: str  # hand_in | summary
    title: str
    period: str
    period_title: str
    opens_on: date
    due_on: date
    children: int
    records: int
    missing: tuple[tuple[str, int], ...]
    plan: str = ""
    is_asked: bool = False  # the supervisor asked for one more sentence


def hand_ins(plan: Plan, viewer, calendar: Calendar, helping) -> list[HandIn]:
    """This function will list months and terms the viewer has not yet handed in; one or two queries, none for others."""
    if not helping:
        return []
    day = viewer.day
    began = min((s.opens_on for d in helping for s in d.view.helped or ()), default=day)
    spell = Spell(max(began, day - BACK), day + AHEAD)
    owed = history.owed_by_helper(plan, viewer.school, viewer.staff.pk, spell)
    owed = [e for e in owed if e.opens_on <= day and e.due_on >= day - BACK]
    months = {e.period: date.fromisoformat(f"{e.period}-01") for e in owed if "hand_in" in e.accepts}
    states = _sheets(plan, viewer, months) | _summaries(plan, viewer, owed)
    return [
        _hand_in(plan, e, helping, calendar, asked=states.get(e.period) == "asked")
        for e in owed
        if {"hand_in", "summary"} & set(e.accepts) and states.get(e.period, "asked") == "asked"
    ]


def _sheets(plan: Plan, viewer, months: dict[str, date]) -> dict[str, str]:
    if not months:
        return {}
    rows = MonthSheet.objects.filter(plan_key=plan.key, helper=viewer.staff, month__in=months.values())
    return {f"{month:%Y-%m}": state for month, state in rows.values_list("month", "state")}


def _summaries(plan: Plan, viewer, owed: list[Expectation]) -> dict[str, str]:
    terms = [e.period for e in owed if "summary" in e.accepts]
    if not terms:
        return {}
    rows = TermSummary.objects.filter(plan_key=plan.key, helper=viewer.staff, term_key__in=terms)
    return dict.fromkeys(rows.values_list("term_key", flat=True), "written")


def _hand_in(plan: Plan, e: Expectation, helping, calendar: Calendar, *, asked: bool) -> HandIn:
    # The whole month counts, though its papers are handed in by the 30th; a week belongs to the month it ends in.
    unit = "term" if "summary" in e.accepts else "month"
    whole = next((p for p in calendar.periods(unit) if p.key == e.period), None)
    first, last = (whole.opens_on, whole.due_on) if whole else (e.opens_on, e.due_on)
    inside = [
        s
        for dossier in helping
        for s in dossier.standings
        if first <= s.expectation.due_on <= last and "helper" in s.expectation.who
    ]
    missing: dict[str, list] = {}
    for s in inside:
        if s.state in (State.open, State.can_still_be_added) and "decision" not in s.expectation.accepts:
            # what one talk meets is named once: 「学生说说这一周」 comes with the talk
            missing.setdefault(s.expectation.accepts[0], [s.expectation.title, s.expectation.duty_key, 0])
            if missing[s.expectation.accepts[0]][1] == s.expectation.duty_key:
                missing[s.expectation.accepts[0]][2] += max(s.expectation.times - s.count, 1)
    return HandIn(
        kind="summary" if "summary" in e.accepts else "hand_in",
        title=e.title,
        period=e.period,
        period_title=e.period_title,
        opens_on=e.opens_on,
        due_on=e.due_on,
        children=len(helping),
        records=len({act for s in inside for act in s.acts}),
        missing=tuple((title, n) for title, _key, n in missing.values()),
        plan=plan.key,
        is_asked=asked,
    )


def class_rows(plan: Plan, viewer, calendar: Calendar, row, child) -> list:
    """This function will list surveys of the viewer's classes not yet done, and of pupils who joined after them."""
    asked = {
        role for duty in plan.duties if duty.per == "class" and "survey" in duty.accepts for role in duty.who
    }
    classes, term = viewer.class_ids_as(*asked), calendar.term_on(viewer.day)
    if not classes or term is None:
        return []
    found, over = [], history.reigns_of(plan, viewer.school)
    stops = stops_for(viewer.school).get(plan.key, ())
    for class_id, entry_year, number, finished_on in _surveys(plan, classes, term):
        is_new = entry_year == school_year_of(term.starts_on) and term.key.endswith("-1")
        joined = {class_id: term.starts_on} if is_new else {}
        newcomers = _newcomers(plan, class_id, term, finished_on, viewer.day) if finished_on else {}
        joined |= {pk: on for pk, (_, on) in newcomers.items()}
        owed = history.owed_to_class(over, class_id, calendar, term, joined)
        for e in owed:
            if (
                "survey" not in e.accepts
                or e.opens_on > viewer.day
                or stopped(stops, e, calendar)
                or finished_on
                and e.subject_id == class_id
            ):
                continue
            who = (
                (child(e.subject_id, newcomers[e.subject_id][0], e.subject_id),)
                if e.subject_id in newcomers
                else ()
            )
            found.append(_survey_row(row, plan, e, who, (class_id, entry_year, number)))
    return found


def _survey_row(row, plan: Plan, e: Expectation, who: tuple, where: tuple[UUID, int, int]):
    class_id, *class_of = where
    return row(
        kind="survey", plans=(plan.short_title,), duties=(e.duty_key,), titles=(e.title,), activity="survey",
        accepts=frozenset(e.accepts), period=e.period, opens_on=e.opens_on, due_on=e.due_on, minutes=e.minutes,
        children=who, class_of=tuple(class_of), place=("class", class_id),
        order=(-class_of[0], class_of[1], 0, who[0].name if who else ""),
    )  # fmt: skip


def _surveys(plan: Plan, classes, term):
    this = FilteredRelation("surveys", condition=Q(surveys__plan_key=plan.key, surveys__term_key=term.key))
    rows = SchoolClass.objects.filter(pk__in=classes).annotate(this=this).in_order()
    return list(rows.values_list("pk", "entry_year", "number", "this__finished_on"))


def _newcomers(plan: Plan, class_id, term, finished_on: date, day: date) -> dict:
    """Children who joined after the class was looked at and about whom nothing was answered: {id: (name, joined)}."""
    answered = SurveyAnswer.objects.filter(
        pupil=OuterRef("pupil"), survey__plan_key=plan.key, survey__term_key=term.key
    )
    rows = Enrolment.objects.on(day).filter(
        ~Exists(answered), school_class=class_id, pupil__joined_on__gt=max(finished_on, term.starts_on)
    )
    return {
        pk: (name, on) for pk, name, on in rows.values_list("pupil_id", "pupil__name", "pupil__joined_on")
    }


def written_today(viewer) -> tuple[int, list[tuple]]:
    """This function will give how many records the viewer wrote today, and the last ones: (id, activities, names).

    A record of a class or the school is named by it. One query.
    """
    begins = timezone.make_aware(datetime.combine(viewer.day, time.min))
    rows = Evidence.objects.current().filter(author=viewer.staff, written_at__gte=begins)
    found: dict = {}
    for pk, activities, name, whole, *class_of in rows.order_by(
        "-written_at", "about__pupil__sort_key"
    ).values_list(
        "pk", "activities", "about__pupil__name", "whole_school",
        "school_class__entry_year", "school_class__number",
    ):  # fmt: skip
        if whole or class_of[0] is not None:
            name = viewer.school.name if whole else class_label(*class_of, viewer.day)
        found.setdefault(pk, (activities, []))[1].append(name or "")
    last = list(found.items())[:MOST_WRITTEN]
    return len(found), [(pk, tuple(activities), tuple(names)) for pk, (activities, names) in last]
