"""A family asks of free will (F02) and may take it back; who is on a certified list is never asked for a paper.

What a family tells is sealed; class teachers take it down for their class and later see only that it is there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from bangfu.engine.hardship import kept
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, recognition
from bangfu.flow.recognition import MINDERS
from bangfu.flow.recognition_match import groups, matched
from bangfu.flow.register import classes_of
from bangfu.records import audit
from bangfu.records.models import Application, AppraisalOpinion, Enrolment, Pupil, RecognitionRound

TAKING = ("applying", "appraising")


class NotTaking(Refusal):
    sentence = "现在不收申请。家里情况急的，请资助专干写明原因退回一步；不急的，下学期调整时再申请。"


class NotYourChild(Refusal):
    sentence = "申请由本班班主任、评议小组或资助专干来登记。"


class NeedsNoPaper(Refusal):
    sentence = "这名学生已经由名单核对，不用申请，也不用家里交证明，学校直接认定。"


class NotHere(Refusal):
    sentence = "这名学生今天不在学籍名册里，这一轮不用登记。"


class NotPromised(Refusal):
    sentence = "还差两样：谁替家里申请的，和纸上抄写、签名的承诺。有了再存，写好的内容还在。"


class AlreadyApplied(Refusal):
    sentence = "这名学生这一轮已经有一份申请了。要改的话，先撤回原来那份。"


class AlreadyDecided(Refusal):
    sentence = "这一轮已经评议完，申请不能再撤。有话要说，可以在公示时提出来。"


@dataclass(frozen=True, slots=True)
class Told:
    """What an application says: who in the family asks, whether the promise is signed on paper, the form itself."""

    applicant: str
    is_promised: bool
    content: Mapping = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """One child of a class who has applied: name, class, since when; nothing of what was told."""

    application_id: UUID
    pupil_id: UUID
    name: str
    label: str
    applied_on: date
    order: tuple


def may_take(round: RecognitionRound, by, pupil_id=None) -> bool:
    """This function will say whether the viewer may take an application down, of anybody or of one child."""
    if recognition.sees_inside(round, by):
        return True
    classes = by.class_ids_as(*MINDERS)
    if pupil_id is None:
        return bool(classes)
    return Enrolment.objects.on(by.day).filter(pupil=pupil_id, school_class__in=classes).exists()


def candidates(round: RecognitionRound, by) -> list[tuple]:
    """This function will list whom the viewer may take an application down for: (pupil id, name, class), class order.

    Who has applied is left out. Who is on a list is not: leaving them out would tell everybody who they are.
    """
    here = Enrolment.objects.on(by.day).filter(school_class__school_id=by.school_id)
    if not recognition.sees_inside(round, by):
        here = here.filter(school_class__in=by.class_ids_as(*MINDERS))
    here = here.exclude(pupil__in=round.applications.standing().values("pupil"))
    order = ("-school_class__entry_year", "school_class__number", "pupil__sort_key")
    rows = list(here.order_by(*order).values_list("pupil_id", "pupil__name"))
    labels = classes_of([pk for pk, _ in rows], by.day)
    return [(pk, name, labels[pk][0]) for pk, name in rows]


@transaction.atomic
def take(*, round: RecognitionRound, pupil: Pupil, told: Told, by) -> Application:
    """This function will keep a family's application, sealed.

    Raises NotTaking, NotHere, NotYourChild, NeedsNoPaper (on a certified list), NotPromised, AlreadyApplied.
    """
    try:
        round = recognition.locked(round, by, *TAKING)
    except recognition.NotThisStep as wrong:
        raise NotTaking from wrong
    if not Pupil.objects.filter(school_id=by.school_id).on_roll(by.day).filter(pk=pupil.pk).exists():
        raise NotHere
    if not may_take(round, by, pupil.pk):
        raise NotYourChild
    if matched([pupil.pk], by.day):
        raise NeedsNoPaper
    if not told.is_promised or not told.applicant.strip():
        raise NotPromised
    application = Application(
        round=round, pupil=pupil, is_promised=True, applied_on=by.day, taken_by=by.staff, taken_at=clock.now()
    )
    application.content = json.dumps(kept(told.content, groups(by.day)), ensure_ascii=False)
    application.applicant = " ".join(told.applicant.split())[:40]
    try:
        with transaction.atomic():
            application.save(force_insert=True)
    except IntegrityError as twice:
        raise AlreadyApplied from twice
    audit.log("recognition.apply", by=by.staff, at=application.taken_at, subject=application)
    return application


@transaction.atomic
def withdraw(*, application: Application, by) -> Application:
    """This function will take an application back because the family says so; twice is once.

    Raises NotYourChild, AlreadyDecided.
    """
    round = recognition.locked(application.round, by)
    if not may_take(round, by, application.pupil_id):
        raise NotYourChild
    if application.withdrawn_on:
        return application
    if round.state not in TAKING:
        raise AlreadyDecided
    changed = Application.objects.filter(pk=application.pk, withdrawn_on__isnull=True).update(
        withdrawn_on=by.day, withdrawn_by=by.staff
    )
    if changed:
        round_opinions(round).filter(pupil=application.pupil_id).delete()
        audit.log("recognition.withdraw", by=by.staff, at=clock.now(), subject=application)
    application.refresh_from_db()
    return application


def round_opinions(round: RecognitionRound):
    """This function will give what the group said so far in a round."""
    return AppraisalOpinion.objects.filter(appraisal__round=round)


def opened(application: Application, by) -> tuple[dict, str]:
    """This function will unseal an application for somebody of the group: (content, applicant); the look is traced."""
    recognition.must_see(application.round, by)
    audit.log("recognition.read", by=by.staff, at=clock.now(), subject=application)
    return content_of(application)


def content_of(application: Application) -> tuple[dict, str]:
    """This function will unseal what an application says; callers have asked who looks."""
    content = json.loads(application.content.reveal()) if application.content else {}
    return content, application.applicant.reveal() if application.applicant else ""


def standing(round: RecognitionRound, day: date):
    """This function will give the applications that count: not taken back, of children still here."""
    here = Pupil.objects.on_roll(day)
    return round.applications.standing().filter(pupil__in=here).select_related("pupil")


def progress(round: RecognitionRound, by) -> list[Progress]:
    """This function will say who has applied, of all classes to the group, of the own class to its teachers."""
    rows = standing(round, by.day)
    if not recognition.sees_inside(round, by):
        mine = Enrolment.objects.on(by.day).filter(school_class__in=by.class_ids_as(*MINDERS))
        rows = rows.filter(pupil__in=mine.values("pupil"))
    rows = list(rows.values_list("pk", "pupil_id", "pupil__name", "applied_on", "pupil__sort_key"))
    classes = classes_of([row[1] for row in rows], by.day)
    found = [
        Progress(pk, pupil, name, classes[pupil][0], on, (classes[pupil][1], key))
        for pk, pupil, name, on, key in rows
    ]
    return sorted(found, key=lambda one: one.order)
