"""What stands in an official paper: cells by the column keys of its spec, read from records (F16, F18, F20, F22).

A register spec picks columns; the words known here fill them: one row a child. A key not known here stays an
empty cell to write in by hand. Which children: those the viewer may see, no others.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import Q

from bangfu.engine.calendar import Calendar
from bangfu.engine.period import Period, Term
from bangfu.engine.plan import Plan
from bangfu.flow import adopt, known, schedule
from bangfu.records.models import (
    Case,
    Enrolment,
    Evidence,
    Guardian,
    Nomination,
    Pairing,
    SheetCase,
    SpotCheck,
    SurveyAnswer,
)  # fmt: skip
from bangfu.records.models.places import class_label, grade_of_entry_year

SEX = {"1": "男", "2": "女"}
FULFILMENT = {"done": "落实", "partly": "部分落实", "not": "没有落实"}
YES_NO = {True: "是", False: "否"}
Cells = dict[str, str | int | date | None]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a paper is about: a plan, a term, perhaps one month of it, and who looks."""

    plan: Plan
    calendar: Calendar
    term: Term
    by: object
    month: Period | None = None

    @property
    def opens_on(self) -> date:
        return self.month.opens_on if self.month else self.term.starts_on

    @property
    def due_on(self) -> date:
        return self.month.due_on if self.month else self.term.ends_on

    @property
    def on(self) -> date:
        """The day on which classes and ages are told: today, or the nearest day of the stretch."""
        return min(max(self.by.day, self.opens_on), self.due_on)


@dataclass(slots=True)
class Child:
    """One case of a paper with the class on the day of the stretch; `cells` are its words by column key."""

    case: Case
    entry_year: int = 0
    class_number: int = 0
    seat_no: int = 0
    cells: Cells = field(default_factory=dict)
    helpers: tuple[tuple[UUID, str], ...] = ()

    def grade_on(self, day: date) -> int:
        return grade_of_entry_year(self.entry_year, day)

    @property
    def order(self) -> tuple:
        return (
            -self.entry_year,
            self.class_number,
            self.seat_no or 999,
            self.case.pupil.sort_key,
            str(self.case.pk),
        )


def children(stretch: Stretch, cases=None, *, everybody: bool = False) -> list[Child]:
    """This function will read the cases the viewer may see in a stretch, in class order, with name, class and helper.

    `cases` narrows them further (a queryset); `everybody` is for digests only, which show nothing. Three queries.
    """
    cases = Case.objects.all() if cases is None else cases
    here = cases.filter(school=stretch.by.school) if everybody else cases.visible_to(stretch.by)
    rows = (
        here.filter(plan_key=stretch.plan.key, opened_on__lte=stretch.due_on)
        .exclude(closed_on__lte=stretch.opens_on)
        .exclude(pupil__left_on__lte=stretch.opens_on)
        .select_related("pupil")
    )
    found = {case.pk: Child(case) for case in rows}
    _place(found.values(), stretch)
    _pair(found, stretch)
    ordered = sorted(found.values(), key=lambda child: child.order)
    for child in ordered:
        child.cells |= _person(child, stretch)
    return ordered


def _place(children: Iterable[Child], stretch: Stretch) -> None:
    by_pupil = {child.case.pupil_id: child for child in children}
    spells = Enrolment.objects.filter(pupil__in=by_pupil.keys(), valid_from__lte=stretch.due_on)
    for pupil, entry_year, number, seat_no in spells.order_by("valid_from").values_list(
        "pupil_id", "school_class__entry_year", "school_class__number", "seat_no"
    ):
        child = by_pupil[pupil]  # of several spells the last one counts
        child.entry_year, child.class_number, child.seat_no = entry_year, number, seat_no or 0


def _pair(found: Mapping[UUID, Child], stretch: Stretch) -> None:
    """The pairs of the stretch; where one followed another, both are named, the present one last."""
    pairs = Pairing.objects.filter(
        case__in=found.keys(), state__in=("confirmed", "ended"), valid_from__lte=stretch.due_on
    ).exclude(valid_to__lte=stretch.opens_on)
    for pair in pairs.select_related("helper").order_by("valid_from"):
        child = found[pair.case_id]
        if pair.helper_id not in dict(child.helpers):
            child.helpers += ((pair.helper_id, pair.helper.name),)
        child.cells |= {
            "helper": "、".join(name for _, name in child.helpers),
            "since": pair.valid_from,
            "until": pair.valid_to,
            "accepted_on": pair.accepted_on,
            "time_slot": pair.time_slot,
            "reason": pair.reason,
        }


