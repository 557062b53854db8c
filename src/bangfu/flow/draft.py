"""Drafts of plans: begun from the shelf, a version or a file, changed slot by slot, undone, dropped, adopted.

A draft may be faulty while it is worked on; it is always readable TOML, and nobody's change is lost to another's.
"""

import json
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.utils import timezone

from bangfu.engine import pack
from bangfu.engine.cadence import Every, On, Once
from bangfu.engine.commons import toml
from bangfu.engine.fault import Fault
from bangfu.engine.refusal import Refusal
from bangfu.engine.shape import ABSENT
from bangfu.engine.slot import Slot, find, slot_at
from bangfu.exchange import plan_text
from bangfu.flow import adopt as adoption
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import AdoptedPlan, PlanDraft

EDITORS = ("principal", "vice_principal", "union_chair", "grade_supervisor", "grade_head")
WAYS = {"every": Every, "once": Once, "on": On}  # how often a duty is owed: one of them
ADDED = {
    "title": "叫什么",
    "who": "由谁做",
    "accepts": "记下哪样算做到",
    "times": "几次",
    "minutes": "约几分钟",
}
FIXED = frozenset({("key",), ("edition",)})
KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")


class NotEditor(Refusal):
    sentence = "改草稿由校长、副校长、工会主席、包级领导或年级组长来做。"


class AlreadyBegun(Refusal):
    """There is a draft of this plan; carries it."""

    def __init__(self, draft: PlanDraft):
        self.draft = draft
        super().__init__(f"这份方案已经有一份草稿，{draft.by.name}改过。请接着改，或先放弃它。")


class NoSuchText(Refusal):
    sentence = "没有找到要照着改的那一版。"


class NoKey(Refusal):
    sentence = '文件里没有写方案的键（key），请在第一行写上，例如 key = "our_plan"。'


class ChangedMeanwhile(Refusal):
    """Somebody else changed the same place; nothing is written."""


class NotHere(Refusal):
    sentence = "这一处已经不在草稿里了，请看看新的再改。"


class NotAValue(Refusal):
    """What was typed is no value for the slot."""


class NothingToUndo(Refusal):
    sentence = "已经回到最开始的样子了。"


class Begun(Refusal):
    sentence = "这一版已经开始用了，不能撤回；可以停用，或再改一版。"


def may_edit(by) -> bool:
    """This function will say whether somebody may work on drafts."""
    return by.holds(*EDITORS)


def text_of(*, key: str, of: str, by) -> str:
    """This function will give the text of an edition on the shelf (seed, recommended) or of a version in use (v2)."""
    on_shelf = adoption.shelf().texts.get((key, of))
    if on_shelf is not None:
        return on_shelf
    number = of[1:] if of.startswith("v") else ""
    versions = AdoptedPlan.objects.visible_to(by).filter(key=key)
    row = versions.filter(version=int(number)).first() if number.isdigit() else None
    if row is None:
        raise NoSuchText
    return row.content


@transaction.atomic
def start(*, text: str, based_on: str, by, copy_as: str = "") -> PlanDraft:
    """This function will begin a draft of a text; `copy_as` is the short title of a new plan made after it.

    Raises NotEditor, PackFaulty (the text is no TOML), NoKey, AlreadyBegun.
    """
    if not may_edit(by):
        raise NotEditor
    raw, faults = toml(text, "plan.toml")
    if raw is None:
        raise adoption.PackFaulty(faults)
    key = raw.get("key")
    if not (isinstance(key, str) and KEY.fullmatch(key)):
        raise NoKey
    if copy_as:
        key = _free(key, by.school_id)
        for name, value in (("key", key), ("short_title", copy_as[:60]), ("title", copy_as[:60])):
            text = plan_text.put(text, (name,), value)
    there = PlanDraft.objects.select_related("by").filter(school=by.school_id, key=key).first()
    if there is not None:
        raise AlreadyBegun(there)
    now = clock.now()
    draft = PlanDraft.objects.create(
        school=by.school, key=key, title=_title(text), content=text, based_on=based_on[:60],
        begun_by=by.staff, begun_at=now, by=by.staff, at=now,
    )  # fmt: skip
    audit.log("draft.start", by=by.staff, at=now, subject=draft, changes={"key": [None, key]})
    return draft


def _free(key: str, school_id) -> str:
    """A key for a copy that no plan of the shelf or the school has."""
    taken = {one for one, _edition in adoption.shelf().plans}
    taken.update(AdoptedPlan.objects.filter(school=school_id).values_list("key", flat=True))
    taken.update(PlanDraft.objects.filter(school=school_id).values_list("key", flat=True))
    stem = re.sub(r"_\d+$", "", key)[:36]
    return next(f"{stem}_{n}" for n in range(2, 1000) if f"{stem}_{n}" not in taken)


