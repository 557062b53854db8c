"""Duties of a class and of the school: who is asked, what a record about them meets, and what it never does."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from bangfu.engine.standing import State
from bangfu.flow import adopt, clock, hand_over, places, record, schedule, sheet, state
from bangfu.flow.almanac import calendar_for
from bangfu.flow.record import Entry
from bangfu.records.models import AdoptedPlan, Case, Event, Evidence, KeptLedger
from tests import factories
from tests.cast import DAY


def taken_up(cast, key: str, edition: str = "seed", valid_from=date(2026, 3, 1), change=lambda text: text):
    """Put another pack in force."""
    text = change(adopt.shelf().texts[key, edition])
    plan = adopt.read(text)
    from bangfu.engine import pack

    AdoptedPlan.objects.filter(school=cast.school, key=key, valid_to=None).update(valid_to=valid_from)
    version = AdoptedPlan.objects.filter(school=cast.school, key=key).count() + 1
    AdoptedPlan.objects.create(
        school=cast.school, key=key, edition=edition, content=text, digest=pack.digest(text), version=version,
        valid_from=valid_from, adopted_at=f"{valid_from}T08:00:00+08:00",
    )  # fmt: skip
    return plan


def rows(cast, staff, day=DAY):
    viewer = cast.viewer(staff, day)
    plans = adopt.plans_in_force(viewer.school, day)
    return places.rows(viewer, plans, calendar_for(viewer.school))


def waiting(cast, staff, day=DAY):
    return [(r.plan.key, r.standing.expectation.duty_key, r.label) for r in rows(cast, staff, day) if r.waits]


def of_class(cast, school_class=None, **more) -> Entry:
    given = {"activities": ("standing_measures",), "happened_on": DAY}
    return Entry(**{**given, "school_class": school_class or cast.class_two, **more})


def of_school(**more) -> Entry:
    return Entry(**{"activities": ("group_activity",), "happened_on": DAY, "whole_school": True, **more})


def test_a_class_duty_falls_to_the_teacher_of_that_class_and_to_nobody_else(cast):
    taken_up(cast, "teachers_pair")
    assert ("teachers_pair", "first_for_them", "三（2）班") in waiting(cast, cast.homeroom)
    assert ("teachers_pair", "first_for_them", "三（1）班") in waiting(cast, cast.neighbour)
    for other in (cast.attached, cast.officer, cast.principal):
        assert not [one for one in waiting(cast, other) if one[0] == "teachers_pair"]


def test_the_survey_stays_where_it_is(cast):
    assert not [r for r in rows(cast, cast.homeroom) if "survey" in r.standing.expectation.accepts]


def standing_of(cast, plan_key, duty_key, staff=None, day=DAY):
    found = [
        r.standing
        for r in rows(cast, staff or cast.homeroom, day)
        if (r.plan.key, r.standing.expectation.duty_key) == (plan_key, duty_key)
    ]
    return found[0]


def test_one_record_of_a_class_meets_every_plan_that_asks_it_of_that_class_and_of_no_other(cast):
    taken_up(cast, "teachers_pair"), taken_up(cast, "class_progress")
    evidence = record.add(entry=of_class(cast), by=cast.viewer(cast.homeroom))
    for key, duty in (("teachers_pair", "first_for_them"), ("class_progress", "peer_time")):
        one = standing_of(cast, key, duty)
        assert (one.state, one.acts) == (State.done, (evidence.pk,))
        assert standing_of(cast, key, duty, cast.neighbour).state == State.open
    assert not evidence.about.exists() and evidence.roles == ["homeroom_teacher"]
    assert Event.objects.filter(verb="record.add", subject_id=evidence.pk, pupil_id=None).count() == 1


def test_a_record_of_one_whom_the_plan_does_not_name_meets_nothing(cast):
    taken_up(cast, "teachers_pair")
    record.add(entry=of_class(cast), by=cast.viewer(cast.attached))
    assert standing_of(cast, "teachers_pair", "first_for_them").state == State.open


def test_a_record_about_children_or_the_school_is_none_of_the_class_and_the_other_way_round(cast):
    taken_up(cast, "growth_plan")
    by = cast.viewer(cast.homeroom)
    about = Entry(activities=("group_activity",), happened_on=DAY)
    record.add(entry=about, pupils=cast.pupils, by=by)
    record.add(entry=of_school(), by=by)
    assert standing_of(cast, "growth_plan", "group_activity").state == State.open
    record.add(entry=of_class(cast, activities=("group_activity",)), by=by)
    assert standing_of(cast, "growth_plan", "group_activity").state == State.done
    assert standing_of(cast, "weekly_support", "group_activity").count == 1


def test_what_any_of_several_roles_settles_for_the_school_is_settled_for_all(cast):
    found = [r for r in rows(cast, cast.homeroom) if r.standing.expectation.duty_key == "group_activity"]
    assert [(r.kind, r.label, r.waits, r.is_first) for r in found] == [
        ("school", cast.school.name, True, False)
    ], "the deputy head is named first"
    assert [r.is_first for r in rows(cast, cast.deputy_head) if r.activity == "group_activity"] == [True]
    record.add(entry=of_school(), by=cast.viewer(cast.homeroom))
    for staff in (cast.homeroom, cast.deputy_head, cast.supervisor):
        assert standing_of(cast, "weekly_support", "group_activity", staff).state == State.done


def test_what_is_owed_to_areas_villages_and_groups_waits_for_their_subjects(cast):
    taken_up(cast, "whole_school"), taken_up(cast, "township")
    every = [r for staff in (cast.principal, cast.homeroom, cast.officer) for r in rows(cast, staff)]
    assert {r.kind for r in every} == {"class", "school"}


def test_a_monthly_duty_of_the_school_counts_in_the_window_it_happened_in(cast):
    taken_up(cast, "whole_school")

    def september():
        return standing_of(cast, "whole_school", "enrolment_report", cast.officer)

    assert september().state == State.can_still_be_added
    reported = of_school(activities=("enrolment_report",), happened_on=DAY)
    record.add(entry=reported, by=cast.viewer(cast.officer))
    assert september().state == State.can_still_be_added, "its window closed on 30 September"
    reported = of_school(activities=("enrolment_report",), happened_on=date(2026, 9, 29))
    record.add(entry=reported, by=cast.viewer(cast.officer))
    assert september().state in (State.done, State.done_recorded_late)


def test_the_ledger_of_a_place_agrees_with_the_rows_and_asks_the_version_then_in_force(cast):
    plan = taken_up(cast, "growth_plan")
    viewer = cast.viewer(cast.homeroom)
    (place,) = places.classes_as(viewer, frozenset({"homeroom_teacher"}))
    before = places.ledger(plan, [place], schedule.Asked(cast.school, DAY, DAY, DAY))[place.id]
    shown = [r.standing for r in rows(cast, cast.homeroom) if r.plan.key == plan.key and r.kind == "class"]
    assert list(before) == [s for s in shown if s.expectation.due_on >= DAY]
    first = date(2026, 12, 1)
    later = taken_up(
        cast, "growth_plan", valid_from=first,
        change=lambda text: text.replace('key = "group_activity"', 'key = "all_together"', 1),
    )  # fmt: skip
    cast.school.__dict__.pop("_plan_versions", None)
    asked = schedule.Asked(cast.school, DAY, date(2027, 1, 20), DAY)
    after = {s.expectation.duty_key: s for s in places.ledger(later, [place], asked)[place.id]}
    assert after["group_activity"].expectation.opens_on < first, "the term's duty stays the earlier version's"
    assert after["all_together"].expectation.opens_on == first


def test_a_class_without_children_and_a_class_not_yet_there_owe_nothing(cast):
    taken_up(cast, "teachers_pair")
    empty = factories.school_class(cast.school, 3, 9)
    staff = factories.staff(cast.school, "新老师", "xin", ("homeroom_teacher", empty))
    assert not [r for r in rows(cast, staff) if r.kind == "class"]
    first_grade = places.Place("class", empty.pk, "", 2026, 1)
    plan = adopt.plans_in_force(cast.school, DAY)[-1]
    last_term = schedule.Asked(cast.school, date(2026, 4, 1), date(2026, 6, 30), DAY)
    assert places.ledger(plan, [first_grade], last_term) == {empty.pk: ()}


def test_the_questions_asked_do_not_grow_with_plans_and_classes(cast, django_assert_max_num_queries):
    for key in ("teachers_pair", "class_progress", "whole_school", "growth_plan"):
        taken_up(cast, key)
    viewer = cast.viewer(cast.principal)
    plans = adopt.plans_in_force(viewer.school, DAY)
    calendar = calendar_for(viewer.school)
    with django_assert_max_num_queries(3):
        assert places.rows(viewer, plans, calendar)


# ——— writing it down


def test_the_same_record_of_a_class_sent_twice_is_stored_once(cast):
    by, entry = cast.viewer(cast.homeroom), of_class(cast)
    assert record.add(entry=entry, by=by) == record.add(entry=entry, by=by)
    assert Evidence.objects.count() == 1
    with pytest.raises(record.SomebodyElses):
        record.add(entry=entry, by=cast.viewer(cast.attached))


def test_a_record_of_a_class_is_amended_and_taken_back_as_that_class_s(cast):
    taken_up(cast, "teachers_pair")
    by = cast.viewer(cast.homeroom)
    first = record.add(entry=of_class(cast), by=by)
    changed = Entry(("standing_measures",), date(2026, 10, 12), note="座位先照顾到")
    second = record.amend(evidence=first, entry=changed, by=by)
    assert (second.school_class_id, second.whole_school) == (cast.class_two.pk, False)
    assert standing_of(cast, "teachers_pair", "first_for_them").acts == (second.pk,)
    with pytest.raises(record.AlreadyChanged):
        record.amend(evidence=first, entry=changed, by=by)
    last = record.withdraw(evidence=second, by=by)
    assert (last.school_class_id, last.is_withdrawn) == (cast.class_two.pk, True)
    assert standing_of(cast, "teachers_pair", "first_for_them").state == State.open


def test_a_record_of_the_school_is_taken_back_as_the_school_s(cast):
    by = cast.viewer(cast.deputy_head)
    first = record.add(entry=of_school(), by=by)
    assert record.withdraw(evidence=first, by=by).whole_school
    assert standing_of(cast, "weekly_support", "group_activity", cast.deputy_head).state == State.open


@pytest.mark.parametrize(
    ("who", "entry", "refusal"),
    [
        ("neighbour", lambda cast: of_class(cast), record.NotYourPlace),
        ("officer", lambda cast: of_class(cast), record.NotYourPlace),
        ("outsider", lambda cast: of_class(cast), record.NotYourPlace),
        ("homeroom", lambda cast: of_class(cast, activities=("tutoring",)), record.NotOfPlace),
        ("homeroom", lambda cast: of_class(cast, activities=()), record.NothingSaid),
        ("homeroom", lambda cast: of_class(cast, happened_on=date(2026, 10, 16)), record.WrongDay),
        ("homeroom", lambda cast: of_class(cast, whole_school=True), record.OneOrTheOther),
        ("officer", lambda cast: of_school(), record.NotYourPlace),
        ("homeroom", lambda cast: of_school(activities=("meeting",)), record.NotYourPlace),
        ("principal", lambda cast: of_school(activities=("talk",)), record.NotYourPlace),
    ],
)  # fmt: skip
def test_what_is_not_theirs_to_write_is_refused_in_a_sentence(cast, who, entry, refusal):
    with pytest.raises(refusal) as told:
        record.add(entry=entry(cast), by=cast.viewer(getattr(cast, who)))
    assert told.value.sentence.endswith("。")
    assert not Evidence.objects.exists()


def test_children_and_a_class_never_stand_in_one_record(cast):
    with pytest.raises(record.OneOrTheOther):
        record.add(entry=of_class(cast), pupils=cast.pupils[:1], by=cast.viewer(cast.homeroom))


def test_the_head_of_the_grade_and_leaders_may_write_for_a_class(cast):
    for staff in (cast.supervisor, cast.principal, cast.attached):
        entry = of_class(cast, activities=("group_activity",))
        assert record.add(entry=entry, by=cast.viewer(staff)).school_class_id == cast.class_two.pk


def test_a_class_is_not_written_about_before_it_was_there(cast):
    young = factories.school_class(cast.school, 1, 1)
    with pytest.raises(record.NotThere):
        entry = of_class(cast, young, activities=("group_activity",), happened_on=date(2026, 5, 6))
        record.add(entry=entry, by=cast.viewer(cast.principal))


def test_a_record_of_a_class_is_for_its_teachers_its_grade_and_leaders(cast):
    evidence = record.add(entry=of_class(cast, activities=("group_activity",)), by=cast.viewer(cast.homeroom))
    sees = {
        who
        for who in ("homeroom", "attached", "supervisor", "principal", "neighbour", "officer", "outsider")
        if Evidence.objects.visible_to(cast.viewer(getattr(cast, who))).filter(pk=evidence.pk).exists()
    }
    assert sees == {"homeroom", "attached", "supervisor", "principal"}
    of_all = record.add(entry=of_school(), by=cast.viewer(cast.homeroom))
    sees = {
        who
        for who in ("homeroom", "attached", "supervisor", "principal", "outsider")
        if Evidence.objects.visible_to(cast.viewer(getattr(cast, who))).filter(pk=of_all.pk).exists()
    }
    assert sees == {"homeroom", "principal"}


# ——— what else reads records


def test_a_record_is_never_of_a_class_and_of_the_school(cast):
    at = clock.now()
    given = {"school": cast.school, "author": cast.homeroom, "happened_on": DAY, "written_at": at}
    with pytest.raises(IntegrityError), transaction.atomic():
        Evidence.objects.create(**given, school_class=cast.class_two, whole_school=True)


def test_what_concerns_a_class_leaves_the_children_s_ledgers_and_papers_as_they_were(cast):
    case = cast.case(0)
    by = cast.viewer(cast.homeroom)
    record.add(entry=Entry(("talk",), DAY), pupils=cast.pupils[:1], by=by)
    state.refresh(school=cast.school, day=DAY)
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    period = sheet.period_of_key(cast.school, "2026-10")

    def seen():
        asked = schedule.Asked(cast.school, date(2026, 9, 1), DAY, DAY)
        told = schedule.ledger(plan, Case.objects.filter(pk=case.pk), asked)[case.pk].standings
        month = sheet.compile_sheet(
            plan=plan, helper=cast.homeroom, school=cast.school, period=period, day=DAY
        )
        return told, sheet.digest_of(month), KeptLedger.objects.get(pk=case.pk).is_stale

    before = seen()
    first = record.add(entry=of_class(cast, activities=("group_activity",), note="读书会"), by=by)
    record.add(entry=of_school(), by=by)
    record.amend(evidence=first, entry=Entry(("group_activity",), DAY, note="改过"), by=by)
    assert seen() == before and before[2] is False


def test_what_was_written_today_names_the_class_and_the_school(cast):
    by = cast.viewer(cast.homeroom)
    record.add(entry=of_class(cast), by=by)
    record.add(entry=of_school(), by=by)
    record.add(entry=Entry(("talk",), DAY), pupils=cast.pupils[:2], by=by)
    viewer = cast.viewer(cast.homeroom, clock.today())
    count, last = hand_over.written_today(viewer)
    names = {activities[0]: names for _pk, activities, names in last}
    assert count == 3
    assert names["standing_measures"] == (cast.class_two.label_on(viewer.day),)
    assert names["group_activity"] == (cast.school.name,)
    assert len(names["talk"]) == 2
