"""Seats on the pairing board: a child's free, proposed or held place, and the hall of children and adults around it.

In: what flow.pair says of one pairing of a plan. Out: who may take which seat now, and what each adult carries.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from bangfu.engine import matching
from bangfu.engine.bond import Bond
from bangfu.flow import pair
from bangfu.records.models.cases import Case
from bangfu.records.models.pairings import Pairing
from bangfu.records.models.places import SchoolClass
from bangfu.web.formats import part_of

# Children × adults: beyond this the page does not say beforehand who may take whom; the verb does.
MANY = 6000


@dataclass(frozen=True, slots=True)
class Seat:
    """One name on the board: a child's seat that is free, proposed or in force (held)."""

    case: UUID
    place: int
    name: str
    label: str
    state: str
    order: tuple = ()
    id: UUID | None = None  # the pairing's
    helper: UUID | None = None
    with_whom: str = ""
    words: str = ""
    is_locked: bool = False
    able: tuple[int, ...] = ()

    @property
    def spot(self) -> str:
        """This property will name the seat on the page and in its address."""
        return f"s{self.place}-{self.case}"


@dataclass(frozen=True, slots=True)
class Taken:
    """Who has which child already, proposed or in force; how many proposals of each adult are kept by hand."""

    of_case: Mapping[UUID, set]
    kept: Counter


def taken_of(seats: Iterable[Seat]) -> Taken:
    of_case, kept = defaultdict(set), Counter()
    for one in seats:
        of_case[one.case].add(one.helper)
        kept[one.helper] += one.state == "proposed" and one.is_locked
    return Taken(of_case, kept)


@dataclass(frozen=True)
class Hall:
    """The children and adults of the classes looked at; adults in class order, those of the whole school last."""

    children: Mapping[UUID, matching.Child]
    adults: tuple[matching.Helper, ...]
    labels: Mapping[UUID, tuple]
    bond: Bond
    needs: Mapping[UUID, int]
    by_name: Mapping[UUID, str]  # what each child's name is sorted by

    @classmethod
    def of(cls, found: pair.Table, labels) -> "Hall":
        placed = []
        for helper in found.helpers.values():
            here = sorted(labels[at][0] for at in helper.roles if at in labels)
            if here or None in helper.roles:
                placed.append((here[0] if here else (1, 0), helper.name, str(helper.id), helper))
        children = {c.id: c for c in found.children if c.class_id in labels}
        cases = Case.objects.visible_to(found.viewer)
        return cls(
            children,
            tuple(helper for *_place, helper in sorted(placed, key=lambda one: one[:3])),
            labels,
            Bond.read(found.rule, found.problem.words),
            {c.id: found.problem.need(c) for c in children.values()},
            dict(cases.filter(pk__in=list(children)).values_list("pk", "pupil__sort_key")),
        )

    def seat(self, row: Pairing, state: str) -> Seat:
        """This function will put a proposal on the board."""
        child = self.children[row.case_id]
        place, label = self.labels[child.class_id]
        return Seat(
            row.case_id, row.place, child.name, label, state, (place, self.by_name.get(child.id, ""), row.place), row.pk,
            row.helper_id, row.helper.name, row.reason, row.is_locked,
        )  # fmt: skip

    def free(self, proposed: Iterable[Seat], held: Iterable[Seat]) -> Iterator[Seat]:
        """This function will give the seats that nobody has and nobody is proposed for."""
        taken = defaultdict(set)
        for one in (*proposed, *held):
            taken[one.case].add(one.place)
        for child in self.children.values():
            place, label = self.labels[child.class_id]
            seats = (at for at in range(1, 9) if at not in taken[child.id])
            for _n, at in zip(range(self.needs[child.id] - len(taken[child.id])), seats, strict=False):
                yield Seat(
                    child.id, at, child.name, label, "free", (place, self.by_name.get(child.id, ""), at)
                )

    def marked(self, seats: list[Seat]) -> list[Seat]:
        """This function will say of every open seat which adults may take it, by their place on the board."""
        if len(self.children) * len(self.adults) > MANY:
            return seats
        taken = taken_of(seats)
        return [replace(one, able=self._able(one, taken)) if one.state != "held" else one for one in seats]

    def _able(self, one: Seat, taken: Taken) -> tuple[int, ...]:
        return tuple(at for at, adult in enumerate(self.adults) if not self.refusal(one, adult, taken))

    def refusal(self, one: Seat, adult: matching.Helper, taken: Taken) -> str:
        """This function will say why an adult may not take an open seat now; "" when it may."""
        if adult.id in taken.of_case[one.case]:
            return _("has the child already")
        if adult.taken + taken.kept[adult.id] >= min(adult.most, self.bond.rule.per_helper.max):
            return _("has as many children as the plan allows")
        return self.bond.refusal(self.children[one.case], adult)


def labels_of(viewer) -> dict[UUID, tuple]:
    """This function will give the classes a viewer looks at on the board: {class: (its order, its name)}."""
    classes = SchoolClass.objects.visible_to(viewer)
    if not viewer.is_leader:
        classes = classes.filter(Q(pk__in=viewer.class_ids) | Q(entry_year__in=viewer.entry_years))
    return {one.pk: ((-one.entry_year, one.number), one.label_on(viewer.day)) for one in classes.in_order()}


def load_of(count: int, most: int, minutes: int, cap: int) -> str:
    """This function will say how much somebody carries: 3 / 10，38 分钟 / 60."""
    if not minutes and not cap:
        return part_of(count, most)
    said = {"count": part_of(count, most), "minutes": minutes, "cap": cap}
    return (
        _("%(count)s, %(minutes)s minutes / %(cap)s") if cap else _("%(count)s, %(minutes)s minutes")
    ) % said
