"""The round of recognising hardship, step by step: told, applied, appraised, decided, posted, archived (P0-35, R76).

Who may take which step is said here once; the other recognition modules ask it. Going back takes a reason.
"""

from datetime import date

from django.db import IntegrityError, transaction

from bangfu.engine.hardship import LEVELS
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import Notice, PanelMember, RecognitionRound, Staff
from bangfu.records.models.recognition import LEADING, OFFICERS

MINDERS = ("homeroom_teacher", "class_attached_teacher")
STATES = RecognitionRound.STATES
# Where each step may go back to; what was archived stays, a later round adjusts it.
BEFORE = {"applying": "telling", "appraising": "applying", "deciding": "appraising", "noticing": "deciding"}


class NotYours(Refusal):
    sentence = "这一步由资助专干或校长来做。需要的话，请告诉他们。"


class NotInGroup(Refusal):
    sentence = "申请的内容只有评议小组、资助专干和校长看得到。"


class NotThisStep(Refusal):
    sentence = "这一轮现在不在这一步。刷新页面看看走到哪里了。"


class NoTerm(Refusal):
    sentence = "学校还没有设好学期，先到“设置”里填校历，再开始认定。"


class NotReady(Refusal):
    """Something is missing before the next step; the sentence says what."""


class SayWhy(Refusal):
    sentence = "退回一步要写一句原因，方便以后查看。"


def may_lead(by) -> bool:
    """This function will say whether the viewer takes the round from step to step."""
    return by.holds(*LEADING)


def sees_inside(round: RecognitionRound, by) -> bool:
    """This function will say whether the viewer may read the applications of a round."""
    return RecognitionRound.objects.opened_to(by).filter(pk=round.pk).exists()


def must_see(round: RecognitionRound, by) -> None:
    """This function will raise NotInGroup unless the viewer may read the applications."""
    if not sees_inside(round, by):
        raise NotInGroup


def running(by) -> RecognitionRound | None:
    """This function will give the newest round the viewer may know of, a running one first."""
    rounds = RecognitionRound.objects.visible_to(by).order_by("-opened_at")
    return rounds.exclude(state="archived").first() or rounds.first()


def seat_of(by) -> RecognitionRound | None:
    """This function will give the running round in whose group the viewer sits without having it in the menu.

    Nothing is asked for those whose menu has it.
    """
    if by.holds(*LEADING, *MINDERS):
        return None
    return RecognitionRound.objects.visible_to(by).exclude(state="archived").first()


def locked(round: RecognitionRound, by, *states: str) -> RecognitionRound:
    """This function will take the round for writing, and raise NotThisStep unless it stands at one of the steps."""
    found = RecognitionRound.objects.select_for_update().filter(pk=round.pk, school_id=by.school_id).first()
    if found is None or (states and found.state not in states):
        raise NotThisStep
    return found


def note(verb: str, round: RecognitionRound, by, **changes) -> None:
    """This function will leave the trace of a step; never a child, a level or what a family told."""
    audit.log(verb, by=by.staff, at=clock.now(), subject=round, changes=changes)


def move(round: RecognitionRound, to: str, by, **more) -> RecognitionRound:
    """This function will write the next step of a locked round and its trace."""
    before, round.state = round.state, to
    for key, value in more.items():
        setattr(round, key, value)
    round.save()
    note("recognition.step", round, by, state=[before, to])
    return round


@transaction.atomic
def open_round(*, by, matched_level: str = LEVELS[0]) -> RecognitionRound:
    """This function will begin the round of this term (the next one in vacation); one that runs is given back.

    Autumn recognises for the school year, spring adjusts. Raises NotYours, NoTerm.
    """
    if not may_lead(by):
        raise NotYours
    if matched_level not in LEVELS:
        raise NotReady("请选一档：特别困难、困难或一般困难。")
    known = RecognitionRound.objects.filter(school_id=by.school_id).exclude(state="archived").first()
    if known:
        return known
    calendar = calendar_for(by.school)
    coming = min((t for t in calendar.terms if t.starts_on > by.day), key=lambda t: t.starts_on, default=None)
    term = calendar.term_on(by.day) or coming
    if term is None:
        raise NoTerm
    again = RecognitionRound.objects.filter(school_id=by.school_id, term_key__startswith=term.school_year)
    kind = "termly" if term.key.endswith("-2") or again.exists() else "yearly"
    try:
        with transaction.atomic():
            found = RecognitionRound.objects.create(
                school_id=by.school_id, term_key=term.key, kind=kind, matched_level=matched_level,
                opened_by=by.staff, opened_at=clock.now(),
            )  # fmt: skip
    except IntegrityError:  # somebody pressed at the same moment
        return RecognitionRound.objects.filter(school_id=by.school_id).exclude(state="archived").get()
    PanelMember.objects.create(round=found, staff=by.staff, added_by=by.staff, added_on=by.day)
    note("recognition.open", found, by, kind=[None, kind])
    return found


