"""What a set of pairs is worth by each aim, counted anew from the pairs: the solver, the board and the tests agree here.

Order: nobody left out, each helper's minimum, keeping pairs, minutes within the cap, one adult for a family, then
even load and fit in the order in which the plan names them.
"""

from collections import Counter
from collections.abc import Hashable, Iterable

from bangfu.engine.bond import Child, Helper, Pair
from bangfu.engine.matching_fit import unfit, weights
from bangfu.engine.matching_problem import Answer, Problem

Teams = dict[Hashable, list[Helper]]
WHOLE = {"two_adults_for_a_girl", "a_local_in_each_group"}  # rules about all helpers of a child together


def aims(problem: Problem) -> tuple[str, ...]:
    """This function will give the aims of a problem, the weightiest first."""
    prefer = [wish for wish in problem.rule.prefer if wish != "keep"]
    fit_first = "even_load" in prefer and prefer[0] != "even_load"
    return (
        "left_out",
        "below_minimum",
        "changed",
        *(["overtime"] if any(helper.cap_minutes for helper in problem.helpers) else []),
        *(["apart"] if families(problem) else []),
        *(("unfit", "uneven") if fit_first else ("uneven", "unfit")),
    )


def families(problem: Problem) -> list[frozenset]:
    """This function will list the brothers and sisters in the problem, two or more of each household."""
    here = {child.id for child in problem.children}
    known: dict[Hashable, frozenset] = {}
    for child in problem.children:
        if child.siblings:
            parts = [known.get(one, frozenset({one})) for one in (child.id, *child.siblings) if one in here]
            whole = frozenset().union(*parts)
            known.update(dict.fromkeys(whole, whole))
    found = {family for family in known.values() if len(family) > 1}
    return sorted(found, key=lambda family: min(map(str, family)))


def adults(problem: Problem, family: Iterable[Hashable]) -> int:
    """This function will say how many adults a family meets at least: as many as one of its children must have."""
    return max(problem.need(child) for child in problem.children if child.id in family)


def teams(problem: Problem, pairs: Iterable[Pair]) -> Teams:
    """This function will list the helpers of each child."""
    by_id = {helper.id: helper for helper in problem.helpers}
    found: Teams = {child.id: [] for child in problem.children}
    for child_id, helper_id in dict.fromkeys(pairs):
        found[child_id].append(by_id[helper_id])
    return found


def is_whole(problem: Problem, child: Child, team: list[Helper]) -> bool:
    """This function will say whether a child has all it must have: enough helpers, a local one, each seat held."""
    local = "a_local_in_each_group" not in problem.rule.hard or any(helper.local for helper in team)
    return len(team) >= problem.need(child) and local and seats_held(problem, team)


def seats_held(problem: Problem, team: list[Helper]) -> bool:
    """This function will say whether every fixed seat of a team is held by as many as the plan says."""
    counts = (
        (seat.count, sum(any(seat.role in roles for roles in helper.roles.values()) for helper in team))
        for seat in problem.rule.seats
    )
    return all(count.min <= held <= count.max for count, held in counts)


def left_out(problem: Problem, pairs: Iterable[Pair]) -> tuple[Hashable, ...]:
    """This function will list the children who don't have all they must have."""
    held, rule = teams(problem, pairs), problem.rule
    if not WHOLE & {*rule.hard} and not rule.seats and rule.per_case.min <= 1:
        return tuple(child.id for child in problem.children if not held[child.id])
    return tuple(child.id for child in problem.children if not is_whole(problem, child, held[child.id]))


def price(problem: Problem, pairs: Iterable[Pair]) -> dict[str, int]:
    """This function will count every aim for these pairs: 0 is best; uneven is the sum of the squares of the loads."""
    pairs = tuple(dict.fromkeys(pairs))
    held, load = teams(problem, pairs), loads(problem, pairs)
    counts = Counter(helper for _, helper in pairs)
    by_child, by_helper = {c.id: c for c in problem.children}, {h.id: h for h in problem.helpers}
    wishes = weights(problem.rule)
    met = {id: {helper.id for helper in team} for id, team in held.items()}
    value = {
        "left_out": len(left_out(problem, pairs)),
        "below_minimum": sum(max(0, h.least - h.taken - counts[h.id]) for h in problem.helpers),
        "changed": sum(
            len(problem.formers(child) - met[child.id])
            for child in problem.children
            if child.former_helper is not None or child.former_helpers
        ),
        "overtime": sum(max(0, load[h.id] - h.cap_minutes) for h in problem.helpers if h.cap_minutes),
        "apart": sum(
            max(0, len(set().union(*(met[one] for one in family))) - adults(problem, family))
            for family in families(problem)
        ),
        "uneven": sum(one * one for one in load.values()),
        "unfit": sum(unfit(wishes, by_child[child], by_helper[helper]) for child, helper in pairs),
    }
    return {aim: value[aim] for aim in aims(problem)}


def loads(problem: Problem, pairs: Iterable[Pair]) -> dict[Hashable, int]:
    """This function will add up what each helper carries: minutes a week, or children where no minutes are known."""
    timed = any(child.minutes for child in problem.children)
    weight = {child.id: child.minutes if timed else 1 for child in problem.children}
    more = Counter()
    for child_id, helper_id in dict.fromkeys(pairs):
        more[helper_id] += weight[child_id]
    return {h.id: (h.minutes if timed else h.taken) + more[h.id] for h in problem.helpers}


def minutes_over(problem: Problem, pairs: Iterable[Pair], best: Answer) -> int:
    """This function will say how many minutes a week more than in the best the most loaded adult has."""
    if not problem.helpers or not any(child.minutes for child in problem.children):
        return 0
    mine, theirs = loads(problem, pairs), loads(problem, best.pairs)
    return max(0, max(mine.values()) - max(theirs.values()))
