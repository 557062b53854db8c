"""`bench chaos` with real browsers: pages and phones die, the network and the server too; nothing is lost or doubled.

BANGFU_CHAOS_RUNS=100 makes it long; seeded, so a run that failed can be had again.
"""

import os
import threading
from itertools import count

import pytest

from bangfu.bench import chaos
from bangfu.bench.chaos_server import Killable
from bangfu.bench.school import surroundings
from tests.journeys.browser_phone import BrowserPhone

pytestmark = pytest.mark.browser
RUNS = int(os.environ.get("BANGFU_CHAOS_RUNS", "1"))
UP = 4  # seconds until the server is killed in a run


@pytest.mark.timeout(900 + 120 * RUNS)
def test_whatever_dies_every_record_arrives_once_and_whole(playwright, tmp_path):
    environment, folders = surroundings(str(tmp_path / "school")), count()
    world = chaos.asked(environment, "make", str(RUNS))
    server = Killable(environment)
    meant, phones = [], []

    def phone_of(*who):
        return BrowserPhone(playwright, tmp_path / f"phone{next(folders)}", *who)

    try:
        for number in range(RUNS):
            death = threading.Timer(UP, server.kill)
            death.start()
            here: list[BrowserPhone] = []
            meant.append(chaos.play(number, server, world, here, phone_of))
            death.join()
            for phone in here:
                phone.close()
            phones += here
    finally:
        server.kill(again=False)
    found = chaos.judged(meant, chaos.asked(environment, "read"))
    said = {
        "runs": RUNS, "records": sum(len(one.versions) for one in meant), "deaths": sum(one.deaths for one in phones),
        "kills": server.kills, "letters": sum(one.letters for one in phones),
    }  # fmt: skip
    print(said, dict(found))
    assert said["records"] and said["deaths"] and said["kills"]
    assert not said["letters"] and not any(found.values())
