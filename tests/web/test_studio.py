"""方案草稿: every value of the prose can be changed without JavaScript, its price stands beside it, mistakes are told."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext, override

from bangfu.engine.phrase import PHRASES
from bangfu.engine.sentence import NAME
from bangfu.exchange import plan_text
from bangfu.flow import adopt, draft
from bangfu.records.models import AdoptedPlan, FactStatement, PlanDraft
from bangfu.web import prose
from tests.axe import spill, violations
from tests.cast import DAY
from tests.web.test_plans import read


@pytest.fixture
def principal(signed_in, cast):
    return signed_in(cast.principal)


@pytest.fixture
def begun(cast):
    by = cast.viewer(cast.principal)
    return draft.start(text=draft.text_of(key="weekly_support", of="seed", by=by), based_on="seed", by=by)


def address(row):
    return f"/plans/draft/{row.pk}"


def form(client, row, at):
    """What the little form of a slot would send: its hidden fields."""
    page = client.get(address(row), {"at": at}).text
    found = page.split('id="editor"')[1].split("</form>")[0]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', found))


def change(client, row, at, **values):
    return client.post(address(row), {**form(client, row, at), **values}, follow=True)


def tree(row):
    row.refresh_from_db()
    return plan_text.tree(row.content)


def test_a_draft_begins_on_the_plans_page_and_again_leads_to_the_one_there_is(principal, cast):
    page = principal.post("/plans/weekly_support/draft", {"of": "v1", "then": "draft"}, follow=True)
    assert "校长启用以前，什么都不变" in page.text
    again = principal.post("/plans/weekly_support/draft", {"of": "seed", "then": "draft"}, follow=True)
    assert "已经有一份草稿" in again.text
    assert PlanDraft.objects.count() == 1
    assert "接着改草稿" in principal.get("/plans/weekly_support").text
    assert "每周帮扶" in principal.get("/plans").text


def test_a_copy_needs_a_name_and_gets_a_key_of_its_own(principal):
    assert (
        "起个名字"
        in principal.post("/plans/weekly_support/draft", {"of": "seed", "then": "copy"}, follow=True).text
    )
    given = {"of": "seed", "then": "copy", "title": "五年级的帮扶"}
    assert "五年级的帮扶" in principal.post("/plans/weekly_support/draft", given, follow=True).text
    assert PlanDraft.objects.get().key == "weekly_support_2"


def test_every_value_opens_its_own_little_form(principal, begun):
    page = principal.get(address(begun)).text
    places = [one.replace("&amp;", "&") for one in re.findall(r'data-at="([^"]+)"', page)]
    assert len(places) > 200
    kinds = ("duty[talk].every", "duty[survey].once", "duty[guardian_follow_up].on", "selection.per_class",
             "duty[talk].who", "duty[talk].accepts", "category[academic].where", "pairing[helper].within",
             "award[five_star].min_weeks", "duty[talk].title", "duty[interview].sample", "duty[talk].bulk",
             "review[three_haves].check[effect].options", "register[band_list].band[low].grades",
             "parameter[guardian_contact_days].values[第1个].from", "pairing[helper].hard")  # fmt: skip
    for at in kinds:
        assert at in places, at
        assert 'id="editor"' in principal.get(address(begun), {"at": at}).text, at
    for at in ("key", "duty[nobody].minutes", "edition"):
        assert 'id="editor"' not in principal.get(address(begun), {"at": at}).text, at


def test_a_changed_value_is_kept_said_and_can_be_taken_back(principal, begun):
    page = change(principal, begun, "duty[talk].every", n="2", unit="teaching_week")
    assert "已改好" in page.text and "每周谈心：每 2 周 1 次" in read(page)
    assert tree(begun)["duty"][1]["every"] == {"unit": "teaching_week", "n": 2}
    was = re.search(
        r'name="then" value="undo">\s*<input type="hidden" name="was" value="(\w+)"', page.text
    ).group(1)
    page = principal.post(address(begun), {"then": "undo", "was": was}, follow=True)
    assert "已退回一步" in page.text and "每周谈心：每周 1 次" in read(page)


def test_minutes_fall_when_less_is_asked(principal, begun):
    def minutes(page):
        return int(re.search(r'<b class="figure">(\d+)</b> 分钟（平均）', page.text).group(1))

    before = minutes(principal.get(address(begun)))
    page = change(principal, begun, "duty[tutoring].every", n="4", unit="teaching_week")
    assert minutes(page) < before


def test_what_is_being_typed_is_run_dry_and_kept_nowhere(principal, begun):
    given = {**form(principal, begun, "duty[tutoring].minutes"), "value": "400"}
    answer = principal.post(f"{address(begun)}/trial", given)
    assert "位老师会超过 90 分钟" in answer.text and "<html" not in answer.text
    assert tree(begun)["duty"][2]["minutes"] == 20
    assert "要写整数" in principal.post(f"{address(begun)}/trial", {**given, "value": "许多"}).text


def test_a_faulty_change_is_kept_and_told_and_cannot_be_taken_into_use(principal, begun):
    page = change(principal, begun, "selection.per_class", min="5", max="4")
    assert "先改好这" in read(page) and "selection" in read(page)
    assert "先改好试算里说的几处" in page.text
    given = {"then": "adopt", "valid_from": "2026-10-19", "was": "x"}
    assert principal.post(address(begun), given).status_code == 422


def test_what_is_no_value_comes_back_with_what_was_typed(principal, begun):
    answer = change(principal, begun, "duty[talk].title", value="")
    assert "缺少「title」" in answer.text
    given = {**form(principal, begun, "duty[talk].minutes"), "value": "十来分钟"}
    answer = principal.post(address(begun), given)
    assert answer.status_code == 422
    assert "要写整数" in answer.text and 'value="十来分钟"' in answer.text


def test_of_two_people_at_one_value_the_second_is_told_and_keeps_what_was_typed(principal, begun, cast):
    mine = form(principal, begun, "duty[talk].tip")
    draft.fill(
        draft=begun, address="duty[talk].tip", typed={"value": ["坐着聊"]}, was=mine["was"],
        by=cast.viewer(cast.supervisor),
    )  # fmt: skip
    answer = principal.post(address(begun), {**mine, "value": "走着聊"})
    assert answer.status_code == 422
    assert "张国栋刚才" in answer.text and 'value="走着聊"' in answer.text and "坐着聊" in answer.text
    assert tree(begun)["duty"][1]["tip"] == "坐着聊"


def test_a_sentence_is_taken_out(principal, begun):
    page = principal.get(address(begun)).text
    pattern = r'name="address" value="duty\[tutoring\]"><input type="hidden" name="was" value="(\w+)"'
    was = re.search(pattern, page).group(1)
    page = principal.post(
        address(begun), {"then": "remove", "address": "duty[tutoring]", "was": was}, follow=True
    )
    assert "已拿掉" in page.text and "不再要做：每周辅导" in read(page)
    assert "tutoring" not in [duty["key"] for duty in tree(begun)["duty"]]


BOOK = {"then": "add", "way": "every", "title.value": "一起读一本书", "who.value": ["helper", "homeroom_teacher"],
        "every.unit": "month", "every.n": "1", "times.value": "1", "accepts.value": "talk", "minutes.value": "15"}  # fmt: skip


def test_a_duty_is_added_without_a_file_and_can_be_taken_back(principal, begun):
    assert 'href="?add=duty#editor"' in principal.get(address(begun)).text
    page = principal.get(address(begun), {"add": "duty"}).text
    asked = page.split('id="editor"')[1].split("</form>")[0]
    for name, value in (("who.value", "helper"), ("accepts.value", "home_visit"), ("way", "once")):
        assert f'name="{name}" value="{value}"' in asked
    assert 'name="on.event"' in asked and '<option value="civil_month">' in asked
    page = principal.post(address(begun), BOOK, follow=True)
    assert "已加上" in page.text
    assert "一起读一本书：每月 1 次，由帮扶教师、班主任做，约 15 分钟，记了谈心就算。" in read(page)
    assert tree(begun)["duty"][-1]["who"] == ["helper", "homeroom_teacher"]
    was = re.search(
        r'name="then" value="undo">\s*<input type="hidden" name="was" value="(\w+)"', page.text
    ).group(1)
    page = principal.post(address(begun), {"then": "undo", "was": was}, follow=True)
    assert "一起读一本书" not in page.text


def test_a_half_written_duty_comes_back_with_what_was_typed(principal, begun):
    answer = principal.post(address(begun), BOOK | {"title.value": "", "way": "on", "on.days": "9"})
    assert answer.status_code == 422
    assert "请写上叫什么；请写上多久一次。" in answer.text
    asked = answer.text.split('id="editor"')[1].split("</form>")[0]
    assert 'value="on" checked' in asked and 'name="on.days" value="9"' in asked
    assert 'value="homeroom_teacher" checked' in asked and 'value="talk" checked' in asked
    assert len(tree(begun)["duty"]) == len(
        plan_text.tree(adopt.shelf().texts["weekly_support", "seed"])["duty"]
    )


def test_a_duty_being_written_is_run_dry_and_kept_nowhere(principal, begun):
    answer = principal.post(
        f"{address(begun)}/trial", BOOK | {"minutes.value": "400", "every.unit": "teaching_week"}
    )
    assert "位老师会超过 90 分钟" in answer.text
    assert "请写上叫什么" in principal.post(f"{address(begun)}/trial", BOOK | {"title.value": ""}).text
    assert "一起读一本书" not in principal.get(address(begun)).text


def test_a_draft_is_taken_into_use_from_next_monday(principal, begun, cast):
    change(principal, begun, "duty[talk].minutes", value="15")
    page = principal.get(address(begun)).text
    assert 'value="2026-10-19"' in page
    was = re.search(r'name="then" value="adopt"><input type="hidden" name="was" value="(\w+)"', page).group(1)
    given = {"then": "adopt", "was": was, "valid_from": "2026-10-19"}
    page = principal.post(address(begun), given, follow=True)
    assert "第 2 版 · 本校改过" in read(page)
    assert not PlanDraft.objects.exists()
    assert adopt.plan_of(AdoptedPlan.objects.get(school=cast.school, version=2)).duty("talk").minutes == 15


def test_an_adoption_is_undone_before_its_day(principal, begun, cast):
    change(principal, begun, "duty[talk].minutes", value="15")
    page = principal.get(address(begun)).text
    was = re.search(r'name="then" value="adopt"><input type="hidden" name="was" value="(\w+)"', page).group(1)
    given = {"then": "adopt", "was": was, "valid_from": "2026-10-19"}
    page = principal.post(address(begun), given, follow=True).text
    back = re.search(r'action="(/plans/version/[^"]+/back)"', page).group(1)
    assert "原来那一版接着用" in principal.post(back, follow=True).text
    assert AdoptedPlan.objects.get(school=cast.school).version == 1
    assert "15" in str(tree(PlanDraft.objects.get())["duty"][1])


def test_a_draft_is_thrown_away_and_downloaded(principal, begun):
    assert principal.get(f"{address(begun)}/text").content.decode() == begun.content
    page = principal.post(address(begun), {"then": "drop"}, follow=True)
    assert "草稿放弃了" in page.text and not PlanDraft.objects.exists()


def test_names_are_one_click_away_for_those_who_may_read_needs(signed_in, cast, begun):
    child = cast.pupils[0]
    FactStatement.objects.create(
        pupil=child,
        source="survey",
        stated_on=DAY,
        known_at="2026-10-01T00:00Z",
        values={"keeping_up": "很吃力"},
    )
    client = signed_in(cast.principal)
    assert child.name not in read(client.get(address(begun)))
    assert "有哪些学生，为什么" in client.get(address(begun)).text
    page = read(client.get(f"{address(begun)}/names"))
    assert child.name in page and "很吃力" in page
    assert child.name not in signed_in(cast.officer).get(f"{address(begun)}/names").text
    assert child.name not in signed_in(cast.neighbour).get(f"{address(begun)}/names").text


def test_a_teacher_reads_a_draft_and_changes_nothing(signed_in, cast, begun):
    client = signed_in(cast.homeroom)
    page = client.get(address(begun)).text
    assert "data-at" not in page and "每周谈心" in page
    given = {"then": "fill", "address": "duty[talk].minutes", "was": "", "value": "1"}
    assert client.post(address(begun), given).status_code == 422
    assert PlanDraft.objects.get().content == begun.content


def test_a_file_becomes_a_draft_even_when_it_has_faults(principal):
    text = adopt.shelf().texts["weekly_support", "seed"].replace("due_day = 30", "due_day = 32")
    file = SimpleUploadedFile("plan.toml", text.encode())
    page = principal.post("/plans/file", {"file": file, "then": "draft"}, follow=True)
    assert "来自一个文件" in page.text and "duty[hand_in].due_day" in page.text
    broken = SimpleUploadedFile("plan.toml", b"key = ")
    assert "TOML" in principal.post("/plans/file", {"file": broken, "then": "draft"}).text


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant", "en"])
def test_every_phrase_keeps_its_blanks_in_every_language(language):
    with override(language):
        for phrases in PHRASES.values():
            for phrase in phrases:
                assert sorted(NAME.findall(gettext(phrase.words))) == sorted(NAME.findall(phrase.words))


def test_every_shipped_plan_reads_in_every_language_without_a_bare_key(cast):
    known = {"seed", "recommended"}
    for language in ("zh-hans", "zh-hant", "en"):
        with override(language):
            for text in adopt.shelf().texts.values():
                for part in prose.told(plan_text.tree(text), without=("changes",)):
                    for line in part.lines:
                        assert "{" not in line.text, line.text
                        bare = (
                            set(re.findall(r"[a-z]+_[a-z_]+", line.text)) - known
                            if language != "en"
                            else set()
                        )
                        assert not bare, (line.address, bare)


@pytest.mark.browser
def test_the_studio_fits_a_phone_and_is_accessible(phone, enter, cast, begun):
    enter(phone, cast.principal, address(begun))
    assert violations(phone) == []
    assert spill(phone) == 0


@pytest.mark.browser
def test_a_duty_is_added_by_keyboard_and_on_a_phone(phone, enter, cast, begun):
    enter(phone, cast.principal, f"{address(begun)}?add=duty")
    assert violations(phone) == []
    assert spill(phone) == 0
    assert not phone.get_by_label("事情").is_visible()
    phone.get_by_label("叫什么").fill("一起读一本书")
    for name, value in (("who.value", "helper"), ("accepts.value", "talk")):
        phone.locator(f'[name="{name}"][value="{value}"]').focus()
        phone.keyboard.press("Space")
    phone.get_by_role("button", name="加上").focus()
    phone.keyboard.press("Enter")
    phone.get_by_text("已加上").wait_for()
    assert tree(begun)["duty"][-1]["every"] == {"unit": "teaching_week"}
