"""`bangfu duties`: the state kept beside the records is made anew each night, and held against the facts on request."""

import json

import click

from bangfu.command.start import Progress, database_is_up_to_date, start


def _schools() -> tuple:
    """Every school of this database and the day it is."""
    start()
    if not database_is_up_to_date():
        raise click.ClickException("数据库结构还没有更新。先运行一次 bangfu serve。")
    from bangfu.flow import clock
    from bangfu.records.models import School

    return tuple(School.objects.order_by("name")), clock.today()


@click.group()
def duties() -> None:
    """要做的事做到哪一步：每夜补算一次，也可以从头核对。"""


@duties.command()
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印。")
def nightly(as_json: bool) -> None:
    """补算：只算过了期限、刚打开、或背后有改动的。没有运行也不要紧，谁先看谁补算。"""
    schools, day = _schools()
    from bangfu.flow import daily, state

    progress = Progress(quiet=as_json)
    renewed = 0
    for number, school in enumerate(schools):
        progress("补算", number, len(schools))
        for step in daily.EVERY_DAY:
            came = step(school=school, day=day)
            renewed += came if step is state.refresh else 0
    progress.end()
    if as_json:
        click.echo(json.dumps({"day": day.isoformat(), "renewed": renewed}))
    else:
        click.echo(f"补算好了：{renewed} 名学生的要做的事。")


@duties.command()
@click.option("--rebuild", is_flag=True, help="不管对不对，全部重新算一遍再核对。")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印。")
@click.pass_context
def audit(ctx: click.Context, rebuild: bool, as_json: bool) -> None:
    """核对：存着的每一格，和从记录、校历、方案重新算出来的比。有一格不同，退出状态 1。"""
    schools, day = _schools()
    from bangfu.flow import state

    progress = Progress(quiet=as_json)
    totals = {"cases": 0, "cells": 0, "stale": 0, "rebuilt": 0}
    wrong = []
    for number, school in enumerate(schools):
        progress("核对", number, len(schools))
        if rebuild:
            totals["rebuilt"] += state.rebuild(school=school, day=day)
        found = state.audit(school=school, day=day)
        for name in ("cases", "cells", "stale"):
            totals[name] += getattr(found, name)
        wrong += found.wrong
    progress.end()
    if as_json:
        click.echo(json.dumps({"day": day.isoformat(), **totals, "wrong": [_named(*one) for one in wrong]}))
    else:
        _say(totals, wrong)
    ctx.exit(1 if wrong else 0)


def _named(case_id, kept, true) -> dict:
    """A difference by numbers and keys only; no name leaves the database here."""
    cell = kept or true
    return {
        "case": str(case_id),
        "duty": cell.duty_key,
        "period": cell.period,
        "kept": _shown(kept),
        "true": _shown(true),
    }


def _shown(cell) -> str:
    return "没有" if cell is None else f"{cell.state} {cell.count}/{cell.times}"


def _say(totals: dict, wrong: list) -> None:
    for one in wrong[:20]:
        named = _named(*one)
        click.echo("✗ {case} {duty} {period}：存着 {kept}，应是 {true}".format(**named), err=True)
    if len(wrong) > 20:
        click.echo(f"  还有 {len(wrong) - 20} 格", err=True)
    if totals["rebuilt"]:
        click.echo(f"重新算了 {totals['rebuilt']} 名学生。")
    click.echo(f"核对了 {totals['cases']} 名学生、{totals['cells']} 格，{len(wrong)} 格不同。")
    if totals["stale"]:
        click.echo(f"另有 {totals['stale']} 名等着补算，看到之前会先算好；不算错。")
    if wrong:
        click.echo("要改正：bangfu duties audit --rebuild。记录本身没有动过。")
