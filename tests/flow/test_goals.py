"""Goals in dated steps: told wrong all at once, changed with a history, reached, undone; and recorded only once."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bangfu.engine.means import Goal
from bangfu.engine.standing import State
from bangfu.flow import adopt, goals, schedule
from bangfu.flow.goals import Draft, Wish
from bangfu.records.models import Case, CaseGoal, Event, Evidence, GoalStep
from tests import factories
from tests.cast import DAY

SOON, LATER = date(2026, 11, 13), date(2027, 1, 15)


def steps(*levels: int, days=(SOON, LATER), **more) -> tuple[Draft, ...]:
    needs = {"负责人": "李秋月"} | more
    return tuple(
        Draft(on, f"口算做对{level * 5}题", level, needs) for on, level in zip(days, levels, strict=False)
    )


def wish(*levels: int, key="stages", dimension="学习", baseline=1, **more) -> Wish:
    return Wish(key, more.pop("steps", None) or steps(*levels, **more), dimension, baseline, "我想算得快一点")


class Stage:
    """A school with another plan beside the usual one, and a case in it."""

    def __init__(self, cast, key: str, category: str, at: int = 0):
        factories.plan(cast.school, key=key, valid_from=date(2026, 9, 1))
        self.cast, self.key = cast, key
        self.case = factories.case(
            cast.pupils[at], helper=cast.homeroom, by=cast.homeroom, of=(key, category)
        )

    @property
    def plan(self):
        return next(one for one in adopt.plans_in_force(self.cast.school, DAY) if one.key == self.key)

    def by(self, who=None, day=DAY):
        return self.cast.viewer(who or self.cast.homeroom, day)

    def set(self, what: Wish, who=None, day=DAY) -> CaseGoal:
        return goals.set_goal(plan=self.plan, case=self.case, wish=what, by=self.by(who, day))

    def adjust(self, row, new, day=DAY, **more):
        return goals.adjust(plan=self.plan, row=row, steps=tuple(new), by=self.by(day=day), **more)

    def reach(self, step, day=DAY, **more):
        return goals.reach(plan=self.plan, step=step, by=self.by(day=day), **more)


@pytest.fixture
def growth(cast) -> Stage:
    return Stage(cast, "growth_plan", "learning")


def said(of: Stage, what: Wish) -> list[str]:
    with pytest.raises(goals.NotRight) as wrong:
        of.set(what)
    assert not CaseGoal.objects.exists() and not Evidence.objects.exists()
    return [fault.what for fault in wrong.value.faults]


def test_each_child_has_dated_steps_with_somebody_who_looks_after_them(growth):
    row = growth.set(wish(2, 3))
    kept = list(row.steps.order_by("due_on").values_list("due_on", "level", "what", "filled", "state"))
    assert kept == [
        (SOON, 2, "口算做对10题", {"负责人": "李秋月"}, "open"),
        (LATER, 3, "口算做对15题", {"负责人": "李秋月"}, "open"),
    ]
    assert (row.baseline, row.dimension, row.set_by, row.set_on) == (1, "学习", growth.cast.homeroom, DAY)
    assert goals.in_words(row.steps.get(due_on=SOON)) == "11月13日前：口算做对10题"


def test_a_goal_needs_a_responsible_person_in_every_step(growth):
    bare = tuple(Draft(one.on, one.what, one.level) for one in steps(2, 3))
    assert said(growth, wish(steps=bare)) == ["第 1 步还没有写「负责人」", "第 2 步还没有写「负责人」"]


def test_everything_wrong_is_said_at_once(growth):
    past = Draft(date(2026, 10, 1), "", 4, {"负责人": "李秋月"})
    assert said(growth, wish(steps=(past,), dimension="别的")) == [
        "还没有选是哪方面的目标",
        "第 1 步的日子已经过了",
        "要分 2 到 6 步，现在 1 步",
        "现在是起步，第 1 步定到优秀，一次最多高 2 档",
        "第 1 步还没有写「目标」",
    ]


@pytest.mark.parametrize(
    ("what", "says"),
    [
        (lambda: wish(2), "要分 2 到 6 步，现在 1 步"),
        (lambda: wish(4, 4), "第 1 步定到优秀，一次最多高 2 档"),
        (lambda: wish(1, 1), "最后一步定到起步，没有往前"),
        (lambda: wish(2, 3, days=(LATER, SOON)), "第 2 步是 2026-11-13，不在上一步 2027-01-15 之后"),
        (lambda: wish(2, 3, days=(SOON, SOON)), "不在上一步"),
        (lambda: wish(2, 3, days=(SOON, None)), "第 2 步还没有写到哪一天"),
        (lambda: wish(2, 3, baseline=None), "还没有选现在在哪一档"),
        (lambda: wish(2, 3, 负责人=" "), "第 2 步还没有写「负责人」"),
        (lambda: wish(2, None, steps=(*steps(2, days=(SOON,)), Draft(LATER, "写完", None, {"负责人": "李"}))),
         "第 2 步还没有选到哪一档"),
        (lambda: Wish("stages", (), "学习", 1), "还没有写下一步"),
    ],
)  # fmt: skip
def test_each_thing_a_goal_must_have_is_asked_for(growth, what, says):
    assert any(says in one for one in said(growth, what()))


def test_one_goal_stands_at_a_time_in_each_dimension(growth):
    growth.set(wish(2, 3))
    with pytest.raises(goals.AlreadySet):
        growth.set(wish(2, 3))
    growth.set(wish(2, 3, dimension="行为规范"))
    assert CaseGoal.objects.filter(state="open").count() == 2
    one = CaseGoal.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        CaseGoal.objects.create(
            case=one.case, key=one.key, dimension=one.dimension, set_by=one.set_by, set_on=DAY
        )


def test_two_steps_never_share_a_day_and_a_step_closes_on_a_day(growth):
    row = growth.set(wish(2, 3))
    with pytest.raises(IntegrityError), transaction.atomic():
        GoalStep.objects.create(goal=row, due_on=SOON, what="又一步", set_by=row.set_by, set_on=DAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        row.steps.filter(due_on=SOON).update(state="reached")
    with pytest.raises(IntegrityError), transaction.atomic():
        row.steps.filter(due_on=SOON).update(level=5)


def test_a_changed_step_can_still_be_read_and_what_was_reached_stays(growth):
    row = growth.set(wish(2, 3))
    growth.reach(row.steps.get(due_on=SOON), day=date(2026, 11, 12), note="自己订正的")
    nearer = Draft(date(2026, 12, 18), "口算做对12题", 2, {"负责人": "李秋月"})
    last = Draft(date(2027, 1, 20), "口算做对15题", 3, {"负责人": "李秋月"})
    growth.adjust(row, [nearer, last], day=date(2026, 11, 20), because="题太多，先少一点")
    states = list(row.steps.order_by("due_on").values_list("due_on", "state", "closed_on", "note"))
    assert states == [
        (SOON, "reached", date(2026, 11, 12), "自己订正的"),
        (date(2026, 12, 18), "open", None, ""),
        (LATER, "changed", date(2026, 11, 20), "题太多，先少一点"),
        (date(2027, 1, 20), "open", None, ""),
    ]
    changes = Event.objects.get(verb="goals.adjust")
    assert changes.changes == {"steps": [["口算做对15题"], ["口算做对12题", "口算做对15题"]]}
    assert changes.pupil_id == growth.case.pupil_id


def test_steps_written_as_they_were_are_left_alone(growth):
    row = growth.set(wish(2, 3))
    before = set(row.steps.values_list("pk", flat=True))
    growth.adjust(row, steps(2, 3))
    assert set(row.steps.values_list("pk", flat=True)) == before
    assert not Event.objects.filter(verb="goals.adjust").exists()
    growth.adjust(row, (*steps(2, days=(SOON,)), Draft(LATER, "口算全对", 3, {"负责人": "李秋月"})))
    assert row.steps.filter(pk__in=before, state="open").get().due_on == SOON


def test_a_change_is_held_against_the_plan_like_a_new_goal(growth):
    row = growth.set(wish(2, 3))
    with pytest.raises(goals.NotRight) as wrong:
        growth.adjust(row, steps(2, days=(SOON,)))
    assert [fault.what for fault in wrong.value.faults] == ["要分 2 到 6 步，现在 1 步"]
    assert row.steps.filter(state="open").count() == 2


def test_a_step_whose_day_has_passed_may_stay_as_it_was(growth):
    row = growth.set(wish(2, 3))
    later = (*steps(2, days=(SOON,)), Draft(date(2027, 1, 20), "口算做对15题", 3, {"负责人": "李秋月"}))
    growth.adjust(row, later, day=date(2026, 12, 1))
    assert row.steps.get(due_on=SOON).state == "open"


def test_the_last_step_reached_is_the_goal_reached_and_it_can_be_undone(growth):
    row = growth.set(wish(2, 3))
    first, last = row.steps.order_by("due_on")
    growth.reach(first)
    row.refresh_from_db()
    assert row.state == "open"
    growth.reach(last)
    growth.reach(GoalStep.objects.get(pk=last.pk))
    row.refresh_from_db()
    assert (row.state, row.closed_on) == ("reached", DAY)
    assert Event.objects.filter(verb="goals.reach").count() == 2
    goals.unreach(plan=growth.plan, step=GoalStep.objects.get(pk=last.pk), by=growth.by())
    row.refresh_from_db()
    assert row.state == "open" and row.steps.get(pk=last.pk).state == "open"
    with pytest.raises(goals.NotRight):
        growth.adjust(row, ())


def test_a_reached_goal_makes_room_for_the_next_and_then_cannot_be_taken_back(growth):
    row = growth.set(wish(2, 3))
    for step in row.steps.order_by("due_on"):
        growth.reach(step)
    growth.set(wish(3, 4, baseline=3, days=(SOON, LATER)))
    with pytest.raises(goals.AlreadySet):
        goals.unreach(plan=growth.plan, step=row.steps.first(), by=growth.by())
    with pytest.raises(goals.NotOpen):
        growth.adjust(CaseGoal.objects.get(pk=row.pk), steps(2, 3))


def test_a_goal_let_go_can_be_taken_up_again(growth):
    row = growth.set(wish(2, 3))
    goals.drop(plan=growth.plan, row=row, by=growth.by(), because="换一个")
    row = CaseGoal.objects.get(pk=row.pk)
    assert (row.state, row.closed_because) == ("dropped", "换一个")
    goals.drop(plan=growth.plan, row=row, by=growth.by())
    goals.resume(plan=growth.plan, row=row, by=growth.by())
    assert CaseGoal.objects.get(pk=row.pk).state == "open"
    assert Evidence.objects.current().filter(activities=["measure"]).count() == 1


def test_setting_a_goal_is_the_record_that_the_duty_asks_for(growth):
    def standing(day):
        cases = Case.objects.filter(pk=growth.case.pk)
        found = schedule.ledger(growth.plan, cases, schedule.Asked(growth.cast.school, day, day, DAY))
        (dossier,) = found.values()
        return {s.expectation.duty_key.partition("@")[0]: s.state for s in dossier.standings}.get("goal")

    window = date(2026, 9, 14)
    assert standing(window) is not None and standing(window) is not State.done
    row = growth.set(wish(2, 3), day=date(2026, 9, 16))
    assert standing(window) is State.done or standing(window) is State.done_recorded_late
    record = Evidence.objects.get()
    assert record.activities == ["measure"] and "11月13日前：口算做对10题" in record.note
    goals.drop(plan=growth.plan, row=row, by=growth.by(day=date(2026, 9, 16)))
    assert not Evidence.objects.current().exists()


def test_a_child_s_own_goal_is_recorded_as_its_own(cast):
    own = Stage(cast, "subject_class", "struggling")
    spec = next(one for one in own.plan.goals if one.key == "own_goal")
    one = Draft(SOON, "看拼音写词语，十个对八个", 2)
    own.set(Wish("own_goal", (one,), "", 1, "我要写整齐"))
    assert goals.main_need(spec) == "具体要求" and goals.more_needs(spec) == ()
    assert Evidence.objects.get().activities == ["self_goal"]


@pytest.mark.parametrize(
    ("level", "what", "says"),
    [
        (3, "十个对八个", "第 1 步定到良好，一次最多高 1 档"),
        (1, "十个对八个", "最后一步定到起步，没有往前"),
        (2, "", "第 1 步还没有写「具体要求」"),
    ],
)
def test_an_own_goal_is_neither_too_high_nor_too_low_and_says_what(cast, level, what, says):
    own = Stage(cast, "subject_class", "struggling")
    assert any(says in one for one in said(own, Wish("own_goal", (Draft(SOON, what, level),), "", 1)))


def test_a_learning_plan_says_time_content_and_result(cast):
    hand = Stage(cast, "hand_in_hand", "left_behind")
    bare = Wish("learning_plan", (Draft(SOON, "每周读一本书", None, {}),), "语文")
    assert said(hand, bare) == ["第 1 步还没有写「阶段成果」"]
    row = hand.set(
        Wish("learning_plan", (Draft(SOON, "每周读一本书", None, {"阶段成果": "讲给同桌听"}),), "语文")
    )
    assert row.steps.get().filled == {"阶段成果": "讲给同桌听"} and row.baseline is None


def test_steps_have_goal_measure_and_somebody_who_watches(cast):
    steps_of = Stage(cast, "class_progress", "learning")
    bare = tuple(Draft(on, "背会口诀", 2, {"监督的老师": "李秋月"}) for on in (SOON, LATER))
    assert said(steps_of, Wish("steps", bare, "", 1)) == [
        "第 1 步还没有写「措施」",
        "第 2 步还没有写「措施」",
    ]


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("homeroom", True),
        ("attached", True),
        ("principal", True),
        ("deputy_head", True),
        ("supervisor", False),
        ("officer", False),
        ("neighbour", False),
        ("outsider", False),
    ],
)
def test_who_helps_or_teaches_the_class_sets_a_goal(growth, who, may):
    staff = getattr(growth.cast, who)
    if may:
        assert growth.set(wish(2, 3), who=staff).set_by == staff
    else:
        with pytest.raises(goals.NotYourGoal):
            growth.set(wish(2, 3), who=staff)


def test_a_subject_teacher_sets_it_where_the_plan_says_so_and_the_child_is_in_their_care(cast):
    teacher = factories.staff(cast.school, "韩雪", "", ("subject_teacher", cast.class_two))
    hand = Stage(cast, "hand_in_hand", "left_behind")
    plan = Wish("learning_plan", (Draft(SOON, "每周读一本书", None, {"阶段成果": "讲给同桌听"}),), "语文")
    with pytest.raises(goals.NotYourGoal):
        hand.set(plan, who=teacher)
    factories.pair(factories.case(hand.case.pupil), teacher, valid_from=date(2026, 9, 7))
    assert hand.set(plan, who=teacher).set_by == teacher


@pytest.mark.parametrize(
    ("set_by", "roles", "may"),
    [
        (("subject_teacher",), {"subject_teacher"}, True),
        (("homeroom_teacher",), {"subject_teacher"}, False),
        ((), {"subject_teacher"}, True),
        ((), {"deputy"}, True),
        (("counsellor",), {"counsellor"}, True),
        ((), {"grade_supervisor"}, False),
        ((), {"aid_officer"}, False),
    ],
)
def test_the_plan_may_name_more_who_set_it(set_by, roles, may):
    goal = Goal(key="one", title="一步", set_by=set_by)
    assert goals.may_set(goal, frozenset(roles)) is may


def test_a_goal_of_another_category_or_of_no_plan_is_not_there(growth):
    for key in ("own_goal", "nonsense"):
        with pytest.raises(goals.NoSuchGoal):
            growth.set(wish(2, 3, key=key))


def test_a_goal_is_seen_by_those_who_care_for_the_child(growth):
    row, cast = growth.set(wish(2, 3)), growth.cast
    for who, sees in (
        ("homeroom", 1),
        ("principal", 1),
        ("supervisor", 1),
        ("neighbour", 0),
        ("officer", 0),
        ("outsider", 0),
    ):
        viewer = cast.viewer(getattr(cast, who))
        assert CaseGoal.objects.visible_to(viewer).filter(pk=row.pk).count() == sees, who
        assert GoalStep.objects.visible_to(viewer).count() == 2 * sees, who
