"""学生 and 一生一档: who may see what, one query for a list, strengths first, a number opened is a number noted."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bangfu.flow import adopt, clock, look, record
from bangfu.records.models import Case, Enrolment, Event, FactStatement, Guardian, Pupil
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY


def note(cast, at=0, *, on=DAY, **more):
    entry = record.Entry(more.pop("kinds", ("talk",)), on, **more)
    return record.add(entry=entry, pupils=[cast.pupils[at]], by=cast.viewer(cast.homeroom, DAY))


def names(page: str) -> list[str]:
    return re.findall(r'class="who" href="/pupils/[^"]+">([^<]+)<', page)


@pytest.mark.parametrize(
    ("who", "count"),
    [
        ("homeroom", 6),
        ("attached", 6),
        ("neighbour", 3),
        ("supervisor", 9),
        ("principal", 9),
        ("officer", 9),
        ("outsider", 1),
    ],
)
def test_the_list_shows_the_children_of_ones_scope(cast, client, signed_in, who, count):
    page = signed_in(getattr(cast, who)).get("/pupils").content.decode()
    assert len(names(page)) == count
    assert ("高远远" in page) == (who == "outsider")


def test_a_list_of_fifty_takes_one_query_beside_session_and_viewer(cast, client, signed_in):
    for at in range(60):
        factories.pupil(cast.class_two, f"学生{at:02}", seat_no=10 + at)
    signed_in(cast.principal)
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/pupils").content.decode()
    assert len(queries) == 3, [q["sql"][:90] for q in queries]
    assert len(names(page)) == 50 and "page=2" in page
    second = client.get("/pupils?page=2").content.decode()
    assert len(names(second)) == 19 and not set(names(page)) & set(names(second))


@pytest.mark.parametrize("asked", ["陈小", "cxm", "CXM", "三（2）班", "3.2"])
def test_a_child_is_found_by_name_first_letters_or_class(cast, client, signed_in, asked):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(initials="cxm")
    page = signed_in(cast.principal).get("/pupils", {"q": asked}).content.decode()
    assert "陈小满" in names(page) and "林一诺" not in names(page)


def test_nothing_found_says_what_to_try(cast, client, signed_in):
    assert "没有找到“zzz”" in signed_in(cast.principal).get("/pupils?q=zzz").content.decode()
    assert signed_in(cast.principal).get("/pupils?page=-3&class=x").status_code == 200


def test_a_class_narrows_the_list_and_no_category_ever_does(cast, client, signed_in):
    page = signed_in(cast.principal).get(f"/pupils?class={cast.class_one.pk}").content.decode()
    assert sorted(names(page)) == sorted(["石头", "林一诺", "马小川"])
    assert "category" not in page and "cause" not in page


def test_who_moved_to_another_class_is_found_there_only(cast, client, signed_in):
    child = cast.pupils[0]
    child.enrolments.update(valid_to=DAY)
    Enrolment.objects.create(pupil=child, school_class=cast.class_one, valid_from=DAY)
    client = signed_in(cast.principal)
    assert "陈小满" in names(client.get(f"/pupils?class={cast.class_one.pk}").content.decode())
    assert "陈小满" not in names(client.get(f"/pupils?class={cast.class_two.pk}").content.decode())


def test_two_weeks_without_a_record_is_for_those_who_care_for_helped_children(cast, client, signed_in):
    cast.case(0)
    cast.case(1)
    note(cast, 0, on=DAY - timedelta(days=3))
    note(cast, 1, on=DAY - timedelta(days=20))
    assert names(signed_in(cast.homeroom).get("/pupils?quiet=1").content.decode()) == ["罗天佑"]
    assert names(signed_in(cast.officer).get("/pupils?quiet=1").content.decode()) == []


def test_the_office_does_not_learn_when_somebody_talked(cast):
    note(cast, 0, on=DAY)
    last = {row[1]: row[5] for row in look.pupil_rows(cast.viewer(cast.principal))}
    assert last["陈小满"] == DAY
    assert not any(row[5] for row in look.pupil_rows(cast.viewer(cast.officer)))


def test_a_withdrawn_record_is_no_contact(cast):
    record.withdraw(evidence=note(cast, 0), by=cast.viewer(cast.homeroom))
    assert not any(row[5] for row in look.pupil_rows(cast.viewer(cast.homeroom)))


@pytest.mark.parametrize("who", ["neighbour", "outsider"])
def test_the_file_of_another_class_or_school_is_not_there(cast, client, signed_in, who):
    cast.case(0)
    signed_in(getattr(cast, who))
    assert client.get(f"/pupils/{cast.pupils[0].pk}").status_code == 404
    guardian = Guardian.objects.get(pupil=cast.pupils[0])
    assert client.post(f"/pupils/{cast.pupils[0].pk}", {"guardian": guardian.pk}).status_code == 404
    assert not Event.objects.filter(verb="account.reveal").exists()


def test_the_file_goes_from_strength_to_help_to_records_to_need(cast, client, signed_in):
    cast.case(0)
    Case.objects.update(causes=["foundation", "habit"])
    note(cast, 0, note="聊到了绘本。", bright_spot="主动帮一年级打饭。")
    said = {"guardian_at_home": False}
    FactStatement.objects.create(
        pupil=cast.pupils[0], source="survey", stated_on=DAY, known_at=clock.now(), values=said
    )
    page = signed_in(cast.homeroom).get(f"/pupils/{cast.pupils[0].pk}").content.decode()
    order = [
        "闪光点",
        "主动帮一年级打饭。",
        "现在这样帮",
        "聊到了绘本。",
        "需要的支持",
        "家庭与联系",
        "为什么帮",
        "为什么能看",
    ]
    found = [page.index(words) for words in order]
    assert found == sorted(found)
    assert "基础没打牢、习惯没养成" in page and "P9-16" in page and "您在“每周帮扶”里和这名学生结了对" in page
    assert "待优生" not in page


def test_the_office_sees_name_class_and_family_but_no_talk_no_cause_and_no_observation(
    cast, client, signed_in
):
    cast.case(0)
    Case.objects.update(causes=["foundation"])
    note(cast, 0, note="只给帮他的人看。", bright_spot="会修自行车。")
    for source, values in (("survey", {"mood": "常常低落"}), ("roll", {"boards": True})):
        FactStatement.objects.create(
            pupil=cast.pupils[0], source=source, stated_on=DAY, known_at=clock.now(), values=values
        )
    page = signed_in(cast.officer).get(f"/pupils/{cast.pupils[0].pk}").content.decode()
    assert "陈小满" in page and "三（2）班" in page and "住校" in page and "100****5432" in page
    for words in ("只给帮他的人看。", "会修自行车。", "基础没打牢", "常常低落", "李秋月"):
        assert words not in page


def test_need_is_absent_for_those_who_may_not_see_it(cast, client, signed_in):
    cast.case(0)
    FactStatement.objects.create(
        pupil=cast.pupils[0], source="roll", stated_on=DAY, known_at=clock.now(), values={"boards": True}
    )
    assert "需要的支持" in signed_in(cast.homeroom).get(f"/pupils/{cast.pupils[0].pk}").content.decode()
    assert "需要的支持" not in signed_in(cast.attached).get(f"/pupils/{cast.pupils[0].pk}").content.decode()


def test_a_number_stays_masked_until_somebody_opens_it_and_that_is_noted(cast, client, signed_in):
    child, guardian = cast.pupils[0], Guardian.objects.get(pupil=cast.pupils[0])
    signed_in(cast.homeroom)
    page = client.get(f"/pupils/{child.pk}").content.decode()
    assert "10098765432" not in page and "100****5432" in page
    page = client.post(f"/pupils/{child.pk}", {"guardian": guardian.pk}).content.decode()
    assert 'href="tel:10098765432"' in page
    event = Event.objects.get(verb="account.reveal")
    assert (
        event.by_id == cast.homeroom.pk
        and event.pupil_id == child.pk
        and "10098765432" not in str(event.changes)
    )
    other = Guardian.objects.get(pupil=cast.others[0])
    assert client.post(f"/pupils/{child.pk}", {"guardian": other.pk}).status_code == 404


def test_records_come_ten_at_a_time_with_what_was_added_late_and_what_was_changed(cast, client, signed_in):
    cast.case(0)
    for at in range(12):
        note(cast, 0, on=DAY - timedelta(days=at), note=f"第{at}次")
    first = note(cast, 0, on=DAY, note="原来的话")
    record.amend(
        evidence=first, entry=record.Entry(("talk",), DAY, note="改过的话"), by=cast.viewer(cast.homeroom)
    )
    signed_in(cast.homeroom)
    page = client.get(f"/pupils/{cast.pupils[0].pk}").content.decode()
    assert "改过的话" in page and "原来的话" in page and "下一页" in page and "第11次" not in page
    assert "补记于10月15日" in page
    file = f"/pupils/{cast.pupils[0].pk}"
    older = client.get(f"{file}?page=2").content.decode()
    assert "第11次" in older and "改过的话" not in older and "上一页" in older and "下一页" not in older
    back = client.get(f"{file}?until={DAY - timedelta(days=3)}").content.decode()
    assert "第3次" in back and "第2次" not in back and "第11次" in back
    assert "这些日子没有记录" in client.get(f"{file}?page=40").content.decode()
    for odd in ("page=x", "page=0", "page=99999", "until=2026-13-45", "until=x&page=-1"):
        assert "改过的话" in client.get(f"{file}?{odd}").content.decode(), odd


def test_the_file_takes_a_bounded_number_of_queries(cast, client, signed_in):
    """A girl's file: five of them say who could come along on a visit, five what calls home and the counsellor bring."""
    cast.case(0)
    signed_in(cast.homeroom)
    client.get(f"/pupils/{cast.pupils[0].pk}")
    for at in range(10):
        note(cast, 0, on=DAY - timedelta(days=at))
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/pupils/{cast.pupils[0].pk}")
    assert len(queries) <= 28, [q["sql"][:90] for q in queries]


