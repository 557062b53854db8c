"""Duties of a class and of the school: who owes them, and how far they have come by the records about that place.

P0, P2, P3, P5, P6, P7A, P8 and P9 ask for it. Areas, villages and groups come with their own subjects: until a school
has any recorded, nothing is owed for them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from bangfu.engine.calendar import Calendar
from bangfu.engine.duty import expected_for_class, expected_for_school
from bangfu.engine.expectation import Expectation, stopped
from bangfu.engine.plan import Plan
from bangfu.engine.standing import Standing, State, standings
from bangfu.engine.version import asked_over
from bangfu.flow import adopt, history, schedule
from bangfu.flow.acts import acts_at
from bangfu.flow.almanac import calendar_for, stops_for
from bangfu.records.access import LEADER_ROLES
from bangfu.records.models import Enrolment, RoleGrant, SchoolClass
from bangfu.records.models.places import class_label, school_year_of
from bangfu.records.valid import valid_on

BACK = timedelta(days=35)  # as far back as the day's list looks
LONGEST = timedelta(days=400)  # a window of a school year opened in its first term
PAPERS = frozenset({"survey", "decision", "hand_in", "summary"})  # these have tables and places of their own


@dataclass(frozen=True, slots=True)
class Place:
    """A class or the school: `kind` is class | school; `label` is what people say, on the viewer's day."""

    kind: str
    id: UUID
    label: str
    entry_year: int = 0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One duty of a class or the school that falls to the viewer, however far it has come.

    `activity` is the form that records it. Of a duty that any of several roles may settle, `is_first` says that
    the viewer holds the first of them that anybody at the school holds: the others may, but need not be asked.
    """

    standing: Standing
    plan: Plan
    kind: str
    id: UUID
    label: str
    activity: str
    order: tuple
    is_first: bool

    @property
    def waits(self) -> bool:
        """Whether it is still to be done, now or afterwards."""
        return self.standing.state in (State.open, State.can_still_be_added)


def ledger(plan: Plan, subjects: Iterable[Place], asked: schedule.Asked) -> dict[UUID, tuple[Standing, ...]]:
    """This function will judge what a plan asks of these places in windows that touch the days; one query."""
    places = {place.id: place for place in subjects}
    return _judged({pk: _owed(plan, place, asked) for pk, place in places.items()}, places, asked)


def rows(viewer, plans: Iterable[Plan], calendar: Calendar) -> list[Row]:
    """This function will list what classes and the school are owed by the viewer in windows of the last five weeks.

    Done or not: `waits` tells. At most three queries, whatever the number of plans and classes; none where no plan
    asks anything of the viewer's roles.
    """
    plans = tuple(plans)
    asked = schedule.Asked(viewer.school, viewer.day - BACK, viewer.day, viewer.day)
    places = {place.id: place for place in _places_of(viewer, plans)}
    owed: dict[UUID, list[Expectation]] = {}
    by_plan = {plan.key: plan for plan in plans}
    for pk, place in places.items():
        roles = roles_towards(viewer, place)
        some = (e for plan in plans for e in _owed(plan, place, asked, calendar))
        owed[pk] = [e for e in some if not roles.isdisjoint(e.who)]
    held = _held(viewer) if any(len(e.who) > 1 for some in owed.values() for e in some) else viewer.roles
    return [
        _row(s, by_plan[s.expectation.plan_key], places[pk], is_first=_is_first(viewer, places[pk], s, held))
        for pk, some in _judged(owed, places, asked).items()
        for s in some
    ]


def _row(standing: Standing, plan: Plan, place: Place, *, is_first: bool) -> Row:
    e = standing.expectation
    activity = next((d.form for d in plan.duties if d.key == e.duty_key.partition("@")[0]), None)
    order = (-place.entry_year, place.number, 0, "")
    return Row(standing, plan, place.kind, place.id, place.label, activity or e.accepts[0], order, is_first)


def _is_first(viewer, place: Place, standing: Standing, held: frozenset[str]) -> bool:
    first = next((role for role in standing.expectation.who if role in held), "")
    return place.kind == "class" or first in viewer.roles


def _held(viewer) -> frozenset[str]:
    """The roles anybody at the school holds; one query."""
    grants = RoleGrant.objects.filter(valid_on(viewer.day), staff__school=viewer.school_id)
    return frozenset(grants.values_list("role", flat=True).distinct())


def _owed(
    plan: Plan, place: Place, asked: schedule.Asked, calendar: Calendar | None = None
) -> list[Expectation]:
    calendar = calendar or calendar_for(asked.school)
    over = history.reigns_of(plan, asked.school)
    found: list[Expectation] = []
    for term in calendar.terms:
        if not asked.opens_on - LONGEST <= term.starts_on <= asked.due_on:
            continue
        if place.kind == "school":
            found += asked_over(over, lambda one, t=term: expected_for_school(one, place.id, calendar, t))
        elif place.entry_year <= school_year_of(term.starts_on):  # there was such a class already
            found += asked_over(over, lambda one, t=term: expected_for_class(one, place.id, calendar, t, {}))
    stops = stops_for(asked.school).get(plan.key, ())
    return [
        e._replace(suspended=e.suspended or stopped(stops, e, calendar))
        for e in found
        if PAPERS.isdisjoint(e.accepts) and e.opens_on <= asked.due_on and e.due_on >= asked.opens_on
    ]


def _judged(owed, places: dict[UUID, Place], asked: schedule.Asked) -> dict[UUID, tuple[Standing, ...]]:
    every = [e for some in owed.values() for e in some]
    acts: dict[UUID, list] = {}
    if every:
        since, until = min(e.opens_on for e in every), max(e.due_on for e in every)
        classes = [pk for pk, place in places.items() if place.kind == "class"]
        acts = acts_at(classes, school=asked.school, since=since, until=until)
    return {pk: standings(some, acts.get(pk, ()), day=asked.day) for pk, some in owed.items()}


def _places_of(viewer, plans: Iterable[Plan]) -> list[Place]:
    """The places whose duties in these plans name a role of the viewer's; one query for classes, none for the school."""
    asked = _asked_of(plans)
    found = [the_school(viewer)] if not viewer.roles.isdisjoint(asked["school"]) else []
    return found + (classes_as(viewer, asked["class"]) if not viewer.roles.isdisjoint(asked["class"]) else [])


