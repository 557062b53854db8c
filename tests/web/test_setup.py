"""设置: calendar, classes, people, roles, accounts, leave and absence; each change one verb, each refusal a sentence."""

from datetime import date

import pytest

from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Absence, DayOverride, Leave, RoleGrant, School, SchoolClass, Staff, Term
from tests.axe import spill, violations


@pytest.fixture
def principal(signed_in, cast):
    return signed_in(cast.principal)


def test_a_term_is_changed_and_every_due_day_follows(principal, cast):
    given = {"what": "term", "key": "2026-2027-1", "starts_on": "2026-09-07", "ends_on": "2027-01-22"}
    principal.post("/settings/calendar", given)
    assert Term.objects.get(school=cast.school, key="2026-2027-1").starts_on == date(2026, 9, 7)
    assert "10月9日" in principal.get("/survey").text


def test_terms_that_cross_or_run_backwards_are_refused_with_what_was_typed(principal):
    given = {"what": "term", "key": "2026-2027-1", "starts_on": "2026-09-07", "ends_on": "2027-03-22"}
    answer = principal.post("/settings/calendar", given)
    assert answer.status_code == 422
    assert "重叠" in answer.text and 'value="2027-03-22"' in answer.text
    given |= {"starts_on": "2027-01-22", "ends_on": "2026-09-07"}
    assert "学期最后一天要在第一天之后" in principal.post("/settings/calendar", given).text
    assert "请选一个学期" in principal.post("/settings/calendar", {"what": "term", "key": "<x>"}).text


def test_a_farm_break_closes_several_days_and_one_of_them_is_taken_back(principal, cast):
    given = {
        "what": "day",
        "day": "2026-10-19",
        "until": "2026-10-21",
        "is_school_day": "no",
        "reason": "农忙假",
    }
    principal.post("/settings/calendar", given)
    assert DayOverride.objects.filter(school=cast.school).count() == 3
    cast.school.refresh_from_db()
    assert not calendar_for(School.objects.get(pk=cast.school.pk)).is_school_day(date(2026, 10, 20))
    assert "农忙假" in principal.get("/settings/calendar").text
    principal.post("/settings/calendar", {"what": "forget", "day": "2026-10-20"})
    assert DayOverride.objects.filter(school=cast.school).count() == 2


def test_a_year_without_notice_is_called_provisional_and_holidays_read_as_people_say_them(principal):
    page = principal.get("/settings/calendar").text
    assert "暂定" in page
    assert "10月1日—7日" in page


def test_a_class_is_added_by_grade_and_number(principal, cast):
    page = principal.post("/settings/classes", {"grade": "5", "number": "2"}, follow=True).text
    assert "五（2）班建好了" in page
    assert SchoolClass.objects.filter(school=cast.school, entry_year=2022, number=2).exists()
    assert "请选年级，写班号" in principal.post("/settings/classes", {"grade": "", "number": "2"}).text
    assert "班号写 1 到 60" in principal.post("/settings/classes", {"grade": "5", "number": "0"}).text


def test_a_pasted_list_adds_those_who_are_not_there(principal, cast):
    page = principal.post(
        "/settings/people",
        {"names": "姓名\t学科\n周 晓燕\t数学\r\n李秋月\t语文\n\n曾乐，音乐\n"},
        follow=True,
    ).text
    assert "加了 2 位老师" in page
    assert Staff.objects.get(name="周晓燕").subject == "数学"
    assert Staff.objects.get(name="曾乐").subject == "音乐"
    assert "还没有写姓名" in principal.post("/settings/people", {"names": " \n"}).text


def test_one_person_holds_several_roles_and_a_class_has_one_class_teacher(principal, cast):
    address = f"/settings/people/{cast.attached.pk}"
    given = {"role": "homeroom_teacher", "school_class": cast.class_two.pk, "valid_from": "2026-10-15"}
    page = principal.post(address, given, follow=True).text
    assert "三（2）班 班主任" in page and "三（2）班 包班教师" in page
    before = RoleGrant.objects.get(staff=cast.homeroom, role="homeroom_teacher")
    assert before.valid_to == date(2026, 10, 15)


def test_a_role_without_its_class_or_grade_is_refused(principal, cast):
    address = f"/settings/people/{cast.attached.pk}"
    given = {"role": "homeroom_teacher", "school_class": "", "valid_from": "2026-10-15"}
    assert "要选班级" in principal.post(address, given).text
    given = {"role": "grade_supervisor", "grade": "", "valid_from": "2026-10-15"}
    assert "要选年级" in principal.post(address, given).text


