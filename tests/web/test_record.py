"""记一笔: one sheet for several children and kinds; sent twice, stored once; nothing typed is lost; undo."""

import re
from datetime import date, timedelta
from importlib.resources import files
from uuid import uuid4

import pytest

from bangfu.flow import adopt, record
from bangfu.flow.company import Company
from bangfu.records.models import Evidence, Pupil
from tests.axe import spill, violations
from tests.cast import DAY


def sheet(cast, *at, **more):
    posted = {
        "id": str(uuid4()), "pupil": [str(cast.pupils[one].pk) for one in at], "activities": ["talk"],
        "on": DAY.isoformat(), "note": "", "bright_spot": "", "next": "", "reflection": "",
    }  # fmt: skip
    return {**posted, **more}


def test_the_row_brings_child_and_kind_along_and_judges_nothing(cast, client, signed_in):
    cast.case(0)
    page = signed_in(cast.homeroom).get(f"/record/new?pupil={cast.pupils[0].pk}&duty=talk").content.decode()
    assert "记一笔 · 陈小满" in page
    ticked = re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', page)
    assert ticked == ["talk"], "only the kind is filled in beforehand"


def test_saving_says_what_it_completes_offers_undo_and_the_next_child(cast, client, signed_in):
    cast.case(0)
    cast.case(1)
    signed_in(cast.homeroom)
    answer = client.post("/record/new", sheet(cast, 0, activities=["talk", "tutoring"]), follow=True)
    page = answer.content.decode()
    assert "已记下。同时完成：每周谈心、每周辅导" in page
    assert "下一位：罗天佑 →" in page
    evidence = Evidence.objects.get()
    assert evidence.activities == ["talk", "tutoring"]
    client.post(f"/record/{evidence.pk}/withdrawn")
    assert not Evidence.objects.current().exists()


def test_sent_twice_it_is_stored_once(cast, client, signed_in):
    cast.case(0)
    signed_in(cast.homeroom)
    posted = sheet(cast, 0, note="聊到了足球")
    client.post("/record/new", posted)
    client.post("/record/new", posted)
    assert Evidence.objects.count() == 1


def test_one_record_for_several_children_and_several_kinds_keeps_each_answer(cast, client, signed_in):
    cast.case(0)
    signed_in(cast.homeroom)
    posted = sheet(cast, 0, 1, activities=["talk", "tutoring"])
    posted |= {
        "talk.about": ["心情", "家里"],
        "tutoring.about": ["口算"],
        "talk.minutes": "10",
        "tutoring.minutes": "20",
    }
    client.post("/record/new", posted)
    evidence = Evidence.objects.get()
    assert evidence.about.count() == 2 and evidence.minutes == 30
    assert evidence.answers["talk"]["about"] == ["心情", "家里"]
    assert evidence.answers["tutoring"]["about"] == ["口算"]


def test_answers_of_a_kind_that_was_put_back_are_left_out(cast, client, signed_in):
    signed_in(cast.homeroom)
    client.post("/record/new", sheet(cast, 0, **{"tutoring.about": ["口算"], "talk.about": ["学习"]}))
    assert Evidence.objects.get().answers == {"about": ["学习"]}


def test_a_home_visit_counts_as_contact_and_carries_how_it_went(cast, client, signed_in):
    cast.case(0)
    signed_in(cast.homeroom)
    along = {"home_visit.company": str(cast.attached.pk)}
    posted = sheet(cast, 0, activities=["home_visit"], **{"home_visit.outcome": "uncooperative"}, **along)
    assert "每月联系家长" in client.post("/record/new", posted, follow=True).content.decode()
    evidence = Evidence.objects.get()
    assert evidence.activities == ["guardian_contact", "home_visit"]
    assert evidence.answers["outcome"] == "uncooperative"
    assert "家访：陈小满" in client.get(f"/record/{evidence.pk}").content.decode()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"activities": []}, "还没有选做了什么"),
        ({"on": "2026-12-01"}, "还没有到"),
        ({"on": "yesterday"}, "日期没有看懂"),
        ({"on": "2020-01-01"}, "太久了"),
        ({"talk.about": ["没有的"]}, "没有「没有的」这一项"),
        ({"bright_spot": "好" * 301}, "写得太长了"),
    ],
)
def test_a_refusal_keeps_every_word_that_was_typed(cast, client, signed_in, more, words):
    signed_in(cast.homeroom)
    posted = (
        sheet(cast, 0, note="他说想当修车的师傅。", next="周五一起看书", **{"talk.about": ["心情"]}) | more
    )
    answer = client.post("/record/new", posted)
    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert "他说想当修车的师傅。" in page and "周五一起看书" in page and posted["id"] in page
    assert not Evidence.objects.exists()


