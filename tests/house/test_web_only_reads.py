"""The web translates and calls one verb: it never writes, and it fetches and authorises in one move."""

import ast

from tests.house.tree import python_files, shown, tree_of

WRITING = {"save", "create", "update", "delete", "get_or_create", "update_or_create", "raw", "execute", "atomic"}


# Mappings of the template environment have an `update` of their own.
NOT_ROWS = {"globals", "filters", "tests"}


def is_row_method(call):
    owner = call.func.value
    if call.func.attr == "update" and call.args:  # rows are updated by keyword; mappings take another mapping
        return False
    return not (isinstance(owner, ast.Attribute) and owner.attr in NOT_ROWS)


def calls(path):
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node


def test_no_page_writes_to_the_database():
    writers = [
        f"{shown(path)}:{node.lineno} .{node.func.attr}()"
        for path in python_files("web")
        for node in calls(path)
        if (node.func.attr in WRITING or node.func.attr.startswith("bulk_")) and is_row_method(node)
    ]
    assert not writers, writers


def test_no_page_opens_a_transaction_or_a_cursor():
    users = [
        f"{shown(path)}:{node.lineno}"
        for path in python_files("web")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.ImportFrom)
        and node.module == "django.db"
        and {"transaction", "connection", "connections"} & {alias.name for alias in node.names}
    ]
    assert not users, users


def test_every_row_a_page_fetches_passes_visible_to():
    passed, seen = set(), []
    for path in python_files("web"):
        for node in calls(path):
            if node.func.attr == "visible_to" and isinstance(node.func.value, ast.Attribute):
                passed.add(id(node.func.value))
        seen += [
            (path, node)
            for node in ast.walk(tree_of(path))
            if isinstance(node, ast.Attribute) and node.attr == "objects"
        ]
    doors = [f"{shown(path)}:{node.lineno} {ast.unparse(node)}" for path, node in seen if id(node) not in passed]
    assert not doors, doors
