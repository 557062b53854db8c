"""Signing in and out, and what a stranger may open."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import DAY, PASSWORD

ENTER = {"username": "li", "password": PASSWORD}


def test_a_teacher_signs_in_and_lands_where_they_wanted_to_go(cast, client):
    answer = client.get("/me")
    assert answer.status_code == 302 and answer["Location"] == "/sign-in?next=/me"
    answer = client.post("/sign-in", ENTER | {"next": "/me"})
    assert answer.status_code == 302 and answer["Location"] == "/me"
    assert "李秋月" in client.get("/me").text


@pytest.mark.parametrize("next", ["https://example.com/", "//example.com", "/sign-in", ""])
def test_nobody_is_sent_elsewhere_after_signing_in(cast, client, next):
    assert client.post("/sign-in", ENTER | {"next": next})["Location"] == "/"


def test_a_wrong_password_says_so_and_keeps_the_name_but_not_the_password(cast, client):
    answer = client.post("/sign-in", {"username": "li", "password": "not-this-one"})
    assert answer.status_code == 422
    assert "用户名和密码对不上" in answer.text
    assert 'value="li"' in answer.text and "not-this-one" not in answer.text


def test_ten_wrong_passwords_make_signing_in_rest_even_with_the_right_one(cast, client):
    for _ in range(10):
        answer = client.post("/sign-in", {"username": "li", "password": "guess"})
    assert answer.status_code == 429 and "请过一刻钟再试" in answer.text
    assert client.post("/sign-in", ENTER).status_code == 429
    # Somebody else at the same school's address is not kept out.
    assert client.post("/sign-in", {"username": "wang", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    ("own_device", "length"), [({}, timedelta(hours=12)), ({"own_device": "1"}, timedelta(days=30))]
)
def test_a_shared_computer_forgets_after_half_a_day_and_ones_own_after_a_month(
    cast, client, own_device, length
):
    client.post("/sign-in", ENTER | own_device)
    left = client.session.get_expiry_date() - timezone.now()
    assert abs(left - length) < timedelta(minutes=5)


def test_signing_out_ends_it(cast, client, signed_in):
    signed_in(cast.homeroom)
    assert client.post("/sign-out").status_code == 302
    assert client.get("/me").status_code == 302


def test_signing_out_is_never_a_link(cast, client, signed_in):
    assert signed_in(cast.homeroom).get("/sign-out").status_code == 405


def test_who_left_the_school_is_told_calmly(cast, client):
    cast.homeroom.left_on = DAY
    cast.homeroom.save()
    client.force_login(cast.homeroom.user, backend="bangfu.records.access.ViewerBackend")
    answer = client.get("/me")
    assert answer.status_code == 403 and "没有对应的教职工" in answer.text


def test_coming_and_going_leaves_no_log_of_hours(cast, client):
    from axes.models import AccessLog

    client.post("/sign-in", ENTER)
    client.post("/sign-out")
    assert not AccessLog.objects.exists()


def test_i_can_read_why_i_see_what_i_see(cast, signed_in):
    text = signed_in(cast.homeroom).get("/me").text
    assert "三（2）班" in text and "因为您是班主任" in text
    text = signed_in(cast.supervisor).get("/me").text
    assert "包级领导" in text and "三年级" in text
