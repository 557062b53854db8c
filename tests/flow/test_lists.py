"""Lists of other offices: looked at first, loaded once, dated; nobody is said to be without need by absence."""

from datetime import date, timedelta

import pytest

from bangfu.flow import clock, enrol, lists
from bangfu.flow.lists import Answers
from bangfu.records.models import Event, FactStatement, HeadingMap, Intake, ListLeaver, ListMatch, Pupil
from tests import factories
from tests.cast import DAY
from tests.exchange import workbooks
from tests.exchange.lists import PARENT, household, plain
from tests.exchange.pupils import number, table

BIRTHS = ("20180315", "20171102", "20160520")
NAMES = (
    "陈小满",
    "罗天佑",
    "杨朵朵",
    "周子安",
    "何雨欣",
    "刘洋洋",
    "石头娃",
    "林一诺",
    "马小川",
    "吴清源",
    "郑思远",
    "孙明月",
)


@pytest.fixture
def office(db, settings):
    """A school with twelve children and whoever keeps its roll."""
    settings.DAY = DAY
    school = factories.school()
    by = factories.viewer(factories.staff(school, "何文", "he", ("roll_officer", None)), DAY)
    rows = [
        {"姓名": name, "身份证件号": number(at, BIRTHS[at % 3]), "村": "石坎村", "成员1姓名": f"{name[0]}大",
         "成员1身份证件号": number(at, "19850101"), "成员1联系电话": f"1390000{at:04d}"}
        for at, name in enumerate(NAMES)
    ]  # fmt: skip
    content = workbooks.xlsx(
        ("花名册", table(*rows, 村=None, 成员1姓名=None, 成员1身份证件号=None, 成员1联系电话=None))
    )
    intake, _ = enrol.check(content=content, file_name="花名册.xlsx", by=by)
    enrol.load(intake=intake, by=by)
    assert Pupil.objects.count() == 12
    return by


def row(at, **changed):
    """One child of the school as a list has it."""
    return {"姓名": NAMES[at], "身份证号码": number(at, BIRTHS[at % 3])} | changed


def received(by, key, rows, **answers):
    content = workbooks.xlsx(("名单", rows))
    return lists.check(content=content, file_name="名单.xlsx", key=key, by=by, answers=Answers(**answers))


def load(by, key, rows, confirmed=False, **answers):
    one, _ = received(by, key, rows, **answers)
    return lists.load(received=one, by=by, confirmed=confirmed)


def pupil(at):
    return Pupil.objects.get(name=NAMES[at])


def stated(at, source="list:dibao"):
    return [
        s.values for s in FactStatement.objects.filter(pupil=pupil(at), source=source).order_by("known_at")
    ]


def everything():
    """All a refused load could have touched."""
    return [
        list(model.objects.order_by("pk").values_list())
        for model in (FactStatement, ListMatch, ListLeaver, Event, HeadingMap)
    ]


FAR = number(71, "20120811", division="420106")
STRANGERS = (
    {"姓名": "欧阳远远", "身份证号码": FAR},
    {"姓名": "高大山", "身份证号码": number(72, "19700101")},
)


def test_checking_a_list_writes_nothing_about_any_child(office):
    before = everything()
    one, seen = received(office, "dibao", plain(row(0), *STRANGERS))
    assert everything() == before
    assert seen.counts | {"others": 2} == seen.counts and seen.counts["sure"] == 1 and seen.counts["new"] == 1
    assert one.intake.state == "checked" and one.intake.kind == "list"


def test_a_loaded_list_states_its_fact_with_source_day_and_import(office):
    one = load(office, "dibao", plain(row(0), *STRANGERS), stated_on=date(2026, 10, 8))
    (statement,) = FactStatement.objects.filter(source="list:dibao")
    assert (statement.pupil, statement.values, statement.stated_on, statement.intake) == (
        pupil(0), {"dibao": True}, date(2026, 10, 8), one.intake,
    )  # fmt: skip
    assert Event.objects.filter(verb="lists.load", intake=one.intake).count() == 1


