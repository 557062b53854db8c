"""The appraisal group's minutes (F03) and the decision upon them: two hands, a word for every change of level.

The group looks at who applied; who is on a certified list is recognised without application. In spring, whoever
was recognised by appraisal in autumn is looked at again. Nothing is said of anybody else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db import transaction

from bangfu.engine.hardship import FACTORS, LEVELS, NOT_NOW
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, recognition, recognition_form
from bangfu.flow.recognition import NotReady
from bangfu.flow.recognition_match import matched
from bangfu.flow.register import classes_of
from bangfu.records import audit
from bangfu.records.models import (
    Appraisal,
    AppraisalOpinion,
    PanelMember,
    Pupil,
    Recognition,
    RecognitionRound,
    Staff,
)

OUTCOMES = (*LEVELS, NOT_NOW)
DECIDERS = ("principal", "vice_principal")
LEAST_PRESENT = 2


class NotYourDecision(Refusal):
    sentence = "认定由校长来定；副校长在评议小组里的，也可以。"


class SameHand(Refusal):
    sentence = "评议记录和最后认定要由两个人来做。请另一位负责人来定。"


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the group says of one child: keys of FACTORS, a level or 没有困难, votes for it, a sentence."""

    factors: tuple[str, ...] = ()
    level: str = ""
    votes: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Sitting:
    """When the group sat, who was there, and a sentence for the minutes."""

    held_on: date | None = None
    present: tuple[UUID, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is decided of one child, with a sentence where it differs from the group's word."""

    level: str
    because: str = ""


@dataclass(slots=True)
class Row:
    """One child before the group or the decider. `before` is the level in force, `application_id` None if there is none."""

    pupil_id: UUID
    name: str
    label: str
    order: tuple
    basis: str
    application_id: UUID | None = None
    certified: tuple[str, ...] = ()
    before: str = ""
    opinion: Opinion = field(default_factory=Opinion)


def appraisal_of(round: RecognitionRound) -> Appraisal:
    """This function will give the minutes of a round, making them if they are not there."""
    found, _ = Appraisal.objects.get_or_create(round=round)
    return found


def rows(round: RecognitionRound, by) -> list[Row]:
    """This function will list whom the group looks at: who applied, and in spring who was appraised before."""
    recognition.must_see(round, by)
    applied = {a.pupil_id: a.pk for a in recognition_form.standing(round, by.day)}
    before = _in_force(round, by.day)
    again = (
        {pk for pk, one in before.items() if one.basis == "appraised"} if round.kind == "termly" else set()
    )
    listed = matched({*applied, *again}, by.day)
    wanted = [pk for pk in {*applied, *again} if pk not in listed]
    opinions = {
        o.pupil_id: Opinion(tuple(o.factors), o.level, o.votes, o.note)
        for o in recognition_form.round_opinions(round).filter(pupil__in=wanted)
    }
    found = _rows(wanted, "appraised", before, by.day)
    for row in found:
        row.application_id = applied.get(row.pupil_id)
        row.opinion = opinions.get(row.pupil_id, Opinion(level="" if row.application_id else row.before))
    return found


def listed_rows(round: RecognitionRound, by) -> list[Row]:
    """This function will list the children recognised without application: who is here and on a certified list."""
    recognition.must_see(round, by)
    here = Pupil.objects.filter(school_id=by.school_id).on_roll(by.day).values_list("pk", flat=True)
    found = matched(list(here), by.day)
    made = _rows(list(found), "matched", _in_force(round, by.day), by.day)
    for row in made:
        row.certified = found[row.pupil_id]
        row.opinion = Opinion(level=row.before or round.matched_level)
    return made


def _in_force(round: RecognitionRound, day: date) -> dict[UUID, Recognition]:
    here = Pupil.objects.filter(school_id=round.school_id).on_roll(day)
    return {one.pupil_id: one for one in Recognition.objects.in_force(day).filter(pupil__in=here)}


def _rows(pupil_ids, basis: str, before: Mapping[UUID, Recognition], day: date) -> list[Row]:
    people = dict(Pupil.objects.filter(pk__in=pupil_ids).values_list("pk", "name"))
    keys = dict(Pupil.objects.filter(pk__in=pupil_ids).values_list("pk", "sort_key"))
    classes = classes_of(pupil_ids, day)
    found = [
        Row(pk, people[pk], classes[pk][0], (classes[pk][1], keys[pk]), basis,
            before=before[pk].level if pk in before else "")
        for pk in pupil_ids if pk in classes
    ]  # fmt: skip
    return sorted(found, key=lambda row: row.order)


@transaction.atomic
def appraise(
    *, round: RecognitionRound, opinions: Mapping[UUID, Opinion], by, sitting: Sitting | None = None
):
    """This function will keep what the group says, only the children given, so that two may write at once.

    Raises NotInGroup, NotThisStep, NotReady.
    """
    recognition.must_see(round, by)
    round = recognition.locked(round, by, "appraising")
    known = {row.pupil_id for row in rows(round, by)}
    appraisal = appraisal_of(round)
    changed = 0
    for pk, said in opinions.items():
        if pk not in known or (said.level and said.level not in OUTCOMES):
            continue
        kept = {
            "factors": [key for key, _ in FACTORS if key in said.factors], "level": said.level,
            "votes": said.votes, "note": " ".join(said.note.split())[:200],
        }  # fmt: skip
        row, is_new = AppraisalOpinion.objects.get_or_create(appraisal=appraisal, pupil_id=pk, defaults=kept)
        if not is_new and any(getattr(row, key) != value for key, value in kept.items()):
            AppraisalOpinion.objects.filter(pk=row.pk).update(**kept)
            is_new = True
        changed += is_new
    if sitting is not None:
        members = set(PanelMember.objects.filter(round=round).values_list("staff_id", flat=True))
        appraisal.held_on = sitting.held_on
        appraisal.present = [str(pk) for pk in sitting.present if pk in members]
        appraisal.note = " ".join(sitting.note.split())[:300]
        appraisal.save()
    if changed or sitting is not None:
        recognition.note("recognition.appraise", round, by, children=[0, changed])
    return appraisal


@transaction.atomic
def finish(*, round: RecognitionRound, by) -> RecognitionRound:
    """This function will close the minutes; whoever closes them is the recorder. Raises NotInGroup, NotReady."""
    recognition.must_see(round, by)
    round = recognition.locked(round, by, "appraising", "deciding")
    if round.state == "deciding":
        return round
    appraisal, looked_at = appraisal_of(round), rows(round, by)
    if looked_at:
        _must_be_whole(appraisal, looked_at, by.day)
    _keep_unwritten(appraisal, looked_at)
    appraisal.held_on = appraisal.held_on or by.day
    appraisal.recorder, appraisal.finished_on = by.staff, by.day
    appraisal.save()
    return recognition.move(round, "deciding", by)


def _must_be_whole(appraisal: Appraisal, looked_at: list[Row], day: date) -> None:
    left = [row.name for row in looked_at if not row.opinion.level]
    if left:
        raise NotReady(f"还有 {len(left)} 名学生没有写评议的结果：{'、'.join(left[:5])}。")
    if appraisal.held_on is None or appraisal.held_on > day or len(appraisal.present) < LEAST_PRESENT:
        raise NotReady("请写上评议是哪天、谁参加了，至少两个人。")
    many = [row.name for row in looked_at if (row.opinion.votes or 0) > len(appraisal.present)]
    if many:
        raise NotReady(f"同意的人数比参加的人还多，请看一下：{'、'.join(many[:5])}。")


def _keep_unwritten(appraisal: Appraisal, looked_at: list[Row]) -> None:
    # Whoever goes on as before, nobody having written otherwise, stands in the minutes too.
    written = set(appraisal.opinions.values_list("pupil_id", flat=True))
    AppraisalOpinion.objects.bulk_create(
        AppraisalOpinion(appraisal=appraisal, pupil_id=row.pupil_id, level=row.opinion.level)
        for row in looked_at
        if row.pupil_id not in written
    )


@transaction.atomic
def decide(*, round: RecognitionRound, verdicts: Mapping[UUID, Verdict], by) -> RecognitionRound:
    """This function will decide on every child of the round at once; nothing follows before it is archived.

    Children left out keep the group's word. Raises NotYourDecision, SameHand, NotReady, NotThisStep.
    """
    if not by.holds(*DECIDERS) or not recognition.sees_inside(round, by):
        raise NotYourDecision
    round = recognition.locked(round, by, "deciding", "noticing")
    if round.state == "noticing":
        return round
    appraisal = appraisal_of(round)
    if appraisal.recorder_id == by.staff.pk:
        raise SameHand
    looked_at, listed = rows(round, by), listed_rows(round, by)
    chosen = {row.pupil_id: _verdict(row, verdicts.get(row.pupil_id)) for row in (*looked_at, *listed)}
    unsaid = [
        row.name
        for row in (*looked_at, *listed)
        if chosen[row.pupil_id].level != row.opinion.level and not chosen[row.pupil_id].because
    ]
    if unsaid:
        raise NotReady(f"和评议、名单不一样的，请写一句理由：{'、'.join(unsaid[:5])}。")
    round.recognitions.coming().update(ended_on=by.day, ended_because="重新认定")
    Recognition.objects.bulk_create(
        _recognition(row, chosen[row.pupil_id], round, by)
        for row in (*looked_at, *listed)
        if row.before != chosen[row.pupil_id].level and (row.before or chosen[row.pupil_id].level != NOT_NOW)
    )
    Appraisal.objects.filter(pk=appraisal.pk).update(decided_by=by.staff, decided_on=by.day)
    count = round.recognitions.coming().count()
    audit.log(
        "recognition.decide", by=by.staff, at=clock.now(), subject=round, changes={"children": [0, count]}
    )
    return recognition.move(round, "noticing", by, decided_on=by.day)


def decided(round: RecognitionRound) -> dict[UUID, tuple[str, str]]:
    """This function will give what stands decided in a round: {pupil: (level, sentence)}."""
    rows = round.recognitions.filter(ended_on__isnull=True)
    return {pk: (level, because) for pk, level, because in rows.values_list("pupil_id", "level", "because")}


def _verdict(row: Row, said: Verdict | None) -> Verdict:
    if said is None or said.level not in (LEVELS if row.basis == "matched" else OUTCOMES):
        return Verdict(row.opinion.level)
    return Verdict(said.level, " ".join(said.because.split())[:200])


def _recognition(row: Row, verdict: Verdict, round: RecognitionRound, by) -> Recognition:
    # To the end of the round's own school year, even when it is decided in July: key 2026-2027-1 ends with July 2027.
    until = date(int(round.term_key.split("-")[1]), 8, 1)
    return Recognition(
        round=round, pupil_id=row.pupil_id, level=verdict.level, basis=row.basis, certified=list(row.certified),
        because=verdict.because, valid_from=by.day, valid_to=until, decided_by=by.staff, decided_on=by.day,
    )  # fmt: skip


def group(round: RecognitionRound) -> list[tuple]:
    """This function will list the appraisal group: (staff id, name), by name."""
    seats = PanelMember.objects.filter(round=round).order_by("staff__sort_key")
    return list(seats.values_list("staff_id", "staff__name"))


def may_join(round: RecognitionRound, by) -> list[tuple]:
    """This function will list who works here and does not sit in the group yet: (staff id, name)."""
    here = Staff.objects.filter(school_id=by.school_id).at_work_on(by.day).exclude(panels__round=round)
    return list(here.order_by("sort_key").values_list("pk", "name"))
