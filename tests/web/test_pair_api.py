"""Pairs for programs: told with one's own eyes, proposed and confirmed under the same rules, refused in a sentence."""

import json

import pytest

from bangfu.flow import adopt, pair
from bangfu.records.models import Pairing
from tests import factories
from tests.cast import DAY


@pytest.fixture
def cases(cast):
    return [factories.case(pupil, by=cast.homeroom) for pupil in cast.pupils[:3]]


def post(client, **asked):
    return client.post("/api/pairs", json.dumps({k: str(v) if k in ("case", "helper") else v for k, v in asked.items()}),
                       content_type="application/json")  # fmt: skip


def test_pairs_are_told_without_names_unless_asked(signed_in, cast, cases):
    factories.pair(cases[0], cast.homeroom, valid_from=DAY)
    client = signed_in(cast.supervisor)
    told = client.get("/api/pairs").json()
    assert told["plan"] == "weekly_support" and len(told["without"]) == 2
    assert [row["state"] for row in told["pairs"]] == ["confirmed"]
    assert "pupil_name" not in told["pairs"][0]
    assert client.get("/api/pairs?names=1").json()["pairs"][0]["pupil_name"] == "陈小满"


def test_one_is_proposed_then_confirmed_and_a_third_child_is_refused_in_a_sentence(signed_in, cast, cases):
    client = signed_in(cast.principal)
    first = post(client, case=cases[0].pk, helper=cast.homeroom.pk)
    assert (first.status_code, first.json()["state"]) == (201, "proposed")
    for case in cases[:2]:
        answer = post(client, case=case.pk, helper=cast.homeroom.pk, confirm=True)
        assert (answer.status_code, answer.json()["state"]) == (201, "confirmed")
    third = post(client, case=cases[2].pk, helper=cast.homeroom.pk, confirm=True)
    assert third.status_code == 409 and "最多 2 名" in third.json()["error"]
    assert Pairing.objects.in_force(DAY).count() == 2


def test_a_proposal_is_told_to_those_who_decide_and_to_nobody_else(signed_in, cast, cases):
    pair.place(
        case=cases[0],
        helper=cast.attached,
        plan=adopt.plans_in_force(cast.school, DAY)[0],
        by=cast.viewer(cast.principal),
    )
    assert [row["state"] for row in signed_in(cast.principal).get("/api/pairs").json()["pairs"]] == [
        "proposed"
    ]
    assert signed_in(cast.homeroom).get("/api/pairs").json()["pairs"] == []


def test_who_may_not_decide_is_refused_and_a_stranger_sees_nothing(signed_in, cast, cases):
    answer = post(signed_in(cast.homeroom), case=cases[0].pk, helper=cast.homeroom.pk, confirm=True)
    assert answer.status_code == 409
    outsider = signed_in(cast.outsider)
    assert post(outsider, case=cases[0].pk, helper=cast.homeroom.pk).status_code == 404
    assert str(cases[0].pk) not in outsider.get("/api/pairs").text
    assert not Pairing.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", "{", '{"case": "x", "helper": "y"}'])
def test_what_cannot_be_read_is_said_calmly(signed_in, cast, body):
    answer = signed_in(cast.principal).post("/api/pairs", body, content_type="application/json")
    assert answer.status_code == 422 and "error" in answer.json()
    assert signed_in(cast.principal).delete("/api/pairs").status_code == 405


def test_a_pairing_the_plan_does_not_know_is_no_other_pairing(signed_in, cast, cases):
    client = signed_in(cast.principal)
    assert post(client, case=cases[0].pk, helper=cast.homeroom.pk, kind="helperr").status_code == 404
    assert client.get("/api/pairs?kind=helperr").status_code == 404
    assert not Pairing.objects.exists()


def test_a_confirmation_refused_leaves_no_proposal_behind(signed_in, cast, cases, monkeypatch):
    def refuse(**_):
        raise pair.AlreadyPaired

    monkeypatch.setattr(pair, "confirm", refuse)
    answer = post(signed_in(cast.principal), case=cases[0].pk, helper=cast.homeroom.pk, confirm=True)
    assert answer.status_code == 409 and not Pairing.objects.exists()
