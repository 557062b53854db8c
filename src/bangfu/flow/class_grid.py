"""A whole class in one grid over all plans in use: each fact once, three answers, kept cell by cell (P0-34, P5-02, P8-06).

What is known stands in its cell with its source; what an authority's list says is only read. An answer is a statement
and stands in the survey of every plan that asks; of two teachers the later counts and is told what stood there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from bangfu.engine import eligibility
from bangfu.engine.coverage import Todo
from bangfu.engine.fact import FactSpec, Stated, source_of
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, answers, clock, coverage, identify, known
from bangfu.flow.almanac import term_at_hand
from bangfu.flow.sent import as_id
from bangfu.records import audit
from bangfu.records.models import (
    Enrolment,
    FactStatement,
    Pupil,
    SchoolClass,
    Survey,
    SurveyAnswer,
)

EMPTY = "-"  # nothing in a cell, in the row that says what was shown
MINE = frozenset({answers.SOURCE, "told"})


class NoTerm(Refusal):
    sentence = "还没有学期。先在“设置”里写上校历，再来摸底。"


@dataclass(frozen=True, slots=True)
class Column:
    """One fact: what may be answered, as (digit, words, value); the first is `yes` or the most usual, in order."""

    key: str
    title: str
    meaning: str
    plans: tuple[str, ...]
    options: tuple[tuple[str, str, Any], ...]
    rest: str  # the digit that means “all the others”: not so, or the first of several

    def value(self, posted: str) -> Any:
        """This function will give the value behind a digit; None for not known and for anything strange."""
        return next((value for digit, _words, value in self.options if digit == posted), None)

    def digit(self, value: Any) -> str:
        """This function will give the digit of a value, empty for none."""
        return next((digit for digit, _words, kept in self.options if _same(kept, value)), "")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell: a digit, 0 for “asked, not known yet”, empty for nothing; where from; read only or not."""

    digit: str = ""
    words: str = ""
    source: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One child of the class in seat order."""

    id: UUID
    name: str
    seat_no: int | None
    cells: tuple[Cell, ...]
    is_left: bool  # nobody has looked at this child yet in some plan


@dataclass(frozen=True, slots=True)
class Changed:
    """A cell somebody else had filled in otherwise meanwhile: whose answer was replaced by this one."""

    pupil_id: UUID
    key: str
    was: str
    by: str


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of a batch: how many cells are new, which had been changed by others, how many children are left."""

    cells: int
    changed: tuple[Changed, ...]
    left: int


def columns(plans: Sequence[Plan], specs: Mapping[str, FactSpec]) -> tuple[Column, ...]:
    """This function will list the facts to ask of a class, each once; what is seen in class comes before the home."""
    asking: dict[str, tuple[str, ...]] = {}
    for plan in plans:
        for key in eligibility.names(plan, specs):
            asking[key] = (*asking.get(key, ()), plan.short_title)
    found = [_column(specs[key], titles) for key, titles in asking.items() if specs[key].of == "child"]
    seen = [one for one in found if one.options and specs[one.key].lasts == "term"]
    return (*seen, *(one for one in found if one.options and specs[one.key].lasts != "term"))


def _column(spec: FactSpec, plans: tuple[str, ...]) -> Column:
    options: list[tuple[str, Any]] = []
    if spec.type == "bool":
        options = [("是", True), ("不是", False)]
    elif spec.type == "choice" and len(spec.choices) <= 8:
        options = [(spec.said(one), one) for one in spec.choices]
    elif spec.type == "int" and spec.levels:
        options = [(word, at) for at, word in enumerate(spec.levels) if word]
    numbered = tuple((str(at), word, value) for at, (word, value) in enumerate(options, 1))
    rest = "2" if spec.type == "bool" else "1"
    return Column(spec.key, spec.title, spec.meaning, plans, numbered, rest)


def _same(one: Any, other: Any) -> bool:
    return type(one) is type(other) and one == other


def may_fill(viewer, school_class: SchoolClass) -> bool:
    """This function will say whether the viewer fills in the class: its own teachers do."""
    return school_class.pk in viewer.minded_class_ids