def _asked_of(plans: Iterable[Plan]) -> dict[str, frozenset[str]]:
    """Which roles owe something to a class, and which to the school."""
    duties = [d for plan in plans for d in plan.duties if PAPERS.isdisjoint(d.accepts)]
    return {
        scope: frozenset(role for d in duties if d.per == scope for role in d.who)
        for scope in ("class", "school")
    }


def the_school(viewer) -> Place:
    """This function will give the viewer's school as a place."""
    return Place("school", viewer.school_id, viewer.school.name)


def classes_as(viewer, roles: frozenset[str]) -> list[Place]:
    """This function will list the classes with children in them towards which the viewer holds one of these roles."""
    every = any(g.role in roles and not g.school_class_id and g.grade is None for g in viewer.grants)
    mine = Q(pk__in=viewer.class_ids_as(*roles)) | Q(entry_year__in=viewer.entry_years_as(*roles))
    there = SchoolClass.objects.filter(Q() if every else mine, school=viewer.school_id)
    there = there.filter(Exists(Enrolment.objects.on(viewer.day).filter(school_class=OuterRef("pk"))))
    return [_class(row, viewer.day) for row in there.in_order().values_list("pk", "entry_year", "number")]


def _class(row: tuple[UUID, int, int], day: date) -> Place:
    pk, entry_year, number = row
    return Place("class", pk, class_label(entry_year, number, day), entry_year, number)


def place_of(viewer, school_class: SchoolClass | None) -> Place:
    """This function will give a class, or without one the viewer's school, as a place."""
    if school_class is None:
        return the_school(viewer)
    return _class((school_class.pk, school_class.entry_year, school_class.number), viewer.day)


def roles_towards(viewer, place: Place) -> frozenset[str]:
    """This function will say what the viewer is to a class (its teacher, its grade's head …) or to the school."""
    if place.kind == "school":
        return viewer.roles
    return schedule.roles_towards(viewer, school_class_id=place.id, entry_year=place.entry_year)


MINDING = frozenset(
    {"homeroom_teacher", "class_attached_teacher", "subject_teacher", "grade_supervisor", "grade_head"}
)
ALWAYS = frozenset({"group_activity", "standing_measures"})  # of a class in any case, asked for or not


def kinds(viewer, place: Place, day: date) -> frozenset[str]:
    """This function will give the activities the viewer may record about a place; empty where it is not theirs.

    About a class, for its teachers, its grade's heads and leaders: what plans ask of classes, that day or now. About
    the school: what they ask of it by a role of the viewer's; leaders record whatever is asked.
    """
    roles = roles_towards(viewer, place)
    if place.kind == "class" and not viewer.is_leader and roles.isdisjoint(MINDING):
        return frozenset()
    duties = [
        d
        for on in {day, viewer.day}
        for plan in adopt.plans_in_force(viewer.school, on)
        for d in plan.duties
        if d.per == place.kind and PAPERS.isdisjoint(d.accepts)
    ]
    any_role = place.kind == "class" or viewer.is_leader
    asked = {kind for d in duties if any_role or not roles.isdisjoint(d.who) for kind in d.accepts}
    return frozenset(asked | ALWAYS if place.kind == "class" else asked)


def recordable(viewer) -> list[Place]:
    """This function will list the classes, and the school, for which the viewer may record something now."""
    found = classes_as(viewer, MINDING | LEADER_ROLES)
    school = the_school(viewer)
    return found + ([school] if kinds(viewer, school, viewer.day) else [])


def closed_by(viewer, evidence) -> list[str]:
    """This function will name what a record of a class or the school has completed for the viewer."""
    plans = adopt.plans_in_force(viewer.school, viewer.day)
    met = [
        row.standing.expectation.title
        for row in rows(viewer, plans, calendar_for(viewer.school))
        if evidence.pk in row.standing.acts and row.standing.done_on
    ]
    return list(dict.fromkeys(met))
