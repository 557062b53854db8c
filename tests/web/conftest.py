"""Ways to sign a member of the cast in: with the test client, and in a browser by typing."""

import pytest

from tests.cast import PASSWORD


@pytest.fixture
def signed_in(client):
    """Gives the client of a signed-in member of the cast: signed_in(cast.homeroom)."""

    def enter(staff):
        client.force_login(staff.user, backend="bangfu.records.access.ViewerBackend")
        return client

    return enter


@pytest.fixture
def enter(live_server):
    """Signs a member of the cast in, in a browser, by typing."""

    def typed(page, staff, then="/me"):
        page.goto(f"{live_server.url}/sign-in?next={then}")
        page.fill("#f-username", staff.user.username)
        page.fill("#f-password", PASSWORD)
        page.click("main form.card button")
        page.wait_for_url(f"{live_server.url}{then}")
        return page

    return typed
