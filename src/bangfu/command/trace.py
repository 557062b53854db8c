"""`bangfu packs trace`: each demand of the plans' texts → where the pack says it → what proves it. Reads files only."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

import bangfu
from bangfu.engine import pack, trace
from bangfu.engine.commons import toml
from bangfu.engine.fault import Fault

ROOT = Path(bangfu.__file__).parents[2]
RESULTS = ROOT / "var" / "results.json"  # script/test and script/check write down here how each test ended


def test_functions(named: frozenset[str], root: Path = ROOT) -> dict[str, str]:
    """This function will look which of the named tests exist as functions, without running anything."""
    files: dict[str, list[str]] = defaultdict(list)
    for one in named:
        files[one.partition("::")[0]].append(one)
    found = {}
    for name, wanted in files.items():
        path = root / name
        here = _functions(path) if path.is_file() else set()
        found |= {one: "here" for one in wanted if one.split("[")[0].replace(f"{name}::", "", 1) in here}
    return found


def _functions(path: Path) -> set[str]:
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(node.name)
        if isinstance(node, ast.ClassDef):
            found |= {f"{node.name}::{one.name}" for one in node.body if isinstance(one, ast.FunctionDef)}
    return found


def outcomes(named: frozenset[str], results: Mapping[str, str]) -> dict[str, str]:
    """This function will say how each named test ended; one with several cases passed when all of them did."""
    found = {}
    for one in named:
        mine = [end for node, end in results.items() if node == one or node.startswith(f"{one}[")]
        if mine:
            found[one] = next((end for end in mine if end != "passed"), "passed")
    return found


def look(texts: Mapping[str, str], shelf: pack.Shelf, key: str, tests) -> trace.Findings:
    """This function will hold one pack against its trace.toml; `tests` tells how the named tests ended."""
    name = f"{key}/trace.toml"
    if name not in texts:
        return trace.Findings(key, gaps=(Fault(name, "没有 trace.toml，不知道原文的要求都在哪里"),))
    read, faults = trace.read(texts[name], name)
    plan = shelf.plans.get((key, "seed"))
    if read is None or plan is None:
        return trace.Findings(
            key, gaps=tuple(faults or [Fault(name, "原文版读不出来，先用 packs check 查一查")])
        )
    raw, _ = toml(texts.get(f"{key}/examples.toml", ""), name)
    proofs = trace.played(read, raw or {}, {"seed": plan}, shelf.commons.facts)
    return trace.findings(read, trace.gaps(read, plan, proofs, tests(read.tests)))


def keys_of(texts: Mapping[str, str]) -> list[str]:
    """This function will list the packs of a folder, whether they can be read or not."""
    return sorted(
        {name.partition("/")[0] for name in texts if name.endswith(("/plan.toml", "/recommended.toml"))}
    )


def values_of(key: str, found: trace.Findings) -> dict:
    """This function will give the figures of one pack for --json."""
    return {
        "key": key,
        "plan": found.plan,
        "rows": found.rows,
        **{letter.lower(): found.kinds.get(letter, 0) for letter in "CST"},
        "traced": found.traced,
        "waiting": [{"id": row.id, "station": row.waits, "says": row.says} for row in found.waiting],
        "gaps": [asdict(fault) for fault in found.gaps],
    }


def say(key: str, found: trace.Findings) -> None:
    """This function will print one pack: its figures, what waits for which station, what is missing."""
    kinds = "、".join(f"{letter} {found.kinds.get(letter, 0)}" for letter in "CST")
    click.echo(
        f"· {found.plan}（{key}）：{found.rows} 行（{kinds}），对上 {found.traced}，"
        f"等着的 {len(found.waiting)}，缺 {len(found.gaps)}"
    )
    stations: dict[str, list[str]] = defaultdict(list)
    for row in found.waiting:
        stations[row.waits].append(f"{row.id} {row.says}")
    for station, rows in stations.items():
        click.echo(f"  … 等「{trace.WAITING.get(station, station)}」：{'；'.join(rows)}")
    for fault in found.gaps:
        click.echo(f"  ✗ {fault}")
