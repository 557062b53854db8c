"""`bangfu daily` once and `bangfu scheduler` until it is stopped: the night is seen to once, whoever asks."""

import json
import os
import signal
import threading

import django.db
import pytest
from click.testing import CliRunner

from bangfu.command import cli
from bangfu.flow import clock, daily
from bangfu.records.models import KeptLedger, NightRun
from tests import cast as people


def run(*words):
    return CliRunner().invoke(cli, words, prog_name="bangfu")


@pytest.fixture
def own_signals():
    """What the scheduler listens to is put back for the tests that follow."""
    before = {name: signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)}
    yield
    for name, known in before.items():
        signal.signal(name, known)


def test_the_day_is_seen_to_once_however_often_it_runs(cast):
    cast.case(0)
    first, again = (json.loads(run("daily", "--json").output) for _ in range(2))
    assert first == {"nights": 2, "sent": 0, "broken": 0}  # both schools of the cast
    assert again == {"nights": 0, "sent": 0, "broken": 0}
    assert NightRun.objects.filter(ended_at__isnull=False).count() == 2
    assert not KeptLedger.objects.filter(is_stale=True).exists()
    assert "补算了 0 所学校，发出 0 条提醒" in run("daily").output


def test_one_school_that_breaks_in_any_way_stops_neither_the_others_nor_its_own_alarms(cast, monkeypatch):
    whole, ticked = daily.EVERY_DAY, []

    def odd(*, school, day):
        if school == cast.school:
            raise KeyError("a plan from nowhere")

    monkeypatch.setattr(daily, "EVERY_DAY", (*whole, odd))
    monkeypatch.setattr(daily, "EVERY_TICK", (lambda *, school, now: ticked.append(school) or 0,))
    ran = daily.run(now=clock.now())
    assert (ran.nights, ran.broken, len(ticked)) == (1, 1, 2) and cast.school in ticked


def test_the_clock_goes_on_after_a_run_that_broke(cast, monkeypatch, own_signals):
    runs = []

    def broken(*, now):
        runs.append(now)
        if len(runs) > 1:
            os.kill(os.getpid(), signal.SIGTERM)
        raise KeyError("once")

    monkeypatch.setattr(daily, "run", broken)
    monkeypatch.setattr(django.db, "close_old_connections", lambda: None)
    said = run("scheduler", "--every", "5")
    assert said.exit_code == 0 and len(runs) == 2 and "这一次没有做成" in said.output


def test_the_scheduler_does_the_same_and_stops_when_it_is_told(transactional_db, settings, own_signals):
    settings.DAY = people.DAY
    people.build()
    stopping = threading.Timer(3, os.kill, (os.getpid(), signal.SIGTERM))
    stopping.start()
    said = run("scheduler", "--every", "5")
    stopping.cancel()
    assert said.exit_code == 0, said.output
    assert "补算了 2 所学校" in said.output and said.output.rstrip().endswith("停好了。")
    assert NightRun.objects.filter(ended_at__isnull=False).count() == 2
