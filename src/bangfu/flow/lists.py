"""Station 1, lists: look at a list of another office, load it, take it back. Nothing is written before somebody says so.

`check` keeps the file sealed and counts; `load` writes dated statements in one transaction, keeps the pairs that a
person must look at, names who is no longer on the list, and drops the file: rows about others are never stored.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.exchange.annotate import annotate
from bangfu.exchange.list_kind import kinds
from bangfu.flow import adopt, clock
from bangfu.flow.enrol import UNDO_DAYS, AlreadyLoaded, content_of
from bangfu.flow.list_links import shown_of
from bangfu.flow.list_look import About, ListLook, look
from bangfu.records import audit
from bangfu.records.models import FactStatement, HeadingMap, Intake, ListLeaver, ListMatch, ReceivedList

KIND = "list"
FORGET_AFTER = timedelta(days=1)  # how long a decided pair can still be taken back


class NotListKeeper(Refusal):
    sentence = "导入名单要由校长或管学籍、管资助的老师来做。"


class WhichList(Refusal):
    sentence = "请先选这是哪一种名单。"


class NotYet(Refusal):
    sentence = "名单的日期还没有到，请核对。"


class NoNames(Refusal):
    sentence = "还没有认出哪一列是姓名。请先选一下每一列是什么。"


class NoFact(Refusal):
    sentence = "请先选一下，在这份名单上说明什么。"


class NothingRead(Refusal):
    sentence = "这份名单里没有可以导入的行。请按要看的地方改好，再拖进来。"


class TooManyChanges(Refusal):
    """More than a tenth of the children would change: a person must say that this is meant."""

    def __init__(self, changed: int, existing: int) -> None:
        super().__init__(
            f"{existing} 名学生里有 {changed} 名会改动，超过一成。请先看一遍；"
            "确实是这样，勾上“我看过了，确实要改这么多”，再点导入。"
        )


class NotLoaded(Refusal):
    sentence = "这份名单没有导入，或者已经撤销过了。"


class TooLate(Refusal):
    sentence = f"导入已经超过 {UNDO_DAYS} 天，不能整份撤销。请导入新的名单，或在孩子的页面上改。"


class NotTheLast(Refusal):
    sentence = "后面还导入过同一种名单。请先撤销最近的一次。"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a person said about a list before loading it; None leaves what was said before."""

    stated_on: date | None = None
    fact: str | None = None
    title: str | None = None
    headings: Mapping[str, str] = field(default_factory=dict)  # heading → field, "" for no use
    words: Mapping[str, str] = field(default_factory=dict)  # kind as written → fact, "" for nothing


def check(
    *, content: bytes, file_name: str, key: str, by, answers: Answers = Answers()
) -> tuple[ReceivedList, ListLook]:
    """This function will keep a list sealed until somebody loads it, and say what it would change.

    Raises NotListKeeper, WhichList, NotYet, NotReadable.
    """
    must_keep(by)
    if key not in kinds():
        raise WhichList
    if answers.stated_on is not None:
        _must_be_past(answers.stated_on, by)
    about = About(kinds()[key], answers.stated_on, answers.fact or "", (answers.title or "").strip()[:60])
    seen = look(content=content, file_name=file_name, school=by.school, day=by.day, about=about)
    with transaction.atomic():
        forget(school=by.school)
        intake = Intake.objects.create(
            school=by.school, kind=KIND, file_name=file_name[-120:], digest=seen.digest, counts=seen.counts,
            by=by.staff, content=base64.b64encode(content).decode(), at=clock.now(),
        )  # fmt: skip
        received = ReceivedList.objects.create(
            intake=intake,
            source=about.kind.source,
            title=about.title,
            stated_on=seen.about.stated_on,
            fact=about.fact,
        )
    return received, seen


def forget(*, school) -> None:
    """This function will drop files nobody loaded in time and what decided pairs had shown."""
    old = Intake.objects.filter(school=school, at__lt=clock.now() - timedelta(days=UNDO_DAYS))
    old.filter(content__isnull=False).update(content=None)
    old.filter(state="checked").update(state="dropped")
    settled = ListMatch.objects.filter(received__intake__school=school, shown__isnull=False)
    settled.filter(decided_at__lt=clock.now() - FORGET_AFTER).update(shown=None)


def look_again(*, received: ReceivedList, by) -> ListLook | None:
    """This function will read the kept file again against the roll as it is now; None once the file is dropped."""
    content = content_of(received.intake)
    if not content:
        return None
    name = received.intake.file_name
    return look(content=content, file_name=name, school=by.school, day=by.day, about=About.of(received))


@transaction.atomic
def tell(*, received: ReceivedList, answers: Answers, by) -> ReceivedList:
    """This function will keep what a person says about a list; columns and words are remembered for the next one.

    Raises NotListKeeper, AlreadyLoaded, NotYet.
    """
    must_keep(by)
    if received.intake.state != "checked":
        raise AlreadyLoaded
    if answers.stated_on is not None:
        _must_be_past(answers.stated_on, by)
        received.stated_on = answers.stated_on
    if answers.fact is not None:
        received.fact = answers.fact if answers.fact in adopt.shelf().commons.facts else ""
    if answers.title is not None:
        received.title = answers.title.strip()[:60]
    received.save(update_fields=["stated_on", "fact", "title"])
    about = About.of(received)
    if answers.headings or answers.words:
        kept, _ = HeadingMap.objects.get_or_create(
            school=by.school, source=about.memory, defaults={"at": clock.now(), "by": by.staff}
        )
        known, facts = about.kind.profile.columns, adopt.shelf().commons.facts
        kept.headings |= {head: name for head, name in answers.headings.items() if not name or name in known}
        kept.words |= {word: fact for word, fact in answers.words.items() if not fact or fact in facts}
        kept.at, kept.by = clock.now(), by.staff
        kept.save()
        audit.log(
            "lists.columns", by=by.staff, at=clock.now(), subject=kept, changes={"source": about.memory}
        )
    return received


