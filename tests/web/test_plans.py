"""方案: read as sentences, two editions side by side, taken into use by the principal; a file with faults says all of them."""

import io
import re
import zipfile
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bangfu.flow import adopt
from bangfu.records.models import AdoptedPlan
from tests.axe import spill, violations


def a_file(text, name="plan.toml"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def principal(signed_in, cast):
    return signed_in(cast.principal)


def read(answer):
    """The words of a page's main part as they are read, without marks."""
    main = answer.text.split('<main id="main"')[1].split("</main>")[0]
    return unescape(re.sub(r"<[^>]+>", "", main))


def seed():
    return adopt.shelf().texts["weekly_support", "seed"]


def test_a_plan_is_read_as_sentences_with_its_price(principal):
    page = read(principal.get("/plans/weekly_support"))
    for words in (
        "每个班由班主任、包班教师选 2—4 名学生",
        "每名学生 1 位，每位带 1—2 名",
        "每月 1 次，30 日前",
        "开学后 5 个教学周内，新生 45 天内",
        "每周谈心：每周 1 次，由帮扶教师、代管教师做，约 10 分钟",
        "带 2 名学生的老师，每周约",
        "建议版改了什么、为什么",
        "2026年10月8日",
    ):
        assert words in page, words


def test_the_lighter_edition_follows_from_a_day_and_the_earlier_version_stays(principal, cast):
    page = principal.post(
        "/plans/weekly_support", {"edition": "recommended", "valid_from": "2026-10-19"}, follow=True
    ).text
    assert "第 2 版" in page and "第 1 版" in page
    first, second = AdoptedPlan.objects.filter(school=cast.school).order_by("version")
    assert first.valid_to == second.valid_from
    assert second.edition == "recommended"


def test_a_version_never_reaches_back_into_days_already_judged(principal, cast):
    answer = principal.post("/plans/weekly_support", {"edition": "recommended", "valid_from": "2026-09-01"})
    assert answer.status_code == 422
    assert "最早从10月15日起" in answer.text
    assert AdoptedPlan.objects.filter(school=cast.school).count() == 1


def test_the_same_again_and_a_missing_day_are_said_in_sentences(principal):
    again = principal.post("/plans/weekly_support", {"edition": "seed", "valid_from": "2026-10-19"})
    assert "内容也没有变" in again.text
    assert "请写从哪一天起" in principal.post("/plans/weekly_support", {"edition": "recommended"}).text
    assert "请选一个版本" in principal.post("/plans/weekly_support", {"edition": "x"}).text


def test_a_plan_stops_and_its_records_stay(principal, cast):
    used = AdoptedPlan.objects.get(school=cast.school)
    principal.post(f"/plans/version/{used.pk}/end")
    used.refresh_from_db()
    assert used.valid_to is not None


def test_only_the_principal_takes_plans_into_use(signed_in, cast):
    client = signed_in(cast.supervisor)
    assert "由校长或副校长启用方案" in client.get("/plans/weekly_support").text
    answer = client.post("/plans/weekly_support", {"edition": "recommended", "valid_from": "2026-10-19"})
    assert "要由校长或副校长来点" in answer.text


def test_a_stranger_cannot_stop_our_plan(signed_in, cast):
    used = AdoptedPlan.objects.get(school=cast.school)
    assert signed_in(cast.outsider).post(f"/plans/version/{used.pk}/end").status_code == 404


def test_a_file_with_four_faults_names_all_four_with_their_places(principal):
    text = (
        seed()
        .replace("per_class = { min = 2, max = 4 }", "per_class = { min = 5, max = 4 }")
        .replace('unit = "teaching_week" }\naccepts = ["talk"]', 'unit = "fortnight" }\naccepts = ["talk"]')
        .replace("学习情况 == 很吃力", "学习请况 == 很吃力", 1)
        .replace("due_day = 30", "due_day = 32")
    )
    answer = principal.post("/plans/file", {"file": a_file(text), "then": "look"})
    assert answer.status_code == 422
    for where in ("selection", "duty[talk].every.unit", "学习请况", "duty[hand_in]"):
        assert where in answer.text, where
    assert AdoptedPlan.objects.count() == 1


def test_a_good_file_is_read_first_and_then_taken_into_use(principal, cast):
    own = seed().replace('key = "weekly_support"', 'key = "our_own"').replace("每周帮扶", "我们的帮扶", 1)
    assert "没有问题" in principal.post("/plans/file", {"file": a_file(own), "then": "look"}).text
    assert AdoptedPlan.objects.count() == 1
    given = {"file": a_file(own), "then": "adopt", "valid_from": "2026-10-19"}
    assert principal.post("/plans/file", given, follow=True).status_code == 200
    assert AdoptedPlan.objects.get(key="our_own").school == cast.school
    assert "our_own" in principal.get("/plans").text


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"\xff\xfe\x00", "UTF-8"), (b"x" * 300_000, "太大"), (b"key = ", "TOML")],
)
def test_a_file_that_is_no_plan_is_refused_in_a_sentence(principal, content, words):
    answer = principal.post("/plans/file", {"file": a_file(content), "then": "look"})
    assert answer.status_code == 422
    assert words in answer.text


