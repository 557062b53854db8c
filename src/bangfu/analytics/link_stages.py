"""A whole table of rows linked to a whole roll, in SQL: exact, then all that two things can tell, then wider.

In: tables of the columns of engine.likeness.Person (see link_side). Out: table `linked`, one line a proposed link:
l and c (rowid of row and child), how, is_sure, weight (log2 odds), chance, place (1 is best) and the levels.
"""

import math
from typing import Any

from bangfu.analytics import link_blocks as blocks
from bangfu.analytics.link_levels import THINGS, Width, code, levels
from bangfu.analytics.link_side import side, teach, width
from bangfu.analytics.link_weights import Weights, bits, read, spread

SURE, MAYBE, SHOWN = 0.97, 0.02, 5
RARE = 0.998  # a name so rare on a roll of more than SMALL that with the village it needs no third thing
SMALL = 20_000  # children of a roll where a name alone is worth showing
EXACT = 40.0  # log2 odds of number and name together
AGE = 12  # years out of the roll's ages from which somebody is surely a grown-up
ALIKE = tuple(code("name", level) for level in ("same", "former", "sound", "near", "order", "crossed"))
OWN = ("number", "name", "birth", "sex")  # what is the child's own; the rest it shares with its family
STRONG = {
    "number": ("same", "roll", "digit", "rounded"), "birth": ("same", "turned", "digit", "lunar"),
    "guardian": ("same", "sound", "near"), "guardian_id": ("same", "digit"), "phone": ("same",),
    "household": ("same",),
}  # fmt: skip


def link_tables(
    connection: Any, listed: str = "listed", children: str = "children", weights: Weights | None = None
) -> None:
    """This function will make table `linked` out of a table of rows and a roll."""
    weights = weights or read()
    wide = width(connection, listed, children)
    many = connection.execute(f"select count(*) from {children}").fetchone()[0]
    _exact(connection, listed, children)
    teach(connection)
    side(connection, "line", _left_over(connection, listed, children), (wide, 0))
    _adults_numbers(connection, children)
    stand = (spread(connection, children), many)
    small = blocks.ALONE * (many <= SMALL)
    blocks.look(connection, blocks.FIRST + small, ("line", children), wide)
    _weigh(connection, children, (weights, stand, wide), "first")
    connection.execute("""
        create or replace temp table alone as from line where not number_right and no not in (
            select l from first where chance > 0.9)""")
    blocks.look(connection, blocks.WIDER, ("alone", children), wide)
    connection.execute("create or replace temp table pair as from pair anti join first using (l, c)")
    _weigh(connection, children, (weights, stand, wide), "second")
    _decide(connection, weights, many > SMALL)


def _exact(connection: Any, listed: str, children: str) -> None:
    """Number and name as they stand, one child only: most rows end here."""
    connection.execute(f"""
        create or replace temp table exact as
        select l.rowid as l, min(c.rowid) as c from {listed} l join {children} c
        on l.id_number = c.id_number and l.name = c.name where l.id_number <> '' and l.name <> ''
        group by l.rowid having count(*) = 1""")


def _left_over(connection: Any, listed: str, children: str) -> str:
    first, last = connection.execute(
        f"select year(min(birth_on)) - {AGE}, year(max(birth_on)) + {AGE} from {children}"
    ).fetchone()
    if first is None:
        first, last = 1900, 2200
    in_number = "try_cast(substr(id_number, 7, 4) as int)"
    return f"""
        select rowid as no, * from {listed}
        where rowid not in (select l from exact) and not (
            coalesce(year(birth_on), {in_number}, 0) not between {first} and {last}
            and coalesce({in_number}, year(birth_on), {first}) not between {first} and {last}
            and (birth_on is not null or id_number <> ''))"""


def _adults_numbers(connection: Any, children: str) -> None:
    """A right number of somebody far too old is a guardian's, so the row says none of its own."""
    connection.execute(f"""
        update line set number = '', number_right = false where number_right and substr(number, 7, 4)::int not between
        (select coalesce(year(min(birth_on)), 1900) - {AGE} from {children})
        and (select coalesce(year(max(birth_on)), 2200) + {AGE} from {children})""")


def _weigh(connection: Any, children: str, told: tuple[Weights, tuple, Width], name: str) -> None:
    """Compare the pairs, level by level, and add up what the levels say."""
    weights, (how_spread, many), wide = told
    side(
        connection,
        "child",
        f"select rowid as no, * from {children} where rowid in (select c from pair)",
        (wide, 1),
    )
    picked = ", ".join(f"{sql} as {thing}" for thing, sql in levels(wide).items())
    connection.execute(f"""
        create or replace temp table leveled as
        select pair.l, pair.c, {_kin(wide)} as kin, c.name as called, {_guardian_said(wide)} as guarded, {picked}
        from pair join line l on l.no = pair.l join child c on c.no = pair.c""")
    _count(connection, children, wide)
    own, sibling, family = _sums(weights, how_spread, many)
    connection.execute(f"""
        create or replace temp table {name} as
        with counted as (
            select p.*, coalesce(n.many, 1) as name_of, coalesce(g.many, 1) as guardian_of
            from leveled p left join many_called n on n.name = called left join many_guarding g on g.name = guarded
        ), added as (
            select * exclude (called, guarded, name_of, guardian_of), {own} as own,
                   min({sibling}) over (partition by l, kin) - log2(count(*) over (partition by l, kin)) as sibling,
                   max({family}) over (partition by l, kin) as family from counted
        ), summed as (
            select * exclude (own, sibling, family, kin),
                   own + family + {math.log2(weights.listed / max(many, 1)):.3f} as weight,
                   sibling + family + {math.log2(weights.siblings / max(many, 1)):.3f} as otherwise from added
        )
        select *, {_chance(weights)} as chance from summed window w as (partition by l)""")


