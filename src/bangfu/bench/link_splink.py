"""Splink as a good engineer would set it up for Chinese lists: the reference of `bangfu bench link`.

ASCII column names (Splink drops other letters from its own column names), pinyin beside characters (DuckDB's string
distances count bytes), u by sampling, m by expectation maximisation over three blockings, one link a row.
"""

import logging
import time
from typing import Any

import splink.comparison_level_library as cll
import splink.comparison_library as cl
from pypinyin import Style, lazy_pinyin
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

SURE, MARGIN, SHOWN = 8.0, 3.0, -4.0  # match weights, in bits
TABLE = """
    create or replace temp table {0}_ready as select key as unique_id, name, nullif(former_name, '') as former,
        sound(name) as name_sound, left(name, 1) as surname, name[2] as second, name[3] as third,
        array_to_string(list_sort(string_split(name, '')), '') as letters, length(name) as many,
        birth_on, strftime(birth_on, '%Y%m%d') as birth, year(birth_on) as born,
        case when length(id_number) = 18 then id_number end as id_number, nullif(roll_no, '') as roll_no,
        nullif(guardian1, '') as guardian, nullif(guardian2, '') as guardian_b,
        nullif(sound(guardian1), '') as guardian_sound, nullif(sound(guardian2), '') as guardian_sound_b,
        nullif(guardian_id1, '') as guardian_id, nullif(guardian_id2, '') as guardian_id_b,
        nullif(phone, '') as phone, nullif(village, '') as village, nullif(household, '') as household,
        nullif(sex, '') as sex
    from {0} where birth_on is null or year(birth_on) between 2009 and 2022
"""
# nobody is sure because of the family alone: siblings and parents share guardian, village, phone and household
NAMED = "gamma_name >= 2 and gamma_birth <> 0 or gamma_birth = 5 and gamma_name >= 1 and gamma_id_number in (-1, 2, 3)"
NAME_LEVELS = (
    "name_l = former_r or name_r = former_l",
    "name_sound_l = name_sound_r",
    "letters_l = letters_r",
    "abs(many_l - many_r) <= 1 and (surname_l = surname_r and (second_l = second_r or third_l = third_r"
    " or second_l = third_r or third_l = second_r) or second_l = second_r and third_l = third_r)",
    "surname_l = surname_r",
)
BIRTH_LEVELS = (
    "born_l = born_r and substr(birth_l, 5, 2) = substr(birth_r, 7, 2) and substr(birth_l, 7, 2) = substr(birth_r, 5, 2)",
    "hamming(birth_l, birth_r) <= 1",
    "abs(birth_on_l - birth_on_r) between 15 and 52",  # perhaps the lunar date
    "born_l = born_r",
)
NUMBER_LEVELS = (
    "hamming(id_number_l, id_number_r) <= 2",
    "left(id_number_l, 14) = left(id_number_r, 14)",
)
SURNAME = "left(guardian_l, 1) = left(guardian_r, 1)"
# what two rows must share to be compared at all
BLOCKS = (
    block_on("id_number"),
    block_on("roll_no"),
    block_on("name", "birth"),
    block_on("birth", "village"),
    block_on("birth", "guardian"),
    block_on("name", "village"),
    block_on("name_sound", "birth"),
    block_on("name_sound", "guardian"),
    block_on("household"),
    block_on("guardian", "village"),
    block_on("phone"),
)


def comparisons() -> list:
    """This function will say how two rows are compared; name, birth and guardian with levels that fit Chinese."""
    return [
        _levels("name", "name", ("name", *NAME_LEVELS), often=True),
        _levels("birth", "birth", ("birth", *BIRTH_LEVELS)),
        _levels("id_number", "id_number", ("id_number", *NUMBER_LEVELS)),
        _levels("guardian", "guardian", (_either("guardian"), _either("guardian_sound"), SURNAME)),
        _levels("guardian_id", "guardian_id", (_either("guardian_id"),)),
        *map(cl.ExactMatch, ("phone", "village", "household", "sex")),
    ]


