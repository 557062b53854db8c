"""An empty database brought up to date by the migrations has the very tables the tests stand on, limits and all."""

import json
import os
import subprocess
import sys

import pytest
from django.db import connection

pytestmark = pytest.mark.django_db
TOLD = """
import django, json
django.setup()
from django.db import connection
from tests.records.test_migrate import shape
print(json.dumps(shape(connection)))
"""

AS_BEFORE = """
import django
django.setup()
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
first = MigrationLoader(connection).disk_migrations["records", "0001_every_table"]
done = MigrationRecorder(connection)
done.record_unapplied("records", first.name)
for app, name in first.replaces:
    done.record_applied(app, name)
"""


def shape(database) -> dict[str, list[str]]:
    """For each table of ours its columns and, by kind and columns, what holds them; and every trigger by name."""
    found = {}
    with database.cursor() as cursor:
        for table in database.introspection.table_names(cursor):
            if not table.startswith("records_"):
                continue
            columns = [one.name for one in database.introspection.get_table_description(cursor, table)]
            rules = database.introspection.get_constraints(cursor, table).values()
            kinds = ("primary_key", "unique", "check", "index")
            said = {f"{[k for k in kinds if rule[k]]} {sorted(rule['columns'] or ())}" for rule in rules}
            found[table] = sorted(columns) + sorted(said)
        names = "select name from sqlite_master where type = 'trigger'"
        if database.vendor == "postgresql":
            names = "select distinct trigger_name from information_schema.triggers"
        cursor.execute(names)
        found["triggers"] = sorted(row[0] for row in cursor.fetchall())
    return found


@pytest.fixture
def empty(tmp_path):
    """The environment of a process that has an empty database of the same make to itself."""
    told = {**os.environ, "BANGFU_DATA_DIR": str(tmp_path), "PYTHONPATH": os.pathsep.join(["src", "."])}
    if connection.vendor == "sqlite":
        yield told
        return
    name = f"{connection.settings_dict['NAME']}_migrated"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    url, _, query = os.environ["BANGFU_DATABASE_URL"].partition("?")
    yield told | {"BANGFU_DATABASE_URL": f"{url.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')


def _run(empty, *words) -> str:
    """What a process with this environment says; it must end well."""
    done = subprocess.run([sys.executable, *words], env=empty, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


MIGRATE = ("-m", "django", "migrate", "--settings", "bangfu.settings", "-v", "0")


def test_the_migrations_make_the_tables_the_tests_stand_on(empty):
    _run(empty, *MIGRATE)
    assert json.loads(_run(empty, "-c", TOLD).splitlines()[-1]) == shape(connection)


def test_a_database_that_has_the_eight_old_migrations_has_the_first_one(empty):
    _run(empty, *MIGRATE)
    _run(empty, "-c", AS_BEFORE)
    _run(empty, *MIGRATE)
    assert json.loads(_run(empty, "-c", TOLD).splitlines()[-1]) == shape(connection)
