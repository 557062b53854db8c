"""Sizes serve the house: split by meaning, never to please a number."""

import ast

from tests.house.tree import PACKAGE, ROOT, python_files, shown, text_of, tree_of

MODULE, ENGINE_MODULE, FUNCTION, PARAMETERS = 400, 200, 50, 5
SCRIPTS = tuple(sorted((ROOT / "script").glob("*.py")))
TESTS = tuple(sorted((ROOT / "tests").rglob("*.py")))


def functions(paths):
    for path in paths:
        for node in ast.walk(tree_of(path)):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                yield path, node


def test_no_module_is_longer_than_its_room_allows():
    long = []
    for path in (*python_files(), *SCRIPTS, *TESTS):
        limit = ENGINE_MODULE if path.is_relative_to(PACKAGE / "engine") else MODULE
        lines = len(text_of(path).splitlines())
        if lines > limit:
            long.append(f"{shown(path)}: {lines} > {limit}")
    assert not long, long


def test_no_function_is_longer_than_a_screen():
    long = [
        f"{shown(path)}:{node.lineno} {node.name}: {node.end_lineno - node.lineno + 1}"
        for path, node in functions((*python_files(), *SCRIPTS))
        if node.end_lineno - node.lineno + 1 > FUNCTION
    ]
    assert not long, long


def test_no_function_asks_for_more_than_five_things():
    greedy = []
    for path, node in functions((*python_files(), *SCRIPTS)):
        names = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
        count = len([name for name in names if name not in ("self", "cls")])
        if count > PARAMETERS:
            greedy.append(f"{shown(path)}:{node.lineno} {node.name}: {count}")
    assert not greedy, greedy


def test_every_module_opens_with_a_few_lines_about_itself():
    silent = []
    for path in (*python_files(), *SCRIPTS, *TESTS):
        words = ast.get_docstring(tree_of(path)) or ""
        if not 1 <= len(words.splitlines()) <= 5:
            silent.append(f"{shown(path)}: {len(words.splitlines())} lines")
    assert not silent, silent
