"""Asks axe-core about an open page: `assert not violations(page)`. Every rule counts, best practice included."""

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def _script() -> str:
    return files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")


def violations(page) -> list[str]:
    """This function will give one line per broken rule and element; empty when the page is accessible."""
    # A message that is still rising is half transparent; what counts is the page at rest.
    page.evaluate("() => Promise.allSettled(document.getAnimations().map(one => one.finished)).then(() => null)")
    page.evaluate(_script())
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{broken['id']} ({broken['impact']}): {node['target']} {node['failureSummary']}"
        for broken in found["violations"]
        for node in broken["nodes"]
    ]


def spill(page) -> int:
    """This function will give by how many pixels the page is wider than its window; 0 is right."""
    return page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
