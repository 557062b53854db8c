"""Drawing children by a seed that can be repeated, and keeping the talk once, as a record and as a check."""

from datetime import date

import pytest

from bangfu.flow import adopt, record, review, schedule
from bangfu.flow.review import Finding
from bangfu.records.models import Case, Evidence, Pupil, SpotCheck
from tests.cast import DAY

END = date(2026, 10, 30)


@pytest.fixture
def plan(cast):
    return adopt.plans_in_force(cast.school, DAY)[0]


@pytest.fixture
def sheets(cast, plan):
    period = review.period_of_key(cast.school, "2026-10")
    for at in range(2):
        cast.case(at)
    for at in range(2, 4):
        cast.case(at, helper=cast.attached)
    return [
        review.hand_in(plan=plan, period=period, by=cast.viewer(staff, END))
        for staff in (cast.homeroom, cast.attached)
    ]


def drawn_names(checks):
    return {check.case.pupil.name for check in checks}


def test_the_same_seed_draws_the_same_children(cast, sheets):
    pool = sorted(range(20))
    assert review.lots(pool, 5, "20261030-0") == review.lots(pool, 5, "20261030-0")
    assert review.lots(pool, 5, "20261030-0") != review.lots(pool, 5, "20261030-1")
    by = cast.viewer(cast.supervisor, END)
    first = review.draw(sheets=sheets, count=2, by=by)
    cases = sorted(Case.objects.values_list("pk", flat=True))
    assert {check.case_id for check in first} == set(review.lots(cases, 2, first[0].seed))


def test_nobody_is_drawn_twice_in_a_month_and_an_empty_pool_says_so(cast, sheets):
    by = cast.viewer(cast.supervisor, END)
    first = review.draw(sheets=sheets, count=3, by=by)
    second = review.draw(sheets=sheets, count=3, by=by)
    assert len(second) == 1
    assert not drawn_names(first) & drawn_names(second)
    with pytest.raises(review.SayMore):
        review.draw(sheets=sheets, count=1, by=by)
    with pytest.raises(review.SayMore):
        review.draw(sheets=[], count=1, by=by)


def test_a_child_who_left_is_not_drawn(cast, sheets):
    Pupil.objects.filter(pk__in=[pupil.pk for pupil in cast.pupils[:3]]).update(left_on=END)
    checks = review.draw(sheets=sheets, count=4, by=cast.viewer(cast.supervisor, END))
    assert drawn_names(checks) == {"周子安"}


def test_one_talk_is_one_record_and_the_supervisors_month_end_talk(cast, plan, sheets):
    by = cast.viewer(cast.supervisor, END)
    (check,) = review.draw(sheets=sheets, count=1, by=by)
    finding = Finding("matches", "done", (("talked", "yes"),), "想换同桌")
    review.check(spot_check=check, finding=finding, by=by)
    evidence = Evidence.objects.get()
    assert evidence.activities == ["interview"]
    assert (evidence.note, evidence.answers) == ("", {})  # what the child said stays with the check
    assert check.evidence == evidence
    found = schedule.ledger(
        plan, Case.objects.filter(pk=check.case_id), schedule.Asked(cast.school, END, END, END)
    )
    states = {s.expectation.duty_key: s.state for s in found[check.case_id].standings}
    assert states["interview"] == "done"


def test_the_same_answer_sent_twice_is_kept_once_and_another_is_refused(cast, sheets):
    by = cast.viewer(cast.supervisor, END)
    (check,) = review.draw(sheets=sheets, count=1, by=by)
    finding = Finding("differs", "partly")
    review.check(spot_check=check, finding=finding, by=by)
    review.check(spot_check=SpotCheck.objects.get(), finding=finding, by=by)
    with pytest.raises(review.AlreadyChecked):
        review.check(spot_check=check, finding=Finding("matches"), by=by)
    assert Evidence.objects.count() == 1
    assert SpotCheck.objects.get().outcome == "differs"


@pytest.mark.parametrize(
    ("finding", "refusal"),
    [
        (Finding(""), review.SayMore),
        (Finding("matches", "perfect"), review.SayMore),
        (Finding("matches", note="长" * 301), review.SayMore),
        (Finding("matches", talked_on=date(2026, 11, 5)), record.WrongDay),
    ],
)
def test_half_an_answer_leaves_nothing_behind(cast, sheets, finding, refusal):
    by = cast.viewer(cast.supervisor, END)
    (check,) = review.draw(sheets=sheets, count=1, by=by)
    with pytest.raises(refusal):
        review.check(spot_check=check, finding=finding, by=by)
    assert not Evidence.objects.exists()
    assert SpotCheck.objects.get().checked_at is None
