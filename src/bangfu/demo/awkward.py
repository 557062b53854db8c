"""The awkward cases every real school has: a teacher away, a child who left, one who came late, nobody for a child,
a duty that could not be done, an overloaded teacher, a parent who finds it hard, a month not handed in."""

from datetime import timedelta

from bangfu.demo.history import Diary
from bangfu.demo.moment import Stretch
from bangfu.demo.people import Town, afternoon
from bangfu.engine.calendar import Calendar
from bangfu.flow import attendance
from bangfu.records.access import viewer_of
from bangfu.records.models import Absence, Case, Enrolment, Leave, Pupil, SchoolClass, SpotCheck, Waiver


def mix_in(town: Town, cases: list[Case], diary: Diary, calendar: Calendar, now: Stretch) -> None:
    """This function will change a few rows so that every hard state can be seen in the demo."""
    by_class: dict = {}
    for case in cases:
        by_class.setdefault(case.survey.school_class_id, []).append(case)
    groups = list(by_class.values())
    _child_who_left(town, groups[1][0], calendar, diary)
    _teacher_away(town, groups[2][0])
    _nobody_helps(groups[3][-1], diary)
    _child_away(town, groups[4][0])
    _duty_not_possible(town, groups[5][0], calendar)
    _parent_finds_it_hard(town, groups[6][0], diary)
    _came_on_the_twentieth(town, groups[7][0], now)
    _not_seen_for_two_days(town, calendar)


def _child_who_left(town: Town, case: Case, calendar: Calendar, diary: Diary) -> None:
    left = calendar.next_school_day(town.today - timedelta(days=20))
    left = min(left, town.today)
    pupil = case.pupil
    Pupil.objects.filter(pk=pupil.pk).update(left_on=left, left_because="transferred")
    Enrolment.objects.filter(pupil=pupil, valid_to__isnull=True).update(valid_to=left)
    Case.objects.filter(pk=case.pk).update(closed_on=left, closed_because="转学")
    case.pairings.update(state="ended", valid_to=left, ended_because="转学")
    _forget_after(diary, pupil, left)


def _forget_after(diary: Diary, pupil, day) -> None:
    gone = {row.evidence_id for row in diary.about if row.pupil_id == pupil.pk and row.happened_on >= day}
    diary.about = [row for row in diary.about if row.evidence_id not in gone]
    diary.evidence = [row for row in diary.evidence if row.pk not in gone]
    diary.events = [event for event in diary.events if event.subject_id not in gone]


def _teacher_away(town: Town, case: Case) -> None:
    deputy = town.attached[case.survey.school_class_id]
    Leave.objects.create(
        staff=case.pair.helper, starts_on=town.today - timedelta(days=3), ends_on=town.today + timedelta(days=11),
        deputy=deputy if deputy != case.pair.helper else None, by=town.staff[0],
    )  # fmt: skip


def _nobody_helps(case: Case, diary: Diary) -> None:
    case.pairings.update(state="ended", valid_to=case.pair.valid_from, ended_because="还没有开始，老师换了班")
    _forget_after(diary, case.pupil, case.opened_on)


def _child_away(town: Town, case: Case) -> None:
    Absence.objects.create(
        pupil=case.pupil, starts_on=town.today - timedelta(days=2), ends_on=town.today + timedelta(days=4), reason="住院",
        by=case.pair.helper,
    )  # fmt: skip


def _duty_not_possible(town: Town, case: Case, calendar: Calendar) -> None:
    weeks = [w for w in calendar.periods("teaching_week") if w.due_on < town.today]
    if weeks:
        Waiver.objects.create(
            case=case, duty_key="talk", period=weeks[-1].key, reason="too_much", by=case.pair.helper,
            at=afternoon(weeks[-1].due_on),
        )  # fmt: skip


def _parent_finds_it_hard(town: Town, case: Case, diary: Diary) -> None:
    diary.note(
        town, case.pair.helper, [case.pupil], town.today - timedelta(days=3), activities=["guardian_contact"],
        answers={"by": "电话", "outcome": "uncooperative"}, note="爸爸说工地忙，想换个时间再谈。", minutes=5,
    )  # fmt: skip


def _came_on_the_twentieth(town: Town, case: Case, now: Stretch) -> None:
    came = now.starts_on.replace(day=20)
    school_class = town.classes[0]
    pupil = Pupil.objects.create(
        school=town.school, name="马小川", sort_key="ma xiao chuan", initials="mxc", sex="1", joined_on=came,
        birth_on=case.pupil.birth_on,
    )  # fmt: skip
    Enrolment.objects.create(pupil=pupil, school_class=school_class, seat_no=60, valid_from=came)


def _not_seen_for_two_days(town: Town, calendar: Calendar) -> None:
    """One alarm of attendance: a child of the first class, away on the last two school days, and nobody knows why yet."""
    school_class = next(iter(town.homeroom))
    teacher = town.homeroom[school_class]
    here = Enrolment.objects.on(town.today).filter(school_class=school_class, pupil__cases=None)
    child = here.order_by("-seat_no").values_list("pupil_id", flat=True).first()
    days = calendar.school_days(town.today - timedelta(days=7), town.today - timedelta(days=1))[-3:]
    for at, day in enumerate(days):
        away = [attendance.Away(child)] if at and child else []
        of = SchoolClass.objects.get(pk=school_class)
        attendance.call(school_class=of, day=day, away=away, by=viewer_of(teacher, day))


def spot_checks(town: Town, sheets) -> None:
    """This function will draw and check one child of each sealed sheet's month, as a supervisor would."""
    for at, sheet in enumerate(sheets):
        line = sheet.cases.order_by("case_id").first()
        if line is None or at % 4:
            continue
        SpotCheck.objects.create(
            sheet=sheet, case_id=line.case_id, seed=f"{sheet.month:%Y%m}-1", drawn_by=town.staff[0],
            drawn_at=sheet.handed_in_at, outcome="matches", fulfilment="done", answers={}, checked_by=town.staff[0],
            checked_at=sheet.sealed_at,
        )  # fmt: skip
