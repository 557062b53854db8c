"""What is written down instead of a duty done: 没做成 with its reason, a teacher's leave, a child's absence.

The schedule reads them; nothing else about duties is ever stored (R52–R54).
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, deputies
from bangfu.records import audit
from bangfu.records.models import Absence, Case, Leave, Pupil, Staff, Waiver

KEEPERS = ("principal", "vice_principal", "system_admin")


class NotYours(Refusal):
    sentence = "这件事不归您管。需要的话，请包级领导或校长来处理。"


class AlreadyWaived(Refusal):
    sentence = "这件事已经说明过没做成的原因了。"


@dataclass(frozen=True, slots=True)
class Missed:
    """A duty that was not possible: its key and period, and one of Waiver.REASONS."""

    duty_key: str
    period: str
    reason: str
    note: str = ""


@transaction.atomic
def waive(*, case: Case, missed: Missed, by) -> Waiver:
    """This function will write down that a duty was not possible, with its reason; raises AlreadyWaived."""
    if missed.reason not in Waiver.REASONS:
        raise NotYours("请从给出的原因里选一个。")
    waiver, is_new = Waiver.objects.get_or_create(
        case=case,
        duty_key=missed.duty_key,
        period=missed.period,
        withdrawn_at=None,
        defaults={"reason": missed.reason, "note": missed.note, "by": by.staff, "at": clock.now()},
    )
    if not is_new:
        raise AlreadyWaived
    audit.log(
        "schedule.waive",
        by=by.staff,
        at=clock.now(),
        subject=case,
        changes={missed.duty_key: [None, f"{missed.period} {missed.reason}"]},
    )
    return waiver


@transaction.atomic
def unwaive(*, waiver: Waiver, by) -> None:
    """This function will take a waiver back; the row stays, with the moment it was withdrawn."""
    changed = Waiver.objects.filter(pk=waiver.pk, withdrawn_at=None).update(withdrawn_at=clock.now())
    if changed:
        audit.log(
            "schedule.unwaive",
            by=by.staff,
            at=clock.now(),
            subject=waiver.case,
            changes={waiver.duty_key: [waiver.period, None]},
        )


@transaction.atomic
def take_leave(*, staff: Staff, starts_on: date, ends_on: date, by, deputy: Staff | None = None) -> Leave:
    """This function will note that a staff member is away; duties pause unless a deputy stands in.

    Sent again for the same days it is one leave; a deputy named the second time stands in.
    """
    if staff.pk != by.staff.pk and not by.holds(*KEEPERS):
        raise NotYours("别人的请假由校长或系统管理员来登记。")
    if ends_on < starts_on:
        raise NotYours("请假的最后一天在第一天之前，请换一下。")
    if deputy is not None:
        deputies.check(staff=staff, deputy=deputy, first=starts_on, last=ends_on)
    Staff.objects.select_for_update(no_key=True).get(pk=staff.pk)  # two taps at once take turns
    days = {"staff": staff, "case": None, "starts_on": starts_on, "ends_on": ends_on}
    leave, is_new = Leave.objects.get_or_create(**days, defaults={"deputy": deputy, "by": by.staff})
    if is_new:
        audit.log(
            "schedule.leave",
            by=by.staff,
            at=clock.now(),
            subject=staff,
            changes={"leave": [None, f"{starts_on}—{ends_on}"]},
        )
    elif deputy is not None:  # the same days again, now with somebody who stands in
        leave = deputies.name_deputy(leave=leave, deputy=deputy, by=by)
    return leave


def _may_change(leave: Leave, by) -> None:
    """One's own, keepers everybody's; whoever was asked for one child may say that it does not suit."""
    mine = by.staff.pk in (leave.staff_id, leave.deputy_id if leave.case_id else None)
    if not mine and not by.holds(*KEEPERS):
        raise NotYours("别人的请假由本人、校长或系统管理员来改。")


@transaction.atomic
def take_back(*, leave: Leave, by) -> None:
    """This function will take back a leave entered by mistake: its days owe again what they owed; the trail keeps it."""
    _may_change(leave, by)
    days, subject = f"{leave.starts_on}—{leave.ends_on}", leave.case or leave.staff
    if Leave.objects.filter(pk=leave.pk).delete()[0]:
        audit.log(
            "schedule.leave_back",
            by=by.staff,
            at=clock.now(),
            subject=subject,
            changes={"leave": [days, None]},
        )


@transaction.atomic
def come_back(*, leave: Leave, by) -> None:
    """This function will end a leave early: somebody is back from today; one that has not begun is taken back."""
    _may_change(leave, by)
    if leave.starts_on >= by.day:
        take_back(leave=leave, by=by)
        return
    before, leave.ends_on = leave.ends_on, by.day - timedelta(days=1)
    if before > leave.ends_on:
        leave.save(update_fields=["ends_on"])
        changes = {"ends_on": [str(before), str(leave.ends_on)]}
        audit.log(
            "schedule.leave", by=by.staff, at=clock.now(), subject=leave.case or leave.staff, changes=changes
        )


@transaction.atomic
def note_absence(*, pupil: Pupil, starts_on: date, ends_on: date, by, reason: str = "") -> Absence:
    """This function will note that a child is away for some days, so nothing is owed in them."""
    if not Pupil.objects.cared_for_by(by).filter(pk=pupil.pk).exists():
        raise NotYours("这名学生不在您的班级或结对里，请由班主任来登记。")
    if ends_on < starts_on:
        raise NotYours("最后一天在第一天之前，请换一下。")
    Pupil.objects.select_for_update(no_key=True).get(pk=pupil.pk)  # two taps at once take turns
    absence, is_new = Absence.objects.get_or_create(
        pupil=pupil, starts_on=starts_on, ends_on=ends_on, defaults={"reason": reason, "by": by.staff}
    )
    if is_new:
        audit.log(
            "schedule.absence",
            by=by.staff,
            at=clock.now(),
            subject=pupil,
            changes={"absence": [None, f"{starts_on}—{ends_on}"]},
        )
    return absence
