"""Who may help whom at all, how well it fits, and the reason people read: a problem in, offers to each child out.

Children who are alike (same class, village, kind) are judged once, so that a board answers each drag.
"""

from collections.abc import Collection, Hashable, Mapping, Sequence

from bangfu.engine.bond import Bond, Child, Helper
from bangfu.engine.matching_problem import Problem
from bangfu.engine.plan import PairingRule

Offer = dict[int, int]  # {place of the helper in problem.helpers: how badly it fits, 0 is best}
SAID = {"homeroom_teacher": "班主任", "class_attached_teacher": "包班教师", "subject_teacher": "任课教师"}
CHOICES = 4  # first, second, later, none of the child's own choices
PERSONAL = frozenset({"child_choice", "one_adult_many_roles", "trust"})  # differ between children of one class
WORDS = {
    "village": "同村", "language": "说得来同一种话", "fit": "专长合适", "trust": "孩子信得过",
    "child_choice": "孩子自己想要", "one_adult_many_roles": "已经在别处帮他",
}  # fmt: skip


def offers(problem: Problem) -> list[Offer]:
    """This function will list for each child which helpers with room the hard rules allow, and how each fits."""
    rule, helpers = problem.rule, problem.helpers
    bond, wishes = Bond.read(rule, problem.words), weights(rule)
    near, place = _near(problem, bond), {helper.id: at for at, helper in enumerate(helpers)}
    known: dict[Hashable, Offer] = {}
    personal = {wish: weight for wish, weight in wishes.items() if wish in PERSONAL}
    found = []
    for child in problem.children:
        if child.locked_helper is not None:
            at = place.get(child.locked_helper)
            some = at is not None and problem.room(helpers[at]) > 0
            found.append({at: unfit(wishes, child, helpers[at])} if some else {})
            continue
        kind = child.id if rule.where or "child_chooses" in rule.hard else _traits(rule, child)
        if kind not in known:
            known[kind] = _open(problem, bond, wishes, (child, near))
        offer = known[kind].copy()
        for one in child.excluded:
            offer.pop(place.get(one), None)
        offer.pop(place.get(child.id), None)
        for at in _personal(personal, child, place) if personal else ():
            if at in offer:
                offer[at] = unfit(wishes, child, helpers[at])
        found.append(offer)
    return found


def _near(problem: Problem, bond: Bond) -> dict[Hashable, list[int]]:
    """Helpers with room whose own conditions hold, by each class or village they have a role in; None: all of them."""
    near: dict[Hashable, list[int]] = {None: []}
    for at, helper in enumerate(problem.helpers):
        if problem.room(helper) and not bond.of_one_helper(helper):
            near[None].append(at)
            for where in helper.roles:
                if where is not None:
                    near.setdefault(where, []).append(at)
    return near


def _open(problem: Problem, bond: Bond, wishes: Mapping[str, int], asked: tuple[Child, dict]) -> Offer:
    child, near = asked
    if bond.of_one_case(child):
        return {}
    within = problem.rule.within
    where = child.class_id if within == "class" else child.places.get(within)
    among = near[None] if where is None else near.get(where, ())
    bare = {wish: weight for wish, weight in wishes.items() if wish not in PERSONAL}
    worst = sum(weight * _most(wish) for wish, weight in wishes.items() if wish in PERSONAL and _asks(wish, child))
    return {
        at: worst + unfit(bare, child, problem.helpers[at])
        for at in among
        if not bond.of_pair(child, problem.helpers[at])
    }


def _asks(wish: str, child: Child) -> bool:
    return bool(_named(wish, child))


def _traits(rule: PairingRule, child: Child) -> Hashable:
    facts, places = child.facts, child.places
    return (
        child.class_id, places.get(rule.within), places.get("village"), child.category, child.consent,
        facts.get("language"), tuple(facts.get("needs", ())),
        bool(child.chosen), bool(child.helped_by), bool(facts.get("trusted")),
    )  # fmt: skip


def _personal(wishes: Mapping[str, int], child: Child, place: Mapping[Hashable, int]) -> set[int]:
    named = (one for wish in wishes for one in _named(wish, child))
    return {place[one] for one in named if one in place}


def _named(wish: str, child: Child) -> Collection:
    if wish == "child_choice":
        return child.chosen
    return child.helped_by if wish == "one_adult_many_roles" else child.facts.get("trusted", ())


def weights(rule: PairingRule) -> dict[str, int]:
    """This function will weigh the plan's wishes: each more than all later ones together; keep and even load apart."""
    found, weight = {}, 1
    for wish in reversed([wish for wish in rule.prefer if wish not in ("keep", "even_load")]):
        found[wish] = weight
        weight *= _most(wish) + 1
    return dict(reversed(found.items()))


def _most(wish: str) -> int:
    return CHOICES - 1 if wish == "child_choice" else 1


def unfit(wishes: Mapping[str, int], child: Child, helper: Helper) -> int:
    """This function will say how badly a pair fits the plan's wishes (as weights() gives them); 0 is best."""
    return sum([weight * missed(wish, child, helper) for wish, weight in wishes.items()])


def missed(wish: str, child: Child, helper: Helper) -> int:
    """This function will say whether a wish is missed (0: held, or the child asks nothing of the kind).

    Facts read: child needs, language, trusted (ids); helper good_at, languages, village. `chosen` may be in order.
    """
    here = helper.roles.get(child.class_id, frozenset())
    if wish == "homeroom":
        return "homeroom_teacher" not in here
    if wish == "same_class":
        return not here
    if wish == "child_choice" and helper.id in child.chosen:
        return min(CHOICES - 2, child.chosen.index(helper.id)) if isinstance(child.chosen, Sequence) else 0
    if wish in PERSONAL:
        named = _named(wish, child)
        return _most(wish) if named and helper.id not in named else 0
    if wish == "village":
        home = child.places.get("village")
        return home is not None and home not in helper.roles and helper.facts.get("village") != home
    if wish == "language":
        spoken = child.facts.get("language")
        return spoken is not None and spoken not in helper.facts.get("languages", ())
    needs = {child.category, *child.facts.get("needs", ())} - {""}
    return bool(needs) and needs.isdisjoint(helper.facts.get("good_at", ()))


def reason(problem: Problem, child: Child, helper: Helper) -> str:
    """This function will say in words why this helper for this child: what holds, and what the helper has already."""
    here = helper.roles.get(child.class_id, frozenset())
    words = ["由人选定"] if (child.id, helper.id) in problem.pins else []
    words += ["原来就是这位老师"] if helper.id in problem.formers(child) else []
    words += ["同班"] if here else []
    words += [said for role, said in SAID.items() if role in here]
    words += [
        WORDS[wish]
        for wish in problem.rule.prefer
        if wish in WORDS and _says(wish, child) and not missed(wish, child, helper)
    ]
    words.append(f"目前带 {helper.taken} 名" + (f"，每周 {helper.minutes} 分钟" if helper.minutes else ""))
    return "、".join(words)


def _says(wish: str, child: Child) -> bool:
    """A wish about which the child says nothing is no reason."""
    if wish in PERSONAL:
        return _asks(wish, child)
    if wish == "village":
        return child.places.get("village") is not None
    return child.facts.get("language") is not None if wish == "language" else bool(child.category)
