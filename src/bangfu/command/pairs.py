"""`bangfu pairs`: look at a table of pairs, put it in force. Counts and cells out, no names of children."""

import json
from pathlib import Path

import click

from bangfu.command.intake import FILE, JSON, MARKED, SCHOOL, SHOWN, refuse_for_machines, school_named
from bangfu.command.start import bring_database_up_to_date, start
from bangfu.engine.refusal import Refusal

PLAN = click.option("--plan", "plan_key", default="", help="哪一份方案（代号）；只有一份在用时不用写。")


class NoDecider(Refusal):
    sentence = "还没有校长或副校长，结对没有人来定。请先在网页里设好。"


class WhichPlan(Refusal):
    """No plan, or several: the sentence names them."""


def _decider(school):
    from bangfu.flow import clock
    from bangfu.records.access import viewer_of
    from bangfu.records.models import Staff

    day = clock.today()
    people = Staff.objects.filter(school=school).at_work_on(day).select_related("school").order_by("sort_key")
    viewers = [viewer_of(staff, day) for staff in people.prefetch_related("grants")]
    for role in ("principal", "vice_principal"):
        for viewer in viewers:
            if viewer.holds(role):
                return viewer
    raise NoDecider


def _plan(school, key: str, day):
    from bangfu.flow import adopt, pair

    plans = [p for p in adopt.plans_in_force(school, day) if p.subject == "child" and pair.rules_of(p)]
    named = [plan for plan in plans if not key or plan.key == key]
    if len(named) != 1:
        keys = "、".join(f"{plan.key}（{plan.title}）" for plan in plans) or "没有"
        raise WhichPlan(f"请用 --plan 写明是哪一份方案。在用、有结对的：{keys}。")
    return named[0]


def _say(seen) -> None:
    counts = seen.counts
    click.echo(
        f"{counts['rows']} 行：新结 {counts['new']} 对，已经结了的 {counts['same']} 对，"
        f"{counts['faults']} 行要看一下。"
    )
    for fault in seen.faults[:SHOWN]:
        click.echo(
            f"✗ {fault.sheet} 第 {fault.row} 行 {fault.column} 列 {fault.heading}：{fault.hint or '请核对'}"
        )
    if len(seen.faults) > SHOWN:
        click.echo(f"……还有 {len(seen.faults) - SHOWN} 处。加 --marked 文件名 得到标黄的表。")


def _told(seen, *, ok: bool) -> str:
    faults = [
        {"sheet": f.sheet, "row": f.row, "column": f.column, "heading": f.heading, "hint": f.hint}
        for f in seen.faults
    ]
    return json.dumps({"ok": ok, "counts": seen.counts, "faults": faults}, ensure_ascii=False, indent=2)


def _run(ctx: click.Context, file: Path, said: dict, *, writes: bool):
    from bangfu.flow import pair_load

    by = _decider(school_named(said["school_name"]))
    asked = {"content": file.read_bytes(), "file_name": file.name, "by": by}
    asked["plan"] = _plan(by.school, said["plan_key"], by.day)
    try:
        seen = pair_load.load(**asked) if writes else pair_load.look(**asked)
    except Refusal as refusal:
        refuse_for_machines(ctx, refusal, said["as_json"])
    if said["marked"] and seen.faults:
        said["marked"].write_bytes(pair_load.marked(asked["content"], seen))
        click.echo(f"✓ 标黄的表在 {said['marked']}", err=True)
    if said["as_json"]:
        click.echo(_told(seen, ok=writes or not seen.faults))
    else:
        _say(seen)
    return seen


@click.group()
def pairs() -> None:
    """结对的名单：谁帮谁。"""


@pairs.command()
@FILE
@JSON
@SCHOOL
@PLAN
@MARKED
@click.pass_context
def check(ctx: click.Context, file: Path, **said) -> None:
    """看一遍：会新结几对，哪一格要看一下。什么也不写。"""
    start()
    seen = _run(ctx, file, said, writes=False)
    ctx.exit(1 if seen.faults else 0)


@pairs.command()
@FILE
@JSON
@SCHOOL
@PLAN
@MARKED
@click.pass_context
def load(ctx: click.Context, file: Path, **said) -> None:
    """结对从今天起算。有一格要看的行先不结；上限、回避和网页上一样守着。"""
    start()
    bring_database_up_to_date()
    seen = _run(ctx, file, said, writes=True)
    if not said["as_json"]:
        click.echo(f"✓ 新结 {seen.counts['new']} 对，从今天起算。")