def _either(column: str) -> str:
    pairs = ((one, other) for one in (column, f"{column}_b") for other in (column, f"{column}_b"))
    return " or ".join(f"{one}_l = {other}_r" for one, other in pairs)


def _levels(name: str, column: str, tests: tuple[str, ...], *, often: bool = False) -> cl.CustomComparison:
    """A comparison: unknown, the tests in order (a bare column: equal, weighed by how common), else."""
    first = (
        cll.ExactMatchLevel(column, term_frequency_adjustments=often)
        if tests[0] == column
        else cll.CustomLevel(tests[0], "same")
    )
    more = [cll.CustomLevel(one, f"level {n}") for n, one in enumerate(tests[1:], 1)]
    return cl.CustomComparison(
        output_column_name=name, comparison_levels=[cll.NullLevel(column), first, *more, cll.ElseLevel()]
    )


def prepared(connection: Any) -> list[str]:
    """This function will make the tables Splink takes: pinyin by character, empty text as NULL."""
    characters = connection.execute(
        "select distinct unnest(string_split(text, '')) from (select distinct unnest([name, guardian1, guardian2])"
        " as text from listed union select distinct unnest([name, guardian1, guardian2]) from children)"
    ).fetchall()
    sounds = {one: lazy_pinyin(one, style=Style.NORMAL)[0] for (one,) in characters if one}
    connection.execute("create or replace temp table sounds (letter varchar, sound varchar)")
    connection.executemany("insert into sounds values (?, ?)", list(sounds.items()))
    connection.execute("set variable sounds = (select map(list(letter), list(sound)) from sounds)")
    connection.execute(
        "create or replace temp macro sound(text) as list_aggregate(list_transform(string_split(text, ''),"
        " one -> getvariable('sounds')[one]), 'string_agg', ' ')"
    )
    for table in ("listed", "children"):
        connection.execute(TABLE.format(table))
    return ["listed_ready", "children_ready"]


def link(connection: Any) -> dict[str, float]:
    """This function will train and predict, and keep for every row its best child."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection.execute("select setseed(0.307)")
    tables = prepared(connection)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=comparisons(),
        blocking_rules_to_generate_predictions=list(BLOCKS),
        retain_matching_columns=True,  # brings the levels along
    )
    interface = DuckDBAPI(connection)
    linker = Linker([interface.register(one, dataset_display_name=one) for one in tables], settings)
    begun = time.process_time()
    train(linker)
    trained = time.process_time() - begun
    predicted = linker.inference.predict(threshold_match_weight=SHOWN).physical_name
    keep(connection, predicted)
    return {"training": trained}


def train(linker: Any) -> None:
    """This function will estimate u by sampling and m by expectation maximisation."""
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [block_on("id_number"), block_on("name", "birth", "guardian")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=1e6, seed=307)
    for rule in (block_on("name", "birth"), block_on("id_number"), block_on("birth", "guardian")):
        training.estimate_parameters_using_expectation_maximisation(rule)


def keep(connection: Any, predicted: str) -> None:
    """This function will make `found`: sure where the best child is likely, named, and well ahead of the second."""
    left = "case when source_dataset_l = 'listed_ready' then unique_id_l else unique_id_r end"
    right = "case when source_dataset_l = 'listed_ready' then unique_id_r else unique_id_l end"
    connection.execute(
        f"create or replace table found as with pairs as (select {left} as row, {right} as child, match_weight as weight,"
        f" {NAMED} as named from {predicted}), placed as (select *, row_number() over best as place,"
        " weight - coalesce(lead(weight) over best, -99) as ahead from pairs"
        " window best as (partition by row order by weight desc, child))"
        f" select row, child, weight, place = 1 and named and weight >= {SURE} and ahead >= {MARGIN} as is_sure, named,"
        " place, ahead from placed where place <= 5"
    )
