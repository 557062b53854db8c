"""The text of packs in; plans and their common words out, with every fault at once. It opens no file itself.

Every station asks for it: what a plan says is data, and a school's edits are read by the same door.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from bangfu.engine import examples, pack_check, pack_words
from bangfu.engine.commons import Commons, model, read_commons, toml
from bangfu.engine.fact import FactSpec
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Plan

__all__ = ["Commons", "Shelf", "check", "digest", "load", "read", "read_commons", "read_folder"]
EDITIONS = {"plan.toml": "seed", "recommended.toml": "recommended"}


@dataclass(slots=True)
class Shelf:
    """All packs of a folder: plans and texts by (key, edition), the common words, every fault and every doubt."""

    plans: dict[tuple[str, str], Plan] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    commons: Commons = field(default_factory=Commons)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)


def digest(text: str) -> str:
    """This function will name a pack's content: SHA-256 over its lines, whatever the line ends."""
    return sha256("\n".join(text.splitlines()).encode()).hexdigest()


def read(
    text: str, name: str, known: Commons | Mapping[str, FactSpec] | None = None
) -> tuple[Plan | None, list[Fault]]:
    """This function will read one plan; None with faults if anything is wrong, all of it at once.

    `known` are the words it may use: Commons, or only facts; without any, words are not checked.
    """
    commons = known if isinstance(known, Commons) else Commons(facts=dict(known or {}))
    raw, faults = toml(text, name)
    if raw is None:
        return None, faults
    plan, faults = model(Plan, raw, name)
    if plan is not None:
        plan._words = commons.facts
    closer = pack_check.check(raw, name) + pack_words.check(raw, name, commons)
    faults = [f for f in faults if not any(_covers(f.where, more.where) for more in closer)] + closer
    return (None if faults else plan), faults


def load(files: Mapping[str, str]) -> Shelf:
    """This function will read a whole folder of packs, given as path within it → text; faults go on the shelf.

    A folder without its own _common is judged without declared words.
    """
    commons, faults = read_commons(files)
    shelf = Shelf(commons=commons, faults=faults)
    packs = sorted(path for path in files if not path.startswith("_common/"))
    for path in packs:
        if path.rpartition("/")[2] in EDITIONS:
            _plan(shelf, path, files[path])
    for path in packs:
        folder, _, name = path.rpartition("/")
        if name == "examples.toml":
            mine = {edition: plan for (key, edition), plan in shelf.plans.items() if key == _last(folder)}
            raw, faults = toml(files[path], path)
            shelf.faults += faults if raw is None else examples.run(raw, path, mine, commons.facts)
    return shelf


def read_folder(files: Mapping[str, str], key: str) -> dict[str, Plan]:
    """This function will give one plan's editions out of a folder of packs: edition → plan."""
    return {edition: plan for (mine, edition), plan in load(files).plans.items() if mine == key}


def check(files: Mapping[str, str]) -> list[Fault]:
    """This function will list every fault of every pack, its examples run as tests; empty when all is well."""
    shelf = load(files)
    if not shelf.plans and not shelf.faults:
        return [Fault(".", "这里没有方案包", "方案包是一个文件夹，里面有 plan.toml")]
    return shelf.faults


def _covers(where: str, closer: str) -> bool:
    """A complaint about a whole duty is dropped where the checker points into it."""
    return closer == where or (where.endswith("]") and closer.startswith(where))


def _last(folder: str) -> str:
    return folder.rpartition("/")[2]


def _plan(shelf: Shelf, path: str, text: str) -> None:
    plan, faults = read(text, path, shelf.commons)
    folder, _, name = path.rpartition("/")
    if plan is not None:
        if folder and plan.key != _last(folder):
            faults.append(Fault(f"{path}:key", f"键「{plan.key}」和文件夹「{_last(folder)}」不一样"))
        if plan.edition != EDITIONS[name]:
            faults.append(Fault(f"{path}:edition", f'{name} 里要写 edition = "{EDITIONS[name]}"'))
        if plan.edition == "recommended" and not plan.changes:
            faults.append(Fault(f"{path}:change", "建议版要写明改了什么、为什么"))
        shelf.plans[plan.key, plan.edition] = plan
        shelf.texts[plan.key, plan.edition] = text
        shelf.warnings += pack_check.warnings(toml(text, path)[0] or {}, path, shelf.commons)
    shelf.faults += faults
