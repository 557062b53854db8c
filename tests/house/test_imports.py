"""The import rule: rooms in layers, no cycles, heavy libraries behind one file each."""

import ast
import subprocess
import sys

from tests.house.tree import ROOT, SOURCE, imports_of, module_paths, python_files, shown, tree_of

HEAVY = ("django", "ortools", "openpyxl", "xlsxwriter", "docx", "python_calamine", "holidays", "pypinyin", "apprise")


def cycles():
    """This function will find groups of modules that reach each other (Tarjan's components of size > 1)."""
    order, low, stack, found = {}, {}, [], []

    def visit(module):
        order[module] = low[module] = len(order)
        stack.append(module)
        for other in sorted(imports_of(module)):
            if other == module:
                found.append([module])
            elif other not in order:
                visit(other)
                low[module] = min(low[module], low[other])
            elif other in stack:
                low[module] = min(low[module], order[other])
        if low[module] == order[module]:
            group = []
            while True:
                group.append(stack.pop())
                if group[-1] == module:
                    break
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(module_paths()):
        if module not in order:
            visit(module)
    return found


def test_no_two_modules_need_each_other_not_even_inside_a_function():
    assert not cycles()


def test_the_rooms_keep_their_layers():
    contracts = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-cache"],
        cwd=ROOT, env={"PYTHONPATH": str(SOURCE), "PATH": "", "PYTHONUTF8": "1"},
        capture_output=True, text=True, check=False,
    )
    assert contracts.returncode == 0, contracts.stdout[-3000:] + contracts.stderr[-1000:]


def test_the_engine_wakes_up_without_any_heavy_library():
    modules = [name for name in module_paths() if name.split(".")[:2] == ["bangfu", "engine"]]
    program = (
        f"import sys\n{''.join(f'import {name}{chr(10)}' for name in modules)}"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    said = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True,
    )
    assert said.stdout.strip() == "[]"


def test_ortools_sits_behind_the_solver():
    users = {
        shown(path)
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.Import, ast.ImportFrom))
        and "ortools" in ast.unparse(node)
    }
    measures = ("src/bangfu/flow/solve", "src/bangfu/bench/pair")  # the bench times bare flow beside it
    assert all(user.startswith(measures) for user in users), users


def test_apprise_sits_behind_the_one_door_out_and_wakes_only_there():
    users = {
        shown(path)
        for path in python_files()
        for node in ast.walk(tree_of(path))
        if isinstance(node, (ast.Import, ast.ImportFrom, ast.JoinedStr))
        and "apprise" in ast.unparse(node)
    }
    assert users == {"src/bangfu/flow/deliver.py"}, users
    said = subprocess.run(
        [sys.executable, "-c", "import bangfu.flow.deliver, sys; print('apprise' in sys.modules)"],
        cwd=ROOT, env={"PYTHONPATH": str(SOURCE)}, capture_output=True, text=True, check=True,
    )
    assert said.stdout.strip() == "False"


def test_pages_and_verbs_wake_whole_tables_only_when_they_ask_for_them():
    eager = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files()
        if shown(path).startswith(("src/bangfu/web/", "src/bangfu/flow/", "src/bangfu/command/"))
        for node in tree_of(path).body
        if isinstance(node, (ast.Import, ast.ImportFrom)) and "bangfu.analytics" in ast.unparse(node)
    ]
    assert not eager, eager


def test_only_one_file_asks_the_clock():
    askers = []
    for path in python_files():
        if shown(path) == "src/bangfu/flow/clock.py":
            continue
        # localdate(moment) turns a moment into a day; only localdate() asks what day it is.
        converts = {
            id(node.func)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Call) and node.args and ast.unparse(node.func).endswith(("localdate", "localtime"))
        }
        for node in ast.walk(tree_of(path)):
            if id(node) in converts:
                continue
            if isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow", "localdate", "localtime"):
                owner = ast.unparse(node.value).rpartition(".")[2]
                if owner in ("date", "datetime", "timezone"):
                    askers.append(f"{shown(path)}:{node.lineno}")
    assert not askers, askers
