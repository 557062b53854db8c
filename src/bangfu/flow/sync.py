"""Taking in what a phone kept while it was away: each thing by itself, by its own number, in order, and never dropped.

In: items as they were written down. Out: an answer for each: stored, known, review (held whole for a person),
conflict (both values kept), refused (with a sentence; it stays with its writer). The author stays as at writing.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import agenda, carry, clock, record
from bangfu.flow.almanac import calendar_for
from bangfu.flow.record import Entry
from bangfu.flow.schedule import local_day, month_of_sheet
from bangfu.flow.sync_item import Item, NoSuchChild, NotKnown, OtherWords, Result, held_words
from bangfu.flow.sync_kinds import KINDS
from bangfu.records import audit
from bangfu.records.insert import insert
from bangfu.records.models import Evidence, MonthSheet, Pupil, SyncItem
from bangfu.records.turn import writing

SEVERAL = 10  # more at once is a phone catching up: nobody waits to read what each of them completes


def take(*, items: Sequence[Item], by, sent_by=None) -> list[Result]:
    """This function will take in items of one author (`by`) in order; `sent_by` brought the file, if it was one."""
    batch = _Batch(items, by, sent_by or by)
    for item in items:
        batch.take(item)
    batch.flush()
    found = [batch.results[item.id] for item in items]
    written = {item.id for item in items if item.kind == "record"}
    fresh = [one for one in found if one.state == "stored" and one.id in written]
    if fresh and len(items) <= SEVERAL and sent_by is None:
        closing = agenda.agenda(by).closing
        for one in fresh:
            one.closes = list(closing.get(one.evidence, ()))
    return found


class _Batch:
    """The items of one request: records side by side are stored together, everything else by itself."""

    def __init__(self, items: Sequence[Item], by, sent_by) -> None:
        self.by, self.sent_by, self.now = by, sent_by, clock.now()
        self.results: dict[UUID, Result] = {}
        self.known = SyncItem.objects.in_bulk([item.id for item in items])
        self.run: dict[UUID, Item] = {}
        wanted = {pk for item in items for pk in item.pupils}
        here = Pupil.objects.filter(school_id=by.school_id, pk__in=wanted)
        self.pupils = here.in_bulk()
        self.cared = set(Pupil.objects.cared_for_by(by).filter(pk__in=wanted).values_list("pk", flat=True))
        self.sealed = _sealed(by, wanted)

    def take(self, item: Item) -> None:
        if item.kind == "record" and item.id not in self.known and item.id not in self.results:
            self.run.setdefault(item.id, item)
            return
        self.flush()
        if item.id in self.known:
            self.results[item.id] = self._again(item, self.known[item.id])
        elif item.id not in self.results:
            self.results[item.id] = self._one(item)

    def _again(self, item: Item, row: SyncItem) -> Result:
        """Sent before: the answer lost on the way is given once more, and nothing is done twice."""
        if row.author_id != self.by.staff.pk or row.digest != _digest(item):
            return Result(item.id, "refused", OtherWords.sentence)
        state = "review" if row.state == "review" else "known"
        return Result(item.id, state, reason=row.reason if state == "review" else "")

    def _one(self, item: Item) -> Result:
        if item.fault:
            return Result(item.id, "refused", item.fault)
        verb = KINDS.get(item.kind)
        try:
            if verb is None:
                raise NotKnown
            with writing():
                row = self._row(item)
                row.save(force_insert=True)
                result = verb(self, item)
                if result.state == "review" and row.state != "review":
                    SyncItem.objects.filter(pk=row.pk).update(reason=result.reason)
                return result
        except Refusal as refusal:
            return Result(item.id, "refused", refusal.sentence)
        except IntegrityError:  # the same thing came another way at the same moment
            row = SyncItem.objects.filter(pk=item.id).first()
            if row is None:
                raise
            return self._again(item, row)

    def _row(self, item: Item, **more) -> SyncItem:
        return SyncItem(
            id=item.id, school_id=self.by.school_id, author=self.by.staff, sent_by=self.sent_by.staff,
            device=item.device, seq=item.seq, kind=item.kind, made_at=item.made_at, arrived_at=self.now,
            digest=_digest(item), **more,
        )  # fmt: skip

    def flush(self) -> None:
        """Records that came side by side, in one transaction; whatever can't be stored is held or answered."""
        run, self.run = list(self.run.values()), {}
        plain: list[Item] = []
        for item in run:
            if item.fault or item.entry is None:
                self.results[item.id] = Result(item.id, "refused", item.fault or NotKnown.sentence)
            elif not item.pupils or any(pk not in self.pupils for pk in item.pupils):
                sentence = NoSuchChild.sentence if item.pupils else record.NobodyChosen.sentence
                self.results[item.id] = Result(item.id, "refused", sentence)
            elif reason := self._held_because(item):
                self._hold(item, reason)
            else:
                plain.append(item)
        if plain:
            self._store(plain)

    def _store(self, plain: list[Item]) -> None:
        entries = [(self.entry(item), [self.pupils[pk] for pk in item.pupils]) for item in plain]
        with writing():
            answers = record.add_many(entries=entries, by=self.by)
            both = zip(plain, answers, strict=True)
            stored = [item for item, told in both if not isinstance(told, Refusal)]
            _note([self._row(item) for item in stored])
        for item, told in zip(plain, answers, strict=True):
            if isinstance(told, record.NotThere):
                self._hold(item, "moved")
            elif isinstance(told, Refusal):
                self.results[item.id] = Result(item.id, "refused", told.sentence)
            else:
                self.results[item.id] = Result(item.id, "stored", evidence=told.pk)

    def made_at(self, item: Item, on: date | None = None) -> datetime | None:
        """Written down when the device says so, if that can be: after it happened, and no longer ago than is kept."""
        at = item.made_at
        if at is None or not self.now - carry.KEPT <= at <= self.now or (on and local_day(at) < on):
            return None
        return at

    def entry(self, item: Item) -> Entry:
        return replace(item.entry, written_at=self.made_at(item, item.entry.happened_on))

    def _held_because(self, item: Item) -> str:
        """Why a person should look first: no longer the author's child, or the month was sealed since it was written.

        What is written after the seal is an addition like any other, and is shown as one.
        """
        if any(pk not in self.cared for pk in item.pupils):
            return "not_yours"
        written = self.entry(item).written_at or self.now
        seals = [self.sealed(pk, item.entry.happened_on) for pk in item.pupils]
        return "sealed" if any(at and written < at for at in seals) else ""

    def _hold(self, item: Item, reason: str) -> None:
        known = Evidence.objects.filter(pk=item.id, author=self.by.staff).exists()
        if known:  # stored before, when the child was still in this author's care
            self.results[item.id] = Result(item.id, "known", evidence=item.id)
            return
        about = next((pk for pk in item.pupils if pk not in self.cared), item.pupils[0])
        row = self._row(item, state="review", reason=reason, pupil=self.pupils[about])
        row.content = held_words(self.entry(item), item.pupils)
        try:
            with writing():
                row.save(force_insert=True)
                audit.log(
                    "sync.hold", by=self.by.staff, at=self.now, subject=row, changes={"why": [None, reason]}
                )
        except IntegrityError:
            row = SyncItem.objects.get(pk=item.id)
            self.results[item.id] = self._again(item, row)
            return
        self.results[item.id] = Result(item.id, "review", reason=reason)


def _note(rows: list[SyncItem]) -> None:
    """In one statement; where another send was quicker with one of them, the others all the same."""
    try:
        with transaction.atomic():
            insert(rows)
    except IntegrityError:
        SyncItem.objects.bulk_create(rows, ignore_conflicts=True)


def _sealed(by, pupils: set[UUID]) -> Callable[[UUID, date], datetime | None]:
    """When the sheet was sealed on which this author's day with a child stands; of several plans' sheets, the last."""
    rows = MonthSheet.objects.filter(helper=by.staff, state="sealed", cases__case__pupil__in=pupils)
    columns = ("cases__case__pupil", "month", "sealed_at")
    seals = {(pk, month): at for pk, month, at in rows.order_by("sealed_at").values_list(*columns)}
    month_of = month_of_sheet(calendar_for(by.school)) if seals else None
    return lambda pk, day: seals.get((pk, month_of(day))) if seals else None


def _digest(item: Item) -> str:
    words = json.dumps([item.kind, item.body], ensure_ascii=False, sort_keys=True, default=str)
    return hmac.new(settings.BLIND_KEY, words.encode(), hashlib.sha256).hexdigest()[:32]
