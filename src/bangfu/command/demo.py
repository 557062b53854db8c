"""`bangfu demo`: the invented school, its log-ins, and the pages. No plan asks for it; newcomers do."""

import json
import unicodedata
from dataclasses import asdict
from pathlib import Path

import click

from bangfu.command.serve import invite, refuse_taken, run_server, where
from bangfu.command.start import Progress, bring_database_up_to_date, start
from bangfu.engine.refusal import Refusal


def width(text: str) -> int:
    """This function will count the columns of a terminal that a text takes; Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def table(rows: list[tuple[str, ...]]) -> str:
    """This function will set rows in columns."""
    widths = [max(width(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  "
        + "  ".join(
            cell + " " * (space - width(cell)) for cell, space in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    )


class NotOurs(Refusal):
    sentence = "这个数据文件夹里是一所真的学校，演示不会动它。请换一个 BANGFU_DATA_DIR 再试。"


class NotAFile(Refusal):
    sentence = "--fresh 只会清掉数据文件夹里的 SQLite 演示数据；别的数据库请自己清空。"


def kind_of_school() -> str:
    """This function will say whose school the database holds: "" none, "demo" or "real"."""
    from bangfu.records.models import School

    known = School.objects.values_list("is_demo", flat=True).first()
    return "" if known is None else "demo" if known else "real"


def start_over() -> None:
    """This function will delete the SQLite file of a demo school and make an empty one; raises NotAFile."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "sqlite":
        raise NotAFile
    connection.close()
    for ending in ("", "-wal", "-shm"):
        Path(f"{settings.DATABASES['default']['NAME']}{ending}").unlink(missing_ok=True)
    bring_database_up_to_date()


def log_ins(*, fresh: bool, quiet: bool) -> list[dict[str, str]]:
    """This function will build the demo school if need be and give its log-ins; raises NotOurs."""
    from django.conf import settings

    from bangfu.demo import build, samples
    from bangfu.flow import clock

    kept = settings.DATA_DIR / "demo.json"
    bring_database_up_to_date()
    found = kind_of_school()
    if found == "real":
        raise NotOurs
    if found == "demo" and not fresh and kept.exists():
        return json.loads(kept.read_text(encoding="utf-8"))
    if found == "demo":
        start_over()
    progress = Progress(quiet=quiet)
    people = [asdict(person) for person in build(progress=progress)]
    progress.end()
    samples.write(settings.DATA_DIR / "samples", clock.today())
    kept.write_text(json.dumps(people, ensure_ascii=False), encoding="utf-8")
    return people


@click.command()
@click.option("--host", help="听哪个地址（默认 BANGFU_HOST）。")
@click.option("--port", type=click.IntRange(1, 65535), help="端口（默认 BANGFU_PORT，8000）。")
@click.option("--fresh", is_flag=True, help="清掉上次的演示数据，重新建一遍。")
@click.option("--no-serve", is_flag=True, help="只建学校、打印账号，不启动网页。")
@click.option("--json", "as_json", is_flag=True, help="账号以 JSON 打印（给程序用），不启动网页。")
def demo(host: str | None, port: int | None, fresh: bool, no_serve: bool, as_json: bool) -> None:
    """建好一所编出来的学校，打印各个角色的账号，启动网页。"""
    start()
    from django.conf import settings

    host, port = where(host, port)
    if not (no_serve or as_json):
        refuse_taken(host, port)
    people = log_ins(fresh=fresh, quiet=as_json)
    if as_json:
        click.echo(json.dumps(people, ensure_ascii=False, indent=2))
        return
    click.echo("演示学校建好了，人和事都是编的，可以随便点。")
    rows = [(person["username"], person["password"], person["name"], person["role"]) for person in people]
    click.echo(table([("账号", "密码", "姓名", "是谁"), *rows]))
    click.echo(f"示例学籍表和名单在 {settings.DATA_DIR / 'samples'}，可以拖进“导入”和“名单”试试。")
    if no_serve:
        return
    invite(host, port)
    run_server(host, port)