def test_a_record_for_a_child_who_left_says_what_to_do(cast, client, signed_in):
    signed_in(cast.homeroom)
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(left_on=DAY - timedelta(days=2))
    answer = client.post("/record/new", sheet(cast, 0))
    assert answer.status_code == 422 and "已经离校" in answer.content.decode()


def test_a_day_before_counts_for_that_day_and_says_when_it_was_added(cast, client, signed_in):
    cast.case(0)
    signed_in(cast.homeroom)
    client.post("/record/new", sheet(cast, 0, on="2026-10-08"))
    assert Evidence.objects.get().happened_on == date(2026, 10, 8)
    assert "补记于10月15日" in client.get(f"/pupils/{cast.pupils[0].pk}").content.decode()


def test_its_author_changes_a_record_and_the_earlier_words_stay(cast, client, signed_in):
    signed_in(cast.homeroom)
    client.post("/record/new", sheet(cast, 0, note="原来的话"))
    first = Evidence.objects.get()
    assert "原来的话" in client.get(f"/record/{first.pk}?change").content.decode()
    answer = client.post(f"/record/{first.pk}", sheet(cast, 0, note="改过的话"), follow=True)
    assert "改过的话" in answer.content.decode() and "原来的话" in answer.content.decode()
    assert Evidence.objects.current().get().note == "改过的话"


def test_nobody_else_changes_or_withdraws_it(cast, client, signed_in):
    signed_in(cast.homeroom)
    client.post("/record/new", sheet(cast, 0, note="原来的话"))
    evidence = Evidence.objects.get()
    signed_in(cast.attached)
    assert client.get(f"/record/{evidence.pk}").status_code == 200
    client.post(f"/record/{evidence.pk}", sheet(cast, 0, note="别人的话"))
    client.post(f"/record/{evidence.pk}/withdrawn")
    assert Evidence.objects.count() == 1


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_who_does_not_care_for_the_child_finds_nothing(cast, client, signed_in, who):
    evidence = record.add(
        entry=record.Entry(("talk",), DAY, note="只给帮他的人看"),
        pupils=[cast.pupils[0]],
        by=cast.viewer(cast.homeroom),
    )
    signed_in(getattr(cast, who))
    assert client.get(f"/record/new?pupil={cast.pupils[0].pk}").status_code == 404
    assert client.post("/record/new", sheet(cast, 0)).status_code == 404
    assert client.get(f"/record/{evidence.pk}").status_code == 404
    assert client.post(f"/record/{evidence.pk}/withdrawn").status_code == 404
    assert Evidence.objects.count() == 1


def test_a_child_of_another_class_is_not_named_on_a_shared_record(cast, client, signed_in):
    cast.case(0)
    principal = cast.viewer(cast.principal)
    evidence = record.add(
        entry=record.Entry(("home_visit",), DAY, company=Company(staff_id=cast.homeroom.pk)),
        pupils=[cast.pupils[0], cast.others[1]],
        by=principal,
    )
    page = signed_in(cast.homeroom).get(f"/record/{evidence.pk}").content.decode()
    assert "陈小满" in page and "林一诺" not in page


def test_the_picker_shows_my_pupils_and_finds_others_by_first_letters(cast, client, signed_in):
    cast.case(0)
    Pupil.objects.filter(pk=cast.pupils[1].pk).update(initials="lty")
    page = signed_in(cast.homeroom).get("/record/new").content.decode()
    assert "陈小满" in page and "罗天佑" not in page
    assert "罗天佑" in client.get("/record/new?q=lty").content.decode()
    assert "没有找到" in client.get("/record/new?q=zzz").content.decode()
    signed_in(cast.officer)
    assert "陈小满" not in client.get("/record/new?q=陈").content.decode()