def _sums(weights: Weights, how_spread: dict[str, float], many: int) -> tuple[str, str, str]:
    """What is the child's own, the same if it were a sibling, and what a family has in common: three sums in SQL."""
    each = {thing: bits(weights, thing, how_spread, many) for thing in THINGS}
    own = [thing for thing in THINGS if thing in OWN]
    return (
        " + ".join(each[thing][0] for thing in own),
        " + ".join(each[thing][1] for thing in own),
        " + ".join(each[thing][0] for thing in THINGS if thing not in own),
    )


def _chance(weights: Weights) -> str:
    neither = f"{1 - weights.listed - weights.siblings:.3f}"
    return f"pow(2, weight) / (sum(pow(2, weight) + pow(2, otherwise)) over w + {neither})"


def _kin(wide: Width) -> str:
    """Children with the same guardians are one family, of which one entry may say what another leaves out."""
    said = " || '/' || ".join(f"c.guardian{n}" for n in range(1, wide.guardians[1] + 1)) or "''"
    lone = "c.phone1" if wide.guardians[1] < 2 else "case when c.guardian2 = '' then c.phone1 else '' end"
    return f"case when ({said}) in ('', '/') then c.no::varchar else {said} || '/' || {lone} end"


def _guardian_said(wide: Width) -> str:
    said = [
        f"when l.guardian{a} <> '' and l.guardian{a} = c.guardian{b} then l.guardian{a}"
        for a in range(1, wide.guardians[0] + 1)
        for b in range(1, wide.guardians[1] + 1)
    ]
    return f"case {' '.join(said)} else '' end" if said else "''"


def _count(connection: Any, children: str, wide: Width) -> None:
    """How many on the roll bear the names that agree: a rare name says more."""
    for table, column, sources in (
        ("many_called", "called", ["name"]),
        ("many_guarding", "guarded", [f"guardian{n}" for n in range(1, wide.guardians[1] + 1)]),
    ):
        each = " union all ".join(
            f"select {one} as name from {children} where {one} in (select {column} from leveled)"
            for one in sources
        )
        connection.execute(
            f"create or replace temp table {table} as select name, count(*) as many from ({each}) group by name"
        )


def _decide(connection: Any, weights: Weights, knows_rare: bool) -> None:
    alike = ", ".join(map(str, ALIKE))
    more = " or ".join(
        f"{thing} in ({', '.join(str(code(thing, level)) for level in fits)})"
        for thing, fits in STRONG.items()
    )
    contradicted = f"number in ({code('number', 'other')}, {code('number', 'front')})"
    one_off, lunar = code("name", "one_of_many"), code("birth", "lunar")
    connection.execute(f"""
        create or replace temp table linked as
        with every as (from first union all by name from second),
        again as (
            select * replace ({_chance(weights)} as chance),
                   row_number() over (w order by weight desc, c) as place,
                   count(*) filter (number in (1, 2)) over w as numbered,
                   count(*) filter (birth = 1 and name <= {one_off}) over w as twins,
                   min(case when name in ({alike}) and (birth = 1 or guardian = 1 or household = 1)
                       then name else 99 end) over w as best_name
            from every window w as (partition by l)
        )
        select l, c, case when number in (1, 2) then 'exact' when name = 1 and birth = 1 and (guardian = 1 or household = 1)
               then 'named' else 'weighed' end as how,
               place = 1 and chance >= {SURE} and ({more} or {knows_rare} and name = 1 and village = 1 and chance >= {RARE})
               and (name = 1 and birth = 1 and guardian = 1 or not {contradicted})
               and (name in ({alike}) or name = {one_off} and (birth = 1 and twins = 1 or birth = {lunar}))
               and (numbered = 0 or number in (1, 2)) and (number not in (1, 2) or (numbered = 1 and best_name >= name))
               as is_sure,
               weight, chance, place, {", ".join(THINGS)}
        from again where place <= {SHOWN} and (chance >= {MAYBE} or number in (1, 2) or numbered > 0 and name in ({alike}))
        union all by name
        select l, c, 'exact' as how, true as is_sure, {EXACT} as weight, 1.0 as chance, 1 as place,
               1::utinyint as number, 1::utinyint as name from exact""")
