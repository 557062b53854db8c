"""`bangfu packs`: lists, checks, traces and starts plan packs; every fault at once. Needs no database and no settings."""

import json
from dataclasses import asdict
from pathlib import Path

import click

import bangfu
from bangfu.command import new_pack, trace
from bangfu.engine import pack
from bangfu.engine.fault import Fault

SHIPPED = Path(bangfu.__file__).parent / "packs"
EDITIONS = {"seed": "原文版", "recommended": "建议版"}


def texts_below(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """This function will read every .toml below a folder: ({path within it: text}, faults of unreadable files)."""
    texts, faults = {}, []
    for path in sorted(folder.rglob("*.toml")):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            faults.append(Fault(name, "文件不是 UTF-8 编码", "用记事本另存为，编码选 UTF-8"))
    return texts, faults


def pack_texts(folder: Path) -> tuple[dict[str, str], list[Fault]]:
    """This function will read one pack or a folder of packs; the common words come from ours unless it has its own."""
    texts, faults = texts_below(folder)
    if (folder / "plan.toml").exists() or (folder / "recommended.toml").exists():
        texts = {f"{folder.resolve().name}/{name}": text for name, text in texts.items()}
    if not any(name.startswith("_common/") for name in texts):
        common, _ = texts_below(SHIPPED / "_common")
        texts |= {f"_common/{name}": text for name, text in common.items()}
    return texts, faults


def plan_values(shelf: pack.Shelf) -> list[dict]:
    """This function will sum each plan up: key, edition, title, how many duties, digest."""
    return [
        {
            "key": key,
            "edition": edition,
            "title": plan.title,
            "duties": len(plan.duties),
            "digest": pack.digest(shelf.texts[key, edition]),
        }
        for (key, edition), plan in sorted(shelf.plans.items())
    ]


@click.group()
def packs() -> None:
    """方案包。"""


@packs.command()
@click.argument(
    "folder", metavar="[DIR]", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印。")
@click.pass_context
def check(ctx: click.Context, folder: Path | None, as_json: bool) -> None:
    """检查方案包：读一遍，把例子都跑一遍，所有问题一次说完。不写 DIR 就检查自带的。"""
    texts, unreadable = pack_texts(folder or SHIPPED)
    shelf = pack.load(texts)
    faults = [*unreadable, *shelf.faults]
    if not shelf.plans and not faults:
        faults = pack.check({})
    if as_json:
        values = {
            "plans": plan_values(shelf),
            "faults": [asdict(fault) for fault in faults],
            "warnings": [asdict(fault) for fault in shelf.warnings],
            "ok": not faults,
        }
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        ctx.exit(1 if faults else 0)
    for plan in plan_values(shelf):
        click.echo(f"· {plan['key']}（{plan['edition']}）《{plan['title']}》：{plan['duties']} 项要做的事")
    for warning in shelf.warnings:
        click.echo(f"! {warning}")
    for fault in faults:
        click.echo(f"✗ {fault}")
    click.echo(f"有 {len(faults)} 处要改。" if faults else "✓ 方案包没有问题，例子都算对了。")
    ctx.exit(1 if faults else 0)


@packs.command(name="trace")
@click.argument("key", metavar="[KEY]", required=False)
@click.option("--json", "as_json", is_flag=True, help="结果以 JSON 打印。")
@click.option("--strict", is_flag=True, help="还在等某一站的也算没有对上。")
@click.option(
    "--results",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="测试的结果（script/test 写的）。",
)
@click.option("--some", is_flag=True, help="只跑了一部分测试：没跑的，只要有就行。")
@click.pass_context
def trace_command(ctx: click.Context, key: str | None, as_json: bool, strict: bool, **told) -> None:
    """原文的每一条要求，写在方案的哪里，凭什么说做到了。不写 KEY 就看自带的全部。"""
    texts, _ = pack_texts(SHIPPED)
    keys = trace.keys_of(texts)
    if key and key not in keys:
        raise click.UsageError(f"没有「{key}」这个方案包。有：{'、'.join(keys)}")
    if key:
        texts = {name: text for name, text in texts.items() if name.startswith((f"{key}/", "_common/"))}
    shelf = pack.load(texts)
    tests = ended(told["results"], told["some"])
    found = {one: trace.look(texts, shelf, one, tests) for one in ([key] if key else keys)}
    gaps, waiting = sum(len(f.gaps) for f in found.values()), sum(len(f.waiting) for f in found.values())
    bad = bool(gaps or (strict and waiting))
    if as_json:
        values = {"packs": [trace.values_of(one, f) for one, f in found.items()], "ok": not bad}
        click.echo(json.dumps(values, ensure_ascii=False, indent=2))
        ctx.exit(1 if bad else 0)
    for one, f in found.items():
        trace.say(one, f)
    rows, traced = sum(f.rows for f in found.values()), sum(f.traced for f in found.values())
    click.echo(f"{'✗' if bad else '✓'} 一共 {rows} 行：对上 {traced}，等着的 {waiting}，缺 {gaps}。")
    ctx.exit(1 if bad else 0)


def ended(results: Path | None, some: bool = False):
    """This function will give the way to ask how tests ended: a test nobody ran proves nothing.

    Without a file of results the last run's is taken; `some` lets tests count that are only there.
    """
    results = results or (trace.RESULTS if trace.RESULTS.is_file() else None)
    known = json.loads(results.read_text(encoding="utf-8")) if results else {}
    if not known and not some:
        click.echo("还没有测试的结果。先跑 script/check；只想看测试在不在，加 --some。", err=True)
    return lambda named: (trace.test_functions(named) if some else {}) | trace.outcomes(named, known)


@packs.command(name="list")
def list_packs() -> None:
    """自带的方案包：名字、全名、有哪几版。"""
    shelf = pack.load(pack_texts(SHIPPED)[0])
    for key in sorted({key for key, _ in shelf.plans}):
        mine = {edition: plan for (one, edition), plan in shelf.plans.items() if one == key}
        said = "、".join(EDITIONS[edition] for edition in EDITIONS if edition in mine)
        click.echo(f"· {key}《{next(iter(mine.values())).title}》：{said}")


@packs.command()
@click.argument("key")
@click.option("--from", "source", default="", help="照着自带的哪一个写；不写就是一个小样子。")
@click.option("--title", default="", help="方案的名字。")
@click.option(
    "--to", default=".", type=click.Path(file_okay=False, path_type=Path), help="写在哪个文件夹里。"
)
def new(key: str, source: str, title: str, to: Path) -> None:
    """新写一份方案：建一个文件夹，里面的样子马上就能通过检查。已经有的不动。"""
    texts = new_pack.texts_from(texts_below(SHIPPED)[0], source) if source else new_pack.template(SHIPPED)
    folder = new_pack.write(texts, key, title, to)
    click.echo(f"✓ 写好了 {folder}。改好了就查一查：bangfu packs check {folder}")
