"""Giving every child of a plan a responsible adult: the solver proposes with reasons, people decide (P9-01, 07, 18, 20).

A cap holds through every door, because it is checked here, under a lock, at the moment of confirming.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from bangfu.engine import matching
from bangfu.engine.plan import PairingRule, Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, solve
from bangfu.records import audit
from bangfu.records.models import Case, Enrolment, Pairing, RoleGrant, Staff

DECIDERS = ("principal", "vice_principal", "grade_supervisor")


class NotDecider(Refusal):
    sentence = "结对由包级领导或校长来确认。"


class HelperFull(Refusal):
    """The helper already has as many children as the plan allows."""


class NotAllowed(Refusal):
    """The plan does not let this person help this child."""


class AlreadyPaired(Refusal):
    sentence = "这名学生刚刚已经有人帮了。请刷新后再看。"


class NotYourPair(Refusal):
    sentence = "这一对不是和您结的，所以不能由您来答复。"


class SayWhy(Refusal):
    sentence = "请写一句原因，方便以后查看。"


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the solver found: pairings (state proposed) and what could not be met, in words."""

    pairings: tuple[Pairing, ...]
    shortages: tuple[str, ...]


def rules_of(plan: Plan) -> tuple[PairingRule, ...]:
    """This function will give the plan's pairings with an adult, in the pack's order."""
    return tuple(rule for rule in plan.pairings if rule.kind == "adult")


def rule_of(plan: Plan, key: str = "") -> PairingRule:
    """This function will give the plan's pairing of a key, or its first one with an adult."""
    rules = rules_of(plan)
    return next((rule for rule in rules if rule.key == key), rules[0])


def asked_by(plan: Plan, by, kind: str = "") -> dict[UUID, matching.Helper]:
    """This function will list the staff whom `by` may ask: a supervisor only those of the grade's classes."""
    years = None if by.holds("principal", "vice_principal") else by.entry_years_as("grade_supervisor")
    return helpers_for(rule_of(plan, kind), plan, by, years)


def helpers_for(rule: PairingRule, plan: Plan, by, entry_years=None) -> dict[UUID, matching.Helper]:
    """This function will list the staff of `by`'s school who may help by a rule: {staff id: Helper with load}.

    Roles stand by class; those held for a grade or the whole school stand under None.
    """
    roles: dict[UUID, dict] = defaultdict(dict)
    names = {}
    for grant in _grants(rule, by, entry_years):
        if grant.is_valid_on(by.day):
            roles[grant.staff_id].setdefault(grant.school_class_id, set()).add(grant.role)
            names[grant.staff_id] = grant.staff.name
    taken = load_of(plan, rule, roles.keys(), by.day)
    return {
        staff_id: matching.Helper(
            id=staff_id,
            name=names[staff_id],
            roles={class_id: frozenset(some) for class_id, some in of.items()},
            least=rule.per_helper.min,
            most=rule.per_helper.max,
            taken=taken[staff_id],
        )
        for staff_id, of in roles.items()
    }


def _grants(rule: PairingRule, by, entry_years) -> QuerySet[RoleGrant]:
    grants = RoleGrant.objects.filter(staff__school=by.school, role__in=rule.roles).select_related("staff")
    grants = grants.filter(Q(staff__left_on__isnull=True) | Q(staff__left_on__gt=by.day))
    if rule.within == "class":
        grants = grants.filter(school_class__isnull=False)
    if entry_years is not None:
        of_grade = Q(school_class__entry_year__in=entry_years)
        grants = grants.filter(
            of_grade if rule.within == "class" else of_grade | Q(school_class__isnull=True)
        )
    return grants


def load_of(plan: Plan, rule: PairingRule, staff_ids, day) -> Counter:
    """This function will count the children each person helps by a rule of the plan on a day."""
    rows = Pairing.objects.in_force(day).filter(helper__in=staff_ids, case__plan_key=plan.key, kind=rule.key)
    return Counter(rows.values_list("helper_id", flat=True))


def decided_by(by) -> QuerySet[Case]:
    """This function will give the cases whose pairs `by` decides: the school's for a head, the grade's for a supervisor."""
    here = Case.objects.filter(school_id=by.school_id)
    if by.holds("principal", "vice_principal"):
        return here
    years = by.entry_years_as("grade_supervisor")
    in_grade = Enrolment.objects.on(by.day).filter(school_class__entry_year__in=years)
    return here.filter(pupil__in=in_grade.values("pupil"))


