"""换人、交接、代管、历史: what people see, press and may not see."""

from datetime import timedelta

import pytest

from bangfu.records.models import Handover, Leave, Pairing, PairNote
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def helped(cast):
    """Two pupils of the class teacher, one of the attached teacher, and a second attached teacher with room."""
    factories.staff(cast.school, "周远", "zhou", ("class_attached_teacher", cast.class_two))
    return [cast.case(0), cast.case(1), cast.case(2, helper=cast.attached)]


def asked(cast):
    return {"staff": cast.homeroom.pk, "why": "away"}


def chosen(page_of, cast):
    """What the form would send: every line's proposed teacher."""
    from bangfu.flow import rearrange

    found = rearrange.look(by=cast.viewer(page_of), going=rearrange.Going(cast.homeroom, "away"))
    return {f"to-{line.pairing}": line.next or "" for one in found for line in one.lines}


def test_without_anybody_going_the_page_says_that_nothing_has_to_change(signed_in, cast, helped):
    page = signed_in(cast.principal).get("/pairing/changes").text
    assert "现在没有要换的" in page and "李秋月" in page


def test_who_goes_is_looked_at_first_and_the_fewest_changes_are_said(signed_in, cast, helped):
    page = signed_in(cast.supervisor).get("/pairing/changes", asked(cast)).text
    assert "最少要换 2 对" in page and "别的 1 对都不动" in page
    assert "李秋月要长时间请假" in page and "确认换人，从今天起" in page
    assert not Handover.objects.exists()


def test_one_press_changes_all_and_leads_to_the_pages_for_the_next(signed_in, cast, helped):
    client = signed_in(cast.principal)
    page = client.post("/pairing/changes", {**asked(cast), **chosen(cast.principal, cast)}, follow=True).text
    row = Handover.objects.get()
    assert "换好了 2 对，从今天起" in page and f"/pairing/handovers/{row.pk}" in page
    assert "换了 2 对，不能更少" in page
    assert not Pairing.objects.in_force(DAY).filter(helper=cast.homeroom).exists()
    paper = client.get(f"/pairing/handovers/{row.pk}").text
    assert "名学生交给" in paper and "什么管用" in paper and "接下来的日子" in paper


def test_a_choice_beyond_the_cap_comes_back_with_the_sentence_and_what_was_chosen(signed_in, cast, helped):
    everything = dict.fromkeys(chosen(cast.principal, cast), cast.attached.pk)
    answer = signed_in(cast.principal).post("/pairing/changes", {**asked(cast), **everything})
    assert answer.status_code == 422
    assert "赵志远最多带 2 名，这样就有 3 名" in answer.text and "李秋月要长时间请假" in answer.text
    assert not Handover.objects.exists()


@pytest.mark.parametrize("who", ["homeroom", "attached", "officer"])
def test_nobody_but_deciders_changes_helpers(signed_in, cast, helped, who):
    client = signed_in(getattr(cast, who))
    assert client.get("/pairing/changes").status_code == 403
    assert client.post("/pairing/changes", {**asked(cast)}).status_code == 403
    assert not Handover.objects.exists()


def test_the_taker_over_reads_the_own_pages_and_others_find_none(signed_in, cast, helped):
    signed_in(cast.homeroom).post(
        "/pairing/notes",
        {"pairing": helped[0].pairings.get().pk, "helps": "先聊画画", "avoid": "别当众问作业"},
    )
    signed_in(cast.principal).post("/pairing/changes", {**asked(cast), **chosen(cast.principal, cast)})
    row = Handover.objects.get()
    taker = Pairing.objects.get(case=helped[0], state="confirmed").helper
    page = signed_in(taker).get(f"/pairing/handovers/{row.pk}").text
    assert "陈小满" in page and "先聊画画" in page and "别当众问作业" in page
    assert "李秋月" in page and "杨朵朵" not in page
    assert "交给您" in signed_in(taker).get("/pairing/notes").text
    for other in (cast.neighbour, cast.outsider):
        assert signed_in(other).get(f"/pairing/handovers/{row.pk}").status_code == 404


def test_the_words_for_the_next_are_kept_and_empty_ones_asked_again(signed_in, cast, helped):
    client, pairing = signed_in(cast.homeroom), helped[0].pairings.get()
    empty = client.post("/pairing/notes", {"pairing": pairing.pk, "helps": " ", "avoid": ""})
    assert empty.status_code == 422 and "还没有写" in empty.text
    page = client.post(
        "/pairing/notes", {"pairing": pairing.pk, "helps": "先聊画画", "avoid": ""}, follow=True
    ).text
    assert "先聊画画" in page and PairNote.objects.get().by == cast.homeroom
    signed_in(cast.neighbour).post("/pairing/notes", {"pairing": pairing.pk, "helps": "x"})
    assert PairNote.objects.count() == 1


