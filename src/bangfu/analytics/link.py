"""Who on the roll the rows of a list are: rows and children in, proposed links with reasons out. Lists ask for it."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bangfu.analytics.link_sound import sound
from bangfu.engine.likeness import Person, compare, reasons
from bangfu.engine.likeness_name import folded
from bangfu.engine.likeness_number import whole

MOST = 5  # candidates shown for a row
SURE, MAYBE = 12.0, 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed link; `weight` is the log2 of the odds that row and child are one person."""

    row_key: str
    child_key: str
    how: Literal["exact", "named", "weighed"]
    is_sure: bool
    weight: float
    reasons: tuple[str, ...]


_BITS = {
    ("number", "same"): 18, ("number", "digit"): 14, ("number", "rounded"): 12, ("number", "front"): 8,
    ("number", "other"): -12, ("number", "broken"): -3,
    ("name", "same"): 11, ("name", "former"): 9, ("name", "sound"): 8, ("name", "near"): 6, ("name", "order"): 8,
    ("name", "one_of_many"): 4, ("name", "one_of_two"): 0, ("name", "surname"): -4, ("name", "other"): -8,
    ("birth", "same"): 11, ("birth", "turned"): 8, ("birth", "digit"): 5, ("birth", "lunar"): 8,
    ("birth", "month"): 0, ("birth", "year"): -2, ("birth", "other"): -6,
    ("guardian", "same"): 9, ("guardian", "sound"): 7, ("guardian", "near"): 6, ("guardian", "one_of_many"): 4,
    ("guardian", "surname"): -1, ("guardian", "other"): -1,
    ("guardian_id", "same"): 14, ("guardian_id", "digit"): 10, ("guardian_id", "other"): -1,
    ("phone", "same"): 8, ("phone", "other"): -1, ("household", "same"): 13, ("household", "other"): -2,
    ("village", "same"): 5, ("village", "other"): -2, ("sex", "same"): 1, ("sex", "other"): -5,
}  # fmt: skip


def link(rows: Sequence[Person], children: Sequence[Person]) -> list[Candidate]:
    """This function will propose links: one sure one a row at most, or up to five for a person to decide, best first."""
    keyed = defaultdict(set)
    for at, child in enumerate(children):
        for key in _keys(child):
            keyed[key].add(at)
    prior = math.log2(max(len(children), 2))
    found = []
    for row in rows:
        near = set().union(*(keyed.get(key, ()) for key in _keys(row)))
        weighed = []
        for at in near:
            levels = compare(row, children[at], sound)
            weight = sum(_BITS.get(pair, 0) for pair in levels.items()) - prior
            if weight > MAYBE:
                weighed.append((weight, children[at].key, levels))
        weighed.sort(key=lambda one: (-one[0], one[1]))
        found += _decided(row, weighed[:MOST])
    return found


def _decided(row: Person, weighed: list) -> list[Candidate]:
    if not weighed:
        return []
    weight, _, levels = weighed[0]
    margin = weight - weighed[1][0] if len(weighed) > 1 else 99
    names_agree = levels["name"] in ("same", "former", "sound", "near", "order")
    more = sum(
        levels[thing] in ("same", "digit", "lunar", "turned", "rounded")
        for thing in levels
        if thing not in ("name", "sex", "village")
    )
    sure = (
        weight >= SURE
        and margin >= 6
        and names_agree
        and more >= 1
        and levels["number"] not in ("other", "front")
    )
    exact = levels["number"] == "same"
    how = "exact" if exact else "named" if levels["name"] == levels["birth"] == "same" else "weighed"
    kept = weighed[:1] if sure else weighed
    return [
        Candidate(row.key, key, how if at == 0 else "weighed", sure, round(w, 2), reasons(levels))
        for at, (w, key, levels) in enumerate(kept)
    ]


def _keys(person: Person):
    name = folded(person.name)
    if person.id_number:
        yield "number", whole(person.id_number)
    if person.roll_no:
        yield "number", whole(person.roll_no.removeprefix("G"))
    if name:
        yield "name", name
        yield "sound", sound(name)
    if person.former_name:
        yield "name", folded(person.former_name)
    if person.birth_on:
        yield "birth", person.birth_on
    for guardian in person.guardians:
        yield "guardian", folded(guardian), name[:1]
    for number in person.guardian_ids:
        yield "guardian_id", number
    for phone in person.phones:
        yield "phone", phone
    if person.household:
        yield "household", person.household
