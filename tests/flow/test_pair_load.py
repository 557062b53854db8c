"""A table of pairs a school keeps already: looked at first, every rule held by its cell, loaded once."""

from io import BytesIO

import pytest
from openpyxl import Workbook, load_workbook

from bangfu.flow import adopt, pair, pair_load
from bangfu.records.models import Event, Pairing
from tests import factories
from tests.cast import DAY


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


@pytest.fixture
def by(cast):
    return cast.viewer(cast.principal)


def table(*rows, head=("学生姓名", "班级", "教师姓名", "时间")):
    book = Workbook()
    book.active.append(["结对名单"])
    book.active.append(list(head))
    for row in rows:
        book.active.append(list(row))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def asked(content, plan, by):
    return {"content": content, "file_name": "结对.xlsx", "plan": plan, "by": by}


def test_a_clean_table_is_in_force_from_today_and_twice_changes_nothing(cast, plan, by):
    for child in cast.pupils[:3]:
        factories.case(child)
    content = table(
        ("陈小满", "三（2）班", "李秋月", "周三大课间"),
        ("罗天佑", "三年级2班", "赵志远", ""),
        ("杨朵朵", "3.2", "李秋月", ""),
    )
    seen = pair_load.look(**asked(content, plan, by))
    assert seen.counts == {"rows": 3, "new": 3, "same": 0, "faults": 0}
    assert not Pairing.objects.exists()
    pair_load.load(**asked(content, plan, by))
    assert Pairing.objects.in_force(DAY).count() == 3
    assert Pairing.objects.get(case__pupil=cast.pupils[0]).time_slot == "周三大课间"
    assert Event.objects.filter(verb="pair.confirm").count() == 3
    with pytest.raises(pair_load.NothingNew):
        pair_load.load(**asked(content, plan, by))
    assert Pairing.objects.count() == 3


def test_what_cannot_be_is_a_fault_at_its_cell_and_the_rest_comes_in(cast, plan, by):
    some = [factories.case(child) for child in cast.pupils]
    pair.avoid(pupil=some[4].pupil, staff=cast.attached, why="relative", by=by)
    content = table(
        ("陈小满", "三（2）班", "李秋月", ""),
        ("罗天佑", "三（2）班", "李秋月", ""),
        ("杨朵朵", "三（2）班", "李秋月", ""),  # the third for her
        ("周子安", "三（2）班", "孙丽", ""),  # of another class
        ("何雨欣", "三（2）班", "赵志远", ""),  # to be avoided
        ("石头", "三（1）班", "孙丽", ""),  # not chosen
        ("刘洋洋", "三（2）班", "没有人", ""),
        ("", "三（2）班", "赵志远", ""),
    )
    seen = pair_load.load(**asked(content, plan, by))
    assert seen.counts == {"rows": 8, "new": 2, "same": 0, "faults": 6}
    where = {fault.row: (fault.column, fault.what) for fault in seen.faults}
    assert "最多带 2 名" in where[5][1] and where[5][0] == "C"
    assert "不能由孙丽来帮" in where[6][1]
    assert "回避" in where[7][1]
    assert where[8][0] == "A" and where[10][0] == "A"
    assert Pairing.objects.in_force(DAY).count() == 2
    back = load_workbook(BytesIO(pair_load.marked(content, seen)))
    assert "最多带 2 名" in str([[cell.value for cell in row] for row in back.active.iter_rows()])


def test_a_table_without_the_two_columns_and_a_file_that_is_no_table_are_refused_calmly(plan, by):
    with pytest.raises(pair_load.NoPairsThere):
        pair_load.look(**asked(table(("陈小满", "5"), head=("姓名", "身高")), plan, by))
    with pytest.raises(pair_load.NotReadable):
        pair_load.look(**asked(b"\x00\x01nothing", plan, by))


def test_a_class_teacher_loads_no_pairs(cast, plan):
    with pytest.raises(pair.NotDecider):
        pair_load.load(
            **asked(table(("陈小满", "三（2）班", "李秋月", "")), plan, cast.viewer(cast.homeroom))
        )


def test_an_open_proposal_of_the_seat_gives_way_to_what_the_school_has_settled(cast, plan, by):
    factories.case(cast.pupils[0])
    pair.propose(plan=plan, by=by)
    pair_load.load(**asked(table(("陈小满", "三（2）班", "赵志远", "")), plan, by))
    row = Pairing.objects.get()
    assert (row.helper, row.state) == (cast.attached, "confirmed")
