"""`bangfu scheduler`: looks at the clock every minute and does what is due, beside `bangfu serve`, until it is stopped."""

import logging
import signal
import threading

import click

from bangfu.command.start import database_is_up_to_date, start


@click.command()
@click.option("--every", type=click.IntRange(5, 3600), default=60, show_default=True, help="隔几秒看一次钟。")
def scheduler(every: int) -> None:
    """一直开着，到点就做：每天的补算、到点的提醒。按 Ctrl+C 停。"""
    start()
    if not database_is_up_to_date():
        raise click.ClickException("数据库结构还没有更新。先运行一次 bangfu serve。")
    from django.db import DatabaseError, close_old_connections

    from bangfu.flow import clock, daily

    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    click.echo("✓ 开始看钟。按 Ctrl+C 停。")
    while not stop.is_set():
        close_old_connections()
        try:
            ran = daily.run(now=clock.now())
        except DatabaseError:  # a database that restarts is back in a minute
            click.echo("✗ 数据库这会儿连不上，过一会儿再看。", err=True)
        except Exception:  # what broke once must not stop the clock: tonight's reminders still go
            logging.getLogger("bangfu.daily").exception("the clock goes on")
            click.echo("✗ 这一次没有做成，下一分钟再做。原因在日志里。", err=True)
        else:
            if ran.nights or ran.sent:
                click.echo(f"补算了 {ran.nights} 所学校，发出 {ran.sent} 条提醒。")
        stop.wait(every)
    click.echo("停好了。")
