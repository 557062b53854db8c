"""Setting a goal for a case in dated steps, changing steps, reaching them, letting go; nothing is ever rewritten.

P1-04, P2-20, P5-06, P5-22, P6-13, P7A-03. Each act is one record in the child's file as well: written once, used twice.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import IntegrityError, transaction

from bangfu.engine import goal as aim
from bangfu.engine.fault import Fault
from bangfu.engine.means import Goal
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, record
from bangfu.records import audit
from bangfu.records.models import Case, CaseGoal, Evidence, GoalStep, Pupil

WHO = frozenset(
    {"helper", "deputy", "homeroom_teacher", "class_attached_teacher", "principal", "vice_principal"}
)
TIME, LEVEL, PERSON = "时间", "分数或水平", frozenset({"负责人", "监督的老师"})
MOST = 200
NOTE = 500


class NotYourGoal(Refusal):
    sentence = "目标由帮扶教师、班主任或方案里写明的老师和孩子一起定。"


class NoSuchGoal(Refusal):
    sentence = "现在用的方案里没有这个目标。请回到学生的页面再看一看。"


class AlreadySet(Refusal):
    sentence = "这方面已经有一个目标了。可以调整它，或先放下它。"


class NotOpen(Refusal):
    sentence = "这个目标已经结束了，不用再改。"


class StepClosed(Refusal):
    sentence = "这一步已经调整过了。请看现在的这一步。"


class NotRight(Refusal):
    """Something in the steps is to be looked at again; `faults` says everything at once."""

    def __init__(self, faults: list[Fault]):
        self.faults = tuple(faults)
        super().__init__("还没有定下来，先看看下面几处。")


@dataclass(frozen=True, slots=True)
class Draft:
    """One step as it was written: by when, what, which level, and what else the plan wants ({need: words})."""

    on: date | None
    what: str = ""
    level: int | None = None
    needs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A goal as it was written: which of the plan's, about what, where the child stands, its own words, the steps."""

    key: str
    steps: tuple[Draft, ...]
    dimension: str = ""
    baseline: int | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class _Held:
    on: date
    level: int
    filled: tuple[str, ...]


def spec_of(plan: Plan, key: str, category: str) -> Goal:
    """This function will find a goal of the plan that is for a child of this category; NoSuchGoal otherwise."""
    for one in offered(plan, category):
        if one.key == key:
            return one
    raise NoSuchGoal


def offered(plan: Plan, category: str) -> tuple[Goal, ...]:
    """This function will list the goals a plan has for a child of this category."""
    of_children = [one for one in plan.goals if (one.subject or plan.subject) == "child"]
    return tuple(one for one in of_children if not one.for_ or category in one.for_)


def main_need(goal: Goal) -> str:
    """This function will name what the step itself says: the first need that is neither day, level nor person."""
    return next((need for need in goal.needs if not _is_given(goal, need)), "")


def more_needs(goal: Goal) -> tuple[str, ...]:
    """This function will name what else each step must say, in words."""
    asked = [need for need in goal.needs if need != main_need(goal)]
    return tuple(need for need in asked if need in PERSON or not _is_given(goal, need))


def _is_given(goal: Goal, need: str) -> bool:
    return need == TIME or need in PERSON or (need == LEVEL and goal.step is not None)


def may_set(goal: Goal, roles: frozenset[str]) -> bool:
    """This function will say whether somebody with these roles to a child may write this goal with it."""
    return not roles.isdisjoint(
        WHO.union(goal.set_by or ("subject_teacher",))
    )  # a child's own: any of its teachers


@transaction.atomic
def set_goal(*, plan: Plan, case: Case, wish: Wish, by) -> CaseGoal:
    """This function will set a goal with its steps, and record that it was set.

    Raises NoSuchGoal, NotYourGoal, NotRight (everything at once), AlreadySet, NotOpen when the case is closed.
    """
    goal = spec_of(plan, wish.key, case.category)
    _may(goal, case, by)
    faults = _of_wish(goal, wish) + held(goal, wish.baseline, wish.steps, by)
    if faults:
        raise NotRight(faults)
    try:
        with transaction.atomic():
            row = CaseGoal.objects.create(
                case=case, key=goal.key, dimension=wish.dimension, set_by=by.staff, set_on=by.day,
                baseline=wish.baseline if goal.step is not None else None, words=wish.words.strip()[:MOST],
            )  # fmt: skip
    except IntegrityError as cause:
        raise AlreadySet from cause
    _write(row, goal, wish.steps, by)
    row.evidence = _tell(goal, row, _steps_in_words(row), by)
    row.save(update_fields=["evidence"])
    _log("goals.set", row, {"goal": [None, goal.key], "steps": [None, [s.what for s in wish.steps]]}, by)
    return row


