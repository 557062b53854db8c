"""Privacy is structural: every field is classed, every event says how it forgets, no log line can hold a name."""

import ast

from django.apps import apps

from bangfu.records.audit import VERBS
from tests.house.tree import python_files, shown, tree_of, words_shown

CLASSES = ("keep", "scrub", "erase")
NAMING = {
    "name", "names", "full_name", "short_name", "username", "phone", "id_number", "birth_on", "category", "note",
    "sort_key", "address", "guardian",
}
LEVELS = {"debug", "info", "warning", "error", "exception", "critical", "log"}


def models():
    return [model for model in apps.get_app_config("records").get_models() if not model._meta.auto_created]


def test_every_field_of_every_table_is_kept_scrubbed_or_erased():
    wrong = []
    for model in models():
        classed = [name for kind in CLASSES for name in getattr(getattr(model, "Privacy", None), kind, ())]
        fields = [field.name for field in model._meta.get_fields() if not field.auto_created]
        through = [field.name for field in model._meta.local_fields if field.auto_created]
        if sorted(classed) != sorted(fields + [name for name in through if name in classed]):
            wrong.append(f"{model.__name__}: {sorted(set(fields) ^ set(classed)) or 'classed twice'}")
    assert models() and not wrong, wrong


# Rows in an order, or between two rows, whose own number never leaves the database.
INNER = {"DutyState", "Event", "EvidencePupil", "FieldVersion", "KeptLedger", "SheetCase"}


def test_every_row_that_can_be_pointed_at_has_a_uuid_key():
    numbered = {model.__name__ for model in models() if model._meta.pk.get_internal_type() != "UUIDField"}
    assert numbered <= INNER, numbered - INNER


def test_every_event_says_how_it_forgets():
    assert VERBS and set(VERBS.values()) <= set(CLASSES)


def logged_verbs():
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("audit.log", "audit.event"):
                continue
            literals = [argument for argument in node.args if isinstance(argument, ast.Constant)]
            literals += [word.value for word in node.keywords if word.arg == "verb"]
            yield from ((shown(path), item.value) for item in literals if isinstance(item, ast.Constant))


def test_every_event_that_is_written_is_declared():
    unknown = [(path, verb) for path, verb in logged_verbs() if verb not in VERBS]
    assert not unknown, unknown


def test_every_declared_event_is_written_somewhere():
    written = {text for path in python_files("flow", "web") for _, text in words_shown(path)}
    assert sorted(set(VERBS) - written) == []


def test_log_lines_carry_ids_never_names():
    talkative = []
    for path in python_files():
        for node in ast.walk(tree_of(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = ast.unparse(node.func.value).lower()
            if node.func.attr not in LEVELS or not ("logger" in owner or owner in ("logging", "log")):
                continue
            inside = [part for argument in node.args for part in ast.walk(argument)]
            if any(isinstance(part, ast.JoinedStr) for part in inside) or any(
                isinstance(part, ast.Attribute) and part.attr in NAMING for part in inside
            ):
                talkative.append(f"{shown(path)}:{node.lineno}")
    assert not talkative, talkative


def test_people_introduce_themselves_by_id():
    """`str(row)` ends up in logs and error pages."""
    people = [model for model in models() if "name" in getattr(model.Privacy, "scrub", ())]
    for model in people:
        assert "name" not in model.__str__.__code__.co_names, model
    assert len(people) >= 2
