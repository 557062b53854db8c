"""A plan and a number of children in; a helper's minutes a week, out, before the plan starts (R55).

Duties that are usually met in one sitting (`together`) are counted once, by the longest of them.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bangfu.engine.cadence import Duty
from bangfu.engine.plan import Plan

WEEKS = {
    "school_day": 0.2, "teaching_week": 1.0, "textbook_unit": 2.5, "month": 4.0, "term": 18.0, "school_year": 36.0,
    "workday": 0.2, "week": 1.0, "civil_month": 4.33, "year": 52.0,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One sitting: its duties' titles and what it takes a week."""

    title: str
    minutes: float


@dataclass(frozen=True, slots=True)
class Load:
    """Minutes a week, and where they come from."""

    minutes_per_week: float
    lines: tuple[Line, ...]
    unmerged: float

    @property
    def sentence(self) -> str:
        """This property will say the load in Chinese."""
        return f"每周约 {round(self.minutes_per_week)} 分钟；分开做要 {round(self.unmerged)} 分钟"


def load(plan: Plan, children: int, roles: Collection[str] = ("helper",)) -> Load:
    """This function will work out one person's minutes a week with so many children and these roles."""
    mine = [d for d in plan.duties if d.every and d.minutes and set(d.who) & set(roles)]
    sittings: dict[str, list[Duty]] = {}
    for duty in mine:
        sittings.setdefault(duty.together or duty.key, []).append(duty)
    lines = [
        Line("＋".join(d.title for d in duties), max(_weekly(d, children, roles) for d in duties))
        for duties in sittings.values()
    ]
    return Load(
        round(sum(line.minutes for line in lines), 1),
        tuple(lines),
        round(sum(_weekly(d, children, roles) for d in mine), 1),
    )


def _weekly(duty: Duty, children: int, roles: Collection[str]) -> float:
    every, amount = duty.every, duty.amount
    if every is None:
        return 0.0
    asked = duty.times * duty.minutes
    if amount and amount.of == "minutes":
        asked = max(asked, amount.at_least)
    if duty.by == "each":  # somebody of two roles does it in each
        asked *= len(set(duty.who) & set(roles))
    often = asked * duty.sample / (WEEKS[every.unit] * every.n)
    return often * (children if duty.per == "case" else 1)
