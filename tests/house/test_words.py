"""Dignity in words, and the features that are never built, not even as a setting."""

import ast
import re
import tomllib

import pytest

from tests.house.tree import PACKAGE, python_files, shown, text_of, tree_of, words_shown

LABELS = "差生|贫困生|学困生|待优生|后进生|问题学生|优差|双差"
COMMANDS = "必须|请务必|严禁|通报|逾期|打卡|排名|点名批评"
FORBIDDEN = re.compile(f"{LABELS}|{COMMANDS}")

# Official papers carry the title the authorities gave them; packs quote their source; readers must know the
# headings other people write. Nowhere else.
# The certificate's own check has to know the words it refuses.
REFUSES_THEM = {"src/bangfu/exchange/certificate.py"}
OFFICIAL_FOLDERS = ("packs/_common/registers", "exchange/profiles")
OFFICIAL_KEYS = {"title", "source", "change", "headings", "heard"}

NEVER_BUILT = {
    "checkin", "gps", "geolocation", "latitude", "longitude", "leaderboard", "rank", "ranking", "ranks",
    "read_receipt", "read_receipts", "check_in", "checked_in", "risk_score", "risk_level", "staff_points",
    "online_time", "online_minutes", "last_seen", "last_seen_at",
}


def is_official(path):
    return any(folder in shown(path) for folder in OFFICIAL_FOLDERS)


def test_no_sentence_of_ours_labels_a_child_or_orders_people_about():
    rude = [
        f"{shown(path)}:{line} {match.group()}"
        for path in python_files()
        if shown(path) not in REFUSES_THEM
        for line, text in words_shown(path)
        if (match := FORBIDDEN.search(text))
    ]
    assert not rude, rude


def test_no_page_catalogue_or_script_does_either():
    kinds = ("*.html", "*.js", "*.po", "*.webmanifest", "*.txt")
    pages = [path for kind in kinds for path in PACKAGE.rglob(kind)]
    rude = []
    for path in pages:
        text = re.sub(r"\{#.*?#\}", "", text_of(path), flags=re.S)
        rude += [f"{shown(path)} {match.group()}" for match in FORBIDDEN.finditer(text)]
    assert pages and not rude, rude


def strings(value, trail=()):
    if isinstance(value, dict):
        for key, inside in value.items():
            yield from strings(inside, (*trail, key))
    elif isinstance(value, list):
        for inside in value:
            yield from strings(inside, trail)
    elif isinstance(value, str):
        yield trail, value


def test_packs_say_official_words_only_where_they_quote_officials():
    rude = []
    for path in sorted((PACKAGE / "packs").rglob("*.toml")):
        if is_official(path):
            continue
        for trail, text in strings(tomllib.loads(text_of(path))):
            if FORBIDDEN.search(text) and not OFFICIAL_KEYS & set(trail):
                rude.append(f"{shown(path)}:{'.'.join(trail)} {text}")
    assert not rude, rude


def identifiers(path):
    for node in ast.walk(tree_of(path)):
        for field in ("name", "id", "attr", "arg"):
            value = getattr(node, field, None)
            if isinstance(value, str):
                yield node, value


def test_nothing_forbidden_has_a_name_in_the_code():
    found = []
    for path in python_files():
        for node, name in identifiers(path):
            tokens = name.lower().split("_")
            pairs = {"_".join(pair) for pair in zip(tokens, tokens[1:], strict=False)}
            if NEVER_BUILT & ({*tokens, name.lower()} | pairs):
                found.append(f"{shown(path)}:{getattr(node, 'lineno', '?')} {name}")
    assert not found, found


@pytest.mark.parametrize("sign", ["geolocation", 'capture="', "navigator.sendBeacon", "leaderboard", "http://", "https://"])
def test_no_page_watches_people_or_calls_another_host(sign):
    pages = [path for kind in ("*.html", "*.js", "*.css") for path in (PACKAGE / "web").rglob(kind)]
    named = [shown(path) for path in pages if sign in text_of(path).replace("http://www.w3.org/", "")]
    assert not named, named
