"""The page that says whether the roll adds up: who sees what, the one thing to do next, the workbook, a reason."""

import io

import openpyxl
import pytest

from bangfu.flow import class_grid, exclude
from bangfu.records.models import Event, Exclusion, FactStatement
from tests import factories
from tests.axe import spill, violations
from tests.cast import DAY


@pytest.fixture
def teacher(signed_in, cast):
    return signed_in(cast.homeroom)


def said(client, address, **more):
    return client.get(address, **more).content.decode()


def one_class(cast):
    return f"/coverage/{cast.class_two.pk}"


def fill(cast, at=range(6), **cells):
    cells = {"keeping_up": "1", "conduct": "1", "mood": "1"} | cells
    class_grid.keep(
        school_class=cast.class_two, cells={cast.pupils[n].pk: cells for n in at}, saw={}, by=cast.viewer(cast.homeroom)
    )  # fmt: skip


def test_the_first_sentence_says_whether_it_adds_up_and_the_second_shows_the_sum(teacher, cast):
    page = said(teacher, "/coverage")
    assert "还有 6 名孩子没有着落" in page
    fill(cast)
    page = said(teacher, "/coverage")
    assert "名册上的每个孩子都有着落" in page
    assert "名册 6 ＝ 有人在帮 0 ＋ 看过，不用帮 6 ＋ 等着问清 0 ＋ 写明了原因 0 ＋ 还没有着落 0" in page


def test_a_class_teacher_sees_the_own_class_a_leader_the_school_a_grade_its_classes(signed_in, cast):
    far = factories.pupil(factories.school_class(cast.school, 5, 1), "高年级")
    own = said(signed_in(cast.homeroom), "/coverage")
    assert cast.pupils[0].name in own and cast.others[0].name not in own
    grade = said(signed_in(cast.supervisor), "/coverage")
    assert cast.pupils[0].name in grade and cast.others[0].name in grade and far.name not in grade
    whole = said(signed_in(cast.principal), "/coverage")
    assert far.name in whole and "合计" in whole and cast.stranger.name not in whole


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_nobody_opens_a_class_that_is_not_theirs(signed_in, cast, who):
    client = signed_in(getattr(cast, who))
    assert client.get(one_class(cast)).status_code == 404
    assert client.get(f"/coverage.xlsx?class={cast.class_two.pk}").status_code == 404
    assert client.get(f"/coverage/pupils/{cast.pupils[0].pk}").status_code == 404


def test_the_office_without_classes_is_told_whose_it_is(signed_in, cast):
    assert signed_in(cast.officer).get("/coverage").status_code == 403


def test_each_child_without_an_answer_has_one_thing_to_do(teacher, cast):
    fill(cast, [0], keeping_up="3")
    fill(cast, [1], mood="0")
    page = said(teacher, one_class(cast))
    assert f'/survey/{cast.class_two.pk}?plan=weekly_support">去定' in page
    assert f"/survey/{cast.class_two.pk}/grid#r{cast.pupils[2].pk}" in page
    assert "要问：情绪状态" in page and f"/pupils/{cast.pupils[1].pk}/facts" in page


def test_no_kind_of_need_is_said_of_anybody_without_an_answer(teacher, cast):
    fill(cast, [0], keeping_up="3", mood="3")
    page = said(teacher, one_class(cast))
    for word in ("很吃力", "常常低落", "学困", "困难生"):
        assert word not in page


def test_a_reason_is_written_shown_with_its_person_and_taken_back(teacher, cast):
    pupil = cast.pupils[0]
    address = f"/coverage/pupils/{pupil.pk}"
    again = teacher.post(address, {"reason": "不", "until": "term"})
    assert again.status_code == 422 and "请写一句原因" in again.content.decode()
    teacher.post(address, {"reason": "转学手续在办", "plan": "", "until": "term"})
    row = Exclusion.objects.get()
    assert str(row.until) == "2027-03-01" and row.by == cast.homeroom
    page = said(teacher, one_class(cast))
    assert "转学手续在办 · 李秋月" in page
    teacher.post(f"/coverage/exclusions/{row.pk}/withdraw")
    assert "转学手续在办" not in said(teacher, one_class(cast))


def test_whoever_only_reads_writes_no_reason(signed_in, cast):
    row = exclude.exclude(
        pupil=cast.pupils[0], plan_key="", reason="转学手续在办", by=cast.viewer(cast.homeroom)
    )
    union = factories.staff(cast.school, "吴志刚", "gang", ("union_chair", None))
    client = signed_in(union)
    assert "转学手续在办" in said(client, one_class(cast)) and "withdraw" not in said(client, one_class(cast))
    assert client.get(f"/coverage/pupils/{cast.pupils[1].pk}").status_code == 404
    client.post(f"/coverage/exclusions/{row.pk}/withdraw")
    assert Exclusion.objects.get().withdrawn_on is None


def test_the_workbook_adds_up_in_every_row_and_names_no_sensitive_fact(signed_in, cast):
    factories.plan(cast.school, key="whole_school", edition="recommended")
    fill(cast, [0], dibao="0", exited_poor="0", left_behind_roll="0")
    FactStatement.objects.create(
        pupil=cast.pupils[0], source="roll", stated_on=DAY, known_at="2026-10-01T08:00+08:00", values={"village": "石坎村"}
    )  # fmt: skip
    answer = signed_in(cast.principal).get("/coverage.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    text = "\n".join(
        str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value
    )
    assert "石坎村" in text and "低保" not in text and "脱贫" not in text
    for name in ("按班", "按村", "按方案"):
        sums = [row for row in book[name].iter_rows(values_only=True) if isinstance(row[1], int)]
        assert sums and all(row[1] == sum(row[2:7]) for row in sums)
    assert Event.objects.get(verb="report.export").changes["list"] == "coverage"


def test_a_child_whose_village_nobody_wrote_is_named_on_the_page_of_its_class(teacher, cast):
    page = said(teacher, one_class(cast))
    assert "村还没写 · 6" in page


def test_the_navigation_offers_it_to_leaders_and_class_teachers_only(signed_in, cast):
    assert 'href="/coverage"' in said(signed_in(cast.homeroom), "/me")
    assert 'href="/coverage"' in said(signed_in(cast.principal), "/me")
    assert 'href="/coverage"' not in said(signed_in(cast.officer), "/me")


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_are_accessible(phone, live_server, enter, cast):
    fill(cast, [0], keeping_up="3")
    fill(cast, [1], mood="0")
    exclude.exclude(pupil=cast.pupils[2], plan_key="", reason="转学手续在办", by=cast.viewer(cast.homeroom))
    enter(phone, cast.homeroom)
    for address in (
        "/coverage",
        f"/coverage/pupils/{cast.pupils[0].pk}",
        f"/survey/{cast.class_two.pk}/grid",
    ):
        phone.goto(live_server.url + address)
        assert violations(phone) == []
        assert spill(phone) == 0
