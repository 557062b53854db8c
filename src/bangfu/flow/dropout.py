"""Files of children who may be out of school: opened by a person, moved step by step, closed only with proof (R81, R84).

Nothing here follows from an absence by itself. Steps and talks are only ever added; the last step is the state (F26, F27).
"""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction

from bangfu.engine import schooling
from bangfu.engine.refusal import Refusal
from bangfu.engine.schooling import Move
from bangfu.flow import calling, clock
from bangfu.records import audit
from bangfu.records.models import (
    CatchmentChild,
    DropoutFile,
    DropoutStep,
    Enrolment,
    HomeTeaching,
    Persuasion,
    Pupil,
    Staff,
)
from bangfu.records.models.dropouts import KEEPERS

HEAVY = ("dropout", "closed", "deceased")  # only those who answer for the school's reports say these


class NotYours(Refusal):
    sentence = "这份档由班主任和学校领导来写。需要的话，请和他们说一声。"


class ForKeepers(Refusal):
    sentence = "这一步由校长、分管副校长或学籍管理员来写。"


class AlreadyOpen(Refusal):
    sentence = "这名学生已经有一份开着的档，接着写就行。"


class WrongDay(Refusal):
    sentence = "日子还没有到。请选今天或以前的日子。"


class SayMore(Refusal):
    sentence = "还差一句话：和谁谈的、谈得怎样，各写几个字。"


@dataclass(frozen=True, slots=True)
class Opening:
    """Why somebody opens a file: since when the child is away, a reason of REASONS, a sentence, who in the township."""

    left_on: date
    reason: str = "unknown"
    said: str = ""
    partner: str = ""


@dataclass(frozen=True, slots=True)
class Talk:
    """One persuasion, as F27 asks."""

    on: date
    way: str
    attitude: str
    who: str = ""
    talked_with: str = ""
    result: str = ""
    next_step: str = ""
    next_on: date | None = None


def keeps(viewer) -> bool:
    """This function will say whether the viewer answers for the school's reports about schooling."""
    return viewer.holds(*KEEPERS)


def may_write(viewer, pupil: Pupil | None) -> bool:
    """This function will say whether the viewer may open and write a child's file: class teacher, grade, leaders, keepers."""
    if keeps(viewer) or viewer.is_leader:
        return pupil is None or pupil.school_id == viewer.school_id
    return pupil is not None and Pupil.objects.cared_for_by(viewer).filter(pk=pupil.pk).exists()


