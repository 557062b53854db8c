"""一对一资助 and visits by two, as pages: who sees which side, what stays typed, what is printed; 360 and 1366 px."""

from urllib.parse import unquote

import pytest
from django.urls import reverse

from bangfu.records.models import Sponsor, SponsorPair, VisitCompany
from tests.axe import spill, violations
from tests.cast import DAY
from tests.flow.test_sponsors import begun, giver, said, school
from tests.web.test_record import sheet

__all__ = ["school"]
pytestmark = pytest.mark.django_db
FORM = {"answer": "yes", "by": "奶奶 陈秀英", "how": "paper", "on": DAY.isoformat(), "wishes": ["课外书"]}


def answer_at(school, at=0):
    return reverse("sponsor_answer", args=[school.cases[at].pk, "sponsor"])


def test_the_class_teacher_notes_the_answer_and_sees_no_sponsor(school, signed_in):
    giver(school, "慈心公司")
    client = signed_in(school.homeroom)
    page = client.get("/sponsors").text
    assert "陈小满" in page and "可以问问的家庭" in page and "慈心公司" not in page
    page = client.post(answer_at(school), FORM, follow=True).text
    assert "可以找资助人了" in page and "家里同意了" in page and "慈心公司" not in page
    row = SponsorPair.objects.get()
    assert (row.state, row.answered_by, row.wishes) == ("agreed", "奶奶 陈秀英", ["课外书"])


def test_what_was_typed_stays_when_something_is_missing(school, signed_in):
    answer = signed_in(school.homeroom).post(answer_at(school), {**FORM, "alias": "满满"})
    assert answer.status_code == 422 and "化名里不要用孩子名字里的字" in answer.text
    assert "奶奶 陈秀英" in answer.text and 'value="满满"' in answer.text
    assert not SponsorPair.objects.exists()


def test_a_day_that_is_none_is_said_and_nothing_is_kept(school, signed_in):
    answer = signed_in(school.homeroom).post(answer_at(school), {**FORM, "on": "2026-02-30"})
    assert answer.status_code == 422 and "日期没有看懂" in answer.text and "奶奶 陈秀英" in answer.text
    new = {"name": "慈心公司", "kind": "organisation", "places": "1", "promised_on": "2026-02-30"}
    assert "日期没有看懂" in signed_in(school.officer).post("/sponsors/new", new, follow=True).text
    assert not SponsorPair.objects.exists() and not Sponsor.objects.exists()


def test_the_officer_lists_a_sponsor_begins_prints_and_ends(school, signed_in):
    said(school)
    client = signed_in(school.officer)
    new = {
        "name": "慈心公司",
        "kind": "organisation",
        "phone": "10077778888",
        "places": "1",
        "promised_on": "2026-10-10",
    }
    page = client.post("/sponsors/new", new, follow=True).text
    assert "已在册：慈心公司" in page and "还可以帮 1 名学生" in page and "10077778888" not in page
    pair, sponsor = SponsorPair.objects.get(), Sponsor.objects.get()
    page = client.post(reverse("sponsor_start", args=[pair.pk]), {"sponsor": sponsor.pk}, follow=True).text
    assert "可以给资助人打印约定了" in page and "正在帮 1 名，愿意帮 1 名" in page
    made = client.post(reverse("sponsor_letter", args=[pair.pk]), {"form": "docx"})
    assert made.content[:2] == b"PK" and "资助约定.docx" in unquote(made["Content-Disposition"])
    page = client.post(reverse("sponsor_end", args=[pair.pk]), {"because": ""}, follow=True).text
    assert "请写一句原因" in page
    page = client.post(reverse("sponsor_end", args=[pair.pk]), {"because": "搬家"}, follow=True).text
    assert "要重新问过家里" in page and "可以问问的家庭" in page


def test_a_family_takes_its_yes_back_on_the_page(school, signed_in):
    pair = begun(school)
    page = signed_in(school.homeroom).post(reverse("sponsor_taken_back", args=[pair.pk]), follow=True).text
    assert "今天起停下" in page
    pair.refresh_from_db()
    assert pair.state == "ended"


def test_the_consent_form_is_printed_for_the_own_class_only(school, signed_in):
    at = reverse("sponsor_consent", args=[school.cases[0].pk, "sponsor"])
    made = signed_in(school.homeroom).post(at, {"form": "xlsx"})
    assert made.content[:2] == b"PK"
    assert signed_in(school.neighbour).post(at, {"form": "xlsx"}).status_code == 404


@pytest.mark.parametrize("who", ["attached", "supervisor"])
def test_others_are_told_who_keeps_sponsors(school, signed_in, who):
    answer = signed_in(getattr(school, who)).get("/sponsors")
    assert answer.status_code == 403 and "资助专干" in answer.text


