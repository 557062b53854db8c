"""Simplified Chinese unless somebody chose otherwise; days and lists as each language writes them."""

from datetime import date

import pytest
from django.utils import translation

from bangfu.web import formats


def test_the_page_is_chinese_whatever_the_browser_would_like(cast, client):
    answer = client.get("/sign-in", headers={"accept-language": "en-US,en"})
    assert '<html lang="zh-Hans">' in answer.text and "登录" in answer.text


@pytest.mark.parametrize(
    ("code", "tag", "words"),
    [("zh-hant", "zh-Hant", "登入"), ("en", "en", "Sign in"), ("zh-hans", "zh-Hans", "登录")],
)
def test_a_chosen_language_is_spoken_and_remembered(cast, client, code, tag, words):
    answer = client.post("/me/language", {"language": code, "next": "/sign-in"})
    assert answer.status_code == 302 and answer["Location"] == "/sign-in"
    text = client.get("/sign-in").text
    assert f'<html lang="{tag}">' in text and f"<h1>{words}</h1>" in text


def test_a_language_we_do_not_speak_changes_nothing(cast, client):
    client.post("/me/language", {"language": "tlh"})
    assert "language" not in client.cookies


def test_large_text_is_remembered_on_the_device(cast, signed_in):
    client = signed_in(cast.homeroom)
    client.post("/me/text", {"text": "large"})
    assert 'class="large"' in client.get("/me").text


@pytest.mark.parametrize(
    ("code", "written"),
    [
        ("zh-hans", "10月8日|2025年3月12日|10月8日—31日|9月28日—10月8日|昨天|周一|10月|第3周|心情、家里"),
        ("zh-hant", "10月8日|2025年3月12日|10月8日—31日|9月28日—10月8日|昨天|星期一|10月|第3週|心情、家里"),
        ("en", "8 Oct|12 Mar 2025|8–31 Oct|28 Sep—8 Oct|yesterday|Mon|Oct|Week 3|心情, 家里"),
    ],
)
def test_days_weeks_and_lists(settings, code, written):
    settings.DAY = date(2026, 10, 15)
    with translation.override(code):
        assert written.split("|") == [
            formats.day(date(2026, 10, 8)),
            formats.day(date(2025, 3, 12)),
            formats.days(date(2026, 10, 8), date(2026, 10, 31)),
            formats.days(date(2026, 9, 28), date(2026, 10, 8)),
            formats.near(date(2026, 10, 14)),
            formats.near(date(2026, 10, 12)),
            formats.month("2026-10"),
            formats.week(3),
            formats.listed(["心情", "家里"]),
        ]


def test_a_window_over_new_year_names_both_years(settings):
    settings.DAY = date(2026, 10, 15)
    with translation.override("zh-hans"):
        assert formats.days(date(2026, 12, 28), date(2027, 1, 3)) == "2026年12月28日—2027年1月3日"


@pytest.mark.parametrize(("number", "mask"), [("13912346021", "139****6021"), ("", ""), ("110", "***")])
def test_a_phone_is_masked(number, mask):
    assert formats.phone(number) == mask


@pytest.mark.parametrize(
    ("minutes", "words"), [(8, "约 10 分钟"), (10, "约 10 分钟"), (0, "约 5 分钟"), (11, "约 15 分钟")]
)
def test_an_estimate_is_rounded_to_five_minutes(minutes, words):
    with translation.override("zh-hans"):
        assert formats.minutes(minutes) == words