@pytest.mark.browser
def test_list_file_and_today_are_accessible_and_fit(cast, phone, page, enter, live_server):
    cast.case(0)
    cast.case(1)
    note(cast, 0, note="聊到了绘本。", bright_spot="主动帮一年级打饭。")
    for view in (phone, page):
        enter(view, cast.homeroom, then="/")
        for address in (
            "/",
            "/record/new?several",
            "/record/new",
            "/pupils",
            "/pupils?q=zzz",
            f"/pupils/{cast.pupils[0].pk}",
        ):
            view.goto(live_server.url + address)
            assert not violations(view), address
            assert spill(view) == 0, address


def file_of(signed_in, staff, pupil):
    return signed_in(staff).get(f"/pupils/{pupil.pk}").content.decode()


def told_why(page: str) -> list[str]:
    return re.findall(r'<summary class="second">为什么</summary><p class="second">([^<]+)</p>', page)


def test_every_line_of_help_says_why_in_two_sentences(cast, signed_in):
    cast.case(0)
    note(cast, 0)
    told = told_why(file_of(signed_in, cast.homeroom, cast.pupils[0]))
    assert len(told) == 5 and all(text.count("。") == 2 for text in told)
    assert any("谈心" in text and "10月15日就够了" in text for text in told)


def test_whoever_may_not_see_needs_hears_the_clause_and_no_fact(cast, signed_in):
    text = adopt.shelf().texts["weekly_support", "seed"] + BOARDERS
    adopt.adopt(school=cast.school, text=text, valid_from=DAY, by=cast.viewer(cast.principal))
    cast.case(0)
    FactStatement.objects.create(
        pupil=cast.pupils[0], source="roll", stated_on=DAY, known_at=clock.now(), values={"boards": True}
    )
    (mine,) = [t for t in told_why(file_of(signed_in, cast.homeroom, cast.pupils[0])) if "住校生" in t]
    (theirs,) = [t for t in told_why(file_of(signed_in, cast.supervisor, cast.pupils[0])) if "住校生" in t]
    assert "住校：是（学籍，10月15日）" in mine and "住校：是" not in theirs


