"""What each level is worth: a TOML of shares in, SQL of log2 odds out; how common a value is is counted on the roll.

m is how often a level holds among pairs that are one person, u among any two, s among siblings. What a family has in
common (guardian, phone, household, village) says nothing about which of its children is meant, so it has no s.
"""

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bangfu.analytics.link_levels import code

SHIPPED = Path(__file__).parent / "weights" / "roll.toml"
LEAST = 2_000  # a small roll is part of a larger world, and its names are not rarer there
FEW = 2.0  # children that share a household, a phone, a guardian
COUNTED = {
    "name": ("name",),
    "guardian": ("guardian1", "guardian2"),
}  # things whose values are counted one by one
RAREST = {"birth": 1 / 4_000, "village": 1 / 40_000}
SPREAD = {"birth": "birth_on", "village": "village"}  # things whose values count by how many there are


@dataclass(frozen=True, slots=True)
class Weights:
    """Shares by thing and level, and two about rows: how many are on the roll, how many are siblings of one who is."""

    levels: Mapping[str, Mapping[str, Mapping[str, Any]]]
    listed: float
    siblings: float


@lru_cache(maxsize=4)
def read(path: Path = SHIPPED) -> Weights:
    """This function will read the shipped weights, or a county's own."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    return Weights({k: v for k, v in told.items() if isinstance(v, dict)}, told["listed"], told["siblings"])


def bits(weights: Weights, thing: str, spread: Mapping[str, float], many: int) -> tuple[str, str]:
    """This function will write as SQL what the level of a thing says for “the same child” and for “a sibling of it”.

    The pair has columns as the things, and `<thing>_of` for how many children bear the value where that counts.
    """
    same, sibling, many = [], [], max(many, LEAST)
    for level, share in weights.levels[thing].items():
        u = share["u"]
        if u == "value":
            chance = f"log2(greatest({thing}_of, 1) / {many}.0)"
        elif u == "distinct":
            chance = f"{math.log2(spread[thing]):.3f}"
        else:
            chance = f"{math.log2(FEW / many if u == 'few' else u):.3f}"
        when = f"when {code(thing, level)} then"
        same.append(f"{when} {math.log2(share['m']):.3f} - {chance}")
        sibling.append(f"{when} {math.log2(share.get('s', share['m'])):.3f} - {chance}")
    return tuple(f"(case {thing} {' '.join(one)} else 0 end)" for one in (same, sibling))


def spread(connection: Any, children: str) -> dict[str, float]:
    """This function will count how likely two children of the roll share a birth date or a village."""
    found = {}
    for thing, column in SPREAD.items():
        told = connection.execute(
            f"select sum(n * (n - 1)) / nullif(sum(n) * (sum(n) - 1), 0) from (select count(*)::double as n from {children}"
            f" where {column} is not null and {column}::varchar <> '' group by {column})"
        ).fetchone()[0]
        found[thing] = RAREST[thing] if told is None else max(told, RAREST[thing])
    return found
