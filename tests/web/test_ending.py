"""快到期, 好久没人提起, 多看一眼: pages for those who see to it, without labels beside names and without numbers on a child."""

import re
from datetime import date, datetime, timedelta, timezone

import pytest

from bangfu.flow import signals
from bangfu.records.models import Absence, FactStatement, Pupil
from tests.cast import DAY

CHINA = timezone(timedelta(hours=8))
KINDS = ("低保", "孤儿", "残疾", "监测", "脱贫", "留守", "再帮一把", "困难")


@pytest.fixture(autouse=True)
def _day(settings):
    settings.DAY = DAY


def sign(client, staff):
    client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")


def say(cast, on: str, source="told", at=0, **values):
    day = date.fromisoformat(on)
    FactStatement.objects.create(
        pupil=cast.pupils[at], source=source, stated_on=day, values=values,
        known_at=datetime(day.year, day.month, day.day, 12, tzinfo=CHINA),
    )  # fmt: skip


def body(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def main(page):
    return re.search(r"<main.*?</main>", page, re.S)[0]


def test_the_list_names_the_child_and_the_day_and_never_the_kind(cast, client):
    sign(client, cast.homeroom)
    say(cast, "2025-03-01", "list:exited_poor", monitored_marginal=True)
    say(cast, "2026-05-01", at=1, borderline=True)
    page = main(body(client, "/ending"))
    assert cast.pupils[0].name in page and cast.pupils[1].name in page and "1月1日已到期" in page
    assert not [kind for kind in KINDS if kind in page]
    assert "等农业农村部门的新名单" in page


def test_the_file_says_what_ended_and_one_tap_says_it_anew(cast, client):
    sign(client, cast.homeroom)
    say(cast, "2026-05-01", borderline=True)
    path = f"/pupils/{cast.pupils[0].pk}"
    page = body(client, path)
    assert "现在算“不知道”" in page and "还是这样" in page
    form = {"pupil": str(cast.pupils[0].pk), "fact": "borderline", "holds": "1"}
    assert client.post("/ending/renewed", form).status_code == 302
    page = body(client, path)
    assert "还是这样：" not in page and "现在算“不知道”" not in page


def test_a_contradiction_is_shown_in_the_file(cast, client):
    sign(client, cast.homeroom)
    say(cast, "2026-09-01", "list:dibao", dibao=True)
    say(cast, "2026-09-20", dibao=False)
    assert "名单说“是”；老师9月20日说“否”" in body(client, f"/pupils/{cast.pupils[0].pk}")


def test_two_definitions_stand_side_by_side_when_they_differ(cast, client):
    sign(client, cast.homeroom)
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(birth_on=date(2017, 1, 1))
    path = f"/pupils/{cast.pupils[0].pk}"
    say(
        cast, "2026-09-05", parents_away="双方外出", away_months=6, lives_at_hukou=True, caregiver_kind="祖辈"
    )
    assert "两种口径" not in body(client, path)
    say(cast, "2026-09-06", away_months=1)
    page = body(client, path)
    assert "留守儿童（国务院）" in page and "留守儿童（学籍）" in page


def test_worth_asking_is_a_hint_that_goes_once_it_is_certified(cast, client):
    sign(client, cast.homeroom)
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(birth_on=date(2017, 1, 1))
    path = f"/pupils/{cast.pupils[0].pk}"
    say(cast, "2026-09-05", father_dead=True, mother_situation="服刑在押")
    assert "值得问一问民政部门" in body(client, path)
    say(cast, "2026-09-20", "list:orphan", defacto_unattended=True)
    assert "值得问一问民政部门" not in body(client, path)


def test_who_is_not_concerned_is_told_that_there_is_no_such_page(cast, client):
    sign(client, cast.attached)
    body(client, "/ending", 404)
    body(client, "/unmentioned", 404)


def test_today_says_it_in_one_line_and_not_when_nothing_ends(cast, client):
    sign(client, cast.homeroom)
    assert "/ending" not in main(body(client, "/"))
    say(cast, "2026-05-01", borderline=True)
    assert "有 1 件情况快到期或已到期" in main(body(client, "/"))


def test_the_list_of_those_nobody_mentioned_offers_nothing_to_tick(cast, client):
    sign(client, cast.principal)
    page = main(body(client, "/unmentioned"))
    assert all(pupil.name in page for pupil in cast.pupils) and "还没有记过" in page
    assert "<input" not in page and "<form" not in page
    assert not [kind for kind in KINDS if kind in page]
    assert body(client, "/unmentioned?weeks=junk&page=-3") and body(client, "/unmentioned?weeks=999")


def test_the_principal_switches_the_second_look_and_others_only_read_of_it(cast, client):
    sign(client, cast.deputy_head)
    assert "由校长来定" in body(client, "/settings/signals")
    assert client.post("/settings/signals", {"is_on": "1"}).status_code == 422
    sign(client, cast.principal)
    assert client.post("/settings/signals", {"is_on": "1"}).status_code == 302
    assert "现在开着" in body(client, "/settings/signals")


def test_a_second_look_leaks_no_number_and_no_colour_and_stands_in_no_list(cast, client):
    Absence.objects.create(
        pupil=cast.pupils[0], starts_on=DAY - timedelta(days=6), ends_on=DAY, by=cast.homeroom
    )
    signals.switch(is_on=True, by=cast.viewer(cast.principal))
    sign(client, cast.homeroom)
    page = body(client, f"/pupils/{cast.pupils[0].pk}")
    card = re.search(r"<section class=\"card\"><h2>也许值得多看一眼</h2>.*?</section>", page, re.S)[0]
    assert "这一阵缺课比平时多" in card
    assert not re.search(r"\d", re.sub(r"</?h2>", "", card)) and not re.search(
        r"pill|late|bad|due|style|colou?r", card
    )
    for path in ("/", "/pupils", "/unmentioned", "/ending", "/board"):
        assert "这一阵缺课" not in body(client, path)
    sign(client, cast.supervisor)
    assert "也许值得多看一眼" not in body(client, f"/pupils/{cast.pupils[0].pk}")


def test_who_is_at_home_is_asked_little_by_little_and_answers_the_definitions(cast, client):
    sign(client, cast.homeroom)
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(birth_on=date(2017, 1, 1))
    path = f"/pupils/{cast.pupils[0].pk}/at-home"
    page = body(client, path)
    assert "父亲的情况" in page and "父亲残疾等级" not in page
    asked = {"fact.father_situation": "1", "fact.mother_situation": "9", "fact.parents_away": "0"}
    assert client.post(path, asked).headers["Location"] == path
    assert "父亲残疾等级" in body(client, path) or "父亲残疾类别" in body(client, path)
    client.post(path, asked | {"fact.father_disability_grade": "2", "fact.father_disability_kind": "3"})
    assert "值得问一问民政部门" in body(client, f"/pupils/{cast.pupils[0].pk}")
    sign(client, cast.attached)
    body(client, path, 404)
