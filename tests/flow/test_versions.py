"""A plan changed in mid-term leaves every past period as it was, to the byte; what it newly asks begins with it."""

import json
from datetime import date, timedelta

import pytest

from bangfu.engine.case import Spell
from bangfu.flow import adopt, clock, hand_over, history, schedule, sheet
from bangfu.flow.almanac import calendar_for
from bangfu.flow.record import Entry, add
from bangfu.records.models import Absence, AdoptedPlan, Case, FactStatement, School
from tests.cast import DAY

CHANGE = date(2026, 10, 21)  # a Wednesday of week 8
FIRST, LAST = date(2026, 9, 1), date(2027, 1, 22)
CALLS = """
[[duty]]
key = "away_call"
title = "和外出的家长通话"
who = ["helper", "deputy"]
every = { unit = "teaching_week" }
where = "boards"
accepts = ["guardian_contact"]
minutes = 5
"""


def text(edition="recommended"):
    return adopt.shelf().texts["weekly_support", edition]


def change(cast, words=None, valid_from=CHANGE):
    return adopt.adopt(
        school=cast.school, text=words or text(), valid_from=valid_from, by=cast.viewer(cast.principal)
    )


def ledger(cast, opens_on=FIRST, due_on=LAST, day=date(2026, 12, 1)):
    school = School.objects.get(pk=cast.school.pk)
    plan = adopt.plans_in_force(school, day)
    plan = plan[0] if plan else adopt.plan_of(AdoptedPlan.objects.filter(school=school).latest("version"))
    found = schedule.ledger(plan, Case.objects.all(), schedule.Asked(school, opens_on, due_on, day))
    return [s for d in found.values() for s in d.standings]


def written(standings):
    return json.dumps(
        [[*s.expectation, s.state, s.count, s.done_on, s.acts, s.reason] for s in standings], default=str
    )


def talk(cast, at, on):
    add(entry=Entry(("talk", "tutoring"), on), pupils=[cast.pupils[at]], by=cast.viewer(cast.homeroom))


@pytest.fixture
def running(cast):
    for at in range(3):
        cast.case(at)
    for at, on in ((0, DAY), (0, date(2026, 9, 9)), (1, date(2026, 9, 30)), (2, DAY - timedelta(days=1))):
        talk(cast, at, on)
    return cast


def test_past_periods_are_the_same_to_the_byte_after_the_plan_changes_in_mid_term(running):
    before = written(s for s in ledger(running) if s.expectation.opens_on < CHANGE)
    month = calendar_for(running.school).period_on("month", date(2026, 9, 15))
    plan = adopt.plans_in_force(running.school, DAY)[0]
    ask = {"helper": running.homeroom, "school": running.school, "period": month, "day": date(2026, 12, 1)}
    paper = json.dumps(sheet.compile_sheet(plan=plan, **ask), default=str)
    change(running)
    after = ledger(running)
    assert written(s for s in after if s.expectation.opens_on < CHANGE) == before
    light = adopt.plans_in_force(running.school, CHANGE)[0]
    assert light.edition == "recommended" and len(before) > 1000
    assert json.dumps(sheet.compile_sheet(plan=light, **ask), default=str) == paper


def test_a_window_belongs_to_the_version_in_force_when_it_opens_and_nothing_is_owed_twice(running):
    change(running)
    found = [s.expectation for s in ledger(running)]
    assert len({e.identity for e in found}) == len(found)
    minutes = {True: set(), False: set()}
    for e in found:
        minutes[e.opens_on >= CHANGE].add((e.duty_key, e.minutes))
    seed, light = (adopt.read(text(edition)) for edition in ("seed", "recommended"))
    assert minutes[False] == {
        (d.key, d.minutes) for d in seed.duties if d.key in {k for k, _ in minutes[False]}
    }
    assert minutes[True] <= {(d.key, d.minutes) for d in light.duties}


def test_what_the_new_version_first_asks_begins_with_it(running):
    child = running.pupils[0]
    FactStatement.objects.create(
        pupil=child, source="home", stated_on=FIRST, known_at=clock.now(), values={"boards": True}
    )
    change(running, text("seed") + CALLS)
    calls = [s.expectation for s in ledger(running) if s.expectation.duty_key == "away_call"]
    mine = [e for e in calls if not e.suspended]
    assert (mine[0].opens_on, mine[0].due_on) == (CHANGE, date(2026, 10, 25))
    assert {e.subject_id for e in mine} == {Case.objects.get(pupil=child).pk}
    assert {e.suspended for e in calls if e not in mine} == {"还不知道：住校，先问清楚"}


def test_a_duty_that_asks_for_facts_costs_one_query_more(running, django_assert_num_queries):
    change(running, text("seed") + CALLS)
    plan = adopt.plans_in_force(running.school, CHANGE)[0]
    asked = schedule.Asked(running.school, FIRST, LAST, CHANGE)
    schedule.ledger(plan, Case.objects.all(), asked)
    with django_assert_num_queries(9):
        schedule.ledger(plan, Case.objects.all(), asked)


