"""The statement that nobody is missed: every pupil in exactly one place, whatever happened, and what settles each."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bangfu.engine.coverage import Kind, Todo
from bangfu.flow import adopt, class_grid, coverage, exclude, identify
from bangfu.records.models import Case, Enrolment, Event, Exclusion, FactStatement, Pupil
from tests import factories
from tests.cast import DAY

TERM = "2026-2027-1"
WELL = {"keeping_up": "1", "conduct": "1", "mood": "1"}


@pytest.fixture
def by(cast):
    return cast.viewer(cast.homeroom)


def state(cast, class_ids=None):
    return coverage.statement(school=cast.school, day=DAY, class_ids=class_ids)


def of(cast, pupil):
    return next(child for child in state(cast).children if child.id == pupil.pk)


def answer(cast, by, cells):
    return class_grid.keep(school_class=cast.class_two, cells=cells, saw={}, by=by)


def finish(cast, by, exception="都看过"):
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    survey = identify.open_survey(school_class=cast.class_two, plan=plan, term_key=TERM)
    return identify.finish(survey=survey, plan=plan, by=by, exception=exception)


def test_at_first_nobody_has_looked_at_anybody(cast):
    found = state(cast)
    assert (found.whole.roll, found.whole.open, found.adds_up) == (9, 9, False)
    assert {child.place.todo for child in found.differences} == {Todo.look}


def test_a_class_that_was_looked_at_adds_up(cast, by):
    answer(cast, by, {pupil.pk: WELL for pupil in cast.pupils})
    found = state(cast, [cast.class_two.pk])
    assert found.adds_up and (found.whole.roll, found.whole.screened) == (6, 6)


def test_a_blank_is_still_open_and_a_said_unknown_waits_for_that_fact(cast, by):
    first, second = cast.pupils[:2]
    answer(cast, by, {first.pk: {"keeping_up": "1", "conduct": "1"}, second.pk: WELL | {"mood": "0"}})
    assert of(cast, first).place.todo is Todo.look
    assert (of(cast, second).place.kind, of(cast, second).place.facts) == (Kind.waiting, ("mood",))


def test_worth_a_look_is_open_until_somebody_chose_and_handed_in(cast, by):
    pupil, plan = cast.pupils[0], adopt.plans_in_force(cast.school, DAY)[0]
    answer(cast, by, {pupil.pk: WELL | {"keeping_up": "3"}})
    assert of(cast, pupil).place.todo is Todo.choose
    survey = identify.open_survey(school_class=cast.class_two, plan=plan, term_key=TERM)
    identify.fill(survey=survey, answers={}, picks={pupil.pk: True}, by=by)
    assert of(cast, pupil).place.todo is Todo.hand_in
    identify.choose_all(survey=survey, choices={pupil.pk: identify.Choice("academic", ("habit",))}, by=by)
    finish(cast, by)
    assert of(cast, pupil).place.kind is Kind.helped


def test_whoever_fits_and_was_not_chosen_is_passed_in_the_plan_and_open_over_all(cast, by):
    pupil = cast.pupils[0]
    answer(cast, by, {pupil.pk: WELL | {"keeping_up": "3"}})
    finish(cast, by)
    child = of(cast, pupil)
    assert child.in_plans["weekly_support"].kind is Kind.passed
    assert (child.place.kind, child.place.todo) == (Kind.open, Todo.say_why)
    exclude.exclude(pupil=pupil, plan_key="", reason="爸妈每晚陪着，先看一个月", by=by)
    assert of(cast, pupil).place.kind is Kind.excluded


def test_left_out_of_one_plan_is_left_out_of_that_plan_only(cast, by):
    factories.plan(cast.school, key="growth_plan")
    pupil = cast.pupils[0]
    exclude.exclude(pupil=pupil, plan_key="growth_plan", reason="已在县特教学校", by=by)
    child = of(cast, pupil)
    assert child.in_plans["growth_plan"].kind is Kind.excluded
    assert child.place.todo is Todo.look


def test_a_reason_ends_on_its_day_and_can_be_taken_back(cast, by):
    pupil = cast.pupils[0]
    row = exclude.exclude(pupil=pupil, plan_key="", reason="转学手续在办", by=by, until=DAY + timedelta(days=7))
    later = coverage.statement(school=cast.school, day=DAY + timedelta(days=7))
    assert next(child for child in later.children if child.id == pupil.pk).place.kind is Kind.open
    exclude.withdraw(exclusion=row, by=by)
    exclude.withdraw(exclusion=row, by=by)
    assert of(cast, pupil).place.kind is Kind.open
    assert Exclusion.objects.get().reason == "转学手续在办"
    verbs = list(Event.objects.filter(verb__startswith="coverage.").order_by("at").values_list("verb", flat=True))
    assert verbs == ["coverage.exclude", "coverage.withdraw"]


@pytest.mark.parametrize("reason", ["", "  ", "不用"])
def test_leaving_out_takes_a_sentence(cast, by, reason):
    with pytest.raises(exclude.SayWhy):
        exclude.exclude(pupil=cast.pupils[0], plan_key="", reason=reason, by=by)


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_others_leave_nobody_out(cast, who):
    with pytest.raises(exclude.NotYours):
        exclude.exclude(pupil=cast.pupils[0], plan_key="", reason="写一句原因", by=cast.viewer(getattr(cast, who)))


def test_the_same_reason_is_not_written_twice_and_unknown_plans_are_refused(cast, by):
    exclude.exclude(pupil=cast.pupils[0], plan_key="", reason="转学手续在办", by=by)
    with pytest.raises(exclude.AlreadySaid):
        exclude.exclude(pupil=cast.pupils[0], plan_key="", reason="转学手续在办", by=by)
    with pytest.raises(exclude.NoSuchPlan):
        exclude.exclude(pupil=cast.pupils[0], plan_key="township", reason="转学手续在办", by=by)


def test_a_child_on_the_roll_without_a_class_is_named_and_not_lost(cast):
    lost = factories.pupil(cast.class_two, "没有班")
    Enrolment.objects.filter(pupil=lost).update(valid_to=DAY)
    assert of(cast, lost).place.todo is Todo.find_class
    assert state(cast).whole.roll == 10


def test_help_that_ended_this_term_is_an_answer_until_the_next(cast):
    case = cast.case(0)
    identify.close_case(case=case, because="跟上了", by=cast.viewer(cast.homeroom))
    assert of(cast, cast.pupils[0]).place.kind is Kind.clear
    spring = coverage.statement(school=cast.school, day=date(2027, 3, 10))
    assert next(c for c in spring.children if c.id == cast.pupils[0].pk).place.kind is Kind.open


def test_what_a_teacher_saw_last_term_is_looked_at_anew(cast, by):
    answer(cast, by, {cast.pupils[0].pk: WELL})
    spring = coverage.statement(school=cast.school, day=date(2027, 3, 10))
    assert next(c for c in spring.children if c.id == cast.pupils[0].pk).place.todo is Todo.look


def test_plans_about_households_are_nobody_for_a_child(cast):
    factories.plan(cast.school, key="household_plan")
    assert [plan.key for plan in state(cast).plans] == ["weekly_support"]


def test_villages_add_up_and_where_none_is_written_stands_last(cast):
    for at, (key, name) in enumerate([("village", "石坎村"), ("home_village", "上坝村"), ("village", " ")]):
        FactStatement.objects.create(
            pupil=cast.pupils[at], source="roll", stated_on=DAY, known_at="2026-10-01T08:00+08:00", values={key: name}
        )  # fmt: skip
    assert [(one.label, one.roll) for one in state(cast).villages] == [("上坝村", 1), ("石坎村", 1), ("", 7)]


def test_more_children_and_plans_need_no_more_queries(cast):
    with CaptureQueriesContext(connection) as few:
        state(cast)
    for key in ("growth_plan", "mentors", "whole_school"):
        factories.plan(cast.school, key=key, edition="recommended")
    for at in range(12):
        factories.pupil(cast.class_one, f"多{at}")
    with CaptureQueriesContext(connection) as many:
        state(cast)
    assert len(many) <= len(few) + 3  # the text of each new plan is read once


# ── random schools ────────────────────────────────────────────────────────────────────────────────────────────────
PLANS = ("weekly_support", "growth_plan", "hand_in_hand", "mentors", "whole_school", "one_child")


class RandomSchool:
    """A school to which things happen: children come, move and go, are asked about, helped, left out."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed)
        self.school = factories.school()
        self.classes = [factories.school_class(self.school, grade, n) for grade in (1, 3, 6) for n in (1, 2)]
        self.head = factories.staff(self.school, "王振华", "", ("principal", None))
        posts = [("homeroom_teacher", one) for one in self.classes]
        self.teacher = factories.staff(self.school, "李秋月", "", *posts)
        for key in self.chance.sample(PLANS, self.chance.randint(1, len(PLANS))):
            factories.plan(self.school, key=key, edition=self.chance.choice(("seed", "recommended")))
        self.pupils = [self.come(at) for at in range(self.chance.randint(15, 40))]
        for _ in range(120):
            self.chance.choice((self.move, self.leave, self.help, self.end, self.say, self.say, self.ask, self.out))()

    def day(self, first=date(2026, 9, 1)) -> date:
        return first + timedelta(days=self.chance.randrange((DAY - first).days + 20))

    def by(self, staff=None):
        return factories.viewer(staff or self.teacher, DAY)

    def come(self, at: int) -> Pupil:
        return factories.pupil(self.chance.choice(self.classes), f"学生{at:02}", joined_on=self.day())

    def move(self) -> None:
        pupil, day = self.chance.choice(self.pupils), self.day()
        now = Enrolment.objects.filter(pupil=pupil, valid_to=None, valid_from__lte=day)
        if now.update(valid_to=day) and self.chance.random() < 0.9:
            Enrolment.objects.create(pupil=pupil, school_class=self.chance.choice(self.classes), valid_from=day)

    def leave(self) -> None:
        pupil, day = self.chance.choice(self.pupils), self.day()
        if self.chance.random() < 0.3 and pupil.joined_on <= day:
            Pupil.objects.filter(pk=pupil.pk).update(left_on=day)
            Enrolment.objects.filter(pupil=pupil, valid_to=None, valid_from__lte=day).update(valid_to=day)

    def help(self) -> None:
        pupil, key = self.chance.choice(self.pupils), self.chance.choice(PLANS)
        if not Case.objects.filter(pupil=pupil, plan_key=key, closed_on=None).exists():
            factories.case(pupil, opened_on=self.day(date(2026, 4, 1)), of=(key, ""))

    def end(self) -> None:
        case = Case.objects.filter(school=self.school, closed_on=None).order_by("?").first()
        if case:
            Case.objects.filter(pk=case.pk).update(closed_on=max(self.day(), case.opened_on))

    def say(self) -> None:
        facts = {
            "keeping_up": ("跟得上", "很吃力", None), "conduct": ("挺好", "常要提醒"), "mood": ("平稳", None),
            "left_behind_roll": (0, 1, 2), "dibao": (True, False), "exited_poor": (False,), "orphan": (False, None),
            "village": ("石坎村", "上坝村", ""),
        }  # fmt: skip
        keys = self.chance.sample(list(facts), self.chance.randint(1, 6))
        FactStatement.objects.create(
            pupil=self.chance.choice(self.pupils), source=self.chance.choice(("roll", "survey", "told")),
            stated_on=self.day(date(2026, 3, 1)), known_at="2026-10-01T08:00+08:00",
            values={key: self.chance.choice(facts[key]) for key in keys},
        )  # fmt: skip

    def ask(self) -> None:
        school_class = self.chance.choice(self.classes)
        here = Enrolment.objects.on(DAY).filter(school_class=school_class).values_list("pupil_id", flat=True)
        keys = ("keeping_up", "conduct", "mood", "hardship_level", "single_parent", "orphan", "left_behind", "dibao")
        cells = {
            pk: {key: self.chance.choice("0112") for key in keys if self.chance.random() < 0.8} for pk in here
        }
        class_grid.keep(school_class=school_class, cells=cells, saw={}, by=self.by())

    def out(self) -> None:
        choosing = ("", *(plan.key for plan in coverage.plans_that_choose(self.school, DAY)))
        pupil, key = self.chance.choice(self.pupils), self.chance.choice(choosing)
        until = self.chance.choice((None, DAY + timedelta(days=9)))
        if not Exclusion.objects.in_force(DAY).filter(pupil=pupil, plan_key=key).exists():
            row = exclude.exclude(pupil=pupil, plan_key=key, reason="写一句原因", by=self.by(self.head), until=until)
            if self.chance.random() < 0.3:
                exclude.withdraw(exclusion=row, by=self.by(self.head))


