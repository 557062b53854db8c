"""Praise on nomination and approval, never from a rank (P9-27: 破格评为五星学生). Maker and checker differ."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bangfu.engine import merit
from bangfu.engine.fault import Fault
from bangfu.engine.plan import Award, Plan
from bangfu.engine.refusal import Refusal
from bangfu.exchange import certificate
from bangfu.exchange.certificate import Certificate
from bangfu.flow import clock, record, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import Case, Evidence, Nomination, Pupil
from bangfu.records.models.places import class_label

MOST = certificate.MOST  # characters one certificate holds


class NotThisAward(Refusal):
    sentence = "现在用的方案里没有这项表彰。"


class NotYours(Refusal):
    sentence = "这项表彰要由方案里写明的老师来提名或批准。"


class SameHand(Refusal):
    sentence = "提名和批准要由两个人来做。请让另一位负责人批准。"


class SaySomething(Refusal):
    sentence = "请写一句“因为……”，奖状上会印出来。"


class NobodyChosen(Refusal):
    sentence = "还没有选学生。请先点学生的名字。"


class AlreadyNominated(Refusal):
    sentence = "这名学生这学期已经提名过这项表彰了。"


class AlreadyDecided(Refusal):
    sentence = "这项提名已经有了结果，不用再点。"


class NotReady(Refusal):
    """Something is missing for this term: records, weeks, or words a certificate may hold."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A child the viewer may propose, in class order."""

    pupil_id: UUID
    name: str
    class_label: str


def _award(plan: Plan, key: str) -> Award:
    for award in plan.awards:
        if award.key == key:
            return award
    raise NotThisAward


def _cases_of_term(plan: Plan, school, day: date):
    term = calendar_for(school).term_on(day)
    since = term.starts_on if term else day
    still = Q(closed_on__isnull=True) | Q(closed_on__gte=since)
    return Case.objects.filter(still, school=school, plan_key=plan.key, opened_on__lte=day)


def candidates(plan: Plan, award: Award, viewer) -> list[Candidate]:
    """This function will list the children helped this term whom the viewer may propose; four queries."""
    mine = _cases_of_term(plan, viewer.school, viewer.day).filter(pk__in=Case.objects.visible_to(viewer))
    found = schedule.dossiers(mine, day=viewer.day).values()
    ordered = sorted(found, key=lambda d: (-d.entry_year, d.class_number, d.sort_key))
    return [
        Candidate(d.pupil_id, d.name, class_label(d.entry_year, d.class_number, viewer.day))
        for d in ordered
        if not schedule.towards(viewer, d).isdisjoint(award.nominate_by)
    ]


@transaction.atomic
def nominate(*, plan: Plan, award_key: str, pupil: Pupil, because: str, by) -> Nomination:
    """This function will propose a child for an award this term with the words for the certificate.

    The child's records of the term are linked as they stand. Raises NotThisAward, NotYours, SaySomething, NotReady,
    AlreadyNominated.
    """
    award = _award(plan, award_key)
    roles = record.roles_on([pupil], by=by)[pupil.pk]
    if pupil.school_id != by.school_id or roles.isdisjoint(award.nominate_by):
        raise NotYours
    if not because.strip():
        raise SaySomething
    term = calendar_for(by.school).term_on(by.day)
    if term is None:
        raise NotReady("现在是假期。开学以后再提名。")
    case = _cases_of_term(plan, by.school, by.day).filter(pupil=pupil).order_by("opened_on").first()
    if case is None:
        raise NotReady(f"{pupil.name}这学期不在帮扶名单里，不用按这份方案提名。")
    records = Evidence.objects.current().filter(
        about__pupil=pupil, happened_on__gte=term.starts_on, happened_on__lte=by.day
    )
    ids = [str(pk) for pk in records.order_by("-happened_on", "pk").values_list("pk", flat=True)[:50]]
    claim = merit.Claim(pupil.pk, by.staff.pk, roles, case.opened_on, by.day, tuple(ids), because)
    lacking = merit.check(award, claim) + unfit(because, pupil, by)
    if lacking:
        raise NotReady("；".join(f"{fault.what.rstrip('。')}" for fault in lacking) + "。")
    nomination, is_new = Nomination.objects.get_or_create(
        pupil=pupil,
        award_key=award_key,
        term_key=term.key,
        defaults={
            "school_id": by.school_id,
            "because": because.strip(),
            "evidence_ids": ids,
            "nominated_by": by.staff,
            "nominated_on": by.day,
        },
    )
    if not is_new:
        raise AlreadyNominated
    changes = {"award": [None, award_key]}
    audit.log("award.nominate", by=by.staff, at=clock.now(), subject=nomination, changes=changes)
    return nomination


@transaction.atomic
def approve(*, plan: Plan, nomination: Nomination, by) -> Nomination:
    """This function will approve a nomination made by somebody else. Raises SameHand, NotYours, AlreadyDecided."""
    return _decide(plan, nomination, "approved", by)


@transaction.atomic
def decline(*, plan: Plan, nomination: Nomination, by) -> Nomination:
    """This function will leave a nomination for another term. Raises SameHand, NotYours, AlreadyDecided."""
    return _decide(plan, nomination, "declined", by)


def _decide(plan: Plan, nomination: Nomination, state: str, by) -> Nomination:
    award = _award(plan, nomination.award_key)
    if nomination.school_id != by.school_id or not by.holds(*award.approve_by):
        raise NotYours
    if nomination.nominated_by_id == by.staff.pk:
        raise SameHand
    changed = Nomination.objects.filter(pk=nomination.pk, state="nominated").update(
        state=state, decided_by=by.staff, decided_on=by.day
    )
    nomination.refresh_from_db()
    if not changed and nomination.state != state:
        raise AlreadyDecided
    if changed:
        verb = "award.approve" if state == "approved" else "award.decline"
        changes = {"state": ["nominated", state]}
        audit.log(verb, by=by.staff, at=clock.now(), subject=nomination, changes=changes)
    return nomination


def unfit(because: str, pupil: Pupil, by) -> list[Fault]:
    """This function will say what in the words must not stand on a wall: numbers, places, labels, too much."""
    words = Certificate(by.school.name, "", pupil.name, because, "", by.day, clock.now())
    return certificate.faults(words)
