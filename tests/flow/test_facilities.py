"""爱心之家、帮扶站: what the plan asks and what is missing, who may write, a book that gives out only what is there."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from bangfu.flow import facilities, publicity
from bangfu.flow.facilities import Moved, Place
from bangfu.records.models import Event, Facility, ThingMove
from tests import factories
from tests.cast import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def head(cast):
    factories.plan(cast.school, key="whole_school")
    factories.plan(cast.school, key="one_child")
    return cast.viewer(cast.principal)


def line(viewer, key):
    return next(one for one in facilities.standing(viewer) if one.asked and one.asked.key == key)


def test_what_the_plans_ask_for_is_missing_until_it_is_written_down(cast, head):
    asked = line(head, "home_of_love")
    assert asked.place is None and "能视频的电话" in asked.lacking
    assert len(asked.asked.plans) == 2  # 爱心之家 and 留守儿童之家 are one room
    home = facilities.open_place(place=Place("爱心之家", "home_of_love", "102"), by=head)
    assert line(head, "home_of_love").lacking == ("开放时间", "管理人", "能视频的电话")
    whole = Place("爱心之家", "left_behind_home", "102", "周一到周五中午", "", cast.homeroom)
    facilities.change(facility=home, place=whole, by=head)
    keeper = cast.viewer(cast.homeroom)
    facilities.move(facility=home, moved=Moved("能视频的电话", 1, "got", DAY), by=keeper)
    assert line(head, "home_of_love").lacking == ()


def test_the_station_counts_things_and_leaves_money_to_its_own_book(cast, head):
    station = facilities.open_place(place=Place("帮扶站", "support_station", keeper=cast.officer), by=head)
    assert line(head, "support_station").lacking == ("物品",)
    assert line(head, "support_station").later == ("募集的钱",)
    keeper = cast.viewer(cast.officer)
    facilities.move(facility=station, moved=Moved("书包", 5, "got", DAY), by=keeper)
    facilities.move(facility=station, moved=Moved("书包", 2, "given_out", DAY), by=keeper)
    assert [one.how_many for one in line(head, "support_station").things] == [3]
    assert line(head, "support_station").lacking == ()


def test_nothing_is_given_out_that_is_not_there(cast, head):
    station = facilities.open_place(place=Place("帮扶站", "support_station"), by=head)
    facilities.move(facility=station, moved=Moved("书包", 2, "got", DAY), by=head)
    with pytest.raises(facilities.NotEnough, match="现在有 2 件"):
        facilities.move(facility=station, moved=Moved("书包", 3, "given_out", DAY), by=head)
    with pytest.raises(facilities.NotEnough):
        facilities.move(facility=station, moved=Moved("雨衣", 1, "given_out", DAY), by=head)
    assert [one.name for one in line(head, "support_station").things] == ["书包"]


@pytest.mark.parametrize(
    ("name", "how_many", "why", "days"),
    [
        ("", 1, "got", 0),
        ("书包", 0, "got", 0),
        ("书包", -3, "given_out", 0),
        ("书包", 1, "lost", 0),
        ("书包", 1, "got", 1),
    ],
)
def test_a_line_that_says_too_little_is_refused(cast, head, name, how_many, why, days):
    station = facilities.open_place(place=Place("帮扶站"), by=head)
    with pytest.raises(facilities.NoNumber):
        facilities.move(
            facility=station, moved=Moved(name, how_many, why, DAY + timedelta(days=days)), by=head
        )


def test_the_same_form_sent_twice_counts_once(cast, head):
    station = facilities.open_place(place=Place("帮扶站", "support_station"), by=head)
    moved = Moved("书包", 2, "got", DAY, id=uuid4())
    first, again = (facilities.move(facility=station, moved=moved, by=head) for _ in range(2))
    assert first.pk == again.pk and ThingMove.objects.count() == 1
    assert [one.how_many for one in line(head, "support_station").things] == [2]


def test_a_line_of_the_book_is_never_changed_or_deleted(cast, head):
    station = facilities.open_place(place=Place("帮扶站"), by=head)
    facilities.move(facility=station, moved=Moved("书包", 2, "got", DAY), by=head)
    for change in (lambda: ThingMove.objects.update(change=1), lambda: ThingMove.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert ThingMove.objects.get().change == 2


def test_the_book_never_says_to_whom(cast, head):
    station = facilities.open_place(place=Place("帮扶站"), by=head)
    with pytest.raises(publicity.NamesSomebody, match="不写给了谁"):
        facilities.move(
            facility=station, moved=Moved("书包", 1, "got", DAY, words=f"给{cast.pupils[0].name}"), by=head
        )


def test_the_keeper_writes_and_only_those_who_decide_open_close_and_choose_the_keeper(cast, head):
    station = facilities.open_place(place=Place("帮扶站", keeper=cast.officer), by=head)
    keeper, other = cast.viewer(cast.officer), cast.viewer(cast.homeroom)
    facilities.change(
        facility=station, place=Place("帮扶站", hours="周三下午", keeper=cast.officer), by=keeper
    )
    for act in (
        lambda: facilities.change(facility=station, place=Place("帮扶站", keeper=None), by=keeper),
        lambda: facilities.change(facility=station, place=Place("站", keeper=cast.officer), by=other),
        lambda: facilities.move(facility=station, moved=Moved("书包", 1, "got", DAY), by=other),
        lambda: facilities.open_place(place=Place("另一个"), by=keeper),
        lambda: facilities.close(facility=station, by=keeper),
    ):
        with pytest.raises(facilities.NotKeeper):
            act()
    assert Facility.objects.get().hours == "周三下午"


def test_one_name_stands_once_and_a_closed_place_frees_it(cast, head):
    first = facilities.open_place(place=Place("帮扶站"), by=head)
    with pytest.raises(facilities.Known):
        facilities.open_place(place=Place("帮扶站"), by=head)
    for _again in range(2):
        facilities.close(facility=first, by=head)
    facilities.open_place(place=Place("帮扶站"), by=head)
    assert Facility.objects.open_on(DAY).count() == 1
    assert Event.objects.filter(verb="facility.close").count() == 1


def test_a_keeper_who_left_keeps_nothing(cast, head):
    facilities.open_place(
        place=Place("爱心之家", "home_of_love", "102", "中午", keeper=cast.homeroom), by=head
    )
    cast.homeroom.left_on = DAY
    cast.homeroom.save()
    assert "管理人" in line(head, "home_of_love").lacking
