"""What a solver is asked about one pairing of a plan: children without someone, adults with their load, who may not.

Everything of today: roles, leave, pairs of all plans with their minutes a week, avoidances, who answered no.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet

from bangfu.engine import matching
from bangfu.engine.bond import GIRL
from bangfu.engine.plan import PairingRule, Plan
from bangfu.flow import adopt, avoidance, forecast, known
from bangfu.records.models import Avoidance, Case, Enrolment, Leave, Pairing, RoleGrant
from bangfu.records.models.places import class_label, entry_year_of_grade

SEX = {"1": "男", "2": GIRL}
NOT_TAKEN = "不接："
LONG_LEAVE = timedelta(
    days=30
)  # away longer than that: nobody new is proposed, a deputy minds those already there
WITH_ADULTS = ("adult", "team")


def rules_of(plan: Plan) -> tuple[PairingRule, ...]:
    """This function will give the plan's pairings with grown-ups of the school, in the pack's order."""
    return tuple(rule for rule in plan.pairings if rule.kind in WITH_ADULTS)


def rule_of(plan: Plan, key: str = "") -> PairingRule:
    """This function will give the plan's pairing of a key, or its first one with an adult."""
    rules = rules_of(plan)
    return next((rule for rule in rules if rule.key == key), rules[0])


def decided_by(by) -> QuerySet[Case]:
    """This function will give the cases whose pairs `by` decides: the school's for a head, the grade's for a supervisor."""
    here = Case.objects.filter(school_id=by.school_id)
    if by.holds("principal", "vice_principal"):
        return here
    years = by.entry_years_as("grade_supervisor")
    in_grade = Enrolment.objects.on(by.day).filter(school_class__entry_year__in=years)
    return here.filter(pupil__in=in_grade.values("pupil"))


@dataclass(frozen=True, slots=True)
class Away:
    """A leave of today: until when, and who stands in."""

    until: date
    deputy_id: UUID | None

    def is_long(self, day: date) -> bool:
        """This function will say whether nobody new should be given meanwhile."""
        return self.until - day > LONG_LEAVE


def away_on(staff_ids: Collection[UUID], day: date) -> dict[UUID, Away]:
    """This function will say who of these is on leave on a day."""
    now = Leave.objects.away().filter(staff__in=staff_ids, starts_on__lte=day, ends_on__gte=day)
    rows = now.order_by("ends_on")
    return {
        staff: Away(until, deputy) for staff, until, deputy in rows.values_list("staff", "ends_on", "deputy")
    }


def helpers_for(rule: PairingRule, plan: Plan, by, entry_years=None) -> dict[UUID, matching.Helper]:
    """This function will list the staff of `by`'s school who may help by a rule: {staff id: Helper with load}.

    Roles stand by class and by entry year; those held for the whole school stand under None.
    """
    roles: dict[UUID, dict] = defaultdict(lambda: defaultdict(set))
    people = {}
    for grant in _grants(rule, by, entry_years):
        if grant.is_valid_on(by.day):
            here = roles[grant.staff_id]
            here[grant.school_class_id].add(grant.role)
            year = entry_year_of_grade(grant.grade, by.day) if grant.grade else None
            year = grant.school_class.entry_year if grant.school_class else year
            if year is not None and rule.within == "grade":
                here[year].add(grant.role)
            people[grant.staff_id] = grant.staff
    taken = load_of(plan, rule, roles.keys(), by.day)
    minutes = minutes_of(by.school, roles.keys(), by.day)
    return {
        staff_id: matching.Helper(
            id=staff_id,
            name=people[staff_id].name,
            roles={at: frozenset(some) for at, some in of.items()},
            least=rule.per_helper.min,
            most=rule.per_helper.max,
            taken=taken[staff_id],
            facts={"sex": SEX.get(people[staff_id].sex, people[staff_id].sex or None)},
            minutes=minutes[staff_id],
            cap_minutes=people[staff_id].weekly_minutes_cap,
        )
        for staff_id, of in roles.items()
    }


def _grants(rule: PairingRule, by, entry_years) -> QuerySet[RoleGrant]:
    grants = RoleGrant.objects.filter(staff__school=by.school, role__in=rule.roles)
    grants = grants.select_related("staff", "school_class")
    grants = grants.filter(Q(staff__left_on__isnull=True) | Q(staff__left_on__gt=by.day))
    if rule.within == "class":
        grants = grants.filter(school_class__isnull=False)
    if entry_years is not None:
        of_grade = Q(school_class__entry_year__in=entry_years)
        grants = grants.filter(
            of_grade if rule.within == "class" else of_grade | Q(school_class__isnull=True)
        )
    return grants


