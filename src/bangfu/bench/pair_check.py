"""Holds pairs against every hard rule, read from the contract anew: no line of the engine's matching is used here.

In: a problem and the pairs somebody proposes. Out: what is broken, in words; nothing when all is well.
"""

import operator
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable

from bangfu.engine.bond import Child, Helper
from bangfu.engine.matching import Problem
from bangfu.engine.plan import PairingRule

Pair = tuple[Hashable, Hashable]
SIGNS = {"==": operator.eq, ">=": operator.ge}
TEACHERS = {"homeroom_teacher", "class_attached_teacher", "subject_teacher"}


def holds(condition: str, facts: dict) -> bool:
    """This function will judge the two plain conditions the invented rules use; what nobody knows does not hold."""
    if not condition:
        return True
    name, sign, value = condition.split()
    known = facts.get(name)
    return known is not None and SIGNS[sign](known, {"true": True}.get(value) or int(value))


def may(rule: PairingRule, child: Child, helper: Helper) -> bool:
    """This function will say whether this helper may take this child, room or no room."""
    if child.locked_helper is not None:
        return child.locked_helper == helper.id
    here = helper.roles.get(child.class_id, frozenset())
    if rule.within == "school":
        serves = any(set(rule.roles) & set(roles) for roles in helper.roles.values())
    else:
        at = child.class_id if rule.within == "class" else child.places[rule.within]
        serves = bool(set(rule.roles) & set(helper.roles.get(at, ())))
    is_fixed = rule.fixed is not None and rule.fixed in here
    asked = {
        "same_class": bool(here),
        "teaches_class": bool(TEACHERS & set(here)),
        "volunteer": is_fixed or helper.volunteer is True,
        "child_chooses": is_fixed or helper.id in child.chosen,
        "consent": child.consent is True,
    }
    return (
        serves
        and helper.id not in child.excluded
        and (not rule.for_ or child.category in rule.for_)
        and holds(rule.where, dict(child.facts))
        and holds(rule.helper_where, dict(helper.facts))
        and all(asked.get(one, True) for one in rule.hard)
    )


def needed(problem: Problem, child: Child) -> int:
    """This function will say how many helpers make a child one that is not left out."""
    rule = problem.rule
    is_girl = "two_adults_for_a_girl" in rule.hard and child.facts.get("sex") != "男"
    return max(1, rule.per_case.min, 2 * is_girl)


def room(problem: Problem, helper: Helper) -> int:
    """This function will say how many more children a helper may take."""
    return max(0, min(helper.most, problem.rule.per_helper.max) - helper.taken)


def teams(pairs: Iterable[Pair]) -> dict[Hashable, list[Hashable]]:
    """This function will list the helpers of each child."""
    found = defaultdict(list)
    for child, helper in pairs:
        found[child].append(helper)
    return found


def left_out(problem: Problem, pairs: Iterable[Pair]) -> list[Hashable]:
    """This function will list the children who have fewer helpers than they need."""
    held = teams(pairs)
    return [child.id for child in problem.children if len(held.get(child.id, ())) < needed(problem, child)]


def violations(problem: Problem, pairs: Iterable[Pair]) -> list[str]:
    """This function will list every hard rule these pairs break; a pair that people decided is theirs to decide."""
    pairs, rule = list(pairs), problem.rule
    by_child, by_helper = {c.id: c for c in problem.children}, {h.id: h for h in problem.helpers}
    unknown = [pair for pair in pairs if pair[0] not in by_child or pair[1] not in by_helper]
    if unknown:
        return [f"{pair} is nobody of this problem" for pair in unknown]
    broken = [f"{pair} stands there {n} times" for pair, n in Counter(pairs).items() if n > 1]
    broken += [f"{pair} was decided by people and is gone" for pair in problem.pins - set(pairs)]
    broken += [
        f"{pair} may not be"
        for pair in pairs
        if pair not in problem.pins and not may(rule, by_child[pair[0]], by_helper[pair[1]])
    ]
    pinned = Counter(helper for _, helper in problem.pins)
    for helper, count in Counter(helper for _, helper in pairs).items():
        most = max(room(problem, by_helper[helper]), pinned[helper])
        if count > most:
            broken.append(f"{helper} has {count} of at most {most}")
        if rule.short == "refuse" and count + by_helper[helper].taken < rule.per_helper.min:
            broken.append(f"{helper} has {count}, fewer than the least")
    for child, held in teams(pairs).items():
        broken += _team(problem, by_child[child], [by_helper[one] for one in held])
    return [*broken, *_kinds(problem, pairs, by_child)]


def _team(problem: Problem, child: Child, team: list[Helper]) -> Iterable[str]:
    rule = problem.rule
    if len(team) > max(rule.per_case.max, needed(problem, child)):
        yield f"{child.id} has {len(team)} helpers"
    if len(team) < needed(problem, child):
        yield f"{child.id} has {len(team)} of {needed(problem, child)} helpers"
    if "a_local_in_each_group" in rule.hard and not any(one.local for one in team):
        yield f"{child.id} has no local in the group"
    for seat in rule.seats:
        held = sum(any(seat.role in roles for roles in one.roles.values()) for one in team)
        if not seat.count.min <= held <= seat.count.max:
            yield f"{child.id} has {held} for {seat.role}"


def _kinds(problem: Problem, pairs: list[Pair], by_child: dict) -> Iterable[str]:
    counts = Counter((helper, by_child[child].category) for child, helper in pairs)
    for (helper, category), count in counts.items():
        if count > problem.at_most.get(category, count):
            yield f"{helper} has {count} of {category}"
