"""Looking at a whole class once a term, choosing whom to help and why, and deciding again each term (P9-05, 16, 17, 40)."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bangfu.engine import eligibility
from bangfu.engine.period import Term
from bangfu.engine.plan import Plan
from bangfu.engine.refusal import Refusal
from bangfu.flow import answers as told
from bangfu.flow import clock, follow, history
from bangfu.flow.almanac import calendar_for
from bangfu.records import audit
from bangfu.records.models import (
    Case,
    Decision,
    Enrolment,
    Pairing,
    PeerPair,
    Pupil,
    SchoolClass,
    SponsorPair,
    Survey,
    SurveyAnswer,
)

NEWLY = timedelta(days=31)  # a class whose children all came so shortly before the term is new as a whole


class NotYourClass(Refusal):
    sentence = "摸底由这个班的班主任或包班教师来做。"


class NotEnoughSaid(Refusal):
    """The choice breaks the plan's numbers, or a cause is missing."""


class AlreadyDecided(Refusal):
    sentence = "这名学生这学期已经审定过了。"


class NotYourDecision(Refusal):
    sentence = "学期审定由班主任、包班教师或包级领导来做。"


class SayWhy(Refusal):
    sentence = "请写一句原因，方便以后查看。"


@dataclass(frozen=True, slots=True)
class Choice:
    """What the teacher says of a chosen child: the kind of need, causes (keys of the pack) and a sentence."""

    category: str = ""
    causes: tuple[str, ...] = ()
    cause_note: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """By when a class is surveyed this term, and by when each child who joined in the term."""

    on: date | None = None
    newcomers: Mapping[UUID, date] = field(default_factory=dict)


def due_days(*, plan: Plan, school, term: Term, class_ids) -> dict[UUID, Due]:
    """This function will say by when each class is surveyed (P9-16: week 5, a month and a half for the new); one query."""
    joined: dict[UUID, dict[UUID, date]] = defaultdict(dict)
    here = Enrolment.objects.on(min(max(clock.today(), term.starts_on), term.ends_on))
    for class_id, pupil, day in here.filter(school_class__in=class_ids).values_list(
        "school_class_id", "pupil_id", "pupil__joined_on"
    ):
        joined[class_id][pupil] = day
    calendar, over, found = calendar_for(school), history.reigns_of(plan, school), {}
    for class_id in class_ids:
        days = joined[class_id]
        is_new = bool(days) and min(days.values()) > term.starts_on - NEWLY
        recent = {class_id: max(term.starts_on, min(days.values()))} if is_new else {}
        first = min(days.values(), default=term.starts_on) if is_new else term.starts_on - timedelta(days=1)
        recent |= {pupil: day for pupil, day in days.items() if day > first and day >= term.starts_on}
        owed = [
            e for e in history.owed_to_class(over, class_id, calendar, term, recent) if "survey" in e.accepts
        ]
        whole = next((e.due_on for e in owed if e.subject_id == class_id), None)
        found[class_id] = Due(whole, {e.subject_id: e.due_on for e in owed if e.subject_id != class_id})
    return found


def open_survey(*, school_class: SchoolClass, plan: Plan, term_key: str) -> Survey:
    """This function will give the class's survey of the term, making it if it is not there."""
    survey, _ = Survey.objects.get_or_create(school_class=school_class, plan_key=plan.key, term_key=term_key)
    return survey


@transaction.atomic
def answer(*, survey: Survey, pupil: Pupil, answers: dict, by) -> SurveyAnswer:
    """This function will keep what the teacher answered for one child: {fact key: True, False or None}."""
    _may_survey(survey, by)
    row = _row(survey, pupil, by)
    before = dict(row.answers)
    row.answers = {**row.answers, **answers}
    kept = _keep(row, {"answers": [before, row.answers]}, by)
    _tell({pupil.pk: answers}, survey, by)
    return kept


