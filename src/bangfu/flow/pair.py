"""Giving every child of a plan a responsible adult: the solver proposes with reasons, people decide (P9-01, 07, 18, 20).

A cap holds through every door: it is checked here with names, under a lock, and by the database itself (limits.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from bangfu.engine import matching
from bangfu.engine.bond import Pair
from bangfu.engine.plan import PairingRule, Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, solve
from bangfu.flow.avoidance import DECIDERS, avoid, lift, suspected
from bangfu.flow.pair_problem import (
    NOT_TAKEN,
    asked_by,
    children_without,
    decided_by,
    helpers_for,
    load_of,
    problem,
    rule_of,
    rules_of,
    seats_of,
)
from bangfu.flow.pair_table import Comparison, Table, compare, table
from bangfu.records import audit, limits
from bangfu.records.models import Case, Pairing, Staff

__all__ = [
    "DECIDERS", "AlreadyPaired", "Comparison", "HelperFull", "NotAllowed", "NotDecider", "NotYourPair", "Proposals",
    "SayWhy", "Table", "accept", "asked_by", "avoid", "children_without", "compare", "confirm", "decided_by", "decline",
    "end", "helpers_for", "lift", "load_of", "lock", "place", "propose", "put_back", "rule_of", "rules_of",
    "suspected", "table", "unlock",
]  # fmt: skip


class NotDecider(Refusal):
    sentence = "结对由包级领导或校长来确认。"


class HelperFull(limits.AtLimit):
    """The helper already has as many children as the plan allows."""


class NotAllowed(Refusal):
    """The plan does not let this person help this child."""


class AlreadyPaired(limits.Taken):
    """Somebody was quicker."""


class NotYourPair(Refusal):
    sentence = "这一对不是和您结的，所以不能由您来答复。"


class SayWhy(Refusal):
    sentence = "请写一句原因，方便以后查看。"


@dataclass(frozen=True, slots=True)
class Proposals:
    """What the solver found: pairings (state proposed) and what could not be met, in words; `answer` has the proof."""

    pairings: tuple[Pairing, ...]
    shortages: tuple[str, ...]
    answer: matching.Answer | None = None


@transaction.atomic
def propose(*, plan: Plan, by, kind: str = "") -> Proposals:
    """This function will propose an adult for each child without one by a rule; its unlocked proposals are replaced.

    In order: nobody left over, each helper's minimum, who helped before, even minutes, fit.
    """
    _may_decide(by)
    adopt.keep_limits(school=by.school, day=by.day)
    rule = rule_of(plan, kind)
    cases = decided_by(by).filter(plan_key=plan.key)
    open_ones = Pairing.objects.filter(case__in=cases, kind=rule.key, state="proposed")
    open_ones.filter(is_locked=False).delete()
    follows = bool(rule.fixed)  # nobody has to propose what follows the class (flow/follow.py)
    children = [] if follows else children_without(plan, cases, by.day, rule.key)
    open_ones.exclude(case__in=[child.id for child in children]).delete()  # helped by now
    helpers = asked_by(plan, by, rule.key)
    asked = problem(plan, rule.key, by, children=children, helpers=helpers)
    answer = solve.best(asked)
    pairings = _written(plan, rule, answer, asked.pins, by)
    if pairings:
        changes = {"pairs": [0, len(pairings)]}
        audit.log("pair.propose", by=by.staff, at=clock.now(), subject=by.school, changes=changes)
    short = matching.shortages(children, helpers.values(), dict(answer.pairs), rule)
    said = [one.sentence for one in short]
    said += [one.sentence for one in solve.give_way(asked)] if answer.left_out else []
    return Proposals(tuple(pairings), tuple(dict.fromkeys(said)), answer)


def _written(
    plan: Plan, rule: PairingRule, answer: matching.Answer, pins: Iterable[Pair], by
) -> list[Pairing]:
    """New pairs of the answer as proposals, each in the first free seat of its child."""
    new = sorted(set(answer.pairs) - set(pins), key=lambda pair: (str(pair[0]), str(pair[1])))
    seats = _seats(rule, {case for case, _helper in new}, by.day)
    rows = []
    for case_id, helper_id in new:
        at = _free_seat(seats[case_id])
        seats[case_id].add(at)
        rows.append(
            Pairing(
                case_id=case_id,
                plan_key=plan.key,
                kind=rule.key,
                place=at,
                helper_id=helper_id,
                reason=answer.reasons.get((case_id, helper_id), "")[:200],
                proposed_by=by.staff,
                proposed_on=by.day,
            )
        )
    with limits.calm():
        return Pairing.objects.bulk_create(rows)


def _seats(rule: PairingRule, cases: Iterable[UUID], day) -> dict[UUID, set[int]]:
    """The seats taken, in force or proposed, of each case."""
    held = seats_of(rule, cases, day)
    found = {case: set(held.get(case, ())) for case in cases}
    open_ones = Pairing.objects.filter(
        case__in=found, kind=rule.key, valid_to__isnull=True, state__in=("proposed", "confirmed")
    )
    for case_id, at in open_ones.values_list("case_id", "place"):
        found[case_id].add(at)
    return found


def _free_seat(taken: set[int]) -> int:
    return next(at for at in range(1, len(taken) + 2) if at not in taken)


def _may_decide(by, *pairings: Pairing) -> None:
    if not by.holds(*DECIDERS):
        raise NotDecider
    _may_decide_about(by, {pairing.case_id for pairing in pairings})


def _may_decide_about(by, cases: set[UUID]) -> None:
    if not by.holds(*DECIDERS):
        raise NotDecider
    if len(cases) > decided_by(by).filter(pk__in=cases).count():
        raise NotDecider("这名学生不在您负责的年级，请由本年级的包级领导或校长来确认。")


@transaction.atomic
def confirm(*, pairings, plan: Plan, by) -> list[Pairing]:
    """This function will put proposed pairs in force from today. Raises HelperFull, AlreadyPaired, NotAllowed.

    Confirmed pairs among them are left as they are, so a double click does no harm.
    """
    _may_decide(by)
    adopt.keep_limits(school=by.school, day=by.day)
    wanted = [pairing.pk for pairing in pairings]
    rows = list(Pairing.objects.select_for_update().filter(pk__in=wanted).select_related("case", "helper"))
    if len(rows) < len(set(wanted)):
        raise AlreadyPaired("有的建议刚刚被别人换过了。请刷新后再确认。")
    _may_decide(by, *rows)
    fresh = [row for row in rows if row.state != "confirmed"]
    if any(row.state != "proposed" for row in fresh):
        raise AlreadyPaired
    helpers = {row.helper_id for row in fresh}  # locked in one order: no two leaders wait in a circle
    list(Staff.objects.select_for_update().filter(pk__in=helpers).order_by("pk"))
    for kind in dict.fromkeys(row.kind for row in fresh):
        _check(plan, rule_of(plan, kind), [row for row in fresh if row.kind == kind], by)
    _in_force(fresh, by)
    return rows


def _check(plan: Plan, rule: PairingRule, rows: list[Pairing], by) -> None:
    """Proposals may be days old: somebody may be full or helped by now, the teacher may have changed class."""
    cases = Case.objects.filter(pk__in=[row.case_id for row in rows])
    waiting = {child.id: child for child in children_without(plan, cases, by.day, rule.key)}
    helpers, there = helpers_for(rule, plan, by), seats_of(rule, list(waiting), by.day)
    given = load_of(plan, rule, {row.helper_id for row in rows}, by.day)
    for row in rows:
        if given[row.helper_id] >= rule.per_helper.max:
            raise _full(row.helper.name, given[row.helper_id], rule)
        given[row.helper_id] += 1
        child, helper = waiting.get(row.case_id), helpers.get(row.helper_id)
        if child is None or row.helper_id in there[row.case_id].values():
            raise AlreadyPaired
        if helper is None or not matching.allowed(rule, child, helper, adopt.shelf().commons.facts):
            raise NotAllowed(f"按方案，现在不能由{row.helper.name}来帮{child.name}。请重新配一配。")


def _in_force(rows: list[Pairing], by) -> None:
    now = {"state": "confirmed", "confirmed_by": by.staff, "valid_from": by.day}
    with limits.calm():
        Pairing.objects.filter(pk__in=[row.pk for row in rows]).update(**now)
    for row in rows:
        row.state, row.confirmed_by, row.valid_from = now.values()
    at, changes = clock.now(), {"state": ["proposed", "confirmed"]}
    audit.store(
        [audit.event("pair.confirm", by=by.staff, at=at, subject=row, changes=changes) for row in rows]
    )


def _full(name: str, taken: int, rule: PairingRule) -> HelperFull:
    return HelperFull(f"{name}已经带 {taken} 名学生，方案里每人最多 {rule.per_helper.max} 名。请换一位老师。")


@transaction.atomic
def place(*, case: Case, helper: Staff, plan: Plan, by, kind: str = "") -> Pairing:
    """This function will propose a pair chosen by hand and keep it (locked); what must make room is solved anew.

    A proposal of the case that is not locked gives way to it. Raises NotAllowed, HelperFull, AlreadyPaired.
    """
    _may_decide_about(by, {case.pk})
    rule = rule_of(plan, kind)
    child = next(iter(children_without(plan, decided_by(by).filter(pk=case.pk), by.day, rule.key)), None)
    if child is None:
        raise AlreadyPaired
    adult = _allowed_adult(rule, child, helper, asked_by(plan, by, rule.key))
    _check_room(plan, rule, case, adult, by)
    open_ones = list(Pairing.objects.filter(case=case, kind=rule.key, state="proposed").order_by("place"))
    row = next((one for one in open_ones if one.helper_id == helper.pk), None)
    row = row or next((one for one in open_ones if not one.is_locked), None)
    if row is None:
        taken = _seats(rule, [case.pk], by.day)[case.pk]
        if len(taken) >= max(rule.per_case.max, 1):
            raise AlreadyPaired(f"{child.name}的位置都定好了。要换人，请先放开一位。")
        row = Pairing(
            case=case, plan_key=plan.key, kind=rule.key, place=_free_seat(taken), proposed_on=by.day
        )
    row.helper, row.proposed_by, row.is_locked = helper, by.staff, True
    row.reason = _by_hand(rule, child, adult, by)
    with limits.calm():
        row.save()
    changes = {"helper": [None, str(helper.pk)]}
    audit.log("pair.place", by=by.staff, at=clock.now(), subject=row, changes=changes)
    _make_room(plan, rule, adult, by)
    return row


def _by_hand(rule: PairingRule, child: matching.Child, adult: matching.Helper, by) -> str:
    return f"{matching.why_fits(rule, child, adult) or '由人选定'}，由{by.staff.name}选定"[:200]


def _allowed_adult(rule: PairingRule, child: matching.Child, helper: Staff, candidates) -> matching.Helper:
    adult = candidates.get(helper.pk)
    why = "" if adult is None else matching.refusal(rule, child, adult, adopt.shelf().commons.facts)
    if adult is None:
        raise NotAllowed(f"按方案，{child.name}由{_said(rule)}来帮。{helper.name}不在其中。")
    if helper.pk in child.excluded:
        raise NotAllowed(f"{helper.name}和{child.name}写明了要回避，或答复过不接。请换一位。")
    if why:
        raise NotAllowed(f"按方案，{child.name}由{_said(rule)}来帮。{helper.name}不在其中。")
    return adult


def _check_room(plan: Plan, rule: PairingRule, case: Case, adult: matching.Helper, by) -> None:
    kept = Pairing.objects.filter(
        helper=adult.id, plan_key=plan.key, kind=rule.key, state="proposed", is_locked=True
    ).exclude(case=case)
    if adult.taken + kept.count() >= rule.per_helper.max:
        raise _full(adult.name, adult.taken + kept.count(), rule)


def _make_room(plan: Plan, rule: PairingRule, adult: matching.Helper, by) -> None:
    """Too many proposals for one adult: all that are not locked are solved anew, keeping as many as can be kept."""
    open_ones = Pairing.objects.filter(
        case__in=decided_by(by), plan_key=plan.key, kind=rule.key, state="proposed"
    )
    if adult.taken + open_ones.filter(helper=adult.id).count() <= rule.per_helper.max:
        return
    loose = open_ones.filter(is_locked=False)
    was = dict(loose.values_list("case_id", "helper_id"))
    cases = decided_by(by).filter(pk__in=list(open_ones.values("case_id").values_list("case_id", flat=True)))
    children = [
        replace(child, former_helper=was.get(child.id, child.former_helper))
        for child in children_without(plan, cases, by.day, rule.key)
    ]
    asked = problem(plan, rule.key, by, children=children, helpers=asked_by(plan, by, rule.key))
    loose.delete()
    _written(plan, rule, solve.best(asked), asked.pins, by)


@transaction.atomic
def lock(*, pairing: Pairing, by) -> Pairing:
    """This function will keep a proposal whatever a better answer would cost."""
    return _locked(pairing, by, True)


@transaction.atomic
def unlock(*, pairing: Pairing, by) -> Pairing:
    """This function will let the solver change a proposal again."""
    return _locked(pairing, by, False)


def _locked(pairing: Pairing, by, keep: bool) -> Pairing:
    _may_decide(by, pairing)
    if not Pairing.objects.filter(pk=pairing.pk, state="proposed").update(is_locked=keep):
        raise AlreadyPaired("这一对刚刚被换过，或已经确认了。请刷新后再看。")
    pairing.is_locked = keep
    audit.log("pair.keep", by=by.staff, at=clock.now(), subject=pairing, changes={"kept": [not keep, keep]})
    return pairing


@transaction.atomic
def put_back(*, pairing: Pairing, by) -> None:
    """This function will take a proposal away; the child waits again. A pair in force is ended, never taken away."""
    _may_decide(by, pairing)
    row = Pairing.objects.filter(pk=pairing.pk).first()
    if row is None:
        return
    if row.state != "proposed":
        raise AlreadyPaired("这一对已经确认了。要换人，请用“结束结对”。")
    row.delete()


def _fresh(pairing: Pairing) -> Pairing:
    """The row as it stands now: somebody may have confirmed, answered or ended it while a page was open."""
    row = Pairing.objects.select_for_update(of=("self",)).select_related("case").filter(pk=pairing.pk).first()
    if row is None:
        raise AlreadyPaired("这一对刚刚被换过了。请刷新后再看。")
    return row


def _said(rule: PairingRule) -> str:
    titles = adopt.shelf().commons.labels.role
    among = "或".join(titles.get(role, role) for role in rule.roles)
    return f"本班的{among}" if rule.within == "class" else among


def unanswered(viewer) -> list[tuple[str, str]]:
    """This function will list (plan key, kind) of each pair that waits until the viewer takes it on; one query."""
    return list(Pairing.objects.unanswered_by(viewer).values_list("plan_key", "kind"))


@transaction.atomic
def accept(*, pairing: Pairing, time_slot: str, by) -> Pairing:
    """This function will note that the helper takes the child on, with a weekly time (三落实：时间落实)."""
    pairing = _fresh(pairing)
    if pairing.helper_id != by.staff.pk:
        raise NotYourPair
    if pairing.state != "confirmed":
        raise AlreadyPaired("这一对还没有确认，或已经结束了。")
    pairing.time_slot = time_slot.strip()[:60]
    pairing.accepted_on = pairing.accepted_on or by.day
    pairing.save(update_fields=["time_slot", "accepted_on"])
    changes = {"time_slot": [None, pairing.time_slot]}
    audit.log("pair.accept", by=by.staff, at=clock.now(), subject=pairing, changes=changes)
    return pairing


@transaction.atomic
def decline(*, pairing: Pairing, because: str, by) -> Pairing:
    """This function will note that the helper cannot take the child on, and why; the child is proposed to others."""
    pairing = _fresh(pairing)
    if pairing.helper_id != by.staff.pk:
        _may_decide(by, pairing)
    if not because.strip():
        raise SayWhy
    if pairing.state not in ("proposed", "confirmed") or pairing.accepted_on:
        raise AlreadyPaired("这一对已经答复过了。要结束的话，请用“结束结对”。")
    pairing.state, pairing.valid_to = "declined", by.day if pairing.valid_from else None
    pairing.ended_because = f"{NOT_TAKEN}{because.strip()}"[:200]
    pairing.save(update_fields=["state", "valid_to", "ended_because"])
    audit.log("pair.decline", by=by.staff, at=clock.now(), subject=pairing)
    return pairing


@transaction.atomic
def end(*, pairing: Pairing, because: str, by) -> Pairing:
    """This function will end a pair from today on; what was done stays with the child."""
    _may_decide(by, pairing)
    if not because.strip():
        raise SayWhy
    pairing = _fresh(pairing)
    if pairing.state != "confirmed":
        return pairing
    pairing.state, pairing.valid_to, pairing.ended_because = "ended", by.day, because.strip()[:200]
    pairing.save(update_fields=["state", "valid_to", "ended_because"])
    changes = {"valid_to": [None, str(by.day)]}
    audit.log("pair.end", by=by.staff, at=clock.now(), subject=pairing, changes=changes)
    return pairing
