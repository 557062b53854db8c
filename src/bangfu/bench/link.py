"""Linking five lists to the roll, and FEBRL 1–4: ours beside exact join, SQL waterfall, Splink, rapidfuzz, recordlinkage.

The tables are made once (bench/link_made.py); every engine then runs in a process of its own (bench/link_run.py,
bench/link_febrl.py), so that CPU and memory are its own, and all are judged by one definition.
"""

import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bangfu.bench import Goal, Run, job
from bangfu.bench.school import Broken, surroundings

CHILDREN, QUICK_CHILDREN = 1_000_000, 20_000
REGIMES = {"plain": "平常", "hard": "难"}
PEERS = {
    "exact": "只对证件号",
    "waterfall": "SQL 逐级",
    "splink": "Splink",
    "rapidfuzz": "rapidfuzz 分块",
    "recordlinkage": "recordlinkage",
}
FEBRL_PEERS = {"splink": "Splink", "ecm": "recordlinkage ECM"}
LIMIT = 900  # seconds an engine may take; one that takes longer is left out and said so
NEEDED = ("splink", "recordlinkage", "rapidfuzz", "pandas")
SPLINK = "Splink（含训练）"
GOALS = (
    Goal("G-link-plain-wrong", "平常的名单：自动连上的里面连错的", "‱", 1.0),
    Goal("G-link-plain-missed", "平常的名单：没有自动连上的", "‱", 10),
    Goal("G-link-hard-wrong", "难的名单：自动连上的里面连错的", "‱", 30),
    Goal("G-link-hard-missed", "难的名单：没有自动连上的", "‱", 250),
    Goal("G-link-hard-reviewed", "难的名单：人看过以后还没有连上的", "‱", 100),
    Goal("G-link-review", "要人看的行（平常、难里面多的一个）", "%", 3),
    Goal("G-link-sibling", "写着兄弟姐妹的号、悄悄连到号的主人", "行", 0),
    Goal("G-link-cpu", "连名单的 CPU（平常、难里面对照起来差的一个）", "秒", 1 / 3, against=SPLINK),
    Goal("G-link-memory", "其间最多占内存", "GB", 2.0),
    Goal("G-link-febrl-f1", "FEBRL 1–4：F1 最低的一份，离 1 还差", "‱", 20),
    Goal("G-link-febrl-splink", "FEBRL 1–4：F1 比 Splink 低的有几份", "份", 0),
    Goal("G-link-febrl-cpu", "FEBRL 1–4 一共的 CPU", "秒", 1 / 4, against=SPLINK),
)


@job("link", title="连名单：五份名单、1,000,000 名学生；FEBRL 1–4", goals=GOALS)
def measure(run: Run) -> None:
    """This function will make the tables, run every engine on them, and FEBRL."""
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise Broken(f"对照用的 {'、'.join(missing)} 没有装上。请先运行 script/run ready --dev，再量一次。")
    sizes = (QUICK_CHILDREN,) if run.quick else (QUICK_CHILDREN, CHILDREN)
    compare(run, sizes)


def compare(run: Run, sizes: tuple[int, ...], peers: dict[str, str] | None = None) -> None:
    """This function will do the whole job; the largest size decides, smaller ones are told beside."""
    peers = PEERS if peers is None else peers
    steps = len(sizes) * len(REGIMES) * (len(peers) + 1) + len(FEBRL_PEERS) + 1
    done, found = 0, {}
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder:
        for size in sizes:
            run.progress(f"编 {size:,} 名学生和五份名单", done, steps)
            database = made(folder, size)
            for regime, title in REGIMES.items():
                for engine in ("ours", *peers):
                    run.progress(f"{size:,} 名，{title}：{peers.get(engine, '我们')}", done, steps)
                    found[size, regime, engine] = repeated(folder, engine, database, regime, run.quick)
                    done += 1
            database.unlink()
        febrl = {}
        for engine in ("ours", *FEBRL_PEERS):
            run.progress(f"FEBRL：{FEBRL_PEERS.get(engine, '我们')}", done, steps)
            febrl[engine] = said(folder, "link_febrl", engine)
            done += 1
    report(run, found, sizes, peers)
    report_febrl(run, febrl)


def made(folder: str, size: int) -> Path:
    """This function will write the tables of both regimes into a DuckDB file, in a process of its own."""
    path = Path(folder) / f"{size}.duckdb"
    said(folder, "link_made", str(size), str(path))
    return path


