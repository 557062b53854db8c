"""A nomination in; what it still lacks, out. 五星学生 (P9-27): noticed by people, shown by records, never by rank."""

from collections.abc import Hashable
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
