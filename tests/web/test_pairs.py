"""结对: proposed with reasons, changed by hand, in force only when confirmed, accepted or declined by the helper."""

import pytest

from bangfu.records.models import Pairing
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def cases(cast):
    return [factories.case(pupil, by=cast.homeroom) for pupil in cast.pupils[:3]]


@pytest.fixture
def supervisor(signed_in, cast, cases):
    return signed_in(cast.supervisor)


def proposed():
    return list(Pairing.objects.filter(state="proposed").order_by("case__pupil__sort_key"))


def test_children_without_anyone_stand_beside_adults_with_their_load(supervisor, cast):
    page = supervisor.get("/pairing").text
    assert "还有 3 名学生没有人帮" in page
    assert "李秋月" in page and "0 / 2" in page
    assert "帮我配一配" in page


def test_a_proposal_has_a_reason_and_is_not_in_force(supervisor, cast):
    page = supervisor.post("/pairing/proposal", follow=True).text
    assert "配好了 3 对" in page
    assert "同班、班主任" in page
    assert not Pairing.objects.in_force(DAY).exists()


def test_one_or_all_are_confirmed(supervisor, cast):
    supervisor.post("/pairing/proposal")
    first, *rest = proposed()
    supervisor.post("/pairing/confirmation", {"pair": first.pk})
    assert Pairing.objects.in_force(DAY).count() == 1
    page = supervisor.post("/pairing/confirmation", {"pair": [one.pk for one in rest]}, follow=True).text
    assert Pairing.objects.in_force(DAY).count() == 3
    assert "等老师答复" in page
    assert "选定的学生都有人帮了" in page


def test_another_adult_is_chosen_by_hand_before_confirming(supervisor, cast):
    supervisor.post("/pairing/proposal")
    one = proposed()[0]
    other = cast.attached if one.helper_id == cast.homeroom.pk else cast.homeroom
    answer = supervisor.post(f"/pairing/{one.pk}/helper", {"helper": other.pk}, follow=True)
    assert other.name in answer.text
    one.refresh_from_db()
    assert (one.helper, one.state) == (other, "proposed")
    refused = supervisor.post(f"/pairing/{one.pk}/helper", {"helper": cast.neighbour.pk}, follow=True)
    assert "孙丽不在其中" in refused.text


def test_two_people_confirming_at_once_get_a_calm_sentence(supervisor, cast):
    supervisor.post("/pairing/proposal")
    old = [one.pk for one in proposed()]
    supervisor.post("/pairing/proposal")  # somebody else proposes anew meanwhile
    answer = supervisor.post("/pairing/confirmation", {"pair": old}, follow=True)
    assert "刚刚有人改过" in answer.text
    assert not Pairing.objects.in_force(DAY).exists()
    fresh = [one.pk for one in proposed()]
    supervisor.post("/pairing/confirmation", {"pair": fresh})
    again = supervisor.post("/pairing/confirmation", {"pair": fresh}, follow=True)
    assert again.status_code == 200
    assert Pairing.objects.in_force(DAY).count() == 3


def test_what_cannot_be_met_is_said_in_words(supervisor, cast):
    for pupil in cast.pupils[3:]:
        factories.case(pupil, by=cast.homeroom)
    page = supervisor.post("/pairing/proposal", follow=True).text
    assert "还差的" in page
    assert "三（2）班有 6 名学生要结对" in page


def pair_of(cast, cases):
    return Pairing.objects.create(
        case=cases[0], helper=cast.homeroom, state="confirmed", reason="同班", proposed_on=DAY,
        confirmed_by=cast.supervisor, valid_from=DAY,
    )  # fmt: skip


def test_the_helper_takes_the_child_on_with_a_time(signed_in, cast, cases):
    one, client = pair_of(cast, cases), signed_in(cast.homeroom)
    page = client.get("/pairing").text
    assert "和您结对的学生" in page and "等您答复" in page
    assert "帮我配一配" not in page
    page = client.post(f"/pairing/{one.pk}/acceptance", {"slot": "周三 大课间"}, follow=True).text
    one.refresh_from_db()
    assert (one.accepted_on, one.time_slot) == (DAY, "周三 大课间")
    assert "周三 大课间" in page


def test_the_helper_declines_with_a_sentence_and_the_child_is_free_again(signed_in, cast, cases):
    one, client = pair_of(cast, cases), signed_in(cast.homeroom)
    assert "写一句原因" in client.post(f"/pairing/{one.pk}/refusal", {"because": " "}, follow=True).text
    client.post(f"/pairing/{one.pk}/refusal", {"because": "是我的亲戚"})
    one.refresh_from_db()
    assert one.state == "declined"
    assert cast.pupils[0].name in client.get("/pairing").text


def test_a_pair_ends_with_a_reason(supervisor, cast, cases):
    one = pair_of(cast, cases)
    supervisor.post(f"/pairing/{one.pk}/end", {"because": ""})
    one.refresh_from_db()
    assert one.state == "confirmed"
    supervisor.post(f"/pairing/{one.pk}/end", {"because": "老师调走"})
    one.refresh_from_db()
    assert (one.state, one.ended_because) == ("ended", "老师调走")


@pytest.mark.parametrize("who", ["neighbour", "outsider"])
def test_nobody_touches_a_pair_of_another_class(signed_in, cast, cases, who):
    one, client = pair_of(cast, cases), signed_in(getattr(cast, who))
    assert cast.pupils[0].name not in client.get("/pairing").text
    for what in ("helper", "acceptance", "refusal", "end"):
        given = {"because": "x", "helper": cast.neighbour.pk, "slot": "x"}
        assert client.post(f"/pairing/{one.pk}/{what}", given).status_code == 404


def test_a_class_teacher_does_not_decide(signed_in, cast, cases):
    answer = signed_in(cast.homeroom).post("/pairing/proposal", follow=True)
    assert "由包级领导或校长来确认" in answer.text
    assert not Pairing.objects.exists()


def test_without_a_plan_the_page_says_what_comes_first(signed_in, cast):
    cast.school.plans.all().delete()
    assert "现在没有要结对的方案" in signed_in(cast.supervisor).get("/pairing").text


@pytest.mark.browser
def test_both_sides_fit_a_phone_and_are_accessible(phone, live_server, enter, supervisor, cast, cases):
    supervisor.post("/pairing/proposal")
    supervisor.post("/pairing/confirmation", {"pair": proposed()[0].pk})
    enter(phone, cast.supervisor, "/pairing")
    assert violations(phone) == []
    assert spill(phone) == 0
    phone.context.clear_cookies()
    enter(phone, cast.homeroom, "/pairing")
    assert violations(phone) == []
    assert spill(phone) == 0
