"""Recognitions in force: a page for two people; one is ended with a reason and a day; it works without scripts."""

from datetime import date

import pytest

from bangfu.records.models import Recognition
from tests.axe import spill, violations
from tests.flow.recognition_school import Play

LATER = date(2026, 11, 18)


@pytest.fixture
def held(cast, settings) -> Recognition:
    settings.DAY = LATER
    play = Play(cast).begin().apply(cast.pupils[0]).appraise({cast.pupils[0]: "困难"}).decide()
    play.post()
    play.archive()
    return Recognition.objects.get()


def test_the_officer_ends_one_with_a_reason(signed_in, cast, held):
    client = signed_in(cast.officer)
    assert "/recognition/held" in client.get("/recognition").text
    page = client.get("/recognition/held").text
    assert cast.pupils[0].name in page and "困难" not in page.split("<title>")[1].split("</title>")[0]
    at = f"/recognition/held/{held.pk}"
    page = client.post(at, {"on": "2026-11-10"}, follow=True, headers={"referer": "/recognition/held"}).text
    assert "请写一句为什么结束" in page and cast.pupils[0].name in page
    wrong = {"on": "2026-02-30", "because": "家里说情况好了"}
    assert (
        "日期没有看懂" in client.post(at, wrong, follow=True, headers={"referer": "/recognition/held"}).text
    )
    page = client.post(at, {"on": "2026-11-10", "because": "家里说情况好了"}, follow=True).text
    assert "已经结束" in page and cast.pupils[0].name not in page.split("<main")[1]
    held.refresh_from_db()
    assert held.ended_on == date(2026, 11, 10)


@pytest.mark.parametrize("who", ["deputy_head", "homeroom"])
def test_others_of_the_group_neither_see_the_page_nor_end_one(signed_in, cast, held, who):
    client = signed_in(getattr(cast, who))
    assert "/recognition/held" not in client.get("/recognition").text
    assert client.get("/recognition/held").status_code != 200
    client.post(f"/recognition/held/{held.pk}", {"because": "看错了"})
    held.refresh_from_db()
    assert held.ended_on is None


def test_it_fits_a_phone_and_is_accessible(phone, enter, cast, held):
    enter(phone, cast.officer, "/recognition/held")
    phone.locator("summary").first.click()
    assert violations(phone) == [] and not spill(phone)
