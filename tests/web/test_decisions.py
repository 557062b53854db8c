"""学期审定: who is left, what was decided, who may decide, and that change or close takes a sentence."""

import pytest

from bangfu.records.models import Case, Decision, Pairing
from tests.axe import spill, violations

TERM = "2026-2027-1"


@pytest.fixture
def case(cast):
    return cast.case(0)


def test_going_on_takes_one_press_and_moves_the_child_to_the_decided(signed_in, cast, case):
    client = signed_in(cast.homeroom)
    assert "还有 1 名学生等您审定" in client.get("/decisions").text
    page = client.post(f"/decisions/{case.pk}", {"term": TERM, "outcome": "continue"}, follow=True).text
    assert Decision.objects.get().outcome == "continue"
    assert "您这边都审定过了" in page


@pytest.mark.parametrize("outcome", ["change", "close"])
def test_changing_or_closing_takes_a_sentence_and_keeps_what_was_chosen(signed_in, cast, case, outcome):
    client = signed_in(cast.attached)
    answer = client.post(f"/decisions/{case.pk}", {"term": TERM, "outcome": outcome})
    assert answer.status_code == 422
    assert "请写一句原因" in answer.text
    assert f'value="{outcome}" checked' in answer.text
    assert not Decision.objects.exists()
    client.post(f"/decisions/{case.pk}", {"term": TERM, "outcome": outcome, "note": "已经跟上了"})
    assert Decision.objects.get().note == "已经跟上了"
    assert (Case.objects.get().closed_on is not None) == (outcome == "close")
    assert Pairing.objects.filter(state="ended").exists() == (outcome == "close")


def test_twice_is_refused_in_a_sentence(signed_in, cast, case):
    client = signed_in(cast.supervisor)
    given = {"term": TERM, "outcome": "continue"}
    client.post(f"/decisions/{case.pk}", given)
    assert "已经审定过了" in client.post(f"/decisions/{case.pk}", given).text
    assert Decision.objects.count() == 1


def test_a_term_that_is_not_there_is_not_decided(signed_in, cast, case):
    answer = signed_in(cast.homeroom).post(f"/decisions/{case.pk}", {"term": "x", "outcome": "continue"})
    assert answer.status_code == 422
    assert not Decision.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "outsider", "officer"])
def test_nobody_decides_on_a_child_that_is_not_theirs(signed_in, cast, case, who):
    client = signed_in(getattr(cast, who))
    assert cast.pupils[0].name not in client.get("/decisions").text
    answer = client.post(f"/decisions/{case.pk}", {"term": TERM, "outcome": "continue"})
    assert answer.status_code == 404


@pytest.mark.browser
def test_the_page_fits_a_phone_and_is_accessible(phone, enter, cast, case):
    enter(phone, cast.homeroom, "/decisions")
    assert violations(phone) == []
    assert spill(phone) == 0
