"""`bangfu daily` once and `bangfu scheduler` until it is stopped: the night is seen to once, whoever asks."""

import json
import os
import signal
import threading

import pytest
from click.testing import CliRunner

from bangfu.command import cli
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
