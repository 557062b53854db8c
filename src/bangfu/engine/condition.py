"""A duty's `for` and `where` and a case's dated facts in; yes, no or unknown on a day, with reasons, out.

Whatever a plan asks only of some children, or only while a fact holds, asks for it. Unknown is never a no.
"""

from collections.abc import Callable, Iterable
from datetime import date

from bangfu.engine import rule
from bangfu.engine.case import CaseView
from bangfu.engine.fact import Stated, in_order
from bangfu.engine.plan import Plan
from bangfu.engine.rule import Reason, Rule, Verdict


def rule_of(plan: Plan, text: str) -> Rule:
    """This function will read a rule of a plan with the facts it was given, once; ValueError if it is none."""
    found = plan._memory.get(text)
    if found is None:
        found, faults = rule.read(text, plan._words or None)
        if found is None:
            raise ValueError("；".join(str(fault) for fault in faults))
        plan._memory[text] = found
    return found


def facts_on(case: CaseView, day: date, names: Iterable[str] | None = None) -> dict[str, Stated]:
    """This function will pick what holds on a day: valid_from ≤ day < valid_to, the latest begun, then known, wins."""
    found = {}
    for name in case.facts if names is None else names:
        holding = [s for s in case.facts.get(name, ()) if _holds(s, day)]
        if holding:
            found[name] = max(holding, key=in_order)
    return found


def holds(plan: Plan, for_: tuple[str, ...], where: str, case: CaseView, day: date) -> Verdict:
    """This function will say whether a case is of one of the categories and the rule holds for it on a day."""
    parts = []
    if for_:
        parts.append(_any([_category(plan, key, case, day) for key in for_]))
    if where:
        asked = rule_of(plan, where)
        parts.append(asked.judge(facts_on(case, day, asked.names)))
    return _all(parts)


def answers(plan: Plan, for_: tuple[str, ...], where: str, case: CaseView) -> Callable[[date], Verdict]:
    """This function will give `holds` for many days of one case, judged anew only when a fact begins or ends."""
    turns = sorted(_turns(case, _names(plan, for_, where)))
    known: dict[int, Verdict] = {}

    def on(day: date) -> Verdict:
        at = sum(turn <= day for turn in turns)
        if at not in known:
            known[at] = holds(plan, for_, where, case, day)
        return known[at]

    return on


def facts_asked(plan: Plan) -> frozenset[str]:
    """This function will name the facts about a child that any duty of a plan asks for."""
    some = [(duty.for_, duty.where) for duty in plan.duties if duty.for_ or duty.where]
    return frozenset(name for for_, where in dict.fromkeys(some) for name in _names(plan, for_, where))


def to_find_out(plan: Plan, verdict: Verdict) -> str:
    """This function will say in Chinese what is not known yet; empty if the verdict is decided."""
    if verdict.answer is not None:
        return ""
    titles = (getattr(plan._words.get(name), "title", name) for name in verdict.unknown)
    return f"还不知道：{'、'.join(titles)}，先问清楚"


def _holds(stated: Stated, day: date) -> bool:
    return (stated.valid_from is None or stated.valid_from <= day) and (
        stated.valid_to is None or day < stated.valid_to
    )


def _category(plan: Plan, key: str, case: CaseView, day: date) -> Verdict:
    found = next((one for one in plan.categories if one.key == key), None)
    if found is None:
        return Verdict(False)
    if case.category == key:
        return Verdict(True, (Reason(f"类别：{found.title}", key, True),))
    if not found.where:
        return Verdict(False, (Reason(f"没有归到「{found.title}」", key, False),))
    asked = rule_of(plan, found.where)
    return asked.judge(facts_on(case, day, asked.names))


def _any(parts: list[Verdict]) -> Verdict:
    yes = [part for part in parts if part.answer]
    if yes:
        return Verdict(True, tuple(r for part in yes for r in part.reasons))
    open_parts = [part for part in parts if part.answer is None]
    fewest = min((part.unknown for part in open_parts), key=len, default=())
    some = open_parts or parts
    return Verdict(None if open_parts else False, tuple(r for part in some for r in part.reasons), fewest)


def _all(parts: list[Verdict]) -> Verdict:
    no = [part for part in parts if part.answer is False]
    open_parts = [part for part in parts if part.answer is None]
    some = no or open_parts or parts
    unknown = dict.fromkeys(name for part in open_parts for name in part.unknown)
    answer = False if no else None if open_parts else True
    return Verdict(answer, tuple(r for part in some for r in part.reasons), () if no else tuple(unknown))


def _names(plan: Plan, for_: tuple[str, ...], where: str) -> set[str]:
    texts = [one.where for one in plan.categories if one.key in for_] + [where]
    return {name for text in texts if text for name in rule_of(plan, text).names}


def _turns(case: CaseView, names: set[str]) -> set[date]:
    stated = [one for name in names for one in case.facts.get(name, ())]
    return {day for one in stated for day in (one.valid_from, one.valid_to) if day is not None}
