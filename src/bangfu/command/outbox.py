"""`bangfu outbox`: look into a file exported on a phone, take it in. Counts out, no names and no words of anybody."""

import json
from pathlib import Path

import click

from bangfu.command.intake import FILE, JSON, SCHOOL, keeper_of, refuse_for_machines, school_named
from bangfu.command.start import bring_database_up_to_date, start
from bangfu.engine.refusal import Refusal


def _seen(ctx: click.Context, file: Path, said: dict):
    from bangfu.flow import outbox_file

    by = keeper_of(school_named(said["school_name"]))
    try:
        return outbox_file.look(content=file.read_bytes(), by=by), by
    except Refusal as refusal:
        refuse_for_machines(ctx, refusal, said["as_json"])


def _values(seen) -> dict:
    return {
        "items": len(seen.opened.items), "known": seen.known, "broken": len(seen.opened.broken), "kinds": seen.kinds,
    }  # fmt: skip


def _say(seen) -> None:
    kinds = "、".join(f"{kind} {count}" for kind, count in seen.kinds.items())
    click.echo(f"{len(seen.opened.items)} 条（{kinds or '空的'}），其中 {seen.known} 条学校已经有了。")
    if seen.opened.broken:
        click.echo(
            f"! {len(seen.opened.broken)} 条打不开：传的时候坏了，或者不是这部手机写的。手机上的还在。"
        )


@click.group()
def outbox() -> None:
    """手机上导出的待传文件。"""


@outbox.command()
@FILE
@JSON
@SCHOOL
@click.pass_context
def check(ctx: click.Context, file: Path, **said) -> None:
    """看一遍：有几条，学校已经有了几条。什么也不写。"""
    start()
    seen, _by = _seen(ctx, file, said)
    if said["as_json"]:
        click.echo(json.dumps({"ok": not seen.opened.broken, **_values(seen)}, ensure_ascii=False, indent=2))
    else:
        _say(seen)
    ctx.exit(1 if seen.opened.broken else 0)


@outbox.command()
@FILE
@JSON
@SCHOOL
@click.pass_context
def load(ctx: click.Context, file: Path, **said) -> None:
    """收进来，作者还是写的那位老师。同一个文件收两遍，只记一遍。"""
    start()
    bring_database_up_to_date()
    from bangfu.web import inbox

    seen, by = _seen(ctx, file, said)
    became = inbox.load(seen, by)
    if said["as_json"]:
        click.echo(json.dumps({"ok": "refused" not in became, **_values(seen), "became": became}, indent=2))
    else:
        _say(seen)
        click.echo(
            f"✓ 记下 {became.get('stored', 0)} 条，已经有的 {became.get('known', 0)} 条，"
            f"要人看一眼的 {became.get('review', 0) + became.get('conflict', 0)} 条，"
            f"没有收下的 {became.get('refused', 0)} 条。"
        )
    ctx.exit(1 if "refused" in became else 0)
