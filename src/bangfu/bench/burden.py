"""What all packs together ask of the demo school's teachers: literal and merged, seed and recommended editions.

The school is invented in a data folder of its own, in a process of its own (burden_made.py); every plan about children
is adopted, surveyed by its rules and paired by the solver, as people would, before anything is counted.
"""

import json
import subprocess
import sys
import tempfile

from bangfu.bench import Goal, Run, job
from bangfu.bench.school import Broken, surroundings

ENTRY = "每位班主任每周记录用时，十二个建议版方案全开（分钟，合并后）"
GOALS = (
    Goal("G-burden-entry", ENTRY, "分钟", 5),
    Goal("G-burden-merged", "合并后的次数，建议版", "次/周", 1.0, against="同样的方案一项一项做"),
    Goal("G-burden-light", "每周分钟数，建议版（合并后）", "分钟", 1.0, against="原文版（一项一项做）"),
)


@job("burden", title="十二份方案全开，每位班主任每周要做多少、记多久", goals=GOALS)
def measure(run: Run) -> None:
    """This function will have the school built twice, once for each edition, and report its class teachers."""
    run.progress("建一所学校，全部方案用建议版", 0, 2)
    light = _counted(run, "recommended")
    run.progress("再建一所，全部用原文版", 1, 2)
    seed = _counted(run, "seed")
    both = (("建议版", light), ("原文版", seed))
    run.report("G-burden-entry", light["entry"], samples=light["entries"], beside=_beside(both, ENTRIES))
    run.report("G-burden-merged", light["merged"], reference=light["literal"], beside=_beside(both, ACTS))
    run.report(
        "G-burden-light", light["merged_minutes"], reference=seed["literal_minutes"], beside=_beside(both, MINUTES)
    )  # fmt: skip


def _beside(both, names: dict[str, str]) -> list[tuple[str, float]]:
    return [(f"{name}（{edition}）", found[key]) for edition, found in both for key, name in names.items()]


ENTRIES = {"typed": "逐条打字", "entry": "合并后", "most": "最多的一位"}
ACTS = {"literal": "一项一项", "merged": "合并后"}
MINUTES = {"literal_minutes": "一项一项", "merged_minutes": "合并后"}


def _counted(run: Run, edition: str) -> dict:
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder:
        done = subprocess.run(
            [sys.executable, "-m", "bangfu.bench.burden_made", edition, "quick" if run.quick else "full"],
            env=surroundings(folder), capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
    if done.returncode:
        raise Broken(done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])
