"""The frame of bench judges: a goal is met by figures of this run, and a goal nobody measured is not met."""

import json

import pytest
from click.testing import CliRunner

from bangfu.bench import JOBS, Goal, Job, Outcome, interleaved, machine, percentile, summary, timed
from bangfu.command import cli

PAGE = Goal("S1", "今日页 p95", "ms", 100)
PEER = Goal("S2", "名单页", "ms", 0.5, against="普通 Django 页")


@pytest.mark.parametrize(
    ("goal", "measured", "reference", "met"),
    [
        (PAGE, 99.0, None, True),
        (PAGE, 100.0, None, True),
        (PAGE, 100.1, None, False),
        (PAGE, None, None, False),
        (PEER, 4.0, 8.0, True),
        (PEER, 4.1, 8.0, False),
        (PEER, 4.0, None, False),
    ],
)
def test_a_goal_is_met_at_its_limit_and_not_beyond(goal, measured, reference, met):
    assert Outcome(goal, measured, reference).met is met


def test_a_goal_that_was_not_measured_is_reported_as_not_met():
    outcomes = Job("half", "", (PAGE, PEER), lambda run: run.report("S1", 5.0)).run(
        quick=True, progress=print
    )
    assert [outcome.met for outcome in outcomes] == [True, False]


def test_reporting_a_goal_the_job_never_declared_is_a_bug():
    with pytest.raises(KeyError):
        Job("odd", "", (PAGE,), lambda run: run.report("S9", 5.0)).run(quick=True, progress=print)


@pytest.mark.parametrize(("share", "value"), [(0.5, 5), (0.95, 10), (1.0, 10), (0.01, 1)])
def test_a_percentile_is_one_of_the_samples(share, value):
    assert percentile(range(1, 11), share) == value


def test_a_summary_names_median_and_p95():
    assert summary([3.0, 1.0, 2.0]) == {"n": 3, "median": 2.0, "p95": 3.0, "min": 1.0, "max": 3.0}


def test_warm_runs_are_not_counted():
    calls = []
    samples = timed(lambda: calls.append(1), repeat=3, warm=2)
    assert (len(calls), len(samples.wall), len(samples.cpu)) == (5, 3, 3)


def test_two_actions_take_turns():
    order = []
    interleaved(lambda: order.append("a"), lambda: order.append("b"), repeat=2)
    assert order == ["a", "b", "a", "b", "a", "b"]


def test_the_machine_is_described_but_not_named():
    import socket

    assert machine()["cpus"] >= 1
    assert socket.gethostname() not in json.dumps(machine())


@pytest.fixture
def probe():
    def register(measured):
        JOBS.jobs["probe"] = Job(
            "probe", "试", (PAGE,), lambda run: run.report("S1", measured, samples=[measured])
        )

    yield register
    JOBS.jobs.pop("probe", None)


@pytest.mark.parametrize(("measured", "status", "verdict"), [(50.0, 0, "达到 1 个"), (500.0, 1, "达到 0 个")])
def test_the_command_ends_well_only_if_every_goal_is_met(probe, measured, status, verdict):
    probe(measured)
    said = CliRunner().invoke(cli, ["bench", "probe"])
    assert said.exit_code == status
    assert said.output.strip().splitlines()[-1].endswith(f"{verdict}。")


def test_json_carries_machine_facts_and_medians(probe):
    probe(50.0)
    values = json.loads(CliRunner().invoke(cli, ["bench", "probe", "--json", "--quick"]).output)
    assert values["met"] is True and values["quick"] is True
    assert values["machine"]["python"]
    assert values["goals"][0]["samples"]["median"] == 50.0
