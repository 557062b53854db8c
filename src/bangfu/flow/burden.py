"""What the plans in force ask of each teacher over a term: acts, minutes and entry time a week, one by one and merged.

The arithmetic of requirements §4 on a school's real cases and pairs. It is for whoever decides on plans (R55); no page
shows one teacher another's figures, and nothing of it is kept.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from bangfu.engine.cadence import Duty
from bangfu.engine.case import Spell
from bangfu.engine.duty import expected_for_class, expected_for_helper, expected_for_school
from bangfu.engine.expectation import Expectation
from bangfu.engine.overlap import Ask, Sitting, sittings
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.flow import history, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, Pairing, School

# Seconds of entry, as requirements §4 counts them: typed out; three taps; one tap for everybody but those named;
# a sentence dictated or typed for one record in ten.
TYPED, TAPPED, CONFIRMED, SENTENCE, SENTENCES = 60, 10, 3, 30, 0.1


@dataclass(slots=True)
class Burden:
    """What one person is asked to do in a term."""

    literal: int = 0  # acts, if every duty were done and written down by itself
    literal_minutes: int = 0
    merged: int = 0  # sittings, one record each
    merged_minutes: int = 0
    entry: float = 0.0  # seconds of writing down, merged
    weeks: int = 1
    by_plan: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # acts, one by one

    def add(self, asks: Sequence[Ask]) -> None:
        """This function will count what is asked about one subject."""
        for ask in asks:
            e = ask.expectation
            self.literal += max(e.times, 1)
            self.literal_minutes += max(e.times, 1) * e.minutes
            self.by_plan[e.plan_key] += max(e.times, 1)
        for one in sittings(asks):
            self.merged += 1
            self.merged_minutes += one.minutes
            self.entry += seconds(one)

    @property
    def typed(self) -> float:
        """This property will give the seconds of typing every duty out by itself."""
        return float(self.literal * TYPED)

    def weekly(self, total: float) -> float:
        """This function will give a total by the teaching week."""
        return total / self.weeks


def seconds(sitting: Sitting) -> float:
    """This function will say how long a sitting takes to write down."""
    return (CONFIRMED if sitting.is_bulk else TAPPED) + SENTENCE * SENTENCES


def burdens(*, school: School, plans: Iterable[Plan], term: Term, staff) -> dict[UUID, Burden]:
    """This function will work out the term of each of `staff` (viewers) under these plans: {staff id: Burden}."""
    calendar = calendar_for(school)
    weeks = sum(1 for p in calendar.periods("teaching_week", term.starts_on, term.ends_on))
    found = {viewer.staff.pk: Burden(weeks=max(weeks, 1)) for viewer in staff}
    about: dict[UUID, dict[object, list[Ask]]] = defaultdict(lambda: defaultdict(list))
    plans = tuple(plans)
    for plan in plans:
        dossiers, over = _term(plan, school, term), history.reigns_of(plan, school)
        for viewer in staff:
            asked = about[viewer.staff.pk]
            for dossier in dossiers.values():
                for e in _mine(viewer, dossier):
                    asked[dossier.pupil_id].append(_ask(history.duty_of(over, e), e))
            for e in _besides(plan, viewer, calendar, term):
                asked[e.subject_id].append(_ask(plan.duty(e.duty_key), e))
    for staff_id, subjects in about.items():
        for asks in subjects.values():
            found[staff_id].add(asks)
    return found


def _term(plan: Plan, school: School, term: Term) -> dict[UUID, schedule.Dossier]:
    cases = Case.objects.filter(school=school, plan_key=plan.key).open_on(term.ends_on)
    return schedule.ledger(plan, cases, schedule.Asked(school, term.starts_on, term.ends_on, term.ends_on))


def _mine(viewer, dossier: schedule.Dossier) -> list[Expectation]:
    if schedule.towards(viewer, dossier).isdisjoint(r for s in dossier.standings for r in s.expectation.who):
        return []
    return [
        s.expectation
        for s in dossier.standings
        if not s.expectation.suspended and schedule.is_mine(viewer, dossier, s.expectation)
    ]


def _ask(duty: Duty, e: Expectation) -> Ask:
    return Ask(e, duty.together, duty.bulk)


def _besides(plan: Plan, viewer, calendar, term: Term) -> list[Expectation]:
    """Duties as a person, of a class, of the school."""
    found: list[Expectation] = []
    helping = Pairing.objects.in_force(term.ends_on).filter(case__plan_key=plan.key, helper=viewer.staff)
    if helping.exists():
        spell = Spell(term.starts_on, term.ends_on)
        found += [e for e in expected_for_helper(plan, viewer.staff.pk, calendar, spell) if "helper" in e.who]
    for grant in viewer.grants:
        if grant.school_class_id:
            owed = expected_for_class(plan, grant.school_class_id, calendar, term, {})
            found += [e for e in owed if grant.role == _first(viewer, e, grant.school_class_id)]
    if viewer.roles:
        owed = expected_for_school(plan, viewer.school_id, calendar, term)
        found += [e for e in owed if e.who[0] in viewer.roles and e.who[0] != "homeroom_teacher"]
    return [e for e in found if _within(e, term.starts_on, term.ends_on)]


def _first(viewer, e: Expectation, class_id: UUID) -> str:
    """A class's duty is counted once: for the first of its roles that somebody in the class holds."""
    mine = {g.role for g in viewer.grants if g.school_class_id == class_id}
    return e.who[0] if e.who[0] in mine else ""


def _within(e: Expectation, first: date, last: date) -> bool:
    return e.opens_on <= last and e.due_on >= first
