"""包片、包班、包村、包户: proposals with a reason, one button keeps them; only who answers for a household sees it."""

import pytest

from bangfu.flow import areas, homes, households, teams
from bangfu.records.models import (
    Area,
    AreaStaff,
    Household,
    HouseholdHelper,
    LocalPartner,
    Pupil,
    RoleGrant,
    Village,
    VillagePost,
    VillageTeam,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    return cast.viewer(cast.principal)


@pytest.fixture
def ground(cast, head):
    areas.open_area(name="东片", villages=("石坎村", "沙坪村"), by=head)
    areas.open_area(name="西片", villages=("青桥村",), by=head)
    for pupil in cast.pupils:
        pupil.address = "石坎村"
        pupil.save(update_fields=["address"])
    homes.gather(by=head)


def take_on(cast, head, at=0):
    key = Pupil.objects.get(pk=cast.pupils[at].pk).household_key
    homes.accompany(households=Household.objects.filter(key=key), by=head)
    return Household.objects.get(key=key)


def test_an_area_is_added_with_its_villages_pasted(signed_in, cast):
    client = signed_in(cast.principal)
    page = client.post("/areas", {"name": "北片", "villages": "枫木村\n云脚村、石坎村"}, follow=True).text
    assert "这一片已保存" in page and "北片" in page
    assert Area.objects.get().villages.count() == 3
    refused = client.post("/areas", {"name": " ", "villages": "石坎村"})
    assert refused.status_code == 422 and "片的名称" in refused.text and "石坎村" in refused.text


def test_everybody_is_proposed_an_area_and_one_button_keeps_what_is_chosen(signed_in, cast, ground):
    client = signed_in(cast.principal)
    assert "还有 2 个片没有人" in client.get("/areas").text
    page = client.get("/areas?proposed=1")
    assert "这一片要" in page.text
    proposed = areas.propose(by=cast.viewer(cast.principal))
    chosen = {f"to.{one.case}": str(one.helper) for one in proposed}
    page = client.post("/areas/staff", chosen, follow=True).text
    assert "定了 7 处" in page and "片片有人，人人有片" in page and "校长总负责：王振华" in page
    assert AreaStaff.objects.filter(reason__contains="这一片要").count() == 7


def test_somebody_changes_area_with_a_reason(signed_in, cast, head, ground):
    east, west = Area.objects.order_by("name")
    (post,) = areas.assign(chosen=[(cast.homeroom, east)], by=head)
    client = signed_in(cast.principal)
    page = client.post(
        "/areas/staff/change", {"post": post.pk, "area": west.pk, "because": "离家近"}, follow=True
    )
    assert "从今天起换了" in page.text
    assert AreaStaff.objects.get(valid_to__isnull=True).area == west
    left = client.post("/areas/staff/change", {"post": AreaStaff.objects.get(valid_to=None).pk}, follow=True)
    assert "请写一句原因" in left.text


def test_a_teacher_reads_whose_area_it_is_and_is_offered_no_button(signed_in, cast, head, ground):
    areas.assign(chosen=[(cast.homeroom, Area.objects.get(name="东片"))], by=head)
    page = signed_in(cast.homeroom).get("/areas?proposed=1").text
    assert "我的片" in page and "东片" in page
    assert "就按选的定" not in page and "保存这一片" not in page
    refused = signed_in(cast.homeroom).post("/areas/staff", {}, follow=True).text
    assert "由校长或副校长来定" in refused


def test_classes_get_their_administrator_and_it_can_be_changed(signed_in, cast):
    client = signed_in(cast.principal)
    assert "还有 2 个班没有包班的行政人员" in client.get("/areas/classes").text
    assert "包这个年级" in client.get("/areas/classes?proposed=1").text
    page = client.post("/areas/classes", {f"to.{cast.class_two.pk}": cast.supervisor.pk}, follow=True).text
    assert "定了 1 处" in page and "张国栋" in page
    client.post("/areas/classes", {f"to.{cast.class_two.pk}": cast.deputy_head.pk})
    open_now = RoleGrant.objects.filter(role="class_administrator", valid_to__isnull=True)
    assert [one.staff for one in open_now] == [cast.deputy_head]
    refused = client.post("/areas/classes", {f"to.{cast.class_one.pk}": cast.attached.pk})
    assert refused.status_code == 422 and "不是行政人员" in refused.text


def test_a_team_is_formed_and_sent_and_the_wrong_one_is_refused(signed_in, cast, head, ground):
    client = signed_in(cast.principal)
    village = Village.objects.get(name="石坎村")
    client.post(f"/villages/{village.pk}", {"is_key": "1", "language": "苗语", "support_unit": "区文化馆"})
    page = client.get("/villages").text
    assert "要一个工作队" in page or "还没有工作队" in page
    form = {
        "name": "区工作队",
        "formed_by": "district",
        "head": cast.attached.pk,
        "members": [cast.neighbour.pk],
    }
    assert "队组建好了" in client.post("/villages/teams", form, follow=True).text
    sent = VillageTeam.objects.get()
    assert [one.staff for one in sent.members.order_by("-is_head")] == [cast.attached, cast.neighbour]
    page = client.post("/villages", {f"to.{village.pk}": sent.pk}, follow=True).text
    assert "定了 1 处" in page and "区文化馆" in page and "1 / 1" in page
    post = VillagePost.objects.get()
    client.post(f"/villages/posts/{post.pk}/end", {"because": "期满"})
    group = teams.form(name="镇工作组", formed_by="township", head=cast.homeroom, by=head)
    refused = client.post("/villages", {f"to.{village.pk}": group.pk})
    assert refused.status_code == 422 and "区里派的工作队" in refused.text
    client.post(f"/villages/teams/{sent.pk}/end", {"because": "撤队"})
    assert VillageTeam.objects.in_force(head.day).get() == group


def test_a_household_gets_who_answers_and_a_neighbour_and_the_teacher_accepts(signed_in, cast, head, ground):
    areas.assign(chosen=[(cast.attached, Area.objects.get(name="东片"))], by=head)
    row = take_on(cast, head)
    client = signed_in(cast.principal)
    page = client.get("/households?proposed=1").text
    assert "1 户还没有责任人" in page and "在这个村" in page and "石坎村有 1 户还缺身边的人" in page
    page = client.post(
        "/households/choice", {"kind": "helper", f"to.{row.pk}": cast.attached.pk}, follow=True
    ).text
    assert "定了 1 处" in page and "等老师答复" in page
    form = {"name": "田大伯", "village": row.village_id, "kind": "cadre", "phone": "10011112222"}
    assert "同意了再勾" in client.post("/households/neighbours", form, follow=True).text
    client.post("/households/neighbours", form | {"agreed": "1"})
    partner = LocalPartner.objects.get()
    page = client.post(
        "/households/choice", {"kind": "local_partner", f"to.{row.pk}": partner.pk}, follow=True
    ).text
    assert "每一户都有责任人，也有身边的人" in page or "田大伯" in page
    assert "10011112222" not in page
    post = HouseholdHelper.objects.get()
    mine = signed_in(cast.attached)
    assert "您负责的农户" in mine.get("/households").text
    assert "记下了，谢谢您" in mine.post(f"/households/helpers/{post.pk}/acceptance", follow=True).text


def test_a_teacher_sees_only_the_households_they_answer_for(signed_in, cast, head, ground):
    areas.assign(chosen=[(cast.attached, Area.objects.get(name="东片"))], by=head)
    row = take_on(cast, head)
    (post,) = households.assign(chosen=[(row, cast.attached)], by=head)
    other = signed_in(cast.neighbour)
    page = other.get("/households").text
    assert "陈小满" not in page and "现在没有请您负责的农户" in page
    assert other.post(f"/households/helpers/{post.pk}/acceptance").status_code == 404
    assert other.post(f"/households/{row.pk}/end", {"because": "看看"}).status_code == 404
    mine = signed_in(cast.attached)
    page = mine.post(f"/households/helpers/{post.pk}/refusal", {"because": "家里有病人"}, follow=True).text
    assert "会请别的老师" in page or "记下了" in page
    assert Household.objects.visible_to(cast.viewer(cast.attached)).count() == 0


def test_homes_are_gathered_taken_on_settled_and_let_go_from_the_page(signed_in, cast, head, ground):
    cast.case(0)
    client = signed_in(cast.officer)
    assert "一共 9 户" in client.post("/households/gathering", follow=True).text
    assert "陈小满家" in client.get("/households").text
    row = Household.objects.get(key=Pupil.objects.get(pk=cast.pupils[0].pk).household_key)
    assert "从今天起跟进 1 户" in client.post("/households/taken-on", {"household": row.pk}, follow=True).text
    other = Village.objects.get(name="青桥村")
    client.post(f"/households/{row.pk}/village", {"village": other.pk})
    row.refresh_from_db()
    assert row.village == other
    assert (
        "由校长或副校长来定"
        in client.post(f"/households/{row.pk}/end", {"because": "好了"}, follow=True).text
    )
    signed_in(cast.principal).post(f"/households/{row.pk}/end", {"because": "好了"})
    assert not Household.objects.accompanied(head.day).exists()
