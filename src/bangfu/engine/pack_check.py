"""A pack as read from TOML in; what it contradicts — words nobody declared, quotas nobody can meet — out.

It reads the raw text's tree, so it finds its faults beside the model's, all at once.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bangfu.engine import rule
from bangfu.engine.commons import Commons
from bangfu.engine.fault import Fault
from bangfu.engine.wording import place

CADENCES = ("every", "once", "on")
MOST_IN = {"school_day": 5, "teaching_week": 14, "month": 40}  # more than this in one unit nobody can do
LONGEST_ONCE = {"teaching_week": 22, "school_day": 110, "day": 200}
LISTS = ("category", "pairing", "duty", "review", "award", "organ", "register", "parameter")


def check(raw: Mapping[str, Any], name: str, known: Commons) -> list[Fault]:
    """This function will list everything a well-formed pack still says wrongly."""
    faults: list[Fault] = []
    for key in LISTS:
        faults += _twice(raw, key, name)
    for path, text in _rules(raw):
        if text:
            faults += rule.read(text, known.facts or None, f"{name}:{place(raw, path)}")[1]
    for at, duty in _tables(raw, "duty"):
        faults += _duty(raw, duty, ("duty", at), name, known)
    for at, paper in _tables(raw, "register"):
        spec = paper.get("spec")
        if known.registers and isinstance(spec, str) and spec not in known.registers:
            faults.append(
                Fault(
                    _at(raw, name, "register", at, "spec"),
                    f"没有「{spec}」这张表",
                    "表放在 _common/registers",
                )
            )
    return faults + _selection(raw, name)


def warnings(raw: Mapping[str, Any], name: str) -> list[Fault]:
    """This function will say, with both numbers, where a plan may be meant but cannot always be kept."""
    found = []
    most, room = _room(raw)
    if most and room and most > room:
        what = f"每班最多选 {most} 个，而结对的教师一共只能带 {room} 个"
        found.append(Fault(f"{name}:selection.per_class.max", what, "多出来的会没有人帮"))
    return found


def _tables(raw: Mapping[str, Any], key: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    found = raw.get(key)
    if isinstance(found, list):
        yield from ((at, one) for at, one in enumerate(found) if isinstance(one, Mapping))


def _at(raw: Any, name: str, *path: Any) -> str:
    return f"{name}:{place(raw, path)}"


def _twice(raw: Mapping[str, Any], key: str, name: str) -> list[Fault]:
    seen: set[Any] = set()
    faults = []
    for at, one in _tables(raw, key):
        mine = one.get("key")
        if isinstance(mine, str) and mine in seen:
            faults.append(Fault(f"{name}:{key}[第{at + 1}个].key", f"键「{mine}」用了两次", "换一个名字"))
        seen.add(mine if isinstance(mine, str) else at)
    return faults


def _rules(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[Any, ...], str]]:
    for at, category in _tables(raw, "category"):
        if isinstance(category.get("where"), str):
            yield ("category", at, "where"), category["where"]
    selection = raw.get("selection")
    if isinstance(selection, Mapping) and isinstance(selection.get("where"), str):
        yield ("selection", "where"), selection["where"]


def _duty(raw: Any, duty: Mapping[str, Any], path: tuple[Any, ...], name: str, known: Commons) -> list[Fault]:
    faults = []
    used = [c for c in CADENCES if c in duty]
    if len(used) != 1:
        what = "没有写时间要求" if not used else f"时间要求写了 {len(used)} 种"
        faults.append(Fault(_at(raw, name, *path), what, "every、once、on 要写一种，也只能写一种"))
    every, times, once = duty.get("every"), duty.get("times", 1), duty.get("once")
    unit = every.get("unit") if isinstance(every, Mapping) else None
    most = MOST_IN.get(unit) if isinstance(unit, str) else None
    if most and isinstance(times, int) and times > most * (every or {}).get("n", 1):
        faults.append(
            Fault(_at(raw, name, *path, "times"), f"一个周期里要 {times} 次，做不到", f"最多写 {most}")
        )
    if isinstance(once, Mapping) and isinstance(once.get("n"), int):
        longest = LONGEST_ONCE.get(str(once.get("unit")), 200)
        if once["n"] > longest:
            faults.append(
                Fault(_at(raw, name, *path, "once", "n"), f"{once['n']} 比一个学期还长", f"最多写 {longest}")
            )
    if "due_day" in duty and unit != "month":
        faults.append(
            Fault(
                _at(raw, name, *path, "due_day"), "只有每月的要求才能写几号", '配 every = { unit = "month" }'
            )
        )
    if "last_workdays" in duty and unit not in ("month", "term"):
        faults.append(
            Fault(_at(raw, name, *path, "last_workdays"), "只有每月或每学期的要求才能写最后几个工作日")
        )
    for one in duty.get("accepts") or ():
        if known.activities and isinstance(one, str) and one not in known.activities:
            among = "、".join(sorted(known.activities))
            faults.append(
                Fault(_at(raw, name, *path, "accepts"), f"没有「{one}」这种记录", f"可以写：{among}")
            )
    return faults


def _selection(raw: Mapping[str, Any], name: str) -> list[Fault]:
    selection = raw.get("selection")
    per_class = selection.get("per_class") if isinstance(selection, Mapping) else None
    least = per_class.get("min") if isinstance(per_class, Mapping) else None
    most, room = _room(raw)
    if isinstance(least, int) and room and room < least <= most:
        what = f"每班至少选 {least} 个，而结对的教师一共只能带 {room} 个"
        return [Fault(f"{name}:selection.per_class.min", what, "少选几个，或让每位教师多带")]
    return []


def _room(raw: Mapping[str, Any]) -> tuple[int, int]:
    """The most a class may choose, and the most its helpers can take (0 when it cannot be said)."""
    selection = raw.get("selection")
    per_class = selection.get("per_class") if isinstance(selection, Mapping) else None
    most = per_class.get("max", 0) if isinstance(per_class, Mapping) else 0
    room = 0
    for _, pairing in _tables(raw, "pairing"):
        each = pairing.get("per_helper")
        if pairing.get("within", "class") != "class" or not isinstance(each, Mapping):
            return 0, 0
        if isinstance(each.get("max"), int) and isinstance(pairing.get("roles"), list):
            room += each["max"] * len(pairing["roles"])
    return (most if isinstance(most, int) else 0), room
