"""走访: who sees which home and how much, a visit written once, a village taken along, sudden hardship (P10-03, 17, 51)."""

import json
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from bangfu.flow import (
    areas,
    carry,
    clear_card,
    clock,
    hardship,
    homes,
    household_visits,
    households,
    rounds,
    sync,
)  # fmt: skip
from bangfu.flow.company import SayWithWhom
from bangfu.flow.hardship import Report
from bangfu.flow.sync_item import Item
from bangfu.records.models import (
    AreaStaff,
    Evidence,
    Guardian,
    Hardship,
    Household,
    HouseholdVisit,
    ParentContact,
    Pupil,
    RoundTaken,
    Village,
)
from tests.cast import DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def ground(cast):
    """One area with two villages; the homes of 三（2）班 in them; the homeroom teacher of 三（1）班 goes round 石坎村."""
    head = cast.viewer(cast.principal)
    east = areas.open_area(name="东片", villages=("石坎村",), by=head)
    west = areas.open_area(name="西片", villages=("沙坪村",), by=head)
    areas.assign(chosen=[(cast.neighbour, east), (cast.attached, west)], by=head)
    where = ("石坎村10组2号", "石坎村2组14号", "石坎村二组3号", "沙坪村1组", "沙坪村", "石坎村3组")
    for pupil, address in zip(cast.pupils, where, strict=True):
        pupil.address, pupil.sex = f"石坎镇{address}", "1"
        pupil.save(update_fields=["address", "sex"])
    homes.gather(by=head)
    homes.accompany(households=Household.objects.filter(key__in=_keys(cast.pupils)), by=head)
    return {one.name: one for one in Village.objects.all()}


def _keys(pupils):
    return Pupil.objects.filter(pk__in=[one.pk for one in pupils]).values_list("household_key", flat=True)


def home(pupil) -> Household:
    return Household.objects.get(key=Pupil.objects.get(pk=pupil.pk).household_key)


def sun(cast, day=DAY):
    return cast.viewer(cast.neighbour, day)


def body(household, **more):
    return {"household": [str(household.pk)], "about": ["看病"], "present": ["祖辈"], **more}


# ── who sees what ─────────────────────────────────────────────────────────────────────────────────────────────────
def test_one_walks_by_group_and_door_and_sees_only_the_villages_of_the_own_round(cast, ground):
    assert [(one.name, count) for one, count, _taken in rounds.villages(sun(cast))] == [("石坎村", 4)]
    stops = rounds.stops(sun(cast), ground["石坎村"])
    assert [(stop.group, stop.door, stop.home.title) for stop in stops] == [
        ("二", "3", "杨朵朵家"),
        ("2", "14", "罗天佑家"),
        ("3", "", "刘洋洋家"),
        ("10", "2", "陈小满家"),
    ]
    assert rounds.stops(sun(cast), ground["沙坪村"]) == []
    assert len(rounds.villages(cast.viewer(cast.principal))) == 2
    assert rounds.villages(cast.viewer(cast.outsider)) == []


def test_where_a_home_stands_is_as_somebody_says_who_was_there(cast, ground):
    household = home(cast.pupils[0])
    rounds.stand(household=household, group="1组", door="7号", by=sun(cast))
    assert [(one.group, one.door) for one in rounds.stops(sun(cast), ground["石坎村"])][0] == ("1", "7")
    with pytest.raises(rounds.NotYourRound):
        rounds.stand(household=household, group="1", door="", by=cast.viewer(cast.homeroom))


def test_whoever_teaches_a_child_sees_the_childs_side_and_not_the_homes(cast, ground):
    household = home(cast.pupils[0])
    rounds.verify(household=household, key="income_assured", is_so=False, by=sun(cast))
    theirs = rounds.card(sun(cast), household)
    assert theirs.goes_there and theirs.facts["income_assured"].value is False and theirs.members
    mine = rounds.card(cast.viewer(cast.homeroom), household)
    assert not mine.goes_there and mine.facts is None and not mine.members
    assert mine.near == {cast.pupils[0].pk} and theirs.near == set()
    assert rounds.household_of(cast.viewer(cast.outsider), household.pk) is None
    assert rounds.household_of(cast.viewer(cast.attached), home(cast.others[0]).pk) is None


def test_one_of_the_six_guarantees_is_said_with_its_day_and_only_by_whoever_goes_there(cast, ground):
    household = home(cast.pupils[0])
    with pytest.raises(rounds.NotThat):
        rounds.verify(household=household, key="net_income_pc", is_so=True, by=sun(cast))
    with pytest.raises(rounds.NotYourRound):
        rounds.verify(household=household, key="medical_assured", is_so=True, by=cast.viewer(cast.homeroom))
    rounds.verify(household=household, key="medical_assured", is_so=True, by=sun(cast))
    said = rounds.card(sun(cast), household).facts["medical_assured"]
    assert (said.value, said.valid_from) == (True, DAY)


