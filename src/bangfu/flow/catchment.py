"""Three comparisons: the list of school age with the roll, roll with classroom, open files with what poor lists say.

Every difference stands until somebody answers it, and the answer stays with who and when; none is dropped (R83, P0-05).
What an office certified of a pupil is known already (flow/known); a poor list dropped here adds children of no roll.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from bangfu.engine.attendance import days_away
from bangfu.engine.fault import Fault
from bangfu.engine.refusal import Refusal
from bangfu.exchange import list_kind, list_rows, sheets
from bangfu.exchange.list_rows import ListRow
from bangfu.flow import absence_ladder, clock, dropout, known, list_links, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import (
    CatchmentChild,
    CatchmentList,
    DifferenceAnswer,
    DropoutFile,
    Enrolment,
    Pupil,
    ReceivedList,
)
from bangfu.records.models.places import school_year_of
from bangfu.records.seal import blind

FITTING = {
    "never_enrolled": ("same_child", "another_school", "moved", "too_young", "finished", "home_teaching", "suspended",
                       "abroad", "deceased", "being_traced"),
    "away": ("with_leave", "home_teaching", "suspended", "another_school", "abroad", "being_traced"),
}  # fmt: skip
AT_SCHOOL = ("same_child", "another_school", "home_teaching")
NOT_COUNTED = ("moved", "too_young", "finished", "abroad", "deceased")  # not of school age here
UNSETTLED = ("being_traced",)
POOR = frozenset({"exited_poor", "monitored"})  # what other kinds imply, flow/known adds
POOR_LIST = list_kind.kinds()["exited_poor"].source


class NotReadable(Refusal):
    """The file is no list; the sentence says what to do."""


class AlreadyThere(Refusal):
    sentence = "这份表已经导入过了，没有再导一遍。"


class TakenBack(Refusal):
    sentence = "这份名单已经撤回了。刷新页面看看现在用的是哪一份。"


class NoSuchAnswer(Refusal):
    sentence = "请选一个答复，再写一句（例如学校名、哪天去的）。"


@dataclass(frozen=True, slots=True)
class ListPaper:
    """A list to take in: its kind, the file, where it comes from, the day it speaks of."""

    kind: str
    content: bytes
    file_name: str
    source: str = ""
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One child two sources disagree about, and what somebody answered, if anybody did."""

    kind: str
    subject_id: UUID
    name: str
    about: str  # what a person needs to trace the child: birthday, village, class
    guardian: str
    since: date | None
    answer: DifferenceAnswer | None
    maybe: tuple[tuple[UUID, str, tuple[str, ...]], ...] = ()  # children of the roll it may be
    file_id: UUID | None = None
    is_explained: bool = False  # the class knows why, so nobody else is asked

    @property
    def is_settled(self) -> bool:
        """Whether it needs nothing more."""
        return (
            self.file_id is not None
            or self.is_explained
            or (self.answer is not None and self.answer.answer not in UNSETTLED)
        )


@dataclass(slots=True)
class Compared:
    """All three comparisons as they stand. `enrolled` of `of_age` children of the newest list are at some school."""

    listed: CatchmentList | None = None
    of_age: int = 0
    enrolled: int = 0
    never_enrolled: list[Difference] = field(default_factory=list)
    away: list[Difference] = field(default_factory=list)
    poor_on: date | None = None  # the day the newest list of these households speaks of
    poor: list[tuple[UUID, str]] = field(default_factory=list)  # open files of such children: (file, name)
    uncalled: int = 0  # classes nobody has looked at today

    @property
    def open(self) -> int:
        """How many differences nobody has settled."""
        return sum(not one.is_settled for one in (*self.never_enrolled, *self.away))


@transaction.atomic
def take_list(*, paper: ListPaper, by) -> CatchmentList:
    """This function will take in a list, sealed child by child, and link it to the roll; a class of the list is not ours.

    Nobody is enrolled, removed or labelled by it. Raises NotReadable, AlreadyThere, ForKeepers.
    """
    if not dropout.keeps(by):
        raise dropout.ForKeepers
    if paper.kind not in CatchmentList.KINDS:
        raise NotReadable("请先选这是哪一种名单。")
    digest = hashlib.sha256(paper.content).hexdigest()
    if (
        CatchmentList.objects.standing()
        .filter(school_id=by.school_id, kind=paper.kind, digest=digest)
        .exists()
    ):
        raise AlreadyThere
    reading = _read(paper, by.day)
    now = clock.now()
    row = CatchmentList.objects.create(
        school_id=by.school_id, kind=paper.kind, source=paper.source.strip()[:60], digest=digest, by=by.staff, at=now,
        listed_on=paper.listed_on or reading.stated_on or by.day,
    )  # fmt: skip
    rows = [one for one in reading.rows if not one.is_grown_up]
    linked = _linked(rows, by)
    for at, one in enumerate(rows, start=1):
        pupil_id, maybe = linked[one.key]
        CatchmentChild(
            catchment_list=row, at_row=at, sex=one.sex or "", birth_on=one.birth_on, name=one.name,
            id_number=one.id_number, id_number_index=blind(one.id_number, "id_number") if one.id_number else "",
            guardian="、".join(one.guardians)[:60], phone="、".join(one.phones)[:60], village=(one.village or "")[:60],
            pupil_id=pupil_id, candidates=maybe,
        ).save(force_insert=True)  # fmt: skip
    changes = {"rows": [None, len(rows)], "linked": [None, sum(bool(pk) for pk, _ in linked.values())]}
    audit.log("catchment.take", by=by.staff, at=now, subject=row, changes=changes)
    return row


