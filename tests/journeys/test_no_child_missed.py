"""No child missed, from a list that arrives to a statement that adds up: four people, six days, one browser each.

List → preview → load → a pair compared → the class in one grid → it adds up → roll call → recognition to its archive.
"""

from datetime import date

import pytest
from playwright.sync_api import expect

from bangfu.records.models import FactStatement, ListMatch, RecognitionRound, RollCall
from tests.cast import DAY, PASSWORD
from tests.exchange import workbooks
from tests.exchange.lists import plain
from tests.exchange.pupils import number
from tests.flow.recognition_school import AFTER, POSTED, SAT, TOLD, UNTIL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def numbered(cast):
    """The class's numbers are real ones in form, as a roll has them."""
    for at, pupil in enumerate(cast.pupils):
        pupil.id_number, pupil.birth_on = number(at, f"2018031{at}"), date(2018, 3, 10 + at)
        pupil.save(update_fields=["id_number", "birth_on"])
    return cast


@pytest.fixture
def dibao(numbered, tmp_path):
    """A list of civil affairs: one child by its number, one family of which only the grown-up is named."""
    first, second = numbered.pupils[0], numbered.pupils[1]
    rows = plain(
        {"姓名": first.name, "身份证号码": number(0, "20180310"), "与户主关系": "之女"},
        {"姓名": second.guardians.get().name, "身份证号码": number(1, "19550101"), "与户主关系": "户主",
         "联系电话": "10098765432"},
    )  # fmt: skip
    path = tmp_path / "名单.xlsx"
    path.write_bytes(workbooks.xlsx(("名单", rows)))
    return path


def a_list_is_loaded_and_compared(office, path):
    office.go("/lists")
    office.looks_right()
    office.page.select_option("#f-kind", "dibao")
    office.page.set_input_files("#f-file", path)
    office.opens(office.button("看一看"))
    office.reads("对上的学生", "要比一比", "陈小满")
    office.looks_right()
    if office.page.locator("[name=confirmed]").count():
        office.page.check("[name=confirmed]")
    office.opens(office.button("导入这份名单"))
    office.reads("对上 1 名学生")
    office.looks_right()
    office.opens(office.link("去比一比").first)
    office.looks_right()
    office.opens(office.page.locator("button[value=same]"))
    office.looks_right()


def the_class_is_looked_at(teacher, cast):
    """By keyboard, every child: five as usual, one who finds it hard; with a sentence why no plan takes it."""
    teacher.go("/coverage")
    teacher.reads("还有 6 名孩子没有着落")
    teacher.looks_right()
    teacher.go(f"/survey/{cast.class_two.pk}/grid")
    teacher.looks_right()
    columns = teacher.page.locator(".sheet thead th").count() - 1
    for at in range(columns):
        teacher.page.locator(".sheet tbody tr").first.locator("select").nth(at).focus()
        teacher.page.keyboard.press("9")
    last = teacher.page.locator(f"select[name='c.{cast.pupils[5].pk}.keeping_up']")
    last.focus()
    teacher.page.keyboard.press("3")
    expect(teacher.page.locator("[data-saving]")).to_have_text("都保存了")
    teacher.go("/coverage")
    teacher.reads("刘洋洋")
    teacher.go(f"/coverage/pupils/{cast.pupils[5].pk}")
    teacher.looks_right()
    teacher.page.fill("#f-reason", "家里和老师说好，先由妈妈每晚陪着读")
    teacher.opens(teacher.button("保存"))
    teacher.go("/coverage")
    teacher.reads("名册上的每个孩子都有着落")
    teacher.looks_right()


def the_roll_is_called(teacher, cast):
    teacher.go(f"/attendance/{cast.class_two.pk}")
    teacher.looks_right()
    with teacher.within(2):
        teacher.tap(teacher.page.get_by_text("罗天佑").first)
        teacher.opens(teacher.button("保存"))
    teacher.reads("1 人没来", "罗天佑")
    teacher.looks_right()
    assert RollCall.objects.filter(school_class=cast.class_two, day=DAY).exists()


def test_from_a_list_to_a_statement_that_adds_up(numbered, dibao, stage):
    office = stage.signs_in("he", PASSWORD)
    a_list_is_loaded_and_compared(office, dibao)
    assert not ListMatch.objects.filter(state="waiting").exists()
    assert FactStatement.objects.filter(source="list:dibao", pupil=numbered.pupils[1]).exists()
    teacher = stage.signs_in("li", PASSWORD)
    the_class_is_looked_at(teacher, numbered)
    the_roll_is_called(teacher, numbered)


def test_a_round_of_recognition_from_telling_to_the_archive(numbered, stage):
    stage.on(TOLD)
    office = stage.signs_in("he", PASSWORD)
    office.go("/recognition")
    office.looks_right()
    office.opens(office.button("开始这学期的认定"))
    round_ = RecognitionRound.objects.get()
    office.page.locator("details", has_text="评议小组").locator("summary").click()
    office.page.select_option("#f-staff", str(numbered.homeroom.pk))
    office.opens(office.page.locator(f"form[action$='{round_.pk}/group'] .button"))
    office.page.fill("#f-how", "家长会上说的，申请表发到每一家")
    office.page.fill("#f-apply_until", UNTIL.isoformat())
    office.opens(office.button("家长都知道了"))
    office.looks_right()

    teacher = stage.signs_in("li", PASSWORD)
    teacher.go(f"/recognition/{round_.pk}/applications/new")
    teacher.looks_right()
    teacher.page.select_option("#f-pupil", str(numbered.pupils[2].pk))
    teacher.page.fill("#f-applicant", "奶奶")
    teacher.page.fill("#f-debt", "爷爷看病欠了钱")
    teacher.page.check("[name=promised]")
    teacher.opens(teacher.button("保存申请"))
    teacher.looks_right()

    stage.on(SAT)
    office.go("/recognition")
    office.opens(office.button("开始评议"))
    office.opens(office.link("打开评议记录"))
    office.looks_right()
    office.page.check(f"[name='level.{numbered.pupils[2].pk}'] >> nth=0", force=True)
    office.page.fill(f"[name='votes.{numbered.pupils[2].pk}']", "2")
    office.page.fill("#held", SAT.isoformat())
    for box in office.page.locator("[name^='present.']").all():
        box.check(force=True)
    office.opens(office.button("结束评议"))
    office.looks_right()

    head = stage.signs_in("wang", PASSWORD)
    head.go(f"/recognition/{round_.pk}/decision")
    head.looks_right()
    head.opens(head.button("审定", exact=False).last)

    stage.on(POSTED)
    office.go("/notices")
    office.looks_right()
    office.page.fill("#f-contact", "何老师，办公室当面说")
    office.opens(office.button("从今天起公示"))
    office.reads("杨朵朵")
    office.looks_right()
    assert "爷爷" not in office.page.content() and "奶奶" not in office.page.content()

    stage.on(AFTER)
    office.go("/notices")
    assert "杨朵朵" not in office.page.content()
    office.go("/recognition")
    office.opens(office.button("归档"))
    office.looks_right()
    assert RecognitionRound.objects.get().state == "archived"