@transaction.atomic
def adjust(*, plan: Plan, row: CaseGoal, steps: tuple[Draft, ...], by, because: str = "") -> CaseGoal:
    """This function will put new steps in the place of those still open; reached ones and earlier versions stay.

    Steps written as they were are left alone. Raises NotYourGoal, NotOpen, NotRight.
    """
    goal = spec_of(plan, row.key, row.case.category)
    row = _open(row, goal, by)
    before = list(row.steps.filter(state="open"))
    reached = list(row.steps.filter(state="reached").order_by("due_on"))
    whole = (*(_draft(one) for one in reached), *steps)
    if faults := held(goal, row.baseline, whole if steps else (), by, before=(*reached, *before)):
        raise NotRight(faults)
    same = {s.pk for s in before if any(_is_as(s, one, goal) for one in steps)}
    new = [one for one in steps if not any(_is_as(s, one, goal) for s in before)]
    gone = [s for s in before if s.pk not in same]
    if not new and not gone:
        return row
    note = because.strip()[:MOST]
    GoalStep.objects.filter(pk__in=[s.pk for s in gone]).update(state="changed", closed_on=by.day, note=note)
    _write(row, goal, new, by)
    _tell(goal, row, _joined(note, _steps_in_words(row)), by)
    _log("goals.adjust", row, {"steps": [[s.what for s in gone], [s.what for s in new]]}, by)
    return row


def _draft(row: GoalStep) -> Draft:
    return Draft(row.due_on, row.what, row.level, row.filled)


@transaction.atomic
def reach(*, plan: Plan, step: GoalStep, by, note: str = "") -> GoalStep:
    """This function will say that a step is reached; with the last one the goal is. Twice is once."""
    goal = spec_of(plan, step.goal.key, step.goal.case.category)
    _may(goal, step.goal.case, by)
    step.refresh_from_db()
    if step.state == "reached":
        return step
    row = _open(step.goal, goal, by)
    note = note.strip()[:MOST]
    changed = GoalStep.objects.filter(pk=step.pk, state="open").update(
        state="reached", closed_on=by.day, note=note
    )
    if not changed:
        raise StepClosed
    step.refresh_from_db()
    step.evidence = _tell(goal, row, _joined(f"做到了：{step.what}", note), by)
    step.save(update_fields=["evidence"])
    if not row.steps.filter(state="open").exists():
        CaseGoal.objects.filter(pk=row.pk).update(state="reached", closed_on=by.day)
    _log("goals.reach", row, {"step": [None, step.what]}, by)
    return step


@transaction.atomic
def unreach(*, plan: Plan, step: GoalStep, by) -> GoalStep:
    """This function will take back that a step was reached (撤销); the record of it is withdrawn."""
    row = CaseGoal.objects.select_for_update().select_related("case").get(pk=step.goal_id)
    goal = spec_of(plan, row.key, row.case.category)
    _may(goal, row.case, by)
    step = GoalStep.objects.get(pk=step.pk)
    if step.state != "reached":
        return step
    if row.state == "reached":
        _open_again(row)
    GoalStep.objects.filter(pk=step.pk).update(state="open", closed_on=None, note="", evidence=None)
    _untell(step.evidence, by)
    _log("goals.unreach", row, {"state": ["reached", "open"]}, by)
    step.refresh_from_db()
    return step


@transaction.atomic
def drop(*, plan: Plan, row: CaseGoal, by, because: str = "") -> CaseGoal:
    """This function will let go of a goal; what was reached stays. Set and let go on one day, its record is withdrawn."""
    goal = spec_of(plan, row.key, row.case.category)
    if row.state == "dropped":
        return row
    row = _open(row, goal, by)
    CaseGoal.objects.filter(pk=row.pk).update(
        state="dropped", closed_on=by.day, closed_because=because.strip()[:MOST]
    )
    if row.set_on == by.day and not row.steps.exclude(state="open").exists():
        _untell(row.evidence, by)
    _log("goals.drop", row, {"because": [None, because.strip()[:MOST]]}, by)
    row.refresh_from_db()
    return row


@transaction.atomic
def resume(*, plan: Plan, row: CaseGoal, by) -> CaseGoal:
    """This function will take up a goal again that was let go (撤销). Raises AlreadySet if another took its place."""
    goal = spec_of(plan, row.key, row.case.category)
    _may(goal, row.case, by)
    if row.state != "dropped":
        return row
    _open_again(row)
    if row.evidence is not None and Evidence.objects.filter(amends=row.evidence).exists():
        row.evidence = _tell(goal, row, _steps_in_words(row), by)
        row.save(update_fields=["evidence"])
    _log("goals.resume", row, {"state": ["dropped", "open"]}, by)
    row.refresh_from_db()
    return row


