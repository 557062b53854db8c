"""The households of our children: gathered from the roll, placed in their villages, accompanied or not (P10-15, 31).

Siblings share a key; a home without one gets it from a guardian named with the same number. A village is read from
what is known, else from the address, and a person's choice is never overwritten.
"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from bangfu.engine.refusal import Refusal
from bangfu.flow import clock, known
from bangfu.flow.cover import DECIDERS
from bangfu.records import audit
from bangfu.records.models import (
    Case,
    Enrolment,
    Guardian,
    Household,
    HouseholdPartner,
    LocalPartner,
    Pupil,
    Village,
)
from bangfu.records.models.places import class_label
from bangfu.records.seal import blind

MOVED = "这一户换了村"
KEEPERS = (*DECIDERS, "aid_officer")


class NotKeeper(Refusal):
    sentence = "农户和身边的人由校长、副校长或资助专干来整理。"


class NoPartner(Refusal):
    sentence = "请写姓名、选村和身份；本人同意了再写。"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What gathering came to: how many homes there are now, how many were new, which have no village yet."""

    homes: int
    new: int
    without_village: int


@dataclass(frozen=True, slots=True)
class Home:
    """A household with its children as people call it; `children` are (pupil id, name, class)."""

    household: Household
    children: tuple[tuple[UUID, str, str], ...]

    @property
    def title(self) -> str:
        """This property will name the home by its first child."""
        return f"{self.children[0][1]}家" if self.children else "（孩子已离校）"


def may_keep(by) -> None:
    """This function will refuse anybody who does not keep the list of households."""
    if not by.holds(*KEEPERS):
        raise NotKeeper


@transaction.atomic
def gather(*, by) -> Gathered:
    """This function will make the households of all children on the roll, and find the village of those without."""
    may_keep(by)
    pupils = list(Pupil.objects.filter(school=by.school_id).on_roll(by.day).order_by("sort_key", "pk"))
    _give_keys(pupils)
    there = {one.key: one for one in Household.objects.filter(school=by.school_id)}
    villages = _by_plain_name(Village.objects.filter(school=by.school_id).order_by("name"))
    said = known.newest([one.pk for one in pupils], by.day)
    new, placed = {}, {}
    for pupil in pupils:
        home = there.get(pupil.household_key) or new.setdefault(
            pupil.household_key, Household(school_id=by.school_id, key=pupil.household_key)
        )
        if home.village_id is None and (village := _village(pupil, said.get(pupil.pk, {}), villages)):
            home.village = village
            placed[home.key] = home
    Household.objects.bulk_create(new.values(), batch_size=500)
    Household.objects.bulk_update([one for key, one in placed.items() if key in there], ["village"])
    bare = sum(one.village_id is None for one in (there | new).values())
    counts = {"new": [None, len(new)], "placed": [None, len(placed)]}
    audit.log("homes.gather", by=by.staff, at=clock.now(), subject=by.school, changes=counts)
    return Gathered(len(there) + len(new), len(new), bare)


def _give_keys(pupils: list[Pupil]) -> None:
    bare = [one for one in pupils if not one.household_key]
    rows = Guardian.objects.filter(pupil__in=bare).exclude(phone_index="").order_by("position")
    of = {}
    for pupil, name, phone in rows.values_list("pupil_id", "name", "phone_index"):
        of.setdefault(pupil, f"{name} {phone}")
    for pupil in bare:
        pupil.household_key = blind(of.get(pupil.pk, str(pupil.pk)), "household")
    Pupil.objects.bulk_update(bare, ["household_key"], batch_size=500)


def _by_plain_name(villages) -> dict[str, Village]:
    """Villages as `known.village` names them; two of one plain name are told apart by all that was written."""
    found: dict[str, Village] = {}
    for one in villages:
        plain = known.village_name(one.name)
        found[one.name if plain in found else plain] = one
    return found


