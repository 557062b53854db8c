"""The demo's areas, villages, teams and households: covered almost everywhere, so that the pages have something to ask."""

from datetime import timedelta

from bangfu.demo.moment import Stretch
from bangfu.demo.people import Town
from bangfu.flow import administrators, areas, homes, households, teams
from bangfu.records.access import viewer_of
from bangfu.records.models import Area, Household, LocalPartner, SchoolClass, Staff, Village, VillageTeam

AREAS = (("东片", ("石坎村", "沙坪村")), ("西片", ("月亮湾村", "青桥村")), ("南片", ("枫木村", "云脚村")))
KNOWN = {  # key village, language, supporting unit
    "石坎村": (False, "", "镇中心小学"), "沙坪村": (False, "", "镇卫生院"), "月亮湾村": (False, "", "镇农业服务中心"),
    "青桥村": (False, "布依语", "镇林业站"), "枫木村": (False, "", ""), "云脚村": (True, "苗语", "区文化馆"),
}  # fmt: skip
NEIGHBOURS = (
    ("龙正国", "石坎村", "party_member"), ("田茂林", "石坎村", "capable_household"), ("吴显坤", "沙坪村", "cadre"),
    ("杨昌福", "月亮湾村", "party_member"), ("罗廷贵", "青桥村", "capable_household"), ("潘启明", "枫木村", "cadre"),
)  # fmt: skip
HOUSEHOLDS = 24


def cover(town: Town, now: Stretch) -> None:
    """This function will share areas, classes, villages and households out as the solver proposes, leaving one of each."""
    day = min(now.starts_on + timedelta(days=14), town.today)
    by = viewer_of(Staff.objects.select_related("school").get(pk=town.staff[0].pk), day)
    for name, villages in AREAS:
        areas.open_area(name=name, villages=villages, by=by)
    for one in Village.objects.filter(school=town.school):
        is_key, language, unit = KNOWN[one.name]
        areas.describe(village=one, is_key=is_key, language=language, support_unit=unit, by=by)
    homes.gather(by=by)
    _at_home(town, by)
    _areas(by)
    _classes(by)
    _households(by)
    _teams(town, by)
    _answer(by)


def _at_home(town: Town, by) -> None:
    for at, (village, languages) in enumerate((("云脚村", "苗语"), ("青桥村", "布依语"), ("石坎村", ""))):
        at_home = Village.objects.get(school=town.school, name=village)
        areas.at_home(staff=town.staff[-1 - at], village=at_home, languages=languages, by=by)


def _rows(table, found, column: str) -> dict:
    return table.objects.in_bulk([getattr(one, column) for one in found])


def _pairs(found, cases, helpers) -> list[tuple]:
    return [(cases[one.case], helpers[one.helper]) for one in found]


def _reasons(found) -> dict:
    return {(one.case, one.helper): one.reason for one in found}


def _areas(by) -> None:
    found = areas.propose(by=by)[:-1]  # one colleague is new and has no area yet
    pairs = _pairs(found, _rows(Staff, found, "case"), _rows(Area, found, "helper"))
    areas.assign(chosen=pairs, by=by, reasons=_reasons(found))


def _classes(by) -> None:
    found = administrators.propose(by=by)[:-1]
    administrators.assign(
        chosen=_pairs(found, _rows(SchoolClass, found, "case"), _rows(Staff, found, "helper")), by=by
    )


def _households(by) -> None:
    wanted = homes.suggested(by)[:HOUSEHOLDS]
    homes.accompany(households=[one.household for one in wanted], by=by)
    found = households.propose(by=by)[:-1]
    pairs = _pairs(found, _rows(Household, found, "case"), _rows(Staff, found, "helper"))
    households.assign(chosen=pairs, by=by, reasons=_reasons(found))
    for name, village, kind in NEIGHBOURS:
        here = Village.objects.get(school=by.school, name=village)
        homes.add_partner(name=name, village=here, kind=kind, by=by)
    found = households.propose(by=by, kind=households.PARTNER)
    pairs = _pairs(found, _rows(Household, found, "case"), _rows(LocalPartner, found, "helper"))
    households.assign_partners(chosen=pairs, by=by, reasons=_reasons(found))


def _teams(town: Town, by) -> None:
    for at, (name, formed_by) in enumerate(
        (("区驻村工作队", "district"), ("镇东工作组", "township"), ("镇西工作组", "township"))
    ):
        head, *members = town.staff[-4 - 3 * at : -1 - 3 * at]
        teams.form(name=name, formed_by=formed_by, head=head, members=members, by=by)
    found = teams.propose(by=by)
    pairs = _pairs(found, _rows(Village, found, "case"), _rows(VillageTeam, found, "helper"))
    teams.assign(chosen=pairs, by=by, reasons=_reasons(found))


def _answer(by) -> None:
    for at, line in enumerate(households.standing(by)):
        if line.helper and at % 5:  # one in five has not answered yet
            households.accept(post=line.helper, by=viewer_of(line.helper.staff, by.day))
