"""One child, one helper and a pairing rule in; why they may not be paired, or nothing, out. Then several at once.

P9-02, P3-04, P7A-07, P8-10, P8-25 ask for it: adults, classmates who volunteer, sponsors with consent, groups.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bangfu.engine import rule as rules
from bangfu.engine.fact import FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.plan import PairingRule

Pair = tuple[Hashable, Hashable]
TEACHING = frozenset({"homeroom_teacher", "class_attached_teacher", "subject_teacher"})
CALLED = {"adult": "老师", "peer": "同学", "sponsor": "资助人", "team": "成员", "group": "伙伴"}
GIRL = "女"


@dataclass(frozen=True, slots=True)
class Child:
    """A child (household…) to be paired; `excluded` are helpers who may not (own child, conflict, declined).

    `chosen` are the helpers the child asked for; `consent` is the family's, None while nobody asked;
    `places` says where it belongs beside the class: {"grade": …, "village": …}. Of the excluded only those who
    `declined`, or were asked to be left out, may give way when nobody is left; an own child never does.
    """

    id: Hashable
    class_id: Hashable
    name: str = ""
    excluded: frozenset = frozenset()
    former_helper: Hashable | None = None
    locked_helper: Hashable | None = None
    class_title: str = ""
    category: str = ""
    chosen: frozenset = frozenset()
    consent: bool | None = None
    places: Mapping[str, Hashable] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    minutes: int = 0  # a week, that this case asks of its helper by this plan
    siblings: frozenset = frozenset()  # ids of other cases of the same household in this problem
    helped_by: frozenset = frozenset()  # adults who help this child already by another plan or pairing
    former_helpers: frozenset = frozenset()  # all who hold the pair now; former_helper stays for one
    declined: frozenset = frozenset()


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may help: roles in each class (grade, village), at least and at most how many, how many already.

    `minutes` a week are those of all plans already, done together; `cap_minutes` is a wish (0: none), never hard.
    """

    id: Hashable
    name: str
    roles: Mapping[Hashable, frozenset] = field(default_factory=dict)
    least: int = 1
    most: int = 2
    taken: int = 0
    volunteer: bool | None = None
    local: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)
    minutes: int = 0
    cap_minutes: int = 0


@dataclass(frozen=True, slots=True)
class Bond:
    """A pairing rule with its conditions read once; `refusal` is asked for every pair."""

    rule: PairingRule
    of_case: rules.Rule | None = None
    of_helper: rules.Rule | None = None

    @classmethod
    def read(cls, rule: PairingRule, words: Mapping[str, FactSpec] | None = None) -> "Bond":
        """This function will read the rule's conditions; pack.read refused any that cannot be read."""
        return cls(rule, _condition(rule.where, words), _condition(rule.helper_where, words))

    def refusal(self, child: Child, helper: Helper) -> str:
        """This function will say why this helper may not take this child; empty when it may."""
        if child.locked_helper is not None:
            return "" if helper.id == child.locked_helper else "已经定好了别的人"
        if helper.id in child.excluded or helper.id == child.id:
            return "要回避，或没有接"
        if self.rule.for_ and child.category not in self.rule.for_:
            return "这一条结对不是给这一类的"
        if not _serves(self.rule, child, helper):
            return "不在本班，或不是结对的岗位" if self.rule.within == "class" else "不是结对的岗位"
        return (
            _judged(self.of_case, child.facts)
            or _judged(self.of_helper, helper.facts)
            or _hard(self.rule, child, helper)
        )

    def of_one_case(self, child: Child) -> str:
        """This function will say why nobody may take this child by this rule, whoever it is."""
        if self.rule.for_ and child.category not in self.rule.for_:
            return "这一条结对不是给这一类的"
        return _judged(self.of_case, child.facts)

    def of_one_helper(self, helper: Helper) -> str:
        """This function will say why this helper may take no child by this rule."""
        return _judged(self.of_helper, helper.facts)

    def of_pair(self, child: Child, helper: Helper) -> str:
        """This function will say what of place, role and consent stands between the two; exclusions apart."""
        if not _serves(self.rule, child, helper):
            return "不在这个班（村），或不是结对的岗位"
        return _hard(self.rule, child, helper)


