"""Pages of leave, standing in, a thing put on a day, pauses, and files to be shown: what each press does and who may."""

import re
from datetime import timedelta

import pytest

from bangfu.flow import agenda, appointments, record
from bangfu.records.models import Appointment, Event, Leave, RoleGrant, Staff, Suspension
from tests.cast import DAY

FRIDAY = DAY + timedelta(days=1)


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def code(cast):
    row = next(row for row in agenda.agenda(cast.viewer(cast.homeroom)).week if "talk" in row.duties)
    return appointments.code(row)


def test_a_leave_is_noted_shown_on_ones_own_page_and_taken_back(cast, signed_in):
    client = signed_in(cast.homeroom)
    days = {"starts_on": str(DAY), "ends_on": str(FRIDAY), "deputy": str(cast.attached.pk)}
    assert "撤销" in text(client.post("/settings/leave", days, follow=True))
    assert "由赵志远代管" in text(client.get("/me"))
    row = Leave.objects.get()
    assert "记错了，撤销" in text(client.get("/settings/leave"))
    assert "已撤销，那几天" in text(client.post(f"/settings/leave/{row.pk}/mistake", follow=True))
    assert not Leave.objects.exists()


def test_a_leave_sent_again_says_who_really_stands_in(cast, signed_in):
    client = signed_in(cast.homeroom)
    days = {"starts_on": str(DAY), "ends_on": str(FRIDAY)}
    for deputy in ("", str(cast.attached.pk), ""):
        page = text(client.post("/settings/leave", {**days, "deputy": deputy}, follow=True))
        named = Leave.objects.get().deputy
        assert ("由赵志远代管李秋月" in page) == (named is not None), deputy
    assert named == cast.attached


def test_whoever_was_asked_and_cannot_is_told_to_speak_to_the_one_who_asked(cast, signed_in):
    row = Leave.objects.create(
        staff=cast.homeroom, case=cast.case(0), deputy=cast.attached, starts_on=DAY, ends_on=FRIDAY,
        by=cast.homeroom,
    )  # fmt: skip
    said = text(signed_in(cast.attached).post(f"/settings/leave/{row.pk}/mistake", follow=True))
    assert "好，已告诉系统您不方便。请和李秋月说一声，另请一位。" in said


def test_whoever_ends_anothers_leave_is_not_welcomed_back(cast, signed_in):
    row = Leave.objects.create(
        staff=cast.homeroom, starts_on=DAY - timedelta(days=2), ends_on=FRIDAY, by=cast.homeroom
    )
    said = text(signed_in(cast.principal).post(f"/settings/leave/{row.pk}/return", follow=True))
    assert "李秋月今天回来，从今天起和以前一样。" in said


def test_the_undo_after_letting_a_plan_rest_leaves_nothing_resting(cast, signed_in):
    client = signed_in(cast.principal)
    sent = {"plan": "weekly_support", "starts_on": str(DAY - timedelta(days=3)), "because": "流感停课"}
    said = text(client.post("/pauses", sent, follow=True))
    row = Suspension.objects.get()
    assert f'action="/pauses/{row.pk}/mistake"' in said
    assert "已撤销，没有暂停。" in text(client.post(f"/pauses/{row.pk}/mistake", follow=True))
    assert not Suspension.objects.exists()


def test_what_has_not_begun_to_rest_is_not_said_to_go_on(cast, signed_in):
    client = signed_in(cast.principal)
    client.post("/pauses", {"plan": "weekly_support", "starts_on": str(FRIDAY), "because": "流感停课"})
    assert "不停了" in text(client.get("/pauses"))
    said = text(client.post(f"/pauses/{Suspension.objects.get().pk}/end", follow=True))
    assert "已记下，不暂停了。" in said and "以前的日子" not in said


