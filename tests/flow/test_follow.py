"""Fixed pairs follow the class by themselves: opened case, role, class, night; caps and avoidances hold (P0-20, P1-13)."""

from datetime import date, timedelta

import pytest

from bangfu.flow import avoidance, clock, enrol, follow, identify, school
from bangfu.records.models import (
    Avoidance,
    Enrolment,
    Event,
    FactStatement,
    Guardian,
    Pairing,
    PairingLimit,
    Pupil,
    RoleGrant,
)
from bangfu.records.seal import blind
from tests import factories
from tests.cast import DAY

NEXT = DAY + timedelta(days=1)


def proxy():
    return Pairing.objects.filter(kind="proxy_parent", state="confirmed", valid_to__isnull=True)


def same_telephone(here):
    """Every guardian has the class teacher's number."""
    here.homeroom.phone = "10098765432"
    here.homeroom.save(update_fields=["phone"])
    Guardian.objects.update(phone_index=blind("10098765432", "guardian_phone"))


@pytest.fixture
def here(cast):
    """The whole-school plan in force; of two children the first is left behind, of the second it is not known."""
    factories.plan(cast.school, key="whole_school", valid_from=date(2026, 9, 1))
    FactStatement.objects.create(
        pupil=cast.pupils[0], source="roll", stated_on=date(2026, 9, 1), known_at=clock.now(),
        values={"left_behind_roll": 2},
    )  # fmt: skip
    for at, category in ((0, "hard_up"), (1, "left_behind"), (2, "hard_up")):
        factories.case(cast.pupils[at], of=("whole_school", category), by=cast.homeroom)
    return cast


def test_the_class_teacher_is_the_proxy_parent_of_every_left_behind_child_without_being_asked(here):
    follow.follow(school=here.school, day=DAY)
    assert {(row.case.pupil, row.helper) for row in proxy()} == {
        (here.pupils[0], here.homeroom),
        (here.pupils[1], here.homeroom),
    }
    assert all(row.reason == follow.WITH_CLASS and row.accepted_on == DAY for row in proxy())


def test_a_teachers_own_child_by_telephone_is_not_taken_on_until_somebody_says_it_is_none(here):
    same_telephone(here)
    assert follow.follow(school=here.school, day=DAY).begun == 0
    avoidance.not_related(pupil=here.pupils[0], staff=here.homeroom, by=here.viewer(here.principal))
    assert follow.follow(school=here.school, day=DAY).begun == 1
    assert [row.case.pupil for row in proxy()] == [here.pupils[0]]


def test_a_pair_that_stands_is_not_ended_by_a_telephone_but_asked_about(here):
    follow.follow(school=here.school, day=DAY)
    same_telephone(here)
    assert follow.follow(school=here.school, day=NEXT).ended == 0
    assert proxy().count() == 2


def test_it_is_done_once_however_often_it_is_asked(here):
    assert follow.follow(school=here.school, day=DAY).begun == 2
    again = follow.follow(school=here.school, day=NEXT)
    assert (again.begun, again.ended) == (0, 0)
    assert proxy().count() == 2


def test_a_new_class_teacher_takes_over_by_the_role_and_the_old_pair_stays_readable(here):
    follow.follow(school=here.school, day=DAY)
    school.grant(
        staff=here.attached, post=school.Post("homeroom_teacher", here.class_two), valid_from=DAY,
        by=here.viewer(here.principal),
    )  # fmt: skip
    assert {row.helper for row in proxy()} == {here.attached}
    old = Pairing.objects.filter(kind="proxy_parent", state="ended")
    assert old.count() == 2 and all(row.valid_to == DAY and "随班级" in row.ended_because for row in old)
    assert Event.objects.filter(verb="pair.follow", by=here.principal).count() == 4


def test_a_role_from_next_week_is_followed_by_the_night_of_its_day(here):
    follow.follow(school=here.school, day=DAY)
    later = DAY + timedelta(days=4)
    school.grant(
        staff=here.attached, post=school.Post("homeroom_teacher", here.class_two), valid_from=later,
        by=here.viewer(here.principal),
    )  # fmt: skip
    assert {row.helper for row in proxy()} == {here.homeroom}
    follow.follow(school=here.school, day=later)
    assert {row.helper for row in proxy()} == {here.attached}


def test_a_child_who_changes_class_gets_that_class_teacher(here):
    follow.follow(school=here.school, day=DAY)
    Enrolment.objects.filter(pupil=here.pupils[0]).update(valid_to=NEXT)
    Enrolment.objects.create(pupil=here.pupils[0], school_class=here.class_one, valid_from=NEXT)
    follow.follow(school=here.school, day=NEXT)
    assert proxy().get(case__pupil=here.pupils[0]).helper == here.neighbour
    assert proxy().get(case__pupil=here.pupils[1]).helper == here.homeroom


