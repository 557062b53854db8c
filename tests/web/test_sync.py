"""What a phone sends and fetches over HTTP: answers in JSON, each thing by itself, nothing of others, no key for others."""

import json
import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from bangfu.flow import calling, record
from bangfu.records.models import Event, Evidence, FieldConflict, Guardian, Pupil, SyncItem
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


def test_whose_numbers_went_along_is_noted_once_a_day_the_heads_too(signed_in, cast):
    cast.case(0, helper=cast.homeroom)
    cast.principal.phone = "10055556666"
    cast.principal.save()
    client = signed_in(cast.homeroom)
    for _turn in range(2):
        assert client.get("/carry").status_code == 200
    noted = Event.objects.filter(verb="carry.phones").values_list("changes", flat=True)
    staff = [one["staff"][1] for one in noted if "staff" in one]
    assert staff == [[str(cast.principal.pk)]]
    assert len([one for one in noted if "pupils" in one]) == 1


def test_whom_to_call_goes_along_also_where_the_end_of_a_role_is_written_already(signed_in, cast):
    cast.principal.grants.update(valid_to=DAY + timedelta(days=30))
    child = cast.pupils[0]
    told = signed_in(cast.homeroom).get("/carry").json()["call"]
    assert {one["who"] for one in told} == {cast.deputy_head.name, cast.principal.name}
    cast.principal.phone = "10055556666"
    cast.principal.save()
    listed = calling.numbers(cast.viewer(cast.homeroom), [child])
    assert [(one.name, one.role) for one in listed if one.kind == "leader"] == [
        (cast.principal.name, "principal")
    ]
    told = signed_in(cast.principal).get("/carry").json()["call"]
    assert [one["who"] for one in told] == [cast.deputy_head.name]  # nobody is told to call oneself


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


# ── changes ───────────────────────────────────────────────────────────────────────────────────────────────────────
def form_of(page: str, kind: str) -> dict[str, list[str]]:
    """Every field of the form that goes this way through the outbox, as the page shows it and sending.js reads it."""
    (found,) = re.findall(rf'<form [^>]*data-outbox="{kind}".*?</form>', page, re.DOTALL)
    said: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", found):
        name, value = re.search(r' name="([^"]*)"', tag), re.search(r' value="([^"]*)"', tag)
        if name and ('type="checkbox"' not in tag and 'type="radio"' not in tag or " checked" in tag):
            said.setdefault(name[1], []).append(value[1] if value else "")
    said.pop("csrfmiddlewaretoken")
    for name, text in re.findall(r'<textarea [^>]*name="([^"]*)"[^>]*>([^<]*)</textarea>', found):
        said[name] = [text]
    return said


def test_a_change_of_a_record_from_a_phone_is_the_change_its_page_makes(signed_in, cast):
    client, first = signed_in(cast.homeroom), talk(cast, cast.pupils[0])
    send(client, first)
    form = form_of(client.get(f"/record/{first['id']}?change").text, "amend")
    assert (
        form["evidence"] == [first["id"]]
        and form["talk.about"] == ["学习"]
        and form["note"] == ["问了作业。"]
    )
    changed = item(
        cast, "amend", evidence=form["evidence"][0], form=form | {"note": ["问了作业，也聊了家里。"]}
    )
    changed["id"] = form["id"][0]
    for state in ("stored", "known"):
        (told,) = send(client, changed).json()["results"]
        assert told["state"] == state
    row = Evidence.objects.get(pk=changed["id"])
    assert (row.note, str(row.amends_id), row.minutes) == ("问了作业，也聊了家里。", first["id"], 10)
    told = send(client, item(cast, "amend", evidence=first["id"], form=form | {"on": ["2026-12-25"]})).json()[
        "results"
    ]
    assert told[0]["state"] == "refused" and "还没有到" in told[0]["sentence"]
    assert "data-outbox" not in signed_in(cast.homeroom).get(f"/record/new?pupil={cast.pupils[0].pk}").text


def test_contacts_changed_on_two_phones_are_joined_field_by_field_and_two_values_of_one_are_both_kept(
    signed_in, cast
):
    child = cast.pupils[0]
    guardian = Guardian.objects.filter(pupil=child).order_by("position").first()
    form = form_of(signed_in(cast.homeroom).get(f"/pupils/{child.pk}/contacts").text, "profile")

    def wish(field, value, *, by=None, of=guardian):
        prefix = f"{of.pk}." if of else ""
        body = {
            "pupil": form["pupil"][0],
            "field": field,
            "base": form[f"base.{prefix}{field}"][0],
            "value": value,
        }
        return item(cast, "profile", by=by, **body, **({"guardian": str(of.pk)} if of else {}))

    mine = [wish("phone", "100-5555-1234"), wish("address", "石坎镇平坝村2组", of=None)]
    told = send(signed_in(cast.homeroom), *mine).json()["results"]
    assert [one["state"] for one in told] == ["stored", "stored"] and "改好了" in told[0]["sentence"]
    other = "0a6e1c3e-2f6f-4d43-9c52-3e1f5d6c1a22"
    theirs = [wish("work_place", "县城", by=cast.attached), wish("phone", "100-5555-9999", by=cast.attached)]
    told = send(signed_in(cast.attached), *theirs, device=other).json()["results"]
    assert [one["state"] for one in told] == ["stored", "conflict"]
    guardian.refresh_from_db()
    child.refresh_from_db()
    assert (guardian.phone.reveal(), guardian.work_place) == ("100-5555-1234", "县城")
    assert child.address.reveal() == "石坎镇平坝村2组"
    assert FieldConflict.objects.get().value.reveal() == "100-5555-9999"
    wrong = wish("phone", "没有电话")
    (told,) = send(signed_in(cast.homeroom), wrong).json()["results"]
    assert told["state"] == "refused" and "只写数字" in told["sentence"]


def test_a_month_that_waits_and_a_class_to_be_looked_at_go_along_and_nobody_elses(signed_in, cast, settings):
    cast.case(0, helper=cast.homeroom)
    settings.DAY = date(2026, 9, 30)
    told = signed_in(cast.homeroom).get("/carry").json()
    [month], [one] = told["months"], told["classes"]
    assert (month["month"], month["plan"], month["question"]) == ("2026-09", "weekly_support", "")
    assert [child["name"] for child in month["children"]] == [cast.pupils[0].name]
    assert one["id"] == str(cast.class_two.pk) and len(one["rows"]) == len(cast.pupils)
    assert [row["class"] for row in told["today"] if row["kind"] == "survey"] == [one["id"]]
    other = signed_in(cast.neighbour).get("/carry").json()
    assert other["months"] == [] and one["id"] not in [some["id"] for some in other["classes"]]
    settings.DAY = date(2026, 9, 3)  # nothing to hand in yet
    assert signed_in(cast.homeroom).get("/carry").json()["months"] == []