def repeated(folder: str, engine: str, database: Path, regime: str, quick: bool) -> dict | None:
    """This function will run one engine, ours and Splink three times unless quick: the median CPU counts."""
    times = 3 if engine in ("ours", "splink") and not quick else 1
    runs = [said(folder, "link_run", engine, str(database), regime) for _ in range(times)]
    if None in runs:
        return None
    by_cpu = sorted(runs, key=lambda one: one["cpu"])
    return {**by_cpu[len(runs) // 2], "cpus": [one["cpu"] for one in runs]}


def said(folder: str, module: str, *words: str, limit: float = LIMIT) -> dict | None:
    """This function will run one module of this room and give what it says; None if it takes too long."""
    command = [sys.executable, "-m", f"bangfu.bench.{module}", *words]
    environment = {**surroundings(folder), "PYTHONWARNINGS": "ignore", "TMPDIR": folder}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, encoding="utf-8", timeout=limit, cwd=folder
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode:
        raise Broken(done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def report(run: Run, found: dict, sizes: tuple[int, ...], peers: dict[str, str]) -> None:
    """This function will put the figures of the lists beside their goals."""
    size = sizes[-1]
    ours = {regime: found[size, regime, "ours"] for regime in REGIMES}

    def beside(regime: str, figure: str) -> list[tuple[str, float]]:
        """The same figure of every engine and size; what was left out is simply not there."""
        kept = []
        for (many, which, engine), one in found.items():
            if which == regime and one is not None and (many != size or engine != "ours"):
                name = peers.get(engine, "我们")
                kept.append((name if many == size else f"{name}（{many:,} 名）", undone(one, figure)))
        return kept

    for goal, regime, figure in (
        ("G-link-plain-wrong", "plain", "precision"),
        ("G-link-plain-missed", "plain", "recall"),
        ("G-link-hard-wrong", "hard", "precision"),
        ("G-link-hard-missed", "hard", "recall"),
        ("G-link-hard-reviewed", "hard", "reviewed"),
    ):
        run.report(goal, undone(ours[regime], figure), beside=beside(regime, figure))
    share = max(one["review_share"] for one in ours.values()) * 100
    run.report("G-link-review", share)
    held = {
        engine: max(one["memory"] for (_, _, by), one in found.items() if by == engine and one)
        for engine in ("ours", *peers)
        if any(by == engine and one for (_, _, by), one in found.items())
    }
    run.report("G-link-memory", held.pop("ours"), beside=[(peers[one], most) for one, most in held.items()])
    siblings = [
        (name, float(found[size, "hard", engine]["sibling"]))
        for engine, name in peers.items()
        if found[size, "hard", engine]
    ]
    rows = sum(one["sibling_rows"] for one in ours.values())
    run.report(
        "G-link-sibling",
        sum(one["sibling"] for one in ours.values()),
        beside=[("这样的行一共", float(rows)), *siblings],
    )
    costs(run, found, size, peers)


def undone(one: dict, figure: str) -> float:
    """This function will give what a share leaves undone, in ten-thousandths."""
    return (1 - one[figure]) * 10_000


def costs(run: Run, found: dict, size: int, peers: dict[str, str]) -> None:
    """This function will hold our CPU against Splink's, in the regime where we stand worse."""
    beside: list[tuple[str, float]] = []
    for regime, title in REGIMES.items():
        for engine in ("ours", *peers):
            one, name = found[size, regime, engine], peers.get(engine, "我们")
            if one is None:
                beside.append((f"{title}：{name} 超过时限，没有量完", float(LIMIT)))
                continue
            beside.append((f"{title}：{name}", one["cpu"]))
            if "training" in one:
                beside.append((f"{title}：其中 {name} 训练", one["training"]))
    held = [
        (found[size, regime, "ours"], found[size, regime, "splink"])
        for regime in REGIMES
        if found.get((size, regime, "splink"))
    ]
    if held:
        mine, theirs = max(held, key=lambda pair: pair[0]["cpu"] / pair[1]["cpu"])
        run.report("G-link-cpu", mine["cpu"], reference=theirs["cpu"], samples=mine["cpus"], beside=beside)


def report_febrl(run: Run, febrl: dict[str, dict | None]) -> None:
    """This function will put the figures of FEBRL beside their goals; an engine over the limit is left out."""
    ours, splink = febrl["ours"], febrl["splink"]
    beside = [
        (f"{FEBRL_PEERS.get(engine, '我们')} {number}", undone(one, "f1"))
        for engine, sets in febrl.items()
        if sets
        for number, one in sets.items()
    ]
    run.report("G-link-febrl-f1", max(undone(one, "f1") for one in ours.values()), beside=beside)
    if splink:
        lower = sum(ours[number]["f1"] < one["f1"] for number, one in splink.items())
        run.report("G-link-febrl-splink", lower)
        spent = {
            FEBRL_PEERS.get(engine, "我们"): sum(one["cpu"] for one in sets.values())
            for engine, sets in febrl.items()
            if sets
        }
        each = [one["cpu"] for one in ours.values()]
        run.report(
            "G-link-febrl-cpu",
            spent["我们"],
            reference=spent["Splink"],
            samples=each,
            beside=[*spent.items(), ("一份的中位数", statistics.median(each))],
        )
