"""Screening results: whose row is whose, what is left out and why, and that no score leaves the wall."""

from datetime import date, timedelta

import pytest
from django.db import connection

from bangfu.engine import identity
from bangfu.flow import care, care_advice, care_notes, care_screening
from bangfu.records.models import Pupil, Referral, ScreeningResult
from bangfu.records.seal import blind
from tests.cast import DAY
from tests.exchange import workbooks
from tests.flow.care_school import school

__all__ = ["school"]
pytestmark = pytest.mark.django_db
HEAD = ["序号", "姓名", "班级", "睡眠分", "总分"]


ROLL = ["姓名", "身份证号", "总分"]
NAMED = ["姓名", "年级", "班级", "总分"]


def number_of(pupil, digits: str) -> str:
    """The child gets this number on our roll; the last character is worked out."""
    full = digits + identity.check_digit(digits)
    Pupil.objects.filter(pk=pupil.pk).update(id_number_index=blind(full, "id_number"))
    return full


def bring(school, *rows, head=HEAD, by=None):
    content = workbooks.xlsx(("结果", [["学生心理测评结果"], head, *[list(row) for row in rows]]))
    return care_screening.bring(content=content, file_name="结果.xlsx", by=by or school.by)


def test_results_come_in_as_the_file_is_and_only_who_brought_them_opens_them(school):
    made = bring(school, (1, "陈小满", "三年级2班", 17, 61), (2, "罗天佑", "三年级2班", 3, 20))
    assert (made.count, made.faults) == (2, ())
    kept = {one.pupil.name: says for one, says in care_screening.kept(school.by)}
    assert kept["陈小满"] == {"睡眠分": "17", "总分": "61"}
    assert care_screening.kept(school.viewer(school.feng)) == []
    with pytest.raises(care.NotYours):
        care_screening.kept(school.viewer(school.cast.principal))
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM records_screeningresult")
        assert not any("睡眠" in row[0] or row[0] == "61" for row in cursor.fetchall())


def test_brought_in_again_the_latest_stands(school):
    bring(school, (1, "陈小满", "三年级2班", 17, 61))
    bring(school, (1, "陈小满", "三年级2班", 9, 40))
    ((one, says),) = care_screening.kept(school.by)
    assert says["总分"] == "40" and ScreeningResult.objects.get() == one


def test_a_row_of_nobody_or_of_two_is_left_out_with_its_place_and_reason(school):
    type(school.cast.pupils[1]).objects.filter(pk=school.cast.others[0].pk).update(name="陈小满")
    made = bring(
        school,
        (1, "陈小满", "", 17, 61),
        (2, "没有这人", "三年级2班", 3, 20),
        (3, "陈小满", "三年级1班", 5, 9),
    )
    assert made.count == 1 and ScreeningResult.objects.get().pupil == school.cast.others[0]
    assert [(one.where, "同名" in one.what or "没有" in one.what) for one in made.faults] == [
        ("结果 第3行", True),
        ("结果 第4行", True),
    ]


def test_a_file_without_names_or_no_file_at_all_says_so(school):
    assert "姓名" in bring(school, (1, 2), head=["甲", "乙"]).faults[0].what
    broken = care_screening.bring(content=b"", file_name="空.xlsx", by=school.by)
    assert broken.count == 0 and broken.faults


def test_the_class_teacher_learns_one_sentence_and_no_score(school):
    bring(school, (1, "陈小满", "三年级2班", 17, 61))
    care_advice.tell(result=ScreeningResult.objects.get(), text="请多留意睡眠", by=school.by)
    told = care_advice.told(school.cast.pupils[0].pk, school.viewer(school.cast.homeroom))
    assert [one.text.reveal() for one in told] == ["请多留意睡眠"]
    with pytest.raises(care.NotYours):
        care_advice.tell(
            result=ScreeningResult.objects.get(), text="x", by=school.viewer(school.cast.homeroom)
        )


