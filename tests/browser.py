"""Finds a Chromium and lends it to the journeys. `python -m tests.browser` prints its path (script/test asks that).

In: BANGFU_CHROMIUM, or whatever browser the machine has. Out: the fixtures `chromium`, `page` and `phone`.
"""

import os
import shutil
import sys
from pathlib import Path

import pytest

PATIENCE = 60_000  # milliseconds: a machine may be lent to others for minutes, and no test here is about speed
# The headless shell is the same engine without a window's furniture: it takes about half the CPU, so it goes first.
SHELL = "chromium-headless-shell"
NAMES = (SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
QUIET = (
    "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)


def _from_playwright() -> str | None:
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return None
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if path and Path(path).exists() else None


def find() -> str | None:
    """This function will return the path of a Chromium, or None."""
    named = os.environ.get("BANGFU_CHROMIUM")
    if named:
        return named
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    return installed or next((path for path in MAC if Path(path).exists()), None) or _from_playwright()


@pytest.fixture(scope="session")
def playwright():
    """What starts browsers, once for the whole run."""
    if not find():
        pytest.skip("!! no Chromium on this machine: the browser tests did not run")
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    # Playwright's sync API keeps an event loop in this thread; Django would refuse the ORM beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as found:
        yield found
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)


@pytest.fixture(scope="session")
def chromium(playwright):
    """One browser for the whole run; each test gets its own context."""
    browser = playwright.chromium.launch(executable_path=find(), args=list(QUIET))
    yield browser
    browser.close()


def _page(chromium, width: int, height: int):
    """Without the service worker, which would fetch its shell for every test; the journeys have it."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="zh-CN", timezone_id="Asia/Shanghai",
        service_workers="block",
    )  # fmt: skip
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def page(chromium):
    """A desk-sized page in a fresh context."""
    yield from _page(chromium, 1280, 800)


@pytest.fixture
def phone(chromium):
    """A page 360 pixels wide in a fresh context."""
    yield from _page(chromium, 360, 740)


if __name__ == "__main__":
    print(find() or "")
    sys.exit(0)
