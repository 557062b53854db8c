"""The small script's hooks on bare markup in a real Chromium: search, count, grid, danger words, drop zone."""

from pathlib import Path

import pytest

import bangfu.web

pytestmark = pytest.mark.browser
SCRIPT = Path(bangfu.web.__file__).parent / "static" / "bangfu" / "shell.js"

CELL = """<td data-cell><input type="radio" name="{0}" value="" checked data-key="0" aria-label="{0} 空">
<input type="radio" name="{0}" value="yes" data-key="1" aria-label="{0} 是"></td>"""
PAGE = f"""<form method="post" action="/x">
<div><input type="search" data-search="list" data-none="没有找到。"><p role="status" hidden></p></div>
<ul id="list"><li data-words="陈小满 cxm 1203">陈小满</li><li data-words="王浩 wh 1188">王浩</li></ul>
<label><input type="checkbox" name="pupil" value="1">一</label><label><input type="checkbox" name="pupil" value="2">二</label>
<output data-chosen="已选 {{n}} 位"></output>
<table data-grid><tr>{CELL.format("a1")}{CELL.format("a2")}</tr><tr>{CELL.format("b1")}{CELL.format("b2")}</tr></table>
<textarea data-watch="轻生|走失" data-watch-shows="danger"></textarea><p id="danger" hidden>先打电话</p>
<details data-menu><summary>更多</summary><button type="button">里面</button></details>
<div data-drop><input type="file" name="file"></div></form>"""


@pytest.fixture
def bare(page):
    page.set_content(PAGE)
    page.add_script_tag(path=str(SCRIPT))
    return page


@pytest.mark.parametrize(
    ("wish", "seen"), [("cxm", "陈小满"), ("1188", "王浩"), ("小满", "陈小满"), ("zz", "")]
)
def test_search_finds_by_name_initials_and_number(bare, wish, seen):
    bare.fill("[data-search]", wish)
    assert bare.inner_text("#list").strip() == seen
    assert bare.is_visible("text=没有找到。") == (not seen)


def test_the_chosen_are_counted(bare):
    assert bare.inner_text("output") == "已选 0 位"
    bare.check("[value='2'][name=pupil]")
    assert bare.inner_text("output") == "已选 1 位"


def test_a_grid_is_filled_by_arrows_and_digits(bare):
    bare.focus("[name=a1][data-key='0']")
    for key in ("1", "ArrowRight", "ArrowDown", "1", "ArrowLeft", "ArrowUp", "0"):
        bare.keyboard.press(key)
    chosen = "() => [...document.querySelectorAll('[data-grid] input:checked')].map(i => i.name + i.value).join(' ')"
    assert bare.evaluate(chosen) == "a1 a2 b1 b2yes"
    assert bare.evaluate("document.activeElement.name") == "a1"


def test_words_of_danger_open_the_banner_on_the_device(bare):
    bare.fill("textarea", "他说想走失")
    assert bare.is_visible("#danger")
    bare.fill("textarea", "他说想家")
    assert not bare.is_visible("#danger")


def test_escape_closes_a_menu_and_gives_the_focus_back(bare):
    bare.click("summary")
    bare.focus("details button")
    bare.keyboard.press("Escape")
    assert not bare.evaluate("document.querySelector('details').open")
    assert bare.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_a_dropped_file_is_the_chosen_file(bare):
    bare.evaluate("""() => {
        const data = new DataTransfer();
        data.items.add(new File(["x"], "学籍.xlsx"));
        document.querySelector("[data-drop]").dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true}));
    }""")
    assert bare.evaluate("document.querySelector('[type=file]').files[0].name") == "学籍.xlsx"
