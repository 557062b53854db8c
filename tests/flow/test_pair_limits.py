"""Every door of the database is shut: caps, avoidances, pairs once in force; one row, many rows, bare SQL, two at once."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bangfu.flow import adopt
from bangfu.records import limits
from bangfu.records.models import Avoidance, Case, Pairing, PairingLimit
from tests import factories
from tests.cast import DAY

WEEK = timedelta(days=7)


@pytest.fixture
def school(cast):
    adopt.keep_limits(school=cast.school, day=DAY)
    return cast


def in_force(case, helper, *, since=DAY, until=None, place=1, **more):
    row = {
        "state": "ended" if until else "confirmed",
        "reason": "手工",
        "proposed_on": since,
        "confirmed_by": helper,
    }
    return Pairing(case=case, helper=helper, place=place, valid_from=since, valid_to=until, **row, **more)


def refused(code):
    return pytest.raises(IntegrityError, match=f"bangfu:{code}")


def cases(cast, count):
    return [factories.case(child) for child in cast.pupils[:count]]


def test_the_plan_in_force_says_how_many_and_the_table_keeps_it(school):
    row = PairingLimit.objects.get(school=school.school, plan_key="weekly_support", kind="helper")
    assert (row.per_case_max, row.per_helper_max) == (1, 2)


def test_a_third_child_for_a_teacher_is_refused_one_by_one_and_in_bulk(school):
    first, second, third = cases(school, 3)
    for case in (first, second):
        in_force(case, school.homeroom).save()
    with refused("helper_full"), transaction.atomic():
        in_force(third, school.homeroom).save()
    Pairing.objects.filter(case=second).update(state="ended", valid_to=DAY)
    with refused("helper_full"), transaction.atomic():
        Pairing.objects.bulk_create([in_force(third, school.homeroom), in_force(second, school.homeroom)])
    in_force(third, school.homeroom).save()
    assert Pairing.objects.in_force(DAY).count() == 2


def test_a_proposal_may_wait_but_no_update_puts_it_in_force_beyond_the_cap(school):
    first, second, third = cases(school, 3)
    for case in (first, second):
        in_force(case, school.homeroom).save()
    waits = Pairing.objects.create(case=third, helper=school.homeroom, reason="手工", proposed_on=DAY)
    with refused("helper_full"), transaction.atomic():
        Pairing.objects.filter(pk=waits.pk).update(
            state="confirmed", valid_from=DAY, confirmed_by=school.principal
        )
    assert Pairing.objects.get(pk=waits.pk).state == "proposed"


def test_bare_sql_meets_the_same_refusal(school):
    first, second, third = cases(school, 3)
    for case in (first, second):
        in_force(case, school.homeroom).save()
    columns = [field.column for field in Pairing._meta.concrete_fields]
    told = in_force(third, school.homeroom, plan_key="weekly_support")
    values = [
        field.get_db_prep_value(getattr(told, field.attname), connection)
        for field in Pairing._meta.concrete_fields
    ]
    marks = ", ".join(["%s"] * len(columns))
    sql = f"INSERT INTO records_pairing ({', '.join(columns)}) VALUES ({marks})"
    with refused("helper_full"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    values[columns.index("plan_key")] = "mentors"
    with refused("other_plan"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def test_a_child_has_no_more_adults_than_the_plan_says_though_seats_differ(school):
    case = cases(school, 1)[0]
    in_force(case, school.homeroom).save()
    with refused("case_full"), transaction.atomic():
        in_force(case, school.attached, place=2).save()


def test_two_in_one_seat_are_refused_with_a_calm_sentence(school):
    case = cases(school, 1)[0]
    in_force(case, school.homeroom).save()
    with pytest.raises(limits.Taken, match="已经有人帮了"), limits.calm():
        Pairing.objects.create(case=case, helper=school.attached, reason="手工", proposed_on=DAY)


def test_who_is_to_be_avoided_is_refused_for_as_long_as_it_holds(school):
    case = cases(school, 1)[0]
    row = Avoidance.objects.create(
        pupil=case.pupil, staff=school.homeroom, why="own_child", valid_from=DAY - WEEK, by=school.principal
    )
    with pytest.raises(limits.MustAvoid, match="回避"), limits.calm():
        in_force(case, school.homeroom).save()
    in_force(case, school.homeroom, since=DAY - 3 * WEEK, until=DAY - 2 * WEEK).save()
    row.valid_to = DAY
    row.save()
    in_force(case, school.homeroom).save()
    assert Pairing.objects.in_force(DAY).count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"valid_from": DAY - WEEK},
        {"kind": "other"},
        {"state": "proposed", "valid_from": None},
        {"plan_key": "mentors"},
    ],
    ids=["since", "kind", "back to a proposal", "plan"],
)
def test_a_pair_once_in_force_is_not_rewritten(school, change):
    in_force(cases(school, 1)[0], school.homeroom).save()
    with refused("settled"), transaction.atomic():
        Pairing.objects.update(**change)


def test_neither_who_nor_whom_is_exchanged_and_an_ended_pair_stays_too(school):
    first, second = cases(school, 2)
    in_force(first, school.homeroom, since=DAY - WEEK, until=DAY).save()
    for change in ({"helper": school.attached}, {"case": second}):
        with refused("settled"), transaction.atomic():
            Pairing.objects.update(**change)


def test_a_pair_in_force_is_never_deleted_not_even_with_its_case_and_a_proposal_may_be(school):
    case = cases(school, 1)[0]
    in_force(case, school.homeroom).save()
    for gone in (Pairing.objects.all(), Case.objects.filter(pk=case.pk)):
        with refused("settled"), transaction.atomic():
            gone.delete()
    other = factories.case(school.pupils[1])
    Pairing.objects.create(case=other, helper=school.homeroom, reason="手工", proposed_on=DAY).delete()
    assert Pairing.objects.count() == 1


def test_ending_and_answering_are_always_possible_though_the_cap_was_lowered(school):
    for case in cases(school, 2):
        in_force(case, school.homeroom).save()
    PairingLimit.objects.update(per_helper_max=1)
    one = Pairing.objects.first()
    one.accepted_on, one.time_slot = DAY, "周三大课间"
    one.save()
    Pairing.objects.filter(pk=one.pk).update(state="ended", valid_to=DAY)
    assert Pairing.objects.in_force(DAY).count() == 1


def test_an_ended_pair_is_not_opened_again_beyond_the_cap(school):
    first, second, third = cases(school, 3)
    in_force(first, school.homeroom, since=DAY - WEEK, until=DAY).save()
    for case in (second, third):
        in_force(case, school.homeroom).save()
    with refused("helper_full"), transaction.atomic():
        Pairing.objects.filter(case=first).update(state="confirmed", valid_to=None)


def test_a_version_with_other_numbers_changes_the_cap_from_its_first_day(school):
    text = (
        adopt.shelf()
        .texts["weekly_support", "seed"]
        .replace("per_helper = { min = 1, max = 2 }", "per_helper = { min = 1, max = 3 }")
    )
    adopt.adopt(school=school.school, text=text, valid_from=DAY + WEEK, by=school.viewer(school.principal))
    most = PairingLimit.objects.filter(kind="helper").values_list("per_helper_max", flat=True)
    assert list(most) == [2]
    adopt.keep_limits(school=school.school, day=DAY + WEEK)
    assert list(most.all()) == [3]


spells = st.lists(
    st.tuples(
        st.integers(0, 5),  # the child
        st.integers(0, 2),  # the teacher
        st.integers(-40, 10),  # since
        st.integers(0, 40) | st.none(),  # days, or no end
        st.integers(1, 2),  # the seat
    ),
    max_size=14,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=spells, in_bulk=st.booleans())
def test_whatever_is_written_no_day_ever_has_more_than_the_cap(school, told, in_bulk):
    with transaction.atomic():
        some = [factories.case(child) for child in school.pupils]
        people = (school.homeroom, school.attached, school.neighbour)
        rows = []
        for child, adult, since, days, seat in told:
            first = DAY + timedelta(days=since)
            until = None if days is None else first + timedelta(days=days)
            rows.append(in_force(some[child], people[adult], since=first, until=until, place=seat))
        kept = 0
        for part in [rows] if in_bulk else [[row] for row in rows]:
            try:
                with transaction.atomic():
                    Pairing.objects.bulk_create(part)
                kept += len(part)
            except IntegrityError:
                continue
        assert Pairing.objects.count() == kept
        for row in list(Pairing.objects.all()):
            there = Pairing.objects.in_force(row.valid_from)
            if row.valid_to is None or row.valid_to > row.valid_from:
                assert there.filter(helper=row.helper).count() <= 2
                assert there.filter(case=row.case).count() <= 1
        transaction.set_rollback(True)


def test_a_pair_knows_its_plan_however_it_was_written(school):
    first, second = cases(school, 2)
    Pairing.objects.bulk_create([in_force(first, school.homeroom)])
    in_force(second, school.attached, id=uuid.uuid4()).save()
    assert set(Pairing.objects.values_list("plan_key", flat=True)) == {"weekly_support"}
