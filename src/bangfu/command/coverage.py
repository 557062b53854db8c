"""`bangfu coverage`: does every roll of this database add up? By class and village, ids only, no names (P0-34, R30)."""

import json

import click

from bangfu.command.start import database_is_up_to_date, start

PARTS = ("helped", "screened", "waiting", "excluded", "open")
WORDS = {
    "helped": "有人在帮", "screened": "看过，不用帮", "waiting": "等着问清", "excluded": "写明了原因", "open": "还没有着落",
}  # fmt: skip


@click.command()
@click.option("--check", is_flag=True, help="有孩子没有着落，退出状态 1。")
@click.option("--class", "by_class", is_flag=True, help="逐班列出。")
@click.option("--village", "by_village", is_flag=True, help="逐村列出。")
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印，没有姓名，只有编号。")
@click.pass_context
def coverage(ctx: click.Context, check: bool, by_class: bool, by_village: bool, as_json: bool) -> None:
    """不漏一人：名册上的每个孩子都有着落没有。只说数字和编号，不说姓名。"""
    start()
    if not database_is_up_to_date():
        raise click.ClickException("数据库结构还没有更新。先运行一次 bangfu serve。")
    from bangfu.flow import clock
    from bangfu.flow import coverage as statement
    from bangfu.records.models import School

    day = clock.today()
    found = [(one, statement.statement(school=one, day=day)) for one in School.objects.order_by("name")]
    if as_json:
        told = [_as_json(school, one) for school, one in found]
        click.echo(json.dumps({"day": day.isoformat(), "schools": told}, ensure_ascii=False))
    else:
        for school, one in found:
            _say(school, one, by_class=by_class, by_village=by_village)
    adds_up = all(one.adds_up for _, one in found)
    ctx.exit(1 if check and not adds_up else 0)


def _as_json(school, found) -> dict:
    return {
        "school": str(school.pk),
        "term": found.term.key if found.term else None,
        "plans": [plan.key for plan in found.plans],
        "adds_up": found.adds_up,
        "whole": _parts(found.whole),
        "classes": [{"class": one.label, "id": one.key} | _parts(one) for one in found.classes],
        "villages": [{"village": one.label} | _parts(one) for one in found.villages],
        "by_plan": [{"plan": one.key} | _parts(one) for one in found.by_plan],
        "differences": [
            {"pupil": str(child.id), "class": child.label, "todo": child.place.todo, "plan": child.place.at}
            for child in found.differences
        ],
    }


def _parts(one) -> dict:
    return {"roll": one.roll} | {part: getattr(one, part) for part in PARTS}


def _sum(one) -> str:
    return f"名册 {one.roll} ＝ " + " ＋ ".join(f"{WORDS[part]} {getattr(one, part)}" for part in PARTS)


def _say(school, found, *, by_class: bool, by_village: bool) -> None:
    click.echo(f"{'✓' if found.adds_up else '✗'} {school.name}：{_sum(found.whole)}")
    lines = [(one.label or "班级还没写", one) for one in found.classes] if by_class else []
    lines += [(one.label or "村还没写", one) for one in found.villages] if by_village else []
    for label, one in lines:
        click.echo(f"  {label}：{_sum(one)}")
    for child in found.differences[:20]:
        click.echo(f"  ✗ {child.label or '班级还没写'} {child.id} {child.place.todo}", err=True)
    if len(found.differences) > 20:
        click.echo(f"  还有 {len(found.differences) - 20} 名，全部见 --json", err=True)
