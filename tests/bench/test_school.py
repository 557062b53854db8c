"""`bench school` on a very small school: every goal is measured beside its floor or peer, and the exit status tells."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bangfu.bench import Goal, Job, Run, school
from bangfu.bench.school import GOALS, Workload, surroundings
from bangfu.command import cli

SMALL = Workload(
    classes_per_grade=1,
    pupils_per_class=12,
    staff=24,
    visitors=15,
    rounds=1,
    boards=3,
    lists=3,
    views=10,
    roll=120,
)


@pytest.fixture(scope="module")
def outcomes(request):
    kept, school.QUICK = school.QUICK, SMALL
    request.addfinalizer(lambda: setattr(school, "QUICK", kept))
    return Job("school", "", GOALS, school.measure).run(quick=True, progress=lambda *step: None)


def test_every_goal_is_measured_and_said_with_all_its_parts(outcomes):
    for outcome in outcomes:
        values = outcome.as_values()
        assert values["measured"] is not None, values["id"]
        assert values["score"] is not None and values["limit"] > 0 and values["unit"]
        assert values["beside"], values["id"]


def test_times_stand_beside_a_floor_of_the_same_run_and_say_how_large_the_school_is(outcomes):
    timed = [one.as_values() for one in outcomes if one.goal.unit == "毫秒" and not one.goal.against]
    assert len(timed) == 4
    for values in timed:
        assert values["samples"]["n"] >= 3
        assert values["beside"]["下限，95%"] > 0
        assert any("名学生" in name for name in values["beside"])


def test_the_list_of_fifty_is_held_against_a_plain_page_that_asks_more_queries(outcomes):
    found = {one.goal.id: one for one in outcomes}
    assert found["G-school-list"].reference > 0
    queries = found["G-school-list-queries"]
    assert queries.met
    assert queries.measured < dict(queries.beside)["普通 Django 页"]


def test_the_page_is_weighed_with_what_it_loads(outcomes):
    weighed = dict(next(one for one in outcomes if one.goal.id == "G-school-weight").beside)
    assert {"HTML", "shell.css", "shell.js"} <= set(weighed)


def test_the_server_is_started_for_real_and_holds_memory(outcomes):
    memory = next(one for one in outcomes if one.goal.id == "G-school-memory")
    assert memory.measured >= dict(memory.beside)["刚启动"] / 2 > 0


def test_a_goal_that_is_missed_makes_the_command_fail(monkeypatch):
    from bangfu.bench import JOBS

    cli_jobs = CliRunner().invoke(cli, ["bench"])  # the room's modules are imported once
    assert "school" in cli_jobs.output

    def measure(run: Run) -> None:
        for goal in GOALS:
            run.report(goal.id, goal.limit * 2, reference=1.0)

    monkeypatch.setitem(JOBS.jobs, "school", replace(JOBS.jobs["school"], measure=measure))
    said = CliRunner().invoke(cli, ["bench", "school", "--quick", "--json"])
    assert said.exit_code == 1
    assert json.loads(said.output)["met"] is False


def test_the_users_own_settings_do_not_reach_the_measured_school(monkeypatch):
    monkeypatch.setenv("BANGFU_DATABASE_URL", "postgresql://somewhere/else")
    monkeypatch.setenv("BANGFU_DATA_DIR", "/somewhere/real")
    found = surroundings("/tmp/measured")
    assert found["BANGFU_DATA_DIR"] == "/tmp/measured"
    assert "BANGFU_DATABASE_URL" not in found


def test_a_process_that_breaks_is_a_bug_and_not_a_measurement(monkeypatch):
    monkeypatch.setattr(school, "QUICK", replace(SMALL, staff=1))  # nobody to lead it
    run = Run((Goal("G-school-today", "", "毫秒", 1),), quick=True, progress=lambda *step: None)
    with pytest.raises(school.Broken):
        school.measure(run)
    assert run.outcomes[0].measured is None
