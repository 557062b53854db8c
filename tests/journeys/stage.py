"""The stage of a journey: people with a phone of their own each, every page looked at narrow and wide, taps counted.

In: Chromium, the live server, the settings whose DAY is the story's day. Out: `Stage` and `Person`; nothing is faked.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import connection
from playwright.sync_api import Error, expect

from tests.axe import spill, violations
from tests.browser import PATIENCE

# What fades in is judged when it has arrived.
AT_REST = "() => Promise.all(document.getAnimations().map(moving => moving.finished.catch(() => null)))"
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1366, "height": 800}


@dataclass
class Person:
    """Somebody with a browser of their own, as on a phone."""

    page: object
    stage: "Stage"
    taps: int = 0

    def go(self, path: str) -> None:
        """Opens a page; once more where the page was just on its way elsewhere, as it is when the network comes back."""
        try:
            self.page.goto(f"{self.stage.url}{path}")
        except Error as elsewhere:
            if "interrupted by another navigation" not in str(elsewhere):
                raise
            self.page.goto(f"{self.stage.url}{path}")

    def tap(self, what) -> None:
        """One tap of a finger that stays on the page: the words of a chip, a fold."""
        what.click()
        self.taps += 1

    def opens(self, what) -> None:
        """One tap of a finger that leads to another page, or to the same one anew."""
        with self.page.expect_navigation():
            what.click()
        self.taps += 1

    def button(self, name: str, **more):
        return self.page.get_by_role("button", name=name, **more)

    def link(self, name: str, **more):
        return self.page.get_by_role("link", name=name, **more)

    def row(self, *words):
        """The row of a list that holds all these words."""
        found = self.page.locator("li.row")
        for word in words:
            found = found.filter(has_text=word)
        return found

    def reads(self, *words) -> None:
        """Every word stands on the open page."""
        for word in words:
            expect(self.page.locator("main")).to_contain_text(word, use_inner_text=True)

    @contextmanager
    def within(self, most: int):
        """What happens inside takes at most so many taps."""
        before = self.taps
        yield
        assert self.taps - before <= most, f"{self.taps - before} taps"

    def looks_right(self) -> None:
        """The open page is accessible and fits, narrow and wide: looked at once, not again on the second database."""
        if connection.vendor != "sqlite":
            return
        for size in (NARROW, WIDE):
            self.page.set_viewport_size(size)
            self.page.evaluate(AT_REST)
            where = f"{self.page.url} at {size['width']}"
            assert not (found := violations(self.page)), f"{where}: {found}"
            assert spill(self.page) == 0, where
        self.page.set_viewport_size(NARROW)

    def takes(self, what, folder):
        """A download, kept in a folder under the name it came with."""
        with self.page.expect_download() as coming:
            what.click()
        path = folder / coming.value.suggested_filename
        coming.value.save_as(path)
        return path


@dataclass
class Stage:
    """The school's server on a day, and what browsers complained about."""

    chromium: object
    url: str
    settings: object
    complaints: list = field(default_factory=list)
    contexts: list = field(default_factory=list)

    def on(self, day) -> None:
        """The story's day."""
        self.settings.DAY = day

    def person(self, **more) -> Person:
        """Somebody opens a browser of their own."""
        context = self.chromium.new_context(
            viewport=NARROW, locale="zh-CN", timezone_id="Asia/Shanghai", accept_downloads=True, **more
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: self._note(line.type, line.text))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        return Person(page, self)

    def signs_in(self, username: str, password: str, **more) -> Person:
        """Somebody signs in by typing and stands before today's page."""
        one = self.person(**more)
        one.go("/sign-in")
        one.page.fill("#f-username", username)
        one.page.fill("#f-password", password)
        one.page.click("main form.card button")
        one.page.wait_for_url(f"{self.url}/")
        return one

    def _note(self, kind: str, text: str) -> None:
        refused = "status of 422" in text  # a form that comes back with a sentence is no fault
        if kind in ("error", "warning") and not refused:
            self.complaints.append(text)

    def close(self) -> None:
        for context in self.contexts:
            context.close()
