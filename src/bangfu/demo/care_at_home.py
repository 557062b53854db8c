"""The demo's calls home and rounds: a room with hours, calls ahead and held, weeks with a word from home, visits, one
sudden hardship that waits. So that every page of them has something to answer."""

from datetime import time, timedelta
from uuid import NAMESPACE_URL, uuid5

from bangfu.demo.people import Town
from bangfu.flow import adopt, contacts, hardship, household_visits, households, rounds, video_calls
from bangfu.flow.almanac import calendar_for
from bangfu.flow.video_calls import Way, Wish
from bangfu.records.access import viewer_of
from bangfu.records.models import Case, Household, Pupil, Staff

ROOM, HOURS = "留守儿童之家", (time(12, 30), time(12, 50), time(16, 30))
ADDRESS = "https://meet.shikan.example"


def look_after(town: Town) -> None:
    """This function will set the school's room and hours, put calls on days, and let some visits be written down."""
    head = _viewer(town.staff[0], town.today)
    video_calls.configure(way=Way("room_server", ADDRESS, ROOM, HOURS, 20), by=head)
    for teacher in list(town.homeroom.values())[:1]:
        _calls(town, _viewer(teacher, town.today))
    _visits(town, head)


def _viewer(staff: Staff, day):
    return viewer_of(Staff.objects.select_related("school").get(pk=staff.pk), day)


def _calls(town: Town, by) -> None:
    calendar = calendar_for(town.school)
    days = [day for at in range(1, 9) if calendar.is_school_day(day := town.today + timedelta(days=at))]
    helped = (
        Case.objects.open_on(town.today)
        .filter(pupil__in=Pupil.objects.cared_for_by(by))
        .order_by("pupil__sort_key")
    )
    for at, pupil in enumerate(dict.fromkeys(case.pupil for case in helped.select_related("pupil"))):
        if at % 3 == 0:
            contacts.note(pupil=pupil, on=town.today, by=by)
        elif days and at % 3 == 1:
            wish = Wish(days[at % len(days)], HOURS[at % len(HOURS)], ROOM, "妈妈")
            video_calls.arrange(pupil=pupil, wish=wish, by=by)


def _visits(town: Town, head) -> None:
    forms = adopt.shelf().commons.forms[household_visits.KIND]
    about = next(group.options for group in forms.groups if group.key == "about")
    for at, line in enumerate(households.standing(head)):
        if line.helper is None or line.home.household.village is None or at % 3 == 2:
            continue
        day = town.today - timedelta(days=3 + 2 * at)
        body = {
            "household": str(line.home.household.pk), "present": ["祖辈"], "about": [about[at % len(about)]],
            "next": "要再帮一项" if at % 6 == 0 else "没有变化", "on": day.isoformat(), "minutes": "20",
            "company": "other", "company_said": "村妇女主任",
        }  # fmt: skip
        household_visits.write(id=_id("visit", line), body=body, by=_viewer(line.helper.staff, town.today))
    first = next((line for line in households.standing(head) if line.helper), None)
    if first is not None:
        by = _viewer(first.helper.staff, town.today)
        body = {
            "household": str(first.home.household.pk),
            "kind": "illness",
            "note": "奶奶住院，晚上没有人做饭。",
        }
        hardship.write(id=_id("hardship", first), body=body, by=by)
        rounds.take(village=Household.objects.get(pk=first.home.household.pk).village, by=by)


def _id(what: str, line):
    return uuid5(NAMESPACE_URL, f"{what}-{line.home.household.pk}")
