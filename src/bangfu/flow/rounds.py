"""走访: the homes of a village in the order one walks, one home's card, and the village taken along without a signal.

Whoever goes there sees the home; whoever teaches a child of it sees the child's side only. Nobody finds talks, marks
or sums here (P10-03, P10-17, P10-31).
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q, TextField
from django.db.models.functions import Cast

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, carry, clock, company, hardship, homes, household_visits, known
from bangfu.flow.homes import Home
from bangfu.flow.household_visits import NotYourRound
from bangfu.records import audit
from bangfu.records.models import (
    Evidence,
    FactStatement,
    Guardian,
    Hardship,
    Household,
    HouseholdHelper,
    HouseholdPartner,
    HouseholdPlace,
    HouseholdVisit,
    Pupil,
    RoundTaken,
    Village,
)
from bangfu.records.models.rounds import homes_on_round, homes_within_reach

SIX = (
    "income_assured", "housing_assured", "facilities_assured", "education_assured", "medical_assured",
    "pension_assured",
)  # fmt: skip
WANTED = ("wish", "training_wish", "income_project")
HARD = ("home_cause", "home_cause_two", "home_cause_three", "home_cause_note")
DONE_FOR = ("measure_now", "plan_of_year", "linked_to")
NEXT = ("first_need", "second_need")
_GROUP = re.compile(r"([0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})\s*组")
_DOOR = re.compile(r"([0-9０-９]{1,4})\s*号")
DIGITS = {mark: at for at, mark in enumerate("零一二三四五六七八九")}


class NotThat(Refusal):
    sentence = "这一项没有看懂，请重新点一下。"


@dataclass(frozen=True, slots=True)
class Stop:
    """A home on the way: where it stands, who answers for it, when somebody was last there, what waits."""

    home: Home
    group: str
    door: str
    helper: str = ""
    last_on: date | None = None
    waits: tuple[Hardship, ...] = ()
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One home. `goes_there`: whether the viewer sees the home's side, else only the children's."""

    stop: Stop
    goes_there: bool
    members: tuple[Guardian, ...]
    near: frozenset[UUID]  # children whose file the viewer may open
    helper: HouseholdHelper | None = None
    partner: str = ""
    facts: dict | None = None  # fact key → Stated
    visits: tuple[HouseholdVisit, ...] = ()
    past: tuple[Hardship, ...] = ()


def villages(by) -> list[tuple[Village, int, RoundTaken | None]]:
    """This function will list the villages on somebody's round: (village, homes there, taken along or None)."""
    count: dict[UUID, int] = {}
    for village in homes_on_round(by).exclude(village=None).values_list("village_id", flat=True):
        count[village] = count.get(village, 0) + 1
    taken = {one.village_id: one for one in RoundTaken.objects.visible_to(by).filter(until__gte=by.day)}
    rows = Village.objects.visible_to(by).filter(pk__in=count).select_related("area").order_by("name")
    return [(one, count[one.pk], taken.get(one.pk)) for one in rows]


def stops(by, village: Village) -> list[Stop]:
    """This function will list the homes of a village on the viewer's round, by group and door. About nine queries."""
    return _stops(by, homes_on_round(by).filter(village=village))


def _stops(by, rows) -> list[Stop]:
    every = homes.homes_of(by, rows)
    where, helpers = _places(every), _helpers(every, by.day)
    last, after = _last(every), household_visits.follow_ups(every)
    waiting: dict[UUID, list[Hardship]] = {}
    for one in Hardship.objects.filter(household__in=every, state="open").order_by("due_on", "written_at"):
        waiting.setdefault(one.household_id, []).append(one)
    found = [
        Stop(
            home=home,
            group=where[pk][0],
            door=where[pk][1],
            helper=helpers[pk].staff.name if pk in helpers else "",
            last_on=last.get(pk),
            waits=tuple(waiting.get(pk, ())),
            follow_up=after.get(pk, ""),
        )
        for pk, home in every.items()
    ]
    return sorted(found, key=lambda stop: (number(stop.group), number(stop.door), stop.home.title))


def number(text: str) -> int:
    """This function will put 2 before 10 and 三 before 十二; what is not a number comes last."""
    plain = unicodedata.normalize("NFKC", text)
    if plain.isdigit():
        return int(plain)
    tens, has_ten, ones = plain.partition("十")
    if has_ten and {*tens, *ones} <= DIGITS.keys():
        return DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0)
    return DIGITS.get(plain, 999)


def _places(every: dict[UUID, Home]) -> dict[UUID, tuple[str, str]]:
    """Group and door of each home: as somebody said, else as the address of its first child reads."""
    said = {one.household_id: one for one in HouseholdPlace.objects.filter(household__in=every)}
    first = {home.children[0][0]: pk for pk, home in every.items() if home.children}
    found = dict.fromkeys(every, ("", ""))
    for pupil in Pupil.objects.filter(pk__in=first).only("id", "address"):
        written = pupil.address.reveal() if pupil.address else ""
        group, door = _GROUP.search(written), _DOOR.search(written)
        found[first[pupil.pk]] = (group[1] if group else "", door[1] if door else "")
    return found | {pk: (one.group_name, one.door) for pk, one in said.items()}


