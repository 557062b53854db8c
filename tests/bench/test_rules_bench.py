"""`bench rules` on a few children: every goal is measured, and an engine that answers differently fails the job."""

import sys

import pytest

from bangfu.analytics.rules import connect
from bangfu.bench import Job, rules, rules_children
from bangfu.bench.rules import GOALS

CHILDREN = 3_000


@pytest.fixture(autouse=True)
def few_row_by_row(monkeypatch):
    """The loop needs no two thousand children to be checked."""
    monkeypatch.setattr(rules, "LOOPED", 60)


def outcomes(children: int = CHILDREN):
    small = lambda run: rules.screen(run, children, previewed=300)  # noqa: E731
    found = Job("rules", "", GOALS, small).run(quick=True, progress=lambda *step: None)
    return {one.goal.id: one for one in found}


@pytest.fixture
def no_packs(monkeypatch):
    """Only the fixed rules, so that a slip is looked for where it was made."""
    monkeypatch.setattr(
        rules_children, "pack_rules", lambda: (rules_children.fixed_rules(), rules_children.FACTS)
    )


def test_every_goal_is_measured_with_its_peers_in_the_same_run():
    found = outcomes()
    assert set(found) == {goal.id for goal in GOALS}
    for goal_id in ("G-rules-packs", "G-rules-fixed"):
        one = found[goal_id]
        assert one.measured > 0 and one.reference > 0
        named = " ".join(name for name, _ in one.beside)
        assert "OpenFisca" in named and "逐个学生循环" in named
    assert all(found[goal_id].measured > 0 for goal_id in ("G-rules-preview", "G-rules-one", "G-rules-call"))


def test_sql_by_hand_that_answers_differently_fails_the_job(no_packs, monkeypatch):
    text, sql = rules_children.FIXED["below"]
    monkeypatch.setitem(rules_children.FIXED, "below", (text, sql.replace("< 600", "<= 600")))
    with pytest.raises(AssertionError, match="below"):
        outcomes()


def test_reasons_and_unknowns_that_differ_from_the_row_wise_engine_fail_the_job(no_packs, monkeypatch):
    from bangfu.analytics.rules import Prepared

    monkeypatch.setattr(Prepared, "unknown", lambda self, key, mask: ())
    with pytest.raises(AssertionError, match="row-wise engine differ"):
        outcomes()


def test_without_openfisca_its_figure_is_left_out_and_the_rest_is_measured(monkeypatch):
    monkeypatch.setitem(sys.modules, "openfisca_core", None)
    twelve = rules_children.fixed_rules()
    invented = rules_children.invent(twelve, rules_children.FACTS, 500)
    held = rules.field(connect(threads=2), "fixed", invented, twelve, rules_children.fixed_sql())
    found = dict(rules.others(held))
    assert found and all(figure > 0 for figure in found.values())
    assert not [name for name in found if "OpenFisca" in name]


def test_the_children_are_always_the_same_and_have_gaps():
    first, again = (
        rules_children.invent(rules_children.fixed_rules(), rules_children.FACTS, 2_000) for _ in range(2)
    )
    assert {name: one.values() for name, one in first.items()} == {
        name: one.values() for name, one in again.items()
    }
    gaps = [values.count(None) / 2_000 for values in (one.values() for one in first.values())]
    assert min(gaps) > 0.05 and max(gaps) < 0.11
    assert all(one.values()[7] == one.value(7) for one in first.values())