def test_the_day_written_above_the_table_is_the_lists_day(office):
    one, _ = received(office, "dibao", household(row(0), day="填表日期：2026年9月30日"))
    assert one.stated_on == date(2026, 9, 30)


def test_a_list_of_tomorrow_is_refused(office):
    with pytest.raises(lists.NotYet):
        received(office, "dibao", plain(row(0)), stated_on=DAY + timedelta(days=1))
    assert not Intake.objects.filter(kind="list").exists()


def test_rows_about_others_are_kept_nowhere(office):
    one = load(office, "dibao", plain(row(0), *STRANGERS))
    one.intake.refresh_from_db()
    assert one.intake.content is None and not ListMatch.objects.exists()
    assert "欧阳远远" not in str(everything()) and FAR not in str(everything())


def test_a_child_nobody_named_has_no_statement_at_all(office):
    load(office, "dibao", plain(row(0)))
    assert stated(1) == []


def test_more_than_a_tenth_stops_and_asks_and_leaves_nothing(office):
    one, seen = received(office, "dibao", plain(row(0), row(1)))
    before = everything()
    assert seen.is_large
    with pytest.raises(lists.TooManyChanges, match="超过一成"):
        lists.load(received=one, by=office)
    assert everything() == before and Intake.objects.get(pk=one.intake_id).state == "checked"
    lists.load(received=one, by=office, confirmed=True)
    assert stated(1) == [{"dibao": True}]


def test_a_list_is_loaded_once(office):
    one = load(office, "dibao", plain(row(0)))
    with pytest.raises(enrol.AlreadyLoaded):
        lists.load(received=one, by=office)
    assert len(stated(0)) == 1


def test_the_same_list_again_changes_nothing_but_says_that_it_still_holds(office):
    load(office, "dibao", plain(row(0)), stated_on=date(2026, 9, 1))
    one, seen = received(office, "dibao", plain(row(0)), stated_on=date(2026, 10, 1))
    assert (seen.counts["new"], seen.counts["changed"], seen.counts["same"]) == (0, 0, 1)
    lists.load(received=one, by=office)
    assert len(stated(0)) == 2


def test_who_was_on_the_list_before_is_named_for_a_person_and_nothing_is_written_of_them(office):
    load(office, "dibao", plain(row(0), row(1)), confirmed=True, stated_on=date(2026, 9, 1))
    one, seen = received(office, "dibao", plain(row(0)), stated_on=date(2026, 10, 1))
    assert [leaver.child.pupil.name for leaver in seen.leavers] == [NAMES[1]]
    lists.load(received=one, by=office)
    assert ListLeaver.objects.get().pupil == pupil(1)
    assert stated(1) == [{"dibao": True}]


def test_a_row_that_says_the_help_has_stopped_is_for_a_person_too(office):
    load(office, "dibao", plain(row(0)), stated_on=date(2026, 9, 1))
    _, seen = received(
        office, "dibao", plain(row(0, 是否停发="是"), row(1, 是否停发="否")), stated_on=date(2026, 10, 1)
    )
    assert [leaver.child.pupil.name for leaver in seen.leavers] == [NAMES[0]] and seen.counts["new"] == 1


def test_an_older_list_lets_nobody_leave(office):
    load(office, "dibao", plain(row(0)), stated_on=date(2026, 10, 1))
    _, seen = received(office, "dibao", plain(row(1)), stated_on=date(2026, 9, 1))
    assert seen.leavers == []


def test_lists_of_another_kind_are_no_predecessors(office):
    load(office, "tekun", plain(row(0)), stated_on=date(2026, 9, 1))
    _, seen = received(office, "dibao", plain(row(1)), stated_on=date(2026, 10, 1))
    assert seen.leavers == []


