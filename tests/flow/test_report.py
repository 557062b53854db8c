"""Official papers from real rows: what stands in which cell, who may print what, and what is left in the trail."""

import io
from dataclasses import replace
from datetime import date

import docx as reader
import openpyxl
import pytest

from bangfu.flow import award, filing, identify, offer, record, report
from bangfu.flow.company import Company
from bangfu.flow.offer import Wanted
from bangfu.records.models import Event, Nomination, SurveyAnswer, TermSummary
from tests import factories
from tests.cast import DAY, Cast

TERM = "2026-2027-1"
BAND = Wanted("weekly_support", "band_list", TERM, band="mid")
RECORDS = Wanted("weekly_support", "support_record", TERM, month="2026-10")
PAIRS = Wanted("weekly_support", "pair_list", TERM)
CHECK = Wanted("weekly_support", "month_check", TERM, month="2026-10")
SUMMARY = Wanted("weekly_support", "term_summary", TERM)


@pytest.fixture
def school(cast: Cast) -> Cast:
    """Two children of 三（2）班 with helpers and some October records, one child of 三（1）班."""
    cast.first, cast.second = cast.case(0), cast.case(1, helper=cast.attached)
    cast.third = factories.case(cast.others[0], helper=cast.neighbour, by=cast.neighbour)
    first = cast.pupils[0]
    answers = {"about": ["心情", "作业"], "today": "平稳", "effect": "好一些"}
    note(cast, cast.homeroom, ("talk", "tutoring"), date(2026, 10, 8), first, "他说想把字写好。", **answers)
    answers = {"by": ["电话"], "about": ["在家表现"], "outcome": "reached"}
    note(cast, cast.homeroom, ("guardian_contact",), date(2026, 10, 12), first, **answers)
    note(
        cast,
        cast.attached,
        ("home_visit", "guardian_contact"),
        date(2026, 10, 13),
        cast.pupils[0],
        present=["祖辈"],
    )
    note(
        cast,
        cast.supervisor,
        ("interview",),
        date(2026, 10, 14),
        cast.pupils[0],
        "孩子说每周都聊",
        fulfilled=["落实"],
    )
    note(cast, cast.homeroom, ("talk",), date(2026, 9, 21), cast.pupils[0], "九月的事")
    return cast


def note(cast, author, activities, on, pupil, text="", reflection="", **answers):
    along = Company(alone_because="顺路")
    entry = record.Entry(activities, on, answers=answers, note=text, reflection=reflection, company=along)
    return record.add(entry=entry, pupils=[pupil], by=cast.viewer(author))


def printed(wanted, form, by):
    """(file name, titles, headings, rows) as a person reads the file; rows without 以下空白 and signatures."""
    made = report.export(wanted=wanted, form=form, by=by)
    if form == "xlsx":
        page = openpyxl.load_workbook(io.BytesIO(made.content)).active
        grid = [["" if c is None else c for c in row] for row in page.iter_rows(values_only=True)]
        titles, rows = [row[0] for row in grid[:2]], grid[2:-2]
    else:
        document = reader.Document(io.BytesIO(made.content))
        titles = [paragraph.text for paragraph in document.paragraphs[:2]]
        rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows][:-1]
    return made.name, titles, rows[0], rows[1:]


def test_the_band_list_holds_every_child_of_the_band_in_class_order(school):
    SurveyAnswer.objects.create(
        survey=identify.open_survey(school_class=school.class_two, plan=plan(school), term_key=TERM),
        pupil=school.pupils[0],
        answers={"keeping_up": "很吃力", "homework_done": False, "conduct": None},
        by=school.homeroom,
        at=factories.clock.now(),
    )
    type(school.first).objects.filter(pk=school.first.pk).update(
        category="academic",
        causes=["foundation", "parents_away"],
        cause_note="奶奶不识字",
        measures=["每天读十分钟"],
    )
    name, titles, headings, rows = printed(BAND, "xlsx", school.viewer(school.supervisor))
    assert name == "情况一览表_中年级_2026秋.xlsx"
    assert titles[0] == "待优生情况一览表"
    assert titles[1] == (
        "石坎镇中心小学　2026—2027学年第一学期　中年级\n"
        "年级组长：____________　包级领导：张国栋　制表日期：2026年10月15日"
    )
    assert headings == [
        "序号", "班级", "姓名", "性别", "年龄", "类型", "主要表现", "成因分析", "帮扶措施", "结对教师", "家长联系电话", "备注",
    ]  # fmt: skip
    assert [row[:3] for row in rows] == [
        [1, "三（1）班", "石头"],
        [2, "三（2）班", "陈小满"],
        [3, "三（2）班", "罗天佑"],
    ]
    assert rows[1][3:] == [
        "女", "", "学习", "学习情况很吃力，作业能完成：否", "基础没打牢、父母在外。奶奶不识字", "每天读十分钟",
        "李秋月", "100****5432", "",
    ]  # fmt: skip
    assert "每周谈心" in rows[2][8]


