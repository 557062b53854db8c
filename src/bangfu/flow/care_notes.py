"""Notes behind the wall (F24): write, correct, read, one note for a group, and forgetting when the time has come.

Only the wall of the one who counsels the child opens them. Forgetting throws the lock away: nobody reads it again.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from bangfu.engine.refusal import Refusal
from bangfu.flow import care, clock
from bangfu.records.models import CareCase, CareNote, GroupMember, GroupSession, Referral, ScreeningResult
from bangfu.records.models.care import is_counsellor
from bangfu.records.seal import SealBroken
from bangfu.records.wall import Wall

FORMS = ("单独聊", "电话", "见家长", "游戏或画画")
SAFETY = ("平安", "多留意", "有危险")
PARTS = (
    ("state", "状态"),
    ("problem", "主要问题和评估"),
    ("analysis", "分析"),
    ("response", "怎么做的"),
    ("effect", "效果"),
)
OLDEST = timedelta(days=366)
MOST = 40


class NothingWritten(Refusal):
    sentence = "请写一句，或点一下孩子的状态，再保存。"


class NobodyThere(Refusal):
    sentence = "请点一下来了哪几位，一次最多 40 位。"


@dataclass(frozen=True, slots=True)
class Said:
    """What F24 asks; all of it may be left empty but one. `id` is made by the client."""

    on: date
    form: str = FORMS[0]
    safety: str = ""
    state: str = ""
    problem: str = ""
    analysis: str = ""
    response: str = ""
    effect: str = ""
    id: UUID = field(default_factory=uuid4)

    def text(self) -> str:
        """This function will give what goes behind the wall."""
        told = {key: value for key, value in asdict(self).items() if key not in ("on", "id")}
        told["form"] = self.form if self.form in FORMS else FORMS[0]
        told["safety"] = self.safety if self.safety in SAFETY else ""
        return json.dumps({key: str(value).strip()[:2000] for key, value in told.items()}, ensure_ascii=False)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written or tapped."""
        return not (self.safety or any(getattr(self, key).strip() for key, _ in PARTS))


@dataclass(frozen=True, slots=True)
class Told:
    """One opened note: when, its parts in order; `is_gone` when its lock was thrown away."""

    id: UUID
    on: date
    form: str = ""
    safety: str = ""
    parts: tuple[tuple[str, str], ...] = ()
    written_at: object = None
    of_group: int = 0
    is_gone: bool = False
    is_old: bool = False


def _check(on: date, by) -> None:
    if on > by.day:
        raise care.NotYet("日期还没有到，请选今天或以前的一天。")
    if on < by.day - OLDEST:
        raise care.NotYet("日子太久了，请核对一下。")


@transaction.atomic
def write(
    *, case: CareCase, said: Said, next_on: date | None = None, amends: CareNote | None = None, by
) -> CareNote:
    """This function will put one note behind one's wall and say when the next talk is; sent twice, stored once.

    Raises NotYours, GoneElsewhere, NothingWritten, NotYet, FamilyUnwilling.
    """
    row = care.own(case.pk, by)
    known = CareNote.objects.visible_to(by).filter(pk=said.id).first()
    if known is not None:
        return known
    if said.is_empty:
        raise NothingWritten
    _check(said.on, by)
    if row.consent == "unwilling" and amends is None:
        raise care.FamilyUnwilling
    note = CareNote(
        id=said.id, case=row, author=by.staff, happened_on=said.on, written_at=clock.now(), amends=amends
    )
    note.shut(said.text(), Wall.of(by))
    try:
        with transaction.atomic():
            note.save(force_insert=True)
    except IntegrityError as cause:
        raise care.GoneElsewhere("这一条刚刚已经改过了。请刷新后再看。") from cause
    is_over = row.next_on is not None and row.next_on <= by.day
    if amends is None and (next_on is not None or is_over):  # an appointment still ahead stands
        care.meet_next(case=row, on=next_on, by=by)
    care.trail("amend" if amends else "write", note, by)
    return note


@transaction.atomic
def hold_group(*, cases: Iterable[CareCase], said: Said, by) -> GroupSession:
    """This function will put one note for several children behind one's wall; sent twice, stored once."""
    care.must_counsel(by)
    known = GroupSession.objects.visible_to(by).filter(pk=said.id).first()
    if known is not None:
        return known
    wanted = {one.pk for one in cases}
    mine = list(CareCase.objects.visible_to(by).open().filter(pk__in=wanted).exclude(consent="unwilling"))
    if not 0 < len(mine) <= MOST or len(mine) != len(wanted):
        raise NobodyThere
    if said.is_empty:
        raise NothingWritten
    _check(said.on, by)
    row = GroupSession(
        id=said.id, school=by.school, counsellor=by.staff, happened_on=said.on, written_at=clock.now()
    )
    row.shut(said.text(), Wall.of(by))
    row.save(force_insert=True)
    GroupMember.objects.bulk_create(GroupMember(session=row, case=one) for one in mine)
    care.trail("group", row, by)
    return row


