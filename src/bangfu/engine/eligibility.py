"""Facts about a child and a plan's categories in; yes, no or unknown with reasons, out. People choose, this advises.

P9-05 and P9-17 ask for it: who might need help, and whether a class chose as many as the plan says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bangfu.engine import rule
from bangfu.engine.fact import FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan
from bangfu.engine.rule import Verdict


@dataclass(frozen=True, slots=True)
class Finding:
    """One category's answer about one child."""

    category: str
    title: str
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Advice:
    """What the facts say of one child: worth a look, not, or unknown with what to find out first."""

    verdict: Verdict
    findings: tuple[Finding, ...]

    @property
    def categories(self) -> tuple[str, ...]:
        """This property will name the categories that hold."""
        return tuple(f.category for f in self.findings if f.verdict.answer)

    @property
    def reason(self) -> str:
        """This property will say why, in words, from the clauses that decided."""
        said = dict.fromkeys(r.text for f in self.findings if f.verdict.answer for r in f.verdict.reasons)
        return "；".join(said or dict.fromkeys(r.text for r in self.verdict.reasons))


def judge(plan: Plan, facts: Mapping[str, Any], specs: Mapping[str, FactSpec] | None = None) -> Advice:
    """This function will judge one child by every category of a plan; `specs` let rules use Chinese titles."""
    findings = tuple(
        Finding(c.key, c.title, _verdict(plan, c.where, facts, specs))
        for c in plan.categories
        if c.where and not c.off
    )
    where = plan.selection.where if plan.selection else ""
    if where:
        return Advice(_verdict(plan, where, facts, specs), findings)
    answers = [f.verdict for f in findings]
    yes = next((v for v in answers if v.answer), None)
    # Of several that are open, the one that asks for the fewest facts is asked about first.
    open_ones = sorted((v for v in answers if v.answer is None), key=lambda v: len(v.unknown))
    return Advice(yes or next(iter(open_ones), Verdict(False if answers else None)), findings)


def _verdict(
    plan: Plan, where: str, facts: Mapping[str, Any], specs: Mapping[str, FactSpec] | None
) -> Verdict:
    """A plan's rules are read once and kept with it: a class is judged again after every few keys."""
    kept = plan._memory.get(f"choice/{where}")
    if kept is None or kept[0] is not specs:
        kept = plan._memory[f"choice/{where}"] = (specs, *rule.read(where, specs))
    _, read, faults = kept
    if read is None:  # pack.read refuses such a plan, so nobody can have adopted it
        raise ValueError("; ".join(map(str, faults)))
    verdict: Verdict = read.judge(facts)
    return verdict


def verdict(plan: Plan, facts: Mapping[str, Any], specs: Mapping[str, FactSpec]) -> Verdict:
    """This function will say only whether a plan is for a child, as `judge` does, without telling kinds of need apart."""
    where = plan.selection.where if plan.selection else ""
    return _verdict(plan, where, facts, specs) if where else judge(plan, facts, specs).verdict


def names(plan: Plan, specs: Mapping[str, FactSpec], *, to_choose: bool = False) -> tuple[str, ...]:
    """This function will name the facts by which a plan chooses children, and unless `to_choose` tells their kinds apart."""
    where = plan.selection.where if plan.selection else ""
    kinds = [] if to_choose and where else [c.where for c in plan.categories if not c.off]
    read = (rule.read(text, specs)[0] for text in (where, *kinds) if text)
    return tuple(dict.fromkeys(name for one in read if one for name in one.names))


def find_out(advice: Iterable[Advice]) -> tuple[str, ...]:
    """This function will list the facts to ask about for a class, those that settle most children first."""
    asked: dict[str, int] = {}
    for one in advice:
        if one.verdict.answer is None:
            for fact in one.verdict.unknown:
                asked[fact] = asked.get(fact, 0) + 1
    return tuple(sorted(asked, key=lambda fact: (-asked[fact], fact)))


def bounds(plan: Plan, class_size: int) -> tuple[int, int]:
    """This function will say how few and how many a class may choose: a very small class need not fill the number."""
    per_class = plan.selection.per_class if plan.selection else None
    if per_class is None:
        return 0, class_size
    least = per_class.min if class_size >= 2 * per_class.min else 0
    return least, min(per_class.max, class_size)


def check_selection(plan: Plan, class_size: int, picks: int) -> list[Fault]:
    """This function will say whether a class chose too few or too many; the caller may accept a written reason."""
    least, most = bounds(plan, class_size)
    if picks < least:
        return [
            Fault(
                "selection:per_class",
                f"选了 {picks} 个，方案要 {least}—{most} 个。",
                "再选几个，或写明为什么少。",
            )
        ]
    if picks > most:
        return [
            Fault(
                "selection:per_class",
                f"选了 {picks} 个，方案要 {least}—{most} 个。",
                "少选几个，或写明为什么多。",
            )
        ]
    return []
