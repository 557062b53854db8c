"""A phone of `bench chaos` that is a real browser: the real sheet, its drafts and its outbox, killed at any moment.

In: a person of the bench's school and a network that does what it likes. Its ways are those of bench/chaos_phone.py.
"""

import time
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import Error

from bangfu.bench.chaos_phone import Killed
from tests.browser import QUIET, find

PATIENCE = 60  # seconds
DIES, BATTERY = (
    0.3,
    0.3,
)  # how often a page dies after something was pressed; how many deaths take all of the browser
LONGEST = 150  # milliseconds from pressing to dying
POWER_CUT = "chrome://inducebrowsercrashforrealz"
READY = """async () => { for (let turn = 0; turn < 100; turn += 1) {
  if (window.bangfu && bangfu.outbox && bangfu.vault.key) return;
  await new Promise(done => setTimeout(done, 50)); } throw new Error("no outbox here"); }"""
ROWS = """async () => (await bangfu.outbox.mine()).map(row => (
  { id: row.id, tries: row.tries, state: row.state === "waiting" || row.reason ? row.state : "" }))"""
ADD = "([kind, body, id]) => bangfu.outbox.add(kind, body, { id }).then(row => row.id)"
UNDO = """async id => { let sent = false; const add = bangfu.outbox.add;
  bangfu.outbox.add = (...all) => { sent = true; return add(...all); };
  await bangfu.outbox.undo(id); bangfu.outbox.add = add; return !sent; }"""
RETRY = """async () => { for (const row of await bangfu.outbox.mine())
  if (row.state === "refused") await bangfu.outbox.retry(row.id); }"""
RESTORED = """async () => { const key = document.querySelector("form.sheet").dataset.draft;
  await bangfu.drafts.read(key); await new Promise(done => setTimeout(done, 30)); }"""
SETTLED = "() => bangfu.drafts.quiet(document.querySelector('form.sheet').dataset.draft)"


class BrowserPhone:
    """One device of one person, with a folder of its own on disk. `letters` counts what a draft came back without."""

    def __init__(self, playwright, folder: Path, person: dict, network, chance) -> None:
        self.playwright, self.folder = playwright, folder
        self.person, self.network, self.chance = person, network, chance
        self.url = f"http://127.0.0.1:{network.port}"
        self.written: set[str] = set()
        self.calm, self.deaths, self.letters = False, 0, 0
        self._open()
        self.device = self.page.evaluate("() => bangfu.vault.device()")

    def close(self) -> None:
        with suppress(Error):
            self.context.close()

    # ── living and dying ──────────────────────────────────────────────────────────────────────────────────────────
    def _open(self) -> None:
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder, executable_path=find(), args=list(QUIET), locale="zh-CN", timezone_id="Asia/Shanghai",
            viewport={"width": 360, "height": 740}, service_workers="block",
        )  # fmt: skip
        names = dict(part.split("=", 1) for part in self.network.cookies.split("; "))
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.url} for name, value in names.items()]
        )
        self.context.route("**/sync", self._carry)
        self.page = self.context.pages[0]
        self._go("/outbox")

    def _carry(self, route) -> None:
        status, answer = 0, None
        with suppress(OSError):
            status, answer = self.network.post(route.request.post_data_json)
        with suppress(Error):  # the page is no more
            route.fulfill(status=status, json=answer) if status else route.abort()

    def _go(self, path: str) -> None:
        """Opens a page, and tries again while the server is being started anew."""
        until = time.monotonic() + PATIENCE
        while True:
            try:
                self.page.goto(self.url + path)
                return self.page.evaluate(READY)
            except Error:
                if time.monotonic() > until:
                    raise
                time.sleep(0.2)

    def _here(self):
        """The page, with an outbox on it: whichever opened last, or the outbox's own."""
        try:
            self.page.evaluate(READY)
        except Error:
            self._go("/outbox")
        return self.page

    def _may_die(self) -> None:
        """Some moment after something was pressed the page goes, or the whole browser, as when the battery is empty."""
        if self.calm or self.chance.random() > DIES:
            return
        self.deaths += 1
        self.page.wait_for_timeout(self.chance.randrange(LONGEST))
        if self.chance.random() < BATTERY:
            self._power_cut()
        else:
            self.page.goto("about:blank")
            self._go("/outbox")
        raise Killed

    def _power_cut(self) -> None:
        with suppress(Error):
            self.page.goto(POWER_CUT, timeout=2_000)
        with suppress(Error):
            self.context.close()
        self._open()

    # ── what its owner does ───────────────────────────────────────────────────────────────────────────────────────
    def write(self, kind: str, body: dict, pk: str) -> str:
        """This function will write a record on the sheet, all else straight into the outbox, until it is saved."""
        if kind == "record" and self._sheet(body["pupils"]):
            return self._on_the_sheet(body)
        while True:
            with suppress(Killed):
                self._here().evaluate(f"all => {{ ({ADD})(all); }}", [kind, body, pk])
                self._may_die()
                self._here().evaluate(ADD, [kind, body, pk])  # the same number: it is there once
                return pk

    def _sheet(self, pupils: list[str]) -> bool:
        """Opens the sheet of these children; for somebody else's there is none."""
        self._go("/record/new?activity=talk&" + "&".join(f"pupil={pk}" for pk in pupils))
        if not self.page.locator("form.sheet").count():
            return False
        self.page.evaluate(RESTORED)
        return True

    def _on_the_sheet(self, body: dict) -> str:
        """Types, presses save, and after a death looks whether the draft is back: if it is not, it was saved."""
        note, pk = body["form"]["note"][0], ""
        while True:
            stands = self.page.input_value("#f-note")
            if pk and not stands:
                return pk
            self.letters += bool(pk) and stands != note
            with suppress(Killed):
                if stands != note:
                    self.page.fill("#f-note", note)
                self.page.evaluate(SETTLED)
                pk = self.page.input_value("form.sheet [name=id]")
                self._may_die()
                self.page.click("form.sheet .sticky button", no_wait_after=True)
                self._may_die()
                self._leaves_the_sheet()
                return pk
            self._sheet(body["pupils"])

    def _leaves_the_sheet(self) -> None:
        """Where the server is being started anew the next page is none, but the sheet has gone all the same."""
        until = time.monotonic() + PATIENCE
        while "/record/new" in self.page.url:
            assert time.monotonic() < until, self.page.inner_text("main")
            self.page.wait_for_timeout(100)

    def undo(self, pk: str) -> bool:
        """This function will take an item back; False where it went out before, and a withdrawal goes after it."""
        return self._here().evaluate(UNDO, pk)

    def flush(self) -> None:
        """This function will send what waits; the page may die before any answer."""
        self._here().evaluate("() => { bangfu.outbox.flush(); }")
        self._may_die()
        self._here().evaluate("() => bangfu.outbox.flush()")

    def retry(self) -> None:
        """This function will do what a person does with refused items: press "again"."""
        self._here().evaluate(RETRY)

    # ── what lies on it ───────────────────────────────────────────────────────────────────────────────────────────
    def _rows(self) -> list[dict]:
        return self._here().evaluate(ROWS)

    def holds(self, pk: str) -> bool:
        return any(row["id"] == pk for row in self._rows())

    def never_went(self, pk: str) -> bool:
        return any(row["id"] == pk and row["state"] == "waiting" and not row["tries"] for row in self._rows())

    def states(self) -> list[str]:
        return [row["state"] for row in self._rows()]