def test_somebody_elses_leave_is_neither_listed_nor_changed(cast, signed_in):
    row = Leave.objects.create(staff=cast.homeroom, starts_on=DAY, ends_on=FRIDAY, by=cast.homeroom)
    client = signed_in(cast.neighbour)
    assert "李秋月" not in text(client.get("/settings/leave")).split("</form>", 1)[1]
    client.post(f"/settings/leave/{row.pk}/mistake")
    client.post(f"/settings/leave/{row.pk}/return")
    row.refresh_from_db()
    assert row.ends_on == FRIDAY
    assert signed_in(cast.outsider).post(f"/settings/leave/{row.pk}/mistake").status_code == 404


def test_the_menu_of_a_row_leads_to_another_day_and_nothing_about_the_child_is_in_the_address(
    cast, signed_in
):
    cast.case(0)
    client = signed_in(cast.homeroom)
    page = text(client.get("/"))
    at = f"/duties/arranged?row={code(cast)}"
    assert f'href="{at}#day"' in page and f'href="{at}#somebody"' in page
    assert "talk" not in at and str(cast.pupils[0].pk) not in at
    assert "陈小满" in text(client.get(at))
    sent = {"row": code(cast), "do": "day", "on": str(DAY), "at": "10:05"}
    assert "约在今天 10:05" in text(client.post("/duties/arranged", sent, follow=True))
    assert "约好了" not in text(client.post("/duties/arranged", {**sent, "do": "cancel"}, follow=True))
    assert not Appointment.objects.exists()


def test_somebody_asked_for_one_pupil_is_said_on_the_list_and_may_say_no(cast, signed_in):
    cast.case(0)
    client = signed_in(cast.homeroom)
    sent = {"row": code(cast), "do": "ask", "deputy": str(cast.neighbour.pk), "until": str(FRIDAY)}
    assert "这几天由孙丽代管" in text(client.post("/duties/arranged", sent, follow=True))
    row = Leave.objects.get()
    other = signed_in(cast.neighbour)
    assert "陈小满" in text(other.get("/")) and "替李秋月代管陈小满" in text(other.get("/me"))
    other.post(f"/settings/leave/{row.pk}/mistake")
    assert not Leave.objects.exists() and "陈小满" not in text(other.get("/"))


def test_a_row_of_somebody_else_or_done_meanwhile_is_not_there(cast, signed_in):
    cast.case(0)
    wanted = code(cast)
    assert signed_in(cast.attached).get(f"/duties/arranged?row={wanted}").status_code == 404
    assert signed_in(cast.homeroom).get("/duties/arranged?row=nothing").status_code == 404


def test_a_plan_rests_and_every_helper_reads_why_on_the_day(cast, signed_in):
    cast.case(0)
    sent = {"plan": "weekly_support", "starts_on": str(DAY), "ends_on": str(FRIDAY), "because": "流感停课"}
    said = text(signed_in(cast.principal).post("/pauses", sent, follow=True))
    assert "暂停" in said and "流感停课" in said
    assert "流感停课" in text(signed_in(cast.homeroom).get("/"))
    row = Suspension.objects.get()
    signed_in(cast.homeroom).post(f"/pauses/{row.pk}/end")
    assert Suspension.objects.exists()
    signed_in(cast.principal).post(f"/pauses/{row.pk}/end")
    assert not Suspension.objects.exists()


def test_one_childs_help_rests_from_the_file_and_a_teacher_is_not_offered_it(cast, signed_in):
    cast.case(0)
    at = f"/pauses?pupil={cast.pupils[0].pk}"
    assert at not in text(signed_in(cast.homeroom).get(f"/pupils/{cast.pupils[0].pk}"))
    assert signed_in(cast.homeroom).get(at).status_code == 404
    client = signed_in(cast.supervisor)
    assert at in text(client.get(f"/pupils/{cast.pupils[0].pk}"))
    sent = {
        "pupil": str(cast.pupils[0].pk),
        "plan": "weekly_support",
        "starts_on": str(DAY),
        "because": "住院",
    }
    assert "住院" in text(client.post("/pauses", sent, follow=True))
    assert Suspension.objects.get().case.pupil == cast.pupils[0]
    assert "住院" not in text(signed_in(cast.neighbour).get("/pauses"))
    without = signed_in(cast.supervisor).post("/pauses", {**sent, "because": " ", "starts_on": str(FRIDAY)})
    assert without.status_code == 422 and "请写一句为什么暂停" in text(without)


