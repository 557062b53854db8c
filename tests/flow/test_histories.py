"""The same history written down in other orders, amended and taken back, gives the same ledger; so does asking again.

The engine's own ten thousand stand in tests/engine/test_histories.py; these go through the verbs and real rows.
"""

import random
from datetime import date, timedelta
from uuid import UUID

import pytest
from django.db import connection

from bangfu.flow import adopt, record, schedule, state
from bangfu.flow.company import Company
from bangfu.records.models import Case, Evidence, EvidencePupil, School
from tests import factories
from tests.flow.test_versions import change

FIRST, LAST = date(2026, 9, 7), date(2026, 12, 4)
KINDS = ("talk", "tutoring", "guardian_contact", "home_visit", "pupil_report")
ANSWERS = ({}, {"outcome": "uncooperative"}, {"attended": False}, {"persons": 2})
HISTORIES, ORDERS = (36 if connection.vendor == "sqlite" else 10), 3


def drawn(seed: int, people, pupils):
    """What happened: for each record its versions in turn, None for taken back; every version names who and when."""
    chance, found = random.Random(seed), []
    for at in range(chance.randint(3, 7)):
        author, about = chance.choice(people), chance.sample(pupils, chance.choice([1, 1, 2]))
        versions = []
        for turn in range(chance.choice([1, 1, 2, 3])):
            on = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
            entry = record.Entry(
                tuple(chance.sample(KINDS, chance.choice([1, 2]))), on, UUID(int=seed * 10_000 + at * 10 + turn),
                answers=chance.choice(ANSWERS), company=Company(alone_because="不远"),
            )  # fmt: skip
            versions.append(entry)
        if chance.random() < 0.2:
            versions.append(None)
        found.append((author, about, versions))
    return found


def write(history, order: random.Random | None):
    """Each record's versions in turn, the records woven together in any order."""
    left = [(author, about, list(versions), []) for author, about, versions in history]
    while left:
        author, about, versions, rows = one = order.choice(left) if order else left[0]
        entry, by = versions.pop(0), factories.viewer(author, LAST)
        if not rows:
            rows.append(
                record.add(entry=entry, pupils=order.sample(about, len(about)) if order else about, by=by)
            )
        elif entry is None:
            rows.append(record.withdraw(evidence=rows[-1], by=by))
        else:
            rows.append(record.amend(evidence=rows[-1], entry=entry, by=by))
        if not versions:
            left.remove(one)


def ledger(cast):
    school = School.objects.get(pk=cast.school.pk)
    (plan,) = adopt.plans_in_force(school, LAST)
    found = schedule.ledger(plan, Case.objects.all(), schedule.Asked(school, FIRST, LAST, LAST))
    return {pk: dossier.standings for pk, dossier in found.items()}


def told(found):
    """Without the order of acts of one day and the ids of versions made on the way."""
    return {
        pk: [(*s.expectation, s.state, s.count, s.done_on, s.reason) for s in some]
        for pk, some in found.items()
    }


@pytest.fixture
def running(cast, settings):
    settings.DAY = LAST
    cast.case(0)
    cast.case(1, helper=cast.attached)
    change(cast)
    state.rebuild(school=cast.school, day=LAST)
    return cast


def test_histories_written_in_any_order_and_asked_twice_give_one_ledger(running):
    people, pupils = [running.homeroom, running.attached], running.pupils[:2]
    different = set()
    for seed in range(HISTORIES):
        history = drawn(seed, people, pupils)
        wanted = None
        for turn in range(ORDERS):
            EvidencePupil.objects.all().delete()
            Evidence.objects.filter(amended_by__isnull=True).delete()
            while Evidence.objects.exists():
                Evidence.objects.filter(amended_by__isnull=True).delete()
            state.refresh(
                school=running.school, day=LAST
            )  # so that the records themselves keep it up to date
            write(history, random.Random(turn) if turn else None)
            found = ledger(running)
            assert told(ledger(running)) == told(found), seed  # asked again
            wanted = wanted or told(found)
            assert told(found) == wanted, (seed, turn)
        different.add(str(wanted))
        kept = state.audit(school=running.school, day=LAST)
        assert kept.cells and not kept.wrong, (seed, kept.stale, kept.wrong[:2])
    assert len(different) > HISTORIES * 0.8  # they are histories, not blanks
