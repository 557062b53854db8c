"""One child picked up on the pairing board: who may help and why, who may not and why not, who is not to be asked.

In: the hall, its seats and the name of one. Out: `Pick`, or nothing when that seat is gone.
"""

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from bangfu.engine import matching
from bangfu.records.models.pairings import Avoidance
from bangfu.web.pairs_seats import Hall, Seat, load_of, taken_of

WHYS = (
    ("own_child", N_("Own child")),
    ("relative", N_("Related")),
    ("conflict", N_("A conflict")),
    ("asked", N_("The child or the family asks")),
)


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


def pick_of(hall: Hall, seats: list[Seat], asked: str, viewer) -> Pick | None:
    """The child picked up, if it stands on the board."""
    one = next((one for one in seats if one.spot == asked), None)
    if one is None:
        return None
    others = tuple((str(adult.id), adult.name) for adult in hall.adults)
    if one.state == "held":
        return Pick(
            one, _("%(who)s helps, %(since)s.") % {"who": one.with_whom, "since": one.words}, (), (), (), ()
        )
    taken, able, barred, avoided = taken_of(seats), [], defaultdict(list), _avoided(viewer, one)
    for adult in hall.adults:
        why = "" if adult.id == one.helper else hall.refusal(one, adult, taken)
        if why:
            barred[why].append(adult.name)
        else:
            able.append(_candidate(hall, one, adult, seats))
    now = _("Nobody is proposed yet.") if one.state == "free" else one.words
    refused = tuple((why, tuple(names)) for why, names in barred.items())
    return Pick(one, now, tuple(able), refused, others, whys(), avoided)


def _candidate(hall: Hall, one: Seat, adult: matching.Helper, seats: list[Seat]) -> Candidate:
    child = hall.children[one.case]
    coming = [
        hall.children[s.case] for s in seats if s.state == "proposed" and s.helper == adult.id and s != one
    ]
    count = adult.taken + len(coming) + 1
    minutes = adult.minutes + child.minutes + sum(each.minutes for each in coming)
    most = max(1, min(adult.most, hall.bond.rule.per_helper.max))
    why = matching.why_fits(hall.bond.rule, child, adult)
    load = load_of(count, most, minutes, adult.cap_minutes)
    return Candidate(adult.id, adult.name, load, why, adult.id == one.helper)


def _avoided(viewer, one: Seat) -> tuple[tuple[UUID, str], ...]:
    words = dict(whys())
    rows = (
        Avoidance.objects.visible_to(viewer)
        .on(viewer.day)
        .filter(pupil__cases=one.case)
        .select_related("staff")
    )
    return tuple((row.pk, f"{row.staff.name} · {words.get(row.why, '')}") for row in rows)


def whys() -> tuple[tuple[str, str], ...]:
    """This function will give the reasons why an adult should not help a child, in the reader's words."""
    return tuple((key, _(words)) for key, words in WHYS)
