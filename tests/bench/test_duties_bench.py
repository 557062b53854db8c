"""`bangfu bench duties` on a few children: every engine agrees, and a cell that differs would be counted."""

import json

import numpy as np
import pytest

from bangfu.bench import Run, duties, duties_columns, duties_made

MANY = 600


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cells")
    return folder, duties_columns.columns(MANY, folder)


def test_the_sample_the_replay_and_the_audit_find_no_difference(told):
    _, columns = told
    assert columns["acts"] == MANY * 53
    assert (columns["row_wise_wrong"], columns["kept_wrong"], columns["audit_wrong"]) == (0, 0, 0)
    assert columns["row_wise_cells"] == columns["cells"]


def test_duckdb_agrees_in_every_cell_both_ways_and_sees_one_that_is_wrong(told, monkeypatch):
    folder, columns = told
    monkeypatch.setattr(duties_columns, "MEMORY", "500MB")
    assert duties_columns.peer(MANY, folder)["differences"] == 0
    states = np.load(folder / "states.npy")
    states[7, 11] = 9
    np.save(folder / "states.npy", states)
    assert duties_columns.peer(MANY, folder)["differences"] == 2


def test_the_same_size_is_the_same_children():
    one, two = duties_made.make(50), duties_made.make(50)
    assert np.array_equal(one.acts.day, two.acts.day) and np.array_equal(one.acts.kind, two.acts.kind)


def test_every_goal_gets_its_figure_and_a_single_wrong_cell_fails_the_job(told):
    _, columns = told
    peers = {"windows": 10.0, "windows_wall": 9.0, "group": 8.0, "memory": 1.0, "differences": 0, "cells": 5}
    school = {
        "rebuild": 1.0, "more": 2.0, "wrong": 0, "cells": 9, "due": [1.0], "due_p95": 1.0, "due_median": 1.0,
        "due_wall": 1.0, "rows": 4, "page": 30.0, "queries": 1,
    }  # fmt: skip

    def outcomes(**more):
        run = Run(duties.GOALS, quick=True, progress=print)
        duties.report(run, columns, peers, school | more)
        json.dumps([one.as_values() for one in run.outcomes])
        return {one.goal.id: one.met for one in run.outcomes}

    assert len(outcomes()) == len(duties.GOALS) and outcomes()["G-duties-cells"]
    assert not outcomes(wrong=1)["G-duties-cells"]
    assert not outcomes(queries=2)["G-duties-queries"]
