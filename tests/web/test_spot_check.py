"""Drawing children and keeping the talk: one tap, a lot that is shown, one record; nobody else reads it."""

import re
from datetime import date

import pytest

from bangfu.flow import adopt, record, review
from bangfu.records.models import Evidence, SpotCheck
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def handed_in(cast):
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    period = review.period_of_key(cast.school, "2026-10")
    for at in range(2):
        cast.case(at)
    cast.case(2, helper=cast.attached)
    entry = record.Entry(("talk",), date(2026, 10, 12), note="聊到同桌")
    record.add(entry=entry, pupils=cast.pupils[:3], by=cast.viewer(cast.homeroom))
    for staff in (cast.homeroom, cast.attached):
        review.hand_in(plan=plan, period=period, by=cast.viewer(staff))
    return cast


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def drawn(cast, count=1):
    from bangfu.flow import month

    by = cast.viewer(cast.supervisor)
    sheets = month.sheets_to_check(by, review.period_of_key(cast.school, "2026-10"))
    return review.draw(sheets=sheets, count=count, by=by)


def test_one_tap_draws_and_the_lot_is_shown(signed_in, handed_in):
    client = signed_in(handed_in.supervisor)
    assert "抽 5 名" in text(client.get("/spot-check"))
    page = text(client.post("/spot-check/draw", {"month": "2026-10", "count": "3"}, follow=True))
    assert SpotCheck.objects.count() == 3
    assert SpotCheck.objects.first().seed in page
    assert page.count("记谈话") == 3


def test_the_talk_is_kept_once_as_check_and_as_record(signed_in, handed_in):
    (check,) = drawn(handed_in)
    client = signed_in(handed_in.supervisor)
    page = text(client.get(f"/spot-check/{check.pk}"))
    assert "聊到同桌" in page and "checked" not in page  # nothing is chosen beforehand
    form = {
        "id": re.search(r'name="id" value="([^"]+)"', page)[1],
        "talked": "often", "taught": "not_yet", "wish": "has_wish", "note": "想换同桌", "outcome": "differs",
        "fulfilment": "partly",
    }  # fmt: skip
    assert "也算月末谈话" in text(client.post(f"/spot-check/{check.pk}", form, follow=True))
    client.post(f"/spot-check/{check.pk}", form)
    evidence = Evidence.objects.exclude(note="聊到同桌").get()
    assert evidence.activities == ["interview"]
    check.refresh_from_db()
    assert (check.outcome, check.fulfilment, check.evidence) == ("differs", "partly", evidence)
    assert check.answers == {"talked": "often", "taught": "not_yet", "wish": "has_wish"}
    assert "想换同桌" in text(client.get(f"/spot-check/{check.pk}"))


def test_without_an_outcome_the_page_comes_back_with_what_was_typed(signed_in, handed_in):
    (check,) = drawn(handed_in)
    form = {"taught": "not_yet", "note": "想换同桌"}
    answer = signed_in(handed_in.supervisor).post(f"/spot-check/{check.pk}", form)
    assert answer.status_code == 422
    assert "和记录对得上" in text(answer) and "想换同桌" in text(answer)
    assert SpotCheck.objects.get().checked_at is None


@pytest.mark.parametrize("who", ["homeroom", "attached", "neighbour", "officer", "outsider"])
def test_what_a_child_says_is_not_for_others(signed_in, handed_in, who):
    (check,) = drawn(handed_in)
    finding = review.Finding("differs", note="想换同桌")
    review.check(spot_check=check, finding=finding, by=handed_in.viewer(handed_in.supervisor))
    client = signed_in(getattr(handed_in, who))
    assert client.get(f"/spot-check/{check.pk}").status_code == 404
    assert client.post(f"/spot-check/{check.pk}", {"outcome": "matches"}).status_code == 404
    for page in ("/spot-check", f"/pupils/{check.case.pupil_id}", "/handin", "/board"):
        assert "想换同桌" not in text(client.get(page, follow=True))
    if who != "outsider":
        assert client.get("/spot-check").status_code == 403


def test_drawing_from_nothing_says_so(signed_in, cast):
    client = signed_in(cast.supervisor)
    assert "还没有老师交记录" in text(client.get("/spot-check"))
    answer = client.post("/spot-check/draw", {"month": "2026-10", "count": "many"}, follow=True)
    assert "交上来以后再抽" in text(answer)
    assert client.post("/spot-check/draw", {"month": "nonsense"}).status_code == 404


def test_a_supervisor_does_not_read_talks_about_the_own_children(signed_in, cast):
    cast.case(0, helper=cast.supervisor)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    period = review.period_of_key(cast.school, "2026-10")
    sheet = review.hand_in(plan=plan, period=period, by=cast.viewer(cast.supervisor))
    (check,) = review.draw(sheets=[sheet], count=1, by=cast.viewer(cast.principal))
    assert signed_in(cast.supervisor).get(f"/spot-check/{check.pk}").status_code == 404
    assert signed_in(cast.principal).get(f"/spot-check/{check.pk}").status_code == 200


@pytest.mark.browser
def test_the_list_and_the_talk_are_accessible_and_a_talk_is_six_taps(enter, handed_in, phone):
    drawn(handed_in, 2)
    enter(phone, handed_in.supervisor, then="/spot-check")
    assert violations(phone) == [] and spill(phone) == 0
    phone.click("text=记谈话 >> nth=0")
    assert violations(phone) == [] and spill(phone) == 0
    for name, value in (
        ("talked", "often"),
        ("taught", "sometimes"),
        ("wish", "fine"),
        ("outcome", "matches"),
    ):
        phone.click(f"label.chip:has(input[name={name}][value={value}])")
    phone.click("form[data-draft] button.main")
    phone.wait_for_url("**/spot-check?month=2026-10")
    assert SpotCheck.objects.filter(outcome="matches").count() == 1
