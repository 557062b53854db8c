"""A week that a phone kept, in one request: every record answered by itself, one transaction, states as the schedule says."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bangfu.engine.refusal import Refusal
from bangfu.flow import record, state
from bangfu.flow.acts import act_of, acts_about, acts_in
from bangfu.flow.company import Company
from bangfu.flow.record import Entry
from bangfu.records import kept
from bangfu.records.models import (
    Enrolment,
    Event,
    Evidence,
    EvidencePupil,
    KeptLedger,
    Leave,
    Pairing,
    Pupil,
    VisitCompany,
)
from tests.cast import DAY
from tests.flow.test_state import told_by_schedule, told_by_state

WEEK = [DAY - timedelta(days=back) for back in range(6)]


@pytest.fixture
def cases(cast):
    found = [cast.case(at) for at in range(3)]
    state.refresh(school=cast.school, day=DAY)
    return found


def talks(cast, days=WEEK, activities=("talk",), **more):
    return [(Entry(activities, on, **more), cast.pupils[at : at + 1]) for on in days for at in range(3)]


def test_a_week_is_stored_whole_with_its_trail_and_what_is_due_is_what_the_schedule_says(cast, cases):
    by, week = cast.viewer(cast.homeroom), talks(cast)
    answers = record.add_many(entries=week, by=by)
    assert [one.pk for one in answers] == [entry.id for entry, _ in week]
    assert Evidence.objects.count() == Event.objects.filter(verb="record.add").count() == len(week)
    assert set(EvidencePupil.objects.values_list("pupil_id", flat=True)) == {
        one.pk for one in cast.pupils[:3]
    }
    assert KeptLedger.objects.fresh_on(DAY, state.MADE_BY).count() == len(cases)
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY)
    assert not state.audit(school=cast.school, day=DAY).wrong


def test_one_by_one_or_all_at_once_leaves_the_same_rows(cast, cases):
    by, week = cast.viewer(cast.homeroom), talks(cast, answers={"about": ["学习"]}, note=" 挺好 ", minutes=5)

    def rows():
        of_record = Evidence.objects.order_by("pk").values(
            "pk", "happened_on", "answers", "note", "minutes", "roles"
        )
        about = EvidencePupil.objects.order_by("evidence", "pupil").values(
            "evidence", "pupil", "happened_on", "roles"
        )
        events = Event.objects.filter(verb="record.add").order_by("subject_id")
        return list(of_record), list(about), list(events.values("subject_id", "pupil_id", "by", "changes"))

    class Again(Exception):
        pass

    kept_rows = []
    for write in (
        lambda: [record.add(entry=entry, pupils=pupils, by=by) for entry, pupils in week],
        lambda: record.add_many(entries=week, by=by),
    ):
        with pytest.raises(Again), transaction.atomic():
            write()
            kept_rows.append((*rows(), told_by_state(cast, DAY)))
            raise Again
    assert kept_rows[0] == kept_rows[1]
    assert kept_rows[0][0]


def test_what_would_be_refused_says_so_and_hinders_no_other(cast, cases):
    by, child = cast.viewer(cast.homeroom), cast.pupils[:1]
    entries = [
        (Entry((), DAY), child),
        (Entry(("talk",), DAY), child),
        (Entry(("talk",), DAY + timedelta(days=1)), child),
        (Entry(("talk",), DAY), []),
    ]
    answers = record.add_many(entries=entries, by=by)
    assert [type(one) for one in answers] == [
        record.NothingSaid,
        Evidence,
        record.WrongDay,
        record.NobodyChosen,
    ]
    assert Evidence.objects.count() == 1


def test_sent_twice_also_within_one_request_it_is_stored_once(cast, cases):
    by, week = cast.viewer(cast.homeroom), talks(cast, days=[DAY])
    first = record.add_many(entries=[*week, week[0]], by=by)
    assert first[-1] == first[0]
    assert record.add_many(entries=week, by=by) == first[:-1]
    assert record.add(entry=week[0][0], pupils=week[0][1], by=by) == first[0]
    assert Evidence.objects.count() == len(week)
    other = record.add_many(entries=week[:1], by=cast.viewer(cast.attached))
    assert isinstance(other[0], record.SomebodyElses)


def test_a_record_sent_again_after_the_child_left_is_still_the_one_that_was_stored(cast):
    by, entry, child = cast.viewer(cast.homeroom), Entry(("talk",), DAY), cast.pupils[0]
    stored = record.add(entry=entry, pupils=[child], by=by)
    Pupil.objects.filter(pk=child.pk).update(left_on=DAY)
    child.refresh_from_db()
    assert record.add(entry=entry, pupils=[child], by=by) == stored
    assert record.add_many(entries=[(entry, [child])], by=by) == [stored]


def test_a_record_that_came_another_way_meanwhile_spoils_nothing(cast, cases, monkeypatch):
    by, week = cast.viewer(cast.homeroom), talks(cast, days=[DAY])
    record.add(entry=week[1][0], pupils=week[1][1], by=by)
    monkeypatch.setattr(
        type(Evidence.objects), "in_bulk", lambda self, ids: {}
    )  # as if it were not there yet
    answers = record.add_many(entries=week, by=by)
    assert [one.pk for one in answers] == [entry.id for entry, _ in week]
    assert Evidence.objects.count() == len(week)


def test_what_tells_of_an_event_opens_its_windows_for_that_child_alone(cast, cases):
    by = cast.viewer(cast.homeroom)
    told = Entry(("guardian_contact",), DAY, answers={"outcome": "uncooperative"})
    record.add_many(entries=[(told, cast.pupils[:1]), (Entry(("talk",), DAY), cast.pupils[1:2])], by=by)
    assert told_by_state(cast, DAY) == told_by_schedule(cast, DAY)
    assert KeptLedger.objects.fresh_on(DAY, state.MADE_BY).count() == len(cases)


def test_each_day_has_its_own_roles(cast):
    moved, left = DAY - timedelta(days=2), DAY - timedelta(days=4)
    case = cast.case(0)
    Pairing.objects.filter(case=case).update(state="ended", valid_to=left)
    Enrolment.objects.filter(pupil=case.pupil).update(valid_to=moved)
    Leave.objects.create(staff=cast.homeroom, starts_on=WEEK[5], ends_on=WEEK[5], deputy=cast.attached)
    for staff in (cast.homeroom, cast.attached):
        by = cast.viewer(staff)
        entries = [(Entry(("talk",), on), [case.pupil]) for on in WEEK]
        for one in record.add_many(entries=entries, by=by):
            said = frozenset(one.about.get().roles)
            assert said == record.roles_on([case.pupil], by=by.on(one.happened_on))[case.pupil_id]
            on = one.happened_on
            assert ("helper" in said) == (on < left and (staff == cast.homeroom or on == WEEK[5]))
            assert any("teacher" in role for role in said) == (on < moved)


def test_siblings_of_one_visit_and_who_went_along_are_kept_too(cast, cases):
    entry = Entry(("home_visit", "guardian_contact"), DAY, company=Company(other="村妇女主任"))
    stored = record.add_many(entries=[(entry, cast.pupils[:2])], by=cast.viewer(cast.homeroom))
    assert stored[0].about.count() == 2
    assert VisitCompany.objects.get().evidence_id == stored[0].pk


def test_two_hundred_records_ask_the_database_as_often_as_six(cast, cases):
    by, asked = cast.viewer(cast.homeroom), []
    for many in (2, 66):
        days = [DAY - timedelta(days=at % 5) for at in range(many)]
        with CaptureQueriesContext(connection) as queries:
            record.add_many(entries=talks(cast, days=days), by=by)
        asked.append(len(queries))
    assert asked[1] <= asked[0] + 3  # a day more, a state more: never one for each record


def test_the_acts_read_in_plain_sql_are_those_the_schedule_reads(cast, cases):
    by = cast.viewer(cast.homeroom)
    stored = record.add_many(entries=talks(cast, answers={"effect": "会了", "persons": 2}, minutes=8), by=by)
    unmet = Entry(("guardian_contact",), DAY, answers={"outcome": "unreached"})
    stored += record.add_many(entries=[(unmet, cast.pupils[:1])], by=by)
    record.withdraw(evidence=stored[0], by=by)
    record.amend(evidence=stored[1], entry=Entry(("tutoring",), stored[1].happened_on, minutes=9), by=by)
    ids, span = [one.pk for one in cast.pupils[:3]], (DAY - timedelta(days=4), DAY)

    def plain(found):
        return {
            pk: sorted([(replace(act, id=UUID(str(act.id))), events) for act, events in some], key=lambda one: one[0].id)
            for pk, some in found.items()
        }  # fmt: skip

    found = plain(acts_in(kept.done(ids, *span)))
    assert found and found == plain(acts_about(ids, since=span[0], until=span[1]))
    for one in (stored[4], stored[-1]):
        row = EvidencePupil.objects.get(evidence=one)
        assert (
            plain({row.pupil_id: [act_of(row.evidence, row.roles)]})[row.pupil_id][0] in found[row.pupil_id]
        )
    assert act_of(row.evidence, row.roles)[0].activities == frozenset()  # nobody was reached: no contact yet


def test_nothing_to_store_is_no_trouble(cast):
    assert record.add_many(entries=[], by=cast.viewer(cast.homeroom)) == []


def test_a_broken_batch_leaves_nothing_behind(cast, cases, monkeypatch):
    monkeypatch.setattr(state, "settle", lambda *_: 1 / 0)
    before = told_by_schedule(cast, DAY)
    with pytest.raises(ZeroDivisionError):
        record.add_many(entries=talks(cast), by=cast.viewer(cast.homeroom))
    assert not Evidence.objects.exists() and not Event.objects.filter(verb="record.add").exists()
    assert told_by_schedule(cast, DAY) == before


def test_a_refusal_is_a_value_with_a_sentence(cast):
    answer = record.add_many(entries=[(Entry(("talk",), date(2020, 1, 1), id=uuid4()), cast.pupils[:1])],
                             by=cast.viewer(cast.homeroom))[0]  # fmt: skip
    assert isinstance(answer, Refusal) and answer.sentence.endswith("。")


def test_whoever_plainly_stands_beside_a_child_may_care_for_it_and_nobody_else_is_let_in(cast):
    cast.case(0, helper=cast.neighbour)
    case = cast.case(1)
    ended = cast.case(2, helper=cast.neighbour)
    Pairing.objects.filter(case=ended).update(state="ended", valid_to=DAY)
    Leave.objects.create(staff=cast.homeroom, starts_on=DAY, ends_on=DAY, deputy=cast.neighbour, case=case)
    Enrolment.objects.filter(pupil=cast.pupils[4]).update(valid_to=DAY)
    told = {}
    every = [*cast.pupils, *cast.others, cast.stranger]
    for staff in (
        cast.homeroom,
        cast.attached,
        cast.neighbour,
        cast.supervisor,
        cast.officer,
        cast.principal,
        cast.outsider,
    ):
        by = cast.viewer(staff)
        may = Pupil.objects.visible_to(by).cared_for_by(by)
        for child in every:
            found = record.cared_for([child.pk], by=by)
            assert found is None or (found == [child] and may.filter(pk=child.pk).exists()), (
                staff.name,
                child.name,
            )
            told[staff.name, child.name] = found is not None
    assert {child for (name, child), yes in told.items() if yes and name == "孙丽"} == {
        "陈小满", "罗天佑", *(child.name for child in cast.others)
    }  # fmt: skip
    assert not any(yes for (name, _), yes in told.items() if name in ("何文", "王振华"))
    by = cast.viewer(cast.homeroom)
    both = record.cared_for([cast.pupils[1].pk, cast.pupils[0].pk], by=by)
    assert both == sorted(cast.pupils[:2], key=lambda child: child.sort_key)
    assert both[0].joined_on and both[0].sex == cast.pupils[0].sex and both[0].get_deferred_fields()
    assert record.cared_for([cast.pupils[0].pk, cast.others[0].pk], by=by) is None


def test_what_was_just_read_of_a_child_serves_its_reader_and_that_day_alone(cast):
    cast.case(0)
    mine, theirs = cast.viewer(cast.homeroom), cast.viewer(cast.attached)
    children = record.cared_for([cast.pupils[0].pk], by=mine)
    with CaptureQueriesContext(connection) as asked:
        first = record.add(entry=Entry(("talk",), DAY), pupils=children, by=mine)
    assert not [query for query in asked if "records_enrolment" in query["sql"]]
    other = record.add(entry=Entry(("talk",), DAY), pupils=children, by=theirs)
    before = record.add(entry=Entry(("talk",), DAY - timedelta(days=60)), pupils=children, by=mine)
    assert "helper" in first.about.get().roles and "homeroom_teacher" in first.about.get().roles
    assert other.about.get().roles == ["class_attached_teacher"]
    assert before.about.get().roles == ["homeroom_teacher"]  # the pair began later