@transaction.atomic
def open_file(*, about: Pupil | CatchmentChild, opening: Opening, by) -> DropoutFile:
    """This function will open a file: somebody suspects a child is out of school. Raises NotYours, AlreadyOpen, WrongDay."""
    pupil = about if isinstance(about, Pupil) else None
    home = about.school_id if pupil else about.catchment_list.school_id
    if home != by.school_id or not may_write(by, pupil):
        raise NotYours
    if opening.left_on > by.day:
        raise WrongDay
    now = clock.now()
    reason = opening.reason if opening.reason in DropoutFile.REASONS else "unknown"
    file = DropoutFile(
        school_id=by.school_id, pupil=pupil, catchment_child=None if pupil else about, state="suspected_dropout",
        reason=reason, left_on=opening.left_on, minder=_minder(pupil, by), partner=opening.partner.strip()[:60],
        opened_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except IntegrityError as twice:
        raise AlreadyOpen from twice
    _step(file, Move("suspected_dropout", by.day), opening.said, by, now)
    audit.log("dropout.open", by=by.staff, at=now, subject=file, changes={"reason": [None, reason]})
    return file


def _minder(pupil: Pupil | None, by) -> Staff:
    """The school's line: the class teacher, if there is one, else whoever opened the file."""
    if pupil is None:
        return by.staff
    here = Enrolment.objects.on(by.day).filter(pupil=pupil).values_list("school_class", flat=True)
    return next(iter(calling.class_teachers(list(here), by.day).values()), by.staff)


@transaction.atomic
def move(*, file: DropoutFile, move: Move, by, said: str = "", reason: str = "") -> DropoutStep:
    """This function will take the next step of a file; raises as `schooling.check` does, or NotYours, ForKeepers, WrongDay."""
    file = DropoutFile.objects.select_for_update(of=("self",)).get(pk=file.pk)
    if file.school_id != by.school_id or not may_write(by, file.pupil):
        raise NotYours
    if move.state in HEAVY and not keeps(by):
        raise ForKeepers
    if move.on > by.day:
        raise WrongDay
    last = file.steps.order_by("-at").first()
    talks = file.persuasions.count()
    move = Move(move.state, move.on, move.proof_kind, move.proof, talks)
    schooling.check(file.state, last.on if last.state != "suspected_dropout" else file.left_on, move)
    now, before = clock.now(), file.state
    step = _step(file, move, said, by, now)
    file.state = move.state
    if reason in DropoutFile.REASONS:
        file.reason = reason
    file.save(update_fields=["state", "reason"])
    audit.log("dropout.move", by=by.staff, at=now, subject=file, changes={"state": [before, move.state]})
    return step


def _step(file: DropoutFile, move: Move, said: str, by, now) -> DropoutStep:
    is_closing = move.state == "closed"
    step = DropoutStep(
        file=file, state=move.state, on=move.on, said=said.strip()[:300], by=by.staff, at=now,
        proof_kind=move.proof_kind if is_closing else "", proof=move.proof.strip()[:200] if is_closing else None,
    )  # fmt: skip
    step.save()
    return step


@transaction.atomic
def talk(*, file: DropoutFile, talk: Talk, by) -> Persuasion:
    """This function will add one persuasion to a file; raises NotYours, WrongDay, SayMore."""
    if file.school_id != by.school_id or not may_write(by, file.pupil):
        raise NotYours
    if talk.on > by.day:
        raise WrongDay
    if talk.way not in Persuasion.WAYS or talk.attitude not in Persuasion.ATTITUDES:
        raise SayMore
    now = clock.now()
    row = Persuasion(
        file=file, on=talk.on, way=talk.way, attitude=talk.attitude, who=talk.who.strip()[:120] or by.staff.name,
        talked_with=talk.talked_with.strip()[:120], result=talk.result.strip()[:500],
        next_step=talk.next_step.strip()[:300], next_on=talk.next_on, by=by.staff, at=now,
    )  # fmt: skip
    if twin := _said_already(row):
        return twin
    row.save()
    audit.log("dropout.talk", by=by.staff, at=now, subject=file, changes={"way": [None, talk.way]})
    return row


def _said_already(row: Persuasion) -> Persuasion | None:
    """A button pressed twice writes one talk: the same words by the same person about the same day."""
    DropoutFile.objects.select_for_update(of=("self",)).get(pk=row.file_id)
    before = Persuasion.objects.filter(file=row.file, on=row.on, by=row.by)
    return next((one for one in before if _told(one) == _told(row)), None)


def _told(row: Persuasion) -> tuple:
    sealed = (row.who, row.talked_with, row.result, row.next_step)
    return row.way, row.attitude, *(one.reveal() if one else "" for one in sealed)


@transaction.atomic
def plan_home_teaching(*, pupil: Pupil, teacher: Staff, wanted: "AtHome", by) -> HomeTeaching:
    """This function will give a child who learns at home one teacher and a plan (F29); an earlier plan ends the day before."""
    if not (keeps(by) or by.is_leader):
        raise ForKeepers
    if teacher.school_id != by.school_id or pupil.school_id != by.school_id:
        raise NotYours
    now = clock.now()
    before = HomeTeaching.objects.filter(pupil=pupil, ends_on__isnull=True).first()
    if before is not None:
        before.ends_on = max(before.starts_on, wanted.starts_on)
        before.save(update_fields=["ends_on"])
    row = HomeTeaching(
        school_id=by.school_id, pupil=pupil, teacher=teacher, starts_on=wanted.starts_on,
        lessons_a_year=wanted.lessons_a_year, plan=wanted.plan.strip()[:1000], by=by.staff, at=now,
    )  # fmt: skip
    row.save()
    changes = {"teacher": [str(before.teacher_id) if before else None, str(teacher.pk)]}
    audit.log("dropout.home_teaching", by=by.staff, at=now, subject=row, changes=changes)
    return row


@dataclass(frozen=True, slots=True)
class AtHome:
    """A plan of teaching at home: from when, how many lessons a school year, what is to be learned."""

    starts_on: date
    lessons_a_year: int = 30
    plan: str = ""
