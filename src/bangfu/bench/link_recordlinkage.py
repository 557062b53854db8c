"""The recordlinkage toolkit as a peer of `bangfu bench link`: blocks, comparisons by pandas, ECM without labels."""

import warnings
from typing import Any

import pandas as pd
import recordlinkage

SURE, SHOWN, MARGIN = 0.2, 0.02, 0.0
BLOCKS = (
    ["name", "birth"],
    ["name", "village"],
    ["birth", "village"],
    ["birth", "guardian1"],
    ["guardian1", "village"],
    ["name", "guardian1"],
    ["phone"],
    ["household"],
    ["id_number"],
)
SAME = ("birth", "id_number", "guardian_id1", "phone", "village", "household", "sex")
TABLE = """
    select key, name, nullif(strftime(birth_on, '%Y%m%d'), '') as birth, nullif(id_number, '') as id_number,
        nullif(guardian1, '') as guardian1, nullif(guardian_id1, '') as guardian_id1, nullif(phone, '') as phone,
        nullif(village, '') as village, nullif(household, '') as household, nullif(sex, '') as sex
    from {0} where (birth_on is null or year(birth_on) between 2009 and 2022)
"""


def link(connection: Any) -> None:
    """This function will take equal numbers first, then blocks and ECM for the rest."""
    warnings.simplefilter("ignore")
    connection.execute(
        "create or replace table found as select l.key as row, min(c.key) as child, 2.0::double as weight, true as is_sure"
        " from listed l join children c on l.id_number = c.id_number and l.id_number <> ''"
        " and (l.name = c.name or l.birth_on = c.birth_on) group by l.key"
    )
    rows = (
        connection.execute(TABLE.format("listed") + " and key not in (select row from found)")
        .df()
        .set_index("key")
    )
    children = connection.execute(TABLE.format("children")).df().set_index("key")
    index = recordlinkage.Index()
    for block in BLOCKS:
        index.block(block)
    pairs = index.index(rows, children)
    vectors = compared(pairs, rows, children)
    ecm = recordlinkage.ECMClassifier(binarize=0.7)
    ecm.fit(vectors)
    likely = ecm.prob(vectors)
    likely += (
        vectors["name"] + vectors["birth"]
    ) / 1000  # probabilities crowd at 1: the nearer name goes first
    agrees = vectors["name"] >= 0.7  # never by the family alone
    placed = pd.DataFrame({"weight": likely, "named": agrees}).reset_index()
    placed.columns = ["row", "child", "weight", "named"]
    connection.register("arrays", placed[placed["weight"] >= SHOWN])
    connection.execute(
        "insert into found select row, child, weight, place = 1 and named and unrivalled"
        f" and weight >= {SURE} from (select *, row_number() over best as place,"
        f" weight - coalesce(lead(weight) over best, 0) > {MARGIN} as unrivalled"
        " from arrays window best as (partition by row order by weight desc, child)) where place <= 5"
    )


def compared(pairs: Any, rows: Any, children: Any) -> Any:
    """This function will compare the pairs: names by Jaro–Winkler over characters, the rest equal or not."""
    compare = recordlinkage.Compare()
    compare.string("name", "name", method="jarowinkler", label="name")
    compare.string("guardian1", "guardian1", method="jarowinkler", label="guardian1")
    for column in SAME:
        compare.exact(column, column, label=column)
    return compare.compute(pairs, rows, children)
