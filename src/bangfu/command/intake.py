"""`bangfu intake`: look at a roll, load it, take the last load back. Words and counts out, every fault by its cell."""

import json
from contextlib import suppress
from pathlib import Path

import click

from bangfu.command.start import Progress, bring_database_up_to_date, start
from bangfu.engine.refusal import Refusal

FILE = click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
JSON = click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印。")
SCHOOL = click.option("--school", "school_name", help="有几所学校时，写学校名。")
MARKED = click.option(
    "--marked",
    type=click.Path(dir_okay=False, path_type=Path),
    help="有要看一下的，把标黄的表存到这里（.xlsx）。",
)
SHOWN = 20  # faults printed for people; --json has all of them


class NoSchool(Refusal):
    sentence = "这台机器上还没有学校。先运行 bangfu demo，或打开网页建好学校，再导入。"


class WhichSchool(Refusal):
    """There are several schools and none was named."""


def school_named(name: str | None):
    """This function will give the one school there is, or the one of that name."""
    from bangfu.records.models import School

    schools = list(School.objects.order_by("created_at"))
    if name:
        schools = [school for school in schools if school.name == name]
    if len(schools) > 1:
        raise WhichSchool(f"这里有 {len(schools)} 所学校，请加上 --school 学校名。")
    if not schools:
        raise WhichSchool(f"没有叫“{name}”的学校，请核对名字。") if name else NoSchool
    return schools[0]


def keeper_of(school):
    """This function will give the viewer of whoever keeps this school's roll today."""
    from bangfu.flow import clock
    from bangfu.records.access import viewer_of
    from bangfu.records.models import Staff

    day = clock.today()
    people = (
        Staff.objects.filter(school=school)
        .at_work_on(day)
        .select_related("school")
        .prefetch_related("grants")
    )
    viewers = [viewer_of(staff, day) for staff in people]
    for role in ("roll_officer", "system_admin", "principal"):
        for viewer in viewers:
            if viewer.holds(role):
                return viewer
    raise NoSchool(f"{school.name}还没有管学籍的老师、系统管理员或校长，请先在网页里设好。")


def values_of(seen) -> dict:
    """This function will give what was read as plain values for machines: columns, counts, notes, faults."""
    return {
        "columns": [column._asdict() for column in seen.reading.columns],
        "unknown_headings": seen.reading.unknown_headings,
        "counts": seen.counts,
        "notes": [{"where": note.where, "what": note.what, "hint": note.hint} for note in seen.reading.notes],
        "faults": [
            {
                "sheet": fault.sheet, "row": fault.row, "column": fault.column, "heading": fault.heading,
                "what": fault.what, "hint": fault.hint, "blocks": fault.blocks,
            }
            for fault in seen.faults
        ],
    }  # fmt: skip


def say(seen) -> None:
    """This function will print what was read for people."""
    counts = seen.counts
    click.echo(
        f"认出 {len(seen.reading.columns)} 列：{'、'.join(column.title for column in seen.reading.columns)}"
    )
    if seen.reading.unknown_headings:
        click.echo(f"没有用到的列：{'、'.join(seen.reading.unknown_headings)}")
    for note in seen.reading.notes:
        click.echo(f"! {note}")
    click.echo(
        f"{counts['rows']} 行学生：新增 {counts['new']}、改动 {counts['changed']}、没变 {counts['same']}、"
        f"表里没有了 {counts['gone']}；{counts['blocked']} 行要看一下，先不导入。"
    )
    if counts["back"]:
        click.echo(f"! {counts['back']} 名已经离校的学生还在表里，没有动。真的回来了，请在网页里导入并勾选。")
    for fault in seen.faults[:SHOWN]:
        cell = f"{fault.sheet} 第 {fault.row} 行 {fault.column} 列 {fault.heading}"
        click.echo(f"{'✗' if fault.blocks else '?'} {cell}：{fault.what}")
    if len(seen.faults) > SHOWN:
        click.echo(
            f"……还有 {len(seen.faults) - SHOWN} 处。加 --json 看全部，加 --marked 文件名 得到标黄的表。"
        )


