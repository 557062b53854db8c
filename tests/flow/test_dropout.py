"""Files of children out of school, the three comparisons and the month's report: said by people, proven, never dropped."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bangfu.engine.schooling import CannotFollow, Move, NoProof, NotYetTalked
from bangfu.flow import attendance, catchment, dropout, dropout_papers, record, report, schooling, watch
from bangfu.flow.company import Company
from bangfu.records.models import (
    AppendOnly,
    CatchmentChild,
    DifferenceAnswer,
    DropoutFile,
    Event,
    Evidence,
    FactStatement,
    Guardian,
    Pupil,
    SchoolingReport,
)
from tests import factories
from tests.cast import DAY
from tests.exchange.workbooks import xlsx

pytestmark = pytest.mark.django_db
SINCE = date(2026, 10, 12)


def opened(cast, at=0, by=None, **more):
    opening = dropout.Opening(SINCE, **more)
    return dropout.open_file(about=cast.pupils[at], opening=opening, by=cast.viewer(by or cast.homeroom))


def step(cast, file, state, by=None, **more):
    return dropout.move(
        file=file, move=Move(state, DAY, **more), by=cast.viewer(by or cast.principal), said="说明"
    )


def talked(cast, file):
    talk = dropout.Talk(
        DAY, "visit", "has_difficulties", "李秋月、村主任", "奶奶", "奶奶腿脚不便", "约好周五再去"
    )
    return dropout.talk(file=file, talk=talk, by=cast.viewer(cast.homeroom))


def test_a_button_pressed_twice_writes_one_talk_and_another_school_none(cast):
    file = opened(cast)
    assert talked(cast, file) == talked(cast, file) and file.persuasions.count() == 1
    stranger = cast.viewer(cast.outsider)
    with pytest.raises(dropout.NotYours):
        dropout.talk(file=file, talk=dropout.Talk(DAY, "call", "willing", "", "", "", ""), by=stranger)


def test_weeks_of_absence_open_no_file_by_themselves(cast):
    for back in range(3, 8):
        day = DAY - timedelta(days=back)
        if day.weekday() < 5 and day > date(2026, 10, 7):
            away = [attendance.Away(cast.pupils[0].pk)]
            attendance.call(school_class=cast.class_two, day=day, away=away, by=cast.viewer(cast.homeroom))
    assert not DropoutFile.objects.exists()


def test_a_file_goes_from_suspicion_to_proof_and_every_step_stays(cast):
    file = opened(cast, reason="family", said="两天没联系上", partner="镇张干事")
    assert file.minder == cast.homeroom and str(file.partner) == "••••"
    with pytest.raises(dropout.ForKeepers):
        step(cast, file, "dropout", by=cast.homeroom)
    step(cast, file, "dropout")
    with pytest.raises(NotYetTalked):
        step(cast, file, "persuaded")
    talked(cast, file)
    step(cast, file, "persuaded", by=cast.homeroom)
    step(cast, file, "returned", by=cast.homeroom)
    with pytest.raises(NoProof):
        step(cast, file, "closed")
    last = step(cast, file, "closed", proof_kind="seen_in_class", proof="10月15日到班，班主任核实")
    assert [one.state for one in file.steps.order_by("at")] == [
        "suspected_dropout", "dropout", "persuaded", "returned", "closed",
    ]  # fmt: skip
    assert last.proof.reveal().startswith("10月15日")
    with pytest.raises(CannotFollow):
        step(cast, file, "returned")
    with pytest.raises(AppendOnly):
        last.save()
    with pytest.raises(AppendOnly):
        file.steps.update(state="returned")


def test_the_trail_says_that_something_happened_and_not_what_the_family_said(cast):
    file = opened(cast, said="听说去了广东")
    talked(cast, file)
    told = str(list(Event.objects.values_list("changes", flat=True)))
    assert "广东" not in told and "腿脚" not in told


def test_one_child_has_one_open_file_and_a_new_one_after_it_is_closed(cast):
    file = opened(cast)
    with pytest.raises(dropout.AlreadyOpen):
        opened(cast)
    step(cast, file, "returned")
    step(cast, file, "closed", proof_kind="seen_in_class", proof="到班核实")
    assert opened(cast).pk != file.pk


@pytest.mark.parametrize("who", ["neighbour", "outsider"])
def test_people_who_do_not_answer_for_the_child_write_nothing(cast, who):
    staff = getattr(cast, who)
    with pytest.raises(dropout.NotYours):
        opened(cast, by=staff)
    file = opened(cast)
    with pytest.raises(dropout.NotYours):
        step(cast, file, "returned", by=staff)
    assert not DropoutFile.objects.visible_to(cast.viewer(staff)).exists()


def test_watched_groups_stand_first_and_are_printed_only_for_those_who_may_read_them(cast):
    opened(cast, 0), opened(cast, 1)
    FactStatement.objects.create(
        pupil=cast.pupils[1], values={"orphan": True}, source="list", stated_on=SINCE, known_at="2026-10-12T08:00+08:00"
    )
    for staff, words in ((cast.principal, "孤儿"), (cast.officer, None)):
        viewer = cast.viewer(staff)
        if not words:
            viewer = replace(viewer, grants=tuple(g for g in viewer.grants if g.role == "roll_officer"))
        rows = dropout_papers.rows_of(DropoutFile.objects.visible_to(viewer), viewer)
        assert [row["name"] for row in rows] == ["罗天佑", "陈小满"]
        assert rows[0]["group"] == (words or "")
    assert watch.groups([cast.pupils[0].pk], DAY) == {}


def roll_list(*rows):
    head = ["姓名", "性别", "出生日期", "身份证号", "监护人", "村"]
    return xlsx(("适龄儿童", [head, *rows]))


def take(cast, content, kind="school_age", by=None):
    paper = catchment.ListPaper(kind, content, "list.xlsx", "平坝村", date(2026, 9, 1))
    return catchment.take_list(paper=paper, by=cast.viewer(by or cast.officer))


CHILD = ["王小溪", "女", "20190312", "", "王大山", "平坝村"]


@pytest.fixture
def listed(cast):
    """A list with one child of the roll, known by number, and one nobody enrolled."""
    pupil = Pupil.objects.get(pk=cast.pupils[0].pk)
    pupil.id_number = "522321201611030026"
    pupil.birth_on, pupil.sex = date(2016, 11, 3), "2"
    pupil.save()
    known = [pupil.name, "女", "20161103", "522321201611030026", "", "平坝村"]
    return take(cast, roll_list(known, CHILD))


def test_a_listed_child_not_on_the_roll_is_named_until_somebody_answers(cast, listed):
    seen = catchment.compared(cast.viewer(cast.officer))
    assert [(one.name, one.guardian, one.is_settled) for one in seen.never_enrolled] == [
        ("王小溪", "王大山", False)
    ]
    assert (seen.enrolled, seen.of_age, seen.open) == (1, 2, 1)
    child = seen.never_enrolled[0]
    tell = {"kind": "never_enrolled", "subject_id": child.subject_id, "by": cast.viewer(cast.officer)}
    with pytest.raises(catchment.NoSuchAnswer):
        catchment.answer(answer="not_poor", said="", **tell)
    catchment.answer(answer="being_traced", said="电话没人接", **tell)
    assert catchment.compared(cast.viewer(cast.officer)).open == 1
    catchment.answer(answer="another_school", said="县一小，奶奶说的", **tell)
    seen = catchment.compared(cast.viewer(cast.officer))
    assert (seen.enrolled, seen.of_age, seen.open) == (2, 2, 0)
    assert seen.never_enrolled[0].answer.by == cast.officer


def test_too_young_is_not_counted_and_everybody_else_is(cast, listed):
    child = catchment.compared(cast.viewer(cast.officer)).never_enrolled[0]
    catchment.answer(
        kind="never_enrolled",
        subject_id=child.subject_id,
        answer="too_young",
        said="",
        by=cast.viewer(cast.officer),
    )
    seen = catchment.compared(cast.viewer(cast.officer))
    assert (seen.enrolled, seen.of_age) == (1, 1)


def test_a_list_is_sealed_taken_once_and_can_be_taken_back(cast, listed):
    child = CatchmentChild.objects.get(at_row=2)
    assert str(child.name) == "••••" and child.name.reveal() == "王小溪"
    known = [
        Pupil.objects.get(pk=cast.pupils[0].pk).name,
        "女",
        "20161103",
        "522321201611030026",
        "",
        "平坝村",
    ]
    content = roll_list(known, CHILD)
    take(cast, content, "exited_poor")
    with pytest.raises(catchment.AlreadyThere):
        take(cast, content, "exited_poor")
    with pytest.raises(dropout.ForKeepers):
        take(cast, roll_list(CHILD), by=cast.homeroom)
    catchment.take_back(catchment_list=listed, by=cast.viewer(cast.officer))
    assert catchment.compared(cast.viewer(cast.officer)).listed is None


def test_a_file_that_is_no_list_is_refused_in_a_sentence(cast):
    with pytest.raises(catchment.NotReadable):
        take(cast, b"no table at all \x00")


def test_a_child_never_enrolled_gets_a_file_of_its_own_and_is_held_against_the_poor_list(cast, listed):
    child = CatchmentChild.objects.get(at_row=2)
    file = dropout.open_file(about=child, opening=dropout.Opening(SINCE), by=cast.viewer(cast.officer))
    assert catchment.compared(cast.viewer(cast.officer)).never_enrolled[0].file_id == file.pk
    opened(cast, 0)
    assert catchment.compared(cast.viewer(cast.officer)).poor == [], "a list that names neither of them"


def test_a_listed_child_of_no_roll_is_found_on_the_poor_list_by_number(cast):
    row = ["王小溪", "女", "20190312", "522321201903120028", "王大山", "平坝村"]
    take(cast, roll_list(row))
    child = CatchmentChild.objects.get()
    file = dropout.open_file(about=child, opening=dropout.Opening(SINCE), by=cast.viewer(cast.officer))
    take(cast, roll_list(row), "exited_poor")
    seen = catchment.compared(cast.viewer(cast.officer))
    assert seen.poor == [(file.pk, "王小溪")] and seen.poor_on == date(2026, 9, 1)


def test_where_a_child_who_came_with_its_family_has_gone_is_found_out_and_stands_in_the_ledger(cast):
    factories.plan(cast.school, key="mentors")
    child = factories.case(cast.pupils[0], of=("mentors", "incoming")).pupil
    for day in (SINCE, DAY):
        away = [attendance.Away(child.pk)]
        attendance.call(school_class=cast.class_two, day=day, away=away, by=cast.viewer(cast.homeroom, day))
    assert [one.name for one in catchment.compared(cast.viewer(cast.principal)).away] == ["陈小满"]
    file = opened(cast)
    by = cast.viewer(cast.principal)
    dropout.move(file=file, move=Move("transferred", DAY), said="随父母回六枝，进了平坝村小学", by=by)
    assert catchment.compared(by).open == 0
    step(cast, file, "closed", proof_kind="roll_elsewhere", proof="平坝村小学已接收学籍")
    said = text_of(dropout_papers.ledger(key="dropout_ledger", form="xlsx", by=by))
    assert "陈小满" in said and "平坝村小学" in said and "已接收学籍" in said


def test_a_list_is_linked_again_when_the_roll_changed_and_answers_stay(cast, listed):
    by = cast.viewer(cast.officer)
    answer = {"kind": "never_enrolled", "subject_id": CatchmentChild.objects.get(at_row=2).pk, "by": by}
    catchment.answer(answer="being_traced", said="电话没人接", **answer)
    assert catchment.link_again(catchment_list=listed, by=by) == 0, "the roll is the same"
    new = factories.pupil(cast.class_two, "王小溪")
    Pupil.objects.filter(pk=new.pk).update(birth_on=date(2019, 3, 12), sex="2")
    Guardian.objects.filter(pupil=new, position=1).update(name="王大山")
    first = CatchmentChild.objects.get(at_row=1)
    Pupil.objects.filter(pk=first.pupil_id).update(left_on=DAY, left_because="transferred")
    assert catchment.link_again(catchment_list=listed, by=by) == 1
    assert CatchmentChild.objects.get(at_row=2).pupil == new
    assert CatchmentChild.objects.get(at_row=1).pupil_id == first.pupil_id, "who left is still who they were"
    assert catchment.link_again(catchment_list=listed, by=by) == 0
    assert DifferenceAnswer.objects.get().answer == "being_traced"
    assert Event.objects.filter(verb="catchment.link_again").count() == 1


def test_linking_again_is_for_keepers_and_for_lists_that_stand(cast, listed):
    with pytest.raises(dropout.ForKeepers):
        catchment.link_again(catchment_list=listed, by=cast.viewer(cast.homeroom))
    catchment.take_back(catchment_list=listed, by=cast.viewer(cast.officer))
    with pytest.raises(catchment.TakenBack):
        catchment.link_again(catchment_list=listed, by=cast.viewer(cast.officer))


def test_on_the_roll_and_away_for_three_days_is_a_difference_to_answer(cast):
    for day in (SINCE, DAY):
        attendance.call(
            school_class=cast.class_two,
            day=day,
            away=[attendance.Away(cast.pupils[0].pk)],
            by=cast.viewer(cast.homeroom, day),
        )
    seen = catchment.compared(cast.viewer(cast.principal))
    assert [one.name for one in seen.away] == ["陈小满"] and seen.open == 1
    catchment.answer(
        kind="away",
        subject_id=cast.pupils[0].pk,
        answer="with_leave",
        said="住院",
        by=cast.viewer(cast.principal),
    )
    assert catchment.compared(cast.viewer(cast.principal)).open == 0


def test_the_month_says_nobody_and_is_confirmed_once_by_a_leader(cast):
    factories.plan(cast.school, key="whole_school")
    first = schooling.months(cast.viewer(cast.principal))
    assert [(one.key, one.is_late) for one in first] == [("2026-10", False), ("2026-09", True)]
    with pytest.raises(schooling.NotToConfirm):
        schooling.confirm(month="2026-10", by=cast.viewer(cast.officer))
    row = schooling.confirm(month="2026-10", by=cast.viewer(cast.deputy_head))
    assert schooling.is_nil(row.content) and row.content["roll"] == 9
    assert schooling.confirm(month="2026-10", by=cast.viewer(cast.principal)).pk == row.pk
    assert SchoolingReport.objects.count() == 1
    assert [one.activities for one in Evidence.objects.filter(whole_school=True)] == [["enrolment_report"]]
    with pytest.raises(schooling.NoSuchMonth):
        schooling.confirm(month="2026-11", by=cast.viewer(cast.principal))


def test_a_report_keeps_figures_and_files_and_no_names(cast):
    file = opened(cast)
    row = schooling.confirm(month="2026-10", by=cast.viewer(cast.principal))
    assert not schooling.is_nil(row.content) and row.content["suspected"] == 1
    assert row.content["files"] == [{"file": str(file.pk), "state": "suspected_dropout"}]
    assert "陈小满" not in str(row.content)


def test_everyone_ever_helped_is_counted_and_who_left_without_a_word_is_named(cast):
    factories.plan(cast.school, key="whole_school")
    for at in range(4):
        factories.case(cast.pupils[at], of=("whole_school", "hard_up"))
    Pupil.objects.filter(pk=cast.pupils[1].pk).update(left_on=DAY, left_because="transferred")
    Pupil.objects.filter(pk=cast.pupils[2].pk).update(left_on=DAY, left_because="")
    step(cast, opened(cast, 3, reason="poverty"), "dropout")
    found = next(one for one in schooling.kept(cast.viewer(cast.principal)) if one.ever == 4)
    assert (found.here, found.traced, found.gone, found.because_poor) == (1, 1, 1, 1)
    assert [name for _pk, name in found.untraced] == ["杨朵朵"]
    assert found.going_on == 2


def test_a_child_taught_at_home_has_one_teacher_and_lessons_are_counted_from_records(cast):
    file = opened(cast)
    step(cast, file, "home_teaching")
    wanted = dropout.AtHome(DAY, 30, "认字、穿衣")
    row = dropout.plan_home_teaching(
        pupil=cast.pupils[0], teacher=cast.attached, wanted=wanted, by=cast.viewer(cast.principal)
    )
    for lessons in ("2课时", "3课时"):
        along = Company(staff_id=cast.homeroom.pk)
        entry = record.Entry(("home_teaching",), DAY, answers={"lessons": lessons}, company=along)
        record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.attached))
    assert [lessons for _one, lessons in dropout_papers.visits_of(row)] == [2, 3]
    assert (
        dropout_papers.home_teaching(row=row, form="docx", by=cast.viewer(cast.principal)).content[:2]
        == b"PK"
    )
    dropout.plan_home_teaching(
        pupil=cast.pupils[0], teacher=cast.homeroom, wanted=wanted, by=cast.viewer(cast.principal)
    )
    assert cast.pupils[0].home_teachings.filter(ends_on=None).count() == 1


@pytest.mark.parametrize("key", ["persuasion_log", "dropout_report", "return_notice"])
def test_papers_about_a_child_are_drawn_with_neutral_names(cast, key):
    file = opened(cast)
    talked(cast, file)
    made = dropout_papers.of_file(file=file, key=key, form="docx", by=cast.viewer(cast.homeroom))
    assert made.content[:2] == b"PK" and "陈小满" not in made.name and "辍" not in made.name


@pytest.mark.parametrize("key", ["school_age_ledger", "suspected_ledger", "dropout_ledger"])
def test_three_ledgers_are_for_those_who_answer_for_them(cast, listed, key):
    opened(cast, 1)
    assert dropout_papers.ledger(key=key, form="xlsx", by=cast.viewer(cast.officer)).content[:2] == b"PK"
    with pytest.raises(dropout_papers.NotForYou):
        dropout_papers.ledger(key=key, form="xlsx", by=cast.viewer(cast.homeroom))


def test_the_months_paper_says_nobody_in_so_many_words(cast):
    made = dropout_papers.monthly(month="2026-10", form="xlsx", by=cast.viewer(cast.principal))
    assert "无" in text_of(made)
    opened(cast)
    assert "陈小满" in text_of(
        dropout_papers.monthly(month="2026-10", form="xlsx", by=cast.viewer(cast.principal))
    )


def text_of(made: report.Download) -> str:
    from bangfu.exchange import sheets

    return str([row for sheet in sheets.read(made.content, made.name).sheets for row in sheet.rows])


def test_an_absence_the_class_can_explain_is_named_but_asks_for_no_answer(cast):
    for day in (SINCE, DAY):
        away = [attendance.Away(cast.pupils[0].pk, "ill")]
        attendance.call(school_class=cast.class_two, day=day, away=away, by=cast.viewer(cast.homeroom, day))
    seen = catchment.compared(cast.viewer(cast.principal))
    assert [(one.name, one.is_settled) for one in seen.away] == [("陈小满", True)] and seen.open == 0
