"""The class in one grid: by keyboard in a browser within ten minutes at a stated pace, and without scripts."""

import random

import pytest

from bangfu.flow import class_grid
from bangfu.records.models import FactStatement, Survey, SurveyAnswer
from tests import factories
from tests.cast import DAY

PLANS = ("growth_plan", "hand_in_hand", "mentors", "whole_school", "teachers_pair", "class_progress", "subject_class",
         "arithmetic_clinic", "one_child")  # fmt: skip
KEY, THINK = 0.28, 1.35  # seconds a key and a decision take (KLM, ux.md 1.2)


def address(cast):
    return f"/survey/{cast.class_two.pk}/grid"


def cell(pupil, key):
    return f"c.{pupil.pk}.{key}"


@pytest.fixture
def teacher(signed_in, cast):
    return signed_in(cast.homeroom)


def test_a_cell_is_kept_by_itself_and_the_answer_says_how_many_are_left(teacher, cast):
    pupil = cast.pupils[0]
    answer = teacher.post(address(cast), {cell(pupil, "keeping_up"): "3"}, headers={"X-Autosave": "1"})
    told = answer.json()
    assert (told["cells"], told["left"], told["changed"]) == (1, 5, [])
    assert told["still"] == "还有 5 名没看完。"


def test_without_scripts_only_what_differs_from_the_page_is_an_answer(teacher, cast):
    first, second = cast.pupils[:2]
    class_grid.keep(
        school_class=cast.class_two, cells={first.pk: {"mood": "3"}}, saw={}, by=cast.viewer(cast.attached)
    )
    keys = "keeping_up conduct mood"
    stale = {"keys": keys, f"w.{first.pk}": "---", f"w.{second.pk}": "---"}
    cells = {cell(p, key): "" for p in (first, second) for key in keys.split()}
    answer = teacher.post(address(cast), stale | cells | {cell(first, "keeping_up"): "1"})
    assert answer.status_code == 302
    assert SurveyAnswer.objects.get(pupil=first).answers == {"mood": "常常低落", "keeping_up": "跟得上"}
    assert not SurveyAnswer.objects.filter(pupil=second).exists()


def test_what_somebody_else_wrote_meanwhile_is_said(teacher, cast):
    pupil = cast.pupils[0]
    class_grid.keep(
        school_class=cast.class_two, cells={pupil.pk: {"mood": "3"}}, saw={}, by=cast.viewer(cast.attached)
    )
    posted = {cell(pupil, "mood"): "1", f"s.{pupil.pk}.mood": ""}
    [note] = teacher.post(address(cast), posted, headers={"X-Autosave": "1"}).json()["changed"]
    assert note["cell"] == cell(pupil, "mood") and "赵志远刚才写的是“常常低落”" in note["said"]


def test_the_page_asks_in_questions_shows_sources_and_fixes_what_a_list_says(teacher, cast):
    factories.plan(cast.school, key="whole_school", edition="recommended")
    for source, values in (("roll", {"left_behind_roll": 2}), ("list:minimum_living", {"dibao": True})):
        FactStatement.objects.create(
            pupil=cast.pupils[0],
            source=source,
            stated_on=DAY,
            known_at="2026-10-01T08:00+08:00",
            values=values,
        )
    page = teacher.get(address(cast)).content.decode()
    assert "低保？" in page and "<small>学籍</small>" in page
    assert cell(cast.pupils[1], "dibao") in page and cell(cast.pupils[0], "dibao") not in page


def test_a_leader_reads_and_others_find_nothing(signed_in, cast):
    page = signed_in(cast.principal).get(address(cast)).content.decode()
    assert cast.pupils[0].name in page and "<select" not in page
    refused = signed_in(cast.principal).post(address(cast), {cell(cast.pupils[0], "mood"): "1"})
    assert refused.status_code == 422 and not Survey.objects.exists()
    for who in (cast.neighbour, cast.officer, cast.outsider):
        assert signed_in(who).get(address(cast)).status_code == 404


def test_the_list_of_classes_leads_to_the_grid_where_several_plans_ask(teacher, cast):
    assert address(cast) not in teacher.get("/survey").content.decode()
    factories.plan(cast.school, key="growth_plan")
    assert address(cast) in teacher.get("/survey").content.decode()


# ── in a browser ──────────────────────────────────────────────────────────────────────────────────────────────────
class Hands:
    """Presses keys and counts them; a decision costs its time, too."""

    def __init__(self, page):
        self.page, self.keys, self.decisions = page, 0, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)

    @property
    def minutes(self) -> float:
        return (self.keys * KEY + self.decisions * THINK) / 60


