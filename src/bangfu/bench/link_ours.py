"""Ours in `bangfu bench link`: analytics.link_stages on the same tables. Out: the table `found`, as every engine's."""

from typing import Any

from bangfu.analytics import link_stages


def link(connection: Any) -> None:
    """This function will link the tables with the shipped weights and keep what is proposed."""
    link_stages.link_tables(connection)
    connection.execute(
        "create or replace table found as select l.key as row, c.key as child, chance as weight, is_sure"
        " from linked join listed l on l.rowid = linked.l join children c on c.rowid = linked.c"
    )
