"""Migrations have telling names, form one line, and say everything the models say."""

import re

import pytest
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from tests.house.tree import PACKAGE

FILES = sorted((PACKAGE / "records" / "migrations").glob("[0-9]*.py"))


def test_every_migration_says_what_it_does():
    assert FILES
    for path in FILES:
        assert re.fullmatch(r"\d{4}_[a-z]+(_[a-z0-9]+)+", path.stem), path.stem
        assert "auto" not in path.stem.split("_") and path.stem != "0001_initial", path.stem


def test_migrations_form_one_line():
    numbers = [path.stem[:4] for path in FILES]
    assert numbers == [f"{number:04}" for number in range(1, len(FILES) + 1)]
    assert not MigrationLoader(None).detect_conflicts()


@pytest.mark.django_db
def test_no_model_has_changed_without_a_migration():
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)