def _title(text: str) -> str:
    raw = plan_text.tree(text)
    title = raw.get("short_title") or raw.get("title") or raw.get("key")
    return str(title)[:60]


def seen(value: Any) -> str:
    """This function will name a value as somebody saw it, so that a change made meanwhile is noticed."""
    return sha256(json.dumps(value, ensure_ascii=False, sort_keys=True, default=str).encode()).hexdigest()[
        :12
    ]


def seen_of(slot: Slot) -> str:
    """This function will name what stands in a slot."""
    return seen(slot.value if slot.given else None)


def tried(text: str, address: str, typed: Mapping[str, Sequence[str]]) -> str:
    """This function will give the text with a slot filled as somebody typed it; raises NotHere, NotAValue."""
    slot = _slot(text, address)
    if slot.path in FIXED:
        raise NotAValue("键和版本不在这里改；要另起一份，请复制。")
    try:
        value = slot.take(typed)
    except ValueError as reason:
        raise NotAValue(f"{reason}。") from None
    if slot.shape.kind == "other":
        raise NotAValue("这一处要在文件里改。")
    return _written(text, slot, value)


def fill(*, draft: PlanDraft, address: str, typed: Mapping[str, Sequence[str]], was: str, by) -> PlanDraft:
    """This function will change one slot; `was` names what the person saw there (see `seen_of`).

    Raises NotEditor, NotHere, NotAValue, ChangedMeanwhile.
    """
    return _change(
        draft, by, lambda text: tried(text, address, typed), lambda text: _was(text, address) == was
    )


def add(*, draft: PlanDraft, typed: Mapping[str, Sequence[str]], by) -> PlanDraft:
    """This function will add a duty at the end of the duties, as typed (see `with_duty`).

    Raises NotEditor, NotAValue (everything that is missing or cannot be, at once).
    """
    return _change(draft, by, lambda text: with_duty(text, typed), lambda text: True)


def with_duty(text: str, typed: Mapping[str, Sequence[str]]) -> str:
    """This function will give the text with one more duty; raises NotAValue.

    Each field is typed as in its own slot, under its name: {"way": ["every"], "every.unit": ["month"],
    "who.value": ["helper"]}.
    """
    raw = plan_text.tree(text)
    rows = raw.get("duty", [])
    duty, wrong = _typed_duty(raw, len(rows), typed)
    if duty.get("title") in [row.get("title") for row in rows]:
        wrong.append(f"已经有一件“{duty['title']}”，改那一件就行")
    if wrong:
        raise NotAValue("；".join(wrong) + "。")
    taken, stem = {row.get("key") for row in rows}, duty["accepts"][0][:36]
    key = next(one for one in (stem, *(f"{stem}_{n}" for n in range(2, 999))) if one not in taken)
    added = plan_text.add(text, "duty", {"key": key, **duty})
    if wrong := [one for one in faults(added) if f"duty[{key}]" in one.where]:
        raise NotAValue("；".join(f"{_called(one)}{one.what}" for one in wrong) + "。")
    return added


def _called(fault: Fault) -> str:
    name = ADDED.get(fault.where.rpartition(".")[2])
    return f"{name}：" if name else ""


def _typed_duty(
    raw: Mapping, at: int, typed: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], list[str]]:
    way = next(iter(typed.get("way", ())), "")
    way = way if way in WAYS else "every"
    asked = {name for name, field in WAYS[way].model_fields.items() if field.is_required()}
    duty, wrong = {}, []
    for name, called in {"title": "", "who": "", way: "多久一次", **ADDED}.items():
        slot = slot_at(raw, ("duty", at, name))
        own = {key.partition(".")[2]: words for key, words in typed.items() if key.startswith(f"{name}.")}
        try:
            value = slot.take(own)
        except ValueError as reason:
            wrong.append(f"{called}：{reason}")
            continue
        is_short = name == way and not (value is not ABSENT and asked <= set(value))
        if is_short or (value is ABSENT and slot.shape.is_needed):
            wrong.append(f"请写上{called}")
        elif value not in (ABSENT, slot.shape.otherwise):
            duty[name] = value
    return duty, wrong


def remove(*, draft: PlanDraft, address: str, was: str, by) -> PlanDraft:
    """This function will take a whole sentence (a duty, a paper) out of the draft; `was` names what was seen."""

    def without(text: str) -> str:
        path = find(plan_text.tree(text), address)
        if path is None:
            raise NotHere
        return plan_text.take(text, path)

    return _change(draft, by, without, lambda text: _was(text, address) == was)


