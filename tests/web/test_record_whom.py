"""Fast entry: several, brothers and sisters, all but one, the same again, a call, a bright spot, whom to phone first."""

import html
import re
from datetime import date

from bangfu.flow import agenda, record
from bangfu.records.models import Event, Evidence, Pupil
from tests import factories
from tests.cast import DAY
from tests.web.test_record import sheet


def ticked(page: str) -> list[str]:
    return re.findall(r'<input[^>]*value="([^"]*)"[^>]* checked', page)


def weekly_talks(cast, *at):
    """The whole-school plan, whose weekly talk may be confirmed for everybody at once."""
    factories.plan(cast.school, key="whole_school", edition="seed")
    for one in at:
        factories.case(
            cast.pupils[one], of=("whole_school", "left_behind"), helper=cast.homeroom, by=cast.homeroom
        )


def test_the_next_child_gets_the_same_kinds_and_words_and_never_how_it_was(cast, client, signed_in):
    cast.case(0)
    cast.case(1)
    signed_in(cast.homeroom)
    said = {
        "talk.about": ["心情", "家里"],
        "talk.today": "要留意",
        "tutoring.about": ["口算"],
        "tutoring.effect": "会了",
    }
    answer = client.post(
        "/record/new", sheet(cast, 0, activities=["talk", "tutoring"], note="只说他", **said), follow=True
    )
    way = html.unescape(re.search(r'href="(/record/new\?[^"]*again=[^"]*)"', answer.content.decode())[1])
    page = client.get(way).content.decode()
    assert "记一笔 · 罗天佑" in page
    assert set(ticked(page)) == {"talk", "tutoring", "心情", "家里", "口算"}
    assert "只说他" not in page


def test_nothing_of_somebody_else_s_record_is_kept_for_the_next(cast, client, signed_in):
    entry = record.Entry(("talk",), DAY, answers={"about": ["心情"]})
    theirs = record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.attached))
    page = (
        signed_in(cast.homeroom)
        .get(f"/record/new?pupil={cast.pupils[1].pk}&again={theirs.pk}")
        .content.decode()
    )
    assert ticked(page) == []


def test_a_sheet_for_several_that_comes_back_keeps_who_was_tapped(cast, client, signed_in):
    for at in range(3):
        cast.case(at)
    signed_in(cast.homeroom)
    offered = [str(cast.pupils[at].pk) for at in range(3)]
    answer = client.post("/record/new", sheet(cast, 0, 2, offered=offered, several="talk", note="好" * 2001))
    page = answer.content.decode()
    assert answer.status_code == 422
    names = [one for one in ticked(page) if one in offered]
    assert sorted(names) == sorted([offered[0], offered[2]]) and page.count('name="pupil"') == 3


def test_a_brother_in_my_care_is_offered_on_the_sheet_and_one_of_another_class_is_not(
    cast, client, signed_in
):
    home = [cast.pupils[0].pk, cast.pupils[1].pk, cast.others[0].pk]
    Pupil.objects.filter(pk__in=home).update(household_key="one roof")
    page = (
        signed_in(cast.homeroom)
        .get(f"/record/new?pupil={cast.pupils[0].pk}&activity=home_visit")
        .content.decode()
    )
    assert "罗天佑" in page and "石头" not in page
    assert str(cast.pupils[1].pk) not in ticked(page), "who was there is said, not assumed"


def test_all_but_one_is_one_record_and_who_was_tapped_off_stays_on_the_list(
    cast, client, signed_in, settings
):
    settings.DAY = date(2026, 10, 16)
    weekly_talks(cast, 0, 1, 2)
    me = signed_in(cast.homeroom)
    page = me.get("/").content.decode()
    card = page[page.index("谈心都做了") - 900 : page.index("谈心都做了") + 2500]
    offered = re.findall(r'name="pupil" value="([^"]*)" checked', card)
    assert sorted(offered) == sorted(str(cast.pupils[at].pk) for at in range(3))
    answer = client.post("/record/new", sheet(cast, 0, 1, on="2026-10-16"), follow=True).content.decode()
    evidence = Evidence.objects.get()
    assert evidence.about.count() == 2 and evidence.note == ""
    assert f"/record/{evidence.pk}/withdrawn" in answer, "undo takes it back for both"
    found = agenda.agenda(cast.viewer(cast.homeroom, settings.DAY))
    assert [row.names for row in found.today if row.activity == "talk"] == [("杨朵朵",)]


def test_what_no_plan_lets_be_confirmed_together_is_not_offered_so(cast, client, signed_in):
    cast.case(0), cast.case(1)
    assert "都做了" not in signed_in(cast.homeroom).get("/").content.decode()


def test_a_call_that_nobody_answered_is_kept_and_closes_nothing(cast, client, signed_in):
    cast.case(0)
    signed_in(cast.homeroom)
    call = {"activities": ["guardian_contact"], "guardian_contact.by": "电话", "back": "pupil"}
    answer = client.post(
        "/record/new", sheet(cast, 0, **call, **{"guardian_contact.outcome": "unreached"}), follow=True
    )
    page = answer.content.decode()
    assert answer.redirect_chain[-1][0] == f"/pupils/{cast.pupils[0].pk}"
    assert "已记下。" in page and "已记下。同时完成" not in page and "没联系上" in page
    answer = client.post(
        "/record/new", sheet(cast, 0, **call, **{"guardian_contact.outcome": "reached"}), follow=True
    )
    assert "同时完成：每月联系家长" in answer.content.decode()


def test_a_bright_spot_is_kept_by_itself_and_closes_nothing(cast, client, signed_in):
    cast.case(0)
    signed_in(cast.homeroom)
    posted = sheet(cast, 0, activities=["bright_spot"], bright_spot="会修自行车。", back="pupil")
    page = client.post("/record/new", posted, follow=True).content.decode()
    assert "“会修自行车。”" in page and "已记下。同时完成" not in page
    assert Evidence.objects.get().activities == ["bright_spot"]


def test_the_danger_list_names_family_and_principal_without_a_number(cast, client, signed_in):
    cast.principal.phone = "10055556666"
    cast.principal.save()
    cast.case(0)
    signed_in(cast.homeroom)
    page = client.get(f"/record/new?pupil={cast.pupils[0].pk}").content.decode()
    for words in ("110", "120", "12355", "陈小满 奶奶", "校长 王振华"):
        assert words in page
    assert "10098765432" not in page and "10055556666" not in page
    here = f"/pupils/{cast.pupils[0].pk}"
    answer = client.post(here, {"leader": cast.principal.pk}, headers={"Accept": "application/json"})
    assert answer.json() == {"number": "10055556666"}
    assert Event.objects.filter(verb="account.reveal", by=cast.homeroom).count() == 1
    assert client.post(here, {"leader": cast.attached.pk}).status_code == 404
