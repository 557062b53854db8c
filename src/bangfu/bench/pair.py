"""Pairing: 1,000 random schools, popular mentors, one school with the extra rules, a county, helpers who leave.

Every step runs in a process of its own (bench/pair_run.py); what solves with OR-Tools and what judges never share one.
Beside ours: greedy, scipy twice, networkx, `matching`, all on the same numbers, all judged by one definition.
"""

import importlib.util
import operator
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bangfu.bench import Goal, Run, job, percentile
from bangfu.bench.link import said
from bangfu.bench.pair_county import QUICK as QUICK_SCHOOLS
from bangfu.bench.pair_county import SCHOOLS
from bangfu.bench.pair_proof import LEVELS
from bangfu.bench.school import Broken

PEERS = {
    "greedy": "贪心",
    "scipy": "scipy",
    "sparse": "scipy 稀疏",
    "networkx": "networkx",
    "matching": "matching",
}
CASES = {"popular": "热门导师", "school": "一所学校", "county": "全县"}
NEEDED = ("scipy", "networkx", "matching")
LIMIT = 240  # seconds a peer may take; one that takes longer is left out and said so
OURS_LIMIT = 3_600
BARE, FASTEST = "逐校的最小费用流（只有上限）", "scipy"
SHOWN = dict(
    zip(LEVELS, (1_000, 100, 10, 1, 0.1), strict=True)
)  # one number for the table, nothing is solved with it
GOALS = (
    Goal("G-pair-broken", "随机学校：违反的硬规则", "处", 0),
    Goal("G-pair-missed", "随机学校：本来能结上、没有结上的孩子", "名", 0),
    Goal("G-pair-worse", "随机学校：能算证书的里面，还能更好的", "所", 0),
    Goal("G-pair-no-way", "随机学校：有人结不上、没说该让哪一条的（或者反过来）", "所", 0),
    Goal("G-pair-advice", "随机学校：照着说的让了、还是结不上的（和没有数字、没有话的）", "所", 0),
    Goal("G-pair-reason", "没有写理由的对子（随机学校、全县）", "对", 0),
    Goal("G-pair-popular", "240 名学生、60 位导师、都想要那几位：没有结上的", "名", 0),
    Goal("G-pair-extra", "1,000 名学生、150 位教师加上别的规则：离证明过的界", "%", 1),
    Goal("G-pair-extra-time", "同上，用时（全校、分年级里慢的一个）", "秒", 31),
    Goal("G-pair-extra-broken", "同上，违反的硬规则和没有结上的孩子", "处", 0),
    Goal("G-pair-hurry", "限时 2 秒：实际用时", "秒", 4),
    Goal("G-pair-county", "全县：上限、下限、尽量不换、理由（CPU，一个线程）", "秒", 1.2, against=BARE),
    Goal("G-pair-county-worse", "全县：越上限的、不许的，和证书说还能更好的学校", "处", 0),
    Goal("G-pair-pin", "定住几对以后重排一所学校（95% 不超过，从问题到理由）", "毫秒", 50),
    Goal("G-pair-changed", "8% 的教师离开以后，比最少多换的", "对", 0),
    Goal("G-pair-changed-proof", "同上，证书不成立、或者自己说的下界不对的学校", "所", 0),
    Goal("G-pair-left", "对照表：比最好的对照多漏的孩子", "名", 0),
    Goal("G-pair-better", "对照表：有对照按先后次序比我们好的", "次", 0),
    Goal("G-pair-spread", "对照表：一所学校里每位教师带几名的标准差", "名", 1.001, against=FASTEST),
    Goal("G-pair-time", "对照表：全县用时", "秒", 1, against=FASTEST),
    Goal("G-pair-memory", "对照表：全县最多占内存", "GB", 1),
)


@dataclass(frozen=True, slots=True)
class Workload:
    """How many of each."""

    schools: int = 1_000
    children: int = 1_000
    helpers: int = 150
    county: int = SCHOOLS
    repeat: int = 5
    drags: int = 40


FULL = Workload()
QUICK = Workload(schools=100, children=200, helpers=40, county=QUICK_SCHOOLS, repeat=2, drags=10)