def _helpers(household_ids, day: date) -> dict[UUID, HouseholdHelper]:
    rows = HouseholdHelper.objects.in_force(day).filter(household__in=household_ids).select_related("staff")
    return {one.household_id: one for one in rows}


def _last(every: dict[UUID, Home]) -> dict[UUID, date]:
    """When somebody was last at each home: a visit of the round, or a teacher's visit to one of its children."""
    rows = HouseholdVisit.objects.filter(household__in=every, is_withdrawn=False).values("household")
    found = {row["household"]: row["last"] for row in rows.annotate(last=Max("happened_on"))}
    of = {pupil: pk for pk, home in every.items() for pupil, _name, _label in home.children}
    kinds = [Q(words__contains=f'"{kind}"') for kind in company.at_home()]
    words = Cast("activities", TextField())
    at_home = Evidence.objects.current().annotate(words=words).filter(reduce(or_, kinds), about__pupil__in=of)
    columns = ("about__pupil_id", "happened_on", "activities")
    for pupil, on, acts in at_home.values_list(*columns).order_by("happened_on"):
        if pupil in of and not company.at_home().isdisjoint(acts):
            found[of[pupil]] = max(on, found.get(of[pupil], on))
    return found


def household_of(by, household_id: UUID) -> Household | None:
    """This function will find a household whose card the viewer may open."""
    return homes_within_reach(by).filter(pk=household_id).select_related("village").first()


def goes_there(by, household: Household) -> bool:
    """This function will say whether a household is on somebody's round."""
    return homes_on_round(by).filter(pk=household.pk).exists()


def card(by, household: Household) -> Card:
    """This function will give one home's card, as far as the viewer may see it."""
    rows = Household.objects.filter(pk=household.pk)
    (stop,) = _stops(by, rows)
    ids = [pupil for pupil, _name, _label in stop.home.children]
    near = frozenset(Pupil.objects.visible_to(by).filter(pk__in=ids).values_list("pk", flat=True))
    if not goes_there(by, household):
        own = hardship_rows(by, household)
        waits = tuple(one for one in own if one.state == "open")
        mine = _visits(household).filter(author=by.staff)
        stop = Stop(stop.home, stop.group, stop.door, stop.helper, stop.last_on, waits)
        return Card(stop, False, (), near, visits=tuple(mine.order_by("-happened_on")[:5]))  # noqa: FBT003
    partner = HouseholdPartner.objects.in_force(by.day).filter(household=household).select_related("partner")
    return Card(
        stop=stop,
        goes_there=True,
        members=members(ids),
        near=near,
        helper=_helpers([household.pk], by.day).get(household.pk),
        partner=next((one.partner.name for one in partner), ""),
        facts=facts_of(ids, by.day),
        visits=tuple(_visits(household).order_by("-happened_on", "-written_at")[:20]),
        past=tuple(one for one in hardship_rows(by, household) if one.state != "open"),
    )


def _visits(household: Household):
    rows = HouseholdVisit.objects.filter(household=household, is_withdrawn=False)
    return rows.select_related("author", "with_staff")


def hardship_rows(by, household: Household) -> list[Hardship]:
    """This function will give what was said to have come over a home, newest first, as far as the viewer may see it."""
    rows = Hardship.objects.visible_to(by).filter(household=household).exclude(state="withdrawn")
    return list(rows.select_related("author", "answered_by").order_by("-written_at"))


def members(pupil_ids) -> tuple[Guardian, ...]:
    """This function will give the grown-ups of a home, each once, as the roll names them."""
    return each_once(Guardian.objects.filter(pupil__in=pupil_ids).order_by("position", "pupil__sort_key"))


def each_once(guardians) -> tuple[Guardian, ...]:
    """This function will keep the first of each grown-up: brothers and sisters name the same ones."""
    found: dict[tuple, Guardian] = {}
    for one in guardians:
        found.setdefault((one.name, one.relation), one)
    return tuple(found.values())


def facts_of(pupil_ids, day: date) -> dict:
    """This function will give the newest word on each fact of a home, whichever of its children it was written with."""
    return newest_of(known.newest(pupil_ids, day), day)


def newest_of(said: dict[UUID, dict], day: date) -> dict:
    """This function will join what was written with a home's children to what is known of the home."""
    specs, found = adopt.shelf().commons.facts, {}
    for facts in said.values():
        for key, stated in facts.items():
            is_newer = key not in found or (stated.valid_from or day) >= (found[key].valid_from or day)
            if key in specs and specs[key].of == "household" and is_newer:
                found[key] = stated
    return found


