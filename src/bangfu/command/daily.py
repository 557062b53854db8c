"""`bangfu daily`: what the clock would do now, once. For cron, systemd or the task scheduler; safe to run at any time."""

import json
from dataclasses import asdict

import click

from bangfu.command.start import database_is_up_to_date, start


@click.command()
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印。")
def daily(as_json: bool) -> None:
    """到点的事做一遍：每天一次的补算，到点的提醒。随时可以跑，几台一起跑也只做一次。"""
    start()
    if not database_is_up_to_date():
        raise click.ClickException("数据库结构还没有更新。先运行一次 bangfu serve。")
    from bangfu.flow import clock
    from bangfu.flow import daily as clockwork

    ran = clockwork.run(now=clock.now())
    if as_json:
        click.echo(json.dumps(asdict(ran)))
    else:
        click.echo(f"补算了 {ran.nights} 所学校，发出 {ran.sent} 条提醒。")
    if ran.broken:
        raise click.ClickException(f"{ran.broken} 所学校这次没有做成，下次再做。原因在日志里。")
