"""Taking an import back: as if it had not been, except for what others have built or changed since."""

from datetime import timedelta

import pytest
from django.db.models import SET_NULL

from bangfu.flow import clock, enrol, exclude, record, undo
from bangfu.records.models import (
    Enrolment,
    Event,
    FactStatement,
    Guardian,
    Intake,
    Pupil,
    RollCall,
    SchoolClass,
)
from tests import factories
from tests.cast import DAY
from tests.exchange.pupils import number
from tests.flow.test_enrol import file_of, load, office  # noqa: F401


def picture():
    """Everything the roll says, as plain values."""
    return (
        [
            (
                p.name,
                p.sort_key,
                p.birth_on,
                p.ethnicity,
                p.phone and p.phone.reveal(),
                p.id_number.reveal(),
                p.id_number_index,
                p.left_on,
            )
            for p in Pupil.objects.order_by("name")
        ],
        sorted(
            Enrolment.objects.values_list(
                "pupil__name", "school_class__number", "seat_no", "valid_from", "valid_to"
            )
        ),
        [
            (g.pupil.name, g.name, g.phone and g.phone.reveal(), g.phone_index)
            for g in Guardian.objects.order_by("pupil__name", "position")
        ],
        sorted(FactStatement.objects.values_list("pupil__name", "values"), key=str),  # of one load, in any order
        sorted(SchoolClass.objects.values_list("entry_year", "number")),
    )


FAMILY = {
    "联系电话": "13900000000",
    "民族": "汉",
    "成员1姓名": "陈大",
    "成员1联系电话": "13800000001",
    "就读方式": "走读",
}
SHIFTED = {
    "姓名": "陈大满", "联系电话": "13911111111", "民族": "苗", "成员1联系电话": "13822222222", "成员2姓名": "王二",
    "就读方式": "住校",
}  # fmt: skip


def test_everything_a_load_changed_is_put_back(office):  # noqa: F811
    load(office, file_of({}, {}, {}, **FAMILY))
    before = picture()
    after = load(
        office,
        file_of(
            SHIFTED, {"班级": "三年级2班", "班内学号": "5"}, {"身份证件号": number(77), "班内学号": "9"}, {"班级": "六年级1班"},
            **FAMILY, 成员2姓名=None, 班内学号=None,
        ),
        confirmed=True,
    )  # fmt: skip
    assert picture() != before
    counts = undo.undo(intake=after, by=office)
    assert picture() == before
    assert counts == {"gone": 1, "restored": 3, "kept": 0, "changed_since": 0}
    assert Event.objects.filter(verb="enrol.undo").count() == 1


def test_the_first_import_taken_back_leaves_an_empty_school(office):  # noqa: F811
    intake = load(office, file_of({}, {}, 是否孤儿="否", 成员1姓名="陈大"))
    undo.undo(intake=intake, by=office)
    assert picture() == ([], [], [], [], [])
    load(office, file_of({}, {}))
    assert Pupil.objects.count() == 2


def test_what_was_changed_again_since_stays(office):  # noqa: F811
    load(office, file_of({}, 民族="汉"))
    intake = load(office, file_of({}, 民族="苗"), confirmed=True)
    Pupil.objects.update(ethnicity="侗族")
    assert undo.undo(intake=intake, by=office)["changed_since"] == 1
    assert Pupil.objects.get().ethnicity == "侗族"


def test_a_child_somebody_has_built_on_stays(office):  # noqa: F811
    intake = load(office, file_of({}, {}))
    factories.case(Pupil.objects.get(name="陈小满"), by=office.staff)
    assert undo.undo(intake=intake, by=office) == {"gone": 1, "restored": 0, "kept": 1, "changed_since": 0}
    assert [pupil.name for pupil in Pupil.objects.all()] == ["陈小满"]


def test_an_import_is_taken_back_once_within_a_week_and_the_last_one_first(office):  # noqa: F811
    first = load(office, file_of({}))
    second = load(office, file_of({}, {}))
    with pytest.raises(undo.NotTheLast):
        undo.undo(intake=first, by=office)
    undo.undo(intake=second, by=office)
    with pytest.raises(undo.NotLoaded):
        undo.undo(intake=second, by=office)
    Intake.objects.filter(pk=first.pk).update(loaded_at=clock.now() - timedelta(days=8))
    with pytest.raises(undo.TooLate):
        undo.undo(intake=first, by=office)
    assert Pupil.objects.on_roll(DAY).count() == 1


def test_only_those_who_keep_the_roll_may_take_back(cast):
    intake = load(cast.viewer(cast.officer), file_of({}))
    with pytest.raises(enrol.NotRollKeeper):
        undo.undo(intake=intake, by=cast.viewer(cast.homeroom))


def test_a_class_something_was_recorded_about_stays(office):  # noqa: F811
    intake = load(office, file_of({}))
    of = SchoolClass.objects.get()
    entry = record.Entry(("group_activity",), DAY, school_class=of)
    record.add(
        entry=entry, by=factories.viewer(factories.staff(of.school, "王校长", "", ("principal", None)), DAY)
    )
    undo.undo(intake=intake, by=office)
    assert not Pupil.objects.exists() and SchoolClass.objects.get() == of


def test_a_class_whose_roll_was_called_stays_when_its_import_is_taken_back(office):  # noqa: F811
    intake = load(office, file_of({}, {}, **FAMILY))
    school_class = Enrolment.objects.filter(pupil__arrived_with=intake).first().school_class
    RollCall.objects.create(
        school=school_class.school, school_class=school_class, day=DAY, by=office.staff, at=clock.now()
    )
    undo.undo(intake=intake, by=office)
    assert SchoolClass.objects.filter(pk=school_class.pk).exists()


def test_whatever_is_kept_of_a_child_keeps_the_child_when_its_import_is_taken_back():
    """The roll itself goes with the import; a link that may be empty holds nobody."""
    of_the_roll = {Enrolment, Guardian, FactStatement}
    about = {
        one.related_model
        for one in Pupil._meta.get_fields(include_hidden=True)
        if one.auto_created and one.one_to_many and one.on_delete is not SET_NULL
    }
    assert about - of_the_roll == set(undo.BUILT_ON)


def test_a_child_somebody_left_out_with_a_reason_stays(office):  # noqa: F811
    intake = load(office, file_of({}, {}))
    head = factories.staff(office.school, "王校长", "", ("principal", None))
    pupil = Pupil.objects.get(name="陈小满")
    exclude.exclude(pupil=pupil, plan_key="", reason="已在县特教学校就读", by=factories.viewer(head, DAY))
    assert undo.undo(intake=intake, by=office)["kept"] == 1
    assert pupil.exclusions.count() == 1