def rows(*, school_class: SchoolClass, by) -> tuple[tuple[Column, ...], tuple[Row, ...]]:
    """This function will give the grid of a class as it stands: columns, and children in seat order; nine queries.

    Whoever only heads the grade reads what is plain, as in a child's file.
    """
    plans, specs = coverage.plans_that_choose(by.school, by.day), adopt.shelf().commons.facts
    asked = columns(plans, specs)
    if not (may_fill(by, school_class) or by.is_leader):
        asked = tuple(one for one in asked if specs[one.key].privacy == "plain")
    here = Enrolment.objects.on(by.day).filter(school_class=school_class)
    listed = list(
        here.order_by(F("seat_no").asc(nulls_last=True), "pupil__sort_key", "pupil").values_list(
            "pupil_id", "pupil__name", "seat_no"
        )
    )
    ids = [pk for pk, *_ in listed]
    told, blank = known.newest(ids, by.day), _said_unknown(school_class, by, ids)
    left = _left(by, ids, plans)
    return asked, tuple(
        Row(
            pk, name, seat_no,
            tuple(_cell(one, told.get(pk, {}).get(one.key), one.key in blank.get(pk, ())) for one in asked),
            pk in left,
        )
        for pk, name, seat_no in listed
    )  # fmt: skip


def _cell(column: Column, stated: Stated | None, is_said_unknown: bool) -> Cell:
    if stated is None or stated.value is None:
        return Cell("0" if is_said_unknown else "")
    digit = column.digit(stated.value)
    words = next((words for at, words, _value in column.options if at == digit), "")
    source = "" if stated.source in MINE else source_of(stated.source) or "名单"
    is_fixed = answers.is_certified(stated) or not digit
    return Cell(digit, words or str(stated.value), source, is_fixed)


def _said_unknown(school_class: SchoolClass, by, ids) -> dict[UUID, set]:
    """What somebody asked about this term and does not know yet."""
    term = term_at_hand(by.school, by.day)
    found: dict[UUID, set] = {}
    mine = SurveyAnswer.objects.filter(pupil__in=ids, survey__school_class=school_class)
    for pupil, given in mine.filter(survey__term_key=term.key if term else "").values_list(
        "pupil_id", "answers"
    ):
        found.setdefault(pupil, set()).update(key for key, value in given.items() if value is None)
    return found


def _left(by, ids, plans) -> set:
    places = coverage.places_of(school=by.school, day=by.day, pupil_ids=ids, plans=plans)
    return {
        pk for pk, in_plans in places.items() if any(one.todo is Todo.look for one in in_plans.values())
    }


@dataclass(frozen=True, slots=True)
class _Room:
    """What every step of keeping a batch needs."""

    school_class: SchoolClass
    plans: tuple[Plan, ...]
    specs: Mapping[str, FactSpec]
    term: Term
    by: Any


def shown(row: Row) -> str:
    """This function will say what a row shows, a character a cell, as `read` wants it back."""
    return "".join(cell.digit or EMPTY for cell in row.cells)


def read(body: Mapping[str, str]) -> tuple[dict, dict]:
    """This function will read what a page or a phone sends into (cells, what they showed) for `keep`.

    `c.pupil.fact` is a cell, `s.pupil.fact` what it showed, `w.pupil` a whole row of that in the order of `keys`: then
    only what differs from it is an answer.
    """
    cells: dict[UUID, dict[str, str]] = {}
    saw: dict[UUID, dict[str, str]] = {}
    keys = str(body.get("keys", "")).split()
    for name, value in body.items():
        kind, _dot, rest = name.partition(".")
        pupil, _dot, key = rest.partition(".")
        pupil_id = as_id(pupil)
        if pupil_id is None or kind not in ("c", "s", "w"):
            continue
        if kind == "c" and key:
            cells.setdefault(pupil_id, {})[key] = str(value)
        elif kind == "s" and key:
            saw.setdefault(pupil_id, {})[key] = str(value)
        elif kind == "w":
            digits = {fact: digit.replace(EMPTY, "") for fact, digit in zip(keys, str(value), strict=False)}
            saw.setdefault(pupil_id, {}).update(digits)
    if keys:  # the whole page was sent
        cells = {
            pk: {key: value for key, value in some.items() if value != saw.get(pk, {}).get(key, "")}
            for pk, some in cells.items()
        }
    return cells, saw


@transaction.atomic
def keep(*, school_class: SchoolClass, cells: Mapping, saw: Mapping, by) -> Kept:
    """This function will keep a batch of cells: {pupil id: {fact key: digit}}, `saw` what each showed before.

    Only what differs is written: one statement a child, and the row of every plan's survey that asks. Raises
    identify.NotYourClass, NoTerm.
    """
    room = _room(school_class, by)
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)  # two teachers write one after the other
    asked = {one.key: one for one in columns(room.plans, room.specs)}
    here = set(
        Enrolment.objects.on(by.day).filter(school_class=school_class).values_list("pupil_id", flat=True)
    )
    pupils = cells.keys() & here
    before = known.newest(pupils, by.day)
    said = {pk: _read(cells[pk], asked, before.get(pk, {})) for pk in pupils}
    said = {pk: values for pk, values in said.items() if values}
    changed = _changed(asked, before, said, saw)
    new = answers.state(said, by)
    _spread(room, said, before)
    _log(new, before, by)
    return Kept(sum(map(len, new.values())), changed, len(_left(by, here, room.plans)))


