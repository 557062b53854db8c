"""Circumstances that end by themselves — by age, term, school year or a named day — seen in time, and said again.

R23, R25 and P0-35: an end comes with notice; until somebody says it anew it is unknown, never a no. What an authority
certifies only its next list renews.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from django.db import transaction

from bangfu.engine import timeline
from bangfu.engine.fact import FactSpec
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, clock, known
from bangfu.flow.known import Status
from bangfu.records import audit
from bangfu.records.models import Enrolment, FactStatement, Pupil

AHEAD = timedelta(days=30)
SCHOOL_WIDE = ("principal", "vice_principal", "union_chair", "aid_officer")
RENEWERS = ("principal", "vice_principal", "aid_officer")
SOURCE = "told"
NOTHING = (None, "", False, 0, "没有困难")
BY_CLICK = (timeline.SAID, timeline.TERM)


class NotYours(Refusal):
    sentence = "续不续由班主任、资助专干或校长来定。"


class NothingEnded(Refusal):
    sentence = "这一项现在不用续：它没有到期，或者已经有人重新说过了。"


class NotByClick(Refusal):
    sentence = "这一项不能在这里续：由部门的新名单，或者按认定的程序来定。"


@dataclass(frozen=True, slots=True)
class Ending:
    """One circumstance of a child that ended or will end soon; `by` is the authority that certifies it, if any."""

    pupil_id: UUID
    name: str
    class_of: tuple[int, int]
    fact: FactSpec
    ends_on: date
    because: str
    is_over: bool
    by: str
    may_renew: bool


def may_see(viewer) -> bool:
    """This function will say whether the page is for this viewer: leaders, the aid officer, class teachers."""
    return viewer.holds(*SCHOOL_WIDE) or bool(viewer.class_ids_as("homeroom_teacher"))


def of(viewer, pupil: Pupil | None = None) -> list[Ending]:
    """This function will list what ended or ends within thirty days, the longest ended first; two queries."""
    here = _here(viewer)
    if pupil is not None:
        here = here.filter(pupil=pupil)
    rows = {row[0]: row[1:] for row in here.values_list("pupil_id", "pupil__name", *CLASS)}
    said = known.last(here.values("pupil"), viewer.day, _labels())
    found = [
        _ending(viewer, pk, (key, status), rows[pk])
        for pk, facts in said.items()
        if pk in rows
        for key, status in facts.items()
        if _is_near(status, viewer.day)
    ]
    return sorted(
        found, key=lambda one: (one.ends_on, one.class_of[0] * -1, one.class_of[1], one.name, one.fact.key)
    )


def count(viewer) -> int:
    """This function will count what ended or ends soon in the viewer's own class, for today's page; one query."""
    if viewer.holds(*SCHOOL_WIDE) or not viewer.class_ids_as("homeroom_teacher"):
        return 0
    said = known.last(_here(viewer).values("pupil"), viewer.day, _labels())
    return sum(_is_near(status, viewer.day) for facts in said.values() for status in facts.values())


CLASS = ("school_class__entry_year", "school_class__number", "school_class_id")


def _here(viewer):
    rows = Enrolment.objects.on(viewer.day).filter(school_class__school_id=viewer.school_id)
    if viewer.holds(*SCHOOL_WIDE):
        return rows
    return rows.filter(school_class__in=viewer.class_ids_as("homeroom_teacher"))


def _is_near(status: Status, day: date) -> bool:
    ends_on = status.stated.valid_to
    return ends_on is not None and ends_on <= day + AHEAD and status.stated.value not in NOTHING


@lru_cache(maxsize=1)
def _labels() -> frozenset[str]:
    """Facts that are a status of the child; what teachers observe each term is the survey's, not this page's."""
    commons = adopt.shelf().commons
    own = {key for key, spec in commons.facts.items() if spec.of == "child" and _is_status(spec)}
    return frozenset(own | {one.fact for one in commons.code_list.categories})


def _is_status(spec: FactSpec) -> bool:
    is_label = spec.type == "bool" and spec.privacy == "sensitive"
    return bool(spec.until_age) or spec.lasts == "school_year" or is_label


def _ending(viewer, pk: UUID, what: tuple[str, Status], row: tuple) -> Ending:
    key, status = what
    name, entry_year, number, class_id = row
    commons, stated = adopt.shelf().commons, status.stated
    category = commons.code_list.by_fact.get(key)
    certified = known.is_certified(stated.source)
    by = category.certified_by if category and category.is_certified else ""
    decides = viewer.holds(*RENEWERS) or class_id in viewer.class_ids_as("homeroom_teacher")
    ready = status.is_over and stated.ended_by in BY_CLICK and commons.facts[key].type == "bool"
    return Ending(
        pk, name, (entry_year, number), commons.facts[key], stated.valid_to, stated.ended_by, status.is_over, by,
        decides and ready and not certified,
    )  # fmt: skip


@transaction.atomic
def renew(*, pupil: Pupil, fact: str, holds: bool, by) -> FactStatement:
    """This function will say anew, from today on, that an ended circumstance holds or no longer does.

    Raises NotYours, NothingEnded, NotByClick.
    """
    if not may_see(by):
        raise NotYours
    mine = next((one for one in of(by, pupil) if one.fact.key == fact), None)
    if mine is None or not mine.is_over:
        raise NothingEnded
    if not mine.may_renew:
        raise NotByClick if by.holds(*RENEWERS) or not by.is_leader else NotYours
    row = FactStatement.objects.create(
        pupil=pupil, source=SOURCE, stated_on=by.day, known_at=clock.now(), by=by.staff, values={fact: holds}
    )
    audit.log("ending.renew", by=by.staff, at=row.known_at, subject=row, changes={fact: [None, holds]})
    return row
