"""`bangfu packs`: reads a folder of plan packs and reports every fault at once. Needs no database and no settings."""

import json
from dataclasses import asdict
from pathlib import Path

import click

import bangfu
from bangfu.engine import pack
from bangfu.engine.fault import Fault

SHIPPED = Path(bangfu.__file__).parent / "packs"


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
