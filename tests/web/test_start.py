"""The first start: only with the code from the server's window, only while no school is there."""

import pytest

from bangfu.flow import school
from bangfu.records.models import RoleGrant, School, Term, User
from tests.axe import spill, violations

GIVEN = {
    "name": "石坎镇中心小学",
    "principal": "王振华",
    "username": "wang",
    "password": "shikan-2026",
    "again": "shikan-2026",
}


@pytest.fixture
def empty(db, client):
    return client


def code():
    return {"code": school.setup_code()}


def test_signing_in_to_an_empty_installation_leads_to_the_first_page(empty):
    assert empty.get("/sign-in")["Location"].endswith("/start")
    assert "新开一所学校" in empty.get("/start").text


def test_the_school_opens_and_its_principal_is_signed_in(empty):
    answer = empty.post("/start", GIVEN | code())
    assert answer.status_code == 302
    assert School.objects.get().name == "石坎镇中心小学"
    assert set(RoleGrant.objects.values_list("role", flat=True)) == {"principal", "system_admin"}
    assert Term.objects.count() == 2
    assert empty.get("/settings").status_code == 200


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"code": "00000000"}, "设置码不对"),
        ({"again": "shikan-2027"}, "两次输入的密码不一样"),
        ({"password": "12345678", "again": "12345678"}, "密码至少 8 位"),
        ({"principal": " "}, "都要写"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays_but_never_the_password(empty, changed, words):
    answer = empty.post("/start", GIVEN | code() | changed)
    assert answer.status_code == 422
    assert words in answer.text
    assert "石坎镇中心小学" in answer.text and "shikan-2026" not in answer.text
    assert not School.objects.exists() and not User.objects.exists()


def test_once_a_school_is_there_the_page_is_gone(client, cast):
    assert client.get("/start").status_code == 404
    assert client.post("/start", GIVEN | code()).status_code == 404
    assert client.get("/sign-in").status_code == 200


@pytest.mark.browser
def test_the_page_fits_a_phone_and_is_accessible(phone, live_server, db):
    phone.goto(live_server.url + "/sign-in")
    assert phone.url.endswith("/start")
    assert violations(phone) == []
    assert spill(phone) == 0