def _linked(rows: list[ListRow], by) -> dict[str, tuple[UUID | None, list]]:
    """Whose rows they are as the roll stands: {row key: (surely this pupil, who else it may be with reasons)}."""
    linked = list_links.find(rows, list_links.children(school=by.school, day=by.day), is_ours=False)
    maybe: dict[str, list] = {one.key: [] for one in rows}
    for pair in linked.unsure:
        maybe[pair.row.key].append([str(pair.child.id), list(pair.reasons)])
    return {key: (linked.sure[key].child.id if key in linked.sure else None, maybe[key]) for key in maybe}


@transaction.atomic
def link_again(*, catchment_list: CatchmentList, by) -> int:
    """This function will link a list to the roll as it is now, and say for how many children that changed anything.

    What people answered stays, and so does an earlier link where nothing better is found: a pupil may have left.
    """
    if not dropout.keeps(by):
        raise dropout.ForKeepers
    listed = CatchmentList.objects.select_for_update().standing().filter(pk=catchment_list.pk).first()
    if listed is None or listed.school_id != by.school_id:
        raise TakenBack
    children = {f"!{child.at_row}": child for child in listed.children.order_by("at_row")}
    linked = _linked([_row(child) for child in children.values()], by)
    anew = {pupil_id for pupil_id, _ in linked.values() if pupil_id}
    changed = 0
    for key, child in children.items():
        pupil_id, maybe = linked[key]
        pupil_id = pupil_id or (None if child.pupil_id in anew else child.pupil_id)
        maybe = maybe or child.candidates
        if (pupil_id, maybe) != (child.pupil_id, child.candidates):
            CatchmentChild.objects.filter(pk=child.pk).update(pupil_id=pupil_id, candidates=maybe)
            changed += 1
    if changed:
        changes = {"linked": [None, changed]}
        audit.log("catchment.link_again", by=by.staff, at=clock.now(), subject=listed, changes=changes)
    return changed


def _row(child: CatchmentChild) -> ListRow:
    """A listed child as it stood in the list, as far as it is kept."""

    def opened(sealed) -> str:
        return sealed.reveal() if sealed else ""

    return ListRow(
        sheet="", row=child.at_row, name=opened(child.name), former_name="", sex=child.sex, birth_on=child.birth_on,
        id_number=opened(child.id_number), roll_no="", phones=_parts(opened(child.phone)), village=child.village,
        household="", head="", relation="", guardians=_parts(opened(child.guardian)), guardian_ids=(), school="",
        class_name=None, is_grown_up=False, has_ended=False, facts={"listed": True},
    )  # fmt: skip


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("、") if part)


def _read(paper: ListPaper, day: date):
    book = sheets.read(paper.content, paper.file_name)
    if isinstance(book, Fault):
        raise NotReadable(f"{book.where}：{book.what}。{book.hint}")
    wish = list_rows.Wish(list_kind.kinds()["other"], school_year_of(day), day, fact="exited_poor")
    reading = list_rows.read(book, wish)
    if reading.refusal:
        raise NotReadable(f"{reading.refusal.where}：{reading.refusal.what}。{reading.refusal.hint}")
    if not reading.rows:
        raise NotReadable("表里没有认出姓名。表头里要有“姓名”，最好还有身份证件号、出生日期、监护人。")
    return reading


@transaction.atomic
def take_back(*, catchment_list: CatchmentList, by) -> None:
    """This function will take a list back; what people answered stays."""
    if not dropout.keeps(by):
        raise dropout.ForKeepers
    now = clock.now()
    if CatchmentList.objects.filter(pk=catchment_list.pk, taken_back_at=None).update(taken_back_at=now):
        audit.log("catchment.take_back", by=by.staff, at=now, subject=catchment_list)


@transaction.atomic
def answer(*, kind: str, subject_id: UUID, said: str, answer: str, by) -> DifferenceAnswer:
    """This function will note what became of a difference; `answer` may be same_child:<pupil id>. Raises NoSuchAnswer."""
    if not dropout.keeps(by):
        raise dropout.ForKeepers
    word, _, pupil_id = answer.partition(":")
    if word not in FITTING.get(kind, ()):
        raise NoSuchAnswer
    pupil = Pupil.objects.visible_to(by).filter(pk=pupil_id).first() if pupil_id else None
    if word == "same_child" and pupil is None:
        raise NoSuchAnswer("请点是哪一名学生。")
    now = clock.now()
    row = DifferenceAnswer(
        school_id=by.school_id, kind=kind, subject_id=subject_id, pupil=pupil, answer=word, said=said.strip()[:200],
        by=by.staff, at=now,
    )  # fmt: skip
    row.save(force_insert=True)
    audit.log("catchment.answer", by=by.staff, at=now, subject=row, changes={"answer": [None, word]})
    return row