# ── a visit ───────────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_visit_by_somebody_who_only_goes_round_writes_nothing_into_a_childs_file(cast, ground):
    household = home(cast.pupils[0])
    row, _closes = household_visits.write(id=uuid4(), body=body(household, note=["屋顶漏雨"]), by=sun(cast))
    assert row.evidence is None and not Evidence.objects.exists()
    assert household_visits.said(row) == "祖辈 · 看病"
    assert rounds.card(sun(cast), household).visits[0].note.reveal() == "屋顶漏雨"
    assert "屋顶" not in str(HouseholdVisit.objects.values_list("note", flat=True)[0])
    assert rounds.card(cast.viewer(cast.homeroom), household).visits == ()


def test_a_visit_by_somebody_who_helps_a_child_there_is_that_childs_record_too(cast, ground):
    household, key = home(cast.pupils[0]), uuid4()
    cast.case(0)
    row, closes = household_visits.write(id=key, body=body(household), by=cast.viewer(cast.homeroom))
    assert closes and set(row.evidence.activities) == {"home_survey", "home_visit", "guardian_contact"}
    assert [one.pupil for one in row.evidence.about.all()] == [cast.pupils[0]]
    assert rounds.stops(sun(cast), ground["石坎村"])[3].last_on == DAY
    household_visits.withdraw(visit=row, by=cast.viewer(cast.homeroom))
    assert not Evidence.objects.current().exists()
    assert rounds.stops(sun(cast), ground["石坎村"])[3].last_on is None


def test_a_visit_taken_back_after_its_record_was_corrected_counts_nowhere(cast, ground):
    from bangfu.flow import record

    by = cast.viewer(cast.homeroom)
    cast.case(0)
    row, _closes = household_visits.write(id=uuid4(), body=body(home(cast.pupils[0])), by=by)
    entry = record.Entry(
        tuple(row.evidence.activities), DAY, answers=row.evidence.answers, note="写错了一个字"
    )
    record.amend(evidence=row.evidence, entry=entry, by=by)
    household_visits.withdraw(visit=row, by=by)
    assert not Evidence.objects.current().exists()


def test_a_card_names_the_class_teacher_who_is_there_today(cast, ground):
    household, day = home(cast.pupils[0]), DAY + timedelta(days=9)
    moved = cast.pupils[0].enrolments.get()
    moved.valid_to = day  # a change of class that is written down already
    moved.save()
    assert clear_card.of(household=household, by=sun(cast)).children[0][2] == "李秋月"
    cast.homeroom.left_on = DAY
    cast.homeroom.save()
    assert clear_card.of(household=household, by=sun(cast)).children[0][2] == ""


def test_a_teachers_home_visit_counts_as_the_last_time_somebody_was_there(cast, ground):
    from bangfu.flow import record

    entry = record.Entry(("guardian_contact", "home_visit"), DAY - timedelta(days=3))
    record.add(entry=entry, pupils=[cast.pupils[0]], by=cast.viewer(cast.homeroom))
    assert rounds.stops(sun(cast), ground["石坎村"])[3].last_on == DAY - timedelta(days=3)


def test_a_visit_sent_twice_is_stored_once_and_only_its_author_takes_it_back(cast, ground):
    household, key = home(cast.pupils[0]), uuid4()
    for _ in range(2):
        row, _closes = household_visits.write(id=key, body=body(household), by=sun(cast))
    assert HouseholdVisit.objects.count() == 1
    with pytest.raises(household_visits.SomebodyElses):
        household_visits.withdraw(visit=row, by=cast.viewer(cast.principal))
    with pytest.raises(household_visits.SomebodyElses):
        household_visits.write(id=key, body=body(household), by=cast.viewer(cast.principal))


def test_a_home_that_is_not_on_the_round_and_a_tap_that_is_not_of_the_form_are_refused(cast, ground):
    with pytest.raises(rounds.NotYourRound):
        household_visits.write(id=uuid4(), body=body(home(cast.pupils[3])), by=sun(cast))
    with pytest.raises(household_visits.Unclear):
        household_visits.write(id=uuid4(), body=body(home(cast.pupils[0]), about=["存款"]), by=sun(cast))
    assert not HouseholdVisit.objects.exists()


def test_to_a_girls_home_two_go_or_one_sentence_says_why(cast, ground):
    Pupil.objects.filter(pk=cast.pupils[0].pk).update(sex="2")
    household = home(cast.pupils[0])
    with pytest.raises(SayWithWhom):
        household_visits.write(id=uuid4(), body=body(household), by=sun(cast))
    said = body(household, company=["alone"], company_said=["队友临时去了医院"])
    row, _closes = household_visits.write(id=uuid4(), body=said, by=sun(cast))
    assert row.alone_because == "队友临时去了医院"
    said = body(household, company=[str(cast.attached.pk)])
    row, _closes = household_visits.write(id=uuid4(), body=said, by=sun(cast))
    assert row.with_staff == cast.attached


