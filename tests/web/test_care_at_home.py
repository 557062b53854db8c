"""The pages of calls home, of going round a village and of one home: who may open what, what is written, what is said."""

import re
from datetime import date, time
from uuid import uuid4

import pytest

from bangfu.flow import areas, hardship, homes, video_calls
from bangfu.flow.video_calls import Way
from bangfu.records.models import (
    Evidence,
    Hardship,
    Household,
    HouseholdVisit,
    ParentContact,
    Pupil,
    RoundTaken,
    VideoCall,
    Village,
)
from tests.cast import DAY


@pytest.fixture
def ground(cast):
    """石坎村 with the home of 陈小满, on the round of the class teacher of 三（1）班; a room open at noon."""
    head = cast.viewer(cast.principal)
    area = areas.open_area(name="东片", villages=("石坎村",), by=head)
    areas.assign(chosen=[(cast.neighbour, area)], by=head)
    pupil = cast.pupils[0]
    pupil.address, pupil.sex = "石坎镇石坎村2组14号", "1"
    pupil.save(update_fields=["address", "sex"])
    homes.gather(by=head)
    household = Household.objects.get(key=Pupil.objects.get(pk=pupil.pk).household_key)
    homes.accompany(households=[household], by=head)
    video_calls.configure(
        way=Way("room_server", "https://meet.example", "留守儿童之家", (time(12, 30),)), by=head
    )
    return household


def signed(client, cast, name):
    client.force_login(getattr(cast, name).user)
    return client


# ── calls ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_call_is_arranged_told_and_undone_by_three_buttons(client, cast, ground):
    signed(client, cast, "homeroom")
    pupil = cast.pupils[0]
    assert "陈小满" in client.get(f"/calls?pupil={pupil.pk}").content.decode()
    client.post(f"/calls/pupils/{pupil.pk}/arrangement", {"on": DAY.isoformat(), "slot": "12:30"})
    call = VideoCall.objects.get()
    page = client.get("/calls").content.decode()
    assert "12:30" in page and "https://meet.example/" in page
    sent = page.split("readonly>")[1].split("</textarea>")[0]
    assert "陈小满" not in sent and "李秋月" not in sent
    client.post(f"/calls/{call.pk}/outcome", {"outcome": "held"})
    assert Evidence.objects.current().get().answers == {"result": "通上了"}
    client.post(f"/calls/{call.pk}/undone")
    assert not Evidence.objects.current().exists()


def test_an_hour_that_is_gone_is_said_in_one_sentence(client, cast, ground):
    signed(client, cast, "homeroom")
    for pupil in cast.pupils[:2]:
        answer = client.post(
            f"/calls/pupils/{pupil.pk}/arrangement", {"on": DAY.isoformat(), "slot": "12:30"}, follow=True
        )
    assert "已经约给别的孩子" in answer.content.decode() and VideoCall.objects.count() == 1


def test_a_call_put_on_another_day_is_moved_and_there_is_no_undo_that_leaves_none(client, cast, ground):
    signed(client, cast, "homeroom")
    to = f"/calls/pupils/{cast.pupils[0].pk}/arrangement"
    day = DAY.isoformat()
    said = client.post(to, {"on": day, "slot": "12:30"}, follow=True).content.decode()
    assert "约好了" in said and said.count('/end"') == 2  # an undo, and the button on the row
    said = client.post(to, {"on": day, "at": "19:00", "slot": "home"}, follow=True).content.decode()
    assert "改到" in said and said.count('/end"') == 1
    assert [one.state for one in VideoCall.objects.order_by("arranged_at")] == ["cancelled", "arranged"]


def test_what_came_of_a_call_is_answered_with_what_it_means(client, cast, ground):
    signed(client, cast, "homeroom")
    first, second = (pupil.pk for pupil in cast.pupils[:2])
    client.post(f"/calls/pupils/{first}/arrangement", {"on": DAY.isoformat(), "slot": "12:30"})
    told = client.post(f"/calls/{VideoCall.objects.get().pk}/outcome", {"outcome": "unreached"}, follow=True)
    assert "已记下：约了，没通上。不用补；想再约，点“约个时间”。" in told.content.decode()
    told = client.post(f"/calls/pupils/{second}/outcome", {"outcome": "not_now"}, follow=True)
    assert "已记下，这个月不用约了。" in told.content.decode()


def test_a_week_is_one_tap_and_taken_back(client, cast, ground):
    signed(client, cast, "homeroom")
    client.post(f"/calls/pupils/{cast.pupils[0].pk}/week", {"on": DAY.isoformat()})
    row = ParentContact.objects.get()
    assert "这周家里联系过" in client.get("/calls").content.decode()
    assert "和爸爸妈妈" in client.get(f"/pupils/{cast.pupils[0].pk}").content.decode()
    client.post(f"/calls/weeks/{row.pk}/withdrawn")
    assert ParentContact.objects.get().withdrawn_at


def test_a_child_who_is_not_mine_is_not_there(client, cast, ground):
    signed(client, cast, "neighbour")
    pupil = cast.pupils[0].pk
    assert client.post(f"/calls/pupils/{pupil}/arrangement", {"on": DAY.isoformat()}).status_code == 404
    assert client.post(f"/calls/pupils/{pupil}/week", {}).status_code == 404
    assert "陈小满" not in client.get(f"/calls?pupil={pupil}").content.decode()


