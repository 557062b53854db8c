"""Importing the roll: looked at first, loaded once, nobody lost by absence, one event for each child."""

import re
from datetime import date

import pytest

from bangfu.flow import enrol
from bangfu.records.models import Enrolment, Event, FactStatement, Guardian, Intake, Pupil, SchoolClass
from bangfu.records.seal import blind
from tests import factories
from tests.cast import DAY
from tests.exchange import workbooks
from tests.exchange.pupils import number, table


def file_of(*rows, **columns):
    return workbooks.xlsx(("花名册", table(*rows, **columns)))


@pytest.fixture
def office(db, settings):
    """A school without pupils, and the person who keeps its roll."""
    settings.DAY = DAY
    school = factories.school()
    return factories.viewer(factories.staff(school, "何文", "he", ("roll_officer", None)), DAY)


def load(by, content, **options):
    intake, _ = enrol.check(content=content, file_name="花名册.xlsx", by=by)
    return enrol.load(intake=intake, by=by, **options)


def only_pupil():
    return Pupil.objects.get()


def test_checking_a_file_writes_nothing_to_the_roll(office):
    intake, seen = enrol.check(content=file_of({}, {}), file_name="花名册.xlsx", by=office)
    assert seen.difference.counts == {"new": 2, "changed": 0, "same": 0, "gone": 0, "back": 0}
    assert intake.state == "checked" and intake.counts["new"] == 2
    assert not Pupil.objects.exists() and not SchoolClass.objects.exists() and not Event.objects.exists()


def test_loading_makes_pupils_classes_families_facts_and_one_event_for_each_child(office):
    content = file_of(
        {}, {"班级": "五年级2班"}, 学籍号="", 联系电话="13900000000", 是否留守儿童="双亲留守儿童", 班内学号="7",
        成员1姓名="陈大",
        成员1关系="父亲", 成员1联系电话="13800000001", 入学年月="202409",
    )  # fmt: skip
    intake = load(office, content)
    pupil = Pupil.objects.get(name="陈小满")
    assert intake.state == "loaded" and pupil.arrived_with == intake
    assert (pupil.sex, pupil.birth_on, pupil.sort_key, pupil.initials) == (
        "1",
        date(2018, 3, 15),
        "chen xiao man",
        "cxm",
    )
    assert pupil.id_number.reveal() == number(0) and pupil.id_number_index == blind(number(0), "id_number")
    assert pupil.phone.reveal() == "13900000000" and pupil.joined_on == date(2024, 9, 1)
    enrolment = Enrolment.objects.get(pupil=pupil)
    assert (enrolment.school_class.entry_year, enrolment.school_class.number, enrolment.seat_no) == (
        2024,
        1,
        7,
    )
    guardian = Guardian.objects.get(pupil=pupil)
    assert (guardian.name, guardian.relation, guardian.phone.reveal()) == ("陈大", "父亲", "13800000001")
    assert FactStatement.objects.get(pupil=pupil).values == {"left_behind_roll": 2}
    assert Event.objects.filter(verb="enrol.pupil_added", intake=intake).count() == 2
    assert (
        Event.objects.filter(verb="enrol.class").count() == 2
        and Event.objects.filter(verb="enrol.load").count() == 1
    )


