"""Columns say what the row-wise engine says, in every cell; so does SQL; counts kept with each record are a recount."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from bangfu.analytics import duties, duties_sql
from bangfu.analytics.duties import CODES, NOTHING, Kept, Seen, recount
from bangfu.bench.duties_made import TODAY, as_rows, make
from bangfu.engine.duty import State, expected, standings
from bangfu.engine.window import windows

MANY = 300


@pytest.fixture(scope="module")
def made():
    return make(MANY)


@pytest.fixture(scope="module")
def ledger(made):
    return joined(made, made.seen)


def joined(made, seen, chunk=128):
    parts = [found for _, found in recount(made.tracks, made.children, made.acts, seen, chunk=chunk)]
    return [
        np.concatenate([getattr(p, name) for p in parts], axis=1) for name in ("counts", "lates", "states")
    ]


def row_wise(made, child, day, sealed_on):
    """(count, state) of each row, as the engine judges one child."""
    view, acts = as_rows(made, child)
    first, last = made.calendar.terms[0].starts_on, made.calendar.terms[-1].ends_on
    owed = expected(made.plan, view, made.calendar, first, last)
    rows = {
        (duty.key, window.period): track.start + at
        for duty, track in zip(made.plan.duties, made.tracks, strict=True)
        for at, window in enumerate(windows(duty, made.calendar))
    }
    found = {}
    for s in standings(owed, acts, day=day, sealed=lambda e: e.due_on <= sealed_on):
        found[rows[s.expectation.duty_key, s.expectation.period]] = (s.count, CODES[s.state])
    return found


@pytest.mark.parametrize("at", [TODAY, TODAY - timedelta(days=200), TODAY - timedelta(days=31)])
def test_every_cell_is_what_the_row_wise_engine_says(made, at):
    sealed_on = at - timedelta(days=17)
    seen = Seen(made.days.number(at), made.days.number(sealed_on))
    counts, _, states = joined(made, seen)
    assert set(CODES.values()) - set(np.unique(states)) == {CODES[State.not_applicable]}
    for child in range(MANY):
        theirs = row_wise(made, child, at, sealed_on)
        mine = {
            int(row): (int(counts[row, child]), int(states[row, child]))
            for row in np.flatnonzero(states[:, child] != NOTHING)
        }
        assert mine == theirs, child


def test_the_size_of_a_chunk_changes_nothing(made, ledger):
    for mine, theirs in zip(joined(made, made.seen, chunk=7), ledger, strict=True):
        assert np.array_equal(mine, theirs)


@pytest.mark.parametrize("how", [duties_sql.BY_WINDOW, duties_sql.BY_GROUP])
def test_sql_says_the_same_in_every_cell(made, ledger, how):
    peer = duties_sql.Peer(made.tracks, made.children, made.acts, "500MB")
    answer = peer.ask(how, made.seen, lambda which: [part[:, which] for part in ledger], step=170)
    assert answer.differences == 0


def test_the_referee_sees_a_single_wrong_cell(made, ledger):
    counts = ledger[0].copy()
    counts[0, 5] += 1
    peer = duties_sql.Peer(made.tracks, made.children, made.acts, "500MB")
    answer = peer.ask(
        duties_sql.BY_GROUP, made.seen, lambda w: [counts[:, w], ledger[1][:, w], ledger[2][:, w]], step=MANY
    )
    assert answer.differences == 1


def replayed(made, order):
    kept = Kept.empty(made.tracks, made.children)
    child = np.repeat(np.arange(MANY), np.diff(made.acts.starts))
    for at in order:
        kept.add(int(child[at]), int(made.acts.day[at]), int(made.acts.kind[at]), int(made.acts.delay[at]))
    return kept


def test_counts_kept_with_each_record_are_a_recount_in_any_order(made, ledger):
    order = np.random.default_rng(7).permutation(len(made.acts.day))
    kept = replayed(made, order)
    assert np.array_equal(kept.counts, ledger[0]) and np.array_equal(kept.lates, ledger[1])


def test_an_audit_counts_the_cells_that_were_spoilt(made, ledger):
    kept = Kept(made.tracks, made.children, ledger[0].copy(), ledger[1])
    kept.counts[3, 4] += 1
    kept.counts[9, 250] += 1
    parts = recount(made.tracks, made.children, made.acts, made.seen, chunk=64)
    assert sum(kept.differences(which, found) for which, found in parts) == 2


def test_a_night_says_of_each_duty_whether_it_is_open_or_behind(made, ledger):
    kept = Kept(made.tracks, made.children, *ledger[:2])
    night = kept.night(made.seen)
    for bit, track in enumerate(made.tracks):
        near = (track.dues >= made.seen.day - 35) & (track.opens <= made.seen.day)
        states = ledger[2][track.rows][near]
        assert np.array_equal(night.open >> bit & 1, (states == CODES[State.open]).any(axis=0))
        assert np.array_equal(
            night.behind >> bit & 1, (states == CODES[State.can_still_be_added]).any(axis=0)
        )
    assert night.open.any() and night.behind.any()


def test_a_child_with_hundreds_of_records_in_a_window_is_still_done(made):
    many = 600
    talk = made.tracks[0]
    acts = replace(
        made.acts,
        starts=np.array([0, many]),
        day=np.full(many, talk.opens[3], np.int16),
        kind=np.zeros(many, np.uint8),
        delay=np.zeros(many, np.uint8),
    )
    one = made.children.some(np.flatnonzero(made.children.first == 0)[:1])
    one = duties.Children(
        one.days, one.first, np.full(1, made.days.length - 1, np.int16), one.away_from, one.away_to
    )
    ((_, found),) = recount(made.tracks, one, acts, made.seen)
    assert found.counts[talk.start + 3, 0] == duties.MOST
    assert found.states[talk.start + 3, 0] == duties.DONE
