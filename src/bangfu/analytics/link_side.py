"""The two sides of a linkage made ready in SQL: folded names, days as numbers, sounds. Tables in, tables out.

In: tables with the columns of engine.likeness.Person, guardians as guardian1, guardian2 …, their numbers as
guardian_id1 …, phones as phone1 … or phone; '' is not said, text is as after intake (NFKC, no spaces).
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from bangfu.analytics.link_levels import Width, columns
from bangfu.analytics.link_sound import syllable
from bangfu.engine.identity import CHECK_DIGITS, WEIGHTS
from bangfu.engine.likeness_name import VARIANTS, folded, nearly
from bangfu.engine.likeness_number import SHORTEST, digits, lunar

FIRST, LAST = 0x4E00, 0x9FFF  # the characters whose sound is looked up
SHORT = 4  # names up to so many characters are read by joins, longer ones one by one
_ODD = f"[{''.join(VARIANTS)}•‧∙⋅・.．｡。●]"


def arrive(connection: Any, name: str, arrays: dict[str, np.ndarray]) -> None:
    """This function will make a temporary table of arrays."""
    connection.register("arriving", arrays)
    connection.execute(f"create or replace temp table {name} as select * from arriving")
    connection.unregister("arriving")


@lru_cache(maxsize=1)
def _voices() -> tuple[dict[str, str], dict[str, str]]:
    """For each character: one character that stands for its sound, and one for what sounds nearly so."""
    first: dict[str, str] = {}
    same, near = {}, {}
    for character in map(chr, range(FIRST, LAST + 1)):
        said = syllable(character)
        same[character] = first.setdefault(said, character)
        near[character] = first.setdefault("~" + nearly(said), character)
    return same, near


@lru_cache(maxsize=1)
def _lunar_days() -> dict[str, np.ndarray]:
    days = np.arange("1986-01-01", "2035-12-31", dtype="datetime64[D]").tolist()
    found = np.array([(digits(one), lunar(one)) for one in days], np.int32)
    return {"solar": found[:, 0].copy(), "lunar": found[:, 1].copy()}


def teach(connection: Any) -> None:
    """This function will hand DuckDB the sounds of the characters and the lunar days."""
    same, near = _voices()
    points = np.arange(FIRST, LAST + 1, dtype=np.int32)
    voices = {"same": np.array(list(same.values()), object), "near": np.array(list(near.values()), object)}
    arrive(connection, "voice", {"point": points, **voices})
    arrive(connection, "lunar_day", _lunar_days())


def day(birth: str) -> str:
    """This function will write a date in SQL as YYYYMMDD, 0 where it isn't said."""
    return f"coalesce(year({birth}) * 10000 + month({birth}) * 100 + day({birth}), 0)::int"


def number_right(number: str) -> str:
    """This function will write in SQL that a number has 18 characters and the check digit fits."""
    total = " + ".join(f"substr({number}, {n + 1}, 1)::int * {weight}" for n, weight in enumerate(WEIGHTS))
    fits = f"substr('{CHECK_DIGITS}', ({total}) % 11 + 1, 1) = right({number}, 1)"
    return f"case when regexp_full_match({number}, '[0-9]{{17}}[0-9X]') then {fits} else false end"


# a number of one's own: from the roll number where only that is said; too few digits tell nobody from anybody
_SAID = f"case when length(id_number) < {SHORTEST} and roll_no[1] = 'G' then roll_no[2:] else id_number end"
OWN_NUMBER = f"case when length({_SAID}) < {SHORTEST} then '' else {_SAID} end"


def width(connection: Any, listed: str, children: str) -> Width:
    """This function will see how many guardians and phones the two tables name."""
    found = [
        [name for name, *_ in connection.execute(f"describe {table}").fetchall()]
        for table in (listed, children)
    ]

    def many(pattern: str) -> tuple[int, int]:
        rows, kids = (sum(bool(re.fullmatch(pattern, name)) for name in names) for names in found)
        return rows, kids

    return Width(many(r"guardian\d"), many(r"guardian_id\d"), many(r"phone\d?"))


def side(connection: Any, name: str, source: str, wide: tuple[Width, int]) -> None:
    """This function will make table `name` of one side: `source` selects rows of a listed or children table, and `no`."""
    width, at = wide
    names = ["name", *columns("guardian", width.guardians[at])]
    connection.execute(f"create or replace temp table written as {source}")
    _speak(connection, [*names, "former_name"])
    joins = " ".join(f"join spoken of_{one} on of_{one}.wrote = {one}" for one in [*names, "former_name"])
    picked = ", ".join(
        f"of_{one}.reads as {one}, of_{one}.sound as {one}_sound, of_{one}.near as {one}_near"
        for one in names
    )
    phones = columns("phone", width.phones[at]) if width.phones[at] != 1 else ["phone as phone1"]
    said = ", ".join([*columns("guardian_id", width.numbers[at]), *phones, "village", "household", "sex"])
    connection.execute(f"""
        create or replace temp table {name} as
        select no, {picked}, of_former_name.reads as former, {day("birth_on")} as birth, coalesce(lunar, 0) as lunar,
               {OWN_NUMBER} as number, {number_right(OWN_NUMBER)} as number_right, roll_no, {said}
        from written {joins} left join lunar_day on solar = {day("birth_on")}""")


def _speak(connection: Any, names: Sequence[str]) -> None:
    """Make table `spoken`: for each different name how it reads when folded, its sound and what sounds nearly so."""
    each = " union ".join(f"select {one} as wrote from written" for one in names)
    connection.execute(f"create or replace temp table wrote as {each}")
    rare = connection.execute(
        f"select wrote from wrote where length(wrote) > {SHORT} or regexp_matches(wrote, '{_ODD}')"
    ).fetchall()
    reads = [(one, folded(one)) for (one,) in rare] or [("~", "~")]
    spoken = [(one, read, *("".join(v.get(c, c) for c in read) for v in _voices())) for one, read in reads]
    table = np.array(spoken, object)
    arrive(connection, "rare", {n: table[:, at] for at, n in enumerate(("wrote", "reads", "sound", "near"))})
    parts = {
        kind: " || ".join(f"coalesce(v{n}.{kind}, substr(wrote, {n}, 1))" for n in range(1, SHORT + 1))
        for kind in ("same", "near")
    }
    joins = " ".join(
        f"left join voice v{n} on v{n}.point = unicode(substr(wrote, {n}, 1))" for n in range(1, SHORT + 1)
    )
    connection.execute(f"""
        create or replace temp table spoken as
        select wrote, wrote as reads, {parts["same"]} as sound, {parts["near"]} as near
        from wrote {joins} where wrote not in (select wrote from rare)
        union all by name from rare""")
