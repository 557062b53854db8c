"""Two terms of the demo's life: surveys, cases, pairs, weekly records, months handed in and sealed, decisions.

Rows are written in bulk, because a school's two years must stand in seconds; the awkward cases are in awkward.py.
"""

from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID

from bangfu.demo import words
from bangfu.demo.moment import Stretch
from bangfu.demo.people import Town, afternoon
from bangfu.engine import pack
from bangfu.engine.calendar import Calendar
from bangfu.flow import adopt
from bangfu.records import audit
from bangfu.records.models import (
    AdoptedPlan,
    Case,
    Decision,
    Evidence,
    EvidencePupil,
    FactStatement,
    Pairing,
    Survey,
    SurveyAnswer,
)
from bangfu.records.models.places import grade_of_entry_year

CAUSES = ("foundation", "method", "habit", "family", "parents_away", "peers")
FINE = {"keeping_up": "跟得上", "conduct": "挺好", "mood": "平稳"}
SLOTS = ("周一大课间", "周二午休", "周三大课间", "周四放学后", "周五第一节课前")


@dataclass
class Diary:
    """Records waiting to be written together."""

    evidence: list[Evidence] = field(default_factory=list)
    about: list[EvidencePupil] = field(default_factory=list)
    events: list = field(default_factory=list)

    def note(self, town: Town, author, pupils, on: date, **more) -> Evidence:
        """This function will add one record about these pupils, written down on the same afternoon unless said."""
        late = more.pop("late", 0)
        roles = more.pop("roles", ["helper"])
        id = UUID(int=town.chance.getrandbits(128), version=4)
        record = Evidence(
            id=id, school=town.school, author=author, happened_on=on, happened_at=time(10, 5),
            written_at=afternoon(min(on + timedelta(days=late), town.today)), **more,
        )  # fmt: skip
        self.evidence.append(record)
        for pupil in pupils:
            self.about.append(EvidencePupil(evidence=record, pupil=pupil, happened_on=on, roles=roles))
        event = audit.event("record.add", by=author, at=record.written_at, subject=record)
        event.pupil_id = pupils[0].pk if pupils else None
        self.events.append(event)
        return record

    def write(self) -> None:
        """This function will store what was noted."""
        Evidence.objects.bulk_create(self.evidence, batch_size=500)
        EvidencePupil.objects.bulk_create(self.about, batch_size=1000)
        audit.store(self.events)


def adopt_plan(town: Town, since: date) -> AdoptedPlan:
    """This function will put the weekly-support plan in force, in the faithful edition."""
    text = adopt.shelf().texts["weekly_support", "seed"]
    plan = adopt.read(text)
    adopted = AdoptedPlan.objects.create(
        school=town.school, key=plan.key, edition=plan.edition, content=text, digest=pack.digest(text),
        valid_from=since, adopted_by=town.staff[0], adopted_at=afternoon(since),
    )  # fmt: skip
    adopt.keep_limits(school=town.school, day=town.today)
    return adopted


def choose_children(town: Town, before: Stretch, now: Stretch) -> list[Case]:
    """This function will choose two to four children a class, survey them and pair them; returns the cases."""
    cases, surveys, answers, pairings = [], [], [], []
    for school_class in town.classes:
        pupils = town.pupils[school_class.pk]
        is_new = grade_of_entry_year(school_class.entry_year, town.today) == 1
        term = now if is_new else before
        done_on = min(term.starts_on + timedelta(weeks=4), town.today)
        survey = Survey(
            school_class=school_class, plan_key="weekly_support", term_key=term.key, finished_on=done_on,
            finished_by=town.homeroom[school_class.pk],
        )  # fmt: skip
        surveys.append(survey)
        picked = town.chance.sample(pupils, min(len(pupils), town.chance.choice((2, 3, 3, 4))))
        if pupils[0].name == "陈小满":
            picked = pupils[:3]
        for at, pupil in enumerate(picked):
            helper = (town.homeroom if at % 2 == 0 else town.attached)[school_class.pk]
            case = _case(town, survey, pupil, done_on)
            cases.append(case)
            answers.append(_answer(case, survey, pupil, done_on))
            pairings.append(_pairing(town, case, helper, done_on + timedelta(days=3)))
    surveys += _looked_again(
        town, now, {survey.school_class_id for survey in surveys if survey.term_key == now.key}
    )
    Survey.objects.bulk_create(surveys)
    SurveyAnswer.objects.bulk_create(answers)
    Case.objects.bulk_create(cases)
    _nothing_asks_for_help(town, [one for one in surveys if one.term_key == now.key], cases)
    Pairing.objects.bulk_create(pairings)
    for case, pairing in zip(cases, pairings, strict=True):
        case.pair = pairing  # not a column: what the history below needs
    return cases


def _nothing_asks_for_help(town: Town, surveys: list[Survey], cases: list[Case]) -> None:
    """This term's surveys looked at nearly every child; a few nobody has come to yet."""
    helped, answers, told = {case.pupil.pk for case in cases}, [], []
    for survey in surveys:
        about = {
            "survey": survey,
            "by": survey.finished_by,
            "at": afternoon(survey.finished_on),
            "answers": FINE,
        }
        for at, pupil in enumerate(town.pupils[survey.school_class_id], 1):
            if pupil.pk in helped or at % 23 == 0:
                continue
            answers.append(SurveyAnswer(pupil=pupil, **about))
            told.append(FactStatement(
                pupil=pupil, source="survey", stated_on=survey.finished_on, known_at=about["at"], values=FINE,
                by=about["by"],
            ))  # fmt: skip
    SurveyAnswer.objects.bulk_create(answers, batch_size=500)
    FactStatement.objects.bulk_create(told, batch_size=500)


