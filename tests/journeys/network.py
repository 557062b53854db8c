"""A network that goes and comes back, and waiting in a page until what it changes has happened there."""

from playwright.sync_api import Error, expect


def packed(who) -> None:
    """Wait until the shell lies there and today was taken along; where a file did not come, the next page asks again."""
    for _turn in range(3):
        try:
            until(who, "(await navigator.serviceWorker.getRegistration() || {}).active")
            break
        except Error:
            who.page.reload()
    until(who, "await bangfu.carry.read()")


def until(who, what: str) -> None:
    """Wait in the page until something becomes true there; fail after three minutes."""
    who.page.evaluate(
        f"""async () => {{ for (let turn = 0; turn < 1800; turn += 1) {{
        if ({what}) return; await new Promise(done => setTimeout(done, 100)); }}
        throw new Error("waited in vain"); }}"""
    )


def away(who, is_away: bool = True) -> None:
    """The network goes, or comes back."""
    who.page.context.set_offline(is_away)


def sent(who) -> None:
    """Wait until nothing waits on this device any more."""
    until(who, "(await bangfu.outbox.waiting()).length === 0")


def back(who) -> None:
    """The network is there again: all goes out, and the real page takes the place of the shell's."""
    away(who, is_away=False)
    sent(who)
    expect(who.page.locator("meta[data-shell]")).to_have_count(0)
