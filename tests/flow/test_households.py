"""一村一队、一户一人: teams for villages, somebody and a neighbour for each household; no door lets in one too many."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction

from bangfu.flow import areas, cover, homes, households, teams
from bangfu.records.models import (
    Avoidance,
    FactStatement,
    Household,
    HouseholdHelper,
    HouseholdPartner,
    Pupil,
    Staff,
    Village,
    VillagePost,
    VillageTeam,
)
from tests import factories
from tests.cast import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    return cast.viewer(cast.principal)


@pytest.fixture
def ground(cast, head):
    """Two areas, three villages, the six children of 三（2）班 at home in the first two."""
    east = areas.open_area(name="东片", villages=("石坎村", "沙坪村"), by=head)
    west = areas.open_area(name="西片", villages=("青桥村",), by=head)
    areas.assign(chosen=[(cast.homeroom, east), (cast.attached, east), (cast.neighbour, west)], by=head)
    for at, pupil in enumerate(cast.pupils):
        pupil.address = "石坎镇石坎村2组" if at < 4 else "沙坪村"
        pupil.save(update_fields=["address"])
    homes.gather(by=head)
    return {one.name: one for one in Village.objects.all()}


def accompanied(cast, head, pupils=None):
    keys = [one.household_key for one in Pupil.objects.filter(pk__in=[p.pk for p in pupils or cast.pupils])]
    rows = list(Household.objects.filter(key__in=keys).order_by("village__name", "pk"))
    homes.accompany(households=rows, by=head)
    return rows


def test_a_household_taken_on_again_keeps_the_days_of_the_time_before(cast, head, ground):
    row = accompanied(cast, head, cast.pupils[:1])[0]
    households.leave(household=row, because="搬到县城", by=head)
    later = cast.viewer(cast.principal, DAY + timedelta(days=30))
    assert homes.accompany(households=[row], by=later) == 1
    row.refresh_from_db()
    assert row.earlier == [[str(DAY), str(DAY)]]
    assert (row.valid_from, row.valid_to) == (DAY + timedelta(days=30), None)
    assert homes.accompany(households=[row], by=later) == 0
    row.refresh_from_db()
    assert len(row.earlier) == 1


def test_a_village_of_another_kind_parts_from_its_team_and_keeps_the_history(cast, head, ground):
    village = ground["石坎村"]
    accompanied(cast, head, cast.pupils[:1])
    group = teams.form(name="石坎组", formed_by="school", head=cast.homeroom, by=head)
    teams.assign(chosen=[(village, group)], by=head)
    said = {"language": "", "support_unit": "", "by": head}
    areas.describe(village=village, is_key=False, **{**said, "language": "苗语"})
    assert VillagePost.objects.get().valid_to is None  # the same kind keeps it
    areas.describe(village=village, is_key=True, **said)
    post = VillagePost.objects.get()
    assert (post.valid_to, post.ended_because) == (DAY, teams.OTHER_KIND)
    assert [line.village.name for line in teams.standing(head) if line.is_bare] == ["石坎村"]


def keep(head, kind=households.HELPER):
    found = households.propose(by=head, kind=kind)
    rows = Household.objects.in_bulk([one.case for one in found])
    if kind == households.PARTNER:
        who = households.LocalPartner.objects.in_bulk([one.helper for one in found])
        households.assign_partners(chosen=[(rows[o.case], who[o.helper]) for o in found], by=head)
    else:
        who = Staff.objects.in_bulk([one.helper for one in found])
        households.assign(chosen=[(rows[o.case], who[o.helper]) for o in found], by=head)
    return found


# ── homes ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_siblings_share_a_household_and_its_village_comes_from_the_address(cast, head, ground):
    first, second = cast.pupils[:2]
    assert Household.objects.count() == 9  # six and three children, no siblings among them
    sister = factories.pupil(cast.class_one, "陈小安")
    sister.household_key = Pupil.objects.get(pk=first.pk).household_key
    sister.save(update_fields=["household_key"])
    assert homes.gather(by=head).new == 0
    rows = Household.objects.filter(key=sister.household_key)
    assert [name for _pk, name, _label in homes.homes_of(head, rows)[rows[0].pk].children] == [
        "陈小安",
        "陈小满",
    ]
    assert (
        Household.objects.get(key=Pupil.objects.get(pk=second.pk).household_key).village == ground["石坎村"]
    )
    assert areas.pupils_of(head)[ground["石坎村"].pk] == 5


def test_a_village_somebody_chose_is_not_overwritten_by_gathering_again(cast, head, ground):
    row = Household.objects.filter(village=ground["石坎村"]).first()
    homes.settle(household=row, village=ground["青桥村"], by=head)
    homes.gather(by=head)
    row.refresh_from_db()
    assert row.village == ground["青桥村"]


def test_guardians_with_one_name_and_number_make_one_household(cast, head):
    one, two = factories.pupil(cast.class_one, "周一一"), factories.pupil(cast.class_two, "周二二")
    for pupil in (one, two):
        guardian = pupil.guardians.get()
        guardian.name, guardian.phone_index = "周奶奶", "a" * 32
        guardian.save()
    homes.gather(by=head)
    keys = set(Pupil.objects.filter(pk__in=[one.pk, two.pk]).values_list("household_key", flat=True))
    assert len(keys) == 1 and "" not in keys


# ── teams ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def team(head, name, formed_by, staff):
    return teams.form(name=name, formed_by=formed_by, head=staff, by=head)


def test_a_key_village_gets_one_team_of_the_district_and_the_others_with_households_one_group(
    cast, head, ground
):
    areas.describe(village=ground["青桥村"], is_key=True, language="", support_unit="区教育局", by=head)
    accompanied(cast, head)
    team(head, "区工作队", "district", cast.neighbour)
    team(head, "镇工作组", "township", cast.homeroom)
    found = {one.case: one.helper for one in teams.propose(by=head)}
    names = {Village.objects.get(pk=v).name: VillageTeam.objects.get(pk=t).name for v, t in found.items()}
    assert names == {"青桥村": "区工作队", "石坎村": "镇工作组", "沙坪村": "镇工作组"}
    every = VillageTeam.objects.in_bulk()
    teams.assign(chosen=[(Village.objects.get(pk=v), every[t]) for v, t in found.items()], by=head)
    assert not [line for line in teams.standing(head) if line.is_bare]
    assert teams.missing(head) == ("沙坪村、石坎村还没有写帮扶单位。",)


def test_a_village_without_households_needs_no_group_and_a_key_village_needs_its_team_anyway(
    cast, head, ground
):
    needs = {line.village.name: line.needs for line in teams.standing(head)}
    assert needs == {"石坎村": "", "沙坪村": "", "青桥村": ""}
    areas.describe(village=ground["青桥村"], is_key=True, language="", support_unit="", by=head)
    assert {line.village.name for line in teams.standing(head) if line.is_bare} == {"青桥村"}
    (said, _unit) = teams.missing(head)
    assert "青桥村还没有工作队" in said and "再组建 1 个就够" in said


def test_a_team_from_the_wrong_place_a_second_team_and_a_second_village_are_refused(cast, head, ground):
    for name in ("青桥村", "沙坪村"):
        areas.describe(village=ground[name], is_key=True, language="", support_unit="", by=head)
    group, sent = (
        team(head, "镇工作组", "township", cast.homeroom),
        team(head, "区队", "district", cast.attached),
    )
    with pytest.raises(cover.Unfit, match="区里派的工作队"):
        teams.assign(chosen=[(ground["青桥村"], group)], by=head)
    (post,) = teams.assign(chosen=[(ground["青桥村"], sent)], by=head)
    with pytest.raises(cover.Full, match="最多 1 个"):
        teams.assign(chosen=[(ground["沙坪村"], sent)], by=head)
    other = team(head, "区二队", "district", cast.neighbour)
    with pytest.raises(cover.Covered, match="已经有区队"):
        teams.assign(chosen=[(ground["青桥村"], other)], by=head)
    with pytest.raises(DatabaseError, match="helper_full"), transaction.atomic():
        VillagePost.objects.bulk_create(
            [
                VillagePost(
                    school=cast.school, village=ground["沙坪村"], team=sent, plan_key=post.plan_key, kind="team",
                    by=cast.principal, valid_from=DAY,
                )
            ]
        )  # fmt: skip
    teams.disband(team=sent, because="期满", by=head)
    post.refresh_from_db()
    assert post.valid_to == DAY and post.ended_because == "期满"


# ── households ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_household_gets_exactly_one_who_answers_for_it_from_its_own_area(cast, head, ground):
    rows = accompanied(cast, head)
    found = keep(head)
    assert {one.case for one in found} == {one.pk for one in rows}
    assert {one.helper for one in found} <= {cast.homeroom.pk, cast.attached.pk}  # 石坎、沙坪 are theirs
    assert all("在这个村" in one.reason for one in found)
    assert all(line.helper for line in households.standing(head))
    with pytest.raises(cover.Covered, match="已经由"):
        other = next(
            one for one in (cast.homeroom, cast.attached, cast.neighbour) if one.pk != found[0].helper
        )
        households.assign(chosen=[(Household.objects.get(pk=found[0].case), other)], by=head)


def test_who_speaks_the_language_of_a_village_is_proposed_there(cast, head, ground):
    areas.describe(village=ground["沙坪村"], is_key=False, language="苗语", support_unit="", by=head)
    areas.at_home(staff=cast.attached, village=None, languages="苗语，汉语", by=head)
    accompanied(cast, head)
    villages = dict(Household.objects.values_list("pk", "village__name"))
    found = [one for one in households.propose(by=head) if villages[one.case] == "沙坪村"]
    assert found and all(one.helper == cast.attached.pk and "会说苗语" in one.reason for one in found)


def test_own_family_and_who_said_no_are_not_proposed_and_not_let_in_by_any_door(cast, head, ground):
    (row,) = accompanied(cast, head, cast.pupils[:1])
    Avoidance.objects.create(
        pupil=cast.pupils[0], staff=cast.homeroom, why="own_child", valid_from=DAY, by=cast.principal
    )
    (post,) = households.assign(chosen=[(row, cast.attached)], by=head)
    with pytest.raises(households.NotYours):
        households.decline(post=post, because="太远", by=cast.viewer(cast.homeroom))
    households.decline(post=post, because="家里老人住院", by=cast.viewer(cast.attached))
    (again,) = households.propose(by=head)
    assert again.helper == cast.neighbour.pk
    with pytest.raises(cover.Unfit, match="回避"):
        households.assign(chosen=[(row, cast.homeroom)], by=head)
    with pytest.raises(DatabaseError, match="avoid"), transaction.atomic():
        HouseholdHelper.objects.create(
            school=cast.school, household=row, plan_key="township", staff=cast.homeroom, by=cast.principal,
            valid_from=DAY,
        )  # fmt: skip


def many(cast, head, count):
    pupils = [factories.pupil(cast.class_one, f"孩子{at:02d}") for at in range(count)]
    homes.gather(by=head)
    rows = accompanied(cast, head, pupils)
    for row in rows:
        homes.settle(household=row, village=Village.objects.get(name="石坎村"), by=head)
    return rows


def test_nobody_answers_for_more_than_ten_and_what_is_short_is_said_with_numbers(cast, head, ground):
    rows = many(cast, head, 32)
    keep(head)
    load = [one.taken for one in households.able(head)]
    assert sorted(load) == [10, 10, 10]
    (said, _neighbours) = households.missing(head)
    assert said == (
        "还有 2 户没有责任人，包片、包村的老师还能再负责 0 户，差 2 户。每人最多 10 户，再请 1 位老师包片就够。"
    )
    bare = next(one for one in rows if not one.helpers.exists())
    with pytest.raises(cover.Full, match="最多 10 户"):
        households.assign(chosen=[(bare, cast.homeroom)], by=head)
    with pytest.raises(DatabaseError, match="helper_full"), transaction.atomic():
        HouseholdHelper.objects.bulk_create(
            [
                HouseholdHelper(
                    school=cast.school, household=bare, plan_key="township", staff=cast.homeroom, by=cast.principal,
                    valid_from=DAY,
                )
            ]
        )  # fmt: skip


def test_a_stretch_that_was_in_force_is_neither_rewritten_nor_deleted(cast, head, ground):
    (row,) = accompanied(cast, head, cast.pupils[:1])
    (post,) = households.assign(chosen=[(row, cast.attached)], by=head)
    with pytest.raises(DatabaseError, match="settled"), transaction.atomic():
        HouseholdHelper.objects.filter(pk=post.pk).update(staff=cast.neighbour)
    with pytest.raises(DatabaseError, match="settled"), transaction.atomic():
        post.delete()
    households.end(post=post, because="调走", by=head)
    households.assign(chosen=[(row, cast.neighbour)], by=head)
    assert [one.staff for one in row.helpers.order_by("valid_to")].count(cast.attached) == 1


def test_whoever_left_the_school_is_let_go_when_somebody_else_is_chosen(cast, head, ground):
    (row,) = accompanied(cast, head, cast.pupils[:1])
    (post,) = households.assign(chosen=[(row, cast.attached)], by=head)
    Staff.objects.filter(pk=cast.attached.pk).update(left_on=DAY)
    assert households.standing(head)[0].helper is None
    households.assign(chosen=[(row, cast.homeroom)], by=head)
    post.refresh_from_db()
    assert post.ended_because == "已离校"


def test_each_household_has_a_neighbour_of_its_own_village_besides(cast, head, ground):
    rows = accompanied(cast, head)
    said = households.missing(head)
    assert any("石坎村有 4 户还缺身边的人" in one for one in said)
    for name, village in (("田大伯", "石坎村"), ("龙书记", "沙坪村")):
        homes.add_partner(name=name, village=ground[village], kind="cadre", phone="10011112222", by=head)
    found = keep(head, households.PARTNER)
    assert len(found) == 6 and all(line.partner for line in households.standing(head))
    far = next(one for one in rows if one.village == ground["沙坪村"])
    with pytest.raises(cover.Covered):
        households.assign_partners(
            chosen=[(far, households.LocalPartner.objects.get(name="田大伯"))], by=head
        )
    post = HouseholdPartner.objects.get(household=far)
    households.end(post=post, because="搬走了", by=head)
    with pytest.raises(cover.Unfit, match="不是这个村的"):
        households.assign_partners(
            chosen=[(far, households.LocalPartner.objects.get(name="田大伯"))], by=head
        )


def test_a_household_that_moves_to_another_village_needs_a_neighbour_there(cast, head, ground):
    accompanied(cast, head)
    homes.add_partner(name="田大伯", village=ground["石坎村"], kind="cadre", phone="10011112222", by=head)
    keep(head, households.PARTNER)
    post = HouseholdPartner.objects.filter(valid_to=None).first()
    homes.settle(household=post.household, village=ground["石坎村"], by=head)
    post.refresh_from_db()
    assert post.valid_to is None
    homes.settle(household=post.household, village=ground["沙坪村"], by=head)
    post.refresh_from_db()
    assert (post.valid_to, post.ended_because) == (head.day, "这一户换了村")


def test_who_answers_for_a_household_sees_it_and_nobody_else_of_the_teachers_does(cast, head, ground):
    (row,) = accompanied(cast, head, cast.pupils[:1])
    (post,) = households.assign(chosen=[(row, cast.attached)], by=head)
    theirs, others = cast.viewer(cast.attached), cast.viewer(cast.neighbour)
    assert [line.home.household for line in households.mine(theirs)] == [row]
    assert households.standing(others) == [] and Household.objects.visible_to(others).count() == 0
    households.accept(post=post, by=theirs)
    households.accept(post=post, by=theirs)
    with pytest.raises(cover.Covered):
        households.decline(post=post, because="后悔了", by=theirs)
    households.end(post=post, because="换人", by=head)
    assert households.mine(theirs) == [] and Household.objects.visible_to(theirs).count() == 0


def test_a_household_no_longer_accompanied_keeps_its_history(cast, head, ground):
    (row,) = accompanied(cast, head, cast.pupils[:1])
    households.assign(chosen=[(row, cast.attached)], by=head)
    households.leave(household=row, because="稳定了", by=head)
    assert households.standing(head) == [] and row.helpers.get().ended_because == "稳定了"
    homes.accompany(households=[Household.objects.get(pk=row.pk)], by=head)
    assert len(households.standing(head)) == 1


def test_homes_with_a_child_who_is_helped_are_offered_and_only_keepers_see_the_list(cast, head, ground):
    cast.case(0)
    (one,) = homes.suggested(head)
    assert one.title == "陈小满家"
    with pytest.raises(homes.NotKeeper):
        homes.suggested(cast.viewer(cast.homeroom))


def test_a_village_is_read_as_everywhere_else_whatever_stands_around_its_name(cast, head):
    areas.open_area(name="东片", villages=("石坎村",), by=head)
    noon = datetime(2026, 9, 1, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
    FactStatement.objects.create(
        pupil=cast.pupils[0],
        source="roll",
        stated_on=noon.date(),
        known_at=noon,
        values={"village": "石坎镇石坎村3组"},
    )
    homes.gather(by=head)
    cast.pupils[0].refresh_from_db()
    assert Household.objects.get(key=cast.pupils[0].household_key).village.name == "石坎村"


def test_a_home_nobody_took_on_is_given_to_nobody(cast, head, ground):
    home = Household.objects.filter(village__name="石坎村").first()
    with pytest.raises(cover.Unfit):
        households.assign(chosen=[(home, cast.homeroom)], by=head)
    assert not HouseholdHelper.objects.exists()


def test_a_village_written_with_its_township_is_found_too(cast, head):
    areas.open_area(name="东片", villages=("石坎镇石坎村",), by=head)
    cast.pupils[0].address = "石坎村2组"
    cast.pupils[0].save(update_fields=["address"])
    assert homes.gather(by=head).without_village == Household.objects.count() - 1