def _looked_again(town: Town, now: Stretch, done: set) -> list[Survey]:
    """This term's survey of the classes that had one last term; one class has not come to it yet."""
    return [
        Survey(
            school_class=school_class,
            plan_key="weekly_support",
            term_key=now.key,
            finished_on=now.starts_on + timedelta(weeks=4),
            finished_by=town.homeroom[school_class.pk],
        )
        for school_class in town.classes[:-3]
        if school_class.pk not in done
    ]


def _case(town: Town, survey: Survey, pupil, on: date) -> Case:
    return Case(
        school=town.school, pupil=pupil, plan_key="weekly_support", survey=survey,
        category=town.chance.choice(("academic", "academic", "behaviour")),
        causes=town.chance.sample(CAUSES, 2), cause_note=town.chance.choice(words.CAUSE_NOTES),
        opened_on=on, opened_by=survey.finished_by,
    )  # fmt: skip


def _answer(case: Case, survey: Survey, pupil, on: date) -> SurveyAnswer:
    said = {"keeping_up": "很吃力"} if case.category == "academic" else {"conduct": "常要提醒"}
    return SurveyAnswer(
        survey=survey, pupil=pupil, answers=said, is_chosen=True, category=case.category, causes=case.causes,
        cause_note=case.cause_note, by=survey.finished_by, at=afternoon(on),
    )  # fmt: skip


def _pairing(town: Town, case: Case, helper, on: date) -> Pairing:
    return Pairing(
        case=case, helper=helper, state="confirmed", reason="同班、目前带 0 名", proposed_by=town.staff[0],
        proposed_on=on, confirmed_by=town.staff[0], valid_from=on, accepted_on=on + timedelta(days=1),
        time_slot=town.chance.choice(SLOTS),
    )  # fmt: skip


def live(town: Town, cases: list[Case], calendar: Calendar, until: date) -> Diary:
    """This function will note what happened each week and month up to the day before `until`."""
    diary = Diary()
    yesterday = until - timedelta(days=1)
    shown = next(iter(town.homeroom.values()))
    for case in cases:
        pupil, helper = case.pupil, case.pair.helper
        first = case.pair.valid_from
        for week in calendar.periods("teaching_week", first, yesterday):
            if week.due_on >= until and (helper == shown or town.chance.random() < 0.5):
                continue  # this week is still open, so the shown teacher finds something to do
            _week(
                town,
                diary,
                case,
                calendar.school_days(max(week.opens_on, first), min(week.due_on, yesterday)),
            )
        for month in calendar.periods("month", first, yesterday):
            days = calendar.school_days(max(month.opens_on, first), min(month.due_on, yesterday))
            if days and town.chance.random() < 0.93:
                diary.note(
                    town, helper, [pupil], town.chance.choice(days), activities=["guardian_contact"], minutes=10,
                    answers={"by": "电话", "about": ["在校表现", "学习"], "outcome": "reached"},
                    note=town.chance.choice(words.CALLS),
                )  # fmt: skip
            last = calendar.school_days(month.opens_on, month.due_on)[-4:]
            grade = grade_of_entry_year(case.survey.school_class.entry_year, town.today)
            if last and last[-1] <= yesterday and month.due_on < until:
                diary.note(
                    town, town.supervisor[grade], [pupil], town.chance.choice(last), activities=["interview"],
                    minutes=5, roles=["grade_supervisor"],
                    answers={"heard": ["每周都谈心", "有人辅导"], "fulfilled": "落实"},
                )  # fmt: skip
    return diary


def _week(town: Town, diary: Diary, case: Case, days) -> None:
    chance, pupil, helper = town.chance, case.pupil, case.pair.helper
    if not days or chance.random() > 0.96:
        return
    bright = chance.choice(words.BRIGHT) if chance.random() < 0.08 else ""
    more = {
        "late": chance.choice((0, 0, 0, 0, 0, 0, 2, 4)),
        "minutes": chance.choice((10, 10, 20)),
        "bright_spot": bright,
    }
    topics = chance.sample(("学习", "心情", "家里", "同伴", "习惯"), 2)
    if chance.random() < 0.7:
        diary.note(
            town, helper, [pupil], chance.choice(days), activities=["talk", "tutoring"],
            answers={"about": topics, "today": chance.choice(("挺好", "平稳", "平稳"))},
            note=chance.choice(words.TALKS + words.LESSONS), reflection=_reflection(chance), **more,
        )  # fmt: skip
        return
    diary.note(
        town, helper, [pupil], days[0], activities=["talk"], answers={"about": topics}, note=chance.choice(words.TALKS),
        **more,
    )  # fmt: skip
    diary.note(
        town, helper, [pupil], days[-1], activities=["tutoring"], minutes=20,
        answers={"about": ["基础知识", "订正"], "effect": chance.choice(("会了", "好一些"))},
        note=chance.choice(words.LESSONS),
    )  # fmt: skip


def _reflection(chance) -> str:
    return chance.choice(words.REFLECTIONS) if chance.random() < 0.05 else ""


def decide_last_term(town: Town, cases: list[Case], before: Stretch) -> None:
    """This function will write the decision of the term before for each case that stood then."""
    Decision.objects.bulk_create(
        Decision(
            case=case, term_key=before.key, outcome="continue", by=case.survey.finished_by,
            on=before.ends_on - timedelta(days=5),
        )
        for case in cases
        if case.opened_on < before.ends_on
    )  # fmt: skip
