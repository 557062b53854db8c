"""`bangfu demo` on an empty folder: the school is there, the README names its log-ins, a second start keeps it."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

README = Path(__file__).parents[2] / "README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("demo")


def demo(folder, *words):
    environment = {**os.environ, "BANGFU_DATA_DIR": str(folder), "PYTHONUTF8": "1"}
    environment.pop("BANGFU_DATABASE_URL", None)
    command = [sys.executable, "-m", "bangfu", "demo", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def first(folder):
    said = demo(folder, "--json")
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout)


def test_the_readme_names_exactly_the_log_ins_that_are_printed(first):
    table = re.findall(r"^\| `(\w+)` \| `([\w-]+)` \|", README.read_text(encoding="utf-8"), re.M)
    assert table == [(person["username"], person["password"]) for person in first]


def test_the_sample_rolls_and_lists_lie_beside_the_database(folder, first):
    found = sorted(path.suffix for path in (folder / "samples").iterdir())
    assert found == [".csv", ".csv", ".xlsx", ".xlsx", ".xlsx", ".xlsx"]  # three rolls, three lists


def test_a_second_start_keeps_the_school_and_prints_the_same_log_ins(folder, first):
    before = (folder / "bangfu.sqlite3").stat().st_ino
    said = demo(folder, "--no-serve")
    assert said.returncode == 0, said.stderr
    assert all(person["username"] in said.stdout for person in first)
    assert (folder / "bangfu.sqlite3").stat().st_ino == before


def test_a_real_school_is_left_alone(folder, first):
    copy = folder.with_name("real")
    copy.mkdir()
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command; call_command('migrate', verbosity=0)\n"
        "from bangfu.records.models import School; School.objects.create(name='真的小学')"
    )
    environment = {**os.environ, "BANGFU_DATA_DIR": str(copy)}
    environment.pop("BANGFU_DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", program], env=environment, check=True)
    said = demo(copy, "--no-serve", "--fresh")
    assert said.returncode == 1
    assert "真的学校" in said.stderr
