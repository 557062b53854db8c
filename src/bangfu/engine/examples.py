"""The examples beside a plan in; every one that does not come out as written, as a fault. They are tests.

A cadence with its due dates, a child with a day and the expected states, facts with the expected category;
what a plan says and allows is proof.py's.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from bangfu.engine import proof, rule
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Spell
from bangfu.engine.duty import (
    expected,
    expected_for_area,
    expected_for_class,
    expected_for_group,
    expected_for_helper,
    expected_for_school,
    expected_for_village,
    standings,
)
from bangfu.engine.example import Cadence, Examples, Finding, Story
from bangfu.engine.expectation import Expectation
from bangfu.engine.fact import FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan
from bangfu.engine.pretend import Child
from bangfu.engine.wording import faults_of


def run(raw: Any, name: str, plans: Mapping[str, Plan], facts: Mapping[str, FactSpec]) -> list[Fault]:
    """This function will play every example against the plan's editions and report what came out otherwise."""
    try:
        found = Examples.model_validate(raw)
    except ValidationError as error:
        return faults_of(error, raw, name, Examples)
    calendar, faults = found.calendar.build(), []
    claims = (*found.says, *found.gaps, *found.aims, *found.honours, *found.matches)
    for example in (*found.cadences, *found.stories, *found.findings, *claims):
        for edition in example.editions:
            plan = plans.get(edition)
            if plan is None:
                continue  # the edition itself did not read: its own faults say why
            if isinstance(example, Cadence):
                wrong = _cadence(example, plan, calendar)
            elif isinstance(example, Story):
                wrong = _story(example, plan, calendar)
            elif isinstance(example, Finding):
                wrong = _finding(example, plan, facts)
            else:
                wrong = proof.run(example, plan, facts)
            faults += [Fault(f"{name}:{example.title}（{edition}）", w) for w in wrong]
    return faults


def _cadence(example: Cadence, plan: Plan, calendar: Calendar) -> list[str]:
    """Where each of several roles owes the duty, its days are listed once, unless one role is named: visit@helper."""
    first = calendar.terms[0].starts_on
    child = example.child or Child(opened_on=first)
    whole = _everything(plan, child, calendar, example.new_pupil_joined_on)
    mine = [e for e in whole if example.duty in (e.duty_key, e.duty_key.partition("@")[0])]
    mine = [e for e in mine if e.due_on >= example.since and e.opens_on <= example.until]
    days = list(dict.fromkeys((e.opens_on, e.due_on) for e in mine))
    due_on = tuple(due_on for _, due_on in days)
    wrong = (
        [] if due_on == example.due_on else [f"到期日应是 {_days(example.due_on)}，算出来是 {_days(due_on)}"]
    )
    opens_on = tuple(opens_on for opens_on, _ in days)
    if example.opens_on is not None and opens_on != example.opens_on:
        wrong.append(f"开始日应是 {_days(example.opens_on)}，算出来是 {_days(opens_on)}")
    return wrong


def _everything(plan: Plan, child: Child, calendar: Calendar, joined_on: date | None) -> list[Expectation]:
    """All a plan asks: for the child, of its helper, and of every whole it may speak of."""
    found = list(expected(plan, child.view(), calendar, date.min, date.max))
    found += expected_for_helper(plan, "helper", calendar, Spell(calendar.terms[0].starts_on))
    for term in calendar.terms:
        if joined_on is None:
            found += expected_for_class(plan, "class", calendar, term, {})
        elif term.starts_on <= joined_on <= term.ends_on:
            of_class = expected_for_class(plan, "class", calendar, term, {"new": joined_on})
            found += [e for e in of_class if e.subject_id == "new"]
        for ask in (expected_for_group, expected_for_area, expected_for_village, expected_for_school):
            found += ask(plan, "whole", calendar, term)
    return found


def _story(example: Story, plan: Plan, calendar: Calendar) -> list[str]:
    owed = _everything(plan, example.child, calendar, None)
    acts = [done.act(at) for at, done in enumerate(example.acts)]
    found = standings(owed, acts, day=example.day, sealed=lambda _: example.sealed)
    states = {f"{s.expectation.duty_key} {s.expectation.period}": s.state.value for s in found}
    return [
        f"「{key}」应是 {state}，算出来是 {states.get(key, 'nothing')}"
        for key, state in example.states.items()
        if states.get(key, "nothing") != state
    ]


def _finding(example: Finding, plan: Plan, facts: Mapping[str, FactSpec]) -> list[str]:
    if example.category:
        where = next((c.where for c in plan.categories if c.key == example.category), "")
    else:
        where = plan.selection.where if plan.selection else ""
    if not where:
        return [f"方案里没有「{example.category}」这一类，或没有写规则"]
    read, _ = rule.read(where, facts)
    if read is None:
        return ["规则读不懂"]
    verdict = read.judge(example.facts)
    answer = {True: "yes", False: "no", None: "unknown"}[verdict.answer]
    if answer != example.answer or (example.find_out and set(verdict.unknown) != set(example.find_out)):
        return [f"应是 {example.answer}，算出来是 {answer}（要问：{'、'.join(verdict.unknown) or '无'}）"]
    return []


def _days(days: tuple[date, ...]) -> str:
    return "、".join(map(str, days)) or "没有"
