"""导入 in the browser's words: dropped, looked at, loaded, taken back; refused calmly; closed to others."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from bangfu.records.models import Intake, Pupil
from tests.axe import spill, violations
from tests.exchange import workbooks
from tests.exchange.pupils import table


def file_of(*rows, name="花名册.xlsx", **columns):
    return SimpleUploadedFile(name, workbooks.xlsx(("花名册", table(*rows, **columns))))


@pytest.fixture
def office(signed_in, cast):
    """Nine children are here already."""
    return signed_in(cast.officer)


def drop(office, file):
    """Return the address of the preview."""
    answer = office.post("/intake", {"file": file})
    assert answer.status_code == 302, answer.text
    return answer["Location"]


def test_the_page_asks_for_the_file_and_nothing_else(office):
    page = office.get("/intake").text
    assert "导入学籍" in page and 'type="file"' in page and "以前导入的" not in page


def test_the_preview_counts_what_would_change_and_writes_nothing(office, cast):
    before = Pupil.objects.count()
    page = office.get(
        drop(office, file_of({}, {}, {"身份证件号": 5.2e17}, 联系电话="13900000000", 血型="A"))
    ).text
    for words in (
        "新增",
        "改动",
        "没变",
        "表里没有了",
        "3 行里 1 行要看一下",
        "其余 2 行可以先导入",
        "花名册 第 4 行",
        "C 列",
        "血型",
    ):
        assert words in page, words
    assert "陈小二" in page and "转走了？" in page  # 三（1）班 is in the file, its three children are not
    assert Pupil.objects.count() == before


def test_numbers_are_masked_in_the_preview(office):
    first = drop(office, file_of({}, 联系电话="13900001111"))
    office.post(first + "/load")
    page = office.get(drop(office, file_of({}, 联系电话="13922223333"))).text
    assert "139****1111" in page and "139****3333" in page and "13922223333" not in page


def test_loading_and_taking_back(office):
    here = drop(office, file_of({}, {}))
    page = office.post(here + "/load", follow=True).text
    assert "导入好了：新增 2，改动 0" in page and "撤销这次导入" in page
    assert Pupil.objects.filter(name="陈小二").exists()
    page = office.post(here + "/undo", follow=True).text
    assert "去掉新增 2 名" in page and "已回到导入以前的样子" in page
    assert not Pupil.objects.filter(name="陈小二").exists()
    assert "已撤销" in office.get("/intake").text


def test_loading_twice_is_said_and_done_once(office):
    here = drop(office, file_of({}))
    office.post(here + "/load")
    answer = office.post(here + "/load")
    assert answer.status_code == 422 and "已经导入过了" in answer.text


def test_many_changes_need_a_tick(office):
    here = drop(office, file_of({}, {}))
    office.post(here + "/load")
    again = drop(office, file_of({"班级": "三年级2班"}, {"班级": "三年级2班"}))
    assert "超过一成" in office.get(again).text
    answer = office.post(again + "/load")
    assert answer.status_code == 422 and "我看过了，确实要改这么多" in answer.text
    assert office.post(again + "/load", {"confirmed": "1"}).status_code == 302


def test_the_faulty_rows_come_back_in_the_same_workbook(office):
    here = drop(office, file_of({}, {"身份证件号": "123"}))
    office.post(here + "/load")
    page = office.get(here).text
    assert "1 行没有导入" in page
    answer = office.get(here + "/file")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["E1"].value == "要看一下" and "18 位" in sheet["E3"].value
    assert "%E8%A6%81" in answer["Content-Disposition"]


def test_a_child_who_is_not_in_the_file_leaves_only_when_somebody_says_so(office, cast):
    here = drop(office, file_of({}))
    page = office.post(here + "/load", follow=True).text
    assert "石头" in page and cast.pupils[0].name not in page  # only the class the file is about
    child = cast.others[0]
    page = office.post(here + "/left", {"pupil": child.pk}, follow=True).text
    child.refresh_from_db()
    assert "石头已离校" in page and child.left_on is not None
    assert office.post(here + "/left", {"pupil": cast.pupils[0].pk}).status_code == 404


@pytest.mark.parametrize("name, content, said", [
    ("图.png", b"\x89PNG\r\n\x1a\n", "图片"), ("空.xlsx", b"", "空"),
    ("表.et", workbooks.xls(("a", [["姓名"]])), "另存为 xlsx"),
    ("坏.xlsx", workbooks.xlsx(("a", table({})))[:900], "不完整"),
])  # fmt: skip
def test_a_wrong_file_gets_a_sentence_and_leaves_nothing(office, name, content, said):
    answer = office.post("/intake", {"file": SimpleUploadedFile(name, content)})
    assert said in answer.text and not Intake.objects.exists()
    assert answer.status_code == 422


def test_no_file_at_all_gets_a_sentence(office):
    answer = office.post("/intake")
    assert answer.status_code == 422 and "还没有选文件" in answer.text


def test_the_class_teacher_is_told_whose_work_it_is_and_the_outsider_finds_nothing(
    client, signed_in, cast, office
):
    here = drop(office, file_of({}))
    signed_in(cast.homeroom)
    assert client.get("/intake").status_code == 403
    assert client.post("/intake", {"file": file_of({})}).status_code == 403
    for staff in (cast.homeroom, cast.outsider):
        signed_in(staff)
        assert client.get(here).status_code == 404 and client.get(here + "/file").status_code == 404
        for act in ("/load", "/undo", "/left"):
            assert client.post(here + act).status_code == 404
    assert Intake.objects.get().state == "checked"


def test_pages_need_few_queries(office, django_assert_max_num_queries):
    here = drop(office, file_of({}, {}))
    with django_assert_max_num_queries(10):
        office.get(here)
    office.post(here + "/load")
    with django_assert_max_num_queries(8):
        office.get(here)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_dropping_loading_and_taking_back_in_a_browser_at_both_widths(cast, page, phone, enter, live_server):
    content = workbooks.xlsx(
        ("花名册", table({}, {"身份证件号": 5.2e17}, {"联系电话": "1"}, 联系电话="13900000000"))
    )
    for tab in (page, phone):
        enter(tab, cast.officer)
        tab.goto(f"{live_server.url}/intake")
        assert not violations(tab) and spill(tab) == 0
        tab.set_input_files(
            "#f-file", {"name": "花名册.xlsx", "mimeType": "application/octet-stream", "buffer": content}
        )
        tab.click("text=看一看")
        tab.wait_for_selector("text=会改动什么")
        assert not violations(tab) and spill(tab) == 0
        tab.click("main form button.main")
        tab.wait_for_selector("text=导入好了")
        assert not violations(tab) and spill(tab) == 0
        tab.click("button:has-text('撤销这次导入')")
        tab.wait_for_selector("text=已回到导入以前的样子")
        assert not violations(tab) and spill(tab) == 0


def test_a_child_who_left_comes_back_only_when_ticked(office):
    office.post(drop(office, file_of({}, {})) + "/load")
    child = Pupil.objects.get(name="陈小满", arrived_with__isnull=False)
    Pupil.objects.filter(pk=child.pk).update(left_on="2026-10-15", left_because="moved")
    here = drop(office, file_of({}, {}))
    assert "陈小满回来了" in office.get(here).text
    office.post(here + "/load")
    child.refresh_from_db()
    assert child.left_on is not None
    office.post(drop(office, file_of({}, {})) + "/load", {"back": child.pk})
    child.refresh_from_db()
    assert child.left_on is None
