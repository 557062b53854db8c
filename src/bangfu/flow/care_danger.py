"""A child in danger: one word says what kind, the numbers stand there, every call is noted, the principal takes it up.

Anybody who may open the child's file may raise it. It says nothing of talks or notes: danger is everybody's business.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import calling, clock
from bangfu.records import audit
from bangfu.records.models import Enrolment, Escalation, EscalationCall, Event, Guardian, Pupil, Staff
from bangfu.records.models.care_danger import HEADS

AGAIN = timedelta(minutes=30)  # the same alarm raised twice in this time is one
KNOWN_FOR = timedelta(days=2)  # so long whoever raised it gets the numbers, also of a child no longer theirs
OUTSIDE = (("police", "110"), ("ambulance", "120"), ("hotline", "12355"))


class SayWhat(Refusal):
    sentence = "请点一下是哪一种危险。"


class ForHeads(Refusal):
    sentence = "这里由校长或副校长来接。"


class NotYours(Refusal):
    sentence = "点的人自己才能撤销。情况弄清了，可以点“我来接”，再和点的人说一声。"


class TakenUp(Refusal):
    sentence = "已经有人接住了，不能撤销。请和接住的人说一声。"


class TakenBack(Refusal):
    sentence = "点的人已经撤销了：是点错的。"


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody to call: what they are, their name, the number (empty if none is known); `of` the row it stands in."""

    whom: str
    name: str
    number: str
    of: Staff | Guardian | None = None


@transaction.atomic
def escalate(*, pupil: Pupil, kind: str, by) -> Escalation:
    """This function will raise an alarm about a child; within half an hour the same one again is one. Raises SayWhat."""
    if kind not in Escalation.KINDS:
        raise SayWhat
    Pupil.objects.select_for_update().get(pk=pupil.pk)  # two taps at once take turns
    now = clock.now()
    mine = Escalation.objects.waiting().filter(pupil=pupil, by=by.staff, kind=kind)
    known = mine.filter(at__gt=now - AGAIN).first()  # one that was taken up is over: this is danger again
    if known is not None:
        return known
    return Escalation.objects.create(school=by.school, pupil=pupil, kind=kind, by=by.staff, at=now)


def numbers(pupil: Pupil, by) -> list[Number]:
    """This function will give whom to call, in this order: the heads, family, class teacher, 110, 120, 12355."""
    found = [Number(role, one.name, _open(one.phone), one) for role, one in calling.leaders(by)]
    family = Guardian.objects.filter(pupil=pupil).order_by("position")
    found += [
        Number("guardian", " ".join(part for part in (one.relation, one.name) if part), _open(one.phone), one)
        for one in family
    ]
    classes = Enrolment.objects.on(by.day).filter(pupil=pupil).values("school_class")
    teachers = calling.class_teachers(classes, by.day).values()
    found += [
        Number("homeroom_teacher", one.name, _open(one.phone), one)
        for one in teachers
        if one.pk != by.staff.pk
    ]
    return found + _public()


def _public() -> list[Number]:
    return [Number(whom, "", number) for whom, number in OUTSIDE]


@transaction.atomic
def opened(*, alarm: Escalation, by) -> list[Number]:
    """This function will give whom to call about an alarm and note in the trail, once a day, whose number was shown.

    Who may not open the child's file any more gets the public numbers only, two days after the alarm.
    """
    is_theirs = Pupil.objects.visible_to(by).filter(pk=alarm.pupil_id).exists()
    if not is_theirs and clock.now() > alarm.at + KNOWN_FOR:
        return _public()
    found, now = numbers(alarm.pupil, by), clock.now()
    shown = Event.objects.filter(by=by.staff, verb="account.reveal", at__date=now.date())
    before = set(shown.values_list("subject_id", flat=True))
    changes = {"phone": [None, "shown"]}
    audit.store(
        [
            audit.event("account.reveal", by=by.staff, at=now, subject=one.of, changes=changes)
            for one in found
            if one.of is not None and one.number and one.of.pk not in before
        ]
    )
    return found


def _open(phone) -> str:
    return phone.reveal() if phone else ""


@transaction.atomic
def note_call(*, alarm: Escalation, whom: str, reached: bool, by) -> EscalationCall:
    """This function will note that somebody was called and whether they answered; raises SayWhat."""
    if whom not in EscalationCall.WHOM:
        raise SayWhat("请点一下打给了谁。")
    return EscalationCall.objects.create(alarm=alarm, whom=whom, reached=reached, by=by.staff, at=clock.now())


@transaction.atomic
def take_up(*, alarm: Escalation, by) -> Escalation:
    """This function will say that a head of the school takes an alarm up; twice is once. Raises ForHeads, TakenBack."""
    if not by.holds(*HEADS):
        raise ForHeads
    row = Escalation.objects.select_for_update().get(pk=alarm.pk)
    if row.taken_back_at is not None:
        raise TakenBack
    if row.taken_by_id is None:
        row.taken_by, row.taken_at = by.staff, clock.now()
        row.save(update_fields=["taken_by", "taken_at"])
    return row


def may_take_back(alarm: Escalation, by) -> bool:
    """This function will say whether an alarm is one's own and still waits."""
    return alarm.by_id == by.staff.pk and alarm.taken_by_id is None and alarm.taken_back_at is None


@transaction.atomic
def take_back(*, alarm: Escalation, by) -> Escalation:
    """This function will take back an alarm raised by a wrong tap: nobody is told any more, what was noted stays.

    Twice is once. Raises NotYours, TakenUp.
    """
    row = Escalation.objects.select_for_update().get(pk=alarm.pk)
    if row.by_id != by.staff.pk:
        raise NotYours
    if row.taken_by_id is not None:
        raise TakenUp
    if row.taken_back_at is None:
        row.taken_back_at = clock.now()
        row.save(update_fields=["taken_back_at"])
        audit.log("alarm.take_back", by=by.staff, at=row.taken_back_at, subject=row)
    return row


def waiting(by) -> list[Escalation]:
    """This function will list the alarms nobody has taken up, for the heads of the school; nothing for others."""
    if not by.holds(*HEADS):
        return []
    rows = Escalation.objects.visible_to(by).waiting()
    return list(rows.select_related("pupil", "by").order_by("at"))
