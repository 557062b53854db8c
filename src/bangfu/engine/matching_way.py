"""When not everybody can be paired: who stands in whose way, which single rule could give way, and the words for it.

In: a problem and the best pairs. Out: the children who share too few places, and bendable pairs; never an own child.
"""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from bangfu.engine.bond import CALLED, TEACHING, Bond, Child, Helper, Pair
from bangfu.engine.matching_fit import offers
from bangfu.engine.matching_price import left_out
from bangfu.engine.matching_problem import GiveWay, Problem

NEVER = ("volunteer", "child_chooses", "consent")  # people's own word: no plan bends it
COST = {"place": 1, "role": 2, "avoided": 3}  # between ways of the same number, the mildest
NAMED = 4  # so many names are read; of more only the number


@dataclass(frozen=True, slots=True)
class Squeeze:
    """Children who together have too few places: nobody outside `helpers` may take any of them (Hall)."""

    children: tuple[Child, ...]
    helpers: tuple[Helper, ...]
    wanted: int
    room: int
    called: str = "老师"

    @property
    def sentence(self) -> str:
        """This property will say it with its numbers: 三（2）班有 5 名学生要结对，2 位老师最多带 4 名，差 1 名."""
        titles = list(dict.fromkeys(child.class_title for child in self.children if child.class_title))
        where = "、".join(titles) if 0 < len(titles) < NAMED else f"{len(titles)} 个班" if titles else "这里"
        taken = sum(helper.taken for helper in self.helpers)
        if not self.helpers:
            return f"{where}有 {len(self.children)} 名学生要结对，现在没有一位{self.called}可以带"
        asked = f"{len(self.children) + taken} 名学生要结对"
        if self.wanted > len(self.children):
            asked = f"{len(self.children)} 名学生要结对，一共要 {self.wanted + taken} 位次"
        if self.wanted <= self.room:
            return f"{where}有 {asked}，{len(self.helpers)} 位{self.called}的名额够，要凑在一起的人不齐"
        return (
            f"{where}有 {asked}，{len(self.helpers)} 位{self.called}最多带 {self.room + taken} 名，"
            f"差 {self.wanted - self.room} 名"
        )


def squeezes(problem: Problem, pairs: Iterable[Pair]) -> tuple[Squeeze, ...]:
    """This function will follow, from each child left out, everybody it competes with, and count their places."""
    pairs, place = set(pairs), {child.id: at for at, child in enumerate(problem.children)}
    allowed = [{problem.helpers[at].id for at in offer} for offer in offers(problem)]
    held: dict[Hashable, set[int]] = {}
    for child, helper in pairs:
        held.setdefault(helper, set()).add(place[child])
    found, seen = [], set()
    for start in (place[child] for child in left_out(problem, pairs)):
        if start in seen:
            continue
        group, helpers, todo = {start}, set(), [start]
        while todo:
            at = todo.pop()
            for helper in allowed[at] - helpers:
                helpers.add(helper)
                more = held.get(helper, set()) - group
                group |= more
                todo += more
        seen |= group
        children = tuple(problem.children[at] for at in sorted(group))
        who = tuple(helper for helper in problem.helpers if helper.id in helpers)
        wanted = sum(problem.need(child) for child in children)
        room = sum(problem.room(helper) for helper in who)
        found.append(Squeeze(children, who, wanted, room, CALLED[problem.rule.kind]))
    return tuple(found)


def bends(problem: Problem, children: Sequence[int]) -> dict[tuple[int, int], str]:
    """This function will list pairs refused today that one rule giving way would allow: {(child, helper): kind}."""
    bond, found = Bond.read(problem.rule, problem.words), {}
    able = [at for at, helper in enumerate(problem.helpers) if not bond.of_one_helper(helper)]
    for number in children:
        child = problem.children[number]
        if child.locked_helper is not None or bond.of_one_case(child):
            continue
        for at in able:
            kind = _bend(problem, bond, child, problem.helpers[at])
            if kind:
                found[number, at] = kind
    return found


