"""One's duties for programs and for Excel: signed in, one's own eyes, names only when asked, no kind of need ever."""

import io
from datetime import timedelta

import openpyxl
import pytest

from bangfu.records.models import Event, Pairing
from tests import factories
from tests.cast import DAY


@pytest.fixture
def helped(cast):
    cast.case(0)
    cast.case(1, helper=cast.attached)
    return cast


def asked(client, **query):
    return client.get("/api/duties", query)


def children(answer):
    return {one["about"]["pupil"] for one in answer.json()["duties"] if "pupil" in one["about"]}


def test_one_reads_what_falls_to_oneself_and_no_name_unless_asked(helped, signed_in):
    answer = asked(signed_in(helped.homeroom), on=DAY.isoformat())
    assert str(helped.pupils[0].pk) in children(answer)
    talk = next(d for d in answer.json()["duties"] if d["duty"] == "talk" and d["opens_on"] == "2026-10-12")
    del talk["about"]
    assert talk == {
        "plan": "weekly_support", "duty": "talk", "period": "2026-2027-1/W07", "opens_on": "2026-10-12",
        "due_on": "2026-10-18", "state": "open", "times": 1, "count": 0, "minutes": talk["minutes"],
    }  # fmt: skip
    assert "陈小满" not in answer.content.decode() and "study" not in answer.content.decode()
    assert "陈小满" in asked(signed_in(helped.homeroom), names="1").content.decode()
    assert answer["Cache-Control"] == "no-store"


@pytest.mark.parametrize("who", ["neighbour", "officer", "outsider"])
def test_a_child_out_of_ones_care_is_not_there(helped, signed_in, who):
    client = signed_in(getattr(helped, who))
    assert asked(client, pupil=helped.pupils[0].pk).status_code == 404
    assert str(helped.pupils[0].pk) not in asked(client).content.decode()


def test_another_day_opens_no_child_one_no_longer_cares_for(helped, signed_in):
    before = DAY - timedelta(days=10)
    teacher = factories.staff(helped.school, "田野", "tian", ("subject_teacher", helped.class_two))
    rows = list(Pairing.objects.all())
    Pairing.objects.update(state="ended", valid_to=before)
    for row in rows:
        factories.pair(row.case, teacher, valid_from=before)
    Pairing.objects.filter(helper=teacher).update(state="ended", valid_to=DAY)
    for row in rows:
        factories.pair(row.case, helped.neighbour, valid_from=DAY)
    answer = asked(signed_in(teacher), on=before.isoformat())
    assert answer.status_code == 200 and children(answer) == set()
    assert children(asked(signed_in(helped.neighbour), on=DAY.isoformat()))


@pytest.mark.parametrize("on", ["2026-13-01", "gestern", "0001-01-01", "9999-12-31"])
def test_what_is_no_day_is_said_to_be_none(helped, signed_in, on):
    assert asked(signed_in(helped.homeroom), on=on).status_code == 422
    assert signed_in(helped.homeroom).get("/duties.xlsx", {"on": on}).status_code == 404


def test_it_only_reads(helped, signed_in):
    client = signed_in(helped.homeroom)
    assert client.post("/api/duties").status_code == client.post("/duties.xlsx").status_code == 405


def test_the_workbook_has_a_neutral_name_and_is_noted(helped, signed_in):
    answer = signed_in(helped.homeroom).get("/duties.xlsx")
    assert 'filename="duties-2026-10-15.xlsx"' in answer["Content-Disposition"]
    cells = [
        str(c) for row in openpyxl.load_workbook(io.BytesIO(answer.content)).active.values for c in row if c
    ]
    assert "陈小满" in cells and "都可以" in cells and "学习" not in cells
    assert Event.objects.filter(verb="report.export").count() == 1
