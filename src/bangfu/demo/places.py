"""The demo's places: a home of love and a support station with what is in them, and one that is still asked for."""

from datetime import timedelta

from bangfu.demo.people import Town
from bangfu.flow import facilities
from bangfu.flow.facilities import Moved, Place
from bangfu.records.access import viewer_of
from bangfu.records.models import Staff

STOCK = (("书包", 12, "got", "爱心企业送来"), ("文具盒", 30, "got", "工会买的"), ("书包", 3, "given_out", ""))


def furnish(town: Town) -> None:
    """This function will open two places with their keepers and write a few lines into the book of the station."""
    principal, *_others, counsellor, _director = town.staff[:6]
    keeper = next(iter(town.homeroom.values()))
    by = viewer_of(
        Staff.objects.select_related("school").get(pk=principal.pk), town.today - timedelta(days=20)
    )
    home = facilities.open_place(
        place=Place(
            "留守儿童爱心之家",
            "home_of_love",
            "综合楼 102",
            "周一到周五 12:20—13:30",
            "和班主任说一声",
            keeper,
        ),
        by=by,
    )
    station = facilities.open_place(
        place=Place("校园帮扶站", "support_station", "综合楼 104", "周三 16:00—17:00", "", counsellor), by=by
    )
    facilities.move(facility=home, moved=_line("能视频的电话", 2, "got", "", by), by=by)
    for name, how_many, why, words in STOCK:
        facilities.move(facility=station, moved=_line(name, how_many, why, words, by), by=by)


def _line(name, how_many, why, words, by) -> Moved:
    return Moved(name, how_many, why, by.day, words)