def compared(viewer) -> Compared:
    """This function will hold lists, roll and classroom against each other, as they stand on the viewer's day."""
    found = Compared()
    answers = {
        (row.kind, row.subject_id): row
        for row in DifferenceAnswer.objects.filter(school_id=viewer.school_id).select_related("by")
    }
    files = DropoutFile.objects.filter(school_id=viewer.school_id).open()
    by_child = dict(files.filter(catchment_child__isnull=False).values_list("catchment_child_id", "pk"))
    by_pupil = dict(files.filter(pupil__isnull=False).values_list("pupil_id", "pk"))
    found.listed = newest(viewer, "school_age")
    if found.listed:
        _never_enrolled(found, answers, by_child, viewer)
    found.away = _away(viewer, answers, by_pupil)
    _poor(found, files, viewer)
    return found


def newest(viewer, kind: str) -> CatchmentList | None:
    """This function will give the list of a kind that speaks of the latest day."""
    rows = CatchmentList.objects.standing().filter(school_id=viewer.school_id, kind=kind)
    return rows.order_by("-listed_on", "-at").first()


def _never_enrolled(found: Compared, answers, files, viewer) -> None:
    children = list(found.listed.children.order_by("at_row"))
    here = set(
        Enrolment.objects.on(viewer.day)
        .filter(pupil__school=viewer.school)
        .values_list("pupil_id", flat=True)
    )
    wanted = {UUID(pk) for child in children for pk, _ in child.candidates}
    names = dict(Pupil.objects.filter(pk__in=wanted).values_list("pk", "name"))
    told: Counter = Counter()
    for child in children:
        if child.pupil_id in here:
            told["same_child"] += 1
            continue
        said = answers.get(("never_enrolled", child.pk))
        told[said.answer if said else ""] += 1
        about = "，".join(
            part
            for part in (
                f"{child.birth_on.year}年{child.birth_on.month}月生" if child.birth_on else "",
                child.village,
            )
            if part
        )
        maybe = tuple(
            (UUID(pk), names[UUID(pk)], tuple(why)) for pk, why in child.candidates if UUID(pk) in names
        )
        found.never_enrolled.append(
            Difference(
                "never_enrolled", child.pk, child.name.reveal(), about, child.guardian.reveal() if child.guardian else "",
                None, said, maybe, files.get(child.pk),
            )
        )  # fmt: skip
    found.of_age = len(children) - sum(told[word] for word in NOT_COUNTED)
    found.enrolled = sum(told[word] for word in AT_SCHOOL)


def _away(viewer, answers, files) -> list[Difference]:
    """On the roll and not in the classroom, long enough to ask; an answer counts for the spell it was given in."""
    calendar, many = calendar_for(viewer.school), absence_ladder.ladder().away_after
    everybody = Pupil.objects.filter(school_id=viewer.school_id)
    found = []
    for climb in absence_ladder.climbs(viewer, everybody):
        file_id = files.get(climb.pupil_id)
        if days_away(climb.spell, calendar, viewer.day) < many and file_id is None:
            continue
        said = answers.get(("away", climb.pupil_id))
        if said and schedule.local_day(said.at) < climb.spell.opens_on:
            said = None
        found.append(
            Difference(
                "away",
                climb.pupil_id,
                climb.name,
                climb.label,
                "",
                climb.spell.opens_on,
                said,
                (),
                file_id,
                climb.is_explained is True,
            )
        )
    return found


def _poor(found: Compared, files, viewer) -> None:
    """A pupil is on such a list where an office's list says so and it still holds; children of no roll, by number."""
    listed = newest(viewer, "exited_poor")
    loaded = ReceivedList.objects.loaded().filter(intake__school_id=viewer.school_id, source=POOR_LIST)
    days = [*loaded.values_list("stated_on", flat=True), *([listed.listed_on] if listed else [])]
    found.poor_on = max(days, default=None)
    rows = list(files.select_related("pupil", "catchment_child").order_by("opened_at"))
    poor = _certified({file.pupil_id for file in rows if file.pupil_id}, viewer.day)
    numbers = set(listed.children.values_list("id_number_index", flat=True)) - {""} if listed else set()
    for file in rows:
        if file.pupil_id in poor:
            found.poor.append((file.pk, file.pupil.name))
        elif file.catchment_child and file.catchment_child.id_number_index in numbers:
            found.poor.append((file.pk, file.catchment_child.name.reveal()))


def _certified(pupil_ids: set[UUID], day: date) -> set[UUID]:
    return {
        pupil
        for pupil, facts in known.last(pupil_ids, day, POOR).items()
        if any(
            one.stated.value is True and not one.is_over and known.is_certified(one.stated.source)
            for one in facts.values()
        )
    }
