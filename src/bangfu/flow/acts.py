"""What was done for children, a class or the school, read as the engine's acts; one query, no rows kept.

The board reads thousands. What Django would decode row by row (four JSON values, a moment, its zone) is decoded
once for each text that occurs.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone

from bangfu.engine.case import Act
from bangfu.records.models import Decision, Evidence, EvidencePupil


class Said(NamedTuple):
    """What the answers of a record say to the engine; most say none of it."""

    events: tuple[str, ...] = ()  # what it tells to have happened
    attended: bool = True
    persons: int = 1
    amounts: Mapping[str, int] = MappingProxyType({})
    is_met: bool = True  # nobody was reached: it was tried, it is no contact yet


NOTHING = Said()
HAPPENED = {"check_up": "test", "handling": "incident"}  # an activity that is, or follows, an event
TOLD = {  # (answer, value): the event it tells of
    ("outcome", "uncooperative"): "guardian_uncooperative",
    ("effect", "会了"): "progress_seen",
    ("again", "又一次"): "repeated_error",
}
CONTACT = frozenset({"guardian_contact"})
AMOUNTS = ("lessons", "people", "things")
MARKS = ('"outcome"', '"attended"', '"effect"', '"again"', '"persons"', *(f'"{key}"' for key in AMOUNTS))


def acts_about(pupil_ids, *, since: date, until: date) -> dict[UUID, list[tuple[Act, tuple[str, ...]]]]:
    """This function will read what was done for these children between two days: {pupil id: [(Act, events)]}."""
    rows = EvidencePupil.objects.filter(
        pupil__in=pupil_ids,
        happened_on__gte=since,
        happened_on__lte=until,
        evidence__amended_by__isnull=True,
        evidence__is_withdrawn=False,
    ).values_list(
        "evidence_id", _text("pupil_id"), _text("happened_on"), _text("evidence__written_at"),
        _text("evidence__activities"), _text("roles"), _text("evidence__answers"), "evidence__minutes",
    )  # fmt: skip
    return acts_in(rows)


def acts_in(rows) -> dict[UUID, list[tuple[Act, tuple[str, ...]]]]:
    """This function will decode rows of what was done for children, all text but the minutes: {pupil id: [(Act, events)]}."""
    found = defaultdict(list)
    for about, act, said in _read(rows):
        found[_id(about)].append((act, said.events + _happened(act.activities)))
    return found


def act_of(record: Evidence, roles: Iterable[str]) -> tuple[Act, tuple[str, ...]]:
    """This function will give (act, events) of a record about to be stored, as it would be read back."""
    answers = json.dumps(record.answers)
    days = record.happened_on, timezone.localdate(record.written_at)
    act, said = _act(
        str(record.pk), days, frozenset(record.activities), frozenset(roles), (answers, record.minutes)
    )
    return act, said.events + _happened(act.activities)


def acts_at(class_ids, *, school, since: date, until: date) -> dict[UUID, list[Act]]:
    """This function will read what was done for these classes, and for the school: {class or school id: [Act]}."""
    rows = Evidence.objects.current().filter(
        Q(school_class__in=class_ids) | Q(whole_school=True),
        school=school,
        happened_on__gte=since,
        happened_on__lte=until,
    ).values_list(
        "id", Coalesce(_text("school_class_id"), Value(""), output_field=TextField()), _text("happened_on"),
        _text("written_at"),
        _text("activities"), _text("roles"), _text("answers"), "minutes",
    )  # fmt: skip
    found = defaultdict(list)
    for about, act, _said_there in _read(rows):
        found[_id(about) if about else school.pk].append(act)
    return found


def _read(rows) -> Iterator[tuple[str, Act, Said]]:
    zone, days = timezone.get_current_timezone(), {}
    for evidence, about, on, written_at, activities, roles, answers, minutes in rows:
        minute = written_at[:16]  # both databases write UTC: 2026-09-01 08:30…
        if minute not in days:
            days[minute] = datetime.fromisoformat(minute).replace(tzinfo=UTC).astimezone(zone).date()
        both = _day(on), days[minute]
        yield about, *_act(evidence, both, _words(activities), _words(roles), (answers, minutes))


def _act(
    id: str,
    days: tuple[date, date],
    done: frozenset[str],
    roles: frozenset[str],
    told: tuple[str, int | None],
) -> tuple[Act, Said]:
    """One record as an act: on which day it happened and was written, by whom, what its answers and minutes say."""
    answers, minutes = told
    said = _said(answers)
    if not said.is_met:
        done = done - CONTACT
    amounts = _amounts(answers, minutes)
    return Act(id, *days, done, roles, None, said.attended, said.persons, amounts), said


def _text(column: str) -> Cast:
    return Cast(column, TextField())


@lru_cache(maxsize=4096)
def _id(text: str) -> UUID:
    return UUID(text)


@lru_cache(maxsize=1024)
def _day(text: str) -> date:
    return date.fromisoformat(text)


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    return frozenset(json.loads(text))


@lru_cache(maxsize=512)
def _happened(activities: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(HAPPENED[activity] for activity in activities if activity in HAPPENED))


@lru_cache(maxsize=4096)
def _amounts(answers: str, minutes: int | None) -> Mapping[str, int]:
    said = _said(answers).amounts
    return said if minutes is None else {**said, "minutes": minutes}


@lru_cache(maxsize=4096)
def _said(answers: str) -> Said:
    if not any(mark in answers for mark in MARKS):
        return NOTHING
    top = json.loads(answers)
    groups = [
        top,
        *(one for one in top.values() if isinstance(one, dict)),
    ]  # a sitting of two kinds has two groups
    given = [(key, value) for group in groups for key, value in group.items() if not isinstance(value, dict)]
    told = [TOLD.get((key, one)) for key, value in given for one in _each(value) if isinstance(one, str)]
    amounts = {key: value for key, value in given if key in AMOUNTS and _is_count(value)}
    persons = max((value for key, value in given if key == "persons" and _is_count(value)), default=1)
    attended = all(value is not False for key, value in given if key == "attended")
    is_met = ("outcome", "unreached") not in given
    return Said(tuple(sorted({event for event in told if event})), attended, max(persons, 1), amounts, is_met)


def _each(value):
    return value if isinstance(value, list) else (value,)


def _is_count(value) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


DECIDING = frozenset({"homeroom_teacher", "class_attached_teacher", "helper", "grade_supervisor"})


def decisions_on(case_ids) -> dict[UUID, list[Act]]:
    """This function will read the decisions of terms about these cases as acts that name their term; one query."""
    found = defaultdict(list)
    for pk, case_id, term_key, on in Decision.objects.filter(case__in=case_ids).values_list(
        "id", "case_id", "term_key", "on"
    ):
        found[case_id].append(Act(pk, on, on, frozenset({"decision"}), DECIDING, period=term_key))
    return found
