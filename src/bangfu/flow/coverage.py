"""The statement that no child is missed: every pupil on the roll, as of a day, in exactly one place, or named as open.

The roll is every child who has come and not left, with or without a class. Plans take part that choose children; those
about households, and duties of a whole class or school, are nobody for one child. In one plan and over all of them a
child stands once (engine/coverage.py says where, ADR 15 why); the statement adds up when nobody is open.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import F, Q

from bangfu.engine import coverage, eligibility
from bangfu.engine.coverage import Kind, Place, Seen
from bangfu.engine.fact import FactSpec
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.engine.rule import Verdict
from bangfu.flow import adopt, known
from bangfu.flow.almanac import calendar_for, term_at_hand
from bangfu.records.models import (
    Case,
    Enrolment,
    Exclusion,
    Pupil,
    SchoolClass,
    Survey,
    SurveyAnswer,
)
from bangfu.records.models.places import class_label, grade_of_entry_year

SCREENED = (Kind.clear, Kind.passed)


class NotForYou(Refusal):
    sentence = "这张表给班主任、包班教师、年级和校领导看。您带的学生在“今日待办”里。"


@dataclass(frozen=True, slots=True)
class Left:
    """Why a child is left out, and who said so until when."""

    id: UUID
    pupil_id: UUID
    plan_key: str
    reason: str
    by: str
    on: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Child:
    """One pupil of the roll: where it stands over all plans, and in each."""

    id: UUID
    name: str
    class_id: UUID | None
    label: str
    entry_year: int | None
    grade: int
    seat_no: int | None
    order: tuple
    village: str
    place: Place
    in_plans: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Sum:
    """How a roll adds up: of a class, a grade, a village, a plan or the school."""

    key: str
    label: str
    helped: int = 0
    screened: int = 0
    waiting: int = 0
    excluded: int = 0
    open: int = 0

    @property
    def roll(self) -> int:
        """This property will give how many children that are."""
        return self.helped + self.screened + self.waiting + self.excluded + self.open

    @property
    def adds_up(self) -> bool:
        """This property will say whether every child has an answer."""
        return not self.open


@dataclass(frozen=True, slots=True)
class Statement:
    """The whole statement; `left` says by whom children are left out, newest word first."""

    day: date
    term: Term | None
    plans: tuple[Plan, ...]
    children: tuple[Child, ...]
    left: Mapping[UUID, tuple[Left, ...]]
    whole: Sum
    classes: tuple[Sum, ...]
    grades: tuple[Sum, ...]
    villages: tuple[Sum, ...]
    by_plan: tuple[Sum, ...]

    @property
    def adds_up(self) -> bool:
        """This property will say whether every child of the roll has an answer."""
        return self.whole.adds_up

    @property
    def differences(self) -> tuple[Child, ...]:
        """This property will name the children nobody has settled yet, in the order of classes."""
        return tuple(child for child in self.children if child.place.kind is Kind.open)

    def of(self, kind: Kind) -> tuple[Child, ...]:
        """This function will give the children who stand there, in the order of classes."""
        return tuple(child for child in self.children if child.place.kind is kind)


def term_of(school, day: date) -> Term | None:
    """This function will give the term whose looking counts on a day: the running one, in holidays the last one."""
    calendar = calendar_for(school)
    over = [term for term in calendar.terms if term.ends_on < day]
    coming = next((term for term in calendar.terms if term.starts_on > day), None)
    return calendar.term_on(day) or (over[-1] if over else coming)


def plans_that_choose(school, day: date, plans=None) -> tuple[Plan, ...]:
    """This function will give the plans in force that choose children; `plans` if somebody has read them already."""
    found = adopt.plans_in_force(school, day) if plans is None else plans
    return tuple(plan for plan in found if plan.selection is not None and plan.subject == "child")


def statement(*, school, day: date, class_ids: Iterable[UUID] | None = None) -> Statement:
    """This function will work out the statement of a school, or of some of its classes, as of a day.

    A dozen queries for any number of children and plans. Survey answers count as they were last kept.
    """
    plans, term = plans_that_choose(school, day), term_of(school, day)
    roll = _roll(school, day, class_ids)
    ids = [pk for pk, *_ in roll]
    facts = known.newest(ids, day)
    left = _left(school, day, ids)
    in_plans = _in_plans(_Asked(school, day, term, plans), ids, facts, left)
    children = tuple(_child(row, facts.get(row[0], {}), in_plans[row[0]], left, day) for row in roll)
    return Statement(
        day, term, plans, tuple(sorted(children, key=lambda child: child.order)), left,
        _sum("", "", children),
        _sums(children, lambda child: (str(child.class_id or ""), child.label)),
        _sums(children, lambda child: (str(child.grade or ""), "")),
        _villages(children),
        tuple(_of_plan(plan, children) for plan in plans),
    )  # fmt: skip


def places_of(*, school, day: date, pupil_ids, plans=None) -> dict[UUID, dict[str, Place]]:
    """This function will say where some children stand in each plan: {pupil id: {plan key: Place}}."""
    ids = list(pupil_ids)
    asked = _Asked(school, day, term_of(school, day), plans_that_choose(school, day, plans))
    return _in_plans(asked, ids, known.newest(ids, day), _left(school, day, ids))


def current(facts: Mapping[str, Any], specs: Mapping[str, FactSpec], term: Term | None) -> dict[str, Any]:
    """This function will keep of a child's facts what still holds this term: what a teacher saw, the next looks at anew."""
    return {
        key: stated.value
        for key, stated in facts.items()
        if key not in specs
        or specs[key].lasts != "term"
        or term is None
        or (stated.valid_from is not None and stated.valid_from >= term.starts_on)
    }


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True, slots=True)
class _Asked:
    school: Any
    day: date
    term: Term | None
    plans: tuple[Plan, ...]