def _condition(text: str, words: Mapping[str, FactSpec] | None) -> rules.Rule | None:
    if not text:
        return None
    read, faults = rules.read(text, words or None)
    if read is None:
        raise ValueError("; ".join(map(str, faults)))
    return read


def _judged(condition: rules.Rule | None, facts: Mapping[str, Any]) -> str:
    verdict = condition.judge(facts) if condition else None
    if verdict is None or verdict.answer:
        return ""
    return "；".join(dict.fromkeys(reason.text for reason in verdict.reasons)) or "条件不合"


def _here(child: Child, helper: Helper) -> frozenset:
    return helper.roles.get(child.class_id, frozenset())


def _serves(rule: PairingRule, child: Child, helper: Helper) -> bool:
    wanted = frozenset(rule.roles)
    if rule.within == "class":
        return not _here(child, helper).isdisjoint(wanted)
    if rule.within in child.places:
        return not helper.roles.get(child.places[rule.within], frozenset()).isdisjoint(wanted)
    return any(not roles.isdisjoint(wanted) for roles in helper.roles.values())


def _hard(rule: PairingRule, child: Child, helper: Helper) -> str:
    here, asked = _here(child, helper), rule.fixed is None or rule.fixed not in _here(child, helper)
    broken = {
        "same_class": (not here, "不在同一个班"),
        "teaches_class": (here.isdisjoint(TEACHING), "不教这个班"),
        "volunteer": (asked and helper.volunteer is not True, "还没有自愿报名"),
        "child_chooses": (asked and helper.id not in child.chosen, "不是学生自己选的"),
        "consent": (child.consent is not True, "还没有问过家里同意"),
    }
    return next((why for key in rule.hard if key in broken for wrong, why in [broken[key]] if wrong), "")


def check_whole(
    rule: PairingRule, pairs: Iterable[Pair], children: Iterable[Child], helpers: Iterable[Helper]
) -> list[Fault]:
    """This function will look at the pairs of one rule as a whole: enough helpers, a local, two adults, the seats."""
    by_child, by_helper, teams = {c.id: c for c in children}, {h.id: h for h in helpers}, {}
    for child_id, helper_id in dict.fromkeys(pairs):
        teams.setdefault(child_id, []).append(by_helper[helper_id])
    faults = []
    for child_id, team in teams.items():
        where = f"pairing:{child_id}"
        faults += [Fault(where, what) for what in _team(rule, by_child[child_id], team)]
    if rule.short == "refuse":
        counts = Counter(helper.id for team in teams.values() for helper in team)
        for helper_id, count in counts.items():
            if count + by_helper[helper_id].taken < rule.per_helper.min:
                what = f"{by_helper[helper_id].name}至少带 {rule.per_helper.min} 名，现在 {count} 名"
                faults.append(Fault(f"pairing:{helper_id}", what))
    return faults


def _team(rule: PairingRule, child: Child, team: list[Helper]) -> Iterable[str]:
    if len(team) < rule.per_case.min:
        yield f"至少要 {rule.per_case.min} 位{CALLED[rule.kind]}，现在 {len(team)} 位"
    if "a_local_in_each_group" in rule.hard and not any(helper.local for helper in team):
        yield "这一组里还没有本地的同学"
    if "two_adults_for_a_girl" in rule.hard and len(team) < 2 and child.facts.get("sex") in (None, GIRL):
        yield "要两位大人一起，现在只有一位"
    for seat in rule.seats:
        held = sum(any(seat.role in roles for roles in helper.roles.values()) for helper in team)
        if not seat.count.min <= held <= seat.count.max:
            yield f"{seat.title}要 {seat.count.min} 到 {seat.count.max} 位，现在 {held} 位"
