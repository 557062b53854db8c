"""A rule's tree over codes in; for every row yes, no or unknown, the clauses that decided, what to find out, out.

The same three-valued logic as engine/rule.py, but on whole arrays: reasons are a bit a clause (in the order the rule
names them), the fewest facts to find out a bit a fact.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bangfu.engine.grammar import Join, Node, Test
from bangfu.engine.rule import Rule

NO, YES, OPEN = 0, 1, 2
MOST = 64  # bits of a mask
TABLE = 65536  # combinations worth judging ahead
FEW = 1_024  # combinations worth judging ahead even for a few rows: the next call finds them judged
KEPT = 1_000  # tables of combinations kept from call to call


@dataclass(frozen=True, slots=True)
class Leaf:
    """One clause: which fact, which of the fact's tests, which bit it is among reasons and among unknown facts."""

    fact: str
    test: int
    clause: int
    name: int

    @property
    def facts(self) -> tuple[str, ...]:
        """The one fact."""
        return (self.fact,)


@dataclass(frozen=True, slots=True)
class Fork:
    """and, or, not over parts; `facts` are all it asks for, each once, in order."""

    op: str
    parts: tuple
    facts: tuple[str, ...]
    code: int

    def __hash__(self) -> int:  # trees are keys, and looked up at every call
        return self.code


@dataclass(frozen=True, slots=True, eq=False)
class Ways:
    """What a node says of each row; `yes` and `no` are the fewest missing facts by which it could still become so."""

    answer: np.ndarray
    reasons: np.ndarray
    yes: np.ndarray
    can_yes: np.ndarray
    no: np.ndarray
    can_no: np.ndarray

    def at(self, place: np.ndarray) -> "Ways":
        """This function will look rows up in a table of ways."""
        return Ways(*(getattr(self, name)[place] for name in self.__slots__))


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """One rule over all rows: answer 1, 0 or -1 (unknown); reasons and unknown as bit masks."""

    answer: np.ndarray
    reasons: np.ndarray
    unknown: np.ndarray

    def at(self, place: np.ndarray) -> "Judged":
        """This function will look rows up in a table of verdicts."""
        return Judged(*(np.take(getattr(self, name), place) for name in self.__slots__))


def tree(rule: Rule, places: Mapping[str, Mapping[Any, int]]) -> Leaf | Fork:
    """This function will number a rule's clauses and facts; `places` say which of its fact's tests a clause is."""
    leaves = 0

    def grow(node: Node) -> Leaf | Fork:
        nonlocal leaves
        if isinstance(node, Test):
            leaves += 1
            return Leaf(node.fact, places[node.fact][node], leaves - 1, rule.names.index(node.fact))
        return fork(node.op, tuple(grow(part) for part in node.parts))

    assert isinstance(rule.root, Test | Join)
    root = grow(rule.root)
    if leaves > MOST:
        raise ValueError(f"规则里有 {leaves} 个条件，最多 {MOST} 个：{rule.text[:40]}")
    return root


def fork(op: str, parts: tuple) -> Fork:
    """This function will join parts."""
    facts = {fact for part in parts for fact in part.facts}
    return Fork(op, parts, tuple(sorted(facts)), hash((op, parts)))