def read(*, case: CareCase, by) -> list[Told]:
    """This function will open the notes of one's own case, the newest first; raises NotYours."""
    care.must_keep(case, by)
    return opened(case, Wall.of(by))


def opened(case: CareCase, at: Wall) -> list[Told]:
    """This function will open the notes of a case at a wall; what stays shut there is left out."""
    told = []
    notes = case.notes.select_related("amended_by")
    for note in notes:
        told += _told(note, at, is_old=hasattr(note, "amended_by"))
    sessions = GroupSession.objects.filter(members__case=case).prefetch_related("members")
    for one in sessions:
        told += _told(one, at, of_group=len(one.members.all()))
    return sorted(told, key=lambda one: (one.on, one.written_at), reverse=True)


def _told(row, at: Wall, **more) -> list[Told]:
    if row.is_gone:
        return [Told(row.pk, row.happened_on, written_at=row.written_at, is_gone=True, **more)]
    try:
        said = json.loads(row.read(at))
    except SealBroken:
        return []
    parts = tuple((title, said[key]) for key, title in PARTS if said.get(key))
    return [Told(row.pk, row.happened_on, said["form"], said["safety"], parts, row.written_at, **more)]


def last_group(by) -> list[UUID]:
    """This function will give the cases of one's last group, so that the same ones are chosen already."""
    row = GroupSession.objects.visible_to(by).order_by("-happened_on", "-written_at").first()
    return list(row.members.values_list("case_id", flat=True)) if row else []


def may_forget(by) -> bool:
    """This function will say who throws locks away: a counsellor one's own, the principal those of who counsels no more."""
    return is_counsellor(by) or by.holds("principal")


def _past(by, pupil: str = "pupil") -> Q:
    """Children who left longer ago than the school keeps what was said."""
    years = care.rules(by).keep_years
    return Q(**{f"{pupil}__left_on__lte": by.day - timedelta(days=365 * years + years // 4)})


def _kept_by(by, who: str) -> Q:
    """What the viewer may throw away, by who keeps it. Nobody opens it for that; a colleague's is left alone."""
    mine = Q(**{who: by.staff}) if is_counsellor(by) else Q(pk__in=())
    if by.holds("principal"):
        here = [one.pk for one in care.counsellors(by)]
        mine |= Q(**{f"{who}__school": by.school_id}) & ~Q(**{f"{who}__in": here})
    return mine


def _shut(by) -> tuple[QuerySet, ...]:
    """What still opens of children whose time has come: notes, groups all of whom left, what was asked, screening."""
    stays = GroupMember.objects.filter(session=OuterRef("pk")).exclude(_past(by, "case__pupil"))
    told = (
        CareNote.objects.filter(_past(by, "case__pupil"), _kept_by(by, "case__counsellor")),
        GroupSession.objects.filter(~Exists(stays), _kept_by(by, "counsellor")),
        Referral.objects.filter(
            _past(by), _kept_by(by, "case__counsellor") | Q(case=None) & _kept_by(by, "answered_by")
        ),
        ScreeningResult.objects.filter(_past(by), _kept_by(by, "keeper")),
    )
    return tuple(one.exclude(lock="") for one in told)


def _whose(notes, groups, asked, results) -> set[UUID]:
    rows = (
        notes.values_list("case__pupil", flat=True),
        groups.values_list("members__case__pupil", flat=True),
        *(one.values_list("pupil", flat=True) for one in (asked, results)),
    )
    return {pupil for some in rows for pupil in some} - {None}


def to_forget(by) -> int:
    """This function will count the children whose time to be forgotten has come, of whom the viewer may do it."""
    return len(_whose(*_shut(by))) if may_forget(by) else 0


@transaction.atomic
def forget(*, by) -> int:
    """This function will throw away the locks of what was kept whose time has come, and say of how many children.

    A counsellor one's own; the principal what somebody kept who counsels no more. Raises NotYours.
    """
    if not may_forget(by):
        raise care.NotYours
    every = _shut(by)
    touched, (notes, groups, *_rest) = _whose(*every), every
    of = {*notes.values_list("case", flat=True), *groups.values_list("members__case", flat=True)} - {None}
    gone = [(rows.model, list(rows.values_list("pk", flat=True))) for rows in every]
    for model, found in gone:
        model.objects.filter(pk__in=found).update(content="", lock="")
    for case in CareCase.objects.filter(pk__in=of):
        care.trail("forget", case, by)
    return len(touched)