def load(
    *, received: ReceivedList, by, confirmed: bool = False, seen: ListLook | None = None
) -> ReceivedList:
    """This function will write what a checked list surely says of our children, in one transaction.

    seen: the ListLook just made of this very file, so that it is not read twice.
    Raises NotListKeeper, AlreadyLoaded, NoNames, NoFact, NothingRead, TooManyChanges (unless confirmed).
    """
    must_keep(by)
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(pk=received.intake_id)
        received.intake = intake
        if intake.state != "checked" or intake.kind != KIND:
            raise AlreadyLoaded
        if seen is None or seen.digest != intake.digest:
            seen = look_again(received=received, by=by)
        if seen is None:
            raise AlreadyLoaded
        _must_be_loadable(seen, confirmed)
        now = clock.now()
        _write(received, seen, by, now)
        intake.state, intake.loaded_at, intake.content, intake.counts = "loaded", now, None, seen.counts
        intake.save(update_fields=["state", "loaded_at", "content", "counts"])
        _log("lists.load", received, by, seen.counts)
    return received


def _must_be_loadable(seen: ListLook, confirmed: bool) -> None:
    if not seen.reading.knows_name:
        raise NoNames
    if seen.asks_fact:
        raise NoFact
    if not seen.reading.rows:
        raise NothingRead
    if seen.is_large and not confirmed:
        raise TooManyChanges(seen.changed, seen.existing)


def _write(received: ReceivedList, seen: ListLook, by, now) -> None:
    FactStatement.objects.bulk_create(
        [
            FactStatement(
                pupil=one.child.pupil, source=received.source, stated_on=received.stated_on, known_at=now,
                values=dict(one.facts), by=by.staff, intake=received.intake,
            )
            for one in seen.told
            if one.facts
        ],
        batch_size=500,
    )  # fmt: skip
    matches = []
    for pair in seen.links.unsure:
        match = ListMatch(
            received=received, pupil=pair.child.pupil, row_key=pair.row.key[-80:], how=pair.how, weight=pair.weight,
            reasons=list(pair.reasons), facts=dict(pair.row.facts),
        )  # fmt: skip
        match.shown = shown_of(pair.row)
        matches.append(match)
    ListMatch.objects.bulk_create(matches, batch_size=500)
    ListLeaver.objects.bulk_create(
        [ListLeaver(received=received, pupil=one.child.pupil, facts=list(one.facts)) for one in seen.leavers],
        batch_size=500,
    )


def marked_workbook(*, received: ReceivedList, by) -> bytes | None:
    """This function will give the same workbook with yellow cells and a last column 要看一下; None once dropped."""
    seen = look_again(received=received, by=by)
    return marked(content_of(received.intake), seen) if seen else None


def marked(content: bytes, seen: ListLook) -> bytes:
    """This function will mark a list that was looked at."""
    return annotate(content, seen.book, seen.faults, seen.reading.header_rows)


@transaction.atomic
def drop(*, received: ReceivedList, by) -> ReceivedList:
    """This function will put a list away that nobody wants to load; the file is gone at once."""
    must_keep(by)
    intake = Intake.objects.select_for_update().get(pk=received.intake_id)
    if intake.state != "checked":
        raise AlreadyLoaded
    intake.state, intake.content = "dropped", None
    intake.save(update_fields=["state", "content"])
    received.intake = intake
    _log("lists.drop", received, by, {})
    return received


def may_undo(received: ReceivedList) -> bool:
    """This function will say whether the time for taking this list back is still running."""
    intake = received.intake
    return intake.state == "loaded" and clock.now() - intake.loaded_at <= timedelta(days=UNDO_DAYS)


def undo(*, received: ReceivedList, by) -> dict[str, int]:
    """This function will take a list back with everything people decided on it: what is known is as it was before.

    Raises NotListKeeper, NotLoaded, TooLate, NotTheLast.
    """
    must_keep(by)
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(pk=received.intake_id)
        received.intake = intake
        if intake.state != "loaded":
            raise NotLoaded
        if not may_undo(received):
            raise TooLate
        same = ReceivedList.objects.loaded().filter(
            intake__school_id=intake.school_id, source=received.source, title=received.title
        )
        if same.filter(intake__loaded_at__gt=intake.loaded_at).exists():
            raise NotTheLast
        counts = {
            "stated": FactStatement.objects.filter(intake=intake).values("pupil").distinct().count(),
            "asked": received.matches.count(),
        }
        received.matches.all().delete()
        received.leavers.all().delete()
        FactStatement.objects.filter(intake=intake).delete()
        intake.state, intake.undone_at, intake.content = "undone", clock.now(), None
        intake.save(update_fields=["state", "undone_at", "content"])
        _log("lists.undo", received, by, counts)
    return counts


def _log(verb: str, received: ReceivedList, by, counts: dict) -> None:
    changes = {"source": received.source, "stated_on": str(received.stated_on), "counts": [None, counts]}
    event = audit.event(verb, by=by.staff, at=clock.now(), subject=received, changes=changes)
    event.intake = received.intake
    audit.store([event])


def must_keep(by) -> None:
    """This function will refuse whoever does not keep the roll. Raises NotListKeeper."""
    if not by.sees_roll:
        raise NotListKeeper


def _must_be_past(stated_on: date, by) -> None:
    if stated_on > by.day:
        raise NotYet
