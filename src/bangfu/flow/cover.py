"""Places and people that must cover each other: what is without anyone goes in, proposals with a reason come out.

Areas, classes, villages and households all ask here, so that one solver, one rule of who decides and one reading of
the plan's numbers serve them. Nothing proposed is kept; people choose, and the verb of the place looks again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.plan import PairingRule
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, solve
from bangfu.records.models import PairingLimit

DECIDERS = ("principal", "vice_principal")
SHELF = ("township", "recommended")


class NotDecider(Refusal):
    sentence = "划片、包班、包村、包户由校长或副校长来定。"


class Covered(Refusal):
    """It has somebody already; the sentence says whom."""


class Full(Refusal):
    """Who was chosen has as many as the plan allows."""


class Unfit(Refusal):
    """The plan does not let this one look after that."""


class SayWhy(Refusal):
    sentence = "请写一句原因，方便以后查看。"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal: what is covered, by whom, and why."""

    case: UUID
    helper: UUID
    reason: str


def may_decide(by) -> None:
    """This function will refuse anybody who does not decide who looks after what."""
    if not by.holds(*DECIDERS):
        raise NotDecider


def ask(
    rule: PairingRule,
    cases: Iterable[Child],
    helpers: Iterable[Helper],
    why: Callable[[Child, Helper], str],
) -> tuple[Proposed, ...]:
    """This function will propose somebody for each case: nobody left over first, then even load, then fit."""
    cases, helpers = tuple(cases), tuple(helpers)
    if not cases or not helpers:
        return ()
    by_case, by_helper = {one.id: one for one in cases}, {one.id: one for one in helpers}
    found = solve.best(Problem(rule, cases, helpers))
    return tuple(
        Proposed(case, helper, why(by_case[case], by_helper[helper])) for case, helper in found.pairs
    )


def rule_of(by, key: str) -> tuple[str, PairingRule]:
    """This function will give (plan key, rule) by which villages and households are paired here today.

    A plan in force for households says it; while there is none, the township's plan as it stands on the shelf.
    """
    plans = [plan for plan in adopt.plans_in_force(by.school, by.day) if plan.subject == "household"]
    for plan in (*plans, adopt.shelf().plans[SHELF]):
        for rule in plan.pairings:
            if rule.key == key:
                return plan.key, rule
    raise LookupError(key)


def keep_limit(school, key: str, rule: PairingRule) -> None:
    """This function will write down the numbers of a rule, so that the database holds every door to them."""
    most = {"per_case_max": rule.per_case.max, "per_helper_max": rule.per_helper.max}
    PairingLimit.objects.update_or_create(school=school, plan_key=key, kind=rule.key, defaults=most)


def joined(words: Iterable[str]) -> str:
    """This function will put the reasons that hold into one line."""
    return "、".join(word for word in words if word)
