"""The table of states: what may follow what, what needs a talk, what needs a proof. Nothing follows from absence alone."""

from datetime import date
from itertools import product

import pytest

from bangfu.engine import schooling
from bangfu.engine.schooling import FOLLOWS, SAID, SEEN, CannotFollow, Move, NoProof, NotYetTalked, check

DAY = date(2026, 10, 15)
ALL = (*SEEN, *SAID)
ALLOWED = {(state, after) for state, some in FOLLOWS.items() for after in some if after in SAID}


def move(state, on=DAY, **more):
    return Move(state, on, **({"talks": 1} | more))


def proven(state):
    return {"proof_kind": schooling.PROOFS[state][0], "proof": "文号 12"} if state in schooling.PROOFS else {}


@pytest.mark.parametrize(("state", "after"), list(product(ALL, ALL)))
def test_only_what_the_table_says_may_follow(state, after):
    if (state, after) in ALLOWED:
        check(state, DAY, move(after, **proven(state)))
    else:
        with pytest.raises(CannotFollow):
            check(state, DAY, move(after, **proven(state)))


def test_every_state_is_in_the_table_and_only_closed_ends():
    assert set(FOLLOWS) == set(ALL)
    assert [state for state in ALL if not FOLLOWS[state]] == ["closed"]


def test_a_roll_call_knows_three_states_and_says_no_more():
    assert {schooling.seen_as(away, why) for away, why in product((True, False), (True, False, None))} == set(
        SEEN
    )
    assert schooling.seen_as(True, None) == "absent_unexplained"


def test_from_absence_there_is_no_way_to_dropout_but_through_a_person_who_suspects():
    for state in SEEN:
        assert "dropout" not in FOLLOWS[state]


def test_who_agreed_to_come_back_has_been_talked_to():
    with pytest.raises(NotYetTalked):
        check("dropout", DAY, move("persuaded", talks=0))


@pytest.mark.parametrize("state", schooling.ACCOUNTED)
def test_closing_wants_a_fitting_kind_of_proof_and_its_number(state):
    for wrong in (
        {},
        {"proof_kind": "x", "proof": "文号 12"},
        {"proof_kind": schooling.PROOFS[state][0], "proof": " "},
    ):
        with pytest.raises(NoProof):
            check(state, DAY, move("closed", **wrong))
    check(state, DAY, move("closed", **proven(state)))


@pytest.mark.parametrize("state", schooling.GONE)
def test_who_is_still_out_of_school_cannot_be_closed(state):
    with pytest.raises(CannotFollow):
        check(state, DAY, move("closed", proof_kind="other", proof="文号 12"))


def test_steps_do_not_run_backwards():
    with pytest.raises(CannotFollow):
        check("dropout", DAY, move("returned", on=date(2026, 10, 14)))
