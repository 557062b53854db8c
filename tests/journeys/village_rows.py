"""One row of everything areas, villages, households and places name in an address, for the outsider's journey."""

from datetime import time
from uuid import uuid4

from bangfu.flow import (
    areas,
    contacts,
    facilities,
    hardship,
    homes,
    household_visits,
    households,
    teams,
    video_calls,
)
from bangfu.records.models import Household, Pupil, Village
from tests.cast import DAY

WITH_IDS = {
    "area_close": ["area"],
    "village": ["village"],
    "team_disband": ["team"],
    "village_post_end": ["village_post"],
    "household_settle": ["household"],
    "household_leave": ["household"],
    "household_accept": ["answering"],
    "household_decline": ["answering"],
    "household_end": ["answering"],
    "facility": ["facility"],
    "facility_close": ["facility"],
    "facility_move": ["facility"],
    **dict.fromkeys(("call_arrange", "call_without", "contact_note"), ["pupil"]),
    **dict.fromkeys(("call_tell", "call_undo", "call_cancel"), ["video_call"]),
    "contact_undo": ["parent_contact"],
    **dict.fromkeys(("round", "round_take", "round_return"), ["village"]),
    **dict.fromkeys(("hardship_answer", "hardship_undo"), ["hardship"]),
    **dict.fromkeys(
        ("household", "guarantee", "household_stands", "clear_card", "clear_card_file"), ["household"]
    ),
    "visit_undo": ["household_visit"],
}
WITHOUT_IDS = (
    "areas", "area_assign", "area_move", "home_ground", "administrators", "villages", "village_team", "households",
    "household_gather", "household_take", "household_assign", "local_partner", "facilities", "publicity", "reminder",
    "reminder_try", "calls", "setup_calls", "rounds",
)  # fmt: skip


def rows(cast) -> dict:
    """Return an area with its staff, a village with its team, a household with who answers for it."""
    by = cast.viewer(cast.principal)
    area = areas.open_area(name="看图说话片", villages=("看图说话村",), by=by)
    areas.assign(chosen=[(cast.homeroom, area)], by=by)
    village = Village.objects.get(school=cast.school)
    team = teams.form(name="看图说话组", formed_by="school", head=cast.homeroom, by=by)
    (post,) = teams.assign(chosen=[(village, team)], by=by)
    homes.gather(by=by)
    homes.gather(by=cast.viewer(cast.outsider))  # gathered already, there too: nothing is left to change
    household = Household.objects.get(key=Pupil.objects.get(pk=cast.pupils[0].pk).household_key)
    homes.settle(household=household, village=village, by=by)
    homes.accompany(households=[household], by=by)
    (answering,) = households.assign(chosen=[(household, cast.homeroom)], by=by)
    facility = facilities.open_place(place=facilities.Place("看图说话屋"), by=by)
    return {
        "area": area,
        "facility": facility,
        "village": village,
        "team": team,
        "village_post": post,
        "household": household,
        "answering": answering,
        **_written(cast, household),
    }


def _written(cast, household) -> dict:
    """A call ahead, a week with a word from home, a visit and a hardship that waits, of the first child's home."""
    by, pupil = cast.viewer(cast.homeroom), cast.pupils[0]
    said = {"household": str(household.pk), "company": "other", "company_said": "村妇女主任", "note": "看图说话"}
    visit, _closes = household_visits.write(id=uuid4(), body=said, by=by)
    hard, _closes = hardship.write(id=uuid4(), body=said | {"kind": "illness"}, by=by)
    wish = video_calls.Wish(DAY, time(18, 30), with_whom="看图说话")
    return {
        "video_call": video_calls.arrange(pupil=pupil, wish=wish, by=by),
        "parent_contact": contacts.note(pupil=pupil, on=DAY, by=by),
        "household_visit": visit,
        "hardship": hard,
    }