def test_xlsx_and_docx_of_one_paper_say_the_same(school):
    for wanted in (BAND, PAIRS, CHECK):
        by = school.viewer(school.supervisor)
        name, *sheet = printed(wanted, "xlsx", by)
        other, *page = printed(wanted, "docx", by)
        assert [name.removesuffix("xlsx"), sheet[:2]] == [other.removesuffix("docx"), page[:2]]
        assert [[said(cell) for cell in row] for row in sheet[2]] == page[2]


def said(cell):
    return f"{cell.year}年{cell.month}月{cell.day}日" if hasattr(cell, "year") else str(cell)


def test_the_support_record_tells_the_month_from_records(school):
    wanted = replace(RECORDS, case=school.first.pk)
    name, titles, headings, rows = printed(wanted, "docx", school.viewer(school.homeroom))
    assert name == "情况记录表_陈小满_10月.docx"
    assert titles == [
        "待优生帮扶情况记录表",
        "石坎镇中心小学　2026—2027学年第一学期　10月\n学生：陈小满　班级：三（2）班　帮扶教师：李秋月",
    ]
    assert headings == ["周次", "日期", "谈话内容", "辅导内容", "家长联系", "效果", "反思"]
    assert rows == [
        [
            "第6周",
            "2026年10月8日",
            "心情。他说想把字写好。（10月15日补记）",
            "作业",
            "",
            "孩子平稳，好一些",
            "",
        ],
        ["第7周", "2026年10月12日", "", "", "电话，在家表现，联系上了。（10月15日补记）", "", ""],
        ["第7周", "2026年10月13日", "", "", "家访：祖辈。（赵志远10月15日补记）", "", ""],
    ]


def test_the_check_stands_under_the_record_and_not_among_it(school):
    made = report.export(
        wanted=replace(RECORDS, case=school.first.pk), form="docx", by=school.viewer(school.homeroom)
    )
    foot = [paragraph.text for paragraph in reader.Document(io.BytesIO(made.content)).paragraphs][2]
    assert "检查人：张国栋　检查意见：落实，孩子说每周都聊　日期：2026年10月14日" in foot


def test_a_whole_term_and_all_children_come_as_one_file_with_a_sheet_each(school):
    made = report.export(wanted=replace(RECORDS, month=""), form="xlsx", by=school.viewer(school.supervisor))
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    assert made.name == "情况记录表_3张_全学期.xlsx"
    assert book.sheetnames == ["情况记录表_石头", "情况记录表_陈小满", "情况记录表_罗天佑"]
    assert book["情况记录表_陈小满"]["C4"].value == "九月的事。（10月15日补记）"
    assert book["情况记录表_罗天佑"]["A4"].value == "以下空白"


def test_the_list_of_pairs_says_who_helps_whom_since_when(school):
    _, _, headings, rows = printed(PAIRS, "docx", school.viewer(school.principal))
    assert headings[:6] == ["序号", "班级", "学生", "类型", "帮扶教师", "开始"]
    assert [row[1:3] + row[4:8] for row in rows] == [
        ["三（1）班", "石头", "孙丽", "2026年9月7日", "", "2026年9月8日"],
        ["三（2）班", "陈小满", "李秋月", "2026年9月7日", "", "2026年9月8日"],
        ["三（2）班", "罗天佑", "赵志远", "2026年9月7日", "", "2026年9月8日"],
    ]


def test_a_pair_that_was_handed_on_names_both_helpers(school):
    first = school.first.pairings.get()
    type(first).objects.filter(pk=first.pk).update(state="ended", valid_to=date(2026, 10, 9))
    factories.pair(school.first, school.attached, valid_from=date(2026, 10, 9))
    _, _, _, rows = printed(PAIRS, "docx", school.viewer(school.principal))
    assert rows[1][4] == "李秋月、赵志远"
    assert rows[1][5] == "2026年10月9日"


def test_the_month_check_counts_records_and_shows_the_talk(school):
    _, titles, _, rows = printed(CHECK, "docx", school.viewer(school.supervisor))
    assert titles[1].endswith("检查人：张国栋　检查日期：______年____月____日")
    assert rows[1] == [
        "2", "三（2）班", "陈小满", "李秋月", "3", "", "2026年10月14日", "落实", "孩子说每周都聊", "",
    ]  # fmt: skip
    assert rows[0][4] == "0"


