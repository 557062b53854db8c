"""A nomination in; what it still lacks, out. Figures of two terms in; who gets which prize, out, and no figure.

五星学生 (P9-27): noticed by people, shown by records. 进步奖 (P7A-11 to 14): for coming forward, ranks stay private.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from bangfu.engine.fault import Fault
from bangfu.engine.plan import Award


@dataclass(frozen=True, slots=True)
class Claim:
    """Who is put forward by whom, since when helped, resting on which records, and in which words."""

    child_id: Hashable
    nominated_by: Hashable
    roles: frozenset
    helped_since: date
    on: date
    records: tuple[Hashable, ...]
    because: str = ""


def check(award: Award, claim: Claim) -> list[Fault]:
    """This function will say everything a nomination lacks, at once; empty when it can go to approval."""
    where, faults = f"award:{award.key}", []
    if claim.roles.isdisjoint(award.nominate_by):
        faults.append(Fault(where, "提名要由帮扶教师、班主任或包班教师来提", "请他们来提"))
    shown = len(set(claim.records))
    if shown < award.min_records:
        what = f"要有 {award.min_records} 条记录作依据，现在 {shown} 条"
        faults.append(Fault(where, what, "选几条看得出进步的记录"))
    weeks = (claim.on - claim.helped_since).days // 7
    if weeks < award.min_weeks:
        faults.append(Fault(where, f"帮扶满 {award.min_weeks} 周再提，现在 {max(weeks, 0)} 周"))
    if not claim.because.strip():
        faults.append(Fault(where, "请写一句：进步在哪里", "写看到的事"))
    return faults


def check_approval(award: Award, claim: Claim, by: Hashable, roles: frozenset) -> list[Fault]:
    """This function will say whether somebody may approve: another person than the nominator, with the role."""
    faults = []
    if by == claim.nominated_by:
        faults.append(Fault(f"award:{award.key}", "提名和批准不能是同一个人", "请另一位领导来批"))
    if roles.isdisjoint(award.approve_by):
        faults.append(Fault(f"award:{award.key}", "批准要由校长或副校长来"))
    return faults


def prizes(
    award: Award, before: Mapping[Hashable, float], after: Mapping[Hashable, float]
) -> dict[str, tuple]:
    """This function will share an award's prizes out among those who came forward: prize → children, no order.

    `before` and `after` are scores (place_gain), levels (level_gain), or the aim set and what was reached
    (goal_reached). Only children with both figures count; who did not come forward is in no prize at all.
    Figures and ranks stay inside: the children of a prize are listed by id.
    """
    both = [child for child in after if child in before]
    gain = (
        {child: GAINS[award.formula](child, before, after, both) for child in both} if award.formula else {}
    )
    least = 0 if award.formula == "goal_reached" else 1e-9
    won = sorted((c for c in gain if gain[c] >= least), key=lambda c: (-gain[c], -after[c]))
    titles = award.prizes or (award.title,)
    cuts = _cuts(award.share, len(won)) if award.share else [len(won)]
    shared: dict[str, list] = {title: [] for title in titles[: len(cuts)]}
    last, best = None, ""
    for place, child in enumerate(won, 1):
        figures = (gain[child], after[child])
        if figures != last:  # equals share the better prize
            best = titles[next(at for at, cut in enumerate(cuts) if place <= cut)]
        last = figures
        shared[best].append(child)
    return {title: tuple(sorted(who, key=str)) for title, who in shared.items() if who}


def _cuts(share: tuple[float, ...], won: int) -> list[int]:
    """Up to which place each prize goes: cumulative shares, at least one first prize, nobody left over."""
    sums = [sum(share[: at + 1]) for at in range(len(share))]
    cuts = [max(1, int(total * won + 1e-9)) for total in sums]
    return [*cuts[:-1], won]


def _place(child: Hashable, scores: Mapping[Hashable, float], among: Iterable[Hashable]) -> int:
    return 1 + sum(scores[other] > scores[child] for other in among)


GAINS: dict[str, Callable[..., float]] = {
    "place_gain": lambda c, before, after, both: _place(c, before, both) - _place(c, after, both),
    "level_gain": lambda c, before, after, both: after[c] - before[c],
    "goal_reached": lambda c, before, after, both: after[c] - before[c],
}
