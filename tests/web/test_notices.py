"""公示 page: exactly what people see, its days, gone by itself; taking it down; objections with or without a name."""

from datetime import date

import pytest
from django.urls import reverse

from bangfu.records.models import Notice, Objection
from tests.axe import spill, violations
from tests.flow.recognition_school import LAST, POSTED, Play, next_day, on_list

SECRETS = ("低保", "dibao", "爷爷", "10012345678", "5223", "奶奶")


@pytest.fixture
def play(cast, settings) -> Play:
    settings.DAY = POSTED
    on_list(cast.pupils[0])
    return Play(cast).begin().apply(cast.pupils[1]).appraise({cast.pupils[1]: "一般困难"}).decide()


def test_what_will_hang_is_shown_before_it_is_posted(signed_in, cast, play):
    page = signed_in(cast.officer).get("/notices").text
    for word in ("陈小满", "三年级", "三（2）班", "特别困难", "10月23日"):
        assert word in page
    assert not [word for word in SECRETS if word in page]


def test_it_is_posted_counts_down_in_workdays_and_is_gone_by_itself(signed_in, cast, play, settings):
    client = signed_in(cast.officer)
    at = reverse("notice_post", args=[play.round.pk])
    assert client.post(at, {"contact": "", "workdays": "5"}).status_code == 422
    said = {"contact": "何老师，办公室", "workdays": "2"}
    for _ in range(2):
        page = client.post(at, said, follow=True).text
    assert Notice.objects.count() == 1 and Notice.objects.get().until == LAST
    assert "正在公示" in page and "还有 6 个工作日" in page
    settings.DAY = LAST
    assert "还有 1 个工作日" in client.get("/notices").text
    settings.DAY = next_day(LAST)
    page = client.get("/notices").text
    assert "陈小满" not in page and "请取下来" in page
    at = reverse("notice_print", args=[Notice.objects.get().pk])
    assert "公示期过了" in client.post(at, {"form": "docx"}, follow=True).text


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_it_is_printed_under_a_name_that_says_until_when_and_nothing_of_anybody(signed_in, cast, play, form):
    at = reverse("notice_print", args=[play.post().pk])
    answer = signed_in(cast.officer).post(at, {"form": form})
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store"
    from urllib.parse import unquote

    assert f"公示_公示期至10月23日.{form}" in unquote(answer["Content-Disposition"])


def test_the_principal_alone_takes_it_down_with_a_reason(signed_in, cast, play):
    at = reverse("notice_down", args=[play.post().pk])
    assert signed_in(cast.officer).post(at, {"because": "名字写错"}).status_code == 422
    client = signed_in(cast.principal)
    assert client.post(at, {"because": ""}).status_code == 422
    page = client.post(at, {"because": "名字写错"}, follow=True).text
    assert "撤下了" in page and "名字写错" in page and "等着公示" in page


def test_an_objection_without_a_name_is_written_down_and_answered(signed_in, cast, play):
    at = reverse("objections", args=[play.post().pk])
    client = signed_in(cast.homeroom)
    page = client.post(at, {"text": "他家刚盖了房", "from_whom": ""}, follow=True).text
    assert "没有留名字" in page and "等答复" in page
    answer_at = reverse("objection_answer", args=[Objection.objects.get().pk])
    assert client.post(answer_at, {"answer": "核过", "outcome": "stands"}).status_code == 422
    client = signed_in(cast.officer)
    typed = client.post(answer_at, {"answer": "核过了，是安置房", "outcome": ""})
    assert typed.status_code == 422 and "核过了，是安置房" in typed.text
    page = client.post(answer_at, {"answer": "核过了，是安置房", "outcome": "stands"}, follow=True).text
    assert "核过了，是安置房" in page and "维持认定" in page


@pytest.mark.parametrize("who", ["attached", "neighbour", "supervisor"])
def test_who_has_no_part_in_it_sees_no_names_here(signed_in, cast, play, who):
    posted = play.post()
    client = signed_in(getattr(cast, who))
    for at in ("/notices", reverse("objections", args=[posted.pk])):
        answer = client.get(at)
        assert answer.status_code in (403, 404) and "陈小满" not in answer.text


def test_there_is_no_way_in_without_signing_in(client, play):
    posted = play.post()
    for at in ("/notices", reverse("objections", args=[posted.pk])):
        assert client.get(at).status_code == 302


def test_nothing_to_post_is_said_calmly(signed_in, cast, settings):
    settings.DAY = POSTED
    Play(cast).begin().appraise({}).decide()
    assert "不用公示" in signed_in(cast.officer).get("/notices").text


def test_a_year_without_announced_holidays_is_called_provisional(signed_in, cast, settings):
    day = date(2027, 3, 15)
    settings.DAY = day
    on_list(cast.pupils[0])
    Play(cast).begin(date(2027, 3, 8), date(2027, 3, 12)).appraise({}, day=day).decide(day)
    from bangfu.flow.almanac import calendar_for

    said = "暂定" in signed_in(cast.officer).get("/notices").text
    assert said == calendar_for(cast.school).is_provisional(day)


@pytest.mark.browser
def test_notice_and_objections_fit_a_phone_and_are_accessible(phone, enter, cast, play, live_server):
    enter(phone, cast.principal, "/notices")
    assert violations(phone) == [] and spill(phone) == 0
    posted = play.post()
    for at in ("/notices", reverse("objections", args=[posted.pk])):
        phone.goto(f"{live_server.url}{at}")
        assert violations(phone) == [] and spill(phone) == 0
