"""Calling the roll: nobody absent is not nobody looked; spells follow the marks; the ladder closes by records."""

from datetime import date, time, timedelta

import pytest

from bangfu.flow import absence_ladder, attendance, company, dropout_papers, record
from bangfu.flow.attendance import Away
from bangfu.records.models import Absence, AbsenceMark, Event, Evidence, RollCall
from tests import factories
from tests.cast import DAY

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 10, 12)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def call(cast, *at, day=DAY, by=None, cause="", session="day"):
    away = [Away(cast.pupils[one].pk, cause) for one in at]
    by = cast.viewer(by or cast.homeroom, day)
    return attendance.call(school_class=cast.class_two, day=day, away=away, by=by, session=session)


def spells(pupil):
    return [(row.starts_on, row.ends_on) for row in Absence.objects.filter(pupil=pupil).order_by("starts_on")]


def looked(cast, by=None):
    return {
        one.label: (one.call is not None, one.away)
        for one in attendance.classes(cast.viewer(by or cast.principal), DAY)
    }


def test_nobody_absent_is_not_nobody_looked(cast):
    assert looked(cast) == {"三（1）班": (False, 0), "三（2）班": (False, 0)}
    call(cast)
    assert looked(cast) == {"三（1）班": (False, 0), "三（2）班": (True, 0)}
    assert not Absence.objects.exists()


def test_a_class_teacher_calls_their_own_class_only_and_leaders_every_class(cast):
    with pytest.raises(attendance.NotYourClass):
        call(cast, by=cast.neighbour)
    with pytest.raises(attendance.NotYourClass):
        call(cast, by=cast.outsider)
    assert call(cast, by=cast.deputy_head).by == cast.deputy_head
    assert looked(cast, cast.homeroom) == {"三（2）班": (True, 0)}


def test_a_child_is_away_until_somebody_sees_it_again(cast):
    call(cast, 0, day=MONDAY)
    assert spells(cast.pupils[0]) == [(MONDAY, None)]
    call(cast, 0, day=WEDNESDAY)
    assert spells(cast.pupils[0]) == [(MONDAY, None)]
    call(cast, day=DAY)
    assert spells(cast.pupils[0]) == [(MONDAY, WEDNESDAY)]


def test_a_call_forgotten_and_added_later_cuts_the_spell_where_it_ended(cast):
    call(cast, 0, day=MONDAY)
    call(cast, 0, day=DAY)
    attendance.call(school_class=cast.class_two, day=TUESDAY, away=[], by=cast.viewer(cast.homeroom))
    assert spells(cast.pupils[0]) == [(MONDAY, MONDAY), (DAY, None)]


def test_here_in_the_afternoon_means_no_spell_but_the_register_keeps_the_morning(cast):
    call(cast, 0, session="morning")
    assert spells(cast.pupils[0]) == [(DAY, None)]
    call(cast, session="afternoon")
    assert spells(cast.pupils[0]) == []
    assert AbsenceMark.objects.count() == 1


def test_calling_twice_says_what_is_right_now_and_taking_back_undoes_all_of_it(cast):
    call(cast, 0, 1)
    row = call(cast, 1)
    assert RollCall.objects.count() == 1
    assert spells(cast.pupils[0]) == [] and spells(cast.pupils[1]) == [(DAY, None)]
    attendance.take_back(roll_call=row, by=cast.viewer(cast.homeroom))
    assert not Absence.objects.exists() and looked(cast)["三（2）班"] == (False, 0)
    with pytest.raises(attendance.TakenBack):
        attendance.take_back(roll_call=row, by=cast.viewer(cast.homeroom))


def test_an_absence_said_in_advance_ends_when_the_child_is_seen_and_comes_back_with_the_call_taken_back(cast):
    Absence.objects.create(pupil=cast.pupils[0], starts_on=MONDAY, ends_on=date(2026, 10, 23))
    row = call(cast)
    assert spells(cast.pupils[0]) == [(MONDAY, WEDNESDAY)]
    attendance.take_back(roll_call=row, by=cast.viewer(cast.homeroom))
    assert spells(cast.pupils[0]) == [(MONDAY, date(2026, 10, 23))]


def test_whoever_is_still_away_is_away_before_anybody_taps(cast):
    call(cast, 0, day=WEDNESDAY)
    mates, row = attendance.mates(cast.class_two, DAY)
    assert row is None and [mate.name for mate in mates if mate.is_away] == [cast.pupils[0].name]


@pytest.mark.parametrize(
    "day", [date(2026, 10, 17), DAY + timedelta(days=1), date(2026, 10, 5), date(2026, 9, 28)]
)
def test_there_is_no_call_on_a_day_off_in_the_future_or_long_ago(cast, day):
    with pytest.raises(attendance.NoSchool):
        attendance.call(school_class=cast.class_two, day=day, away=[], by=cast.viewer(cast.homeroom))


def test_a_child_of_another_class_cannot_be_marked(cast):
    with pytest.raises(attendance.NotInClass):
        attendance.call(
            school_class=cast.class_two,
            day=DAY,
            away=[Away(cast.others[0].pk)],
            by=cast.viewer(cast.homeroom),
        )


