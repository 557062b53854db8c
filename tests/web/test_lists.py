"""名单 in the browser's words: dropped, looked at, explained, loaded, compared, taken back; closed to others."""

import io
from datetime import date

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bangfu.flow import lists
from bangfu.records.models import FactStatement, Intake, ListLeaver, ListMatch, ReceivedList
from tests.axe import spill, violations
from tests.exchange import workbooks
from tests.exchange.lists import plain
from tests.exchange.pupils import number
from tests.flow.test_lists import BIRTHS, NAMES, office, pupil, row  # noqa: F401


def file_of(rows, name="低保.xlsx"):
    return SimpleUploadedFile(name, workbooks.xlsx(("名单", rows)))


@pytest.fixture
def desk(client, office):  # noqa: F811
    """The client of whoever keeps the roll, in a school of twelve children."""
    client.force_login(office.staff.user, backend="bangfu.records.access.ViewerBackend")
    return client


def drop(desk, rows, kind="dibao", **said):
    answer = desk.post("/lists", {"kind": kind, "file": file_of(rows), **said})
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def unsure(at=2):
    """A row that names only the grown-up of a child: always a question."""
    head = {"姓名": f"{NAMES[at][0]}大", "与户主关系": "户主", "村": "石坎村"}
    return head | {"身份证号码": number(at, "19850101"), "出生日期": "1985-01-01"}


def test_an_empty_desk_says_whom_to_ask_for_lists(desk):
    page = desk.get("/lists").text
    assert "还没有收到名单" in page and "最低生活保障家庭名单（民政部门）" in page and 'type="file"' in page


def test_the_preview_says_whose_rows_they_are_and_writes_nothing(desk):
    page = desk.get(drop(desk, plain(row(0), {"姓名": "欧阳远", "身份证号码": "12"}))).text
    for words in (
        "读到的行",
        "对上的学生",
        "要比一比",
        "不是我们的学生",
        NAMES[0],
        "低保",
        "身份证号码",
        "不保存",
        "导入这份名单",
    ):
        assert words in page, words
    assert not FactStatement.objects.filter(source="list:dibao").exists()


def test_a_list_is_loaded_shown_and_taken_back(desk):
    here = drop(desk, plain(row(0)), stated_on="2026-10-08")
    page = desk.post(here + "/load", follow=True).text
    assert "对上 1 名学生" in page and "2026年10月8日的名单" in page and "撤销这份名单" in page
    assert "已有 7 天" in desk.get("/lists").text and "都看过了" in desk.get("/lists").text
    page = desk.post(here + "/undo", follow=True).text
    assert "已回到导入这份名单以前的样子" in page
    assert not FactStatement.objects.filter(source="list:dibao").exists()


def test_many_changes_need_a_tick(desk):
    here = drop(desk, plain(row(0), row(1)))
    assert "超过一成" in desk.get(here).text
    answer = desk.post(here + "/load")
    assert answer.status_code == 422 and "我看过了" in answer.text
    assert desk.post(here + "/load", {"confirmed": "1"}).status_code == 302


def test_columns_are_named_once(desk):
    rows = plain({"娃": NAMES[0], "证": number(0, BIRTHS[0])})
    here = drop(desk, rows, kind="other", title="助学站")
    page = desk.get(here).text
    assert "没有认出哪一列是姓名" in page and "导入这份名单" not in page
    said = {"heading": ["娃", "证"], "heading_means": ["name", "id_number"], "stated_on": "2026-10-01"}
    page = desk.post(here, said, follow=True).text
    assert "在这份名单上，说明" in page and "对上的学生" in page
    page = desk.post(here, {"fact": "dibao"}, follow=True).text
    assert "导入这份名单" in page
    assert ReceivedList.objects.get().stated_on == date(2026, 10, 1)
    assert "娃" in desk.get(drop(desk, rows, kind="other", title="助学站")).text


def test_a_column_can_be_set_aside(desk):
    rows = plain(row(0, 村="甲"), row(1, 村="乙"))
    here = drop(desk, rows)
    desk.post(here, {"heading": ["姓名", "身份证号码", "村"], "heading_means": ["name", "id_number", "-"]})
    page = desk.get(here).text
    assert page.count('value="-" selected') == 1


def test_a_word_of_other_years_is_asked_with_its_question(desk):
    here = drop(desk, plain(row(0, 户类型="监测户")), kind="exited_poor")
    page = desk.get(here).text
    assert "“监测户”是指" in page and "2026 年起改叫" in page
    page = desk.post(here, {"word": ["监测户"], "word_means": ["monitored"]}, follow=True).text
    assert "是指" not in page and "导入这份名单" in page


@pytest.fixture
def waiting(desk):
    """A loaded list with one pair to compare."""
    here = drop(desk, plain(unsure(), row(0)))
    desk.post(here + "/load", {"confirmed": "1"})
    assert ListMatch.objects.filter(pupil=pupil(2), state="waiting").exists()
    return here


def test_a_pair_shows_both_sides_and_why_and_no_whole_number(desk, waiting):
    page = desk.get("/lists/pairs").text
    for words in (
        "名单上",
        "我们的学生",
        NAMES[2],
        "1985年1月1日",
        "家长",
        "先放着",
        "就记下孩子：低保",
    ):
        assert words in page, words
    assert number(2, BIRTHS[2]) not in page
    assert "2016年5月20日" not in page and "不一样" not in page  # a grown-up is not held against a child's birthday


