"""一起想办法返校 and 都在上学吗: files step by step, answers name by name, one tap for the month; few eyes."""

from datetime import date

import pytest

from bangfu.flow import attendance, dropout
from bangfu.records.models import CatchmentList, DifferenceAnswer, DropoutFile, HomeTeaching, SchoolingReport
from tests.axe import spill, violations
from tests.cast import DAY
from tests.exchange.workbooks import xlsx


def opened(cast, at=0):
    opening = dropout.Opening(date(2026, 10, 12), "family", "两天没联系上")
    return dropout.open_file(about=cast.pupils[at], opening=opening, by=cast.viewer(cast.homeroom))


def upload(rows):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("名单.xlsx", xlsx(("名单", [["姓名", "性别", "监护人", "村"], *rows])))


def take(client):
    given = {"kind": "school_age", "file": upload([["王小溪", "女", "王大山", "平坝村"]]), "source": "平坝村"}
    return client.post("/schooling", given, follow=True)


def test_a_class_teacher_opens_a_file_and_notes_a_talk(signed_in, cast):
    client = signed_in(cast.homeroom)
    given = {"left_on": "2026-10-12", "reason": "family", "said": "奶奶说在外婆家"}
    page = client.post(f"/schooling/files/new?pupil={cast.pupils[0].pk}", given, follow=True)
    assert "可能没在上学" in page.text and "奶奶说在外婆家" in page.text
    file = DropoutFile.objects.get()
    talk = {
        "what": "talk",
        "on": "2026-10-15",
        "way": "visit",
        "attitude": "thinks_it_over",
        "result": "周五再去",
    }
    page = client.post(f"/schooling/files/{file.pk}", talk, follow=True)
    assert "周五再去" in page.text and "再想想" in page.text


def test_closing_without_proof_comes_back_with_a_sentence_and_what_was_typed(signed_in, cast):
    file = opened(cast)
    client = signed_in(cast.principal)
    client.post(f"/schooling/files/{file.pk}", {"what": "move", "state": "returned", "on": "2026-10-15"})
    given = {"what": "move", "state": "closed", "on": "2026-10-15", "said": "已到班"}
    answer = client.post(f"/schooling/files/{file.pk}", given)
    assert answer.status_code == 422
    assert "结案要有依据" in answer.text and "已到班" in answer.text
    page = client.post(
        f"/schooling/files/{file.pk}",
        given | {"proof_kind": "seen_in_class", "proof": "班主任核实"},
        follow=True,
    )
    assert "有凭据，已结" in page.text and "班主任核实" in page.text


def test_heavy_words_are_offered_only_to_those_who_answer_for_them(signed_in, cast):
    file = opened(cast)
    assert 'value="dropout"' not in signed_in(cast.homeroom).get(f"/schooling/files/{file.pk}").text
    assert 'value="dropout"' in signed_in(cast.officer).get(f"/schooling/files/{file.pk}").text


@pytest.mark.parametrize("who", ["neighbour", "outsider"])
def test_a_file_is_not_there_for_others(signed_in, cast, who):
    file = opened(cast)
    client = signed_in(getattr(cast, who))
    assert client.get(f"/schooling/files/{file.pk}").status_code == 404
    assert client.get(f"/schooling/files/new?pupil={cast.pupils[1].pk}").status_code == 404


def test_a_list_is_dropped_and_every_name_gets_an_answer(signed_in, cast):
    client = signed_in(cast.officer)
    page = take(client)
    assert "名单上有 1 名孩子" in page.text and "王小溪" in page.text and "还没有答复" in page.text
    subject = page.text.split('name="subject" value="')[1].split('"')[0]
    given = {"kind": "never_enrolled", "subject": subject, "answer": "another_school", "said": "县一小"}
    page = client.post("/schooling/answers", given, follow=True)
    assert "在外校上学" in page.text and "县一小" in page.text and "何文" in page.text
    assert DifferenceAnswer.objects.get().by == cast.officer
    strange = given | {"subject": str(cast.pupils[0].pk)}
    assert client.post("/schooling/answers", strange).status_code == 404