@pytest.fixture
def shown(cast):
    cast.case(0)
    late = record.Entry(("talk",), DAY - timedelta(days=4), note="聊到外婆")
    record.add(entry=late, pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    return cast


def test_a_file_to_be_shown_says_when_each_thing_was_written_and_changes_nothing(shown, signed_in):
    at = f"/pupils/{shown.pupils[0].pk}"
    page = text(signed_in(shown.supervisor).get(f"{at}?view=check"))
    assert "2026年10月11日 谈心" in page and "2026年10月15日记的" in page and "聊到外婆" in page
    assert "<form" not in page.split("<main")[1].split("</main>")[0]
    assert signed_in(shown.homeroom).get(f"{at}?view=check").status_code == 404
    assert signed_in(shown.officer).get(f"{at}?view=check").status_code == 404
    assert signed_in(shown.outsider).get(f"{at}?view=check").status_code == 404


def test_a_guest_reads_days_and_kinds_never_words_and_each_file_is_in_the_trail(shown, signed_in, client):
    sent = {"name": "教育局李督学", "until": str(FRIDAY)}
    page = text(signed_in(shown.principal).post("/inspection", sent))
    guest = Staff.objects.get(name="教育局李督学")
    assert guest.user.username in page
    assert RoleGrant.objects.get(staff=guest).valid_to == FRIDAY + timedelta(days=1)
    visitor = signed_in(guest)
    assert "陈小满" in text(visitor.get("/inspection"))
    assert "陈小满" in text(visitor.post("/inspection", {"q": "陈小满"}))
    assert "陈小满" not in text(visitor.post("/inspection", {"q": "没有这个人"}))
    assert 'method="get"' not in visitor.get("/inspection").text
    read = text(visitor.get(f"/inspection/{shown.pupils[0].pk}"))
    assert "谈心" in read and "聊到外婆" not in read and "10098765432" not in read
    assert Event.objects.filter(verb="inspect.open").count() == 1
    for closed in (
        f"/pupils/{shown.pupils[0].pk}",
        f"/record/new?pupil={shown.pupils[0].pk}",
        "/setup",
        "/pauses?pupil=x",
    ):
        assert "聊到外婆" not in text(visitor.get(closed)), closed
    assert visitor.get(f"/pupils/{shown.pupils[0].pk}").status_code == 404
    assert visitor.post("/inspection", sent).status_code in (403, 422)
    assert Staff.objects.filter(name="教育局李督学").count() == 1


def test_a_guests_account_opens_nothing_after_the_day_or_when_it_is_closed(shown, signed_in, settings):
    signed_in(shown.principal).post("/inspection", {"name": "督学", "until": str(FRIDAY)})
    guest = Staff.objects.get(name="督学")
    settings.DAY = FRIDAY + timedelta(days=1)
    assert signed_in(guest).get("/inspection").status_code in (302, 403)
    settings.DAY = DAY
    signed_in(shown.principal).post(f"/inspection/guests/{guest.pk}/end")
    assert signed_in(guest).get("/inspection").status_code in (302, 403)
    too_long = {"name": "别人", "until": str(DAY + timedelta(days=60))}
    assert signed_in(shown.principal).post("/inspection", too_long).status_code == 422


def test_a_colleague_who_looked_at_the_files_for_some_days_stays_a_colleague(shown, signed_in):
    grant = {"valid_from": DAY, "valid_to": FRIDAY, "granted_by": shown.principal}
    RoleGrant.objects.create(staff=shown.neighbour, role="inspector", **grant)
    signed_in(shown.principal).post(f"/inspection/guests/{shown.neighbour.pk}/end")
    shown.neighbour.refresh_from_db()
    assert shown.neighbour.left_on is None
    assert not RoleGrant.objects.on(DAY).filter(staff=shown.neighbour, role="inspector").exists()