def test_what_the_last_visit_left_to_do_stands_on_the_way(cast, ground):
    household_visits.write(id=uuid4(), body=body(home(cast.pupils[0]), next=["要再帮一项"]), by=sun(cast))
    assert rounds.stops(sun(cast), ground["石坎村"])[3].follow_up == "要再帮一项"
    household_visits.write(id=uuid4(), body=body(home(cast.pupils[0]), next=["没有变化"]), by=sun(cast))
    assert rounds.stops(sun(cast), ground["石坎村"])[3].follow_up == ""


# ── taken along ───────────────────────────────────────────────────────────────────────────────────────────────────
def test_a_village_is_carried_for_fourteen_days_without_numbers_sums_or_school(cast, ground):
    by = sun(cast)
    assert rounds.carried(by) == []
    rounds.take(village=ground["石坎村"], by=by)
    rounds.take(village=ground["石坎村"], by=by)
    household_visits.write(id=uuid4(), body=body(home(cast.pupils[0]), note=["存折在奶奶手里"]), by=by)
    rounds.verify(household=home(cast.pupils[0]), key="income_assured", is_so=False, by=by)
    found = rounds.carried(by)
    (village,) = found
    assert RoundTaken.objects.get().until == DAY + carry.KEPT and len(village["households"]) == 4
    text = json.dumps(found, ensure_ascii=False)
    numbers = [one.phone.reveal() for one in Guardian.objects.all()]
    assert not any(word in text for word in (*numbers, "存折", "income", "谈心"))
    assert len(text.encode()) / 4 < 20_000
    assert rounds.carried(sun(cast, DAY + timedelta(days=15))) == []
    rounds.give_back(village=ground["石坎村"], by=by)
    assert rounds.carried(by) == []
    with pytest.raises(rounds.NotYourRound):
        rounds.take(village=ground["沙坪村"], by=by)


# ── from a phone that was away ────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def monday(monkeypatch):
    """Evening of DAY + 4 days, when the phone is back in touch."""
    moment = datetime.combine(DAY + timedelta(days=4), time(18), clock.now().tzinfo)
    monkeypatch.setattr(clock, "now", lambda: moment)
    return moment


def came(cast, kind, made_at, said):
    """One thing of this kind arrives on Monday from the phone of whoever goes round 石坎村."""
    item = Item(uuid4(), kind, uuid4(), said, 1, made_at)
    (told,) = sync.take(items=[item], by=sun(cast, DAY + timedelta(days=4)))
    return item.id if told.state == "stored" else told.sentence


def test_what_has_no_day_of_its_own_is_of_the_day_it_was_written_on(cast, ground, monday):
    made_at, of = monday - timedelta(days=3), {"household": str(home(cast.pupils[0]).pk)}
    hard = Hardship.objects.get(pk=came(cast, "hardship", made_at, of | {"kind": "illness"}))
    assert (hard.happened_on, hard.written_at) == (DAY + timedelta(days=1), made_at)
    visit = HouseholdVisit.objects.get(pk=came(cast, "household_visit", made_at, of))
    assert (visit.happened_on, visit.written_at) == (DAY + timedelta(days=1), made_at)
    said = {"pupil": str(cast.pupils[0].pk), "on": ""}
    homeroom = cast.viewer(cast.homeroom, DAY + timedelta(days=4))
    sync.take(items=[Item(uuid4(), "contact", uuid4(), said, 1, made_at)], by=homeroom)
    assert ParentContact.objects.get().week_on == date(2026, 10, 12)
    wrong = monday + timedelta(days=9)  # a clock that cannot be right is not believed
    assert (
        Hardship.objects.get(pk=came(cast, "hardship", wrong, of | {"kind": "other"})).happened_on
        == monday.date()
    )


def test_a_visit_of_an_earlier_day_is_no_answer_and_one_made_before_the_news_arrived_is_none_either(
    cast, ground, monday
):
    of = {"household": str(home(cast.pupils[0]).pk)}
    came(cast, "hardship", monday - timedelta(days=2), of | {"kind": "illness"})
    came(cast, "household_visit", monday - timedelta(hours=1), of | {"on": str(DAY)})
    assert not hardship.waiting(cast.viewer(cast.officer))[0].is_seen
    came(
        cast,
        "household_visit",
        monday - timedelta(days=2, hours=1),
        of | {"on": str(DAY + timedelta(days=2))},
    )
    assert not hardship.waiting(cast.viewer(cast.officer))[0].is_seen
    came(cast, "household_visit", monday - timedelta(days=1), of)
    assert hardship.waiting(cast.viewer(cast.officer))[0].is_seen