def test_a_list_is_linked_again_by_a_button(signed_in, cast):
    client = signed_in(cast.officer)
    assert "再对一遍" in take(client).text
    row = CatchmentList.objects.get()
    page = client.post(f"/schooling/lists/{row.pk}/link", follow=True)
    assert "没有变化" in page.text
    assert signed_in(cast.homeroom).post(f"/schooling/lists/{row.pk}/link").status_code == 404


def test_the_month_is_confirmed_with_one_tap_and_late_months_stay_to_be_seen(signed_in, cast):
    client = signed_in(cast.principal)
    page = client.get("/schooling").text
    assert "没有学生失学" in page and "还没确认" in page
    page = client.post("/schooling/confirm", {"month": "2026-10"}, follow=True).text
    assert "王振华" in page and SchoolingReport.objects.count() == 1
    answer = client.post("/schooling/paper", {"key": "schooling_report", "month": "2026-10", "form": "docx"})
    assert answer.content[:2] == b"PK"


def test_the_list_of_open_files_says_no_reason(signed_in, cast):
    opening = dropout.Opening(date(2026, 10, 12), "poverty", "两天没联系上")
    file = dropout.open_file(about=cast.pupils[0], opening=opening, by=cast.viewer(cast.homeroom))
    client = signed_in(cast.principal)
    assert "家里经济紧" not in client.get("/schooling").text and cast.pupils[0].name in client.get("/schooling").text
    assert "家里经济紧" in client.get(f"/schooling/files/{file.pk}").text


def test_the_page_of_the_whole_school_is_not_for_class_teachers(signed_in, cast):
    answer = signed_in(cast.homeroom).get("/schooling")
    assert answer.status_code == 403 and "学籍管理员" in answer.text


def test_teaching_at_home_is_planned_on_the_file(signed_in, cast):
    file = opened(cast)
    client = signed_in(cast.principal)
    client.post(f"/schooling/files/{file.pk}", {"what": "move", "state": "home_teaching", "on": "2026-10-15"})
    given = {"what": "plan", "teacher": cast.attached.pk, "on": "2026-10-15", "lessons": "40", "plan": "认字"}
    page = client.post(f"/schooling/files/{file.pk}", given, follow=True)
    assert "计划 40 课时" in page.text
    plan = HomeTeaching.objects.get()
    assert client.post(f"/schooling/home-teaching/{plan.pk}/paper", {"form": "docx"}).content[:2] == b"PK"


def test_a_visit_at_home_is_recorded_by_its_form(signed_in, cast):
    page = signed_in(cast.homeroom).get(f"/record/new?pupil={cast.pupils[0].pk}&activity=home_teaching")
    assert page.status_code == 200 and "送教上门" in page.text


@pytest.mark.parametrize("key", ["persuasion_log", "dropout_report", "return_notice"])
def test_papers_come_as_word(signed_in, cast, key):
    file = opened(cast)
    answer = signed_in(cast.homeroom).post(f"/schooling/files/{file.pk}/paper", {"key": key, "form": "docx"})
    assert answer.content[:2] == b"PK"


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_are_accessible(phone, live_server, enter, cast):
    file = opened(cast)
    away = [attendance.Away(cast.pupils[1].pk)]
    for day in (date(2026, 10, 12), DAY):
        attendance.call(school_class=cast.class_two, day=day, away=away, by=cast.viewer(cast.homeroom, day))
    enter(phone, cast.principal)
    for address in (
        "/schooling",
        f"/schooling/files/{file.pk}",
        f"/schooling/files/new?pupil={cast.pupils[2].pk}",
        "/attendance",
    ):
        phone.goto(live_server.url + address)
        assert violations(phone) == [], address
        assert spill(phone) == 0, address
