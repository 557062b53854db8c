"""What ended keeps its name: a stopped plan in the history of pairs."""

from datetime import timedelta

from bangfu.flow import adopt, pair_history
from bangfu.records.models import AdoptedPlan
from tests.cast import DAY


def test_the_history_of_pairs_still_names_a_plan_that_was_stopped(cast):
    cast.case(0)
    adopt.stop(adopted=AdoptedPlan.objects.get(school=cast.school), by=cast.viewer(cast.principal))
    later = cast.viewer(cast.principal, DAY + timedelta(days=1))
    assert not adopt.plans_in_force(cast.school, later.day)
    (past,) = pair_history.of_child(later, cast.pupils[0].pk)
    assert past.plan == "每周帮扶" and past.kind
