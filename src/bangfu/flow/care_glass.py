"""紧急查看: one person asks with a reason, another agrees, and for some hours the one who asked may read. R113.

Nobody learns before both agreed whether there is anything to read. Each note opened is a row that stays; the
counsellor, the principal and the family (on paper) see who read and why.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import care_notes, clock
from bangfu.records.models import CareCase, GlassBreak, GlassOpening, Pupil
from bangfu.records.models.care import is_counsellor
from bangfu.records.models.care_danger import HEADS
from bangfu.records.wall import Wall

HOURS = (1, 3, 8, 24)
ASKING = timedelta(hours=24)  # then it has to be asked anew
LEAST_WORDS = 8


class NotForYou(Refusal):
    sentence = "紧急查看由校长、副校长或另一位心理老师来请，也由他们中的另一位来同意。"


class SayWhy(Refusal):
    sentence = "请写清为什么非看不可，至少八个字。心理老师、校长看得到这一句，告知家里的那张纸上也有。"


class NotAlone(Refusal):
    sentence = "自己请的，要由另一个人同意。"


class Over(Refusal):
    sentence = "时间已经过了。还需要的话，请重新写明原因，再请另一个人同意。"


def may(by) -> bool:
    """This function will say whether the viewer may ask for it or agree to it."""
    return by.holds(*HEADS) or is_counsellor(by)


@transaction.atomic
def ask(*, pupil: Pupil, reason: str, hours: int = 3, by) -> GlassBreak:
    """This function will ask to read what a counsellor wrote about a child; raises NotForYou, SayWhy."""
    if not may(by):
        raise NotForYou
    words = " ".join(reason.split())[:200]
    if len(words) < LEAST_WORDS:
        raise SayWhy
    row = GlassBreak(
        school=by.school, pupil=pupil, reason=words, hours=min(max(hours, 1), 24), asked_by=by.staff,
        asked_at=clock.now(),
    )  # fmt: skip
    row.save()
    return row


def _waiting(glass: GlassBreak, by) -> GlassBreak:
    if not may(by):
        raise NotForYou
    row = GlassBreak.objects.select_for_update().get(pk=glass.pk)
    if row.asked_by_id == by.staff.pk:
        raise NotAlone
    return row


@transaction.atomic
def agree(*, glass: GlassBreak, by) -> GlassBreak:
    """This function will agree to what another person asked; from now it counts its hours. Raises NotAlone, Over."""
    row, now = _waiting(glass, by), clock.now()
    if row.state == "agreed" and row.agreed_by_id == by.staff.pk:
        return row
    if row.state != "asked" or now > row.asked_at + ASKING:
        raise Over
    row.state, row.agreed_by, row.agreed_at = "agreed", by.staff, now
    row.expires_at = now + timedelta(hours=row.hours)
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "agreed_by", "agreed_at", "expires_at"])
    except IntegrityError as cause:
        raise NotAlone from cause
    return row


@transaction.atomic
def refuse(*, glass: GlassBreak, by) -> GlassBreak:
    """This function will say no to what another person asked; once more is the same. Raises NotAlone, Over."""
    row = _waiting(glass, by)
    if row.state == "refused" and row.agreed_by_id == by.staff.pk:
        return row
    if row.state != "asked":
        raise Over("这一次已经有人答复过了。请刷新后再看。")
    row.state, row.agreed_by, row.agreed_at = "refused", by.staff, clock.now()
    row.save(update_fields=["state", "agreed_by", "agreed_at"])
    return row


def is_open(glass: GlassBreak) -> bool:
    """This function will say whether its hours still run."""
    return glass.state == "agreed" and clock.now() < glass.expires_at


@transaction.atomic
def read(*, glass: GlassBreak, by) -> list[care_notes.Told]:
    """This function will open the notes for the one who asked while the hours run, and keep a row for each.

    Raises NotForYou, Over.
    """
    row = GlassBreak.objects.select_for_update().get(pk=glass.pk)
    if row.asked_by_id != by.staff.pk or not may(by):
        raise NotForYou
    if not is_open(row):
        raise Over
    told = []
    for case in CareCase.objects.filter(pupil=row.pupil_id, school=row.school_id):
        told += care_notes.opened(case, Wall(case.school_id, case.counsellor_id))
    now = clock.now()
    GlassOpening.objects.bulk_create(
        GlassOpening(glass=row, note_id=one.id, by=by.staff, at=now) for one in told
    )
    return sorted(told, key=lambda one: (one.on, one.written_at), reverse=True)


def listed(by) -> list[GlassBreak]:
    """This function will list what the viewer may know of, the newest first; nothing for whoever has no part in it."""
    if not may(by):
        return []
    rows = GlassBreak.objects.visible_to(by).select_related("pupil", "asked_by", "agreed_by")
    return list(rows.prefetch_related("openings").order_by("-asked_at")[:100])