@transaction.atomic
def undo(*, draft: PlanDraft, was: str, by) -> PlanDraft:
    """This function will take back the last change; `was` is the digest of the text the person saw."""
    row = _mine(draft, by)
    if pack.digest(row.content) != was:
        raise _meanwhile(row)
    if not row.before:
        raise NothingToUndo
    row.content, row.before = row.before[-1], row.before[:-1]
    return _keep(row, by, {"undone": [None, True]})


@transaction.atomic
def drop(*, draft: PlanDraft, by) -> None:
    """This function will throw a draft away; versions in use stay as they are."""
    row = _mine(draft, by)
    audit.log("draft.drop", by=by.staff, at=clock.now(), subject=row, changes={"key": [row.key, None]})
    row.delete()


@transaction.atomic
def adopt(*, draft: PlanDraft, valid_from, was: str, by) -> AdoptedPlan:
    """This function will take a draft into use from a day and be done with it; `was` is the digest that was read.

    Raises what flow.adopt.adopt raises, and ChangedMeanwhile.
    """
    row = PlanDraft.objects.select_for_update().select_related("by").filter(pk=draft.pk).first()
    if row is None:
        raise NotHere
    if pack.digest(row.content) != was:
        raise _meanwhile(row)
    adopted = adoption.adopt(school=by.school, text=row.content, valid_from=valid_from, by=by)
    row.delete()
    return adopted


@transaction.atomic
def take_back(*, adopted: AdoptedPlan, by) -> PlanDraft | None:
    """This function will undo an adoption that has not begun: the version before goes on, the text is a draft again.

    Raises NotLeader, Begun; None if there is another draft of the plan by now.
    """
    if not by.holds("principal", "vice_principal"):
        raise adoption.NotLeader
    versions = AdoptedPlan.objects.select_for_update().filter(school=by.school_id, key=adopted.key)
    row = versions.filter(pk=adopted.pk, valid_to__isnull=True, valid_from__gt=by.day).first()
    if row is None:
        raise Begun
    row_before = versions.filter(valid_to=row.valid_from).exclude(pk=row.pk).order_by("-version").first()
    audit.log(
        "adopt.take_back", by=by.staff, at=clock.now(), subject=row, changes={"version": [row.version, None]}
    )
    text, of = row.content, f"v{row.version}"
    row.delete()
    if row_before is not None:
        AdoptedPlan.objects.filter(pk=row_before.pk).update(valid_to=None)
    adoption.keep_limits(school=by.school, day=by.day)
    if PlanDraft.objects.filter(school=by.school_id, key=adopted.key).exists():
        return None
    return start(text=text, based_on=of, by=by)


def faults(text: str) -> list[Fault]:
    """This function will list everything that keeps a text from being taken into use."""
    return pack.read(text, "plan.toml", adoption.shelf().commons)[1]


def _slot(text: str, address: str) -> Slot:
    raw = plan_text.tree(text)
    path = find(raw, address)
    if path is None:
        raise NotHere
    return slot_at(raw, path)


def _was(text: str, address: str) -> str:
    return seen_of(_slot(text, address))


def _written(text: str, slot: Slot, value: Any) -> str:
    if value is ABSENT:
        return plan_text.take(text, slot.path)
    try:
        text = plan_text.put(text, slot.path, value)
    except plan_text.NotHere:  # the small table round it is not there yet: amount = { at_least = 10 }
        text = plan_text.put(text, slot.path[:-1], {slot.path[-1]: value})
    if slot.shape.keys and slot.given:
        for key in slot.value:
            if key not in value:
                text = plan_text.take(text, (*slot.path, key))
    return text


def _mine(draft: PlanDraft, by) -> PlanDraft:
    if not may_edit(by):
        raise NotEditor
    row = PlanDraft.objects.select_for_update().select_related("by").filter(pk=draft.pk).first()
    if row is None:
        raise NotHere
    return row


@transaction.atomic
def _change(draft: PlanDraft, by, turned, is_as_seen) -> PlanDraft:
    row = _mine(draft, by)
    content = turned(row.content)
    if not is_as_seen(row.content):
        raise _meanwhile(row)
    if content == row.content:
        return row
    row.before = [*row.before, row.content][-PlanDraft.KEPT :]
    before, row.content = row.content, content
    return _keep(row, by, {"digest": [pack.digest(before)[:12], pack.digest(content)[:12]]})


def _keep(row: PlanDraft, by, changes: dict) -> PlanDraft:
    row.title, row.by, row.at = _title(row.content), by.staff, clock.now()
    row.save()
    audit.log("draft.change", by=by.staff, at=row.at, subject=row, changes=changes)
    return row


def _meanwhile(row: PlanDraft) -> ChangedMeanwhile:
    at = timezone.localtime(row.at)
    return ChangedMeanwhile(f"{row.by.name}刚才（{at:%H:%M}）改过这里。您的还没有写入，请看看新的再改。")