def _roll(school, day: date, class_ids) -> list[tuple]:
    """(pupil, name, sort key, class or None, entry year, number, seat), each child once, whatever the rows say."""
    enrolled = Enrolment.objects.on(day).filter(school_class__school=school)
    if class_ids is not None:
        enrolled = enrolled.filter(school_class__in=list(class_ids))
    rows = enrolled.order_by("valid_from", F("valid_to").asc(nulls_last=True), "pk").values_list(
        "pupil_id", "pupil__name", "pupil__sort_key", "school_class_id", "school_class__entry_year",
        "school_class__number", "seat_no",
    )  # fmt: skip
    found = {row[0]: row for row in rows}
    if class_ids is None:
        here = Pupil.objects.filter(
            Q(left_on__isnull=True) | Q(left_on__gt=day), school=school, joined_on__lte=day
        )
        for pk, name, sort_key in here.values_list("pk", "name", "sort_key"):
            found.setdefault(pk, (pk, name, sort_key, None, None, None, None))
    return list(found.values())


def _left(school, day: date, ids) -> dict[UUID, tuple[Left, ...]]:
    rows = Exclusion.objects.in_force(day).filter(school=school, pupil__in=ids).order_by("-on", "-at")
    found: dict[UUID, tuple[Left, ...]] = {}
    for one in rows.select_related("by"):
        said = Left(one.pk, one.pupil_id, one.plan_key, one.reason, one.by.name, one.on, one.until)
        found[one.pupil_id] = (*found.get(one.pupil_id, ()), said)
    return found


@dataclass(slots=True)
class _Done:
    """What people did about the children this term, by (pupil, plan); `blank`: asked about, and not known yet."""

    helped: set
    ended: set
    rows: dict
    blank: dict
    handed_in: set


def _done(asked: _Asked, ids) -> _Done:
    keys, term = [plan.key for plan in asked.plans], asked.term
    helped, ended = set(), set()
    cases = Case.objects.filter(
        school=asked.school, pupil__in=ids, plan_key__in=keys, opened_on__lte=asked.day
    )
    for pupil, key, closed_on in cases.values_list("pupil_id", "plan_key", "closed_on"):
        if closed_on is None or closed_on > asked.day:
            helped.add((pupil, key))
        elif term is not None and closed_on >= term.starts_on:
            ended.add((pupil, key))
    done = _Done(helped, ended, {}, defaultdict(set), set())
    if term is not None:
        # In holidays the class is looked at for the coming term already: what was said then counts, too.
        terms = {term.key, term_at_hand(asked.school, asked.day).key}
        surveys = Survey.objects.filter(
            school_class__school=asked.school,
            term_key__in=terms,
            plan_key__in=keys,
            finished_on__lte=asked.day,
        )
        done.handed_in = set(surveys.values_list("pk", flat=True))
        rows = SurveyAnswer.objects.filter(
            pupil__in=ids, survey__term_key__in=terms, survey__plan_key__in=keys
        )
        for pupil, key, survey, answers, chosen in rows.order_by("at").values_list(
            "pupil_id", "survey__plan_key", "survey_id", "answers", "is_chosen"
        ):
            done.rows[pupil, key] = (survey, chosen)
            done.blank[pupil] |= {name for name, value in answers.items() if value is None}
    return done


