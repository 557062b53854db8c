"""Two grown-ups at a girl's home: who goes along, one sentence when nobody did, and no visit that is held up by it."""

import pytest
from django.db import IntegrityError, transaction

from bangfu.flow import absence_ladder, adopt, company, record, visit_paper
from bangfu.flow.company import Company
from bangfu.records.models import Avoidance, Event, Leave, Pupil, School, Staff, VisitCompany
from tests import factories
from tests.cast import DAY
from tests.flow.test_sponsors import text_of

pytestmark = pytest.mark.django_db
VISIT = ("home_visit", "guardian_contact")


def went(cast, who=None, pupils=None, activities=VISIT, author=None, **more):
    by = cast.viewer(author or cast.homeroom)
    entry = record.Entry(activities, DAY, company=who, **more)
    return record.add(entry=entry, pupils=pupils or [cast.pupils[0]], by=by)


def boys(*pupils):
    Pupil.objects.filter(pk__in=[one.pk for one in pupils]).update(sex="1")
    return [Pupil.objects.get(pk=one.pk) for one in pupils]


@pytest.mark.parametrize(
    "who",
    [None, Company(), Company(other="  "), Company(alone_because=" ")],
)
@pytest.mark.parametrize("kind", ["home_visit", "home_survey", "home_teaching"])
def test_a_visit_to_a_girls_home_asks_who_went_along(cast, kind, who):
    with pytest.raises(company.SayWithWhom, match="写一句为什么就可以"):
        went(cast, who, activities=(kind,))
    assert not VisitCompany.objects.exists()


def test_a_colleague_another_grown_up_or_one_sentence_why_alone_are_enough(cast):
    first = went(cast, Company(staff_id=cast.attached.pk))
    second = went(cast, Company(other="村妇女主任 王姐"))
    third = went(cast, Company(alone_because="孩子发烧，先送回家"))
    assert company.told(first.pk) == ("赵志远", "")
    assert company.told(second.pk) == ("村妇女主任 王姐", "")
    assert company.told(third.pk) == ("", "孩子发烧，先送回家")


def test_a_boys_home_a_talk_and_a_call_ask_nothing(cast):
    went(cast, pupils=boys(cast.pupils[0]))
    went(cast, activities=("talk",))
    went(cast, activities=("guardian_contact",))
    assert not VisitCompany.objects.exists()


def test_one_girl_among_brothers_and_sisters_is_enough_to_ask(cast):
    [boy] = boys(cast.pupils[1])
    with pytest.raises(company.SayWithWhom):
        went(cast, pupils=[boy, cast.pupils[0]])


def test_nobody_goes_along_with_oneself_or_from_another_school(cast):
    for one in (cast.homeroom, cast.outsider):
        with pytest.raises(company.NotHere):
            went(cast, Company(staff_id=one.pk))


