"""A rule over facts: yes, no or unknown, always with its reasons, and what to find out when unknown (Kleene).

Every plan's categories ask for it. A missing fact is never a no.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Any

from bangfu.engine.fact import FactSpec, Stated, said, source_of
from bangfu.engine.fault import Fault
from bangfu.engine.grammar import GrammarError, Join, Node, Test, Word, parse

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt,
    ">=": operator.ge, "in": lambda value, among: value in among, "is": lambda value, _: value is True,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """One clause that decided: its text, the fact and the value it was judged by."""

    text: str
    fact: str
    value: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes, no, or unknown (None); `unknown` are the fewest facts that could settle it."""

    answer: bool | None
    reasons: tuple[Reason, ...] = ()
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that was read; `names` are the facts it asks for."""

    text: str
    root: Node
    names: tuple[str, ...]
    titles: Mapping[str, str]

    def judge(self, facts: Mapping[str, Any]) -> Verdict:
        """This function will answer for one child; absent or None facts are unknown."""
        verdict = _judge(self.root, facts, self.titles)
        if verdict.answer is not None:
            return verdict
        ways = [way for want in (True, False) if (way := _needs(self.root, facts, want)) is not None]
        fewest = min(ways, key=len, default=frozenset())
        return Verdict(None, verdict.reasons, tuple(name for name in self.names if name in fewest))


def read(
    text: str, facts: Mapping[str, FactSpec] | None = None, where: str = "rule"
) -> tuple[Rule | None, list[Fault]]:
    """This function will read a rule; with declared facts it also checks every name, word and type."""
    try:
        root = parse(text)
    except GrammarError as error:
        return None, [Fault(where, f"规则读不懂：{error}", f"写的是：{text}")]
    faults: list[Fault] = []
    names: dict[str, None] = {}
    root = _settle(root, facts, where, faults, names)
    titles = {key: spec.title for key, spec in (facts or {}).items()}
    return (None, faults) if faults else (Rule(text, root, tuple(names), titles), [])


def _settle(
    node: Node, facts: Mapping[str, FactSpec] | None, where: str, faults: list[Fault], names: dict
) -> Node:
    if isinstance(node, Join):
        return Join(node.op, tuple(_settle(part, facts, where, faults, names) for part in node.parts))
    value = tuple(_plain(v) for v in node.value) if isinstance(node.value, tuple) else _plain(node.value)
    key = node.fact
    if facts is not None:
        key = _key_of(node.fact, facts)
        if not key:
            near = get_close_matches(node.fact, [*facts, *(s.title for s in facts.values())], 1, 0.5)
            faults.append(
                Fault(where, f"不认识的事实「{node.fact}」", f"是不是「{near[0]}」？" if near else "")
            )
            return node
        value = _typed(facts[key], node.op, value, where, faults)
    names[key] = None
    return Test(key, node.op, value)


def _plain(value: Any) -> Any:
    return value.text if isinstance(value, Word) else value


def _key_of(name: str, facts: Mapping[str, FactSpec]) -> str:
    if name in facts:
        return name
    return next((key for key, spec in facts.items() if spec.title == name), "")


def _typed(spec: FactSpec, op: str, value: Any, where: str, faults: list[Fault]) -> Any:
    if op in ("<", "<=", ">", ">=") and spec.type not in ("int", "date"):
        faults.append(Fault(where, f"「{spec.title}」不是数或日期，不能用 {op} 比大小"))
    if op == "is":
        if spec.type != "bool":
            faults.append(Fault(where, f"「{spec.title}」不是是非题，要写明等于什么"))
        return value
    if spec.type == "date":
        return _dates(spec, value, where, faults)
    for one in value if isinstance(value, tuple) else (value,):
        if not spec.admits(one):
            among = "、".join(spec.choices)
            faults.append(
                Fault(where, f"「{spec.title}」不会是「{one}」", f"可以写：{among}" if among else "")
            )
    return value


def _dates(spec: FactSpec, value: Any, where: str, faults: list[Fault]) -> Any:
    try:
        found = [date.fromisoformat(str(v)) for v in (value if isinstance(value, tuple) else (value,))]
    except ValueError:
        faults.append(Fault(where, f'「{spec.title}」是日期，要写成 "2026-09-01"', f"写的是：{value}"))
        return value
    return tuple(found) if isinstance(value, tuple) else found[0]


def _judge(node: Node, facts: Mapping[str, Any], titles: Mapping[str, str]) -> Verdict:
    if isinstance(node, Test):
        return _test(node, facts, titles)
    parts = [_judge(part, facts, titles) for part in node.parts]
    if node.op == "not":
        one = parts[0]
        return Verdict(None if one.answer is None else not one.answer, one.reasons)
    settles = node.op == "or"  # one yes settles an or, one no settles an and
    decided = [p for p in parts if p.answer is settles]
    if decided:
        return Verdict(settles, tuple(r for p in decided for r in p.reasons))
    open_parts = [p for p in parts if p.answer is None]
    if open_parts:
        return Verdict(None, tuple(r for p in open_parts for r in p.reasons))
    return Verdict(not settles, tuple(r for p in parts for r in p.reasons))


def _needs(node: Node, facts: Mapping[str, Any], want: bool) -> frozenset[str] | None:
    """The fewest missing facts by which the node could still come out as wanted; None if it cannot."""
    if isinstance(node, Test):
        answer = _test(node, facts, {}).answer
        return frozenset({node.fact}) if answer is None else frozenset() if answer is want else None
    if node.op == "not":
        return _needs(node.parts[0], facts, not want)
    found = [_needs(part, facts, want) for part in node.parts]
    ways = [way for way in found if way is not None]
    if want is (node.op == "or"):  # one part is enough
        return min(ways, key=len, default=None)
    return frozenset().union(*ways) if len(ways) == len(found) else None


def _test(node: Test, facts: Mapping[str, Any], titles: Mapping[str, str]) -> Verdict:
    stated = facts.get(node.fact)
    value = stated.value if isinstance(stated, Stated) else stated
    title = titles.get(node.fact, node.fact)
    if value is None:
        return Verdict(None, (Reason(f"还不知道：{title}", node.fact, None),))
    try:
        answer = bool(COMPARE[node.op](value, node.value))
    except TypeError:
        return Verdict(
            None, (Reason(f"「{title}」填的是「{value}」，没法比", node.fact, value),), (node.fact,)
        )
    text = f"{title}：{said(value)}"
    if isinstance(stated, Stated):
        known = [word for word in (source_of(stated.source), said(stated.valid_from or "")) if word]
        text += f"（{'，'.join(known)}）" if known else ""
    return Verdict(answer, (Reason(text, node.fact, value),))
