"""Writing down once: several children, several duties, twice the same send, and every way it can be refused."""

from datetime import date

import pytest

from bangfu.flow import adopt, record, schedule
from bangfu.flow.record import Entry
from bangfu.records.models import Case, Event, Evidence, Leave, Pupil
from tests.cast import DAY


def talk(**more) -> Entry:
    return Entry(**{"activities": ("talk",), "happened_on": DAY, **more})


def test_one_record_about_two_children_closes_both_weekly_duties_of_each(cast):
    cast.case(0), cast.case(1)
    by = cast.viewer(cast.homeroom)
    evidence = record.add(entry=talk(activities=("talk", "tutoring")), pupils=cast.pupils[:2], by=by)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    asked = schedule.Asked(cast.school, DAY, DAY, DAY)
    found = schedule.ledger(plan, Case.objects.all(), asked)
    for dossier in found.values():
        closed = {s.expectation.duty_key for s in dossier.standings if evidence.pk in s.acts}
        assert {"talk", "tutoring"} <= closed
    assert evidence.about.count() == 2
    assert Event.objects.filter(verb="record.add").count() == 2


def test_the_same_record_sent_twice_is_stored_once(cast):
    by = cast.viewer(cast.homeroom)
    entry = talk()
    first = record.add(entry=entry, pupils=cast.pupils[:1], by=by)
    assert record.add(entry=entry, pupils=cast.pupils[:1], by=by) == first
    assert Evidence.objects.count() == 1
    with pytest.raises(record.SomebodyElses):
        record.add(entry=entry, pupils=cast.pupils[:1], by=cast.viewer(cast.attached))


def test_what_the_author_was_to_the_child_is_kept_with_the_record(cast):
    cast.case(0, helper=cast.attached)
    evidence = record.add(entry=talk(), pupils=cast.pupils[:2], by=cast.viewer(cast.attached))
    roles = dict(evidence.about.values_list("pupil__name", "roles"))
    assert roles["陈小满"] == ["class_attached_teacher", "helper"]
    assert roles["罗天佑"] == ["class_attached_teacher"]


def test_a_deputy_counts_as_helper_while_the_helper_is_away(cast):
    cast.case(0)
    Leave.objects.create(staff=cast.homeroom, starts_on=DAY, ends_on=DAY, deputy=cast.attached)
    evidence = record.add(entry=talk(), pupils=cast.pupils[:1], by=cast.viewer(cast.attached))
    assert {"deputy", "helper"} <= set(evidence.about.get().roles)


@pytest.mark.parametrize(
    ("entry", "refusal"),
    [
        (talk(activities=()), record.NothingSaid),
        (talk(happened_on=date(2026, 10, 16)), record.WrongDay),
        (talk(happened_on=date(2024, 10, 16)), record.WrongDay),
    ],
)
def test_a_record_that_cannot_be_is_refused_and_nothing_is_written(cast, entry, refusal):
    with pytest.raises(refusal) as told:
        record.add(entry=entry, pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))
    assert told.value.sentence.endswith("。")
    assert not Evidence.objects.exists()


def test_nobody_chosen_is_said(cast):
    with pytest.raises(record.NobodyChosen):
        record.add(entry=talk(), pupils=[], by=cast.viewer(cast.homeroom))


def test_a_child_who_left_takes_no_new_record_but_an_earlier_one(cast):
    child = cast.pupils[0]
    Pupil.objects.filter(pk=child.pk).update(left_on=date(2026, 10, 12))
    child.refresh_from_db()
    by = cast.viewer(cast.homeroom)
    with pytest.raises(record.NotThere, match="10月12日已经离校"):
        record.add(entry=talk(), pupils=[child], by=by)
    assert record.add(entry=talk(happened_on=date(2026, 10, 9)), pupils=[child], by=by).pk


def test_a_child_who_had_not_come_yet_takes_no_record(cast):
    child = cast.pupils[0]
    Pupil.objects.filter(pk=child.pk).update(joined_on=date(2026, 10, 14))
    child.refresh_from_db()
    with pytest.raises(record.NotThere, match="才来校"):
        record.add(entry=talk(happened_on=date(2026, 10, 13)), pupils=[child], by=cast.viewer(cast.homeroom))


def test_amending_keeps_the_earlier_text_and_only_the_last_counts(cast):
    by = cast.viewer(cast.homeroom)
    first = record.add(entry=talk(note="聊了学习"), pupils=cast.pupils[:1], by=by)
    second = record.amend(evidence=first, entry=talk(note="聊了学习和家里"), by=by)
    assert [e.note for e in Evidence.objects.current()] == ["聊了学习和家里"]
    assert Evidence.objects.get(pk=first.pk).note == "聊了学习"
    assert second.written_at == first.written_at  # a corrected word does not make a record late
    with pytest.raises(record.AlreadyChanged):
        record.amend(evidence=first, entry=talk(note="又改"), by=by)
    with pytest.raises(record.SomebodyElses):
        record.amend(evidence=second, entry=talk(note="别人改"), by=cast.viewer(cast.attached))


def test_a_withdrawn_record_counts_for_nothing_and_stays_in_the_trail(cast):
    by = cast.viewer(cast.homeroom)
    evidence = record.add(entry=talk(), pupils=cast.pupils[:1], by=by)
    record.withdraw(evidence=evidence, by=by)
    assert not Evidence.objects.current().exists()
    assert Evidence.objects.count() == 2
    with pytest.raises(record.AlreadyChanged):
        record.withdraw(evidence=evidence, by=by)