class Bench:
    """Codes of the facts of some rows; judges trees on them, combinations of codes first where that is cheaper.

    `ahead` keeps tables of combinations from one call to the next: they depend on the rule, not on the rows.
    """

    def __init__(self, coded: Mapping[str, Any], ahead: dict) -> None:
        self.coded, self.ahead = coded, ahead
        if len(ahead) > KEPT:
            ahead.clear()
        self.rows = len(next(iter(coded.values())).codes) if coded else 0
        self.limit = min(TABLE, max(self.rows // 16, FEW))
        self.indexed: dict[tuple[str, ...], np.ndarray] = {}

    def judge(self, root: Leaf | Fork) -> Judged:
        """This function will judge one rule for every row."""
        key = ("verdict", *self.key(root))
        table = self.ahead.get(key)
        if table is None:
            if self.size(root.facts) > self.limit:
                return verdict(self.ways(root))
            table = self.ahead[key] = verdict(self.grid(root))
        return table.at(self.index(root.facts))

    def key(self, root: Leaf | Fork) -> tuple:
        return root, tuple(self.coded[fact].outcomes for fact in root.facts)

    def size(self, facts: tuple[str, ...]) -> int:
        """How many combinations of codes these facts have."""
        size = 1
        for fact in facts:
            size *= len(self.coded[fact].outcomes)
        return size

    def index(self, facts: tuple[str, ...]) -> np.ndarray:
        """This function will number each row's combination; rules over the same facts share it."""
        if facts not in self.indexed:
            size = self.size(facts)
            kind = np.uint8 if size <= 256 else np.uint16 if size <= 65536 else np.uint32
            place = self.coded[facts[0]].codes.astype(kind, copy=False)
            for fact in facts[1:]:
                place = place * kind(len(self.coded[fact].outcomes))
                place += self.coded[fact].codes
            self.indexed[facts] = place.astype(np.intp)
        return self.indexed[facts]

    def grid(self, root: Leaf | Fork) -> Ways:
        """This function will judge every combination of codes once."""
        widths = [len(self.coded[fact].outcomes) for fact in root.facts]
        codes = np.indices(widths).reshape(len(widths), -1)
        return _ways(root, dict(zip(root.facts, codes, strict=True)), self.coded)

    def ways(self, root: Leaf | Fork) -> Ways:
        """This function will judge the rows themselves, with tables for those parts that are small enough."""
        if isinstance(root, Leaf):
            return _leaf(root, self.coded[root.fact].codes, self.coded)
        if self.size(root.facts) <= self.limit:
            key = ("ways", *self.key(root))
            if key not in self.ahead:
                self.ahead[key] = self.grid(root)
            return self.ahead[key].at(self.index(root.facts))
        if root.op == "not":
            return _join("not", [self.ways(root.parts[0])])
        return _join(root.op, [self.ways(part) for part in self.chunks(root)])

    def chunks(self, root: Fork) -> list[Leaf | Fork]:
        """Neighbouring parts are judged together as long as their combinations fit; `and` and `or` may be bracketed."""
        held: list[list] = []
        for part in root.parts:
            if held and self.size(fork(root.op, (*held[-1], part)).facts) <= self.limit:
                held[-1].append(part)
            else:
                held.append([part])
        return [parts[0] if len(parts) == 1 else fork(root.op, tuple(parts)) for parts in held]


def verdict(ways: Ways) -> Judged:
    """This function will say what is open and the fewest facts that settle it, to yes rather than to no if equal."""
    to_yes = ways.can_yes & (~ways.can_no | (_count(ways.yes) <= _count(ways.no)))
    unknown = np.where(ways.answer == OPEN, np.where(to_yes, ways.yes, ways.no), np.uint64(0))
    answer = np.where(ways.answer == OPEN, -1, ways.answer).astype(np.int8)
    return Judged(answer, _narrow(ways.reasons), _narrow(unknown))


def _ways(node: Leaf | Fork, codes: Mapping[str, np.ndarray], coded: Mapping[str, Any]) -> Ways:
    if isinstance(node, Leaf):
        return _leaf(node, codes[node.fact], coded)
    return _join(node.op, [_ways(part, codes, coded) for part in node.parts])


def _leaf(leaf: Leaf, codes: np.ndarray, coded: Mapping[str, Any]) -> Ways:
    says = {True: YES, False: NO, None: OPEN}
    by_code = np.array([says[outcome[leaf.test]] for outcome in coded[leaf.fact].outcomes], np.uint8)
    answer = by_code[codes]
    missing = np.where(answer == OPEN, np.uint64(1 << leaf.name), np.uint64(0))
    reasons = np.full(len(answer), 1 << leaf.clause, np.uint64)
    return Ways(answer, reasons, missing, answer != NO, missing, answer != YES)


def _join(op: str, parts: list[Ways]) -> Ways:
    if op == "not":
        one = parts[0]
        turned = np.array([YES, NO, OPEN], np.uint8)[one.answer]
        return Ways(turned, one.reasons, one.no, one.can_no, one.yes, one.can_yes)
    settles, other = (YES, NO) if op == "or" else (NO, YES)
    some_open = np.logical_or.reduce([part.answer == OPEN for part in parts])
    settled = np.logical_or.reduce([part.answer == settles for part in parts])
    answer = np.where(settled, settles, np.where(some_open, OPEN, other)).astype(np.uint8)
    nothing = np.uint64(0)
    reasons = np.bitwise_or.reduce([np.where(part.answer == answer, part.reasons, nothing) for part in parts])
    yes, no = [(p.yes, p.can_yes) for p in parts], [(p.no, p.can_no) for p in parts]
    if op == "or":
        return Ways(answer, reasons, *_one(yes), *_all(no))
    return Ways(answer, reasons, *_all(yes), *_one(no))


def _one(ways: list) -> tuple[np.ndarray, np.ndarray]:
    """One part is enough: the part with the fewest, the first of equals."""
    best, can = ways[0]
    for mask, possible in ways[1:]:
        better = possible & (~can | (_count(mask) < _count(best)))
        best, can = np.where(better, mask, best), can | possible
    return best, can


def _all(ways: list) -> tuple[np.ndarray, np.ndarray]:
    return np.bitwise_or.reduce([mask for mask, _ in ways]), np.logical_and.reduce([can for _, can in ways])


def _count(masks: np.ndarray) -> np.ndarray:
    return np.bitwise_count(masks)


def _narrow(masks: np.ndarray) -> np.ndarray:
    most = int(masks.max(initial=0))
    return masks.astype(
        next(k for k in (np.uint8, np.uint16, np.uint32, np.uint64) if most <= np.iinfo(k).max)
    )