@transaction.atomic
def fill(*, survey: Survey, answers: Mapping[UUID, dict], picks: Mapping[UUID, bool], by) -> int:
    """This function will keep many cells of the grid at once, writing only what differs; returns how many rows changed.

    `answers` is {pupil id: {fact key: value or None}}, `picks` {pupil id: chosen}; cells left out stay as they are.
    """
    _may_survey(survey, by)
    wanted = answers.keys() | picks.keys()
    pupils = {p.pk: p for p in Pupil.objects.filter(pk__in=wanted & _enrolled(survey.school_class, by.day))}
    rows = {row.pupil_id: row for row in survey.answers.select_for_update().filter(pupil__in=pupils)}
    changed = 0
    for pk, pupil in pupils.items():
        row = rows.get(pk) or SurveyAnswer(survey=survey, pupil=pupil, by=by.staff, at=clock.now())
        before = (dict(row.answers), row.is_chosen)
        row.answers = {**row.answers, **answers.get(pk, {})}
        row.is_chosen = picks.get(pk, row.is_chosen)
        if before != (row.answers, row.is_chosen):
            _keep(row, {"answers": [before[0], row.answers], "is_chosen": [before[1], row.is_chosen]}, by)
            changed += 1
    _tell({pk: answers[pk] for pk in answers.keys() & pupils.keys()}, survey, by)
    return changed


def _tell(said: told.Said, survey: Survey, by) -> None:
    """One record, everywhere: what a survey of one plan says is stated, and other plans' surveys follow."""
    others = Survey.objects.filter(school_class=survey.school_class_id, term_key=survey.term_key)
    told.state(said, by)
    told.follow(said, others.exclude(pk=survey.pk), by)


@transaction.atomic
def choose_all(*, survey: Survey, choices: Mapping[UUID, Choice], by) -> None:
    """This function will keep causes and a sentence for several chosen children at once."""
    _may_survey(survey, by)
    for row in survey.answers.select_for_update().filter(pupil__in=list(choices), is_chosen=True):
        choice = choices[row.pupil_id]
        said = (choice.category, list(choice.causes), choice.cause_note.strip()[:300])
        if said != (row.category, row.causes, row.cause_note):
            before = row.causes
            row.category, row.causes, row.cause_note = said
            _keep(row, {"causes": [before, row.causes]}, by)


def _enrolled(school_class: SchoolClass, day) -> set:
    return set(Enrolment.objects.on(day).filter(school_class=school_class).values_list("pupil_id", flat=True))


def _may_survey(survey: Survey, by) -> None:
    if survey.school_class_id not in by.minded_class_ids:
        raise NotYourClass


def _row(survey: Survey, pupil: Pupil, by) -> SurveyAnswer:
    row = SurveyAnswer.objects.select_for_update().filter(survey=survey, pupil=pupil).first()
    return row or SurveyAnswer(survey=survey, pupil=pupil, by=by.staff, at=clock.now())


def _keep(row: SurveyAnswer, changes: dict, by) -> SurveyAnswer:
    row.by, row.at = by.staff, clock.now()
    row.save()
    audit.log("identify.answer", by=by.staff, at=row.at, subject=row, changes=changes)
    return row


@transaction.atomic
def finish(*, survey: Survey, plan: Plan, by, exception: str = "") -> list[Case]:
    """This function will close the survey and open a case for each child chosen.

    Raises NotEnoughSaid when fewer or more children are chosen than the plan says and no reason is given, or when
    a chosen child has no cause. Done twice it gives the same cases; a child joining later can be added and finished.
    """
    _may_survey(survey, by)
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    here = _enrolled(survey.school_class, by.day)
    rows = [
        r for r in survey.answers.select_related("pupil").order_by("pupil__sort_key") if r.pupil_id in here
    ]
    chosen = [row for row in rows if row.is_chosen]
    already = _open_cases(survey.school_class, plan.key, by.day)
    _check(plan, len(here), chosen, already, exception)
    cases = [_open_case(row, survey, plan, by) for row in chosen if row.pupil_id not in already]
    told.state({row.pupil_id: _said(row) for row in rows}, by, anew=False)  # what older versions only kept
    first = survey.finished_on is None
    Survey.objects.filter(pk=survey.pk).update(
        finished_on=survey.finished_on or by.day, finished_by=by.staff, exception=exception.strip()
    )
    if cases:
        follow.follow(school=by.school, day=by.day, by=by)  # whoever comes with the class is there at once
    if first or cases:
        audit.log(
            "identify.finish",
            by=by.staff,
            at=clock.now(),
            subject=survey,
            changes={"chosen": [0, len(chosen)]},
        )
    return cases


def _said(row: SurveyAnswer) -> dict:
    return {key: value for key, value in row.answers.items() if value is not None}


def _open_cases(school_class: SchoolClass, plan_key: str, day) -> set:
    enrolled = Q(pupil__enrolments__school_class=school_class, pupil__enrolments__valid_to__isnull=True)
    return set(
        Case.objects.filter(enrolled, plan_key=plan_key).open_on(day).values_list("pupil_id", flat=True)
    )


