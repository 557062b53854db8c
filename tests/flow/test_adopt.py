"""Taking a plan into use: by a leader, never reaching back, one version after the other."""

from datetime import date

import pytest

from bangfu.flow import adopt
from bangfu.records.models import AdoptedPlan
from tests import factories
from tests.cast import DAY

MONDAY = date(2026, 10, 19)


def text(edition="recommended"):
    return adopt.shelf().texts["weekly_support", edition]


def take(cast, staff, valid_from=MONDAY, edition="recommended"):
    return adopt.adopt(school=cast.school, text=text(edition), valid_from=valid_from, by=cast.viewer(staff))


def test_a_version_follows_the_one_before_without_gap_or_overlap(cast):
    take(cast, cast.deputy_head)
    assert [p.edition for p in adopt.plans_in_force(cast.school, DAY)] == ["seed"]
    assert [p.edition for p in adopt.plans_in_force(cast.school, MONDAY)] == ["recommended"]


@pytest.mark.parametrize("who", ["homeroom", "supervisor", "officer"])
def test_nobody_else_takes_a_plan_into_use_or_stops_one(cast, who):
    with pytest.raises(adopt.NotLeader):
        take(cast, getattr(cast, who))
    with pytest.raises(adopt.NotLeader):
        adopt.stop(adopted=AdoptedPlan.objects.get(), by=cast.viewer(getattr(cast, who)))


def test_the_same_text_again_is_refused(cast):
    with pytest.raises(adopt.AlreadyAdopted):
        take(cast, cast.principal, edition="seed")


def test_a_new_version_never_changes_days_already_judged(cast):
    with pytest.raises(adopt.TooEarly, match="10月15日"):
        take(cast, cast.principal, valid_from=date(2026, 9, 1))
    take(cast, cast.principal)
    with pytest.raises(adopt.TooEarly, match="10月19日"):
        take(cast, cast.principal, valid_from=DAY, edition="seed")


def test_after_a_stop_the_plan_begins_anew_but_not_before_the_stop(cast):
    by = cast.viewer(cast.principal)
    adopt.stop(adopted=AdoptedPlan.objects.get(), by=by)
    assert adopt.plans_in_force(cast.school, DAY) == ()
    with pytest.raises(adopt.TooEarly):
        take(cast, cast.principal, valid_from=date(2026, 9, 1), edition="seed")
    assert take(cast, cast.principal, valid_from=DAY, edition="seed").version == 2


def test_the_first_time_a_plan_may_cover_the_term_that_has_begun(cast):
    other = factories.school("平坝二小")
    head = factories.staff(other, "吴校长", "wu2", ("principal", None))
    row = adopt.adopt(
        school=other, text=text("seed"), valid_from=date(2026, 9, 1), by=factories.viewer(head, DAY)
    )
    assert row.version == 1


def test_a_faulty_text_names_every_fault_and_keeps_nothing(cast):
    wrong = text("seed").replace("due_day = 30", "due_day = 32").replace("max = 4", "max = 400")
    with pytest.raises(adopt.PackFaulty) as caught:
        adopt.adopt(school=cast.school, text=wrong, valid_from=MONDAY, by=cast.viewer(cast.principal))
    assert len(caught.value.faults) >= 2
    assert AdoptedPlan.objects.filter(school=cast.school).count() == 1
