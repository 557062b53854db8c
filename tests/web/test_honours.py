"""Awards: because of something, approved by somebody else, printed without a number; others see nothing."""

import re
from datetime import date, timedelta

import pytest

from bangfu.flow import record
from bangfu.records.models import Event, Nomination
from tests.axe import spill, violations

BECAUSE = "坚持每天把作业写完，还教同桌读课文"


@pytest.fixture
def helped(cast):
    cast.case(0)
    for number in range(5):
        day = date(2026, 9, 8) + timedelta(days=number)
        entry = record.Entry(("talk",), day)
        record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.homeroom, day))
    return cast


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def propose(client, cast, **more):
    form = {"award": "five_star", "pupil": str(cast.pupils[0].pk), "because": BECAUSE, **more}
    return client.post("/awards/new", form)


def test_a_teacher_proposes_the_head_approves_and_a_certificate_comes_out(signed_in, helped):
    client = signed_in(helped.homeroom)
    assert "提名一名学生" in text(client.get("/awards"))
    assert "陈小满 三（2）班" in text(client.get("/awards/new"))
    assert propose(client, helped).status_code == 302
    one = Nomination.objects.get()
    page = text(client.get("/awards"))
    assert BECAUSE in page and "批准</button>" not in page
    client = signed_in(helped.principal)
    assert "可以印奖状" in text(client.post(f"/awards/{one.pk}/approval", follow=True))
    file = client.post(f"/awards/{one.pk}/certificate")
    assert file.content[:2] == b"PK"
    assert "certificate.docx" in file.headers["Content-Disposition"]
    assert Event.objects.filter(verb="report.export").count() == 1


def test_a_decline_is_said_calmly(signed_in, helped):
    propose(signed_in(helped.homeroom), helped)
    one = Nomination.objects.get()
    page = text(signed_in(helped.principal).post(f"/awards/{one.pk}/decline", follow=True))
    assert "下学期再看" in page
    again = signed_in(helped.principal).post(f"/awards/{one.pk}/approval", follow=True)
    assert "已经有了结果" in text(again)
    refused = signed_in(helped.principal).post(f"/awards/{one.pk}/certificate", follow=True)
    assert "还没有批准的表彰" in text(refused)


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"because": ""}, "请写一句"),
        ({"because": "考了95分"}, "数字"),
        ({"pupil": ""}, "还没有选学生"),
        ({"pupil": "nonsense"}, "还没有选学生"),
        ({"award": "ten_star"}, "没有这项表彰"),
    ],
)
def test_a_refused_nomination_keeps_what_was_typed(signed_in, helped, more, says):
    answer = propose(signed_in(helped.homeroom), helped, **more)
    assert answer.status_code == 422
    assert says in text(answer)
    assert not Nomination.objects.exists()


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_others_neither_see_nor_decide(signed_in, helped, who):
    propose(signed_in(helped.homeroom), helped)
    one = Nomination.objects.get()
    client = signed_in(getattr(helped, who))
    if who != "officer":  # the office sees the roll, so it may print what hangs on a wall anyway
        for act in ("approval", "decline", "certificate"):
            assert client.post(f"/awards/{one.pk}/{act}").status_code == 404
        assert "陈小满" not in text(client.get("/awards"))
    assert propose(client, helped).status_code == 403
    assert Nomination.objects.get().state == "nominated"


def test_who_helps_nobody_is_told_who_proposes(signed_in, cast):
    answer = signed_in(cast.neighbour).get("/awards/new")
    assert answer.status_code == 403
    assert "提名由" in text(answer)


def test_no_rank_and_no_number_on_the_page(signed_in, helped):
    propose(signed_in(helped.homeroom), helped)
    words = re.sub(r"<[^>]*>", "", text(signed_in(helped.principal).get("/awards")))
    assert not re.search(r"排名|第一|%|名次", words)


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/awards", "/awards/new"])
def test_the_pages_are_accessible_on_desk_and_phone(enter, helped, page, phone, path, client):
    client.force_login(helped.homeroom.user, backend="bangfu.records.access.ViewerBackend")
    propose(client, helped)
    for window in (page, phone):
        enter(window, helped.homeroom if path.endswith("new") else helped.principal, then=path)
        assert violations(window) == []
        assert spill(window) == 0
