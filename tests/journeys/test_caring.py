"""C1–C5 in Chromium by taps: taken on, a note, danger, a group of eight, results brought in; JavaScript off."""

import pytest

from bangfu.flow import care
from bangfu.records.models import CareCase, CareNote, Escalation, GroupSession, ScreeningResult
from tests import factories
from tests.cast import PASSWORD
from tests.exchange import workbooks
from tests.flow.care_school import School

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_counsellors_day_stays_within_its_taps(cast, stage, tmp_path):
    school = School(cast)
    school.referred(0)
    children = [factories.pupil(cast.class_two, f"孩子{word}") for word in "甲乙丙丁戊己庚辛"]
    for child in children:
        care.begin(pupil=child, by=school.by)
    who = stage.signs_in("zhou", PASSWORD, java_script_enabled=False)
    with who.within(2):  # C1: see and accept
        who.opens(who.page.locator("nav.bar").get_by_role("link", name="关心"))
        who.opens(who.button("接住：陈小满"))
    case = CareCase.objects.get(pupil=cast.pupils[0])
    with who.within(3):  # C2: a chip, what was dictated, save
        who.tap(who.page.locator("label.chip", has_text="平安"))
        who.page.fill("#f-state", "愿意说话了，画了一张画。")
        who.opens(who.button("保存"))
    assert CareNote.objects.get().case == case
    who.go("/care")
    with who.within(2):  # C3: the numbers of the principal and the family
        who.opens(who.link("有危险：陈小满"))
        who.opens(who.button("可能伤害自己"))
    who.reads("先打电话", "校长", "奶奶")
    assert who.page.locator("a[href='tel:10098765432']").count() == 1
    assert Escalation.objects.get().pupil == cast.pupils[0]
    with who.within(len(children) + 3):  # C4: one note for eight
        who.opens(who.link("返回"))
        who.opens(who.link("小组记一笔"))
        for child in children:
            who.tap(who.page.locator("label.chip", has_text=child.name))
        who.page.fill("#f-state", "一起玩了传球，轮流说一件高兴的事。")
        who.opens(who.button("保存"))
    assert GroupSession.objects.get().members.count() == 8
    file = tmp_path / "结果.xlsx"
    file.write_bytes(workbooks.xlsx(("结果", [["姓名", "班级", "总分"], ["陈小满", "三年级2班", 61]])))
    who.go("/care/results")
    with who.within(2):  # C5: choosing the file is one, bringing in the other
        who.taps += 1
        who.page.set_input_files("#f-file", file)
        who.opens(who.button("孩子和家里都同意过，导入"))
    who.reads("已导入 1 名学生")
    assert ScreeningResult.objects.get().pupil == cast.pupils[0]