def test_a_visit_made_while_on_the_round_arrives_also_after_the_round_was_handed_on(cast, ground, monday):
    spell = AreaStaff.objects.filter(staff=cast.neighbour)
    spell.update(valid_to=DAY + timedelta(days=2))
    of = {"household": str(home(cast.pupils[0]).pk)}
    pk = came(cast, "household_visit", monday - timedelta(days=3), of | {"on": str(DAY + timedelta(days=1))})
    assert HouseholdVisit.objects.get(pk=pk).author == cast.neighbour
    late = came(cast, "household_visit", monday - timedelta(hours=3), of)
    assert late == rounds.NotYourRound.sentence


# ── sudden hardship ───────────────────────────────────────────────────────────────────────────────────────────────
def report(household, **more):
    return Report(household, more.pop("kind", "illness"), DAY, **more)


def test_sudden_hardship_reaches_the_school_at_once_and_somebody_goes_within_two_workdays(cast, ground):
    row = hardship.flag(report=report(home(cast.pupils[0]), note="奶奶住院"), by=sun(cast))
    assert row.due_on == date(2026, 10, 19)  # Thursday: Friday, then Monday
    (waiting,) = hardship.waiting(cast.viewer(cast.officer))
    assert (waiting.home.title, waiting.is_seen) == ("陈小满家", False)
    assert "住院" not in str(Hardship.objects.values_list("note", flat=True)[0])
    assert hardship.waiting(cast.viewer(cast.attached)) == []
    assert hardship.waiting(cast.viewer(cast.outsider)) == []


def test_a_visit_written_down_afterwards_is_that_somebody_went(cast, ground):
    hardship.flag(report=report(home(cast.pupils[0])), by=sun(cast))
    household_visits.write(id=uuid4(), body=body(home(cast.pupils[0])), by=sun(cast))
    assert hardship.waiting(cast.viewer(cast.officer))[0].is_seen


def test_a_visit_written_before_or_in_the_same_moment_is_no_answer(cast, ground):
    household_visits.write(id=uuid4(), body=body(home(cast.pupils[0])), by=sun(cast))
    moment = HouseholdVisit.objects.get().written_at
    row = hardship.flag(report=report(home(cast.pupils[0])), by=sun(cast))
    Hardship.objects.filter(pk=row.pk).update(written_at=moment)
    assert not hardship.waiting(cast.viewer(cast.officer))[0].is_seen


def test_it_waits_until_it_is_referred_to_relief_or_settled_with_a_sentence_and_is_answered_once(
    cast, ground
):
    row = hardship.flag(report=report(home(cast.pupils[0])), by=sun(cast))
    officer = cast.viewer(cast.officer)
    with pytest.raises(hardship.SayWhat):
        hardship.answer(row=row, outcome="referred", said=" ", by=officer)
    with pytest.raises(hardship.NotAnswerer):
        hardship.answer(row=row, outcome="referred", said="镇民政办", by=sun(cast))
    hardship.answer(row=row, outcome="referred", said="镇民政办，临时救助", by=officer)
    assert hardship.waiting(officer) == [] and hardship.count(officer) == 0
    with pytest.raises(hardship.AlreadyAnswered):
        hardship.answer(row=row, outcome="settled", said="好了", by=officer)
    (past,) = rounds.card(sun(cast), home(cast.pupils[0])).past
    assert (past.state, past.answer.reveal()) == ("referred", "镇民政办，临时救助")


def test_whoever_answers_for_the_home_may_answer_and_the_author_may_take_it_back(cast, ground):
    head = cast.viewer(cast.principal)
    households.assign(chosen=[(home(cast.pupils[0]), cast.neighbour)], by=head)
    row = hardship.flag(report=report(home(cast.pupils[0])), by=sun(cast))
    hardship.answer(row=row, outcome="settled", said="邻居帮忙送了医院", by=sun(cast))
    other = hardship.flag(report=report(home(cast.pupils[1])), by=sun(cast))
    with pytest.raises(hardship.SomebodyElses):
        hardship.take_back(row=other, by=head)
    hardship.take_back(row=other, by=sun(cast))
    assert hardship.waiting(head) == []


def test_a_teacher_may_flag_it_for_a_child_of_the_class_and_sent_twice_it_is_one(cast, ground):
    given, key = {"household": str(home(cast.pupils[3]).pk), "kind": "disaster"}, uuid4()
    for _ in range(2):
        hardship.write(id=key, body=given, by=cast.viewer(cast.homeroom))
    assert Hardship.objects.count() == 1
    with pytest.raises(rounds.NotYourRound):
        hardship.write(id=uuid4(), body=given, by=sun(cast))
    with pytest.raises(hardship.WhatHappened):
        hardship.write(id=uuid4(), body=given | {"kind": "poor"}, by=cast.viewer(cast.homeroom))
