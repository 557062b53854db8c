"""Care behind the wall: somebody asks, a counsellor takes it on, talks, ends or hands over. P0-28, P0-30 ask for it.

Nobody else learns of it: no audit event, no record, no duty is written; the wall keeps its own trail (`CareEvent`).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records.models import (
    CareCase,
    CareEvent,
    CareHandOver,
    CareRules,
    Facility,
    GroupSession,
    Pupil,
    Referral,
    ScreeningResult,
    Staff,
)
from bangfu.records.models.care import is_counsellor
from bangfu.records.wall import Wall

SEEN = (
    "睡不好",
    "不太说话",
    "常常哭",
    "容易发火",
    "没胃口",
    "不想来学校",
    "和同学处不好",
    "家里有变故",
    "自己想聊",
)


class NotYours(Refusal):
    sentence = "这里由心理老师来做。想请心理老师看看哪个孩子，在“关心”里写一句就可以。"


class NothingSeen(Refusal):
    sentence = "请点一下看到了什么，或者写一句，心理老师好知道从哪里聊起。"


class AskedAlready(Refusal):
    sentence = "这个孩子您已经请过了，心理老师还没有接。要补充的话，可以当面说。"


class GoneElsewhere(Refusal):
    sentence = "刚刚已经有人接了。请刷新后再看。"


class SayWho(Refusal):
    sentence = "请写下是谁答复的，比如：奶奶 陈秀英。"


class FamilyUnwilling(Refusal):
    sentence = "家里写明不愿意，就先不谈了。可以请老师多留意；有危险时照样可以马上联系校长和家里。"


class NotYet(Refusal):
    """A day that has not come yet, or is over."""


class NobodyToTake(Refusal):
    sentence = "请选另一位心理老师来接。自己不能把别人的接过来，要由原来的老师或校长来交。"


@dataclass(frozen=True, slots=True)
class Seen:
    """What whoever asks has seen: chips and a sentence."""

    chips: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a family said: willing or not, who, how, when (F40)."""

    is_yes: bool
    by: str
    how: str
    on: date


def trail(verb: str, row, by) -> None:
    """This function will note in the wall's own trail who did what to which row."""
    CareEvent.objects.create(
        school_id=by.school_id, at=clock.now(), by=by.staff, verb=verb, subject_id=row.pk
    )


def must_counsel(by) -> None:
    """This function will raise NotYours for whoever is no counsellor today."""
    if not is_counsellor(by):
        raise NotYours


def rules(by) -> CareRules:
    """This function will give the school's two rules, as they stand or as they are before anybody sets them."""
    return CareRules.objects.visible_to(by).first() or CareRules(school=by.school)


def room(by) -> Facility | None:
    """This function will give where and when the counsellor is found, as the school's places say (P0-28)."""
    return Facility.objects.visible_to(by).open_on(by.day).filter(key="counselling_room").first()


def counsellors(by) -> list[Staff]:
    """This function will list who counsels at the school today."""
    return list(Staff.objects.visible_to(by).holding(["counsellor"], by.day).order_by("sort_key"))


@transaction.atomic
def set_rules(*, asks_family: bool, keep_years: int, by) -> CareRules:
    """This function will set the school's two rules; raises NotYours."""
    if not (is_counsellor(by) or by.holds("principal")):
        raise NotYours
    told = {
        "asks_family": asks_family, "keep_years": min(max(keep_years, 1), 30), "set_by": by.staff, "set_on": by.day,
    }  # fmt: skip
    row, _ = CareRules.objects.update_or_create(school=by.school, defaults=told)
    return row


@transaction.atomic
def refer(*, pupil: Pupil, seen: Seen, by) -> Referral:
    """This function will put what somebody saw into the counsellors' box; raises NothingSeen, AskedAlready."""
    chips = [one for one in seen.chips if one in SEEN]
    note = seen.note.strip()[:500]
    if not (chips or note):
        raise NothingSeen
    row = Referral(school=by.school, pupil=pupil, by=by.staff, at=clock.now())
    row.shut(json.dumps({"chips": chips, "note": note}, ensure_ascii=False), Wall(by.school_id))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as cause:
        raise AskedAlready from cause
    trail("refer", row, by)
    return row