@pytest.mark.browser
def test_from_today_to_saved_in_three_taps_without_a_script(cast, chromium, enter, live_server):
    cast.case(0)
    cast.case(1)
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, java_script_enabled=False, locale="zh-CN"
    )
    page = enter(context.new_page(), cast.homeroom, then="/")
    taps = 0
    for what in (
        "main a.button[aria-label='记一笔：陈小满']",
        "label[for=k-tutoring]",
        "main .sticky button",
    ):
        page.locator(what).first.click()
        taps += 1
    assert taps == 3
    assert page.locator("[role=status]").inner_text().startswith("已记下。同时完成：每周谈心、每周辅导")
    assert Evidence.objects.get().activities == ["talk", "tutoring"]
    context.close()


@pytest.mark.browser
def test_the_sheet_is_accessible_fits_and_obeys_the_keyboard(cast, phone, page, enter, live_server):
    cast.case(0)
    address = f"/record/new?pupil={cast.pupils[0].pk}&duty=talk"
    for view in (phone, page):
        enter(view, cast.homeroom, then="/")
        view.goto(live_server.url + address)
        assert not violations(view) and spill(view) == 0
    page.locator("#k-talk").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")  # tutoring, too
    assert page.locator("#p-tutoring").is_visible()
    page.locator("#f-note").fill("他今天说想离家出走")
    assert page.locator("#danger").is_visible(), "phone first, on the device"
    page.locator("#f-note").press("Shift+Tab")
    page.locator("main .sticky button").focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/")
    assert Evidence.objects.get().activities == ["talk", "tutoring"]


def test_after_a_talk_the_next_talk_is_offered_before_another_kind(cast, client, signed_in):
    for at in range(3):
        cast.case(at)
    signed_in(cast.homeroom)
    client.post(
        "/record/new", sheet(cast, 1, activities=["talk", "tutoring"])
    )  # 罗天佑 now waits for a call only
    page = client.post(
        "/record/new", sheet(cast, 0, activities=["talk", "tutoring"]), follow=True
    ).content.decode()
    assert "下一位：杨朵朵 →" in page


# ——— a whole class, the school


def of_place(**more):
    posted = {
        "id": str(uuid4()), "activities": ["group_activity"], "on": DAY.isoformat(), "note": "", "next": "",
        "reflection": "",
    }  # fmt: skip
    return {**posted, **more}


def test_the_picker_offers_my_class_and_the_school_and_a_leader_finds_any_class(cast, client, signed_in):
    page = signed_in(cast.homeroom).get("/record/new").content.decode()
    assert "全班、全校" in page and "三（2）班" in page and "/record/school" in page
    assert f"/record/class/{cast.class_one.pk}" not in page
    page = signed_in(cast.officer).get("/record/new").content.decode()
    assert "全班、全校" not in page
    signed_in(cast.principal)
    assert f"/record/class/{cast.class_two.pk}" not in client.get("/record/new").content.decode()
    assert f"/record/class/{cast.class_two.pk}" in client.get("/record/new?q=三2班").content.decode()


def test_a_record_of_a_class_says_what_it_completes_and_stands_on_today_with_its_label(
    cast, client, signed_in
):
    address = f"/record/class/{cast.class_two.pk}"
    page = signed_in(cast.homeroom).get(f"{address}?activity=group_activity").content.decode()
    assert "记一笔 · 三（2）班" in page and 'name="pupil"' not in page and "bright_spot" not in page
    ticked = re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', page)
    assert ticked == ["group_activity"]
    posted = of_place(note="一起读了《小英雄雨来》", **{"group_activity.kind": ["阅读"]})
    client.post(address, posted)
    client.post(address, posted)
    evidence = Evidence.objects.get()
    assert (evidence.school_class, evidence.about.count()) == (cast.class_two, 0)
    assert evidence.answers == {"kind": ["阅读"]}
    assert "三（2）班 集体活动" in client.get("/").content.decode()
    page = client.get(f"/record/{evidence.pk}").content.decode()
    assert "集体活动：三（2）班" in page and "一起读了《小英雄雨来》" in page