def test_numbers_are_sealed_in_the_database(office, django_db_blocker):
    from django.db import connection

    load(office, file_of({}, 联系电话="13900000000"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, id_number_index FROM records_pupil")
        stored = cursor.fetchone()
    assert all(value and number(0) not in value and "13900000000" not in value for value in stored)


def test_the_same_file_again_changes_nothing(office):
    content = file_of(
        {},
        {},
        联系电话="13900000000",
        成员1姓名="陈大",
        成员1联系电话="13800000001",
        民族="汉",
        是否孤儿="否",
    )
    load(office, content)
    _, seen = enrol.check(content=content, file_name="花名册.xlsx", by=office)
    assert seen.difference.counts == {"new": 0, "changed": 0, "same": 2, "gone": 0, "back": 0}


def test_an_intake_is_loaded_once(office):
    intake, _ = enrol.check(content=file_of({}), file_name="花名册.xlsx", by=office)
    enrol.load(intake=intake, by=office)
    with pytest.raises(enrol.AlreadyLoaded):
        enrol.load(intake=intake, by=office)
    assert Pupil.objects.count() == 1


def test_changes_are_found_shown_and_kept_with_what_stood_before(office):
    load(office, file_of({}, {}, 联系电话="13900000000", 就读方式="走读"))
    changed = file_of(
        {"班级": "三年级2班", "联系电话": "13911111111", "就读方式": "住校"},
        {},
        联系电话="13900000000",
        就读方式="走读",
    )
    intake, seen = enrol.check(content=changed, file_name="花名册.xlsx", by=office)
    (change,) = seen.difference.changed
    assert set(change.fields) == {"phone", "school_class", "facts"} and seen.difference.same == 1
    enrol.load(intake=intake, by=office, confirmed=True)
    pupil = Pupil.objects.get(name="陈小满")
    assert pupil.phone.reveal() == "13911111111"
    old, new = Enrolment.objects.filter(pupil=pupil).order_by("valid_from", "valid_to")
    assert (old.valid_to, new.valid_from, new.valid_to, new.school_class.number) == (DAY, DAY, None, 2)
    event = Event.objects.get(verb="enrol.pupil_changed")
    assert event.changes["school_class"] == ["2024-1", "2024-2"] and event.changes["phone"][0].startswith(
        "v1$"
    )
    assert not {"13900000000", "13911111111"} & set(re.findall(r"\d{11}", str(event.changes)))


def test_an_empty_cell_never_erases_what_is_known(office):
    load(office, file_of({}, 联系电话="13900000000", 民族="汉", 现住址="石坎村一组"))
    _, seen = enrol.check(
        content=file_of({}, 联系电话="", 民族="", 现住址="/"), file_name="花名册.xlsx", by=office
    )
    assert seen.difference.same == 1


def test_a_child_missing_from_the_file_is_named_and_never_removed(office):
    load(office, file_of({}, {}, {"班级": "五年级1班"}))
    intake, seen = enrol.check(content=file_of({}), file_name="花名册.xlsx", by=office)
    assert [one.pupil.name for one in seen.difference.gone] == ["陈小二"]  # 五年级 is not in this file at all
    enrol.load(intake=intake, by=office)
    assert Pupil.objects.on_roll(DAY).count() == 3


def test_a_child_whose_row_was_handed_back_is_not_thought_gone(office):
    load(office, file_of({}, {}))
    _, seen = enrol.check(content=file_of({}, {"身份证件号": 5.2e17}), file_name="花名册.xlsx", by=office)
    assert seen.difference.gone == [] and seen.counts["blocked"] == 1


def test_who_left_is_said_by_a_person_and_so_is_who_is_here_again(office):
    load(office, file_of({}, {}))
    left = Pupil.objects.get(name="陈小满")
    enrol.leave(pupil=left, on=DAY, by=office)
    enrol.leave(pupil=left, on=DAY, by=office)
    assert (
        Pupil.objects.on_roll(DAY).count() == 1 and Event.objects.filter(verb="enrol.pupil_left").count() == 1
    )
    intake, seen = enrol.check(content=file_of({}, {}), file_name="花名册.xlsx", by=office)
    assert seen.difference.counts == {"new": 0, "changed": 0, "same": 1, "gone": 0, "back": 1}
    enrol.load(intake=intake, by=office)  # a roll that lags behind brings nobody back by itself
    assert Pupil.objects.on_roll(DAY).count() == 1
    load(office, file_of({}, {}), back=[str(left.pk)], confirmed=True)
    left.refresh_from_db()
    assert left.left_on is None and Pupil.objects.on_roll(DAY).count() == 2


def test_more_than_a_tenth_changed_asks_for_a_second_word(office):
    load(office, file_of(*[{}] * 10))
    changed = file_of(*[{"班级": "三年级2班"}] * 2, *[{}] * 8)
    intake, _ = enrol.check(content=changed, file_name="花名册.xlsx", by=office)
    with pytest.raises(enrol.TooManyChanges, match="10 名学生里有 2 名会改动"):
        enrol.load(intake=intake, by=office)
    intake.refresh_from_db()
    assert intake.state == "checked" and not Event.objects.filter(verb="enrol.pupil_changed").exists()
    assert enrol.load(intake=intake, by=office, confirmed=True).state == "loaded"


# --- who is who ---------------------------------------------------------------------------------------


def test_a_child_is_known_by_id_number_whatever_else_changed(office):
    load(office, file_of({}))
    load(office, file_of({"姓名": "陈大满", "班级": "四年级1班"}), confirmed=True)
    assert only_pupil().name == "陈大满" and only_pupil().sort_key == "chen da man"


def test_a_child_is_known_by_roll_number_where_no_id_number_was(office):
    roll_no = "L522301201803150021"
    load(
        office,
        file_of({"身份证件号": "", "学籍号": roll_no, "出生日期": "20180315"}, 学籍号=None, 出生日期=None),
    )
    load(office, file_of({"学籍号": roll_no}, 学籍号=None), confirmed=True)
    assert only_pupil().id_number.reveal() == number(0)


def test_a_child_is_known_by_name_and_birth_where_no_number_says_otherwise(office):
    load(office, file_of({"身份证件号": "", "出生日期": "20180315"}, 出生日期=None))
    load(office, file_of({}), confirmed=True)
    assert only_pupil().id_number.reveal() == number(0)


def test_a_slip_in_the_id_number_is_a_change_in_the_same_class_and_a_question_in_another(office):
    load(office, file_of({}))
    _, seen = enrol.check(content=file_of({"身份证件号": number(40)}), file_name="花名册.xlsx", by=office)
    assert set(seen.difference.changed[0].fields) == {"id_number"}
    _, seen = enrol.check(
        content=file_of({"身份证件号": number(40), "班级": "三年级2班"}), file_name="花名册.xlsx", by=office
    )
    assert seen.difference.counts == {"new": 0, "changed": 0, "same": 0, "gone": 0, "back": 0}
    assert "同名、同一天出生" in seen.faults[0].what and seen.counts["blocked"] == 1


def test_twins_with_one_name_are_never_merged(office):
    load(office, file_of({"姓名": "王浩"}, {"姓名": "王浩"}))
    assert Pupil.objects.count() == 2
    _, seen = enrol.check(
        content=file_of({"姓名": "王浩", "身份证件号": "", "出生日期": "20180315"}, 出生日期=None),
        file_name="花名册.xlsx",
        by=office,
    )
    assert len(seen.faults) == 2 and not seen.difference.changed  # no papers, and nobody can tell who it is


# --- when they came -----------------------------------------------------------------------------------


def test_a_child_who_comes_during_the_year_joined_today_and_a_beginner_on_the_first_day(office):
    load(office, file_of({}))
    load(office, file_of({}, {}))
    assert Pupil.objects.get(name="陈小二").joined_on == DAY
    september = office.on(date(2026, 9, 10))
    load(september, file_of({}, {}, {"班级": "一年级1班"}))
    assert Pupil.objects.get(name="陈小三").joined_on == date(2026, 9, 1)


# --- who may, and what is refused ---------------------------------------------------------------------


def test_only_those_who_see_the_whole_roll_may_import(cast):
    teacher = cast.viewer(cast.homeroom)
    with pytest.raises(enrol.NotRollKeeper):
        enrol.check(content=file_of({}), file_name="a.xlsx", by=teacher)
    intake, _ = enrol.check(content=file_of({}), file_name="a.xlsx", by=cast.viewer(cast.officer))
    with pytest.raises(enrol.NotRollKeeper):
        enrol.load(intake=intake, by=teacher)
    with pytest.raises(enrol.NotRollKeeper):
        enrol.leave(pupil=cast.pupils[0], on=DAY, by=teacher)


@pytest.mark.parametrize(
    "content, said",
    [(b"", "空"), (b"%PDF-1.7", "PDF"), (workbooks.xlsx(("表", [["甲"], ["乙"]])), "没有找到花名册的表头")],
)
def test_a_file_that_is_no_roll_is_refused_and_leaves_nothing_behind(office, content, said):
    with pytest.raises(enrol.NotReadable, match=said):
        enrol.check(content=content, file_name="a.xlsx", by=office)
    assert not Intake.objects.exists()


def test_a_file_with_faulty_rows_only_loads_nothing(office):
    intake, _ = enrol.check(content=file_of({"身份证件号": "1"}), file_name="a.xlsx", by=office)
    with pytest.raises(enrol.NothingToLoad):
        enrol.load(intake=intake, by=office)
    intake.refresh_from_db()
    assert intake.state == "checked"


def test_sound_rows_load_and_the_faulty_ones_come_back_marked(office):
    intake = load(office, file_of({}, {"身份证件号": "1"}))
    assert Pupil.objects.count() == 1 and intake.content
    assert enrol.marked_workbook(intake=intake, by=office).startswith(b"PK")


def test_a_clean_file_is_dropped_once_loaded(office):
    assert load(office, file_of({})).content is None