def test_a_child_who_leaves_the_school_has_no_proxy_parent_from_that_day(here):
    follow.follow(school=here.school, day=DAY)
    enrol.leave(pupil=Pupil.objects.get(pk=here.pupils[0].pk), on=DAY, by=here.viewer(here.officer))
    assert {row.case.pupil for row in proxy()} == {here.pupils[1]}


def test_a_pair_stays_while_a_fact_is_unknown_and_ends_once_it_is_a_no(here):
    follow.follow(school=here.school, day=DAY)
    FactStatement.objects.create(
        pupil=here.pupils[0],
        source="roll",
        stated_on=NEXT,
        known_at=clock.now(),
        values={"left_behind_roll": 0},
    )
    follow.follow(school=here.school, day=NEXT)
    assert {row.case.pupil for row in proxy()} == {here.pupils[1]}


def test_a_case_that_opens_has_its_proxy_parent_at_once(here):
    plan = next(
        one for one in identify.history.adopt.plans_in_force(here.school, DAY) if one.key == "whole_school"
    )
    by = here.viewer(here.homeroom)
    survey = identify.open_survey(school_class=here.class_two, plan=plan, term_key="2026-2027-1")
    FactStatement.objects.create(
        pupil=here.pupils[3], source="roll", stated_on=date(2026, 9, 1), known_at=clock.now(),
        values={"left_behind_roll": 1},
    )  # fmt: skip
    identify.fill(survey=survey, answers={}, picks={here.pupils[3].pk: True}, by=by)
    identify.choose_all(
        survey=survey, choices={here.pupils[3].pk: identify.Choice("left_behind", (), "父母都在外")}, by=by
    )
    identify.finish(survey=survey, plan=plan, by=by, exception="先选一名")
    assert proxy().get(case__pupil=here.pupils[3]).helper == here.homeroom


def test_whom_a_child_avoids_is_never_its_proxy_parent(here):
    Avoidance.objects.create(
        pupil=here.pupils[0],
        staff=here.homeroom,
        why="own_child",
        valid_from=date(2026, 9, 1),
        by=here.principal,
    )
    follow.follow(school=here.school, day=DAY)
    assert {row.case.pupil for row in proxy()} == {here.pupils[1]}


@pytest.fixture
def team(cast):
    """The plan for one child, with the team of all who teach the class."""
    factories.plan(cast.school, key="one_child", valid_from=date(2026, 9, 1))
    for staff in (cast.attached, cast.neighbour):
        RoleGrant.objects.create(
            staff=staff, role="subject_teacher", school_class=cast.class_two, valid_from=date(2026, 9, 1)
        )
    return cast


def test_everybody_who_teaches_the_child_is_in_the_team_and_the_class_teacher_only_if_teaching(team):
    case = factories.case(team.pupils[0], of=("one_child", ""), by=team.homeroom)
    follow.follow(school=team.school, day=DAY)
    rows = case.pairings.filter(kind="team", state="confirmed")
    assert {row.helper for row in rows} == {team.attached, team.neighbour}
    assert sorted(row.place for row in rows) == [1, 2]


def test_one_who_stops_teaching_leaves_the_team_and_the_place_is_free_again(team):
    case = factories.case(team.pupils[0], of=("one_child", ""), by=team.homeroom)
    follow.follow(school=team.school, day=DAY)
    by = team.viewer(team.principal)
    school.revoke(grant=RoleGrant.objects.get(staff=team.attached, role="subject_teacher"), on=DAY, by=by)
    school.grant(
        staff=team.homeroom, post=school.Post("subject_teacher", team.class_two), valid_from=DAY, by=by
    )
    rows = case.pairings.filter(kind="team", state="confirmed")
    assert {row.helper for row in rows} == {team.homeroom, team.neighbour}
    assert sorted(row.place for row in rows) == [1, 2]


def test_beyond_the_cap_the_eleventh_child_is_named_and_not_paired(team):
    for at in range(11):
        child = factories.pupil(team.class_two, f"学生{at}号")
        factories.case(child, of=("one_child", ""), by=team.homeroom)
    done = follow.follow(school=team.school, day=DAY)
    assert done.begun == 20
    assert len(done.short) == 2 and all("最多 10 名" in said and "还有 1 名" in said for said in done.short)


def test_without_a_fixed_rule_nothing_is_asked_of_the_database_but_the_plans(cast, django_assert_num_queries):
    with django_assert_num_queries(3):  # the plans in force, inside a savepoint
        follow.follow(school=cast.school, day=DAY)


def test_a_version_that_begins_today_brings_its_own_numbers_before_anybody_follows(here):
    PairingLimit.objects.update_or_create(  # as the version of yesterday had it
        school=here.school, plan_key="whole_school", kind="proxy_parent",
        defaults={"per_case_max": 1, "per_helper_max": 1},
    )  # fmt: skip
    assert follow.follow(school=here.school, day=DAY).begun == 2
