"""The shell that opens without a connection holds no data, is small, and asks for nothing a browser of 2020 lacks."""

import gzip
import json
import re
from pathlib import Path

import pytest

import bangfu.web
from bangfu.web import away

STATIC = Path(bangfu.web.__file__).parent / "static" / "bangfu"
EVERYWHERE = ("vault", "outbox", "sending", "drafts", "shell", "carry")
# Younger than Chromium 86 or Safari 14.
YOUNGER = "|".join(
    (r"\?\?=", r"\|\|=", r"&&=", r"\.at\(", "replaceAll", "randomUUID", "structuredClone", r"Object\.hasOwn",
     r"\.findLast", r"\?\.\(", r"Promise\.any", r"(?<![\w\"'])#[a-z]\w*\s*[(=;]")
)  # fmt: skip


@pytest.fixture
def shell(cast, client) -> str:
    return client.get("/away").text


def test_the_shell_is_the_same_for_everybody_and_names_nobody(cast, client, signed_in, shell):
    cast.case()
    again = signed_in(cast.homeroom).get("/away").text
    assert again == shell
    people = [one.name for one in (*cast.pupils, cast.homeroom, cast.principal, cast.school)]
    assert not [word for word in people if word in shell]
    assert "csrfmiddlewaretoken" not in shell and str(cast.homeroom.pk) not in shell


def test_the_shell_leaves_what_was_to_be_said_to_the_next_page(cast, signed_in):
    client = signed_in(cast.homeroom)
    client.post("/me/text", {"text": "large"})
    client.post("/feedback", {"text": "同一张表填了两次。"})
    client.get("/away")
    assert "data-said" in client.get("/me").text


def test_the_sheet_of_the_shell_is_the_sheet_of_the_page(cast, signed_in, shell):
    cast.case()
    page = signed_in(cast.homeroom).get(f"/record/new?pupil={cast.pupils[0].pk}").text
    named = re.compile(
        r'<(?:input|textarea)[^>]*? name="([a-z_]+\.[a-z_]+|note|bright_spot|next|reflection|on|id)"'
    )
    fields, kept = set(named.findall(page)), set(named.findall(shell))
    assert fields and fields <= kept, fields - kept


def is_there(client, address: str) -> bool:
    """Say whether a file of ours lies at an address, having read it whole."""
    answer = client.get(address)
    return answer.status_code == 200 and bool(b"".join(answer.streaming_content))


def test_the_service_worker_comes_from_the_root_and_keeps_only_files_of_ours(cast, client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript") and "no-store" not in answer["Cache-Control"]
    files = json.loads(re.search(r"var FILES = (\[.*?\]);", answer.text)[1])
    assert all(one.startswith("/static/bangfu/") and "?v=" in one for one in files)
    assert all(is_there(client, one) for one in files)


def test_another_language_is_another_shell(cast, client):
    first = client.get("/sw.js").text
    client.cookies["language"] = "en"
    assert client.get("/sw.js").text != first and "This page needs a connection." in client.get("/away").text


def test_it_can_be_put_on_the_home_screen(cast, client):
    answer = client.get("/manifest.webmanifest")
    said = answer.json()
    assert said["display"] == "standalone" and said["start_url"] == said["scope"] == "/"
    assert {one["sizes"] for one in said["icons"]} >= {"192x192", "512x512"}
    assert all(is_there(client, one["src"]) for one in said["icons"])


def test_the_queue_can_be_opened_by_whoever_is_signed_in_and_tells_without_a_script(cast, client, signed_in):
    assert client.get("/outbox").status_code == 302
    assert "每张表都当时就交给学校" in signed_in(cast.officer).get("/outbox").text


def test_the_scripts_stay_small():
    size = {path.stem: len(gzip.compress(path.read_bytes())) for path in STATIC.glob("*.js")}
    assert sum(size[name] for name in EVERYWHERE) <= 20 * 1024
    assert sum(size[name] for name in (*EVERYWHERE, "record", "queue", "away")) <= 40 * 1024
    assert set(away.FILES) <= {path.name for path in STATIC.iterdir()}


def test_the_scripts_use_nothing_younger_than_chromium_86():
    worker = (STATIC.parents[1] / "templates" / "away" / "worker.js").read_text(encoding="utf-8")
    for path in STATIC.glob("*.js"):
        assert not (found := re.findall(YOUNGER, path.read_text(encoding="utf-8"))), (path.name, found)
    assert not re.findall(YOUNGER, worker)