def on_the_roll(school) -> Counter:
    """The roll, child by child and by itself: who is in which class on the day, counted from the rows."""
    found = {}
    for pupil in Pupil.objects.filter(school=school):
        spells = [e for e in pupil.enrolments.all() if e.valid_from <= DAY and (not e.valid_to or e.valid_to > DAY)]
        is_here = pupil.joined_on <= DAY and (pupil.left_on is None or pupil.left_on > DAY)
        if spells or is_here:
            found[pupil.pk] = str(spells[-1].school_class_id) if spells else ""
    return found


@pytest.mark.parametrize("seed", range(12))
def test_in_a_random_school_every_sum_is_the_roll_and_no_child_stands_twice(db, settings, seed):
    settings.DAY = DAY
    made = RandomSchool(seed)
    found = coverage.statement(school=made.school, day=DAY)
    roll = on_the_roll(made.school)
    assert sorted(map(str, roll)) == sorted(str(child.id) for child in found.children)
    assert Counter(roll.values()) == Counter({one.key: one.roll for one in found.classes})
    for sums in (found.classes, found.grades, found.villages):
        for part in ("roll", "helped", "screened", "waiting", "excluded", "open"):
            assert sum(getattr(one, part) for one in sums) == getattr(found.whole, part)
    assert {one.roll for one in found.by_plan} <= {len(roll)}
    assert found.whole.open == len(found.differences) and found.adds_up == (not found.differences)
    one_by_one = {}
    for pk in {child.class_id for child in found.children} - {None}:
        part = coverage.statement(school=made.school, day=DAY, class_ids=[pk])
        one_by_one |= {child.id: child.place for child in part.children}
    assert one_by_one == {child.id: child.place for child in found.children if child.class_id}


@pytest.mark.parametrize("seed", range(12, 18))
def test_a_place_says_what_the_rows_say(db, settings, seed):
    """Told apart from the flow: an open case, a reason in force, a fact that is missing."""
    settings.DAY = DAY
    made = RandomSchool(seed)
    found = coverage.statement(school=made.school, day=DAY)
    keys = {plan.key for plan in found.plans}
    for child in found.children:
        cases = Case.objects.filter(pupil=child.id, plan_key__in=keys).open_on(DAY)
        assert (child.place.kind is Kind.helped) == cases.exists()
        left = set(Exclusion.objects.in_force(DAY).filter(pupil=child.id).values_list("plan_key", flat=True))
        if child.place.kind is Kind.excluded:
            assert "" in left or keys <= left
        if child.place.kind is Kind.waiting:
            told = coverage.known.newest([child.id], DAY).get(child.id, {})
            assert child.place.facts and all(key not in told or told[key].value is None for key in child.place.facts)
        assert (child.place.todo is None) == (child.place.kind is not Kind.open)
