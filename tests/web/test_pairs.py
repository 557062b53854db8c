"""结对: proposed with reasons, changed by hand, in force only when confirmed, accepted or declined by the helper."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bangfu.records.models import Pairing
from tests import factories
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
    given = {"case": one.case_id, "pair": one.pk, "helper": other.pk}
    answer = supervisor.post("/pairing/place", given, follow=True)
    assert f"换成了{other.name}" in answer.text
    chosen = Pairing.objects.get(case=one.case)
    assert (chosen.helper, chosen.state, chosen.is_locked) == (other, "proposed", True)
    refused = supervisor.post(
        "/pairing/place", given | {"pair": chosen.pk, "helper": cast.neighbour.pk}, follow=True
    )
    assert "孙丽不在其中" in refused.text
    assert Pairing.objects.get(case=one.case).is_locked, "a refusal leaves everything as it was"


def test_a_child_is_placed_without_any_proposal_before(supervisor, cast, cases):
    supervisor.post("/pairing/place", {"case": cases[0].pk, "helper": cast.attached.pk})
    assert [(one.case_id, one.helper) for one in proposed()] == [(cases[0].pk, cast.attached)]
    page = supervisor.get("/pairing").text
    assert "配好了 1 对，确认以后才算数" in page and "由张国栋选定" in page


def test_what_is_locked_stays_when_the_machine_proposes_again_and_what_is_put_back_waits(
    supervisor, cast, cases
):
    supervisor.post("/pairing/place", {"case": cases[0].pk, "helper": cast.attached.pk})
    supervisor.post("/pairing/proposal")
    kept = Pairing.objects.get(case=cases[0])
    assert kept.helper == cast.attached and len(proposed()) == 3
    supervisor.post(f"/pairing/{kept.pk}/released")
    kept.refresh_from_db()
    assert not kept.is_locked
    supervisor.post(f"/pairing/{kept.pk}/kept")
    kept.refresh_from_db()
    assert kept.is_locked
    supervisor.post("/pairing/place/back", {"pair": kept.pk})
    assert len(proposed()) == 2
    assert "还有 3 名学生没有人帮" in supervisor.get("/pairing").text


def test_the_board_alone_is_answered_to_whoever_asks_for_it(supervisor, cast, cases):
    board = {"X-Part": "board"}
    answer = supervisor.get("/pairing", headers=board)
    assert answer["X-Part"] == "board"
    assert "<html" not in answer.text and "陈小满" in answer.text
    given = {"case": cases[0].pk, "helper": cast.attached.pk}
    answer = supervisor.post("/pairing/place", given, headers=board, follow=True)
    assert "换成了赵志远" in answer.text and "<html" not in answer.text
    refused = supervisor.post(
        "/pairing/place", given | {"helper": cast.neighbour.pk}, headers=board, follow=True
    )
    assert "孙丽不在其中" in refused.text


def spot(case) -> str:
    return f"s1-{case.pk}"


def test_a_child_picked_up_shows_who_may_help_and_why_others_may_not(supervisor, cast, cases):
    page = supervisor.get("/pairing", {"pick": spot(cases[0])}).text
    assert "选这位" in page and "同班、班主任" in page
    factories.case(cast.pupils[3], by=cast.homeroom, helper=cast.attached)
    factories.case(cast.pupils[4], by=cast.homeroom, helper=cast.attached)
    page = supervisor.get("/pairing", {"pick": spot(cases[0])}).text
    assert "已经带满了 · 赵志远" in page
    assert "不在本班" in page and "孙丽" in page


def test_a_spot_nobody_stands_on_is_no_error(supervisor, cast):
    assert "选这位" not in supervisor.get("/pairing", {"pick": "s1-nobody"}).text


def test_the_proposals_are_held_against_the_best_and_the_best_is_one_press_away(supervisor, cast, cases):
    for case in cases[:2]:
        supervisor.post("/pairing/place", {"case": case.pk, "helper": cast.attached.pk})
    page = supervisor.get("/pairing").text
    assert "还有 1 名学生没有配上" in page and "换成最好的安排" in page
    page = supervisor.post("/pairing/best", follow=True).text
    assert "这就是最好的安排" in page and "换成最好的安排" not in page
    assert {one.is_locked for one in proposed()} == {False}
    assert "已经证明不能再少" in page


def test_somebody_to_be_avoided_is_noted_with_a_reason_and_no_longer_asked(supervisor, cast, cases):
    supervisor.post("/pairing/place", {"case": cases[0].pk, "helper": cast.attached.pk})
    given = {"case": cases[0].pk, "helper": cast.attached.pk, "why": "relative", "note": "是姑姑"}
    assert "请写一句原因" in supervisor.post("/pairing/avoidance", given | {"why": ""}, follow=True).text
    page = supervisor.post("/pairing/avoidance", given, follow=True).text
    assert "不请赵志远帮这名学生" in page and not proposed()
    page = supervisor.get("/pairing", {"pick": spot(cases[0])}).text
    assert "赵志远 · 是亲戚" in page and "姑姑" not in page
    refused = supervisor.post("/pairing/place", given, follow=True).text
    assert "要回避" in refused and not proposed()
    (row,) = cast.pupils[0].avoidances.all()
    supervisor.post(f"/pairing/avoidance/{row.pk}/end")
    supervisor.post("/pairing/place", given)
    assert len(proposed()) == 1


def test_a_teachers_own_child_is_asked_about_and_stands_only_when_somebody_said_so(supervisor, cast, cases):
    guardian = cast.pupils[0].guardians.get()
    guardian.name = cast.attached.name
    guardian.save()
    page = supervisor.get("/pairing").text
    assert "是自己的孩子吗？" in page
    given = {"pupil": cast.pupils[0].pk, "helper": cast.attached.pk, "why": "own_child"}
    supervisor.post("/pairing/avoidance/none", given)
    assert "是自己的孩子吗？" not in supervisor.get("/pairing").text
    supervisor.post("/pairing/place", {"case": cases[0].pk, "helper": cast.attached.pk})
    assert len(proposed()) == 1


def test_loads_are_said_in_children_and_minutes(supervisor, cast, cases):
    cast.attached.weekly_minutes_cap = 60
    cast.attached.save()
    supervisor.post("/pairing/place", {"case": cases[0].pk, "helper": cast.attached.pk})
    page = supervisor.get("/pairing").text
    assert re.search(r"1 / 2，\d+ 分钟 / 60", page)


def test_the_board_asks_the_database_no_more_for_ten_children_than_for_three(
    supervisor, cast, django_assert_max_num_queries
):
    with CaptureQueriesContext(connection) as few:
        supervisor.get("/pairing")
    for pupil in cast.pupils[3:]:
        factories.case(pupil, by=cast.homeroom)
    with django_assert_max_num_queries(len(few)):
        supervisor.get("/pairing")


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
    assert "三（2）班有" in page and "2 位老师最多带 4 名" in page
    assert "可以请李秋月多带 1 名" in page and "可以请赵志远多带 1 名" in page


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
    for what in ("kept", "released", "acceptance", "refusal", "end"):
        given = {"because": "x", "helper": cast.neighbour.pk, "slot": "x"}
        assert client.post(f"/pairing/{one.pk}/{what}", given).status_code == 404


def test_a_class_teacher_does_not_decide(signed_in, cast, cases):
    answer = signed_in(cast.homeroom).post("/pairing/proposal", follow=True)
    assert "由包级领导或校长来确认" in answer.text
    assert not Pairing.objects.exists()


def test_without_a_plan_the_page_says_what_comes_first(signed_in, cast):
    cast.school.plans.all().delete()
    assert "现在没有要结对的方案" in signed_in(cast.supervisor).get("/pairing").text


def test_today_says_that_a_pupil_waits_for_an_answer_and_leads_there(signed_in, supervisor, cast):
    supervisor.post("/pairing/proposal")
    supervisor.post("/pairing/confirmation", {"pair": [one.pk for one in proposed()]})
    helper = signed_in(cast.homeroom)
    page = helper.get("/").text
    assert "名学生等您答复" in page and "/pairing?plan=weekly_support&amp;kind=" in page
    for one in Pairing.objects.in_force(DAY).filter(helper=cast.homeroom):
        helper.post(f"/pairing/{one.pk}/acceptance", {"slot": ""})
    assert "等您答复" not in helper.get("/").text


def test_what_follows_the_class_is_said_in_a_line_and_not_proposed(signed_in, cast, cases):
    factories.plan(cast.school, key="one_child")
    page = signed_in(cast.supervisor).get("/pairing?plan=one_child&kind=team").text
    assert "随班级，不用配：个案帮扶 · 科任老师一起帮" in page
    assert "一帮一" in page or "还有 3 名学生没有人帮" in page, "the board stays with what people decide"
    assert 'href="/pairing?plan=one_child' not in page and "kind=team" not in page.split("<main")[1]