def test_yes_states_the_fact_and_can_be_taken_back(desk, waiting):
    match = ListMatch.objects.get(pupil=pupil(2))
    page = desk.post(f"/lists/pairs/{match.pk}", {"answer": "same"}, follow=True).text
    assert "记下了：是孩子的家长" in page and "都看完了" in page
    assert FactStatement.objects.get(pupil=pupil(2), source="list:dibao").values == {"dibao": True}
    page = desk.post(f"/lists/pairs/{match.pk}/undo", follow=True).text
    assert "请再看一遍" in page and "这是孩子的家长吗" in page
    assert not FactStatement.objects.filter(pupil=pupil(2), source="list:dibao").exists()


def test_no_says_nothing_about_the_child(desk, waiting):
    match = ListMatch.objects.get(pupil=pupil(2))
    desk.post(f"/lists/pairs/{match.pk}", {"answer": "different"})
    assert not FactStatement.objects.filter(pupil=pupil(2), source="list:dibao").exists()


def test_later_keeps_the_pair(desk, waiting):
    match = ListMatch.objects.get(pupil=pupil(2))
    page = desk.post(f"/lists/pairs/{match.pk}", {"answer": "later"}, follow=True).text
    assert "排到最后" in page and NAMES[2] in page


def test_an_answer_nobody_offered_is_refused(desk, waiting):
    match = ListMatch.objects.get(pupil=pupil(2))
    assert desk.post(f"/lists/pairs/{match.pk}", {"answer": "perhaps"}).status_code == 422


def test_who_is_no_longer_on_the_list_is_asked_about_by_name(desk):
    desk.post(drop(desk, plain(row(0)), stated_on="2026-09-01") + "/load")
    here = drop(desk, plain(row(1)), stated_on="2026-10-01")
    assert "上次在名单上，这次不在" in desk.get(here).text
    page = desk.post(here + "/load", follow=True).text
    assert NAMES[0] in page and "先问清楚，再选" in page
    leaver = ListLeaver.objects.get()
    page = desk.post(f"/lists/leavers/{leaver.pk}", {"meaning": "ended"}, follow=True).text
    assert "不再是了" in page
    assert FactStatement.objects.filter(pupil=pupil(0)).latest("known_at").values == {"dibao": False}
    desk.post(f"/lists/leavers/{leaver.pk}/undo")
    leaver.refresh_from_db()
    assert leaver.state == "waiting" and leaver.statement is None


def test_the_marked_workbook_comes_without_the_name_of_the_list(desk):
    here = drop(desk, plain(row(0, 身份证号码="123"), row(1)))
    answer = desk.get(here + "/file")
    assert "低保" not in answer["Content-Disposition"]
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["C1"].value == "要看一下" and "18 位" in sheet["C2"].value


def test_a_list_put_away_is_gone(desk):
    here = drop(desk, plain(row(0)))
    page = desk.post(here + "/drop", follow=True).text
    assert "文件也删掉了" in page and "还没有收到名单" in page
    assert Intake.objects.get(kind="list").content is None


def test_what_is_no_table_and_what_has_no_kind_is_refused_in_a_sentence(desk):
    answer = desk.post("/lists", {"kind": "dibao", "file": SimpleUploadedFile("a.xlsx", b"%PDF-1.4")})
    assert answer.status_code == 422 and "PDF" in answer.text
    answer = desk.post("/lists", {"kind": "", "file": file_of(plain(row(0)))})
    assert answer.status_code == 422 and "哪一种名单" in answer.text
    answer = desk.post("/lists", {"kind": "dibao", "stated_on": "someday", "file": file_of(plain(row(0)))})
    assert answer.status_code == 422 and "没有认出这个日期" in answer.text


def test_lists_do_not_stand_among_the_rolls(desk):
    here = drop(desk, plain(row(0)))
    one = ReceivedList.objects.get()
    assert "低保" not in desk.get("/intake").text
    assert desk.get(f"/intake/{one.intake_id}").status_code == 404
    assert desk.post(f"/intake/{one.intake_id}/load").status_code == 404 and here


def test_teachers_are_not_offered_lists(client, cast):
    client.force_login(cast.homeroom.user, backend="bangfu.records.access.ViewerBackend")
    assert client.get("/lists").status_code == 403 and client.get("/lists/pairs").status_code == 403
    assert 'href="/lists"' not in client.get("/today").text


@pytest.mark.browser
def test_lists_and_pairs_are_accessible_and_fit_a_phone(phone, enter, desk, waiting, office):  # noqa: F811
    enter(phone, office.staff, then="/lists")
    for address in ("/lists", "/lists/pairs", waiting, drop(desk, plain(row(3), {"姓名": "谁"}))):
        phone.goto(phone.url.split("/lists")[0] + address)
        assert violations(phone) == [] and spill(phone) == 0, address


@pytest.mark.browser
def test_a_pair_is_decided_by_keyboard(page, enter, desk, waiting, office):  # noqa: F811
    enter(page, office.staff, then="/lists/pairs")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.value") == "same":
            break
    page.keyboard.press("Enter")
    page.wait_for_selector("text=都看完了")
    assert ListMatch.objects.get(pupil=pupil(2)).state == "same" and lists.KIND
