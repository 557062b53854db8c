"""关心 as pages: the counsellor's, whoever asks, the heads; what others read, get and find never tells of it."""

import re
import zipfile
from contextlib import suppress
from datetime import date, timedelta
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from bangfu.flow import care_advice, care_danger
from bangfu.records.models import (
    CareCase,
    CareNote,
    CareRules,
    EscalationCall,
    GlassBreak,
    GlassOpening,
    GroupSession,
    MandatoryReport,
    Pupil,
    Referral,
    RoleGrant,
    SharedAdvice,
)
from tests.axe import spill, violations
from tests.cast import DAY
from tests.flow.care_school import school
from tests.journeys.test_outsider import url_names

__all__ = ["school"]
pytestmark = pytest.mark.django_db
CANARIES = ("午睡一直睡不着", "睡不好", "说想妈妈", "奶奶 陈秀英")
TELLING = ("心理", "转介", "已接住", "小组", "counsel")


def at(name, *rows):
    return reverse(name, args=[row.pk for row in rows])


def test_a_teacher_asks_and_sees_only_that_it_is_taken_on(school, signed_in):
    pupil = school.cast.pupils[0]
    client = signed_in(school.cast.homeroom)
    assert "请心理老师看看" in client.get(at("pupil", pupil)).text
    form = {"pupil": pupil.pk, "seen": ["睡不好"], "note": "午睡一直睡不着"}
    page = client.post(at("care_refer"), form, follow=True).text
    assert "只有心理老师看得到" in page and "等心理老师接" in page and "睡不着" not in page
    assert client.post(at("care_refer"), form).status_code == 422
    case = CareCase.objects.create(
        school=school.cast.school, pupil=pupil, counsellor=school.zhou, opened_on=DAY, next_on=DAY
    )
    Referral.objects.update(state="taken_on", case=case, answered_by=school.zhou)
    for address in (at("care"), at("pupil", pupil)):
        assert "已接住，下次10月15日" in client.get(address).text
    assert "已接住" not in signed_in(school.cast.attached).get(at("pupil", pupil)).text


def test_the_counsellor_takes_on_writes_shares_and_ends(school, signed_in):
    asked = school.referred()
    client = signed_in(school.zhou)
    page = client.get("/care").text
    assert "午睡一直睡不着" in page and "接住" in page
    page = client.post(at("care_take", asked), follow=True).text
    case = CareCase.objects.get()
    assert "今天聊的" in page and "李秋月看到的" in page
    said = {"state": "说想妈妈", "safety": "多留意", "next_on": "2026-10-22"}
    page = client.post(at("care_case", case), said, follow=True).text
    assert "只有您看得到" in page and "说想妈妈" in page and "下次10月22日" in page
    page = client.post(at("care_case", case), {}, follow=True)
    assert page.status_code == 422
    note = CareNote.objects.get()
    client.post(at("care_case", case), {"amends": note.pk, "state": "说想外婆", "next_on": "2026-10-22"})
    assert "已经更正" in client.get(at("care_case", case)).text
    shared = {"ready": "请多留意睡眠", "audience": "class_teacher"}
    assert "请多留意睡眠" in client.post(at("care_share", case), shared, follow=True).text
    answer = {"answer": "willing", "by": "奶奶 陈秀英", "how": "phone", "on": DAY.isoformat()}
    assert "家里愿意" in client.post(at("care_family", case), answer, follow=True).text
    assert "请多留意睡眠" in signed_in(school.cast.homeroom).get(at("pupil", case.pupil)).text
    client = signed_in(school.zhou)
    gone = client.post(at("care_unshare", SharedAdvice.objects.get()), {"next": "https://elsewhere.example/"})
    assert gone["Location"] == at("care")
    client.post(at("care_close", case), {"outcome": "settled"})
    case.refresh_from_db()
    assert case.closed_on == DAY and "谈话记录" in client.get(at("care_case", case)).text
    assert "请多留意睡眠" not in signed_in(school.cast.homeroom).get(at("pupil", case.pupil)).text


def test_a_correction_goes_through_after_the_next_day_has_passed_and_comes_back_where_it_was_written(
    school, signed_in
):
    case = school.case()
    note = school.written(case)
    CareCase.objects.update(next_on=DAY - timedelta(days=2))
    client = signed_in(school.zhou)
    assert 'name="next_on"' not in client.get(at("care_case", case)).text.split('name="amends"', 1)[1]
    form = {"amends": note.pk, "state": "说想外婆", "on": DAY.isoformat()}
    assert client.post(at("care_case", case), form).status_code == 302
    case.refresh_from_db()
    assert case.next_on == DAY - timedelta(days=2)
    stale = client.post(at("care_case", case), form | {"state": "改第二次的话"})  # it was corrected meanwhile
    assert stale.status_code == 422 and stale.text.count("改第二次的话") == 1
    today, notes = stale.text.split("<h2>记录</h2>")
    assert "改第二次的话" in notes.split("<details open>", 1)[1] and "改第二次的话" not in today


