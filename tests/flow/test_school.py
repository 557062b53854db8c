"""Founding a school, its people, roles and calendar: what is refused, and that nobody is locked out."""

from datetime import date

import pytest

from bangfu.flow import school
from bangfu.records.models import RoleGrant, School, Staff, Term, User
from tests import factories
from tests.cast import DAY


def test_an_empty_installation_opens_once(db):
    given = {"name": "石坎镇中心小学", "principal": "王 振华", "username": "wang", "password": "shikan-2026"}
    assert school.is_empty()
    row, principal = school.found(**given, on=date(2026, 9, 1))
    assert principal.name == "王振华"
    assert Term.objects.filter(school=row).count() == 2
    with pytest.raises(school.AlreadyThere):
        school.found(**given, on=DAY)


def test_the_set_up_code_is_checked_and_stays_the_same(db):
    code = school.setup_code()
    assert len(code) == 8 and code == school.setup_code()
    school.check_setup_code(f" {code.upper()} ")
    for wrong in ("", "00000000", code[:7], "设置码"):
        with pytest.raises(school.WrongCode):
            school.check_setup_code(wrong)


@pytest.mark.parametrize("password", ["short", "password", "12345678"])
def test_a_password_everybody_guesses_is_refused_and_nothing_is_half_made(db, password):
    with pytest.raises(school.WeakPassword):
        school.found(name="学校", principal="王", username="wang", password=password, on=DAY)
    assert not School.objects.exists()


def test_a_pasted_list_is_read_as_it_comes_from_a_spreadsheet():
    text = "姓名\t学科\n 周 晓燕 \t数学\r\n曾乐，音乐\n\n周晓燕\t语文\n欧阳 静\t\t体育"
    assert school.read_staff(text) == [("周晓燕", "数学"), ("曾乐", "音乐"), ("欧阳静", "体育")]


def test_adding_the_list_twice_adds_nobody_twice(cast):
    by = cast.viewer(cast.principal)
    assert len(school.add_staff_list(text="周晓燕\n李秋月", by=by)) == 1
    assert school.add_staff_list(text="周晓燕\n李秋月", by=by) == []


def test_user_names_come_from_the_name_and_are_never_taken_twice(cast):
    by = cast.viewer(cast.principal)
    school.add_staff_list(text="周小燕\n周晓艳", by=by)
    opened = school.open_accounts(by=by)
    names = [username for _staff, username, _password in opened]
    assert len(set(names)) == len(names) == 2
    assert all(name.isascii() and name.isalnum() for name in names)
    assert User.objects.get(username=names[0]).check_password(opened[0][2])


@pytest.mark.parametrize("who", ["homeroom", "supervisor"])
def test_only_keepers_change_people(cast, who):
    by = cast.viewer(getattr(cast, who))
    with pytest.raises(school.NotKeeper):
        school.add_staff_list(text="周晓燕", by=by)
    with pytest.raises(school.NotKeeper):
        school.grant(staff=cast.homeroom, post=school.Post("principal"), valid_from=DAY, by=by)
    with pytest.raises(school.NotKeeper):
        school.give_account(staff=cast.homeroom, username="x", password="long enough 1", by=by)


def test_a_role_has_the_scope_it_needs_and_no_other(cast):
    by = cast.viewer(cast.principal)
    for post in (
        school.Post("homeroom_teacher"),
        school.Post("grade_supervisor"),
        school.Post("principal", cast.class_two),
        school.Post("homeroom_teacher", cast.class_two, 3),
        school.Post("emperor"),
    ):
        with pytest.raises(school.WrongScope):
            school.grant(staff=cast.attached, post=post, valid_from=DAY, by=by)


def test_a_new_supervisor_ends_the_one_before(cast):
    by = cast.viewer(cast.principal)
    school.grant(staff=cast.attached, post=school.Post("grade_supervisor", grade=3), valid_from=DAY, by=by)
    assert RoleGrant.objects.get(staff=cast.supervisor).valid_to == DAY


def test_the_last_keeper_stays(db):
    row, principal = school.found(
        name="学校", principal="王振华", username="wang", password="shikan-2026", on=DAY
    )
    by = factories.viewer(principal, DAY)
    first, second = principal.grants.all()
    school.revoke(grant=first, on=DAY, by=by)
    with pytest.raises(school.LastKeeper):
        school.revoke(grant=second, on=DAY, by=by)
    with pytest.raises(school.LastKeeper):
        school.leave_school(staff=principal, on=DAY, by=by)
    assert Staff.objects.get(pk=principal.pk).left_on is None


def test_terms_neither_cross_nor_last_for_ever(cast):
    by = cast.viewer(cast.principal)
    for first, last in ((date(2026, 9, 1), date(2026, 9, 1)), (date(2026, 7, 1), date(2027, 1, 20))):
        with pytest.raises(school.WrongDates):
            school.set_term(key="2026-2027-1", starts_on=first, ends_on=last, by=by)
    with pytest.raises(school.WrongDates, match="八个月"):
        school.set_term(key="2027-2028-1", starts_on=date(2027, 9, 1), ends_on=date(2028, 9, 1), by=by)
