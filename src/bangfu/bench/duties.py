"""Duties of 1,000,000 children with 53 contacts each: a night, an audit, DuckDB beside it; and what is due, from a database.

Three processes of their own, so that memory is each one's: columns (bench/duties_columns.py), DuckDB (the peer, which
compares every cell), and a school on SQLite (bench/duties_school.py). Every engine must give the same cells.
"""

import json
import subprocess
import sys
import tempfile

from bangfu.bench import Goal, Run, job
from bangfu.bench.school import Broken, surroundings

CHILDREN, FEW, PUPILS = 1_000_000, 3_000, 3_000
QUICK_CHILDREN = 50_000
WINDOWS = "DuckDB 窗口函数（2 线程）"
GOALS = (
    Goal("G-duties-night", "每夜：1,000,000 名学生，状态随记录存着，CPU", "秒", 1.0),
    Goal("G-duties-audit", "从 53,000,000 条记录全部重算并逐格核对，CPU", "秒", 0.5, against=WINDOWS),
    Goal("G-duties-memory", "其间最多占内存", "GB", 2.0),
    Goal("G-duties-few", "3,000 名学生，从校历和记录算起，CPU", "秒", 0.3),
    Goal("G-duties-record", "每条记录随手记下状态（列里）", "微秒", 50),
    Goal("G-duties-cells", "和逐行的引擎、和 DuckDB 不同的格子", "格", 0),
    Goal("G-duties-due", "40 名学生今天有什么可做，3,000 名学生的 SQLite 库，CPU，95%", "毫秒", 3),
    Goal("G-duties-queries", "40 名学生今天有什么可做，数据库查询", "次", 1),
)


@job("duties", title="要做的事：1,000,000 名学生、53,000,000 条记录，做到哪一步", goals=GOALS)
def measure(run: Run) -> None:
    """This function will run the three processes and pass on what they measured."""
    many = QUICK_CHILDREN if run.quick else CHILDREN
    with tempfile.TemporaryDirectory(prefix="bangfu-bench-", ignore_cleanup_errors=True) as folder:
        run.progress(f"编 {many:,} 名学生，重算", 0, 3)
        columns = told(folder, "columns", many)
        run.progress("DuckDB 算同样的格子，逐格比", 1, 3)
        peers = told(folder, "peer", many)
        run.progress(f"{PUPILS:,} 名学生的库", 2, 3)
        school = told(folder, "school", PUPILS if not run.quick else 300)
    report(run, columns, peers, school)


def told(folder: str, part: str, many: int) -> dict:
    """This function will run one part in a process of its own and give what it says."""
    words = [sys.executable, "-m", f"bangfu.bench.duties_{'school' if part == 'school' else 'columns'}"]
    done = subprocess.run(
        [*words, part, str(many), folder], env=surroundings(folder), capture_output=True, encoding="utf-8"
    )
    if done.returncode:
        raise Broken(done.stderr[-4000:])
    return json.loads(done.stdout.splitlines()[-1])


def report(run: Run, columns: dict, peers: dict, school: dict) -> None:
    """This function will put every figure beside its goal."""
    size = f"{columns['children']:,} 名，{columns['acts']:,} 条，{columns['cells']:,} 格"
    run.report("G-duties-night", min(columns["night"]), samples=columns["night"])
    run.report(
        "G-duties-audit",
        columns["audit"],
        reference=peers["windows"],
        beside=[
            (f"对照是 GROUP BY 时的倍数（{size}）", columns["audit"] / peers["group"]),
            ("GROUP BY", peers["group"]),
            ("实际用时", columns["audit_wall"]),
            ("窗口函数实际用时", peers["windows_wall"]),
        ],
    )
    run.report("G-duties-memory", columns["memory"], beside=[("DuckDB", peers["memory"])])
    run.report(
        "G-duties-few",
        columns["few"],
        beside=[
            ("逐行的引擎（按 500 名折算）", columns["row_wise_few"]),
            ("库里全部重算", school["rebuild"]),
        ],
    )
    run.report(
        "G-duties-record", columns["record"], beside=[("库里每条记录多花的 CPU", school["more"] * 1000)]
    )
    wrong = columns["row_wise_wrong"] + columns["kept_wrong"] + peers["differences"] + school["wrong"]
    checked = [
        ("逐行比过", columns["row_wise_cells"]),
        ("DuckDB 比过", peers["cells"]),
        ("库里比过", school["cells"]),
    ]
    run.report("G-duties-cells", wrong, beside=checked)
    run.report(
        "G-duties-due",
        school["due_p95"],
        samples=school["due"],
        beside=[
            ("中位数", school["due_median"]),
            ("实际用时中位数", school["due_wall"]),
            ("有几行", school["rows"]),
            ("今日待办整页（同样的学生）", school["page"]),
        ],
    )
    run.report("G-duties-queries", school["queries"])
