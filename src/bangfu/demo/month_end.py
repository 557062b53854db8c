"""What a month really looks like: one child in hospital whose help rests, a talk put on an hour, somebody asked for a day."""

from datetime import time, timedelta

from bangfu.demo.people import Town
from bangfu.flow import agenda, appointments, pauses
from bangfu.flow.almanac import calendar_for
from bangfu.records.access import viewer_of
from bangfu.records.models import Case, Leave, Pairing

FROM = timedelta(days=6)


def arrange(town: Town) -> None:
    """This function will let one child's help rest, put one row of the first class teacher on today, lend out one child."""
    calendar = calendar_for(town.school)
    teachers = list(town.homeroom.values())
    _rest(town, teachers[-1])
    if not calendar.is_school_day(town.today):
        return
    viewer = viewer_of(teachers[0], town.today)
    found = agenda.agenda(viewer)
    row = next(
        (row for row in found.today + found.week if row.kind == "case" and len(row.children) == 1), None
    )
    if row is not None:
        appointments.appoint(row=row, on=town.today, at=time(16, 20), by=viewer)
        _lend(town, teachers[0], row.children[0].case_id)


def _rest(town: Town, teacher) -> None:
    mine = Pairing.objects.filter(helper=teacher, state="confirmed", valid_to__isnull=True)
    case = Case.objects.filter(pk__in=mine.values("case"), closed_on=None).order_by("opened_on", "pupil__sort_key").last()
    if case is not None:
        rest = pauses.Rest(town.today - FROM, town.today + FROM, "住院，出院后再接着")
        pauses.suspend(plan_key=case.plan_key, case=case, rest=rest, by=viewer_of(town.staff[0], town.today))


def _lend(town: Town, teacher, not_this) -> None:
    """Another of the teacher's children is looked after by a colleague of the class for two days."""
    mine = Pairing.objects.filter(helper=teacher, state="confirmed", valid_to__isnull=True)
    pair = mine.exclude(case=not_this).order_by("case__pupil__sort_key", "kind").first()
    colleague = next((one for pk, one in town.attached.items() if town.homeroom[pk] == teacher), None)
    if pair is not None and colleague is not None:
        Leave.objects.create(
            staff=teacher, deputy=colleague, case=pair.case, starts_on=town.today,
            ends_on=town.today + timedelta(days=1), by=teacher,
        )  # fmt: skip
