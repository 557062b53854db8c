"""Examples about what a plan says and allows, in; whatever came out otherwise, in sentences, out.

A path and what stands there, a case file's gaps, a goal's steps, an award's prizes, which pairs are allowed.
examples.py asks for each of them; the trace resolves its elements by the same paths.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from pydantic import BaseModel, ValidationError

from bangfu.engine import casefile, goal, matching, merit
from bangfu.engine.bond import Bond, Child, Helper, check_whole
from bangfu.engine.example import Aim, Gap, Honour, Match, Says
from bangfu.engine.fact import FactSpec
from bangfu.engine.plan import Award, PairingRule, Plan

Words = Mapping[str, FactSpec]


def run(example: Says | Gap | Aim | Honour | Match, plan: Plan, facts: Words) -> list[str]:
    """This function will play one example against one edition; empty when it came out as written."""
    try:
        return KINDS[type(example)](example, plan, facts)
    except LookupError as error:
        return [str(error.args[0])]


def resolve(plan: BaseModel, path: str) -> Any:
    """This function will find what stands at a path such as pairing.helper.per_helper.max; LookupError if nothing.

    A list is searched by key, then by source, then by place, counted from 0.
    """
    found, walked = plan, []
    for word in path.split("."):
        found = _step(found, word, ".".join(walked))
        walked.append(word)
    return found


def _step(found: Any, word: str, walked: str) -> Any:
    if isinstance(found, BaseModel):
        for name, field in type(found).model_fields.items():
            if word in (field.alias, name):
                return getattr(found, name)
    elif isinstance(found, Mapping) and word in found:
        return found[word]
    elif isinstance(found, (tuple, list)):
        for one in found:
            if word and word in (getattr(one, "key", None), getattr(one, "source", None)):
                return one
        if word.isdigit() and int(word) < len(found):
            return found[int(word)]
    raise LookupError(f"方案里没有「{walked}.{word}」" if walked else f"方案里没有「{word}」")


def same(found: Any, wanted: Any) -> bool:
    """This function will compare what a plan holds with what TOML can write: tables, lists, dates as text, blanks."""
    if found is None or found == "" or found == ():
        return wanted in ("", [], ()) and not isinstance(wanted, bool)
    if isinstance(found, BaseModel):
        return _same_table(found, wanted)
    if isinstance(found, (tuple, list, frozenset)):
        mine, theirs = list(found), wanted if isinstance(wanted, (list, tuple)) else None
        return theirs is not None and len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if isinstance(found, date):
        return str(found) == str(wanted)
    return found == wanted


def _same_table(found: BaseModel, wanted: Any) -> bool:
    if isinstance(wanted, str):
        return getattr(found, "key", None) == wanted
    try:
        return type(found).model_validate(wanted) == found
    except ValidationError:
        return False


def plain(value: Any) -> str:
    """This function will show a value as people write it."""
    if isinstance(value, BaseModel):
        said = value.model_dump(exclude_defaults=True, by_alias=True)
        return str(getattr(value, "key", None) or said or value)
    if isinstance(value, (tuple, list)):
        return "、".join(map(plain, value)) or "没有"
    return {True: "true", False: "false"}[value] if isinstance(value, bool) else str(value)


def _says(example: Says, plan: Plan, facts: Words) -> list[str]:
    found = resolve(plan, example.at)
    if same(found, example.value):
        return []
    return [f"「{example.at}」应是 {plain(example.value)}，方案里是 {plain(found)}"]


def _gap(example: Gap, plan: Plan, facts: Words) -> list[str]:
    resolve(plan, f"file.{example.file}")
    found = casefile.missing(plan, example.file, example.category, example.facts)
    if set(found) == set(example.missing):
        return []
    return [f"应还缺 {plain(example.missing)}，算出来缺 {plain(found)}"]


def _aim(example: Aim, plan: Plan, facts: Words) -> list[str]:
    wrong = goal.check(resolve(plan, f"goal.{example.goal}"), example.baseline, example.steps)
    if len(wrong) == example.wrong:
        return []
    said = "；".join(fault.what for fault in wrong) or "没有"
    return [f"应有 {example.wrong} 处不合，算出来 {len(wrong)} 处：{said}"]


def _honour(example: Honour, plan: Plan, facts: Words) -> list[str]:
    award: Award = resolve(plan, f"award.{example.award}")
    found = {
        prize: set(who) for prize, who in merit.prizes(award, example.before, example.after).items() if who
    }
    wanted = {prize: set(who) for prize, who in example.prizes.items() if who}
    return [
        f"「{prize}」应给 {plain(sorted(wanted.get(prize, ())))}，算出来给 {plain(sorted(found.get(prize, ())))}"
        for prize in dict.fromkeys([*wanted, *found])
        if wanted.get(prize) != found.get(prize)
    ]


def _match(example: Match, plan: Plan, facts: Words) -> list[str]:
    rule: PairingRule = resolve(plan, f"pairing.{example.pairing}")
    bond = Bond.read(rule, facts)
    children = {str(c["id"]): _child(c) for c in example.children}
    helpers = {str(h["id"]): _helper(h, rule) for h in example.helpers}
    pairs = [tuple(said.split()) for said in (*example.allowed, *example.refused, *example.together)]
    for pair in pairs:
        if len(pair) != 2 or pair[0] not in children or pair[1] not in helpers:
            raise LookupError(f"例子里没有「{' '.join(pair)}」这一对")
    wrong = []
    for at, (child, helper) in enumerate(pairs[: len(example.allowed) + len(example.refused)]):
        wanted, why = at < len(example.allowed), bond.refusal(children[child], helpers[helper])
        if wanted is bool(why):
            said = "可以" if wanted else "不可以"
            wrong.append(f"「{child} {helper}」应是{said}，算出来{why or '可以'}")
    return wrong + _together(example, rule, (children, helpers), facts)


def _together(example: Match, rule: PairingRule, people: tuple[dict, dict], facts: Words) -> list[str]:
    if not example.together:
        return []
    tried = [tuple(said.split()) for said in example.together]
    children, helpers = people[0].values(), people[1].values()
    one = Plan.model_construct(pairings=(rule,))
    broken = matching.check_pairs(one, tried, children, helpers, facts)
    broken += check_whole(rule, tried, children, helpers)
    if len(broken) == example.broken:
        return []
    said = "；".join(fault.what for fault in broken) or "没有"
    return [f"一起配时应有 {example.broken} 处不合，算出来 {len(broken)} 处：{said}"]


PLACES = ("grade", "area", "village")


def _some(said: Any) -> tuple:
    return tuple(said) if isinstance(said, (list, tuple)) else () if said in (None, "") else (said,)


def _child(said: Mapping[str, Any]) -> Child:
    """A child as an example writes it; what is not one of our words is a fact about it."""
    return Child(
        str(said["id"]), said.get("class"), str(said["id"]),
        excluded=frozenset(_some(said.get("excluded"))), category=said.get("category", ""),
        chosen=frozenset(_some(said.get("chosen"))), consent=said.get("consent"),
        places={place: said[place] for place in PLACES if place in said},
        facts={**said, **said.get("facts", {})},
    )  # fmt: skip


def _helper(said: Mapping[str, Any], rule: PairingRule) -> Helper:
    """A helper as an example writes it: roles hold in each class and place named, or anywhere if none is."""
    roles = frozenset(_some(said.get("roles")) or rule.roles)
    places = [place for key in ("class", *PLACES) for place in _some(said.get(key))]
    return Helper(
        str(said["id"]), str(said["id"]), dict.fromkeys(places or [None], roles),
        most=said.get("most", rule.per_helper.max), taken=said.get("taken", 0),
        volunteer=said.get("volunteer"), local=said.get("local", False),
        facts={**said, **said.get("facts", {})},
    )  # fmt: skip


KINDS: dict[type, Callable[[Any, Plan, Words], list[str]]] = {
    Says: _says, Gap: _gap, Aim: _aim, Honour: _honour, Match: _match,
}  # fmt: skip
