"""A teacher goes: the words for the next, the fewest changes, one confirmation, a page for each pupil, and no late look."""

import pytest

from bangfu.flow import clock
from bangfu.records.models import FactStatement, Handover, Pairing, RoleGrant
from tests import factories
from tests.cast import DAY, PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def leaver(cast):
    """Somebody attached to 三（2）班 who helps two of its pupils; the class teacher helps a third."""
    one = factories.staff(cast.school, "周远", "zhou", ("class_attached_teacher", cast.class_two))
    for at in (0, 1):
        cast.case(at, helper=one)
    cast.case(2)
    return one


def test_from_the_last_words_to_the_page_of_the_next_teacher(cast, leaver, stage):
    going = stage.signs_in("zhou", PASSWORD)
    going.go("/pairing/notes")
    going.tap(going.page.locator("summary", has_text="写几句").first)
    going.page.locator("[name=helps]").first.fill("先聊画画")
    going.page.locator("[name=avoid]").first.fill("别当众问作业")
    going.opens(going.page.get_by_role("button", name="记下").first)
    going.reads("记下了", "先聊画画")
    going.looks_right()

    RoleGrant.objects.filter(staff=leaver).update(valid_to=DAY)
    head = stage.signs_in("wang", PASSWORD)
    head.go("/pairing")
    with head.within(2):
        head.opens(head.link("有 2 对已经不成立了，看看怎么换"))
        head.reads("最少要换 2 对", "别的 1 对都不动", "周远现在不在这些岗位上了")
        head.looks_right()
        head.opens(head.button("确认换人，从今天起"))
    head.reads("换好了 2 对", "不能更少")
    row = Handover.objects.get()
    assert (row.changed, row.bound, row.is_proven) == (2, 2, True)
    assert not Pairing.objects.in_force(DAY).filter(helper=leaver).exists()

    taker = Pairing.objects.get(case__pupil=cast.pupils[0], state="confirmed").helper
    next_one = stage.signs_in(taker.user.username, PASSWORD)
    next_one.go(f"/pairing/handovers/{row.pk}")
    next_one.reads("陈小满", "先聊画画", "别当众问作业", "接下来的日子")
    next_one.looks_right()

    going.go("/pupils")
    assert "陈小满" not in going.page.content()
    for gone in (f"/pupils/{cast.pupils[0].pk}", f"/pairing/handovers/{row.pk}"):
        assert going.page.request.get(f"{stage.url}{gone}").status == 404
    stage.complaints.clear()  # the two 404 were asked for


def test_the_proxy_parent_follows_the_class_without_anybody_pairing(cast, stage):
    factories.plan(cast.school, key="whole_school")
    factories.case(cast.pupils[0], of=("whole_school", "left_behind"), by=cast.homeroom)
    FactStatement.objects.create(
        pupil=cast.pupils[0],
        source="roll",
        stated_on=DAY,
        known_at=clock.now(),
        values={"left_behind_roll": 2},
    )
    head = stage.signs_in("wang", PASSWORD)
    head.go(f"/settings/people/{cast.attached.pk}")
    head.page.select_option("[name=role]", "homeroom_teacher")
    head.page.select_option("[name=school_class]", str(cast.class_two.pk))
    head.page.fill("[name=valid_from]", DAY.isoformat())
    head.opens(head.page.locator("main form button.main").first)
    assert Pairing.objects.get(kind="proxy_parent", state="confirmed").helper == cast.attached
    head.go(f"/pupils/{cast.pupils[0].pk}/helpers")
    head.reads("赵志远", "随班级")
    head.looks_right()