def test_what_the_family_said_is_sealed_and_the_call_is_a_record_once(cast):
    row = call(cast, 0)
    mark = row.marks.get()
    told = Away(cast.pupils[0].pk, "ill", "妈妈", time(8, 15), "发烧")
    for _ in range(2):
        attendance.explain(mark=mark, one=told, by=cast.viewer(cast.homeroom))
    assert str(mark.said) == "••••" and mark.said.reveal() == "发烧"
    assert mark.is_explained is True
    assert [one.activities for one in Evidence.objects.all()] == [["absence_follow_up"]]
    assert "发烧" not in str(list(Event.objects.values_list("changes", flat=True)))


def waits(cast, staff, day=DAY):
    return [
        rung.step.key
        for climb in absence_ladder.climbs(cast.viewer(staff, day))
        for rung in climb.mine(cast.viewer(staff, day))
    ]


def test_the_ladder_asks_the_right_people_in_turn(cast):
    call(cast, 0, day=MONDAY)
    assert waits(cast, cast.homeroom, MONDAY) == ["call"] and waits(cast, cast.principal, MONDAY) == []
    assert waits(cast, cast.homeroom, TUESDAY) == ["call", "tell"]
    assert waits(cast, cast.principal, WEDNESDAY) == ["together"]
    assert waits(cast, cast.principal) == ["together", "report"] and waits(cast, cast.officer) == ["report"]
    assert waits(cast, cast.neighbour) == []


def test_nobody_wrote_anything_and_still_the_steps_come(cast):
    call(cast, 0, day=MONDAY)
    assert waits(cast, cast.principal) == ["together", "report"]
    assert not Evidence.objects.exists()


def test_a_call_noted_on_the_phone_of_the_ladder_closes_its_step_and_the_child_back_ends_all(cast):
    call(cast, 0, day=MONDAY)
    done = absence_ladder.Done("call", "电话", "说好哪天来")
    made = absence_ladder.follow(pupil=cast.pupils[0], done=done, by=cast.viewer(cast.homeroom, TUESDAY))
    assert made.activities == ["absence_follow_up"]
    assert waits(cast, cast.homeroom, TUESDAY) == ["tell"]
    with pytest.raises(absence_ladder.NotAway):
        absence_ladder.follow(pupil=cast.pupils[0], done=done, by=cast.viewer(cast.homeroom, TUESDAY))
    call(cast)
    assert waits(cast, cast.homeroom) == waits(cast, cast.principal) == []


def test_a_home_visit_recorded_anywhere_counts(cast):
    call(cast, 0, day=MONDAY, cause="unreached")
    assert waits(cast, cast.homeroom, MONDAY) == ["call", "visit"]
    entry = record.Entry(("home_visit",), MONDAY, company=company.Company(other="村里的王姐"))
    record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.homeroom, MONDAY))
    assert waits(cast, cast.homeroom, MONDAY) == []


def test_a_reason_given_later_stops_the_steps_and_silence_takes_nothing_back(cast):
    call(cast, 0, day=MONDAY, cause="ill")
    call(cast, 0, day=DAY)
    assert waits(cast, cast.homeroom) == waits(cast, cast.principal) == []


def test_the_register_is_a_paper_of_the_classes_one_sees(cast):
    call(cast, 0, cause="ill")
    made = dropout_papers.absences(month="2026-10", form="xlsx", by=cast.viewer(cast.homeroom))
    assert made.content[:2] == b"PK" and made.name == "缺勤登记_2026年10月.xlsx"
    with pytest.raises(Exception, match="没有点过名"):
        dropout_papers.absences(month="2026-09", form="xlsx", by=cast.viewer(cast.homeroom))


@pytest.mark.parametrize("role", ["subject_teacher", "aid_officer", "system_admin"])
def test_who_may_not_call_a_class_does_not_print_why_its_children_were_away(cast, role):
    call(cast, 0, cause="ill")
    of = cast.class_two if role == "subject_teacher" else None
    staff = factories.staff(cast.school, "宋老师", "", (role, of))
    with pytest.raises(Exception, match="没有点过名"):
        dropout_papers.absences(month="2026-10", form="xlsx", by=cast.viewer(staff))


def test_duties_pause_while_a_child_is_away_and_are_owed_again_when_it_is_back(cast):
    from bangfu.flow import adopt, schedule

    case = cast.case(0)

    def excused(day):
        found = schedule.dossiers(type(case).objects.filter(pk=case.pk), day=day)
        plans = adopt.plans_in_force(cast.school, day)
        schedule.judge(plans, found, schedule.Asked(cast.school, MONDAY, date(2026, 10, 18), day))
        return {str(s.state) for d in found.values() for s in d.standings if s.expectation.duty_key == "talk"}

    call(cast, 0, day=MONDAY)
    assert excused(MONDAY) == {"excused"}
    call(cast, day=WEDNESDAY)
    assert excused(WEDNESDAY) == {"open"}


def test_a_moved_child_is_called_in_the_class_of_the_day(cast):
    newcomer = factories.pupil(cast.class_two, "新来", joined_on=DAY)
    assert newcomer.pk not in {mate.id for mate in attendance.mates(cast.class_two, WEDNESDAY)[0]}
    assert newcomer.pk in {mate.id for mate in attendance.mates(cast.class_two, DAY)[0]}