def test_the_database_holds_exactly_one_of_the_three(cast):
    [boy] = boys(cast.pupils[0])
    for wrong in (
        {},
        {"staff": cast.attached, "other": "王姐"},
        {"other": "王姐", "alone_because": "急"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitCompany.objects.create(evidence=went(cast, pupils=[boy]), **wrong)


def test_a_change_keeps_who_went_along_unless_it_says_otherwise(cast):
    by = cast.viewer(cast.homeroom)
    first = went(cast, Company(staff_id=cast.attached.pk))
    second = record.amend(evidence=first, entry=record.Entry(VISIT, DAY, note="补一句"), by=by)
    assert company.told(second.pk)[0] == "赵志远"
    entry = record.Entry(VISIT, DAY, company=Company(alone_because="约不到人"))
    third = record.amend(evidence=second, entry=entry, by=by)
    assert company.told(third.pk) == ("", "约不到人") and company.told(first.pk)[0] == "赵志远"
    record.withdraw(evidence=third, by=by)


def test_the_principal_alone_switches_it_off_and_a_plan_may_keep_it(cast):
    with pytest.raises(company.NotPrincipal):
        company.switch(is_on=False, by=cast.viewer(cast.homeroom))
    company.switch(is_on=False, by=cast.viewer(cast.principal))
    company.switch(is_on=False, by=cast.viewer(cast.principal))
    assert not School.objects.get(pk=cast.school.pk).girls_visited_by_two
    assert Event.objects.filter(verb="company.switch").count() == 1
    went(cast)
    asking = adopt.shelf().texts["weekly_support", "seed"].replace('"acceptance"]', '"two_adults_for_a_girl"]')
    adopt.adopt(school=cast.school, text=asking, valid_from=DAY, by=cast.viewer(cast.principal))
    cast.case(0)
    with pytest.raises(company.SayWithWhom):
        went(cast)
    went(cast, pupils=[cast.pupils[1]])  # not a child of that plan


def names(cast, author=None, **more):
    return [
        mate.name for mate in company.mates([cast.pupils[0].pk], cast.viewer(author or cast.homeroom), **more)
    ]


def test_who_helps_who_teaches_and_who_leads_could_come_along(cast):
    cast.case(0, helper=cast.supervisor)
    assert names(cast) == ["张国栋", "赵志远", "钱敏"]
    assert names(cast, cast.attached) == ["张国栋", "李秋月", "钱敏"]


def test_a_man_is_offered_women_first_and_who_came_before_is_offered_first(cast):
    Staff.objects.filter(pk=cast.deputy_head.pk).update(sex="2")
    Staff.objects.filter(pk__in=[cast.homeroom.pk, cast.attached.pk]).update(sex="1")
    assert names(cast)[0] == "钱敏"
    Staff.objects.filter(pk=cast.homeroom.pk).update(sex="2")
    assert names(cast)[0] == "赵志远"
    went(cast, Company(staff_id=cast.deputy_head.pk))
    assert names(cast)[0] == "钱敏"
    assert names(cast, chosen=cast.supervisor.pk)[0] == "张国栋"


def test_nobody_who_is_away_who_left_or_whom_the_child_should_not_meet_is_offered(cast):
    Leave.objects.create(staff=cast.attached, starts_on=DAY, ends_on=DAY)
    Avoidance.objects.create(
        pupil=cast.pupils[0], staff=cast.supervisor, why="asked", valid_from=DAY, by=cast.principal
    )
    assert names(cast) == ["钱敏"]
    Staff.objects.filter(pk=cast.deputy_head.pk).update(left_on=DAY)
    assert names(cast) == []


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_the_paper_names_both_before_and_after_the_visit(cast, form):
    by = cast.viewer(cast.homeroom)
    before = visit_paper.blank(pupil=cast.pupils[0], form=form, by=by)
    assert "李秋月、赵志远" in text_of(before.content) and before.name == f"家访记录.{form}"
    entry = {"note": "奶奶身体好转", "answers": {"present": ["祖辈"], "next": "下周带书去"}}
    row = went(cast, Company(staff_id=cast.deputy_head.pk), **entry)
    found, pupil = visit_paper.visit(row.pk, by)
    text = text_of(visit_paper.filled(evidence=found, pupil=pupil, form=form, by=by).content)
    for words in ("李秋月、钱敏", "祖辈", "奶奶身体好转", "下周带书去"):
        assert words in text
    alone = went(cast, Company(alone_because="约不到人"))
    assert "约不到人" in text_of(visit_paper.filled(evidence=alone, pupil=pupil, form=form, by=by).content)
    talk = went(cast, activities=("talk",))
    with pytest.raises(visit_paper.NothingToPrint):
        visit_paper.filled(evidence=talk, pupil=pupil, form=form, by=by)
    assert visit_paper.visit(row.pk, cast.viewer(cast.neighbour)) is None


def test_a_boys_paper_leaves_no_second_name(cast):
    [boy] = boys(cast.pupils[1])
    made = visit_paper.blank(pupil=boy, form="docx", by=cast.viewer(cast.homeroom))
    assert "李秋月" in text_of(made.content) and "李秋月、" not in text_of(made.content)


def test_a_step_of_the_absence_ladder_at_home_says_it_too(cast):
    from tests.flow.test_attendance import MONDAY, call

    call(cast, 0, day=MONDAY, cause="unreached")
    by = cast.viewer(cast.homeroom, MONDAY)
    step = next(
        one.step
        for climb in absence_ladder.climbs(by)
        for one in climb.rungs
        if one.step.accepts[0] == "home_visit"
    )
    with pytest.raises(company.SayWithWhom):
        absence_ladder.follow(pupil=cast.pupils[0], done=absence_ladder.Done(step.key, "上门"), by=by)
    done = absence_ladder.Done(step.key, "上门", company=Company(alone_because="孩子没到校，先去看看"))
    assert company.told(absence_ladder.follow(pupil=cast.pupils[0], done=done, by=by).pk)[1]


def test_outside_the_school_nobody_is_offered(cast):
    factories.staff(cast.school, "新来的", "new")
    assert "新来的" not in names(cast)
