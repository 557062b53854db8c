"""No door breaks a limit: the page's verbs, a table, programs and bulk writes in any order; and two at once."""

from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from bangfu.engine.refusal import Refusal
from bangfu.flow import adopt, pair, pair_load
from bangfu.records import limits
from bangfu.records.models import Pairing
from tests import cast as people
from tests import factories
from tests.cast import DAY
from tests.flow.test_at_once import at_once


def by_hand(cast, plan, case, helper):
    row = pair.place(case=case, helper=helper, plan=plan, by=cast.viewer(cast.principal))
    pair.confirm(pairings=[row], plan=plan, by=cast.viewer(cast.principal))


def by_solver(cast, plan, case, helper):
    found = pair.propose(plan=plan, by=cast.viewer(cast.principal)).pairings
    pair.confirm(pairings=found, plan=plan, by=cast.viewer(cast.principal))


def by_table(cast, plan, case, helper):
    book, out = Workbook(), BytesIO()
    book.active.append(["学生姓名", "班级", "教师姓名"])
    book.active.append([case.pupil.name, "三（2）班", helper.name])
    book.save(out)
    by = cast.viewer(cast.principal)
    pair_load.load(content=out.getvalue(), file_name="结对.xlsx", plan=plan, by=by)


def in_bulk(cast, plan, case, helper):
    row = Pairing(
        case=case, helper=helper, state="confirmed", reason="手工", proposed_on=DAY, confirmed_by=helper, valid_from=DAY,
    )  # fmt: skip
    with limits.calm():
        Pairing.objects.bulk_create([row])


def by_moving(cast, plan, case, helper):
    """A hand that exchanges who helps, or opens an ended pair again."""
    with limits.calm():
        Pairing.objects.filter(case=case).update(helper=helper, state="confirmed", valid_to=None)


def by_ending(cast, plan, case, helper):
    for row in Pairing.objects.in_force(DAY).filter(case=case, state="confirmed"):
        pair.end(pairing=row, because="换人", by=cast.viewer(cast.principal))


DOORS = (by_hand, by_solver, by_table, in_bulk, by_moving, by_ending)
acts = st.lists(
    st.tuples(st.sampled_from(DOORS), st.integers(0, 5), st.integers(0, 2)), min_size=1, max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=acts, avoided=st.integers(0, 5))
def test_no_door_breaks_a_limit_in_whatever_order(cast, acts, avoided):
    plan = adopt.plans_in_force(cast.school, DAY)[0]
    adopt.keep_limits(school=cast.school, day=DAY)
    with transaction.atomic():
        some = [factories.case(child) for child in cast.pupils]
        staff = (cast.homeroom, cast.attached, cast.neighbour)
        by = cast.viewer(cast.principal)
        pair.avoid(pupil=cast.pupils[avoided], staff=cast.homeroom, why="own_child", by=by)
        for door, child, adult in acts:
            try:
                with transaction.atomic():
                    door(cast, plan, some[child], staff[adult])
            except (Refusal, IntegrityError):
                continue
            held = Pairing.objects.in_force(DAY)
            assert all(held.filter(helper=one).count() <= 2 for one in staff)
            assert all(held.filter(case=one).count() <= 1 for one in some)
            assert not held.filter(case=some[avoided], helper=cast.homeroom).exists()
        transaction.set_rollback(True)


@pytest.fixture
def committed(transactional_db, settings):
    settings.DAY = DAY
    return people.build()


def test_two_bulk_writes_at_once_do_not_pass_the_cap_together(committed):
    cast = committed
    adopt.keep_limits(school=cast.school, day=DAY)
    some = [factories.case(child) for child in cast.pupils[:6]]
    done = at_once(*[lambda case=case: in_bulk(cast, None, case, cast.homeroom) for case in some])
    assert Pairing.objects.in_force(DAY).filter(helper=cast.homeroom).count() == 2
    assert sum(isinstance(one, limits.AtLimit) for one in done) == 4


def test_one_child_given_to_two_adults_at_once_has_one(committed):
    cast = committed
    adopt.keep_limits(school=cast.school, day=DAY)
    case = factories.case(cast.pupils[0])
    done = at_once(
        *[lambda one=one: in_bulk(cast, None, case, one) for one in (cast.homeroom, cast.attached)]
    )
    assert Pairing.objects.in_force(DAY).count() == 1
    assert sum(isinstance(one, Refusal) for one in done) == 1
