"""Both sides of the pairing board: children without anyone, adults with what they carry, and one child picked up.

In: a viewer and what flow.pair says of one pairing of a plan. Out: `Board`, all words chosen; the pages of pairs ask.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import matching
from bangfu.flow import pair
from bangfu.records.models.people import Pupil
from bangfu.records.valid import valid_on
from bangfu.web.formats import day as said_day
from bangfu.web.pairs_pick import Pick, pick_of
from bangfu.web.pairs_seats import Hall, Seat, labels_of, load_of

AIMS = {
    "left_out": N_("Children left over"),
    "below_minimum": N_("Missing to an adult's least number"),
    "changed": N_("Pairs changed"),
    "uneven": N_("Unevenness of minutes"),
    "unfit": N_("Wishes not met"),
}
COUNTED = ("left_out", "below_minimum", "changed")


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
class Board:
    """All of it, in class order."""

    free: tuple[Seat, ...]
    proposed: tuple[Seat, ...]
    in_force: int
    adults: tuple[Adult, ...]  # who may take somebody waiting, or is proposed for somebody
    others: tuple[Adult, ...] = ()
    give_way: tuple[str, ...] = ()
    comparison: str = ""
    is_best: bool = True
    levels: tuple[tuple[str, str], ...] = ()
    pick: Pick | None = None

    @property
    def waiting(self) -> int:
        """This property will count the children who have nobody in force yet."""
        return len({one.case for one in (*self.free, *self.proposed)})


def board_of(found: pair.Table, *, asked: str = "", is_new: bool = False) -> Board:
    """This function will draw a pairing's table: `asked` is the spot of the child picked up, `is_new` after a proposal."""
    viewer = found.viewer
    labels, decides = labels_of(viewer), viewer.holds(*pair.DECIDERS)
    hall = Hall.of(found, labels)
    proposed = [hall.seat(row, "proposed") for row in found.proposals if row.case_id in hall.children]
    held = _held(found, labels)
    seats = sorted((*hall.free(proposed, held), *proposed, *held), key=lambda one: one.order)
    if decides:
        seats = hall.marked(seats)
    said = _solved(found, hall, seats, is_new) if decides else {}
    waiting = {at for one in seats for at in one.able} if len(seats) > len(held) else None
    adults = list(_adults(found, hall, seats))
    near = [
        a
        for a in adults
        if waiting is None or a.at in waiting or any(c.state == "proposed" for c in a.children)
    ]
    return Board(
        free=tuple(one for one in seats if one.state == "free"),
        proposed=tuple(one for one in seats if one.state == "proposed"),
        in_force=len(held),
        adults=tuple(near or adults),
        others=tuple(one for one in adults if near and one not in near),
        pick=pick_of(hall, seats, asked, viewer) if decides and asked else None,
        **said,
    )


def _held(found: pair.Table, labels) -> list[Seat]:
    """The pairs in force of the classes looked at."""
    day = found.viewer.day
    pupils = Pupil.objects.visible_to(found.viewer).filter(
        pk__in=[row.case.pupil_id for row in found.in_force]
    )
    places = dict(pupils.filter(valid_on(day, of="enrolments")).values_list("pk", "enrolments__school_class"))
    seats = []
    for row in found.in_force:
        place, label = labels.get(places.get(row.case.pupil_id), (None, ""))
        if place is None:
            continue
        time = row.time_slot or _("accepted") if row.accepted_on else _("waits for an answer")
        words = f"{_('since %(day)s') % {'day': said_day(row.valid_from)}} · {time}"
        name = row.case.pupil.name
        order = (place, row.case.pupil.sort_key, row.place)
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


def _adults(found: pair.Table, hall: Hall, seats: list[Seat]) -> Iterator[Adult]:
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


def away_until(away) -> str:
    """This function will say that somebody is on leave, and until when."""
    return _("on leave until %(day)s") % {"day": said_day(away.until)} if away else ""


def _short(found: pair.Table, proposed: list[Seat]) -> list[str]:
    """What would have to give way: what is locked before any rule of the plan."""
    locked = any(one.is_locked for one in proposed)
    if locked and found.answer.left_out and not found.free_answer.left_out:
        return [_("As it is locked now, somebody is left over. Unlock a pair, and everybody has somebody.")]
    return list(found.give_way)


def _solved(found: pair.Table, hall: Hall, seats: list[Seat], is_new: bool) -> dict:
    """What the solver says, asked only where there is a proposal or a question."""
    proposed = [one for one in seats if one.state == "proposed"]
    short = _short(found, proposed) if hall.children and (proposed or is_new) else []
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
