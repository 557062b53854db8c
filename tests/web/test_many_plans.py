"""Several plans at once: one row for what one record meets, each plan its own duty, and no more queries for more plans."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bangfu.flow import adopt, agenda, pair, record, schedule
from bangfu.records.models import Case, FactStatement, Waiver
from tests import factories
from tests.cast import DAY

LIGHT = ("class_progress", "growth_plan", "hand_in_hand", "mentors", "whole_school")


def sign(client, staff):
    client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")
    return client


@pytest.fixture
def both(cast):
    """The first child stands in the weekly plan and in the mentors' plan, with the same teacher."""
    factories.plan(cast.school, key="mentors")
    cast.case(0)
    other = factories.case(cast.pupils[0], by=cast.homeroom, of=("mentors", "poor_home"))
    factories.pair(other, cast.homeroom, valid_from=other.opened_on, kind="mentor")
    return cast


def rows_of(cast, day=DAY):
    found = agenda.agenda(cast.viewer(cast.homeroom, day))
    return [row for row in found.today + found.week if row.kind == "case"]


def standing(cast, key, duty):
    plan = next(p for p in adopt.plans_in_force(cast.school, DAY) if p.key == key)
    asked = schedule.Asked(cast.school, DAY, DAY, DAY)
    [dossier] = schedule.ledger(plan, Case.objects.filter(plan_key=key), asked).values()
    return next(s for s in dossier.standings if s.expectation.duty_key == duty)


def test_what_one_record_meets_in_two_plans_stands_on_one_row_and_says_for_which(both, client):
    [row] = [row for row in rows_of(both) if row.activity == "talk"]
    assert row.plans == ("每周帮扶", "导师制") and "monthly_act" in row.duties
    page = sign(client, both.homeroom).get("/").content.decode()
    assert "记一次，每周帮扶、导师制都算。" in page
    assert [plan.key for plan, _standing in row.because] == ["weekly_support", "mentors"]
    menu = next(one for one in page.split('<li class="row">') if "记一次，每周帮扶、导师制都算。" in one)
    reasons = [one for one in menu.split("为什么")[1].split("</p>") if "方案“" in one]
    assert ["方案“每周帮扶”" in reasons[0], "方案“导师制”" in reasons[1]] == [True, True]
    assert all(one.count("。") <= 2 for one in reasons)


def test_one_talk_closes_the_week_of_one_plan_and_the_month_of_the_other(both):
    record.add(entry=record.Entry(("talk",), DAY), pupils=[both.pupils[0]], by=both.viewer(both.homeroom))
    assert standing(both, "weekly_support", "talk").state == "done"
    assert standing(both, "mentors", "monthly_act").state == "done"
    assert not [row for row in rows_of(both) if "monthly_act" in row.duties]


def test_saying_the_week_was_not_possible_leaves_the_month_of_the_other_plan(both, client):
    [row] = [row for row in rows_of(both) if row.activity == "talk"]
    sign(client, both.homeroom).post(
        "/duties/not-possible", {"cell": list(row.cells), "reason": "child_away"}
    )
    assert set(Waiver.objects.values_list("case__plan_key", flat=True)) == {"weekly_support"}
    assert [row for row in rows_of(both) if "monthly_act" in row.duties]


def test_a_week_that_is_over_does_not_hide_the_month_that_still_runs(both):
    found = agenda.agenda(both.viewer(both.homeroom, date(2026, 10, 19)))
    open_rows = [row for row in found.today + found.week if "monthly_act" in row.duties]
    assert open_rows and all(row.due_on >= date(2026, 10, 19) for row in open_rows)


def test_more_plans_need_no_more_queries(both, client):
    me = sign(client, both.homeroom)
    me.get("/")
    with CaptureQueriesContext(connection) as few:
        me.get("/")
    for key in LIGHT[:3]:
        factories.plan(both.school, key=key, edition="recommended")
        category = adopt.shelf().plans[key, "recommended"].categories[0].key
        for at in range(3):
            factories.case(both.pupils[at], helper=both.homeroom, of=(key, category))
    me.get("/")
    with CaptureQueriesContext(connection) as many:
        me.get("/")
    assert len(many) <= len(few) + 3 * 3, [q["sql"][:90] for q in many]


