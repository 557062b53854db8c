"""`bangfu serve`: the pages on this machine, small enough for a school's office computer."""

import os
import socket
import subprocess
import sys

import click

from bangfu.command.start import bring_database_up_to_date, database_is_up_to_date, start
from bangfu.engine.refusal import Refusal

THREADS = 4  # SQLite has one writer; more threads would only hold more memory


class PortTaken(Refusal):
    """Another program listens there; granian would share the port silently."""

    def __init__(self, port: int) -> None:
        super().__init__(f"{port} 端口已经有别的程序在用。换一个再试，例如加上 --port {port + 1}。")


class OldTables(Refusal):
    sentence = "数据库结构还不是最新的。请去掉 --no-migrate 再启动，会先更新它。"


def refuse_taken(host: str, port: int) -> None:
    """This function will raise PortTaken if somebody answers at the address already."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.settimeout(1)
        if probe.connect_ex((host, port)) == 0:
            raise PortTaken(port)


def run_server(host: str, port: int) -> None:
    """This function will become the web server until Ctrl+C: one worker, few threads.

    The process is replaced, so that what the command has loaded doesn't stay in memory beside the worker.
    """
    from django.db import connections

    connections.close_all()
    words = [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port),
        "--workers", "1", "--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning",
        "--respawn-failed-workers", "bangfu.wsgi:application",
    ]  # fmt: skip
    sys.stdout.flush()
    if os.name == "nt":  # there, a replaced process would leave the window it was started from
        sys.exit(subprocess.run(words, check=False).returncode)
    os.execv(words[0], words)


def address_of(host: str, port: int) -> str:
    """This function will say where to point a browser; 0.0.0.0 means this machine among others."""
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
    return f"http://{shown}:{port}/"


def invite(host: str, port: int) -> None:
    """This function will say where to go; on an empty installation, also the code that opens the school."""
    from bangfu.flow import school

    if school.is_empty():
        click.echo(f"  第一次使用，设置码：{school.setup_code()}  （打开网页时要填，只有这个窗口看得到）")
    click.echo(f"✓ 请在浏览器打开 {address_of(host, port)}  （按 Ctrl+C 停止）")


def where(host: str | None, port: int | None) -> tuple[str, int]:
    """This function will take what was asked for, else BANGFU_HOST and BANGFU_PORT."""
    from django.conf import settings

    return host or settings.ENV.host, port or settings.ENV.port


@click.command()
@click.option("--host", help="听哪个地址（默认 BANGFU_HOST，即只给本机）。")
@click.option("--port", type=click.IntRange(1, 65535), help="端口（默认 BANGFU_PORT，8000）。")
@click.option("--no-migrate", is_flag=True, help="启动前不更新数据库结构。")
def serve(host: str | None, port: int | None, no_migrate: bool) -> None:
    """启动网页。先把数据库结构更新到最新，再开门。"""
    start()
    host, port = where(host, port)
    refuse_taken(host, port)
    if not no_migrate:
        bring_database_up_to_date()
    elif not database_is_up_to_date():
        raise OldTables
    invite(host, port)
    run_server(host, port)
