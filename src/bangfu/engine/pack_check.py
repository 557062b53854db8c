"""A pack as read from TOML in; what it contradicts — numbers nobody can meet, days that never come — out.

It reads the raw text's tree, so it finds its faults beside the model's, all at once. What may be meant but
cannot always be kept is a doubt, with both numbers. pack_words.py looks after words nobody declared.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bangfu.engine.commons import Commons, model
from bangfu.engine.fault import Fault
from bangfu.engine.load import load
from bangfu.engine.pack_words import tables
from bangfu.engine.plan import Plan
from bangfu.engine.wording import place

CADENCES = ("every", "once", "on")
# More than this in one unit nobody can do.
MOST_IN = {"school_day": 5, "workday": 5, "teaching_week": 14, "week": 14, "month": 40, "civil_month": 40}
TERM = {"teaching_week": 22, "school_day": 110, "workday": 130, "day": 200}
YEAR = {"teaching_week": 46, "school_day": 220, "workday": 260, "day": 366}
USUAL = {"school_day": 95, "teaching_week": 20, "month": 5, "textbook_unit": 8}  # in one term
SHORT_TERM = 17  # weeks of the shorter term of a year
LISTS = (
    "category", "pairing", "duty", "review", "award", "organ", "register", "parameter", "goal", "file", "fund",
    "indicator", "facility",
)  # fmt: skip
Told = Iterator[tuple[tuple[Any, ...], str, str]]


def check(raw: Mapping[str, Any], name: str) -> list[Fault]:
    """This function will list everything a well-formed pack still says wrongly."""
    faults: list[Fault] = []
    for key in LISTS:
        faults += _twice(raw, key, name)
    told = [*_selection(raw)]
    for at, duty in tables(raw, "duty"):
        for path, what, hint in (*_cadence(duty), *_once(duty), *_every(duty)):
            told.append((("duty", at, *path), what, hint))
    return faults + [Fault(f"{name}:{place(raw, path)}", what, hint) for path, what, hint in told]


def warnings(raw: Mapping[str, Any], name: str, known: Commons | None = None) -> list[Fault]:
    """This function will say, with both numbers, where a plan may be meant but cannot always be kept."""
    told = [*_crowded(raw)]
    plan, _ = model(Plan, raw, name)
    if plan is not None:
        told += [*_heavy(plan, known or Commons()), *_thin(plan)]
    return [Fault(f"{name}:{place(raw, path)}", what, hint) for path, what, hint in told]


def _thin(plan: Plan) -> Told:
    """Where a share, a number of units or a week leaves somebody or some days out."""
    for at, duty in enumerate(plan.duties):
        if duty.per == "case" and duty.sample < 1 and plan.edition == "seed":  # a light edition says why
            drawn = round(duty.sample * 100)
            what = f"每 100 个学生里抽到 {drawn} 个，另外 {100 - drawn} 个这一次轮不到"
            yield ("duty", at, "sample"), what, "每个学生都要的事，不要写 sample"
        every, once = duty.every, duty.once
        room = USUAL.get(every.unit, 99) if every and not every.anchor else 99
        if every and every.n > room:
            what = f"每 {every.n} 个算一次，一个学期只有 {room} 个左右，到学期末就重新数"
            yield ("duty", at, "every", "n"), what, "跨学期的写 anchor"
        if once and once.unit == "teaching_week" and once.after == "term_start" and once.n > SHORT_TERM:
            what = f"第 {once.n} 周到期，短的学期只有 {SHORT_TERM} 周"
            yield ("duty", at, "once", "n"), what, "那样的学期会拖到下学期开学"


def _twice(raw: Mapping[str, Any], key: str, name: str) -> list[Fault]:
    seen: set[Any] = set()
    faults = []
    for at, one in tables(raw, key):
        mine = one.get("key")
        if isinstance(mine, str) and mine in seen:
            faults.append(Fault(f"{name}:{key}[第{at + 1}个].key", f"键「{mine}」用了两次", "换一个名字"))
        seen.add(mine if isinstance(mine, str) else at)
    return faults


def _number(found: Any, key: str, otherwise: int) -> int:
    value = found.get(key, otherwise) if isinstance(found, Mapping) else otherwise
    return value if isinstance(value, int) and not isinstance(value, bool) else otherwise


def _cadence(duty: Mapping[str, Any]) -> Told:
    used = [c for c in CADENCES if c in duty]
    if len(used) != 1:
        what = "没有写时间要求" if not used else f"时间要求写了 {len(used)} 种"
        yield (), what, "every、once、on 要写一种，也只能写一种"
    every = duty.get("every")
    unit = every.get("unit") if isinstance(every, Mapping) else None
    if "due_day" in duty and unit not in ("month", "civil_month"):
        yield ("due_day",), "只有每月的要求才能写几号", '配 every = { unit = "month" }'
    if "last_workdays" in duty and unit not in ("month", "civil_month", "term"):
        yield ("last_workdays",), "只有每月或每学期的要求才能写最后几个工作日", ""
    if duty.get("by") == "each" and _number(duty, "persons", 1) > 1:
        persons = duty["persons"]
        what = f"by 要各人各做一次，persons 又要 {persons} 人一起做，合不到一处"
        yield ("persons",), what, "一起做的去掉 by，各做各的去掉 persons"
    if duty.get("times") == 0 and "amount" not in duty and used:
        yield ("times",), "要 0 次，等于没有要求", "写 1 以上，或写 amount"


def _every(duty: Mapping[str, Any]) -> Told:
    every, times = duty.get("every"), _number(duty, "times", 1)
    if not isinstance(every, Mapping):
        return
    unit, n = every.get("unit"), _number(every, "n", 1)
    weekdays = every.get("weekdays")
    named = {d for d in weekdays if isinstance(d, int)} if isinstance(weekdays, list) else set()
    most = MOST_IN.get(unit, 0) * n if isinstance(unit, str) else 0
    if named and unit in ("teaching_week", "week"):
        most = min(most, 2 * n * len(named))
    if most and times > most:
        yield ("times",), f"一个周期里要 {times} 次，做不到", f"最多写 {most}"
    if "anchor" in every and n == 1:
        yield ("every", "anchor"), "每个周期都要，anchor 没有作用", "n 写 2 以上，或去掉 anchor"
    if len(named) == 7:
        yield ("every", "weekdays"), "星期一到星期日都写了，等于没有写", "去掉 weekdays"
    if named and named <= {6, 7} and unit in ("school_day", "workday"):
        yield ("every", "weekdays"), "星期六、星期日不上学也不上班，这一天不会来", "换成星期一到星期五"


def _once(duty: Mapping[str, Any]) -> Told:
    once = duty.get("once")
    if not isinstance(once, Mapping) or not isinstance(once.get("n"), int):
        return
    n, unit, after = once["n"], str(once.get("unit")), once.get("after")
    longest = {"term_start": TERM, "school_year_start": YEAR}.get(str(after), {}).get(unit, 400)
    if n > longest:
        whole = "一个学年" if after == "school_year_start" else "一个学期"
        yield ("once", "n"), f"{n} 比{whole}还长", f"最多写 {longest}"
    if _number(once, "not_before", 0) > n:
        yield (
            ("once", "not_before"),
            f"最早第 {once['not_before']}，最迟第 {n}，没有一天可做",
            "not_before 要比 n 小",
        )


def _selection(raw: Mapping[str, Any]) -> Told:
    selection = raw.get("selection")
    least = _number(selection.get("per_class") if isinstance(selection, Mapping) else None, "min", 0)
    most, room = _room(raw)
    if least and room and room < least <= most:
        what = f"每班至少选 {least} 个，而结对的教师一共只能带 {room} 个"
        yield ("selection", "per_class", "min"), what, "少选几个，或让每位教师多带"
    for at, pairing in tables(raw, "pairing"):
        seats = [s.get("count") for s in pairing.get("seat") or () if isinstance(s, Mapping)]
        filled = sum(_number(count, "min", 1 if count is None else 0) for count in seats)
        most = _number(pairing.get("per_case"), "max", 10 if "per_case" in pairing else 1)
        if seats and filled > most:
            what = f"席位至少要 {filled} 人，而 per_case 最多 {most} 人"
            yield ("pairing", at, "seat"), what, "放宽 per_case.max，或少设席位"


def _room(raw: Mapping[str, Any]) -> tuple[int, int]:
    """The most a class may choose, and the most its helpers can take (0 when it cannot be said)."""
    selection = raw.get("selection")
    per_class = selection.get("per_class") if isinstance(selection, Mapping) else None
    adults = [p for _, p in tables(raw, "pairing") if p.get("kind", "adult") == "adult"]
    if len(adults) != 1 or not isinstance(adults[0].get("per_helper"), Mapping):
        return _number(per_class, "max", 0), 0
    pairing, roles = adults[0], adults[0].get("roles")
    if pairing.get("within", "class") != "class" or not isinstance(roles, list):
        return _number(per_class, "max", 0), 0
    return _number(per_class, "max", 0), _number(pairing["per_helper"], "max", 0) * len(roles)


def _crowded(raw: Mapping[str, Any]) -> Told:
    most, room = _room(raw)
    if most and room and most > room:
        what = f"每班最多选 {most} 个，而结对的教师一共只能带 {room} 个"
        yield ("selection", "per_class", "max"), what, "多出来的会没有人帮"


def _heavy(plan: Plan, known: Commons) -> Told:
    """One helper's minutes a week, only what every child is owed, with as many as the plan allows, against the cap."""
    caps = [p for p in (*plan.parameters, *known.parameters.values()) if p.key == "weekly_minutes_cap"]
    cap = caps[0].value_on(date.max) if caps else None
    always = tuple(d for d in plan.duties if not (d.for_ or d.where))
    for at, pairing in enumerate(plan.pairings):
        if pairing.kind != "adult" or "per_helper" not in pairing.model_fields_set:
            continue
        most = pairing.per_helper.max
        minutes = load(plan.model_copy(update={"duties": always}), most).minutes_per_week
        if isinstance(cap, int) and minutes > cap:
            what = f"一位教师带 {most} 个，每周至少约 {round(minutes)} 分钟，超过上限 {cap} 分钟"
            yield ("pairing", at, "per_helper", "max"), what, "少带几个，或少做几样"
