"""Writing down through the web: what it costs beside a plain Django insert, many at once, killed in between, a long file.

Real server processes (granian, as `bangfu serve` starts it), real HTTP, real sessions, the real settings: SQLite with
full durability, and PostgreSQL. Sizes stand in bench/writes_made.py, the clients in bench/writes_clients.py.
"""

import json
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

from bangfu.bench import Goal, Run, job, percentile, summary
from bangfu.bench.school import Broken, surroundings
from bangfu.bench.writes_clients import Told, crowd, in_turn, sheet, writing
from bangfu.bench.writes_server import postgres, postgres_programs, serving

THREADS = 4  # as `bangfu serve` has them
PLAIN = "普通 Django 写入页（表单、校验、两次插入）"
GOALS = (
    Goal("G-writes-cpu", "记一笔（痕迹、应做的都在内），服务器 CPU", "毫秒", 1.15, against=PLAIN),
    Goal("G-writes-week", "一周 200 条一次存下，CPU", "毫秒", 150),
    Goal("G-writes-sqlite", "64 位同时写 SQLite：没有存上的（“locked”等）", "次", 0),
    Goal("G-writes-sqlite-wait", "64 位同时写 SQLite：最久的一次", "秒", 2),
    Goal("G-writes-sqlite-lost", "写到一半 kill -9：答应了却没有的、只有一半的、状态不对的", "条", 0),
    Goal("G-writes-postgres", "64 位同时写 PostgreSQL：没有存上的", "次", 0),
    Goal("G-writes-postgres-wait", "64 位同时写 PostgreSQL：最久的一次", "秒", 2),
    Goal("G-writes-postgres-lost", "写到一半 kill -9：答应了却没有的、只有一半的、状态不对的", "条", 0),
    Goal("G-writes-crowd", "500 位同一刻打开今日、记一笔：出错的", "次", 0),
    Goal("G-writes-long", "有 2,000 条记录的学生：页面，95% 不超过", "毫秒", 300),
    Goal("G-writes-long-size", "有 2,000 条记录的学生：页面（不压缩，取最大的一页）", "KB", 60),
)


@dataclass(frozen=True, slots=True)
class Workload:
    """How many turns, writers, clients, and for how many seconds."""

    turns: int = 24
    block: int = 25
    writers: int = 64
    seconds: int = 60
    clients: int = 500
    views: int = 60
    classes: int = 4  # a grade
    pupils: int = 45  # a class
    long: int = 2_000


FULL = Workload()
QUICK = Workload(turns=8, block=10, writers=16, seconds=6, clients=100, views=12, classes=1, pupils=30)


@job("writes", title="记一笔：花多少、同时写、断电、很长的档案", goals=GOALS)
def measure(run: Run) -> None:
    """This function will make a school on each database, have it written to, and report."""
    workload = QUICK if run.quick else FULL
    if run.size:
        workload = replace(workload, seconds=run.size)
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder:
        on_sqlite(run, workload, Path(folder))
    if (programs := postgres_programs()) is None:
        return  # the goals stay unmet, and say so
    with (
        tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder,
        postgres(programs) as address,
    ):
        on_postgres(run, workload, Path(folder), address)


def on_sqlite(run: Run, workload: Workload, folder: Path) -> None:
    """This function will measure everything on a file of SQLite."""
    environment = surroundings(str(folder))
    run.progress("建学校", 0, 8)
    school = made(environment, workload)
    with serving(environment, THREADS) as server:
        run.progress("记一笔和普通的写入页轮流", 1, 8)
        cost(run, server, school, workload)
        run.progress("很长的档案", 2, 8)
        long_file(run, server.port, school, workload)
        run.progress(f"{workload.clients} 位同一刻", 3, 8)
        stored = report_crowd(run, server.port, school, workload)
    report_week(run, school["week"])
    run.progress("同时写 SQLite，然后 kill -9", 4, 8)
    report_many(run, "sqlite", environment, school | {"stored": stored}, workload)


def on_postgres(run: Run, workload: Workload, folder: Path, address: str) -> None:
    """This function will have many write to PostgreSQL at once."""
    environment = surroundings(str(folder)) | {"BANGFU_DATABASE_URL": address}
    run.progress("建学校（PostgreSQL）", 5, 8)
    school = made(environment, workload)
    run.progress("同时写 PostgreSQL，然后 kill -9", 6, 8)
    report_many(run, "postgres", environment, school | {"stored": []}, workload)


def made(environment: dict[str, str], workload: Workload) -> dict:
    """This function will make a school of that size."""
    people = max(workload.writers, workload.clients)
    return told(environment, "make", people, workload.classes, workload.pupils, workload.long)


