"""`bangfu lists`: look at a list of another office, load it, take the last one back. Counts and cells out, no names."""

import json
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

import click

from bangfu.command.intake import (
    FILE,
    JSON,
    MARKED,
    SCHOOL,
    SHOWN,
    NoSchool,
    keeper_of,
    refuse_for_machines,
    school_named,
)
from bangfu.command.start import bring_database_up_to_date, start
from bangfu.engine.refusal import Refusal

LIST = click.option("--list", "key", required=True, help="哪一种名单；bangfu lists kinds 列出全部。")
ON = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="名单的日期；不写就用表上方写的，再没有就用今天。"
)
FACT = click.option("--fact", default="", help="老师的名单、其他名单：在名单上说明什么（事实的代号）。")
NAMED = click.option("--title", default="", help="其他名单叫什么；列的对照按这个名字记住。")


def _day(on: datetime | None) -> date | None:
    return on.date() if on else None


def _say(seen) -> None:
    counts = seen.counts
    for note in seen.reading.notes:
        click.echo(f"! {note}")
    click.echo(
        f"{counts['rows']} 行：对上 {counts['sure']} 名学生，{counts['unsure']} 行要比一比，"
        f"{counts['others']} 行不是我们的学生，"
        f"{counts['blocked']} 行要看一下，先不导入。"
    )
    click.echo(
        f"新知道 {counts['new']} 名、改动 {counts['changed']} 名、没变 {counts['same']} 名；"
        f"上次在、这次不在名单上 {counts['leavers']} 名，由人来定。"
    )
    for word, ask in seen.reading.words.items():
        click.echo(f"? “{word}”要说明是哪一类。{ask} 请在网页的“名单”里选。")
    for fault in seen.faults[:SHOWN]:
        cell = f"{fault.sheet} 第 {fault.row} 行 {fault.column} 列 {fault.heading}"
        click.echo(f"{'✗' if fault.blocks else '?'} {cell}：{fault.what}")
    if len(seen.faults) > SHOWN:
        click.echo(f"……还有 {len(seen.faults) - SHOWN} 处。加 --marked 文件名 得到标黄的表。")


def _values(seen) -> dict:
    return {
        "counts": seen.counts,
        "columns": {heading: name for heading, (_, name) in seen.reading.headings.items()},
        "words": seen.reading.words,
        "stated_on": str(seen.about.stated_on or seen.reading.stated_on or ""),
        "faults": [
            {
                "sheet": fault.sheet, "row": fault.row, "column": fault.column, "heading": fault.heading,
                "what": fault.what, "hint": fault.hint, "blocks": fault.blocks,
            }
            for fault in seen.faults
        ],
    }  # fmt: skip


@click.group()
def lists() -> None:
    """别的部门发来的名单。"""


@lists.command()
def kinds() -> None:
    """列出认得的名单。"""
    from bangfu.exchange import list_kind

    for kind in list_kind.kinds().values():
        click.echo(f"{kind.key}\t{kind.title}（{kind.issued_by}）")


@lists.command()
@FILE
@LIST
@JSON
@SCHOOL
@MARKED
@ON
@FACT
@NAMED
@click.pass_context
def check(ctx: click.Context, file: Path, key: str, **said) -> None:
    """看一遍名单：对上几名学生、会记下什么、哪一格要看一下。什么也不写。"""
    start()
    from django.db import DatabaseError

    from bangfu.exchange.list_kind import kinds as known
    from bangfu.flow import clock, list_look
    from bangfu.flow import lists as verbs

    school = None
    with suppress(DatabaseError, NoSchool):
        school = school_named(said["school_name"])
    try:
        if key not in known():
            raise verbs.WhichList
        about = list_look.About(known()[key], _day(said["on"]), said["fact"], said["title"])
        content, day = file.read_bytes(), clock.today()
        seen = list_look.look(content=content, file_name=file.name, school=school, day=day, about=about)
    except Refusal as refusal:
        refuse_for_machines(ctx, refusal, said["as_json"])
    if said["marked"] and seen.faults:
        said["marked"].write_bytes(verbs.marked(content, seen))
        click.echo(f"✓ 标黄的表在 {said['marked']}", err=True)
    if said["as_json"]:
        click.echo(json.dumps({"ok": not seen.faults, **_values(seen)}, ensure_ascii=False, indent=2))
    else:
        _say(seen)
    ctx.exit(1 if seen.faults else 0)


@lists.command()
@FILE
@LIST
@JSON
@SCHOOL
@ON
@FACT
@NAMED
@click.option("--yes", is_flag=True, help="改动超过一成也导入。")
@click.pass_context
def load(ctx: click.Context, file: Path, key: str, **said) -> None:
    """导入名单。拿不准的留给人在网页里比；七天内可以撤销。"""
    start()
    bring_database_up_to_date()
    from bangfu.flow import lists as verbs

    by = keeper_of(school_named(said["school_name"]))
    answers = verbs.Answers(_day(said["on"]), said["fact"], said["title"])
    try:
        one, seen = verbs.check(
            content=file.read_bytes(), file_name=file.name, key=key, by=by, answers=answers
        )
        one = verbs.load(received=one, by=by, confirmed=said["yes"], seen=seen)
    except Refusal as refusal:
        refuse_for_machines(ctx, refusal, said["as_json"])
    if said["as_json"]:
        click.echo(
            json.dumps({"ok": True, "list": str(one.pk), **_values(seen)}, ensure_ascii=False, indent=2)
        )
    else:
        _say(seen)
        click.echo(f"✓ 导入好了。{verbs.UNDO_DAYS} 天内可以撤销：bangfu lists undo")
    ctx.exit(1 if seen.counts["blocked"] else 0)


@lists.command()
@SCHOOL
def undo(school_name: str | None) -> None:
    """撤销最近导入的一份名单（七天内）。"""
    start()
    from bangfu.flow import lists as verbs
    from bangfu.records.models import ReceivedList

    by = keeper_of(school_named(school_name))
    loaded = ReceivedList.objects.loaded().filter(intake__school=by.school).select_related("intake")
    last = loaded.order_by("-intake__loaded_at").first()
    if last is None:
        raise verbs.NotLoaded
    counts = verbs.undo(received=last, by=by)
    click.echo(f"✓ 撤销好了：{counts['stated']} 名学生回到导入以前的样子。")
