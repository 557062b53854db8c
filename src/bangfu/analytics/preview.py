"""A plan and children's facts as lists in; how many it would choose, why not, and what to ask first, out.

The plan studio's dry run asks for it at every edit: 100,000 children in well under a second, no database.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bangfu.analytics.rules import Prepared, Verdicts, judge_lists, prepare
from bangfu.engine import rule
from bangfu.engine.fact import FactSpec
from bangfu.engine.plan import Plan
from bangfu.engine.rule import Rule

SELECTION = "selection"


@dataclass(frozen=True, slots=True)
class Count:
    """Children for whom a rule holds, does not, or is unknown; `find_out`: fact → children it is needed for."""

    key: str
    title: str
    yes: int
    no: int
    unknown: int
    find_out: Mapping[str, int]


@dataclass(frozen=True, slots=True, eq=False)
class Preview:
    """Each category's count, and the whole plan's; `answer` says for each row 1, 0 or -1, `verdicts` each rule's why."""

    categories: tuple[Count, ...]
    whole: Count
    answer: np.ndarray
    verdicts: Verdicts


def rules_of(plan: Plan, specs: Mapping[str, FactSpec] | None = None) -> dict[str, Rule]:
    """This function will read a plan's categories (by key) and its selection; ValueError if one cannot be read."""
    texts = {f"category.{one.key}": one.where for one in plan.categories if one.where}
    if plan.selection and plan.selection.where:
        texts[SELECTION] = plan.selection.where
    found = {}
    for key, text in texts.items():
        one, faults = rule.read(text, specs, key)
        if one is None:
            raise ValueError("; ".join(map(str, faults)))
        found[key] = one
    return found


def preview(
    plan: Plan,
    rows: Mapping[str, Sequence[Any]],
    specs: Mapping[str, FactSpec] | None = None,
    prepared: Prepared | None = None,
) -> Preview:
    """This function will count over rows (one list a fact, all equally long) what eligibility.judge says of each."""
    prepared = prepared or prepare(rules_of(plan, specs))
    verdicts = judge_lists(prepared, rows)
    titles = {f"category.{one.key}": one.title for one in plan.categories}
    categories = tuple(_count(verdicts, key, titles[key]) for key in prepared.rules if key != SELECTION)
    if SELECTION in prepared.rules:
        answer = verdicts[SELECTION].answer
        whole = _count(verdicts, SELECTION, plan.short_title)
    else:
        answer = _worth_a_look(verdicts)
        whole = _whole(verdicts, answer, plan.short_title)
    return Preview(categories, whole, answer, verdicts)


def _count(verdicts: Verdicts, key: str, title: str) -> Count:
    return Count(key, title, *verdicts.counts(key), verdicts.find_out(key))


def _worth_a_look(verdicts: Verdicts) -> np.ndarray:
    """One category that holds is enough; else one that is unknown leaves it open. No rule at all: people decide."""
    answers = [one.answer for one in verdicts.judged.values()]
    if not answers:
        return np.full(verdicts.rows, -1, np.int8)
    some = np.logical_or.reduce([one == 1 for one in answers])
    unknown = np.logical_or.reduce([one == -1 for one in answers])
    return np.where(some, 1, np.where(unknown, -1, 0)).astype(np.int8)


def _whole(verdicts: Verdicts, answer: np.ndarray, title: str) -> Count:
    """Of an open child the first open category says what to find out, as it does for one child."""
    left = answer == -1
    asked: dict[str, int] = {}
    for key, one in verdicts.judged.items():
        first = left & (one.answer == -1)
        left = left & ~first
        for fact, count in verdicts.find_out(key, first).items():
            asked[fact] = asked.get(fact, 0) + count
    ordered = {fact: asked[fact] for fact in sorted(asked, key=lambda fact: (-asked[fact], fact))}
    yes, no = int(np.count_nonzero(answer == 1)), int(np.count_nonzero(answer == 0))
    return Count("whole", title, yes, no, len(answer) - yes - no, ordered)
