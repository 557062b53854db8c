"""Which pairs are looked at: a row and a child that share two things, or one rare one; wider for rows still alone.

In: table `line` (rows left over, made ready) and the roll as it stands; out: table `pair` (l, c). Each block is an
equality join, never all with all.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from bangfu.analytics.link_levels import Width, columns
from bangfu.analytics.link_side import day

FIRST = (
    ("number",), ("roll_no",), ("guardian_id",), ("household",), ("phone",),
    ("name", ("birth", "guardian", "village")), ("former", "birth"), ("once", "birth"),
    ("birth", "guardian"), ("birth", "village"), ("guardian", "village"),
)  # fmt: skip
WIDER = (("village", "surname", "age"),)
ALONE = (("name",),)  # on a small roll a name is worth showing; never more than shown
_SIDES = {  # a thing on a row, on the roll, and what counts as not said
    "number": ("l.number", "c.id_number", "''"),
    "front": ("left(l.number, 14)", "left(c.id_number, 14)", "''"),
    "roll_no": ("l.roll_no", "c.roll_no", "''"),
    "name": ("l.name", "c.name", "''"),
    "former": ("l.name", "c.former_name", "''"),
    "once": ("l.former", "c.name", "''"),
    "surname": ("left(l.name, 1)", "left(c.name, 1)", "''"),
    "birth": ("l.birth", day("c.birth_on"), "0"),
    "village": ("l.village", "c.village", "''"),
    "household": ("l.household", "c.household", "''"),
}

# born in the same year, or on the same day of another: what is left of a birthday written wrongly in two ways is rare
_BORN = day("c.birth_on")
_AGE = f"(l.birth = 0 or c.birth_on is null or l.birth // 10000 = year(c.birth_on) or l.birth % 10000 = {_BORN} % 10000)"


def joins(block: Sequence[str | Sequence[str]], width: Width, phone: str) -> list[str]:
    """This function will write the joins of a block: guardians and phones are tried each with each.

    A thing may be several, of which any will do.
    """
    many = {"guardian": width.guardians, "guardian_id": width.numbers, "phone": width.phones}
    ways = []
    for thing in block:
        if not isinstance(thing, str):  # any of these will do: one look at the roll instead of one for each
            ways.append([f"({' or '.join(way for one in thing for way in joins((one,), width, phone))})"])
            continue
        if thing == "age":
            ways.append([_AGE])
            continue
        if thing not in many:
            row, child, unsaid = _SIDES[thing]
            ways.append([f"{row} = {child} and {row} <> {unsaid}"])
            continue
        on_roll = [phone] if thing == "phone" and width.phones[1] == 1 else columns(thing, many[thing][1])
        pairs = product(columns(thing, many[thing][0]), on_roll)
        ways.append([f"l.{row} = c.{child} and l.{row} <> ''" for row, child in pairs])
    return [" and ".join(way) for way in product(*ways)]


def look(
    connection: Any, blocks: Sequence[Sequence[str | Sequence[str]]], sides: tuple[str, str], width: Width
) -> None:
    """This function will make table `pair` of all blocks together; `sides` are the tables of rows and of children."""
    listed, children = sides
    phone = "phone" if width.phones[1] == 1 else "phone1"
    each = [
        f"select l.no as l, c.rowid as c from {listed} l join {children} c on {join}"
        for block in blocks
        for join in joins(block, width, phone)
    ]
    connection.execute(f"create or replace temp table pair as {' union '.join(each)}")
