"""强制报告 (F39): whoever at school finds a child harmed reports at once; the record is only ever added to.

The law of minors' protection, article 11. Seen by its author and the principal; the facts are sealed.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock
from bangfu.records import audit
from bangfu.records.models import MandatoryReport, Pupil


class SayWhat(Refusal):
    sentence = "请点一下是哪一种情况，再写看到的、听到的事实。不用判断是谁的错。"


class WrongDay(Refusal):
    sentence = "发现的日子、报告的时间还没有到。请选今天或以前。"


class SayWhen(Refusal):
    sentence = "请写下是什么时候告诉他们的。"


@dataclass(frozen=True, slots=True)
class Found:
    """What was found, whom it was told to and when, what they said. `id` is made by the client."""

    kind: str
    facts: str
    on: date
    told: tuple[str, ...] = ()
    told_at: datetime | None = None
    answer: str = ""
    id: UUID = field(default_factory=uuid4)


@transaction.atomic
def report(*, pupil: Pupil, found: Found, adds_to: MandatoryReport | None = None, by) -> MandatoryReport:
    """This function will write a report down, or add to one `by` may read; sent twice, stored once.

    Raises SayWhat, WrongDay, SayWhen.
    """
    known = MandatoryReport.objects.visible_to(by).filter(pk=found.id).first()
    if known is not None:
        return known
    facts, now = found.facts.strip()[:2000], clock.now()
    if found.kind not in MandatoryReport.KINDS or not facts:
        raise SayWhat
    told = [one for one in MandatoryReport.TOLD if one in found.told]
    if told and found.told_at is None:
        raise SayWhen
    if found.on > by.day or (found.told_at and found.told_at > now):
        raise WrongDay
    row = MandatoryReport(
        id=found.id, school=by.school, pupil=pupil, kind=found.kind, facts=facts, found_on=found.on, told=told,
        told_at=found.told_at if told else None, answer=found.answer.strip()[:200] or None, by=by.staff, at=now,
        adds_to=adds_to,
    )  # fmt: skip
    row.save(force_insert=True)
    entry = audit.event("report.harm", by=by.staff, at=now, subject=row)
    entry.pupil_id = None  # others read the trail: it says that a report was made, not of whom
    audit.store([entry])
    return row


def listed(by) -> list[MandatoryReport]:
    """This function will list what the viewer may read, the newest first, each with what was added."""
    rows = MandatoryReport.objects.visible_to(by).filter(adds_to__isnull=True)
    return list(rows.select_related("pupil", "by").prefetch_related("additions__by").order_by("-at")[:200])
