"""`bangfu packs new`: a folder with a small plan that passes `packs check` at once, or a copy of a shipped one.

It never writes over anything.
"""

import re
from collections.abc import Mapping
from pathlib import Path

from bangfu.engine.part import Key
from bangfu.engine.refusal import Refusal

KEY = re.compile(next(meta.pattern for meta in Key.__metadata__))
COPIED = ("plan.toml", "recommended.toml", "examples.toml")  # a trace belongs to the text it was made from


class BadKey(Refusal):
    sentence = "名字只能用小写英文字母、数字和下划线，字母开头，例如 transfer_pupils。"


class AlreadyThere(Refusal):
    sentence = "那里已经有同名的文件夹了。换一个名字，或换一个地方（--to）。"


class NoSuchPack(Refusal):
    sentence = "自带的方案包里没有这一个。用 bangfu packs list 看看有哪些。"


def write(texts: Mapping[str, str], key: str, title: str, to: Path) -> Path:
    """This function will write the texts into a new folder named by the key; refused if anything is there already."""
    if not KEY.fullmatch(key):
        raise BadKey
    folder = to / key
    if folder.exists():
        raise AlreadyThere
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(renamed(text, key, title), encoding="utf-8")
    return folder


def template(shipped: Path) -> dict[str, str]:
    """This function will read the small sample; its files are .txt, so that nobody takes it for a plan."""
    return {
        f"{path.stem}.toml": path.read_text(encoding="utf-8")
        for path in (shipped / "_template").glob("*.txt")
    }


def texts_from(shipped: Mapping[str, str], source: str) -> dict[str, str]:
    """This function will take a shipped pack's files."""
    found = {name: shipped[f"{source}/{name}"] for name in COPIED if f"{source}/{name}" in shipped}
    if not found:
        raise NoSuchPack
    return found


def renamed(text: str, key: str, title: str) -> str:
    """This function will put the new key, and the titles if one was given, at the head of a plan's text."""
    first = re.search(r"(?m)^\[", text)  # only before the first table do key and title name the plan
    at = first.start() if first else len(text)
    head = re.sub(r'(?m)^key = ".*?"', f'key = "{key}"', text[:at], count=1)
    if title:
        words = title.replace("\\", "").replace('"', "")
        head = re.sub(r'(?m)^(title|short_title) = ".*?"', lambda found: f'{found[1]} = "{words}"', head)
    return head + text[at:]