def test_a_wrong_tap_is_taken_back_on_the_page_and_the_line_is_gone(school, signed_in):
    pupil = school.cast.pupils[0]
    client = signed_in(school.cast.attached)
    page = client.post(at("danger", pupil), {"kind": "hurt"}, follow=True).text
    alarm = school.cast.school.alarms.get()
    assert "点错了，撤销" in page and at("alarm_back", alarm) in page
    other = signed_in(school.cast.principal)
    assert "点错了，撤销" not in other.get(at("alarm", alarm)).text
    assert "点的人自己才能撤销" in other.post(at("alarm_back", alarm), follow=True).text
    client = signed_in(school.cast.attached)
    page = client.post(at("alarm_back", alarm), follow=True).text
    assert "已撤销，不会再提醒校长" in page and at("alarm_back", alarm) not in page
    other = signed_in(school.cast.principal)
    assert "有孩子遇到危险" not in other.get("/care").text
    assert "个孩子要您马上看一看" not in other.get("/").text + other.get("/board").text
    page = other.get(at("alarm", alarm)).text
    assert at("alarm_take", alarm) not in page and "点错了" in page


def test_the_principal_throws_away_what_a_counsellor_left_behind(school, signed_in):
    case = school.case()
    school.written(case)
    assert "不用再留" not in signed_in(school.cast.principal).get("/care").text
    Pupil.objects.filter(pk=case.pupil_id).update(joined_on=date(2018, 9, 1), left_on=date(2022, 1, 1))
    RoleGrant.objects.filter(staff=school.zhou).update(valid_to=DAY)
    client = signed_in(school.cast.principal)
    assert at("care_forget") in client.get("/care").text
    client.post(at("care_forget"))
    assert CareNote.objects.get().lock == "" and at("care_forget") not in client.get("/care").text


DAYS = ("2026-02-30", "明天", "2026-13-01")


@pytest.mark.parametrize("day", DAYS)
def test_a_day_that_is_none_is_said_and_what_was_written_stays(school, signed_in, day):
    case, client = school.case(), signed_in(school.zhou)
    for form in ({"state": "说想妈妈", "on": day}, {"state": "说想妈妈", "next_on": day}):
        page = client.post(at("care_case", case), form)
        assert page.status_code == 422 and "日期没有看懂" in page.text and "说想妈妈" in page.text
    said = {"ready": "请多留意睡眠", "audience": "both", "until": day}
    answer = {"answer": "willing", "by": "奶奶", "how": "phone", "on": day}
    for name, form in (("care_share", said), ("care_family", answer)):
        assert "日期没有看懂" in client.post(at(name, case), form, follow=True).text
    assert not CareNote.objects.exists() and not SharedAdvice.objects.exists()
    form = {"pupil": case.pupil_id, "kind": "harmed", "facts": "手臂上有红印", "on": day}
    page = client.post("/safety/reports", form)
    assert page.status_code == 422 and "手臂上有红印" in page.text
    late = form | {"on": DAY.isoformat(), "told": ["police"], "told_at": "2026-02-28T25:00"}
    page = client.post("/safety/reports", late)
    assert page.status_code == 422 and "日期和时间没有看懂" in page.text and "手臂上有红印" in page.text


def test_papers_are_the_counsellors_and_their_names_say_nothing(school, signed_in):
    case = school.case()
    for paper, name in (("record", "记录表.docx"), ("consent", "同意书.docx")):
        made = signed_in(school.zhou).post(at("care_file", case), {"paper": paper, "form": "docx"})
        told = unquote(made["Content-Disposition"])
        assert made.content[:2] == b"PK" and name in told and "心理" not in told


def test_one_note_for_a_group_and_the_same_again(school, signed_in):
    cases = [school.case(one) for one in range(3)]
    client = signed_in(school.zhou)
    page = client.post("/care/group", {"case": [one.pk for one in cases], "safety": "平安"}, follow=True).text
    assert "已给 3 名学生记下" in page and GroupSession.objects.get().members.count() == 3
    assert client.get("/care/group?again").text.count(" checked") >= 3
    assert signed_in(school.cast.homeroom).get("/care/group").status_code == 403


