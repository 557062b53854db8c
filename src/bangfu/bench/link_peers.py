"""The peers of `bangfu bench link` that need nothing but DuckDB or a loop: exact join, SQL waterfall, rapidfuzz in blocks.

In: a connection with `listed` and `children`. Out: a table `found` of row, child, weight, is_sure; one sure link a row.
"""

from collections import defaultdict
from typing import Any

import numpy as np

VALID = "length({0}.id_number) = 18"
# each step takes what is still open; a step marked unique is sure only where one child fits, else it is for review
STEPS = (
    (
        "l.id_number = c.id_number and l.id_number <> '' and (l.name = c.name or l.birth_on = c.birth_on)",
        False,
    ),
    ("l.roll_no = c.roll_no and l.roll_no <> '' and (l.name = c.name or l.birth_on = c.birth_on)", False),
    ("l.name = c.name and l.birth_on = c.birth_on and l.guardian1 = c.guardian1 and l.guardian1 <> ''", True),
    ("l.name = c.name and l.birth_on = c.birth_on", True),
    ("l.name = c.name and l.guardian_id1 = c.guardian_id1 and l.guardian_id1 <> ''", True),
    ("l.name = c.name and l.household = c.household and l.household <> ''", True),
    ("l.name = c.name and l.guardian1 = c.guardian1 and l.village = c.village and l.guardian1 <> ''", True),
    ("l.name = c.name and l.phone = c.phone and l.phone <> ''", True),
    (
        "l.birth_on = c.birth_on and l.guardian1 = c.guardian1 and l.village = c.village and l.guardian1 <> ''",
        True,
    ),
    ("l.id_number = c.id_number and l.id_number <> ''", False),
)
NAME_SHARE, GUARDIAN_SHARE, VILLAGE_SHARE = 0.5, 0.3, 0.2
SURE, MARGIN, REVIEW = 0.80, 0.08, 0.6


def exact(connection: Any) -> None:
    """This function will link equal numbers, whatever else the row says."""
    connection.execute(
        "create or replace table found as select l.key as row, min(c.key) as child, 1.0 as weight, true as is_sure"
        " from listed l join children c on (l.id_number = c.id_number and l.id_number <> '') group by l.key"
        " union all select l.key, min(c.key), 1.0, true from listed l join children c"
        " on l.roll_no = c.roll_no and l.roll_no <> '' where l.id_number = '' group by l.key"
    )


def waterfall(connection: Any) -> None:
    """This function will link step by step, surest first; what fits several children is left for review."""
    connection.execute(
        "create or replace table found (row varchar, child varchar, weight double, is_sure boolean)"
    )
    connection.execute("create or replace temp table open as select * from listed")
    for number, (fits, unique) in enumerate(STEPS):
        connection.execute(
            "create or replace temp table step as select l.key as row, min(c.key) as child, count(*) as many"
            f" from open l join children c on {fits} group by l.key"
        )
        once = "many = 1" if unique else "true"
        connection.execute(f"insert into found select row, child, {20 - number}, true from step where {once}")
        connection.execute(
            f"insert into found select l.key, c.key, {10 - number}, false from open l join children c on {fits}"
            f" where l.key in (select row from step where many between 2 and 5) and {unique}"
        )
        connection.execute("delete from open where key in (select row from found where is_sure)")


def rapidfuzz(connection: Any) -> None:
    """This function will compare names, guardians and villages inside blocks of one birth date or one name."""
    connection.execute(
        "create or replace table found as select l.key as row, min(c.key) as child, 2.0::double as weight, true as is_sure"
        " from listed l join children c on l.id_number = c.id_number and l.id_number <> ''"
        " and (l.name = c.name or l.birth_on = c.birth_on) group by l.key"
    )
    columns = "key, name, coalesce(birth_on::varchar, '') as birth, guardian1, guardian2, village"
    rows = connection.execute(
        f"select {columns} from listed where key not in (select row from found)"
    ).fetchall()
    children = connection.execute(f"select {columns} from children").fetchall()
    scores: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for place in (2, 1):  # birth date, then name where there is no date
        blocks: dict[str, tuple[list, list]] = defaultdict(lambda: ([], []))
        for row in rows:
            if place == 2 and row[2] or place == 1 and not scores.get(row[0]):
                blocks[row[place]][0].append(row)
        for child in children:
            if child[place] in blocks:
                blocks[child[place]][1].append(child)
        for listed, enrolled in blocks.values():
            _score(listed, enrolled, scores)
    found = []
    for row, candidates in scores.items():
        best = sorted(candidates, reverse=True)[:5]
        margin = best[0][0] - best[1][0] if len(best) > 1 else 1.0
        if best[0][0] >= SURE and margin >= MARGIN:
            found.append((row, best[0][1], best[0][0], True))
        else:
            found += [(row, child, weight, False) for weight, child in best]
    if found:
        arrays = {
            name: np.array(column, kind)
            for name, column, kind in zip(
                ("row", "child", "weight", "is_sure"), zip(*found, strict=True), "OOd?", strict=True
            )
        }
        connection.register("arrays", arrays)
        connection.execute("insert into found select * from arrays")


def _score(listed: list, enrolled: list, scores: dict[str, list[tuple[float, str]]]) -> None:
    """Score one block: character ratios of names and guardians, the same village or not."""
    from rapidfuzz import fuzz, process

    if not listed or not enrolled:
        return
    names, guardians, seconds, villages = ([child[n] for child in enrolled] for n in (1, 3, 4, 5))
    name = process.cdist([row[1] for row in listed], names, scorer=fuzz.ratio)
    first = process.cdist([row[3] for row in listed], guardians, scorer=fuzz.ratio)
    second = process.cdist([row[3] for row in listed], seconds, scorer=fuzz.ratio)
    place = np.array([row[5] for row in listed])[:, None] == np.array(villages)[None, :]
    total = name / 100 * NAME_SHARE + np.maximum(first, second) / 100 * GUARDIAN_SHARE + place * VILLAGE_SHARE
    for at, child in zip(*np.nonzero(total >= REVIEW), strict=True):
        scores[listed[at][0]].append((round(float(total[at, child]), 4), enrolled[child][0]))
