"""The month: compiled, handed in once, asked about, sealed, amended; every refusal leaves everything as it was."""

from datetime import date

import pytest

from bangfu.flow import adopt, record, review, schedule, sheet
from bangfu.records.models import Event, MonthSheet, SheetAmendment, Term, TermSummary
from tests import factories
from tests.cast import DAY

END = date(2026, 10, 30)
NOVEMBER = date(2026, 11, 3)


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


@pytest.fixture
def october(cast):
    return review.period_of_key(cast.school, "2026-10")


def write_down(cast, pupil, day, *activities, by=None):
    entry = record.Entry(activities or ("talk", "tutoring"), day)
    return record.add(entry=entry, pupils=[pupil], by=cast.viewer(by or cast.homeroom, day))


def hand_in(cast, plan, period, day=END, remark="", by=None):
    return review.hand_in(plan=plan, period=period, by=cast.viewer(by or cast.homeroom, day), remark=remark)


def test_the_sheet_says_which_week_is_still_missing_and_becomes_enough(cast, plan, october):
    cast.case(0)
    pupil = cast.pupils[0]
    for week in (date(2026, 9, 29), date(2026, 10, 8), date(2026, 10, 12), date(2026, 10, 26)):
        write_down(cast, pupil, week)
    write_down(cast, pupil, date(2026, 10, 13), "guardian_contact")
    compiled = review.compile_sheet(
        plan=plan, helper=cast.homeroom, school=cast.school, period=october, day=NOVEMBER
    )
    (child,) = compiled["children"]
    missing = {duty["key"]: duty["missing"] for duty in child["duties"]}
    assert not child["enough"]
    assert missing["talk"] == missing["tutoring"] == ["第8周"]
    assert missing["guardian_contact"] == []
    assert len(child["records"]) == 4
    write_down(cast, pupil, date(2026, 10, 20))
    again = review.compile_sheet(
        plan=plan, helper=cast.homeroom, school=cast.school, period=october, day=NOVEMBER
    )
    assert again["children"][0]["enough"]
    assert sheet.digest_of(again) != sheet.digest_of(compiled)


def test_a_child_taken_over_from_somebody_stands_on_the_new_helpers_sheet(cast, plan, october):
    case = cast.case(0, helper=cast.attached)
    case.pairings.update(state="ended", valid_to=date(2026, 9, 28), ended_because="调动")
    factories.pair(case, cast.homeroom, valid_from=date(2026, 9, 28))
    mine = sheet.cases_of(cast.homeroom, plan, october.opens_on, october.due_on)
    theirs = sheet.cases_of(cast.attached, plan, october.opens_on, october.due_on)
    assert list(mine) == [case]
    assert not theirs.exists()


def test_handing_in_twice_says_when_and_changes_nothing(cast, plan, october, settings):
    cast.case(0)
    settings.DAY = END
    first = hand_in(cast, plan, october)
    before = Event.objects.count()
    with pytest.raises(review.AlreadyHandedIn) as refusal:
        hand_in(cast, plan, october, NOVEMBER)
    assert "10月30日" in refusal.value.sentence
    assert Event.objects.count() == before
    assert MonthSheet.objects.get().digest == first.digest


@pytest.mark.parametrize(("day", "is_late"), [(END, False), (date(2026, 10, 31), True)])
def test_late_is_after_the_thirtieth(cast, plan, october, day, is_late):
    cast.case(0)
    assert hand_in(cast, plan, october, day).is_late is is_late


def test_an_answer_to_a_question_is_not_late_because_it_was_asked_late(cast, plan, october):
    cast.case(0)
    first = hand_in(cast, plan, october, remark="都好")
    review.ask(sheet=first, question="第3周怎么没有记", by=cast.viewer(cast.supervisor, NOVEMBER))
    with pytest.raises(review.SayMore):
        hand_in(cast, plan, october, NOVEMBER)
    answered = hand_in(cast, plan, october, NOVEMBER, remark="那周孩子请假")
    assert (answered.state, answered.is_late) == ("handed_in", False)
    assert answered.handed_in_at == first.handed_in_at
    assert answered.remark == "都好\n那周孩子请假"


def test_nobody_hands_in_for_no_child_nor_before_the_month(cast, plan, october):
    with pytest.raises(review.NothingToHandIn):
        hand_in(cast, plan, october, by=cast.attached)
    cast.case(0)
    with pytest.raises(review.NotYet):
        hand_in(cast, plan, october, date(2026, 9, 20))
    assert not MonthSheet.objects.exists()


def test_summer_owes_nothing_and_february_is_due_on_its_last_school_day(cast, plan):
    assert review.month_period(cast.school, date(2026, 8, 10)) is None
    assert review.period_of_key(cast.school, "2026-07") is None
    Term.objects.filter(school=cast.school, key="2026-2027-2").update(starts_on=date(2027, 2, 8))
    cast.school.calendar_version += 1
    february = review.period_of_key(cast.school, "2027-02")
    assert review.hand_in_due(plan, cast.school, february) == date(2027, 2, 26)


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider", "attached"])
def test_only_the_head_or_the_grades_supervisor_looks_at_a_month(cast, plan, october, who):
    cast.case(0)
    handed = hand_in(cast, plan, october)
    by = cast.viewer(getattr(cast, who), NOVEMBER)
    for verb in (
        lambda: review.ask(sheet=handed, question="?", by=by),
        lambda: review.seal(sheet=handed, by=by),
        lambda: review.draw(sheets=[handed], count=1, by=by),
        lambda: review.amend(sheet=handed, plan=plan, note="补", by=by),
    ):
        with pytest.raises(review.NotYourGrade):
            verb()
    assert MonthSheet.objects.get().state == "handed_in"