def children_without(plan: Plan, cases: QuerySet[Case], day, kind: str = "") -> list[matching.Child]:
    """This function will list those of the cases whom nobody helps yet by a rule, with class and who may not be asked."""
    rule = rule_of(plan, kind)
    helped = Pairing.objects.in_force(day).filter(kind=rule.key).values("case")
    cases = cases.filter(plan_key=plan.key).open_on(day).exclude(pk__in=helped)
    if rule.for_:
        cases = cases.filter(category__in=rule.for_)
    rows = list(cases.values_list("pk", "pupil_id", "pupil__name", "category"))
    places = dict(
        Enrolment.objects.on(day)
        .filter(pupil__in=[row[1] for row in rows])
        .values_list("pupil_id", "school_class_id")
    )
    declined = defaultdict(set)
    for case_id, helper in Pairing.objects.filter(
        case__in=[row[0] for row in rows],
        kind=rule.key,
        state="declined",
        accepted_on__isnull=True,
        ended_because__startswith="不接：",
    ).values_list("case_id", "helper_id"):
        declined[case_id].add(helper)
    before = dict(
        Pairing.objects.filter(case__in=[row[0] for row in rows], kind=rule.key, state="ended")
        .order_by("valid_to")
        .values_list("case_id", "helper_id")
    )
    return [
        matching.Child(
            id=pk,
            name=name,
            class_id=places.get(pupil),
            excluded=frozenset(declined[pk]),
            former_helper=before.get(pk),
            category=category,
        )
        for pk, pupil, name, category in sorted(rows, key=lambda row: str(row[0]))
    ]


@transaction.atomic
def propose(*, plan: Plan, by, kind: str = "") -> Proposals:
    """This function will propose an adult for each child without one by a rule; its earlier proposals are replaced.

    Least cost: nobody left over, each helper's minimum, even load, keeping who helped before, homeroom first.
    """
    _may_decide(by)
    rule = rule_of(plan, kind)
    cases = decided_by(by).filter(plan_key=plan.key)
    Pairing.objects.filter(case__in=cases, kind=rule.key, state="proposed").delete()
    children = children_without(plan, decided_by(by), by.day, rule.key)
    helpers = asked_by(plan, by, rule.key)
    arcs = matching.arcs(rule, children, helpers.values())
    seats = {h.id: solve.Seats(h.least, h.most, h.taken) for h in helpers.values()}
    chosen = solve.assign([c.id for c in children], {pair: arc.cost for pair, arc in arcs.items()}, seats)
    pairings = Pairing.objects.bulk_create(
        Pairing(
            case_id=case_id,
            kind=rule.key,
            helper_id=helper_id,
            reason=arcs[case_id, helper_id].reason,
            proposed_by=by.staff,
            proposed_on=by.day,
        )
        for case_id, helper_id in sorted(chosen.items(), key=lambda pair: str(pair[0]))
    )
    if pairings:
        changes = {"pairs": [0, len(pairings)]}
        audit.log("pair.propose", by=by.staff, at=clock.now(), subject=by.school, changes=changes)
    short = matching.shortages(children, helpers.values(), chosen, rule)
    return Proposals(tuple(pairings), tuple(shortage.sentence for shortage in short))


def _may_decide(by, *pairings: Pairing) -> None:
    if not by.holds(*DECIDERS):
        raise NotDecider
    cases = {pairing.case_id for pairing in pairings}
    if len(cases) > decided_by(by).filter(pk__in=cases).count():
        raise NotDecider("这名学生不在您负责的年级，请由本年级的包级领导或校长来确认。")


@transaction.atomic
def confirm(*, pairings, plan: Plan, by) -> list[Pairing]:
    """This function will put proposed pairs in force from today. Raises HelperFull, AlreadyPaired.

    Confirmed pairs among them are left as they are, so a double click does no harm.
    """
    _may_decide(by)
    wanted = [pairing.pk for pairing in pairings]
    rows = list(Pairing.objects.select_for_update().filter(pk__in=wanted).select_related("case", "helper"))
    if len(rows) < len(set(wanted)):
        raise AlreadyPaired("有的建议刚刚被别人换过了。请刷新后再确认。")
    _may_decide(by, *rows)
    for pairing in rows:
        if pairing.state == "confirmed":
            continue
        if pairing.state != "proposed":
            raise AlreadyPaired
        _check_cap(plan, rule_of(plan, pairing.kind), pairing.helper, by.day)
        _check_allowed(plan, pairing, by)
        pairing.state, pairing.confirmed_by, pairing.valid_from = "confirmed", by.staff, by.day
        pairing.save(update_fields=["state", "confirmed_by", "valid_from"])
        audit.log(
            "pair.confirm",
            by=by.staff,
            at=clock.now(),
            subject=pairing,
            changes={"state": ["proposed", "confirmed"]},
        )
    return rows


