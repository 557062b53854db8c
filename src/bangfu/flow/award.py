"""Praise on nomination and approval, never from a rank (P9-27: 破格评为五星学生). Maker and checker differ."""

from django.db import transaction

from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import Evidence, Nomination, Pupil


class NotThisAward(Refusal):
    sentence = "现在用的方案里没有这项表彰。"


class NotYours(Refusal):
    sentence = "这项表彰要由方案里写明的老师来提名或批准。"


class SameHand(Refusal):
    sentence = "提名和批准要由两个人来做。请让另一位负责人批准。"


class SaySomething(Refusal):
    sentence = "请写一句「因为……」，奖状上会印出来。"


class AlreadyNominated(Refusal):
    sentence = "这名学生这学期已经提名过这项表彰了。"


def _award(plan: Plan, key: str):
    for award in plan.awards:
        if award.key == key:
            return award
    raise NotThisAward


@transaction.atomic
def nominate(*, plan: Plan, award_key: str, pupil: Pupil, because: str, term_key: str, by) -> Nomination:
    """This function will propose a child for an award with the words for the certificate.

    The child's records of the term are linked as they stand. Raises NotThisAward, NotYours, SaySomething,
    AlreadyNominated.
    """
    award = _award(plan, award_key)
    if not by.holds(*award.nominate_by) and "helper" not in award.nominate_by:
        raise NotYours
    if not because.strip():
        raise SaySomething
    records = Evidence.objects.current().filter(about__pupil=pupil).order_by("-happened_on")
    nomination, is_new = Nomination.objects.get_or_create(
        pupil=pupil,
        award_key=award_key,
        term_key=term_key,
        defaults={
            "school_id": by.school_id,
            "because": because.strip(),
            "evidence_ids": [str(pk) for pk in records.values_list("pk", flat=True)[:50]],
            "nominated_by": by.staff,
            "nominated_on": by.day,
        },
    )
    if not is_new:
        raise AlreadyNominated
    audit.log(
        "award.nominate",
        by=by.staff,
        at=clock.now(),
        subject=nomination,
        changes={"award": [None, award_key]},
    )
    return nomination


@transaction.atomic
def approve(*, plan: Plan, nomination: Nomination, by) -> Nomination:
    """This function will approve a nomination made by somebody else. Raises SameHand, NotYours."""
    return _decide(plan, nomination, "approved", by)


@transaction.atomic
def decline(*, plan: Plan, nomination: Nomination, by) -> Nomination:
    """This function will leave a nomination for another term. Raises SameHand, NotYours."""
    return _decide(plan, nomination, "declined", by)


def _decide(plan: Plan, nomination: Nomination, state: str, by) -> Nomination:
    award = _award(plan, nomination.award_key)
    if not by.holds(*award.approve_by):
        raise NotYours
    if nomination.nominated_by_id == by.staff.pk:
        raise SameHand
    changed = Nomination.objects.filter(pk=nomination.pk, state="nominated").update(
        state=state, decided_by=by.staff, decided_on=by.day
    )
    nomination.refresh_from_db()
    if changed:
        verb = "award.approve" if state == "approved" else "award.decline"
        audit.log(
            verb, by=by.staff, at=clock.now(), subject=nomination, changes={"state": ["nominated", state]}
        )
    return nomination
