"""Screening 1,000,000 children by the rules of all shipped packs and by twelve fixed ones, reasons and unknowns included.

Beside it, in the same run: the same rules as SQL by hand, OpenFisca, a loop over the row-wise engine. All must agree.
"""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bangfu.bench import Goal, Run, interleaved, job, percentile, timed

CHILDREN, PREVIEWED, LOOPED, EXPLAINED = 1_000_000, 100_000, 2_000, 200
PEER = "手写的 DuckDB SQL（只有答案）"
GOALS = (
    Goal("G-rules-packs", "全部方案包的规则，1,000,000 名学生，含理由和要问的", "秒", 1.25, against=PEER),
    Goal("G-rules-fixed", "固定的 12 条规则，1,000,000 名学生，含理由和要问的", "秒", 1.25, against=PEER),
    Goal("G-rules-preview", "一份方案试算，100,000 名学生，从 Python 列表到名单和要问的", "秒", 0.5),
    Goal("G-rules-one", "一名学生，全部方案包，理由写成话，95%", "毫秒", 5),
    Goal("G-rules-call", "叫一次的固定开销：全部方案包，表里只有一名学生", "毫秒", 10),
)


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """A table of children in DuckDB, the rules to judge it by, ready, and the same rules as SQL."""

    table: str
    columns: Mapping[str, Any]
    prepared: Any
    sql: Mapping[str, str]
    connection: Any

    def ours(self) -> Any:
        """This function will judge everything: answers, reasons and unknowns of every child and rule, as arrays."""
        from bangfu.analytics import rules

        return rules.judge(self.prepared, self.connection, self.table)


@job("rules", title="规则：1,000,000 名学生，全部方案包，含理由和要问的", goals=GOALS)
def measure(run: Run) -> None:
    """This function will screen, preview and explain, every engine giving the same answers."""
    screen(run)


def screen(run: Run, children: int = CHILDREN, previewed: int = PREVIEWED) -> None:
    """This function will do the whole job on so many children."""
    from bangfu.analytics import rules
    from bangfu.bench import rules_children as made

    connection = rules.connect(threads=2)
    read, specs = made.pack_rules()
    run.progress(f"编 {children:,} 名学生", 0, 5)
    packs = field(connection, "packs", made.invent(read, specs, children), read)
    twelve = made.fixed_rules()
    invented = made.invent(twelve, made.FACTS, children)
    fixed = field(connection, "fixed", invented, twelve, made.fixed_sql())
    run.progress("全部方案包的规则", 1, 5)
    compare(run, "G-rules-packs", packs, f"{len(read)} 条规则，{len(packs.sql)} 条不同")
    run.progress("固定的 12 条规则", 2, 5)
    compare(run, "G-rules-fixed", fixed, f"{len(fixed.sql)} 条规则")
    run.progress("试算", 3, 5)
    previews(run, previewed)
    run.progress("讲一名学生", 4, 5)
    one_child(run, packs)
    call(run, packs)


def field(
    connection: Any, table: str, columns: Mapping[str, Any], read: Mapping[str, Any], sql: Any = None
) -> Field:
    """This function will make the table; without SQL by hand, each different rule is translated once."""
    from bangfu.analytics import rules
    from bangfu.bench import rules_children as made
    from bangfu.bench.rules_peers import sql_of

    made.fill(connection, table, columns)
    once = {one.root: key for key, one in reversed(read.items())}
    sql = sql or {key: sql_of(root) for root, key in once.items()}
    return Field(table, columns, rules.prepare(read), sql, connection)


def compare(run: Run, goal: str, held: Field, size: str) -> None:
    """This function will time ours and the SQL turn by turn; the SQL may choose the cheaper way to hand answers over."""
    from bangfu.bench import rules_peers as peers

    agree(held)
    repeat = 3 if run.quick else 9
    arrays: Callable = lambda: peers.as_arrays(held.connection, held.table, held.sql)  # noqa: E731
    kept: Callable = lambda: peers.as_table(held.connection, held.table, held.sql)  # noqa: E731
    choice = min((arrays, kept), key=lambda way: statistics.median(timed(way, repeat=3).cpu))
    mine, theirs = interleaved(held.ours, choice, repeat=repeat)
    cpu, other = statistics.median(mine.cpu), statistics.median(theirs.cpu)
    beside = [(f"{size}；实际用时", statistics.median(mine.wall))]
    beside += [("对照的实际用时", statistics.median(theirs.wall)), *others(held)]
    run.report(goal, cpu, reference=other, samples=mine.cpu, beside=beside)


def agree(held: Field) -> None:
    """This function will hold every answer equal to the SQL's, or fail the job."""
    from bangfu.bench import rules_peers as peers

    verdicts = held.ours()
    for key, theirs in peers.answers(held.connection, held.table, held.sql).items():
        if not np.array_equal(verdicts[key].answer, theirs):
            raise AssertionError(f"SQL and the columns answer {key} differently")


