"""A goal of the plan, a baseline and the dated steps somebody set, in; what is wrong with them, all at once, out.

P6-13, P7A-03 and the growth plans ask for it: time, content, result, small steps.
"""

from collections.abc import Iterable
from datetime import date
from typing import Protocol

from bangfu.engine.fault import Fault
from bangfu.engine.means import Goal

LEVELS = ("起步", "基本", "良好", "优秀")  # 1 to 4: what is seen in class and homework, never a mark


class Step(Protocol):
    """One dated step: the level to reach, and which of the needed fields are filled."""

    on: date
    level: int
    filled: tuple[str, ...]


def level_word(level: int) -> str:
    """This function will put a level into words; a number that is none stays a number."""
    return LEVELS[level - 1] if 1 <= level <= len(LEVELS) else str(level)


def sides(goal: Goal) -> tuple[str, ...]:
    """This function will give what a goal may be about, one at a time; dimensions every step fills are no choice."""
    return () if set(goal.dimensions) & set(goal.needs) else goal.dimensions


def check(goal: Goal, baseline: int, steps: Iterable[Step]) -> list[Fault]:
    """This function will hold the steps against the goal: how many, in order, small enough, nothing left blank."""
    steps, where = tuple(steps), f"goal:{goal.key}"
    faults = _count(goal, len(steps), where)
    before: date | None = None
    for at, step in enumerate(steps, 1):
        here = f"{where}[第{at}步]"
        if before is not None and step.on <= before:
            faults.append(
                Fault(here, f"第 {at} 步是 {step.on}，不在上一步 {before} 之后", "日子一步比一步晚")
            )
        before = step.on
        if goal.step is not None and step.level > baseline + goal.step:
            what = f"现在是{level_word(baseline)}，第 {at} 步定到{level_word(step.level)}，一次最多高 {goal.step} 档"
            faults.append(Fault(here, what, "定近一点，够得着"))
        faults += [
            Fault(here, f"第 {at} 步还没有写「{need}」") for need in goal.needs if need not in step.filled
        ]
    if goal.step is not None and steps and steps[-1].level <= baseline:  # P2-21: neither too high nor too low
        what = f"现在是{level_word(baseline)}，最后一步定到{level_word(steps[-1].level)}，没有往前"
        faults.append(Fault(f"{where}[第{len(steps)}步]", what, "定得比现在高一点"))
    return faults


def _count(goal: Goal, steps: int, where: str) -> list[Fault]:
    wanted = goal.milestones
    if wanted is None or wanted.min <= steps <= wanted.max:
        return []
    return [Fault(where, f"要分 {wanted.min} 到 {wanted.max} 步，现在 {steps} 步")]
