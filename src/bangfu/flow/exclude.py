"""Leaving a child out of a plan, or of all plans: a reason, a person, an end; and taking that back (P0-34, R30).

Nothing is changed afterwards: who thinks otherwise takes it back, and both days stay.
"""

from datetime import date

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, coverage
from bangfu.flow.almanac import calendar_for, term_at_hand
from bangfu.records import audit
from bangfu.records.models import Enrolment, Exclusion, Pupil

DECIDERS = ("principal", "vice_principal")
SHORTEST, LONGEST = 4, 200


class NotYours(Refusal):
    sentence = "这由班主任、包班教师、包级领导或校长来写。"


class SayWhy(Refusal):
    sentence = "请写一句原因，让以后的人看得懂，比如“家长说明已在县特教学校就读”。"


class AlreadySaid(Refusal):
    sentence = "已经有人写过原因了。有变化的话，先撤销那一条。"


class NoSuchPlan(Refusal):
    sentence = "这份方案现在没有在用，或者不挑选学生。"


class EndsTooEarly(Refusal):
    sentence = "到哪天为止，要写今天以后的日子。"


def may_say(viewer, class_id, entry_year) -> bool:
    """This function will say whether the viewer answers for a class: its teachers, its grade's supervisor, the head."""
    return (
        viewer.holds(*DECIDERS)
        or class_id in viewer.minded_class_ids
        or entry_year in viewer.entry_years_as("grade_supervisor")
    )


def end_of_term(school, day: date) -> date | None:
    """This function will give the first day after the running or coming term, when everybody is looked at anew."""
    term = term_at_hand(school, day)
    later = [t.starts_on for t in calendar_for(school).terms if term and t.starts_on > term.ends_on]
    return min(later, default=None)


@transaction.atomic
def exclude(*, pupil: Pupil, plan_key: str, reason: str, by, until: date | None = None) -> Exclusion:
    """This function will leave a child out of a plan (empty: of all) from today on, until a day or until taken back.

    Raises NotYours, SayWhy, NoSuchPlan, EndsTooEarly, AlreadySaid.
    """
    Pupil.objects.select_for_update().get(pk=pupil.pk)  # two people say it one after the other
    _mine(pupil, by)
    reason = " ".join(reason.split())[:LONGEST]
    if len(reason) < SHORTEST:
        raise SayWhy
    if plan_key and plan_key not in {plan.key for plan in coverage.plans_that_choose(by.school, by.day)}:
        raise NoSuchPlan
    if until is not None and until <= by.day:
        raise EndsTooEarly
    if Exclusion.objects.in_force(by.day).filter(pupil=pupil, plan_key=plan_key).exists():
        raise AlreadySaid
    row = Exclusion.objects.create(
        school_id=by.school_id, pupil=pupil, plan_key=plan_key, reason=reason, by=by.staff, on=by.day,
        at=clock.now(), until=until,
    )  # fmt: skip
    changes = {"reason": [None, reason], "plan": [None, plan_key], "until": [None, audit.plain(until)]}
    audit.log("coverage.exclude", by=by.staff, at=row.at, subject=row, changes=changes)
    return row


@transaction.atomic
def withdraw(*, exclusion: Exclusion, by) -> None:
    """This function will take an exclusion back from today on; what was said stays. Done twice it changes nothing."""
    _mine(exclusion.pupil, by)
    rows = Exclusion.objects.filter(pk=exclusion.pk, withdrawn_on__isnull=True)
    if rows.update(withdrawn_on=by.day, withdrawn_by=by.staff):
        changes = {"withdrawn_on": [None, str(by.day)]}
        audit.log("coverage.withdraw", by=by.staff, at=clock.now(), subject=exclusion, changes=changes)


def class_of(pupil: Pupil, viewer) -> tuple:
    """This function will give (class id, entry year) of a child on the viewer's day, (None, None) if it has none."""
    where = Enrolment.objects.on(viewer.day).filter(pupil=pupil, school_class__school=viewer.school_id)
    return where.values_list("school_class_id", "school_class__entry_year").first() or (None, None)


def _mine(pupil: Pupil, by) -> None:
    class_id, entry_year = class_of(pupil, by)
    if pupil.school_id != by.school_id or not may_say(by, class_id, entry_year):
        raise NotYours
