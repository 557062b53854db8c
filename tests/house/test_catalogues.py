"""Every sentence of the screen stands in all three languages."""

import re

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from tests.house.tree import PACKAGE, python_files, shown

LANGUAGES = ("zh_Hans", "zh_Hant", "en")
# Names that mark a text for translation; the template environment uses the same.
KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2),
    "gettext_noop": None, "N_": None, "npgettext": ((1, "c"), 2, 3),
}
OPTIONS = {"silent": "false", "extensions": "jinja2.ext.do"}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


def catalogue(language):
    with open(PACKAGE / "locale" / language / "LC_MESSAGES" / "django.po", "rb") as file:
        return read_po(file, locale=language)


def messages(path, method):
    with open(path, "rb") as file:
        for line, words, _, context in extract(method, file, keywords=KEYWORDS, options=OPTIONS):
            yield f"{shown(path)}:{line}", words, context


def marked():
    for path in python_files():
        yield from messages(path, "python")
    for path in sorted((PACKAGE / "web" / "templates").rglob("*.html")):
        yield from messages(path, "jinja2")


def filled(message):
    strings = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    return all(strings) and not message.fuzzy


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_sentence_has_its_translation(language):
    known = catalogue(language)
    missing = []
    for where, words, context in marked():
        message = known.get(words[0] if isinstance(words, tuple) else words, context)
        if message is None or not filled(message):
            missing.append(f"{where} {words}")
    assert not missing, missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_every_gap_of_its_sentence(language):
    broken = []
    for message in catalogue(language):
        if not message.id or isinstance(message.id, tuple) or not filled(message):
            continue
        if sorted(PLACEHOLDER.findall(message.id)) != sorted(PLACEHOLDER.findall(message.string)):
            broken.append(message.id)
    assert not broken, broken


def test_traditional_sentences_hold_no_simplified_character():
    from opencc import OpenCC

    simplified, traditional = OpenCC("t2s"), OpenCC("s2t")
    mixed = []
    for message in catalogue("zh_Hant"):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            for sign in text if message.id else "":
                # Simplified only: turning it traditional changes it, and it is not itself a traditional form.
                if traditional.convert(sign) != sign and simplified.convert(sign) == sign and sign not in SHARED:
                    mixed.append((message.id, sign))
    assert not mixed, mixed


SHARED = frozenset("里后面只准台周制于出几干余系松范谷困回才表丑升向征群")