def test_who_helped_a_child_and_when_is_read_by_those_who_may_see_it(signed_in, cast, helped):
    signed_in(cast.principal).post("/pairing/changes", {**asked(cast), **chosen(cast.principal, cast)})
    page = (
        signed_in(cast.homeroom).get(f"/pupils/{cast.pupils[0].pk}/helpers").text
    )  # still the class teacher
    assert page.index("9月7日—10月15日") and "10月15日—现在" in page
    mate = signed_in(cast.attached).get(f"/pupils/{cast.pupils[0].pk}/helpers").text
    assert "要长时间请假" not in mate  # why a pair ended is for those who decide, and for whoever was asked
    assert "要长时间请假" in signed_in(cast.principal).get(f"/pupils/{cast.pupils[0].pk}/helpers").text
    for other in (cast.neighbour, cast.officer, cast.outsider):
        assert signed_in(other).get(f"/pupils/{cast.pupils[0].pk}/helpers").status_code == 404
    assert (
        f"/pupils/{cast.pupils[0].pk}/helpers"
        in signed_in(cast.homeroom).get(f"/pupils/{cast.pupils[0].pk}").text
    )


def test_ones_own_history_counts_whom_one_may_not_see_any_more(signed_in, cast, helped):
    far = factories.staff(cast.school, "曹阳", "cao")
    old = helped[0].pairings.get()
    Pairing.objects.create(
        case=old.case, kind="before", helper=far, state="ended", reason="同班", proposed_on=DAY,
        confirmed_by=cast.principal, valid_from=DAY - timedelta(days=9), valid_to=DAY - timedelta(days=5),
    )  # fmt: skip
    page = signed_in(far).get("/pairing/history").text
    assert "另外 1 名已经交给别人" in page and "陈小满" not in page
    client = signed_in(cast.attached)
    assert "杨朵朵" in client.get("/pairing/history").text
    assert client.get("/pairing/history", {"staff": far.pk}).status_code == 404
    assert "陈小满" in signed_in(cast.principal).get("/pairing/history", {"staff": far.pk}).text


def test_a_leave_without_a_deputy_offers_those_who_may_and_one_press_asks_one(signed_in, cast, helped):
    leave = Leave.objects.create(
        staff=cast.homeroom, starts_on=DAY, ends_on=DAY + timedelta(days=6), by=cast.homeroom
    )
    client = signed_in(cast.principal)
    page = client.get("/settings/leave").text
    assert "还没有人代管" in page and "教其中 2 名" in page
    said = client.post(f"/settings/leave/{leave.pk}/deputy", {"deputy": cast.attached.pk}, follow=True).text
    assert "赵志远" in said and "还没有人代管" not in said
    leave.refresh_from_db()
    assert leave.deputy == cast.attached
    refused = client.post(f"/settings/leave/{leave.pk}/deputy", {"deputy": cast.homeroom.pk}, follow=True).text
    assert "不能是本人" in refused


def test_for_ones_own_leave_those_who_know_the_pupils_come_first(signed_in, cast, helped):
    page = signed_in(cast.homeroom).get("/settings/leave").text
    assert "周远 · 教其中 2 名、目前带 0 名" in page


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_a_desk_and_are_accessible(
    phone, live_server, enter, signed_in, cast, helped
):
    Leave.objects.create(
        staff=cast.attached, starts_on=DAY, ends_on=DAY + timedelta(days=6), by=cast.homeroom
    )
    signed_in(cast.principal).post("/pairing/changes", {**asked(cast), **chosen(cast.principal, cast)})
    row = Handover.objects.get()
    enter(phone, cast.principal, "/me")
    for path in (
        f"/pairing/changes?staff={cast.attached.pk}&why=leaves", f"/pairing/handovers/{row.pk}",
        f"/pupils/{cast.pupils[0].pk}/helpers", "/settings/leave", "/pairing/history",
    ):  # fmt: skip
        phone.goto(f"{live_server.url}{path}")
        for width in (360, 1366):
            phone.set_viewport_size({"width": width, "height": 740})
            assert violations(phone) == [], path
            assert spill(phone) == 0, path
    phone.context.clear_cookies()
    enter(phone, cast.attached, "/pairing/notes")
    assert violations(phone) == []
    assert spill(phone) == 0
