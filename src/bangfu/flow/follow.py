"""Fixed pairs follow the class by themselves: its class teacher, or everybody who teaches it (P0-20, P1-13).

Nobody proposes or confirms them, because the plan says who it is. Asked for when a case opens, when a role or a
class changes, and each night; done twice it changes nothing. Caps, and whom a child avoids, hold here too.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bangfu.engine import condition
from bangfu.engine.case import CaseView
from bangfu.engine.plan import PairingRule, Plan
from bangfu.flow import adopt, avoidance, clock, known
from bangfu.records import audit
from bangfu.records.models import AdoptedPlan, Avoidance, Case, Enrolment, Pairing, RoleGrant, School
from bangfu.records.models.places import class_label
from bangfu.records.valid import valid_on

WITH_CLASS = "随班级"
LIVE = ("proposed", "confirmed")


@dataclass(slots=True)
class Followed:
    """What changed by itself, and what could not: sentences about caps, with numbers."""

    begun: int = 0
    ended: int = 0
    short: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a child of a case is: its class, how the class is called, and whether the rule is for the child."""

    case_id: UUID
    pupil_id: UUID
    class_id: UUID | None
    label: str
    is_for: bool | None  # None: not known yet, so nothing changes


@dataclass(slots=True)
class Step:
    """What a rule asks for now, against the pairs that stand."""

    plan: Plan
    rule: PairingRule
    begin: list[tuple[UUID, UUID]] = field(default_factory=list)  # (case, staff)
    end: list[tuple[UUID, str]] = field(default_factory=list)  # (pairing, why)
    short: list[str] = field(default_factory=list)


def fixed_rules(plan: Plan) -> tuple[PairingRule, ...]:
    """This function will give a plan's pairings that nobody has to propose."""
    return tuple(rule for rule in plan.pairings if rule.fixed and rule.within == "class")


@transaction.atomic
def follow(*, school, day: date, by=None) -> Followed:
    """This function will begin and end fixed pairs so that they agree with classes and roles of the day.

    It stands on whoever put the plan into use; `by` is who changed something, nobody each night.
    """
    plans = [plan for plan in adopt.plans_in_force(school, day) if fixed_rules(plan)]
    done = Followed()
    if not plans:
        return done
    adopt.keep_limits(school=school, day=day)  # a version that begins today brings its own numbers
    School.objects.select_for_update().get(pk=school.pk)  # two changes at once: one after the other
    for plan in plans:
        for rule in fixed_rules(plan):
            step = look(school, plan, rule, day)
            _end(step, school, day, by)
            _begin(step, school, day, by)
            done.begun, done.ended = done.begun + len(step.begin), done.ended + len(step.end)
            done.short += step.short
    return done


def look(school, plan: Plan, rule: PairingRule, day: date) -> Step:
    """This function will say which fixed pairs of a rule should begin and end; it writes nothing; nine queries."""
    step = Step(plan, rule)
    places = {one.case_id: one for one in _places(school, plan, rule, day)}
    teachers, names = _teachers(school, rule, day)
    pupils = {one.pupil_id for one in places.values()}
    avoided = _avoided(pupils, day)
    stands, load, held = set(), Counter(), Counter()
    live = Pairing.objects.filter(
        case__school=school, case__plan_key=plan.key, kind=rule.key, state="confirmed", valid_to__isnull=True
    )
    for pk, case_id, staff in live.order_by("valid_from", "pk").values_list("pk", "case_id", "helper_id"):
        why = _no_longer(places.get(case_id), staff, teachers, avoided)
        if why:
            step.end.append((pk, why))
            continue
        stands.add((case_id, staff))
        load[staff] += 1
        held[case_id] += 1
    apart = avoided | _own(school, pupils, teachers, day)
    _fill(step, places.values(), (teachers, apart), (stands, load, held), names)
    return step


def _fill(step: Step, places, who: tuple, now: tuple, names: dict[UUID, str]) -> None:
    (teachers, avoided), (stands, load, held), rule = who, now, step.rule
    left: dict[tuple[UUID, str], int] = Counter()
    for one in places:
        for staff in teachers.get(one.class_id, ()) if one.is_for else ():
            if (one.case_id, staff) in stands or (one.pupil_id, staff) in avoided:
                continue
            if load[staff] >= rule.per_helper.max:
                left[staff, one.label] += 1
            elif held[one.case_id] < rule.per_case.max:
                step.begin.append((one.case_id, staff))
                load[staff] += 1
                held[one.case_id] += 1
    step.short += [
        f"{rule.title}：{names[staff]}按方案最多 {rule.per_helper.max} 名，{label}还有 {count} 名没有排上。"
        for (staff, label), count in left.items()
    ]


