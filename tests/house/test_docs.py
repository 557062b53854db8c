"""Documents tell the truth: every command, setting and word is explained, every link leads somewhere."""

import os
import re
import tomllib

import click
from django.apps import apps

from bangfu.command import cli
from bangfu.settings import Environment
from tests.house.tree import PACKAGE, ROOT, shown, text_files, text_of

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def everything():
    return "\n".join(text_of(path) for path in DOCUMENTS)


def commands(group, trail=("bangfu",)):
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        yield " ".join((*trail, name))
        if isinstance(command, click.Group):
            yield from commands(command, (*trail, name))


def test_every_command_is_explained_to_operators():
    text = text_of(ROOT / "docs" / "operators.md")
    assert [command for command in commands(cli) if command not in text] == []


def test_every_command_in_the_documents_exists():
    known = set(commands(cli))
    words = {tuple(found.split()) for found in re.findall(r"`(bangfu [a-z]+(?: [a-z]+)?)", everything())}
    unknown = [" ".join(word) for word in words if not {" ".join(word), " ".join(word[:2])} & known]
    assert not unknown, unknown


def settings_named():
    """Settings stand in the environment model; tests and scripts may read a few more."""
    code = [path for path in text_files() if path.suffix in (".py", "") and "house" not in path.parts]
    return {f"BANGFU_{name.upper()}" for name in Environment.model_fields} | {
        name for path in code for name in re.findall(r"""["'](BANGFU_[A-Z_]+)["']""", text_of(path)) if name[-1] != "_"
    }


def test_every_setting_is_explained_and_every_explained_setting_exists():
    explained = set(re.findall(r"BANGFU_[A-Z_]+[A-Z]", everything()))
    assert explained == settings_named(), explained ^ settings_named()


def test_every_link_between_documents_leads_somewhere():
    broken = []
    for path in DOCUMENTS:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", text_of(path)):
            if not os.path.exists(path.parent / target):
                broken.append(f"{shown(path)}: {target}")
    assert not broken, broken


def glossary():
    table = re.findall(r"^\|([^|]+)\|([^|]+)\|", text_of(ROOT / "GLOSSARY.md"), re.M)
    return {name for _, cell in table for name in re.findall(r"`([\w.]+)`", cell)}


def spoken():
    """The words of the house: tables, roles, activities, states, causes — each needs one Chinese word."""
    from bangfu.engine.standing import State

    models = {model.__name__ for model in apps.get_app_config("records").get_models()}
    forms = {
        tomllib.loads(text_of(path))["key"] for path in (PACKAGE / "packs" / "_common" / "forms").glob("*.toml")
    }
    return models | forms | {state.value for state in State} | choices()


def choices():
    return {
        str(value)
        for model in apps.get_app_config("records").get_models()
        for field in model._meta.get_fields()
        if getattr(field, "choices", None)
        for value, _ in field.choices
        if isinstance(value, str) and len(value) > 2
    }


def test_the_glossary_translates_every_word_of_the_house():
    assert sorted(spoken() - glossary()) == []


def test_every_decision_record_is_short_and_numbered():
    records = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [path.name[:4] for path in records] == [f"{number:04}" for number in range(1, len(records) + 1)]
    assert all(len(text_of(path).splitlines()) <= 40 for path in records)