def _check(plan: Plan, size: int, chosen, already: set, exception: str) -> None:
    picks = {row.pupil_id for row in chosen} | already
    faults = eligibility.check_selection(plan, size, len(picks))
    if faults and not exception.strip():
        raise NotEnoughSaid("；".join(f"{fault.what}{fault.hint}" for fault in faults))
    asks = bool(plan.selection and plan.selection.causes)
    bare = [
        row.pupil.name
        for row in chosen
        if asks and not row.causes and not row.cause_note and row.pupil_id not in already
    ]
    if bare:
        raise NotEnoughSaid(f"还没有写原因：{'、'.join(bare)}。点一下原因，或写一句话就可以。")


def _open_case(row: SurveyAnswer, survey: Survey, plan: Plan, by) -> Case:
    case, is_new = Case.objects.get_or_create(
        pupil_id=row.pupil_id,
        plan_key=plan.key,
        closed_on=None,
        defaults={
            "school_id": by.school_id,
            "survey": survey,
            "category": row.category,
            "causes": row.causes,
            "cause_note": row.cause_note,
            "opened_on": by.day,
            "opened_by": by.staff,
        },
    )
    if is_new:
        audit.log(
            "identify.open_case",
            by=by.staff,
            at=clock.now(),
            subject=case,
            changes={"causes": [None, row.causes]},
        )
    return case


@transaction.atomic
def decide(*, case: Case, term_key: str, outcome: str, by, note: str = "") -> Decision:
    """This function will write the term's decision on a case: continue, change or close.

    Raises NotYourDecision, SayWhy (to change or close takes a sentence), AlreadyDecided.
    """
    _may_decide(case, by)
    if outcome not in Decision.OUTCOMES:
        raise SayWhy("请选一个：继续帮、换个办法，或可以结束。")
    if outcome != "continue" and not note.strip():
        raise SayWhy("换个办法或结束的话，请写一句原因。")
    note = note.strip()[:300]
    decision, is_new = Decision.objects.get_or_create(
        case=case,
        term_key=term_key,
        defaults={"outcome": outcome, "note": note, "by": by.staff, "on": by.day},
    )
    if not is_new:
        raise AlreadyDecided
    audit.log(
        "identify.decide", by=by.staff, at=clock.now(), subject=case, changes={"decision": [None, outcome]}
    )
    if outcome == "close":
        close_case(case=case, because=note[:200], by=by)
    return decision


def _may_decide(case: Case, by) -> None:
    if by.holds("principal", "vice_principal"):
        return
    place = (
        Enrolment.objects.on(by.day)
        .filter(pupil=case.pupil_id, school_class__school=by.school_id)
        .values_list("school_class_id", "school_class__entry_year")
        .first()
    )
    class_id, entry_year = place or (None, None)
    helps = Pairing.objects.in_force(by.day).filter(case=case, helper=by.staff)
    minds = class_id in by.minded_class_ids or entry_year in by.entry_years_as("grade_supervisor")
    if not minds and not helps.exists():
        raise NotYourDecision


@transaction.atomic
def close_case(*, case: Case, because: str, by) -> None:
    """This function will end a case and its pairs from today on; records stay."""
    if not Case.objects.filter(pk=case.pk, closed_on__isnull=True).update(
        closed_on=by.day, closed_because=because
    ):
        return
    live = Pairing.objects.filter(case=case, valid_to__isnull=True)
    live.filter(state="confirmed").update(state="ended", valid_to=by.day, ended_because=because)
    live.filter(state="proposed").update(state="declined", ended_because=because)
    _end_company(case, because, by.day)
    audit.log(
        "identify.close_case",
        by=by.staff,
        at=clock.now(),
        subject=case,
        changes={"closed_on": [None, str(by.day)]},
    )


def _end_company(case: Case, because: str, day: date) -> None:
    """Classmates and a sponsor who were there by the case end with it, on the same day."""
    peers = PeerPair.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day), case=case)
    peers.filter(state="confirmed").update(state="ended", valid_to=day)
    peers.filter(state="proposed").delete()
    sponsors = SponsorPair.objects.filter(case=case)
    sponsors.filter(state="confirmed").update(state="ended", valid_to=day, ended_because=because)
    sponsors.filter(state="agreed").update(state="declined", ended_because=because)