def held(goal: Goal, baseline: int | None, steps: tuple[Draft, ...], by, *, before=()) -> list[Fault]:
    """This function will say everything that is to be looked at in these steps; `before` are rows that stood there."""
    where, faults = f"goal:{goal.key}", []
    if not steps:
        return [Fault(where, "还没有写下一步", "写近的一步就可以")]
    levels = goal.step is not None
    if levels and baseline is None:
        faults.append(Fault(where, "还没有选现在在哪一档", "从课堂和作业里看，不考试"))
    old, stand_in, ready = {row.due_on for row in before}, by.day, levels and baseline is not None
    told: list[_Held] = []
    for at, one in enumerate(steps, 1):
        here = f"{where}[第{at}步]"
        if one.on is None:
            faults.append(Fault(here, f"第 {at} 步还没有写到哪一天"))
        elif one.on < by.day and one.on not in old:
            faults.append(Fault(here, f"第 {at} 步的日子已经过了", "选今天或以后的日子"))
        if not one.what.strip() and not main_need(goal):
            faults.append(Fault(here, f"第 {at} 步还没有写做到什么"))
        if levels and one.level not in range(1, len(aim.LEVELS) + 1):
            faults.append(Fault(here, f"第 {at} 步还没有选到哪一档"))
            ready = False
        stand_in = one.on or stand_in + timedelta(
            days=1
        )  # a blank day is told once, not again as out of order
        told.append(_Held(stand_in, one.level or 0, _filled(goal, one)))
    judged = goal if ready else goal.model_copy(update={"step": None})
    return faults + aim.check(judged, baseline or 0, told)


def _filled(goal: Goal, one: Draft) -> tuple[str, ...]:
    given = {need for need in goal.needs if need == TIME or (need == LEVEL and goal.step is not None)}
    given |= {main_need(goal)} if one.what.strip() else set()
    return tuple(given | {need for need, words in one.needs.items() if words.strip()})


def _of_wish(goal: Goal, wish: Wish) -> list[Fault]:
    allowed = aim.sides(goal) or ("",)
    return [] if wish.dimension in allowed else [Fault(f"goal:{goal.key}", "还没有选是哪方面的目标")]


def _may(goal: Goal, case: Case, by) -> None:
    pupil = Pupil.objects.cared_for_by(by).filter(pk=case.pupil_id).first()
    if pupil is None or not may_set(goal, record.roles_on([pupil], by=by)[pupil.pk]):
        raise NotYourGoal
    if case.closed_on is not None and case.closed_on <= by.day:
        raise NotOpen("这个学生在这份方案里的帮扶已经结束了，不用再定目标。")


def _open(row: CaseGoal, goal: Goal, by) -> CaseGoal:
    _may(goal, row.case, by)
    row = CaseGoal.objects.select_for_update().select_related("case").get(pk=row.pk)
    if row.state != "open":
        raise NotOpen
    return row


def _open_again(row: CaseGoal) -> None:
    try:
        with transaction.atomic():
            CaseGoal.objects.filter(pk=row.pk).update(state="open", closed_on=None, closed_because="")
    except IntegrityError as cause:
        raise AlreadySet from cause


def _write(row: CaseGoal, goal: Goal, steps, by) -> None:
    GoalStep.objects.bulk_create(
        GoalStep(
            goal=row,
            due_on=one.on,
            level=one.level if goal.step is not None else None,
            what=one.what.strip()[:MOST],
            filled=_kept(goal, one),
            set_by=by.staff,
            set_on=by.day,
        )
        for one in steps
    )


def _kept(goal: Goal, one: Draft) -> dict[str, str]:
    return {
        need: one.needs[need].strip()[:MOST] for need in more_needs(goal) if one.needs.get(need, "").strip()
    }


def _is_as(row: GoalStep, one: Draft, goal: Goal) -> bool:
    level = one.level if goal.step is not None else None
    return (row.due_on, row.level, row.what, row.filled) == (
        one.on,
        level,
        one.what.strip(),
        _kept(goal, one),
    )


def in_words(step: GoalStep) -> str:
    """This function will tell a step: 11月30日前：口算 20 题对 18 题."""
    return f"{step.due_on.month}月{step.due_on.day}日前：{step.what}"


def _tell(goal: Goal, row: CaseGoal, words: str, by) -> Evidence:
    """The child's own goal is the activity self_goal; what adults plan with the child is a measure."""
    entry = record.Entry(
        ("measure" if goal.set_by else "self_goal",), by.day, note=f"{goal.title}：{words}"[:NOTE]
    )
    return record.add(entry=entry, pupils=[row.case.pupil], by=by)


def _steps_in_words(row: CaseGoal) -> str:
    return "；".join(in_words(step) for step in row.steps.filter(state="open").order_by("due_on"))


def _joined(*parts: str) -> str:
    return "。".join(part.rstrip("。") for part in parts if part)


def _untell(evidence: Evidence | None, by) -> None:
    """Only who wrote a record takes it back, and only as it was written; else it stays and is true of its day."""
    if (
        evidence is None
        or evidence.author_id != by.staff.pk
        or Evidence.objects.filter(amends=evidence).exists()
    ):
        return
    record.withdraw(evidence=evidence, by=by)


def _log(verb: str, row: CaseGoal, changes: dict, by) -> None:
    entry = audit.event(verb, by=by.staff, at=clock.now(), subject=row, changes=changes)
    entry.pupil_id = row.case.pupil_id
    entry.save(force_insert=True)