def seen_in(referral: Referral, by) -> Seen:
    """This function will open what was seen: by the counsellors while it waits, then by the one who took it on."""
    must_counsel(by)
    box = Wall(by.school_id) if referral.state == "waiting" else Wall.of(by)
    told = json.loads(referral.read(box))
    return Seen(tuple(told["chips"]), told["note"])


@transaction.atomic
def take_on(*, referral: Referral, by) -> CareCase:
    """This function will take a referral on: the child's case begins or goes on, what was seen moves behind the wall.

    Tapped twice it is one case. Raises NotYours, GoneElsewhere.
    """
    must_counsel(by)
    row = Referral.objects.select_for_update().get(pk=referral.pk)
    if row.state == "taken_on" and row.answered_by_id == by.staff.pk:
        return row.case
    if row.state != "waiting":
        raise GoneElsewhere
    case = begin(pupil=row.pupil, by=by)
    row.pass_on(Wall(by.school_id), Wall.of(by))
    row.state, row.case, row.answered_by, row.answered_at = "taken_on", case, by.staff, clock.now()
    row.save(update_fields=["lock", "state", "case", "answered_by", "answered_at"])
    trail("take_on", row, by)
    return case


@transaction.atomic
def begin(*, pupil: Pupil, by) -> CareCase:
    """This function will open a case of one's own for a child, or give the open one; raises GoneElsewhere."""
    must_counsel(by)
    known = CareCase.objects.open().filter(pupil=pupil).first()
    if known is not None:
        if known.counsellor_id != by.staff.pk:
            raise GoneElsewhere("这个孩子已经有心理老师接住了。")
        return known
    try:
        with transaction.atomic():
            case = CareCase.objects.create(
                school=by.school, pupil=pupil, counsellor=by.staff, opened_on=by.day
            )
    except IntegrityError as cause:
        raise GoneElsewhere from cause
    trail("begin", case, by)
    return case


@transaction.atomic
def answer(*, referral: Referral, text: str, by) -> Referral:
    """This function will answer a referral with a word instead of a case; raises NotYours, GoneElsewhere, NothingSeen."""
    must_counsel(by)
    if not text.strip():
        raise NothingSeen("请写一句给请您帮忙的老师，比如：先请班主任每天单独问候一句，两周后再看。")
    row = Referral.objects.select_for_update().get(pk=referral.pk)
    if row.state != "waiting":
        raise GoneElsewhere
    row.pass_on(Wall(by.school_id), Wall.of(by))
    row.state, row.answer, row.answered_by, row.answered_at = (
        "answered",
        text.strip()[:200],
        by.staff,
        clock.now(),
    )
    row.save(update_fields=["lock", "state", "answer", "answered_by", "answered_at"])
    trail("answer", row, by)
    return row


@transaction.atomic
def take_back(*, referral: Referral, by) -> Referral:
    """This function will take one's own waiting referral back; what was written is thrown away."""
    row = Referral.objects.select_for_update().get(pk=referral.pk, by=by.staff)
    if row.state == "waiting":
        row.state, row.content, row.lock = "taken_back", "", ""
        row.save(update_fields=["state", "content", "lock"])
        trail("take_back", row, by)
    return row


def own(case_id: UUID, by) -> CareCase:
    """This function will lock one's own open case; raises NotYours, GoneElsewhere."""
    must_counsel(by)
    row = CareCase.objects.visible_to(by).select_for_update().filter(pk=case_id).first()
    if row is None or row.closed_on:
        raise GoneElsewhere("这里已经结束了，或者交给了别的老师。")
    return row


def must_keep(case: CareCase, by) -> None:
    """This function will raise NotYours unless the case, open or ended, is one's own."""
    if not CareCase.objects.visible_to(by).filter(pk=case.pk).exists():
        raise NotYours


