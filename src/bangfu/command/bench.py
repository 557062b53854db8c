"""`bangfu bench JOB`: what was measured, beside what, and whether each goal is met. Exit 0 only if all are."""

import importlib
import json
import pkgutil

import click

import bangfu.bench as room
from bangfu.bench import JOBS, Job, Outcome
from bangfu.command.start import Progress, start


def jobs() -> dict[str, Job]:
    """This function will import every module of the room, so that each registers its job."""
    for module in pkgutil.iter_modules(room.__path__):
        importlib.import_module(f"{room.__name__}.{module.name}")
    return JOBS.jobs


def figure(value: float | None, unit: str) -> str:
    """This function will print a figure with three significant digits and its unit."""
    if value is None:
        return "没有测到"
    shown = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
    return f"{shown} {unit}".strip()


def line_of(outcome: Outcome) -> str:
    """This function will say one goal in one line: id, measured, beside what, limit, met or not."""
    goal = outcome.goal
    parts = [f"{'✓' if outcome.met else '✗'} {goal.id}  {goal.title}：{figure(outcome.measured, goal.unit)}"]
    if goal.against:
        ratio = "?" if outcome.score is None else f"{outcome.score:.3g}"
        parts.append(f"同一次运行里 {goal.against} {figure(outcome.reference, goal.unit)}，是它的 {ratio} 倍")
        parts.append(f"目标 ≤ {goal.limit:.3g} 倍")
    else:
        parts.append(f"目标 ≤ {figure(goal.limit, goal.unit)}")
    parts += [f"旁证 {name} {figure(value, goal.unit)}" for name, value in outcome.beside]
    return "；".join((*parts, "达到" if outcome.met else "没有达到"))


@click.command()
@click.argument("name", metavar="[JOB]", required=False)
@click.option("--quick", is_flag=True, help="少重复几遍；school 还把学校缩小，并说明多大。")
@click.option(
    "--runs", "--seconds", "size", type=click.IntRange(1), help="跑几遍（chaos，默认 1000），写几秒（writes，默认 60）。"
)
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印，附机器情况和中位数。")
@click.pass_context
def bench(ctx: click.Context, name: str | None, quick: bool, size: int | None, as_json: bool) -> None:
    """量一量：每个目标测得多少，同一次运行里的对照是多少，达到没有。"""
    start()
    known = jobs()
    if name is None:
        click.echo("\n".join(f"{job.name}  {job.title}" for job in known.values()) or "还没有可以量的事。")
        return
    if name not in known:
        raise click.BadParameter(f"没有“{name}”。现有：{'、'.join(known) or '无'}。", param_hint="JOB")
    facts = room.machine()
    progress = Progress(quiet=as_json)
    outcomes = known[name].run(quick=quick, progress=progress, size=size)
    progress.end()
    met = sum(outcome.met for outcome in outcomes)
    if as_json:
        values = {
            "job": name,
            "quick": quick,
            "machine": facts,
            "goals": [one.as_values() for one in outcomes],
        }
        click.echo(json.dumps({**values, "met": met == len(outcomes)}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(line_of(outcome) for outcome in outcomes))
        click.echo(f"{name}：{len(outcomes)} 个目标，达到 {met} 个。")
    ctx.exit(0 if outcomes and met == len(outcomes) else 1)