def _village(pupil: Pupil, said, villages: dict[str, Village]) -> Village | None:
    if (name := known.village(said)) in villages:
        return villages[name]
    where = pupil.address.reveal() if pupil.address else ""
    fits = [name for name in villages if name in where]
    return villages[max(fits, key=len)] if fits else None


def homes_of(by, households) -> dict[UUID, Home]:
    """This function will give the households with their children on the roll today: {household id: Home}."""
    rows = list(households.select_related("village"))
    open_now = Enrolment.objects.on(by.day).filter(pupil__household_key__in=[one.key for one in rows])
    columns = (
        "pupil__household_key", "pupil_id", "pupil__name", "school_class__entry_year", "school_class__number",
    )  # fmt: skip
    children = defaultdict(list)
    here = open_now.filter(pupil__school=by.school_id).order_by("school_class__entry_year", "pupil__sort_key")
    for key, pk, name, year, number in here.values_list(*columns):
        children[key].append((pk, name, class_label(year, number, by.day)))
    return {one.pk: Home(one, tuple(children[one.key])) for one in rows}


def suggested(by) -> list[Home]:
    """This function will list the homes that have a child in a plan and are not accompanied yet."""
    may_keep(by)
    helped = Case.objects.filter(school=by.school_id).open_on(by.day).values("pupil__household_key")
    rows = Household.objects.visible_to(by).filter(key__in=helped)
    rows = rows.exclude(pk__in=Household.objects.accompanied(by.day).values("pk"))
    found = [home for home in homes_of(by, rows).values() if home.children]
    return sorted(found, key=lambda home: (_place(home), home.children[0][1]))


def _place(home: Home) -> tuple:
    village = home.household.village
    return (village is None, village.name if village else "")


@transaction.atomic
def accompany(*, households, by) -> int:
    """This function will take households on from today, so that somebody answers for each; returns how many.

    One that was accompanied before keeps the days of that time.
    """
    may_keep(by)
    ids = [household.pk for household in households]
    rows = (
        Household.objects.select_for_update()
        .filter(pk__in=ids)
        .exclude(valid_from__isnull=False, valid_to__isnull=True)
    )
    taken = list(rows.order_by("pk"))
    for row in taken:
        before = [str(row.valid_from), str(row.valid_to)] if row.valid_from else None
        row.earlier += [before] if before else []
        row.valid_from, row.valid_to, row.decided_by = by.day, None, by.staff
        row.save(update_fields=["earlier", "valid_from", "valid_to", "decided_by"])
        changes = {"valid_from": [before, str(by.day)]}
        audit.log("homes.accompany", by=by.staff, at=clock.now(), subject=row, changes=changes)
    return len(taken)


@transaction.atomic
def settle(*, household: Household, village: Village | None, by) -> Household:
    """This function will put a household into a village, as somebody says who knows; a neighbour is of one village."""
    may_keep(by)
    if household.village_id != (village.pk if village else None):
        changes = {
            "village": [household.village_id and str(household.village_id), village and str(village.pk)]
        }
        household.village = village
        household.save(update_fields=["village"])
        there = HouseholdPartner.objects.filter(household=household, valid_to__isnull=True)
        there.update(valid_to=by.day, ended_because=MOVED)
        audit.log("homes.settle", by=by.staff, at=clock.now(), subject=household, changes=changes)
    return household


@transaction.atomic
def add_partner(*, name: str, village: Village | None, kind: str, phone: str = "", by) -> LocalPartner:
    """This function will note a neighbour who agreed to lend a hand: party member, cadre or capable household (P10-33)."""
    may_keep(by)
    name = "".join(name.split())[:40]
    if not name or village is None or kind not in LocalPartner.KINDS:
        raise NoPartner
    row, is_new = LocalPartner.objects.get_or_create(
        school=by.school, village=village, name=name, valid_to=None,
        defaults={"kind": kind, "phone": phone.strip() or None, "valid_from": by.day},
    )  # fmt: skip
    if is_new:
        audit.log("homes.partner", by=by.staff, at=clock.now(), subject=row, changes={"kind": [None, kind]})
    return row