def test_handed_over_the_result_goes_along(school):
    case = school.case()
    bring(school, (1, "陈小满", "三年级2班", 17, 61))
    care.hand_over(cases=[case], to=school.feng, by=school.by)
    ((one, says),) = care_screening.kept(school.viewer(school.feng))
    assert says["总分"] == "61" and one.brought_on == DAY and care_screening.kept(school.by) == []


def test_handed_over_the_later_of_two_results_stays(school):
    case, feng = school.case(), school.viewer(school.feng)
    bring(school, (1, "陈小满", "三年级2班", 17, 61))
    bring(school, (1, "陈小满", "三年级2班", 9, 40), by=school.viewer(school.feng, DAY + timedelta(days=1)))
    care.hand_over(cases=[case], to=school.feng, by=school.by)
    ((_one, says),) = care_screening.kept(feng)
    assert says["总分"] == "40" and ScreeningResult.objects.count() == 1


def test_a_number_of_somebody_else_never_lands_on_a_child_of_the_same_name(school):
    first, second = school.cast.pupils[:2]
    mine, other = number_of(first, "52232120180101001"), "52232120180202002"
    other += identity.check_digit(other)
    made = bring(school, ("陈小满", other, 61), head=ROLL)
    assert made.count == 0 and "号码" in made.faults[0].what and not ScreeningResult.objects.exists()
    assert bring(school, ("小满", mine, 61), head=ROLL).count == 1
    assert ScreeningResult.objects.get().pupil == first
    Pupil.objects.filter(pk=second.pk).update(id_number_index="")  # the roll knows no number: the name stands
    assert bring(school, ("罗天佑", other, 20), head=ROLL).count == 1
    assert bring(school, ("罗天佑", "0217", 20), head=ROLL).count == 1  # a number of the school's own is none


def test_the_grade_in_a_column_of_its_own_and_a_class_without_a_grade_tell_namesakes_apart(school):
    Pupil.objects.filter(pk=school.cast.others[0].pk).update(name="陈小满")
    for grade, of_class, count in (
        ("三年级", "2班", 1),
        ("3", "(2)", 1),
        ("", "2班", 1),
        ("四年级", "2班", 0),
    ):
        made = bring(school, ("陈小满", grade, of_class, 61), head=NAMED)
        assert made.count == count, (grade, of_class)
    ((one, says),) = care_screening.kept(school.by)
    assert one.pupil == school.cast.pupils[0] and says == {"总分": "61"}


def test_two_rows_for_one_child_are_both_left_out_and_said(school):
    made = bring(
        school, (1, "陈小满", "", 17, 61), (2, "陈小满", "三年级2班", 3, 20), (3, "罗天佑", "", 5, 9)
    )
    assert made.count == 1 and ["两行" in one.what for one in made.faults] == [True, True]
    assert ScreeningResult.objects.get().pupil == school.cast.pupils[1]


def test_a_name_in_another_class_than_the_file_says_is_another_child(school):
    made = bring(school, (1, "陈小满", "四年级1班", 17, 61))
    assert made.count == 0 and len(made.faults) == 1 and not ScreeningResult.objects.exists()


def test_screening_and_answers_without_a_case_are_forgotten_too(school):
    bring(school, (1, "陈小满", "三年级2班", 17, 61))
    care.answer(referral=school.referred(1), text="先每天问候一句", by=school.by)
    care.set_rules(asks_family=True, keep_years=2, by=school.by)
    assert care_notes.to_forget(school.by) == 0
    gone = Pupil.objects.filter(pk__in=[one.pk for one in school.cast.pupils[:2]])
    gone.update(joined_on=date(2020, 9, 1), left_on=DAY - timedelta(days=800))
    assert care_notes.to_forget(school.by) == 2 == care_notes.forget(by=school.by)
    assert ScreeningResult.objects.get().lock == "" == Referral.objects.get().lock
    assert care_notes.to_forget(school.by) == 0
