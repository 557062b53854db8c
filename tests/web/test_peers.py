"""同学互助 on the pages: noted, put together, begun, stopped without a script; nothing tells which of two is helped."""

import io
import re

import pytest
from openpyxl import load_workbook

from bangfu.flow import peers
from bangfu.records.models import Case, PeerPair, PeerWish
from tests import factories
from tests.axe import spill, violations
from tests.flow.class_talk import Talk

FIRST, SECOND, THIRD, FOURTH, FIFTH, SIXTH = range(6)
WIDTHS = [{"width": 360, "height": 740}, {"width": 1366, "height": 800}]


@pytest.fixture
def talk(cast):
    return Talk(cast, ("subject_class", "seed"), ("mentors", "seed"))


def address(cast, more="") -> str:
    return f"/peers/{cast.class_two.pk}{more}"


def body(response) -> str:
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return re.sub(r'nonce="[^"]*"', "", page)


def cells(response) -> list:
    sheet = load_workbook(io.BytesIO(response.content)).active
    return [
        [cell.value for cell in row]
        for row in sheet.iter_rows()
        if not str(row[0].value or "").startswith("由帮扶生成")
    ]


def test_a_class_teacher_comes_to_the_own_class_at_once_and_a_principal_chooses(signed_in, cast, talk):
    assert "陈小满" in signed_in(cast.homeroom).get("/peers").content.decode()
    page = signed_in(cast.principal).get("/peers").content.decode()
    assert "三（1）班" in page and "三（2）班" in page and "陈小满" not in page


def test_what_a_child_says_is_noted_and_the_class_is_put_together(signed_in, cast, talk):
    talk.helped(FIRST, plan="subject_class")
    client, pupils = signed_in(cast.homeroom), cast.pupils
    said = {"willing": "yes", "at_most": "1", "wish.1": str(pupils[SECOND].pk), "family": "yes"}
    assert client.post(f"/peers/pupils/{pupils[FIRST].pk}", said).status_code == 302
    client.post(f"/peers/pupils/{pupils[SECOND].pk}", {"willing": "yes"})
    page = client.post(address(cast, "/proposal"), follow=True).content.decode()
    assert "建议了 1 对" in page
    client.post(address(cast, "/confirmation"), {"who": talk.key(FIRST, SECOND)})
    assert PeerPair.objects.get().state == "confirmed"
    client.post(address(cast, "/end"), {"who": talk.key(FIRST, SECOND)})
    assert PeerPair.objects.get().state == "ended"


def test_two_are_put_together_by_hand_and_a_refusal_is_one_calm_sentence(signed_in, cast, talk):
    client = signed_in(cast.attached)
    two = {"one": str(cast.pupils[FIRST].pk), "other": str(cast.pupils[SECOND].pk)}
    page = client.post(address(cast, "/couple"), two, follow=True).content.decode()
    assert "请先问两位同学自己的意思" in page
    talk.say(FIRST, True, [SECOND]), talk.say(SECOND)
    assert "配好了" in client.post(address(cast, "/couple"), two, follow=True).content.decode()
    assert client.post(address(cast, "/couple"), {"one": "x"}, follow=True).status_code == 200


def world(cast, talk, helped: int, by_hand: bool) -> None:
    """Two who wished for each other, one of them helped by a plan; put together by the machine or by hand."""
    for at, other in ((FIRST, SECOND), (SECOND, FIRST)):
        talk.say(at, True, [other], family=True)
    talk.helped(helped, plan="subject_class")
    talk.place(FIRST, SECOND) if by_hand else talk.propose()


def everything(client, cast, talk) -> list:
    """Whatever a child could see over a shoulder or on a wall, before and after the two begin."""
    found = [body(client.get(address(cast)))]
    talk.confirm()
    found += [body(client.get(address(cast, more))) for more in ("", "/slips")]
    found += [body(client.get(f"/peers/pupils/{cast.pupils[at].pk}")) for at in (FIRST, SECOND)]
    found.append(cells(client.post(address(cast, "/list"), {"form": "xlsx"})))
    return found


@pytest.mark.parametrize("by_hand", [False, True], ids=["by their wishes", "by hand"])
def test_no_page_and_no_paper_changes_when_the_other_of_two_is_the_helped_one(signed_in, cast, talk, by_hand):
    client, seen = signed_in(cast.homeroom), []
    for helped in (FIRST, SECOND):
        world(cast, talk, helped, by_hand)
        seen.append(everything(client, cast, talk))
        talk.stop(FIRST, SECOND)
        Case.objects.filter(plan_key="subject_class").update(closed_on=talk.by.day)
        PeerWish.objects.standing().update(valid_to=talk.by.day)
    assert seen[0] == seen[1]
    assert any("罗天佑" in str(row) for row in seen[0][-1])


