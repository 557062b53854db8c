"""Changing one's own password: the old one asked, weak ones refused, the session kept."""

import pytest

from tests.cast import PASSWORD

NEW = "qing-tian-8"


def change(client, **said):
    return client.post("/me/password", {"old": PASSWORD, "new": NEW, "again": NEW, **said})


def test_the_new_password_works_and_i_stay_signed_in(cast, signed_in):
    me = signed_in(cast.homeroom)
    assert change(me).status_code == 302
    assert me.get("/me").status_code == 200
    cast.homeroom.user.refresh_from_db()
    assert cast.homeroom.user.check_password(NEW)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"old": "wrong"}, "现在的密码不对"),
        ({"again": "other"}, "两次输入的新密码不一样"),
        ({"new": "12345678", "again": "12345678"}, "太容易被猜到"),
        ({"new": "short", "again": "short"}, "太容易被猜到"),
    ],
)
def test_a_wrong_or_weak_one_is_refused_in_a_sentence(cast, signed_in, said, sentence):
    answer = change(signed_in(cast.homeroom), **said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    cast.homeroom.user.refresh_from_db()
    assert cast.homeroom.user.check_password(PASSWORD)
