"""What a model refused, in; the same in Chinese with its place, out. pack.py asks for it."""

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError

from bangfu.engine.fault import Fault

KINDS = {
    "int": "要写整数", "float": "要写数字", "string": "要写文字（加引号）", "bool": "要写 true 或 false",
    "tuple": "要写成一列 [ … ]", "dict": "要写成 { … }", "model": "要写成一节 { … }", "date": "要写日期，例如 2026-09-01",
}  # fmt: skip


def faults_of(error: ValidationError, raw: Any, name: str, model: type[BaseModel]) -> list[Fault]:
    """This function will turn every complaint of a model into a Fault whose place is file:path."""
    words = _known_keys(model)
    return [_fault(e, raw, name, words) for e in error.errors(include_url=False) if not _echo(e)]


def _echo(e: Any) -> bool:
    """A list whose only item is wrong is not short of items as well."""
    return e["type"] == "too_short" and len(e["input"]) >= e["ctx"]["min_length"]


def place(raw: Any, path: Sequence[Any]) -> str:
    """This function will write a path as people read it: duty[talk].every.unit; lists by key or from 1."""
    text, here = "", raw
    for step in path:
        if isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else None
            named = here.get("key") if isinstance(here, Mapping) else None
            text += f"[{named if isinstance(named, str) else f'第{step + 1}个'}]"
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            text += f".{step}" if text else str(step)
    return text


def syntax(error: Exception, name: str) -> Fault:
    """This function will say where a file stops being TOML."""
    text = str(error)
    spot = text[text.rfind("(at ") + 4 : -1] if "(at " in text else ""
    line = (
        spot.replace("line ", "第 ").replace(", column ", " 行第 ") + " 个字"
        if "line" in spot
        else "文件末尾"
    )
    return Fault(
        f"{name}:{line}",
        "这里不合 TOML 的写法，后面的都读不下去",
        "看看引号、括号、等号有没有写全，或同一项写了两次",
    )


def _fault(e: Any, raw: Any, name: str, words: Sequence[str]) -> Fault:
    kind, path, context, given = e["type"], e["loc"], e.get("ctx") or {}, e["input"]
    where = f"{name}:{place(raw, path)}" if path else name
    if kind == "extra_forbidden":
        near = get_close_matches(str(path[-1]), words, 1, 0.6)
        return Fault(
            where, f"不认识的键「{path[-1]}」", f"是不是「{near[0]}」？" if near else "删掉它，或查一查拼写"
        )
    if kind == "missing":
        return Fault(where, f"缺少「{path[-1]}」")
    if kind == "literal_error":
        among = context["expected"].replace("'", "").replace(" or ", "、").replace(", ", "、")
        return Fault(where, f"「{given}」不在可写的里面", f"可以写：{among}")
    if kind == "value_error":
        return Fault(where, str(context["error"]))
    if kind == "string_pattern_mismatch":
        return Fault(where, f"键「{given}」只能用小写英文字母、数字和下划线")
    return Fault(where, _bound(kind, context) or _kind(kind), f"写的是：{given}")


def _bound(kind: str, context: Mapping[str, Any]) -> str:
    words = {
        "greater_than_equal": ("ge", "不能小于"), "greater_than": ("gt", "要大于"),
        "less_than_equal": ("le", "不能大于"), "less_than": ("lt", "要小于"),
        "too_short": ("min_length", "项数不能少于"), "too_long": ("max_length", "项数不能多于"),
        "string_too_short": ("min_length", "字数不能少于"), "string_too_long": ("max_length", "字数不能多于"),
    }  # fmt: skip
    if kind not in words:
        return ""
    key, sentence = words[kind]
    return f"{sentence} {context[key]}"


def _kind(kind: str) -> str:
    return next((said for word, said in KINDS.items() if kind.startswith(word)), "值的类型不对")


def _known_keys(model: type[BaseModel]) -> list[str]:
    """Every key any piece of this model admits: good enough to guess at a slip of the pen."""
    found: dict[str, None] = {}
    seen: set[Any] = set()
    stack: list[Any] = [model]
    while stack:
        one = stack.pop()
        stack += getattr(one, "__args__", ())
        if isinstance(one, type) and issubclass(one, BaseModel) and one not in seen:
            seen.add(one)
            for name, field in one.model_fields.items():
                found[field.alias or name] = None
                stack.append(field.annotation)
    return list(found)