def test_a_record_of_the_school_completes_the_school_s_duty(cast, client, signed_in):
    signed_in(cast.deputy_head)
    page = client.get("/record/school?duty=meeting").content.decode()
    assert f"记一笔 · {cast.school.name}" in page
    assert re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', page) == ["meeting"]
    first = of_place(activities=["meeting"], on="2026-09-10")
    assert "已记下。同时完成" not in client.post("/record/school", first, follow=True).content.decode(), "two a term"
    answer = client.post("/record/school", of_place(activities=["meeting"]), follow=True).content.decode()
    title = next(d.title for d in adopt.plans_in_force(cast.school, DAY)[0].duties if d.key == "meeting")
    assert f"同时完成：{title}" in answer
    assert f"{cast.school.name} 领导小组会" in answer


def test_a_record_of_a_class_is_changed_by_its_author_and_taken_back(cast, client, signed_in):
    signed_in(cast.homeroom)
    client.post(f"/record/class/{cast.class_two.pk}", of_place(note="原来的话"))
    first = Evidence.objects.get()
    page = client.get(f"/record/{first.pk}?change").content.decode()
    assert "三（2）班" in page and "原来的话" in page and 'value="tutoring"' not in page
    client.post(f"/record/{first.pk}", of_place(note="改过的话"))
    latest = Evidence.objects.current().get()
    assert (latest.note, latest.school_class_id) == ("改过的话", cast.class_two.pk)
    client.post(f"/record/{latest.pk}/withdrawn")
    assert not Evidence.objects.current().exists()
    assert "改过的话" not in client.get(f"/record/{first.pk}").content.decode().split("<details")[0]


def test_a_refusal_about_a_class_keeps_what_was_typed(cast, client, signed_in):
    signed_in(cast.homeroom)
    answer = client.post(
        f"/record/class/{cast.class_two.pk}", of_place(activities=["tutoring"], note="读书会")
    )
    page = answer.content.decode()
    assert answer.status_code == 422 and "还没有选做了什么" in page and "读书会" in page
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_whose_class_it_is_not_finds_no_sheet_for_it(cast, client, signed_in, who):
    signed_in(getattr(cast, who))
    address = f"/record/class/{cast.class_two.pk}"
    assert client.get(address).status_code == 404
    assert client.post(address, of_place()).status_code == 404
    assert not Evidence.objects.exists()


def test_whom_no_plan_names_for_the_school_finds_no_sheet_for_it(cast, client, signed_in):
    signed_in(cast.officer)
    assert client.get("/record/school").status_code == 404
    assert client.post("/record/school", of_place()).status_code == 404


def test_there_is_a_rule_that_opens_the_part_of_every_form():
    rules = (files("bangfu.web") / "static/bangfu/record.css").read_text(encoding="utf-8")
    every = len(adopt.shelf().commons.forms)
    assert all(f".k{at}:checked ~ .p{at}" in rules for at in range(1, every + 1))


@pytest.mark.browser
def test_the_sheet_of_a_class_works_without_a_script_and_is_accessible(
    cast, chromium, phone, page, enter, live_server
):
    address = f"/record/class/{cast.class_two.pk}"
    for view in (phone, page):
        enter(view, cast.homeroom, then="/")
        for one in (address, "/record/new"):
            view.goto(live_server.url + one)
            assert not violations(view) and spill(view) == 0
    context = chromium.new_context(
        viewport={"width": 360, "height": 780}, java_script_enabled=False, locale="zh-CN"
    )
    plain = enter(context.new_page(), cast.homeroom, then="/record/new")
    plain.locator(f"main a[href='{address}']").click()
    plain.locator("label[for=k-standing_measures]").click()
    assert plain.locator("#p-standing_measures").is_visible()
    plain.locator("main .sticky button").click()
    plain.wait_for_url(f"{live_server.url}/")
    assert Evidence.objects.get().activities == ["standing_measures"]
    context.close()