def keep_marked(content: bytes, seen, to: Path | None) -> None:
    """This function will store the marked workbook where it was asked for."""
    from bangfu.flow import enrol

    if to and seen.faults:
        to.write_bytes(enrol.marked(content, seen))
        click.echo(f"✓ 标黄的表在 {to}", err=True)


def refuse_for_machines(ctx: click.Context, refusal: Refusal, as_json: bool) -> None:
    """This function will say a refusal as JSON; for people the command line does it."""
    if not as_json:
        raise refusal
    click.echo(json.dumps({"ok": False, "refusal": refusal.sentence}, ensure_ascii=False, indent=2))
    ctx.exit(1)


@click.group()
def intake() -> None:
    """导入学籍表。"""


@intake.command()
@FILE
@JSON
@SCHOOL
@MARKED
@click.pass_context
def check(
    ctx: click.Context, file: Path, as_json: bool, school_name: str | None, marked: Path | None
) -> None:
    """看一遍学籍表：认出哪些列、会改动什么、哪一格要看一下。什么也不写。"""
    start()
    from django.db import DatabaseError

    from bangfu.flow import clock, enrol

    school = None
    with suppress(DatabaseError, NoSchool):  # without a school the file is still read; every row is then new
        school = school_named(school_name)
    content, progress = file.read_bytes(), Progress(quiet=as_json)
    progress("读表")
    try:
        seen = enrol.look(content=content, file_name=file.name, school=school, day=clock.today())
    except enrol.NotReadable as refusal:
        progress.end()
        refuse_for_machines(ctx, refusal, as_json)
    progress.end()
    keep_marked(content, seen, marked)
    if as_json:
        click.echo(
            json.dumps(
                {"ok": not seen.faults, "file": file.name, **values_of(seen)}, ensure_ascii=False, indent=2
            )
        )
    else:
        say(seen)
        click.echo("✓ 没有要看一下的。" if not seen.faults else f"有 {len(seen.faults)} 处要看一下。")
    ctx.exit(1 if seen.faults else 0)


@intake.command()
@FILE
@JSON
@SCHOOL
@click.option("--yes", is_flag=True, help="改动超过一成也导入。")
@click.pass_context
def load(ctx: click.Context, file: Path, as_json: bool, school_name: str | None, yes: bool) -> None:
    """导入学籍表。有问题的行不导入，其余一次写完；七天内可以撤销。"""
    start()
    bring_database_up_to_date()
    from bangfu.flow import enrol

    by = keeper_of(school_named(school_name))
    content, progress = file.read_bytes(), Progress(quiet=as_json)
    try:
        progress("读表、比较", 0, 2)
        row, seen = enrol.check(content=content, file_name=file.name, by=by)
        progress("写入", 1, 2)
        row = enrol.load(intake=row, by=by, confirmed=yes, seen=seen)
        progress("写入", 2, 2)
    except Refusal as refusal:
        progress.end()
        refuse_for_machines(ctx, refusal, as_json)
    progress.end()
    if as_json:
        values = {"ok": not seen.faults, "intake": str(row.pk), "file": file.name, **values_of(seen)}
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
    else:
        say(seen)
        click.echo(f"✓ 导入好了：新增 {row.counts['new']}、改动 {row.counts['changed']}。")
        click.echo(f"{enrol.UNDO_DAYS} 天内可以撤销：bangfu intake undo")
    ctx.exit(1 if row.counts["blocked"] else 0)


@intake.command()
@SCHOOL
def undo(school_name: str | None) -> None:
    """撤销最近一次导入（七天内）。"""
    start()
    from bangfu.flow import undo as verbs
    from bangfu.records.models import Intake

    by = keeper_of(school_named(school_name))
    last = Intake.objects.filter(school=by.school, kind="roll", state="loaded").order_by("-loaded_at").first()
    if last is None:
        raise verbs.NotLoaded
    counts = verbs.undo(intake=last, by=by)
    kept = f"；{counts['kept']} 名已经有记录，留着" if counts["kept"] else ""
    click.echo(f"✓ 撤销好了：去掉新增 {counts['gone']} 名，改回 {counts['restored']} 名{kept}。")