def told(environment: dict[str, str], *words) -> dict:
    """This function will run bench/writes_made.py in a process of its own and give what it says."""
    command = [sys.executable, "-m", "bangfu.bench.writes_made", *map(str, words)]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8")
    if done.returncode:
        raise Broken(done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def cost(run: Run, server, school: dict, workload: Workload) -> None:
    """This function will take turns between our sheet, the plain page, and two lines that insert; CPU of the server."""
    person = school["writers"][0]
    pupils, number = person["pupils"], 0
    taken: dict[str, list[float]] = {
        "/record/new": [],
        "/plain/sheet": [],
        "/plain/record": [],
        "/plain/nothing": [],
    }
    for turn in range(workload.turns + 1):
        for address, found in taken.items():
            asks = []
            for _ in range(workload.block):
                number += 1
                record, form = sheet(pupils[number % len(pupils)], school["day"])
                asks.append(("POST", address, form))
            before = server.cpu()
            in_turn(server.port, person["session"], asks, 200 if address == "/plain/nothing" else 302)
            if turn:  # the first block is warm-up
                found.append((server.cpu() - before) / workload.block)
    middle = {address: summary(found)["median"] for address, found in taken.items()}
    ours = middle["/record/new"]
    run.report(
        "G-writes-cpu",
        ours,
        reference=middle["/plain/sheet"],
        samples=taken["/record/new"],
        beside=[
            ("只有两次插入、什么都不查的页", middle["/plain/record"]),
            ("和它比，倍数", ours / middle["/plain/record"]),
            ("什么都不做的页", middle["/plain/nothing"]),
        ],
    )


def long_file(run: Run, port: int, school: dict, workload: Workload) -> None:
    """This function will turn the pages of a very long file: seconds over HTTP, and bytes before compression."""
    child = school["long"]
    pages = ["", "?page=2", "?page=40", "?page=9999"]
    asks = [("GET", f"/pupils/{child['pupil']}{pages[at % 4]}", None) for at in range(workload.views)]
    taken = [seconds * 1000 for seconds, _ in in_turn(port, child["session"], asks, 200)][4:]
    bare = [("GET", f"/pupils/{child['pupil']}{page}", None) for page in pages]
    sizes = [size / 1024 for _, size in in_turn(port, child["session"], bare, 200, plain=True)]
    size = f"{child['records']:,} 条记录"
    run.report(
        "G-writes-long", percentile(taken, 0.95), samples=taken, beside=[(size, summary(taken)["median"])]
    )
    run.report("G-writes-long-size", max(sizes), beside=[("第一页", sizes[0])])


def report_crowd(run: Run, port: int, school: dict, workload: Workload) -> list[str]:
    """This function will have everybody open today and write at one moment; gives the records acknowledged."""
    opened, wrote = crowd(port, school["writers"][: workload.clients], school["day"])
    beside = [
        ("打开了今日的", len(opened.waits)),
        ("打开今日：中位，秒", percentile(opened.waits, 0.5)),
        ("打开今日：最久，秒", max(opened.waits, default=0.0)),
        ("记下的", len(wrote.stored)),
        ("记一笔：最久，秒", max(wrote.waits, default=0.0)),
    ]
    run.report("G-writes-crowd", len(opened.errors) + len(wrote.errors), beside=beside)
    return wrote.stored


def report_week(run: Run, week: dict) -> None:
    """This function will report a week away stored in one go."""
    beside = [
        ("实际用时", summary(week["wall"])["median"]),
        ("学生", week["pupils"]),
        ("状态不对的", week["audit"]["wrong"]),
    ]
    run.report("G-writes-week", summary(week["cpu"])["median"], samples=week["cpu"], beside=beside)


def report_many(run: Run, name: str, environment: dict, school: dict, workload: Workload) -> None:
    """This function will have many write for some seconds, kill the server while they do, and look what is there."""
    with serving(environment, THREADS) as server:
        people = school["writers"][: workload.writers]
        warmed = warm(server.port, people[0], school["day"])
        until = time.monotonic() + workload.seconds
        calm = writing(server.port, people, school["day"], until=lambda: time.monotonic() > until)
        busy = _killed(server, people, school["day"])
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join([*school["stored"], *warmed, *calm.stored, *busy.stored]))
        file.flush()
        found = told(environment, "check", file.name)
    rate = len(calm.stored) / workload.seconds
    waits = calm.waits or [float(workload.seconds)]
    beside = [
        (f"每秒记下（{workload.seconds} 秒）", rate),
        *((words, 1) for words in sorted(set(calm.errors))[:5]),
    ]
    run.report(f"G-writes-{name}", len(calm.errors), beside=beside)
    beside = [("中位数", summary(waits)["median"]), ("95%", percentile(waits, 0.95))]
    run.report(f"G-writes-{name}-wait", max(waits), samples=waits, beside=beside)
    wrong = found["lost"] + found["half"] + found["audit"]["wrong"] + (found["whole"] != "ok")
    beside = [("答应了的", found["acknowledged"]), ("核对的格子", found["audit"]["cells"])]
    run.report(f"G-writes-{name}-lost", wrong, beside=beside)


def warm(port: int, person: dict, day: str) -> list[str]:
    """This function will write a few records before anything is timed: a server that just started still reads its plans."""
    sheets = [sheet(person["pupils"][0], day) for _ in range(2 * THREADS)]
    in_turn(port, person["session"], [("POST", "/record/new", form) for _, form in sheets], 302)
    return [record for record, _ in sheets]


def _killed(server, people: list[dict], day: str) -> Told:
    """Everybody writes; after two seconds the server is gone; who was waiting has no answer, and nobody was promised."""
    began, is_gone = time.monotonic(), False

    def gone() -> bool:
        nonlocal is_gone
        if not is_gone and time.monotonic() - began > 2:
            server.kill()
            is_gone = True
        return is_gone

    return writing(server.port, people, day, until=gone)