def test_a_plan_that_is_not_there_is_404(principal):
    for address in ("/plans/nowhere", "/plans/nowhere/compare", "/plans/nowhere/text/seed"):
        assert principal.get(address).status_code == 404, address
    assert principal.get("/plans/weekly_support/text/v9").status_code == 404


def test_the_library_shows_every_plan_by_its_short_title_and_can_be_searched(principal):
    page = principal.get("/plans").text
    for (key, edition), plan in adopt.shelf().plans.items():
        if edition == "seed":
            assert f'href="/plans/{key}"' in page and plan.short_title in page
    assert 'data-words="每周帮扶 ' in page and "mzbf" in page


def test_two_editions_stand_side_by_side_with_what_differs_and_why(principal):
    page = read(principal.get("/plans/weekly_support/compare?before=seed&after=recommended"))
    assert "现在没有了" in page and "原来没有" in page
    assert "先和家长说好" in page
    assert "一个家长不必一个月接两位老师的电话" in page
    assert "说的一样" in read(principal.get("/plans/weekly_support/compare?before=seed&after=v1"))
    assert "两个不同的版本" in read(principal.get("/plans/weekly_support/compare?before=seed&after=seed"))


def test_two_versions_stand_side_by_side_with_their_days(principal):
    weekly = 'every = {{ unit = "teaching_week"{} }}\naccepts = ["talk"]'
    text = seed().replace(weekly.format(""), weekly.format(", n = 2"))
    principal.post("/plans/file", {"file": a_file(text), "then": "adopt", "valid_from": "2026-10-19"})
    page = read(principal.get("/plans/weekly_support/compare"))
    assert "第 1 版，2026年3月1日起" in page and "第 2 版，2026年10月19日起" in page
    assert "每周谈心：每周 1 次" in page and "每周谈心：每 2 周 1 次" in page
    assert "有 1 句不一样" in page


def test_a_text_and_a_whole_pack_can_be_downloaded(principal):
    answer = principal.get("/plans/weekly_support/text/v1")
    assert answer.content.decode() == seed()
    assert 'filename="weekly_support-v1.toml"' in answer["Content-Disposition"]
    pack = zipfile.ZipFile(io.BytesIO(principal.get("/plans/weekly_support/text/recommended?as=zip").content))
    assert pack.namelist() == ["weekly_support/recommended.toml", "weekly_support/examples.toml"]
    assert (
        pack.read("weekly_support/recommended.toml").decode()
        == adopt.shelf().texts["weekly_support", "recommended"]
    )


@pytest.mark.browser
@pytest.mark.parametrize("address", ["/plans", "/plans/weekly_support", "/plans/file"])
def test_the_pages_fit_a_phone_and_are_accessible(phone, enter, cast, address):
    enter(phone, cast.principal, address)
    assert violations(phone) == []
    assert spill(phone) == 0
