"""Children and helpers in; which pairs are allowed, what each costs and why, out. flow/solve.py finds the best.

P9-02, P9-07, P9-18, P9-20: everybody gets one, each class teacher has one or two, people decide.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field

from bangfu.engine.fault import Fault
from bangfu.engine.plan import PairingRule, Plan

STEP = 120  # each wish of the plan weighs more than all later ones together
TEACHERS = frozenset({"homeroom_teacher", "class_attached_teacher"})
SAID = {"homeroom_teacher": "班主任", "class_attached_teacher": "包班教师", "subject_teacher": "任课教师"}


@dataclass(frozen=True, slots=True)
class Child:
    """A child to be paired; `excluded` are helpers who may not (own child, conflict, declined)."""

    id: Hashable
    class_id: Hashable
    name: str = ""
    excluded: frozenset = frozenset()
    former_helper: Hashable | None = None
    locked_helper: Hashable | None = None
    class_title: str = ""


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may help: roles in each class, at least and at most how many, and how many already."""

    id: Hashable
    name: str
    roles: Mapping[Hashable, frozenset] = field(default_factory=dict)
    least: int = 1
    most: int = 2
    taken: int = 0


@dataclass(frozen=True, slots=True)
class Arc:
    """One allowed pair: its cost from 0 (best) to 999, and the reason people read."""

    cost: int
    reason: str


@dataclass(frozen=True, slots=True)
class Shortage:
    """What could not be had: kind is unpaired_child or helper_without_child; the sentence says what would help."""

    kind: str
    who: Hashable
    sentence: str


def arcs(
    rule: PairingRule, children: Iterable[Child], helpers: Iterable[Helper]
) -> dict[tuple[Hashable, Hashable], Arc]:
    """This function will list every allowed pair with room: {(child, helper): Arc}; hard rules are missing arcs."""
    helpers = tuple(helpers)
    return {
        (child.id, helper.id): Arc(_cost(rule, child, helper), _reason(child, helper))
        for child in children
        for helper in helpers
        if allowed(rule, child, helper) and helper.taken < min(helper.most, rule.per_helper.max)
    }


def allowed(rule: PairingRule, child: Child, helper: Helper) -> bool:
    """This function will say whether the hard rules let this helper take this child at all."""
    return _may(child, helper, frozenset(rule.roles), rule.within)


def _may(child: Child, helper: Helper, wanted: frozenset, within: str) -> bool:
    if child.locked_helper is not None:
        return helper.id == child.locked_helper
    if helper.id in child.excluded:
        return False
    if within == "class":
        return not helper.roles.get(child.class_id, frozenset()).isdisjoint(wanted)
    return any(not roles.isdisjoint(wanted) for roles in helper.roles.values())


def _wishes(child: Child, helper: Helper) -> dict[str, bool]:
    here = helper.roles.get(child.class_id, frozenset())
    return {
        "keep": helper.id in (child.former_helper, child.locked_helper),
        "homeroom": "homeroom_teacher" in here,
        "same_class": bool(here),
    }


def _cost(rule: PairingRule, child: Child, helper: Helper) -> int:
    held = _wishes(child, helper)
    wanted = [wish for wish in rule.prefer if wish in held]  # even_load is the solver's own
    missed = sum(2 ** (len(wanted) - 1 - at) for at, wish in enumerate(wanted) if not held[wish])
    return min(missed * STEP, 999)


def _reason(child: Child, helper: Helper) -> str:
    held = _wishes(child, helper)
    words = ["原来就是这位老师"] if held["keep"] else []
    words += ["同班"] if held["same_class"] else []
    words += [said for role, said in SAID.items() if role in helper.roles.get(child.class_id, frozenset())]
    return "、".join([*words, f"目前带 {helper.taken} 名"])


def shortages(
    children: Iterable[Child],
    helpers: Iterable[Helper],
    chosen: Mapping[Hashable, Hashable],
    rule: PairingRule | None = None,
) -> tuple[Shortage, ...]:
    """This function will say in words who is left over and the least that would have to give way.

    `chosen` is {child: helper}; without a rule the class teachers are meant.
    """
    children, helpers = tuple(children), tuple(helpers)
    wanted = frozenset(rule.roles) if rule else TEACHERS
    within = rule.within if rule else "class"
    found = []
    for child in children:
        if child.id not in chosen:
            able = [h for h in helpers if _may(child, h, wanted, within)]
            rivals = sum(any(_may(c, h, wanted, within) for h in able) for c in children)
            found.append(Shortage("unpaired_child", child.id, _why_unpaired(child, able, rivals, helpers)))
    counts = {helper.id: helper.taken for helper in helpers}
    for helper_id in chosen.values():
        counts[helper_id] = counts.get(helper_id, 0) + 1
    for helper in helpers:
        if counts[helper.id] < helper.least:
            sentence = (
                f"{helper.name}还没有结对的学生，方案要每位至少 {helper.least} 名；班里再选一名，或说明原因。"
            )
            if counts[helper.id]:
                sentence = f"{helper.name}结对 {counts[helper.id]} 名，方案要每位至少 {helper.least} 名。"
            found.append(Shortage("helper_without_child", helper.id, sentence))
    return tuple(found)


def _why_unpaired(child: Child, able: list[Helper], rivals: int, helpers: tuple[Helper, ...]) -> str:
    who, where = child.name or "这名学生", child.class_title or "这个班"
    if able:
        room, here = sum(h.most for h in able), rivals + sum(h.taken for h in able)
        return (
            f"{where}有 {here} 名学生要结对，{len(able)} 位老师一共最多带 {room} 名，{who}没有人带。"
            f"可以请一位老师多带 1 名，或请同年级的老师帮忙。"
        )
    if child.locked_helper is not None:
        return f"{who}定好的老师现在不能带了，请换一位。"
    barred = [h.name for h in helpers if h.id in child.excluded and child.class_id in h.roles]
    if barred:
        return f"{who}班里的老师（{'、'.join(barred)}）要回避或没有接，请从同年级请一位老师。"
    return f"{where}还没有班主任或包班教师，{who}没有人带。先补上任教老师。"


def check_pairs(
    plan: Plan,
    pairs: Iterable[tuple[Hashable, Hashable]],
    children: Iterable[Child],
    helpers: Iterable[Helper],
) -> list[Fault]:
    """This function will hold new (child, helper) pairs against every hard rule, whichever door they came through."""
    rule, faults = next(r for r in plan.pairings if r.kind == "adult"), []
    by_child, by_helper = {c.id: c for c in children}, {h.id: h for h in helpers}
    counts, taken = {h.id: h.taken for h in by_helper.values()}, dict.fromkeys(by_child, 0)
    for child_id, helper_id in dict.fromkeys(pairs):
        child, helper = by_child[child_id], by_helper[helper_id]
        taken[child_id] += 1
        counts[helper_id] += 1
        if not allowed(rule, child, helper):
            what = f"{helper.name}不能和{child.name or '这名学生'}结对"
            faults.append(Fault(f"pairing:{child_id}", what, "要回避、不在本班，或不是结对的岗位"))
    for child_id, count in taken.items():
        if count > rule.per_case.max:
            what = f"一名学生最多 {rule.per_case.max} 位老师，现在 {count} 位"
            faults.append(Fault(f"pairing:{child_id}", what))
    for helper_id, count in counts.items():
        helper = by_helper[helper_id]
        most = min(helper.most, rule.per_helper.max)
        if count > most:
            faults.append(Fault(f"pairing:{helper_id}", f"{helper.name}最多带 {most} 名，现在 {count} 名"))
    return faults