def test_survey_and_pairs_ask_which_plan_only_where_there_is_a_choice(cast, client):
    me = sign(client, cast.homeroom)
    assert "plan=" not in me.get("/survey").content.decode()
    factories.plan(cast.school, key="hand_in_hand", edition="recommended")
    page = me.get("/survey").content.decode()
    assert "?plan=hand_in_hand" in page and "?plan=weekly_support" in page
    page = me.get("/pairing?plan=hand_in_hand").content.decode()
    assert "kind=" in page


def test_a_plan_for_everybody_who_fits_ticks_them_and_leaves_the_unknown_open(cast, client):
    factories.plan(cast.school, key="hand_in_hand", edition="recommended")
    away, at_home = cast.pupils[0], cast.pupils[1]
    for pupil, value in ((away, 2), (at_home, 0)):
        FactStatement.objects.create(
            pupil=pupil, source="roll", stated_on=date(2026, 9, 1), known_at="2026-09-01T08:00Z",
            values={"left_behind_roll": value},
        )  # fmt: skip
    url = f"/survey/{cast.class_two.pk}?plan=hand_in_hand"
    page = sign(client, cast.homeroom).get(url).content.decode()
    ticked = page.split(f'name="pick.{away.pk}"')[1].split(">")[0]
    assert "checked" in ticked
    assert "checked" not in page.split(f'name="pick.{at_home.pk}"')[1].split(">")[0]
    assert "checked" not in page.split(f'name="pick.{cast.pupils[2].pk}"')[1].split(">")[0]
    posted = {"whole": "1", "then": "choose", f"row.{away.pk}": "1", f"pick.{away.pk}": "1"}
    answer = client.post(url, posted)
    assert answer.status_code == 302 and answer["Location"].endswith("?plan=hand_in_hand")
    client.get(answer["Location"])
    category = adopt.shelf().plans["hand_in_hand", "recommended"].categories[0].key
    client.post(
        answer["Location"], {f"child.{away.pk}": "1", f"category.{away.pk}": category, "then": "finish"}
    )
    assert list(Case.objects.filter(plan_key="hand_in_hand").values_list("pupil", flat=True)) == [away.pk]


def test_a_plan_with_two_pairings_pairs_by_each_of_them(cast):
    factories.plan(cast.school, key="hand_in_hand", edition="recommended")
    plan = next(p for p in adopt.plans_in_force(cast.school, DAY) if p.key == "hand_in_hand")
    case = factories.case(cast.pupils[0], by=cast.homeroom, of=("hand_in_hand", plan.categories[0].key))
    rules = [rule for rule in pair.rules_of(plan) if not rule.for_ or case.category in rule.for_]
    boss = cast.viewer(cast.principal)
    for rule in rules:
        found = pair.propose(plan=plan, by=boss, kind=rule.key)
        pair.confirm(pairings=found.pairings, plan=plan, by=boss)
    assert set(case.pairings.values_list("kind", flat=True)) == {rule.key for rule in rules}
    assert not pair.propose(plan=plan, by=boss, kind=rules[0].key).pairings


def test_what_is_known_stands_in_the_grid_but_not_what_somebody_saw_last_term(cast, client):
    factories.plan(cast.school, key="mentors", edition="recommended")
    for day, values in ((date(2026, 3, 2), {"keeping_up": "很吃力", "single_parent": True}),):
        FactStatement.objects.create(
            pupil=cast.pupils[0], source="survey", stated_on=day, known_at=f"{day}T08:00Z", values=values
        )
    page = sign(client, cast.homeroom).get(f"/survey/{cast.class_two.pk}?plan=mentors").content.decode()
    cell = page.split(f'name="cell.{cast.pupils[0].pk}.single_parent" value="1"')[1].split(">")[0]
    assert "checked" in cell
    seen = page.split(f'name="cell.{cast.pupils[0].pk}.keeping_up"')[1:]
    assert seen and not [one for one in seen if "checked" in one.split(">")[0]]
