"""A thousand damaged workbooks meet a school: each is loaded whole or refused, and a refused one leaves no trace.

Ten lots of a hundred, the second database meets two; in script/test only. script/check reads the same thousand.
"""

import pytest
from django.db import connection, transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import enrol, lists
from bangfu.flow.lists import Answers
from bangfu.records.models import (  # noqa: I001
    Enrolment,
    Event,
    FactStatement,
    Guardian,
    HeadingMap,
    Intake,
    ListLeaver,
    ListMatch,
    Pupil,
    ReceivedList,
    SchoolClass,
)
from tests.exchange.mutants import MANY, mutants
from tests.flow.test_lists import office  # noqa: F401

LOT = 100
LOTS = MANY // LOT if connection.vendor == "sqlite" else 2
TOUCHED = (Pupil, Enrolment, Guardian, SchoolClass, FactStatement, ListMatch, ListLeaver, HeadingMap, Event)
KINDS = ("dibao", "exited_poor", "left_behind", "other")


class Undone(Exception):
    """Rolls back what one workbook did, so that each meets the school as it was."""


def everything(*models):
    """Every stored value, sealed ones as they lie in the table."""
    with connection.cursor() as cursor:
        for model in models:
            cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1')  # noqa: S608
            yield cursor.fetchall()


def everything_now():
    return list(everything(Intake, ReceivedList)), list(everything(*TOUCHED))


def taken(by, kind, content, turn, before):
    """Check and load one workbook; return how it ended."""
    try:
        if kind == "roll":
            one, seen = enrol.check(content=content, file_name="名单.xlsx", by=by)
        else:
            answers = Answers(fact="dibao" if turn % len(KINDS) == 3 else "")
            key = KINDS[turn % len(KINDS)]
            one, seen = lists.check(content=content, file_name="名单.xlsx", key=key, by=by, answers=answers)
    except Refusal as refusal:
        assert refusal.sentence
        assert everything_now() == before
        return "refused at once"
    checked = everything_now()
    assert checked[1] == before[1]  # looking writes nothing
    try:
        if kind == "roll":
            enrol.load(intake=one, by=by, confirmed=turn % 3 > 0, seen=seen)
        else:
            lists.load(received=one, by=by, confirmed=turn % 3 > 0, seen=seen)
    except Refusal as refusal:
        assert refusal.sentence
        assert everything_now() == checked
        return "refused when loaded"
    return "loaded"


@pytest.mark.parametrize("lot", range(LOTS))
def test_a_hundred_mutated_workbooks_are_loaded_whole_or_leave_no_trace(office, lot):  # noqa: F811
    ends, before = [], everything_now()
    for turn, (kind, content) in enumerate(mutants(LOT, seed=lot)):
        try:
            with transaction.atomic():
                ends.append(taken(office, kind, content, turn, before))
                raise Undone
        except Undone:
            pass
    assert len(ends) == LOT and ends.count("loaded") > 10 and ends.count("refused at once") > 10, ends
