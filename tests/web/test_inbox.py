"""The pages of what waits: decided in a tap by who may, said without blame; contacts; a file exported on a phone."""

import base64
import json
import os
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.files.uploadedfile import SimpleUploadedFile

from bangfu.exchange.outbox_file import NotAnOutbox, OtherSchool
from bangfu.flow import carry, inbox, merge, outbox_file, sync
from bangfu.flow.record import Entry
from bangfu.records.models import Evidence, FieldConflict, Guardian, SyncItem
from tests.cast import DAY


@pytest.fixture
def held(cast):
    entry = Entry(("talk",), DAY, id=uuid4(), note="路上说起了弟弟")
    item = sync.Item(entry.id, "record", uuid4(), {}, 1, None, entry, "", (cast.pupils[0].pk,))
    sync.take(items=[item], by=cast.viewer(cast.neighbour))
    return SyncItem.objects.get()


def test_the_class_teacher_reads_what_waits_and_keeps_it_in_one_tap(signed_in, cast, held):
    client = signed_in(cast.homeroom)
    page = client.get("/inbox").text
    assert "路上说起了弟弟" in page and "孙丽" in page and 'href="/inbox"' in client.get("/").text
    assert "路上说起了弟弟" not in signed_in(cast.officer).get("/inbox").text
    answer = signed_in(cast.homeroom).post(f"/inbox/{held.pk}/kept", follow=True)
    assert "已记作那天的记录" in answer.text
    assert Evidence.objects.get().author == cast.neighbour


def test_leaving_it_out_wants_a_reason_and_a_helper_may_be_asked(signed_in, cast, held):
    cast.case(0, helper=cast.attached)
    client = signed_in(cast.principal)
    assert (
        inbox.SayWhy.sentence in client.post(f"/inbox/{held.pk}/dropped", {"because": ""}, follow=True).text
    )
    handed = client.post(f"/inbox/{held.pk}/handed", {"helper": cast.attached.pk}, follow=True)
    assert "赵志远可以看到了" in handed.text
    assert client.post(f"/inbox/{held.pk}/dropped", {"because": "重复了"}, follow=True).status_code == 200
    assert "没有要看的" in client.get("/inbox").text
    assert signed_in(cast.homeroom).post(f"/inbox/{held.pk}/kept", follow=True).status_code == 200
    assert not Evidence.objects.exists()


def test_contacts_are_changed_on_a_form_and_two_values_are_chosen_between(signed_in, cast):
    guardian, client = Guardian.objects.get(pupil=cast.pupils[0]), signed_in(cast.homeroom)
    address = f"/pupils/{cast.pupils[0].pk}/contacts"
    assert address in client.get(f"/pupils/{cast.pupils[0].pk}").text
    name, base = f"{guardian.pk}.phone", merge.version_of(guardian, "phone")
    form = {name: "13900000021", f"base.{name}": base}
    assert "改好了" in client.post(address, form, follow=True).text
    assert "没有改动" in client.post(address, {name: "13900000021", f"base.{name}": merge.version_of(
        Guardian.objects.get(pk=guardian.pk), "phone")}, follow=True).text  # fmt: skip
    stale = signed_in(cast.attached).post(address, form | {name: "13900000086"}, follow=True)
    assert "13900000021" in stale.text and "13900000086" in stale.text and "李秋月" in stale.text
    one = FieldConflict.objects.get()
    signed_in(cast.homeroom).post(f"/inbox/values/{one.pk}/chosen", {"chosen": "sent"})
    assert Guardian.objects.get(pk=guardian.pk).phone.reveal() == "13900000086"
    assert signed_in(cast.neighbour).get(address).status_code == 404


def exported(cast, *items, device=None) -> bytes:
    """Return a file as static/bangfu/outbox.js makes it: each item shut with the key, its number bound to it."""
    device = device or uuid4()
    _key_id, key = carry.key_of(staff_id=cast.homeroom.pk, device=device)
    rows = []
    for item in items:
        nonce = os.urandom(12)
        box = AESGCM(key).encrypt(nonce, json.dumps(item).encode(), item["id"].encode())
        coded = {"iv": base64.b64encode(nonce).decode(), "box": base64.b64encode(box).decode()}
        rows.append({"id": item["id"], "seq": item["seq"], **coded})
    told = {
        "bangfu": "outbox",
        "version": 1,
        "device": str(device),
        "staff": str(cast.homeroom.pk),
        "items": rows,
    }
    return json.dumps(told).encode()


def talk(cast, seq=1, note="没有信号的地方") -> dict:
    form = {"on": [str(DAY)], "activities": ["talk"], "note": [note], "talk.about": ["学习"]}
    body = {"pupils": [str(cast.pupils[0].pk)], "form": form}
    return {"id": str(uuid4()), "kind": "record", "seq": seq, "author": str(cast.homeroom.pk), "body": body}


def test_a_file_says_where_to_read_why_something_was_not_taken(signed_in, cast):
    strange = talk(cast) | {"kind": "nothing we know"}
    client = signed_in(cast.officer)
    assert 'href="/inbox"' in client.get("/").text  # whoever takes files in finds the page
    sent = {"file": SimpleUploadedFile("outbox.json", exported(cast, strange, talk(cast, 2)))}
    said = client.post("/inbox/file", sent).text
    assert "没有收下 1 条" in said and "请本人打开“待传”看原因" in said


def test_a_file_from_a_phone_is_taken_in_once_in_its_authors_name(signed_in, cast):
    content = exported(cast, talk(cast, 2, "后"), talk(cast, 1, "先"))
    client = signed_in(cast.principal)
    for words in ("记下 2 条。", "已经有了 2 条。"):
        answer = client.post("/inbox/file", {"file": SimpleUploadedFile("outbox.json", content)})
        assert answer.status_code == 200 and words in answer.text and "李秋月" in answer.text
    assert set(Evidence.objects.values_list("note", "author")) == {
        ("先", cast.homeroom.pk),
        ("后", cast.homeroom.pk),
    }
    assert SyncItem.objects.filter(sent_by=cast.principal).count() == 2


def test_a_file_that_was_changed_or_is_no_such_file_is_refused_and_what_opens_is_kept(cast):
    by = cast.viewer(cast.homeroom)
    told = json.loads(exported(cast, talk(cast), talk(cast, 2)))
    told["items"][0]["id"] = str(uuid4())
    assert len(outbox_file.look(content=json.dumps(told).encode(), by=by).opened.broken) == 1
    told["device"] = str(uuid4())
    with pytest.raises(OtherSchool):
        outbox_file.look(content=json.dumps(told).encode(), by=by)
    for content in (b"", b"{}", b'{"bangfu": "outbox", "version": 2}', b"\xff"):
        with pytest.raises(NotAnOutbox):
            outbox_file.look(content=content, by=by)
    with pytest.raises(outbox_file.NotYours):
        outbox_file.look(content=exported(cast, talk(cast)), by=cast.viewer(cast.attached))