def _check_cap(plan: Plan, rule: PairingRule, helper: Staff, day) -> None:
    Staff.objects.select_for_update().get(
        pk=helper.pk
    )  # two leaders confirming at once wait for each other here
    most = rule.per_helper.max
    if load_of(plan, rule, [helper.pk], day)[helper.pk] >= most:
        raise HelperFull(f"{helper.name}已经带 {most} 名学生，方案里每人最多 {most} 名。请换一位老师。")


def _check_allowed(plan: Plan, pairing: Pairing, by) -> None:
    """A proposal may be days old: the child may be helped by now, the teacher may have changed class."""
    rule, case = rule_of(plan, pairing.kind), Case.objects.filter(pk=pairing.case_id)
    child = next(iter(children_without(plan, case, by.day, rule.key)), None)
    helper = helpers_for(rule, plan, by).get(pairing.helper_id)
    if child is None:
        raise AlreadyPaired
    if helper is None or not matching.allowed(rule, child, helper):
        raise NotAllowed(f"按方案，现在不能由{pairing.helper.name}来帮{child.name}。请重新配一配。")


@transaction.atomic
def reassign(*, pairing: Pairing, helper: Staff, plan: Plan, by) -> Pairing:
    """This function will give a proposed pair another helper, chosen by hand. Raises NotAllowed, HelperFull."""
    _may_decide(by, pairing)
    rule = rule_of(plan, pairing.kind)
    waiting = children_without(plan, decided_by(by), by.day, rule.key)
    child = next((c for c in waiting if c.id == pairing.case_id), None)
    if child is None or pairing.state != "proposed":
        raise AlreadyPaired
    candidates = asked_by(plan, by, rule.key)
    arcs = matching.arcs(rule, [child], [candidates[helper.pk]] if helper.pk in candidates else [])
    arc = arcs.get((child.id, helper.pk))
    if arc is None:
        raise NotAllowed(f"按方案，{child.name}由{_said(rule)}来帮。{helper.name}不在其中。")
    _check_cap(plan, rule, helper, by.day)
    pairing.helper, pairing.reason, pairing.proposed_by = (
        helper,
        f"{arc.reason}，由{by.staff.name}选定",
        by.staff,
    )
    pairing.save(update_fields=["helper", "reason", "proposed_by"])
    return pairing


def _said(rule: PairingRule) -> str:
    titles = adopt.shelf().commons.labels.role
    among = "或".join(titles.get(role, role) for role in rule.roles)
    return f"本班的{among}" if rule.within == "class" else among


@transaction.atomic
def accept(*, pairing: Pairing, time_slot: str, by) -> Pairing:
    """This function will note that the helper takes the child on, with a weekly time (三落实：时间落实)."""
    if pairing.helper_id != by.staff.pk:
        raise NotYourPair
    if pairing.state != "confirmed":
        raise AlreadyPaired("这一对还没有确认，或已经结束了。")
    pairing.time_slot = time_slot.strip()[:60]
    pairing.accepted_on = pairing.accepted_on or by.day
    pairing.save(update_fields=["time_slot", "accepted_on"])
    audit.log(
        "pair.accept",
        by=by.staff,
        at=clock.now(),
        subject=pairing,
        changes={"time_slot": [None, pairing.time_slot]},
    )
    return pairing


@transaction.atomic
def decline(*, pairing: Pairing, because: str, by) -> Pairing:
    """This function will note that the helper cannot take the child on, and why; the child is proposed to others."""
    if pairing.helper_id != by.staff.pk:
        _may_decide(by, pairing)
    if not because.strip():
        raise SayWhy
    if pairing.state not in ("proposed", "confirmed") or pairing.accepted_on:
        raise AlreadyPaired("这一对已经答复过了。要结束的话，请用「结束结对」。")
    pairing.state, pairing.valid_to = "declined", by.day if pairing.valid_from else None
    pairing.ended_because = f"不接：{because.strip()}"[:200]
    pairing.save(update_fields=["state", "valid_to", "ended_because"])
    audit.log("pair.decline", by=by.staff, at=clock.now(), subject=pairing)
    return pairing


@transaction.atomic
def end(*, pairing: Pairing, because: str, by) -> Pairing:
    """This function will end a pair from today on; what was done stays with the child."""
    _may_decide(by, pairing)
    if not because.strip():
        raise SayWhy
    if pairing.state != "confirmed":
        return pairing
    pairing.state, pairing.valid_to, pairing.ended_because = "ended", by.day, because.strip()[:200]
    pairing.save(update_fields=["state", "valid_to", "ended_because"])
    audit.log(
        "pair.end", by=by.staff, at=clock.now(), subject=pairing, changes={"valid_to": [None, str(by.day)]}
    )
    return pairing