def test_hand_over_answer_take_back_and_the_rules(school, signed_in):
    case, asked, mine = school.case(), school.referred(1), school.referred(2)
    client = signed_in(school.zhou)
    assert (
        "已交给冯敏"
        in client.post("/care/hand-over", {"case": [case.pk], "to": school.feng.pk}, follow=True).text
    )
    assert client.get(at("care_case", case)).status_code == 404
    client.post(at("care_answer", asked), {"text": "先每天问候一句"})
    client.post("/care/rules", {"keep_years": "5"})
    assert CareRules.objects.get().keep_years == 5 and not CareRules.objects.get().asks_family
    client = signed_in(school.cast.homeroom)
    page = client.get("/care").text
    assert "先每天问候一句" in page and "周静" in page
    assert "已撤销" in client.post(at("care_back", mine), follow=True).text
    assert client.get("/care/rules").status_code == 403


def test_danger_shows_the_numbers_and_notes_each_call(school, signed_in):
    pupil = school.cast.pupils[0]
    client = signed_in(school.cast.attached)
    page = client.post(at("danger", pupil), {"kind": "harm_self"}, follow=True).text
    assert "tel:10098765432" in page and "tel:110" in page and "校长" in page
    alarm = school.cast.school.alarms.get()
    page = client.post(at("alarm", alarm), {"call": "guardian:reached"}, follow=True).text
    assert "打过的电话" in page and EscalationCall.objects.get().reached
    assert client.post(at("alarm_take", alarm), follow=True).text.count("由校长或副校长来接") == 1
    client = signed_in(school.cast.principal)
    assert "有孩子遇到危险" in client.get("/care").text
    for first in ("/", "/board"):  # said where the day begins, without a name
        page = client.get(first).text
        assert "有 1 个孩子要您马上看一看" in page and pupil.name not in page
    assert "王振华接住了" in client.post(at("alarm_take", alarm), follow=True).text
    assert signed_in(school.cast.neighbour).get(at("danger", pupil)).status_code == 404


def test_whose_name_is_looked_for_stands_in_no_address(school, signed_in):
    client = signed_in(school.cast.homeroom)
    found = client.post("/care/new", {"q": "陈小满"})
    assert found.status_code == 200 and f"/care/new?pupil={school.cast.pupils[0].pk}" in found.text
    assert "您能看到的学生里没有这个名字" in client.post("/care/new", {"q": "没有这个人"}).text
    for path in ("/care/new", "/safety/opened"):
        asked = signed_in(school.cast.principal).get(path, {"q": "陈小满"})
        assert "陈小满" not in asked.text and 'method="get"' not in asked.text


def test_two_people_break_the_glass_and_each_opening_is_kept(school, signed_in):
    case = school.case()
    school.written(case)
    client = signed_in(school.cast.principal)
    asked = {"pupil": case.pupil_id, "reason": "孩子说了想离开，为了安全要看", "hours": "3"}
    assert "陈小满" in client.post("/safety/opened", {"q": "陈小满"}).text
    short = client.post("/safety/opened", {**asked, "q": "陈小满", "reason": ""})
    assert short.status_code == 422 and "陈小满" in short.text  # who was found stays to be chosen
    assert "等另一个人同意" in client.post("/safety/opened", asked, follow=True).text
    row = GlassBreak.objects.get()
    assert "要由另一个人同意" in client.post(at("glass_answer", row), {"answer": "agree"}, follow=True).text
    assert client.post(at("glass", row)).status_code == 422
    signed_in(school.cast.deputy_head).post(at("glass_answer", row), {"answer": "agree"})
    client = signed_in(school.cast.principal)
    assert "说想妈妈" not in client.get(at("glass", row)).text and not GlassOpening.objects.exists()
    assert "说想妈妈" in client.post(at("glass", row)).text
    assert client.get(at("glass", row)).status_code == 200 and GlassOpening.objects.count() == 1
    assert "打开过 1 条" in client.get("/safety/opened").text
    assert "为了安全要看" in signed_in(school.zhou).get(at("care_case", case)).text
    made = signed_in(school.cast.principal).post(at("glass_file", row), {"form": "docx"})
    assert "告知书.docx" in unquote(made["Content-Disposition"])
    assert signed_in(school.cast.homeroom).get("/safety/opened").status_code == 403


def test_a_report_is_written_added_to_and_printed(school, signed_in):
    pupil = school.cast.pupils[0]
    client = signed_in(school.cast.homeroom)
    assert "陈小满" in client.get(f"/safety/reports?pupil={pupil.pk}").text
    form = {"pupil": pupil.pk, "kind": "harmed", "facts": "手臂上有红印", "on": DAY.isoformat()}
    back = client.post("/safety/reports", form | {"told": ["police"]})
    assert back.status_code == 422 and "手臂上有红印" in back.text and "什么时候" in back.text
    told = {"told": ["police"], "told_at": "2026-10-15T00:01", "answer": "民警 007"}
    page = client.post("/safety/reports", form | told, follow=True).text
    assert "可以补充，不能改" in page and "民警 007" in page
    row = MandatoryReport.objects.get()
    client.post("/safety/reports", {"adds_to": row.pk, "facts": "又来了电话"})
    assert MandatoryReport.objects.filter(adds_to=row).count() == 1
    made = client.post(at("harm_file", row), {"form": "xlsx"})
    assert made.content[:2] == b"PK" and "报告记录.xlsx" in unquote(made["Content-Disposition"])
    assert "手臂上有红印" in signed_in(school.cast.principal).get("/safety/reports").text
    assert "手臂上有红印" not in signed_in(school.cast.attached).get("/safety/reports").text
    assert signed_in(school.cast.attached).post(at("harm_file", row), {"form": "xlsx"}).status_code == 404


