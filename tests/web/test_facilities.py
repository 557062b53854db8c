"""场所 and 宣传 as pages: open a place, write in its book; texts to copy, and a name in them is refused with what was typed."""

import pytest

from bangfu.records.models import Facility, Thing
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast):
    factories.plan(cast.school, key="whole_school")


def test_a_place_the_plan_asks_for_is_written_down_and_kept_by_its_keeper(signed_in, cast, asked):
    head = signed_in(cast.principal)
    assert "留守儿童爱心之家" in head.get("/facilities").text
    said = {
        "name": "爱心之家",
        "key": "home_of_love",
        "room": "102",
        "hours": "中午",
        "keeper": str(cast.attached.pk),
    }
    page = head.post("/facilities", said, follow=True).text
    assert "场所已保存" in page and "还缺：能视频的电话" in page
    row = Facility.objects.get()
    keeper = signed_in(cast.attached)
    line = {"thing": "能视频的电话", "how_many": "2", "why": "got", "on": "2026-10-15"}
    page = keeper.post(f"/facilities/{row.pk}/things", line, follow=True).text
    assert "齐了" in page and Thing.objects.get().how_many == 2
    keeper.post(
        f"/facilities/{row.pk}", {"name": "爱心之家", "key": "home_of_love", "room": "103", "hours": "中午"}
    )
    row.refresh_from_db()
    assert row.room == "103" and row.keeper == cast.attached


def test_who_does_not_keep_it_sees_no_book_and_is_refused(signed_in, cast, asked):
    signed_in(cast.principal).post("/facilities", {"name": "帮扶站", "key": "support_station"})
    row = Facility.objects.get()
    other = signed_in(cast.neighbour)
    page = other.get("/facilities").text
    assert "帮扶站" in page and "进出登记" not in page
    answer = other.post(f"/facilities/{row.pk}/close", follow=True)
    assert "由校长、副校长来建" in answer.text
    row.refresh_from_db()
    assert row.closed_on is None


def test_a_class_teacher_finds_texts_and_the_way_to_note_them(signed_in, cast, asked):
    page = signed_in(cast.homeroom).get("/publicity").text
    assert "发给家长的短信" in page and "板报" in page and "sms:?body=" in page
    assert f"/record/class/{cast.class_two.pk}?activity=publicity" in page


def test_a_name_in_ones_own_line_is_refused_and_stands_in_no_text(signed_in, cast):
    line = f"{cast.pupils[0].name}这学期进步很大"
    answer = signed_in(cast.homeroom).post("/publicity", {"about": ["how"], "line": line})
    assert answer.status_code == 422 and "先问过本人和家里" in answer.text
    assert answer.text.count(cast.pupils[0].name) == 1  # only in the field, to be changed


def test_what_was_recorded_closes_the_duty_of_the_class(signed_in, cast, asked):
    client = signed_in(cast.homeroom)
    page = client.get(f"/record/class/{cast.class_two.pk}?activity=publicity").text
    assert "短信" in page and "板报" in page
