"""Both sides of the pairing board: children without anyone, adults with what they carry, and one child picked up.

In: a viewer and what flow.pair says of one pairing of a plan. Out: `Board`, all words chosen; the pages of pairs ask.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import matching
from bangfu.engine.bond import Bond
from bangfu.flow import pair
from bangfu.records.models.pairings import Avoidance, Pairing
from bangfu.records.models.people import Pupil
from bangfu.records.models.places import SchoolClass
from bangfu.web.formats import day as said_day
from bangfu.web.formats import part_of

WHYS = (
    ("own_child", N_("Own child")),
    ("relative", N_("Related")),
    ("conflict", N_("A conflict")),
    ("asked", N_("The child or the family asks")),
)
AIMS = {
    "left_out": N_("Children left over"),
    "below_minimum": N_("Missing to an adult's least number"),
    "changed": N_("Pairs changed"),
    "uneven": N_("Unevenness of minutes"),
    "unfit": N_("Wishes not met"),
}
COUNTED = ("left_out", "below_minimum", "changed")
MANY = (
    6000  # children × adults: beyond this the page does not say beforehand who may take whom; the verb does
)


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
class Adult:
    """One adult: classes, children and minutes as they would be when all is confirmed, and whose names stand there."""

    id: UUID
    at: int
    name: str
    classes: tuple[str, ...]
    load: str
    has: int  # per cent of the most, in force
    will: int  # per cent of the most, when all is confirmed
    is_over: bool
    children: tuple[Seat, ...] = ()
    away: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An adult who may take the child picked up, and why this would fit."""

    id: UUID
    name: str
    load: str
    reason: str
    is_now: bool


@dataclass(frozen=True, slots=True)
class Pick:
    """A child picked up: who may help, who may not and why, whom to note as somebody to be avoided."""

    child: Seat
    now: str
    able: tuple[Candidate, ...]
    barred: tuple[tuple[str, tuple[str, ...]], ...]
    others: tuple[tuple[str, str], ...]
    whys: tuple[tuple[str, str], ...]
    avoided: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Board:
    """All of it, in class order."""

    free: tuple[Seat, ...]
    proposed: tuple[Seat, ...]
    in_force: int
    adults: tuple[Adult, ...]
    give_way: tuple[str, ...] = ()
    comparison: str = ""
    is_best: bool = True
    levels: tuple[tuple[str, str], ...] = ()
    pick: Pick | None = None

    @property
    def waiting(self) -> int:
        """This property will count the children who have nobody in force yet."""
        return len({one.case for one in (*self.free, *self.proposed)})


def labels_of(viewer) -> dict[UUID, tuple]:
    """This function will give the classes a viewer looks at on the board: {class: (its order, its name)}."""
    classes = SchoolClass.objects.visible_to(viewer)
    if not viewer.is_leader:
        classes = classes.filter(Q(pk__in=viewer.class_ids) | Q(entry_year__in=viewer.entry_years))
    return {one.pk: ((-one.entry_year, one.number), one.label_on(viewer.day)) for one in classes.in_order()}


def board_of(found: pair.Table, *, asked: str = "", is_new: bool = False) -> Board:
    """This function will draw a pairing's table: `asked` is the spot of the child picked up, `is_new` after a proposal."""
    viewer = found.viewer
    labels, decides = labels_of(viewer), viewer.holds(*pair.DECIDERS)
    hall = _Hall.of(found, labels)
    proposed = [hall.seat(row, "proposed") for row in found.proposals if row.case_id in hall.children]
    held = _held(found, labels)
    seats = sorted((*hall.free(proposed, held), *proposed, *held), key=lambda one: one.order)
    if decides:
        seats = hall.marked(seats)
    said = _solved(found, hall, seats, is_new) if decides else {}
    return Board(
        free=tuple(one for one in seats if one.state == "free"),
        proposed=tuple(one for one in seats if one.state == "proposed"),
        in_force=len(held),
        adults=tuple(_adults(found, hall, seats)),
        pick=_pick(hall, seats, asked, viewer) if decides and asked else None,
        **said,
    )