def others(held: Field) -> list[tuple[str, float]]:
    """This function will time OpenFisca (answers only) and the row-wise loop (scaled up), checked equal to ours."""
    from bangfu.bench import rules_peers as peers

    verdicts, found = held.ours(), []
    children = len(next(iter(held.columns.values())).data)
    rules = {key: held.prepared.rules[key] for key in held.sql}
    fisca = peers.openfisca({f"rule_{n}": one for n, one in enumerate(rules.values())}, held.columns)
    if fisca is not None:
        for key, theirs in zip(rules, fisca().values(), strict=True):
            if not np.array_equal(verdicts[key].answer, theirs):
                raise AssertionError(f"OpenFisca and the columns answer {key} differently")
        found.append(
            ("OpenFisca-core（只有答案，数已备成数组）", statistics.median(timed(fisca, repeat=3).cpu))
        )
    sample = min(LOOPED, children)
    row_wise = peers.loop(rules, held.columns, sample)
    same(held, verdicts, row_wise())
    seconds = statistics.median(timed(row_wise, repeat=3).cpu) * children / sample
    return [*found, (f"逐个学生循环（量 {sample:,} 名，按比例放大）", seconds)]


def same(held: Field, verdicts: Any, rows: list) -> None:
    """This function will hold reasons and unknowns equal to the row-wise engine's, too."""
    says = {1: True, 0: False, -1: None}
    for at, judged in enumerate(rows):
        facts = {name: column.value(at) for name, column in held.columns.items()}
        for key, expected in judged.items():
            one = verdicts[key]
            found = (
                says[int(one.answer[at])],
                held.prepared.reasons(key, one.reasons[at], facts),
                held.prepared.unknown(key, one.unknown[at]),
            )
            if found != (expected.answer, expected.reasons, expected.unknown):
                raise AssertionError(f"the columns and the row-wise engine differ on {key}, child {at}")


def previews(run: Run, children: int) -> None:
    """This function will try every shipped plan on lists of facts, read anew each time; the slowest counts."""
    from bangfu.analytics.preview import preview, rules_of
    from bangfu.bench import rules_children as made
    from bangfu.flow import adopt

    shelf, took = adopt.shelf(), {}
    for (key, edition), plan in sorted(shelf.plans.items()):
        asked = rules_of(plan, shelf.commons.facts)
        if not asked:
            continue
        invented = made.invent(asked, shelf.commons.facts, children)
        rows = {name: column.values() for name, column in invented.items()}
        runs = timed(lambda p=plan, r=rows: preview(p, r, shelf.commons.facts), repeat=1 if run.quick else 3)
        took[f"{key}.{edition}"] = (statistics.median(runs.cpu), statistics.median(runs.wall))
    name = max(took, key=took.get)
    cpu, wall = took[name]
    beside = [(f"最慢的是 {name}，实际用时", wall)]
    run.report("G-rules-preview", cpu, samples=[one for one, _ in took.values()], beside=beside)


def one_child(run: Run, held: Field) -> None:
    """This function will explain children one by one with every pack's rules, reasons in words."""
    rows = min(EXPLAINED, len(next(iter(held.columns.values())).data))
    children = [{name: column.value(at) for name, column in held.columns.items()} for at in range(rows)]
    cpus, walls = [], []
    for facts in [*children[:20], *children]:
        wall, cpu = time.perf_counter(), time.process_time()
        verdicts = [one.judge(facts) for one in held.prepared.rules.values()]
        words = ["；".join(reason.text for reason in verdict.reasons) for verdict in verdicts]
        cpus.append((time.process_time() - cpu) * 1000)
        walls.append((time.perf_counter() - wall) * 1000)
        assert len(words) == len(held.prepared.rules)
    cpus, walls = cpus[20:], walls[20:]  # the first few warm up
    beside = [("中位数", statistics.median(cpus)), ("实际用时，中位数", statistics.median(walls))]
    run.report("G-rules-one", percentile(cpus, 0.95), samples=cpus, beside=beside)


def call(run: Run, held: Field) -> None:
    """This function will judge a table of one child, so that only the cost of calling is left."""
    from bangfu.analytics import rules

    held.connection.execute(f"create or replace table one as select * from {held.table} limit 1")
    runs = timed(lambda: rules.judge(held.prepared, held.connection, "one"), repeat=15 if run.quick else 50)
    cpu, wall = ([seconds * 1000 for seconds in samples] for samples in (runs.cpu, runs.wall))
    anew = timed(lambda: rules.prepare(held.prepared.rules), repeat=5).cpu
    beside = [("实际用时，中位数", statistics.median(wall))]
    beside.append(("其中不含：规则读好后的准备", statistics.median(anew) * 1000))
    run.report("G-rules-call", statistics.median(cpu), samples=cpu, beside=beside)
