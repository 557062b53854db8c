"""`bangfu demo`: the invented school, its log-ins, and the pages. No plan asks for it; newcomers do."""

import json
import unicodedata

import click

from bangfu.command.serve import address_of, refuse_taken, run_server, where
from bangfu.command.start import Progress, bring_database_up_to_date, start


def width(text: str) -> int:
    """This function will count the columns of a terminal that a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: list[tuple[str, ...]]) -> str:
    """This function will set rows in columns."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  " + "  ".join(cell + " " * (space - width(cell)) for cell, space in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


@click.command()
@click.option("--host", help="听哪个地址（默认 BANGFU_HOST）。")
@click.option("--port", type=click.IntRange(1, 65535), help="端口（默认 BANGFU_PORT，8000）。")
@click.option("--no-serve", is_flag=True, help="只建学校、打印账号，不启动网页。")
@click.option("--json", "as_json", is_flag=True, help="账号以 JSON 打印（给程序用），不启动网页。")
def demo(host: str | None, port: int | None, no_serve: bool, as_json: bool) -> None:
    """建好一所编出来的学校，打印各个角色的账号，启动网页。"""
    start()
    from bangfu.demo import build

    host, port = where(host, port)
    if not (no_serve or as_json):
        refuse_taken(host, port)
    bring_database_up_to_date()
    progress = Progress(quiet=as_json)
    logins = build(progress=progress)
    progress.end()
    if as_json:
        click.echo(json.dumps([vars_of(login) for login in logins], ensure_ascii=False, indent=2))
        return
    click.echo("演示学校建好了，人和事都是编的，可以随便点。")
    head = ("账号", "密码", "是谁")
    click.echo(table([head, *((login.username, login.password, login.who) for login in logins)]))
    if no_serve:
        return
    click.echo(f"✓ 请在浏览器打开 {address_of(host, port)}  （按 Ctrl+C 停止）")
    run_server(host, port)


def vars_of(login) -> dict[str, str]:
    """This function will give a log-in as plain values."""
    return {"username": login.username, "password": login.password, "who": login.who}