def _room(school_class: SchoolClass, by) -> _Room:
    if not may_fill(by, school_class):
        raise identify.NotYourClass
    term = term_at_hand(by.school, by.day)
    if term is None:
        raise NoTerm
    plans = coverage.plans_that_choose(by.school, by.day)
    return _Room(school_class, plans, adopt.shelf().commons.facts, term, by)


def _read(
    cells: Mapping[str, str], asked: Mapping[str, Column], about: Mapping[str, Stated]
) -> dict[str, Any]:
    """Digits as values; strange facts, empty cells and what an authority's list says are passed over."""
    return {
        key: asked[key].value(digit)
        for key, digit in cells.items()
        if key in asked and digit and not answers.is_certified(about.get(key))
    }


def _changed(asked, before, said, saw) -> tuple[Changed, ...]:
    """Cells that showed one thing when they were touched and held another when they were kept."""
    found, by = [], _authors(said)
    for pk, values in said.items():
        for key, value in values.items():
            stated = before.get(pk, {}).get(key)
            held = asked[key].digit(stated.value) if stated else ""
            seen = saw.get(pk, {}).get(key, held)
            if held and held != seen.replace("0", "") and not _same(stated.value, value):
                words = next(words for digit, words, _value in asked[key].options if digit == held)
                found.append(Changed(pk, key, words, by.get(pk, "")))
    return tuple(found)


def _authors(pupil_ids) -> dict[UUID, str]:
    rows = FactStatement.objects.filter(pupil__in=pupil_ids, source=answers.SOURCE).order_by("known_at")
    return dict(rows.values_list("pupil_id", "by__name"))


def _spread(room: _Room, said: answers.Said, before: Mapping) -> None:
    """Into the survey of every plan that asks; where a plan takes all who fit, the tick follows what is known now."""
    after = known.newest(said.keys(), room.by.day)
    surveys = _surveys(room)
    old = SurveyAnswer.objects.select_for_update().filter(survey__in=surveys.values(), pupil__in=said.keys())
    rows = {(row.survey_id, row.pupil_id): row for row in old}
    now, born, changed = clock.now(), [], []
    for plan in room.plans:
        survey, names = surveys[plan.key], set(eligibility.names(plan, room.specs))
        for pk, values in said.items():
            mine = {key: value for key, value in values.items() if key in names}
            if not mine:
                continue
            row = rows.get((survey.pk, pk))
            fits, did = _fits(room, plan, after.get(pk, {})), _fits(room, plan, before.get(pk, {}))
            (changed if row else born).append(row := row or SurveyAnswer(survey=survey, pupil_id=pk))
            row.answers = {**row.answers, **mine}
            row.by, row.at = room.by.staff, now
            if fits != did or row in born:
                row.is_chosen = fits if plan.selection.take == "eligible" else row.is_chosen
    SurveyAnswer.objects.bulk_create(born)
    SurveyAnswer.objects.bulk_update(changed, ["answers", "is_chosen", "by", "at"])


def _surveys(room: _Room) -> dict[str, Survey]:
    keys = [plan.key for plan in room.plans]
    found = Survey.objects.filter(school_class=room.school_class, term_key=room.term.key, plan_key__in=keys)
    surveys = {one.plan_key: one for one in found}
    for plan in room.plans:
        if plan.key not in surveys:
            surveys[plan.key] = identify.open_survey(
                school_class=room.school_class, plan=plan, term_key=room.term.key
            )
    return surveys


def _fits(room: _Room, plan: Plan, about: Mapping[str, Stated]) -> bool:
    facts = coverage.current(about, room.specs, room.term)
    return bool(eligibility.verdict(plan, facts, room.specs).answer)


def _log(new: answers.Said, before: Mapping, by) -> None:
    pupils, now = Pupil.objects.in_bulk(list(new)), clock.now()
    events = []
    for pk, values in new.items():
        was = {key: stated.value for key, stated in before.get(pk, {}).items() if key in values}
        changes = {key: [audit.plain(was.get(key)), audit.plain(value)] for key, value in values.items()}
        events.append(
            audit.event("coverage.answer", by=by.staff, at=now, subject=pupils[pk], changes=changes)
        )
    audit.store(events)
