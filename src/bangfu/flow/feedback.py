"""投诉建议: anybody may say that a duty is too much or a page is wrong, with or without a name."""

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import Feedback

LONGEST = 1000


class Empty(Refusal):
    sentence = "还没有写内容。写一句就可以。"


class NotLeader(Refusal):
    sentence = "投诉建议由校长、副校长或工会主席来答复。"


class TooLong(Refusal):
    sentence = f"内容超过 {LONGEST} 字了，请分两次写。"


@transaction.atomic
def leave(*, text: str, page: str, by, is_anonymous: bool = False) -> Feedback:
    """This function will keep what somebody says about a page. Without a name, no name is stored anywhere."""
    if not text.strip():
        raise Empty
    if len(text.strip()) > LONGEST:
        raise TooLong
    feedback = Feedback.objects.create(
        school_id=by.school_id,
        text=text.strip(),
        page="" if is_anonymous else page[:200],  # a page may say who wrote: one's own pupil
        by=None if is_anonymous else by.staff,
        at=clock.now(),
    )
    if not is_anonymous:
        audit.log("feedback.leave", by=by.staff, at=clock.now(), subject=feedback)
    return feedback


@transaction.atomic
def answer(*, feedback: Feedback, text: str, by) -> Feedback:
    """This function will answer a complaint for its author and the other leaders to read. Raises NotLeader."""
    if not by.is_leader:
        raise NotLeader
    if not text.strip():
        raise Empty
    feedback.answer, feedback.answered_at, feedback.answered_by = text.strip(), clock.now(), by.staff
    feedback.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.log("feedback.answer", by=by.staff, at=clock.now(), subject=feedback)
    return feedback
