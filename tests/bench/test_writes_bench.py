"""`bangfu bench writes` on a very small school, with a real server: what was acknowledged is there, a loss would count."""

import json
import subprocess
import sys

import pytest

from bangfu.bench import Run, writes
from bangfu.bench.school import surroundings
from bangfu.bench.writes import GOALS, Workload
from bangfu.bench.writes_clients import in_turn, sheet
from bangfu.bench.writes_server import serving

SMALL = Workload(turns=2, block=2, writers=4, seconds=1, clients=6, views=8, classes=1, pupils=12, long=60)


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("writes")
    run = Run(GOALS, quick=True, progress=lambda *step: None)
    writes.on_sqlite(run, SMALL, folder)
    return folder, {one.goal.id: one for one in run.outcomes}


def test_every_goal_of_sqlite_gets_its_figure_and_nothing_is_lost_when_the_server_is_killed(measured):
    _, found = measured
    for name, one in found.items():
        if "postgres" not in name:
            assert one.measured is not None, name
    json.dumps([one.as_values() for one in found.values()])
    assert found["G-writes-sqlite"].measured == found["G-writes-crowd"].measured == 0
    lost = found["G-writes-sqlite-lost"]
    assert lost.met and dict(lost.beside)["答应了的"] >= SMALL.clients
    assert found["G-writes-long-size"].met
    assert not found["G-writes-postgres"].met  # nobody measured it here


def test_what_was_promised_and_is_not_there_fails_the_job(measured, tmp_path):
    folder, _ = measured
    promised = tmp_path / "promised.txt"
    promised.write_text("0f0f0f0f-0f0f-4f0f-8f0f-0f0f0f0f0f0f\n")
    found = writes.told(surroundings(str(folder)), "check", promised)
    assert (found["acknowledged"], found["lost"]) == (1, 1)


def test_an_answer_that_is_no_success_is_never_timed(measured):
    folder, _ = measured
    with (
        serving(surroundings(str(folder)), 1) as server,
        pytest.raises(AssertionError, match="302 instead of 200"),
    ):
        in_turn(server.port, "nobody", [("POST", "/record/new", sheet("x", "2026-11-18")[1])], 200)


def test_the_room_can_be_imported_without_a_database():
    words = [sys.executable, "-c", "import bangfu.bench.writes, bangfu.bench.writes_made"]
    assert subprocess.run(words, env=surroundings("/nonexistent"), check=False).returncode == 0
