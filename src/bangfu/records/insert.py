"""New rows of one table put in with one statement, composed once for a table and not anew with each record.

In: model instances of one kind. Values pass through their fields as in Django's own `bulk_create`; signals and keys
that come back from the database do not: nobody asks for them here.
"""

from collections.abc import Sequence
from functools import lru_cache

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    Field,
    Model,
    PositiveSmallIntegerField,
    TextField,
)

AS_THEY_ARE = (
    BooleanField,
    CharField,
    PositiveSmallIntegerField,
    TextField,
)  # no database wants these turned


@lru_cache(maxsize=32)
def _statement(model: type[Model], vendor: str) -> tuple[str, tuple[tuple[Field, bool], ...]]:
    """The statement, and its columns: (field, whether its value goes in as it stands)."""
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    name = connections[DEFAULT_DB_ALIAS].ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    into = f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({holes})"
    return into, tuple((field, type(field) in AS_THEY_ARE) for field in fields)


def insert(rows: Sequence[Model]) -> None:
    """This function will store new rows of one model; raises IntegrityError as the database does, inside a transaction."""
    if not rows:
        return
    here = connections[DEFAULT_DB_ALIAS]  # not the proxy: it is asked for each value
    statement, fields = _statement(type(rows[0]), here.vendor)
    values = [
        [
            getattr(row, f.attname) if as_it_is else f.get_db_prep_save(f.pre_save(row, True), here)  # noqa: FBT003
            for f, as_it_is in fields
        ]
        for row in rows
    ]
    with here.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)
    for row in rows:
        row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