def _person(child: Child, stretch: Stretch) -> Cells:
    pupil, case = child.case.pupil, child.case
    categories = {category.key: category.title for category in stretch.plan.categories}
    return {
        "class": class_label(child.entry_year, child.class_number, stretch.on) if child.entry_year else "",
        "name": pupil.name,
        "sex": SEX.get(pupil.sex, ""),
        "age": _age(pupil.birth_on, stretch.on),
        "kind": categories.get(case.category, ""),
        "causes": _causes(case, stretch.plan),
        "remark": _remark(case, stretch),
    }


def _age(birth_on: date | None, day: date) -> int | None:
    if birth_on is None:
        return None
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def _causes(case: Case, plan: Plan) -> str:
    known = {cause.key: cause.title for cause in plan.selection.causes} if plan.selection else {}
    picked = "、".join(known.get(key, "") for key in case.causes if known.get(key))
    return "。".join(part for part in (picked, case.cause_note.strip()) if part)


def _remark(case: Case, stretch: Stretch) -> str:
    left = case.pupil.left_on
    if left and left <= stretch.due_on:
        return f"{left.month}月{left.day}日离校"
    closed = case.closed_on
    if closed and closed <= stretch.due_on:
        return f"{closed.month}月{closed.day}日结束"
    return ""


def add_findings(found: list[Child], stretch: Stretch) -> None:
    """This function will add what the survey saw (situation), what is done (measures) and a masked phone; F16."""
    seen = _situations(found, stretch)
    done = _measures(found, stretch)
    phones = _phones(found)
    often = ("school_day", "teaching_week", "month")
    usual = "；".join(
        duty.title
        for duty in stretch.plan.duties
        if duty.per == "case" and "helper" in duty.who and duty.every and duty.every.unit in often
    )
    for child in found:
        pupil = child.case.pupil_id
        child.cells["situation"] = seen.get(pupil, "")
        child.cells["measures"] = done.get(pupil) or usual
        child.cells["phone"] = phones.get(pupil, "")


def add_facts(found: list[Child], stretch: Stretch, columns: Iterable[str]) -> None:
    """This function will fill columns named after declared facts with the newest word on each; unknown stays empty."""
    facts = adopt.shelf().commons.facts
    asked = [key for key in columns if key in facts]
    if not asked:
        return
    about = known.newest([child.case.pupil_id for child in found], stretch.on)
    for child in found:
        stated = about.get(child.case.pupil_id, {})
        for key in asked:
            value = stated[key].value if key in stated else None
            if key not in child.cells and value is not None:
                child.cells[key] = YES_NO[value] if isinstance(value, bool) else value


def _situations(found: list[Child], stretch: Stretch) -> dict[UUID, str]:
    rows = SurveyAnswer.objects.filter(
        survey__plan_key=stretch.plan.key, pupil__in=[child.case.pupil_id for child in found]
    ).filter(at__date__lte=stretch.due_on)
    facts = adopt.shelf().commons.facts
    told = {}
    for pupil, answers in rows.order_by("at").values_list("pupil_id", "answers"):
        said = [
            f"{facts[key].title}：{YES_NO.get(value, value)}"
            if isinstance(value, bool)
            else f"{facts[key].title}{value}"
            for key, value in answers.items()
            if key in facts and value is not None
        ]
        if said:
            told[pupil] = "，".join(said)
    return told


def _measures(found: list[Child], stretch: Stretch) -> dict[UUID, str]:
    told: dict[UUID, list[str]] = defaultdict(list)
    for child in found:
        told[child.case.pupil_id] += [str(measure) for measure in child.case.measures if measure]
    rows = (
        Evidence.objects.visible_to(stretch.by)
        .current()
        .filter(
            about__pupil__in=told.keys(),
            happened_on__gte=stretch.term.starts_on,
            happened_on__lte=stretch.due_on,
        )
    )
    for pupil, activities, answers, note in rows.order_by("happened_on", "id").values_list(
        "about__pupil_id", "activities", "answers", "note"
    ):
        if "measure" in activities:
            kinds = answers.get("kind") or []
            told[pupil] += [
                *([kinds] if isinstance(kinds, str) else kinds),
                *([note.strip()] if note.strip() else []),
            ]
    return {pupil: "；".join(dict.fromkeys(said)) for pupil, said in told.items() if said}