def test_two_friends_without_a_plan_look_like_any_other_two(signed_in, cast, talk):
    client = signed_in(cast.homeroom)
    world(cast, talk, FIRST, by_hand=True)
    planned = everything(client, cast, talk)
    talk.stop(FIRST, SECOND)
    Case.objects.update(closed_on=talk.by.day)
    PeerWish.objects.standing().update(valid_to=talk.by.day)
    for at, other in ((FIRST, SECOND), (SECOND, FIRST)):
        talk.say(at, True, [other], family=True)
    talk.place(FIRST, SECOND)
    assert PeerPair.objects.get(state="proposed").case_id is None
    assert everything(client, cast, talk) == planned


def test_no_page_of_the_class_names_a_plan_a_category_or_a_reason(signed_in, cast, talk):
    talk.helped(FIRST, plan="subject_class")
    talk.helped(FIRST, plan="mentors", category="one_or_no_parent")
    for at in (SECOND, THIRD, FOURTH):
        talk.say(at)
    talk.say(FIRST, True, [SECOND], family=True)
    talk.propose(), talk.confirm()
    client = signed_in(cast.homeroom)
    pages = [body(client.get(address(cast, more))) for more in ("", "/slips")]
    pages.append(str(cells(client.post(address(cast, "/list"), {"form": "xlsx"}))))
    for page in pages:
        main = page[page.find("<main") :]
        assert not re.search(
            r"语文课上|导师|一帮一|单亲|困难|帮助对象|被帮|study_group|subject_class|mentors|case", main
        )


def test_no_door_for_programs_tells_who_learns_with_whom(signed_in, cast, talk):
    talk.helped(FIRST, plan="subject_class")
    talk.say(FIRST, True, [SECOND]), talk.say(SECOND)
    talk.propose(), talk.confirm()
    client = signed_in(cast.homeroom)
    ids = {str(PeerPair.objects.get().pk), str(cast.pupils[SECOND].pk)}
    for url in ("/api/duties", "/api/pairs"):
        told = client.get(url).content.decode()
        assert not any(one in told for one in ids) and "partner" not in told, url


def test_the_page_for_the_teacher_alone_says_what_is_missing(signed_in, cast, talk):
    talk.helped(FIRST, plan="subject_class")
    page = signed_in(cast.homeroom).get(address(cast, "/waiting")).content.decode()
    assert "还没说想和谁一起" in page and "不要和孩子一起看" in page


@pytest.mark.parametrize("more", ["", "/waiting", "/slips"])
def test_whoever_does_not_look_after_the_class_finds_nothing(signed_in, cast, talk, more):
    subject = factories.staff(cast.school, "马英", "ma", ("subject_teacher", cast.class_two))
    for staff in (cast.neighbour, cast.officer, subject, cast.outsider):
        assert signed_in(staff).get(address(cast, more)).status_code == 404
        assert signed_in(staff).get(f"/peers/pupils/{cast.pupils[0].pk}").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_every_page_is_accessible_and_fits_narrow_and_wide(live_server, page, enter, cast, talk):
    talk.helped(FIRST, plan="subject_class")
    talk.helped(FIFTH, plan="mentors", category="one_or_no_parent")
    for at in (SECOND, THIRD, FOURTH):
        talk.say(at)
    talk.say(FIRST, True, [SECOND, THIRD], family=True)
    talk.propose()
    peers.confirm(school_class=cast.class_two, keys=[talk.key(FIRST, SECOND)], by=talk.by)
    enter(page, cast.homeroom)
    places = [
        address(cast),
        address(cast, "/waiting"),
        address(cast, "/slips"),
        f"/peers/pupils/{cast.pupils[0].pk}",
    ]
    for place in places:
        for size in WIDTHS:
            page.set_viewport_size(size)
            page.goto(f"{live_server.url}{place}")
            assert not (found := violations(page)), (place, size, found)
            assert spill(page) == 0, (place, size)


def test_a_member_of_the_moral_education_group_opens_the_files_of_its_plan_and_reads_why(
    signed_in, cast, talk
):
    member = factories.staff(cast.school, "田静", "tian", ("moral_education", None))
    Talk(cast, ("hand_in_hand", "seed")).helped(FIRST, plan="hand_in_hand")
    client = signed_in(member)
    assert "陈小满" in client.get("/pupils").content.decode()
    assert "德育组成员" in client.get(f"/pupils/{cast.pupils[FIRST].pk}").content.decode()
    assert client.get(f"/pupils/{cast.pupils[SECOND].pk}").status_code == 404
