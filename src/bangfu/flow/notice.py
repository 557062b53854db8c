"""公示: what was decided hangs at least five workdays, four fields and no other, and is gone by itself (R76, R77).

Objections may come without a name, each is answered with a sentence; archiving waits for the last of them.
"""

import hashlib
import json
from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction

from bangfu.engine import notice as wall
from bangfu.engine.hardship import LEVELS, NOT_NOW
from bangfu.engine.notice import Line
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, recognition, recognition_form
from bangfu.flow.almanac import calendar_for
from bangfu.flow.recognition import NotReady, NotYours
from bangfu.records import audit
from bangfu.records.models import (
    Enrolment,
    FactStatement,
    Notice,
    Objection,
    Pupil,
    Recognition,
    RecognitionRound,
)
from bangfu.records.models.places import GRADE_NAMES, class_label, grade_of_entry_year

TAKERS = ("principal",)


class NothingToPost(Refusal):
    sentence = "这一轮没有要公示的学生，可以直接归档。"


class NotOnTheWall(Refusal):
    sentence = "名字里有一长串数字，或档次不认识，这样不能公示。请先到学籍里改好。"


class OnlyPrincipal(Refusal):
    sentence = "公示没有到期就撤下，要由校长来做。"


class SayWhy(Refusal):
    sentence = "提前撤下要写一句原因。"


class StillAsked(Refusal):
    sentence = "还有异议没有答复。先答复，再归档。"


class StillPosted(Refusal):
    """The notice has not stood its days yet."""


class AlreadyAnswered(Refusal):
    sentence = "这条异议已经答复过了。"


def lines(round: RecognitionRound, day: date) -> tuple[Line, ...]:
    """This function will build the lines of a round from the whitelist: who is newly recognised and still here."""
    here = Enrolment.objects.on(day).filter(school_class__school_id=round.school_id)
    rows = here.filter(pupil__recognitions__in=round.recognitions.coming()).order_by(
        "-school_class__entry_year", "school_class__number", "pupil__sort_key"
    )
    levels = dict(round.recognitions.coming().values_list("pupil_id", "level"))
    found = []
    for pupil, name, year, number in rows.values_list(
        "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number"
    ):
        if levels[pupil] == NOT_NOW:  # an ending is nobody's news
            continue
        grade = grade_of_entry_year(year, day)
        known = {
            "name": name,
            "grade": f"{GRADE_NAMES[grade]}年级" if 1 <= grade <= 9 else f"{year}级",
            "school_class": class_label(year, number, day),
            "level": levels[pupil],
        }
        try:
            found.append(wall.line_of(known))
        except wall.NotForTheWall as wrong:
            raise NotOnTheWall from wrong
    return tuple(found)


@transaction.atomic
def post(*, round: RecognitionRound, contact: str, workdays: int = wall.LEAST_DAYS, by) -> Notice:
    """This function will post what was decided, from today; posted twice it is one.

    Raises NotYours, NotThisStep, NotReady, NothingToPost, NotOnTheWall.
    """
    if not recognition.may_lead(by):
        raise NotYours
    round = recognition.locked(round, by, "noticing")
    if already := standing(round):
        return already
    if not contact.strip():
        raise NotReady("请写上有异议找谁，比如“政教处何老师，电话或当面都行”。")
    said = lines(round, by.day)
    if not said:
        raise NothingToPost
    workdays = min(max(workdays, wall.LEAST_DAYS), wall.MOST_DAYS)
    content = json.dumps([asdict(line) for line in said], ensure_ascii=False)
    notice = Notice(
        round=round, contact=" ".join(contact.split())[:100], workdays=workdays, posted_on=by.day,
        until=wall.last_day(calendar_for(by.school), by.day, workdays), posted_by=by.staff, count=len(said),
        digest=hashlib.sha256(content.encode()).hexdigest(),
    )  # fmt: skip
    notice.lines = content
    try:
        with transaction.atomic():
            notice.save(force_insert=True)
    except IntegrityError:  # somebody pressed at the same moment
        return Notice.objects.get(round=round, taken_down_on__isnull=True)
    recognition.note("recognition.post", round, by, until=[None, str(notice.until)], children=[0, len(said)])
    return notice


def is_shown(notice: Notice, day: date) -> bool:
    """This function will say whether a notice stands on a day; after its last day it is gone by itself."""
    return wall.is_shown(day, notice.posted_on, notice.until, notice.taken_down_on)


def shown(notice: Notice, day: date) -> tuple[Line, ...]:
    """This function will give the lines people see on a day: as posted while it stands, none before and after."""
    if not is_shown(notice, day):
        return ()
    return tuple(wall.line_of(line) for line in json.loads(notice.lines.reveal()))


@transaction.atomic
def take_down(*, notice: Notice, because: str, by) -> Notice:
    """This function will take a notice down at once; the round then needs another one. Raises OnlyPrincipal, SayWhy."""
    if not by.holds(*TAKERS) or notice.round.school_id != by.school_id:
        raise OnlyPrincipal
    if not because.strip():
        raise SayWhy
    changed = Notice.objects.filter(
        pk=notice.pk, taken_down_on__isnull=True, until__gte=by.day, round__state="noticing"
    ).update(taken_down_on=by.day, taken_down_by=by.staff, taken_down_because=" ".join(because.split())[:200])
    if changed:
        recognition.note("recognition.take_down", notice.round, by, notice=[str(notice.pk), None])
    notice.refresh_from_db()
    return notice