def test_the_summary_is_counted_and_leaves_room_for_a_few_sentences(school):
    wanted = replace(SUMMARY, helper=school.homeroom.pk)
    name, _, _, rows = printed(wanted, "docx", school.viewer(school.homeroom))
    assert name == "学期总结_李秋月_2026秋.docx"
    assert rows == [
        ["帮扶的学生", "1 名：陈小满（三（2）班）"],
        ["谈心", "2 次"],
        ["辅导", "1 次"],
        ["联系家长", "1 次"],
        ["交月记录", "还没有交"],
        ["学期审定", "还没有审定"],
        ["表彰", "没有"],
        ["总结（300 字以内）", ""],
    ]
    TermSummary.objects.create(
        school=school.school, plan_key="weekly_support", helper=school.homeroom, term_key=TERM, text="他敢举手了。",
        at=factories.clock.now(),
    )  # fmt: skip
    assert printed(wanted, "docx", school.viewer(school.homeroom))[3][-1][1] == "他敢举手了。"


def test_one_record_about_two_children_counts_once_in_the_summary(school):
    both = school.case(2)
    entry = record.Entry(("talk",), date(2026, 10, 9))
    record.add(entry=entry, pupils=[both.pupil, school.first.pupil], by=school.viewer(school.homeroom))
    rows = printed(replace(SUMMARY, helper=school.homeroom.pk), "docx", school.viewer(school.homeroom))[3]
    assert rows[0][1].startswith("2 名：")
    assert rows[1] == ["谈心", "3 次"]


def test_withdrawn_and_amended_records_are_not_printed(school):
    wrong = note(school, school.homeroom, ("talk",), date(2026, 10, 9), school.pupils[0], "记错了")
    record.withdraw(evidence=wrong, by=school.viewer(school.homeroom))
    rows = printed(replace(RECORDS, case=school.first.pk), "docx", school.viewer(school.homeroom))[3]
    assert "记错了" not in str(rows)
    assert len(rows) == 3


@pytest.mark.parametrize("who", ["homeroom", "attached", "neighbour"])
def test_a_teacher_prints_only_the_children_of_the_own_class(school, who):
    _, _, _, rows = printed(BAND, "docx", school.viewer(getattr(school, who)))
    mine = ["石头"] if who == "neighbour" else ["陈小满", "罗天佑"]
    assert [row[2] for row in rows] == mine


@pytest.mark.parametrize("wanted", [BAND, RECORDS, PAIRS, CHECK, SUMMARY])
def test_the_office_and_the_outsider_print_nothing(school, wanted):
    with pytest.raises(report.NothingToPrint):
        report.export(wanted=wanted, form="xlsx", by=school.viewer(school.officer))
    with pytest.raises((report.NothingToPrint, offer.NoSuchPaper)):
        report.export(wanted=wanted, form="xlsx", by=school.viewer(school.outsider))
    assert not Event.objects.filter(verb="report.export").exists()


def test_another_classes_child_cannot_be_asked_for_by_id(school):
    with pytest.raises(report.NothingToPrint):
        report.export(
            wanted=replace(RECORDS, case=school.first.pk), form="xlsx", by=school.viewer(school.neighbour)
        )


@pytest.mark.parametrize(
    "change",
    [
        {"term": "2030-2031-1"},
        {"term": "2026-2027-2"},
        {"register": "salaries"},
        {"plan": "other"},
        {"band": "top"},
        {"band": ""},
        {"month": "2026-10"},
    ],
)
def test_a_paper_that_does_not_exist_is_refused_in_a_sentence(school, change):
    with pytest.raises(offer.NoSuchPaper) as refusal:
        report.export(wanted=replace(BAND, **change), form="xlsx", by=school.viewer(school.principal))
    assert "表册" in refusal.value.sentence


def test_another_kind_of_file_is_refused(school):
    with pytest.raises(offer.NoSuchPaper):
        report.export(wanted=BAND, form="exe", by=school.viewer(school.principal))


def test_every_printing_says_who_took_what_and_holds_no_name(school):
    report.export(
        wanted=replace(RECORDS, case=school.first.pk), form="xlsx", by=school.viewer(school.homeroom)
    )
    (event,) = Event.objects.filter(verb="report.export")
    assert [event.by, event.subject_id, event.pupil_id] == [
        school.homeroom,
        school.first.pk,
        school.first.pupil_id,
    ]
    assert [event.changes[key] for key in ("register", "month", "form", "sheets")] == [
        "support_record", "2026-10", "xlsx", 1,
    ]  # fmt: skip
    assert "陈小满" not in str(event.changes)


