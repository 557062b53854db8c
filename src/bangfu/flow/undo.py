"""Taking an import back within seven days: an Intake in, the roll as it stood before out.

Children whom the import brought go again, unless somebody has already built on them (a case, a record, a pairing);
changed ones get back what their Event says stood there, unless it was changed again since (rule R15).
"""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, follow
from bangfu.flow.difference import INDEXED, SEALED
from bangfu.flow.enrol import UNDO_DAYS, NotRollKeeper
from bangfu.records import audit
from bangfu.records.models import (
    Absence,
    AbsenceMark,
    Application,
    AppraisalOpinion,
    Avoidance,
    CareCase,
    Case,
    DropoutFile,
    Enrolment,
    Escalation,
    Event,
    Evidence,
    EvidencePupil,
    Exclusion,
    FactStatement,
    FieldConflict,
    FieldVersion,
    GlassBreak,
    Guardian,
    HomeTeaching,
    Intake,
    ListLeaver,
    ListMatch,
    MandatoryReport,
    Nomination,
    ParentContact,
    PeerOffer,
    PeerPair,
    PeerWish,
    Pupil,
    Recognition,
    Referral,
    RoleGrant,
    RollCall,
    SchoolClass,
    ScreeningResult,
    SharedAdvice,
    SurveyAnswer,
    SyncItem,
    VideoCall,
)
from bangfu.records.seal import Envelope, blind

BUILT_ON = (
    Absence, AbsenceMark, Application, AppraisalOpinion, Avoidance, CareCase, Case, DropoutFile, Escalation,
    EvidencePupil, Exclusion, FieldConflict, FieldVersion, GlassBreak, HomeTeaching, ListLeaver, ListMatch,
    MandatoryReport, Nomination, ParentContact, PeerOffer, PeerPair, PeerWish, Recognition, Referral,
    ScreeningResult, SharedAdvice, SurveyAnswer, SyncItem, VideoCall,
)  # fmt: skip


class NotLoaded(Refusal):
    sentence = "这份表没有导入，或者已经撤销过了。"


class TooLate(Refusal):
    sentence = f"导入已经超过 {UNDO_DAYS} 天，不能整批撤销。请重新导入正确的表，或逐个修改。"


class NotTheLast(Refusal):
    sentence = "后面还导入过别的表。请先撤销最近的一次。"


def may_undo(intake: Intake) -> bool:
    """This function will say whether the time for taking this import back is still running."""
    return intake.state == "loaded" and clock.now() - intake.loaded_at <= timedelta(days=UNDO_DAYS)


def undo(*, intake: Intake, by) -> dict[str, int]:
    """This function will take an import back and say how many children went, were put back and were kept.

    Raises NotRollKeeper, NotLoaded, TooLate, NotTheLast.
    """
    if not by.sees_roll:
        raise NotRollKeeper
    with transaction.atomic():
        intake = Intake.objects.select_for_update().get(pk=intake.pk)
        if intake.state != "loaded":
            raise NotLoaded
        if not may_undo(intake):
            raise TooLate
        if Intake.objects.filter(
            school=intake.school, state="loaded", loaded_at__gt=intake.loaded_at
        ).exists():
            raise NotTheLast
        counts = _take_back(intake, by)
        follow.follow(school=intake.school, day=by.day, by=by)
        intake.state, intake.undone_at = "undone", clock.now()
        intake.content = None
        intake.save(update_fields=["state", "undone_at", "content"])
        event = audit.event(
            "enrol.undo", by=by.staff, at=clock.now(), subject=intake, changes={"counts": [None, counts]}
        )
        event.intake = intake
        audit.store([event])
    return counts


def _take_back(intake: Intake, by) -> dict[str, int]:
    FactStatement.objects.filter(intake=intake).delete()
    restored, left_as_is = 0, 0
    events = Event.objects.filter(intake=intake, verb="enrol.pupil_changed").order_by("-id")
    pupils = Pupil.objects.in_bulk([event.subject_id for event in events])
    back = []
    for event in events:
        pupil = pupils.get(event.subject_id)
        if pupil is None:
            continue
        undone, skipped = _restore(pupil, event.changes)
        restored += 1
        left_as_is += skipped
        back.append(
            audit.event("enrol.pupil_changed", by=by.staff, at=clock.now(), subject=pupil, changes=undone)
        )
    gone, kept = _take_away(intake)
    for event in back:
        event.intake = intake
    audit.store(back)
    _close_classes(intake)
    return {"gone": gone, "restored": restored, "kept": kept, "changed_since": left_as_is}


