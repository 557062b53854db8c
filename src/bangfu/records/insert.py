"""New rows of one table put in with one statement, composed once for a table and not anew with each record.

In: model instances, those of one table together. Values become what Django's own `bulk_create` makes of them; no
signals are sent and no keys come back from the database: nobody asks for them here.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from operator import attrgetter

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import (
    AutoField,
    BooleanField,
    CharField,
    Field,
    ForeignKey,
    Model,
    PositiveSmallIntegerField,
    TextField,
    UUIDField,
)

AS_THEY_ARE = (
    BooleanField,
    CharField,
    PositiveSmallIntegerField,
    TextField,
)  # no database wants these turned


Column = tuple[Callable[[Model], object], Field | None]


@lru_cache(maxsize=32)
def _statement(model: type[Model], alias: str) -> tuple[str, tuple[Column, ...]]:
    """The statement for new rows of a table; of each value, what reads it off a row, and the field that still turns it."""
    here = connections[alias]
    fields = [field for field in model._meta.concrete_fields if not isinstance(field, AutoField)]
    name = here.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    holes = ", ".join(["%s"] * len(fields))
    into = f"INSERT INTO {name(model._meta.db_table)} ({columns}) VALUES ({holes})"
    return into, tuple(_column(field, here.features.has_native_uuid_field) for field in fields)


def _column(field: Field, keeps_uuids: bool) -> Column:  # noqa: FBT001
    kind, name = type(field.target_field if isinstance(field, ForeignKey) else field), field.attname
    if kind in AS_THEY_ARE or (kind is UUIDField and keeps_uuids):
        return attrgetter(name), None
    if kind is UUIDField:
        return (lambda row: None if (value := getattr(row, name)) is None else value.hex), None
    return (lambda row: field.pre_save(row, True)), field  # noqa: FBT003


def insert(*tables: Sequence[Model]) -> None:
    """This function will store new rows, table by table; raises IntegrityError as the database does, in a transaction."""
    here = connections[DEFAULT_DB_ALIAS]
    with here.cursor() as cursor:
        for rows in tables:
            if not rows:
                continue
            statement, columns = _statement(type(rows[0]), DEFAULT_DB_ALIAS)
            values = [
                [
                    read(row) if field is None else field.get_db_prep_save(read(row), here)
                    for read, field in columns
                ]
                for row in rows
            ]
            if len(values) == 1:
                cursor.execute(statement, values[0])
            else:
                cursor.executemany(statement, values)
            for row in rows:
                row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
