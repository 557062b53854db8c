"""The examples beside a plan in; every one that does not come out as written, as a fault. They are tests.

A cadence with its due dates, a child with a day and the expected states, facts with the expected category.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import ValidationError

from bangfu.engine import rule
from bangfu.engine.calendar import Calendar
from bangfu.engine.case import Spell
from bangfu.engine.duty import (
    expected,
    expected_for_class,
    expected_for_helper,
    expected_for_school,
    standings,
)
from bangfu.engine.example import Cadence, Child, Examples, Finding, Story
from bangfu.engine.expectation import Expectation
from bangfu.engine.fact import FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan
from bangfu.engine.wording import faults_of


def run(raw: Any, name: str, plans: Mapping[str, Plan], facts: Mapping[str, FactSpec]) -> list[Fault]:
    """This function will play every example against the plan's editions and report what came out otherwise."""
    try:
        found = Examples.model_validate(raw)
    except ValidationError as error:
        return faults_of(error, raw, name, Examples)
    calendar, faults = found.calendar.build(), []
    for example in (*found.cadences, *found.stories, *found.findings):
        for edition in example.editions:
            plan = plans.get(edition)
            if plan is None:
                continue  # the edition itself did not read: its own faults say why
            if isinstance(example, Cadence):
                wrong = _cadence(example, plan, calendar)
            elif isinstance(example, Story):
                wrong = _story(example, plan, calendar)
            else:
                wrong = _finding(example, plan, facts)
            faults += [Fault(f"{name}:{example.title}（{edition}）", w) for w in wrong]
    return faults


def _cadence(example: Cadence, plan: Plan, calendar: Calendar) -> list[str]:
    mine = [e for e in _everything(example, plan, calendar) if e.duty_key == example.duty]
    mine = [e for e in mine if e.due_on >= example.since and e.opens_on <= example.until]
    due_on = tuple(e.due_on for e in mine)
    wrong = (
        [] if due_on == example.due_on else [f"到期日应是 {_days(example.due_on)}，算出来是 {_days(due_on)}"]
    )
    opens_on = tuple(e.opens_on for e in mine)
    if example.opens_on is not None and opens_on != example.opens_on:
        wrong.append(f"开始日应是 {_days(example.opens_on)}，算出来是 {_days(opens_on)}")
    return wrong


def _everything(example: Cadence, plan: Plan, calendar: Calendar) -> list[Expectation]:
    child = example.child or Child(opened_on=calendar.terms[0].starts_on)
    found = list(expected(plan, child.view(), calendar, example.since, example.until))
    found += expected_for_helper(plan, "helper", calendar, Spell(calendar.terms[0].starts_on))
    joined = {"new": example.new_pupil_joined_on} if example.new_pupil_joined_on else {}
    for term in calendar.terms:
        if term.ends_on < example.since or term.starts_on > example.until:
            continue
        of_class = expected_for_class(plan, "class", calendar, term, joined)
        found += [e for e in of_class if not joined or e.subject_id == "new"]
        found += expected_for_school(plan, "school", calendar, term)
    return found


def _story(example: Story, plan: Plan, calendar: Calendar) -> list[str]:
    owed = expected(plan, example.child.view(), calendar, date.min, date.max)
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
