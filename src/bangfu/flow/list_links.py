"""Whose row is it: the rows of a list and the children on the roll in, sure links and pairs for a person out.

Exact number, then name with birth and family, then weighed (analytics.link). A name alone never links; a class
teacher's own list may name a child by class and name where nobody else in that class is called so. Writes nothing.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from django.db.models import QuerySet

from bangfu.engine import identity
from bangfu.engine.fact import Stated, Value
from bangfu.engine.likeness import Person
from bangfu.exchange.list_rows import ListRow
from bangfu.flow import known
from bangfu.records.models import Enrolment, Guardian, Pupil
from bangfu.records.models.places import class_label

MOST = 5  # pairs a row is shown with


@dataclass(slots=True)
class Child:
    """A child on the roll as a list may describe it."""

    pupil: Pupil
    class_name: tuple[int, int] | None
    label: str
    guardians: list[Guardian]
    facts: Mapping[str, Value]
    person: Person

    @property
    def id(self) -> UUID:
        """The pupil's id."""
        return self.pupil.pk


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and a child who may be one; weight orders them, reasons say why in words."""

    row: ListRow
    child: Child
    how: str
    weight: float
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Links:
    """What came of all rows. sure: row → child by row key; unsure: pairs for a person; others: rows of nobody here."""

    sure: dict[str, Pair] = field(default_factory=dict)
    unsure: list[Pair] = field(default_factory=list)
    others: int = 0


def children(*, school, day: date) -> list[Child]:
    """This function will give every child on the roll of a school on a day; four queries."""
    here = Enrolment.objects.on(day).filter(pupil__school=school)
    return _children(here, day)


def children_of(*, pupils: Collection[UUID], day: date) -> list[Child]:
    """This function will give some children as lists may describe them, also those who left; four queries."""
    return _children(Enrolment.objects.filter(pupil__in=pupils), day)


def _children(enrolments: QuerySet, day: date) -> list[Child]:
    rows = enrolments.select_related("school_class").order_by("valid_from")
    rooms = {one.pupil_id: one.school_class for one in rows}  # the last one, where there are several
    pupils = list(Pupil.objects.filter(pk__in=rooms).select_related("school").order_by("sort_key", "pk"))
    families: dict[UUID, list[Guardian]] = defaultdict(list)
    for guardian in Guardian.objects.filter(pupil__in=rooms).order_by("position"):
        families[guardian.pupil_id].append(guardian)
    facts = known.newest(list(rooms), day)
    out = []
    for pupil in pupils:
        room = rooms[pupil.pk]
        said = {key: stated.value for key, stated in facts.get(pupil.pk, {}).items()}
        out.append(Child(
            pupil, (room.entry_year, room.number), class_label(room.entry_year, room.number, day),
            families[pupil.pk], said, _person(pupil, families[pupil.pk], facts.get(pupil.pk, {})),
        ))  # fmt: skip
    return out


def _person(pupil: Pupil, guardians: list[Guardian], facts: Mapping[str, Stated]) -> Person:
    house = facts.get("household_no")

    def opened(sealed) -> str:
        return sealed.reveal() if sealed else ""

    return Person(
        key=str(pupil.pk), name=pupil.name, former_name=pupil.former_name, sex=pupil.sex, birth_on=pupil.birth_on,
        id_number=opened(pupil.id_number), roll_no=opened(pupil.roll_no),
        guardians=tuple(g.name for g in guardians if g.name),
        guardian_ids=tuple(opened(g.id_number) for g in guardians if g.id_number),
        phones=tuple(dict.fromkeys(filter(None, (opened(pupil.phone), *(opened(g.phone) for g in guardians))))),
        village=known.village(facts), household=str(house.value or "") if house else "",
    )  # fmt: skip


def people(rows: Sequence[ListRow]) -> list[Person]:
    """This function will write the rows that may be children as people; grown-ups of their household are family."""
    grown: dict[str, list[ListRow]] = defaultdict(list)
    for row in rows:
        if row.household and row.is_grown_up:
            grown[row.household].append(row)
    out = []
    for row in rows:
        if row.is_grown_up:
            continue
        family = grown.get(row.household, ())
        out.append(Person(
            key=row.key, name=row.name, former_name=row.former_name, sex=_sex(row), birth_on=row.birth_on,
            id_number=row.id_number, roll_no=row.roll_no,
            guardians=tuple(dict.fromkeys((*row.guardians, *(one.name for one in family)))),
            guardian_ids=tuple(dict.fromkeys((*row.guardian_ids, *(o.id_number for o in family if o.id_number)))),
            phones=tuple(dict.fromkeys((*row.phones, *(phone for one in family for phone in one.phones)))),
            village=known.village_name(row.village), household="" if "!" in row.household else row.household,
        ))  # fmt: skip
    return out


def _sex(row: ListRow) -> str:
    sound = isinstance(identity.read_id(row.id_number), str)
    return identity.sex_of(row.id_number) if sound else row.sex


def shown_of(row: ListRow) -> str:
    """This function will write what a person needs to see of a row to decide whose it is; nothing else is kept of it."""
    person = {
        "name": row.name, "former_name": row.former_name, "sex": _sex(row), "id_number": row.id_number,
        "birth_on": row.birth_on.isoformat() if row.birth_on else "", "guardians": list(row.guardians),
        "village": row.village, "relation": row.relation, "school": row.school,
        "class": list(row.class_name) if row.class_name else [], "phones": list(row.phones),
    }  # fmt: skip
    return json.dumps({key: value for key, value in person.items() if value}, ensure_ascii=False)


def find(rows: Sequence[ListRow], children: Sequence[Child], *, is_ours: bool) -> Links:
    """This function will say whose rows they are. is_ours: the list was made in this school, its classes are ours."""
    from bangfu.analytics.link import link

    links, by_key = Links(), {str(child.id): child for child in children}
    by_row = {row.key: row for row in rows}
    if is_ours:
        links.sure |= _by_class(rows, children)
    asked = [person for person in people(rows) if person.key not in links.sure]
    unsure: dict[str, list[Pair]] = defaultdict(list)
    for one in link(asked, [child.person for child in children]):
        row, child = by_row[one.row_key], by_key[one.child_key]
        pair = Pair(row, child, one.how, one.weight, tuple(one.reasons))
        if one.is_sure:
            links.sure[row.key] = pair
        else:
            unsure[row.key].append(pair)
    _keep_one_child_one_person(links, unsure)
    told: dict[UUID, set[str]] = defaultdict(set)
    for pair in links.sure.values():
        told[pair.child.id] |= pair.row.facts.keys()
    _by_guardian(rows, children, unsure)
    for pairs in unsure.values():  # what a sure row says of a child is not asked again
        asking = [
            one for one in pairs if not one.row.has_ended and not one.row.facts.keys() <= told[one.child.id]
        ]
        links.unsure += asking[:MOST]
    met = {*links.sure, *(pair.row.key for pair in links.unsure)}
    links.others = sum(row.key not in met for row in rows)
    return links


def _by_class(rows: Sequence[ListRow], children: Sequence[Child]) -> dict[str, Pair]:
    """Class and name, where one child of the class and one row of the file is called so and nothing speaks against it."""
    here: dict[tuple, list[Child]] = defaultdict(list)
    for child in children:
        here[child.class_name, child.pupil.name].append(child)
    told = Counter((row.class_name, row.name) for row in rows)
    out = {}
    for row in rows:
        found = here.get((row.class_name, row.name), [])
        if (
            row.class_name
            and len(found) == 1
            and told[row.class_name, row.name] == 1
            and _agrees(row, found[0])
        ):
            out[row.key] = Pair(row, found[0], "class", 0.0, ("班级一样", "姓名一样"))
    return out


def _agrees(row: ListRow, child: Child) -> bool:
    said = (
        (row.id_number, child.person.id_number),
        (row.birth_on, child.person.birth_on),
        (row.sex, child.person.sex),
    )
    return all(not one or not other or one == other for one, other in said)


def _keep_one_child_one_person(links: Links, unsure: dict[str, list[Pair]]) -> None:
    """Two different people of a list are not both the same child: the less certain row goes to a person."""
    by_child: dict[UUID, list[Pair]] = defaultdict(list)
    for pair in links.sure.values():
        by_child[pair.child.id].append(pair)
    for pairs in by_child.values():
        pairs.sort(key=lambda pair: (pair.how != "exact", -pair.weight))
        first = pairs[0].row
        for pair in pairs[1:]:
            if pair.row.id_number != first.id_number or pair.row.name != first.name:
                del links.sure[pair.row.key]
                reasons = (*pair.reasons, f"第 {first.row} 行也像是这个孩子")
                unsure[pair.row.key].insert(0, Pair(pair.row, pair.child, pair.how, pair.weight, reasons))


def _by_guardian(rows: Sequence[ListRow], children: Sequence[Child], unsure: dict[str, list[Pair]]) -> None:
    """A household list may name only a grown-up: their child is a question, never an answer."""
    by_number: dict[str, list[Child]] = defaultdict(list)
    by_phone: dict[tuple[str, str], list[Child]] = defaultdict(list)
    for child in children:
        for guardian in child.guardians:
            if guardian.id_number:
                by_number[guardian.id_number.reveal()].append(child)
            if guardian.phone:
                by_phone[guardian.name, guardian.phone.reveal()].append(child)
    asked = {pair.child.id for pairs in unsure.values() for pair in pairs}
    for row in rows:
        if not row.is_grown_up:
            continue
        found = by_number.get(row.id_number, []) if row.id_number else []
        found = found or [child for phone in row.phones for child in by_phone.get((row.name, phone), ())]
        for child in {child.id: child for child in found}.values():
            if child.id not in asked:
                asked.add(child.id)
                unsure[row.key].append(
                    Pair(row, child, "guardian", 0.0, ("名单上的是孩子的家长", "名单上没有写孩子"))
                )