def test_a_teacher_of_another_class_finds_nothing(school, signed_in):
    pair = begun(school)
    client = signed_in(school.neighbour)
    assert "陈小满" not in client.get("/sponsors").text
    assert client.post(answer_at(school, 1), FORM).status_code == 404
    for name in ("sponsor_taken_back", "sponsor_letter", "sponsor_end", "sponsor_start"):
        assert client.post(reverse(name, args=[pair.pk]), {"because": "x", "form": "docx"}).status_code == 404


def test_a_school_without_such_a_plan_is_told_so(cast, signed_in):
    assert "没有资助人这一项" in signed_in(cast.officer).get("/sponsors").text


def test_the_sheet_offers_who_could_come_along_and_keeps_what_was_tapped(cast, signed_in, client):
    signed_in(cast.homeroom)
    page = client.get(f"/record/new?pupil={cast.pupils[0].pk}&activity=home_visit").text
    assert "和谁一起去的" in page and "赵志远（包班教师）" in page
    likeliest = f'name="home_visit.company" value="{cast.attached.pk}"'
    assert likeliest in page and f"{likeliest} checked" not in page  # who was there is tapped, never supposed
    alone = {"home_visit.company": "alone", "home_visit.company_said": ""}
    answer = client.post("/record/new", sheet(cast, 0, activities=["home_visit"], **alone))
    assert answer.status_code == 422 and "写一句为什么就可以" in answer.text
    assert 'value="alone" checked' in answer.text
    alone["home_visit.company_said"] = "孩子发烧，先送回家"
    client.post("/record/new", sheet(cast, 0, activities=["home_visit"], **alone))
    row = VisitCompany.objects.get()
    assert row.alone_because == "孩子发烧，先送回家"
    page = client.get(reverse("record", args=[row.evidence_id])).text
    assert "一个人去的：孩子发烧，先送回家" in page and "打印家访表" in page
    page = client.get(reverse("record", args=[row.evidence_id]) + "?change").text
    assert 'value="alone" checked' in page and "孩子发烧，先送回家" in page


def test_a_talk_and_a_boy_are_asked_nothing(cast, signed_in, client):
    signed_in(cast.homeroom)
    client.post("/record/new", sheet(cast, 0))
    type(cast.pupils[0]).objects.filter(pk=cast.pupils[1].pk).update(sex="1")
    page = client.get(f"/record/new?pupil={cast.pupils[1].pk}&activity=home_visit").text
    assert "和谁一起去的" not in page and not VisitCompany.objects.exists()


def test_a_girls_file_says_who_could_come_along_and_prints_the_sheet(cast, signed_in):
    client = signed_in(cast.homeroom)
    page = client.get(f"/pupils/{cast.pupils[0].pk}").text
    assert "去女生家，两位大人一起" in page and "可以请：赵志远（包班教师）" in page
    made = client.post(reverse("visit_blank", args=[cast.pupils[0].pk]), {"form": "docx"})
    assert made.content[:2] == b"PK" and "家访记录.docx" in unquote(made["Content-Disposition"])
    assert signed_in(cast.neighbour).post(reverse("visit_blank", args=[cast.pupils[0].pk])).status_code == 404


def test_the_principal_turns_the_default_and_others_read_it(cast, signed_in):
    page = signed_in(cast.deputy_head).get("/settings/visits").text
    assert "现在开着" in page and "由校长来定" in page
    client = signed_in(cast.principal)
    assert "现在关着" in client.post("/settings/visits", {"is_on": "0"}, follow=True).text
    assert "现在开着" in client.post("/settings/visits", {"is_on": "1"}, follow=True).text


@pytest.mark.browser
def test_the_pages_fit_a_phone_and_are_accessible_with_everything_open(phone, enter, school, live_server):
    begun(school)
    said(school, 1)
    enter(phone, school.officer, "/sponsors")
    for one in phone.query_selector_all("main details"):
        one.evaluate("one => one.open = true")
    assert violations(phone) == [] and spill(phone) == 0
    phone.set_viewport_size({"width": 1366, "height": 900})
    assert violations(phone) == [] and spill(phone) == 0


@pytest.mark.browser
def test_who_went_along_shows_with_the_visit_only(phone, enter, cast):
    enter(phone, cast.homeroom, f"/record/new?pupil={cast.pupils[0].pk}")
    along = phone.get_by_text("和谁一起去的")
    assert not along.first.is_visible()
    phone.get_by_text("家访", exact=True).first.click()
    assert along.first.is_visible()
    assert violations(phone) == [] and spill(phone) == 0
