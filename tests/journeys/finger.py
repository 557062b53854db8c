"""A finger on a phone that is counted: taps, decisions and spoken characters, and how far down the page it had to go.

In: a page 360 × 780. Out: what ux.md 1.2 asserts (taps) and its estimate in seconds (KLM), never a measured time.
"""

from dataclasses import dataclass, field

TAP, DECIDE, SPOKEN = 1.1, 1.35, 4.0  # seconds a tap and a decision take; characters a second, dictated
PHONE = {"width": 360, "height": 780}
LOWEST = 1.5 * PHONE["height"]  # nothing needed lies further down

WHERE = "one => one.getBoundingClientRect().top + (getComputedStyle(one).position === 'sticky' ? 0 : window.scrollY)"


@dataclass
class Finger:
    """Counts what one hand does. A tap that only confirms is no decision."""

    page: object
    taps: int = 0
    decisions: int = 0
    spoken: int = 0
    deepest: float = 0
    told: list = field(default_factory=list)

    def tap(self, what, *, decides: bool = True) -> None:
        """One tap that stays on the page."""
        self._count(what, decides)
        what.click()

    def opens(self, what, *, decides: bool = True) -> None:
        """One tap that leads to another page, or to the same one anew."""
        self._count(what, decides)
        with self.page.expect_navigation():
            what.click()

    def says(self, what, words: str) -> None:
        """Dictates a sentence where the cursor already stands, or taps there first; what to say is a decision."""
        if not what.evaluate("one => one === document.activeElement"):
            self.tap(what, decides=False)
        self.decisions += 1
        self.spoken += len(words)
        self.page.keyboard.insert_text(words)

    def _count(self, what, decides: bool) -> None:
        what.wait_for(state="visible")
        self.taps += 1
        self.decisions += decides
        self.deepest = max(self.deepest, what.evaluate(WHERE))

    @property
    def seconds(self) -> float:
        """This property will estimate how long it took, by the arithmetic of ux.md 1.2, without the machine's time."""
        return TAP * self.taps + DECIDE * self.decisions + self.spoken / SPOKEN

    def spent(self, taps: int) -> None:
        """No more taps than this, and nothing needed lay further down than one screen and a half."""
        assert self.taps <= taps, f"{self.taps} taps"
        assert self.deepest <= LOWEST, f"{self.deepest:.0f} px down"