def _bend(problem: Problem, bond: Bond, child: Child, helper: Helper) -> str:
    """Which one rule stands between the two; nothing where none does, or more than one, or one that never bends."""
    if helper.id == child.id or helper.id in child.excluded - child.declined or _forbidden(problem, child, helper):
        return ""
    refused = bond.of_pair(child, helper)
    if helper.id in child.excluded:
        return "" if refused else "avoided"
    if not refused:
        return ""
    rule, wanted = problem.rule, frozenset(problem.rule.roles)
    here = helper.roles.get(child.class_id if rule.within == "class" else child.places.get(rule.within), frozenset())
    if here and not here & wanted and (here & TEACHING or rule.within != "class"):
        return "role"
    return "place" if any(roles & wanted for roles in helper.roles.values()) else ""


def _forbidden(problem: Problem, child: Child, helper: Helper) -> bool:
    """What people themselves said: volunteering, the child's choice, the family's consent."""
    hard = problem.rule.hard
    return (
        ("volunteer" in hard and helper.volunteer is not True)
        or ("child_chooses" in hard and helper.id not in child.chosen)
        or ("consent" in hard and child.consent is not True)
    )


def cap(problem: Problem, helper: Helper, by: int, fact: str) -> GiveWay:
    """This function will say that one helper would have to take more than the cap."""
    most = min(helper.most, problem.rule.per_helper.max)
    return GiveWay("cap", helper.id, by, f"{fact}。可以请{helper.name}多带 {by} 名（上限 {most} 名，到 {most + by} 名）。")


def pair(problem: Problem, child: Child, helper: Helper, kind: str, fact: str) -> GiveWay:
    """This function will say that one pair would have to be allowed in spite of a place, a role or an earlier no."""
    who = child.name or "这名学生"
    said = {
        "place": f"可以请别处的{helper.name}来带{who}",
        "role": f"可以请同一处的{helper.name}来带{who}，虽然不是方案里的岗位",
        "avoided": f"可以再问一次{helper.name}能不能带{who}，先前说好不由这位老师带",
    }
    return GiveWay(kind, (child.id, helper.id), 1, f"{fact}。{said[kind]}。")


def nobody(problem: Problem, child: Child, fact: str) -> GiveWay:
    """This function will say that no single rule helps: a word is missing, or somebody with the role."""
    who, hard = child.name or "这名学生", problem.rule.hard
    case = Bond.read(problem.rule, problem.words).of_one_case(child)
    if case:
        return GiveWay("role", child.id, 1, f"{who}：{case}。")
    if "consent" in hard and child.consent is not True:
        return GiveWay("role", child.id, 1, f"{who}还没有问过家里同意，先问一问。")
    if "child_chooses" in hard and not child.chosen:
        return GiveWay("role", child.id, 1, f"{who}还没有自己选，先问一问想和谁一起。")
    return GiveWay("role", child.id, 1, f"{fact}。{who}现在没有人能带，先补上一位合适的人。")


def group(problem: Problem, child: Child) -> GiveWay:
    """This function will say that a child's places are there, but not all that must come together."""
    rule, needs = problem.rule, [f"要 {problem.need(child)} 位"]
    needs += ["其中一位是本地的同学"] if "a_local_in_each_group" in rule.hard else []
    needs += [f"{seat.title} {seat.count.min} 位" for seat in rule.seats]
    return GiveWay("group", child.id, 1, f"{child.name or '这一组'}{'、'.join(needs)}，现在凑不齐；少一样，或再请一位。")


def floor(problem: Problem, helper: Helper, by: int) -> GiveWay:
    """This function will say that a helper stays below the plan's minimum."""
    sentence = f"{helper.name}还差 {by} 名才到方案的至少 {helper.least} 名；没有更多学生要结对，说明原因就行。"
    return GiveWay("floor", helper.id, by, sentence)
