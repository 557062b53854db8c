"""A person decides whose row it is: what follows, what is taken back, what is forgotten."""

from datetime import date, timedelta

import pytest

from bangfu.flow import clock, list_pairs, lists
from bangfu.records.models import Event, FactStatement, ListLeaver, ListMatch, Pupil
from tests import factories
from tests.cast import DAY
from tests.exchange.lists import household, plain
from tests.exchange.pupils import number
from tests.flow.test_lists import NAMES, load, office, pupil, row, stated  # noqa: F401


def parent(at):
    """A household list that names only the grown-up of a child: always a question."""
    return {
        "户编号": str(at + 1),
        "姓名": f"{NAMES[at][0]}大",
        "与户主关系": "户主",
        "身份证号码": number(at, "19850101"),
    }


@pytest.fixture
def waiting(office):  # noqa: F811
    load(office, "dibao", household(parent(0), parent(1)))
    return list(list_pairs.waiting(by=office))


def test_pairs_wait_with_their_reasons_and_what_the_row_shows_sealed(waiting):
    assert len(waiting) == 2 and all(match.reasons for match in waiting)
    assert "大" in waiting[0].shown.reveal() and "大" not in str(waiting[0].shown.envelope())


def test_yes_states_what_the_row_states_with_the_lists_day(office, waiting):  # noqa: F811
    match = list_pairs.decide(match=waiting[0], answer="same", by=office)
    assert match.state == "same" and match.statement.values == {"dibao": True}
    assert match.statement.stated_on == match.received.stated_on
    assert Event.objects.filter(verb="lists.decide", pupil_id=match.pupil_id).count() == 1


def test_no_states_nothing(office, waiting):  # noqa: F811
    match = list_pairs.decide(match=waiting[0], answer="different", by=office)
    assert match.state == "different" and not FactStatement.objects.filter(source="list:dibao").exists()


def test_what_was_put_off_comes_last(office, waiting):  # noqa: F811
    list_pairs.put_off(match=waiting[0], by=office)
    assert [match.pk for match in list_pairs.waiting(by=office)] == [waiting[1].pk, waiting[0].pk]


def test_a_pair_is_decided_once(office, waiting):  # noqa: F811
    list_pairs.decide(match=waiting[0], answer="same", by=office)
    for act in (
        lambda: list_pairs.decide(match=waiting[0], answer="different", by=office),
        lambda: list_pairs.put_off(match=waiting[0], by=office),
    ):
        with pytest.raises(list_pairs.Decided):
            act()
    assert FactStatement.objects.filter(source="list:dibao").count() == 1


def test_yes_to_one_child_settles_the_rows_other_children_until_it_is_taken_back(office, waiting):  # noqa: F811
    first, other = waiting
    ListMatch.objects.filter(pk=other.pk).update(row_key=first.row_key)
    list_pairs.decide(match=first, answer="same", by=office)
    other.refresh_from_db()
    assert other.state == "different"
    list_pairs.take_back(match=first, by=office)
    assert {match.state for match in ListMatch.objects.all()} == {"waiting"}
    assert not FactStatement.objects.filter(source="list:dibao").exists()


def test_taking_back_twice_and_taking_back_nothing_are_refused(office, waiting):  # noqa: F811
    with pytest.raises(list_pairs.NotDecided):
        list_pairs.take_back(match=waiting[0], by=office)


def test_what_a_row_had_shown_is_forgotten_a_day_after_the_decision(office, waiting, monkeypatch):  # noqa: F811
    list_pairs.decide(match=waiting[0], answer="different", by=office)
    late = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: late)
    lists.forget(school=office.school)
    waiting[0].refresh_from_db()
    waiting[1].refresh_from_db()
    assert waiting[0].shown is None and waiting[1].shown is not None
    with pytest.raises(list_pairs.Forgotten):
        list_pairs.take_back(match=waiting[0], by=office)


def test_pairs_of_a_list_taken_back_wait_no_more(office, waiting):  # noqa: F811
    list_pairs.decide(match=waiting[0], answer="same", by=office)
    lists.undo(received=waiting[0].received, by=office)
    assert not list_pairs.waiting(by=office).exists()
    assert not FactStatement.objects.filter(source="list:dibao").exists()


@pytest.fixture
def leaver(office):  # noqa: F811
    """A child of September's list who is not on October's."""
    load(office, "dibao", plain(row(0)), stated_on=date(2026, 9, 1))
    load(
        office,
        "dibao",
        household({**parent(0)}, {**row(1), "户编号": "9", "户主姓名": "罗大"}),
        stated_on=date(2026, 10, 1),
    )
    return ListLeaver.objects.get(pupil=pupil(0))


def test_nothing_has_changed_writes_nothing(office, leaver):  # noqa: F811
    list_pairs.mean(leaver=leaver, meaning="still", by=office)
    assert stated(0) == [{"dibao": True}]


def test_has_ended_is_a_persons_word_with_the_lists_day(office, leaver):  # noqa: F811
    list_pairs.mean(leaver=leaver, meaning="ended", by=office)
    assert stated(0) == [{"dibao": True}, {"dibao": False}]
    last = FactStatement.objects.filter(pupil=pupil(0)).latest("known_at")
    assert (last.stated_on, last.by) == (date(2026, 10, 1), office.staff)
    leaver.refresh_from_db()
    list_pairs.unmean(leaver=leaver, by=office)
    assert stated(0) == [{"dibao": True}]


def test_a_child_found_by_a_pair_is_asked_about_no_more(office, leaver):  # noqa: F811
    match = ListMatch.objects.get(pupil=pupil(0))
    list_pairs.decide(match=match, answer="same", by=office)
    leaver.refresh_from_db()
    assert leaver.state == "found"
    list_pairs.take_back(match=match, by=office)
    leaver.refresh_from_db()
    assert leaver.state == "waiting"


def test_answers_nobody_offered_are_refused(office, leaver):  # noqa: F811
    with pytest.raises(list_pairs.NoSuchAnswer):
        list_pairs.decide(match=ListMatch.objects.get(), answer="maybe", by=office)
    with pytest.raises(list_pairs.NoSuchAnswer):
        list_pairs.mean(leaver=leaver, meaning="poor", by=office)


def test_only_who_keeps_the_roll_decides(office, leaver):  # noqa: F811
    match = ListMatch.objects.get()
    teacher = factories.viewer(
        factories.staff(office.school, "李秋月", "li", ("homeroom_teacher", None)), DAY
    )
    assert not list_pairs.waiting(by=teacher).exists()
    for act in (
        lambda: list_pairs.decide(match=match, answer="same", by=teacher),
        lambda: list_pairs.put_off(match=match, by=teacher),
        lambda: list_pairs.mean(leaver=leaver, meaning="ended", by=teacher),
    ):
        with pytest.raises(lists.NotListKeeper):
            act()


def test_a_child_who_left_school_takes_the_pairs_along(office, waiting):  # noqa: F811
    Pupil.objects.filter(pk=waiting[0].pupil_id).update(left_on=DAY)
    match = list_pairs.decide(match=waiting[0], answer="same", by=office)
    assert match.statement is not None