def test_the_principal_sets_how_the_school_calls_and_a_bad_address_comes_back_as_typed(client, cast, ground):
    signed(client, cast, "principal")
    said = {"way": "own_link", "address": "meet.example", "place": "", "slots": "", "minutes": "20"}
    answer = client.post("/settings/calls", said)
    assert answer.status_code == 422 and 'value="meet.example"' in answer.content.decode()
    assert client.post("/settings/calls", said | {"slots": "中午"}).status_code == 422
    fine = said | {"address": "https://meeting.example/1", "place": "广播室", "slots": "12:30，16:30"}
    client.post("/settings/calls", fine)
    assert video_calls.way_of(cast.school).slots == (time(12, 30), time(16, 30))
    signed(client, cast, "homeroom")
    assert client.get("/settings/calls").status_code == 403


# ── the round ─────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_village_is_taken_along_with_one_tap(client, cast, ground):
    signed(client, cast, "neighbour")
    village = Village.objects.get()
    page = client.get(f"/round/{village.pk}").content.decode()
    assert "陈小满家" in page and "2组" in page and "14号" in page
    client.post(f"/round/{village.pk}/take")
    assert RoundTaken.objects.get().staff == cast.neighbour
    client.post(f"/round/{village.pk}/return")
    assert not RoundTaken.objects.exists()
    signed(client, cast, "attached")
    assert client.get(f"/round/{village.pk}").status_code == 404
    assert client.post(f"/round/{village.pk}/take", follow=True).status_code in (200, 404)
    assert not RoundTaken.objects.exists()


def test_a_visit_written_at_the_door_keeps_what_was_typed_when_something_is_missing(client, cast, ground):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(sex="2")
    signed(client, cast, "neighbour")
    said = {"what": "visit", "id": str(uuid4()), "about": ["看病"], "note": "奶奶腿疼", "on": DAY.isoformat()}
    answer = client.post(f"/households/{ground.pk}", said)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "两位大人一起" in page and "奶奶腿疼" in page and said["id"] in page
    client.post(f"/households/{ground.pk}", said | {"company": "other", "company_said": "村妇女主任"})
    assert HouseholdVisit.objects.get().with_other == "村妇女主任"
    with_whom = [{"company": str(cast.attached.pk)}, {"company": "alone", "company_said": "下雨，先去看看"}]
    for more in with_whom:
        client.post(f"/households/{ground.pk}", said | more | {"id": str(uuid4())})
    page = client.get(f"/households/{ground.pk}").content.decode()
    assert "和村妇女主任" in page and f"和{cast.attached.name}" in page and "下雨，先去看看" in page


def test_a_visit_is_written_with_nobody_tapped_beforehand_and_words_of_danger_open_the_phone(
    client, cast, ground
):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(sex="2")
    signed(client, cast, "neighbour")
    page = client.get(f"/households/{ground.pk}?visit").content.decode()
    assert 'name="company"' in page
    assert not re.search(r'name="company"[^>]*checked', page)
    assert re.search(r'name="note"[^>]*data-watch="[^"]*伤痕', page) and 'id="danger"' in page


def test_sudden_hardship_reaches_whoever_can_help_and_is_answered(client, cast, ground):
    signed(client, cast, "neighbour")
    client.post(f"/households/{ground.pk}", {"what": "hardship", "id": str(uuid4()), "kind": "illness"})
    row = Hardship.objects.get()
    assert row.due_on == date(2026, 10, 19)
    signed(client, cast, "officer")
    assert "生病" in client.get("/round").content.decode()
    client.post(f"/hardships/{row.pk}/answer", {"outcome": "referred", "said": "镇民政办"})
    assert hardship.waiting(cast.viewer(cast.officer)) == []
    assert "镇民政办" in client.get(f"/households/{ground.pk}").content.decode()


def test_the_childs_teacher_sees_the_childs_side_only(client, cast, ground):
    signed(client, cast, "neighbour")
    client.post(f"/households/{ground.pk}/guarantees", {"key": "income_assured", "answer": "no"})
    theirs = client.get(f"/households/{ground.pk}").content.decode()
    assert "六个保障" in theirs and "有缺口" in theirs and "陈家长" in theirs
    signed(client, cast, "homeroom")
    mine = client.get(f"/households/{ground.pk}").content.decode()
    assert "陈小满" in mine and not any(word in mine for word in ("六个保障", "有缺口", "陈家长"))
    assert (
        client.post(
            f"/households/{ground.pk}/guarantees", {"key": "income_assured", "answer": "yes"}
        ).status_code
        == 302
    )
    assert "有缺口" in signed(client, cast, "neighbour").get(f"/households/{ground.pk}").content.decode()


def test_the_familys_card_says_whom_to_ring_and_no_label(client, cast, ground):
    cast.homeroom.phone = "13900001234"
    cast.homeroom.save(update_fields=["phone"])
    signed(client, cast, "homeroom")
    page = client.get(f"/households/{ground.pk}/card").content.decode()
    assert "13900001234" in page and "陈小满" in page and "不收钱" in page
    assert not any(word in page for word in ("留守", "贫困", "低保", "困难程度"))
    answer = client.post(f"/households/{ground.pk}/card/file")
    assert answer["Content-Type"].endswith("document") and answer.content[:2] == b"PK"
    assert "attachment" in answer["Content-Disposition"] and "陈小满" not in answer["Content-Disposition"]


def test_nobody_of_another_school_and_nobody_elses_teacher_opens_a_home(client, cast, ground):
    for name in ("outsider", "attached"):
        signed(client, cast, name)
        expected = (
            404 if name == "outsider" else 200
        )  # the second teacher of the class looks after the child, too
        assert client.get(f"/households/{ground.pk}").status_code == expected
    other = Household.objects.get(key=Pupil.objects.get(pk=cast.others[0].pk).household_key)
    assert client.get(f"/households/{other.pk}").status_code == 404
