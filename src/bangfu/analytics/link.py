"""Who on the roll the rows of a list are: rows and children in, proposed links with reasons out. Lists ask for it.

A school's list and a county's go the same way (link_stages); here people become columns, and levels become words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from bangfu.analytics.link_levels import THINGS, level_of
from bangfu.analytics.rules import connect
from bangfu.engine.likeness import Person, own_number, reasons
from bangfu.engine.likeness_name import folded
from bangfu.engine.likeness_number import whole

MANY = {"guardians": ("guardian", folded), "guardian_ids": ("guardian_id", whole), "phones": ("phone", str)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One proposed link; `weight` is the log2 of the odds that row and child are one person."""

    row_key: str
    child_key: str
    how: Literal["exact", "named", "weighed"]
    is_sure: bool
    weight: float
    reasons: tuple[str, ...]  # short Chinese: 姓名一样, 出生日期差一位


def link(rows: Sequence[Person], children: Sequence[Person]) -> list[Candidate]:
    """This function will propose links: one sure one a row, or up to five for a person to decide, best first.

    A row that is nobody's does not appear; that says nothing about the child or the household.
    """
    if not rows or not children:
        return []
    from bangfu.analytics.link_stages import link_tables

    connection = connect(threads=1)  # a school's list is short: a second thread costs more than it gives
    try:
        load(connection, "listed", rows)
        load(connection, "children", children)
        link_tables(connection)
        found = connection.execute(f"""
            select l, c, how, is_sure, round(weight, 2), {", ".join(THINGS)} from linked
            where is_sure or l not in (select l from linked where is_sure) order by l, place""").fetchall()
    finally:
        connection.close()
    return [_candidate(line, rows, children) for line in found]


def _candidate(line: tuple, rows: Sequence[Person], children: Sequence[Person]) -> Candidate:
    row, child, how, is_sure, weight, *numbers = line
    levels = {thing: level_of(thing, number or 0) for thing, number in zip(THINGS, numbers, strict=True)}
    return Candidate(rows[row].key, children[child].key, how, is_sure, weight, reasons(levels))


def load(connection: Any, table: str, people: Sequence[Person]) -> None:
    """This function will make a table of people, in their order, as link_stages reads it."""
    columns = {
        "name": [folded(one.name) for one in people],
        "former_name": [folded(one.former_name) for one in people],
        "id_number": [own_number(one) for one in people],
        **{
            name: [getattr(one, name) for one in people]
            for name in ("sex", "roll_no", "village", "household")
        },
    }
    for thing, (column, read) in MANY.items():
        most = max(1, *(len(getattr(one, thing)) for one in people))
        for n in range(most):
            said = (getattr(one, thing)[n : n + 1] for one in people)
            columns["phone" if thing == "phones" and most == 1 else f"{column}{n + 1}"] = [
                read(one[0]) if one else "" for one in said
            ]
    arrays = {name: np.array([*values, ""], object)[:-1] for name, values in columns.items()}
    arrays["birth_on"] = np.array([one.birth_on for one in people], "datetime64[us]")
    connection.register("arriving", arrays)
    connection.execute(f"create table {table} as select * replace (birth_on::date as birth_on) from arriving")
    connection.unregister("arriving")