@transaction.atomic
def object_to(*, notice: Notice, text: str, from_whom: str = "", by) -> Objection:
    """This function will write down an objection, sealed; the name may stay empty. Raises NotInGroup, NotReady."""
    recognition.must_see(notice.round, by)
    recognition.locked(notice.round, by, "noticing")
    if not text.strip():
        raise NotReady("请写一句对方说了什么。不愿意留名字的，名字空着。")
    same = [one for one in notice.objections.open() if one.text.reveal() == text.strip()[:1000]]
    if same:  # a double press
        return same[0]
    objection = Objection(notice=notice, received_on=by.day, received_by=by.staff)
    objection.text = text.strip()[:1000]
    objection.from_whom = " ".join(from_whom.split())[:40] or None
    objection.save(force_insert=True)
    audit.log("recognition.object", by=by.staff, at=clock.now(), subject=objection)
    return objection


@transaction.atomic
def answer(*, objection: Objection, text: str, outcome: str, by) -> Objection:
    """This function will answer an objection: it stands, or the group looks again (the notice comes down).

    Raises NotInGroup, NotYours, NotReady, AlreadyAnswered.
    """
    round = objection.notice.round
    recognition.must_see(round, by)
    if not recognition.may_lead(by):
        raise NotYours
    if not text.strip() or outcome not in Objection.OUTCOMES:
        raise NotReady("请写一句答复，并选一个结果。")
    objection = Objection.objects.select_for_update().get(pk=objection.pk)
    if objection.answered_on:
        raise AlreadyAnswered
    objection.answer = text.strip()[:1000]
    objection.outcome, objection.answered_on, objection.answered_by = outcome, by.day, by.staff
    objection.save()
    audit.log("recognition.answer", by=by.staff, at=clock.now(), subject=objection)
    if outcome == "again":
        round = recognition.locked(round, by, "noticing", "deciding", "appraising")
        if round.state != "appraising":
            recognition.step_back(round, "appraising", "有异议，重新评议", by)
    return objection


def standing(round: RecognitionRound) -> Notice | None:
    """This function will give the notice of a round that nobody took down, whether its days are over or not."""
    return Notice.objects.filter(round=round, taken_down_on__isnull=True).first()


def open_objections(round: RecognitionRound) -> int:
    """This function will count the objections of a round that wait for an answer."""
    return Objection.objects.open().filter(notice__round=round).count()


def step_of(round: RecognitionRound, day: date) -> str:
    """This function will name the step a round stands at on a day; notice, objections and archive are one state.

    The calendar and the answers tell those three apart.
    """
    if round.state != "noticing":
        return round.state
    posted = standing(round)
    if posted is None:
        return "noticing" if lines(round, day) else "archived"
    if is_shown(posted, day):
        return "noticing"
    return "objecting" if open_objections(round) else "archived"


def stood(round: RecognitionRound, day: date) -> bool:
    """This function will say whether a notice of the round stood to its last day."""
    return Notice.objects.filter(round=round, taken_down_on__isnull=True, until__lt=day).exists()


@transaction.atomic
def archive(*, round: RecognitionRound, by) -> RecognitionRound:
    """This function will settle the round: from now on what was recognised holds, to the end of the school year.

    Raises NotYours, StillAsked, StillPosted, NotThisStep. Archived twice it is once.
    """
    if not recognition.may_lead(by):
        raise NotYours
    round = recognition.locked(round, by, "noticing", "archived")
    if round.state == "archived":
        return round
    if open_objections(round):
        raise StillAsked
    if not stood(round, by.day):
        _nothing_was_to_post(round, by.day)
    gone = round.recognitions.coming().exclude(pupil__in=Pupil.objects.on_roll(by.day))
    gone.update(ended_on=by.day, ended_because="已离校")
    _settle(round, by)
    return recognition.move(round, "archived", by, archived_on=by.day, archived_by=by.staff)


def _nothing_was_to_post(round: RecognitionRound, day: date) -> None:
    if posted := standing(round):
        last = posted.until
        raise StillPosted(f"公示到{last.month}月{last.day}日，过了那天再归档。")
    if lines(round, day):
        raise StillPosted("还没有公示满五个工作日。先到“公示”里张贴。")


def _settle(round: RecognitionRound, by) -> None:
    coming = list(round.recognitions.coming())
    pupils = [one.pupil_id for one in coming]
    earlier = Recognition.objects.filter(pupil__in=pupils, settled_on__isnull=False, ended_on__isnull=True)
    earlier.update(ended_on=by.day, ended_because="重新认定")
    for one in coming:
        one.settled_on = by.day
        if one.level == NOT_NOW:
            one.ended_on, one.ended_because = by.day, "学期调整"
    Recognition.objects.bulk_update(coming, ["settled_on", "ended_on", "ended_because"])
    said = {one.pupil_id: one.level for one in coming}
    # Who applied and was not recognised has been asked: that is known. Nothing is known of those who did not apply.
    opinions = dict(recognition_form.round_opinions(round).values_list("pupil_id", "level"))
    for application in recognition_form.standing(round, by.day):
        if opinions.get(application.pupil_id):
            said.setdefault(application.pupil_id, NOT_NOW)
    still = set(
        Recognition.objects.in_force(by.day).filter(pupil__in=said).values_list("pupil_id", flat=True)
    )
    FactStatement.objects.bulk_create(
        FactStatement(
            pupil_id=pupil, source="school", stated_on=by.day, known_at=clock.now(), by=by.staff,
            values={"hardship_level": level},
        )
        for pupil, level in said.items()
        if level in LEVELS or pupil not in still
    )  # fmt: skip


def notices(by) -> list[Notice]:
    """This function will list the notices the viewer may know of, the newest first."""
    rows = Notice.objects.visible_to(by).select_related("round", "posted_by", "taken_down_by")
    return list(rows.order_by("-posted_on", "-id")[:40])
