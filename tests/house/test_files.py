"""What is in the repository is ours, runs anywhere, and agrees with itself."""

import ast
import re
import subprocess
import sys
import tomllib

import pytest

from tests.house.tree import PACKAGE, ROOT, shown, text_files, text_of, tracked_files, tree_of

# Written in pieces, so that this file doesn't find itself.
MACHINE = re.compile(
    "|".join(("/wor" "k/", "/ro" "ot/", "/farm" "/", "/ho" "me/[a-z]", "/Use" "rs/[A-Za-z]", "bash" "_jobs"))
)
HOSTS = re.compile(
    "|".join(
        (
            "pyp" r"i\.org", "python" "hosted", r"registry\.npm" "js", r"deb\.deb" "ian",
            "mirrors" r"\.", r"(?<!emit-)index" "-url",
        )
    )
)
HOMELESS = {"utils", "util", "common", "helpers", "core", "services", "base", "misc", "manager", "managers"}


@pytest.mark.parametrize("pattern", [MACHINE, HOSTS], ids=["machine paths", "package hosts"])
def test_no_file_names_a_machine_path_or_a_package_host(pattern):
    found = [
        f"{shown(path)}: {match.group()}"
        for path in text_files()
        if (match := pattern.search(text_of(path)))
    ]
    assert not found, found


def test_no_room_and_no_module_has_a_homeless_name():
    rooms = [path for path in PACKAGE.rglob("*") if path.is_dir() or path.suffix == ".py"]
    names = [path for path in rooms if path.stem.lower() in HOMELESS]
    assert not names, [shown(path) for path in names]


def test_no_big_or_foreign_file_slipped_in():
    big = [shown(path) for path in tracked_files() if path.stat().st_size > 1_000_000]
    minified = [shown(path) for path in tracked_files() if ".min." in path.name]
    assert not big and not minified


def requirements_in(name):
    lines = text_of(ROOT / "requirements" / f"{name}.in").splitlines()
    return {squeezed(line) for line in lines if line.strip() and not line.startswith(("#", "-r"))}


def squeezed(requirement):
    return "".join(requirement.split()).replace('"', "'")


def test_pyproject_and_the_requirement_files_list_the_same_packages():
    project = tomllib.loads(text_of(ROOT / "pyproject.toml"))
    assert {squeezed(line) for line in project["project"]["dependencies"]} == requirements_in("bangfu")
    assert {squeezed(line) for line in project["dependency-groups"]["dev"]} == requirements_in("dev")


def test_every_dependency_says_in_one_comment_why_it_is_here():
    text = text_of(ROOT / "pyproject.toml")
    wanted = re.findall(r'^    "[^"]+",(.*)$', text.split("[tool.ruff]")[0], re.M)
    assert wanted and all(re.match(r"\s+# \S", comment) for comment in wanted)


@pytest.mark.parametrize("name", ["bangfu", "dev"])
def test_every_pin_carries_its_hashes_and_no_address(name):
    text = text_of(ROOT / "requirements" / f"{name}.txt")
    pins = re.split(r"\n(?=[a-z0-9])", text)
    assert "://" not in text
    assert all("--hash=sha256:" in pin for pin in pins if "==" in pin.splitlines()[0])


def test_the_script_that_makes_the_environment_needs_none():
    tree = tree_of(ROOT / "script" / "environment.py")
    names = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert names and {name.partition(".")[0] for name in names} <= sys.stdlib_module_names


@pytest.mark.parametrize("words", [["moon"], []])
def test_an_unknown_task_is_answered_with_the_known_ones(words):
    said = subprocess.run([ROOT / "script" / "run", *words], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "demo|test|check|bench" in said.stderr


def test_the_scripts_need_only_a_posix_shell_and_python():
    for name in ("demo", "test", "check", "bench", "run"):
        path = ROOT / "script" / name
        assert path.stat().st_mode & 0o100, f"{name} cannot be executed"
        assert text_of(path).startswith("#!/bin/sh\n")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o100
    assert "script/test" in text_of(ROOT / ".ci" / "run")