def test_the_last_one_who_keeps_the_settings_cannot_be_locked_out(principal, cast):
    for staff in (cast.deputy_head, cast.officer):
        for grant in staff.grants.filter(role__in=("vice_principal", "roll_officer")):
            principal.post(f"/settings/people/{staff.pk}/roles/{grant.pk}/end")
    own = cast.principal.grants.get()
    answer = principal.post(f"/settings/people/{cast.principal.pk}/roles/{own.pk}/end", follow=True)
    assert "最后一位能改设置的人" in answer.text
    own.refresh_from_db()
    assert own.valid_to is None


def test_a_starting_password_is_shown_once_and_opens_the_door(principal, cast):
    principal.post("/settings/people", {"names": "周晓燕"})
    person = Staff.objects.get(name="周晓燕")
    page = principal.post(f"/settings/people/{person.pk}/account", {"username": "zhouxiaoyan"})
    person.refresh_from_db()
    password = page.text.split("密码</dt><dd>")[1].split("<")[0]
    assert len(password) == 8
    assert person.user.check_password(password)
    assert password not in principal.get(f"/settings/people/{person.pk}").text
    taken = principal.post(f"/settings/people/{cast.homeroom.pk}/account", {"username": "x"})
    assert "li" in taken.text


def test_everybody_without_an_account_gets_a_slip(principal, cast):
    principal.post("/settings/people", {"names": "周晓燕\n周小燕\n周晓艳"})
    page = principal.post("/settings/people/accounts").text
    assert page.count("card slip") == 3
    assert not Staff.objects.filter(school=cast.school, user=None).exists()


def test_who_left_cannot_sign_in_any_more(principal, cast):
    principal.post(f"/settings/people/{cast.neighbour.pk}/departure")
    cast.neighbour.refresh_from_db()
    assert cast.neighbour.left_on == date(2026, 10, 15)
    assert not cast.neighbour.grants.filter(valid_to=None).exists()
    own = principal.post(f"/settings/people/{cast.principal.pk}/departure", follow=True)
    assert "不能把自己移出名单" in own.text


def test_leave_has_a_deputy_who_is_somebody_else(principal, cast):
    given = {"staff": cast.homeroom.pk, "starts_on": "2026-10-19", "ends_on": "2026-10-23"}
    assert "另一位老师" in principal.post("/settings/leave", given | {"deputy": cast.homeroom.pk}).text
    page = principal.post("/settings/leave", given | {"deputy": cast.attached.pk}, follow=True).text
    assert "由赵志远代管" in page
    assert Leave.objects.get().deputy == cast.attached
    backwards = principal.post("/settings/leave", given | {"ends_on": "2026-10-01"})
    assert "最后一天在第一天之前" in backwards.text


def test_a_teacher_notes_their_own_leave_only(signed_in, cast):
    client = signed_in(cast.homeroom)
    given = {"staff": cast.principal.pk, "starts_on": "2026-10-19", "ends_on": "2026-10-19"}
    client.post("/settings/leave", given)
    assert Leave.objects.get().staff == cast.homeroom


def test_a_childs_absence_is_noted_by_those_who_see_the_child(signed_in, cast):
    client = signed_in(cast.homeroom)
    assert cast.pupils[0].name in client.get("/settings/absence?q=陈").text
    assert cast.others[0].name not in client.get("/settings/absence?q=石").text
    given = {"pupil": cast.pupils[0].pk, "starts_on": "2026-10-15", "ends_on": "2026-10-16", "reason": "发烧"}
    client.post("/settings/absence", given)
    assert Absence.objects.get().pupil == cast.pupils[0]
    assert client.post("/settings/absence", given | {"pupil": cast.others[0].pk}).status_code == 404


PAGES = ("/settings", "/settings/calendar", "/settings/classes", "/settings/people")


@pytest.mark.parametrize("address", PAGES)
def test_a_class_teacher_is_told_who_keeps_the_settings(signed_in, cast, address):
    answer = signed_in(cast.homeroom).get(address)
    assert answer.status_code == 403
    assert "由校长或系统管理员来改" in answer.text


def test_people_of_another_school_are_not_there(signed_in, cast):
    client = signed_in(cast.outsider)
    address = f"/settings/people/{cast.homeroom.pk}"
    assert client.get(address).status_code == 404
    for what in ("account", "departure"):
        assert client.post(f"{address}/{what}", {"username": "x"}).status_code == 404
    grant = cast.homeroom.grants.get()
    assert client.post(f"{address}/roles/{grant.pk}/end").status_code == 404
    assert cast.homeroom.name not in client.get("/settings/people").text


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_are_accessible(phone, live_server, enter, cast):
    enter(phone, cast.principal)
    own = f"/settings/people/{cast.homeroom.pk}"
    for address in (*PAGES, own, "/settings/leave", "/settings/absence?q=陈"):
        phone.goto(live_server.url + address)
        assert violations(phone) == [], address
        assert spill(phone) == 0, address