def test_a_stopped_plan_owes_nothing_in_windows_that_open_from_that_day(running):
    whole = [s for s in ledger(running) if s.expectation.opens_on < DAY]
    adopt.stop(adopted=AdoptedPlan.objects.get(school=running.school), by=running.viewer(running.principal))
    found = ledger(running)
    assert written(found) == written(whole)
    assert max(s.expectation.due_on for s in found) > DAY  # what had opened is still owed


def test_a_plan_taken_up_again_after_a_pause_owes_nothing_for_the_pause(running):
    by = running.viewer(running.principal)
    adopt.stop(adopted=AdoptedPlan.objects.get(school=running.school), by=by)
    change(running, text("seed"), valid_from=date(2026, 11, 11))
    weeks = [s.expectation for s in ledger(running) if s.expectation.duty_key == "talk"]
    assert not [e for e in weeks if DAY <= e.opens_on < date(2026, 11, 11)]
    again = [e for e in weeks if e.opens_on >= date(2026, 11, 11)]
    assert again[0].opens_on == date(2026, 11, 11) and len({e.identity for e in weeks}) == len(weeks)


def test_what_a_helper_hands_in_and_a_class_is_asked_go_by_the_version_of_their_day(running):
    later = text("seed").replace("due_day = 30", "due_day = 20")
    assert later != text("seed")
    change(running, later)
    school = School.objects.get(pk=running.school.pk)
    plan = adopt.plans_in_force(school, CHANGE)[0]
    owed = history.owed_by_helper(plan, school, running.homeroom.pk, Spell(FIRST, LAST))
    due = {e.period: e.due_on.day for e in owed if "hand_in" in e.accepts}
    assert due == {"2026-09": 30, "2026-10": 30, "2026-11": 20, "2026-12": 18, "2027-01": 20}
    viewer = running.viewer(running.homeroom, date(2026, 11, 19))
    helping = list(schedule.dossiers(Case.objects.all(), day=viewer.day).values())
    (month,) = [
        h for h in hand_over.hand_ins(plan, viewer, calendar_for(school), helping) if h.period == "2026-11"
    ]
    assert month.due_on == date(2026, 11, 20)


def test_a_draft_is_judged_by_itself_whatever_the_school_runs(running):
    draft = adopt.read(text("seed") + CALLS)
    found = schedule.ledger(draft, Case.objects.all(), schedule.Asked(running.school, FIRST, LAST, DAY))
    owed = [
        s.expectation for d in found.values() for s in d.standings if s.expectation.duty_key == "away_call"
    ]
    assert min(e.opens_on for e in owed) == date(2026, 9, 7)


LADDER = """
[[duty]]
key = "asked_after"
title = "问一问怎么没来"
who = ["homeroom_teacher"]
on = { event = "absence", after = 1, unit = "school_day", days = 2, still = true }
accepts = ["guardian_contact"]

[[duty]]
key = "cheered"
title = "说一句好"
who = ["homeroom_teacher"]
on = { event = "progress_seen", days = 7 }
accepts = ["praise"]

[[duty]]
key = "lessons"
title = "每月辅导"
who = ["helper", "deputy"]
every = { unit = "month" }
accepts = ["tutoring"]
amount = { of = "minutes", at_least = 60 }
persons = 2
"""


def test_absences_progress_minutes_and_persons_are_read_from_what_was_recorded(cast):
    cast.case(0)
    draft = adopt.read(text("seed") + LADDER)
    Absence.objects.create(pupil=cast.pupils[0], starts_on=date(2026, 10, 12), ends_on=date(2026, 10, 13))
    Absence.objects.create(pupil=cast.pupils[0], starts_on=date(2026, 9, 21), ends_on=date(2026, 9, 21))
    two = {"persons": 2, "tutoring": {"effect": "会了"}}
    for on, minutes, answers in (
        (DAY, 40, two),
        (DAY - timedelta(days=1), 60, {}),
        (date(2026, 10, 9), 20, two),
    ):
        entry = Entry(("tutoring",), on, answers=answers, minutes=minutes)
        add(entry=entry, pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    asked = schedule.Asked(cast.school, date(2026, 10, 1), date(2026, 10, 31), DAY)
    (dossier,) = schedule.ledger(draft, Case.objects.all(), asked).values()
    mine = {s.expectation.duty_key: s for s in dossier.standings}
    assert mine["asked_after"].expectation.opens_on == date(
        2026, 10, 13
    )  # the one day in September ended first
    cheered = [s.expectation.opens_on for s in dossier.standings if s.expectation.duty_key == "cheered"]
    assert cheered == [date(2026, 10, 9), DAY]
    assert (mine["lessons"].state, mine["lessons"].count, mine["lessons"].done_on) == ("done", 2, DAY)
