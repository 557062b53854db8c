"""A school of 3,000 pupils and 200 staff, invented in a data folder of its own; its pages, its records, its server.

Measured in a process of its own, so that the settings are the real ones (SQLite file, WAL, full durability) and the
user's data folder is never touched. bench/visits.py makes the visits, bench/plain_page.py holds the peers.
"""

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass

from bangfu.bench import Goal, Run, intake, job

DAY = "2026-11-18"  # a Wednesday in the twelfth teaching week: a full board, whatever day it is run
PEER = "普通 Django 页（模型实例、select_related、Django 模板）"
MS = "毫秒"
GOALS = (
    Goal("G-school-today", "今日待办，95% 不超过（服务器用时）", MS, 100),
    Goal("G-school-file", "一名学生的页面，95% 不超过", MS, 150),
    Goal("G-school-board", "校长的看板，95% 不超过", MS, 300),
    Goal("G-school-record", "记一笔（提交），95% 不超过", MS, 100),
    Goal("G-school-list", "50 名学生的名单页，CPU 中位数", MS, 0.5, against=PEER),
    Goal("G-school-list-queries", "50 名学生的名单页，数据库查询", "次", 3),
    Goal("G-school-weight", "今日待办页压缩后（HTML、CSS、JS、图标，gzip 6 级，取最重的一位）", "KB", 40),
    Goal("G-school-memory", "服务器看过 200 页以后的常驻内存（所有进程相加）", "MB", 400),
    *intake.COMPARED,
)


@dataclass(frozen=True, slots=True)
class Workload:
    """How large the school is and how often each thing is done in it."""

    classes_per_grade: int = 10
    pupils_per_class: int = 50
    staff: int = 200
    visitors: int = 40
    rounds: int = 5
    boards: int = 40
    lists: int = 40
    views: int = 200
    roll: int = 5_000


FULL = Workload()
QUICK = Workload(
    classes_per_grade=3, pupils_per_class=40, staff=60, visitors=16, rounds=3, boards=12, lists=12, roll=1_000
)


class Broken(Exception):
    """The measuring process ended badly; what it said stands in the message."""


def surroundings(folder: str) -> dict[str, str]:
    """This function will give the environment of a server with default settings and an empty data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BANGFU_")}
    return kept | {
        "BANGFU_DATA_DIR": folder,
        "BANGFU_DAY": DAY,
        "BANGFU_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "bangfu.settings",
        "PYTHONIOENCODING": "utf-8",
    }


@job("school", title="一所 3,000 名学生、200 名教师的学校：页面、记录、服务器", goals=GOALS)
def measure(run: Run) -> None:
    """This function will have the school built and visited, and pass on what was measured."""
    workload = QUICK if run.quick else FULL
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder:
        words = [sys.executable, "-m", "bangfu.bench.visits", json.dumps(asdict(workload))]
        with (
            open(os.path.join(folder, "said.txt"), "w+", encoding="utf-8") as said,
            subprocess.Popen(
                words, stdout=subprocess.PIPE, stderr=said, env=surroundings(folder), encoding="utf-8"
            ) as process,
        ):
            for line in process.stdout:
                _pass_on(run, json.loads(line))
            if process.wait():
                said.seek(0)
                raise Broken(said.read()[-4000:])


def _pass_on(run: Run, told: dict) -> None:
    if "progress" in told:
        run.progress(*told["progress"])
    else:
        run.report(told.pop("goal"), told.pop("measured"), **told)
