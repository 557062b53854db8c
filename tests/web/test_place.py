"""How a place answers: a refusal is one sentence on the same page, a message may carry an undo."""

import pytest
from django.http import Http404
from django.urls import path

from bangfu.engine.fault import Fault
from bangfu.engine.refusal import Refusal
from bangfu.urls import *  # noqa: F403  the product's addresses and error pages
from bangfu.urls import urlpatterns as product
from bangfu.web.place import Unfinished, act, done, page, render

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class Full(Refusal):
    sentence = "这位老师已经带 2 名学生。请换一位。"


@page
def form(request):
    if request.method == "POST":
        if request.POST.get("faulty"):
            raise Unfinished(
                [Fault("form:text", "少了日期。", "选一天就可以。"), Fault("form:why", "少了原因。")]
            )
        if request.POST.get("full"):
            raise Full
        return done(request, "/form", "已记下。", undo="/undo", then=("下一位：王浩 →", "/form"))
    return render(request, "account/feedback.html", {"about": "", "own": [], "waiting": []})


@act
def undo(request):
    if request.POST.get("full"):
        raise Full
    return done(request, "/form", "已撤销。")


@page
def broken(request):
    raise ValueError("陈小满 522321201503071234")


@page
def hidden(request):
    raise Http404


urlpatterns = [
    *product,
    path("form", form),
    path("undo", undo),
    path("broken", broken),
    path("hidden", hidden),
]


def test_a_refusal_shows_its_sentence_beside_what_was_typed(cast, signed_in):
    answer = signed_in(cast.homeroom).post("/form", {"full": "1", "text": "聊了心情 <b>"})
    assert answer.status_code == 422
    assert "请换一位" in answer.text and "聊了心情 &lt;b&gt;" in answer.text


def test_faults_are_shown_all_at_once(cast, signed_in):
    answer = signed_in(cast.homeroom).post("/form", {"faulty": "1"})
    assert answer.status_code == 422
    assert "有 2 处要看一下" in answer.text and "少了日期。" in answer.text and "少了原因。" in answer.text


def test_a_message_is_said_once_with_its_undo_and_the_way_on(cast, signed_in):
    client = signed_in(cast.homeroom)
    text = client.post("/form", {"text": "x"}, follow=True).text
    assert "已记下。" in text and 'action="/undo"' in text and "下一位：王浩 →" in text
    assert "下一位：王浩 →" not in client.get("/form").text


def test_a_button_that_is_refused_goes_back_with_the_sentence(cast, signed_in):
    client = signed_in(cast.homeroom)
    answer = client.post("/undo", {"full": "1"}, headers={"referer": "http://testserver/form"})
    assert answer.status_code == 302 and answer["Location"] == "http://testserver/form"
    assert "请换一位" in client.get("/form").text
    assert client.get("/undo").status_code == 405


def test_names_in_messages_stay_out_of_cookies(cast, signed_in):
    client = signed_in(cast.homeroom)
    client.post("/form", {"text": "x"})
    assert set(client.cookies) <= {"sessionid", "csrftoken"}


def test_a_page_that_breaks_says_so_calmly_with_a_number_that_is_in_the_log(cast, signed_in, caplog):
    client = signed_in(cast.homeroom)
    client.raise_request_exception = False
    answer = client.get("/broken")
    assert answer.status_code == 500 and "出了点问题" in answer.text and "您刚才填的还在" in answer.text
    number = answer.wsgi_request.number
    assert f"编号 {number}" in answer.text


def test_what_is_not_mine_and_what_is_not_there_look_the_same(cast, signed_in):
    client = signed_in(cast.homeroom)
    hidden, absent = client.get("/hidden"), client.get("/no-such-page")
    assert hidden.status_code == absent.status_code == 404
    assert "不是您负责的学生" in hidden.text
    assert "不是您负责的学生" in absent.text
