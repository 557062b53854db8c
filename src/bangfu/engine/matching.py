"""Children and helpers in; which pairs are allowed and why, out. flow/solve.py finds the best.

P9-02, P9-07, P9-18, P9-20: everybody gets one, each class teacher has one or two, people decide.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

from bangfu.engine.bond import CALLED, Bond, Child, Helper, Pair
from bangfu.engine.fault import Fault
from bangfu.engine.matching_fit import offers, reason
from bangfu.engine.matching_price import minutes_over
from bangfu.engine.matching_problem import Answer, GiveWay, Level, Problem, Words
from bangfu.engine.plan import PairingRule, Plan

__all__ = [
    "Answer", "Child", "GiveWay", "Helper", "Level", "Problem", "Shortage", "allowed", "check_pairs", "minutes_over",
    "refusal", "shortages", "why_fits",
]  # fmt: skip
CLASS_TEACHERS = PairingRule(key="helper", title="结对", roles=("homeroom_teacher", "class_attached_teacher"))


@dataclass(frozen=True, slots=True)
class Shortage:
    """What could not be had: kind is unpaired_child or helper_without_child; the sentence says what would help."""

    kind: str
    who: Hashable
    sentence: str


def why_fits(rule: PairingRule, child: Child, helper: Helper, words: Words = None) -> str:
    """This function will give the reason people read for this pair; empty when the hard rules or the room forbid it."""
    asked = Problem(rule, (child,), (helper,), words=words)
    return reason(asked, child, helper) if offers(asked)[0] else ""


def allowed(rule: PairingRule, child: Child, helper: Helper, words: Words = None) -> bool:
    """This function will say whether the hard rules let this helper take this child at all."""
    return not refusal(rule, child, helper, words)


def refusal(rule: PairingRule, child: Child, helper: Helper, words: Words = None) -> str:
    """This function will say why this helper may not take this child; empty when it may."""
    return Bond.read(rule, words).refusal(child, helper)


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
    bond, found = Bond.read(rule or CLASS_TEACHERS), []
    for child in children:
        if child.id not in chosen:
            able = [h for h in helpers if not bond.refusal(child, h)]
            rivals = sum(any(not bond.refusal(c, h) for h in able) for c in children)
            found.append(Shortage("unpaired_child", child.id, _why_unpaired(child, able, rivals, helpers)))
    counts = {helper.id: helper.taken for helper in helpers}
    for helper_id in chosen.values():
        counts[helper_id] = counts.get(helper_id, 0) + 1
    for helper in helpers:
        if counts[helper.id] < helper.least:
            wish = f"方案希望每位带 {helper.least} 名"
            sentence = f"{helper.name}还没有结对的学生。{wish}：班里再选一名，或者写一句不用选的原因。"
            if counts[helper.id]:
                sentence = f"{helper.name}结对 {counts[helper.id]} 名，{wish}。"
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
    pairs: Iterable[Pair],
    children: Iterable[Child],
    helpers: Iterable[Helper],
    words: Words = None,
) -> list[Fault]:
    """This function will hold new (child, helper) pairs against every hard rule, whichever door they came through.

    A plan may have several pairings: a pair belongs to the first that lets it be, and counts there.
    """
    bonds, faults = [Bond.read(rule, words) for rule in plan.pairings], []
    by_child, by_helper = {c.id: c for c in children}, {h.id: h for h in helpers}
    of_child, of_helper = Counter(), Counter()
    for child_id, helper_id in dict.fromkeys(pairs):
        child, helper = by_child[child_id], by_helper[helper_id]
        why = [bond.refusal(child, helper) for bond in bonds]
        at = next((at for at, one in enumerate(why) if not one), None)
        if at is None:
            what = f"{helper.name}不能和{child.name or '这名学生'}结对"
            faults.append(Fault(f"pairing:{child_id}", what, why[0] if why else "方案里没有结对"))
            continue
        of_child[at, child_id] += 1
        of_helper[at, helper_id] += 1
    for (at, child_id), count in of_child.items():
        rule = plan.pairings[at]
        if count > rule.per_case.max:
            what = f"一名学生最多 {rule.per_case.max} 位{CALLED[rule.kind]}，现在 {count} 位"
            faults.append(Fault(f"pairing:{child_id}", what))
    for (at, helper_id), count in of_helper.items():
        helper = by_helper[helper_id]
        most, count = min(helper.most, plan.pairings[at].per_helper.max), count + helper.taken
        if count > most:
            faults.append(Fault(f"pairing:{helper_id}", f"{helper.name}最多带 {most} 名，现在 {count} 名"))
    return faults