def _in_plans(asked: _Asked, ids, facts, left) -> dict[UUID, dict[str, Place]]:
    """Children whose facts are alike are judged once: there are few kinds of answer, and many children."""
    specs, done = adopt.shelf().commons.facts, _done(asked, ids)
    names = {plan.key: eligibility.names(plan, specs, to_choose=True) for plan in asked.plans}
    judged: dict[tuple, Verdict] = {}
    found: dict[UUID, dict[str, Place]] = {}
    for pk in ids:
        about, out_of = (
            current(facts.get(pk, {}), specs, asked.term),
            {one.plan_key for one in left.get(pk, ())},
        )
        found[pk] = {}
        for plan in asked.plans:
            values = {name: about.get(name) for name in names[plan.key]}
            kind = (plan.key, *((type(value), value) for value in values.values()))
            if kind not in judged:
                judged[kind] = eligibility.verdict(plan, values, specs)
            seen = _seen(plan, pk, judged[kind], done)
            is_out = plan.key in out_of or "" in out_of
            found[pk][plan.key] = coverage.in_plan(replace(seen, is_excluded=is_out), plan.key)
    return found


def _seen(plan: Plan, pk: UUID, verdict: Verdict, done: _Done) -> Seen:
    survey, is_chosen = done.rows.get((pk, plan.key), (None, False))
    still_open = {reason.fact for reason in verdict.reasons if reason.value is None}
    return Seen(
        answer=verdict.answer,
        unknown=verdict.unknown,
        takes_all=bool(plan.selection and plan.selection.take == "eligible"),
        is_helped=(pk, plan.key) in done.helped,
        is_ended=(pk, plan.key) in done.ended,
        is_in_survey=survey is not None,
        is_asked=bool(still_open) and still_open <= done.blank[pk],
        is_chosen=is_chosen,
        is_handed_in=survey in done.handed_in,
    )


# ── adding up ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _child(row: tuple, facts, in_plans, left, day: date) -> Child:
    pk, name, sort_key, class_id, year, number, seat_no = row
    is_out = any(not one.plan_key for one in left.get(pk, ()))
    place = coverage.in_all(tuple(in_plans.values()), is_excluded=is_out, has_class=class_id is not None)
    label = class_label(year, number, day) if class_id else ""
    order = (
        (0, -year, number, seat_no or 999, sort_key, str(pk))
        if class_id
        else (1, 0, 0, 999, sort_key, str(pk))
    )
    grade = grade_of_entry_year(year, day) if class_id else 0
    return Child(pk, name, class_id, label, year, grade, seat_no, order, known.village(facts), place, in_plans)


def _sum(key: str, label: str, children: Iterable[Child], plan: str = "") -> Sum:
    count: dict[Kind, int] = dict.fromkeys(Kind, 0)
    for child in children:
        count[(child.in_plans[plan] if plan else child.place).kind] += 1
    return Sum(
        key, label, count[Kind.helped], sum(count[kind] for kind in SCREENED), count[Kind.waiting],
        count[Kind.excluded], count[Kind.open],
    )  # fmt: skip


def _sums(children: Iterable[Child], group) -> tuple[Sum, ...]:
    found: dict[tuple[str, str], list[Child]] = defaultdict(list)
    for child in sorted(children, key=lambda child: child.order):
        found[group(child)].append(child)
    return tuple(_sum(key, label, some) for (key, label), some in found.items())


def _villages(children: Iterable[Child]) -> tuple[Sum, ...]:
    """By name; where nobody wrote the village yet stands last."""
    found = _sums(children, lambda child: (child.village, child.village))
    return tuple(sorted(found, key=lambda one: (not one.key, one.key)))


def _of_plan(plan: Plan, children: Iterable[Child]) -> Sum:
    return _sum(plan.key, plan.short_title, children, plan.key)


# ── whose it is to see ────────────────────────────────────────────────────────────────────────────────────────────
def classes(viewer):
    """This function will give the classes whose statement the viewer reads: the school's, a grade's, one's own."""
    here = SchoolClass.objects.visible_to(viewer).filter(school_id=viewer.school_id)
    if not viewer.is_leader:
        mine = Q(pk__in=viewer.minded_class_ids) | Q(entry_year__in=viewer.entry_years)
        here = here.filter(mine)
    return here.in_order()


def for_viewer(viewer, class_id: UUID | None = None) -> Statement:
    """This function will give the statement of what the viewer answers for, or of one class of it; raises NotForYou."""
    if viewer.is_leader and class_id is None:
        return statement(school=viewer.school, day=viewer.day)
    found = [pk for pk in classes(viewer).values_list("pk", flat=True) if class_id in (None, pk)]
    if not found:
        raise NotForYou
    return statement(school=viewer.school, day=viewer.day, class_ids=found)