def test_nobody_seals_their_own_month(cast, plan, october):
    cast.case(0, helper=cast.supervisor)
    own = hand_in(cast, plan, october, by=cast.supervisor)
    by = cast.viewer(cast.supervisor, NOVEMBER)
    with pytest.raises(review.OwnSheet):
        review.seal(sheet=own, by=by)
    assert review.seal_all(sheets=[own], by=by) == 0
    assert review.seal(sheet=own, by=cast.viewer(cast.principal, NOVEMBER)).state == "sealed"


def test_sealing_all_leaves_an_open_question_open(cast, plan, october):
    cast.case(0), cast.case(1, helper=cast.attached)
    one, two = hand_in(cast, plan, october), hand_in(cast, plan, october, by=cast.attached)
    by = cast.viewer(cast.supervisor, NOVEMBER)
    review.ask(sheet=two, question="补一句", by=by)
    assert review.seal_all(sheets=list(MonthSheet.objects.all()), by=by) == 1
    assert dict(MonthSheet.objects.values_list("pk", "state")) == {one.pk: "sealed", two.pk: "asked"}


def test_after_the_seal_records_are_counted_and_explained(cast, plan, october):
    cast.case(0)
    handed = hand_in(cast, plan, october)
    helper = cast.viewer(cast.homeroom, NOVEMBER)
    with pytest.raises(review.NotYet):
        review.amend(sheet=handed, plan=plan, note="早了", by=helper)
    sealed = review.seal(sheet=handed, by=cast.viewer(cast.supervisor, NOVEMBER))
    assert review.seal(sheet=sealed, by=cast.viewer(cast.supervisor, NOVEMBER)).sealed_at == sealed.sealed_at
    with pytest.raises(review.AlreadyHandedIn):
        hand_in(cast, plan, october, NOVEMBER)
    entry = record.Entry(("talk",), date(2026, 10, 28))
    record.add(entry=entry, pupils=[cast.pupils[0]], by=helper)
    assert sheet.later_records([sealed]) == {sealed.pk: 1}
    with pytest.raises(review.SayMore):
        review.amend(sheet=sealed, plan=plan, note="  ", by=helper)
    amendment = review.amend(sheet=sealed, plan=plan, note="28日的谈心忘了记", by=helper)
    assert amendment.digest_before == sealed.digest != amendment.digest_after
    assert SheetAmendment.objects.count() == 1
    assert MonthSheet.objects.get().digest == handed.digest


def test_after_the_seal_what_is_missing_reads_not_done(cast, plan, october):
    case = cast.case(0)
    review.seal(sheet=hand_in(cast, plan, october), by=cast.viewer(cast.supervisor, NOVEMBER))
    asked = schedule.Asked(cast.school, october.opens_on, NOVEMBER, NOVEMBER)
    found = schedule.ledger(plan, type(case).objects.all(), asked)
    states = {
        s.expectation.due_on.month: s.state
        for s in found[case.pk].standings
        if s.expectation.duty_key == "talk"
    }
    assert states[10] == "not_done"
    assert states[11] == "open"


def test_too_long_a_question_is_refused_with_the_count(cast, plan, october):
    cast.case(0)
    handed = hand_in(cast, plan, october)
    with pytest.raises(review.SayMore) as refusal:
        review.ask(sheet=handed, question="问" * 201, by=cast.viewer(cast.supervisor, NOVEMBER))
    assert "201" in refusal.value.sentence


def test_the_terms_summary_carries_counted_figures_and_can_be_written_again(cast, plan):
    cast.case(0), cast.case(1)
    write_down(cast, cast.pupils[0], date(2026, 9, 8), "talk", "tutoring")
    write_down(cast, cast.pupils[1], date(2026, 9, 9), "guardian_contact")
    write_down(cast, cast.pupils[1], date(2026, 9, 9), "talk", by=cast.attached)
    by = cast.viewer(cast.homeroom, date(2027, 1, 15))
    first = review.summarise(plan=plan, term_key="2026-2027-1", text="谈心最有用", by=by)
    assert first.figures == {
        "children": 2,
        "records": 2,
        "activities": {"guardian_contact": 1, "talk": 1, "tutoring": 1},
    }
    review.summarise(plan=plan, term_key="2026-2027-1", text="谈心最有用，作业少一点更好", by=by)
    assert TermSummary.objects.get().text.endswith("更好")
    assert Event.objects.filter(verb="review.summary").count() == 2


@pytest.mark.parametrize(
    ("text", "term", "refusal"),
    [
        ("", "2026-2027-1", review.SayMore),
        ("长" * 301, "2026-2027-1", review.SayMore),
        ("好", "2025-2026-2", review.NothingToHandIn),
        ("好", "1999-2000-1", review.NothingToHandIn),
    ],
)
def test_a_summary_needs_words_children_and_a_term(cast, plan, text, term, refusal):
    cast.case(0)
    with pytest.raises(refusal):
        review.summarise(
            plan=plan, term_key=term, text=text, by=cast.viewer(cast.homeroom, date(2027, 1, 15))
        )
    assert not TermSummary.objects.exists()
