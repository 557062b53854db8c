"""What each kind of thing from a phone does when it arrives, beside a new record: `KINDS`, verbs of (batch, item).

Each runs in the item's own transaction, says what became of it, and may be sent twice.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from bangfu.engine.merging import Answer
from bangfu.flow import (
    adopt,
    agenda,
    class_grid,
    contacts,
    coverage,
    excuse,
    hardship,
    household_visits,
    identify,
    merge,
    month,
    record,
    review,
    sent,
)
from bangfu.flow.schedule import local_day
from bangfu.flow.sync_item import (
    Item,
    NoSuchChild,
    NotArrived,
    NotKnown,
    Result,
    TakenBack,
    held_words,
    read_words,
)
from bangfu.records.access import viewer_of
from bangfu.records.models import Evidence, Guardian, Pupil, SyncItem


def _target(batch, item: Item) -> tuple[Evidence | None, SyncItem | None]:
    """The record an item changes, as it stands now, or the held item it is still; raises NotArrived, TakenBack."""
    try:
        pk = UUID(str(item.body.get("evidence")))
    except ValueError as broken:
        raise NotKnown from broken
    row = Evidence.objects.filter(pk=pk, author=batch.by.staff).first()
    while row is not None and (later := Evidence.objects.filter(amends=row).first()) is not None:
        row = later
    if row is not None:
        return row, None
    held = SyncItem.objects.select_for_update().filter(pk=pk, author=batch.by.staff).first()
    if held is not None and held.state in ("dropped", "withdrawn"):
        raise TakenBack
    if held is None or held.state != "review":
        raise NotArrived
    return None, held


def _amend(batch, item: Item) -> Result:
    evidence, held = _target(batch, item)
    if held is not None:
        kept = held.content.reveal()
        entry, pupils = read_words(kept)
        told = json.loads(kept)
        held.content = held_words(replace(item.entry, id=entry.id), pupils, [*told["before"], told["entry"]])
        held.save(update_fields=["content"])
        return Result(item.id, "review", reason=held.reason)
    if evidence.is_withdrawn:
        raise TakenBack
    told = record.amend(evidence=evidence, entry=batch.entry(item), by=batch.by)
    return Result(item.id, "stored", evidence=told.pk)


def _withdraw(batch, item: Item) -> Result:
    try:
        evidence, held = _target(batch, item)
    except TakenBack:  # asked twice, or left out of the records meanwhile
        return Result(item.id, "known")
    if held is not None:
        held.state, held.decided_by, held.decided_at = "withdrawn", batch.by.staff, batch.now
        held.save(update_fields=["state", "decided_by", "decided_at"])
    elif not evidence.is_withdrawn:
        record.withdraw(evidence=evidence, by=batch.by)
    return Result(item.id, "stored")


def _undone(batch, item: Item) -> Result:
    """没做成: the row's cells."""
    cells, reason = sent.many(item.body, "cells"), sent.one(item.body, "reason")
    if not cells:
        raise NotKnown
    try:
        agenda.set_aside(cells=cells, reason=reason, by=batch.by)
    except (agenda.NotWaiting, excuse.AlreadyWaived) as told:  # said another way meanwhile: nothing is lost
        return Result(item.id, "known", told.sentence)
    return Result(item.id, "stored")


def _profile(batch, item: Item) -> Result:
    body = item.body
    child, guardian = batch.pupils.get(next(iter(item.pupils), None)), None
    if body.get("guardian"):  # of one who is gone nothing is written to the child instead
        found = Guardian.objects.filter(pupil__school_id=batch.by.school_id)
        guardian = found.select_related("pupil").filter(pk=sent.an_id(body, "guardian")).first()
        child = guardian and guardian.pupil
    if child is None:
        raise NoSuchChild
    wish = merge.Wish(
        child, str(body.get("field", "")), str(body.get("base") or ""), str(body.get("value") or ""), guardian,
        item.device, item.seq, item.made_at, item.id,
    )  # fmt: skip
    held = not merge.may_change(child, batch.by)
    if not held and merge.is_as_before(wish):  # a form gave it back as it showed it
        return Result(item.id, "known")
    answer = merge.change(wish=wish, by=batch.by, held=held)
    if held:  # answered alike whatever stands: nobody learns a number by guessing it
        return Result(item.id, "review", reason="not_yours")
    if answer in (Answer.conflict, Answer.follow):
        return Result(item.id, "conflict", reason="changed")
    return Result(item.id, "stored" if answer is Answer.take else "known")


def _hand_in(batch, item: Item) -> Result:
    """交本月记录: compiled as it stands on arrival, so that what came before it is in; in time if it was in time there."""
    key, plan_key, at = sent.one(item.body, "month"), sent.one(item.body, "plan"), batch.made_at(item)
    remark = str(item.body.get("remark") or "").strip()
    told = [one for one in month.waiting(batch.by, {key}) if one.plan.key == plan_key]
    if told:
        on = local_day(at) if at else None
        review.hand_in(plan=told[0].plan, period=told[0].period, by=batch.by, remark=remark, on=on)
        return Result(item.id, "stored")
    if review.period_of_key(batch.by.school, key) is None:
        raise NotKnown
    if remark:
        raise review.AlreadyHandedIn("这个月的记录已经交过了。这一句还留在这台设备上，没有交。")
    return Result(item.id, "known")  # handed in another way meanwhile


def _cells(batch, item: Item) -> Result:
    """摸底: cells of a class, said on the day they were tapped, by who looked after the class then."""
    at = batch.made_at(item)
    by = viewer_of(batch.by.staff, local_day(at)) if at else batch.by
    school_class = coverage.classes(by).filter(pk=sent.an_id(item.body, "class")).first()
    if school_class is None:
        raise identify.NotYourClass
    cells, saw = class_grid.read(item.body)
    kept = class_grid.keep(school_class=school_class, cells=cells, saw=saw, by=by)
    if kept.changed:
        return Result(item.id, "conflict", _meanwhile(kept.changed))
    return Result(item.id, "stored")


def _meanwhile(changed) -> str:
    """What others had written in the same cells: whoever comes later counts, and is told."""
    names = dict(Pupil.objects.filter(pk__in=[one.pupil_id for one in changed]).values_list("pk", "name"))
    facts = adopt.shelf().commons.facts
    said = [
        f"{names[one.pupil_id]}的“{facts[one.key].title}”，{one.by or '同事'}写的是“{one.was}”" for one in changed
    ]
    return f"已存下，以您的为准。这几格别人先填过：{'；'.join(said)}。"


def _kept(write: Callable) -> Callable[..., Result]:
    """What has a verb of its own for what a page and a phone send: safe to send twice, by the same number.

    A form without a day speaks of the day it was written on, not of the day it arrives.
    """

    def verb(batch, item: Item) -> Result:
        body, at = item.body, batch.made_at(item)
        if at and not sent.one(body, "on"):
            body = {**body, "on": local_day(at).isoformat()}
        _row, closes = write(id=item.id, body=body, by=batch.by, at=at)
        return Result(item.id, "stored", closes=list(closes))

    return verb


KINDS: dict[str, Callable[..., Result]] = {
    "amend": _amend,
    "withdraw": _withdraw,
    "undone": _undone,
    "profile": _profile,
    "hand_in": _hand_in,
    "cells": _cells,
    "household_visit": _kept(household_visits.write),
    "hardship": _kept(hardship.write),
    "contact": _kept(contacts.write),
}