@dataclass(frozen=True)
class _Hall:
    """The children and adults of the classes looked at; adults in class order, those of the whole school last."""

    children: Mapping[UUID, matching.Child]
    adults: tuple[matching.Helper, ...]
    labels: Mapping[UUID, tuple]
    bond: Bond
    needs: Mapping[UUID, int]

    @classmethod
    def of(cls, found: pair.Table, labels) -> "_Hall":
        placed = []
        for helper in found.helpers.values():
            here = sorted(labels[at][0] for at in helper.roles if at in labels)
            if here or None in helper.roles:
                placed.append((here[0] if here else (1, 0), helper.name, str(helper.id), helper))
        children = {c.id: c for c in found.children if c.class_id in labels}
        return cls(
            children,
            tuple(helper for *_place, helper in sorted(placed, key=lambda one: one[:3])),
            labels,
            Bond.read(found.rule, found.problem.words),
            {c.id: found.problem.need(c) for c in children.values()},
        )

    def seat(self, row: Pairing, state: str) -> Seat:
        """This function will put a proposal on the board."""
        child = self.children[row.case_id]
        place, label = self.labels[child.class_id]
        return Seat(
            row.case_id, row.place, child.name, label, state, (place, child.name, row.place), row.pk,
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
                yield Seat(child.id, at, child.name, label, "free", (place, child.name, at))

    def marked(self, seats: list[Seat]) -> list[Seat]:
        """This function will say of every open seat which adults may take it, by their place on the board."""
        if len(self.children) * len(self.adults) > MANY:
            return seats
        taken = _taken(seats)
        return [replace(one, able=self._able(one, taken)) if one.state != "held" else one for one in seats]

    def _able(self, one: Seat, taken: "_Taken") -> tuple[int, ...]:
        return tuple(at for at, adult in enumerate(self.adults) if not self.refusal(one, adult, taken))

    def refusal(self, one: Seat, adult: matching.Helper, taken: "_Taken") -> str:
        """This function will say why an adult may not take an open seat now; "" when it may."""
        if adult.id in taken.of_case[one.case]:
            return _("has the child already")
        if adult.taken + taken.kept[adult.id] >= min(adult.most, self.bond.rule.per_helper.max):
            return _("has as many children as the plan allows")
        return self.bond.refusal(self.children[one.case], adult)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Who has which child already, proposed or in force; how many proposals of each adult are kept by hand."""

    of_case: Mapping[UUID, set]
    kept: Counter


def _taken(seats: Iterable[Seat]) -> _Taken:
    of_case, kept = defaultdict(set), Counter()
    for one in seats:
        of_case[one.case].add(one.helper)
        kept[one.helper] += one.state == "proposed" and one.is_locked
    return _Taken(of_case, kept)


def _held(found: pair.Table, labels) -> list[Seat]:
    """The pairs in force of the classes looked at."""
    day = found.viewer.day
    pupils = Pupil.objects.visible_to(found.viewer).filter(pk__in=[row.case.pupil_id for row in found.in_force])
    today = Q(enrolments__valid_from__lte=day) & (
        Q(enrolments__valid_to__isnull=True) | Q(enrolments__valid_to__gt=day)
    )
    places = dict(pupils.filter(today).values_list("pk", "enrolments__school_class"))
    seats = []
    for row in found.in_force:
        place, label = labels.get(places.get(row.case.pupil_id), (None, ""))
        if place is None:
            continue
        time = row.time_slot or _("accepted") if row.accepted_on else _("waits for an answer")
        words = f"{_('since %(day)s') % {'day': said_day(row.valid_from)}} · {time}"
        name = row.case.pupil.name
        order = (place, name, row.place)
        seats.append(
            Seat(
                row.case_id,
                row.place,
                name,
                label,
                "held",
                order,
                row.pk,
                row.helper_id,
                row.helper.name,
                words,
            )
        )
    return seats


def _adults(found: pair.Table, hall: _Hall, seats: list[Seat]) -> Iterator[Adult]:
    of = defaultdict(list)
    for one in seats:
        of[one.helper].append(one)
    for at, helper in enumerate(hall.adults):
        mine = sorted(of.pop(helper.id, ()), key=lambda one: (one.state != "proposed", one.order))
        coming = [hall.children[one.case] for one in mine if one.state == "proposed"]
        most = max(1, min(helper.most, found.rule.per_helper.max))
        count, minutes = helper.taken + len(coming), helper.minutes + sum(child.minutes for child in coming)
        here = sorted(hall.labels[at] for at in helper.roles if at in hall.labels)
        yield Adult(
            helper.id, at, helper.name, tuple(label for _place, label in here),
            load_of(count, most, minutes, helper.cap_minutes), min(100, 100 * helper.taken // most),
            min(100, 100 * count // most), 0 < helper.cap_minutes < minutes, tuple(mine),
            away_until(found.away.get(helper.id)),
        )  # fmt: skip
    names = {row.helper_id: row.helper.name for row in found.in_force}
    for helper_id in sorted(set(of) & set(names), key=lambda pk: names[pk]):  # whose role has ended since
        yield Adult(
            helper_id, -1, names[helper_id], (), str(len(of[helper_id])), 0, 0, False, tuple(of[helper_id])
        )


def load_of(count: int, most: int, minutes: int, cap: int) -> str:
    """This function will say how much somebody carries: 3 / 10，38 分钟 / 60."""
    if not minutes and not cap:
        return part_of(count, most)
    said = {"count": part_of(count, most), "minutes": minutes, "cap": cap}
    return (
        _("%(count)s, %(minutes)s minutes / %(cap)s") if cap else _("%(count)s, %(minutes)s minutes")
    ) % said


def away_until(away) -> str:
    """This function will say that somebody is on leave, and until when."""
    return _("on leave until %(day)s") % {"day": said_day(away.until)} if away else ""


def _solved(found: pair.Table, hall: _Hall, seats: list[Seat], is_new: bool) -> dict:
    """What the solver says, asked only where there is a proposal or a question."""
    proposed = [one for one in seats if one.state == "proposed"]
    short = list(found.give_way) if hall.children and (proposed or is_new) else []
    if is_new:
        chosen = {one.case: one.helper for one in seats if one.helper}
        floors = matching.shortages(hall.children.values(), hall.adults, chosen, found.rule)
        short += [one.sentence for one in floors if one.kind != "unpaired_child"]
    if not proposed:
        return {"give_way": tuple(short)}
    compared = pair.compare(found)
    return {
        "give_way": tuple(short),
        "comparison": compared.sentence,
        "is_best": not compared.better,
        "levels": tuple(_levels(found.free_answer)),
    }


def _levels(answer: matching.Answer) -> Iterator[tuple[str, str]]:
    for level in answer.levels:
        if level.aim not in AIMS:
            continue
        proven, counted = level.value == level.bound, level.aim in COUNTED
        if counted:
            said = (
                _("%(num)s, proven that fewer is impossible") if proven else _("%(num)s, at least %(least)s")
            )
        else:
            said = _("proven best") if proven else _("the best found in the time given")
        yield _(AIMS[level.aim]), said % {"num": level.value, "least": level.bound} if counted else said


def _avoided(viewer, one: Seat) -> tuple[tuple[UUID, str], ...]:
    words = dict(whys())
    rows = (
        Avoidance.objects.visible_to(viewer)
        .on(viewer.day)
        .filter(pupil__cases=one.case)
        .select_related("staff")
    )
    return tuple((row.pk, f"{row.staff.name} · {words.get(row.why, '')}") for row in rows)


def _pick(hall: _Hall, seats: list[Seat], asked: str, viewer) -> Pick | None:
    """The child picked up, if it stands on the board."""
    one = next((one for one in seats if one.spot == asked), None)
    if one is None:
        return None
    others = tuple((str(adult.id), adult.name) for adult in hall.adults)
    if one.state == "held":
        return Pick(
            one, _("%(who)s helps, %(since)s.") % {"who": one.with_whom, "since": one.words}, (), (), (), ()
        )
    taken, able, barred, avoided = _taken(seats), [], defaultdict(list), _avoided(viewer, one)
    for adult in hall.adults:
        why = "" if adult.id == one.helper else hall.refusal(one, adult, taken)
        if why:
            barred[why].append(adult.name)
        else:
            able.append(_candidate(hall, one, adult, seats))
    now = _("Nobody is proposed yet.") if one.state == "free" else one.words
    refused = tuple((why, tuple(names)) for why, names in barred.items())
    return Pick(one, now, tuple(able), refused, others, whys(), avoided)


def _candidate(hall: _Hall, one: Seat, adult: matching.Helper, seats: list[Seat]) -> Candidate:
    child = hall.children[one.case]
    coming = [
        hall.children[s.case] for s in seats if s.state == "proposed" and s.helper == adult.id and s != one
    ]
    count = adult.taken + len(coming) + 1
    minutes = adult.minutes + child.minutes + sum(each.minutes for each in coming)
    most = max(1, min(adult.most, hall.bond.rule.per_helper.max))
    free = replace(adult, taken=0)
    arc = matching.arcs(hall.bond.rule, [child], [free], None).get((child.id, adult.id))
    load = load_of(count, most, minutes, adult.cap_minutes)
    return Candidate(adult.id, adult.name, load, arc.reason if arc else "", adult.id == one.helper)


def whys() -> tuple[tuple[str, str], ...]:
    """This function will give the reasons why an adult should not help a child, in the reader's words."""
    return tuple((key, _(words)) for key, words in WHYS)