@transaction.atomic
def verify(*, household: Household, key: str, is_so: bool, by) -> None:
    """This function will say of one of the six guarantees of a home that it is there or lacking, as of today."""
    if not goes_there(by, household):
        raise NotYourRound
    if key not in SIX:
        raise NotThat
    pupils = Pupil.objects.filter(household_key=household.key, school=household.school_id).on_roll(by.day)
    FactStatement.objects.bulk_create(
        FactStatement(
            pupil=one, source="told", stated_on=by.day, known_at=clock.now(), values={key: is_so}, by=by.staff
        )
        for one in pupils
    )
    audit.log("rounds.verify", by=by.staff, at=clock.now(), subject=household, changes={key: [None, is_so]})


@transaction.atomic
def stand(*, household: Household, group: str, door: str, by) -> HouseholdPlace:
    """This function will note in which group and at which door a home stands."""
    if not goes_there(by, household):
        raise NotYourRound
    said = {"group_name": group.strip().removesuffix("组")[:12], "door": door.strip().removesuffix("号")[:12]}
    more = {"by": by.staff, "at": clock.now()}
    row, _is_new = HouseholdPlace.objects.update_or_create(household=household, defaults=said | more)
    audit.log("rounds.stand", by=by.staff, at=clock.now(), subject=household)
    return row


@transaction.atomic
def take(*, village: Village, by) -> RoundTaken:
    """This function will take a village's cards along for fourteen days. Raises NotYourRound."""
    if not homes_on_round(by).filter(village=village).exists():
        raise NotYourRound("这个村没有您要走访的人家。")
    until = by.day + carry.KEPT
    row, _is_new = RoundTaken.objects.update_or_create(
        staff=by.staff, village=village, defaults={"taken_at": clock.now(), "until": until}
    )
    audit.log("rounds.take", by=by.staff, at=clock.now(), subject=village)
    return row


@transaction.atomic
def give_back(*, village: Village, by) -> None:
    """This function will stop carrying a village."""
    if RoundTaken.objects.filter(staff=by.staff, village=village).delete()[0]:
        audit.log("rounds.give_back", by=by.staff, at=clock.now(), subject=village)


def carried(by) -> list[dict]:
    """This function will give what a device may carry of the villages taken along: the cards of their homes."""
    found, room = [], carry.MOST
    rows = RoundTaken.objects.visible_to(by).filter(until__gte=by.day).select_related("village")
    for taken in rows.order_by("-taken_at"):
        some = stops(by, taken.village)[:room]
        room -= len(some)
        found.append(
            {
                "id": str(taken.village_id),
                "name": taken.village.name,
                "households": _carried(by, some),
            }
        )
    return found


def _carried(by, some: list[Stop]) -> list[dict]:
    """Homes of one village as a device carries them; read once for all, whoever could come along is one list."""
    ids = {pupil: stop.home.household.pk for stop in some for pupil, _name, _label in stop.home.children}
    pupils, grown = defaultdict(list), defaultdict(list)
    for one in Pupil.objects.filter(pk__in=ids).only("id", "sex"):
        pupils[ids[one.pk]].append(one)
    for one in Guardian.objects.filter(pupil__in=ids).order_by("position", "pupil__sort_key"):
        grown[ids[one.pupil_id]].append(one)
    said = known.newest(ids, by.day)
    for_two = {pk: company.is_for(those, by) for pk, those in pupils.items()}
    girls = [pupil for pupil, pk in ids.items() if for_two[pk]]
    mates = [{"id": str(mate.id), "name": mate.name} for mate in company.mates(girls, by)] if girls else []
    found = []
    for stop in some:
        pk = stop.home.household.pk
        facts = newest_of({one.pk: said.get(one.pk, {}) for one in pupils[pk]}, by.day)
        more = {"for_two": for_two.get(pk, False), "company": mates if for_two.get(pk) else []}
        found.append(_told(stop, each_once(grown[pk]), facts) | more)
    return found


def _told(stop: Stop, grown_ups: tuple[Guardian, ...], facts: dict) -> dict:
    """One home: names and places, no numbers, no sums, nothing of school."""
    home = stop.home
    return {
        "id": str(home.household.pk),
        "title": home.title,
        "place": place_words(stop),
        "members": [{"relation": one.relation, "name": one.name} for one in grown_ups],
        "children": [{"name": name, "class": label} for _pk, name, label in home.children],
        "last_visit": stop.last_on.isoformat() if stop.last_on else None,
        "needs": [*needs(facts), *([stop.follow_up] if stop.follow_up else [])],
        "hardship": [
            f"{hardship.WORDS[one.kind]}（{one.due_on.month}月{one.due_on.day}日前去看）"
            for one in stop.waits
        ],
    }


def needs(said: dict) -> list[str]:
    """This function will name what a home needs most, as it was last written down."""
    return [str(said[key].value) for key in NEXT if key in said and said[key].value]


def place_words(stop: Stop) -> str:
    """This function will say where a home stands: 石坎村 3组 12号."""
    village = stop.home.household.village
    parts = (
        village.name if village else "",
        stop.group and f"{stop.group}组",
        stop.door and f"{stop.door}号",
    )
    return " ".join(part for part in parts if part)