BOARDERS = """
[[duty]]
key = "evening"
title = "晚上看看住校生"
who = ["helper"]
every = { unit = "school_day" }
where = "住校"
accepts = ["talk"]
"""


def test_a_helper_of_a_second_plan_is_a_helper_and_the_page_names_the_plans(cast, signed_in):
    cast.case(0, helper=cast.homeroom)
    second = Case.objects.create(
        school=cast.school, pupil=cast.pupils[0], plan_key="mentors", opened_on=DAY, opened_by=cast.homeroom
    )
    factories.pair(second, cast.neighbour, valid_from=DAY)
    text = adopt.shelf().texts["mentors", "recommended"]
    adopt.adopt(school=cast.school, text=text, valid_from=DAY, by=cast.viewer(cast.principal))
    FactStatement.objects.create(
        pupil=cast.pupils[0], source="survey", stated_on=DAY, known_at=clock.now(), values={"boards": True}
    )
    for who, plan in ((cast.homeroom, "每周帮扶"), (cast.neighbour, "导师制")):
        page = file_of(signed_in, who, cast.pupils[0])
        assert f"您在“{plan}”里和这名学生结了对" in page
        assert "孙丽、李秋月" in page or "李秋月、孙丽" in page
        assert "需要的支持" in page


def test_a_subject_teacher_opens_the_head_of_a_file_and_no_more(cast, signed_in):
    teacher = factories.staff(cast.school, "田野", "tian", ("subject_teacher", cast.class_two))
    cast.case(0)
    note(cast, 0, note="聊到了家里")
    page = file_of(signed_in, teacher, cast.pupils[0])
    assert "陈小满" in page and "聊到了家里" not in page and "任课教师" in page