def _take_away(intake: Intake) -> tuple[int, int]:
    """Remove the children this import brought on whom nothing was built; return (removed, kept)."""
    brought = Pupil.objects.filter(arrived_with=intake)
    for model in BUILT_ON:
        brought = brought.annotate(
            **{model.__name__.lower(): Exists(model.objects.filter(_about_the_child(model)))}
        )
    used = [model.__name__.lower() for model in BUILT_ON]
    going = [row["pk"] for row in brought.values("pk", *used) if not any(row[name] for name in used)]
    kept = brought.count() - len(going)
    for start in range(0, len(going), 500):
        part = going[start : start + 500]
        Enrolment.objects.filter(pupil__in=part).delete()
        Pupil.objects.filter(pk__in=part).delete()  # with guardians and statements
    return len(going), kept


def _about_the_child(model) -> Q:
    """A row may name a child twice: whoever is wished for by a classmate is named, too."""
    named = Q()
    for one in model._meta.concrete_fields:
        if one.related_model is Pupil:
            named |= Q(**{one.name: OuterRef("pk")})
    return named


def _close_classes(intake: Intake) -> None:
    """Remove classes that only this import opened and nobody uses."""
    SchoolClass.objects.filter(pk__in=intake.counts.get("classes", ())).exclude(
        pk__in=Enrolment.objects.values("school_class")
    ).exclude(pk__in=RollCall.objects.values("school_class")).exclude(
        pk__in=RoleGrant.objects.filter(school_class__isnull=False).values("school_class")
    ).exclude(pk__in=Evidence.objects.filter(school_class__isnull=False).values("school_class")).delete()


def _restore(pupil: Pupil, changes: dict) -> tuple[dict, int]:
    """Put back what an Event says stood there; return the changes made and how many were left since changed again."""
    undone, skipped, columns = {}, 0, []
    for name, (before, after) in changes.items():
        if name.startswith("guardian.") or name in ("enrolment", "school_class", "seat_no", "facts"):
            continue
        if audit.plain(getattr(pupil, name)) != after:
            skipped += 1
            continue
        columns += _put(pupil, name, before)
        undone[name] = [after, before]
    if columns:
        pupil.save(update_fields=columns)
    undone |= _restore_place(pupil, changes)
    undone |= _restore_family(pupil, changes)
    return undone, skipped


def _put(row, name: str, value) -> list[str]:
    """Set one column as an Event has it; return the columns to store."""
    if name in ("birth_on", "left_on"):
        setattr(row, name, date.fromisoformat(value) if value and value != "None" else None)
    elif name in SEALED or name in INDEXED:
        setattr(row, name, Envelope(value) if value else None)
    else:
        setattr(row, name, value)
    index = f"{name}_index"
    if hasattr(row, index):
        purpose = f"guardian_{name}" if isinstance(row, Guardian) else name
        setattr(row, index, blind(getattr(row, name).reveal(), purpose) if value else "")
        return [name, index]
    return [name]


def _restore_place(pupil: Pupil, changes: dict) -> dict:
    if "enrolment" in changes:
        before, after = changes["enrolment"]
        made = Enrolment.objects.filter(pk=after, valid_to__isnull=True)
        if made.exists():
            made.delete()
            Enrolment.objects.filter(pk=before).update(valid_to=None)
            return {"enrolment": [after, before], "school_class": changes["school_class"][::-1]}
    elif "seat_no" in changes:
        before, after = changes["seat_no"]
        if Enrolment.objects.filter(pupil=pupil, valid_to__isnull=True, seat_no=after).update(seat_no=before):
            return {"seat_no": [after, before]}
    return {}


def _restore_family(pupil: Pupil, changes: dict) -> dict:
    undone = {}
    guardians = {guardian.position: guardian for guardian in Guardian.objects.filter(pupil=pupil)}
    for key, (before, after) in changes.items():
        if not key.startswith("guardian."):
            continue
        _, position, *name = key.split(".")
        guardian = guardians.get(int(position))
        if guardian is None:
            continue
        if not name:
            Guardian.objects.filter(pk=after).delete()
        elif audit.plain(getattr(guardian, name[0])) == after:
            guardian.save(update_fields=_put(guardian, name[0], before))
        else:
            continue
        undone[key] = [after, before]
    return undone