def test_undoing_a_list_leaves_what_was_known_before(office):
    load(office, "dibao", plain(row(0)), stated_on=date(2026, 9, 1))
    before = everything()[0]
    one = load(
        office, "dibao", plain(row(1), row(2, 身份证号码="")), confirmed=True, stated_on=date(2026, 10, 1)
    )
    counts = lists.undo(received=one, by=office)
    assert everything()[0] == before and not ListMatch.objects.exists() and not ListLeaver.objects.exists()
    assert counts["stated"] == 1 and Intake.objects.get(pk=one.intake_id).state == "undone"
    with pytest.raises(lists.NotLoaded):
        lists.undo(received=one, by=office)


def test_a_list_can_be_undone_for_seven_days(office, monkeypatch):
    one = load(office, "dibao", plain(row(0)))
    late = clock.now() + timedelta(days=7, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    with pytest.raises(lists.TooLate):
        lists.undo(received=one, by=office)


def test_only_the_last_list_of_its_kind_is_undone(office):
    first = load(office, "dibao", plain(row(0)), stated_on=date(2026, 9, 1))
    load(office, "tekun", plain(row(1)), stated_on=date(2026, 9, 2))
    load(office, "dibao", plain(row(0)), stated_on=date(2026, 10, 1))
    with pytest.raises(lists.NotTheLast):
        lists.undo(received=first, by=office)


def test_a_household_list_names_the_child_of_a_grown_up_by_a_question_only(office):
    one = load(
        office,
        "dibao",
        household({"户编号": "1", "姓名": "陈大", "与户主关系": "户主", "身份证号码": number(0, "19850101")}),
    )
    match = ListMatch.objects.get(received=one)
    assert (match.pupil, match.how, stated(0)) == (pupil(0), "guardian", [])


def test_two_of_a_name_are_never_linked_by_the_name(office):
    one = load(office, "dibao", plain({"姓名": NAMES[0], "性别": "男"}))
    assert stated(0) == []
    assert not ListMatch.objects.filter(received=one, state="same").exists()


def test_a_teachers_list_may_name_children_of_a_class_by_name(office):
    rows = plain({"姓名": NAMES[0], "班级": "三年级1班"}, {"姓名": NAMES[1], "班级": "三年级2班"})
    load(office, "teacher", rows, fact="may_leave")
    assert stated(0, "list:teacher") == [{"may_leave": True}] and stated(1, "list:teacher") == []


def test_what_a_teachers_list_is_about_must_be_said_first(office):
    one, seen = received(office, "teacher", plain({"姓名": NAMES[0], "班级": "三年级1班"}))
    assert seen.asks_fact
    with pytest.raises(lists.NoFact):
        lists.load(received=one, by=office)
    lists.tell(received=one, answers=Answers(fact="may_leave"), by=office)
    lists.load(received=one, by=office)
    assert stated(0, "list:teacher") == [{"may_leave": True}]


def test_kinds_in_words_are_the_facts_of_each_row(office):
    rows = plain(row(0, 户类型="脱贫户"), row(1, 户类型="一般户"), row(2, 户类型="低保户、脱贫户"))
    load(office, "exited_poor", rows, confirmed=True)
    source = "list:exited_poor"
    assert stated(0, source) == [{"exited_poor": True}] and stated(1, source) == []
    assert stated(2, source) == [{"dibao": True, "exited_poor": True}]


def test_a_word_of_other_years_is_asked_once_and_remembered(office):
    one, seen = received(office, "exited_poor", plain(row(0, 户类型="监测户")), stated_on=date(2026, 10, 1))
    assert (
        seen.reading.words
        and seen.counts["blocked"] == 1
        and "2026" in next(iter(seen.reading.words.values()))
    )
    with pytest.raises(lists.NothingRead):
        lists.load(received=one, by=office)
    lists.tell(received=one, answers=Answers(words={"监测户": "monitored"}), by=office)
    lists.load(received=one, by=office)
    assert stated(0, "list:exited_poor") == [{"monitored": True}]
    _, seen = received(office, "exited_poor", plain(row(0, 户类型="监测户")), stated_on=date(2026, 10, 15))
    assert seen.reading.words == {}


def test_columns_a_person_named_are_known_the_next_time(office):
    rows = plain({"娃": NAMES[0], "证": number(0, BIRTHS[0]), "几班": "三年级1班"})
    one, seen = received(office, "other", rows, title="助学站名单", fact="dibao")
    assert not seen.reading.knows_name
    with pytest.raises(lists.NoNames):
        lists.load(received=one, by=office)
    lists.tell(
        received=one,
        answers=Answers(headings={"娃": "name", "证": "id_number", "几班": "", "怪": "none"}),
        by=office,
    )
    lists.load(received=one, by=office)
    assert stated(0, "list:other") == [{"dibao": True}]
    _, seen = received(office, "other", rows, title="助学站名单", fact="dibao")
    assert seen.reading.knows_name and HeadingMap.objects.get().headings == {
        "娃": "name",
        "证": "id_number",
        "几班": "",
    }
    _, seen = received(office, "other", rows, title="别的名单", fact="dibao")
    assert not seen.reading.knows_name


def test_a_child_of_ours_whom_the_list_puts_in_another_school_is_worth_a_look(office):
    _, seen = received(
        office, "dibao", plain(row(0, 就读学校="平坝村小学"), row(1, 就读学校="石坎镇中心小学"))
    )
    assert [(fault.row, fault.what) for fault in seen.faults] == [(2, "名单上写的是别的学校")]


def test_rows_that_should_be_ours_and_are_not_found_come_back_marked(office):
    _, seen = received(
        office,
        "dibao",
        plain({"姓名": "欧阳远远", "身份证号码": FAR, "就读学校": "石坎镇中心小学"}, *STRANGERS),
    )
    assert [(fault.row, fault.what) for fault in seen.faults] == [(2, "在学籍里没有找到这个孩子")]


def test_two_rows_of_one_child_that_disagree_are_worth_a_look(office):
    rows = plain(row(0, 监护情况="双方外出"), row(0, 监护情况="一方外出"))
    _, seen = received(office, "left_behind", rows)
    assert "说法不一样" in seen.faults[0].what and seen.counts["sure"] == 1


def test_a_list_put_away_leaves_no_file(office):
    one, _ = received(office, "dibao", plain(row(0)))
    lists.drop(received=one, by=office)
    one.intake.refresh_from_db()
    assert one.intake.state == "dropped" and one.intake.content is None
    with pytest.raises(enrol.AlreadyLoaded):
        lists.load(received=one, by=office)


def test_only_who_keeps_the_roll_may(office):
    teacher = factories.viewer(
        factories.staff(office.school, "李秋月", "li", ("homeroom_teacher", None)), DAY
    )
    one, _ = received(office, "dibao", plain(row(0)))
    for act in (
        lambda: received(teacher, "dibao", plain(row(0))),
        lambda: lists.load(received=one, by=teacher),
        lambda: lists.undo(received=one, by=teacher),
        lambda: lists.drop(received=one, by=teacher),
        lambda: lists.tell(received=one, answers=Answers(), by=teacher),
    ):
        with pytest.raises(lists.NotListKeeper):
            act()


def test_a_child_who_leaves_next_week_is_still_ours_today(office):
    enrol.leave(pupil=pupil(0), on=DAY + timedelta(days=7), by=office)
    load(office, "dibao", plain(row(0)))
    assert stated(0) == [{"dibao": True}]


def test_an_unknown_kind_is_refused(office):
    with pytest.raises(lists.WhichList):
        received(office, "nothing", plain(row(0)))


def test_what_a_parents_number_says_is_never_the_childs(office):
    one = load(office, "dibao", plain({"姓名": NAMES[0], "身份证号码": PARENT}, row(3)))
    assert stated(0) == [] and stated(3) == [{"dibao": True}] and one.intake.counts["sure"] == 1