def everything() -> list[str]:
    """Every address without ids that a GET may ask for."""
    found = set()
    for one in set(url_names(get_resolver())) - {"sign_out"}:
        with suppress(NoReverseMatch):  # it wants an id
            found.add(reverse(one))
    return sorted(found)


@pytest.mark.parametrize("who", ["principal", "attached", "officer"])
def test_no_page_list_or_file_of_others_tells_that_a_child_is_counselled(school, signed_in, who):
    """A school with and without a counselled child looks the same to everybody the counsellor did not tell."""
    pupil = school.cast.pupils[0]
    school.cast.case(0)
    client = signed_in(getattr(school.cast, who))
    pages = [*everything(), at("pupil", pupil), f"{at('pupil', pupil)}?view=check"]
    before = {one: _plain(client.get(one, follow=True)) for one in pages}
    case = school.case()
    school.written(case)
    care_advice.share(case=case, text="请多留意睡眠", audience="class_teacher", by=school.by)
    for one in pages:
        answer = client.get(one, follow=True)
        told = _plain(answer)
        assert not any(word in told for word in CANARIES), one
        assert told == before[one], one
    for name in ("care_case", "care_share", "care_family", "care_close", "care_file"):
        assert client.get(at(name, case)).status_code in (404, 405)
        assert client.post(at(name, case), {"form": "docx"}).status_code == 404


def _plain(answer) -> str:
    """A page, or what stands in a file, without ids, keys and the hour, which change from one look to the next."""
    content = answer.content
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as file:
            parts = (one for one in sorted(file.namelist()) if "docProps" not in one and "styles" not in one)
            content = b"".join(map(file.read, parts))
    text = content.decode(errors="replace")
    return re.sub(r"[0-9A-Za-z_+/=-]{20,}|[0-9]{1,2}:[0-9]{2}(:[0-9.]+)?|[0-9A-F]{4}-[0-9A-F]{4}", "", text)


def test_titles_and_addresses_name_no_child_and_no_talk(school, signed_in):
    case = school.case()
    alarm = care_danger.escalate(pupil=case.pupil, kind="missing", by=school.by)
    client = signed_in(school.zhou)
    for one in ("/care", "/care/new", "/care/group", "/care/rules", at("care_case", case), at("alarm", alarm),
                "/safety/opened", "/safety/reports", at("danger", case.pupil)):  # fmt: skip
        title = re.search("<title>(.*?)</title>", client.get(one).text)[1]
        assert not any(word in title for word in (*TELLING, case.pupil.name)), title
        assert not any(word in one for word in ("counsel", "psych", "refer", "xinli"))


def test_nothing_of_it_reaches_the_log(school, signed_in, caplog):
    caplog.set_level("DEBUG")
    case = school.case()
    client = signed_in(school.zhou)
    client.post(at("care_case", case), {"state": "说想妈妈"})
    client.post(at("care_case", case), {"on": "2027-01-01", "state": "说想妈妈"})
    signed_in(school.cast.homeroom).get(at("care_case", case))
    assert not any(word in caplog.text for word in (*CANARIES, case.pupil.name))


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_are_accessible_with_everything_open(phone, enter, school, live_server):
    case = school.case()
    school.referred(1)
    school.written(case)
    alarm = care_danger.escalate(pupil=case.pupil, kind="missing", by=school.by)
    enter(phone, school.zhou, "/care")
    for one in ("/care", "/care/group", "/care/rules", at("care_case", case), at("danger", case.pupil), at("alarm", alarm),
                f"/care/new?pupil={case.pupil_id}", "/safety/opened",
                f"/safety/reports?pupil={case.pupil_id}", "/care/results"):  # fmt: skip
        phone.goto(f"{live_server.url}{one}")
        if one == "/safety/opened":
            phone.fill("[name=q]", "陈")
            phone.click("form:has([name=q]) button")
            phone.wait_for_selector("[name=reason]")
        for fold in phone.query_selector_all("main details"):
            fold.evaluate("one => one.open = true")
        for size in ({"width": 360, "height": 740}, {"width": 1366, "height": 900}):
            phone.set_viewport_size(size)
            assert violations(phone) == [] and spill(phone) == 0, (one, size)
