"""The frame round every page: safety headers, navigation by role, error pages, files."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

import bangfu.web
from bangfu.web.navigation import BARS, BY_NAME, ENTRIES

WEB = Path(bangfu.web.__file__).parent
OPEN = ["/sign-in"]
SIGNED_IN = ["/me", "/feedback"]
NEWER = r":has\(|:is\(|:where\(|@container|@layer|(?<!area-)inset|aspect-ratio|accent-color|\b(?:dvh|svh)\b"


def pages(client, cast, signed_in):
    yield from (client.get(address) for address in OPEN)
    signed_in(cast.homeroom)
    yield from (client.get(address) for address in SIGNED_IN)
    yield client.get("/no-such-page")


def test_every_page_allows_only_our_own_files(cast, client, signed_in):
    for answer in pages(client, cast, signed_in):
        policy = answer["Content-Security-Policy"]
        assert (
            "default-src 'none'" in policy and "script-src 'self'" in policy and "style-src 'self'" in policy
        )
        assert "unsafe" not in policy and "http" not in policy and "data:" not in policy


def test_every_page_stays_out_of_caches_frames_and_search_engines(cast, client, signed_in):
    for answer in pages(client, cast, signed_in):
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert "noindex" in answer.text


def test_no_template_carries_a_style_a_script_or_a_handler():
    found = []
    for path in WEB.rglob("*.html"):
        text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"), flags=re.S)
        if re.search(r"\sstyle=|\son[a-z]+=|<style|<script(?![^>]* src=)|javascript:", text):
            found.append(path.name)
    assert not found


def test_every_form_that_posts_carries_its_token():
    found = []
    for path in WEB.rglob("*.html"):
        for form in re.findall(
            r"<form[^>]*method=\"post\".*?</form>", path.read_text(encoding="utf-8"), flags=re.S
        ):
            if "csrf_input" not in form:
                found.append(path.name)
    assert not found


def test_style_and_script_stay_small():
    folder = WEB / "static" / "bangfu"
    everywhere = re.findall(r"bangfu/(\w+)\.css", (WEB / "templates" / "base.html").read_text(encoding="utf-8"))
    carried = b"".join((folder / f"{name}.css").read_bytes() for name in everywhere)
    own = {path.stem: path.read_bytes() for path in folder.glob("*.css") if path.stem not in everywhere}
    assert len(gzip.compress(carried)) <= 5 * 1024
    for name, style in own.items():  # what a page brings along; the studio stands on a desk
        assert len(gzip.compress(style)) <= (2 if name == "plans" else 1) * 1024, name
    assert len(gzip.compress((folder / "studio.js").read_bytes())) <= 2 * 1024
    assert len(gzip.compress((folder / "icons.svg").read_bytes())) <= 6 * 1024
    assert len(gzip.compress((folder / "shell.js").read_bytes())) <= 4 * 1024


def test_styles_use_nothing_newer_than_chromium_86():
    for path in (WEB / "static" / "bangfu").glob("*.css"):
        text = path.read_text(encoding="utf-8")
        newer = re.findall(NEWER, text)
        assert not newer, (path.name, newer)


def test_every_icon_that_is_asked_for_is_drawn():
    drawn = set(
        re.findall(r'<symbol id="([a-z]+)"', (WEB / "static/bangfu/icons.svg").read_text(encoding="utf-8"))
    )
    asked = {entry.icon for entry in ENTRIES}
    for path in WEB.rglob("*.html"):
        asked |= set(re.findall(r"icon\(['\"]([a-z]+)['\"]\)", path.read_text(encoding="utf-8")))
    assert asked <= drawn, asked - drawn


def test_files_may_be_kept_a_year_because_their_address_names_their_content(cast, client):
    text = client.get("/sign-in").text
    address = re.search(r"/static/bangfu/shell\.css\?v=[0-9a-f]{10}", text).group()
    answer = client.get(address)
    body = b"".join(answer.streaming_content)
    assert answer.status_code == 200 and b"--paper" in body
    assert "max-age=31536000" in answer["Cache-Control"]


def test_pages_travel_compressed(cast, client):
    answer = client.get("/sign-in", headers={"accept-encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip" and len(answer.content) < 4000


def test_a_page_costs_two_questions_to_the_database_before_its_own(
    cast, signed_in, django_assert_num_queries
):
    client = signed_in(cast.principal)
    with django_assert_num_queries(2):  # the session; the person with school and roles
        client.get("/me/password")


def test_the_phone_bar_holds_five_at_most_and_everybody_finds_me():
    for _, names in BARS:
        assert len(names) <= 5 and names[-1] == "me"
        assert all(BY_NAME[name].short or name == "survey" for name in names)


@pytest.mark.parametrize(
    ("who", "offered", "withheld"), [("homeroom", "看板", "导入"), ("officer", "表册", "抽查")]
)
def test_navigation_follows_the_role(cast, who, offered, withheld):
    from bangfu.web.navigation import Navigation

    viewer = cast.viewer(getattr(cast, who))
    entries = [entry for entry in ENTRIES if not entry.roles.isdisjoint(viewer.roles)]
    names = {entry.name for entry in entries}
    assert {"看板": "board", "表册": "reports"}[offered] in names
    assert {"导入": "intake", "抽查": "spot_check"}[withheld] not in names
    assert [link.name for link in Navigation.of(viewer, "/me").bar if link.current] == ["me"]


def test_a_form_from_a_page_long_open_gets_a_calm_answer(cast):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/sign-in", {"username": "li", "password": "x"})
    assert answer.status_code == 403 and "打开得太久了" in answer.text


def test_a_request_that_cannot_be_read_gets_a_calm_answer(cast, client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3
    client.raise_request_exception = False
    answer = client.post("/sign-in", {f"f{n}": "x" for n in range(9)})
    assert answer.status_code == 400 and "没有读懂" in answer.text
