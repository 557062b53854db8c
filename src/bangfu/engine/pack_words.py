"""A pack as read from TOML and the common words in; every word it uses that nobody declared, out, all at once.

Facts, categories, events, formulas, forms, registers and parameters: pack.py asks beside the model and pack_check.py.
"""

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from bangfu.engine import rule
from bangfu.engine.commons import Commons
from bangfu.engine.fault import Fault
from bangfu.engine.wording import place

RULES = (
    ("category", "where"),
    ("duty", "where"),
    ("pairing", "where"),
    ("pairing", "helper_where"),
    ("fund", "where"),
)
FOR = ("duty", "pairing", "review", "goal", "file", "fund", "indicator", "award", "tip")


def check(raw: Mapping[str, Any], name: str, known: Commons) -> list[Fault]:
    """This function will list every word that is not declared, each with its place and the nearest that is."""
    faults = []
    for path, text in _rules(raw):
        if text:
            faults += rule.read(text, known.facts or None, f"{name}:{place(raw, path)}")[1]
    for path, word, among, what in _used(raw, known):
        if isinstance(word, str) and word not in among:
            faults.append(Fault(f"{name}:{place(raw, path)}", f"没有「{word}」{what}", _hint(word, among)))
    return faults


def _hint(word: str, among: Collection[str]) -> str:
    near = get_close_matches(word, among, 1, 0.5)
    if near:
        return f"是不是「{near[0]}」？"
    return f"可以写：{'、'.join(sorted(among))}" if among else ""


def _rules(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    for table, key in RULES:
        for at, one in tables(raw, table):
            if isinstance(one.get(key), str):
                yield (table, at, key), one[key]
    selection = raw.get("selection")
    if isinstance(selection, Mapping) and isinstance(selection.get("where"), str):
        yield ("selection", "where"), selection["where"]


Use = tuple[tuple[Any, ...], Any, Collection[str], str]


def _used(raw: Mapping[str, Any], known: Commons) -> Iterator[Use]:
    """Every use of a word: its place, the word, what it may be, and what it is called."""
    yield from _categories(raw)
    yield from _activities(raw, known)
    if known.labels.event:
        for table in ("duty", "goal"):
            for at, one in tables(raw, table):
                on = one.get("on") if table == "duty" else one
                path = (table, at, "on", "event") if table == "duty" else (table, at, "event")
                if isinstance(on, Mapping) and "event" in on:
                    yield path, on["event"], known.labels.event, "这件事，不能从它算起"
    if known.labels.formula:
        for at, one in tables(raw, "indicator"):
            yield ("indicator", at, "formula"), one.get("formula"), known.labels.formula, "这个算法"
    if known.registers:
        for at, one in tables(raw, "register"):
            yield ("register", at, "spec"), one.get("spec"), known.registers, "这张表"
    if known.facts:
        for at, one in tables(raw, "file"):
            for word in _words(one.get("needs")):
                yield ("file", at, "needs"), word, known.facts, "这个事实"
        selection = raw.get("selection")
        for word in _words(selection.get("order_by") if isinstance(selection, Mapping) else ()):
            yield ("selection", "order_by"), word, known.facts, "这个事实"
    mine = {one.get("key") for _, one in tables(raw, "parameter")}
    for at, one in tables(raw, "fund"):
        yield ("fund", at, "rate"), one.get("rate"), {*known.parameters, *mine} - {None}, "这个参数"


def _categories(raw: Mapping[str, Any]) -> Iterator[Use]:
    among = {one["key"] for _, one in tables(raw, "category") if isinstance(one.get("key"), str)}
    for table in FOR:
        for at, one in tables(raw, table):
            for word in _words(one.get("for")):
                yield (table, at, "for"), word, among, "这一类"


def _activities(raw: Mapping[str, Any], known: Commons) -> Iterator[Use]:
    if not known.activities:
        return
    for table, key in (("duty", "accepts"), ("tip", "at")):
        for at, one in tables(raw, table):
            for word in _words(one.get(key)):
                yield (table, at, key), word, known.activities, "这种记录"
    for at, one in tables(raw, "duty"):
        yield ("duty", at, "form"), one.get("form"), known.forms, "这张记录表"


def _words(found: Any) -> list[str]:
    return list(dict.fromkeys(w for w in found if isinstance(w, str))) if isinstance(found, list) else []


def tables(raw: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """This function will walk the tables [[key]] of a pack, whatever else somebody wrote there."""
    found = raw.get(key)
    if isinstance(found, list):
        yield from ((at, one) for at, one in enumerate(found) if isinstance(one, Mapping))