def test_no_file_name_or_sheet_tab_holds_a_label(school):
    by = school.viewer(school.principal)
    for wanted in (BAND, RECORDS, PAIRS, CHECK, SUMMARY):
        made = report.export(wanted=wanted, form="xlsx", by=by)
        for name in (made.name, *openpyxl.load_workbook(io.BytesIO(made.content)).sheetnames):
            assert not any(label in name for label in ("待优", "学困", "差生", "贫困", "行为"))


def test_a_band_goes_from_collecting_to_submitted_to_filed(school):
    head = factories.staff(school.school, "周岚", "zhou", ("grade_head", 3))
    assert state(school).state == "collecting"
    with pytest.raises(filing.NothingSubmitted):
        filing.file(wanted=BAND, by=school.viewer(school.supervisor))
    first = filing.submit(wanted=BAND, by=school.viewer(head))
    assert filing.submit(wanted=BAND, by=school.viewer(head)) == first
    assert [state(school).state, state(school).is_changed] == ["submitted", False]
    filing.file(wanted=BAND, by=school.viewer(school.supervisor))
    filing.file(wanted=BAND, by=school.viewer(school.supervisor))
    assert [state(school).state, state(school).filed_on] == ["filed", DAY]
    assert Event.objects.filter(verb="review.file").count() == 2


def test_a_list_that_changed_after_it_was_submitted_says_so_and_can_be_submitted_again(school):
    head = school.viewer(factories.staff(school.school, "周岚", "zhou", ("grade_head", 3)))
    filing.submit(wanted=BAND, by=head)
    school.case(3)
    assert [state(school).is_changed, state(school, head).may_submit] == [True, True]
    filing.submit(wanted=BAND, by=head)
    assert [state(school).is_changed, state(school, head).may_submit] == [False, False]


@pytest.mark.parametrize("who", ["homeroom", "officer"])
def test_only_the_grade_head_submits_and_only_the_supervisor_files(school, who):
    by = school.viewer(getattr(school, who))
    for verb in (filing.submit, filing.file):
        with pytest.raises(filing.NotYoursToFile):
            verb(wanted=BAND, by=by)


def test_certificates_say_because_and_hold_no_number_and_no_label(school):
    praised = nominated(school, "第一次主动举手，还把作业写完了")
    with pytest.raises(report.NothingToPrint):
        report.certificates(term_key=TERM, by=school.viewer(school.principal))
    award.approve(plan=plan(school), nomination=praised, by=school.viewer(school.principal))
    made = report.certificates(term_key=TERM, by=school.viewer(school.principal))
    said = [paragraph.text for paragraph in reader.Document(io.BytesIO(made.content)).paragraphs]
    assert made.name == "奖状_陈小满.docx"
    assert said[1:4] == [
        "三（2）班　陈小满 同学：",
        "因为第一次主动举手，还把作业写完了，评为“五星学生”，特发此状。",
        "石坎镇中心小学",
    ]
    _, _, _, rows = printed(
        Wanted("weekly_support", "award_list", TERM), "docx", school.viewer(school.principal)
    )
    assert [row[:4] for row in rows] == [["1", "三（2）班", "陈小满", "五星学生（破格）"]]
    with pytest.raises(report.NothingToPrint):
        report.certificates(term_key=TERM, by=school.viewer(school.outsider))


def test_a_certificate_with_a_mark_on_it_is_refused_with_the_childs_name(school):
    praised = nominated(school, "数学考了95分")
    award.approve(plan=plan(school), nomination=praised, by=school.viewer(school.principal))
    with pytest.raises(report.NotForAWall, match="陈小满.*数字"):
        report.certificates(term_key=TERM, by=school.viewer(school.principal))


def nominated(school, because):
    return Nomination.objects.create(
        school=school.school, pupil=school.pupils[0], award_key="five_star", term_key=TERM, because=because,
        nominated_by=school.homeroom, nominated_on=DAY,
    )  # fmt: skip


def test_the_light_edition_prints_neutral_titles(school):
    type(school.school.plans.get()).objects.all().delete()
    factories.plan(school.school, edition="recommended")
    _, titles, _, rows = printed(BAND, "docx", school.viewer(school.supervisor))
    assert titles[0] == "重点帮扶学生情况一览表"
    assert len(rows) == 3


def plan(school):
    return report.adopt.plans_in_force(school.school, DAY)[0]


def state(school, by=None):
    by = by or school.viewer(school.supervisor)
    found = offer.stretches(by, offer.terms_begun(by)[0])[0]
    paper = next(one for one in offer.offers_of(found.plan) if one.key == "band_list")
    (only,) = filing.states(paper, found, report.register.children(found))
    return only