@transaction.atomic
def ask_family(*, case: CareCase, said: Answer, by) -> CareCase:
    """This function will note what the family said; a yes may become a no and the other way round on any day."""
    row = own(case.pk, by)
    if not said.by.strip():
        raise SayWho
    if said.on > by.day:
        raise NotYet("日期还没有到，请选今天或以前的一天。")
    if said.how not in CareCase.WAYS:
        raise SayWho("请选家里是怎么答复的：纸上签字、当面，还是电话。")
    row.consent = "willing" if said.is_yes else "unwilling"
    row.consent_by, row.consent_on, row.consent_how = said.by.strip()[:40], said.on, said.how
    row.save(update_fields=["consent", "consent_by", "consent_on", "consent_how"])
    trail("ask_family", row, by)
    return row


@transaction.atomic
def meet_next(*, case: CareCase, on: date | None, by) -> CareCase:
    """This function will say when the next talk is, or that none is planned."""
    row = own(case.pk, by)
    if on is not None and on < by.day:
        raise NotYet("下次的日子已经过了，请选今天或以后的一天。")
    row.next_on = on
    row.save(update_fields=["next_on"])
    return row


@transaction.atomic
def close(*, case: CareCase, outcome: str, by) -> CareCase:
    """This function will end a case today; what was written stays shut until it is time to forget."""
    must_counsel(by)
    row = CareCase.objects.visible_to(by).select_for_update().get(pk=case.pk)
    if row.closed_on:
        return row
    row.outcome = outcome if outcome in CareCase.OUTCOMES else "settled"
    row.closed_on, row.next_on = by.day, None
    row.save(update_fields=["closed_on", "outcome", "next_on"])
    trail("close", row, by)
    return row


@transaction.atomic
def hand_over(*, cases: Iterable[CareCase], to: Staff, by) -> int:
    """This function will give cases with their locks to another counsellor, and say how many.

    By the one who holds them; when that one counsels no more, by the principal. Never by the one who receives.
    """
    here = {one.pk: one for one in counsellors(by)}
    if to.pk not in here or to.pk == by.staff.pk:
        raise NobodyToTake
    count = 0
    for row in (
        CareCase.objects.open().filter(pk__in=[one.pk for one in cases], school=by.school).select_for_update()
    ):
        left = row.counsellor_id not in here
        if row.counsellor_id != by.staff.pk and not (left and by.holds("principal")):
            raise NotYours
        old, new = Wall(row.school_id, row.counsellor_id), Wall(row.school_id, to.pk)
        _pass_on(row, old, new, groups_too=left)
        CareHandOver.objects.create(
            case=row, giver_id=row.counsellor_id, receiver=to, by=by.staff, handed_on=by.day
        )
        row.counsellor = to
        row.save(update_fields=["counsellor"])
        trail("hand_over", row, by)
        count += 1
    return count


def _pass_on(case: CareCase, old: Wall, new: Wall, *, groups_too: bool) -> None:
    """Notes and what was seen go along; a group's note only when who held the group counsels no more."""
    groups = GroupSession.objects.filter(members__case=case, counsellor=old.staff_id) if groups_too else ()
    for one in groups:
        one.pass_on(old, new)
        one.counsellor_id = new.staff_id
        one.save(update_fields=["lock", "counsellor"])
    for text in [*case.notes.select_for_update(), *case.referrals.select_for_update()]:
        text.pass_on(old, new)
        text.save(update_fields=["lock"])
    theirs = ScreeningResult.objects.filter(pupil=case.pupil_id, keeper=new.staff_id)
    for result in ScreeningResult.objects.filter(pupil=case.pupil_id, keeper=old.staff_id):
        if theirs.filter(brought_on__gt=result.brought_on).exists():  # one a child and keeper: the latest
            result.delete()
            continue
        theirs.delete()
        result.pass_on(old, new)
        result.keeper_id = new.staff_id
        result.save(update_fields=["lock", "keeper"])


def left_alone(by) -> list[CareCase]:
    """This function will list, for the principal, how many open cases have a counsellor who counsels no more."""
    if not by.holds("principal"):
        return []
    here = [one.pk for one in counsellors(by)]
    return list(CareCase.objects.open().filter(school=by.school).exclude(counsellor__in=here))
