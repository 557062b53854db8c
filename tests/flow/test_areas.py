"""划片包抓、包班: every area has staff and all the staff an area, each class one administrator, evenly (P0-39, P5-05)."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bangfu.flow import administrators, areas, cover, homes
from bangfu.records.models import AreaStaff, Event, RoleGrant, Staff, Village
from tests import factories
from tests.cast import DAY


@pytest.fixture
def head(cast):
    return cast.viewer(cast.principal)


def three_areas(head):
    return [
        areas.open_area(name=name, villages=villages, by=head)
        for name, villages in (("东片", ("石坎村", "沙坪村")), ("西片", ("青桥村",)), ("镇上", ()))
    ]


def keep_proposed(head):
    every = {one.pk: one for one in Staff.objects.all()}
    places = {one.pk: one for one in areas.Area.objects.all()}
    found = areas.propose(by=head)
    areas.assign(chosen=[(every[one.case], places[one.helper]) for one in found], by=head)
    return found


@pytest.mark.django_db
def test_every_area_gets_staff_and_all_the_staff_an_area_and_the_principal_answers_for_all(cast, head):
    three_areas(head)
    before = areas.standing(head)
    assert len(before.bare) == 3 and len(before.free) == 7 and not before.is_covered
    keep_proposed(head)
    now = areas.standing(head)
    assert now.is_covered and now.heads == (cast.principal.name,)
    assert sum(len(line.posts) for line in now.lines) == 7
    sizes = sorted(len(line.posts) for line in now.lines)
    assert sizes == [2, 2, 3], sizes
    assert areas.propose(by=head) == ()


@pytest.mark.django_db
def test_an_area_with_more_of_our_children_gets_more_people(cast, head):
    three_areas(head)
    for pupil in cast.pupils:
        pupil.address = "石坎村 2 组"
        pupil.save(update_fields=["address"])
    homes.gather(by=head)
    keep_proposed(head)
    sizes = {line.area.name: len(line.posts) for line in areas.standing(head).lines}
    assert sizes == {"东片": 5, "西片": 1, "镇上": 1}


@pytest.mark.django_db
def test_with_fewer_people_than_areas_somebody_takes_two_and_no_area_is_left(cast, head):
    for at in range(9):
        areas.open_area(name=f"第{at}片", villages=(), by=head)
    keep_proposed(head)
    now = areas.standing(head)
    assert now.is_covered
    held = Counter(post.staff for line in now.lines for post in line.posts)
    assert sorted(held.values()) == [1, 1, 1, 1, 1, 2, 2]


@pytest.mark.django_db
def test_people_who_are_at_home_in_a_place_are_proposed_there(cast, head):
    three_areas(head)
    village = Village.objects.get(name="青桥村")
    areas.at_home(staff=cast.homeroom, village=village, languages="苗语", by=head)
    found = {one.case: one for one in areas.propose(by=head)}
    assert found[cast.homeroom.pk].helper == village.area_id
    assert "家在这一片" in found[cast.homeroom.pk].reason


@pytest.mark.django_db
def test_a_change_of_area_is_dated_and_says_why_and_the_time_before_stays(cast, head):
    east, west, _town = three_areas(head)
    areas.assign(chosen=[(cast.homeroom, east), (cast.homeroom, east)], by=head)
    post = AreaStaff.objects.get(staff=cast.homeroom)
    moved = areas.move(post=post, area=west, because="离家近", by=head)
    post.refresh_from_db()
    assert (post.valid_to, post.ended_because, moved.area) == (DAY, "离家近", west)
    with pytest.raises(cover.Covered):
        areas.move(post=moved, area=west, because="再点一次", by=head)
    with pytest.raises(cover.SayWhy):
        areas.end(post=moved, because=" ", by=head)
    areas.end(post=moved, because="借调出去", by=head)
    assert cast.homeroom.pk in dict(areas.standing(head).free)
    assert Event.objects.filter(verb="areas.assign").count() == 2


@pytest.mark.django_db
def test_who_has_left_the_school_covers_nothing(cast, head):
    east, *_others = three_areas(head)
    areas.assign(chosen=[(cast.neighbour, east)], by=head)
    Staff.objects.filter(pk=cast.neighbour.pk).update(left_on=DAY)
    assert east.pk in {line.area.pk for line in areas.standing(head).bare}
    cast.neighbour.refresh_from_db()
    with pytest.raises(cover.Unfit, match="离校"):
        areas.assign(chosen=[(cast.neighbour, east)], by=head)


@pytest.mark.django_db
def test_only_the_heads_decide_and_an_area_in_use_is_not_ended(cast, head):
    east, *_others = three_areas(head)
    with pytest.raises(cover.NotDecider):
        areas.assign(chosen=[(cast.homeroom, east)], by=cast.viewer(cast.homeroom))
    with pytest.raises(areas.StillLookedAfter):
        areas.close_area(area=east, by=head)
    with pytest.raises(areas.NoName):
        areas.open_area(name=" ", villages=(), by=head)


@pytest.mark.django_db
def test_every_class_gets_exactly_one_administrator_evenly_the_leader_of_the_grade_first(cast, head):
    for number in (3, 4, 5):
        factories.school_class(cast.school, 3, number)
    for grade in (1, 2):
        factories.school_class(cast.school, grade, 1)
    found = administrators.propose(by=head)
    load = Counter(one.helper for one in found)
    assert len(found) == 7 and max(load.values()) - min(load.values()) <= 1, load
    of_grade = [one for one in found if one.helper == cast.supervisor.pk]
    assert of_grade and all("包这个年级" in one.reason for one in of_grade)
    classes = {line.school_class.pk: line.school_class for line in administrators.standing(head)}
    people = {one.pk: one for one in Staff.objects.all()}
    administrators.assign(chosen=[(classes[one.case], people[one.helper]) for one in found], by=head)
    assert all(line.grant for line in administrators.standing(head))
    assert administrators.propose(by=head) == ()


@pytest.mark.django_db
def test_another_administrator_ends_the_one_before_and_the_database_lets_nobody_be_the_second(cast, head):
    administrators.assign(chosen=[(cast.class_two, cast.supervisor)], by=head)
    administrators.assign(chosen=[(cast.class_two, cast.deputy_head)], by=head)
    held = RoleGrant.objects.filter(role="class_administrator", school_class=cast.class_two)
    assert [one.staff for one in held.filter(valid_to__isnull=True)] == [cast.deputy_head]
    assert held.get(staff=cast.supervisor).valid_to == DAY
    second = RoleGrant(
        staff=cast.officer, role="class_administrator", school_class=cast.class_two, valid_from=DAY
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleGrant.objects.bulk_create([second])


@pytest.mark.django_db
def test_a_class_teacher_is_no_administrator_of_the_own_class_and_a_teacher_is_none_at_all(cast, head):
    with pytest.raises(cover.Unfit, match="不是行政人员"):
        administrators.assign(chosen=[(cast.class_one, cast.attached)], by=head)
    RoleGrant.objects.create(staff=cast.homeroom, role="moral_education", valid_from=DAY)
    with pytest.raises(cover.Unfit, match="班主任"):
        administrators.assign(chosen=[(cast.class_two, cast.homeroom)], by=head)
    administrators.assign(chosen=[(cast.class_one, cast.homeroom)], by=head)


@pytest.mark.django_db
def test_whoever_leaves_in_a_week_still_looks_after_the_area_and_the_class_today(cast, head):
    three_areas(head)
    keep_proposed(head)
    administrators.assign(chosen=[(cast.class_two, cast.supervisor)], by=head)
    Staff.objects.filter(pk__in=(cast.homeroom.pk, cast.supervisor.pk)).update(
        left_on=DAY + timedelta(days=7)
    )
    now = areas.standing(head)
    assert now.is_covered and sum(len(line.posts) for line in now.lines) == 7
    held = {line.school_class: line.staff for line in administrators.standing(head)}
    assert held[cast.class_two] == cast.supervisor.pk