@job("pair", title="结对：1,000 所随机学校、热门导师、加上别的规则、全县 100,000 名、有人离开", goals=GOALS)
def measure(run: Run) -> None:
    """This function will run every step and put it beside its goals."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Broken(f"对照用的 {'、'.join(missing)} 没有装上。请先运行 script/run ready --dev，再量一次。")
    compare(run, QUICK if run.quick else FULL)


def compare(run: Run, work: Workload, peers: dict[str, str] | None = None) -> None:
    """This function will do the whole job at one size."""
    peers = PEERS if peers is None else peers
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder:
        for at, (title, one) in enumerate(STEPS.items()):
            run.progress(title, at, len(STEPS) + 1)
            one(run, work, folder)
        run.progress("对照表", len(STEPS), len(STEPS) + 1)
        table(run, work, folder, peers)


def step(folder: str, *words: object) -> dict:
    """This function will run one step of ours, which has no time limit but a hang's."""
    told = said(folder, "pair_run", *map(str, words), limit=OURS_LIMIT)
    if told is None:
        raise Broken(f"{words[0]} 一小时还没有做完。")
    return told


def judged(folder: str, name: str, *sizes: object) -> tuple[dict, dict]:
    """This function will run a step and have its answers judged in another process."""
    path = Path(folder) / f"{name}.answers"
    told = step(folder, name, *sizes, path)
    counts = [sizes[0]] if name == "county" else sizes
    return told, step(folder, f"judge_{name}", *counts, path)


def random_schools(run: Run, work: Workload, folder: str) -> None:
    """This function will report what the judge found in them."""
    told, found = judged(folder, "schools", work.schools)
    shapes = [(f"其中 {key[6:]}", float(n)) for key, n in sorted(found.items()) if key.startswith("shape_")]
    run.report("G-pair-broken", found["broken"], beside=[("学校", float(work.schools)), *shapes])
    run.report(
        "G-pair-missed",
        found["missed"],
        beside=[
            ("孩子一共", float(found["children"])),
            ("另算能结上的", float(found["able"])),
            ("结上的", float(found["paired"])),
        ],
    )
    run.report(
        "G-pair-worse",
        found["worse"],
        beside=[
            ("能算证书的", float(found["certifiable"])),
            ("自己说没证完的", float(found["unproven"])),
            ("说的没结上和实际不一样的", float(found["untold"])),
        ],
    )
    run.report("G-pair-no-way", found["no_way"], beside=[("人手不够的学校", float(found["short"]))])
    run.report(
        "G-pair-advice",
        found.get("not_enough", 0) + found.get("no_number", 0),
        beside=[
            ("照着试了的", float(found.get("tried", 0))),
            ("其中差几名就让几处、不能再少的", float(found.get("one_each", 0))),
            ("要凑齐一组、没有试的", float(found.get("untried", 0))),
        ],
    )
    run.report("G-pair-reason", found["no_reason"])
    if found["examples"]:
        run.progress("；".join(found["examples"]), 0, len(STEPS) + 1)


def extra_rules(run: Run, work: Workload, folder: str) -> None:
    """This function will report gap, time and what was broken, the whole school and grade by grade."""
    told, found = judged(folder, "extra", work.children, work.helpers)
    waited = {"全校": told["school"], "分年级": told["grade"]}
    run.report(
        "G-pair-extra",
        max(one["gap"] for one in waited.values()) * 100,
        beside=[(name, one["gap"] * 100) for name, one in waited.items()],
    )
    run.report(
        "G-pair-extra-time",
        max(one["seconds"] for one in waited.values()),
        beside=[(name, one["seconds"]) for name, one in waited.items()],
    )
    run.report(
        "G-pair-extra-broken",
        sum(found[name]["broken"] + found[name]["left_out"] for name in told),
        beside=[(f"{name} 没有结上", float(found[name]["left_out"])) for name in told],
    )
    hurry = told["hurry"]
    run.report("G-pair-hurry", hurry["seconds"], beside=[("那时离界 %", hurry["gap"] * 100)])


def whole_county(run: Run, work: Workload, folder: str) -> None:
    """This function will hold ours against bare flow in the same process, and the judge's certificate."""
    told, found = judged(folder, "county", work.county, work.repeat)
    run.report(
        "G-pair-county",
        percentile(told["ours_cpu"], 0.5),
        reference=percentile(told["bare_cpu"], 0.5),
        samples=told["ours_cpu"],
        beside=[
            ("钟表，我们", percentile(told["ours"], 0.5)),
            ("钟表，对照", percentile(told["bare"], 0.5)),
            ("各遍里最差的倍数", max(map(operator.truediv, told["ours_cpu"], told["bare_cpu"]))),
        ],
    )
    wrong = found["broken"] + found["worse"] + told["unexplained"]
    named = {"ours": "我们", "bare": "只有上限的流"}
    besides = [(f"{named[who]} {level}", float(n)) for who in named for level, n in found[who].items()]
    run.report("G-pair-county-worse", wrong, beside=besides)


