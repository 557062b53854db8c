"""A duty that a plan's new version dropped is still owed in the windows opened before: no list or sum stumbles on it."""

from datetime import date

from bangfu.flow import adopt, agenda, burden, schedule
from bangfu.flow.almanac import calendar_for
from bangfu.records.models import Case, Leave, School
from tests import factories
from tests.flow.test_versions import CHANGE, change


def test_todays_list_keeps_a_window_of_a_duty_that_was_dropped(cast):
    cast.case(0)
    dropped = {d.key for d in adopt.plans_in_force(cast.school, CHANGE)[0].duties}
    change(cast)
    dropped -= {d.key for d in adopt.plans_in_force(cast.school, CHANGE)[0].duties}
    found = agenda.agenda(cast.viewer(cast.homeroom, CHANGE))
    rows = [*found.today, *found.week, *found.later, *found.late, *found.older]
    assert dropped & {key.partition("@")[0] for row in rows for key in row.duties}


def test_a_terms_burden_counts_what_the_version_then_in_force_asked(cast):
    cast.case(0)
    change(cast)
    school = School.objects.get(pk=cast.school.pk)
    term = calendar_for(school).term_on(CHANGE)
    plans = adopt.plans_in_force(school, CHANGE)
    found = burden.burdens(school=school, plans=plans, term=term, staff=[cast.viewer(cast.homeroom, CHANGE)])
    assert found[cast.homeroom.pk].literal > 0


def test_leave_of_whoever_helped_then_excuses_then_also_when_somebody_else_helps_now(cast):
    case = cast.case(0)
    Leave.objects.create(
        staff=cast.homeroom, starts_on=date(2026, 9, 14), ends_on=date(2026, 9, 20), by=cast.principal
    )
    case.pairings.update(state="ended", valid_to=date(2026, 10, 8))
    factories.pair(case, cast.attached, valid_from=date(2026, 10, 8))
    week = (date(2026, 9, 14), date(2026, 9, 20), date(2026, 10, 15))
    plan = adopt.plans_in_force(cast.school, week[2])[0]
    (dossier,) = schedule.ledger(plan, Case.objects.all(), schedule.Asked(cast.school, *week)).values()
    weekly = [
        s for s in dossier.standings if s.expectation.period.endswith("W03") and "helper" in s.expectation.who
    ]
    assert weekly and {s.reason for s in weekly} == {"帮扶教师请假"}
    Leave.objects.all().delete()
    Leave.objects.create(  # of whoever helps now, but before that: it excuses nothing then
        staff=cast.attached, starts_on=week[0], ends_on=week[1], by=cast.principal
    )
    (dossier,) = schedule.ledger(plan, Case.objects.all(), schedule.Asked(cast.school, *week)).values()
    assert "帮扶教师请假" not in {s.reason for s in dossier.standings}
