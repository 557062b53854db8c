"""What a phone sends and fetches over HTTP: answers in JSON, each thing by itself, nothing of others, no key for others."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest

from bangfu.flow import calling, record
from bangfu.records.models import Evidence, Guardian, Pupil, SyncItem
from tests.cast import DAY


def item(cast, kind="record", *, by=None, seq=1, **body):
    pk = uuid4()
    author = str((by or cast.homeroom).pk)
    made_at = f"{DAY}T10:05:00+08:00"
    return {"id": str(pk), "kind": kind, "seq": seq, "made_at": made_at, "author": author, "body": body}


def sheet(note="问了作业。", **more):
    """What the sheet of a page holds, as sending.js reads it: every field by its name, as a list."""
    said = {"on": [str(DAY)], "activities": ["talk"], "talk.about": ["学习"], "talk.minutes": ["10"]}
    return said | {"note": [note], "bright_spot": [""], "next": [""], "reflection": [""]} | more


def talk(cast, *pupils, note="问了作业。", **more):
    return item(cast, pupils=[str(one.pk) for one in pupils], form=sheet(note), **more)


def send(client, *items, device="6b6e1c3e-2f6f-4d43-9c52-3e1f5d6c1a11"):
    body = json.dumps({"device": device, "items": items})
    return client.post("/sync", body, content_type="application/json")


def test_a_talk_written_on_the_road_is_the_same_record_as_one_written_on_a_page(signed_in, cast):
    cast.case(0, helper=cast.homeroom)
    client, sent = signed_in(cast.homeroom), talk(cast, cast.pupils[0])
    answer = send(client, sent).json()["results"][0]
    assert (answer["state"], answer["id"]) == ("stored", sent["id"])
    assert answer["closes"]
    row = Evidence.objects.get()
    assert (str(row.pk), row.note, row.minutes) == (sent["id"], "问了作业。", 10)
    assert row.answers == {"about": ["学习"]} and row.author == cast.homeroom
    assert send(client, sent).json()["results"][0]["state"] == "known"
    assert Evidence.objects.count() == 1


def test_one_that_cannot_be_read_stays_with_its_writer_and_holds_up_no_other(signed_in, cast):
    good = talk(cast, cast.pupils[0])
    broken = [
        item(cast, "record", pupils="x"),
        item(cast, "record", pupils=[str(uuid4())], form=sheet()),
        item(cast, "dance"),
        item(cast, "withdraw", evidence="nothing"),
        item(cast, "undone", cells=[]),
        talk(cast, cast.pupils[0], by=cast.attached),
        talk(cast, cast.pupils[0])
        | {"body": {"pupils": [str(cast.pupils[0].pk)], "form": sheet(on=["2026-13-40"])}},
        talk(cast, cast.pupils[0]) | {"body": {"pupils": [str(cast.pupils[0].pk)]}},
    ]
    results = send(signed_in(cast.homeroom), *broken, good).json()["results"]
    assert [one["state"] for one in results] == ["refused"] * len(broken) + ["stored"]
    assert all(one["sentence"] for one in results)
    assert SyncItem.objects.count() == 1  # what was refused may come again, mended


@pytest.mark.parametrize(
    "body", ["", "[]", "{", '{"device": 1, "items": []}', '{"device": "x", "items": [1]}']
)
def test_an_envelope_that_cannot_be_read_is_said_calmly(signed_in, cast, body):
    answer = signed_in(cast.homeroom).post("/sync", body, content_type="application/json")
    assert answer.status_code == 422 and answer.json()["code"] == "unreadable"


@pytest.mark.parametrize("address", ["/sync", "/carry", "/carry/key"])
def test_without_a_session_the_answer_is_401_in_json(client, cast, address):
    answer = client.get(address)
    assert answer.status_code == 401 and answer.json()["code"] == "signed_out"


def test_a_stale_token_is_told_in_json(signed_in, cast):
    client = signed_in(cast.homeroom)
    client.handler.enforce_csrf_checks = True
    answer = send(client, talk(cast, cast.pupils[0]))
    assert answer.status_code == 403 and answer.json()["code"] == "token"
    token = client.get("/sync").json()["token"]
    body = json.dumps({"device": str(uuid4()), "items": []})
    again = client.post("/sync", body, content_type="application/json", headers={"X-CSRFToken": token})
    assert again.json() == {"results": []}


def test_what_goes_along_holds_own_pupils_their_phones_and_own_words_only(signed_in, cast):
    cast.case(0, helper=cast.homeroom)
    send(signed_in(cast.attached), talk(cast, cast.pupils[0], by=cast.attached, note="别人写的话"))
    client = signed_in(cast.homeroom)
    send(client, talk(cast, cast.pupils[0], note="我写的话"))
    said = client.get("/carry")
    assert said.headers["Cache-Control"] == "private, no-store"
    told = said.json()
    child = next(one for one in told["pupils"] if one["id"] == str(cast.pupils[0].pk))
    assert [one["note"] for one in child["last"]] == ["我写的话"]
    assert "别人写的话" not in said.text and "habits" not in said.text and "study" not in said.text
    assert child["phones"][0]["tel"] == Guardian.objects.get(pupil=cast.pupils[0]).phone.reveal()
    assert len(json.dumps(child)) < 20_000
    assert told["forms"] and told["reasons"] and told["today"]


def test_whom_to_call_goes_along_also_where_the_end_of_a_role_is_written_already(signed_in, cast):
    cast.principal.grants.update(valid_to=DAY + timedelta(days=30))
    child = cast.pupils[0]
    told = signed_in(cast.homeroom).get("/carry").json()["call"]
    assert {one["who"] for one in told} == {cast.deputy_head.name, cast.principal.name}
    cast.principal.phone = "10055556666"
    cast.principal.save()
    listed = calling.numbers(cast.viewer(cast.homeroom), [child])
    assert [one.name for one in listed if one.kind == "leader"] == [cast.principal.name]


def test_bright_spots_of_the_last_year_go_along_and_no_older_ones(signed_in, cast):
    cast.case(0)
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(joined_on=DAY - timedelta(days=900))
    for on, words in ((DAY - timedelta(days=5), "会谢谢人"), (DAY - timedelta(days=500), "很久以前")):
        entry, pupils = (
            record.Entry(("talk",), on, bright_spot=words),
            Pupil.objects.filter(pk=cast.pupils[0].pk),
        )
        record.add(entry=entry, pupils=pupils, by=cast.viewer(cast.homeroom, on))
    (child,) = [one for one in signed_in(cast.homeroom).get("/carry").json()["pupils"] if one["helps"]]
    assert child["bright_spots"] == ["会谢谢人"]


def test_the_keys_of_seals_used_before_come_after_the_present_one(signed_in, cast, settings):
    client, address = signed_in(cast.homeroom), f"/carry/key?device={uuid4()}"
    before = client.get(address).json()
    settings.SEAL_KEYS = {**settings.SEAL_KEYS, "next": ("aes", b"n" * 32)}
    settings.SEAL_KEY = "next"
    now = client.get(address).json()
    assert now["key"] != before["key"] and now["older"][0] == before["key"]
    assert len(now["older"]) == len(before["older"]) + 1


def test_the_key_is_the_same_each_time_and_another_for_another_person_or_device(signed_in, cast):
    device, other = uuid4(), uuid4()
    mine = [
        signed_in(cast.homeroom).get(f"/carry/key?device={one}").json()["key"]
        for one in (device, device, other)
    ]
    theirs = signed_in(cast.attached).get(f"/carry/key?device={device}").json()["key"]
    assert mine[0] == mine[1] and len({*mine, theirs}) == 3
    assert signed_in(cast.homeroom).get("/carry/key").status_code == 422
