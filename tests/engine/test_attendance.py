"""Spells out of roll calls, and rungs of the ladder out of spells: tables of days, no database."""

from datetime import date

import pytest

from bangfu.engine.attendance import Away, Deed, Ladder, Seen, Step, days_away, rungs, spells
from bangfu.engine.case import Spell
from tests.engine.days import calendar

CALENDAR = calendar()
MON, TUE, WED, THU, FRI = (date(2026, 10, n) for n in (12, 13, 14, 15, 16))
NEXT_MON = date(2026, 10, 19)


def look(day, away, session="day"):
    return Seen(day, session, away)


@pytest.mark.parametrize(
    ("said", "seen", "found"),
    [
        ("nobody looked", [], ()),
        ("always here", [look(MON, False), look(TUE, False)], ()),
        ("away and not seen since", [look(MON, True)], (Spell(MON),)),
        ("a day nobody looked ends nothing", [look(MON, True), look(WED, True)], (Spell(MON),)),
        ("seen again", [look(MON, True), look(TUE, True), look(WED, False)], (Spell(MON, TUE),)),
        ("seen again after a weekend", [look(FRI, True), look(NEXT_MON, False)], (Spell(FRI, date(2026, 10, 18)),)),
        ("late, here in the afternoon", [look(MON, True, "morning"), look(MON, False, "afternoon")], ()),
        ("away twice", [look(MON, True), look(TUE, False), look(WED, True)], (Spell(MON, MON), Spell(WED))),
        ("in any order", [look(WED, False), look(MON, True)], (Spell(MON, TUE),)),
        ("gone at noon", [look(MON, False, "morning"), look(MON, True, "afternoon")], (Spell(MON),)),
    ],
)  # fmt: skip
def test_a_spell_lasts_until_somebody_sees_the_child_again(said, seen, found):
    assert spells(seen) == found, said


def step(key, after, **more):
    given = {"title": key, "who": ("homeroom_teacher",), "accepts": ("absence_follow_up",)} | more
    return Step(key=key, after=after, **given)


LADDER = Ladder(
    title="x",
    steps=(
        step("call", 0),
        step("visit", 0, when="unexplained", accepts=("home_visit",)),
        step("tell", 1, named=True),
        step("report", 3, within=1, named=True, who=("principal",)),
        step("in_touch", 10, when="explained"),
    ),
)


def reached(spell, day, deeds=(), explained=None):
    found = rungs(LADDER, Away("a", spell, explained), deeds, CALENDAR, day)
    return {rung.step.key: rung.standing for rung in found}


@pytest.mark.parametrize(
    ("said", "spell", "day", "standings"),
    [
        ("first day", Spell(MON), MON, {"call": "due"}),
        ("second day", Spell(MON), TUE, {"call": "late", "tell": "due"}),
        ("fourth day", Spell(MON), THU, {"call": "late", "tell": "late", "report": "due"}),
        ("one more day for the report", Spell(MON), FRI, {"call": "late", "tell": "late", "report": "due"}),
        ("a weekend counts for nothing", Spell(FRI), date(2026, 10, 18), {"call": "late"}),
        ("Friday and Monday are two days", Spell(FRI), NEXT_MON, {"call": "late", "tell": "due"}),
        ("back on Tuesday, no further", Spell(MON, MON), THU, {"call": "passed"}),
        ("a holiday is no first day", Spell(date(2026, 10, 3)), date(2026, 10, 5), {}),
    ],
)  # fmt: skip
def test_rungs_hang_on_the_spell_and_never_on_a_record(said, spell, day, standings):
    assert reached(spell, day) == standings, said


def test_who_said_why_is_asked_no_further_and_after_two_weeks_somebody_asks_how_the_child_is():
    assert reached(Spell(MON), THU, explained=True) == {}
    assert reached(Spell(date(2026, 9, 14)), date(2026, 9, 28), explained=True) == {"in_touch": "due"}


def test_asked_in_vain_means_a_visit_the_same_day():
    assert reached(Spell(MON), MON, explained=False) == {"call": "due", "visit": "due"}


@pytest.mark.parametrize(
    ("said", "deed", "closed"),
    [
        ("a call on the day", Deed(MON, frozenset({"absence_follow_up"})), {"call"}),
        ("a call later counts for what was open", Deed(THU, frozenset({"absence_follow_up"})), {"call"}),
        ("a talk with the child is no call", Deed(MON, frozenset({"talk"})), set()),
        (
            "a record from before the absence",
            Deed(date(2026, 10, 9), frozenset({"absence_follow_up"})),
            set(),
        ),
        (
            "a report that names itself",
            Deed(THU, frozenset({"absence_follow_up"}), "report"),
            {"call", "report"},
        ),
        ("told ahead of the day", Deed(MON, frozenset({"absence_follow_up"}), "tell"), {"call", "tell"}),
    ],
)
def test_any_true_contact_counts_but_a_named_rung_wants_its_own(said, deed, closed):
    found = reached(Spell(MON), THU, [deed])
    assert {key for key, standing in found.items() if standing == "done"} == closed, said


def test_only_school_days_are_days_away():
    assert days_away(Spell(FRI), CALENDAR, NEXT_MON) == 2
    assert days_away(Spell(MON, TUE), CALENDAR, FRI) == 2
    assert days_away(Spell(date(2026, 10, 3), date(2026, 10, 4)), CALENDAR, FRI) == 0