@pytest.fixture
def full_class(cast):
    """Forty-five pupils, ten plans."""
    for key in PLANS:
        factories.plan(cast.school, key=key, edition="recommended")
    cast.pupils += [factories.pupil(cast.class_two, f"学生{at}", seat_no=at) for at in range(7, 46)]
    return cast


def truth(columns, pupils) -> dict:
    """What the teacher knows: mostly the usual answer, here and there another or nothing."""
    chance, usual = random.Random(9), {}
    for pupil in pupils:
        for one in columns:
            others = [digit for digit, _words, _value in one.options if digit != one.rest]
            usual[pupil.pk, one.key] = one.rest if chance.random() < 0.9 else chance.choice([*others, "0"])
        if usual[pupil.pk, "rural_tekun"] == "1":  # who is that is the other, too, and is known to be
            usual[pupil.pk, "tekun"] = "1"
    return usual


def kept(cast) -> dict:
    """What stands in the grid now, as digits."""
    columns, rows = class_grid.rows(school_class=cast.class_two, by=cast.viewer(cast.homeroom))
    return {(row.id, one.key): c.digit for row in rows for one, c in zip(columns, row.cells, strict=True)}


@pytest.mark.browser
@pytest.mark.parametrize("way", ["cell by cell", "the rest at once"])
def test_forty_five_pupils_and_ten_plans_take_less_than_ten_minutes_by_keyboard(
    page, enter, full_class, way, capsys
):
    cast = full_class
    columns, _rows = class_grid.rows(school_class=cast.class_two, by=cast.viewer(cast.homeroom))
    wanted = truth(columns, cast.pupils)
    enter(page, cast.homeroom, address(cast))
    hands = Hands(page)
    page.locator(f'[name="{cell(cast.pupils[0], columns[0].key)}"]').focus()
    if way == "cell by cell":
        for at, pupil in enumerate(cast.pupils):
            hands.decisions += 1
            for n, one in enumerate(columns):
                if (at, n) == (0, 1):
                    hands.press("ArrowUp", "ArrowRight")  # from now on along the row
                hands.press(wanted[pupil.pk, one.key])
    else:
        for one in columns:
            hands.decisions += 1
            for pupil in cast.pupils:
                if wanted[pupil.pk, one.key] == one.rest:
                    hands.press("ArrowDown")
                else:
                    hands.decisions += 1
                    hands.press(wanted[pupil.pk, one.key])
            hands.press("9")
    page.get_by_text("都保存了").wait_for()
    page.wait_for_function("document.querySelector('[data-still]').textContent.includes('每个孩子都看过了')")
    assert kept(cast) == wanted
    with capsys.disabled():
        print(
            f"\n{way}: {len(cast.pupils)} × {len(columns)} cells, {hands.keys} keys, {hands.minutes:.1f} minutes"
        )
    assert hands.minutes <= 10


@pytest.mark.browser
def test_space_turns_answers_over_and_a_block_comes_in_from_excel(page, enter, cast):
    first, second = cast.pupils[:2]
    enter(page, cast.homeroom, address(cast))
    start = page.locator(f'[name="{cell(first, "keeping_up")}"]')
    start.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Space")
    assert start.input_value() == "2"
    page.evaluate(
        """() => { const data = new DataTransfer(); data.setData("text/plain", "很吃力\\t挺好\\n跟得上\\t\\n");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true})); }"""
    )
    page.get_by_text("都保存了").wait_for()
    assert SurveyAnswer.objects.get(pupil=first).answers == {"keeping_up": "很吃力", "conduct": "挺好"}
    assert SurveyAnswer.objects.get(pupil=second).answers == {"keeping_up": "跟得上"}


@pytest.mark.browser
def test_two_teachers_at_once_lose_nothing_and_are_told(page, enter, cast):
    first, second = cast.pupils[:2]
    enter(page, cast.homeroom, address(cast))
    both = {first.pk: {"mood": "3"}, second.pk: {"conduct": "2"}}
    class_grid.keep(school_class=cast.class_two, cells=both, saw={}, by=cast.viewer(cast.attached))
    page.locator(f'[name="{cell(first, "mood")}"]').focus()
    page.keyboard.press("1")
    page.get_by_text("赵志远刚才写的是“常常低落”").wait_for()
    assert SurveyAnswer.objects.get(pupil=first).answers == {"mood": "平稳"}
    assert SurveyAnswer.objects.get(pupil=second).answers == {"conduct": "偶尔要提醒"}