def _phones(found: list[Child]) -> dict[UUID, str]:
    """A guardian's number, else the one on the roll; masked, as F16 asks."""
    masked = {c.case.pupil_id: c.case.pupil.phone.masked() for c in found if c.case.pupil.phone}
    known = Guardian.objects.filter(pupil__in=[child.case.pupil_id for child in found], phone__isnull=False)
    for guardian in sorted(known, key=lambda g: (g.is_guardian is True, -g.position)):
        masked[guardian.pupil_id] = guardian.phone.masked()
    return masked


def add_checks(found: list[Child], stretch: Stretch) -> None:
    """This function will add the month's check: how many records, handed in, talked with, found how; F20 and F17."""
    by_case = {child.case.pk: child for child in found}
    by_pupil = {child.case.pupil_id: child for child in found}
    for child in found:
        child.cells["records"] = 0
    for pupil, on, activities, author, answers, note in _records(by_pupil.keys(), stretch):
        cells = by_pupil[pupil].cells
        if "interview" not in activities:
            cells["records"] += 1
            continue
        fulfilled = answers.get("fulfilled") or ""
        cells |= {"interviewed_on": on, "checker": author, "checked_on": on, "finding": note}
        cells["fulfilment"] = fulfilled if isinstance(fulfilled, str) else "、".join(fulfilled)
    for case, handed_in_at in _sheets(by_case.keys(), stretch):
        by_case[case].cells["handed_in_on"] = schedule.local_day(handed_in_at)
    for check in _spot_checks(by_case.keys(), stretch):
        cells = by_case[check.case_id].cells
        cells |= {"checker": check.checked_by.name, "checked_on": schedule.local_day(check.checked_at)}
        cells["fulfilment"] = FULFILMENT.get(check.fulfilment, "") or cells.get("fulfilment", "")
        cells["finding"] = check.note or cells.get("finding", "")


def _records(pupil_ids, stretch: Stretch):
    rows = (
        Evidence.objects.visible_to(stretch.by)
        .current()
        .filter(
            about__pupil__in=pupil_ids, happened_on__gte=stretch.opens_on, happened_on__lte=stretch.due_on
        )
    )
    return rows.order_by("happened_on", "id").values_list(
        "about__pupil_id", "happened_on", "activities", "author__name", "answers", "note"
    )


def _months(stretch: Stretch) -> Q:
    return Q(sheet__month__gte=stretch.opens_on.replace(day=1), sheet__month__lte=stretch.due_on)


def _sheets(case_ids, stretch: Stretch):
    rows = SheetCase.objects.filter(_months(stretch), case__in=case_ids, sheet__plan_key=stretch.plan.key)
    return rows.order_by("sheet__month").values_list("case_id", "sheet__handed_in_at")


def _spot_checks(case_ids, stretch: Stretch):
    rows = SpotCheck.objects.filter(_months(stretch), case__in=case_ids, checked_at__isnull=False)
    return rows.select_related("checked_by").order_by("checked_at")


def praised(stretch: Stretch) -> list[Cells]:
    """This function will list approved awards of the term the viewer may see: class, name, award, because; F22."""
    titles = {award.key: award.title for award in stretch.plan.awards}
    rows = (
        Nomination.objects.visible_to(stretch.by)
        .filter(term_key=stretch.term.key, state="approved", award_key__in=titles)
        .select_related("pupil")
    )
    classes = classes_of([row.pupil_id for row in rows], stretch.on)
    told = [
        {
            "class": classes.get(row.pupil_id, ("", ()))[0], "name": row.pupil.name,
            "award": titles[row.award_key], "because": row.because, "on": row.decided_on,
            "order": (classes.get(row.pupil_id, ("", ()))[1], row.pupil.sort_key),
        }
        for row in rows
    ]  # fmt: skip
    return sorted(told, key=lambda cells: cells["order"])


def classes_of(pupil_ids, day: date) -> dict[UUID, tuple[str, tuple]]:
    """This function will give each child's class on a day and how it sorts: {pupil: ("三（2）班", (-2024, 2))}."""
    rows = Enrolment.objects.on(day).filter(pupil__in=pupil_ids)
    return {
        pupil: (class_label(entry_year, number, day), (-entry_year, number))
        for pupil, entry_year, number in rows.values_list(
            "pupil_id", "school_class__entry_year", "school_class__number"
        )
    }
