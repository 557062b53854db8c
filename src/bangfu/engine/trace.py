"""The trace of a plan in: each demand of the text it was written from → where the pack says it → what proves it.

Out: every gap at once, and what waits for a station that is not built yet. `bangfu packs trace` asks for it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import Field

from bangfu.engine import examples
from bangfu.engine.commons import model, toml
from bangfu.engine.fact import FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.part import Part, Title
from bangfu.engine.plan import Plan
from bangfu.engine.proof import resolve

# Stations nobody has built yet: a row may wait for one of these and for nothing else. Built ones leave this list.
WAITING = {
    "disburse": "发放", "household": "乡镇和农户", "arithmetic": "口算", "indicator": "整体指标",
    "election": "班级评选",
}  # fmt: skip
BUILT = (
    "enrol", "identify", "pair", "peers", "schedule", "record", "review", "award", "report", "goal", "casefile", "counsel",
)  # fmt: skip
NOT_EXAMPLES = ("calendar",)
PASSED = frozenset({"passed", "here"})  # here: the test exists and nobody asked whether it ran


class Source(Part):
    """The text the plan was written from: its number and how many rows of each kind its table of demands has."""

    plan: str
    rows: int = Field(ge=1)
    c: int = Field(ge=0)
    s: int = Field(ge=0)
    t: int = Field(ge=0)


class Row(Part):
    """One demand in our own words: C counted, S said, T a tip; `waits` names a station that is not built yet."""

    id: str
    check: Literal["C", "S", "T"]
    says: Title
    element: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    waits: str = ""
    note: str = ""


class Trace(Part):
    """One trace.toml."""

    source: Source
    rows: tuple[Row, ...] = Field((), alias="row")

    @property
    def examples(self) -> frozenset[str]:
        """This property will name the examples that rows lean on."""
        return frozenset(p for row in self.rows for p in row.proof if "::" not in p)

    @property
    def tests(self) -> frozenset[str]:
        """This property will name the pytest functions that rows lean on."""
        return frozenset(p for row in self.rows for p in row.proof if "::" in p)


@dataclass(frozen=True, slots=True)
class Findings:
    """What one trace came to: rows in all and by kind, rows that stand, rows that wait, every gap."""

    plan: str
    rows: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)
    traced: int = 0
    waiting: tuple[Row, ...] = ()
    gaps: tuple[Fault, ...] = ()


def read(text: str, name: str) -> tuple[Trace | None, list[Fault]]:
    """This function will read a trace.toml, or say everything that is wrong with it."""
    raw, faults = toml(text, name)
    return (None, faults) if raw is None else model(Trace, raw, name)


def played(
    trace: Trace, raw: Any, plans: Mapping[str, Plan], facts: Mapping[str, FactSpec]
) -> dict[str, list[str]]:
    """This function will play the examples the rows name, one title at a time: title → what came out otherwise.

    A title no example of these editions bears is not in the answer.
    """
    found = {}
    for title in sorted(trace.examples):
        mine = {
            kind: [one for one in some if _bears(one, title, plans)]
            for kind, some in raw.items()
            if kind not in NOT_EXAMPLES and isinstance(some, list)
        }
        if any(mine.values()):
            kept = {kind: raw[kind] for kind in NOT_EXAMPLES if kind in raw}
            wrong = examples.run(kept | {k: v for k, v in mine.items() if v}, title, plans, facts)
            found[title] = [fault.what for fault in wrong]
    return found


def _bears(one: Any, title: str, plans: Mapping[str, Plan]) -> bool:
    if not isinstance(one, Mapping) or one.get("title") != title:
        return False
    return "editions" not in one or any(edition in plans for edition in one["editions"])


def gaps(
    trace: Trace, plan: Plan, proofs: Mapping[str, list[str]], tests: Mapping[str, str]
) -> dict[str, list[Fault]]:
    """This function will list what is missing: {row id: faults}; the whole table's faults stand under "".

    `proofs` is what `played` found in the seed edition's examples, `tests` how each named test ended.
    """
    found: dict[str, list[Fault]] = {"": _table(trace)}
    for row in trace.rows:
        where = f"trace.toml:{row.id}"
        faults = [*_element(row, plan, where), *_proof(row, where, proofs, tests)]
        faults += _waits(row, where)
        found.setdefault(row.id, []).extend(faults)
    return found


def findings(trace: Trace, found: Mapping[str, list[Fault]]) -> Findings:
    """This function will count rows that stand, rows that wait and gaps."""
    waiting = tuple(row for row in trace.rows if row.waits)
    stand = [row for row in trace.rows if not row.waits and not found.get(row.id)]
    kinds = Counter(row.check for row in trace.rows)
    every = tuple(fault for faults in found.values() for fault in faults)
    return Findings(trace.source.plan, len(trace.rows), kinds, len(stand), waiting, every)


def _table(trace: Trace) -> list[Fault]:
    source, where = trace.source, "trace.toml:source"
    ids, wanted = (
        Counter(row.id for row in trace.rows),
        [f"{source.plan}-{at:02}" for at in range(1, source.rows + 1)],
    )
    faults = [Fault(where, f"没有 {one} 这一行") for one in wanted if one not in ids]
    faults += [Fault(where, f"多了 {one} 这一行") for one in ids if one not in wanted]
    faults += [Fault(where, f"{one} 写了 {count} 次") for one, count in ids.items() if count > 1]
    kinds = Counter(row.check for row in trace.rows)
    for letter, count in (("C", source.c), ("S", source.s), ("T", source.t)):
        if kinds[letter] != count:
            faults.append(Fault(where, f"{letter} 应有 {count} 行，现在 {kinds[letter]} 行"))
    return faults


def _element(row: Row, plan: Plan, where: str) -> list[Fault]:
    if not row.element:
        return [Fault(f"{where}.element", "没有写在方案的哪里", "例如 duty.talk")]
    faults = []
    for path in row.element:
        try:
            if resolve(plan, path) in (None, (), ""):
                faults.append(Fault(f"{where}.element", f"方案里「{path}」是空的"))
        except LookupError as error:
            faults.append(Fault(f"{where}.element", str(error.args[0])))
    return faults


def _proof(row: Row, where: str, proofs: Mapping[str, list[str]], tests: Mapping[str, str]) -> list[Fault]:
    faults = []
    if not row.proof and row.check != "T" and not row.waits:
        faults.append(Fault(f"{where}.proof", "没有写凭什么说做到了", "写一个例子的标题，或一个测试"))
    for one in row.proof:
        if "::" in one:
            if (outcome := tests.get(one, "没有跑，或没有这个测试")) not in PASSED:
                faults.append(Fault(f"{where}.proof", f"测试「{one}」：{outcome}"))
        elif one not in proofs:
            faults.append(Fault(f"{where}.proof", f"examples.toml 里没有「{one}」这个例子"))
        else:
            faults += [Fault(f"{where}.proof", f"例子「{one}」：{wrong}") for wrong in proofs[one]]
    return faults


def _waits(row: Row, where: str) -> list[Fault]:
    if not row.waits or row.waits in WAITING and row.check != "T":
        return []
    if row.check == "T":
        return [Fault(f"{where}.waits", "提示不用等哪一站")]
    if row.waits in BUILT:
        return [Fault(f"{where}.waits", f"「{row.waits}」已经建好了，不用等", "写出凭什么说做到了")]
    return [Fault(f"{where}.waits", f"没有「{row.waits}」这一站", f"可以写：{'、'.join(WAITING)}")]