def _places(school, plan: Plan, rule: PairingRule, day: date) -> list[Place]:
    cases = Case.objects.filter(school=school, plan_key=plan.key).open_on(day)
    rows = list(cases.order_by("opened_on", "pk").values_list("pk", "pupil_id", "category", "opened_on"))
    pupils = {row[1] for row in rows}
    classes = {
        pupil: (class_id, class_label(year, number, day))
        for pupil, class_id, year, number in Enrolment.objects.on(day)
        .filter(pupil__in=pupils)
        .values_list("pupil_id", "school_class_id", "school_class__entry_year", "school_class__number")
    }
    asks = bool(rule.for_ or rule.where)
    facts = known.statements(pupils, until=day) if asks and pupils else {}
    found = []
    for pk, pupil, category, opened_on in rows:
        view = CaseView(pk, pupil, opened_on, category, facts=facts.get(pupil, {}))
        is_for = condition.holds(plan, rule.for_, rule.where, view, day).answer if asks else True
        found.append(Place(pk, pupil, *classes.get(pupil, (None, "")), is_for))
    return found


def _teachers(school, rule: PairingRule, day: date) -> tuple[dict[UUID, list[UUID]], dict[UUID, str]]:
    """Who holds the fixed role of each class on a day, longest first; and their names."""
    grants = RoleGrant.objects.filter(
        valid_on(day), Q(staff__left_on__isnull=True) | Q(staff__left_on__gt=day),
        staff__school=school, role=rule.fixed, school_class__isnull=False,
    )  # fmt: skip
    found, names = defaultdict(list), {}
    for class_id, staff, name in grants.order_by("valid_from", "staff__sort_key", "staff_id").values_list(
        "school_class_id", "staff_id", "staff__name"
    ):
        names[staff] = name
        if staff not in found[class_id]:
            found[class_id].append(staff)
    return found, names


def _own(school, pupils, teachers, day: date) -> set[tuple[UUID, UUID]]:
    """A teacher's own child, by telephone, until somebody says it is none: no new pair; one that stands is asked about."""
    if not pupils or not teachers:
        return set()
    found = avoidance.own_by_phone(pupils, school, day)
    return {(pupil, staff) for pupil, several in found.items() for staff in several}


def _avoided(pupils, day: date) -> set[tuple[UUID, UUID]]:
    return set(Avoidance.objects.on(day).filter(pupil__in=pupils).values_list("pupil_id", "staff_id"))


def _no_longer(place: Place | None, staff: UUID, teachers, avoided) -> str:
    if place is None or place.class_id is None:
        return f"{WITH_CLASS}：学生已经不在班里"
    if place.is_for is False:
        return f"{WITH_CLASS}：这一项不再需要"
    if staff not in teachers.get(place.class_id, ()):
        return f"{WITH_CLASS}：{place.label}换了老师，或学生换了班"
    return f"{WITH_CLASS}：要回避" if (place.pupil_id, staff) in avoided else ""


def _end(step: Step, school, day: date, by) -> None:
    events = []
    for pairing in Pairing.objects.filter(pk__in=[pk for pk, _ in step.end]):
        pairing.state, pairing.valid_to = "ended", max(day, pairing.valid_from)
        pairing.ended_because = dict(step.end)[pairing.pk]
        pairing.save(update_fields=["state", "valid_to", "ended_because"])
        events.append(_event(pairing, ["confirmed", "ended"], school, by))
    audit.store(events)


def _begin(step: Step, school, day: date, by) -> None:
    if not step.begin:
        return
    taken = defaultdict(set)
    waiting = Pairing.objects.filter(
        case__in={case_id for case_id, _ in step.begin}, kind=step.rule.key, state__in=LIVE, valid_to=None
    )
    for case_id, place in waiting.values_list("case_id", "place"):
        taken[case_id].add(place)
    decided_by = _adopted_by(school, step.plan, day) or (by.staff.pk if by else None)
    rows = []
    for case_id, staff in step.begin:
        place = next(n for n in range(1, len(taken[case_id]) + 2) if n not in taken[case_id])
        taken[case_id].add(place)
        rows.append(Pairing(
            case_id=case_id, plan_key=step.plan.key, kind=step.rule.key, place=place, helper_id=staff,
            state="confirmed", reason=WITH_CLASS, proposed_on=day, confirmed_by_id=decided_by or staff,
            valid_from=day, accepted_on=day,
        ))  # fmt: skip
    Pairing.objects.bulk_create(rows, batch_size=200)
    audit.store([_event(row, [None, "confirmed"], school, by) for row in rows])


def _event(pairing: Pairing, state: list, school, by):
    who = by.staff if by else None
    event = audit.event("pair.follow", by=who, at=clock.now(), subject=pairing, changes={"state": state})
    event.school_id = school.pk
    return event


def _adopted_by(school, plan: Plan, day: date) -> UUID | None:
    """Whoever put the plan into use decided that its fixed pairs follow the class."""
    versions = AdoptedPlan.objects.filter(school=school, key=plan.key, valid_from__lte=day)
    return versions.order_by("-valid_from").values_list("adopted_by_id", flat=True).first()