def pinned(run: Run, work: Workload, folder: str) -> None:
    """This function will report how long one drag takes, and whether every pin was kept."""
    told = step(folder, "pins", work.county, work.drags)
    one, largest = told["typical"], told["largest"]
    times = [1_000 * seconds for seconds in one["seconds"]]
    if not (one["kept"] and largest["kept"]):
        raise Broken("有定住的对子没有留住。")
    run.report(
        "G-pair-pin",
        percentile(times, 0.95),
        samples=times,
        beside=[
            (f"{one['children']} 名、{one['helpers']} 位的学校，中位", percentile(times, 0.5)),
            ("同上，CPU，中位", percentile(one["cpu"], 0.5) * 1_000),
            ("第一次（还要装载 OR-Tools）", one["first"] * 1_000),
            (
                f"最大的一所，{largest['children']} 名、{largest['helpers']} 位，95%",
                percentile(largest["seconds"], 0.95) * 1_000,
            ),
        ],
    )


def left(run: Run, work: Workload, folder: str) -> None:
    """This function will report how many changes more than the least there were, and who certifies it."""
    told, found = judged(folder, "leaving", work.county)
    run.report(
        "G-pair-changed",
        found["changed"] - found["fewest"],
        beside=[
            ("离开的教师", float(found["gone"])),
            ("跟着一定要换的", float(found["forced"])),
            ("换了的", float(found["changed"])),
            ("scipy 另算的最少", float(found["fewest"])),
            ("不顾原来、重新结对会换", float(found["afresh"])),
        ],
    )
    run.report(
        "G-pair-changed-proof",
        found["uncertified"] + found["unsaid"] + found["broken"],
        beside=[
            ("证书不成立", float(found["uncertified"])),
            ("自己说的下界不对", float(found["unsaid"])),
            ("违反硬规则", float(found["broken"])),
            ("最慢的一所，秒", told["slowest"]),
        ],
    )


STEPS = {
    "随机学校": random_schools,
    "加上别的规则": extra_rules,
    "全县": whole_county,
    "定住几对": pinned,
    "有人离开": left,
}


def table(run: Run, work: Workload, folder: str, peers: dict[str, str]) -> None:
    """This function will run every engine on every case, each in a process of its own."""
    found, late = {}, []
    for case, title in CASES.items():
        for engine in ("ours", *peers):
            limit = OURS_LIMIT if engine == "ours" else LIMIT
            told = said(folder, "pair_run", "engine", engine, case, str(work.county), limit=limit)
            if told is None:
                late.append((f"{title}：{peers[engine]} 超过时限，没有量完", float(LIMIT)))
            else:
                found[case, engine] = told
    run.report(
        "G-pair-popular",
        found["popular", "ours"]["levels"]["left_out"],
        beside=besides(found, peers, "left_out", "popular"),
    )
    fewest = {
        case: min(one["levels"]["left_out"] for (which, _), one in found.items() if which == case)
        for case in CASES
    }
    more = sum(found[case, "ours"]["levels"]["left_out"] - fewest[case] for case in CASES)
    run.report("G-pair-left", more, beside=besides(found, peers, "left_out"))
    better = sum(
        order(case, one) < order(case, found[case, "ours"])
        for (case, engine), one in found.items()
        if engine != "ours"
    )
    run.report("G-pair-better", better, beside=besides(found, peers, "objective"))
    for goal, case, figure in (
        ("G-pair-spread", "school", "deviation"),
        ("G-pair-time", "county", "seconds"),
        ("G-pair-memory", "county", "memory"),
    ):
        against = found.get((case, "scipy")) if run.goals[goal].against else None
        run.report(
            goal,
            found[case, "ours"][figure],
            reference=against[figure] if against else None,
            beside=[*besides(found, peers, figure), *(late if goal == "G-pair-time" else ())],
        )


def order(case: str, one: dict) -> tuple[int, ...]:
    """This function will give the levels in their order; the county asks for no even load."""
    return tuple(one["levels"][level] for level in LEVELS if case != "county" or level != "uneven")


def besides(found: dict, peers: dict[str, str], figure: str, only: str = "") -> list[tuple[str, float]]:
    """This function will list one column of the table: every case and engine that was measured."""
    told = []
    for (case, engine), one in found.items():
        if only and case != only:
            continue
        if figure == "objective":
            kept = {level: n for level, n in one["levels"].items() if case != "county" or level != "uneven"}
            value = sum(SHOWN[level] * n for level, n in kept.items())
        else:
            value = one["levels"][figure] if figure in LEVELS else one[figure]
        told.append((f"{CASES[case]}：{peers.get(engine, '我们')}", float(value)))
    return told
