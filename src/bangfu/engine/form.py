"""Answers to a record form in; faults, and the activities they add up to, out. One spec for page, paper and offline."""

from collections.abc import Mapping
from typing import Any

from bangfu.engine.fault import Fault
from bangfu.engine.register import FormSpec

LONGEST = 2000


def activities(form: FormSpec, also: tuple[str, ...] = ()) -> frozenset[str]:
    """This function will name everything one record counts as: the form, what it implies, and extra tags."""
    return frozenset({form.key, *form.counts_as, *also})


def check(form: FormSpec, answers: Mapping[str, Any]) -> list[Fault]:
    """This function will say what is wrong with the answers, all at once; nothing is compulsory but what says so."""
    faults: list[Fault] = []
    known = {"minutes", "note"} | {g.key for g in form.groups} | {q.key for q in form.questions}
    for key in answers:
        if key not in known:
            faults.append(Fault(f"{form.key}:{key}", "这张记录里没有这一项"))
    for group in form.groups:
        faults += _chips(form, group.key, answers.get(group.key), set(group.options), group.many)
    for question in form.questions:
        given = answers.get(question.key)
        if question.needed and given in (None, "", []):
            faults.append(Fault(f"{form.key}:{question.key}", f"请填「{question.title}」"))
        elif question.kind == "choice" and given not in (None, "", *(code for code, _ in question.choices)):
            faults.append(
                Fault(f"{form.key}:{question.key}", f"「{given}」不在可选的里面", "、".join(question.options))
            )
    faults += _minutes(form, answers.get("minutes"))
    if len(str(answers.get("note") or "")) > LONGEST:
        faults.append(Fault(f"{form.key}:note", f"最多写 {LONGEST} 字", "长的可以分两次记"))
    return faults


def _chips(form: FormSpec, key: str, given: Any, options: set[str], many: bool) -> list[Fault]:
    picked = [] if given in (None, "") else [given] if isinstance(given, str) else list(given)
    faults = [Fault(f"{form.key}:{key}", f"没有「{one}」这一项") for one in picked if one not in options]
    if not many and len(picked) > 1:
        faults.append(Fault(f"{form.key}:{key}", "这一组只能选一个"))
    return faults


def _minutes(form: FormSpec, given: Any) -> list[Fault]:
    if given in (None, ""):
        return []
    try:
        minutes = int(given)
    except (TypeError, ValueError):
        return [Fault(f"{form.key}:minutes", f"分钟数要写数字，写的是「{given}」")]
    return [] if 0 < minutes <= 480 else [Fault(f"{form.key}:minutes", "分钟数要在 1 到 480 之间")]
