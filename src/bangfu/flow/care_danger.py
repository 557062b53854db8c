"""A child in danger: one word says what kind, the numbers stand there, every call is noted, the principal takes it up.

Anybody who may open the child's file may raise it. It says nothing of talks or notes: danger is everybody's business.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records.models import Enrolment, Escalation, EscalationCall, Guardian, Pupil, RoleGrant
from bangfu.records.models.care_danger import HEADS

AGAIN = timedelta(minutes=30)  # the same alarm raised twice in this time is one
OUTSIDE = (("police", "110"), ("ambulance", "120"), ("hotline", "12355"))


class SayWhat(Refusal):
    sentence = "请点一下是哪一种危险。"


class ForHeads(Refusal):
    sentence = "这里由校长或副校长来接。"


@dataclass(frozen=True, slots=True)
class Number:
    """Somebody to call: what they are, their name, the number (empty if none is known)."""

    whom: str
    name: str
    number: str


@transaction.atomic
def escalate(*, pupil: Pupil, kind: str, by) -> Escalation:
    """This function will raise an alarm about a child; within half an hour the same one again is one. Raises SayWhat."""
    if kind not in Escalation.KINDS:
        raise SayWhat
    Pupil.objects.select_for_update().get(pk=pupil.pk)  # two taps at once take turns
    now = clock.now()
    known = Escalation.objects.filter(pupil=pupil, by=by.staff, kind=kind, at__gt=now - AGAIN).first()
    if known is not None:
        return known
    return Escalation.objects.create(school=by.school, pupil=pupil, kind=kind, by=by.staff, at=now)


def numbers(pupil: Pupil, by) -> list[Number]:
    """This function will give whom to call, in this order: principal, family, class teacher, 110, 120, 12355."""
    held = _holding(RoleGrant.objects.filter(role="principal", staff__school=by.school_id), by)
    found = [Number("principal", one.name, _open(one.phone)) for one in held]
    family = Guardian.objects.filter(pupil=pupil).order_by("position")
    found += [
        Number("guardian", " ".join(part for part in (one.relation, one.name) if part), _open(one.phone))
        for one in family
    ]
    classes = Enrolment.objects.on(by.day).filter(pupil=pupil).values("school_class")
    teachers = _holding(RoleGrant.objects.filter(role="homeroom_teacher", school_class__in=classes), by)
    found += [Number("homeroom_teacher", one.name, _open(one.phone)) for one in teachers]
    return found + [Number(whom, "", number) for whom, number in OUTSIDE]


def _holding(grants, by) -> list:
    found = [one.staff for one in grants.select_related("staff") if one.is_valid_on(by.day)]
    return [one for one in found if one.pk != by.staff.pk and (one.left_on is None or one.left_on > by.day)]


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
    """This function will say that a head of the school takes an alarm up; twice is once. Raises ForHeads."""
    if not by.holds(*HEADS):
        raise ForHeads
    row = Escalation.objects.select_for_update().get(pk=alarm.pk)
    if row.taken_by_id is None:
        row.taken_by, row.taken_at = by.staff, clock.now()
        row.save(update_fields=["taken_by", "taken_at"])
    return row


def waiting(by) -> list[Escalation]:
    """This function will list the alarms nobody has taken up, for the heads of the school; nothing for others."""
    if not by.holds(*HEADS):
        return []
    rows = Escalation.objects.visible_to(by).filter(taken_by__isnull=True)
    return list(rows.select_related("pupil", "by").order_by("at"))
