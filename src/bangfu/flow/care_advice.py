"""The one sentence that leaves the wall: what a class teacher or helper can do, until when; never why (P0-30).

And what whoever asked may know: it is taken on, and when the next talk is.
"""

from datetime import date, timedelta
from uuid import UUID

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import care
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import CareCase, Referral, ScreeningResult, SharedAdvice

READY = (
    "请多留意睡眠",
    "请多留意吃饭",
    "每天单独问候一句",
    "先不要当众点名",
    "先不换座位",
    "多给一件小事做",
    "有事先找我",
)
LONGEST = timedelta(days=366)


class NothingToShare(Refusal):
    sentence = "请点一句，或写一句老师能做的事。不写原因，不写聊了什么。"


@transaction.atomic
def share(*, case: CareCase, text: str, audience: str, until: date | None = None, by) -> SharedAdvice:
    """This function will share one sentence about a child of one's own case; the same one twice is once.

    Without an end it stands to the end of the term. Raises NotYours, NothingToShare, NotYet.
    """
    return _share(care.own(case.pk, by).pupil_id, text, audience, until, by)


@transaction.atomic
def tell(*, result: ScreeningResult, text: str, by) -> SharedAdvice:
    """This function will share one sentence about a child screened with the class teacher, without a case."""
    care.must_counsel(by)
    return _share(
        ScreeningResult.objects.visible_to(by).get(pk=result.pk).pupil_id, text, "class_teacher", None, by
    )


def _share(pupil_id, text: str, audience: str, until: date | None, by) -> SharedAdvice:
    words = " ".join(text.split())[:100]
    if not words or audience not in SharedAdvice.AUDIENCES:
        raise NothingToShare
    until = until or _term_end(by)
    if not by.day <= until <= by.day + LONGEST:
        raise care.NotYet("请选今天以后、一年以内的一天。")
    for known in SharedAdvice.objects.standing(by.day).filter(pupil=pupil_id, by=by.staff, audience=audience):
        if known.text.reveal() == words:
            return known
    advice = SharedAdvice(
        pupil_id=pupil_id, by=by.staff, text=words, audience=audience, shared_on=by.day, until=until
    )
    advice.save()
    care.trail("share", advice, by)
    return advice


def _term_end(by) -> date:
    term = calendar_for(by.school).term_on(by.day)
    return term.ends_on if term else by.day + timedelta(days=60)


@transaction.atomic
def take_back(*, advice: SharedAdvice, by) -> SharedAdvice:
    """This function will end what one shared; whoever read it sees it no more."""
    row = SharedAdvice.objects.select_for_update().get(pk=advice.pk, by=by.staff)
    if row.ended_on is None:
        row.ended_on = by.day
        row.save(update_fields=["ended_on"])
        care.trail("unshare", row, by)
    return row


def told(pupil_id, by) -> list[SharedAdvice]:
    """This function will give what stands today about a child for the viewer, without what the viewer said."""
    rows = SharedAdvice.objects.visible_to(by).standing(by.day).filter(pupil=pupil_id)
    return list(rows.exclude(by=by.staff).select_related("by").order_by("shared_on", "id"))


def asked(by, pupil_id: UUID | None = None) -> list[Referral]:
    """This function will give one's own referrals of the last year, of one child if asked, the newest first."""
    rows = Referral.objects.filter(by=by.staff, school=by.school, at__date__gt=by.day - LONGEST)
    rows = rows.exclude(state="taken_back").select_related("pupil", "case", "answered_by")
    return list((rows.filter(pupil=pupil_id) if pupil_id else rows).order_by("-at"))
