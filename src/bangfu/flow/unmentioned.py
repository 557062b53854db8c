"""Nobody has mentioned this child: who on the roll has had no true contact for some weeks of school, oldest first.

Any record, talk, visit, call, persuasion or survey answer counts and takes the child off the list; nothing can be
ticked off (R85, P3).
Children to be looked at first stand first, and the list does not say why.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Subquery

from bangfu.engine import rule
from bangfu.flow import adopt, known, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import (
    AbsenceMark,
    Enrolment,
    EvidencePupil,
    FactStatement,
    Persuasion,
    SurveyAnswer,
)

WEEKS = (4, 10, 16)
SCHOOL_DAYS = 5
SEEN = ("survey", "told", "home")  # what somebody of the school said of the child


@dataclass(frozen=True, slots=True)
class Row:
    """A child nobody has mentioned since `last`; None: never."""

    pupil_id: UUID
    name: str
    class_of: tuple[int, int]
    last: date | None


def may_see(viewer) -> bool:
    """This function will say whether the list is for this viewer: leaders, those of a grade, class teachers."""
    return viewer.is_leader or bool(viewer.entry_years) or bool(viewer.class_ids_as("homeroom_teacher"))


def usual_weeks(day: date) -> int:
    """This function will give the parameter's value on a day, where nobody chose."""
    return int(adopt.shelf().commons.parameters["unmentioned_weeks"].value_on(day) or WEEKS[1])


def since(viewer, weeks: int) -> date:
    """This function will count weeks of school back from today: a vacation is nobody's silence."""
    terms, left, day = calendar_for(viewer.school), weeks * SCHOOL_DAYS, viewer.day
    for term in reversed([one for one in terms.terms if one.starts_on <= day]):
        days = terms.school_days(term.starts_on, min(day, term.ends_on))
        if len(days) >= left:
            return days[-left] - timedelta(days=1)
        left -= len(days)
    return day - timedelta(weeks=weeks) if not terms.terms else date.min


def of(viewer, weeks: int) -> list[Row]:
    """This function will list the children nobody mentioned, those to be looked at first, then the longest unmentioned.

    Two queries, however many children.
    """
    begin = since(viewer, weeks)
    rows = _quiet(viewer, begin)
    found = [
        Row(pk, name, (year, number), max((day for day in (_day(asked), *days) if day), default=None))
        for pk, name, year, number, asked, *days in rows
    ]
    first = _watched([row.pupil_id for row in found], viewer.day) if found else frozenset()
    return sorted(
        found,
        key=lambda row: (
            row.pupil_id not in first,
            row.last or date.min,
            -row.class_of[0],
            row.class_of[1],
            row.name,
        ),
    )


def _day(moment) -> date | None:
    return schedule.local_day(moment) if moment else None


def _quiet(viewer, begin: date):
    """Whoever came only lately has not been overlooked."""
    asked = SurveyAnswer.objects.filter(pupil=OuterRef("pupil_id")).exclude(answers={}, is_chosen=False)
    contacts = _contacts(viewer)
    here = Enrolment.objects.on(viewer.day).filter(_scope(viewer), pupil__joined_on__lte=begin)
    quiet = here.exclude(Exists(asked.filter(at__date__gt=begin)))
    for rows, on in contacts:
        quiet = quiet.exclude(Exists(rows.filter(**{f"{on}__gt": begin})))
    return quiet.values_list(
        "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number",
        Subquery(asked.order_by("-at").values("at")[:1]),
        *(Subquery(rows.order_by(f"-{on}").values(on)[:1]) for rows, on in contacts),
    )  # fmt: skip


def _contacts(viewer) -> tuple:
    """Every kind of contact that has a day: the rows about a child, and the field of the day.

    A mark in the roll call is no contact, the family reached about it is; nor is a talk nobody was met at.
    """
    about = EvidencePupil.objects.filter(
        pupil=OuterRef("pupil_id"), happened_on__lte=viewer.day,
        evidence__amended_by__isnull=True, evidence__is_withdrawn=False,
    )  # fmt: skip
    said = FactStatement.objects.filter(pupil=OuterRef("pupil_id"), source__in=SEEN, by__isnull=False)
    reached = Q(called_at__isnull=False) | ~Q(called_whom="") | Q(said__isnull=False)
    calls = AbsenceMark.objects.filter(reached, pupil=OuterRef("pupil_id"), roll_call__taken_back_at=None)
    talks = Persuasion.objects.filter(file__pupil=OuterRef("pupil_id")).exclude(attitude="not_met")
    return (
        (about, "happened_on"),
        (said, "stated_on"),
        (calls.exclude(cause="unreached"), "day"),
        (talks, "on"),
    )


def _scope(viewer) -> Q:
    here = Q(school_class__school_id=viewer.school_id)
    if viewer.is_leader:
        return here
    own = Q(school_class__in=viewer.class_ids_as("homeroom_teacher"))
    return here & (own | Q(school_class__entry_year__in=viewer.entry_years))


def _watched(pupil_ids, day: date) -> frozenset[UUID]:
    """Who is to be looked at first; the group is not named anywhere."""
    commons = adopt.shelf().commons
    asked, _ = rule.read(commons.signals.watch, commons.facts) if commons.signals.watch else (None, ())
    if asked is None:
        return frozenset()
    said, memory = known.last(pupil_ids, day, frozenset(asked.names)), {}
    found = set()
    for pk, facts in said.items():
        values = tuple(
            facts[n].stated.value if n in facts and not facts[n].is_over else None for n in asked.names
        )
        if values not in memory:  # children of whom the same is known get the same answer
            memory[values] = asked.judge(dict(zip(asked.names, values, strict=True))).answer
        if memory[values]:
            found.add(pk)
    return frozenset(found)
