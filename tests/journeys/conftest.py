"""The stage on which the journeys play."""

import pytest

from tests.journeys.stage import Stage


@pytest.fixture
def stage(chromium, live_server, settings):
    """Browsers before the live server; a complaint of any browser (a blocked script or style too) fails the journey."""
    found = Stage(chromium, live_server.url, settings)
    yield found
    found.close()
    assert not found.complaints
