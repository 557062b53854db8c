"""Station 1, enrol: look at a roll, load it, mark who left. Nothing is written to the roll before somebody says so.

`check` keeps the file sealed and counts what it would change; `load` reads it again and writes in one transaction;
nobody is removed for not being in a file. Taking a load back is `undo.undo`.
"""

import base64
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from bangfu.engine.fault import Fault
from bangfu.engine.refusal import Refusal
from bangfu.exchange import roll, sheets
from bangfu.exchange.annotate import annotate
from bangfu.exchange.roll import CellFault, RollReading
from bangfu.exchange.sheets import Workbook
from bangfu.flow import clock, follow
from bangfu.flow.arrivals import Arrival
from bangfu.flow.difference import Difference, compare
from bangfu.records import audit
from bangfu.records.models import Enrolment, Intake, Pupil
from bangfu.records.models.places import school_year_of

UNDO_DAYS = 7


class NotRollKeeper(Refusal):
    sentence = "导入学籍表要由校长或管学籍、管资助的老师来做。"


class NotReadable(Refusal):
    """The file is no roll; `fault` says what it is and what to do."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(f"{fault.where}：{fault.what}。{fault.hint}")


class AlreadyLoaded(Refusal):
    sentence = "这份表已经导入过了。要再导入，请重新拖进来。"


class NothingToLoad(Refusal):
    sentence = "这份表里没有可以导入的行。请按标黄的地方改好，再拖进来。"


class TooManyChanges(Refusal):
    """More than a tenth of the pupils would change: a person must say that this is meant."""

    def __init__(self, changed: int, existing: int) -> None:
        super().__init__(
            f"{existing} 名学生里有 {changed} 名会改动，超过一成。请先看一遍改动；"
            "确实要改，勾上“我看过了，确实要改这么多”，再点导入。"
        )


@dataclass(slots=True)
class Look:
    """A file as it was read, and what it would change."""

    book: Workbook
    reading: RollReading
    difference: Difference
    digest: str

    @property
    def faults(self) -> list[CellFault]:
        """Every cell to look at, in the order of the sheet."""
        return sorted(
            (*self.reading.faults, *self.difference.faults), key=lambda f: (f.sheet, f.row, f.column)
        )

    @property
    def counts(self) -> dict:
        """Sums for the page, the command and the intake; no names."""
        blocked = self.reading.blocked + len(self.difference.faults)
        readable = len(self.reading.rows) - len(self.difference.faults)
        return self.reading.counts | self.difference.counts | {"blocked": blocked, "readable": readable}


def look(*, content: bytes, file_name: str, school, day: date) -> Look:
    """This function will read a file and say what loading it would change; it writes nothing. Raises NotReadable."""
    book = sheets.read(content, file_name)
    if isinstance(book, Fault):
        raise NotReadable(book)
    reading = roll.read(book, school_year=school_year_of(day))
    if reading.refusal:
        raise NotReadable(reading.refusal)
    return Look(book, reading, compare(reading, school=school, day=day), hashlib.sha256(content).hexdigest())


def check(*, content: bytes, file_name: str, by) -> tuple[Intake, Look]:
    """This function will keep a file sealed until somebody loads it, and say what it would change.

    Raises NotRollKeeper, NotReadable. Files older than the time for undoing are dropped on the way.
    """
    if not by.sees_roll:
        raise NotRollKeeper
    seen = look(content=content, file_name=file_name, school=by.school, day=by.day)
    with transaction.atomic():
        old = Intake.objects.filter(school_id=by.school_id, at__lt=clock.now() - timedelta(days=UNDO_DAYS))
        old.filter(content__isnull=False).update(content=None)
        old.filter(state="checked").update(state="dropped")
        intake = Intake.objects.create(
            school=by.school, file_name=file_name[-120:], digest=seen.digest, counts=seen.counts, by=by.staff,
            content=base64.b64encode(content).decode(), at=clock.now(),
        )  # fmt: skip
    return intake, seen


def content_of(intake: Intake) -> bytes:
    """This function will give the file of an intake, b"" once it is dropped."""
    return base64.b64decode(intake.content.reveal()) if intake.content else b""


def look_again(*, intake: Intake, by) -> Look | None:
    """This function will read the kept file again against the roll as it is now; None once the file is dropped."""
    content = content_of(intake)
    return (
        look(content=content, file_name=intake.file_name, school=by.school, day=by.day) if content else None
    )


def load(
    *, intake: Intake, by, confirmed: bool = False, back: Collection[str] = (), seen: Look | None = None
) -> Intake:
    """This function will write what a checked file says into the roll, in one transaction.

    back: ids of children who had left and are here again. seen: the Look just made of this very file, so that it
    is not read twice. Raises NotRollKeeper, AlreadyLoaded, NothingToLoad, TooManyChanges (unless confirmed).
    """
    if not by.sees_roll:
        raise NotRollKeeper
    if seen is None or seen.digest != intake.digest:
        seen = look_again(intake=intake, by=by)
    if seen is None:
        raise AlreadyLoaded
    with transaction.atomic():
        if not Intake.objects.filter(pk=intake.pk, state="checked").update(
            state="loaded", loaded_at=clock.now()
        ):
            raise AlreadyLoaded
        difference = compare(seen.reading, school=by.school, day=by.day)
        difference.changed += [one for one in difference.back if str(one.known.pupil.pk) in back]
        if not difference.new and not difference.changed and not difference.same:
            raise NothingToLoad
        if difference.is_large and not confirmed:
            raise TooManyChanges(len(difference.changed), difference.existing)
        _write(intake, Look(seen.book, seen.reading, difference, seen.digest), by)
        if difference.changed:
            follow.follow(school=by.school, day=by.day, by=by)  # a child may have changed class
    intake.refresh_from_db()
    return intake


def _write(intake: Intake, seen: Look, by) -> None:
    difference = seen.difference
    is_first = not difference.existing and not Pupil.objects.filter(school_id=by.school_id).exists()
    arrival = Arrival(by.school, intake, by.staff, by.day, clock.now(), is_first)
    rows = [*difference.new, *(change.row for change in difference.changed)]
    new_classes = arrival.open_classes({(row.entry_year, row.class_number) for row in rows})
    for row in difference.new:
        arrival.add(row)
    for change in difference.changed:
        arrival.change(change)
    arrival.store()
    counts = seen.counts
    event = audit.event(
        "enrol.load", by=by.staff, at=arrival.now, subject=intake, changes={"counts": [None, counts]}
    )
    event.intake = intake
    audit.store([event])
    keep = {} if seen.faults else {"content": None}  # a file without faults is not needed any more
    told = {"classes": new_classes, "gone_ids": [str(one.pupil.pk) for one in difference.gone]}
    Intake.objects.filter(pk=intake.pk).update(counts=counts | told, **keep)


def marked_workbook(*, intake: Intake, by) -> bytes | None:
    """This function will give the same workbook with yellow cells and a last column 要看一下; None once dropped."""
    seen = look_again(intake=intake, by=by)
    return marked(content_of(intake), seen) if seen else None


def marked(content: bytes, seen: Look) -> bytes:
    """This function will mark a file that was looked at."""
    return annotate(content, seen.book, seen.faults, seen.reading.header_rows)


@transaction.atomic
def leave(*, pupil: Pupil, on: date, by, because: str = "moved") -> Pupil:
    """This function will end a child's enrolment from a day on; records stay. A child who left already stays so."""
    if not by.sees_roll:
        raise NotRollKeeper
    if pupil.left_on:
        return pupil
    on = max(on, pupil.joined_on)
    pupil.left_on, pupil.left_because = on, because
    pupil.save(update_fields=["left_on", "left_because"])
    for enrolment in Enrolment.objects.filter(pupil=pupil, valid_to__isnull=True):
        enrolment.valid_to = max(on, enrolment.valid_from)
        enrolment.save(update_fields=["valid_to"])
    audit.log(
        "enrol.pupil_left", by=by.staff, at=clock.now(), subject=pupil, changes={"left_on": [None, str(on)]}
    )
    follow.follow(school=by.school, day=by.day, by=by)
    return pupil