def asked_by(plan: Plan, by, kind: str = "") -> dict[UUID, matching.Helper]:
    """This function will list the staff whom `by` may ask: a supervisor only those of the grade's classes."""
    years = None if by.holds("principal", "vice_principal") else by.entry_years_as("grade_supervisor")
    return helpers_for(rule_of(plan, kind), plan, by, years)


def load_of(plan: Plan, rule: PairingRule, staff_ids, day) -> Counter:
    """This function will count the children each person helps by a rule of the plan on a day."""
    rows = Pairing.objects.in_force(day).filter(helper__in=staff_ids, case__plan_key=plan.key, kind=rule.key)
    return Counter(rows.values_list("helper_id", flat=True))


def minutes_of(school, staff_ids, day: date) -> Counter:
    """This function will add up each person's minutes a week with children by all plans, done together for one child."""
    plans = {plan.key: plan for plan in adopt.plans_in_force(school, day)}
    mine: dict[tuple, set] = defaultdict(set)
    rows = Pairing.objects.in_force(day).filter(helper__in=staff_ids, case__school=school)
    rows = rows.values_list("helper_id", "case__pupil_id", "case__plan_key", "case__category")
    for helper, pupil, key, category in rows:
        if key in plans:
            mine[helper, pupil].add((key, category))
    found, priced = Counter(), {}
    for (helper, _pupil), of in mine.items():
        same = frozenset(of)
        if same not in priced:
            priced[same] = forecast.minutes_of_child([(plans[key], category) for key, category in sorted(of)])
        found[helper] += priced[same]
    return found


def needs(rule: PairingRule, sex: str) -> int:
    """This function will say how many adults a child is to have by a rule."""
    two = "two_adults_for_a_girl" in rule.hard and SEX.get(sex) in (None, GIRL)
    return max(1, rule.per_case.min, 2 if two else 0)


def seats_of(rule: PairingRule, cases: Iterable[UUID], day: date) -> dict[UUID, dict[int, UUID]]:
    """This function will say who sits where now: {case: {place: staff}}, pairs in force."""
    found: dict[UUID, dict[int, UUID]] = defaultdict(dict)
    rows = Pairing.objects.in_force(day).filter(case__in=cases, kind=rule.key)
    for case_id, place, helper in rows.values_list("case_id", "place", "helper_id"):
        found[case_id][place] = helper
    return found


def children_without(plan: Plan, cases: QuerySet[Case], day, kind: str = "") -> list[matching.Child]:
    """This function will list those of the cases with fewer adults than a rule asks for, and who may not be asked."""
    rule = rule_of(plan, kind)
    cases = cases.filter(plan_key=plan.key).open_on(day)
    cases = cases.exclude(pupil__left_on__lte=day)  # whoever left the school waits for nobody
    if rule.for_:
        cases = cases.filter(category__in=rule.for_)
    columns = ("pk", "pupil_id", "pupil__name", "category", "pupil__sex", "pupil__household_key")
    rows = list(cases.values_list(*columns))
    seats = seats_of(rule, [row[0] for row in rows], day)
    rows = [row for row in rows if len(seats[row[0]]) < needs(rule, row[4])]
    return _children((plan, rule), sorted(rows, key=lambda row: str(row[0])), day)


def children_as_they_are(plan: Plan, rule: PairingRule, cases: QuerySet[Case], day) -> list[matching.Child]:
    """This function will give children of cases, helped or not, as a rule sees them today: for a change of helpers."""
    columns = ("pk", "pupil_id", "pupil__name", "category", "pupil__sex", "pupil__household_key")
    rows = sorted(cases.values_list(*columns), key=lambda row: str(row[0]))
    return _children((plan, rule), rows, day)


