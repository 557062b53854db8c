"""One pairing of a plan as it stands for a viewer: who has nobody, who could help, what is proposed, what holds.

The board draws it, the API tells it, the verbs of flow/pair.py ask it. Solving waits until somebody asks for the answer.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import QuerySet

from bangfu.engine import matching
from bangfu.engine.bond import Pair
from bangfu.engine.plan import PairingRule, Plan
from bangfu.flow import pair_problem, solve
from bangfu.records.models import Case, Pairing


@dataclass(frozen=True)
class Table:
    """`children` have fewer adults than the rule asks for; `proposals` and `in_force` are the visible rows, with case,
    pupil and helper. `problem` is stated for `children` only; adults already there and locked proposals are its pins.
    """

    plan: Plan
    rule: PairingRule
    viewer: object
    children: tuple[matching.Child, ...]
    helpers: Mapping[UUID, matching.Helper]
    away: Mapping[UUID, pair_problem.Away]
    proposals: tuple[Pairing, ...]
    in_force: tuple[Pairing, ...]
    problem: matching.Problem

    @cached_property
    def answer(self) -> matching.Answer:
        """This property will give the best pairs for the children without anyone, locked proposals kept."""
        return solve.best(self.problem)

    @cached_property
    def free_answer(self) -> matching.Answer:
        """This property will give the best pairs if no proposal were locked: what the board compares with."""
        there = frozenset(pair for pair in self.problem.pins if pair not in self._locked)
        return solve.best(_pinned(self.problem, there)) if self._locked else self.answer

    @cached_property
    def give_way(self) -> tuple[str, ...]:
        """This property will say what would have to give way, in words with numbers; empty when everybody can be paired."""
        if not self.answer.left_out:
            return ()
        found = tuple(dict.fromkeys(one.sentence for one in solve.give_way(self.problem)))
        return found or tuple(self._unpaired)

    @property
    def proposed(self) -> frozenset[Pair]:
        """This property will give the proposals as (case, helper)."""
        return frozenset((one.case_id, one.helper_id) for one in self.proposals)

    @property
    def _locked(self) -> frozenset[Pair]:
        return frozenset((one.case_id, one.helper_id) for one in self.proposals if one.is_locked)

    @property
    def _unpaired(self) -> list[str]:
        chosen = dict(self.answer.pairs)
        short = matching.shortages(self.children, self.helpers.values(), chosen, self.rule)
        return [one.sentence for one in short if one.kind == "unpaired_child"]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The proposals beside the best there is: minutes a week the fullest adult has more, in words, what would change.

    `better` are the pairs of the best that are not proposed; empty when nothing is better.
    """

    minutes_more: int
    sentence: str
    better: tuple[Pair, ...] = ()


def table(plan: Plan, rule_key: str, viewer, cases: QuerySet[Case] | None = None) -> Table:
    """This function will read one pairing of a plan as the viewer may see it; of some `cases` only, if given."""
    rule = pair_problem.rule_of(plan, rule_key)
    seen = Case.objects.visible_to(viewer) if cases is None else cases
    children = tuple(pair_problem.children_without(plan, seen, viewer.day, rule.key))
    decides = viewer.holds("principal", "vice_principal", "grade_supervisor")
    asked = pair_problem.asked_by if decides else _everybody
    helpers = asked(plan, viewer, rule.key)
    rows = Pairing.objects.filter(case__in=seen, plan_key=plan.key, kind=rule.key)
    rows = rows.select_related("case__pupil", "helper").order_by("case__pupil__sort_key", "case_id", "place")
    return Table(
        plan=plan,
        rule=rule,
        viewer=viewer,
        children=children,
        helpers=helpers,
        away=pair_problem.away_on(helpers.keys(), viewer.day),
        proposals=tuple(rows.filter(state="proposed")),
        in_force=tuple(rows.in_force(viewer.day)),
        problem=pair_problem.problem(plan, rule.key, viewer, children=children, helpers=helpers),
    )


def _everybody(plan: Plan, viewer, rule_key: str) -> dict[UUID, matching.Helper]:
    return pair_problem.helpers_for(pair_problem.rule_of(plan, rule_key), plan, viewer)


def _pinned(problem: matching.Problem, pins: Iterable[Pair]) -> matching.Problem:
    return matching.Problem(problem.rule, problem.children, problem.helpers, frozenset(pins), problem.words)


def compare(table: Table) -> Comparison:
    """This function will hold the proposals against the best there is, in one sentence."""
    open_now = {child.id for child in table.children}
    proposed = frozenset(pair for pair in table.proposed if pair[0] in open_now)
    if not proposed:
        return Comparison(0, "")
    best = table.free_answer
    there = table.problem.pins - table._locked
    more = matching.minutes_over(table.problem, proposed | there, best)
    better = tuple(pair for pair in best.pairs if pair not in proposed | there)
    fewer = len({case for case, _ in best.pairs}) - len({case for case, _ in proposed | there})
    return Comparison(more, _compared(more, fewer, bool(better), best), better)


def _compared(more: int, fewer: int, differs: bool, best: matching.Answer) -> str:
    if fewer > 0:
        return f"还有 {fewer} 名学生没有配上；最好的安排里都有人。"
    if more > 0:
        return f"最忙的老师比最好的安排每周多 {more} 分钟。"
    if differs:
        return "和最好的安排一样不多一分钟，只是有的学生换了老师。"
    return "这就是最好的安排。" if best.is_proven else "还没有找到更好的安排。"
