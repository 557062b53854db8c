"""投诉建议: stored with the page it is about, with a name or truly without."""

from bangfu.flow import clock
from bangfu.records.models import Event, Feedback
from tests import cast as people
from tests.axe import spill, violations


def test_a_complaint_reaches_the_principal(cast, signed_in):
    client = signed_in(cast.homeroom)
    assert 'value="/handin"' in client.get("/feedback?page=/handin").text
    answer = client.post("/feedback", {"text": "同一张表填了两次。", "page": "/handin"}, follow=True)
    assert "已经转给校长" in answer.text
    kept = Feedback.objects.get()
    assert (kept.text, kept.page, kept.by) == ("同一张表填了两次。", "/handin", cast.homeroom)
    assert Feedback.objects.visible_to(cast.viewer(cast.principal)).count() == 1
    assert Feedback.objects.visible_to(cast.viewer(cast.outsider)).count() == 0


def test_without_a_name_means_no_trace_of_who_it_was(cast, signed_in):
    signed_in(cast.homeroom).post("/feedback", {"text": "家访次数太多。", "nameless": "1"})
    assert Feedback.objects.get().by is None
    assert not Event.objects.filter(verb="feedback.leave").exists()


def test_without_a_name_the_page_of_ones_own_pupil_is_not_kept(cast, signed_in):
    page = f"/pupils/{cast.pupils[0].pk}"
    signed_in(cast.homeroom).post("/feedback", {"text": "这一页太长。", "nameless": "1", "page": page})
    assert Feedback.objects.get().page == ""
    said = signed_in(cast.principal).post(
        f"/feedback/{Feedback.objects.get().pk}", {"text": "好"}, follow=True
    )
    assert "没有留名的，写的人看不到这句答复" in said.text


def test_a_leader_reads_which_page_it_is_about_and_not_which_pupil(cast, signed_in):
    page = f"/pupils/{cast.pupils[0].pk}"
    signed_in(cast.homeroom).post("/feedback", {"text": "这一页太长。", "page": page})
    shown = signed_in(cast.principal).get("/feedback").text
    assert str(cast.pupils[0].pk) not in shown and "· 学生</p>" in shown


def test_an_empty_complaint_is_answered_with_a_sentence(cast, signed_in):
    answer = signed_in(cast.homeroom).post("/feedback", {"text": "  "})
    assert answer.status_code == 422 and "还没有写内容" in answer.text
    assert not Feedback.objects.exists()


def test_a_complaint_that_is_too_long_keeps_what_was_typed(cast, signed_in):
    text = "重复填报。" * 201
    answer = signed_in(cast.homeroom).post("/feedback", {"text": text, "nameless": "1", "page": "/x"})
    assert answer.status_code == 422 and "写得太长了" in answer.text
    assert text in answer.text and 'value="/x"' in answer.text and "checked" in answer.text


def test_a_leader_answers_and_the_author_reads_it(cast, signed_in, client):
    signed_in(cast.homeroom).post("/feedback", {"text": "同一张表填了两次。", "page": "/handin"})
    kept = Feedback.objects.get()
    assert "同一张表填了两次。" in signed_in(cast.principal).get("/feedback").text
    client.post(f"/feedback/{kept.pk}", {"text": "下月起只填一次。"})
    assert "下月起只填一次。" in signed_in(cast.homeroom).get("/feedback").text
    assert Event.objects.filter(verb="feedback.answer").count() == 1


def test_only_a_leader_of_the_school_answers(cast, signed_in, client):
    signed_in(cast.homeroom).post("/feedback", {"text": "家访次数太多。", "nameless": "1"})
    kept = Feedback.objects.get()
    for other in (cast.homeroom, cast.outsider):
        signed_in(other)
        client.post(f"/feedback/{kept.pk}", {"text": "随便写的"})
    kept.refresh_from_db()
    assert kept.answer == ""


def test_the_leaders_page_is_clean_on_a_phone(transactional_db, settings, phone, enter):
    settings.DAY = people.DAY
    cast = people.build()
    for at in range(2):
        Feedback.objects.create(
            school=cast.school, text=f"第 {at + 1} 条建议", page="/handin", at=clock.now()
        )
    enter(phone, cast.principal, "/feedback")
    assert phone.get_by_text("第 2 条建议").is_visible()
    assert not violations(phone)
    assert spill(phone) == 0