def _children(asked: tuple[Plan, PairingRule], rows: list[tuple], day: date) -> list[matching.Child]:
    plan, rule = asked
    cases, pupils = [row[0] for row in rows], [row[1] for row in rows]
    enrolled = Enrolment.objects.on(day).filter(pupil__in=pupils)
    places = {p: (at, year, class_label(year, number, day)) for p, at, year, number in enrolled.values_list(
        "pupil_id", "school_class_id", "school_class__entry_year", "school_class__number")}  # fmt: skip
    no, past, avoided = _declined(rule, cases), _former(rule, cases), avoided_by(pupils, day)
    helped, homes = _helped(pupils, cases, day), defaultdict(set)
    facts = _facts(rule, pupils, day)
    if "own_child_excluded" in rule.hard and rows:
        school = Case.objects.select_related("school").get(pk=cases[0]).school
        for pupil, own in avoidance.own_by_phone(pupils, school, day).items():
            avoided[pupil] |= own
    for row in rows:
        if row[5]:
            homes[row[5]].add(row[0])
    minutes = {one: forecast.minutes_of_child([(plan, one)]) for one in {row[3] for row in rows}}
    found = []
    for pk, pupil, name, category, sex, home in rows:
        class_id, year, title = places.get(pupil, (None, None, ""))
        found.append(
            matching.Child(
                id=pk,
                name=name,
                class_id=class_id,
                class_title=title,
                excluded=frozenset(no[pk] | avoided[pupil]),
                declined=frozenset(no[pk] - avoided[pupil]),
                former_helper=past.get(pk),
                category=category,
                places={"grade": year},
                facts={**facts.get(pupil, {}), "sex": SEX.get(sex)},
                minutes=minutes[category],
                siblings=frozenset(homes[home] - {pk}) if home else frozenset(),
                helped_by=frozenset(helped[pupil]),
            )
        )
    return found


def _declined(rule: PairingRule, cases: list[UUID]) -> dict[UUID, set]:
    found = defaultdict(set)
    rows = Pairing.objects.filter(
        case__in=cases,
        kind=rule.key,
        state="declined",
        accepted_on__isnull=True,
        ended_because__startswith=NOT_TAKEN,
    )
    for case_id, helper in rows.values_list("case_id", "helper_id"):
        found[case_id].add(helper)
    return found


def _former(rule: PairingRule, cases: list[UUID]) -> dict[UUID, UUID]:
    rows = Pairing.objects.filter(case__in=cases, kind=rule.key, state="ended").order_by("valid_to")
    return dict(rows.values_list("case_id", "helper_id"))


def avoided_by(pupils: Iterable[UUID], day: date) -> dict[UUID, set]:
    """This function will say which grown-ups may not be paired with each child on a day."""
    found = defaultdict(set)
    for pupil, staff in (
        Avoidance.objects.on(day).filter(pupil__in=pupils).values_list("pupil_id", "staff_id")
    ):
        found[pupil].add(staff)
    return found


def _helped(pupils: list[UUID], cases: list[UUID], day: date) -> dict[UUID, set]:
    found = defaultdict(set)
    rows = Pairing.objects.in_force(day).filter(case__pupil__in=pupils)
    for pupil, helper in rows.values_list("case__pupil_id", "helper_id"):
        found[pupil].add(helper)
    return found


def _facts(rule: PairingRule, pupils: list[UUID], day: date) -> dict[UUID, dict]:
    """What is known about the children, read only where the rule has a condition on them."""
    if not rule.where:
        return {}
    return known.newest(pupils, day)


def problem(
    plan: Plan, kind: str, by, *, children: Iterable[matching.Child], helpers: dict[UUID, matching.Helper]
) -> matching.Problem:
    """This function will state the problem: adults already there stay (pins), locked proposals stay, the rest is open."""
    rule, children = rule_of(plan, kind), tuple(children)
    ids = [child.id for child in children]
    locked = Pairing.objects.filter(case__in=ids, kind=rule.key, state="proposed", is_locked=True)
    pins = set(locked.values_list("case_id", "helper_id"))
    there = {(case, helper) for case, held in seats_of(rule, ids, by.day).items() for helper in held.values()}
    again = Counter(
        helper for _case, helper in there
    )  # a pin takes a seat: those in force must not count twice
    away = away_on(helpers.keys(), by.day)
    offered = [
        _lighter(helper, again[helper.id])
        for helper in helpers.values()
        if again[helper.id] or not (helper.id in away and away[helper.id].is_long(by.day))
    ]
    words = adopt.shelf().commons.facts if rule.where or rule.helper_where else None
    return matching.Problem(rule, children, tuple(offered), frozenset(pins | there), words)


def _lighter(helper: matching.Helper, by_pins: int) -> matching.Helper:
    return replace(helper, taken=helper.taken - by_pins) if by_pins else helper
