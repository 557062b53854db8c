"""Ours in `bangfu bench link`: analytics.link on the same tables. Out: the table `found`, as every engine's."""

from typing import Any


def link(connection: Any) -> None:
    """This function will hand rows and children over as people, as the product does, and keep what is proposed."""
    import numpy as np

    from bangfu.analytics import link as linkage

    found = linkage.link(people(connection, "listed"), people(connection, "children"))
    columns = {
        "row": np.array([one.row_key for one in found], object),
        "child": np.array([one.child_key for one in found], object),
        "weight": np.array([one.weight for one in found], float),
        "is_sure": np.array([one.is_sure for one in found], bool),
    }
    connection.register("arrays", columns)
    connection.execute("create or replace table found as select * from arrays")


def people(connection: Any, table: str) -> list:
    """This function will read a table as people."""
    from bangfu.engine.likeness import Person

    rows = connection.execute(
        "select key, name, former_name, sex, birth_on, id_number, roll_no, guardian1, guardian2,"
        f" guardian_id1, guardian_id2, phone, village, household from {table}"
    ).fetchall()
    return [
        Person(
            *one[:7],
            guardians=tuple(filter(None, one[7:9])),
            guardian_ids=tuple(filter(None, one[9:11])),
            phones=tuple(filter(None, one[11:12])),
            village=one[12],
            household=one[13],
        )
        for one in rows
    ]