@transaction.atomic
def tell(*, round: RecognitionRound, how: str, apply_until: date, by) -> RecognitionRound:
    """This function will note how families were told and until when they may apply. Raises NotYours, NotReady."""
    if not may_lead(by):
        raise NotYours
    round = locked(round, by, "telling", "applying")
    if not how.strip():
        raise NotReady("请写一句是怎么告诉家长的，比如“家长会上说了，申请表发到每家”。")
    if apply_until <= by.day:
        raise NotReady("请留几天给家长，申请截止的日子要在今天以后。")
    said = {"told_how": " ".join(how.split())[:100], "apply_until": apply_until}
    if round.state == "applying" and all(getattr(round, key) == value for key, value in said.items()):
        return round
    return move(round, "applying", by, told_on=round.told_on or by.day, **said)


@transaction.atomic
def close_applications(*, round: RecognitionRound, by) -> RecognitionRound:
    """This function will go on to the appraisal once the days for applying are over. Raises NotYours, NotReady."""
    if not may_lead(by):
        raise NotYours
    round = locked(round, by, "applying", "appraising")
    if round.state == "appraising":
        return round
    if by.day <= round.apply_until:
        last = round.apply_until
        raise NotReady(
            f"答应过家长申请到{last.month}月{last.day}日。过了那天再开始评议；要提前，先改截止的日子。"
        )
    return move(round, "appraising", by)


@transaction.atomic
def seat(*, round: RecognitionRound, staff: Staff, by, is_in: bool = True) -> None:
    """This function will add somebody to the appraisal group or let them go; from then on they may read or may not."""
    if not may_lead(by):
        raise NotYours
    round = locked(round, by, *STATES[:-1])
    if staff.school_id != by.school_id:
        raise NotYours
    if is_in:
        _, changed = PanelMember.objects.get_or_create(
            round=round, staff=staff, defaults={"added_by": by.staff, "added_on": by.day}
        )
    else:
        changed, _ = PanelMember.objects.filter(round=round, staff=staff).delete()
    if changed:
        note("recognition.member", round, by, staff=[None, str(staff.pk)] if is_in else [str(staff.pk), None])


@transaction.atomic
def go_back(*, round: RecognitionRound, because: str, by, seen: str = "") -> RecognitionRound:
    """This function will go back one step with a reason: a notice comes down, what was decided is decided anew.

    `seen` is the step the page showed; two people pressing at once go back one step, not two.
    Raises NotYours, SayWhy, NotThisStep.
    """
    if not by.holds(*OFFICERS):
        raise NotYours
    if not because.strip():
        raise SayWhy
    round = locked(round, by, *BEFORE)
    if seen and seen != round.state:
        raise NotThisStep
    return step_back(round, BEFORE[round.state], because, by)


def step_back(round: RecognitionRound, to: str, because: str, by) -> RecognitionRound:
    """This function will undo, in a locked round, what stands behind the step `to`."""
    because = " ".join(because.split())[:200]
    after = STATES[STATES.index(to) :]
    if "deciding" in after:
        round.recognitions.coming().update(ended_on=by.day, ended_because=because)
        standing = Notice.objects.filter(round=round, taken_down_on__isnull=True)
        standing.update(taken_down_on=by.day, taken_down_by=by.staff, taken_down_because=because)
        round.decided_on = None
    appraisal = getattr(round, "appraisal", None)
    if appraisal is not None:
        appraisal.decided_by = appraisal.decided_on = None
        appraisal.finished_on = None if "appraising" in after else appraisal.finished_on
        appraisal.save()
    return move(round, to, by, back_because=because)
